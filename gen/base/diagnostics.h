#ifndef BASE_DIAGNOSTICS_H
#define BASE_DIAGNOSTICS_H

#include "base/buffer.h"
#include "base/diagnostic_ids.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* How much a diagnostic weighs; the heaviest one decides the exit status (DESIGN 8). */
enum diagnostic_level {
    DIAGNOSTIC_NOTE,       /* worth knowing; status 0 */
    DIAGNOSTIC_WARNING,    /* probably not meant; status 0 */
    DIAGNOSTIC_EVIDENCE,   /* evidence is missing or wrong; status 1 */
    DIAGNOSTIC_UNVERIFIED, /* a package failed verification; status 4 */
    DIAGNOSTIC_SETUP,      /* usage, programme, schema or template error; status 2 */
    DIAGNOSTIC_FAILURE     /* the system failed, nothing was published; status 3 */
};

enum diagnostic {
#define X(symbol, id, level, meaning) DIAGNOSTIC_##symbol,
    DIAGNOSTIC_IDS(X)
#undef X
        DIAGNOSTIC_COUNT
};

/*
 * Where a diagnostic points. Parts that are 0 or NULL are left out in print. Lines, columns, records count from 1.
 * `member` is the file in an archive that line and column are in; records count through all of its members.
 */
struct place {
    const char *path;
    uint64_t line;
    uint64_t column;
    uint64_t record;
    const char *member;
};

/* All that one run has to say to its user. Library code records here; only main prints. */
struct diagnostics;

struct diagnostics *diagnostics_new(void);
void diagnostics_free(struct diagnostics *diagnostics);
/*
 * Records one diagnostic: `what, and what to do`, without the id and without a final full stop. `place` may be NULL;
 * it and the text are copied. Past LIMIT_DIAGNOSTICS_KEPT for the same id and file it is only counted. Any thread may
 * report; when memory is out the text is lost and MEMORY is counted beside the id.
 */
void diagnostics_report(struct diagnostics *diagnostics, enum diagnostic id, const struct place *place,
                        const char *format, ...) __attribute__((format(printf, 4, 5)));
/* The same for a system call that failed: appends ": " and the text of `error` (an errno value). */
void diagnostics_report_errno(struct diagnostics *diagnostics, enum diagnostic id, const struct place *place, int error,
                              const char *format, ...) __attribute__((format(printf, 5, 6)));
/* Takes over all that `from` holds, counted ones included; its texts are copied. */
void diagnostics_join(struct diagnostics *diagnostics, const struct diagnostics *from);
/* What there is to say where memory ran out while one was kept, or NULL. */
const char *diagnostics_lost(const struct diagnostics *diagnostics);
/* How many of this level or heavier were reported, counted ones included. */
uint64_t diagnostics_count(const struct diagnostics *diagnostics, enum diagnostic_level level);
uint64_t diagnostics_count_id(const struct diagnostics *diagnostics, enum diagnostic id);
/* The exit status of the heaviest diagnostic. */
int diagnostics_exit_status(const struct diagnostics *diagnostics);

const char *diagnostic_name(enum diagnostic id);
const char *diagnostic_meaning(enum diagnostic id);
enum diagnostic_level diagnostic_level(enum diagnostic id);
/* "note", "warning", "error", "failure". */
const char *diagnostic_level_name(enum diagnostic_level level);

struct diagnostic_view {
    enum diagnostic id;
    struct place place;
    const char *text;
    uint64_t more; /* set on the last one kept of an id and file: how many were only counted */
};
/*
 * Visits what is kept, sorted by path, line, column, record, id and text. Stops when `visit` returns false. Unlike
 * reporting, this and counting are for a time when no other thread reports.
 */
bool diagnostics_visit(struct diagnostics *diagnostics,
                       bool (*visit)(void *context, const struct diagnostic_view *view), void *context);
/*
 * Appends them sorted, a line each: `path:line:col: record N: error: what, and what to do [id]` (`path!member:line` in
 * an archive), at most LIMIT_DIAGNOSTICS_EACH for one id and file, then "N more". `least` leaves out lighter ones;
 * `colour` uses ANSI colours.
 */
void diagnostics_print(struct diagnostics *diagnostics, enum diagnostic_level least, bool colour, struct buffer *out);
/* Appends a JSON array of {path, member, line, column, record, level, id, text}; what is not there is left out. */
void diagnostics_json(struct diagnostics *diagnostics, struct buffer *out);

#endif
