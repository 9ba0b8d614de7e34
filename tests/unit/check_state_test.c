#include "assess/check_state.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MOST             8
#define LAST_OF_NOVEMBER INT64_C(1764547199) /* 2025-11-30T23:59:59Z */

/* A check with one alert, whose failures and tests are set by each case. */
struct trial {
    struct arena *arena;
    struct diagnostics *diagnostics;
    struct check check;
    struct check_failure failures[MOST];
    struct check_test_result tests[MOST];
    struct check_alert_result alert;
    struct check_result result;
    struct check_window window;
    struct check_windows windows;
    struct check_pasts resolved;
    struct check_pasts standing;
};

static int begin(void **state) {
    struct trial *trial = calloc(1, sizeof *trial);
    assert_non_null(trial);
    trial->arena = arena_new();
    trial->diagnostics = diagnostics_new();
    trial->check = (struct check){.id = "leavers"};
    trial->window = (struct check_window){.id = "2025-11"};
    trial->windows = (struct check_windows){&trial->window, 1};
    *state = trial;
    return 0;
}

static int end(void **state) {
    struct trial *trial = *state;
    arena_free(trial->arena);
    diagnostics_free(trial->diagnostics);
    free(trial);
    return 0;
}

/* The result of this time: items that deviate ("" ends them), and whether the test could be judged. */
static void now(struct trial *trial, int severity, bool judged, const char *const *items) {
    size_t count = 0;
    for (; items[count] != NULL; count++) {
        trial->failures[count] = (struct check_failure){
            .test = "T.1", .item = items[count], .text = "why", .severity = severity, .fresh = true};
    }
    trial->tests[0] = (struct check_test_result){
        .test = "T.1", .outcome = judged ? CHECK_PASSED : CHECK_INSUFFICIENT, .judged = judged};
    trial->alert = (struct check_alert_result){.id = "leavers:any_violations",
                                               .check = &trial->check,
                                               .when = "any_violations",
                                               .severity = severity,
                                               .failures = trial->failures,
                                               .failure_count = count,
                                               .total = count};
    trial->result = (struct check_result){.check = &trial->check,
                                          .tests = trial->tests,
                                          .test_count = 1,
                                          .alerts = &trial->alert,
                                          .alert_count = count > 0 ? 1 : 0};
    trial->resolved = trial->standing = (struct check_pasts){0};
}

/* Remembers a result, writes the state and reads it again: what counts is what survives that. */
static struct check_state remember(struct trial *trial, struct check_state *state) {
    struct check_state back;
    struct buffer text = {0};

    assert_true(
        check_state_update(trial->arena, state, &trial->result, &trial->windows, &trial->standing, LAST_OF_NOVEMBER));
    check_state_write(state, &text);
    assert_non_null(buffer_text(&text));
    assert_true(check_state_read(trial->arena, "state.json", text.data, text.length, &back, trial->diagnostics));
    assert_int_equal(diagnostics_count(trial->diagnostics, DIAGNOSTIC_NOTE), 0);
    buffer_free(&text);
    return back;
}

static void compare(struct trial *trial, const struct check_state *state) {
    assert_true(check_state_compare(trial->arena, check_state_find(state, "leavers"), &trial->result, &trial->resolved,
                                    &trial->standing));
}

static const char *const two[] = {"ann", "quotes \" and \\ and \xc3\xa9\n", NULL};
static const char *const one[] = {"ann", NULL};
static const char *const other[] = {"ann", "cyd", NULL};
static const char *const none[] = {NULL};

static void what_was_never_seen_is_new(void **state) {
    struct trial *trial = *state;
    struct check_state empty = {0};

    now(trial, SEVERITY_HIGH, true, two);
    compare(trial, &empty);
    assert_int_equal(trial->alert.change, CHECK_NEW);
    assert_true(trial->failures[0].fresh);
}

static void the_same_again_is_repeated(void **state) {
    struct trial *trial = *state;
    struct check_state before = {0};

    now(trial, SEVERITY_HIGH, true, two);
    before = remember(trial, &before);
    compare(trial, &before);
    assert_int_equal(trial->alert.change, CHECK_REPEATED);
    assert_false(trial->failures[0].fresh);
    assert_false(trial->failures[1].fresh);
    assert_int_equal(trial->resolved.count, 0);
}

