#include "store/tables.h"

#include "store/engine.sql.h"
#include "store/query.h"

#include <inttypes.h>
#include <string.h>

/* The engine's columns of a view, which a column of the type with the same name displaces. */
static const struct {
    const char *name;
    const char *from;
    const char *readable_from;
} view_columns[] = {
    {"source", "s.source", "s.source"},
    {"at", "s.effective_at", "strftime('%Y-%m-%dT%H:%M:%SZ', s.effective_at, 'unixepoch')"},
    {"evidence", "s.evidence", "(SELECT path FROM tm_evidence WHERE id = s.evidence)"},
};

enum view_kind { VIEW_ALL, VIEW_LATEST, VIEW_READABLE };
static const char *const view_suffixes[] = {[VIEW_ALL] = "", [VIEW_LATEST] = "_latest", [VIEW_READABLE] = "_readable"};
#define VIEW_KINDS (sizeof view_suffixes / sizeof view_suffixes[0])

static void quoted(struct buffer *out, const char *prefix, const char *name, const char *suffix) {
    buffer_append_byte(out, '"');
    buffer_append_text(out, prefix);
    for (; *name != '\0'; name++) {
        if (*name == '"') {
            buffer_append_byte(out, '"');
        }
        buffer_append_byte(out, *name);
    }
    buffer_append_text(out, suffix);
    buffer_append_byte(out, '"');
}

void tables_name(struct buffer *out, const char *name) {
    quoted(out, "", name, "");
}

void tables_row_name(struct buffer *out, const struct evidence_type *type) {
    quoted(out, "tm_row_", type->id, "");
}

static const char *storage(enum column_kind kind) {
    switch (kind) {
    case COLUMN_INTEGER:
    case COLUMN_BOOLEAN:
    case COLUMN_TIME:
        return "INTEGER";
    case COLUMN_REAL:
        return "REAL";
    case COLUMN_TEXT:
    case COLUMN_ENUMERATION:
        break;
    }
    return "TEXT";
}

static void table_sql(struct buffer *out, const struct evidence_type *type) {
    buffer_append_text(out, "CREATE TABLE ");
    tables_row_name(out, type);
    buffer_append_text(out, " (ref INTEGER PRIMARY KEY, snapshot INTEGER NOT NULL, record INTEGER NOT NULL,"
                            " line INTEGER NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL,"
                            " invalid INTEGER NOT NULL, row_rule INTEGER NOT NULL, excluded TEXT");
    for (size_t i = 0; i < type->column_count; i++) {
        buffer_append_text(out, ", ");
        tables_name(out, type->columns[i].name);
        buffer_append_byte(out, ' ');
        buffer_append_text(out, storage(type->columns[i].kind));
    }
    buffer_append_text(out, ") STRICT");
}

static void view_sql(struct buffer *out, const struct evidence_type *type, enum view_kind kind) {
    bool readable = kind == VIEW_READABLE;
    buffer_append_text(out, "CREATE VIEW ");
    quoted(out, "", type->id, view_suffixes[kind]);
    buffer_append_text(out, " AS SELECT r.ref AS ref");
    for (size_t i = 0; i < sizeof view_columns / sizeof view_columns[0]; i++) {
        if (schema_column(type, view_columns[i].name) == SIZE_MAX) {
            buffer_append_text(out, ", ");
            buffer_append_text(out, readable ? view_columns[i].readable_from : view_columns[i].from);
            buffer_append_text(out, " AS ");
            buffer_append_text(out, view_columns[i].name);
        }
    }
    for (size_t i = 0; i < type->column_count; i++) {
        bool time = readable && type->columns[i].kind == COLUMN_TIME;
        buffer_append_text(out, time ? ", strftime('%Y-%m-%dT%H:%M:%SZ', r." : ", r.");
        tables_name(out, type->columns[i].name);
        buffer_append_text(out, time ? ", 'unixepoch') AS " : " AS ");
        tables_name(out, type->columns[i].name);
    }
    buffer_append_text(out, " FROM ");
    tables_row_name(out, type);
    buffer_append_text(out, " AS r JOIN tm_snapshot AS s ON s.id = r.snapshot"
                            " WHERE r.excluded IS NULL AND s.accepted = 1");
    buffer_append_text(out, kind == VIEW_LATEST ? " AND s.latest = 1" : "");
}

void tables_insert(struct buffer *out, const struct evidence_type *type) {
    buffer_append_text(out, "INSERT INTO ");
    tables_row_name(out, type);
    buffer_append_text(out, " VALUES (?");
    for (size_t i = 1; i < TABLES_COLUMN_COUNT + type->column_count; i++) {
        buffer_append_text(out, ", ?");
    }
    buffer_append_byte(out, ')');
}

