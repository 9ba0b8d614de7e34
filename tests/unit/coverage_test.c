#include "assess/coverage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Midnight UTC of a day. */
static int64_t day(int64_t year, int month, int date) {
    return datetime_from_civil(&(struct civil){.year = year, .month = month, .day = date});
}

static struct span quarter(void) {
    return (struct span){day(2025, 10, 1), day(2026, 1, 1)};
}

static struct coverage_export taken(int64_t evidence, int64_t at) {
    return (struct coverage_export){.evidence = evidence, .effective_at = at, .usable = true};
}

static struct coverage_export covering(int64_t evidence, int64_t from, int64_t until) {
    return (struct coverage_export){
        .evidence = evidence, .effective_at = until - 1, .span = {from, until}, .usable = true};
}

static void weeks_of_a_quarter(void **state) {
    struct coverage_intervals intervals;
    (void)state;

    assert_true(coverage_intervals(CADENCE_WEEKLY, NULL, quarter(), &intervals));
    /* Week 40 (29 September to 5 October) has five of its seven days in the quarter; week 53 does not end in it. */
    assert_int_equal(intervals.count, 13);
    assert_int_equal(intervals.spans[0].from, day(2025, 10, 1));
    assert_int_equal(intervals.spans[0].until, day(2025, 10, 6));
    assert_int_equal(intervals.spans[12].from, day(2025, 12, 22));
    assert_int_equal(intervals.spans[12].until, day(2025, 12, 29));
    coverage_intervals_free(&intervals);
}

static void a_short_first_interval_joins_the_next(void **state) {
    struct coverage_intervals intervals;
    (void)state;

    /* Saturday 4 October: two days of week 40 are left. */
    assert_true(
        coverage_intervals(CADENCE_WEEKLY, NULL, (struct span){day(2025, 10, 4), day(2025, 10, 20)}, &intervals));
    assert_int_equal(intervals.count, 2);
    assert_int_equal(intervals.spans[0].from, day(2025, 10, 4));
    assert_int_equal(intervals.spans[0].until, day(2025, 10, 13));
    coverage_intervals_free(&intervals);
}

static void events_are_asked_for_to_the_end(void **state) {
    const struct span straddling = {day(2025, 11, 15), day(2026, 1, 16)};
    struct coverage_intervals intervals;
    (void)state;

    assert_true(coverage_intervals(CADENCE_MONTHLY, NULL, straddling, &intervals));
    assert_int_equal(intervals.count, 2);
    assert_true(coverage_rest(straddling, &intervals));
    assert_int_equal(intervals.count, 3);
    assert_int_equal(intervals.spans[2].from, day(2026, 1, 1));
    assert_int_equal(intervals.spans[2].until, day(2026, 1, 16));
    assert_true(coverage_rest(straddling, &intervals));
    assert_int_equal(intervals.count, 3);
    coverage_intervals_free(&intervals);
}

static void other_cadences(void **state) {
    static const struct {
        enum cadence cadence;
        size_t count;
    } rows[] = {
        {CADENCE_DAILY, 92},    {CADENCE_BUSINESS_DAY, 66}, {CADENCE_MONTHLY, 3},
        {CADENCE_QUARTERLY, 1}, {CADENCE_ANNUAL, 1},        {CADENCE_PERIOD, 1},
    };
    (void)state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct coverage_intervals intervals;
        assert_true(coverage_intervals(rows[i].cadence, NULL, quarter(), &intervals));
        assert_int_equal(intervals.count, rows[i].count);
        coverage_intervals_free(&intervals);
    }
    /* An annual requirement in a quarter in which no year ends is due once all the same. */
    struct coverage_intervals intervals;
    assert_true(coverage_intervals(CADENCE_ANNUAL, NULL, (struct span){day(2025, 1, 1), day(2025, 4, 1)}, &intervals));
    assert_int_equal(intervals.count, 1);
    assert_int_equal(intervals.spans[0].until, day(2025, 4, 1));
    coverage_intervals_free(&intervals);
}

