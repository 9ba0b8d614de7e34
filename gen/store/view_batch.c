#include "store/view_batch.h"

#include "store/view_batch.sql.h"

/* A connection that is defensive writes to no table of SQLite's own. */
static bool set_defensive(struct view_batch *batch, int wanted, int *before) {
    if ((before == NULL || sqlite3_db_config(batch->connection, SQLITE_DBCONFIG_DEFENSIVE, -1, before) == SQLITE_OK) &&
        sqlite3_db_config(batch->connection, SQLITE_DBCONFIG_DEFENSIVE, wanted, (int *)NULL) == SQLITE_OK) {
        return true;
    }
    diagnostics_report(batch->diagnostics, query_failure(batch->connection), NULL, "views cannot be made: %s",
                       sqlite3_errmsg(batch->connection));
    return false;
}

bool view_batch_begin(struct view_batch *batch, sqlite3 *connection, struct diagnostics *diagnostics) {
    *batch = (struct view_batch){.connection = connection, .diagnostics = diagnostics};
    return set_defensive(batch, 0, &batch->defensive) &&
           query_execute(connection, "view_batch_open", sql_view_batch_open, diagnostics) &&
           query_open(&batch->insert, connection, "view_batch_insert", sql_view_batch_insert, diagnostics);
}

bool view_batch_add(struct view_batch *batch, const char *name, const char *sql) {
    query_text(&batch->insert, 1, name);
    query_text(&batch->insert, 2, sql);
    return query_run(&batch->insert);
}

bool view_batch_forget(struct view_batch *batch, const char *type) {
    struct query forget = {0};
    bool done = query_open(&forget, batch->connection, "view_batch_forget", sql_view_batch_forget, batch->diagnostics);

    query_text(&forget, 1, type);
    done = done && query_run(&forget);
    return query_close(&forget) && done;
}

bool view_batch_end(struct view_batch *batch, bool used) {
    bool added = batch->insert.statement != NULL;
    added = query_close(&batch->insert) && added;
    bool closed = used ? query_execute(batch->connection, "view_batch_reset", sql_view_batch_reset, batch->diagnostics)
                       : query_execute(batch->connection, "view_batch_close", sql_view_batch_close, batch->diagnostics);
    /* What cannot be read shows itself with the next statement, which would otherwise have to find words for it. */
    if (closed && added && used) {
        closed = query_execute(batch->connection, "view_batch_read", sql_view_batch_read, batch->diagnostics);
    }
    return set_defensive(batch, batch->defensive, NULL) && closed && added;
}
