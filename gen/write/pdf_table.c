#include "write/pdf_table.h"

#include "write/pdf_block.h"
#include "write/pdf_break.h"
#include "write/pdf_caption.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PADDING_X    5.0
#define PADDING_Y    3.4
#define LEAST_SHARE  0.30 /* of the table that one column's longest word may claim */
#define NARROWEST    5.0  /* ems that a column gets, else the text shrinks */
#define SMALLEST     0.76 /* of the usual size: how far text shrinks for a wide table */
#define SPLIT_LINES  4    /* of a row taller than a page that must fit before it begins */
#define HEADER_SHARE 0.5  /* of a page; a taller header is not repeated */
#define ROUNDING     0.01
#define RULE_THICK   0.9
#define RULE_THIN    0.35
#define CELLS_KEPT   4096 /* shaped once, for measuring and for drawing; a larger table shapes its rows again */

struct column {
    double left, width;
    double least, natural, hint;
    enum alignment alignment;
};

struct table_layout {
    struct pdf_layout *layout;
    const struct node *node;
    struct pdf_frame frame;
    struct column *columns;
    struct pdf_paragraph *cells; /* of the row at hand */
    struct pdf_paragraph *kept;  /* of every row, where `keeps`; else of one row */
    size_t kept_count;
    bool keeps;
    size_t column_count;
    size_t line_count; /* of the row at hand: of its tallest cell */
    double size;
    double line_height;
    double padding_x;
    double header_height; /* of what is repeated on each page */
    bool repeats;
    size_t band; /* counts rows, for their bands */
};

static bool is_row(const struct node *node) {
    return node->kind == NODE_ROW;
}

static size_t count_columns(const struct node *node) {
    size_t most = node->table == NULL ? 0 : node->table->column_count;
    for (const struct node *row = node->first_child; row != NULL; row = row->next) {
        size_t count = 0;
        for (const struct node *cell = row->first_child; is_row(row) && cell != NULL; cell = cell->next) {
            count++;
        }
        most = count > most ? count : most;
    }
    return most;
}

static size_t count_rows(const struct node *node) {
    size_t count = 0;
    for (const struct node *row = node->first_child; row != NULL; row = row->next) {
        count += is_row(row);
    }
    return count;
}

/* Makes the cells of the row with this index, counted from 0, those at hand. */
static void take_row(struct table_layout *table, size_t index) {
    table->cells = table->kept + (table->keeps ? index * table->column_count : 0);
}

static void shape_cell(struct table_layout *table, const struct node *row, const struct node *cell,
                       struct pdf_paragraph *paragraph) {
    const struct theme *theme = table->layout->theme;
    struct pdf_style style = {.face = row->header ? PDF_FACE_BOLD : PDF_FACE_BODY,
                              .size = table->size,
                              .ink = row->header ? theme->accent : theme->ink,
                              .tabular = true};
    pdf_text_clear(paragraph);
    pdf_text_add_nodes(paragraph, table->layout->fonts, theme, cell->first_child, NULL, &style);
    pdf_text_shape(paragraph, table->layout->fonts);
    table->layout->failed = table->layout->failed || paragraph->failed;
}

static void set_size(struct table_layout *table, double size) {
    double share = table->frame.width / (double)table->column_count;
    table->size = fmin(size, share / NARROWEST);
    table->line_height = table->size * PDF_TABLE_LEADING;
    table->padding_x = fmin(PADDING_X, share * 0.1);
}

/* Finds how wide the columns could be and must be, so that no word is cut. */
static void measure(struct table_layout *table) {
    for (size_t i = 0; i < table->column_count; i++) {
        struct column *column = &table->columns[i];
        column->natural = column->least = 0;
        const struct table *spec = table->node->table;
        if (spec != NULL && i < spec->column_count) {
            column->alignment = spec->columns[i].alignment;
            column->hint = spec->columns[i].width > 0 ? spec->columns[i].width : 0;
        }
    }
    size_t index = 0;
    for (const struct node *row = table->node->first_child; row != NULL && pdf_layout_ok(table->layout);
         row = row->next) {
        size_t i = 0;
        take_row(table, index);
        index += is_row(row);
        for (const struct node *cell = row->first_child; is_row(row) && cell != NULL; cell = cell->next, i++) {
            struct column *column = &table->columns[i];
            shape_cell(table, row, cell, &table->cells[i]);
            column->natural = fmax(column->natural, table->cells[i].natural);
            column->least = fmax(column->least, table->cells[i].least);
        }
    }
}

/* What a column's longest word may claim: a digest does not push all other columns aside. */
static double longest_word(const struct table_layout *table) {
    return fmax(table->frame.width * LEAST_SHARE, table->frame.width / (double)table->column_count);
}

static double least_width(const struct table_layout *table) {
    double longest = longest_word(table);
    double sum = 0;
    for (size_t i = 0; i < table->column_count; i++) {
        sum += fmin(table->columns[i].least, longest) + 2 * table->padding_x + ROUNDING;
    }
    return sum;
}

