#include "store/load.h"

#include "store/load_finish.sql.h"
#include "store/tables_fill.h"

#include <inttypes.h>

/* Records that management has looked at: a disposition is counted for what it meets in its file. */

struct disposing {
    struct store *store;
    const struct programme_disposition *disposition;
    int64_t evidence;
    int64_t records;  /* of the file */
    int64_t rejected; /* records of the file that gave no row */
    bool rows;        /* the record gave rows */
    int64_t found;
};

/* `dispositioned` of one type of the file (NULL: of every type) grows by `count`. */
static bool count_type(const struct disposing *disposing, const char *type, int64_t count) {
    struct query update;
    bool done = query_open(&update, disposing->store->connection, "count_disposed_type", sql_count_disposed_type,
                           disposing->store->diagnostics);
    query_integer(&update, 1, disposing->evidence);
    query_text(&update, 2, type);
    query_integer(&update, 3, count);
    done = done && query_run(&update);
    return query_close(&update) && done;
}

/* Rows of the record, and those among them that are invalid or duplicates. */
static bool look_at(struct disposing *disposing, const struct evidence_type *type) {
    struct store *store = disposing->store;
    struct buffer sql = {0};
    const struct store_evidence evidence = {.id = disposing->evidence};
    int64_t first;
    int64_t last;
    load_range(&evidence, &first, &last);
    struct query query = {0};
    bool done = tables_fill_name(&sql, sql_look_at_record, "type", type->id, store->diagnostics) &&
                query_open(&query, store->connection, "look_at_record", buffer_text(&sql), store->diagnostics);
    int64_t found = 0;
    if (done) {
        query_integer(&query, 1, first);
        query_integer(&query, 2, last);
        query_integer(&query, 3, disposing->disposition->record);
        done = query_step(&query);
        disposing->rows = disposing->rows || query_column_integer(&query, 0) > 0;
        found = query_column_integer(&query, 1);
    }
    buffer_free(&sql);
    done = query_close(&query) && done;
    disposing->found += found;
    return done && (found == 0 || count_type(disposing, type->id, found));
}

static bool find_evidence(struct disposing *disposing) {
    struct query query;
    bool done = query_open(&query, disposing->store->connection, "find_disposed", sql_find_disposed,
                           disposing->store->diagnostics);
    query_text(&query, 1, disposing->disposition->path);
    query_text(&query, 2, disposing->disposition->source);
    query_integer(&query, 3, disposing->disposition->record);
    if (done && query_step(&query)) {
        disposing->evidence = query_column_integer(&query, 0);
        disposing->records = query_column_integer(&query, 1);
        disposing->rejected = query_column_integer(&query, 2);
    }
    return query_close(&query);
}

static bool count_found(const struct disposing *disposing) {
    struct query update;
    bool done = query_open(&update, disposing->store->connection, "count_disposed", sql_count_disposed,
                           disposing->store->diagnostics);
    query_integer(&update, 1, disposing->evidence);
    query_integer(&update, 2, disposing->found);
    done = done && query_run(&update);
    return query_close(&update) && done;
}

static bool write_disposition(const struct disposing *disposing, size_t position) {
    const struct programme_disposition *disposition = disposing->disposition;
    struct query insert;
    bool done = query_open(&insert, disposing->store->connection, "insert_disposition", sql_insert_disposition,
                           disposing->store->diagnostics);
    query_integer(&insert, 1, (int64_t)position);
    query_text(&insert, 2, disposition->source);
    query_text(&insert, 3, disposition->path);
    query_integer(&insert, 4, disposition->record);
    query_text(&insert, 5, disposition->reason);
    query_text(&insert, 6, disposition->approver);
    query_integer_or_null(&insert, 7, disposition->date, disposition->date != INT64_MIN);
    query_integer_or_null(&insert, 8, disposing->evidence, disposing->evidence != 0);
    query_integer(&insert, 9, disposing->found);
    done = done && query_run(&insert);
    return query_close(&insert) && done;
}

static bool dispose(struct disposing *disposing, size_t position) {
    const struct schema *schema = disposing->store->schema;
    if (!find_evidence(disposing)) {
        return false;
    }
    if (disposing->evidence != 0) {
        for (size_t i = 0; i < schema->type_count; i++) {
            if (!look_at(disposing, &schema->types[i])) {
                return false;
            }
        }
        /* A rejected record gave no row: it may be any type's. */
        bool in_file = disposing->disposition->record <= disposing->records;
        if (disposing->found == 0 && in_file && !disposing->rows && disposing->rejected > 0) {
            disposing->found = 1;
            if (!count_type(disposing, NULL, 1)) {
                return false;
            }
        }
        if (!count_found(disposing)) {
            return false;
        }
        if (disposing->found == 0) {
            diagnostics_report(
                disposing->store->diagnostics, DIAGNOSTIC_DISPOSITION_UNUSED, &disposing->disposition->place,
                "record %" PRId64 " of %s is neither invalid, duplicate nor unreadable; correct the record's "
                "number, or remove the disposition",
                disposing->disposition->record, disposing->disposition->path);
        }
    }
    return write_disposition(disposing, position);
}

bool load_disposition(struct store *store) {
    for (size_t i = 0; i < store->programme->disposition_count; i++) {
        struct disposing disposing = {.store = store, .disposition = &store->programme->dispositions[i]};
        if (!dispose(&disposing, i)) {
            return false;
        }
    }
    return true;
}
