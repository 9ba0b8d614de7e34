#include "store/views.h"

#include "store/guard_state.h"
#include "store/query.h"
#include "store/tables.h"

#include <string.h>

static bool create_view(sqlite3 *connection, const struct view *view, struct diagnostics *diagnostics) {
    struct buffer sql = {0};
    buffer_append_text(&sql, "CREATE VIEW ");
    tables_name(&sql, view->id);
    buffer_append_text(&sql, " AS ");
    size_t skip = sql.length;
    buffer_append_text(&sql, view->sql);
    const char *text = tables_text(&sql, diagnostics);
    sqlite3_stmt *statement = NULL;
    const char *tail = NULL;
    bool created = false;
    if (text == NULL) {
        goto done;
    }
    /* The statement begins with CREATE VIEW whatever the file holds; what follows its end is never run. */
    if (sqlite3_prepare_v2(connection, text, -1, &statement, &tail) != SQLITE_OK ||
        sqlite3_step(statement) != SQLITE_DONE) {
        guard_state_report(connection, text, skip, &view->place, diagnostics);
        goto done;
    }
    created = true;

done:
    (void)sqlite3_finalize(statement); /* repeats an error that was reported */
    buffer_free(&sql);
    return created;
}

bool views_create(sqlite3 *connection, const struct schema *schema, struct diagnostics *diagnostics) {
    bool created = true;
    for (size_t i = 0; i < schema->view_count; i++) {
        created = create_view(connection, &schema->views[i], diagnostics) && created;
    }
    return created;
}

bool views_check(struct guard *guard, const struct schema *schema) {
    bool sound = true;
    for (size_t i = 0; i < schema->view_count; i++) {
        struct guard_query *query = guard_prepare(guard, schema->views[i].sql, &schema->views[i].place);
        sound = query != NULL && sound;
        guard_query_free(query);
    }
    return sound;
}

static bool works(sqlite3 *connection, const struct view *view, struct diagnostics *diagnostics) {
    struct buffer sql = {0};
    buffer_append_text(&sql, "SELECT * FROM ");
    tables_name(&sql, view->id);
    const char *text = tables_text(&sql, diagnostics);
    sqlite3_stmt *statement = NULL;
    bool prepared = text != NULL && sqlite3_prepare_v2(connection, text, -1, &statement, NULL) == SQLITE_OK;
    (void)sqlite3_finalize(statement); /* never stepped: nothing can fail */
    buffer_free(&sql);
    return prepared;
}

bool views_drop_broken(sqlite3 *connection, const struct schema *schema, struct diagnostics *diagnostics) {
    for (size_t i = 0; i < schema->view_count; i++) {
        if (works(connection, &schema->views[i], diagnostics)) {
            continue;
        }
        struct buffer sql = {0};
        buffer_append_text(&sql, "DROP VIEW ");
        tables_name(&sql, schema->views[i].id);
        const char *text = tables_text(&sql, diagnostics);
        bool dropped = text != NULL && query_execute(connection, "drop_view", text, diagnostics);
        buffer_free(&sql);
        if (!dropped) {
            return false;
        }
    }
    return true;
}
