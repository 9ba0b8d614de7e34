#ifndef ASSESS_CHALLENGE_H
#define ASSESS_CHALLENGE_H

#include "assess/metric_challenge.h"
#include "base/diagnostics.h"
#include "config/schema.h"

#include <stdbool.h>
#include <stddef.h>

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

#endif
