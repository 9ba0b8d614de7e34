#include "read/sheet.h"

#include "base/limits.h"
#include "base/value.h"
#include "read/element.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHEET_REPORTED 15 /* digits of a number that the program keeps and shows */

struct sheet_span {
    size_t from; /* in the pool */
    size_t length;
};

struct sheet {
    struct workbook *workbook;
    struct workbook_part part;
    struct element_reader reader;
    uint64_t row;
    uint64_t offset;
    uint64_t length;
    struct buffer pool; /* texts of the row */
    struct sheet_span *spans;
    struct csv_cell *cells;
    size_t count;       /* cells of the row so far, the empty ones before the last with them */
    size_t column;      /* of the cell at hand, from 0 */
    size_t next_column; /* of a cell that does not say which */
    char type[16];      /* of the cell at hand */
    int64_t style;      /* the same */
    bool formula;       /* the same: it is computed ... */
    bool valued;        /* ... and its value was saved */
    struct buffer value;
    bool bad; /* the row has a fault */
    bool ended;
    enum diagnostic problem;
    struct buffer fault;
};

struct sheet *sheet_open(struct workbook *workbook) {
    static const char *const texts[] = {"v", "t", NULL};
    struct sheet *sheet = calloc(1, sizeof *sheet);

    if (sheet == NULL) {
        return NULL;
    }
    sheet->workbook = workbook;
    sheet->spans = calloc(LIMIT_CSV_COLUMNS, sizeof *sheet->spans);
    sheet->cells = calloc(LIMIT_CSV_COLUMNS, sizeof *sheet->cells);
    if (sheet->spans == NULL || sheet->cells == NULL || !workbook_part_open(&sheet->part, workbook, workbook->sheet) ||
        !element_open(&sheet->reader, &sheet->part.source, texts)) {
        sheet_close(sheet);
        return NULL;
    }
    return sheet;
}

void sheet_close(struct sheet *sheet) {
    if (sheet == NULL) {
        return;
    }
    element_close(&sheet->reader);
    workbook_part_close(&sheet->part);
    buffer_free(&sheet->pool);
    buffer_free(&sheet->value);
    buffer_free(&sheet->fault);
    free(sheet->spans);
    free(sheet->cells);
    free(sheet);
}

/* Makes the row unreadable; the first reason counts. */
static void sheet_spoil(struct sheet *sheet, enum diagnostic problem, const char *what) {
    if (sheet->bad) {
        return;
    }
    sheet->bad = true;
    sheet->problem = problem;
    buffer_clear(&sheet->fault);
    buffer_append_text(&sheet->fault, what);
}

/* "AB12" is column 27, counted from 0; without a reference a cell follows the one before it. */
static size_t sheet_column(const char *reference, size_t next) {
    size_t column = 0;

    if (reference == NULL) {
        return next;
    }
    for (; *reference >= 'A' && *reference <= 'Z'; reference++) {
        column = column * 26 + (size_t)(*reference - 'A') + 1;
        if (column > LIMIT_CSV_COLUMNS) {
            return LIMIT_CSV_COLUMNS;
        }
    }
    return column > 0 ? column - 1 : next;
}

static void sheet_begin_row(struct sheet *sheet) {
    const char *number = element_attribute(&sheet->reader, "r");
    int64_t row;

    sheet->row++;
    if (number != NULL && value_integer(number, strlen(number), &row) && row > 0) {
        sheet->row = (uint64_t)row;
    }
    sheet->offset = sheet->reader.offset;
    sheet->count = 0;
    sheet->next_column = 0;
    sheet->bad = false;
    buffer_clear(&sheet->pool);
}

static void sheet_begin_cell(struct sheet *sheet) {
    const char *type = element_attribute(&sheet->reader, "t");
    const char *style = element_attribute(&sheet->reader, "s");

    sheet->column = sheet_column(element_attribute(&sheet->reader, "r"), sheet->next_column);
    sheet->next_column = sheet->column + 1;
    snprintf(sheet->type, sizeof sheet->type, "%s", type != NULL ? type : "n");
    if (style == NULL || !value_integer(style, strlen(style), &sheet->style)) {
        sheet->style = 0;
    }
    sheet->formula = false;
    sheet->valued = false;
    buffer_clear(&sheet->value);
}