const char *tables_text(const struct buffer *sql, struct diagnostics *diagnostics) {
    const char *text = buffer_text(sql);
    if (text == NULL) {
        diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "memory ran out while making SQL from the schema");
    }
    return text;
}

/* Runs one statement made from the schema; a refusal is the type's fault. */
static bool create(sqlite3 *connection, const struct buffer *sql, const struct evidence_type *type,
                   struct diagnostics *diagnostics) {
    const char *text = tables_text(sql, diagnostics);
    if (text == NULL) {
        return false;
    }
    int result = sqlite3_exec(connection, text, NULL, NULL, NULL);
    if (result == SQLITE_NOMEM) {
        diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, &type->place, "memory ran out while making a table");
        return false;
    }
    if (result != SQLITE_OK) {
        diagnostics_report(diagnostics, DIAGNOSTIC_SQL_ERROR, &type->place,
                           "SQLite refuses the table of evidence type '%s': %s; rename the type or the column",
                           type->id, sqlite3_errmsg(connection));
        return false;
    }
    return true;
}

static bool create_type(sqlite3 *connection, const struct evidence_type *type, struct diagnostics *diagnostics) {
    struct buffer sql = {0};
    table_sql(&sql, type);
    bool created = create(connection, &sql, type, diagnostics);
    for (size_t kind = 0; created && kind < VIEW_KINDS; kind++) {
        buffer_clear(&sql);
        view_sql(&sql, type, (enum view_kind)kind);
        created = create(connection, &sql, type, diagnostics);
    }
    buffer_free(&sql);
    return created;
}

bool tables_create(sqlite3 *connection, const struct schema *schema, struct diagnostics *diagnostics) {
    if (!query_execute(connection, "engine_tables", sql_engine_tables, diagnostics)) {
        return false;
    }
    bool created = true;
    for (size_t i = 0; i < schema->type_count; i++) {
        created = create_type(connection, &schema->types[i], diagnostics) && created;
    }
    return created;
}

/* Whether the table has at most `most` rows; stops counting there. */
static bool small(sqlite3 *connection, const struct evidence_type *type, int64_t most, bool *out,
                  struct diagnostics *diagnostics) {
    struct buffer sql = {0};
    buffer_append_text(&sql, "SELECT count(*) FROM (SELECT 1 FROM ");
    tables_row_name(&sql, type);
    buffer_format(&sql, " LIMIT %" PRId64 ")", most + 1);
    struct query query = {0};
    const char *text = tables_text(&sql, diagnostics);
    bool counted =
        text != NULL && query_open(&query, connection, "count_rows", text, diagnostics) && query_step(&query);
    *out = counted && query_column_integer(&query, 0) <= most;
    buffer_free(&sql);
    return query_close(&query) && counted;
}

bool tables_index(sqlite3 *connection, const struct schema *schema, int64_t most, struct diagnostics *diagnostics) {
    for (size_t i = 0; i < schema->type_count; i++) {
        const struct evidence_type *type = &schema->types[i];
        bool wanted = false;
        if (type->key_count == 0) {
            continue;
        }
        if (!small(connection, type, most, &wanted, diagnostics)) {
            return false;
        }
        if (!wanted) {
            continue;
        }
        struct buffer sql = {0};
        buffer_append_text(&sql, "CREATE INDEX ");
        quoted(&sql, "tm_key_", type->id, "");
        buffer_append_text(&sql, " ON ");
        tables_row_name(&sql, type);
        for (size_t k = 0; k < type->key_count; k++) {
            buffer_append_text(&sql, k == 0 ? " (" : ", ");
            tables_name(&sql, type->columns[type->key[k]].name);
        }
        buffer_append_byte(&sql, ')');
        const char *text = tables_text(&sql, diagnostics);
        bool indexed = text != NULL && query_execute(connection, "create_index", text, diagnostics);
        buffer_free(&sql);
        if (!indexed) {
            return false;
        }
    }
    return true;
}

bool tables_drop(sqlite3 *connection, const struct evidence_type *type, struct diagnostics *diagnostics) {
    struct buffer sql = {0};
    for (size_t kind = 0; kind < VIEW_KINDS; kind++) {
        buffer_append_text(&sql, "DROP VIEW ");
        quoted(&sql, "", type->id, view_suffixes[kind]);
        buffer_append_text(&sql, ";\n");
    }
    buffer_append_text(&sql, "DROP TABLE ");
    tables_row_name(&sql, type);
    const char *text = tables_text(&sql, diagnostics);
    bool dropped = text != NULL && query_execute(connection, "drop_type", text, diagnostics);
    buffer_free(&sql);
    return dropped;
}
