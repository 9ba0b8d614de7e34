#include "assess/metric_print.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void expect(double value, const char *unit, int64_t decimals, const char *printed) {
    struct buffer text = {0};

    metric_print(value, unit, decimals, &text);
    assert_string_equal(buffer_text(&text), printed);
    buffer_free(&text);
}

static void expect_difference(double value, const char *unit, const char *printed) {
    struct buffer text = {0};

    metric_print_difference(value, unit, -1, &text);
    assert_string_equal(buffer_text(&text), printed);
    buffer_free(&text);
}

/* Nobody may read "100.0 %" where one in ten thousand is missing. */
static void percentages_do_not_round_to_the_ends(void **state) {
    (void)state;
    expect(100, "percent", -1, "100.0 %");
    expect(0, "percent", -1, "0.0 %");
    expect(99.8, "percent", -1, "99.8 %");
    expect(99.96, "percent", -1, "99.96 %");
    expect(99.99996, "percent", -1, "99.99996 %");
    expect(99.99999999, "percent", -1, "under 100 %");
    expect(0.04, "percent", -1, "0.04 %");
    expect(0.00000001, "percent", -1, "near 0 %");
    expect(100.0000001, "percent", -1, "over 100 %");
    expect(99.9307, "percent", 3, "99.931 %");
    expect(250, "percent", 0, "250 %");
    expect(-6.66, "percent", -1, "-6.7 %");
}

static void durations_have_two_units(void **state) {
    (void)state;
    expect(240, "duration", -1, "4 min");
    expect(7500, "duration", -1, "2 h 5 min");
    expect(0.4, "duration", -1, "0 s");
    expect(-60, "duration", -1, "-1 min");
    expect(1e300, "duration", -1, "not in a lifetime");
}

static void numbers_have_no_decimals_for_nothing(void **state) {
    (void)state;
    expect(19, "items", -1, "19");
    expect(2.5, "items", -1, "2.50");
    expect(2.5, "items", 1, "2.5");
    expect(3, NULL, -1, "3");
}

static void differences_have_their_sign(void **state) {
    (void)state;
    expect_difference(1.25, "percent", "+1.2 points");
    expect_difference(-3, "findings", "-3");
    expect_difference(0, "findings", "0");
    expect_difference(300, "duration", "+5 min");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(percentages_do_not_round_to_the_ends),
        cmocka_unit_test(durations_have_two_units),
        cmocka_unit_test(numbers_have_no_decimals_for_nothing),
        cmocka_unit_test(differences_have_their_sign),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
