#ifndef WRITE_CSV_TABLE_H
#define WRITE_CSV_TABLE_H

#include "base/buffer.h"
#include "base/diagnostics.h"

#include <sqlite3.h>
#include <stdbool.h>

/*
 * Appends what one of the engine's own queries gives as CSV: its columns' names, then its rows (RFC 4180). ?1 is `key`
 * where the query has it. Texts that a spreadsheet program would run are defused (base/csv_cell.h), and a last column
 * `defused` names the columns in which that was done.
 */
bool csv_table_write(sqlite3 *store, const char *name, const char *sql, const char *key, struct buffer *out,
                     struct diagnostics *diagnostics);

/* Appends a JSON array, a line for each row of a query whose first column is JSON. ?1 as above. */
bool csv_table_json(sqlite3 *store, const char *name, const char *sql, const char *key, struct buffer *out,
                    struct diagnostics *diagnostics);
/* Appends the first column of a query's first row, which is JSON, and a line end. */
bool csv_table_object(sqlite3 *store, const char *name, const char *sql, const char *key, struct buffer *out,
                      struct diagnostics *diagnostics);

#endif
