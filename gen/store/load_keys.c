#include "store/load.h"

#include "store/load_keys.sql.h"
#include "store/tables.h"

#include <inttypes.h>

/*
 * In one snapshot, or in one source for events, a key names one thing. One sorted pass over a table finds the keys that
 * repeat; all that follows looks at those rows only.
 */

static void key_list(struct buffer *out, const struct evidence_type *type, const char *prefix, const char *between,
                     const char *suffix) {
    for (size_t i = 0; i < type->key_count; i++) {
        buffer_append_text(out, i == 0 ? "" : between);
        buffer_append_text(out, prefix);
        tables_name(out, type->columns[type->key[i]].name);
        buffer_append_text(out, suffix);
    }
}

static void repeated_sql(struct buffer *out, const struct evidence_type *type) {
    const char *scope = type->shape == TYPE_SNAPSHOT ? "snapshot AS file, " : "";
    buffer_append_text(out, "CREATE TEMP TABLE tm_repeated AS SELECT ");
    buffer_append_text(out, scope);
    key_list(out, type, "", ", ", "");
    buffer_append_text(out, " FROM ");
    tables_row_name(out, type);
    buffer_append_text(out, " WHERE excluded IS NULL AND ");
    key_list(out, type, "", " AND ", " IS NOT NULL");
    buffer_append_text(out, type->shape == TYPE_SNAPSHOT ? " GROUP BY snapshot, " : " GROUP BY ");
    key_list(out, type, "", ", ", "");
    buffer_append_text(out, " HAVING count(*) > 1");
}

static void repeated_index_sql(struct buffer *out, const struct evidence_type *type) {
    buffer_append_text(out, "CREATE INDEX temp.tm_repeated_key ON tm_repeated (");
    key_list(out, type, "", ", ", "");
    buffer_append_text(out, type->shape == TYPE_SNAPSHOT ? ", file)" : ")");
}

static void candidates_sql(struct buffer *out, const struct evidence_type *type) {
    buffer_append_text(out, "INSERT INTO temp.tm_candidate (ref, snapshot, entity, invalid) "
                            "SELECT r.ref, r.snapshot, k.rowid, r.invalid FROM ");
    tables_row_name(out, type);
    /* CROSS JOIN: the one scan is that of the large table. */
    buffer_append_text(out, " AS r CROSS JOIN temp.tm_repeated AS k WHERE r.excluded IS NULL");
    buffer_append_text(out, type->shape == TYPE_SNAPSHOT ? " AND k.file = r.snapshot" : "");
    for (size_t i = 0; i < type->key_count; i++) {
        const char *name = type->columns[type->key[i]].name;
        buffer_append_text(out, " AND k.");
        tables_name(out, name);
        buffer_append_text(out, " = r.");
        tables_name(out, name);
    }
}

static void exclude_sql(struct buffer *out, const struct evidence_type *type, const char *reason) {
    buffer_append_text(out, "UPDATE ");
    tables_row_name(out, type);
    buffer_append_text(out, " SET excluded = '");
    buffer_append_text(out, reason);
    buffer_append_text(out, "' WHERE ref IN (SELECT ref FROM temp.tm_marked)");
}

/* A file's first repeated row, the row that it repeats, and their key. */
static void report_sql(struct buffer *out, const struct evidence_type *type) {
    buffer_append_text(out, "SELECT e.path, m.count, d.record, o.record, concat_key FROM (SELECT ref >> 32 AS file, "
                            "count(*) AS count, min(ref) AS ref, first FROM temp.tm_marked GROUP BY 1) AS m "
                            "JOIN tm_evidence AS e ON e.id = m.file JOIN (SELECT *, ");
    key_list(out, type, "", " || ', ' || ", "");
    buffer_append_text(out, " AS concat_key FROM ");
    tables_row_name(out, type);
    buffer_append_text(out, ") AS d ON d.ref = m.ref JOIN ");
    tables_row_name(out, type);
    buffer_append_text(out, " AS o ON o.ref = m.first ORDER BY e.id");
}

static bool execute(struct store *store, const char *name, struct buffer *sql) {
    const char *text = tables_text(sql, store->diagnostics);
    bool done = text != NULL && query_execute(store->connection, name, text, store->diagnostics);
    buffer_free(sql);
    return done;
}

