#include "assess/check_private.h"

#include "assess/bind.h"
#include "assess/check.sql.h"
#include "base/limits.h"
#include "store/query.h"
#include "store/tables.h"

#include <inttypes.h>
#include <string.h>

struct threshold_run {
    const struct check_alert *declared;
    const struct control *threshold;
    size_t window;
    struct check_test_result *seen;
    struct check_alert_result *alert; /* NULL: nothing deviates so far */
    struct buffer lacking;            /* what the evidence lacks */
};

/* Whether every source of every type that the query reads has given something that counts. */
static bool find_lacking(struct check_stores *stores, const struct guard_query *query, struct threshold_run *run) {
    const struct check_window *window = &stores->windows.items[run->window];
    size_t count = 0;
    const struct guard_read *reads = guard_reads(query, &count);
    size_t last = SIZE_MAX;
    bool done = true;

    for (size_t i = 0; done && i < count; i++) {
        size_t type = tables_type(stores->schema, reads[i].table);
        struct query sources = {0};
        bool any = false;
        if (type == SIZE_MAX || type == last) {
            continue;
        }
        last = type;
        const char *id = stores->schema->types[type].id;
        done = query_open(&sources, store_connection(stores->stores[run->window]), "check_sources", sql_check_sources,
                          stores->diagnostics);
        query_text(&sources, 1, id);
        query_integer(&sources, 2, window->span.from);
        query_integer(&sources, 3, window->span.until);
        while (done && query_step(&sources)) {
            any = true;
            if (query_column_integer(&sources, 1) == 0) {
                buffer_format(&run->lacking, "%s%s gave no usable %s", run->lacking.length > 0 ? "; " : "",
                              query_column_text(&sources, 0), id);
            }
        }
        done = query_close(&sources) && done;
        if (!any) {
            buffer_format(&run->lacking, "%sno source of %s is in force", run->lacking.length > 0 ? "; " : "", id);
        }
    }
    return done;
}

static bool add_row(struct check_stores *stores, struct check_result *result, struct guard_query *query,
                    struct threshold_run *run) {
    int undetermined = guard_column(query, "undetermined");
    int ref = guard_column(query, "ref");
    const char *item = guard_text(query, guard_column(query, "item"));
    const char *exception = guard_text(query, guard_column(query, "exception"));

    run->seen->population++;
    if (item == NULL || strlen(item) > LIMIT_ITEM_BYTES ||
        (exception != NULL && strlen(exception) > LIMIT_ITEM_BYTES) ||
        (exception == NULL && undetermined >= 0 && !guard_is_null(query, undetermined))) {
        run->seen->undetermined++;
        return true;
    }
    if (exception == NULL) {
        return true;
    }
    run->seen->exceptions++;
    if (run->alert == NULL) {
        run->alert = check_judge_add_alert(stores, result, run->declared->when_text, run->declared->severity,
                                           run->declared->message, run->declared->action);
    }
    struct query file = {0};
    bool has_ref = !guard_is_null(query, ref);
    bool done = run->alert != NULL && query_open(&file, store_connection(stores->stores[run->window]), "check_evidence",
                                                 sql_check_evidence, stores->diagnostics);
    query_integer(&file, 1, STORE_REF_EVIDENCE(guard_integer(query, ref)));
    const struct check_failure failure = {
        .test = run->threshold->id,
        .item = item,
        .text = exception,
        .has_ref = has_ref,
        .ref = guard_integer(query, ref),
        .evidence = done && has_ref && query_step(&file) ? query_column_text(&file, 0) : NULL,
        .severity = run->declared->severity,
        .window = run->window,
    };
    done = done && check_judge_add_failure(stores, run->alert, &failure);
    return query_close(&file) && done;
}

static bool run_threshold(struct check_stores *stores, struct check_result *result, struct threshold_run *run) {
    const struct check_window *window = &stores->windows.items[run->window];
    const struct test *test = &run->threshold->tests[0];
    const struct bind_values values = {.control = run->threshold, .period = window->span, .as_of = window->as_of};
    struct guard *guard = guard_open(stores->paths[run->window], window->as_of, stores->diagnostics);
    const char *subject = arena_format(stores->arena, "test %s", test->id);

    if (guard != NULL) {
        guard_about(guard, subject);
    }
    struct guard_query *query = guard != NULL ? guard_prepare(guard, test->query, &test->query_place) : NULL;
    bool done = query != NULL && find_lacking(stores, query, run) &&
                bind_parameters(query, &values, test, NULL, stores->diagnostics);

    while (done) {
        enum guard_step step = guard_step(query);
        if (step != GUARD_ROW) {
            done = step == GUARD_DONE;
            break;
        }
        done = add_row(stores, result, query, run);
    }
    guard_query_free(query);
    guard_free(guard);
    if (run->alert != NULL) {
        run->alert->population = run->seen->population;
    }
    return done;
}

bool check_threshold_judge(struct check_stores *stores, const struct check_alert *declared,
                           struct check_test_result *seen, struct check_result *result, struct buffer *lacking) {
    struct threshold_run run = {
        .declared = declared,
        .threshold = &stores->schema->checks.thresholds[declared->threshold],
        .window = check_judge_alert_window(stores, result->check, declared),
        .seen = seen,
    };
    if (run.window == SIZE_MAX) {
        return check_judge_no_memory(stores);
    }
    *seen = (struct check_test_result){
        .test = run.threshold->id, .title = run.threshold->title, .window = run.window, .outcome = CHECK_PASSED};
    bool done = run_threshold(stores, result, &run);
    if (seen->undetermined > 0) {
        buffer_format(&run.lacking, "%s%" PRId64 " of %" PRId64 " items could not be determined",
                      run.lacking.length > 0 ? "; " : "", seen->undetermined, seen->population);
    }
    if (seen->population == 0 && run.lacking.length == 0) {
        buffer_append_text(&run.lacking, "the population is empty");
    }
    seen->judged = run.lacking.length == 0;
    if (seen->exceptions > 0) {
        seen->outcome = CHECK_VIOLATED;
    } else if (run.lacking.length > 0) {
        bool waits = check_window_open(&stores->windows.items[run.window]);
        seen->outcome = waits ? CHECK_AWAITED : CHECK_INSUFFICIENT;
        seen->due = stores->windows.items[run.window].span.until - 1;
    }
    if (run.lacking.length > 0 && seen->outcome != CHECK_AWAITED) {
        buffer_append(lacking, run.lacking.data, run.lacking.length);
    }
    done = done && !run.lacking.failed && !lacking->failed;
    buffer_free(&run.lacking);
    return done;
}
