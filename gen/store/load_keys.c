#include "store/load.h"

#include "store/load_keys.sql.h"
#include "store/tables.h"
#include "store/tables_fill.h"

#include <inttypes.h>

/*
 * In one snapshot, or in one source for events, a key names one thing. One sorted pass over a table finds the keys that
 * repeat; all that follows looks at those rows only.
 */

/* How a list of the key's columns is made. */
struct key_list {
    const char *placeholder;
    const char *template;
    const char *between;
};
static const struct key_list key_columns = {"key", sql_key_column, ", "};
static const struct key_list key_text = {"key_text", sql_key_column, " || ', ' || "};
static const struct key_list key_present = {"key_present", sql_key_present, " "};
static const struct key_list key_equal = {"key_equal", sql_key_equal, " "};

/* Fills a statement about a type's table with one list or two (`second` may be NULL) of the key's columns. */
static bool fill(struct buffer *out, const char *template, const struct evidence_type *type,
                 const struct key_list *first, const struct key_list *second, struct diagnostics *diagnostics) {
    const struct key_list *lists[] = {first, second};
    struct buffer texts[2] = {{0}, {0}};
    struct tables_part parts[3] = {{.placeholder = "type", .name = type->id}};
    size_t count = 1;
    bool filled = true;
    for (size_t i = 0; filled && i < 2 && lists[i] != NULL; i++) {
        filled = tables_fill_columns(&texts[i], lists[i]->template, type, type->key, type->key_count, lists[i]->between,
                                     diagnostics);
        parts[count++] = (struct tables_part){.placeholder = lists[i]->placeholder, .text = buffer_text(&texts[i])};
    }
    filled = filled && tables_fill(out, template, parts, count, diagnostics);
    buffer_free(&texts[0]);
    buffer_free(&texts[1]);
    return filled;
}

/* Fills and runs it. */
static bool execute(struct store *store, const char *name, const char *template, const struct evidence_type *type,
                    const struct key_list *first, const struct key_list *second) {
    struct buffer sql = {0};
    bool done = fill(&sql, template, type, first, second, store->diagnostics) &&
                query_execute(store->connection, name, buffer_text(&sql), store->diagnostics);
    buffer_free(&sql);
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
    bool done = fill(&sql, sql_report_duplicates, type, &key_text, NULL, store->diagnostics) &&
                query_open(&query, store->connection, "report_duplicates", buffer_text(&sql), store->diagnostics);
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

static bool mark_duplicates(struct store *store, const struct evidence_type *type) {
    return query_execute(store->connection, "mark_duplicates", sql_mark_duplicates, store->diagnostics) &&
           report_duplicates(store, type) &&
           execute(store, "exclude_duplicates", sql_exclude_duplicates, type, NULL, NULL) &&
           count_marked(store, type, "count_duplicates", sql_count_duplicates) &&
           query_execute(store->connection, "drop_duplicates", sql_drop_duplicates, store->diagnostics);
}

static bool mark_superseded(struct store *store, const struct evidence_type *type) {
    return query_execute(store->connection, "clear_marked", sql_clear_marked, store->diagnostics) &&
           query_execute(store->connection, "mark_superseded", sql_mark_superseded, store->diagnostics) &&
           execute(store, "exclude_superseded", sql_exclude_superseded, type, NULL, NULL) &&
           count_marked(store, type, "count_superseded", sql_count_superseded);
}

static bool any_repeated(struct store *store, bool *any) {
    struct query query;
    bool done = query_open(&query, store->connection, "any_repeated", sql_any_repeated, store->diagnostics) &&
                query_step(&query);
    *any = done && query_column_integer(&query, 0) != 0;
    return query_close(&query) && done;
}

static bool index_repeated(struct store *store, const struct evidence_type *type) {
    struct buffer key = {0};
    struct buffer sql = {0};
    bool done = tables_fill_columns(&key, sql_key_column, type, type->key, type->key_count, ", ", store->diagnostics);
    if (done) {
        const struct tables_part part = {.placeholder = "key", .text = buffer_text(&key)};
        done = tables_fill(
                   &sql, type->shape == TYPE_SNAPSHOT ? sql_index_repeated_in_snapshots : sql_index_repeated_in_events,
                   &part, 1, store->diagnostics) &&
               query_execute(store->connection, "index_repeated", buffer_text(&sql), store->diagnostics);
    }
    buffer_free(&key);
    buffer_free(&sql);
    return done;
}

static bool keys_of(struct store *store, const struct evidence_type *type) {
    bool snapshots = type->shape == TYPE_SNAPSHOT;
    const char *repeated = snapshots ? sql_find_repeated_in_snapshots : sql_find_repeated_in_events;
    const char *candidates = snapshots ? sql_find_candidates_in_snapshots : sql_find_candidates_in_events;
    bool any = false;
    if (!execute(store, "find_repeated", repeated, type, &key_columns, &key_present) || !any_repeated(store, &any)) {
        return false;
    }
    if (any &&
        (!index_repeated(store, type) || !execute(store, "find_candidates", candidates, type, &key_equal, NULL) ||
         !mark_duplicates(store, type) || (type->shape == TYPE_EVENT && !mark_superseded(store, type)))) {
        return false;
    }
    return query_execute(store->connection, "keys_clear", sql_keys_clear, store->diagnostics);
}

bool load_keys(struct store *store) {
    if (!query_execute(store->connection, "keys_begin", sql_keys_begin, store->diagnostics)) {
        return false;
    }
    for (size_t i = 0; i < store->schema->type_count; i++) {
        const struct evidence_type *type = &store->schema->types[i];
        if (type->key_count > 0 && load_key_may_repeat(store, i) && !keys_of(store, type)) {
            return false;
        }
        load_key_forget(store, i); /* assessing needs the memory */
    }
    return query_execute(store->connection, "keys_end", sql_keys_end, store->diagnostics);
}
