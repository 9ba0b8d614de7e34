/*
 * Seeds, ranks and systematic places were computed by python3 (hashlib, hmac), shares by hand.
 */
#include "assess/sample_draw.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define POPULATION_DIGEST "0000000000000000000000000000000000000000000000000000000000000001"
#define ITEMS             10

static void make_seed(uint8_t seed[DIGEST_BYTES]) {
    assert_true(sample_draw_seed(POPULATION_DIGEST, "nonce", seed));
}

static void seed_is_the_digest_of_three_lines(void **state) {
    uint8_t seed[DIGEST_BYTES];
    char hex[DIGEST_HEX_BYTES];
    (void)state;

    make_seed(seed);
    digest_hex(seed, hex);
    assert_string_equal(hex, "03548a176e5f48b1fb8edd3eee875b41fb48f64921833d617b130c1241951dc1");
    assert_true(sample_draw_rank(seed, "item 0", seed));
    digest_hex(seed, hex);
    assert_string_equal(hex, "e0e025571ed2ce729a11e0fd99b31567f174986c93eb3e467418d7598bb80f16");
}

/* The items "item 0" to "item 9" in the order of their ranks. */
static const char *const ranked[ITEMS] = {"item 9", "item 2", "item 1", "item 8", "item 5",
                                          "item 4", "item 6", "item 7", "item 3", "item 0"};

static void check_lowest(uint64_t most, bool backwards) {
    struct sample_draw_lowest *lowest = sample_draw_lowest_new(most);
    uint8_t seed[DIGEST_BYTES];
    char item[] = "item 0";
    size_t count = 0;

    make_seed(seed);
    for (uint64_t i = 0; i < ITEMS; i++) {
        uint64_t number = backwards ? ITEMS - 1 - i : i;
        item[5] = (char)('0' + number);
        assert_true(sample_draw_lowest_offer(lowest, seed, item, number));
    }
    const struct sample_draw_kept *kept = sample_draw_lowest_finish(lowest, &count);
    assert_int_equal(count, most < ITEMS ? most : ITEMS);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(kept[i].item, ranked[i]);
        assert_int_equal(kept[i].position, ranked[i][5] - '0');
    }
    sample_draw_lowest_free(lowest);
}

static void lowest_ranks_whatever_the_order(void **state) {
    (void)state;

    for (uint64_t most = 0; most <= ITEMS + 2; most++) {
        check_lowest(most, false);
        check_lowest(most, true);
    }
    sample_draw_lowest_free(NULL);
}

static void many_are_offered(void **state) {
    struct sample_draw_lowest *lowest = sample_draw_lowest_new(100);
    uint8_t seed[DIGEST_BYTES];
    uint8_t before[DIGEST_BYTES] = {0};
    size_t count = 0;
    (void)state;

    make_seed(seed);
    for (uint64_t i = 0; i < 5000; i++) {
        char item[8] = {(char)('a' + i / 1000), (char)('a' + i / 100 % 10), (char)('a' + i / 10 % 10),
                        (char)('a' + i % 10), '\0'};
        assert_true(sample_draw_lowest_offer(lowest, seed, item, i));
    }
    const struct sample_draw_kept *kept = sample_draw_lowest_finish(lowest, &count);
    assert_int_equal(count, 100);
    for (size_t i = 0; i < count; i++) {
        assert_true(memcmp(before, kept[i].rank, DIGEST_BYTES) < 0);
        memcpy(before, kept[i].rank, DIGEST_BYTES);
    }
    /* A hundredth of what is offered stays below about a fiftieth of all ranks. */
    assert_true(before[0] < 0x0A);
    sample_draw_lowest_free(lowest);
}

#define STRATA 6
static void check_shares(size_t count, const uint64_t *populations, uint64_t size, const uint64_t *expected) {
    uint64_t allocated[STRATA] = {0};
    uint64_t total = 0;

    sample_draw_allocate(populations, count, size, allocated);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(allocated[i], expected[i]);
        assert_true(allocated[i] <= populations[i]);
        total += allocated[i];
    }
    assert_int_equal(total, size);
}

static void shares_by_largest_remainder(void **state) {
    (void)state;

    check_shares(1, (uint64_t[]){55}, 7, (uint64_t[]){7});
    check_shares(3, (uint64_t[]){20, 18, 17}, 12, (uint64_t[]){4, 4, 4});    /* 4.36, 3.93, 3.71 */
    check_shares(3, (uint64_t[]){20, 18, 17}, 55, (uint64_t[]){20, 18, 17}); /* all of them */
    check_shares(2, (uint64_t[]){90, 10}, 10, (uint64_t[]){9, 1});
    check_shares(2, (uint64_t[]){5, 5}, 3, (uint64_t[]){2, 1});              /* equal remainders: the first */
    check_shares(3, (uint64_t[]){1, 1, 1}, 2, (uint64_t[]){1, 1, 0});        /* fewer than strata */
    check_shares(4, (uint64_t[]){97, 1, 1, 1}, 4, (uint64_t[]){1, 1, 1, 1}); /* 3.88, 0.04 each: two times one taken */
    /* 6.2, 3.7 and next to nothing: 6 and 4, of which the two without take one each from the largest. */
    check_shares(4, (uint64_t[]){500, 300, 2, 1}, 10, (uint64_t[]){4, 4, 1, 1});
    check_shares(3, (uint64_t[]){UINT32_MAX - 2, 1, 1}, 10000, (uint64_t[]){9998, 1, 1});
    check_shares(2, (uint64_t[]){1, 3}, 1, (uint64_t[]){0, 1});
}

static void systematic_places(void **state) {
    uint8_t seed[DIGEST_BYTES];
    uint8_t highest[DIGEST_BYTES];
    (void)state;

    make_seed(seed); /* 9 modulo 10 */
    memset(highest, 0xFF, sizeof highest);
    for (uint64_t i = 0; i < 3; i++) {
        assert_int_equal(sample_draw_position(seed, 10, 3, i), 3 * (i + 1)); /* (9 + 10 i) / 3 */
    }
    for (uint64_t i = 0; i < 10; i++) {
        assert_int_equal(sample_draw_position(seed, 10, 10, i), i);
    }
    /* Whatever the start, places are apart and inside. */
    for (uint64_t population = 1; population < 40; population++) {
        for (uint64_t size = 1; size <= population; size++) {
            uint64_t before = 0;
            for (uint64_t i = 0; i < size; i++) {
                uint64_t place = sample_draw_position(highest, population, size, i);
                assert_true(place < population && (i == 0 || place > before));
                before = place;
            }
        }
    }
    assert_true(sample_draw_position(highest, UINT32_MAX, 10000, 9999) < UINT32_MAX);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seed_is_the_digest_of_three_lines),
        cmocka_unit_test(lowest_ranks_whatever_the_order),
        cmocka_unit_test(many_are_offered),
        cmocka_unit_test(shares_by_largest_remainder),
        cmocka_unit_test(systematic_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
