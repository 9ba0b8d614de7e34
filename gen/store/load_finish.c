#include "store/load.h"

#include "base/limits.h"
#include "store/load_finish.sql.h"
#include "store/snapshot.sql.h"
#include "store/store.sql.h"
#include "store/tables.h"
#include "store/transaction.sql.h"

#include <inttypes.h>

#define DAY_SECONDS INT64_C(86400)
/*
 * Tables with an index on their key. Smaller ones are searched as fast without, and every connection would read of the
 * index; larger ones are read from end to end, so that it costs more than it saves.
 */
#define INDEXED_LEAST 200
#define INDEXED_MOST  100000

static bool refuse_evidence(struct store *store, int64_t evidence, const char *problem) {
    struct query update;
    bool done = query_open(&update, store->connection, "refuse_evidence", sql_refuse_evidence, store->diagnostics);
    query_integer(&update, 1, evidence);
    query_text(&update, 2, problem);
    done = done && query_run(&update);
    return query_close(&update) && done;
}

static bool refuse_copies(struct store *store) {
    struct query query;
    struct buffer path = {0};
    bool done = query_open(&query, store->connection, "find_copies", sql_find_copies, store->diagnostics);
    while (done && query_step(&query)) {
        size_t kind = schema_kind(store->schema, query_column_text(&query, 3));
        if (kind == SIZE_MAX || store->schema->kinds[kind].format == FORMAT_DOCUMENT) {
            continue; /* a document may well stay as it is */
        }
        buffer_clear(&path);
        load_show_path(store, query_column_text(&query, 1), &path);
        struct place place = {.path = tables_text(&path, store->diagnostics)};
        const char *other = query_column_text(&query, 2);
        done = place.path != NULL;
        if (done && schema_tells_moments(store->schema, &store->schema->kinds[kind])) {
            diagnostics_report(store->diagnostics, DIAGNOSTIC_COPIED_EXPORT, &place,
                               "it is byte for byte %s under another date, down to the last sign-ins, so it does not "
                               "count; export again, or say in a sidecar when it was collected",
                               other);
            done = refuse_evidence(store, query_column_integer(&query, 0), "copied");
        } else if (done) {
            diagnostics_report(
                store->diagnostics, DIAGNOSTIC_UNCHANGED_EXPORT, &place,
                "it is byte for byte %s under another date; if nothing changed in between that is fine, and "
                "a sidecar with collected_at says so",
                other);
        }
    }
    buffer_free(&path);
    return query_close(&query) && done;
}

/* An export that lost half of its rows is more likely cut than true: every item that is gone would go untested. */
static bool refuse_shrunken(struct store *store) {
    struct query query;
    struct buffer path = {0};
    bool done = query_open(&query, store->connection, "find_shrunken", sql_find_shrunken, store->diagnostics);
    query_integer(&query, 1, LIMIT_SHRUNKEN_ROWS);
    query_integer(&query, 2, LIMIT_SHRUNKEN_PERCENT);
    while (done && query_step(&query)) {
        buffer_clear(&path);
        load_show_path(store, query_column_text(&query, 1), &path);
        struct place place = {.path = tables_text(&path, store->diagnostics)};
        done = place.path != NULL;
        if (done) {
            diagnostics_report(
                store->diagnostics, DIAGNOSTIC_SHRUNKEN_EXPORT, &place,
                "it gives %" PRId64 " row%s of %s, where %s gives %" PRId64
                "; it does not count: export again, or say in a sidecar how many records its source counted",
                query_column_integer(&query, 3), query_column_integer(&query, 3) == 1 ? "" : "s",
                query_column_text(&query, 2), query_column_text(&query, 4), query_column_integer(&query, 5));
            done = refuse_evidence(store, query_column_integer(&query, 0), "shrunken");
        }
    }
    buffer_free(&path);
    return query_close(&query) && done;
}

