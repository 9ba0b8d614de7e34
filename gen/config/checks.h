#ifndef CONFIG_CHECKS_H
#define CONFIG_CHECKS_H

#include "config/decode.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct control;

/*
 * checks.yaml: what is looked at between audits, how often, and what has to be found there for an alert. A check names
 * tests (or controls, for all of their tests); its alerts are thresholds on what these find, or queries of their own.
 */

enum check_when {
    CHECK_ANY_VIOLATIONS, /* a test of the check has exceptions beyond its tolerable rate */
    CHECK_STALE,          /* "30_days_stale": the newest export of some source is older than that */
    CHECK_QUERY           /* the name of a threshold with a query: rows with an exception are failures */
};

#define CHECK_SEVERITIES 4 /* enum severity of config/schema.h, lightest first */
#define CHECK_BY_TESTS   (-1)

struct check_alert {
    const char *when_text; /* as written, the alert's name within its check */
    enum check_when when;
    int64_t days;     /* CHECK_STALE */
    size_t threshold; /* CHECK_QUERY: into checks.thresholds */
    int severity;     /* enum severity, or CHECK_BY_TESTS: that of the heaviest test that failed */
    const char *message;
    const char *action;
    struct place place;
};

/* What is said where evidence does not suffice: every check alerts then, whatever its thresholds. */
struct check_insufficient {
    int severity;
    const char *message;
    const char *action;
    struct place place;
};

struct check {
    const char *id;
    const char *group;
    const char *title;
    int frequency;          /* enum cadence: for `--due` */
    int window;             /* enum cadence: how far back it looks at least; -1: no further than its evidence demands */
    struct text_list tests; /* ids of tests, in the order written; those of `controls` behind them */
    struct check_alert *alerts;
    size_t alert_count;
    struct check_insufficient insufficient;
    struct place place;
};

struct checks {
    struct check *items; /* in the order written */
    size_t count;
    struct text_list channels[CHECK_SEVERITIES];
    struct control *thresholds; /* each with one test, the query and its challenges; none asks for evidence by itself */
    size_t threshold_count;
};

#endif