static void fewer_are_repeated_and_the_rest_is_over(void **state) {
    struct trial *trial = *state;
    struct check_state before = {0};

    now(trial, SEVERITY_HIGH, true, two);
    before = remember(trial, &before);
    now(trial, SEVERITY_MEDIUM, true, one);
    compare(trial, &before);
    assert_int_equal(trial->alert.change, CHECK_REPEATED);
    assert_int_equal(trial->resolved.count, 1);
    assert_string_equal(trial->resolved.items[0].item, two[1]);
    assert_string_equal(trial->resolved.items[0].alert, "leavers:any_violations");
    assert_int_equal(trial->resolved.items[0].severity, SEVERITY_HIGH);
    /* Said once: the next time it is not in the state any more. */
    before = remember(trial, &before);
    now(trial, SEVERITY_MEDIUM, true, one);
    compare(trial, &before);
    assert_int_equal(trial->resolved.count, 0);
}

static void another_item_is_worse_though_no_more_of_them(void **state) {
    struct trial *trial = *state;
    struct check_state before = {0};

    now(trial, SEVERITY_HIGH, true, two);
    before = remember(trial, &before);
    now(trial, SEVERITY_HIGH, true, other);
    compare(trial, &before);
    assert_int_equal(trial->alert.change, CHECK_WORSE);
    assert_false(trial->failures[0].fresh);
    assert_true(trial->failures[1].fresh);
    assert_int_equal(trial->resolved.count, 1);
}

static void more_or_heavier_is_worse(void **state) {
    struct trial *trial = *state;
    struct check_state before = {0};

    now(trial, SEVERITY_HIGH, true, one);
    before = remember(trial, &before);
    now(trial, SEVERITY_CRITICAL, true, one);
    compare(trial, &before);
    assert_int_equal(trial->alert.change, CHECK_WORSE);
    assert_false(trial->failures[0].fresh);
    now(trial, SEVERITY_HIGH, true, one);
    trial->alert.total = 5000; /* those that are not listed */
    compare(trial, &before);
    assert_int_equal(trial->alert.change, CHECK_WORSE);
}

static void all_gone_is_resolved_only_where_it_was_looked_at(void **state) {
    struct trial *trial = *state;
    struct check_state before = {0};

    now(trial, SEVERITY_HIGH, true, one);
    before = remember(trial, &before);
    now(trial, SEVERITY_HIGH, false, none); /* the evidence is missing: nothing is known */
    compare(trial, &before);
    assert_int_equal(trial->resolved.count, 0);
    assert_int_equal(trial->standing.count, 1);
    /* It is remembered all the same, and is over when the evidence is there. */
    before = remember(trial, &before);
    now(trial, SEVERITY_HIGH, true, none);
    compare(trial, &before);
    assert_int_equal(trial->resolved.count, 1);
    assert_int_equal(trial->standing.count, 0);
    before = remember(trial, &before);
    assert_int_equal(check_state_find(&before, "leavers")->alert_count, 0);
}

static void nothing_is_over_among_more_than_are_listed(void **state) {
    struct trial *trial = *state;
    struct check_state before = {0};

    now(trial, SEVERITY_HIGH, true, two);
    before = remember(trial, &before);
    now(trial, SEVERITY_HIGH, true, one);
    trial->alert.total = 2; /* the other may be the one that is not listed */
    compare(trial, &before);
    assert_int_equal(trial->resolved.count, 0);
}

