#ifndef ASSESS_LIFECYCLE_H
#define ASSESS_LIFECYCLE_H

#include "base/buffer.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * What becomes of a finding from one period to the next. It is remediated when a retest shows so, and never because
 * something is missing: what could not be tested again stays as it was.
 */

/* What the newest prior assessment says of it. */
enum lifecycle_before {
    LIFECYCLE_UNKNOWN, /* there is no prior assessment: whether it is new cannot be told */
    LIFECYCLE_ABSENT,  /* those that there are do not have it */
    LIFECYCLE_WAS_OPEN,
    LIFECYCLE_WAS_ACCEPTED,
    LIFECYCLE_WAS_REMEDIATED,
    LIFECYCLE_BEFORE_COUNT
};

/* What this period shows of it. */
enum lifecycle_outcome {
    LIFECYCLE_EXCEPTION,     /* it is there */
    LIFECYCLE_WAIVED,        /* it is there, and a waiver in force names every exception of it */
    LIFECYCLE_UNDETERMINED,  /* the test could not tell */
    LIFECYCLE_NOT_TESTED,    /* the test did not run, or is no longer in the schema */
    LIFECYCLE_INSUFFICIENT,  /* the test's evidence was not complete */
    LIFECYCLE_CHANGED,       /* the test asks something else than it did, or with other thresholds */
    LIFECYCLE_NO_POPULATION, /* there was nothing to test */
    LIFECYCLE_RETESTED,      /* the same thing was tested again, with complete evidence, without exception */
    LIFECYCLE_GONE,          /* the population is all that there is, and the thing is no longer in it */
    LIFECYCLE_CORRECTED,     /* the thing does not come again; the action is completed, and nothing else deviated */
    LIFECYCLE_OTHERS,        /* the thing does not come again, and other things deviated */
    LIFECYCLE_UNSTATED,      /* the thing does not come again, and no completed action is stated */
    LIFECYCLE_OUTCOME_COUNT
};

enum lifecycle_state {
    LIFECYCLE_NEW,
    LIFECYCLE_OPEN,
    LIFECYCLE_REOPENED,
    LIFECYCLE_ACCEPTED,
    LIFECYCLE_REMEDIATED,
    LIFECYCLE_STATE_COUNT
};
extern const char *const lifecycle_state_names[];
/* What the state of a prior assessment, by its name, comes to. */
enum lifecycle_before lifecycle_before(const char *state);

/* What is known of the test and the thing in this period. */
struct lifecycle_facts {
    int64_t exceptions; /* of the thing */
    int64_t waived;     /* of these */
    int64_t undetermined;
    bool tested;          /* the test has a result other than "not applicable" */
    int64_t shortcomings; /* states of the test that are insufficient or pending */
    bool same;            /* it asks what it asked when the finding was last seen */
    int64_t population;   /* of the test */
    int64_t seen;         /* items of it that are about the thing */
    int64_t other;        /* exceptions of the test */
    bool standing;        /* the population is all that there is */
    bool source_there;    /* the source that showed the finding still delivers */
    bool completed;       /* management states that the corrective action was completed by now */
};
enum lifecycle_outcome lifecycle_judge(const struct lifecycle_facts *facts);

/* `waiver`: one in force names the thing, whether or not it was seen. */
enum lifecycle_state lifecycle_next(enum lifecycle_before before, enum lifecycle_outcome outcome, bool waiver);
/* Why, as reports say it. */
void lifecycle_reason(enum lifecycle_before before, enum lifecycle_outcome outcome, const struct lifecycle_facts *facts,
                      bool waiver, struct buffer *out);

#endif
