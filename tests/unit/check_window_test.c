#include "assess/check_window.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static int64_t day(int64_t year, int month, int date) {
    return datetime_from_civil(&(struct civil){.year = year, .month = month, .day = date});
}

static struct check_window window(const char *id, int64_t from, int64_t until) {
    return (struct check_window){.id = id, .span = {from, until}, .as_of = until - 1};
}

static const struct programme *no_periods(void) {
    static const struct programme programme;
    return &programme;
}

static void assert_window(const struct check_windows *windows, size_t index, const char *id, int64_t from,
                          int64_t until) {
    assert_int_not_equal(index, SIZE_MAX);
    assert_string_equal(windows->items[index].id, id);
    assert_int_equal(windows->items[index].span.from, from);
    assert_int_equal(windows->items[index].span.until, until);
}

static void a_month_is_judged_by_itself(void **state) {
    struct arena *arena = arena_new();
    struct check_windows windows;
    struct check_window november = window("2025-11", day(2025, 11, 1), day(2025, 12, 1));
    (void)state;

    assert_true(check_window_begin(arena, &november, &windows));
    assert_int_equal(check_window_find(arena, no_periods(), 0, &windows), 0);
    unsigned often = CHECK_WINDOW_CADENCE(CADENCE_DAILY) | CHECK_WINDOW_CADENCE(CADENCE_BUSINESS_DAY) |
                     CHECK_WINDOW_CADENCE(CADENCE_WEEKLY) | CHECK_WINDOW_CADENCE(CADENCE_MONTHLY);
    /* The week of its last day reaches into no other month: a week is shorter than the period. */
    assert_int_equal(check_window_find(arena, no_periods(), often, &windows), 0);
    assert_int_equal(windows.count, 1);
    arena_free(arena);
}

static void quarterly_evidence_takes_the_quarter_so_far(void **state) {
    struct arena *arena = arena_new();
    struct check_windows windows;
    struct check_window november = window("2025-11", day(2025, 11, 1), day(2025, 12, 1));
    (void)state;

    assert_true(check_window_begin(arena, &november, &windows));
    size_t quarter = check_window_find(arena, no_periods(), CHECK_WINDOW_CADENCE(CADENCE_QUARTERLY), &windows);
    assert_window(&windows, quarter, "2025-Q4", day(2025, 10, 1), day(2026, 1, 1));
    assert_int_equal(windows.items[quarter].as_of, day(2025, 12, 1) - 1);
    assert_true(check_window_open(&windows.items[quarter]));
    assert_false(check_window_open(&windows.items[0]));
    size_t year = check_window_find(arena, no_periods(), CHECK_WINDOW_CADENCE(CADENCE_ANNUAL), &windows);
    assert_window(&windows, year, "2025", day(2025, 1, 1), day(2026, 1, 1));
    /* Asked again it is the same window. */
    assert_int_equal(check_window_find(arena, no_periods(), CHECK_WINDOW_CADENCE(CADENCE_QUARTERLY), &windows),
                     quarter);
    assert_int_equal(windows.count, 3);
    arena_free(arena);
}

static void a_quarter_ends_with_its_last_month(void **state) {
    struct arena *arena = arena_new();
    struct check_windows windows;
    struct check_window december = window("2025-12", day(2025, 12, 1), day(2026, 1, 1));
    (void)state;

    assert_true(check_window_begin(arena, &december, &windows));
    size_t quarter = check_window_find(arena, no_periods(), CHECK_WINDOW_CADENCE(CADENCE_QUARTERLY), &windows);
    assert_false(check_window_open(&windows.items[quarter]));
    arena_free(arena);
}

static void what_came_after_the_period_is_not_known_in_it(void **state) {
    struct arena *arena = arena_new();
    struct check_windows windows;
    struct check_window november = window("2025-11", day(2025, 11, 1), day(2025, 12, 1));
    (void)state;

    november.as_of = day(2025, 12, 6) - 1; /* late exports of November */
    assert_true(check_window_begin(arena, &november, &windows));
    size_t quarter = check_window_find(arena, no_periods(), CHECK_WINDOW_CADENCE(CADENCE_QUARTERLY), &windows);
    assert_int_equal(windows.items[quarter].as_of, day(2025, 12, 1) - 1);
    november.as_of = day(2025, 11, 11) - 1; /* and of a month that goes on */
    assert_true(check_window_begin(arena, &november, &windows));
    quarter = check_window_find(arena, no_periods(), CHECK_WINDOW_CADENCE(CADENCE_QUARTERLY), &windows);
    assert_int_equal(windows.items[quarter].as_of, day(2025, 11, 11) - 1);
    arena_free(arena);
}

