#ifndef CMD_SHOW_ROW_H
#define CMD_SHOW_ROW_H

#include "cmd/workspace.h"

#include <sqlite3.h>

/* Whether a text is a row reference, "E12.345". */
bool show_row_reference(const char *text, int64_t *ref);
/*
 * Appends the row behind a reference of a store, and its record as it stands in the evidence, whose digest is checked.
 * `shown` is the folder that the evidence's path is printed with; NULL: the one that it was read from. `*found` says
 * whether the store has it. False after reporting.
 */
bool show_row_append(struct command *command, const struct workspace *workspace, sqlite3 *store, int64_t ref,
                     const char *shown, struct buffer *out, bool *found);
/* Prints the row behind a reference of the last run, and its record as it stands in the evidence. */
bool show_row_print(struct command *command, const struct workspace *workspace, int64_t ref);

#endif
