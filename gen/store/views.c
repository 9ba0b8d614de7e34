#include "store/views.h"

#include "store/guard_state.h"
#include "store/query.h"
#include "store/tables_fill.h"
#include "store/view_batch.h"
#include "store/views.sql.h"

#include <stdlib.h>
#include <string.h>

/* The length without blanks at the end. */
static size_t trimmed(const char *text, size_t length) {
    while (length > 0 && strchr(" \t\r\n\f", text[length - 1]) != NULL) {
        length--;
    }
    return length;
}

/* Leaves what SQLite would keep of a statement that ends at `length`: no semicolon at its end, and no blanks. */
static void cut(struct buffer *sql, size_t length) {
    length = trimmed(sql->data, length);
    if (length > 0 && sql->data[length - 1] == ';') {
        length = trimmed(sql->data, length - 1);
    }
    sql->length = length;
    sql->data[length] = '\0';
}

static bool create_view(struct view_batch *views, const struct view *view) {
    const struct tables_part parts[] = {{.placeholder = "view", .name = view->id},
                                        {.placeholder = "select", .text = view->sql}};
    struct buffer sql = {0};
    sqlite3_stmt *statement = NULL;
    const char *tail = NULL;
    bool created = false;
    if (!tables_fill(&sql, sql_create_written_view, parts, sizeof parts / sizeof parts[0], views->diagnostics)) {
        goto done;
    }
    /* The statement begins with CREATE VIEW whatever the file holds; what follows its end is never run. */
    if (sqlite3_prepare_v2(views->connection, buffer_text(&sql), -1, &statement, &tail) != SQLITE_OK) {
        guard_state_report(views->connection, buffer_text(&sql), sql.length - strlen(view->sql), &view->place,
                           views->diagnostics);
        goto done;
    }
    cut(&sql, (size_t)(tail - buffer_text(&sql)));
    created = view_batch_add(views, view->id, buffer_text(&sql));

done:
    (void)sqlite3_finalize(statement); /* never stepped: nothing can fail */
    buffer_free(&sql);
    return created;
}

static bool create_written(struct view_batch *views, const struct schema *schema) {
    bool created = true;
    for (size_t i = 0; i < schema->view_count; i++) {
        created = create_view(views, &schema->views[i]) && created;
    }
    return created;
}

bool views_create(sqlite3 *connection, const struct schema *schema, const struct tables_scope *scope,
                  struct diagnostics *diagnostics) {
    struct view_batch views;
    bool created = view_batch_begin(&views, connection, diagnostics) && tables_views(&views, schema, scope) &&
                   create_written(&views, schema);
    return view_batch_end(&views, true) && created;
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

/* Whether a view's text has the name of a type of high volume, or of another view that may read one. */
static bool may_read_dropped(const struct schema *schema, const struct view *view, const bool *suspect) {
    for (size_t i = 0; i < schema->type_count; i++) {
        if (schema->types[i].high_volume && strcasestr(view->sql, schema->types[i].id) != NULL) {
            return true;
        }
    }
    for (size_t i = 0; i < schema->view_count; i++) {
        if (suspect[i] && strcasestr(view->sql, schema->views[i].id) != NULL) {
            return true;
        }
    }
    return false;
}

/* Marks the views that have to be tried; most have nothing to do with a dropped table, and trying one takes its time.
 */
static void find_suspects(const struct schema *schema, bool *suspect) {
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < schema->view_count; i++) {
            if (!suspect[i] && may_read_dropped(schema, &schema->views[i], suspect)) {
                suspect[i] = true;
                more = true;
            }
        }
    }
}

static bool drop_view(sqlite3 *connection, const struct view *view, struct diagnostics *diagnostics) {
    struct buffer sql = {0};
    bool dropped = tables_fill_name(&sql, sql_drop_written_view, "view", view->id, diagnostics) &&
                   query_execute(connection, "drop_view", buffer_text(&sql), diagnostics);
    buffer_free(&sql);
    return dropped;
}

bool views_drop_broken(sqlite3 *connection, const struct schema *schema, struct diagnostics *diagnostics) {
    bool *suspect = calloc(schema->view_count + 1, sizeof *suspect);
    bool done = suspect != NULL;
    if (done) {
        find_suspects(schema, suspect);
    } else {
        diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "memory ran out while looking for broken views");
    }
    for (size_t i = 0; done && i < schema->view_count; i++) {
        done = !suspect[i] || works(connection, &schema->views[i], diagnostics) ||
               drop_view(connection, &schema->views[i], diagnostics);
    }
    free(suspect);
    return done;
}
