#ifndef CMD_GATHER_LOAD_H
#define CMD_GATHER_LOAD_H

#include "cmd/gather.h"

/*
 * Loads evidence files into a store, and packs their bytes (`package` may be NULL), in the order in which they are
 * added. Where there is another processor, files are read there while those before them are loaded.
 */
struct gather_load;

/* NULL after reporting. */
struct gather_load *gather_load_new(struct command *command, const struct workspace *workspace, struct store *store,
                                    struct package *package);
/* A gather_visit whose `context` is the gather_load. A file that fails may be told of when a later one is added. */
bool gather_load_add(struct command *command, void *context, const struct gather_file *file);
/* Loads what is still under way, and frees. */
bool gather_load_end(struct gather_load *load);

#endif
