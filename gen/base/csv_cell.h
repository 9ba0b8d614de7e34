#ifndef BASE_CSV_CELL_H
#define BASE_CSV_CELL_H

#include "base/buffer.h"

/* Whether a spreadsheet program would take a text for a formula and run it, as csv_cell_text describes. */
bool csv_cell_runs(const char *text, size_t length);
/*
 * Appends a text as one cell of CSV (RFC 4180: in quotes where it holds a comma, a quote or a line end; quotes
 * doubled). A spreadsheet program would take a text that begins with = + - @ (their wide forms too), a tab or a line
 * end for a formula and run it; such a text gets an apostrophe in front, and the result is true, so that the caller can
 * say beside the row which cells were altered. Numbers are not texts: write them with csv_cell_number.
 */
bool csv_cell_text(struct buffer *out, const char *text, size_t length);
/* Appends what is known to be a number, as it is. */
void csv_cell_number(struct buffer *out, const char *text);

#endif
