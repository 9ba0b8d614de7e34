#include "read/request_table.h"

#include <string.h>

/* A workbook is a ZIP. */
static const char zip_mark[] = "PK\x03\x04";

static bool open_workbook(struct request_table *table, const struct request_sidecar *sidecar, struct buffer *fault) {
    const char *sheet = sidecar != NULL ? sidecar->sheet : NULL;

    if (workbook_open(&table->workbook, &table->memory.source, sheet) == WORKBOOK_OPENED) {
        table->sheet = sheet_open(&table->workbook);
    }
    if (table->sheet == NULL && table->workbook.fault.length > 0) {
        buffer_append_text(fault, buffer_text(&table->workbook.fault));
    }
    return table->sheet != NULL;
}

bool request_table_open(struct request_table *table, const char *bytes, size_t length,
                        const struct request_sidecar *sidecar, struct buffer *fault) {
    *table = (struct request_table){0};
    byte_source_memory(&table->memory, bytes, length);
    table->is_workbook = length >= sizeof zip_mark - 1 && memcmp(bytes, zip_mark, sizeof zip_mark - 1) == 0;
    if (table->is_workbook) {
        return open_workbook(table, sidecar, fault);
    }
    if (sidecar != NULL && sidecar->sheet != NULL) {
        buffer_append_text(fault, "`sheet:` is declared, but the list is no workbook; leave it out");
        return false;
    }
    transcode_open(&table->transcode, &table->memory.source, sidecar != NULL ? sidecar->encoding : NULL);
    table->csv = csv_open(&table->transcode.source, 0);
    return table->csv != NULL;
}

void request_table_close(struct request_table *table) {
    if (table->is_workbook) {
        sheet_close(table->sheet);
        workbook_close(&table->workbook);
        return;
    }
    csv_close(table->csv);
    if (table->transcode.from != NULL) {
        transcode_close(&table->transcode);
    }
}

enum csv_event request_table_next(struct request_table *table, size_t width, const struct csv_cell **cells,
                                  size_t *count, uint64_t *line) {
    enum csv_event event =
        table->is_workbook ? sheet_next(table->sheet, width, cells, count) : csv_next(table->csv, cells, count);

    *line = table->is_workbook ? sheet_row(table->sheet) : csv_line(table->csv);
    return event;
}

const char *request_table_fault(const struct request_table *table) {
    const char *fault = table->is_workbook ? sheet_fault(table->sheet) : csv_error(table->csv);

    if (!table->is_workbook && (table->transcode.conflict || table->transcode.failed)) {
        fault = table->transcode.failed ? "the system does not have the declared encoding"
                                        : "its byte order mark says another encoding than `encoding:` declares";
    }
    return fault != NULL ? fault : "it ends in the middle of a row";
}
