#include "assess/attestation.h"

#include "assess/attestation.sql.h"
#include "assess/coverage.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define INTERVAL_BYTES (3 * DATETIME_ISO_BYTES)

static bool bind_interval(const struct population_run *run, struct guard_query *query, const struct span *interval,
                          int64_t since) {
    const struct {
        const char *name;
        int64_t value;
    } times[] = {{"from", interval->from}, {"until", interval->until}, {"since", since}, {"as_of", run->values->as_of}};
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

/* What was answered in an interval. Texts are NULL where they do not apply; they last until the query moves on. */
struct answer {
    const char *exception;
    const char *undetermined;
    const char *attested;
    bool earlier; /* it was given before the period: exceptions that it found need not last into it */
    bool has_ref; /* a document stands behind it */
    int64_t ref;
};

/* An answer, digested, and kept where it deviates or shows nothing. */
static bool judge_answer(const struct population_run *run, const struct answer *answer, const char *item,
                         struct population_result *result, struct verdict_states *states) {
    const char *text = answer->exception != NULL ? answer->exception : answer->undetermined;
    bool exception = answer->exception != NULL && !answer->earlier;
    struct buffer scratch = {0};

    bool done = population_digest(&result->digest, NULL, &scratch, item, answer->has_ref, answer->ref);
    buffer_free(&scratch);
    if (!done) {
        diagnostics_report(run->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to test %s", run->test->id);
        return false;
    }
    if (text == NULL) {
        verdict_add(states, VERDICT_EFFECTIVE, "%s: %s", item, answer->attested);
        return true;
    }
    result->counts.exceptions += exception;
    result->counts.undetermined += !exception;
    return population_keep(run, result->counts.exceptions + result->counts.undetermined, item,
                           exception ? "exception" : "undetermined", text, answer->has_ref, answer->ref);
}

/* Exceptions weigh most, then what shows something, then what shows nothing. */
static int weight(const struct answer *answer) {
    return answer->exception != NULL ? 2 : answer->undetermined == NULL ? 1 : 0;
}

/* What the programme records of one result; its text in `text`. */
static struct answer read_result(const struct population_run *run, const struct programme_result *recorded,
                                 bool earlier, struct buffer *text) {
    bool exceptions = recorded->conclusion == PROGRAMME_EXCEPTIONS;
    bool known = programme_knows(run->values->programme, recorded->by);
    char date[DATETIME_ISO_BYTES];

    datetime_date(recorded->at, date);
    if (exceptions) {
        buffer_format(text, "recorded with exceptions by %s on %s%s%s%s", recorded->by, date,
                      earlier ? ", before the period" : "", recorded->found != NULL ? ": " : "",
                      recorded->found != NULL ? recorded->found : "");
    } else if (!known) {
        buffer_format(text, "recorded by %s, whom the programme's people do not name", recorded->by);
    } else {
        buffer_format(text, "recorded by %s on %s%s, having looked at: %s", recorded->by, date,
                      earlier ? ", before the period" : "", recorded->looked_at);
    }
    const char *said = buffer_text(text);
    return (struct answer){.exception = exceptions ? said : NULL,
                           .undetermined = !exceptions && !known ? said : NULL,
                           .attested = said,
                           .earlier = earlier};
}

/* The weightiest result that the programme records of a time, before the period or in it; false where there is none. */
static bool find_result(const struct population_run *run, const struct span *interval, bool earlier,
                        struct buffer *text, struct answer *out) {
    const struct programme *programme = run->values->programme;
    bool found = false;

    for (size_t i = 0; programme != NULL && i < programme->result_count; i++) {
        const struct programme_result *recorded = &programme->results[i];
        if (strcmp(recorded->test, run->test->id) != 0 || recorded->at < interval->from ||
            recorded->at >= interval->until || recorded->at > run->values->as_of) {
            continue;
        }
        struct buffer said = {0};
        struct answer answer = read_result(run, recorded, earlier, &said);
        if (!found || weight(&answer) > weight(out)) {
            buffer_free(text);
            *text = said;
            *out = answer;
        } else {
            buffer_free(&said);
        }
        found = true;
    }
    return found && !text->failed;
}

/* One interval: an item of the population, with its answer from a document or the programme, or pending. */
static bool judge_interval(const struct population_run *run, struct guard_query *query, const struct span *interval,
                           int64_t since, struct population_result *result, struct verdict_states *states) {
    char item[INTERVAL_BYTES];
    struct buffer text = {0};
    struct answer recorded = {0};
    struct answer document = {0};
    enum guard_step step = GUARD_DONE;
    bool done = true;

    name_interval(interval, item);
    result->counts.population++;
    if (query != NULL) {
        step = bind_interval(run, query, interval, since) ? guard_step(query) : GUARD_FAILED;
    }
    if (step == GUARD_ROW) {
        document = (struct answer){.exception = guard_text(query, guard_column(query, "exception")),
                                   .undetermined = guard_text(query, guard_column(query, "undetermined")),
                                   .attested = guard_text(query, guard_column(query, "attested")),
                                   .has_ref = true,
                                   .ref = guard_integer(query, guard_column(query, "ref"))};
        document.earlier = earlier_holds(run->earlier, document.ref, &(int64_t){0});
    }
    bool found = find_result(run, interval, false, &text, &recorded);
    if (!found && step != GUARD_ROW && since < interval->from) {
        found = find_result(run, &(struct span){since, interval->from}, true, &text, &recorded);
    }
    if (text.failed) {
        diagnostics_report(run->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to test %s", run->test->id);
        done = false;
    } else if (step == GUARD_FAILED) {
        done = false;
    } else if (step == GUARD_ROW && (!found || weight(&document) >= weight(&recorded))) {
        done = judge_answer(run, &document, item, result, states);
    } else if (found) {
        done = judge_answer(run, &recorded, item, result, states);
    } else {
        add_pending(run, item, states);
    }
    if (query != NULL) {
        guard_reset(query);
    }
    buffer_free(&text);
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
    struct span whole = coverage_whole(run->values->programme, run->values->period);
    int64_t since = coverage_since(run->test->manual.each, whole, 0, run->values->period);
    done = true;
    for (size_t i = 0; done && i < intervals.count; i++) {
        const struct span *interval = &intervals.spans[i];
        done = judge_interval(run, query, interval, i == 0 && since < interval->from ? since : interval->from, result,
                              states);
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
