#ifndef ASSESS_FINDING_H
#define ASSESS_FINDING_H

#include "config/programme.h"
#include "store/guard.h"
#include "store/query.h"
#include "store/store.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Waivers and findings. A waiver in force marks the exceptions it names as accepted; it changes no verdict. The
 * exceptions of one test that are about one thing (assess/subject.h) are one finding, whose id is the same in every run
 * and period; it is carried from the prior assessments (assess/lifecycle.h), with management's response. The register
 * of management's own findings, which is read behind `guard`, joins them. No finding changes a verdict.
 */
bool finding_run(struct store *store, struct guard *guard, const struct schema *schema,
                 const struct programme *programme, struct diagnostics *diagnostics);

#define FINDING_ID_BYTES 16
/* "F-" and the first ten hexadecimal digits of the SHA-256 of the parts, a line each. False when memory is out. */
bool finding_id(const char *first, const char *second, const char *third, char out[FINDING_ID_BYTES]);

/* A row of tm_finding. Texts are the caller's; INT64_MIN stands for a time that there is not. */
struct finding {
    const char *id, *origin, *control, *test, *item, *severity, *state, *reason, *prior_state, *text;
    int64_t exception; /* 0: none */
    int64_t occurrences;
    const char *source, *waiver, *cause, *extent, *response, *action, *owner, *evidence;
    int64_t due;
    const char *due_by, *first_period;
    int64_t found, completed, closed;
    const char *closed_period;
};
/* What does not differ from finding to finding. */
struct finding_frame {
    int64_t as_of;
    int64_t through; /* the last second that the assessment covers */
    const char *period;
    struct span span;
    const struct programme *programme;
    struct query insert; /* finding_insert */
};
/* Computes its age and whether it is overdue, and inserts it. */
bool finding_insert(struct finding_frame *frame, const struct finding *finding);
/* The day by which a finding of this severity made at `found` is to be remediated, or INT64_MIN. */
int64_t finding_due(const struct programme *programme, const char *severity, int64_t found);

#endif
