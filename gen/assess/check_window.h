#ifndef ASSESS_CHECK_WINDOW_H
#define ASSESS_CHECK_WINDOW_H

#include "config/programme.h"
#include "config/schema.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * The spans that one check of a period looks at. A month is judged by itself; what rests on evidence that is due once
 * in a quarter (or a year, or the programme's period) is judged over the quarter so far, and once it ends over all of
 * it. Pure: dates in, dates out.
 */
struct check_window {
    const char *id; /* "2025-11", "2025-Q4", "2025-10-01..2025-11-30" */
    struct span span;
    int64_t as_of;
};
struct check_windows {
    struct check_window *items; /* [0] is the period itself */
    size_t count;
};

/* A set of cadences: 1 << CADENCE_... */
#define CHECK_WINDOW_CADENCE(cadence) (1u << (unsigned)(cadence))

/* Begins with the period itself. False when memory is out. */
bool check_window_begin(struct arena *arena, const struct check_window *period, struct check_windows *out);
/*
 * The index of the window for evidence of these cadences, which is added where it is not there yet: the interval of
 * each cadence that is longer than the period and holds its last day, and for CADENCE_PERIOD the shortest declared
 * period that holds it all. What lies behind the period's end is not known yet. SIZE_MAX when memory is out.
 */
size_t check_window_find(struct arena *arena, const struct programme *programme, unsigned cadences,
                         struct check_windows *windows);
/* The same for the last `days` before the end of the period, or what is known of it. */
size_t check_window_back(struct arena *arena, int64_t days, struct check_windows *windows);
/* Whether the window goes on after what is known. */
bool check_window_open(const struct check_window *window);
/* Whether an interval of the frequency has ended, as seen from `as_of`, since a check that saw things up to `checked`.
 */
bool check_window_due(enum cadence frequency, int64_t checked, int64_t as_of);

#endif
