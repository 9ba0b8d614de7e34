#include "assess/assess.h"

#include "assess/attestation.h"
#include "assess/bind.h"
#include "assess/challenge.h"
#include "assess/coverage.h"
#include "assess/finding.h"
#include "assess/judge.sql.h"
#include "assess/metric.sql.h"
#include "assess/population.h"
#include "assess/population.sql.h"
#include "assess/shortcoming.h"
#include "assess/verdict.h"
#include "store/guard.h"
#include "store/query.h"
#include "store/transaction.sql.h"

#include <stdlib.h>
#include <string.h>

/* What judging one test after the other needs. */
struct judge {
    struct store *store;
    const struct schema *schema;
    const struct programme *programme;
    struct diagnostics *diagnostics;
    struct guard *guard;
    struct shortcoming *shortcoming;
    bool answers; /* the schema says where manual tests are answered */
    struct query insert_challenge;
    struct query insert_exception;
    struct query insert_reference;
    struct query insert_result;
    struct query insert_state;
    struct query control_result;
};

static bool open_judge(struct judge *judge, const char *store_path) {
    sqlite3 *connection = store_connection(judge->store);
    const struct {
        struct query *query;
        const char *name;
        const char *sql;
    } all[] = {
        {&judge->insert_challenge, "judge_insert_challenge", sql_judge_insert_challenge},
        {&judge->insert_exception, "population_insert_exception", sql_population_insert_exception},
        {&judge->insert_reference, "population_insert_reference", sql_population_insert_reference},
        {&judge->insert_result, "judge_insert_result", sql_judge_insert_result},
        {&judge->insert_state, "judge_insert_state", sql_judge_insert_state},
        {&judge->control_result, "judge_control_result", sql_judge_control_result},
    };

    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (!query_open(all[i].query, connection, all[i].name, all[i].sql, judge->diagnostics)) {
            return false;
        }
    }
    for (size_t v = 0; v < judge->schema->view_count; v++) {
        judge->answers = judge->answers || strcmp(judge->schema->views[v].id, SCHEMA_ATTESTATION) == 0;
    }
    judge->guard = guard_open(store_path, store_options(judge->store)->as_of, judge->diagnostics);
    judge->shortcoming = shortcoming_open(judge->store, judge->schema, judge->diagnostics);
    return judge->guard != NULL && judge->shortcoming != NULL;
}

static bool close_judge(struct judge *judge) {
    bool done = true;

    shortcoming_free(judge->shortcoming);
    guard_free(judge->guard);
    done = query_close(&judge->insert_challenge) && done;
    done = query_close(&judge->insert_exception) && done;
    done = query_close(&judge->insert_reference) && done;
    done = query_close(&judge->insert_result) && done;
    done = query_close(&judge->insert_state) && done;
    return query_close(&judge->control_result) && done;
}

