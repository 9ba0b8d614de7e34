#ifndef STORE_LOAD_ROWS_H
#define STORE_LOAD_ROWS_H

#include "base/record_source.h"
#include "store/state.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Rows on their way into the types' tables. They are gathered and inserted many at a time, by one INSERT ... SELECT a
 * type from a virtual table that shows them: binding and stepping once a row takes half as long again. Where they are
 * many, of one file or of several, the others are written past SQLite (load_bulk.h).
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

/*
 * Begins a file, which gives rows of the types that store->counts says, with refs from `first` on, and forgets rows
 * that a failure left behind. The loading transaction is open then, unless rows go on past SQLite. False after a
 * report.
 */
bool load_rows_begin(struct store *store, int64_t first);
/* Makes ready for rows of a type, which will be in `snapshot`. */
void load_rows_prepare(struct store *store, size_t type, int64_t snapshot);
/* Gathers a row; texts are copied. False after a report (`path` is the evidence file's, as it is shown). */
bool load_rows_add(struct store *store, const struct load_row *row, const char *path);
/* Ends a file: inserts what was gathered. False after a report. */
bool load_rows_flush(struct store *store, const char *path);
/* Whether rows go past SQLite, which is not to be asked for anything until load_begin has ended that. */
bool load_rows_past(const struct store *store);
/* Ends it, and opens the loading transaction. False after a report. */
bool load_rows_end(struct store *store);
/* Lets rows go past SQLite again, of the types of the last file, with refs from `first` on. False after a report. */
bool load_rows_resume(struct store *store, int64_t first);
void load_rows_free(struct load_rows *rows);

#endif
