#ifndef CMD_COLLECT_DUE_H
#define CMD_COLLECT_DUE_H

#include "config/programme.h"

/*
 * Which exports of a source are due, by the requirements of the controls and the files that are there already. The
 * intervals are those by which `run` judges coverage. Nothing here looks at the clock or the disk.
 */

/* A file of the source, dated by its name. */
struct collect_export {
    struct span span;
    bool usable; /* it has bytes, or may be empty */
};

/* One export to collect. */
struct collect_due {
    struct span span; /* a snapshot: the day of `now`; events: what they have to cover */
    const char *why;
};
struct collect_plan {
    struct collect_due *items;
    size_t count;
    const char *idle; /* why nothing is due, where nothing is */
};

/*
 * Fills `out` for one source with a command: a snapshot is due where the interval of a requirement that holds `now`, or
 * one whose grace is not over, has no export; events where a span that is over is not covered. The periods are those
 * that the programme declares and that are not over, grace included; the calendar's quarter where none holds `now`.
 * `exports` are sorted by the start of their spans. False when memory is out.
 */
bool collect_due_plan(struct arena *arena, const struct schema *schema, const struct programme *programme,
                      const struct programme_source *source, const struct collect_export *exports, size_t export_count,
                      int64_t now, struct collect_plan *out);
/* The span of enum programme_covers that holds a moment; for a snapshot its day. */
struct span collect_due_span(int covers, int64_t at);
/* How that span is written in a file's name, as datetime_span reads it; NULL when memory is out. */
const char *collect_due_name(struct arena *arena, int covers, struct span span);

#endif
