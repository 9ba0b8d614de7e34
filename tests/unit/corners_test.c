#include "assess/corners.h"
#include "assess/roi_figures.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static bool close_to(double a, double b) {
    return fabs(a - b) < 1e-9;
}

static bool difference(const double *values, const void *context, double *out) {
    (void)context;
    *out = values[0] - values[1];
    return true;
}

static bool share(const double *values, const void *context, double *out) {
    (void)context;
    *out = 100.0 * (values[0] - values[1]) / values[0];
    return values[0] > 0.0;
}

/* The same input twice: worked out as two it would give -1 to 1. */
static bool with_itself(const double *values, const void *context, double *out) {
    (void)context;
    *out = values[0] - values[0];
    return true;
}

static bool inverse(const double *values, const void *context, double *out) {
    (void)context;
    *out = 1.0 / values[0];
    return values[0] > 0.0;
}

/* The low end of a saving is what was low before less what is high now. */
static void any_ends_are_wider_than_like_ends(void **state) {
    const struct corners_input audit[] = {{45000, 65000}, {35000, 45000}};
    struct corners_range range;
    (void)state;

    assert_true(corners_range(audit, 2, 3, difference, NULL, &range));
    assert_true(range.some && range.all && range.has_mid && range.has_ends);
    assert_true(close_to(range.low, 0));
    assert_true(close_to(range.high, 30000));
    assert_true(close_to(range.mid, 15000));
    assert_true(close_to(range.ends_low, 10000));
    assert_true(close_to(range.ends_high, 20000));

    assert_true(corners_range(audit, 2, 3, share, NULL, &range));
    assert_true(close_to(range.low, 0));                     /* 45 000 to 45 000 */
    assert_true(close_to(range.high, 100.0 * 30 / 65));      /* 65 000 to 35 000 */
    assert_true(close_to(range.ends_low, 100.0 * 10 / 45));  /* 22.2: 45 000 to 35 000 */
    assert_true(close_to(range.ends_high, 100.0 * 20 / 65)); /* 30.8: 65 000 to 45 000 */
    assert_true(close_to(range.mid, 100.0 * 15 / 55));
}

static void an_input_is_one_however_often_it_stands_there(void **state) {
    const struct corners_input input[] = {{1, 2}};
    struct corners_range range;
    (void)state;

    assert_true(corners_range(input, 1, 1, with_itself, NULL, &range));
    assert_true(close_to(range.low, 0));
    assert_true(close_to(range.high, 0));
}

/* Inputs that are not used stay where they are, and a single value is a range of no width. */
static void unused_inputs_and_points(void **state) {
    const struct corners_input inputs[] = {{2000, 2000}, {800, 800}, {1, 9}};
    struct corners_range range;
    (void)state;

    assert_true(corners_range(inputs, 3, 3, share, NULL, &range));
    assert_true(close_to(range.low, 60) && close_to(range.high, 60) && close_to(range.mid, 60));
}

static void what_is_undefined_at_an_end_is_said(void **state) {
    const struct corners_input open[] = {{0, 4}};
    const struct corners_input never[] = {{-1, 0}};
    struct corners_range range;
    (void)state;

    assert_true(corners_range(open, 1, 1, inverse, NULL, &range));
    assert_true(range.some);
    assert_false(range.all);
    assert_true(close_to(range.low, 0.25));
    assert_true(range.has_mid && close_to(range.mid, 0.5));
    assert_false(range.has_ends);
    assert_true(corners_range(never, 1, 1, inverse, NULL, &range));
    assert_false(range.some || range.all || range.has_mid || range.has_ends);
    assert_false(corners_range(open, CORNERS_MOST_INPUTS + 1, 1, inverse, NULL, &range));
}

static const struct roi_figure *figure_called(const char *id) {
    for (size_t i = 0; i < roi_figures_count; i++) {
        if (strcmp(roi_figures[i].id, id) == 0) {
            return &roi_figures[i];
        }
    }
    fail();
    return NULL;
}

static double work_out(const char *id, const double *values, const struct roi_context *context) {
    double value = NAN;

    assert_true(figure_called(id)->work_out(values, context, &value));
    return value;
}

/* By hand: (2000 - 800) x 50 = 60 000; + (50 000 - 40 000) = 70 000; - (3000 + 100 x 50 = 8000) = 62 000 a year. */
static void figures_of_one_programme(void **state) {
    const double values[ROI_ALL_INPUTS] = {
        [ROI_CERTIFICATION_BEFORE] = 12,
        [ROI_CERTIFICATION_AFTER] = 6,
        [ROI_HOURS_BEFORE] = 2000,
        [ROI_HOURS_AFTER] = 800,
        [ROI_AUDIT_BEFORE] = 50000,
        [ROI_AUDIT_AFTER] = 40000,
        [ROI_PREPARATION_BEFORE] = 20,
        [ROI_PREPARATION_AFTER] = 3,
        [ROI_RATE] = 50,
        [ROI_TOOL_COST] = 3000,
        [ROI_TOOL_HOURS] = 100,
        [ROI_START_COST] = 1000,
        [ROI_START_HOURS] = 600,
        [ROI_BY_HAND] = 15,
        [ROI_EXPORTS] = 200,
    };
    struct roi_context context = {.declared = UINT32_MAX, .days = 73};
    (void)state;

    assert_true(close_to(work_out("time_to_certification_share", values, &context), 50));
    assert_true(close_to(work_out("audit_preparation_share", values, &context), 85));
    assert_true(close_to(work_out("labour", values, &context), 60000));
    assert_true(close_to(work_out("gross_saving", values, &context), 70000));
    assert_true(close_to(work_out("running_cost", values, &context), 8000));
    assert_true(close_to(work_out(ROI_SAVING, values, &context), 62000));
    assert_true(close_to(work_out("introduction", values, &context), 31000));
    assert_true(close_to(work_out("first_year", values, &context), 31000));
    assert_true(close_to(work_out("break_even", values, &context), 6));
    assert_true(close_to(work_out("first_year_return", values, &context), 100.0 * 31000 / 39000));
    assert_true(close_to(work_out("collection", values, &context), 50));
    /* Without declared hours of engineers: 50 hours in 73 days are 250 in a year, at 50 each. */
    context.declared = ~(ROI_BIT(ROI_HOURS_BEFORE) | ROI_BIT(ROI_HOURS_AFTER));
    assert_true(close_to(work_out("labour", values, &context), 12500));
}

/* What is never saved is never earned back, and what cost nothing gives no return in percent. */
static void figures_that_there_are_not(void **state) {
    double values[ROI_ALL_INPUTS] = {[ROI_HOURS_BEFORE] = 100, [ROI_HOURS_AFTER] = 100, [ROI_RATE] = 50};
    const struct roi_context context = {.declared = UINT32_MAX, .days = 90};
    double value;
    (void)state;

    assert_false(figure_called("break_even")->work_out(values, &context, &value));
    assert_false(figure_called("first_year_return")->work_out(values, &context, &value));
    assert_false(figure_called("audit_cost_share")->work_out(values, &context, &value));
    values[ROI_TOOL_COST] = 10;
    assert_true(close_to(work_out(ROI_SAVING, values, &context), -10));
    assert_false(figure_called("break_even")->work_out(values, &context, &value));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_ends_are_wider_than_like_ends),
        cmocka_unit_test(an_input_is_one_however_often_it_stands_there),
        cmocka_unit_test(unused_inputs_and_points),
        cmocka_unit_test(what_is_undefined_at_an_end_is_said),
        cmocka_unit_test(figures_of_one_programme),
        cmocka_unit_test(figures_that_there_are_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
