#include "assess/challenge.h"

#include "assess/bind.h"
#include "store/tables.h"

#include <inttypes.h>
#include <stdlib.h>
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

/* What a test reads: notes the evidence types, and refuses the newest snapshots alone, behind views too, without
 * reason. */
static bool look_at_reads(const struct guard_query *query, const struct schema *schema, const struct test *test,
                          bool *types_read, struct diagnostics *diagnostics) {
    size_t count = 0;
    const struct guard_read *reads = guard_reads(query, &count);
    bool good = true;

    for (size_t i = 0; i < count; i++) {
        size_t type = tables_type(schema, reads[i].table);
        if (type != SIZE_MAX) {
            types_read[type] = true;
        }
        if (test->latest_reason == NULL && strcmp(reads[i].table, "tm_snapshot") == 0 &&
            strcmp(reads[i].column, "latest") == 0) {
            diagnostics_report(diagnostics, DIAGNOSTIC_BAD_TEST, &test->query_place,
                               "the test '%s' reads only the latest snapshots, through a view; say why that is enough "
                               "in 'latest', or read them all",
                               test->id);
            good = false;
        }
    }
    return good;
}

static bool run_test(struct guard *guard, const struct schema *schema, const struct control *control,
                     const struct test *test, bool *types_read, struct query *insert, struct challenge_counts *counts,
                     struct diagnostics *diagnostics) {
    struct guard_query *query = guard_prepare(guard, test->query, &test->query_place);

    if (query == NULL) {
        return false;
    }
    bool done = has_columns(query, test, diagnostics);
    done = look_at_reads(query, schema, test, types_read, diagnostics) && done;
    for (size_t i = 0; done && i < test->challenge_count; i++) {
        done = run_one(guard, schema, control, test, query, i, insert, counts, diagnostics);
    }
    guard_query_free(query);
    return done;
}

/* Evidence that is asked for and that nothing looks at would be counted as coverage and prove nothing. */
static bool all_read(const struct schema *schema, const struct control *control, const bool *types_read,
                     struct diagnostics *diagnostics) {
    bool all = true;

    for (size_t i = 0; i < control->test_count; i++) {
        if (control->tests[i].query == NULL) {
            return true; /* a person reads it */
        }
    }
    for (size_t i = 0; i < control->requirement_count; i++) {
        const struct requirement *requirement = &control->requirements[i];
        if (!types_read[requirement->type]) {
            diagnostics_report(diagnostics, DIAGNOSTIC_TEST_TYPE, &requirement->place,
                               "control %s requires %s, which none of its tests reads; test it or leave it out",
                               control->id, schema->types[requirement->type].id);
            all = false;
        }
    }
    return all;
}

static bool run_control(struct guard *guard, const struct schema *schema, const struct control *control,
                        struct query *insert, struct challenge_counts *counts, struct diagnostics *diagnostics) {
    bool *types_read = calloc(schema->type_count + 1, sizeof *types_read);
    bool done = true;

    if (types_read == NULL) {
        diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to challenge %s", control->id);
        return false;
    }
    for (size_t t = 0; t < control->test_count; t++) {
        if (control->tests[t].query == NULL) {
            continue;
        }
        counts->tests++;
        for (size_t w = 0; w < control->tests[t].witness.count; w++) {
            types_read[schema_type(schema, control->tests[t].witness.items[w])] = true; /* checked by config */
        }
        /* A broken test is reported; the others are tried all the same. */
        done = run_test(guard, schema, control, &control->tests[t], types_read, insert, counts, diagnostics) && done;
    }
    done = done && all_read(schema, control, types_read, diagnostics);
    free(types_read);
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
        done = run_control(guard, schema, &schema->controls[c], insert, counts, diagnostics) && done;
    }
    guard_free(guard);
    return done && counts->failed == 0;
}