static void what_is_awaited_is_remembered_until_it_is_answered(void **state) {
    struct trial *trial = *state;
    struct check_state before = {0};

    now(trial, SEVERITY_HIGH, false, none);
    trial->tests[0].outcome = CHECK_AWAITED;
    trial->tests[0].due = LAST_OF_NOVEMBER + 10 * 86400;
    before = remember(trial, &before);
    const struct check_state_check *check = check_state_find(&before, "leavers");
    assert_int_equal(check->awaited_count, 1);
    assert_int_equal(check->awaited[0].due, LAST_OF_NOVEMBER + 10 * 86400);
    assert_false(check_state_is_overdue(check, LAST_OF_NOVEMBER + 9 * 86400));
    assert_true(check_state_is_overdue(check, LAST_OF_NOVEMBER + 10 * 86400));
    /* Another window does not answer it, the same one does. */
    trial->window.id = "2025-12";
    now(trial, SEVERITY_HIGH, true, none);
    assert_null(check_state_answer(&check->awaited[0], &trial->result, &trial->windows));
    before = remember(trial, &before);
    assert_int_equal(check_state_find(&before, "leavers")->awaited_count, 1);
    trial->window.id = "2025-11";
    now(trial, SEVERITY_HIGH, true, none);
    before = remember(trial, &before);
    assert_int_equal(check_state_find(&before, "leavers")->awaited_count, 0);
}

static void an_earlier_day_changes_nothing_but_answers(void **state) {
    struct trial *trial = *state;
    struct check_state before = {0};

    now(trial, SEVERITY_HIGH, true, one);
    before = remember(trial, &before);
    now(trial, SEVERITY_HIGH, true, none);
    assert_true(check_state_update(trial->arena, &before, &trial->result, &trial->windows, &trial->standing,
                                   LAST_OF_NOVEMBER - 30 * 86400));
    assert_int_equal(check_state_find(&before, "leavers")->checked, LAST_OF_NOVEMBER);
    assert_int_equal(check_state_find(&before, "leavers")->alert_count, 1);
}

/* Whatever is wrong, the state is empty and it is said once. */
static void a_state_that_is_not_ours_counts_for_nothing(void **state) {
    static const char *const wrong[] = {
        "",
        "{",
        "[]",
        "\xff\xfe",
        "{\"version\": 1}",
        "{\"version\": \"one\", \"checks\": []}",
        "{\"version\": 3, \"checks\": []}",
        "{\"version\": 1, \"checks\": [1]}",
        "{\"version\": 1, \"checks\": [], \"checks\": []}",
        "{\"version\": 1, \"checks\": [{\"check\": \"leavers\"}]}",
        "{\"version\": 1, \"checks\": [{\"check\": \"leavers\", \"checked\": \"2025-13-01\", \"alerts\": [], "
        "\"awaited\": []}]}",
        "{\"version\": 1, \"checks\": [{\"check\": \"leavers\", \"checked\": \"2025-11-30\", \"alerts\": {}, "
        "\"awaited\": []}]}",
        "{\"version\": 1, \"checks\": [{\"check\": \"leavers\", \"checked\": \"2025-11-30\", \"alerts\": "
        "[{\"when\": \"any_violations\", \"severity\": \"high\", \"total\": 99999999999999999999, \"failures\": []}], "
        "\"awaited\": []}]}",
        "a: &a [1]\nversion: 1\nchecks: *a\n",
    };
    struct trial *trial = *state;

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct check_state read;
        assert_true(
            check_state_read(trial->arena, "state.json", wrong[i], strlen(wrong[i]), &read, trial->diagnostics));
        assert_int_equal(read.check_count, 0);
        assert_int_equal(diagnostics_count_id(trial->diagnostics, DIAGNOSTIC_CHECK_STATE), i + 1);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_never_seen_is_new, begin, end),
        cmocka_unit_test_setup_teardown(the_same_again_is_repeated, begin, end),
        cmocka_unit_test_setup_teardown(fewer_are_repeated_and_the_rest_is_over, begin, end),
        cmocka_unit_test_setup_teardown(another_item_is_worse_though_no_more_of_them, begin, end),
        cmocka_unit_test_setup_teardown(more_or_heavier_is_worse, begin, end),
        cmocka_unit_test_setup_teardown(all_gone_is_resolved_only_where_it_was_looked_at, begin, end),
        cmocka_unit_test_setup_teardown(nothing_is_over_among_more_than_are_listed, begin, end),
        cmocka_unit_test_setup_teardown(what_is_awaited_is_remembered_until_it_is_answered, begin, end),
        cmocka_unit_test_setup_teardown(an_earlier_day_changes_nothing_but_answers, begin, end),
        cmocka_unit_test_setup_teardown(a_state_that_is_not_ours_counts_for_nothing, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
