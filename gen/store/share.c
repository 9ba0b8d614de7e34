#include "store/share.h"

#include "base/limits.h"
#include "store/guard_state.h"
#include "store/query.h"
#include "store/share.sql.h"
#include "store/share_choice.h"
#include "store/tables_fill.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct share {
    const struct schema *schema;
    struct share_choice choice;
    struct arena *arena;
    const char *path;
    struct guard_stand_in *kept;
    size_t kept_count;
    bool *is_kept; /* by view */
};

static bool attach(const struct share *share, struct guard *guard, struct diagnostics *diagnostics) {
    struct query query = {0};
    sqlite3_limit(guard->connection, SQLITE_LIMIT_ATTACHED, 1);
    bool attached = query_open(&query, guard->connection, "share_attach", sql_share_attach, diagnostics);
    query_text(&query, 1, share->path);
    attached = attached && query_run(&query);
    attached = query_close(&query) && attached;
    sqlite3_limit(guard->connection, SQLITE_LIMIT_ATTACHED, 0);
    return attached && query_execute(guard->connection, "share_open", sql_share_open, diagnostics);
}

/* Makes a view of the connection's own, or a table, of a view of the schema. */
static bool fill(struct buffer *out, const char *template, const struct view *view, bool with_select,
                 struct diagnostics *diagnostics) {
    const struct tables_part parts[] = {{.placeholder = "view", .name = view->id},
                                        {.placeholder = "select", .text = view->sql}};
    return tables_fill(out, template, parts, with_select ? 2 : 1, diagnostics);
}

/* The view's own text once more, or its table, in front of the store's view. */
static bool show(struct guard *guard, const struct view *view, bool kept, struct diagnostics *diagnostics) {
    struct buffer sql = {0};
    bool shown = fill(&sql, kept ? sql_share_show : sql_share_redirect, view, !kept, diagnostics) &&
                 query_execute(guard->connection, "share_show", buffer_text(&sql), diagnostics);
    buffer_free(&sql);
    return shown;
}

/* What stands for a view that is kept as a table now; NULL when memory is out. */
static struct guard_stand_in *note_kept(struct share *share, const struct view *view, const struct guard_query *query) {
    struct guard_stand_in *stand_in = arena_push(share->arena, &share->kept, &share->kept_count, sizeof *share->kept);
    size_t count = 0;
    const struct guard_read *reads = guard_reads(query, &count);
    struct guard_read *copies = arena_array(share->arena, count + 1, sizeof *copies);
    bool copied = stand_in != NULL && copies != NULL;
    for (size_t i = 0; copied && i < count; i++) {
        copies[i].table = arena_text(share->arena, reads[i].table);
        copies[i].column = arena_text(share->arena, reads[i].column);
        copied = copies[i].table != NULL && copies[i].column != NULL;
    }
    if (copied) {
        *stand_in = (struct guard_stand_in){view->id, copies, count};
    }
    return copied ? stand_in : NULL;
}

/* Keeps a view, or leaves it as it is where that goes beyond a bound: what its readers meet, they report. */
static bool keep(struct share *share, struct guard *guard, size_t index, struct diagnostics *diagnostics) {
    const struct view *view = &share->schema->views[index];
    struct diagnostics *aside = diagnostics_new();
    struct buffer sql = {0};
    bool done = aside != NULL && fill(&sql, sql_share_keep, view, true, diagnostics);
    if (!done) {
        goto end;
    }
    guard->diagnostics = aside;
    guard->rules.engine = false;
    struct guard_query *query = guard_prepare(guard, view->sql, &view->place);
    share->is_kept[index] = query != NULL && guard_keep(query, buffer_text(&sql));
    guard->rules.engine = true;
    guard->diagnostics = diagnostics;
    if (share->is_kept[index]) {
        done = note_kept(share, view, query) != NULL;
        guard->rules.stand_ins = share->kept;
        guard->rules.stand_in_count = share->kept_count;
    }
    guard_query_free(query);

end:
    buffer_free(&sql);
    diagnostics_free(aside);
    if (!done) {
        diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, &view->place, "no memory to share what the view gives");
    }
    return done && show(guard, view, share->is_kept[index], diagnostics);
}

