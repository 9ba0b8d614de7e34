#ifndef ASSESS_METRIC_CHALLENGE_H
#define ASSESS_METRIC_CHALLENGE_H

#include "config/schema.h"
#include "store/guard.h"

#include <stdbool.h>
#include <stddef.h>

/* How many metrics were tried, and with how many challenges. */
struct metric_challenges {
    size_t metrics;
    size_t count;
    size_t failed;
};

/*
 * Tries every metric that has a query on the rows of its challenges, given to the empty store behind `guard`, with the
 * defaults of its parameters. Also that the query reads evidence and has its columns. False after reporting.
 */
bool metric_challenge_run(struct guard *guard, const struct schema *schema, struct metric_challenges *out,
                          struct diagnostics *diagnostics);

#endif
