#ifndef READ_TABLE_H
#define READ_TABLE_H

#include "base/diagnostics.h"
#include "read/csv.h"

struct reader;

/* Rows of cells under a header row, whatever they are written in. */
struct table_row {
    const struct csv_cell *cells; /* until the next call */
    size_t count;
    uint64_t line;
    uint64_t offset;
    uint64_t length;
    bool plain; /* no cell holds a NUL, as far as is known */
};

/* What is wrong, after CSV_ERROR, CSV_TRUNCATED and CSV_READ_FAILED. */
struct table_fault {
    enum diagnostic id;
    const char *what;   /* NULL: nothing but that the input ended in the row */
    const char *advice; /* NULL: `what` says it */
    int system_error;
};

struct table_format {
    void *(*open)(struct reader *reader); /* NULL when memory is out */
    void (*close)(void *table);
    /* `width` is that of the header, 0 before it: formats without empty cells fill rows up to it. */
    enum csv_event (*next)(void *table, size_t width, struct table_row *row);
    void (*fault)(const void *table, struct table_fault *fault);
};

extern const struct table_format table_csv_format;
extern const struct table_format table_xlsx_format;

#endif
