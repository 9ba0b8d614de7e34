#include "store/state.h"

#include "store/load_rows.h"
#include "store/publish.sql.h"
#include "store/tables.h"
#include "store/transaction.sql.h"
#include "store/view_batch.h"
#include "store/views.h"

#include <string.h>

#define LARGE_PAGES 16384 /* of a store: 64 MiB */

struct noting {
    struct query insert;
    int64_t position;
    const char *folder;
    struct buffer text;
};

/* A path as it stands in the programme folder, wherever the process was started. */
static const char *path_within(const char *folder, const char *path) {
    size_t length = strlen(folder);
    while (length > 0 && folder[length - 1] == '/') {
        length--;
    }
    return strncmp(path, folder, length) == 0 && path[length] == '/' ? path + length + 1 : path;
}

static bool note(void *context, const struct diagnostic_view *view) {
    struct noting *noting = context;
    struct query *insert = &noting->insert;
    if (view->place.path == NULL) {
        return true;
    }
    query_integer(insert, 1, noting->position++);
    query_text(insert, 2, path_within(noting->folder, view->place.path));
    query_integer_or_null(insert, 3, (int64_t)view->place.line, view->place.line > 0);
    query_integer_or_null(insert, 4, (int64_t)view->place.column, view->place.column > 0);
    query_integer_or_null(insert, 5, (int64_t)view->place.record, view->place.record > 0);
    query_text(insert, 6, diagnostic_level_name(diagnostic_level(view->id)));
    query_text(insert, 7, diagnostic_name(view->id));
    buffer_clear(&noting->text);
    if (view->place.member != NULL) {
        buffer_format(&noting->text, "%s: ", view->place.member);
    }
    buffer_append_text(&noting->text, view->text);
    query_buffer(insert, 8, &noting->text);
    query_integer(insert, 9, (int64_t)view->more);
    return query_run(insert);
}

bool store_note_diagnostics(struct store *store, struct diagnostics *diagnostics, const char *folder) {
    struct noting noting = {.folder = folder};
    if (!query_open(&noting.insert, store->connection, "insert_diagnostic", sql_insert_diagnostic,
                    store->diagnostics) ||
        !query_execute(store->connection, "begin", sql_begin, store->diagnostics)) {
        return query_close(&noting.insert) && false;
    }
    bool noted = diagnostics_visit(diagnostics, note, &noting);
    noted = query_close(&noting.insert) && noted;
    buffer_free(&noting.text);
    return noted && query_execute(store->connection, "commit", sql_commit, store->diagnostics);
}

/* Whether forgetting tables, after which SQLite reads all names anew, takes less time than dropping them. */
static bool is_large(struct store *store, bool *large) {
    struct query pages = {0};
    bool done = query_open(&pages, store->connection, "publish_pages", sql_publish_pages, store->diagnostics) &&
                query_step(&pages);

    *large = done && query_column_integer(&pages, 0) > LARGE_PAGES;
    return query_close(&pages) && done;
}

static bool forget_high_volume(struct store *store) {
    struct view_batch names;
    bool begun = query_execute(store->connection, "begin", sql_begin, store->diagnostics);
    bool done = view_batch_begin(&names, store->connection, store->diagnostics) && begun;

    for (size_t i = 0; done && i < store->schema->type_count; i++) {
        const struct evidence_type *type = &store->schema->types[i];
        done = !type->high_volume || view_batch_forget(&names, type->id);
    }
    done = view_batch_end(&names, true) && done;
    return done && query_execute(store->connection, "commit", sql_commit, store->diagnostics);
}

static bool drop_high_volume(struct store *store) {
    bool done = true;

    for (size_t i = 0; done && i < store->schema->type_count; i++) {
        const struct evidence_type *type = &store->schema->types[i];
        done = !type->high_volume || tables_drop(store->connection, type, store->diagnostics);
    }
    return done;
}

/* The rows of large logs stay out of the package: the evidence itself is in it. */
static bool leave_high_volume(struct store *store) {
    bool large = false;
    bool any = false;

    for (size_t i = 0; i < store->schema->type_count; i++) {
        any = any || store->schema->types[i].high_volume;
    }
    return !any || (is_large(store, &large) && (large ? forget_high_volume(store) : drop_high_volume(store)) &&
                    views_drop_broken(store->connection, store->schema, store->diagnostics));
}

static bool show_types(struct store *store) {
    const struct tables_scope scope = tables_scope(&store->options, store->programme->type_one);
    struct view_batch views;
    bool begun = query_execute(store->connection, "begin", sql_begin, store->diagnostics);
    bool shown = view_batch_begin(&views, store->connection, store->diagnostics) && begun;
    shown = shown && tables_show(&views, store->schema, &scope);
    shown = view_batch_end(&views, false) && shown;
    return shown && query_execute(store->connection, "commit", sql_commit, store->diagnostics);
}

bool store_settle(struct store *store) {
    /* A statement that is still prepared for a table would keep it from being dropped. */
    load_rows_free(store->rows);
    store->rows = NULL;
    return leave_high_volume(store) && show_types(store);
}

bool store_publish(struct store *store, const char *path) {
    struct query vacuum = {0};
    bool done = query_execute(store->connection, "publish_settings", sql_publish_settings, store->diagnostics) &&
                query_open(&vacuum, store->connection, "vacuum_into", sql_vacuum_into, store->diagnostics);
    query_text(&vacuum, 1, path);
    done = done && query_run(&vacuum);
    return query_close(&vacuum) && done;
}
