#include "assess/lifecycle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define N LIFECYCLE_NEW
#define O LIFECYCLE_OPEN
#define R LIFECYCLE_REOPENED
#define A LIFECYCLE_ACCEPTED
#define X LIFECYCLE_REMEDIATED

/* What was, by what is: without and with a waiver in force. */
static const struct {
    enum lifecycle_outcome outcome;
    enum lifecycle_state open[2], accepted[2], remediated[2];
} carried[] = {
    {LIFECYCLE_EXCEPTION, {O, O}, {O, O}, {R, R}}, /* a waiver that does not name every exception accepts nothing */
    {LIFECYCLE_WAIVED, {A, A}, {A, A}, {A, A}},     {LIFECYCLE_UNDETERMINED, {O, O}, {O, A}, {X, X}},
    {LIFECYCLE_NOT_TESTED, {O, O}, {O, A}, {X, X}}, {LIFECYCLE_INSUFFICIENT, {O, O}, {O, A}, {X, X}},
    {LIFECYCLE_CHANGED, {O, O}, {O, A}, {X, X}},    {LIFECYCLE_NO_POPULATION, {O, O}, {O, A}, {X, X}},
    {LIFECYCLE_RETESTED, {X, X}, {X, X}, {X, X}},   {LIFECYCLE_GONE, {X, X}, {X, X}, {X, X}},
    {LIFECYCLE_CORRECTED, {X, X}, {X, X}, {X, X}},  {LIFECYCLE_OTHERS, {O, O}, {O, A}, {X, X}},
    {LIFECYCLE_UNSTATED, {O, O}, {O, A}, {X, X}},
};

static void states_follow(void **state) {
    (void)state;

    assert_int_equal(sizeof carried / sizeof carried[0], LIFECYCLE_OUTCOME_COUNT);
    for (size_t i = 0; i < LIFECYCLE_OUTCOME_COUNT; i++) {
        for (int waiver = 0; waiver < 2; waiver++) {
            enum lifecycle_outcome outcome = carried[i].outcome;
            assert_int_equal(lifecycle_next(LIFECYCLE_WAS_OPEN, outcome, waiver), carried[i].open[waiver]);
            assert_int_equal(lifecycle_next(LIFECYCLE_WAS_ACCEPTED, outcome, waiver), carried[i].accepted[waiver]);
            assert_int_equal(lifecycle_next(LIFECYCLE_WAS_REMEDIATED, outcome, waiver), carried[i].remediated[waiver]);
        }
    }
}

static void first_time(void **state) {
    (void)state;

    assert_int_equal(lifecycle_next(LIFECYCLE_UNKNOWN, LIFECYCLE_EXCEPTION, false), O);
    assert_int_equal(lifecycle_next(LIFECYCLE_ABSENT, LIFECYCLE_EXCEPTION, false), N);
    assert_int_equal(lifecycle_next(LIFECYCLE_UNKNOWN, LIFECYCLE_WAIVED, true), A);
    assert_int_equal(lifecycle_next(LIFECYCLE_ABSENT, LIFECYCLE_WAIVED, true), A);
}

static void names(void **state) {
    (void)state;

    assert_int_equal(lifecycle_before("new"), LIFECYCLE_WAS_OPEN);
    assert_int_equal(lifecycle_before("open"), LIFECYCLE_WAS_OPEN);
    assert_int_equal(lifecycle_before("reopened"), LIFECYCLE_WAS_OPEN);
    assert_int_equal(lifecycle_before("accepted"), LIFECYCLE_WAS_ACCEPTED);
    assert_int_equal(lifecycle_before("remediated"), LIFECYCLE_WAS_REMEDIATED);
}

/* All that a retest needs is there; each case takes one thing away, or adds one. */
static const struct lifecycle_facts clean = {.tested = true,
                                             .same = true,
                                             .population = 12,
                                             .seen = 3,
                                             .standing = true,
                                             .source_there = true,
                                             .completed = true};

static void a_retest_needs_all(void **state) {
    (void)state;
    struct lifecycle_facts facts = clean;

    assert_int_equal(lifecycle_judge(&facts), LIFECYCLE_RETESTED);
    facts.exceptions = 2;
    assert_int_equal(lifecycle_judge(&facts), LIFECYCLE_EXCEPTION);
    facts.waived = 1;
    assert_int_equal(lifecycle_judge(&facts), LIFECYCLE_EXCEPTION);
    facts.waived = 2;
    assert_int_equal(lifecycle_judge(&facts), LIFECYCLE_WAIVED);
    facts = clean;
    facts.undetermined = 1;
    assert_int_equal(lifecycle_judge(&facts), LIFECYCLE_UNDETERMINED);
    facts = clean;
    facts.tested = false;
    assert_int_equal(lifecycle_judge(&facts), LIFECYCLE_NOT_TESTED);
    facts = clean;
    facts.shortcomings = 1;
    assert_int_equal(lifecycle_judge(&facts), LIFECYCLE_INSUFFICIENT);
    facts = clean;
    facts.same = false;
    assert_int_equal(lifecycle_judge(&facts), LIFECYCLE_CHANGED);
    facts = clean;
    facts.population = 0;
    facts.seen = 0;
    assert_int_equal(lifecycle_judge(&facts), LIFECYCLE_NO_POPULATION);
    facts = clean;
    facts.other = 1; /* other things deviated, this one did not */
    assert_int_equal(lifecycle_judge(&facts), LIFECYCLE_RETESTED);
}

/* A thing that the population does not hold proves nothing by that alone. */
static void what_is_not_there(void **state) {
    (void)state;
    struct lifecycle_facts facts = clean;

    facts.seen = 0;
    assert_int_equal(lifecycle_judge(&facts), LIFECYCLE_GONE);
    facts.source_there = false;
    assert_int_equal(lifecycle_judge(&facts), LIFECYCLE_CORRECTED);
    facts.completed = false;
    assert_int_equal(lifecycle_judge(&facts), LIFECYCLE_UNSTATED);
    facts.source_there = true;
    facts.standing = false;
    assert_int_equal(lifecycle_judge(&facts), LIFECYCLE_UNSTATED);
    facts.completed = true;
    assert_int_equal(lifecycle_judge(&facts), LIFECYCLE_CORRECTED);
    facts.other = 1;
    assert_int_equal(lifecycle_judge(&facts), LIFECYCLE_OTHERS);
    facts.shortcomings = 1;
    assert_int_equal(lifecycle_judge(&facts), LIFECYCLE_INSUFFICIENT);
}

static void every_case_has_a_reason(void **state) {
    (void)state;
    struct buffer out = {0};

    for (int before = 0; before < LIFECYCLE_BEFORE_COUNT; before++) {
        for (int outcome = 0; outcome < LIFECYCLE_OUTCOME_COUNT; outcome++) {
            buffer_clear(&out);
            lifecycle_reason((enum lifecycle_before)before, (enum lifecycle_outcome)outcome, &clean, true, &out);
            assert_non_null(buffer_text(&out));
            assert_true(out.length > 10);
        }
    }
    buffer_free(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(states_follow),
        cmocka_unit_test(first_time),
        cmocka_unit_test(names),
        cmocka_unit_test(a_retest_needs_all),
        cmocka_unit_test(what_is_not_there),
        cmocka_unit_test(every_case_has_a_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