/* A number as the program shows it: what is a date by its style as a date. */
static void sheet_number(struct sheet *sheet) {
    const struct workbook *workbook = sheet->workbook;
    enum workbook_style style = WORKBOOK_NUMBER;
    char text[64];
    double number;

    if (sheet->style >= 0 && (size_t)sheet->style < workbook->style_count) {
        style = (enum workbook_style)workbook->styles[sheet->style];
    }
    if (!value_real(sheet->value.data, sheet->value.length, &number)) {
        return; /* it stays as it is */
    }
    if (style != WORKBOOK_NUMBER && sheet_time(number, style, workbook->epoch_1904, text)) {
        buffer_clear(&sheet->value);
        buffer_append_text(&sheet->value, text);
    } else if (memchr(sheet->value.data, '.', sheet->value.length) != NULL ||
               memchr(sheet->value.data, 'E', sheet->value.length) != NULL ||
               memchr(sheet->value.data, 'e', sheet->value.length) != NULL) {
        snprintf(text, sizeof text, "%.*g", SHEET_REPORTED, number);
        buffer_clear(&sheet->value);
        buffer_append_text(&sheet->value, text);
    }
}

/* Gives the cell its text. */
static void sheet_value(struct sheet *sheet) {
    const char *text;
    size_t length;
    int64_t index;

    if (sheet->value.length == 0) {
        return;
    }
    if (strcmp(sheet->type, "s") == 0) {
        if (!value_integer(sheet->value.data, sheet->value.length, &index) || index < 0 ||
            !workbook_text(sheet->workbook, (size_t)index, &text, &length)) {
            sheet_spoil(sheet, DIAGNOSTIC_WORKBOOK, "a cell of the row names a text that the workbook does not have");
            return;
        }
        buffer_clear(&sheet->value);
        buffer_append(&sheet->value, text, length);
    } else if (strcmp(sheet->type, "b") == 0) {
        bool set = sheet->value.data[0] != '0';
        buffer_clear(&sheet->value);
        buffer_append_text(&sheet->value, set ? "true" : "false");
    } else if (strcmp(sheet->type, "n") == 0) {
        sheet_number(sheet);
    }
}

static void sheet_end_cell(struct sheet *sheet) {
    if (sheet->formula && !sheet->valued) {
        sheet_spoil(sheet, DIAGNOSTIC_WORKBOOK,
                    "a cell of the row is a formula whose value was not saved; save the workbook with a spreadsheet "
                    "program");
    }
    sheet_value(sheet);
    if (sheet->value.length == 0) {
        return;
    }
    if (sheet->column >= LIMIT_CSV_COLUMNS) {
        char text[96];
        snprintf(text, sizeof text, "the row has more than %d columns", LIMIT_CSV_COLUMNS);
        sheet_spoil(sheet, DIAGNOSTIC_CSV_RAGGED, text);
        return;
    }
    if (sheet->pool.length + sheet->value.length > LIMIT_RECORD_BYTES) {
        sheet_spoil(sheet, DIAGNOSTIC_RECORD_TOO_LONG, "the row is longer than 16 MiB");
        return;
    }
    while (sheet->count <= sheet->column) {
        sheet->spans[sheet->count++] = (struct sheet_span){0, 0};
    }
    sheet->spans[sheet->column] = (struct sheet_span){sheet->pool.length, sheet->value.length};
    buffer_append(&sheet->pool, sheet->value.data, sheet->value.length);
}

