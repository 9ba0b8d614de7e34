#include "base/pages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdbool.h>
#include <string.h>

#define BLOCKS  80 /* of more than two regions */
#define THREADS 4

static bool is_zero(const unsigned char *block) {
    for (size_t i = 0; i < PAGES_BYTES; i++) {
        if (block[i] != 0) {
            return false;
        }
    }
    return true;
}

/* Takes blocks, fills each with its own byte, finds them as they were, and gives them back. */
static bool use(unsigned char first) {
    unsigned char *blocks[BLOCKS];
    bool good = true;

    for (size_t i = 0; i < BLOCKS; i++) {
        blocks[i] = pages_take();
        good = good && blocks[i] != NULL && (uintptr_t)blocks[i] % _Alignof(max_align_t) == 0 && is_zero(blocks[i]);
        if (!good) {
            return false;
        }
        memset(blocks[i], (int)(first + i), PAGES_BYTES);
    }
    for (size_t i = 0; i < BLOCKS; i++) {
        unsigned char expected[PAGES_BYTES];
        memset(expected, (int)(first + i), PAGES_BYTES);
        good = good && memcmp(blocks[i], expected, PAGES_BYTES) == 0;
        pages_give(blocks[i]);
    }
    return good;
}

static void blocks_are_zeroed_again_and_do_not_overlap(void **state) {
    (void)state;
    assert_true(use(1));
    assert_true(use(101)); /* of blocks that were used */
    pages_give(NULL);
}

static void *use_in_thread(void *context) {
    bool *good = context;
    *good = use(1) && use(101);
    return NULL;
}

static void threads_take_and_give_at_the_same_time(void **state) {
    (void)state;
    pthread_t threads[THREADS];
    bool good[THREADS] = {false};
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, use_in_thread, &good[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_true(good[i]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_are_zeroed_again_and_do_not_overlap),
        cmocka_unit_test(threads_take_and_give_at_the_same_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
