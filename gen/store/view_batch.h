#ifndef STORE_VIEW_BATCH_H
#define STORE_VIEW_BATCH_H

#include "base/diagnostics.h"
#include "store/query.h"

#include <sqlite3.h>
#include <stdbool.h>

/*
 * Creates many views at once. CREATE VIEW has SQLite read its whole table of names for each of some three hundred
 * views; here the rows of that table are written, as VACUUM does, and read once. In the same way large tables are
 * forgotten, every page of which DROP TABLE would read.
 */
struct view_batch {
    sqlite3 *connection;
    struct diagnostics *diagnostics;
    struct query insert;
    int defensive; /* whether the connection is, when it is not being written to in this way */
};

/* In a transaction of the connection's that the caller has begun. view_batch_end must follow, whatever the result. */
bool view_batch_begin(struct view_batch *batch, sqlite3 *connection, struct diagnostics *diagnostics);
/* A view of that name, which no table or other view may have, by its whole CREATE VIEW statement, known to be sound. */
bool view_batch_add(struct view_batch *batch, const char *name, const char *sql);
/*
 * Takes a type's table, its indexes and its views for queries out of the store. Their pages stay behind as nobody's:
 * for a store that is copied table by table (VACUUM INTO) and thrown away.
 */
bool view_batch_forget(struct view_batch *batch, const char *type);
/*
 * Ends it, and where the connection itself is to use the views (`used`) has SQLite read what was added. False after
 * reporting, also where anything before failed.
 */
bool view_batch_end(struct view_batch *batch, bool used);

#endif