static void sheet_text(struct sheet *sheet) {
    const struct element_reader *reader = &sheet->reader;
    const char *name = element_name(reader);
    bool value = strcmp(name, "v") == 0 && strcmp(element_parent(reader), "c") == 0;
    bool inline_text = strcmp(name, "t") == 0 && strcmp(element_parent(reader), "rPh") != 0;

    if (!value && !inline_text) {
        return;
    }
    if (reader->text == NULL) {
        sheet_spoil(sheet, DIAGNOSTIC_RECORD_TOO_LONG, "a cell of the row is longer than 16 MiB");
        return;
    }
    sheet->valued = true;
    buffer_append(&sheet->value, reader->text, reader->text_length);
}

/* Shows the cells of a complete row. */
static enum csv_event sheet_show(struct sheet *sheet, size_t width, const struct csv_cell **cells, size_t *count) {
    for (size_t i = 0; i < sheet->count || i < width; i++) {
        const struct sheet_span *span = &sheet->spans[i];
        bool there = i < sheet->count && span->length > 0;
        sheet->cells[i] =
            (struct csv_cell){.bytes = there ? sheet->pool.data + span->from : "", .length = there ? span->length : 0};
    }
    *cells = sheet->cells;
    *count = sheet->count > width ? sheet->count : width;
    return CSV_ROW;
}

static enum csv_event sheet_break(struct sheet *sheet, enum element_event event) {
    const struct workbook *workbook = sheet->workbook;

    sheet->ended = true;
    if (event == ELEMENT_FAILED) {
        return CSV_READ_FAILED;
    }
    sheet->bad = false;
    if (workbook->fault.length > 0) { /* why the sheet breaks off */
        sheet_spoil(sheet, workbook->problem, buffer_text(&workbook->fault));
        return CSV_TRUNCATED;
    }
    if (event == ELEMENT_DONE) {
        return CSV_END;
    }
    struct buffer text = {0};
    buffer_format(&text, "the sheet cannot be read on: %s; export it again", sheet->reader.nest->error);
    sheet_spoil(sheet, DIAGNOSTIC_WORKBOOK, buffer_text(&text) != NULL ? text.data : "the sheet cannot be read on");
    buffer_free(&text);
    return CSV_TRUNCATED;
}

enum csv_event sheet_next(struct sheet *sheet, size_t width, const struct csv_cell **cells, size_t *count) {
    while (!sheet->ended) {
        enum element_event event = element_next(&sheet->reader);
        const char *name = element_name(&sheet->reader);
        bool row = strcmp(name, "row") == 0 && strcmp(element_parent(&sheet->reader), "sheetData") == 0;
        bool cell = strcmp(name, "c") == 0 && strcmp(element_parent(&sheet->reader), "row") == 0;
        if (event == ELEMENT_BEGIN) {
            if (row) {
                sheet_begin_row(sheet);
            } else if (cell) {
                sheet_begin_cell(sheet);
            } else if (strcmp(name, "f") == 0) {
                sheet->formula = true;
            }
        } else if (event == ELEMENT_END) {
            if (cell) {
                sheet_end_cell(sheet);
            } else if (!row) {
                sheet_text(sheet);
            }
            if (sheet->pool.failed || sheet->value.failed || sheet->fault.failed) {
                sheet->reader.nest->system_error = ENOMEM;
                return sheet_break(sheet, ELEMENT_FAILED);
            }
            sheet->length = sheet->reader.offset - sheet->offset;
            if (row && sheet->bad) {
                return CSV_ERROR;
            }
            if (row && sheet->count > 0) {
                return sheet_show(sheet, width, cells, count);
            }
        } else {
            return sheet_break(sheet, event);
        }
    }
    return CSV_END;
}

uint64_t sheet_row(const struct sheet *sheet) {
    return sheet->row;
}

uint64_t sheet_offset(const struct sheet *sheet) {
    return sheet->offset;
}

uint64_t sheet_length(const struct sheet *sheet) {
    return sheet->length;
}

enum diagnostic sheet_problem(const struct sheet *sheet) {
    return sheet->problem;
}

const char *sheet_fault(const struct sheet *sheet) {
    return buffer_text(&sheet->fault);
}

int sheet_system_error(const struct sheet *sheet) {
    return sheet->reader.nest->system_error;
}
