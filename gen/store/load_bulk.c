#include "store/load_bulk.h"

#include "store/bulk_tree.h"
#include "store/load.h"
#include "store/load_bulk.sql.h"
#include "store/tables.h"
#include "store/transaction.sql.h"

#include <stdlib.h>

struct load_bulk {
    struct bulk_file file;
    struct bulk_tree **trees; /* by type; NULL: the file gives none of it */
    size_t type_count;
    unsigned char *room; /* for the header of the row at hand */
};

static bool out_of_memory(struct store *store) {
    diagnostics_report(store->diagnostics, DIAGNOSTIC_MEMORY, NULL, "memory ran out while loading evidence");
    return false;
}

static bool failed(struct store *store, const struct load_bulk *bulk, const char *path) {
    if (bulk->file.error == SQLITE_NOMEM) {
        return out_of_memory(store);
    }
    diagnostics_report(store->diagnostics, DIAGNOSTIC_STORE_FAILED, &(struct place){.path = path},
                       "rows cannot be written to the store: %s; check the disk's space and run again",
                       sqlite3_errstr(bulk->file.error));
    return false;
}

/* The first page of each table that the file gives rows of; 0 for the others. */
static bool find_roots(struct store *store, uint32_t *roots) {
    struct query query = {0};
    struct buffer name = {0};
    bool found = query_open(&query, store->connection, "find_root", sql_find_root, store->diagnostics);

    for (size_t i = 0; found && i < store->schema->type_count; i++) {
        if (!store->counts[i].used) {
            continue;
        }
        buffer_clear(&name);
        buffer_format(&name, TABLES_ROWS "%s", store->schema->types[i].id);
        const char *text = tables_text(&name, store->diagnostics);
        query_text(&query, 1, text);
        found = text != NULL && query_step(&query);
        roots[i] = found ? (uint32_t)query_column_integer(&query, 0) : 0;
        found = query_reset(&query) && found;
    }
    buffer_free(&name);
    return query_close(&query) && found;
}

/* Opens the tables; false where one does not take rows with refs from `first` on. */
static bool open_trees(struct load_bulk *bulk, const uint32_t *roots, int64_t first) {
    for (size_t i = 0; i < bulk->type_count; i++) {
        int64_t last;
        if (roots[i] == 0) {
            continue;
        }
        bulk->trees[i] = bulk_tree_open(&bulk->file, roots[i]);
        if (bulk->trees[i] == NULL || (bulk_tree_last(bulk->trees[i], &last) && last >= first)) {
            return false;
        }
    }
    return true;
}

static struct load_bulk *make(const struct schema *schema) {
    struct load_bulk *bulk = calloc(1, sizeof *bulk);
    size_t width = 1;

    if (bulk == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < schema->type_count; i++) {
        width = schema->types[i].column_count > width ? schema->types[i].column_count : width;
    }
    bulk->type_count = schema->type_count;
    bulk->trees = calloc(schema->type_count + 1, sizeof *bulk->trees);
    bulk->room = malloc(BULK_ROW_ROOM(width));
    if (bulk->trees == NULL || bulk->room == NULL) {
        load_bulk_free(bulk);
        return NULL;
    }
    return bulk;
}

bool load_bulk_begin(struct store *store, int64_t first, struct load_bulk **out) {
    struct load_bulk *bulk = make(store->schema);
    uint32_t *roots = calloc(store->schema->type_count + 1, sizeof *roots);
    bool done = false;

    *out = NULL;
    if (bulk == NULL || roots == NULL) {
        done = out_of_memory(store);
        goto end;
    }
    if (!find_roots(store, roots) || !query_execute(store->connection, "commit", sql_commit, store->diagnostics)) {
        goto end;
    }
    store->loading = false;
    if (bulk_file_open(&bulk->file, store->connection) && open_trees(bulk, roots, first)) {
        *out = bulk;
        bulk = NULL;
        done = true;
        goto end;
    }
    load_bulk_free(bulk);
    bulk = NULL;
    done = load_begin(store);

end:
    free(roots);
    load_bulk_free(bulk);
    return done;
}

bool load_bulk_takes(const struct store *store, const struct load_bulk *bulk, int64_t first) {
    for (size_t i = 0; i < bulk->type_count; i++) {
        int64_t last;
        if (store->counts[i].used &&
            (bulk->trees[i] == NULL || (bulk_tree_last(bulk->trees[i], &last) && last >= first))) {
            return false;
        }
    }
    return true;
}

bool load_bulk_add(struct store *store, struct load_bulk *bulk, const struct load_row *row, int64_t snapshot,
                   const char *path) {
    struct bulk_row record = {.integers = {snapshot, (int64_t)row->locator.record, (int64_t)row->locator.line,
                                           (int64_t)row->locator.offset, (int64_t)row->locator.length, row->invalid,
                                           (int64_t)row->rule},
                              .columns = row->columns,
                              .type = &store->schema->types[row->type],
                              .room = bulk->room};

    bulk_row_measure(&record);
    return bulk_tree_add(bulk->trees[row->type], row->ref, &record) || failed(store, bulk, path);
}

bool load_bulk_end(struct store *store, struct load_bulk *bulk, const char *path) {
    bool done = true;

    for (size_t i = 0; done && i < bulk->type_count; i++) {
        done = bulk->trees[i] == NULL || bulk_tree_end(bulk->trees[i]);
    }
    done = (done && bulk_file_end(&bulk->file)) || failed(store, bulk, path);
    load_bulk_free(bulk);
    return done && load_begin(store);
}

void load_bulk_free(struct load_bulk *bulk) {
    if (bulk == NULL) {
        return;
    }
    for (size_t i = 0; bulk->trees != NULL && i < bulk->type_count; i++) {
        bulk_tree_free(bulk->trees[i]);
    }
    bulk_file_close(&bulk->file);
    free(bulk->trees);
    free(bulk->room);
    free(bulk);
}
