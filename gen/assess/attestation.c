#include "assess/attestation.h"

#include "assess/attestation.sql.h"
#include "assess/coverage.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define INTERVAL_BYTES (3 * DATETIME_ISO_BYTES)

static bool bind_interval(const struct population_run *run, struct guard_query *query, const struct span *interval) {
    const struct {
        const char *name;
        int64_t value;
    } times[] = {{"from", interval->from}, {"until", interval->until}, {"as_of", run->values->as_of}};
    const char *id = run->test->id;
    const struct value test = {.kind = VALUE_TEXT, .text = {id, strlen(id)}};
    bool bound = guard_bind(query, "test", &test);

    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        const struct value value = {.kind = VALUE_INTEGER, .integer = times[i].value};
        bound = guard_bind(query, times[i].name, &value) && bound;
    }
    return bound;
}

/* What an interval is called in lists: its first and its last day. */
static void name_interval(const struct span *interval, char out[INTERVAL_BYTES]) {
    char first[DATETIME_ISO_BYTES];
    char last[DATETIME_ISO_BYTES];

    datetime_date(interval->from, first);
    datetime_date(interval->until - 1, last);
    snprintf(out, INTERVAL_BYTES, "%s to %s", first, last);
}

static void add_pending(const struct population_run *run, const char *item, struct verdict_states *states) {
    verdict_add(states, VERDICT_PENDING, "%s: awaited from the %s, on %s", item, run->test->manual.by,
                run->test->manual.document);
}

/* The answer that the query stands on: digested, and kept where it deviates or shows nothing. */
static bool judge_answer(const struct population_run *run, struct guard_query *query, const char *item,
                         struct population_result *result, struct verdict_states *states) {
    int64_t ref = guard_integer(query, guard_column(query, "ref"));
    const char *exception = guard_text(query, guard_column(query, "exception"));
    const char *undetermined = guard_text(query, guard_column(query, "undetermined"));
    const char *text = exception != NULL ? exception : undetermined;
    struct buffer scratch = {0};

    bool done = population_digest(&result->digest, &scratch, item, true, ref);
    buffer_free(&scratch);
    if (!done) {
        diagnostics_report(run->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to test %s", run->test->id);
        return false;
    }
    if (text == NULL) {
        verdict_add(states, VERDICT_EFFECTIVE, "%s: %s", item, guard_text(query, guard_column(query, "attested")));
        return true;
    }
    result->counts.exceptions += exception != NULL;
    result->counts.undetermined += exception == NULL;
    return population_keep(run, result->counts.exceptions + result->counts.undetermined, item,
                           exception != NULL ? "exception" : "undetermined", text, ref);
}

/* One interval: an item of the population, with its answer, or pending. */
static bool judge_interval(const struct population_run *run, struct guard_query *query, const struct span *interval,
                           struct population_result *result, struct verdict_states *states) {
    char item[INTERVAL_BYTES];
    bool done = true;

    name_interval(interval, item);
    result->counts.population++;
    if (query == NULL) {
        add_pending(run, item, states);
        return true;
    }
    enum guard_step step = bind_interval(run, query, interval) ? guard_step(query) : GUARD_FAILED;
    if (step == GUARD_DONE) {
        add_pending(run, item, states);
    } else {
        done = step == GUARD_ROW && judge_answer(run, query, item, result, states);
    }
    guard_reset(query);
    return done;
}

bool attestation_test(const struct population_run *run, bool answers, struct population_result *result,
                      struct verdict_states *states) {
    struct coverage_intervals intervals = {0};
    struct guard_query *query = NULL;
    bool done = false;

    *result = (struct population_result){0};
    if (answers) {
        query = guard_prepare(run->guard, sql_attestation_find, &run->test->place);
        if (query == NULL) {
            goto end;
        }
    }
    if (!coverage_intervals(run->test->manual.each, &run->values->programme->holidays, run->values->period,
                            &intervals)) {
        diagnostics_report(run->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to test %s", run->test->id);
        goto end;
    }
    done = true;
    for (size_t i = 0; done && i < intervals.count; i++) {
        done = judge_interval(run, query, &intervals.spans[i], result, states);
    }
    if (result->counts.exceptions > 0) {
        verdict_add(states, VERDICT_EXCEPTION, "%" PRIu64 " of %" PRIu64 " attestations found exceptions",
                    result->counts.exceptions, result->counts.population);
    }
    if (result->counts.undetermined > 0) {
        verdict_add(states, VERDICT_INSUFFICIENT,
                    "%" PRIu64 " of %" PRIu64 " attestations do not show what they should", result->counts.undetermined,
                    result->counts.population);
    }
    done = done && !states->failed;

end:
    coverage_intervals_free(&intervals);
    guard_query_free(query);
    return done;
}
