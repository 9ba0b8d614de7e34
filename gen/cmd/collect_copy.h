#ifndef CMD_COLLECT_COPY_H
#define CMD_COLLECT_COPY_H

#include "base/digest.h"
#include "base/file.h"
#include "cmd/workspace.h"

/*
 * Whether new output is an old export once more. Snapshots that tell of moments which go on, such as the last sign-ins,
 * are not the same twice: a command that prints one again more likely serves it from a cache than asked anew. `run`
 * refuses such a copy unless its sidecar says when it was collected, so that must not be said without anybody looking.
 *
 * Sets `*earlier` to the path of the earliest listed export of the source with the same bytes, or NULL. False after
 * reporting that the system failed.
 */
bool collect_copy_find(struct command *command, const struct workspace *workspace,
                       const struct programme_source *source, const struct file_list *list, uint64_t size,
                       const char *sha256, const char **earlier);

#endif
