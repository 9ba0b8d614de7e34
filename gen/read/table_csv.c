#include "config/schema.h"
#include "read/reader.h"
#include "read/table.h"

static void *table_csv_open(struct reader *reader) {
    return csv_open(reader->bytes, reader->request.kind->delimiter);
}

static void table_csv_close(void *table) {
    csv_close(table);
}

static enum csv_event table_csv_next(void *table, size_t width, struct table_row *row) {
    struct csv *csv = table;

    if (width == 0) {
        csv_sniff_again(csv);
    }
    enum csv_event event = csv_next(csv, &row->cells, &row->count);
    row->line = csv_line(csv);
    row->offset = csv_offset(csv);
    row->length = csv_length(csv);
    row->plain = csv_is_plain(csv);
    return event;
}

static void table_csv_fault(const void *table, struct table_fault *fault) {
    static const struct {
        enum diagnostic id;
        const char *advice;
    } problems[] = {
        [CSV_PROBLEM_QUOTE] = {DIAGNOSTIC_CSV_QUOTE, "quote the cell and double the quotes in it"},
        [CSV_PROBLEM_LENGTH] = {DIAGNOSTIC_RECORD_TOO_LONG, "correct the export"},
        [CSV_PROBLEM_COLUMNS] = {DIAGNOSTIC_CSV_RAGGED, "correct the export"},
        [CSV_PROBLEM_ENCODING] = {DIAGNOSTIC_ENCODING, READER_ENCODING_ADVICE},
        [CSV_PROBLEM_UTF16] = {DIAGNOSTIC_ENCODING, READER_UTF16_ADVICE},
    };
    const struct csv *csv = table;
    enum csv_problem problem = csv_problem(csv);

    *fault = (struct table_fault){.id = problems[problem].id,
                                  .what = csv_error(csv),
                                  .advice = problems[problem].advice,
                                  .system_error = csv_system_error(csv)};
}

const struct table_format table_csv_format = {table_csv_open, table_csv_close, table_csv_next, table_csv_fault};
