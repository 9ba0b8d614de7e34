#ifndef CMD_COLLECT_TAKE_H
#define CMD_COLLECT_TAKE_H

#include "base/digest.h"
#include "base/file.h"
#include "cmd/workspace.h"

/* The folder below inputs/evidence where output waits until it is evidence, and stays if it is not. */
#define COLLECT_FOLDER ".collect"

enum collect_state { COLLECT_STORED, COLLECT_THERE, COLLECT_NONE, COLLECT_NOT_DUE };

/* What became of one export. */
struct collect_result {
    const char *source;
    enum collect_state state;
    const char *why;  /* it was due, or is not; or NULL */
    const char *path; /* of the evidence, from where the process stands; NULL: none */
    char sha256[DIGEST_HEX_BYTES];
    uint64_t records;
    uint64_t rows;
};

/* Where a collection works. */
struct collect_place {
    const struct workspace *workspace;
    const char *folder;           /* COLLECT_FOLDER, which this process alone writes to */
    const struct file_list *list; /* of the evidence there was before */
};

/*
 * Runs the command of one source for a span and stores what it printed, with its sidecar, in one step. False after
 * reporting that the system failed or that the process was told to end; a command that failed is a result, after
 * reporting.
 */
bool collect_take(struct command *command, const struct collect_place *place, const struct programme_source *source,
                  struct span span, struct collect_result *out);

#endif
