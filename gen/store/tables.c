#include "store/tables.h"

#include "store/engine.sql.h"
#include "store/latest_named.h"
#include "store/tables.sql.h"
#include "store/tables_fill.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The engine's columns of a view, which a column of the type with the same name displaces. */
static const struct {
    const char *name;
    const char *column;
    const char *readable;
} view_columns[] = {
    {"source", sql_view_source, sql_view_source},
    {"at", sql_view_at, sql_view_at_readable},
    {"evidence", sql_view_evidence, sql_view_evidence_readable},
};

/* A view of a type: for queries, or for people. */
struct type_view {
    const char *suffix; /* of its name, after the type's; the template has it too */
    const char *template;
    bool readable;
};
static const struct type_view view_of_all = {"", sql_create_view, false};
static const struct type_view view_of_date = {"", sql_create_view_of_date, false};
static const struct type_view view_of_latest = {SCHEMA_LATEST, sql_create_view_latest, false};
static const struct type_view view_for_people = {SCHEMA_READABLE, sql_create_view_readable, true};

size_t tables_type(const struct schema *schema, const char *table) {
    static const char prefix[] = TABLES_ROWS;
    const size_t length = sizeof prefix - 1;

    return strncmp(table, prefix, length) == 0 ? schema_type(schema, table + length) : SIZE_MAX;
}

static const char *table_column(enum column_kind kind) {
    switch (kind) {
    case COLUMN_INTEGER:
    case COLUMN_BOOLEAN:
    case COLUMN_TIME:
        return sql_table_column_integer;
    case COLUMN_REAL:
        return sql_table_column_real;
    case COLUMN_TEXT:
    case COLUMN_ENUMERATION:
        break;
    }
    return sql_table_column_text;
}

/* Fills a template that asks for the type and for one list. */
static bool fill(struct buffer *out, const char *template, const struct evidence_type *type, const char *placeholder,
                 const struct buffer *list, struct diagnostics *diagnostics) {
    const struct tables_part parts[] = {{.placeholder = "type", .name = type->id},
                                        {.placeholder = placeholder, .text = tables_text(list, diagnostics)}};
    return parts[1].text != NULL && tables_fill(out, template, parts, sizeof parts / sizeof parts[0], diagnostics);
}

static bool table_sql(struct buffer *out, const struct evidence_type *type, struct diagnostics *diagnostics) {
    struct buffer columns = {0};
    bool filled = true;
    for (size_t i = 0; filled && i < type->column_count; i++) {
        filled = tables_fill_name(&columns, table_column(type->columns[i].kind), "column", type->columns[i].name,
                                  diagnostics);
    }
    filled = filled && fill(out, sql_create_table, type, "columns", &columns, diagnostics);
    buffer_free(&columns);
    return filled;
}

/* What keeps events out of a view that nobody knew of yet: nothing where all are known, or no time says. */
static bool known_sql(struct buffer *out, const struct evidence_type *type, int64_t as_of,
                      struct diagnostics *diagnostics) {
    struct buffer time = {0};
    buffer_append_text(out, "");
    if (as_of == INT64_MAX || type->shape != TYPE_EVENT || type->time_column == SIZE_MAX) {
        return true;
    }
    buffer_append_integer(&time, as_of);
    const struct tables_part parts[] = {{.placeholder = "column", .name = type->columns[type->time_column].name},
                                        {.placeholder = "as_of", .text = tables_text(&time, diagnostics)}};
    bool filled =
        parts[1].text != NULL && tables_fill(out, sql_view_known, parts, sizeof parts / sizeof parts[0], diagnostics);
    buffer_free(&time);
    return filled;
}

static bool view_sql(struct buffer *out, const struct evidence_type *type, const struct type_view *view, int64_t as_of,
                     struct diagnostics *diagnostics) {
    bool readable = view->readable;
    struct buffer columns = {0};
    struct buffer known = {0};
    bool filled = known_sql(&known, type, as_of, diagnostics);
    for (size_t i = 0; filled && i < sizeof view_columns / sizeof view_columns[0]; i++) {
        if (schema_column(type, view_columns[i].name) == SIZE_MAX) {
            filled = tables_fill(&columns, readable ? view_columns[i].readable : view_columns[i].column, NULL, 0,
                                 diagnostics);
        }
    }
    for (size_t i = 0; filled && i < type->column_count; i++) {
        bool time = readable && type->columns[i].kind == COLUMN_TIME;
        filled = tables_fill_name(&columns, time ? sql_view_time_readable : sql_view_column, "column",
                                  type->columns[i].name, diagnostics);
    }
    const struct tables_part parts[] = {
        {.placeholder = "type", .name = type->id},
        {.placeholder = "columns", .text = filled ? tables_text(&columns, diagnostics) : NULL},
        {.placeholder = "known", .text = filled ? tables_text(&known, diagnostics) : NULL}};
    filled = parts[1].text != NULL && parts[2].text != NULL &&
             tables_fill(out, view->template, parts, sizeof parts / sizeof parts[0], diagnostics);
    buffer_free(&known);
    buffer_free(&columns);
    return filled;
}

