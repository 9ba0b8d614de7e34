#include "write/csv_table.h"

#include "base/csv_cell.h"
#include "store/query.h"

#include <string.h>

static bool open_query(struct query *query, sqlite3 *store, const char *name, const char *sql, const char *key,
                       struct diagnostics *diagnostics) {
    if (!query_open(query, store, name, sql, diagnostics)) {
        return false;
    }
    if (sqlite3_bind_parameter_count(query->statement) > 0) {
        query_text(query, 1, key);
    }
    return true;
}

static bool finish(struct query *query, struct buffer *out, bool done, struct diagnostics *diagnostics) {
    done = query_close(query) && done;
    if (out->failed) {
        diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory for a table");
    }
    return done && !out->failed;
}

static void write_row(struct query *query, int count, struct buffer *defused, struct buffer *out) {
    buffer_clear(defused);
    for (int column = 0; column < count; column++) {
        int type = sqlite3_column_type(query->statement, column);
        const char *text = query_column_text(query, column);
        if (type == SQLITE_INTEGER || type == SQLITE_FLOAT) {
            csv_cell_number(out, text != NULL ? text : "");
        } else if (text != NULL && csv_cell_text(out, text, strlen(text))) {
            buffer_format(defused, "%s%s", defused->length > 0 ? " " : "",
                          sqlite3_column_name(query->statement, column));
        }
        buffer_append_byte(out, ',');
    }
    buffer_append(out, defused->data, defused->length);
    buffer_append_text(out, "\r\n");
}

bool csv_table_write(sqlite3 *store, const char *name, const char *sql, const char *key, struct buffer *out,
                     struct diagnostics *diagnostics) {
    struct query query = {0};
    struct buffer defused = {0};
    bool done = open_query(&query, store, name, sql, key, diagnostics);
    int count = done ? sqlite3_column_count(query.statement) : 0;

    for (int column = 0; column < count; column++) {
        buffer_append_text(out, sqlite3_column_name(query.statement, column));
        buffer_append_byte(out, ',');
    }
    buffer_append_text(out, "defused\r\n");
    while (done && query_step(&query)) {
        write_row(&query, count, &defused, out);
    }
    out->failed = out->failed || defused.failed;
    buffer_free(&defused);
    return finish(&query, out, done, diagnostics);
}

bool csv_table_json(sqlite3 *store, const char *name, const char *sql, const char *key, struct buffer *out,
                    struct diagnostics *diagnostics) {
    struct query query = {0};
    bool done = open_query(&query, store, name, sql, key, diagnostics);
    bool first = true;

    buffer_append_byte(out, '[');
    while (done && query_step(&query)) {
        const char *row = query_column_text(&query, 0);
        buffer_append_text(out, first ? "\n  " : ",\n  ");
        buffer_append_text(out, row != NULL ? row : "null");
        first = false;
    }
    buffer_append_text(out, first ? "]\n" : "\n]\n");
    return finish(&query, out, done, diagnostics);
}

bool csv_table_object(sqlite3 *store, const char *name, const char *sql, const char *key, struct buffer *out,
                      struct diagnostics *diagnostics) {
    struct query query = {0};
    bool done = open_query(&query, store, name, sql, key, diagnostics);
    const char *row = done && query_step(&query) ? query_column_text(&query, 0) : NULL;

    buffer_append_text(out, row != NULL ? row : "null");
    buffer_append_byte(out, '\n');
    return finish(&query, out, done, diagnostics);
}
