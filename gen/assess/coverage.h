#ifndef ASSESS_COVERAGE_H
#define ASSESS_COVERAGE_H

#include "base/datetime.h"
#include "config/programme.h"
#include "config/schema.h"
#include "store/store.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Which evidence was due when, and which was there. For each requirement and each source of its type, the expected
 * occurrences over the period are met, late, missing, unusable ("invalid", "empty") or still in the future.
 *
 * A snapshot serves one occurrence: met when it was effective within the interval or its grace, late when it came after
 * that but before the next interval's end. Events are met when accepted exports cover every second of the interval.
 */

/* The occurrences due in `range`: intervals of the cadence that end within it. */
struct coverage_intervals {
    struct span *spans; /* freed with coverage_intervals_free */
    size_t count;
    int64_t since;   /* a snapshot from then on may serve the first of them; as found: where that begins */
    int64_t ends;    /* not 0: nothing is due within the range, which is part of what ends then, behind it */
    int64_t overdue; /* not 0, where `ends` is set: from then on what is not there is missing all the same */
};

/*
 * The first interval is clipped to the range's start, or joined to the next one when less than half of it is left. When
 * no interval ends within the range, the range itself is the only one. Holidays (NULL: none) are no business days.
 * False when memory is out.
 */
bool coverage_intervals(enum cadence cadence, const struct datetime_days *holidays, struct span range,
                        struct coverage_intervals *out);
/*
 * For a report on one date (Type I): the one interval that ends with `range` and is as long as the cadence and its
 * grace, within `range`; what is newest in it shows what was in place. A business day's begins with the last one.
 */
bool coverage_date(enum cadence cadence, const struct datetime_days *holidays, int64_t grace, struct span range,
                   struct coverage_intervals *out);
/*
 * What evidence that is due once in the period is due once in: the declared period that holds the range, where the
 * range is too short for an examination of its own; else the range.
 */
struct span coverage_whole(const struct programme *programme, struct span range);
/*
 * From when on a snapshot may serve a range. Where the range begins within a week, month, quarter or year of the
 * cadence that ends within it, of which at least half is left or after which no whole one lies in the range, that is
 * its start: what is due then has to be of that interval. Where nothing is due within the range, what counts is the
 * newest from before it, no older at its beginning than the cadence and the grace, and of no interval but this one and
 * the one before. In every other case the range's own beginning. `whole`: of CADENCE_PERIOD, as coverage_whole has it.
 */
int64_t coverage_since(enum cadence cadence, struct span whole, int64_t grace, struct span range);
/* When that ends of which the range is a part, where nothing of the cadence is due within it; else 0. */
int64_t coverage_ends(enum cadence cadence, struct span whole, struct span range);
/* The day, ISO week, month, quarter or year that holds `at`; a business day and a period are taken for the day. */
struct span coverage_interval(enum cadence cadence, int64_t at);
/*
 * Events happen at any time: adds what is left of `range` behind the last interval, where the cadence's next one ends
 * later, as one more. Nothing where nothing is left. False when memory is out.
 */
bool coverage_rest(struct span range, struct coverage_intervals *intervals);
void coverage_intervals_free(struct coverage_intervals *intervals);

/* One export of a source, as coverage sees it. */
struct coverage_export {
    int64_t evidence;
    int64_t effective_at; /* snapshots */
    struct span span;     /* events: what it covers */
    bool usable;
    bool empty; /* not usable, because it holds no record */
};

enum coverage_status {
    COVERAGE_MET,
    COVERAGE_LATE,
    COVERAGE_MISSING,
    COVERAGE_INVALID,
    COVERAGE_EMPTY,
    COVERAGE_FUTURE
};
const char *coverage_status_name(enum coverage_status status);

struct coverage_occurrence {
    struct span due;
    enum coverage_status status;
    int64_t evidence;     /* 0: none */
    int64_t effective_at; /* of that export */
};

/*
 * Fills one occurrence for each interval. One from before the first interval and not from before `since` serves it
 * where no usable one is there within it or its grace, and none that is unusable. `exports` are sorted by effective
 * time (snapshots) or by the start of what they cover (events). What is due, grace included, after `as_of` and not
 * there yet is in the future; so is, at whatever time, what is due behind the range only (`ends`), unless `overdue`.
 */
void coverage_snapshots(const struct coverage_intervals *intervals, int64_t grace, int64_t as_of,
                        const struct coverage_export *exports, size_t export_count,
                        struct coverage_occurrence *occurrences);
void coverage_events(const struct coverage_intervals *intervals, int64_t as_of, const struct coverage_export *exports,
                     size_t export_count, struct coverage_occurrence *occurrences);
/* The longest stretch of `range`, up to as_of, without a usable export, in seconds. */
int64_t coverage_longest_gap(struct span range, int64_t as_of, bool snapshots, const struct coverage_export *exports,
                             size_t export_count);

/*
 * Computes coverage for the whole store: `occurrence` and `tm_coverage`; of Type I, of snapshots as of the date alone.
 * What serves from behind the period then stands in it for the tests (stands_at in tm_snapshot).
 */
bool coverage_run(struct store *store, const struct programme *programme, struct diagnostics *diagnostics);
/*
 * The same, over the period, for requirements in tm_requirement that no control has: those of populations, which ask
 * for exports of the period itself. Run once.
 */
bool coverage_run_added(struct store *store, const struct programme *programme, struct diagnostics *diagnostics);

#endif
