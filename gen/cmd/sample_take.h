#ifndef CMD_SAMPLE_TAKE_H
#define CMD_SAMPLE_TAKE_H

#include "cmd/assessment.h"
#include "cmd/sample.h"
#include "cmd/sample_package.h"

#include <sqlite3.h>

/* A sample being taken from the evidence. */
struct sample_take {
    struct command *command;
    struct sample_package package; /* where it is taken from one */
    struct assessment assessment;
    struct diagnostics *aside; /* of the evidence, which the run has said already; lives as long as the assessment */
    const struct control *control;
    const struct test *test;
    sqlite3 *published;    /* the store of the last published run */
    sqlite3 *store;        /* the judged store, for reading */
    const char *list_path; /* population.csv, in the assessment's staging folder */
    struct sample sample;
};

/* What the command line or an earlier draw asks for. */
struct sample_wish {
    const char *test;
    const char *nonce;
    enum sample_method method;
    const char *stratum; /* or "" */
    uint64_t size;       /* 0: by rule */
    const char *rule;    /* NULL: the test's, or the default one */
    enum sampling_risk risk;
    bool risk_given;      /* else that of sampling.yaml counts */
    const char *kept_why; /* of an earlier draw: how its size was chosen; or NULL */
    const char *kept_rule;
};

/*
 * Opens the package where one is named. Loads the configuration, and finds the test and what the last published run has
 * frozen of it, before anything is read: assessment_configure is done when this returns true. `test` is an id.
 */
bool sample_take_begin(struct command *command, const char *test, struct sample_take *take);
/*
 * Reads and judges the evidence (with `writable` as assessment_gather has it), lists the population, refuses when it is
 * not the frozen one, and draws. False after reporting; sample_take_end ends it either way.
 */
bool sample_take_draw(struct sample_take *take, const struct sample_wish *wish, const char *const *writable);
void sample_take_end(struct sample_take *take);

#endif
