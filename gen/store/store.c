#include "store/store.h"

#include "base/limits.h"
#include "base/path.h"
#include "store/calendar.h"
#include "store/describe.h"
#include "store/functions.h"
#include "store/load_expression.h"
#include "store/load_rows.h"
#include "store/load_write.h"
#include "store/query.h"
#include "store/state.h"
#include "store/store.sql.h"
#include "store/tables.h"
#include "store/transaction.sql.h"
#include "store/views.h"

#include <stdlib.h>
#include <string.h>

static bool open_connection(struct store *store) {
    store->clock = clock_open(store->options.as_of, store->path);
    if (store->clock == NULL) {
        diagnostics_report(store->diagnostics, DIAGNOSTIC_MEMORY, NULL, "memory ran out while making the store");
        return false;
    }
    if (sqlite3_open_v2(store->path, &store->connection,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_EXCLUSIVE | SQLITE_OPEN_NOMUTEX,
                        clock_name(store->clock)) != SQLITE_OK) {
        diagnostics_report(store->diagnostics, query_failure(store->connection), &(struct place){.path = store->path},
                           "the store cannot be created: %s",
                           store->connection == NULL ? "memory ran out" : sqlite3_errmsg(store->connection));
        return false;
    }
    int off = 0;
    if (sqlite3_busy_timeout(store->connection, LIMIT_SQL_WAIT) != SQLITE_OK ||
        sqlite3_db_config(store->connection, SQLITE_DBCONFIG_DQS_DML, off, (int *)NULL) != SQLITE_OK ||
        sqlite3_db_config(store->connection, SQLITE_DBCONFIG_DQS_DDL, off, (int *)NULL) != SQLITE_OK ||
        sqlite3_db_config(store->connection, SQLITE_DBCONFIG_TRUSTED_SCHEMA, off, (int *)NULL) != SQLITE_OK ||
        !functions_register(store->connection)) {
        diagnostics_report(store->diagnostics, query_failure(store->connection), &(struct place){.path = store->path},
                           "the store cannot be set up: %s", sqlite3_errmsg(store->connection));
        return false;
    }
    return query_execute(store->connection, "store_settings", sql_store_settings, store->diagnostics);
}

static bool fill(struct store *store) {
    const struct describe describe = {.connection = store->connection,
                                      .schema = store->schema,
                                      .programme = store->programme,
                                      .options = &store->options,
                                      .diagnostics = store->diagnostics};
    const struct tables_scope scope = tables_scope(&store->options, store->programme->type_one);
    return query_execute(store->connection, "begin", sql_begin, store->diagnostics) &&
           tables_create(store->connection, store->schema, store->diagnostics) && describe_schema(&describe) &&
           describe_programme(&describe) &&
           calendar_fill(store->connection, &store->options.span, &store->programme->holidays, store->diagnostics) &&
           views_create(store->connection, store->schema, &scope, store->diagnostics) &&
           query_execute(store->connection, "commit", sql_commit, store->diagnostics);
}

static char *folder_of(const char *path) {
    const char *name = path_name(path);
    return name == path ? strdup(".") : strndup(path, (size_t)(name - path));
}

struct store *store_create(const char *path, const struct schema *schema, const struct programme *programme,
                           const struct store_options *options, struct diagnostics *diagnostics) {
    struct store *store = calloc(1, sizeof *store);
    if (store == NULL) {
        diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "memory ran out while making the store");
        return NULL;
    }
    store->schema = schema;
    store->programme = programme;
    store->options = *options;
    store->diagnostics = diagnostics;
    store->path = strdup(path);
    store->expressions = load_expression_new(schema, options->as_of, diagnostics);
    store->counts = calloc(schema->type_count + 1, sizeof *store->counts);
    store->keys = calloc(schema->type_count + 1, sizeof *store->keys);
    store->lacking = calloc(schema->type_count + 1, sizeof *store->lacking);
    store->folder = folder_of(path);
    if (store->expressions == NULL) {
        goto failed;
    }
    if (store->path == NULL || store->counts == NULL || store->keys == NULL || store->lacking == NULL ||
        store->folder == NULL) {
        diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "memory ran out while making the store");
        goto failed;
    }
    if (!open_connection(store) || !fill(store)) {
        goto failed;
    }
    return store;

failed:
    store_free(store);
    return NULL;
}

void store_free(struct store *store) {
    if (store == NULL) {
        return;
    }
    load_expression_free(store->expressions);
    (void)query_close(&store->insert_evidence);
    (void)query_close(&store->insert_evidence_type);
    (void)query_close(&store->insert_snapshot);
    load_rows_free(store->rows);
    load_write_free(store->kept);
    for (size_t i = 0; store->keys != NULL && i < store->schema->type_count; i++) {
        hash_set_free(store->keys[i].hashes);
    }
    free(store->keys);
    free(store->lacking);
    free(store->silence.marks);
    free(store->folder);
    free(store->counts);
    (void)sqlite3_close(store->connection); /* its statements are closed: nothing is left that could fail */
    clock_free(store->clock);
    free(store->shown_prefix);
    free(store->path);
    free(store);
}

sqlite3 *store_connection(struct store *store) {
    return store->connection;
}

const struct store_options *store_options(const struct store *store) {
    return &store->options;
}

const char *store_folder(const struct store *store) {
    return store->folder;
}

bool store_may_lack(const struct store *store, size_t type, size_t column) {
    return (store->lacking[type] & STATE_COLUMN(column)) != 0;
}