static void holidays_are_no_business_days(void **state) {
    int64_t days[] = {day(2025, 12, 24), day(2025, 12, 25), day(2025, 12, 27)}; /* the last one is a Saturday */
    const struct datetime_days holidays = {days, 3};
    struct coverage_intervals intervals;
    (void)state;

    assert_true(coverage_intervals(CADENCE_BUSINESS_DAY, &holidays, quarter(), &intervals));
    assert_int_equal(intervals.count, 64);
    for (size_t i = 0; i < intervals.count; i++) {
        assert_false(datetime_among(&holidays, intervals.spans[i].from));
    }
    coverage_intervals_free(&intervals);
    /* Other cadences go by the calendar. */
    assert_true(coverage_intervals(CADENCE_DAILY, &holidays, quarter(), &intervals));
    assert_int_equal(intervals.count, 92);
    coverage_intervals_free(&intervals);
}

static void one_interval_ends_on_the_date(void **state) {
    int64_t days[] = {day(2025, 12, 31)};
    const struct datetime_days holidays = {days, 1};
    static const struct {
        enum cadence cadence;
        int64_t grace;
        int month;
        int day;
    } rows[] = {
        {CADENCE_DAILY, 0, 12, 31},      {CADENCE_DAILY, 2 * 86400, 12, 29}, {CADENCE_WEEKLY, 0, 12, 25},
        {CADENCE_WEEKLY, 86400, 12, 24}, {CADENCE_MONTHLY, 0, 12, 1},        {CADENCE_QUARTERLY, 0, 10, 1},
        {CADENCE_ANNUAL, 0, 10, 1}, /* no further back than the range */
        {CADENCE_PERIOD, 0, 10, 1},      {CADENCE_BUSINESS_DAY, 0, 12, 30},
    };
    (void)state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct coverage_intervals intervals;
        assert_true(coverage_date(rows[i].cadence, &holidays, rows[i].grace, quarter(), &intervals));
        assert_int_equal(intervals.count, 1);
        assert_int_equal(intervals.spans[0].from, day(2025, rows[i].month, rows[i].day));
        assert_int_equal(intervals.spans[0].until, day(2026, 1, 1));
        coverage_intervals_free(&intervals);
    }
}

/* Weekly exports on Fridays from 3 October. */
static void fridays(struct coverage_export *exports, size_t count) {
    for (size_t i = 0; i < count; i++) {
        exports[i] = taken((int64_t)i + 1, day(2025, 10, 3) + (int64_t)i * 7 * 86400);
    }
}

static void check_statuses(const struct coverage_export *exports, size_t count, int64_t as_of, const char *expected) {
    static const char letters[] = {[COVERAGE_MET] = 'm',     [COVERAGE_LATE] = 'l',  [COVERAGE_MISSING] = '-',
                                   [COVERAGE_INVALID] = 'i', [COVERAGE_EMPTY] = 'e', [COVERAGE_FUTURE] = 'f'};
    struct coverage_intervals intervals;
    struct coverage_occurrence occurrences[16];
    char found[17] = {0};

    assert_true(coverage_intervals(CADENCE_WEEKLY, NULL, quarter(), &intervals));
    coverage_snapshots(&intervals, 86400, as_of, exports, count, occurrences);
    for (size_t i = 0; i < intervals.count; i++) {
        found[i] = letters[occurrences[i].status];
    }
    assert_string_equal(found, expected);
    coverage_intervals_free(&intervals);
}

