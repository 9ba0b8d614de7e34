#ifndef ASSESS_JUDGE_H
#define ASSESS_JUDGE_H

#include "assess/challenge_job.h"
#include "assess/metric_answers.h"
#include "base/diagnostics.h"
#include "base/progress.h"
#include "config/programme.h"
#include "config/schema.h"
#include "store/store.h"

#include <stdbool.h>

/*
 * Runs every test of every control, several at a time, each thread on a guarded connection of its own to the store's
 * file `store_path`, and writes exceptions, results, states and the controls' verdicts. The queries of metrics are
 * among them; what they give goes to `metrics`. What is written does not depend on the number of threads. Tests begin
 * while `challenges` are still made, and count only when those pass. False when a challenge failed, when a test or a
 * metric could not be run or when the system failed, after reporting.
 */
bool judge_run(struct store *store, const char *store_path, const struct schema *schema,
               const struct programme *programme, struct challenge_job *challenges, struct metric_answers *metrics,
               struct progress *progress, struct diagnostics *diagnostics);

#endif
