#include "assess/challenge.h"

#include "assess/bind.h"
#include "base/limits.h"
#include "store/guard.h"
#include "store/tables.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool count_rows(struct guard_query *query, struct challenge_counts *counts) {
    int exception = guard_column(query, "exception");
    int undetermined = guard_column(query, "undetermined");

    *counts = (struct challenge_counts){0};
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

enum challenge_expect challenge_found(const struct challenge_counts *counts) {
    if (counts->exceptions > 0) {
        return EXPECT_EXCEPTION;
    }
    if (counts->undetermined > 0) {
        return EXPECT_UNDETERMINED;
    }
    return counts->population == 0 ? EXPECT_EMPTY : EXPECT_EFFECTIVE;
}

struct challenger {
    struct guard *guard;
    const struct schema *schema;
    struct challenge_results *results;
    size_t capacity;                    /* of results->items */
    bool spoilt;                        /* the database, by a query that was stopped */
    char subject[LIMIT_NAME_BYTES + 8]; /* whose query it is */
    struct diagnostics *diagnostics;
};

static bool keep(struct challenger *challenger, const struct challenge_result *result) {
    struct challenge_results *results = challenger->results;

    if (results->count == challenger->capacity) {
        size_t capacity = challenger->capacity == 0 ? 256 : 2 * challenger->capacity;
        struct challenge_result *grown = reallocarray(results->items, capacity, sizeof *grown);
        if (grown == NULL) {
            diagnostics_report(challenger->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory for results of challenges");
            return false;
        }
        results->items = grown;
        challenger->capacity = capacity;
    }
    results->items[results->count++] = *result;
    return true;
}

bool challenge_ask(struct guard *guard, const struct schema *schema, const struct challenge_question *question,
                   const struct yaml_node *given, struct challenge_counts *counts, struct diagnostics *diagnostics) {
    const struct bind_values values = {
        .control = question->control,
        .challenge = question->challenge,
        .period = {CHALLENGE_FROM, CHALLENGE_UNTIL},
        .as_of = CHALLENGE_UNTIL - 1,
    };
    bool ran = false;

    if (guard_give(guard, schema, given)) {
        guard_reset(question->query);
        ran = bind_parameters(question->query, &values, question->test, NULL, diagnostics) &&
              count_rows(question->query, counts);
        guard_reset(question->query);
    }
    return ran && guard_take_back(guard);
}

struct guard *challenge_guard(const struct schema *schema, struct diagnostics *diagnostics) {
    const struct span period = {CHALLENGE_FROM, CHALLENGE_UNTIL};

    return guard_open_challenge(schema, &period, CHALLENGE_UNTIL - 1, diagnostics);
}

static bool run_one(struct challenger *challenger, const struct control *control, const struct test *test,
                    struct guard_query *query, size_t index) {
    const struct challenge *challenge = &test->challenges[index];
    const struct challenge_question question = {control, test, challenge, query};
    struct challenge_counts counts;

    if (!challenge_ask(challenger->guard, challenger->schema, &question, challenge->given, &counts,
                       challenger->diagnostics)) {
        /* What was stopped in the middle may have taken the rows with it: the next test gets a database of its own. */
        challenger->spoilt = true;
        return false;
    }
    const struct challenge_result result = {test->id, index + 1, challenge->expect, challenge_found(&counts)};
    if (result.found != result.expected) {
        challenger->results->failed++;
        diagnostics_report(challenger->diagnostics, DIAGNOSTIC_CHALLENGE_FAILED, &challenge->place,
                           "test %s, challenge %zu: expected %s, found %s (%" PRIu64 " items, %" PRIu64
                           " exceptions, %" PRIu64 " undetermined); mend the query or the challenge",
                           test->id, result.number, schema_expect_names[result.expected],
                           schema_expect_names[result.found], counts.population, counts.exceptions,
                           counts.undetermined);
    }
    return keep(challenger, &result);
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

static bool required(const struct challenger *challenger, const struct control *control, const struct test *test,
                     size_t type) {
    if (schema_requires(control, type)) {
        return true;
    }
    diagnostics_report(challenger->diagnostics, DIAGNOSTIC_TEST_TYPE, &test->query_place,
                       "test %s reads %s, which control %s does not require; add it to `requires` with its cadence",
                       test->id, challenger->schema->types[type].id, control->id);
    return false;
}

/*
 * What a test reads, behind views too: some evidence, all of it of types that the control requires, which are noted;
 * and not the newest snapshots alone without a reason.
 */
static bool look_at_reads(const struct challenger *challenger, const struct guard_query *query,
                          const struct control *control, const struct test *test, bool *types_read) {
    size_t count = 0;
    const struct guard_read *reads = guard_reads(query, &count);
    size_t last = SIZE_MAX;
    bool good = true;

    /* Reads are sorted by table, so that all columns of a type stand together. */
    for (size_t i = 0; i < count; i++) {
        size_t type = tables_type(challenger->schema, reads[i].table);
        if (type != SIZE_MAX && type != last) {
            last = type;
            types_read[type] = true;
            good = required(challenger, control, test, type) && good;
        }
        if (test->latest_reason == NULL && strcmp(reads[i].table, "tm_snapshot") == 0 &&
            strcmp(reads[i].column, "latest") == 0) {
            diagnostics_report(challenger->diagnostics, DIAGNOSTIC_BAD_TEST, &test->query_place,
                               "the test '%s' reads only the latest snapshots, through a view; say why that is enough "
                               "in 'latest', or read them all",
                               test->id);
            good = false;
        }
    }
    if (last == SIZE_MAX) {
        diagnostics_report(challenger->diagnostics, DIAGNOSTIC_TEST_TYPE, &test->query_place,
                           "test %s reads no evidence at all; select from an evidence type or a view", test->id);
        good = false;
    }
    return good;
}

/* The types that prove a zero are required as those that the query reads are. */
static bool look_at_witnesses(const struct challenger *challenger, const struct control *control,
                              const struct test *test, bool *types_read) {
    bool good = true;

    for (size_t i = 0; i < test->witness.count; i++) {
        size_t type = schema_type(challenger->schema, test->witness.items[i]); /* checked by config */
        types_read[type] = true;
        good = required(challenger, control, test, type) && good;
    }
    return good;
}

/* A database that is as it should be: a new one where a query was stopped in the old one. False after reporting. */
static bool ready(struct challenger *challenger) {
    if (challenger->spoilt) {
        guard_free(challenger->guard);
        challenger->guard = challenge_guard(challenger->schema, challenger->diagnostics);
        challenger->spoilt = challenger->guard == NULL;
    }
    return challenger->guard != NULL;
}

/* Prepares a test's query. NULL after reporting. */
static struct guard_query *prepare(struct challenger *challenger, const struct test *test) {
    if (!ready(challenger)) {
        return NULL;
    }
    snprintf(challenger->subject, sizeof challenger->subject, "test %s", test->id);
    guard_about(challenger->guard, challenger->subject);
    return guard_prepare(challenger->guard, test->query, &test->query_place);
}

static bool run_test(struct challenger *challenger, const struct control *control, const struct test *test,
                     bool *types_read) {
    struct guard_query *query = prepare(challenger, test);

    if (query == NULL) {
        return false;
    }
    bool done = has_columns(query, test, challenger->diagnostics);
    done = look_at_reads(challenger, query, control, test, types_read) && done;
    done = look_at_witnesses(challenger, control, test, types_read) && done;
    for (size_t i = 0; done && i < test->challenge_count; i++) {
        done = run_one(challenger, control, test, query, i);
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

static bool run_control(struct challenger *challenger, const struct control *control) {
    const struct schema *schema = challenger->schema;
    bool *types_read = calloc(schema->type_count + 1, sizeof *types_read);
    bool done = true;

    if (types_read == NULL) {
        diagnostics_report(challenger->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to challenge %s", control->id);
        return false;
    }
    for (size_t t = 0; t < control->test_count; t++) {
        const struct test *test = &control->tests[t];
        if (test->query == NULL) {
            continue;
        }
        challenger->results->tests++;
        /* A broken test is reported; the others are tried all the same. */
        done = run_test(challenger, control, test, types_read) && done;
    }
    done = done && all_read(schema, control, types_read, challenger->diagnostics);
    free(types_read);
    return done;
}

/* A check's threshold is a query like a test's, of no control that would have to require what it reads. */
static bool run_threshold(struct challenger *challenger, const struct control *threshold) {
    const struct test *test = &threshold->tests[0];
    struct guard_query *query = prepare(challenger, test);

    if (query == NULL) {
        return false;
    }
    challenger->results->tests++;
    bool done = has_columns(query, test, challenger->diagnostics);
    for (size_t i = 0; done && i < test->challenge_count; i++) {
        done = run_one(challenger, threshold, test, query, i);
    }
    guard_query_free(query);
    return done;
}

bool challenge_run(const struct schema *schema, struct challenge_results *results, struct diagnostics *diagnostics) {
    struct challenger challenger = {
        .schema = schema,
        .results = results,
        .diagnostics = diagnostics,
    };
    bool done = true;

    *results = (struct challenge_results){0};
    challenger.guard = challenge_guard(schema, diagnostics);
    if (challenger.guard == NULL) {
        return false;
    }
    for (size_t c = 0; c < schema->control_count; c++) {
        done = run_control(&challenger, &schema->controls[c]) && done;
    }
    for (size_t i = 0; i < schema->checks.threshold_count; i++) {
        done = run_threshold(&challenger, &schema->checks.thresholds[i]) && done;
    }
    done = ready(&challenger) && metric_challenge_run(challenger.guard, schema, &results->metrics, diagnostics) && done;
    guard_free(challenger.guard);
    return done && results->failed == 0;
}

void challenge_results_free(struct challenge_results *results) {
    free(results->items);
    *results = (struct challenge_results){0};
}
