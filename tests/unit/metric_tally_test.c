#include "assess/metric_tally.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct metric_tally tally_of(enum metric_measure measure, const double *values, size_t count) {
    struct metric_tally tally = {.measure = measure, .percent = true};

    for (size_t i = 0; i < count; i++) {
        assert_int_equal(metric_tally_add(&tally, values[i], 0.0), METRIC_ADDED);
    }
    return tally;
}

static void expect(enum metric_measure measure, const double *values, size_t count, double expected) {
    struct metric_tally tally = tally_of(measure, values, count);
    double value = NAN;

    assert_true(metric_tally_value(&tally, &value));
    assert_true(fabs(value - expected) < 1e-12);
    metric_tally_free(&tally);
}

static void expect_none(enum metric_measure measure) {
    struct metric_tally tally = {.measure = measure};
    double value;

    assert_false(metric_tally_value(&tally, &value));
}

/* The smallest value such that at least p per cent of the values are at or below it, in whatever order they come. */
static void percentiles_by_nearest_rank(void **state) {
    const double eight[] = {2520, 120, 240, 180, 300, 540, 240, 360};
    const double one[] = {7};
    const double two[] = {20, 10};
    double hundred[100];
    (void)state;

    expect(MEASURE_P50, eight, 8, 240);
    expect(MEASURE_P95, eight, 8, 2520);
    expect(MEASURE_P99, eight, 8, 2520);
    expect(MEASURE_P50, one, 1, 7);
    expect(MEASURE_P99, one, 1, 7);
    expect(MEASURE_P50, two, 2, 10);
    expect(MEASURE_P95, two, 2, 20);
    for (int i = 0; i < 100; i++) {
        hundred[i] = 100 - i;
    }
    expect(MEASURE_P50, hundred, 100, 50);
    expect(MEASURE_P95, hundred, 100, 95);
    expect(MEASURE_P99, hundred, 100, 99);
}

static void nothing_is_none_and_not_nought(void **state) {
    (void)state;
    expect_none(MEASURE_SHARE);
    expect_none(MEASURE_RATIO);
    expect_none(MEASURE_MEAN);
    expect_none(MEASURE_SMALLEST);
    expect_none(MEASURE_LARGEST);
    expect_none(MEASURE_P50);
    expect(MEASURE_COUNT, NULL, 0, 0);
    expect(MEASURE_SUM, NULL, 0, 0);
}

static void shares_count_ones(void **state) {
    const double values[] = {1, 0, 1, 1};
    struct metric_tally tally = tally_of(MEASURE_SHARE, values, 4);
    (void)state;

    assert_true(fabs(metric_tally_part(&tally) - 3) < 1e-12);
    assert_true(fabs(metric_tally_whole(&tally) - 4) < 1e-12);
    expect(MEASURE_SHARE, values, 4, 75);
    assert_int_equal(metric_tally_add(&tally, 0.5, 0), METRIC_REFUSED);
    assert_int_equal(metric_tally_add(&tally, 2, 0), METRIC_REFUSED);
    assert_int_equal(metric_tally_add(&tally, NAN, 0), METRIC_REFUSED);
    assert_int_equal(tally.determined, 4);
}

static void ratios_divide_sums(void **state) {
    struct metric_tally tally = {.measure = MEASURE_RATIO, .percent = true};
    double value;
    (void)state;

    assert_int_equal(metric_tally_add(&tally, 0.05, 0.1), METRIC_ADDED);
    assert_int_equal(metric_tally_add(&tally, 0.0, 0.1), METRIC_ADDED);
    assert_true(metric_tally_value(&tally, &value));
    assert_true(fabs(value - 25) < 1e-9);
    assert_int_equal(metric_tally_add(&tally, 1, INFINITY), METRIC_REFUSED);

    struct metric_tally nought = {.measure = MEASURE_RATIO, .percent = true};
    assert_int_equal(metric_tally_add(&nought, 5, 0), METRIC_ADDED);
    assert_false(metric_tally_value(&nought, &value));

    struct metric_tally plain = {.measure = MEASURE_RATIO};
    assert_int_equal(metric_tally_add(&plain, 3, 4), METRIC_ADDED);
    assert_true(metric_tally_value(&plain, &value));
    assert_true(fabs(value - 0.75) < 1e-12);
}

/* A small number is not lost beside a large one that goes away again. */
static void sums_lose_nothing(void **state) {
    const double values[] = {1e16, 1, 1, -1e16};
    const double means[] = {3, 5, 10};
    (void)state;

    expect(MEASURE_SUM, values, 4, 2);
    expect(MEASURE_MEAN, means, 3, 6);
    expect(MEASURE_SMALLEST, means, 3, 3);
    expect(MEASURE_LARGEST, values, 4, 1e16);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(percentiles_by_nearest_rank), cmocka_unit_test(nothing_is_none_and_not_nought),
        cmocka_unit_test(shares_count_ones),           cmocka_unit_test(ratios_divide_sums),
        cmocka_unit_test(sums_lose_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
