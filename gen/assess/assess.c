#include "assess/assess.h"

#include "assess/challenge.h"
#include "assess/continuity.h"
#include "assess/coverage.h"
#include "assess/finding.h"
#include "assess/judge.h"
#include "assess/judge.sql.h"
#include "assess/metric.h"
#include "assess/population_list.h"
#include "assess/roi.h"
#include "store/guard.h"
#include "store/query.h"
#include "store/transaction.sql.h"

bool assess_run(struct store *store, const char *store_path, const struct schema *schema,
                const struct programme *programme, struct challenge_job *challenges, struct progress *progress,
                struct diagnostics *diagnostics) {
    sqlite3 *connection = store_connection(store);
    struct metric_answers *answers = metric_answers_new(store, schema, programme, diagnostics);
    struct guard *guard = NULL;

    /* Coverage is committed for the tests to see, on connections of their own; results are for later. */
    bool judged = answers != NULL && query_execute(connection, "begin", sql_begin, diagnostics) &&
                  coverage_run(store, programme, diagnostics) &&
                  query_execute(connection, "commit", sql_commit, diagnostics) &&
                  query_execute(connection, "begin", sql_begin, diagnostics) &&
                  judge_run(store, store_path, schema, programme, challenges, answers, progress, diagnostics) &&
                  query_execute(connection, "judge_control_states", sql_judge_control_states, diagnostics) &&
                  query_execute(connection, "judge_criteria", sql_judge_criteria, diagnostics) &&
                  continuity_run(store, diagnostics);
    if (judged) {
        guard = guard_open(store_path, store_options(store)->as_of, diagnostics);
    }
    bool done = guard != NULL && finding_run(store, guard, schema, programme, diagnostics) &&
                query_execute(connection, "commit", sql_commit, diagnostics) &&
                query_execute(connection, "begin", sql_begin, diagnostics) &&
                metric_run(store, guard, schema, answers, diagnostics) && roi_run(store, programme, diagnostics) &&
                query_execute(connection, "commit", sql_commit, diagnostics);
    guard_free(guard);
    metric_answers_free(answers);
    return done;
}

bool assess_challenges(const struct schema *schema, struct assess_challenges *counts, struct diagnostics *diagnostics) {
    struct challenge_results results;
    bool done = challenge_run(schema, &results, diagnostics);

    *counts = (struct assess_challenges){.tests = results.tests,
                                         .challenges = results.count,
                                         .failed = results.failed + results.metrics.failed,
                                         .metrics = results.metrics.metrics,
                                         .metric_challenges = results.metrics.count,
                                         .populations = schema->population_count};
    /* Where no test was tried at all, what is wrong with the schema has been said. */
    if (schema->population_count > 0 && (done || results.tests > 0)) {
        done = population_list_challenge(schema, &counts->population_challenges, diagnostics) && done;
    }
    challenge_results_free(&results);
    return done;
}