/* Periods against cadences that are longer, and from when on a snapshot may serve them. */
static void since_when_a_snapshot_serves(void **state) {
    const struct {
        enum cadence cadence;
        int64_t grace;
        struct span range;
        int64_t since;
    } rows[] = {
        /* A whole interval lies in it, or the cadence is none of the calendar: nothing from before. */
        {CADENCE_QUARTERLY, 0, quarter(), day(2025, 10, 1)},
        {CADENCE_PERIOD, 0, {day(2025, 11, 1), day(2025, 12, 1)}, day(2025, 11, 1)},
        {CADENCE_DAILY, 0, {day(2025, 11, 1), day(2025, 11, 2)}, day(2025, 11, 1)},
        {CADENCE_BUSINESS_DAY, 0, {day(2025, 11, 1), day(2025, 11, 2)}, day(2025, 11, 1)},
        /* The quarter or year is due in it: what is of that one. */
        {CADENCE_QUARTERLY, 10 * 86400, {day(2025, 12, 1), day(2026, 1, 1)}, day(2025, 10, 1)},
        {CADENCE_ANNUAL, 10 * 86400, quarter(), day(2025, 1, 1)},
        {CADENCE_QUARTERLY, 0, {day(2025, 12, 1), day(2026, 2, 1)}, day(2025, 10, 1)},
        /* Nothing is due in it: no older than cadence and grace, and of the interval before at the most. */
        {CADENCE_QUARTERLY, 0, {day(2025, 11, 1), day(2025, 12, 1)}, day(2025, 8, 1)},
        {CADENCE_QUARTERLY, 10 * 86400, {day(2025, 11, 1), day(2025, 12, 1)}, day(2025, 7, 22)},
        {CADENCE_QUARTERLY, 10 * 86400, {day(2025, 10, 1), day(2025, 11, 1)}, day(2025, 7, 1)},
        {CADENCE_ANNUAL, 0, {day(2025, 7, 1), day(2025, 10, 1)}, day(2024, 7, 1)},
        {CADENCE_ANNUAL, 30 * 86400, {day(2025, 1, 1), day(2025, 4, 1)}, day(2024, 1, 1)},
        {CADENCE_MONTHLY, 0, {day(2025, 3, 31), day(2025, 3, 31) + 3600}, day(2025, 2, 28)},
        {CADENCE_WEEKLY, 86400, {day(2025, 10, 8), day(2025, 10, 10)}, day(2025, 9, 30)},
        /* At least half is left of the month that it begins in, which is asked for by itself: what is of that one. */
        {CADENCE_MONTHLY, 0, {day(2025, 11, 15), day(2026, 1, 1)}, day(2025, 11, 1)},
        {CADENCE_WEEKLY, 0, {day(2025, 10, 1), day(2025, 10, 13)}, day(2025, 9, 29)},
        {CADENCE_MONTHLY, 0, {day(2025, 11, 20), day(2026, 1, 1)}, day(2025, 11, 20)},
        {CADENCE_QUARTERLY, 0, {day(2025, 5, 1), day(2025, 11, 1)}, day(2025, 4, 1)},
    };
    (void)state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(coverage_since(rows[i].cadence, rows[i].range, rows[i].grace, rows[i].range), rows[i].since);
    }
    /* Once in the period, of which the range is the end, or some part. */
    const struct span december = {day(2025, 12, 1), day(2026, 1, 1)};
    const struct span november = {day(2025, 11, 1), day(2025, 12, 1)};
    const struct span october = {day(2025, 10, 1), day(2025, 11, 1)};
    assert_int_equal(coverage_since(CADENCE_PERIOD, quarter(), 0, december), day(2025, 10, 1));
    assert_int_equal(coverage_since(CADENCE_PERIOD, quarter(), 86400, november), day(2025, 7, 31));
    assert_int_equal(coverage_since(CADENCE_PERIOD, quarter(), 86400, october), day(2025, 7, 1));
}

static void an_earlier_snapshot_serves(void **state) {
    const struct span november = {day(2025, 11, 1), day(2025, 12, 1)};
    struct coverage_export exports[] = {taken(1, day(2025, 7, 30)), taken(2, day(2025, 8, 1)),
                                        taken(3, day(2025, 10, 6)), taken(4, day(2025, 11, 20))};
    struct coverage_occurrence found;
    struct coverage_intervals intervals;
    (void)state;

    assert_true(coverage_intervals(CADENCE_QUARTERLY, NULL, november, &intervals));
    assert_int_equal(intervals.count, 1);
    /* By itself an interval takes nothing from before it. */
    coverage_snapshots(&intervals, 0, day(2026, 3, 1), exports, 3, &found);
    assert_int_equal(found.status, COVERAGE_MISSING);
    intervals.since = coverage_since(CADENCE_QUARTERLY, november, 0, november);
    coverage_snapshots(&intervals, 0, day(2026, 3, 1), exports, 3, &found);
    assert_int_equal(found.status, COVERAGE_MET);
    assert_int_equal(found.evidence, 3);
    assert_int_equal(found.effective_at, day(2025, 10, 6));
    assert_int_equal(found.due.from, november.from);
    /* The first day counts, the day before it does not: no evidence is no evidence. */
    coverage_snapshots(&intervals, 0, day(2026, 3, 1), exports, 2, &found);
    assert_int_equal(found.evidence, 2);
    coverage_snapshots(&intervals, 0, day(2026, 3, 1), exports, 1, &found);
    assert_int_equal(found.status, COVERAGE_MISSING);
    coverage_snapshots(&intervals, 0, day(2026, 3, 1), exports, 0, &found);
    assert_int_equal(found.status, COVERAGE_MISSING);
    /* What is in the period comes first, and an unusable one is not passed over for an older one. */
    coverage_snapshots(&intervals, 0, day(2026, 3, 1), exports, 4, &found);
    assert_int_equal(found.evidence, 4);
    exports[3].usable = false;
    coverage_snapshots(&intervals, 0, day(2026, 3, 1), exports, 4, &found);
    assert_int_equal(found.status, COVERAGE_INVALID);
    exports[2].usable = false;
    coverage_snapshots(&intervals, 0, day(2026, 3, 1), exports, 3, &found);
    assert_int_equal(found.status, COVERAGE_INVALID);
    assert_int_equal(found.evidence, 3);
    coverage_intervals_free(&intervals);
}

