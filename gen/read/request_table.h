#ifndef READ_REQUEST_TABLE_H
#define READ_REQUEST_TABLE_H

#include "config/request.h"
#include "read/csv.h"
#include "read/sheet.h"
#include "read/transcode.h"

/* The rows of a list of requests, whether it is CSV or a workbook (told by the first bytes, not by the name). */
struct request_table {
    struct byte_source_memory memory;
    bool is_workbook;
    struct transcode transcode;
    struct csv *csv;
    struct workbook workbook;
    struct sheet *sheet;
};

/* `fault` gets what is wrong where the result is false; it stays empty when memory is out. Close it in any case. */
bool request_table_open(struct request_table *table, const char *bytes, size_t length,
                        const struct request_sidecar *sidecar, struct buffer *fault);
void request_table_close(struct request_table *table);
/* The next row, at least `width` cells of a workbook. `*line` is its line, or its number in the sheet. */
enum csv_event request_table_next(struct request_table *table, size_t width, const struct csv_cell **cells,
                                  size_t *count, uint64_t *line);
/* What is wrong after CSV_ERROR, CSV_TRUNCATED and CSV_READ_FAILED. */
const char *request_table_fault(const struct request_table *table);

#endif