static bool count_marked(struct store *store, const struct evidence_type *type, const char *name, const char *sql) {
    struct query update;
    bool done = query_open(&update, store->connection, name, sql, store->diagnostics);
    query_text(&update, 1, type->id);
    done = done && query_run(&update);
    return query_close(&update) && done;
}

static bool report_duplicates(struct store *store, const struct evidence_type *type) {
    struct buffer sql = {0};
    struct buffer path = {0};
    struct query query = {0};
    report_sql(&sql, type);
    const char *text = tables_text(&sql, store->diagnostics);
    bool done = text != NULL && query_open(&query, store->connection, "report_duplicates", text, store->diagnostics);
    while (done && query_step(&query)) {
        buffer_clear(&path);
        load_show_path(store, query_column_text(&query, 0), &path);
        struct place place = {.path = tables_text(&path, store->diagnostics)};
        int64_t repeats = query_column_integer(&query, 1);
        diagnostics_report(store->diagnostics, DIAGNOSTIC_DUPLICATE_RECORDS, &place,
                           "%" PRId64 " row%s of %s repeat%s the key of an earlier one (first: %s, records %" PRId64
                           " and %" PRId64 "); correct the export, or look at them and write dispositions",
                           repeats, repeats == 1 ? "" : "s", type->id, repeats == 1 ? "s" : "",
                           query_column_text(&query, 4), query_column_integer(&query, 3),
                           query_column_integer(&query, 2));
        done = place.path != NULL;
    }
    buffer_free(&sql);
    buffer_free(&path);
    return query_close(&query) && done;
}

static bool exclude(struct store *store, const struct evidence_type *type, const char *reason) {
    struct buffer sql = {0};
    exclude_sql(&sql, type, reason);
    return execute(store, "exclude_rows", &sql);
}

static bool mark_duplicates(struct store *store, const struct evidence_type *type) {
    return query_execute(store->connection, "mark_duplicates", sql_mark_duplicates, store->diagnostics) &&
           report_duplicates(store, type) && exclude(store, type, "duplicate") &&
           count_marked(store, type, "count_duplicates", sql_count_duplicates) &&
           query_execute(store->connection, "drop_duplicates", sql_drop_duplicates, store->diagnostics);
}

static bool mark_superseded(struct store *store, const struct evidence_type *type) {
    return query_execute(store->connection, "clear_marked", sql_clear_marked, store->diagnostics) &&
           query_execute(store->connection, "mark_superseded", sql_mark_superseded, store->diagnostics) &&
           exclude(store, type, "superseded") && count_marked(store, type, "count_superseded", sql_count_superseded);
}

static bool any_repeated(struct store *store, bool *any) {
    struct query query;
    bool done = query_open(&query, store->connection, "any_repeated", sql_any_repeated, store->diagnostics) &&
                query_step(&query);
    *any = done && query_column_integer(&query, 0) != 0;
    return query_close(&query) && done;
}

static bool keys_of(struct store *store, const struct evidence_type *type) {
    struct buffer repeated = {0};
    repeated_sql(&repeated, type);
    bool any = false;
    if (!execute(store, "find_repeated", &repeated) || !any_repeated(store, &any)) {
        return false;
    }
    if (any) {
        struct buffer index = {0};
        struct buffer candidates = {0};
        repeated_index_sql(&index, type);
        candidates_sql(&candidates, type);
        bool found = execute(store, "index_repeated", &index);
        found = execute(store, "find_candidates", &candidates) && found;
        if (!found || !mark_duplicates(store, type) || (type->shape == TYPE_EVENT && !mark_superseded(store, type))) {
            return false;
        }
    }
    return query_execute(store->connection, "keys_clear", sql_keys_clear, store->diagnostics);
}

bool load_keys(struct store *store) {
    if (!query_execute(store->connection, "keys_begin", sql_keys_begin, store->diagnostics)) {
        return false;
    }
    for (size_t i = 0; i < store->schema->type_count; i++) {
        if (store->schema->types[i].key_count > 0 && !keys_of(store, &store->schema->types[i])) {
            return false;
        }
    }
    return query_execute(store->connection, "keys_end", sql_keys_end, store->diagnostics);
}
