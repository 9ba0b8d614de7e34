/* SQLite's blocks: what is asked for is there, apart from every other block, and keeps its bytes, whichever thread
 * frees it. */
#include "store/memory_pool.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define BLOCKS 400
#define STEPS  60000

struct held {
    unsigned char *bytes;
    int size;
    unsigned char mark;
};

static uint32_t next_random(uint32_t *state) {
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

/* Mostly small, some of pages, few that no list holds. */
static int some_size(uint32_t *state) {
    static const int most[] = {40, 40, 40, 300, 300, 1100, 5000, 9000, 100000};
    return 1 + (int)(next_random(state) % (uint32_t)most[next_random(state) % (sizeof most / sizeof most[0])]);
}

static bool holds(const struct held *held, int size) {
    int same = 0;
    while (same < size && held->bytes[same] == held->mark) {
        same++;
    }
    return same == size;
}

static bool take(struct held *held, uint32_t *state) {
    held->size = some_size(state);
    held->mark = (unsigned char)next_random(state);
    held->bytes = memory_pool_allocate(held->size);
    if (held->bytes == NULL || (uintptr_t)held->bytes % 8 != 0 || memory_pool_size(held->bytes) < held->size ||
        memory_pool_size(held->bytes) != memory_pool_round(held->size)) {
        return false;
    }
    memset(held->bytes, held->mark, (size_t)memory_pool_size(held->bytes));
    return true;
}

static bool resize(struct held *held, uint32_t *state) {
    int size = some_size(state);
    held->bytes = memory_pool_resize(held->bytes, size);
    if (held->bytes == NULL || memory_pool_size(held->bytes) < size ||
        !holds(held, size < held->size ? size : held->size)) {
        return false;
    }
    held->size = size;
    memset(held->bytes, held->mark, (size_t)memory_pool_size(held->bytes));
    return true;
}

static bool let_go(struct held *held) {
    bool held_on = holds(held, held->size);
    memory_pool_free(held->bytes);
    held->bytes = NULL;
    return held_on;
}

static void keeps_what_is_written(void **unused) {
    (void)unused;
    struct held held[BLOCKS] = {{0}};
    uint32_t state = 7;
    for (int step = 0; step < STEPS; step++) {
        struct held *one = &held[next_random(&state) % BLOCKS];
        if (one->bytes == NULL) {
            assert_true(take(one, &state));
        } else if (next_random(&state) % 3 == 0) {
            assert_true(resize(one, &state));
        } else {
            assert_true(let_go(one));
        }
    }
    for (int i = 0; i < BLOCKS; i++) {
        if (held[i].bytes != NULL) {
            assert_true(let_go(&held[i]));
        }
    }
}

static void rounds_to_what_it_gives(void **unused) {
    (void)unused;
    for (int size = 1; size < 20000; size++) {
        int rounded = memory_pool_round(size);
        assert_true(rounded >= size);
        assert_int_equal(memory_pool_round(rounded), rounded);
        assert_true(rounded - size < (size <= 1016 ? 16 : 128));
    }
    assert_int_equal(memory_pool_size(NULL), 0);
    memory_pool_free(NULL);
    void *block = memory_pool_resize(NULL, 10);
    assert_non_null(block);
    memory_pool_free(block);
}

/* A thread's: its own blocks, and whether all was well. */
struct many {
    struct held held[BLOCKS];
    uint32_t state;
    bool well;
};

static void *take_many(void *from) {
    struct many *many = from;
    for (int i = 0; i < BLOCKS; i++) {
        many->well = take(&many->held[i], &many->state) && many->well;
    }
    return NULL;
}

static void *let_many_go(void *from) {
    struct many *many = from;
    for (int i = 0; i < BLOCKS; i++) {
        many->well = let_go(&many->held[i]) && many->well;
    }
    return NULL;
}

static void run_both(void *(*job)(void *), struct many *one, struct many *other) {
    pthread_t threads[2];
    assert_int_equal(pthread_create(&threads[0], NULL, job, one), 0);
    assert_int_equal(pthread_create(&threads[1], NULL, job, other), 0);
    assert_int_equal(pthread_join(threads[0], NULL), 0);
    assert_int_equal(pthread_join(threads[1], NULL), 0);
}

/* Blocks outlive the thread that took them, and go back through another one's lists. */
static void threads_free_for_each_other(void **unused) {
    (void)unused;
    static struct many one = {.state = 1, .well = true};
    static struct many other = {.state = 2, .well = true};
    for (int round = 0; round < 20; round++) {
        run_both(take_many, &one, &other);
        if (round % 2 == 0) {
            run_both(let_many_go, &other, &one);
        } else {
            let_many_go(&one);
            let_many_go(&other);
        }
        assert_true(one.well && other.well);
    }
}

int main(void) {
    if (!memory_pool_start()) {
        return EXIT_FAILURE;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_what_is_written),
        cmocka_unit_test(rounds_to_what_it_gives),
        cmocka_unit_test(threads_free_for_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
