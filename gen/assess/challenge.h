#ifndef ASSESS_CHALLENGE_H
#define ASSESS_CHALLENGE_H

#include "config/schema.h"
#include "store/guard.h"
#include "store/query.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * A test must be seen to catch what it is for. Each challenge gives a handful of rows to an empty in-memory store, with
 * a fixed period and the control's default parameters, and says what the test must find there.
 */

struct challenge_counts {
    size_t tests;
    size_t challenges;
    size_t failed;
};

/*
 * Runs every challenge of every test. A failing one is a schema error at its place. `insert`, when not NULL, records
 * each result (statement challenge_insert).
 */
bool challenge_run(const struct schema *schema, struct query *insert, struct challenge_counts *counts,
                   struct diagnostics *diagnostics);

#endif
