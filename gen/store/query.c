#include "store/query.h"

#include <string.h>

enum diagnostic query_failure(sqlite3 *connection) {
    return connection == NULL || sqlite3_errcode(connection) == SQLITE_NOMEM ? DIAGNOSTIC_MEMORY
                                                                             : DIAGNOSTIC_STORE_FAILED;
}

static void fail_for_memory(struct query *query) {
    if (!query->failed) {
        diagnostics_report(query->diagnostics, DIAGNOSTIC_MEMORY, NULL,
                           "memory ran out in %s; give the process more, or less to do", query->name);
    }
    query->failed = true;
}

static void fail(struct query *query) {
    if (query_failure(query->connection) == DIAGNOSTIC_MEMORY) {
        fail_for_memory(query);
    } else if (!query->failed) {
        const char *file = sqlite3_db_filename(query->connection, "main");
        struct place place = {.path = file};
        diagnostics_report(query->diagnostics, DIAGNOSTIC_STORE_FAILED, file != NULL && *file != '\0' ? &place : NULL,
                           "SQLite failed in %s: %s; check the disk's space and run again", query->name,
                           sqlite3_errmsg(query->connection));
    }
    query->failed = true;
}

static void check(struct query *query, int result) {
    if (result != SQLITE_OK) {
        fail(query);
    }
}

bool query_open(struct query *query, sqlite3 *connection, const char *name, const char *sql,
                struct diagnostics *diagnostics) {
    *query = (struct query){.connection = connection, .name = name, .diagnostics = diagnostics};
    check(query, sqlite3_prepare_v3(connection, sql, -1, SQLITE_PREPARE_PERSISTENT, &query->statement, NULL));
    return !query->failed;
}

bool query_open_all(const struct query_statement *statements, size_t count, sqlite3 *connection,
                    struct diagnostics *diagnostics) {
    for (size_t i = 0; i < count; i++) {
        if (!query_open(statements[i].query, connection, statements[i].name, statements[i].sql, diagnostics)) {
            return false;
        }
    }
    return true;
}

bool query_ready(struct query *query, sqlite3 *connection, const char *name, const char *sql,
                 struct diagnostics *diagnostics) {
    return query->statement != NULL ? !query->failed : query_open(query, connection, name, sql, diagnostics);
}

static void bind_text(struct query *query, int index, const char *text, sqlite3_destructor_type destructor) {
    if (query->failed) {
        return;
    }
    if (text == NULL) {
        check(query, sqlite3_bind_null(query->statement, index));
    } else {
        check(query, sqlite3_bind_text64(query->statement, index, text, strlen(text), destructor, SQLITE_UTF8));
    }
}

void query_text(struct query *query, int index, const char *text) {
    bind_text(query, index, text, SQLITE_TRANSIENT);
}

void query_lend(struct query *query, int index, const char *text) {
    bind_text(query, index, text, SQLITE_STATIC);
}

void query_buffer(struct query *query, int index, const struct buffer *text) {
    if (buffer_text(text) == NULL) {
        fail_for_memory(query);
    }
    query_text(query, index, buffer_text(text));
}

void query_integer(struct query *query, int index, int64_t value) {
    if (!query->failed) {
        check(query, sqlite3_bind_int64(query->statement, index, value));
    }
}

void query_integer_or_null(struct query *query, int index, int64_t value, bool present) {
    if (present) {
        query_integer(query, index, value);
    } else {
        query_null(query, index);
    }
}

void query_real(struct query *query, int index, double value) {
    if (!query->failed) {
        check(query, sqlite3_bind_double(query->statement, index, value));
    }
}

void query_null(struct query *query, int index) {
    if (!query->failed) {
        check(query, sqlite3_bind_null(query->statement, index));
    }
}

bool query_step(struct query *query) {
    if (query->failed) {
        return false;
    }
    int result = sqlite3_step(query->statement);
    if (result != SQLITE_ROW && result != SQLITE_DONE) {
        fail(query);
    }
    return result == SQLITE_ROW;
}

bool query_run(struct query *query) {
    while (query_step(query)) {
    }
    return query_reset(query);
}

bool query_reset(struct query *query) {
    if (query->statement != NULL) {
        /* Both repeat an error that the last step has reported already. */
        (void)sqlite3_reset(query->statement);
        (void)sqlite3_clear_bindings(query->statement);
    }
    return !query->failed;
}

const char *query_column_text(struct query *query, int column) {
    if (query->failed) {
        return NULL;
    }
    const char *text = (const char *)sqlite3_column_text(query->statement, column);
    if (text == NULL && sqlite3_column_type(query->statement, column) != SQLITE_NULL) {
        fail(query);
    }
    return text;
}

int64_t query_column_integer(struct query *query, int column) {
    return query->failed ? 0 : sqlite3_column_int64(query->statement, column);
}

double query_column_real(struct query *query, int column) {
    return query->failed ? 0.0 : sqlite3_column_double(query->statement, column);
}

bool query_column_null(struct query *query, int column) {
    return query->failed || sqlite3_column_type(query->statement, column) == SQLITE_NULL;
}

bool query_close(struct query *query) {
    (void)sqlite3_finalize(query->statement); /* repeats an error that was reported */
    query->statement = NULL;
    return !query->failed;
}

bool query_execute(sqlite3 *connection, const char *name, const char *sql, struct diagnostics *diagnostics) {
    struct query query = {.connection = connection, .name = name, .diagnostics = diagnostics};
    check(&query, sqlite3_exec(connection, sql, NULL, NULL, NULL));
    return !query.failed;
}
