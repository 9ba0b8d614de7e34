#ifndef BASE_STAGING_H
#define BASE_STAGING_H

#include "base/diagnostics.h"

#include <stdbool.h>

/*
 * A folder of outputs that appears at once or not at all. Files are written into a hidden sibling of the target; commit
 * syncs them and exchanges it with the target (renameat2 RENAME_EXCHANGE, or rename when there was none); abort removes
 * it and leaves the last good output alone.
 */
struct staging;

/*
 * Whether an output may come to stand at `target`: nothing is there, or a folder that is empty or holds the file
 * `mark`, as every output does. Anything else is somebody's own and would be lost; it is reported under FILE_WRITE.
 */
bool staging_may_replace(const char *target, const char *mark, struct diagnostics *diagnostics);
/* `target` is the final folder, such as out/2025-Q4; its parents are made. Leftovers of a killed run are removed;
 * while another run is still writing the same target, that is a FILE_WRITE failure. NULL when it cannot begin. */
struct staging *staging_begin(const char *target, struct diagnostics *diagnostics);
/* The two together: begins where an output may come to stand. NULL after reporting. */
struct staging *staging_replace(const char *target, const char *mark, struct diagnostics *diagnostics);
/* The folder to write into, until commit or abort. */
const char *staging_path(const struct staging *staging);
/* Syncs what was written so far, so that little is left to sync at the end. */
bool staging_sync(const struct staging *staging, struct diagnostics *diagnostics);
bool staging_commit(struct staging *staging, struct diagnostics *diagnostics);
/* Removes what was not committed and frees. NULL is fine. */
void staging_end(struct staging *staging);

#endif
