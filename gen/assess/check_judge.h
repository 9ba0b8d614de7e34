#ifndef ASSESS_CHECK_JUDGE_H
#define ASSESS_CHECK_JUDGE_H

#include "assess/check_result.h"
#include "assess/check_state.h"
#include "assess/check_window.h"
#include "store/store.h"

/* What checks are judged by: the schema, and a judged store for each window. */
struct check_stores {
    struct arena *arena;
    const struct schema *schema;
    const struct programme *programme;
    struct check_windows windows;
    struct store **stores; /* one for each window that was assessed, else NULL */
    const char **paths;    /* of their files */
    struct diagnostics *diagnostics;
};

/*
 * Adds the windows that a check needs beside the period itself, whose store must be there: the types that a test really
 * reads, with the cadences of its control's requirements, say how far it has to look. False after reporting.
 */
bool check_judge_plan(struct check_stores *stores, const struct check *check);
/*
 * Judges a check on the stores of its windows. Every test is passed, violated, insufficient, without occurrence, not
 * applicable, or awaited: its evidence is not due yet, so that nothing is said of it. Insufficient evidence alerts
 * beside the check's own thresholds; where every failure of an alert is accepted by a waiver, its severity is low. The
 * check's outcome is the heaviest of its tests'; an alert of any other sort makes it violated. Changes are filled in by
 * check_state_compare. False after reporting.
 */
bool check_judge(struct check_stores *stores, const struct check *check, struct check_result *out);
/*
 * Adds an alert where evidence that an earlier check waited for is due by `as_of`, and nobody has looked at its window
 * since: else a check that runs while exports may still come would never say that they did not. Before the comparison.
 */
bool check_judge_overdue(struct check_stores *stores, const struct check_state_check *before, int64_t as_of,
                         struct check_result *result);

#endif
