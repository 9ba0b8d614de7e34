#include "store/load.h"

#include "store/load_reconcile.sql.h"
#include "store/tables.h"
#include "store/tables_fill.h"

/* Reconciliation of one source with another: which values each has that the other lacks. It is shown and not judged. */

struct reconciling {
    const struct programme_reconciliation *item;
    const char *type;
    const char *their_type;
    struct query exports;
    struct query newest;
    struct query compare;
    struct query insert;
};

/* One line: times are INT64_MIN where there is none. */
static bool write_line(struct reconciling *r, int64_t at, int64_t other_at, bool compared) {
    struct query *insert = &r->insert;

    query_text(insert, 1, r->item->source);
    query_text(insert, 2, r->item->column);
    query_text(insert, 3, r->item->with);
    query_text(insert, 4, r->item->their);
    query_text(insert, 5, r->item->meaning);
    query_integer_or_null(insert, 6, at, at != INT64_MIN);
    query_integer_or_null(insert, 7, other_at, other_at != INT64_MIN);
    for (int i = 0; i < 3; i++) {
        query_integer_or_null(insert, 8 + i, compared ? query_column_integer(&r->compare, i) : 0, compared);
    }
    for (int i = 3; i < 5; i++) {
        query_text(insert, 8 + i, compared ? query_column_text(&r->compare, i) : NULL);
    }
    return query_run(insert);
}

static bool compare(struct reconciling *r, int64_t at, int64_t other_at) {
    struct query *query = &r->compare;

    query_text(query, 1, r->item->source);
    query_text(query, 2, r->type);
    query_integer_or_null(query, 3, at, at != INT64_MIN);
    query_text(query, 4, r->item->with);
    query_text(query, 5, r->their_type);
    query_integer_or_null(query, 6, other_at, other_at != INT64_MIN);
    bool done = query_step(query) && write_line(r, at, other_at, true);
    return query_reset(query) && done;
}

/* Every export against the one of the other source that was in force then. */
static bool reconcile_snapshots(struct reconciling *r) {
    bool done = true;

    query_text(&r->exports, 1, r->item->source);
    query_text(&r->exports, 2, r->type);
    while (done && query_step(&r->exports)) {
        int64_t at = query_column_integer(&r->exports, 0);
        query_text(&r->newest, 1, r->item->with);
        query_text(&r->newest, 2, r->their_type);
        query_integer(&r->newest, 3, at);
        bool any = query_step(&r->newest) && !query_column_null(&r->newest, 0);
        int64_t other_at = any ? query_column_integer(&r->newest, 0) : INT64_MIN;
        done = query_reset(&r->newest) && (any ? compare(r, at, other_at) : write_line(r, at, INT64_MIN, false));
    }
    return query_reset(&r->exports) && done;
}

static bool reconcile(struct store *store, const struct programme_reconciliation *item) {
    const struct evidence_type *type = &store->schema->types[item->type];
    const struct evidence_type *their_type = &store->schema->types[item->their_type];
    struct reconciling r = {.item = item, .type = type->id, .their_type = their_type->id};
    const struct tables_part parts[] = {
        {.placeholder = "type", .name = type->id},
        {.placeholder = "column", .name = type->columns[item->column_index].name},
        {.placeholder = "their_type", .name = their_type->id},
        {.placeholder = "their_column", .name = their_type->columns[item->their_index].name},
    };
    bool done =
        tables_fill_open(&r.compare, store->connection, "reconcile_compare", sql_reconcile_compare, parts,
                         sizeof parts / sizeof parts[0], store->diagnostics) &&
        query_open(&r.exports, store->connection, "reconcile_exports", sql_reconcile_exports, store->diagnostics) &&
        query_open(&r.newest, store->connection, "reconcile_newest", sql_reconcile_newest, store->diagnostics) &&
        query_open(&r.insert, store->connection, "reconcile_insert", sql_reconcile_insert, store->diagnostics);

    /* What happened is compared as a whole: exports of events cut it by time, and not alike. */
    done = done &&
           (type->shape == TYPE_SNAPSHOT && their_type->shape == TYPE_SNAPSHOT ? reconcile_snapshots(&r)
                                                                               : compare(&r, INT64_MIN, INT64_MIN));
    done = query_close(&r.insert) && done;
    done = query_close(&r.newest) && done;
    done = query_close(&r.exports) && done;
    done = query_close(&r.compare) && done;
    return done;
}

bool load_reconcile(struct store *store) {
    const struct programme *programme = store->programme;
    bool done = true;

    for (size_t i = 0; done && i < programme->reconciliation_count; i++) {
        done = reconcile(store, &programme->reconciliations[i]);
    }
    return done;
}