/* Long before the time that an export stands for nothing can have stopped: it is an earlier one, or another year's. */
static bool refuse_outdated(struct store *store, const struct evidence_type *type) {
    struct query query;
    struct buffer path = {0};
    bool done = query_open(&query, store->connection, "find_outdated", sql_find_outdated, store->diagnostics);
    query_text(&query, 1, type->id);
    query_integer(&query, 2, type->fresh_within);
    while (done && query_step(&query)) {
        int64_t newest = query_column_integer(&query, 2);
        int64_t taken = query_column_integer(&query, 3);
        bool collected = query_column_integer(&query, 4) != 0;
        char newest_text[DATETIME_ISO_BYTES];
        char taken_text[DATETIME_ISO_BYTES];
        buffer_clear(&path);
        load_show_path(store, query_column_text(&query, 1), &path);
        struct place place = {.path = tables_text(&path, store->diagnostics)};
        datetime_iso(newest, newest_text);
        datetime_date(taken, taken_text);
        done = place.path != NULL;
        if (done) {
            diagnostics_report(store->diagnostics, DIAGNOSTIC_OUTDATED_EXPORT, &place,
                               "the newest time in it is %s, %" PRId64 " days before %s, which it stands for; %s",
                               newest_text, (taken - newest) / DAY_SECONDS, taken_text,
                               collected ? "it counts, since its sidecar says when it was collected"
                                         : "it does not count: export again, or say in a sidecar when it was "
                                           "collected (collected_at)");
            done = collected || refuse_evidence(store, query_column_integer(&query, 0), "outdated");
        }
    }
    buffer_free(&path);
    return query_close(&query) && done;
}

static bool refuse_all_outdated(struct store *store) {
    bool done = true;
    for (size_t i = 0; done && i < store->schema->type_count; i++) {
        done = store->schema->types[i].fresh_within == 0 || refuse_outdated(store, &store->schema->types[i]);
    }
    return done;
}

/*
 * Where a date is looked at (Type I), what was taken after it says nothing of it, though its file's name begins before:
 * as the newest of its source it would stand in for the one that was in place.
 */
static bool forget_later(struct store *store) {
    struct query query;
    struct query forget = {0};
    struct buffer path = {0};
    int64_t as_of = store->options.as_of;
    char known[DATETIME_ISO_BYTES];
    bool done = query_open(&query, store->connection, "find_later", sql_find_later, store->diagnostics) &&
                query_open(&forget, store->connection, "forget_later", sql_forget_later, store->diagnostics);
    datetime_date(as_of, known);
    query_integer(&query, 1, as_of);
    while (done && query_step(&query)) {
        char taken[DATETIME_ISO_BYTES];
        buffer_clear(&path);
        load_show_path(store, query_column_text(&query, 1), &path);
        struct place place = {.path = tables_text(&path, store->diagnostics)};
        datetime_date(query_column_integer(&query, 2), taken);
        done = place.path != NULL;
        if (done) {
            diagnostics_report(store->diagnostics, DIAGNOSTIC_OTHER_PERIOD, &place,
                               "it is of %s, after %s, the date that is reported on: it is not looked at; if it was "
                               "made by then, say when in a sidecar (effective_at)",
                               taken, known);
            query_integer(&forget, 1, query_column_integer(&query, 0));
            done = refuse_evidence(store, query_column_integer(&query, 0), "later") && query_run(&forget);
        }
    }
    buffer_free(&path);
    done = query_close(&query) && done;
    return query_close(&forget) && done;
}

bool store_load_finish(struct store *store) {
    sqlite3 *connection = store->connection;
    struct diagnostics *diagnostics = store->diagnostics;
    if (!load_begin(store) || !refuse_copies(store) || !refuse_shrunken(store) || !refuse_all_outdated(store) ||
        !load_unlike(store) || (store->programme->type_one && !forget_later(store)) ||
        !query_execute(connection, "refuse_snapshots", sql_refuse_snapshots, diagnostics) || !load_keys(store) ||
        !query_execute(connection, "sum_evidence", sql_sum_evidence, diagnostics) || !load_disposition(store) ||
        !query_execute(connection, "settle_snapshots", sql_settle_snapshots, diagnostics) || !load_reconcile(store) ||
        !load_sequence(store) || !tables_index(connection, store->schema, INDEXED_LEAST, INDEXED_MOST, diagnostics) ||
        !query_execute(connection, "commit", sql_commit, diagnostics)) {
        return false;
    }
    store->loading = false;
    (void)sqlite3_db_release_memory(connection); /* what was cached for loading; assessing has its own connections */
    return query_execute(connection, "store_concurrent", sql_store_concurrent, diagnostics);
}
