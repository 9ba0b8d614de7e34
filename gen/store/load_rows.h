#ifndef STORE_LOAD_ROWS_H
#define STORE_LOAD_ROWS_H

#include "base/record_source.h"
#include "store/state.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Rows on their way into the types' tables. They are gathered and inserted many at a time, by one INSERT ... SELECT a
 * type from a virtual table that shows them: binding and stepping once a row takes half as long again. Of a file that
 * has many, the others are written past SQLite (load_bulk.h).
 */

/* One row; `columns` are the type's, in order. */
struct load_row {
    size_t type;
    int64_t ref;
    struct locator locator;
    size_t rule;
    bool invalid;
    const struct value *columns;
};

/* Makes the virtual table, once for a store, and forgets rows that a failure left behind. False after a report. */
bool load_rows_begin(struct store *store);
/* Makes ready for rows of a type, which will be in `snapshot`. False after a report. */
bool load_rows_prepare(struct store *store, size_t type, int64_t snapshot);
/* Gathers a row; texts are copied. False after a report (`path` is the evidence file's, as it is shown). */
bool load_rows_add(struct store *store, const struct load_row *row, const char *path);
/* Inserts what was gathered. False after a report. */
bool load_rows_flush(struct store *store, const char *path);
void load_rows_free(struct load_rows *rows);

#endif
