#include "read/reader.h"
#include "read/sheet.h"
#include "read/table.h"
#include "read/workbook.h"

#include <errno.h>
#include <stdlib.h>

struct table_xlsx {
    struct reader *reader;
    struct workbook workbook;
    struct sheet *sheet; /* once opened */
    bool opened;
    int system_error;
};

static void *table_xlsx_open(struct reader *reader) {
    struct table_xlsx *table = calloc(1, sizeof *table);

    if (table != NULL) {
        table->reader = reader;
    }
    return table;
}

static void table_xlsx_close(void *context) {
    struct table_xlsx *table = context;

    if (table != NULL) {
        sheet_close(table->sheet);
        workbook_close(&table->workbook);
        free(table);
    }
}

/* Opens workbook and sheet. CSV_ROW when rows may follow. */
static enum csv_event table_xlsx_begin(struct table_xlsx *table) {
    const struct read_request *request = &table->reader->request;
    const char *sheet = request->sheet != NULL ? request->sheet : request->kind->sheet;

    table->opened = true;
    switch (workbook_open(&table->workbook, table->reader->bytes, sheet)) {
    case WORKBOOK_FAILED:
        table->system_error = errno;
        return CSV_READ_FAILED;
    case WORKBOOK_FAULTY:
        return CSV_ERROR;
    case WORKBOOK_OPENED:
        break;
    }
    table->sheet = sheet_open(&table->workbook);
    if (table->sheet == NULL && table->workbook.fault.length == 0 && errno == 0) {
        table->workbook.problem = DIAGNOSTIC_WORKBOOK;
        buffer_append_text(&table->workbook.fault,
                           "the workbook lacks the part with its sheet; save it again with a spreadsheet program");
    }
    if (table->sheet == NULL) {
        table->system_error = ENOMEM;
        return table->workbook.fault.length > 0 ? CSV_ERROR : CSV_READ_FAILED;
    }
    table->system_error = ENOMEM;
    return members_part(table->reader, table->workbook.sheet) ? CSV_ROW : CSV_READ_FAILED;
}

static enum csv_event table_xlsx_next(void *context, size_t width, struct table_row *row) {
    struct table_xlsx *table = context;
    enum csv_event event = table->opened ? CSV_ROW : table_xlsx_begin(table);

    *row = (struct table_row){0};
    if (event != CSV_ROW || table->sheet == NULL) {
        return table->sheet == NULL && event == CSV_ROW ? CSV_END : event;
    }
    event = sheet_next(table->sheet, width, &row->cells, &row->count);
    row->line = sheet_row(table->sheet);
    row->offset = sheet_offset(table->sheet);
    row->length = sheet_length(table->sheet);
    return event;
}

static void table_xlsx_fault(const void *context, struct table_fault *fault) {
    const struct table_xlsx *table = context;

    if (table->sheet == NULL) {
        *fault = (struct table_fault){.id = table->workbook.problem,
                                      .what = buffer_text(&table->workbook.fault),
                                      .system_error = table->system_error};
        return;
    }
    *fault = (struct table_fault){.id = sheet_problem(table->sheet),
                                  .what = sheet_fault(table->sheet),
                                  .system_error = sheet_system_error(table->sheet)};
}

const struct table_format table_xlsx_format = {table_xlsx_open, table_xlsx_close, table_xlsx_next, table_xlsx_fault};
