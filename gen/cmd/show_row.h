#ifndef CMD_SHOW_ROW_H
#define CMD_SHOW_ROW_H

#include "cmd/workspace.h"

/* Whether a text is a row reference, "E12.345". */
bool show_row_reference(const char *text, int64_t *ref);
/* Prints the row behind a reference of the last run, and its record as it stands in the evidence. */
bool show_row_print(struct command *command, const struct workspace *workspace, int64_t ref);

#endif