/*
 * The width that no column may pass so that all fit: columns narrower than it keep what they want, and the wider ones
 * share what is left evenly.
 */
static double fair_most(const double *wanted, size_t count, double room) {
    double most = room / (double)count;
    for (bool settled = false; !settled;) {
        double rest = room;
        size_t wide = 0;
        for (size_t i = 0; i < count; i++) {
            rest -= wanted[i] < most ? wanted[i] : 0;
            wide += wanted[i] >= most;
        }
        double next = wide == 0 ? most : rest / (double)wide;
        settled = next <= most + ROUNDING;
        most = fmax(next, most);
    }
    return most;
}

void pdf_table_widths(const double *wanted, const double *least, size_t count, double room, double *widths) {
    double least_sum = 0;
    for (size_t i = 0; i < count; i++) {
        least_sum += least[i];
        widths[i] = -1;
    }
    if (least_sum >= room) {
        double most = fair_most(least, count, room);
        for (size_t i = 0; i < count; i++) {
            widths[i] = fmin(least[i], most);
        }
        return;
    }
    /* A column that its share would leave too narrow takes its least width; the others share the rest anew. */
    for (bool settled = false; !settled;) {
        double rest = room;
        double sum = 0;
        for (size_t i = 0; i < count; i++) {
            if (widths[i] >= 0) {
                rest -= widths[i];
            } else {
                sum += wanted[i];
            }
        }
        settled = true;
        for (size_t i = 0; i < count; i++) {
            if (widths[i] < 0 && (sum <= 0 || wanted[i] * rest / sum < least[i])) {
                widths[i] = least[i];
                settled = false;
            }
        }
        for (size_t i = 0; i < count && settled; i++) {
            if (widths[i] < 0) {
                widths[i] = wanted[i] * rest / sum;
            }
        }
    }
}

/* Hints share what the columns by content leave; columns by content take their natural width, as far as is fair. */
static bool set_widths(struct table_layout *table) {
    size_t count = table->column_count;
    double *numbers = calloc(count, 3 * sizeof *numbers);
    if (numbers == NULL) {
        table->layout->failed = true;
        return false;
    }
    double *wanted = numbers;
    double *least = numbers + count;
    double *widths = numbers + 2 * count;
    double room = table->frame.width;
    double sum = 0;
    double hint_sum = 0;
    double longest = longest_word(table);
    for (size_t i = 0; i < count; i++) {
        double padding = 2 * table->padding_x + ROUNDING;
        least[i] = fmin(table->columns[i].least, longest) + padding;
        wanted[i] = fmax(fmin(table->columns[i].natural, room) + padding, least[i]);
        sum += wanted[i];
        hint_sum += table->columns[i].hint;
    }
    double most = sum > room ? fair_most(wanted, count, room) : room;
    double by_content = 0;
    for (size_t i = 0; i < count; i++) {
        wanted[i] = fmax(fmin(wanted[i], most), least[i]);
        by_content += table->columns[i].hint > 0 ? 0 : wanted[i];
    }
    for (size_t i = 0; i < count && hint_sum > 0; i++) {
        if (table->columns[i].hint > 0) {
            wanted[i] = table->columns[i].hint / hint_sum * fmax(room - by_content, 0);
        }
    }
    pdf_table_widths(wanted, least, count, room, widths);
    double left = table->frame.left;
    for (size_t i = 0; i < count; i++) {
        table->columns[i].left = left;
        table->columns[i].width = widths[i];
        left += widths[i];
    }
    free(numbers);
    return true;
}

/* Breaks the cells of a row; returns the row's height. */
static double break_row(struct table_layout *table, const struct node *row, size_t index) {
    size_t i = 0;
    take_row(table, index);
    table->line_count = 1;
    for (const struct node *cell = row->first_child; cell != NULL; cell = cell->next, i++) {
        struct pdf_paragraph *paragraph = &table->cells[i];
        if (!table->keeps) {
            shape_cell(table, row, cell, paragraph);
        }
        pdf_break_lines(paragraph, table->layout->fonts, table->columns[i].width - 2 * table->padding_x);
        table->layout->failed = table->layout->failed || paragraph->failed;
        table->line_count = paragraph->line_count > table->line_count ? paragraph->line_count : table->line_count;
    }
    for (; i < table->column_count; i++) {
        pdf_text_clear(&table->cells[i]);
    }
    return (double)table->line_count * table->line_height + 2 * PADDING_Y;
}

/* Draws lines `from` to `until` of the broken row at the top of what is free. */
static void draw_slice(struct table_layout *table, const struct node *row, size_t from, size_t until) {
    struct pdf_layout *layout = table->layout;
    struct pdf_page *page = pdf_layout_page(layout);
    if (page == NULL) {
        return;
    }
    double height = (double)(until - from) * table->line_height + 2 * PADDING_Y;
    double left = table->frame.left;
    double right = left + table->frame.width;
    if (!row->header && table->band % 2 == 1) {
        pdf_page_rectangle(&page->under, left, layout->y - height, right - left, height, layout->theme->band);
    }
    for (size_t i = 0; i < table->column_count; i++) {
        const struct pdf_paragraph *cell = &table->cells[i];
        const struct column *column = &table->columns[i];
        double top = layout->y - PADDING_Y;
        for (size_t line = from; line < until && line < cell->line_count; line++) {
            double baseline = pdf_layout_baseline(top, table->line_height, table->size);
            pdf_page_line(page, layout->fonts, cell, line, column->left + table->padding_x, baseline,
                          column->width - 2 * table->padding_x, column->alignment);
            top -= table->line_height;
        }
    }
    layout->y -= height;
    pdf_page_rule(&page->over, left, right, layout->y, row->header ? RULE_THICK : RULE_THIN,
                  row->header ? layout->theme->accent : layout->theme->rule);
}

