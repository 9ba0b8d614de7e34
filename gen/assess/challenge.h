#ifndef ASSESS_CHALLENGE_H
#define ASSESS_CHALLENGE_H

#include "assess/metric_challenge.h"
#include "base/diagnostics.h"
#include "config/schema.h"
#include "store/guard.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The period of every challenge: the fourth quarter of 2025, seen from its end. */
#define CHALLENGE_FROM  INT64_C(1759276800)
#define CHALLENGE_UNTIL INT64_C(1767225600)

/*
 * A test must be seen to catch what it is for. Each challenge gives a handful of rows to an empty in-memory store, with
 * a fixed period and the control's default parameters, and says what the test must find there.
 */

struct challenge_result {
    const char *test; /* its id */
    size_t number;    /* of the challenge, from 1 */
    enum challenge_expect expected;
    enum challenge_expect found;
};
struct challenge_results {
    struct challenge_result *items; /* freed with challenge_results_free */
    size_t count;
    size_t tests; /* that have challenges */
    size_t failed;
    struct metric_challenges metrics;
};

/*
 * Runs every challenge of every test and metric; a failing one is a schema error at its place. False when one failed,
 * when what a test reads is refused, or when the system failed, after reporting.
 */
bool challenge_run(const struct schema *schema, struct challenge_results *results, struct diagnostics *diagnostics);
void challenge_results_free(struct challenge_results *results);

/* What a test finds in the rows that it was given. */
struct challenge_counts {
    uint64_t population;
    uint64_t exceptions;
    uint64_t undetermined;
};
enum challenge_expect challenge_found(const struct challenge_counts *counts);

struct challenge_question {
    const struct control *control;
    const struct test *test;
    const struct challenge *challenge; /* whose parameters count */
    struct guard_query *query;         /* the test's, prepared */
};
/* An empty store for rows that are given. NULL after reporting. */
struct guard *challenge_guard(const struct schema *schema, struct diagnostics *diagnostics);
/* Gives the rows, asks, and takes them back. False when the query or the system failed, after reporting. */
bool challenge_ask(struct guard *guard, const struct schema *schema, const struct challenge_question *question,
                   const struct yaml_node *given, struct challenge_counts *counts, struct diagnostics *diagnostics);

#endif
