/*
 * The limits were found by python3 with fractions and math.comb, trying every number of deviations.
 */
#include "assess/sample_limit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void exact_upper_limits(void **state) {
    static const struct {
        struct sample_limit sample;
        uint64_t limit;
    } cases[] = {
        {{55, 25, 0, 900}, 3},
        {{55, 25, 1, 900}, 6},
        {{210, 25, 1, 950}, 35},
        {{1508, 60, 0, 950}, 71},
        {{1508, 60, 3, 900}, 161},
        {{20, 20, 0, 900}, 0}, /* all of them: what was found is all there is */
        {{20, 20, 3, 900}, 3},
        {{21, 20, 0, 950}, 0}, /* one among 21 is missed with 1 in 21, which is less than 5 in 100 */
        {{5, 3, 3, 900}, 5},   /* nothing else can be excluded */
        {{100, 1, 0, 900}, 89},
        {{100, 1, 1, 900}, 100},
        {{300, 40, 2, 999}, 71},
        {{1000, 1, 0, 500}, 499}, /* with 500 the probability is 1 in 2 exactly, which is not above it */
        {{10, 4, 0, 600}, 1},
        {{1, 1, 0, 900}, 0},
        {{1, 1, 1, 900}, 1},
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint64_t limit = UINT64_MAX;
        assert_true(sample_limit_upper(&cases[i].sample, &limit));
        assert_int_equal(limit, cases[i].limit);
    }
}

/* Without a finite population's help 0 of n leaves 1 - 0.1^(1/n) at 90%: the limit of a huge one is just there. */
static void huge_populations(void **state) {
    const struct sample_limit none = {UINT32_MAX, 25, 0, 900};
    const struct sample_limit many = {10000000, 10000, 40, 950};
    uint64_t limit = 0;
    (void)state;

    assert_true(sample_limit_upper(&none, &limit));
    assert_float_equal((double)limit / UINT32_MAX, 0.087989, 1e-6);
    assert_true(sample_limit_upper(&many, &limit));
    assert_in_range(limit, 52000, 54000); /* Poisson: 40 seen leaves 52.07 per 10000 at 95% */
}

static void tolerable_rates(void **state) {
    (void)state;

    assert_false(sample_limit_exceeds(0, 40, 0));
    assert_true(sample_limit_exceeds(1, 40, 0));
    assert_false(sample_limit_exceeds(5, 100, 0.05));
    assert_true(sample_limit_exceeds(6, 100, 0.05));
    assert_false(sample_limit_exceeds(33, 1000, 3.3 / 100)); /* as read from "3.3%" */
    assert_true(sample_limit_exceeds(34, 1000, 3.3 / 100));
    assert_true(sample_limit_exceeds(3, 55, 0.05)); /* 2.75 */
    assert_false(sample_limit_exceeds(55, 55, 1));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exact_upper_limits),
        cmocka_unit_test(huge_populations),
        cmocka_unit_test(tolerable_rates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
