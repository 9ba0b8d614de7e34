#include "assess/attestation.h"

#include "assess/attestation.sql.h"
#include "assess/coverage.h"

#include <stdio.h>
#include <string.h>

#define INTERVAL_BYTES (3 * DATETIME_ISO_BYTES)

struct attestation_columns {
    int ref;
    int exception;
    int undetermined;
    int attested;
};

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

/* One interval: an item of the population, with its answer, or pending. */
static bool judge_interval(const struct population_run *run, struct guard_query *query, const struct span *interval,
                           struct population_result *result, struct verdict_states *states) {
    const struct attestation_columns columns = {guard_column(query, "ref"), guard_column(query, "exception"),
                                                guard_column(query, "undetermined"), guard_column(query, "attested")};
    char item[INTERVAL_BYTES];
    struct buffer digested = {0};
    bool done = false;

    name_interval(interval, item);
    if (query != NULL && !bind_interval(run, query, interval)) {
        return false;
    }
    enum guard_step step = query != NULL ? guard_step(query) : GUARD_DONE;
    if (step == GUARD_FAILED) {
        return false;
    }
    result->counts.population++;
    if (step == GUARD_DONE) {
        verdict_add(states, VERDICT_PENDING, "%s: awaited from the %s, on %s", item, run->test->manual.by,
                    run->test->manual.document);
        done = true;
        goto end;
    }
    const char *exception = guard_text(query, columns.exception);
    const char *undetermined = guard_text(query, columns.undetermined);
    const char *text = exception != NULL ? exception : undetermined;
    buffer_format(&digested, "%s%c%lld", item, '\0', (long long)guard_integer(query, columns.ref));
    if (digested.failed || !digest_sum_add(&result->digest, digested.data, digested.length)) {
        diagnostics_report(run->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to test %s", run->test->id);
        goto end;
    }
    result->counts.exceptions += exception != NULL;
    result->counts.undetermined += exception == NULL && undetermined != NULL;
    if (text == NULL) {
        verdict_add(states, VERDICT_EFFECTIVE, "%s: %s", item, guard_text(query, columns.attested));
    }
    done = text == NULL ||
           population_keep(run, result->counts.exceptions + result->counts.undetermined, item,
                           exception != NULL ? "exception" : "undetermined", text, guard_integer(query, columns.ref));

end:
    buffer_free(&digested);
    if (query != NULL) {
        guard_reset(query);
    }
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
    if (!coverage_intervals(run->test->manual.each, run->values->period, &intervals)) {
        diagnostics_report(run->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to test %s", run->test->id);
        goto end;
    }
    done = true;
    for (size_t i = 0; done && i < intervals.count; i++) {
        done = judge_interval(run, query, &intervals.spans[i], result, states);
    }
    if (result->counts.exceptions > 0) {
        verdict_add(states, VERDICT_EXCEPTION, "%llu of %llu attestations found exceptions",
                    (unsigned long long)result->counts.exceptions, (unsigned long long)result->counts.population);
    }
    if (result->counts.undetermined > 0) {
        verdict_add(states, VERDICT_INSUFFICIENT, "%llu of %llu attestations do not show what they should",
                    (unsigned long long)result->counts.undetermined, (unsigned long long)result->counts.population);
    }
    done = done && !states->failed;

end:
    coverage_intervals_free(&intervals);
    guard_query_free(query);
    return done;
}
