#include "store/store.h"

#include "base/limits.h"
#include "store_records.h"

static int open_loading(void **state) {
    struct loading *loading = calloc(1, sizeof *loading);
    assert_non_null(loading);
    loading_begin(loading);
    loading->fixture.types[FIXTURE_ACCOUNT].lasting = true;
    *state = loading;
    return 0;
}

static int close_loading(void **state) {
    loading_end(*state);
    free(*state);
    return 0;
}

/* An export with these logins, a letter each. */
static void load_accounts(struct loading *l, const char *path, const char *span, const char *logins) {
    static const char *const names[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m",
                                        "n", "o", "p", "q", "r", "s", "t", "u", "v", "w", "x", "y", "z"};
    struct records records;
    records_open(&records);
    for (const char *c = logins; *c != '\0'; c++) {
        records_account(&records, names[*c - 'a'], 1);
    }
    struct store_evidence evidence = loading_evidence(l, FIXTURE_ACCOUNTS_KIND, path, span);
    loading_load(l, &evidence, &records, (uint8_t)(l->evidence));
}

/* Exports one after the other, each given by its logins; which of them count, as 1 and 0. */
static void expect(struct loading *l, const char *const *exports, size_t count, const char *accepted,
                   const char *said) {
    static const char *const paths[] = {"1.csv", "2.csv", "3.csv", "4.csv", "5.csv"};
    static const char *const spans[] = {"2025-10-03", "2025-10-17", "2025-11-07", "2025-11-21", "2025-12-05"};

    loading_create(l);
    for (size_t i = 0; i < count; i++) {
        load_accounts(l, paths[i], spans[i], exports[i]);
    }
    loading_finish(l);
    fixture_ask(l->guard, "SELECT group_concat(accepted, '') FROM (SELECT accepted FROM tm_evidence ORDER BY id)",
                accepted);
    scratch_expect(&l->scratch, said);
}

#define REFUSED(path, other)                                                                                           \
    path ": error: hardly any account of " other " stands in it, so it looks like another system's export; it does "   \
         "not count: put the right one in its place [unlike-export]\n"
#define TOLD(path, other)                                                                                              \
    path ": error: from here on hardly any account of " other " is listed: check that both are exports of the same "   \
         "system, and where it was replaced declare the new one as a source of its own, with 'from' [unlike-export]\n"

static void what_changes_slowly_is_right(void **state) {
    static const char *const exports[] = {"abcdefgh", "abcdefghi", "cdefghij", "efghijkl"};
    expect(*state, exports, 4, "1111", "");
}

static void a_stranger_between_does_not_count(void **state) {
    static const char *const exports[] = {"abcdefgh", "abcdefgh", "stuvwxyz", "abcdefgh", "abcdefgh"};
    expect(*state, exports, 5, "11011", REFUSED("3.csv", "2.csv"));
}

static void a_quarter_in_common_is_hardly_any(void **state) {
    static const char *const exports[] = {"abcdefgh", "abcdefgh", "abuvwxyz", "abcdefgh"};
    expect(*state, exports, 4, "1101", REFUSED("3.csv", "2.csv"));
}

static void more_than_a_quarter_is_something(void **state) {
    static const char *const exports[] = {"abcdefgh", "abcdefgh", "abcvwxyz", "abcdefgh"};
    expect(*state, exports, 4, "1111", "");
}

static void a_new_system_is_told_and_counts(void **state) {
    static const char *const exports[] = {"abcdefgh", "abcdefgh", "stuvwxyz", "stuvwxyz"};
    expect(*state, exports, 4, "1111", TOLD("3.csv", "2.csv"));
}

/* Of two that share nothing, neither resembles anything: which is the wrong one cannot be told. */
static void two_strangers_both_do_not_count(void **state) {
    static const char *const exports[] = {"abcdefgh", "stuvwxyz"};
    expect(*state, exports, 2, "00", REFUSED("1.csv", "2.csv") REFUSED("2.csv", "1.csv"));
}

/* The first and the last share one of four, and both are like the one between. */
static void likeness_to_one_neighbour_is_enough(void **state) {
    static const char *const exports[] = {"abcd", "abcdefg", "defg"};
    expect(*state, exports, 3, "111", "");
}

static void few_rows_tell_nothing(void **state) {
    static const char *const exports[] = {"abc", "xyz", "abc"};
    assert_int_equal(LIMIT_UNLIKE_ROWS, 4);
    expect(*state, exports, 3, "111", "");
}

static void one_export_has_no_neighbour(void **state) {
    static const char *const exports[] = {"abcdefgh"};
    expect(*state, exports, 1, "1", "");
}

static void a_type_that_does_not_last_is_left_alone(void **state) {
    static const char *const exports[] = {"abcdefgh", "stuvwxyz", "abcdefgh"};
    struct loading *l = *state;
    l->fixture.types[FIXTURE_ACCOUNT].lasting = false;
    expect(l, exports, 3, "111", "");
}

/* Pages of one time are one export: each page alone would resemble no other. */
static void pages_are_looked_at_together(void **state) {
    struct loading *l = *state;
    loading_create(l);
    load_accounts(l, "1a.csv", "2025-10-03", "abcd");
    load_accounts(l, "1b.csv", "2025-10-03", "efgh");
    load_accounts(l, "2a.csv", "2025-11-07", "efgh");
    load_accounts(l, "2b.csv", "2025-11-07", "abcd");
    loading_finish(l);
    fixture_ask(l->guard, "SELECT sum(accepted) FROM tm_evidence", "4");
    scratch_expect(&l->scratch, "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_loading, close_loading)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(what_changes_slowly_is_right),        TEST(a_stranger_between_does_not_count),
        TEST(a_quarter_in_common_is_hardly_any),   TEST(more_than_a_quarter_is_something),
        TEST(a_new_system_is_told_and_counts),     TEST(two_strangers_both_do_not_count),
        TEST(likeness_to_one_neighbour_is_enough), TEST(few_rows_tell_nothing),
        TEST(one_export_has_no_neighbour),         TEST(a_type_that_does_not_last_is_left_alone),
        TEST(pages_are_looked_at_together),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
