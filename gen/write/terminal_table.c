#include "write/terminal_table.h"

#include "base/text.h"
#include "write/width.h"

#include <stdlib.h>
#include <string.h>

#define TERMINAL_WIDTH       160
#define TERMINAL_GAP         2
#define TERMINAL_NARROWEST   6
#define TERMINAL_REPLACEMENT UINT32_C(0xfffd)
#define TERMINAL_ELLIPSIS    UINT32_C(0x2026)
#define TERMINAL_BOLD        "\033[1m"
#define TERMINAL_PLAIN       "\033[0m"

/* C0, DEL, C1; and U+200E, U+200F, U+202A-U+202E, U+2066-U+2069 (UAX #9), by which text can pretend to be another. */
static uint32_t terminal_harmless(uint32_t code_point) {
    bool control = code_point < 0x20 || (code_point >= 0x7f && code_point < 0xa0);
    bool direction = code_point == 0x200e || code_point == 0x200f || (code_point >= 0x202a && code_point <= 0x202e) ||
                     (code_point >= 0x2066 && code_point <= 0x2069);
    return control || direction ? TERMINAL_REPLACEMENT : code_point;
}

static size_t terminal_width(const char *text) {
    size_t length = strlen(text);
    size_t width = 0;
    for (size_t position = 0; position < length;)
        width += (size_t)width_of(terminal_harmless(text_utf8_next(text, length, &position)));
    return width;
}

size_t terminal_table_text(struct buffer *out, const char *text, size_t width) {
    size_t length = strlen(text);
    bool whole = terminal_width(text) <= width;
    size_t room = whole ? width : width == 0 ? 0 : width - 1;
    size_t used = 0;
    for (size_t position = 0; position < length;) {
        uint32_t code_point = terminal_harmless(text_utf8_next(text, length, &position));
        size_t cells = (size_t)width_of(code_point);
        if (used + cells > room)
            break;
        text_utf8_append(out, code_point);
        used += cells;
    }
    if (whole || width == 0)
        return used;
    text_utf8_append(out, TERMINAL_ELLIPSIS);
    return used + 1;
}

static void terminal_spaces(struct buffer *out, size_t count) {
    while (count-- > 0)
        buffer_append_byte(out, ' ');
}

/* Takes from the widest text column, a cell at a time, until the table fits or cannot be narrower. */
static void terminal_fit(const struct terminal_table *table, size_t *widths) {
    size_t limit = table->width > 0 ? (size_t)table->width : TERMINAL_WIDTH;
    size_t total = table->indent + TERMINAL_GAP * (table->column_count - 1);
    for (size_t i = 0; i < table->column_count; i++)
        total += widths[i];
    for (; total > limit; total--) {
        size_t widest = table->column_count;
        for (size_t i = 0; i < table->column_count; i++)
            if (!table->columns[i].right && (widest == table->column_count || widths[i] > widths[widest]))
                widest = i;
        if (widest == table->column_count || widths[widest] <= TERMINAL_NARROWEST)
            return;
        widths[widest]--;
    }
}

/* One line; `paint` stands around the cell of column `painted`, or with `painted` past the last around all of it. */
static void terminal_row(const struct terminal_table *table, const char *const *cells, const size_t *widths,
                         size_t painted, const char *paint, struct buffer *out) {
    size_t pending = table->indent; /* spaces are written before what follows them, never at the end of a line */
    for (size_t i = 0; i < table->column_count; i++) {
        size_t width = terminal_width(cells[i]);
        size_t shown = width < widths[i] ? width : widths[i];
        bool paints = paint != NULL && *paint != '\0' && (i == painted || painted >= table->column_count);
        if (table->columns[i].right)
            pending += widths[i] - shown;
        if (*cells[i] != '\0') {
            terminal_spaces(out, pending);
            buffer_append_text(out, paints ? paint : "");
            shown = terminal_table_text(out, cells[i], widths[i]);
            buffer_append_text(out, paints ? TERMINAL_PLAIN : "");
            pending = 0;
        }
        pending += (table->columns[i].right ? 0 : widths[i] - shown) + TERMINAL_GAP;
    }
    buffer_append_byte(out, '\n');
}

bool terminal_table_draw(const struct terminal_table *table, struct buffer *out) {
    size_t *widths = calloc(table->column_count + 1, sizeof *widths);
    const char **titles = calloc(table->column_count + 1, sizeof *titles);
    bool done = widths != NULL && titles != NULL;
    for (size_t i = 0; done && i < table->column_count; i++) {
        titles[i] = table->columns[i].title;
        widths[i] = terminal_width(titles[i]);
        for (size_t row = 0; row < table->row_count; row++) {
            size_t width = terminal_width(table->cells[row * table->column_count + i]);
            widths[i] = width > widths[i] ? width : widths[i];
        }
    }
    if (done && table->column_count > 0) {
        terminal_fit(table, widths);
        terminal_row(table, titles, widths, table->column_count, table->colour ? TERMINAL_BOLD : NULL, out);
        for (size_t row = 0; row < table->row_count; row++)
            terminal_row(table, table->cells + row * table->column_count, widths, table->painted,
                         table->colour && table->paints != NULL ? table->paints[row] : NULL, out);
    }
    free(widths);
    free(titles);
    return done && !out->failed;
}

bool terminal_table(const struct terminal_column *columns, size_t column_count, const char *const *cells,
                    size_t row_count, int width, bool colour, struct buffer *out) {
    const struct terminal_table table = {.columns = columns,
                                         .column_count = column_count,
                                         .cells = cells,
                                         .row_count = row_count,
                                         .width = width,
                                         .colour = colour};
    return terminal_table_draw(&table, out);
}
