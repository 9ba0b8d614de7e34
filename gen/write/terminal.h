#ifndef WRITE_TERMINAL_H
#define WRITE_TERMINAL_H

#include "base/buffer.h"
#include "base/diagnostics.h"

#include <sqlite3.h>
#include <stdbool.h>

/*
 * The table a person reads at the end of a run: controls by verdict, criteria with their controls, coverage,
 * exceptions. `width` is the terminal's (0: 160); `colour` uses ANSI colours.
 */
bool terminal_write(sqlite3 *store, int width, bool colour, struct buffer *out, struct diagnostics *diagnostics);

/* A plain table for `show`: titles and rows of texts, aligned by display width, cut to `width` with an ellipsis. */
struct terminal_column {
    const char *title;
    bool right;
};
bool terminal_table(const struct terminal_column *columns, size_t column_count, const char *const *cells,
                    size_t row_count, int width, bool colour, struct buffer *out);

/* Where an overview is written. */
struct terminal {
    sqlite3 *store;
    struct buffer *out;
    struct diagnostics *diagnostics;
    int width;
    bool colour;
};
/* A query's rows as a table, one column each. */
struct terminal_view {
    const char *name;
    const char *sql;
    const struct terminal_column *columns;
    size_t column_count;
    bool paints; /* the column after the last one is the verdict that paints column `painted` */
    size_t painted;
    size_t limit;     /* rows shown, the others counted; 0: all */
    const char *none; /* what stands instead of an empty table */
};
void terminal_heading(struct terminal *terminal, const char *text);
/* False after reporting. */
bool terminal_show(struct terminal *terminal, const struct terminal_view *view);

#endif
