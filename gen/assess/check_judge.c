#include "assess/check_judge.h"

#include "assess/check.sql.h"
#include "assess/check_private.h"
#include "base/limits.h"
#include "store/query.h"

#include <inttypes.h>
#include <string.h>

const char *check_outcome_name(enum check_outcome outcome) {
    static const char *const names[] = {
        [CHECK_NOT_APPLICABLE] = "not applicable", [CHECK_AWAITED] = "awaited",
        [CHECK_NO_OCCURRENCE] = "no occurrence",   [CHECK_PASSED] = "passed",
        [CHECK_INSUFFICIENT] = "insufficient",     [CHECK_VIOLATED] = "violated",
    };
    return names[outcome];
}

const char *check_change_name(enum check_change change) {
    static const char *const names[] = {
        [CHECK_NEW] = "new",
        [CHECK_WORSE] = "worse",
        [CHECK_REPEATED] = "repeated",
    };
    return names[change];
}

bool check_judge_no_memory(const struct check_stores *stores) {
    diagnostics_report(stores->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory for the results of checks");
    return false;
}

/* The window in which a test of a check is judged; SIZE_MAX after reporting. */
static size_t test_window(struct check_stores *stores, const struct check *check, const struct control *control,
                          const struct test *test) {
    struct query query = {0};
    unsigned cadences = check->window >= 0 ? CHECK_WINDOW_CADENCE(check->window) : 0;

    if (test->query == NULL) {
        cadences |= CHECK_WINDOW_CADENCE(test->manual.each);
    }
    bool done = query_open(&query, store_connection(stores->stores[0]), "check_cadences", sql_check_cadences,
                           stores->diagnostics);
    for (size_t i = 0; done && i <= test->witness.count; i++) {
        query_text(&query, 1, test->id);
        query_text(&query, 2, control->id);
        query_text(&query, 3, i < test->witness.count ? test->witness.items[i] : NULL);
        while (query_step(&query)) {
            int cadence = schema_cadence(query_column_text(&query, 0));
            cadences |= cadence >= 0 ? CHECK_WINDOW_CADENCE(cadence) : 0;
        }
        done = query_reset(&query);
    }
    if (!query_close(&query) || !done) {
        return SIZE_MAX;
    }
    size_t window = check_window_find(stores->arena, stores->programme, cadences, &stores->windows);
    if (window == SIZE_MAX) {
        check_judge_no_memory(stores);
    }
    return window;
}

size_t check_judge_alert_window(struct check_stores *stores, const struct check *check,
                                const struct check_alert *alert) {
    if (alert->when == CHECK_STALE) {
        return check_window_back(stores->arena, alert->days, &stores->windows);
    }
    return check_window_find(stores->arena, stores->programme,
                             check->window >= 0 ? CHECK_WINDOW_CADENCE(check->window) : 0, &stores->windows);
}

bool check_judge_plan(struct check_stores *stores, const struct check *check) {
    for (size_t i = 0; i < check->tests.count; i++) {
        const struct control *control = NULL;
        const struct test *test = schema_test(stores->schema, check->tests.items[i], &control);
        if (test == NULL || test_window(stores, check, control, test) == SIZE_MAX) {
            return false;
        }
    }
    for (size_t i = 0; i < check->alert_count; i++) {
        if (check_judge_alert_window(stores, check, &check->alerts[i]) == SIZE_MAX) {
            return check_judge_no_memory(stores);
        }
    }
    return true;
}

/* ---- tests ---- */

static enum check_outcome outcome_of(const char *verdict) {
    static const struct {
        enum verdict verdict;
        enum check_outcome outcome;
    } outcomes[] = {
        {VERDICT_NOT_APPLICABLE, CHECK_NOT_APPLICABLE}, {VERDICT_EFFECTIVE, CHECK_PASSED},
        {VERDICT_NO_OCCURRENCE, CHECK_NO_OCCURRENCE},   {VERDICT_PENDING, CHECK_INSUFFICIENT},
        {VERDICT_INSUFFICIENT, CHECK_INSUFFICIENT},     {VERDICT_EXCEPTION, CHECK_VIOLATED},
    };
    for (size_t i = 0; i < sizeof outcomes / sizeof outcomes[0]; i++) {
        if (strcmp(schema_verdict_names[outcomes[i].verdict], verdict) == 0) {
            return outcomes[i].outcome;
        }
    }
    return CHECK_INSUFFICIENT;
}

/* What a test waits for: the end of the grace, or INT64_MIN where it waits for nothing. */
static bool find_awaited(struct check_stores *stores, const struct control *control, const struct test *test,
                         size_t window, int64_t *due) {
    const struct check_window *seen = &stores->windows.items[window];
    struct query query = {0};

    *due = INT64_MIN;
    if (seen->as_of == seen->span.until - 1) {
        return true; /* nobody looks later: what has not come is missing */
    }
    if (test->query == NULL) {
        /* A person attests once in each interval; the last one is not over. */
        *due = check_window_open(seen) ? seen->span.until - 1 : INT64_MIN;
        return true;
    }
    bool done = query_open(&query, store_connection(stores->stores[window]), "check_awaited", sql_check_awaited,
                           stores->diagnostics);
    query_text(&query, 1, test->id);
    query_text(&query, 2, control->id);
    query_integer(&query, 3, seen->as_of);
    if (done && query_step(&query) && !query_column_null(&query, 0)) {
        *due = query_column_integer(&query, 0);
    }
    return query_close(&query) && done;
}

static bool judge_test(struct check_stores *stores, const struct check *check, const char *id,
                       struct check_test_result *out) {
    const struct control *control = NULL;
    const struct test *test = schema_test(stores->schema, id, &control);
    struct query query = {0};
    bool short_of = false;
    bool only_open = false;

    if (test == NULL) {
        return false;
    }
    *out = (struct check_test_result){.control = control->id, .test = test->id, .title = test->title};
    out->window = test_window(stores, check, control, test);
    if (out->window == SIZE_MAX) {
        return false;
    }
    bool done = query_open(&query, store_connection(stores->stores[out->window]), "check_result", sql_check_result,
                           stores->diagnostics);
    query_text(&query, 1, test->id);
    if (done && query_step(&query)) {
        out->verdict = arena_text(stores->arena, query_column_text(&query, 0));
        out->population = query_column_integer(&query, 2);
        out->exceptions = query_column_integer(&query, 3);
        out->undetermined = query_column_integer(&query, 4);
        short_of = query_column_integer(&query, 5) != 0;
        only_open = query_column_integer(&query, 5) == 1 && out->undetermined > 0;
    }
    if (!query_close(&query) || !done) {
        return false;
    }
    if (out->verdict == NULL) {
        return check_judge_no_memory(stores);
    }
    out->outcome = outcome_of(out->verdict);
    out->judged = !short_of && out->outcome != CHECK_NOT_APPLICABLE;
    if (out->outcome == CHECK_NOT_APPLICABLE || (test->query == NULL && !short_of)) {
        return true;
    }
    if (!find_awaited(stores, control, test, out->window, &out->due)) {
        return false;
    }
    if (out->due != INT64_MIN) {
        out->outcome = CHECK_AWAITED;
        out->judged = false;
        return true;
    }
    /* What is too early to tell of some items is told by the end of the window at the latest. */
    out->early = only_open && check_window_open(&stores->windows.items[out->window]);
    if (out->early && out->outcome == CHECK_INSUFFICIENT) {
        out->outcome = CHECK_PASSED;
    }
    return true;
}

/* ---- alerts ---- */

struct check_alert_result *check_judge_add_alert(struct check_stores *stores, struct check_result *result,
                                                 const char *when, int severity, const char *message,
                                                 const char *action) {
    struct check_alert_result *alert =
        arena_push(stores->arena, &result->alerts, &result->alert_count, sizeof *result->alerts);
    const char *id = arena_format(stores->arena, "%s:%s", result->check->id, when);

    if (alert == NULL || id == NULL) {
        check_judge_no_memory(stores);
        return NULL;
    }
    *alert = (struct check_alert_result){
        .id = id, .check = result->check, .when = when, .severity = severity, .message = message, .action = action};
    return alert;
}

bool check_judge_add_failure(struct check_stores *stores, struct check_alert_result *alert,
                             const struct check_failure *failure) {
    struct arena *arena = stores->arena;

    alert->total++;
    if (alert->failure_count >= LIMIT_CHECK_FAILURES) {
        return true;
    }
    struct check_failure *slot = arena_push(arena, &alert->failures, &alert->failure_count, sizeof *alert->failures);
    if (slot == NULL) {
        return check_judge_no_memory(stores);
    }
    *slot = *failure;
    slot->item = arena_text(arena, failure->item != NULL ? failure->item : "");
    slot->text = arena_text(arena, failure->text != NULL ? failure->text : "");
    slot->waiver = failure->waiver != NULL ? arena_text(arena, failure->waiver) : NULL;
    slot->evidence = failure->evidence != NULL ? arena_text(arena, failure->evidence) : NULL;
    slot->fresh = true;
    return (slot->item != NULL && slot->text != NULL) || check_judge_no_memory(stores);
}

/* The kept exceptions or undetermined items of a test. */
static bool add_kept(struct check_stores *stores, const struct check_test_result *test, const char *state, int severity,
                     struct check_alert_result *alert) {
    struct query query = {0};
    bool done = query_open(&query, store_connection(stores->stores[test->window]), "check_failures", sql_check_failures,
                           stores->diagnostics);

    query_text(&query, 1, test->test);
    query_text(&query, 2, state);
    while (done && query_step(&query)) {
        const struct check_failure failure = {
            .control = test->control,
            .test = test->test,
            .item = query_column_text(&query, 0),
            .text = query_column_text(&query, 1),
            .has_ref = !query_column_null(&query, 2),
            .ref = query_column_integer(&query, 2),
            .waiver = query_column_text(&query, 3),
            .evidence = query_column_text(&query, 4),
            .severity = severity,
            .window = test->window,
        };
        done = check_judge_add_failure(stores, alert, &failure);
    }
    return query_close(&query) && done;
}

static int test_severity(const struct check_stores *stores, const char *id) {
    const struct control *control = NULL;
    const struct test *test = schema_test(stores->schema, id, &control);

    return test != NULL ? (int)test->severity : SEVERITY_MEDIUM;
}

/* Where management has accepted every failure, somebody should know and nobody has to get up. */
static void weigh(struct check_alert_result *alert, int declared) {
    bool all_accepted = alert->total == alert->failure_count;
    int heaviest = SEVERITY_LOW;

    for (size_t i = 0; i < alert->failure_count; i++) {
        const struct check_failure *failure = &alert->failures[i];
        if (failure->waiver == NULL) {
            all_accepted = false;
            heaviest = failure->severity > heaviest ? failure->severity : heaviest;
        }
    }
    alert->severity = all_accepted ? SEVERITY_LOW : declared != CHECK_BY_TESTS ? declared : heaviest;
}

static bool judge_violations(struct check_stores *stores, const struct check_alert *declared,
                             struct check_result *result) {
    struct check_alert_result *alert = NULL;

    for (size_t i = 0; i < result->test_count; i++) {
        const struct check_test_result *test = &result->tests[i];
        if (test->outcome != CHECK_VIOLATED || test->control == NULL) {
            continue;
        }
        if (alert == NULL) {
            alert = check_judge_add_alert(stores, result, declared->when_text, SEVERITY_LOW, declared->message,
                                          declared->action);
        }
        if (alert == NULL || !add_kept(stores, test, "exception", test_severity(stores, test->test), alert)) {
            return false;
        }
        alert->population += test->population;
    }
    if (alert != NULL) {
        weigh(alert, declared->severity);
    }
    return true;
}

/* ---- insufficient evidence ---- */

/* Every way in which a test's evidence is short, but for items that could not be determined: they are listed. */
static bool add_reasons(struct check_stores *stores, const struct check_test_result *test,
                        struct check_alert_result *alert, int severity) {
    struct query query = {0};
    const char *listed = arena_format(stores->arena, "%" PRId64 " of %" PRId64 " items could not be determined",
                                      test->undetermined, test->population);
    bool done = listed != NULL && query_open(&query, store_connection(stores->stores[test->window]), "check_reasons",
                                             sql_check_reasons, stores->diagnostics);

    query_text(&query, 1, test->test);
    while (done && query_step(&query)) {
        const struct check_failure failure = {.control = test->control,
                                              .test = test->test,
                                              .text = query_column_text(&query, 0),
                                              .severity = severity,
                                              .window = test->window};
        done = strcmp(failure.text, listed) == 0 || check_judge_add_failure(stores, alert, &failure);
    }
    return query_close(&query) && done;
}

static bool judge_insufficient(struct check_stores *stores, struct check_result *result, const struct buffer *lacking) {
    const struct check_insufficient *declared = &result->check->insufficient;
    struct check_alert_result *alert = NULL;

    for (size_t i = 0; i < result->test_count; i++) {
        const struct check_test_result *test = &result->tests[i];
        bool short_of =
            !test->judged && !test->early && (test->outcome == CHECK_INSUFFICIENT || test->outcome == CHECK_VIOLATED);
        if (!short_of) {
            continue;
        }
        if (alert == NULL) {
            alert = check_judge_add_alert(stores, result, CHECK_WHEN_INSUFFICIENT, declared->severity,
                                          declared->message, declared->action);
        }
        if (alert == NULL) {
            return false;
        }
        alert->population += test->population;
        if (test->control == NULL) {
            const struct check_failure failure = {
                .test = test->test, .text = lacking[i].data, .severity = declared->severity, .window = test->window};
            if (!check_judge_add_failure(stores, alert, &failure)) {
                return false;
            }
        } else if (!add_reasons(stores, test, alert, declared->severity) ||
                   !add_kept(stores, test, "undetermined", declared->severity, alert)) {
            return false;
        }
    }
    return true;
}

/* ---- the whole check ---- */

static bool judge_all(struct check_stores *stores, struct check_result *result, struct buffer *lacking) {
    const struct check *check = result->check;
    bool done = true;

    for (size_t i = 0; done && i < check->tests.count; i++) {
        done = judge_test(stores, check, check->tests.items[i], &result->tests[i]);
    }
    result->test_count = check->tests.count;
    for (size_t i = 0; done && i < check->alert_count; i++) {
        const struct check_alert *alert = &check->alerts[i];
        switch (alert->when) {
        case CHECK_ANY_VIOLATIONS:
            done = judge_violations(stores, alert, result);
            break;
        case CHECK_STALE:
            done = check_stale_judge(stores, alert, result);
            break;
        case CHECK_QUERY:
            done = check_threshold_judge(stores, alert, &result->tests[result->test_count], result,
                                         &lacking[result->test_count]);
            result->test_count++;
            break;
        }
    }
    return done && judge_insufficient(stores, result, lacking);
}

bool check_judge(struct check_stores *stores, const struct check *check, struct check_result *out) {
    size_t most = check->tests.count + check->alert_count;
    struct buffer *lacking = arena_array(stores->arena, most + 1, sizeof *lacking);

    *out = (struct check_result){.check = check};
    out->tests = arena_array(stores->arena, most + 1, sizeof *out->tests);
    if (out->tests == NULL || lacking == NULL) {
        return check_judge_no_memory(stores);
    }
    bool done = judge_all(stores, out, lacking);
    for (size_t i = 0; i < most; i++) {
        buffer_free(&lacking[i]);
    }
    for (size_t i = 0; i < out->test_count; i++) {
        out->outcome = out->tests[i].outcome > out->outcome ? out->tests[i].outcome : out->outcome;
    }
    for (size_t i = 0; i < out->alert_count; i++) {
        if (strcmp(out->alerts[i].when, CHECK_WHEN_INSUFFICIENT) != 0) {
            out->outcome = CHECK_VIOLATED;
        }
    }
    return done;
}

bool check_judge_overdue(struct check_stores *stores, const struct check_state_check *before, int64_t as_of,
                         struct check_result *result) {
    const struct check_insufficient *declared = &result->check->insufficient;
    struct check_alert_result *alert = NULL;
    char date[DATETIME_ISO_BYTES];

    for (size_t i = 0; before != NULL && i < before->awaited_count; i++) {
        const struct check_state_awaited *awaited = &before->awaited[i];
        if (awaited->due > as_of || check_state_answer(awaited, result, &stores->windows) != NULL) {
            continue;
        }
        if (alert == NULL) {
            alert = check_judge_add_alert(stores, result, CHECK_WHEN_OVERDUE, declared->severity, declared->message,
                                          declared->action);
        }
        datetime_date(awaited->due, date);
        const char *text = arena_format(stores->arena,
                                        "its evidence of %s was due by %s, and was not looked at since; check the end "
                                        "of %s again with --as-of %s or later",
                                        awaited->window, date, awaited->window, date);
        const struct check_failure failure = {
            .test = awaited->test, .item = awaited->window, .text = text, .severity = declared->severity};
        if (alert == NULL || text == NULL || !check_judge_add_failure(stores, alert, &failure)) {
            return false;
        }
    }
    if (alert != NULL && result->outcome < CHECK_INSUFFICIENT) {
        result->outcome = CHECK_INSUFFICIENT;
    }
    return true;
}
