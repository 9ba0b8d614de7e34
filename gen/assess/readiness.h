#ifndef ASSESS_READINESS_H
#define ASSESS_READINESS_H

#include "base/business_day.h"
#include "config/programme.h"
#include "config/readiness_rules.h"
#include "store/store.h"

#include <stdbool.h>

/*
 * How ready a judged programme is for its examination: gaps between what controls are and what they are to be, what is
 * still missing before week 1, the audit's weeks and the road to a first examination. Adds the tables of readiness.sql
 * to the store; no verdict is touched.
 */
struct readiness_input {
    const struct readiness_rules *rules;
    const struct programme *programme;
    const struct schema *known; /* with every kind, to name those that could give a type; NULL: none is named */
    struct datetime_days days;  /* the holidays of the programme */
    int64_t submission;         /* a business day */
    int64_t start;              /* of the implementation: a business day */
    const char *package;        /* the file name of the period's package */
    struct diagnostics *diagnostics;
};

/* What is on the list of things missing, and how many of them should be there already. */
struct readiness_counts {
    int64_t missing;
    int64_t overdue;
};

/* The day of the submission where nobody says one, by the rules: so many business days after the period's last day. */
int64_t readiness_submission(const struct readiness_rules *rules, const struct datetime_days *days, struct span period);

/*
 * Writes gaps, requests, shares, weeks and phases, and commits. `store_path` is the store's file, for the guarded
 * connection that the roadmap's queries run on. False after reporting.
 */
bool readiness_run(struct store *store, const char *store_path, const struct readiness_input *input,
                   struct readiness_counts *counts);

/* The parts of readiness_run that are dated plans: the audit's weeks, and phases with their steps (readiness_plan.c).
 */
bool readiness_plan_weeks(struct store *store, const struct readiness_input *input);
bool readiness_plan_phases(struct store *store, const char *store_path, const struct readiness_input *input);

#endif
