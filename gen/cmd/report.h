#ifndef CMD_REPORT_H
#define CMD_REPORT_H

#include "cmd/workspace.h"
#include "write/summary.h"

#include <sqlite3.h>

#define REPORT_SUMMARY "summary.json" /* every folder of outputs holds it */

struct report;

/* The files that a run leaves beside its package; all are made from the settled store. */
struct report_paths {
    const char *store; /* assessment.sqlite */
    const char *pdf;
    const char *html;
    const char *xml;
    const char *summary; /* without the package, for the copy inside it */
};
/* Whether templates/NAME.md is there; false after reporting, before anything is read for it. */
bool report_known(struct command *command, const struct workspace *workspace, const char *profile);
/* Names them in a folder; false when memory is out, after reporting. */
bool report_name(struct command *command, const char *folder, const char *profile, struct report_paths *out);
/*
 * Begins the reports from the settled store at `store_path`: the document is rendered, and the PDF written, which takes
 * as long as all the others together, on a thread until report_pdf. All that is handed in must stay until then. NULL
 * after reporting a failure.
 */
struct report *report_begin(struct command *command, const struct workspace *workspace,
                            const struct workspace_period *period, const struct report_paths *paths,
                            const char *store_path);
/*
 * What does not need the document: the published store as XML, which is validated on a thread until report_end, and its
 * summary, whose text and the package's place in it (write/summary.h) are handed on. `report` may be NULL, which fails.
 */
bool report_data(struct report *report, const struct workspace *workspace, const struct report_paths *paths,
                 sqlite3 *store, struct buffer *summary, size_t *package_at);
/*
 * Waits for the document, gives up the store that it was made of, and writes it as HTML; false after reporting.
 * `report` may be NULL, which fails.
 */
bool report_html(struct report *report);
/* Waits for the PDF; the store that the document was rendered from is not read any more. Whether it is there, after
 * reporting if not. `report` may be NULL, which fails. */
bool report_pdf(struct report *report);
/* Waits for all that goes on, and frees the report, which may be NULL; whether the PDF is there and the XML is valid,
 * after reporting if not. */
bool report_end(struct report *report);
/*
 * A report of its own: fills templates/NAME.md from the store at `paths->store` and writes it to `paths->html` and
 * `paths->pdf` (NULL: not at all); the other paths are not used. False after reporting.
 */
bool report_template(struct command *command, const struct workspace *workspace, const struct workspace_period *period,
                     const char *name, const struct report_paths *paths);
/* Opens a published store for reading; NULL after reporting. */
sqlite3 *report_open_store(struct command *command, const char *path);
/* The same for what the last run of a period published; `*path` is where it is. */
sqlite3 *report_open_last(struct command *command, const struct workspace *workspace,
                          const struct workspace_period *period, const char **path);

#endif
