#ifndef ASSESS_CHECK_RESULT_H
#define ASSESS_CHECK_RESULT_H

#include "config/schema.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What came of the checks. All of it lives in the command's arena. */

enum check_outcome { /* lightest first; that of a check is the heaviest of what it looked at, see check_judge */
                     CHECK_NOT_APPLICABLE,
                     CHECK_AWAITED, /* its evidence is not due yet: nothing is said of it */
                     CHECK_NO_OCCURRENCE,
                     CHECK_PASSED,
                     CHECK_INSUFFICIENT,
                     CHECK_VIOLATED
};
/* "not applicable", "awaited", "no occurrence", "passed", "insufficient", "violated". */
const char *check_outcome_name(enum check_outcome outcome);

/* Alerts that every check has beside its own. */
#define CHECK_WHEN_INSUFFICIENT "insufficient"
#define CHECK_WHEN_OVERDUE      "overdue"

struct check_test_result {
    const char *control; /* NULL: a threshold's own query */
    const char *test;
    const char *title;
    enum check_outcome outcome;
    const char *verdict; /* as `run` words it for the same window; NULL for a threshold */
    size_t window;
    int64_t population;
    int64_t exceptions;
    int64_t undetermined;
    bool judged; /* with all of its evidence: what is not found is not there */
    bool early;  /* short of nothing but of time: it is too early to tell of some items, and the window goes on */
    int64_t due; /* CHECK_AWAITED: by when the evidence is */
};

struct check_failure {
    const char *control; /* NULL: of a threshold's own query, or a source */
    const char *test;    /* the test or threshold; NULL: a source */
    const char *item;    /* "": the test as a whole, whose evidence is short in the way that `text` says */
    const char *text;
    const char *waiver;   /* accepted by it, or NULL */
    const char *evidence; /* path of the file, or NULL */
    bool has_ref;
    int64_t ref;
    int severity;
    size_t window;
    bool fresh; /* was not there when it was alerted last */
};

enum check_change { CHECK_NEW, CHECK_WORSE, CHECK_REPEATED };
const char *check_change_name(enum check_change change);

struct check_alert_result {
    const char *id; /* "CHECK:WHEN", the same from one check to the next */
    const struct check *check;
    const char *when;
    int severity;
    const char *message;
    const char *action;
    int64_t population;
    struct check_failure *failures; /* at most LIMIT_CHECK_FAILURES */
    size_t failure_count;
    uint64_t total; /* of failures, those that are not kept included */
    enum check_change change;
};

struct check_result {
    const struct check *check;
    enum check_outcome outcome;
    struct check_test_result *tests;
    size_t test_count;
    struct check_alert_result *alerts;
    size_t alert_count;
};

#endif
