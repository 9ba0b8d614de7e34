#ifndef ASSESS_CHECK_STATE_H
#define ASSESS_CHECK_STATE_H

#include "assess/check_result.h"
#include "assess/check_window.h"
#include "base/buffer.h"
#include "base/diagnostics.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What was alerted before, so that a failure is not alerted twice unless it got worse, and is said to be over once. It
 * is kept as JSON, which anybody may have altered: what cannot be understood is reported and counts for nothing, so
 * that it never keeps an alert back.
 */

struct check_state_failure {
    const char *test; /* "": a source */
    const char *item;
    struct place place;
};
struct check_state_alert {
    const char *when;
    int severity;
    int64_t total;
    struct check_state_failure *failures;
    size_t failure_count;
    struct place place;
};
/* A test whose evidence was not due yet when it was looked at. */
struct check_state_awaited {
    const char *test;
    const char *window; /* its id */
    int64_t due;        /* the last second of the day by which it is */
    struct place place;
};
struct check_state_check {
    const char *check;
    int64_t checked; /* up to when it saw things: UTC seconds, the last second of a day */
    struct check_state_awaited *awaited;
    size_t awaited_count;
    struct check_state_alert *alerts;
    size_t alert_count;
    struct place place;
};
struct check_state {
    struct check_state_check *checks;
    size_t check_count;
};

/*
 * Reads a state, of which `path` is what diagnostics call it. What is wrong is reported under CHECK_STATE, and the
 * state is empty then; false only when memory is out, after reporting.
 */
bool check_state_read(struct arena *arena, const char *path, const char *bytes, size_t length, struct check_state *out,
                      struct diagnostics *diagnostics);
const struct check_state_check *check_state_find(const struct check_state *state, const char *check);

/* The test of a result that answers what was awaited, judged over the same window; NULL: it was not looked at. */
const struct check_test_result *check_state_answer(const struct check_state_awaited *awaited,
                                                   const struct check_result *result,
                                                   const struct check_windows *windows);
/* Whether something that a check waited for is due by now. */
bool check_state_is_overdue(const struct check_state_check *before, int64_t as_of);

/* A failure that was alerted before and is not there any more, or could not be looked at again. */
struct check_past {
    const char *alert; /* its id */
    const char *check;
    int severity;
    const char *test;
    const char *item;
};
struct check_pasts {
    struct check_past *items;
    size_t count;
};

/*
 * Says of each alert of a check whether it is new, worse (more failures, one that was not there, a higher severity) or
 * repeated, and which of its failures are fresh; appends those that are gone to `resolved`, and to `standing` those
 * whose test could not be judged this time, for which nothing is known. Where `before` is NULL all is new. False when
 * memory is out.
 */
bool check_state_compare(struct arena *arena, const struct check_state_check *before, struct check_result *result,
                         struct check_pasts *resolved, struct check_pasts *standing);
/*
 * The check's state from now on: its failures, those of `standing` that are its own, what it waits for, and what it
 * waited for and nobody has looked at. `checked` as above. A check of an earlier day than the state's only answers what
 * was awaited. False when memory is out.
 */
bool check_state_update(struct arena *arena, struct check_state *state, const struct check_result *result,
                        const struct check_windows *windows, const struct check_pasts *standing, int64_t checked);
/* Appends the state as JSON, the checks in bytewise order. */
void check_state_write(const struct check_state *state, struct buffer *out);

#endif
