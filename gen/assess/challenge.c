#include "assess/challenge.h"

#include "assess/bind.h"

#include <inttypes.h>
#include <string.h>

/* The period of every challenge: the fourth quarter of 2025, seen from its end. */
#define CHALLENGE_FROM  INT64_C(1759276800)
#define CHALLENGE_UNTIL INT64_C(1767225600)

struct finding_counts {
    uint64_t population;
    uint64_t exceptions;
    uint64_t undetermined;
};

static bool count_rows(struct guard_query *query, struct finding_counts *counts) {
    int exception = guard_column(query, "exception");
    int undetermined = guard_column(query, "undetermined");

    *counts = (struct finding_counts){0};
    for (;;) {
        enum guard_step step = guard_step(query);
        if (step != GUARD_ROW) {
            return step == GUARD_DONE;
        }
        counts->population++;
        if (exception >= 0 && !guard_is_null(query, exception)) {
            counts->exceptions++;
        } else if (undetermined >= 0 && !guard_is_null(query, undetermined)) {
            counts->undetermined++;
        }
    }
}

static enum challenge_expect found(const struct finding_counts *counts) {
    if (counts->exceptions > 0) {
        return EXPECT_EXCEPTION;
    }
    if (counts->undetermined > 0) {
        return EXPECT_UNDETERMINED;
    }
    return counts->population == 0 ? EXPECT_EMPTY : EXPECT_EFFECTIVE;
}

static bool run_one(struct guard *guard, const struct schema *schema, const struct control *control,
                    const struct test *test, struct guard_query *query, size_t number, struct query *insert,
                    struct challenge_counts *totals, struct diagnostics *diagnostics) {
    const struct challenge *challenge = &test->challenges[number];
    const struct bind_values values = {
        .control = control,
        .replacements = challenge->parameters,
        .period = {CHALLENGE_FROM, CHALLENGE_UNTIL},
        .as_of = CHALLENGE_UNTIL - 1,
    };
    struct finding_counts counts;
    bool ran = false;

    if (guard_give(guard, schema, challenge->given)) {
        guard_reset(query);
        ran = bind_parameters(query, &values, test, NULL, diagnostics) && count_rows(query, &counts);
        guard_reset(query);
    }
    if (!guard_take_back(guard) || !ran) {
        return false;
    }
    totals->challenges++;
    enum challenge_expect outcome = found(&counts);
    bool passed = outcome == challenge->expect;
    if (!passed) {
        totals->failed++;
        diagnostics_report(diagnostics, DIAGNOSTIC_CHALLENGE_FAILED, &challenge->place,
                           "test %s, challenge %zu: expected %s, found %s (%" PRIu64 " items, %" PRIu64
                           " exceptions, %" PRIu64 " undetermined); mend the query or the challenge",
                           test->id, number + 1, schema_expect_names[challenge->expect], schema_expect_names[outcome],
                           counts.population, counts.exceptions, counts.undetermined);
    }
    if (insert != NULL) {
        query_text(insert, 1, test->id);
        query_integer(insert, 2, (int64_t)number + 1);
        query_text(insert, 3, schema_expect_names[challenge->expect]);
        query_text(insert, 4, schema_expect_names[outcome]);
        query_integer(insert, 5, passed);
        return query_run(insert);
    }
    return true;
}

/* The columns that the engine reads: there once, and `undetermined` at most once. */
static bool has_columns(const struct guard_query *query, const struct test *test, struct diagnostics *diagnostics) {
    static const struct {
        const char *name;
        bool required;
    } wanted[] = {{"ref", true}, {"item", true}, {"exception", true}, {"undetermined", false}};
    bool all = true;

    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        int found = 0;
        for (int column = 0; column < guard_column_count(query); column++) {
            found += strcmp(guard_column_name(query, column), wanted[i].name) == 0;
        }
        if (found == 0 && wanted[i].required) {
            diagnostics_report(diagnostics, DIAGNOSTIC_TEST_COLUMN, &test->query_place,
                               "the query of test %s has no column \"%s\"; name one with AS %s", test->id,
                               wanted[i].name, wanted[i].name);
            all = false;
        } else if (found > 1) {
            diagnostics_report(diagnostics, DIAGNOSTIC_TEST_COLUMN, &test->query_place,
                               "the query of test %s has %d columns \"%s\"; leave one", test->id, found,
                               wanted[i].name);
            all = false;
        }
    }
    return all;
}

static bool run_test(struct guard *guard, const struct schema *schema, const struct control *control,
                     const struct test *test, struct query *insert, struct challenge_counts *counts,
                     struct diagnostics *diagnostics) {
    struct guard_query *query = guard_prepare(guard, test->query, &test->query_place);

    if (query == NULL) {
        return false;
    }
    bool done = has_columns(query, test, diagnostics);
    for (size_t i = 0; done && i < test->challenge_count; i++) {
        done = run_one(guard, schema, control, test, query, i, insert, counts, diagnostics);
    }
    guard_query_free(query);
    return done;
}

bool challenge_run(const struct schema *schema, struct query *insert, struct challenge_counts *counts,
                   struct diagnostics *diagnostics) {
    const struct span period = {CHALLENGE_FROM, CHALLENGE_UNTIL};
    struct guard *guard = guard_open_challenge(schema, &period, CHALLENGE_UNTIL - 1, diagnostics);
    bool done = true;

    *counts = (struct challenge_counts){0};
    if (guard == NULL) {
        return false;
    }
    for (size_t c = 0; c < schema->control_count; c++) {
        const struct control *control = &schema->controls[c];
        for (size_t t = 0; t < control->test_count; t++) {
            if (control->tests[t].query == NULL) {
                continue;
            }
            counts->tests++;
            /* A broken test is reported; the others are tried all the same. */
            done = run_test(guard, schema, control, &control->tests[t], insert, counts, diagnostics) && done;
        }
    }
    guard_free(guard);
    return done && counts->failed == 0;
}
