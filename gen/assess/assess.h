#ifndef ASSESS_ASSESS_H
#define ASSESS_ASSESS_H

#include "assess/challenge_job.h"
#include "base/diagnostics.h"
#include "base/progress.h"
#include "config/programme.h"
#include "config/schema.h"
#include "store/store.h"

#include <stdbool.h>

/*
 * Judges a loaded store: coverage, challenges, tests of controls, verdicts, waivers, findings, metrics. Writes its
 * results into the store's tm_ tables and nothing else; DESIGN 3 is its specification. False after reporting a schema
 * error (a failing challenge, bad SQL) or a system failure; exceptions and insufficient evidence are results, not
 * failures. `store_path` is the store's file, for the guarded connection; `challenges` is the schema's, and ends here.
 */
bool assess_run(struct store *store, const char *store_path, const struct schema *schema,
                const struct programme *programme, struct challenge_job *challenges, struct progress *progress,
                struct diagnostics *diagnostics);

/* Every challenge of every test, metric and population, for `schema test`. */
struct assess_challenges {
    size_t tests;
    size_t challenges;
    size_t failed;
    size_t populations;
    size_t population_challenges;
    size_t metrics;           /* that have a query */
    size_t metric_challenges; /* that they met */
};
bool assess_challenges(const struct schema *schema, struct assess_challenges *counts, struct diagnostics *diagnostics);

#endif
