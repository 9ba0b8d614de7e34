#ifndef CMD_ASSESSMENT_H
#define CMD_ASSESSMENT_H

#include "base/staging.h"
#include "cmd/prior.h"
#include "cmd/workspace.h"
#include "store/store.h"

/*
 * A programme's evidence, read and judged, for commands that publish no package (`check`, `sample`, `explain`, ...).
 * The store stands in a folder of its own below the output folder while the command works, with the tables of high
 * volume still in it, and is gone afterwards.
 */
struct assessment {
    struct workspace workspace;
    struct workspace_period period;
    const char *out;           /* the output folder: --out, or "out" below the programme folder */
    const char *path;          /* of the store's file, for guarded connections (guard_open) */
    struct prior_files priors; /* assessments of earlier periods that findings are carried from; none unless set */
    struct store *store;
    struct staging *staging;
};

/*
 * Loads the configuration and chooses the period. What was begun is ended with assessment_close, also when this is
 * false after reporting. Whoever shows findings then sets `priors` (prior_find).
 */
bool assessment_configure(struct command *command, struct assessment *out);
/*
 * Seals the process (the programme is readable, the output folder and `writable` are writable), reads the evidence and
 * assesses it. `writable` is NULL-terminated, or NULL: further folders, which must exist. False after reporting.
 */
bool assessment_gather(struct command *command, const char *const *writable, struct assessment *out);
/*
 * Reads and judges a period in a process that is sealed already: the store stands at `path`, a new file, and is freed
 * by the caller. For commands that look at several periods at once. NULL after reporting.
 */
struct store *assessment_judge(struct command *command, const struct workspace *workspace,
                               const struct workspace_period *period, const char *path);
void assessment_close(struct assessment *assessment);
/* From here on nothing but the programme is read, and nothing written but below the folders given. */
bool assessment_seal(struct command *command, const struct workspace *workspace, const char *const *writable);

#endif
