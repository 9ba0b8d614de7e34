#include "store/views.h"

#include "store/guard_state.h"
#include "store/query.h"
#include "store/tables_fill.h"
#include "store/views.sql.h"

#include <string.h>

static bool create_view(sqlite3 *connection, const struct view *view, struct diagnostics *diagnostics) {
    const struct tables_part parts[] = {{.placeholder = "view", .name = view->id},
                                        {.placeholder = "select", .text = view->sql}};
    struct buffer sql = {0};
    sqlite3_stmt *statement = NULL;
    const char *tail = NULL;
    bool created = false;
    if (!tables_fill(&sql, sql_create_written_view, parts, sizeof parts / sizeof parts[0], diagnostics)) {
        goto done;
    }
    /* The statement begins with CREATE VIEW whatever the file holds; what follows its end is never run. */
    if (sqlite3_prepare_v2(connection, buffer_text(&sql), -1, &statement, &tail) != SQLITE_OK ||
        sqlite3_step(statement) != SQLITE_DONE) {
        guard_state_report(connection, buffer_text(&sql), sql.length - strlen(view->sql), &view->place, diagnostics);
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
    sqlite3_stmt *statement = NULL;
    bool prepared = tables_fill_name(&sql, sql_try_written_view, "view", view->id, diagnostics) &&
                    sqlite3_prepare_v2(connection, buffer_text(&sql), -1, &statement, NULL) == SQLITE_OK;
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
        bool dropped = tables_fill_name(&sql, sql_drop_written_view, "view", schema->views[i].id, diagnostics) &&
                       query_execute(connection, "drop_view", buffer_text(&sql), diagnostics);
        buffer_free(&sql);
        if (!dropped) {
            return false;
        }
    }
    return true;
}
