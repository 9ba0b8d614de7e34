#include "base/buffer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

static void appends_and_terminates(void **state) {
    (void)state;
    struct buffer buffer = {0};
    assert_string_equal(buffer_text(&buffer), "");
    buffer_append(&buffer, "ab\0c", 4);
    buffer_append_byte(&buffer, 'd');
    buffer_append_text(&buffer, "ef");
    buffer_format(&buffer, "-%d-%s", 42, "x");
    assert_int_equal(buffer.length, 4 + 1 + 2 + 5);
    assert_memory_equal(buffer_text(&buffer), "ab\0cdef-42-x", 13);
    buffer_free(&buffer);
    assert_null(buffer.data);
}

static void grows_past_every_size(void **state) {
    (void)state;
    struct buffer buffer = {0};
    for (size_t i = 0; i < 5000; i++) {
        buffer_append_byte(&buffer, (char)('a' + i % 26));
        assert_int_equal(buffer.data[buffer.length], '\0');
    }
    for (size_t i = 0; i < 5000; i++) {
        assert_int_equal(buffer.data[i], 'a' + (int)(i % 26));
    }
    buffer_free(&buffer);
}

static void formats_exactly_at_the_capacity(void **state) {
    (void)state;
    for (int width = 1; width < 200; width++) {
        struct buffer buffer = {0};
        buffer_format(&buffer, "%*d", width, 7);
        assert_int_equal(buffer.length, width);
        assert_int_equal(buffer.data[width - 1], '7');
        assert_int_equal(buffer.data[width], '\0');
        buffer_free(&buffer);
    }
}

static void failure_is_sticky(void **state) {
    (void)state;
    struct buffer buffer = {0};
    buffer_append_text(&buffer, "kept");
    assert_false(buffer_reserve(&buffer, SIZE_MAX));
    assert_true(buffer.failed);
    buffer_append_text(&buffer, "lost");
    assert_int_equal(buffer.length, 4);
    assert_null(buffer_text(&buffer));
    buffer_clear(&buffer);
    assert_false(buffer.failed);
    assert_string_equal(buffer_text(&buffer), "");
    assert_false(buffer_reserve(&buffer, SIZE_MAX));
    assert_null(buffer_take(&buffer));
    assert_null(buffer.data);
}

static void takes_and_drops(void **state) {
    (void)state;
    struct buffer buffer = {0};
    buffer_drop(&buffer, 3);
    buffer_append_text(&buffer, "abcdef");
    buffer_drop(&buffer, 0);
    buffer_drop(&buffer, 2);
    assert_string_equal(buffer_text(&buffer), "cdef");
    buffer_drop(&buffer, 100);
    assert_string_equal(buffer_text(&buffer), "");
    buffer_append_text(&buffer, "xyz");
    char *taken = buffer_take(&buffer);
    assert_string_equal(taken, "xyz");
    assert_null(buffer.data);
    free(taken);
    taken = buffer_take(&buffer);
    assert_string_equal(taken, "");
    free(taken);
    buffer_free(NULL);
}

static void integers_are_decimal(void **state) {
    (void)state;
    struct buffer buffer = {0};
    const int64_t values[] = {0, 7, -1, 1767225600, INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        buffer_append_integer(&buffer, values[i]);
        buffer_append_byte(&buffer, ' ');
    }
    assert_string_equal(buffer_text(&buffer), "0 7 -1 1767225600 9223372036854775807 -9223372036854775808 ");
    buffer_free(&buffer);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_are_decimal),  cmocka_unit_test(appends_and_terminates),
        cmocka_unit_test(grows_past_every_size), cmocka_unit_test(formats_exactly_at_the_capacity),
        cmocka_unit_test(failure_is_sticky),     cmocka_unit_test(takes_and_drops),
    };
    return cmocka_run_group_tests_name("buffer", tests, NULL, NULL);
}
