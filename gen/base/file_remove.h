#ifndef BASE_FILE_REMOVE_H
#define BASE_FILE_REMOVE_H

#include "base/diagnostics.h"

#include <stdbool.h>

/*
 * Removes a file or a folder with all it holds, never following links. Missing is fine. Holds a descriptor for each
 * level, and no memory but the stack's, so that a run for which memory ran out leaves nothing behind. False with errno
 * set where something is left.
 */
bool file_remove_tried(const char *path);
/* The same; reports what is left under FILE_WRITE. */
bool file_remove_tree(const char *path, struct diagnostics *diagnostics);

#endif
