#ifndef CONFIG_READINESS_RULES_H
#define CONFIG_READINESS_RULES_H

#include "config/schema.h"

/*
 * templates/readiness.yaml: by what `tickmark readiness` weighs a gap, what it asks for, and the plans that it dates.
 * The arithmetic is a sum of points, each of which is printed beside it.
 */

/* Points of a verdict's state or of a severity; the keys are fixed. */
enum readiness_state { READINESS_EXCEPTION, READINESS_INSUFFICIENT, READINESS_PENDING, READINESS_STATES };
extern const char *const readiness_rules_states[]; /* as verdicts are named; NULL-terminated */

/* Points of a gap that is to be closed within so many days of the assessment. */
struct readiness_due {
    int64_t within; /* days */
    int64_t points;
    struct place place;
};

struct readiness_level {
    const char *name;
    int64_t from; /* the least points */
    struct place place;
};

/* What to do about a fault of the evidence, by the reason that is printed for it: an SQL LIKE pattern. */
struct readiness_fault {
    const char *like;
    const char *ask;
    struct place place;
};

/* Some weeks of the audit, counted from the submission's. */
struct readiness_week {
    const char *id;
    const char *title;
    int64_t first;
    int64_t last;
    const char *auditor;    /* what the auditor does */
    const char *management; /* what management does */
    const char *produces;   /* what tickmark produces for it; {period} and {package} become names */
    struct place place;
};

/* Something to do in a phase, for every row of a query (subject, text, owner). */
struct readiness_step {
    const char *title;
    const struct yaml_node *query;
    struct place place;
};

struct readiness_phase {
    const char *id;
    const char *title;
    const char *text;
    int64_t first_month; /* counted from the start's, from 1 */
    int64_t last_month;
    const struct yaml_node *steps_node;
    struct readiness_step *steps;
    size_t step_count;
    struct place place;
};

/* What is asked for, by the state of what is missing. */
#define READINESS_ASKS 11
extern const char *const readiness_rules_asks[]; /* the keys of `asks:`; READINESS_ASKS of them */

struct readiness_rules {
    int64_t submission_after; /* business days from the period's last day to the submission */
    int64_t severity[4];      /* by enum severity */
    int64_t state[READINESS_STATES];
    int64_t each_criterion;
    int64_t most_criteria; /* points for criteria at most */
    struct readiness_due *dues;
    size_t due_count;
    struct readiness_level *levels;
    size_t level_count;
    const char *asks[READINESS_ASKS];
    struct readiness_fault *faults;
    size_t fault_count;
    struct readiness_week *weeks;
    size_t week_count;
    struct readiness_phase *phases;
    size_t phase_count;
    struct place place;
};

/* Reads and checks the file at `path`; all in `arena`. NULL after reporting. */
struct readiness_rules *readiness_rules_load(struct arena *arena, const char *path, struct diagnostics *diagnostics);

#endif
