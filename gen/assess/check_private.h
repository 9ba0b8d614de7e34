#ifndef ASSESS_CHECK_PRIVATE_H
#define ASSESS_CHECK_PRIVATE_H

#include "assess/check_judge.h"
#include "base/buffer.h"

/* What the parts of the judging of checks share. */

/* Reports that memory ran out. Always false. */
bool check_judge_no_memory(const struct check_stores *stores);
/* The window of an alert that looks further than its tests; SIZE_MAX when memory is out. */
size_t check_judge_alert_window(struct check_stores *stores, const struct check *check,
                                const struct check_alert *alert);
/* Adds an alert to a result, in which earlier ones may move. NULL after reporting. */
struct check_alert_result *check_judge_add_alert(struct check_stores *stores, struct check_result *result,
                                                 const char *when, int severity, const char *message,
                                                 const char *action);
/* Adds a failure with copies of its texts; beyond the limit it is only counted. */
bool check_judge_add_failure(struct check_stores *stores, struct check_alert_result *alert,
                             const struct check_failure *failure);

/* CHECK_STALE: sources whose newest usable export is too old. The result's tests are judged. */
bool check_stale_judge(struct check_stores *stores, const struct check_alert *declared, struct check_result *result);
/*
 * CHECK_QUERY: runs the threshold's query over its population; `seen` becomes what was looked at, and what the evidence
 * lacks is appended to `lacking`.
 */
bool check_threshold_judge(struct check_stores *stores, const struct check_alert *declared,
                           struct check_test_result *seen, struct check_result *result, struct buffer *lacking);

#endif
