/* Whether a hash came twice: in memory, and in runs that a file holds. */
#include "base/hash_set.h"
#include "base/limits.h"
#include "scratch.h"

#include <dirent.h>

static uint64_t spread(uint64_t number) {
    return number * UINT64_C(0x9e3779b97f4a7c15); /* odd: no two numbers give the same */
}

static bool repeats_after(const char *folder, uint64_t first, uint64_t count, const uint64_t *extra,
                          size_t extra_count) {
    struct hash_set *set = hash_set_new(folder);
    bool repeats = false;
    assert_non_null(set);
    for (uint64_t i = 0; i < count; i++) {
        assert_true(hash_set_add(set, spread(first + i)));
    }
    for (size_t i = 0; i < extra_count; i++) {
        assert_true(hash_set_add(set, extra[i]));
    }
    assert_true(hash_set_repeats(set, &repeats));
    hash_set_free(set);
    return repeats;
}

static void tells_repeats_in_memory(void **state) {
    (void)state;
    const uint64_t zero[] = {0, 0};
    const uint64_t edges[] = {UINT64_MAX, 0, 1, UINT64_C(1) << 63};
    assert_false(repeats_after(".", 0, 0, NULL, 0));
    assert_false(repeats_after(".", 1, 1, NULL, 0));
    assert_true(repeats_after(".", 5, 0, zero, 2));
    assert_false(repeats_after(".", 1, 0, edges, 4));
    for (uint64_t count = 2; count < 270; count++) { /* below and above the few, and the first capacity */
        const uint64_t again = spread(1 + count / 2);
        assert_false(repeats_after(".", 1, count, NULL, 0));
        assert_true(repeats_after(".", 1, count, &again, 1));
    }
}

/* Hashes that differ in their low digits alone, or in the middle, from the highest to the lowest. */
static void tells_repeats_of_hashes_that_are_not_spread(void **state) {
    (void)state;
    for (unsigned shift = 0; shift <= 48; shift += 6) {
        for (uint64_t extra = 0; extra < 2; extra++) {
            struct hash_set *set = hash_set_new(".");
            bool repeats = false;
            assert_non_null(set);
            for (uint64_t i = 5000; i > 0; i--) {
                assert_true(hash_set_add(set, i << shift));
            }
            assert_true(extra == 0 || hash_set_add(set, UINT64_C(1234) << shift));
            assert_true(hash_set_repeats(set, &repeats));
            assert_int_equal(repeats, extra);
            hash_set_free(set);
        }
    }
}

static void tells_repeats_between_runs(void **state) {
    (void)state;
    struct scratch scratch;
    scratch_begin(&scratch);
    const char *folder = scratch_path(&scratch, ".");
    const uint64_t runs = 3 * (uint64_t)LIMIT_HASH_RUN + 5;
    const uint64_t first = spread(1);
    const uint64_t middle = spread(LIMIT_HASH_RUN + 7);
    const uint64_t last = spread(runs);
    assert_false(repeats_after(folder, 1, runs, NULL, 0));
    assert_false(repeats_after(folder, 1, 2 * (uint64_t)LIMIT_HASH_RUN, NULL, 0)); /* nothing left beside the runs */
    assert_true(repeats_after(folder, 1, runs, &first, 1));
    assert_true(repeats_after(folder, 1, runs, &middle, 1));
    assert_true(repeats_after(folder, 1, runs, &last, 1));
    DIR *left = opendir(folder);
    assert_non_null(left);
    for (struct dirent *entry; (entry = readdir(left)) != NULL;) {
        assert_int_not_equal(strncmp(entry->d_name, ".hashes", 7), 0);
    }
    closedir(left);
    scratch_end(&scratch);
}

/* As many as are compared without sorting them: spread evenly, and nearly all with the same first bits. */
static void tells_repeats_among_many(void **state) {
    (void)state;
    for (uint64_t count = 32000; count < 34000; count += 256) {
        const uint64_t again[] = {spread(count / 2)};
        const uint64_t fresh[] = {spread(count + 1)};
        assert_true(repeats_after(".", 0, count, again, 1));
        assert_false(repeats_after(".", 0, count, fresh, 1));
    }
    const uint64_t ends[] = {0, UINT64_MAX, UINT64_C(1) << 63, (UINT64_C(1) << 63) - 1};
    assert_false(repeats_after(".", 1, 500000, ends, 4));
    const uint64_t twice[] = {UINT64_MAX, 0, UINT64_MAX};
    assert_true(repeats_after(".", 1, 500000, twice, 3));

    for (int repeated = 0; repeated < 2; repeated++) {
        struct hash_set *set = hash_set_new(".");
        bool repeats = repeated == 0;
        assert_non_null(set);
        for (uint64_t i = 0; i < 40000; i++) {
            assert_true(hash_set_add(set, (i % 2 == 0 ? i : spread(i) >> 20)));
        }
        assert_true(repeated == 0 || hash_set_add(set, 20000));
        assert_true(hash_set_repeats(set, &repeats));
        assert_int_equal(repeats, repeated);
        hash_set_free(set);
    }
}

/* Texts of all lengths, and with any one byte changed, have hashes of their own. */
static void spreads_texts(void **state) {
    (void)state;
    enum { LONGEST = 40 };
    uint64_t seen[LONGEST * (LONGEST + 1) / 2 + LONGEST + 1];
    unsigned char text[LONGEST] = {0};
    size_t count = 0;
    for (size_t length = 0; length <= LONGEST; length++) {
        unsigned char *exact = malloc(length == 0 ? 1 : length); /* so that reading past its end is noticed */
        assert_non_null(exact);
        for (size_t change = 0; change <= length; change++) {
            memcpy(exact, text, length);
            if (change < length) {
                exact[change] = 1;
            }
            seen[count++] = hash_set_bytes(0, exact, length);
        }
        free(exact);
    }
    assert_false(repeats_after(".", 0, 0, seen, count));
}

static void says_when_the_disk_fails(void **state) {
    (void)state;
    struct hash_set *set = hash_set_new("/nowhere/at/all");
    bool added = true;
    assert_non_null(set);
    for (uint64_t i = 0; added && i <= LIMIT_HASH_RUN; i++) {
        added = hash_set_add(set, spread(i));
    }
    assert_false(added);
    hash_set_free(set);
}

static void spreads_bytes(void **state) {
    (void)state;
    uint64_t seen[26 * 2];
    size_t count = 0;
    for (char letter = 'a'; letter <= 'z'; letter++) {
        seen[count++] = hash_set_bytes(0, &letter, 1);
        seen[count++] = hash_set_bytes(hash_set_bytes(0, &letter, 1), "x", 1);
    }
    assert_false(repeats_after(".", 0, 0, seen, count));
    assert_int_not_equal(hash_set_bytes(0, "ab", 2), hash_set_bytes(0, "ba", 2));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_repeats_in_memory),
        cmocka_unit_test(tells_repeats_between_runs),
        cmocka_unit_test(tells_repeats_among_many),
        cmocka_unit_test(spreads_texts),
        cmocka_unit_test(says_when_the_disk_fails),
        cmocka_unit_test(spreads_bytes),
        cmocka_unit_test(tells_repeats_of_hashes_that_are_not_spread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
