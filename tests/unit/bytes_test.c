#include "base/bytes.h"
#include "scratch.h"

#define LONGEST 70

/* Of every length: all bytes, and none around them. */
static void copies(void **state) {
    (void)state;
    unsigned char from[LONGEST];

    for (size_t i = 0; i < LONGEST; i++) {
        from[i] = (unsigned char)(i * 37 + 11);
    }
    for (size_t length = 0; length < LONGEST; length++) {
        unsigned char to[LONGEST + 2];
        unsigned char *exact = malloc(length + 1); /* so that reading past its end is noticed */
        assert_non_null(exact);
        memcpy(exact + 1, from, length);
        memset(to, 0xEE, sizeof to);
        bytes_copy(to + 1, exact + 1, length);
        assert_memory_equal(to + 1, from, length);
        assert_int_equal(to[0], 0xEE);
        assert_int_equal(to[length + 1], 0xEE);
        free(exact);
    }
}

/* Whichever byte differs. */
static void compares(void **state) {
    (void)state;

    for (size_t length = 0; length < LONGEST; length++) {
        unsigned char *one = malloc(length + 1);
        unsigned char *other = malloc(length + 1);
        assert_non_null(one);
        assert_non_null(other);
        memset(one + 1, 0x5A, length);
        memset(other + 1, 0x5A, length);
        assert_true(bytes_equal(one + 1, other + 1, length));
        for (size_t i = 0; i < length; i++) {
            other[1 + i] ^= 0x80;
            assert_false(bytes_equal(one + 1, other + 1, length));
            other[1 + i] ^= 0x80;
        }
        free(one);
        free(other);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(copies),
        cmocka_unit_test(compares),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
