#ifndef CMD_REPORT_H
#define CMD_REPORT_H

#include "cmd/workspace.h"
#include "write/summary.h"

#include <sqlite3.h>

#define REPORT_SUMMARY "summary.json" /* every folder of outputs holds it */

/* The files that a run leaves beside its package; all are made from the published store. */
struct report_paths {
    const char *store; /* assessment.sqlite */
    const char *pdf;
    const char *html;
    const char *xml;
    const char *summary; /* without the package, for the copy inside it */
};
/* Names them in a folder; false when memory is out, after reporting. */
bool report_name(struct command *command, const char *folder, const char *profile, struct report_paths *out);
/* Writes PDF, HTML, XML (validated) and the summary. */
bool report_write(struct command *command, const struct workspace *workspace, const struct workspace_period *period,
                  const struct report_paths *paths, sqlite3 *store);
/* Opens a published store for reading; NULL after reporting. */
sqlite3 *report_open_store(struct command *command, const char *path);

#endif
