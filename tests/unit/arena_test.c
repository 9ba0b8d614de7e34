#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdint.h>
#include <string.h>

static void memory_is_zeroed_and_aligned(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    assert_non_null(arena);
    for (size_t size = 0; size < 300; size++) {
        unsigned char *bytes = arena_allocate(arena, size);
        assert_non_null(bytes);
        assert_int_equal((uintptr_t)bytes % _Alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++) {
            assert_int_equal(bytes[i], 0);
        }
        memset(bytes, 0xAA, size);
    }
    arena_free(arena);
    arena_free(NULL);
}

static void large_requests_leave_small_ones_whole(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    char *small = arena_text(arena, "small");
    char *large = arena_allocate(arena, 1u << 20);
    assert_non_null(large);
    memset(large, 'x', 1u << 20);
    char *after = arena_text(arena, "after");
    assert_string_equal(small, "small");
    assert_string_equal(after, "after");
    arena_free(arena);
}

static void one_takes_over_another(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct arena *other = arena_new();
    arena_join(arena, NULL);
    const char *first = arena_text(other, "first");
    arena_join(arena, other); /* into one that holds nothing yet */
    const char *second = arena_text(arena, "second");
    other = arena_new();
    arena_join(arena, other); /* of one that holds nothing */
    other = arena_new();
    char *large = arena_allocate(other, 1u << 20);
    const char *third = arena_text(other, "third");
    arena_join(arena, other);
    const char *fourth = arena_text(arena, "fourth");
    assert_non_null(large);
    memset(large, 'x', 1u << 20);
    assert_string_equal(first, "first");
    assert_string_equal(second, "second");
    assert_string_equal(third, "third");
    assert_string_equal(fourth, "fourth");
    arena_free(arena);
}

static void overflow_is_refused(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    assert_null(arena_array(arena, SIZE_MAX / 2, 3));
    assert_null(arena_allocate(arena, SIZE_MAX));
    assert_null(arena_allocate(arena, SIZE_MAX - 64));
    assert_null(arena_copy(arena, "x", SIZE_MAX));
    arena_free(arena);
}

static void copies_and_formats(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    assert_string_equal(arena_copy(arena, "control", 4), "cont");
    assert_string_equal(arena_copy(arena, NULL, 0), "");
    assert_string_equal(arena_format(arena, "%s-%02d", "AC", 7), "AC-07");
    arena_free(arena);
}

static void pushes_keep_what_was_there(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    uint32_t *numbers = NULL;
    size_t count = 0;
    for (uint32_t i = 0; i < 1000; i++) {
        uint32_t *added = arena_push(arena, &numbers, &count, sizeof *added);
        assert_non_null(added);
        assert_int_equal(count, i + 1);
        assert_ptr_equal(added, &numbers[i]);
        assert_int_equal(*added, 0);
        *added = i * i;
    }
    for (uint32_t i = 0; i < 1000; i++) {
        assert_int_equal(numbers[i], i * i);
    }
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zeroed_and_aligned), cmocka_unit_test(large_requests_leave_small_ones_whole),
        cmocka_unit_test(one_takes_over_another),       cmocka_unit_test(overflow_is_refused),
        cmocka_unit_test(copies_and_formats),           cmocka_unit_test(pushes_keep_what_was_there),
    };
    return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
