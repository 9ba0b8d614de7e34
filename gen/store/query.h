#ifndef STORE_QUERY_H
#define STORE_QUERY_H

#include "base/buffer.h"
#include "base/diagnostics.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * The engine's own statements, from .sql files: prepare, bind by position, step, all checked. A failure is reported
 * once as STORE_FAILED (SQLite's message and the statement's name), or as MEMORY, and sticks; later calls do nothing.
 */
struct query {
    sqlite3 *connection;
    sqlite3_stmt *statement;
    const char *name;
    struct diagnostics *diagnostics;
    bool failed;
};

/* What a failure of SQLite is to be reported as: MEMORY, or STORE_FAILED. NULL is a connection that was not opened. */
enum diagnostic query_failure(sqlite3 *connection);

bool query_open(struct query *query, sqlite3 *connection, const char *name, const char *sql,
                struct diagnostics *diagnostics);
/* Several that are used together: false at the first that fails. Each is closed by itself. */
struct query_statement {
    struct query *query;
    const char *name;
    const char *sql;
};
bool query_open_all(const struct query_statement *statements, size_t count, sqlite3 *connection,
                    struct diagnostics *diagnostics);
/* As query_open for a statement that is kept from one use to the next: opens it the first time. */
bool query_ready(struct query *query, sqlite3 *connection, const char *name, const char *sql,
                 struct diagnostics *diagnostics);
void query_text(struct query *query, int index, const char *text); /* NULL binds NULL */
/* The text that a buffer holds; one to which an append failed is a failure of the query. */
void query_buffer(struct query *query, int index, const struct buffer *text);
/* As query_text, without a copy: the text stays as it is until the statement has run. */
void query_lend(struct query *query, int index, const char *text);
void query_integer(struct query *query, int index, int64_t value);
void query_integer_or_null(struct query *query, int index, int64_t value, bool present);
void query_real(struct query *query, int index, double value);
void query_null(struct query *query, int index);
/* True while there is a row. */
bool query_step(struct query *query);
/* Runs to the end, resets and clears bindings. */
bool query_run(struct query *query);
bool query_reset(struct query *query);
const char *query_column_text(struct query *query, int column); /* NULL for NULL */
int64_t query_column_integer(struct query *query, int column);
double query_column_real(struct query *query, int column);
bool query_column_null(struct query *query, int column);
/* Frees the statement; true when nothing had failed. */
bool query_close(struct query *query);
/* One or several statements without parameters or results. */
bool query_execute(sqlite3 *connection, const char *name, const char *sql, struct diagnostics *diagnostics);

#endif