bool tables_insert(struct query *insert, sqlite3 *connection, const struct evidence_type *type,
                   struct diagnostics *diagnostics) {
    if (insert->statement != NULL) {
        return !insert->failed;
    }
    struct buffer sql = {0};
    struct buffer parameters = {0};
    for (size_t i = 1; i < TABLES_COLUMN_COUNT + type->column_count; i++) {
        buffer_append_text(&parameters, ", ?");
    }
    bool opened = fill(&sql, sql_insert_row, type, "parameters", &parameters, diagnostics) &&
                  query_open(insert, connection, "insert_row", buffer_text(&sql), diagnostics);
    buffer_free(&parameters);
    buffer_free(&sql);
    return opened;
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
    int result = sqlite3_exec(connection, buffer_text(sql), NULL, NULL, NULL);
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

static bool create_table(sqlite3 *connection, const struct evidence_type *type, struct diagnostics *diagnostics) {
    struct buffer sql = {0};
    bool created = table_sql(&sql, type, diagnostics) && create(connection, &sql, type, diagnostics);
    buffer_free(&sql);
    return created;
}

bool tables_create(sqlite3 *connection, const struct schema *schema, struct diagnostics *diagnostics) {
    if (!query_execute(connection, "engine_tables", sql_engine_tables, diagnostics)) {
        return false;
    }
    bool created = true;
    for (size_t i = 0; i < schema->type_count; i++) {
        created = create_table(connection, &schema->types[i], diagnostics) && created;
    }
    return created;
}

static bool add_view(struct view_batch *views, const struct evidence_type *type, const struct type_view *view,
                     int64_t as_of) {
    struct buffer name = {0};
    struct buffer sql = {0};
    buffer_format(&name, "%s%s", type->id, view->suffix);
    bool added = view_sql(&sql, type, view, as_of, views->diagnostics) &&
                 tables_text(&name, views->diagnostics) != NULL &&
                 view_batch_add(views, buffer_text(&name), buffer_text(&sql));
    buffer_free(&sql);
    buffer_free(&name);
    return added;
}

/* By type, whether its view of newest snapshots is named; freed by the caller. NULL after reporting. */
static bool *find_latest(const struct schema *schema, struct diagnostics *diagnostics) {
    bool *named = calloc(schema->type_count + 1, sizeof *named);
    if (named == NULL) {
        diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "memory ran out while making views");
        return NULL;
    }
    latest_named(schema, named);
    return named;
}

struct tables_scope tables_scope(const struct store_options *options, bool of_date) {
    bool inside = options->as_of < options->span.until - 1;

    return (struct tables_scope){.of_date = of_date, .as_of = inside ? options->as_of : INT64_MAX};
}

bool tables_views(struct view_batch *views, const struct schema *schema, const struct tables_scope *scope) {
    bool *latest = find_latest(schema, views->diagnostics);
    bool added = latest != NULL;
    for (size_t i = 0; added && i < schema->type_count; i++) {
        const struct evidence_type *type = &schema->types[i];
        bool newest = scope->of_date && type->shape == TYPE_SNAPSHOT;
        added = add_view(views, type, newest ? &view_of_date : &view_of_all, scope->as_of) &&
                (!latest[i] || add_view(views, type, &view_of_latest, scope->as_of));
    }
    free(latest);
    return added;
}

bool tables_show(struct view_batch *views, const struct schema *schema, const struct tables_scope *scope) {
    bool *latest = find_latest(schema, views->diagnostics);
    bool added = latest != NULL;
    for (size_t i = 0; added && i < schema->type_count; i++) {
        const struct evidence_type *type = &schema->types[i];
        added = type->high_volume || ((latest[i] || add_view(views, type, &view_of_latest, scope->as_of)) &&
                                      add_view(views, type, &view_for_people, scope->as_of));
    }
    free(latest);
    return added;
}

/* Whether the table has so many rows; stops counting past the most. */
static bool between(sqlite3 *connection, const struct evidence_type *type, int64_t least, int64_t most, bool *out,
                    struct diagnostics *diagnostics) {
    struct buffer sql = {0};
    struct query query = {0};
    bool counted = tables_fill_name(&sql, sql_count_rows, "type", type->id, diagnostics) &&
                   query_open(&query, connection, "count_rows", buffer_text(&sql), diagnostics);
    if (counted) {
        query_integer(&query, 1, most + 1);
        counted = query_step(&query);
    }
    int64_t rows = counted ? query_column_integer(&query, 0) : 0;
    *out = rows >= least && rows <= most;
    buffer_free(&sql);
    return query_close(&query) && counted;
}

static bool index_key(sqlite3 *connection, const struct evidence_type *type, struct diagnostics *diagnostics) {
    struct buffer key = {0};
    struct buffer sql = {0};
    bool indexed = tables_fill_columns(&key, sql_index_column, type, type->key, type->key_count, ", ", diagnostics) &&
                   fill(&sql, sql_create_index, type, "key", &key, diagnostics) &&
                   query_execute(connection, "create_index", buffer_text(&sql), diagnostics);
    buffer_free(&sql);
    buffer_free(&key);
    return indexed;
}

bool tables_index(sqlite3 *connection, const struct schema *schema, int64_t least, int64_t most,
                  struct diagnostics *diagnostics) {
    for (size_t i = 0; i < schema->type_count; i++) {
        const struct evidence_type *type = &schema->types[i];
        bool wanted = false;
        if (type->key_count == 0) {
            continue;
        }
        if (!between(connection, type, least, most, &wanted, diagnostics) ||
            (wanted && !index_key(connection, type, diagnostics))) {
            return false;
        }
    }
    return true;
}

bool tables_drop(sqlite3 *connection, const struct evidence_type *type, struct diagnostics *diagnostics) {
    struct buffer sql = {0};
    bool dropped = tables_fill_name(&sql, sql_drop_type, "type", type->id, diagnostics) &&
                   query_execute(connection, "drop_type", buffer_text(&sql), diagnostics);
    buffer_free(&sql);
    return dropped;
}