/* November of a quarter: nothing is due in it. */
static void nothing_is_due_within_a_part(void **state) {
    const struct span november = {day(2025, 11, 1), day(2025, 12, 1)};
    struct coverage_export exports[] = {taken(1, day(2025, 11, 5)), taken(2, day(2025, 12, 5))};
    const struct coverage_export events[] = {covering(1, day(2025, 10, 1), day(2026, 1, 1))};
    struct coverage_occurrence found;
    struct coverage_intervals intervals;
    (void)state;

    assert_int_equal(coverage_ends(CADENCE_QUARTERLY, november, november), day(2026, 1, 1));
    assert_int_equal(coverage_ends(CADENCE_PERIOD, quarter(), november), day(2026, 1, 1));
    assert_int_equal(coverage_ends(CADENCE_PERIOD, november, november), 0);
    assert_int_equal(coverage_ends(CADENCE_MONTHLY, november, november), 0);
    assert_int_equal(coverage_ends(CADENCE_DAILY, november, november), 0);
    assert_int_equal(coverage_ends(CADENCE_QUARTERLY, november, (struct span){day(2025, 12, 1), day(2026, 2, 1)}), 0);

    assert_true(coverage_intervals(CADENCE_QUARTERLY, NULL, november, &intervals));
    intervals.ends = day(2026, 1, 1);
    coverage_snapshots(&intervals, 0, day(2026, 3, 1), exports, 1, &found);
    assert_int_equal(found.status, COVERAGE_MET);
    /* What was taken behind it is not late, and what is not there is to come, whenever it is looked at. */
    coverage_snapshots(&intervals, 0, day(2026, 3, 1), exports + 1, 1, &found);
    assert_int_equal(found.status, COVERAGE_FUTURE);
    assert_int_equal(found.evidence, 0);
    assert_int_equal(found.due.from, november.from);
    assert_int_equal(found.due.until, day(2026, 1, 1));
    exports[0].usable = false;
    coverage_snapshots(&intervals, 0, day(2026, 3, 1), exports, 2, &found);
    assert_int_equal(found.status, COVERAGE_INVALID);
    assert_int_equal(found.evidence, 1);
    coverage_events(&intervals, day(2026, 3, 1), events, 1, &found);
    assert_int_equal(found.status, COVERAGE_MET);
    coverage_events(&intervals, day(2026, 3, 1), events, 0, &found);
    assert_int_equal(found.status, COVERAGE_FUTURE);
    /* Unless something was due in it all the same. */
    intervals.overdue = day(2025, 11, 10);
    coverage_snapshots(&intervals, 0, day(2025, 11, 9), exports, 0, &found);
    assert_int_equal(found.status, COVERAGE_FUTURE);
    coverage_snapshots(&intervals, 0, day(2025, 11, 10), exports, 0, &found);
    assert_int_equal(found.status, COVERAGE_MISSING);
    coverage_intervals_free(&intervals);
}

