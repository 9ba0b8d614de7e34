#ifndef STORE_TABLES_H
#define STORE_TABLES_H

#include "base/buffer.h"
#include "base/diagnostics.h"
#include "config/schema.h"
#include "store/query.h"
#include "store/store.h"
#include "store/view_batch.h"

#include <sqlite3.h>
#include <stdbool.h>

/* Tables generated from the schema's evidence types, and the views over them that tests read. */

#define TABLES_ROWS "tm_row_" /* before a type's name: the table of its rows, as tables.sql has it */

/* The columns of a tm_row_ table that stand before the type's own. */
enum tables_column {
    TABLES_REF,
    TABLES_SNAPSHOT,
    TABLES_RECORD,
    TABLES_LINE,
    TABLES_OFFSET,
    TABLES_LENGTH,
    TABLES_INVALID,
    TABLES_RULE, /* `row_rule`: which row rule of the kind made the row, from 0 */
    TABLES_EXCLUDED,
    TABLES_COLUMN_COUNT
};

/*
 * The statement that inserts one row, kept from one use to the next: opens it the first time. The columns above in
 * their order, then the type's; a parameter each. False after a report.
 */
bool tables_insert(struct query *insert, sqlite3 *connection, const struct evidence_type *type,
                   struct diagnostics *diagnostics);
/* The assembled text, or NULL after reporting that memory ran out. */
const char *tables_text(const struct buffer *sql, struct diagnostics *diagnostics);
/* The engine's tables, and each type's table. What SQLite refuses is reported at the type. */
bool tables_create(sqlite3 *connection, const struct schema *schema, struct diagnostics *diagnostics);
/* What the views hold of what was loaded. */
struct tables_scope {
    bool of_date;  /* a date is looked at and not a time (Type I): of a snapshot type the newest of each source alone */
    int64_t as_of; /* events that have a time after it are left out; INT64_MAX: none */
};
/* Of a store: all events, unless what was known before its period was over counts. */
struct tables_scope tables_scope(const struct store_options *options, bool of_date);

/*
 * Each type's views for queries, that of newest snapshots only where the schema names it: each connection reads all
 * that there are. Where a type has a column called source, at or evidence, its own column takes the place of the
 * engine's in them.
 */
bool tables_views(struct view_batch *views, const struct schema *schema, const struct tables_scope *scope);
/* What a published store has besides: each type's view for people, and that of newest snapshots where it is not there.
 */
bool tables_show(struct view_batch *views, const struct schema *schema, const struct tables_scope *scope);
/* An index on the key of each type whose table has from `least` to `most` rows. */
bool tables_index(sqlite3 *connection, const struct schema *schema, int64_t least, int64_t most,
                  struct diagnostics *diagnostics);
/* The type whose rows a table holds, or SIZE_MAX for any other table. */
size_t tables_type(const struct schema *schema, const char *table);
/* Drops a type's table and its views for queries. */
bool tables_drop(sqlite3 *connection, const struct evidence_type *type, struct diagnostics *diagnostics);

#endif