static bool write_result(struct judge *judge, const struct test *test, const struct verdict_states *states,
                         const struct population_result *result) {
    enum verdict verdict = verdict_weightiest(states);
    struct buffer printed = {0};
    char hex[DIGEST_HEX_BYTES];
    bool done = false;

    verdict_print(verdict, &result->counts, &printed);
    const char *text = buffer_text(&printed);
    if (text == NULL || states->failed) {
        diagnostics_report(judge->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory for the result of %s", test->id);
        goto end;
    }
    digest_hex(result->digest.bytes, hex);
    query_text(&judge->insert_result, 1, test->id);
    query_text(&judge->insert_result, 2, schema_verdict_names[verdict]);
    query_text(&judge->insert_result, 3, text);
    query_integer(&judge->insert_result, 4, (int64_t)result->counts.population);
    query_integer(&judge->insert_result, 5, (int64_t)result->counts.exceptions);
    query_integer(&judge->insert_result, 6, (int64_t)result->counts.undetermined);
    query_text(&judge->insert_result, 7, hex);
    done = query_run(&judge->insert_result);
    for (size_t i = 0; done && i < states->count; i++) {
        query_text(&judge->insert_state, 1, test->id);
        query_integer(&judge->insert_state, 2, (int64_t)i + 1);
        query_text(&judge->insert_state, 3, schema_verdict_names[states->states[i].verdict]);
        query_text(&judge->insert_state, 4, states->states[i].reason);
        done = query_run(&judge->insert_state);
    }

end:
    buffer_free(&printed);
    return done;
}

/* A query over the whole population, on what its evidence can carry. */
static bool judge_query(struct judge *judge, const struct control *control, const struct population_run *run,
                        struct verdict_states *states, struct population_result *result) {
    const struct test *test = run->test;
    bool done = false;
    struct guard_query *query = guard_prepare(judge->guard, test->query, &test->query_place);

    if (query == NULL || !shortcoming_find(judge->shortcoming, control, test, query, states) ||
        !population_test(run, query, result, states)) {
        goto end;
    }
    bool zero_proven = result->counts.population == 0 && test->witness.count > 0;
    if (zero_proven && !shortcoming_witness(judge->shortcoming, control, test, states)) {
        goto end;
    }
    verdict_judge(states, &result->counts, test->tolerable, zero_proven);
    done = true;

end:
    guard_query_free(query);
    return done;
}

static bool judge_evidence(struct judge *judge, const struct control *control, const struct test *test,
                           struct verdict_states *states, struct population_result *result) {
    const struct store_options *options = store_options(judge->store);
    const struct bind_values values = {
        .control = control, .programme = judge->programme, .period = options->span, .as_of = options->as_of};
    const struct population_run run = {
        .guard = judge->guard,
        .test = test,
        .values = &values,
        .insert_exception = &judge->insert_exception,
        .insert_reference = &judge->insert_reference,
        .diagnostics = judge->diagnostics,
    };
    return test->query == NULL ? attestation_test(&run, judge->answers, result, states)
                               : judge_query(judge, control, &run, states, result);
}

/* What the tests of one control add up to: the weightiest verdict, and whether any test let deviations pass. */
struct control_outcome {
    enum verdict verdict;
    bool deviations;
};

static bool judge_test(struct judge *judge, const struct control *control, const struct test *test,
                       struct control_outcome *outcome) {
    const char *exclusion = programme_not_applicable(judge->programme, judge->schema, control);
    const struct span period = store_options(judge->store)->span;
    struct verdict_states states = {0};
    struct population_result result = {0};
    bool done = true;

    if (exclusion != NULL) {
        verdict_add(&states, VERDICT_NOT_APPLICABLE, "%s", exclusion);
    } else if (control->effective_from >= period.until || control->superseded <= period.from) {
        verdict_add(&states, VERDICT_NOT_APPLICABLE, "the control was not in force in the period");
    } else if (judge->programme->type_one && test->query != NULL && test->latest_reason == NULL) {
        verdict_add(&states, VERDICT_NOT_APPLICABLE, "operation over a period is not tested in a type I report");
    } else {
        done = judge_evidence(judge, control, test, &states, &result);
    }
    done = done && write_result(judge, test, &states, &result);
    if (done) {
        enum verdict verdict = verdict_weightiest(&states);
        outcome->verdict = verdict > outcome->verdict ? verdict : outcome->verdict;
        outcome->deviations = outcome->deviations || (verdict == VERDICT_EFFECTIVE && result.counts.exceptions > 0);
    }
    verdict_free(&states);
    return done;
}

static bool write_control(struct judge *judge, const struct control *control, const struct control_outcome *outcome) {
    static const char *const printed[VERDICT_COUNT] = {
        [VERDICT_NOT_APPLICABLE] = "not applicable",
        [VERDICT_EFFECTIVE] = "no exceptions noted",
        [VERDICT_NO_OCCURRENCE] = "no occurrence in the period",
        [VERDICT_PENDING] = "manual evidence awaited",
        [VERDICT_INSUFFICIENT] = "insufficient evidence",
        [VERDICT_EXCEPTION] = "exceptions noted",
    };
    bool deviations = outcome->verdict == VERDICT_EFFECTIVE && outcome->deviations;

    query_text(&judge->control_result, 1, control->id);
    query_text(&judge->control_result, 2, schema_verdict_names[outcome->verdict]);
    query_text(&judge->control_result, 3, deviations ? "effective with deviations" : printed[outcome->verdict]);
    return query_run(&judge->control_result);
}

static bool judge_controls(struct judge *judge, struct progress *progress) {
    bool done = true;

    for (size_t c = 0; c < judge->schema->control_count; c++) {
        const struct control *control = &judge->schema->controls[c];
        struct control_outcome outcome = {VERDICT_NOT_APPLICABLE, false};

        if (control->test_count == 0) {
            outcome.verdict = VERDICT_INSUFFICIENT; /* nothing shows that it operates */
        }
        /* A broken test is reported; the others are run all the same, so that every fault is known at once. */
        bool judged = true;
        for (size_t t = 0; t < control->test_count; t++) {
            judged = judge_test(judge, control, &control->tests[t], &outcome) && judged;
        }
        done = judged && write_control(judge, control, &outcome) && done;
        progress_add(progress, 1, 0);
    }
    return done;
}

bool assess_run(struct store *store, const char *store_path, const struct schema *schema,
                const struct programme *programme, struct challenge_job *challenges, struct progress *progress,
                struct diagnostics *diagnostics) {
    sqlite3 *connection = store_connection(store);
    struct judge judge = {.store = store, .schema = schema, .programme = programme, .diagnostics = diagnostics};
    bool done = false;

    progress_stage(progress, "Testing controls", schema->control_count);
    /* Coverage is committed for the tests to see, on the guard's connection; results are for later. */
    if (!query_execute(connection, "begin", sql_begin, diagnostics) || !coverage_run(store, diagnostics) ||
        !query_execute(connection, "commit", sql_commit, diagnostics) || !open_judge(&judge, store_path) ||
        !query_execute(connection, "begin", sql_begin, diagnostics) ||
        !challenge_job_end(challenges, &judge.insert_challenge) || !judge_controls(&judge, progress)) {
        goto end;
    }
    done = query_execute(connection, "judge_control_states", sql_judge_control_states, diagnostics) &&
           query_execute(connection, "judge_criteria", sql_judge_criteria, diagnostics) &&
           finding_run(store, programme, diagnostics) &&
           query_execute(connection, "metric_insert", sql_metric_insert, diagnostics) &&
           query_execute(connection, "commit", sql_commit, diagnostics);

end:
    return close_judge(&judge) && done;
}

bool assess_challenges(const struct schema *schema, struct assess_challenges *counts, struct diagnostics *diagnostics) {
    struct challenge_results results;
    bool done = challenge_run(schema, &results, diagnostics);

    *counts = (struct assess_challenges){results.tests, results.count, results.failed};
    challenge_results_free(&results);
    return done;
}