static void snapshots_met_missing_late(void **state) {
    struct coverage_export exports[16];
    (void)state;

    fridays(exports, 13);
    check_statuses(exports, 13, INT64_MAX - 1, "mmmmmmmmmmmmm");
    /* The fourth week's export is not there: the next one serves its own week only. */
    memmove(&exports[3], &exports[4], 9 * sizeof exports[0]);
    check_statuses(exports, 12, INT64_MAX - 1, "mmm-mmmmmmmmm");
    /* Taken the Wednesday after, with that week's own export still to come on Friday. */
    fridays(exports, 13);
    exports[3].effective_at = day(2025, 10, 29);
    check_statuses(exports, 13, INT64_MAX - 1, "mmmlmmmmmmmmm");
    /* On the Monday after: within the grace of a day. */
    exports[3].effective_at = day(2025, 10, 27) + 3600;
    check_statuses(exports, 13, INT64_MAX - 1, "mmmmmmmmmmmmm");
    /* None at all, and one only at the very end. */
    check_statuses(exports, 0, INT64_MAX - 1, "-------------");
    fridays(exports, 13);
    check_statuses(&exports[12], 1, INT64_MAX - 1, "------------m");
}

static void unusable_and_future_snapshots(void **state) {
    struct coverage_export exports[16];
    (void)state;

    fridays(exports, 13);
    exports[1].usable = false;
    exports[2].usable = false;
    exports[2].empty = true;
    check_statuses(exports, 13, INT64_MAX - 1, "miemmmmmmmmmm");
    fridays(exports, 13);
    /* As of Saturday 25 October the fourth week has had its export; the fifth is not due. */
    check_statuses(exports, 4, day(2025, 10, 25), "mmmmfffffffff");
    /* As of 30 October the fourth week's export is overdue. */
    check_statuses(exports, 3, day(2025, 10, 30), "mmm-fffffffff");
}

static void events_need_every_second(void **state) {
    struct coverage_intervals intervals;
    struct coverage_occurrence occurrences[4];
    struct coverage_export exports[] = {
        covering(1, day(2025, 10, 1), day(2025, 11, 1)),
        covering(2, day(2025, 11, 1), day(2025, 11, 30)),
        covering(3, day(2025, 12, 1), day(2025, 12, 20)),
        covering(4, day(2025, 12, 10), day(2026, 1, 1)),
    };
    (void)state;

    assert_true(coverage_intervals(CADENCE_MONTHLY, NULL, quarter(), &intervals));
    coverage_events(&intervals, INT64_MAX - 1, exports, 4, occurrences);
    assert_int_equal(occurrences[0].status, COVERAGE_MET);
    assert_int_equal(occurrences[1].status, COVERAGE_MISSING); /* 30 November is not covered */
    assert_int_equal(occurrences[2].status, COVERAGE_MET);     /* by two that overlap */
    exports[0].usable = false;
    coverage_events(&intervals, INT64_MAX - 1, exports, 4, occurrences);
    assert_int_equal(occurrences[0].status, COVERAGE_INVALID);
    coverage_intervals_free(&intervals);
}

static void gaps(void **state) {
    struct coverage_export exports[16];
    (void)state;

    fridays(exports, 13);
    /* From the last Friday, 26 December, to the end of the year are six days; between Fridays seven. */
    assert_int_equal(coverage_longest_gap(quarter(), INT64_MAX - 1, true, exports, 13), 7 * 86400);
    memmove(&exports[3], &exports[4], 9 * sizeof exports[0]);
    assert_int_equal(coverage_longest_gap(quarter(), INT64_MAX - 1, true, exports, 12), 14 * 86400);
    assert_int_equal(coverage_longest_gap(quarter(), INT64_MAX - 1, true, exports, 0), 92 * 86400);
    struct coverage_export whole = covering(1, day(2025, 9, 1), day(2026, 2, 1));
    assert_int_equal(coverage_longest_gap(quarter(), INT64_MAX - 1, false, &whole, 1), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weeks_of_a_quarter),
        cmocka_unit_test(a_short_first_interval_joins_the_next),
        cmocka_unit_test(events_are_asked_for_to_the_end),
        cmocka_unit_test(other_cadences),
        cmocka_unit_test(holidays_are_no_business_days),
        cmocka_unit_test(one_interval_ends_on_the_date),
        cmocka_unit_test(since_when_a_snapshot_serves),
        cmocka_unit_test(an_earlier_snapshot_serves),
        cmocka_unit_test(nothing_is_due_within_a_part),
        cmocka_unit_test(snapshots_met_missing_late),
        cmocka_unit_test(unusable_and_future_snapshots),
        cmocka_unit_test(events_need_every_second),
        cmocka_unit_test(gaps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
