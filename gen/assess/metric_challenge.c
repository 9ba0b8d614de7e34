#include "assess/metric_challenge.h"

#include "assess/challenge.h"
#include "assess/metric_print.h"
#include "assess/metric_query.h"
#include "base/limits.h"
#include "store/tables.h"

#include <math.h>
#include <stdio.h>

#define CLOSE_ENOUGH 1e-9 /* of the expected value: what binary fractions may lose */

/* What a challenge came to. */
struct metric_outcome {
    enum metric_expect kind;
    double value;
    const char *why;
};

static struct metric_outcome outcome_of(struct metric_rows *rows) {
    struct metric_outcome outcome = {.kind = EXPECT_VALUE};

    if (rows->fault != NULL) {
        outcome = (struct metric_outcome){EXPECT_OPEN, 0.0, rows->fault};
    } else if (rows->rows > 0 && rows->undetermined == rows->rows) {
        outcome = (struct metric_outcome){EXPECT_OPEN, 0.0, "every row is left open"};
    } else if (!metric_tally_value(&rows->tally, &outcome.value)) {
        outcome.kind = EXPECT_NONE;
    }
    return outcome;
}

static bool as_expected(const struct metric_challenge *challenge, const struct metric_outcome *outcome) {
    if (challenge->expect != outcome->kind) {
        return false;
    }
    return outcome->kind != EXPECT_VALUE ||
           fabs(outcome->value - challenge->expect_value) <= CLOSE_ENOUGH * fmax(1.0, fabs(challenge->expect_value));
}

static void report(const struct metric *metric, size_t number, const struct metric_outcome *outcome,
                   struct diagnostics *diagnostics) {
    const struct metric_challenge *challenge = &metric->challenges[number - 1];
    struct buffer found = {0};

    if (outcome->kind == EXPECT_VALUE) {
        buffer_format(&found, "%.12g", outcome->value);
    } else {
        buffer_append_text(&found, outcome->kind == EXPECT_NONE ? "none" : "undetermined");
    }
    const char *text = buffer_text(&found);
    diagnostics_report(diagnostics, DIAGNOSTIC_CHALLENGE_FAILED, &challenge->place,
                       "metric %s, challenge %zu: expected %s, found %s%s%s; mend the query or the challenge",
                       metric->id, number, challenge->expect_text, text != NULL ? text : "", outcome->why ? ": " : "",
                       outcome->why ? outcome->why : "");
    buffer_free(&found);
}

static bool try_one(struct guard *guard, struct guard_query *query, const struct metric_binding *binding, size_t number,
                    struct metric_challenges *out, struct diagnostics *diagnostics) {
    const struct metric *metric = binding->metric;
    struct metric_rows rows = {0};
    bool ran = false;

    if (guard_give(guard, binding->schema, binding->challenge->given)) {
        guard_reset(query);
        ran =
            metric_query_bind(query, binding, diagnostics) && metric_query_rows(query, metric, ".", &rows, diagnostics);
        guard_reset(query);
    }
    bool done = guard_take_back(guard) && ran;
    if (done) {
        struct metric_outcome outcome = outcome_of(&rows);
        out->count++;
        if (!as_expected(binding->challenge, &outcome)) {
            out->failed++;
            report(metric, number, &outcome, diagnostics);
        }
    }
    metric_query_free(&rows);
    return done;
}

static bool reads_evidence(const struct guard_query *query, const struct schema *schema, const struct metric *metric,
                           struct diagnostics *diagnostics) {
    size_t count = 0;
    const struct guard_read *reads = guard_reads(query, &count);

    for (size_t i = 0; i < count; i++) {
        if (tables_type(schema, reads[i].table) != SIZE_MAX) {
            return true;
        }
    }
    diagnostics_report(diagnostics, DIAGNOSTIC_BAD_METRIC, &metric->query_place,
                       "the metric '%s' reads no evidence at all; select from an evidence type or a view", metric->id);
    return false;
}

bool metric_challenge_run(struct guard *guard, const struct schema *schema, struct metric_challenges *out,
                          struct diagnostics *diagnostics) {
    char subject[LIMIT_NAME_BYTES + 8];
    bool done = true;

    *out = (struct metric_challenges){0};
    for (size_t m = 0; m < schema->metric_count; m++) {
        const struct metric *metric = &schema->metrics[m];
        struct metric_binding binding = {.metric = metric,
                                         .schema = schema,
                                         .period = {CHALLENGE_FROM, CHALLENGE_UNTIL},
                                         .as_of = CHALLENGE_UNTIL - 1};
        if (metric->query == NULL) {
            continue;
        }
        out->metrics++;
        snprintf(subject, sizeof subject, "metric %s", metric->id);
        guard_about(guard, subject);
        struct guard_query *query = guard_prepare(guard, metric->query, &metric->query_place);
        bool tried = query != NULL && metric_query_columns(query, metric, diagnostics);
        tried = tried && reads_evidence(query, schema, metric, diagnostics);
        for (size_t i = 0; tried && i < metric->challenge_count; i++) {
            binding.challenge = &metric->challenges[i];
            tried = try_one(guard, query, &binding, i + 1, out, diagnostics);
        }
        guard_query_free(query);
        done = done && tried;
    }
    guard_about(guard, NULL);
    return done && out->failed == 0;
}
