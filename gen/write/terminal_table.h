#ifndef WRITE_TERMINAL_TABLE_H
#define WRITE_TERMINAL_TABLE_H

#include "base/buffer.h"
#include "write/terminal.h"

#include <stdbool.h>
#include <stddef.h>

/* A table of `row_count` times `column_count` texts, row by row. */
struct terminal_table {
    const struct terminal_column *columns;
    size_t column_count;
    const char *const *cells;
    size_t row_count;
    int width; /* 0: 100 */
    bool colour;
    size_t indent;             /* spaces before each line */
    size_t painted;            /* the column that is painted, if `paints` is given */
    const char *const *paints; /* an ANSI sequence for each row, or NULL */
};

bool terminal_table_draw(const struct terminal_table *table, struct buffer *out);
/*
 * Appends a text that came from evidence so that it can do nothing to a terminal: control characters and those that
 * turn the direction of writing become U+FFFD. At most `width` cells, with an ellipsis where it is cut; the cells
 * written.
 */
size_t terminal_table_text(struct buffer *out, const char *text, size_t width);

#endif