static bool keep_all(struct share *share, struct guard *guard, const atomic_bool *stop,
                     struct diagnostics *diagnostics) {
    const struct schema *schema = share->schema;
    bool *chosen = calloc(schema->view_count + 1, sizeof *chosen);
    bool done = chosen != NULL;

    for (size_t i = 0; done && i < share->choice.count; i++) {
        chosen[share->choice.order[i]] = true;
    }
    for (size_t v = 0; done && v < schema->view_count; v++) {
        done = !share->choice.concerned[v] || chosen[v] || show(guard, &schema->views[v], false, diagnostics);
    }
    for (size_t i = 0; done && i < share->choice.count && !(stop != NULL && atomic_load(stop)); i++) {
        done = keep(share, guard, share->choice.order[i], diagnostics);
    }
    free(chosen);
    return done;
}

struct share *share_new(const struct schema *schema, struct diagnostics *diagnostics) {
    struct share *share = calloc(1, sizeof *share);
    if (share == NULL) {
        goto no_memory;
    }
    share->schema = schema;
    share->arena = arena_new();
    if (share->arena == NULL) {
        goto no_memory;
    }
    share->is_kept = arena_array(share->arena, schema->view_count + 1, sizeof *share->is_kept);
    if (share->is_kept == NULL) {
        goto no_memory;
    }
    if (!share_choice_make(schema, &share->choice, diagnostics)) {
        goto failed;
    }
    return share;

no_memory:
    diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to share what the views give");
failed:
    share_free(share);
    return NULL;
}

bool share_concerns(const struct share *share, const char *sql) {
    return share_choice_concerns(&share->choice, share->schema, sql);
}

bool share_make(struct share *share, const char *store_path, int64_t as_of, const atomic_bool *stop,
                struct diagnostics *diagnostics) {
    if (share->choice.count == 0) {
        return true;
    }
    share->path = arena_format(share->arena, "%s.shared", store_path);
    if (share->path == NULL) {
        diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to share what the views give");
        return false;
    }
    (void)unlink(share->path); /* what a run that was ended has left */
    struct guard *guard = guard_state_open(GUARD_ADDS, store_path, as_of, LIMIT_SQL_STEPS, diagnostics);
    if (guard == NULL) {
        return false;
    }
    guard_state_measure(guard);
    guard_heed(guard, stop);
    struct memory_account *before = memory_enter(&guard->account);
    guard->rules.engine = true;
    bool made = attach(share, guard, diagnostics) &&
                query_execute(guard->connection, "share_settings", sql_share_settings, diagnostics) &&
                keep_all(share, guard, stop, diagnostics);
    guard->rules.engine = false;
    memory_leave(before);
    guard_free(guard);
    return made;
}

bool share_join(const struct share *share, struct guard *guard) {
    if (share->kept_count == 0) {
        return true;
    }
    struct diagnostics *diagnostics = guard->diagnostics;
    struct memory_account *before = memory_enter(&guard->account);
    guard->rules.engine = true;
    bool joined = attach(share, guard, diagnostics);
    for (size_t v = 0; joined && v < share->schema->view_count; v++) {
        joined = !share->choice.concerned[v] || show(guard, &share->schema->views[v], share->is_kept[v], diagnostics);
    }
    joined = joined && query_execute(guard->connection, "share_close", sql_share_close, diagnostics);
    guard->rules.engine = false;
    guard->rules.stand_ins = share->kept;
    guard->rules.stand_in_count = share->kept_count;
    memory_leave(before);
    return joined;
}

void share_free(struct share *share) {
    if (share == NULL) {
        return;
    }
    if (share->path != NULL) {
        (void)unlink(share->path); /* it need not be there, and its folder is thrown away with it */
    }
    share_choice_free(&share->choice);
    arena_free(share->arena);
    free(share);
}
