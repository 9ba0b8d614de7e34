#include "assess/verdict.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static enum verdict judge(struct verdict_counts counts, double tolerable, bool zero_proven, const char *shortcoming) {
    struct verdict_states states = {0};

    if (shortcoming != NULL) {
        verdict_add(&states, VERDICT_INSUFFICIENT, "%s", shortcoming);
    }
    verdict_judge(&states, &counts, tolerable, zero_proven);
    assert_false(states.failed);
    enum verdict verdict = verdict_weightiest(&states);
    verdict_free(&states);
    return verdict;
}

static void counts_decide(void **state) {
    (void)state;

    assert_int_equal(judge((struct verdict_counts){40, 0, 0}, 0, false, NULL), VERDICT_EFFECTIVE);
    assert_int_equal(judge((struct verdict_counts){40, 1, 0}, 0, false, NULL), VERDICT_EXCEPTION);
    assert_int_equal(judge((struct verdict_counts){40, 0, 1}, 0, false, NULL), VERDICT_INSUFFICIENT);
    assert_int_equal(judge((struct verdict_counts){40, 1, 1}, 0, false, NULL), VERDICT_EXCEPTION);
    assert_int_equal(judge((struct verdict_counts){0, 0, 0}, 0, false, NULL), VERDICT_INSUFFICIENT);
    assert_int_equal(judge((struct verdict_counts){0, 0, 0}, 0, true, NULL), VERDICT_NO_OCCURRENCE);
}

static void a_shortcoming_never_passes(void **state) {
    (void)state;

    assert_int_equal(judge((struct verdict_counts){40, 0, 0}, 0, false, "a week is missing"), VERDICT_INSUFFICIENT);
    assert_int_equal(judge((struct verdict_counts){0, 0, 0}, 0, true, "a week is missing"), VERDICT_INSUFFICIENT);
    assert_int_equal(judge((struct verdict_counts){40, 1, 0}, 0.5, false, "a week is missing"), VERDICT_INSUFFICIENT);
    assert_int_equal(judge((struct verdict_counts){40, 1, 0}, 0, false, "a week is missing"), VERDICT_EXCEPTION);
}

static void tolerable_rate(void **state) {
    (void)state;

    assert_int_equal(judge((struct verdict_counts){40, 1, 0}, 0.025, false, NULL), VERDICT_EFFECTIVE);
    assert_int_equal(judge((struct verdict_counts){40, 2, 0}, 0.025, false, NULL), VERDICT_EXCEPTION);
    /* Undetermined items are never within a tolerable rate. */
    assert_int_equal(judge((struct verdict_counts){40, 0, 1}, 0.5, false, NULL), VERDICT_INSUFFICIENT);
}

static void order_of_weight(void **state) {
    (void)state;

    assert_true(VERDICT_EXCEPTION > VERDICT_INSUFFICIENT);
    assert_true(VERDICT_INSUFFICIENT > VERDICT_PENDING);
    assert_true(VERDICT_PENDING > VERDICT_NO_OCCURRENCE);
    assert_true(VERDICT_NO_OCCURRENCE > VERDICT_EFFECTIVE);
    assert_int_equal(verdict_weightiest(&(struct verdict_states){0}), VERDICT_INSUFFICIENT);
}

static void printed(void **state) {
    static const struct {
        enum verdict verdict;
        struct verdict_counts counts;
        const char *text;
    } rows[] = {
        {VERDICT_EFFECTIVE, {40, 0, 0}, "no exceptions noted"},
        {VERDICT_EFFECTIVE, {40, 1, 0}, "effective with deviations, 1 of 40"},
        {VERDICT_EXCEPTION, {40, 1, 0}, "1 exception of 40"},
        {VERDICT_EXCEPTION, {40, 3, 0}, "3 exceptions of 40"},
        {VERDICT_INSUFFICIENT, {40, 0, 3}, "insufficient evidence"},
        {VERDICT_PENDING, {0, 0, 0}, "manual evidence awaited"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buffer out = {0};
        verdict_print(rows[i].verdict, true, &rows[i].counts, &out);
        assert_string_equal(buffer_text(&out), rows[i].text);
        buffer_free(&out);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_decide),  cmocka_unit_test(a_shortcoming_never_passes),
        cmocka_unit_test(tolerable_rate), cmocka_unit_test(order_of_weight),
        cmocka_unit_test(printed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