static void a_declared_period_is_the_shortest_that_holds_all(void **state) {
    struct arena *arena = arena_new();
    struct check_windows windows;
    struct check_window november = window("2025-11", day(2025, 11, 1), day(2025, 12, 1));
    struct programme_period periods[] = {
        {.id = "FY25", .span = {day(2025, 1, 1), day(2026, 1, 1)}},
        {.id = "autumn", .span = {day(2025, 9, 1), day(2025, 12, 1)}},
        {.id = "too-short", .span = {day(2025, 11, 2), day(2025, 12, 1)}},
    };
    const struct programme programme = {.periods = periods, .period_count = 3};
    (void)state;

    assert_true(check_window_begin(arena, &november, &windows));
    unsigned period = CHECK_WINDOW_CADENCE(CADENCE_PERIOD);
    assert_window(&windows, check_window_find(arena, &programme, period, &windows), "autumn", day(2025, 9, 1),
                  day(2025, 12, 1));
    /* Joined with the quarter it is neither of the two. */
    size_t both = check_window_find(arena, &programme, period | CHECK_WINDOW_CADENCE(CADENCE_QUARTERLY), &windows);
    assert_window(&windows, both, "2025-09-01..2025-12-31", day(2025, 9, 1), day(2026, 1, 1));
    /* Without a declared period, what is due once in it is due in the month. */
    assert_int_equal(check_window_find(arena, no_periods(), period, &windows), 0);
    arena_free(arena);
}

static void days_back_from_what_is_known(void **state) {
    struct arena *arena = arena_new();
    struct check_windows windows;
    struct check_window november = window("2025-11", day(2025, 11, 1), day(2025, 12, 1));
    (void)state;

    assert_true(check_window_begin(arena, &november, &windows));
    assert_int_equal(check_window_back(arena, 30, &windows), 0); /* the month has as many */
    assert_window(&windows, check_window_back(arena, 31, &windows), "2025-10-31..2025-11-30", day(2025, 10, 31),
                  day(2025, 12, 1));
    november.as_of = day(2025, 11, 11) - 1;
    assert_true(check_window_begin(arena, &november, &windows));
    assert_window(&windows, check_window_back(arena, 30, &windows), "2025-10-12..2025-11-30", day(2025, 10, 12),
                  day(2025, 12, 1));
    arena_free(arena);
}

static void due_when_an_interval_has_ended_since(void **state) {
    int64_t november = day(2025, 12, 1) - 1;
    (void)state;

    assert_true(check_window_due(CADENCE_MONTHLY, day(2025, 11, 1) - 1, november));
    assert_false(check_window_due(CADENCE_MONTHLY, november, november));
    /* Seen on the 10th, November is still to be seen to its end; on the 20th nothing has ended since. */
    assert_true(check_window_due(CADENCE_MONTHLY, day(2025, 11, 11) - 1, november));
    assert_false(check_window_due(CADENCE_MONTHLY, day(2025, 11, 11) - 1, day(2025, 11, 21) - 1));
    /* Weeks end on Sundays: the 16th is one. */
    assert_false(check_window_due(CADENCE_WEEKLY, day(2025, 11, 11) - 1, day(2025, 11, 16) - 1));
    assert_true(check_window_due(CADENCE_WEEKLY, day(2025, 11, 11) - 1, day(2025, 11, 17) - 1));
    assert_false(check_window_due(CADENCE_QUARTERLY, day(2025, 10, 1) - 1, november));
    assert_true(check_window_due(CADENCE_QUARTERLY, day(2025, 10, 1) - 1, day(2026, 1, 1) - 1));
    assert_true(check_window_due(CADENCE_DAILY, day(2025, 11, 30) - 1, november));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_month_is_judged_by_itself),
        cmocka_unit_test(quarterly_evidence_takes_the_quarter_so_far),
        cmocka_unit_test(a_quarter_ends_with_its_last_month),
        cmocka_unit_test(what_came_after_the_period_is_not_known_in_it),
        cmocka_unit_test(a_declared_period_is_the_shortest_that_holds_all),
        cmocka_unit_test(days_back_from_what_is_known),
        cmocka_unit_test(due_when_an_interval_has_ended_since),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