static void draw_header(struct table_layout *table) {
    size_t index = 0;
    for (const struct node *row = table->node->first_child; row != NULL && is_row(row) && row->header;
         row = row->next, index++) {
        double height = break_row(table, row, index);
        pdf_layout_need(table->layout, height);
        draw_slice(table, row, 0, table->line_count);
    }
}

static void next_page(struct table_layout *table, const struct node *row, size_t index) {
    pdf_layout_break(table->layout);
    pdf_layout_need(table->layout, 0);
    if (table->repeats) {
        draw_header(table);
        break_row(table, row, index);
    }
}

static size_t lines_in(const struct table_layout *table, double room) {
    double lines = floor((room - 2 * PADDING_Y + ROUNDING) / table->line_height);
    return lines < 1 ? 0 : (size_t)lines;
}

/* Breaks and draws a row, on the next page or over several pages where it must. */
static void draw_row(struct table_layout *table, const struct node *row, size_t index, double page_room) {
    double height = break_row(table, row, index);
    struct pdf_layout *layout = table->layout;
    double room = pdf_layout_room(layout) + ROUNDING;
    bool tall = height > page_room;
    if (height > room && (!tall || lines_in(table, room) < SPLIT_LINES)) {
        next_page(table, row, index);
    }
    for (size_t line = 0; line < table->line_count && pdf_layout_ok(layout);) {
        size_t fit = lines_in(table, pdf_layout_room(layout));
        size_t rest = table->line_count - line;
        size_t count = fit == 0 ? 1 : fit < rest ? fit : rest;
        draw_slice(table, row, line, line + count);
        line += count;
        if (line < table->line_count) {
            next_page(table, row, index);
        }
    }
    table->band++;
}

static void draw_table(struct table_layout *table) {
    struct pdf_layout *layout = table->layout;
    const struct node *first = table->node->first_child;
    size_t index = 0;
    table->header_height = 0;
    for (; first != NULL && is_row(first) && first->header; first = first->next, index++) {
        table->header_height += break_row(table, first, index);
    }
    double whole = PDF_TOP - PDF_BOTTOM;
    table->repeats = table->header_height < whole * HEADER_SHARE;
    double page_room = whole - (table->repeats ? table->header_height : 0);
    double least = SPLIT_LINES * table->line_height + 2 * PADDING_Y;
    double opening = first == NULL || !is_row(first) ? 0 : break_row(table, first, index);
    opening = opening > page_room ? least : opening;
    pdf_layout_need(layout, table->repeats ? table->header_height + opening : least);
    if (table->repeats) {
        draw_header(table);
    } else {
        first = table->node->first_child;
        index = 0;
    }
    for (const struct node *row = first; row != NULL && pdf_layout_ok(layout); row = row->next) {
        if (is_row(row)) {
            draw_row(table, row, index++, page_room);
        }
    }
}

void pdf_table_draw(struct pdf_layout *layout, const struct node *node, struct pdf_frame frame) {
    size_t count = count_columns(node);
    if (count == 0) {
        return;
    }
    struct table_layout table = {.layout = layout, .node = node, .frame = frame, .column_count = count};
    size_t rows = count_rows(node);
    table.keeps = rows > 0 && rows <= CELLS_KEPT / count;
    table.kept_count = table.keeps ? rows * count : count;
    table.columns = calloc(count, sizeof *table.columns);
    table.kept = calloc(table.kept_count, sizeof *table.kept);
    if (table.columns == NULL || table.kept == NULL) {
        layout->failed = true;
        goto done;
    }
    set_size(&table, layout->theme->body_size * PDF_TABLE_SIZE);
    measure(&table);
    double excess = least_width(&table) / frame.width;
    if (excess > 1) { /* rather smaller text than cut words */
        set_size(&table, table.size * fmax(1 / excess, SMALLEST));
        measure(&table);
    }
    if (pdf_layout_ok(layout) && set_widths(&table)) {
        if (node->table != NULL && node->table->caption != NULL && node->table->caption[0] != '\0') {
            pdf_caption_hold(layout, node->table->caption);
        }
        draw_table(&table);
    }
    pdf_layout_gap(layout, layout->theme->body_size * 1.2);
done:
    for (size_t i = 0; table.kept != NULL && i < table.kept_count; i++) {
        pdf_text_free(&table.kept[i]);
    }
    free(table.kept);
    free(table.columns);
}
