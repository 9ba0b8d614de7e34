#include "cmd/explain_private.h"

#include "assess/population.h"
#include "cmd/explain.sql.h"
#include "store/guard.h"
#include "store/store.h"

#include <inttypes.h>
#include <string.h>

#define ITEMS_SHOWN 20

/* What a test found when the assessment was made. */
struct stored {
    const char *query;
    int64_t population;
    const char *digest;
    int64_t as_of;
    const char *not_published; /* a type that the test reads and whose rows the store does not hold, or NULL */
};

static bool read_stored(struct explain *explain, const char *test, struct stored *out) {
    struct query row = {0};
    struct arena *arena = explain->command->arena;
    bool done = query_open(&row, explain->store, "explain_rerun", sql_explain_rerun, explain->command->diagnostics);

    query_text(&row, 1, test);
    if (done && query_step(&row)) {
        const char *query = query_column_text(&row, 0);
        const char *type = query_column_text(&row, 4);
        *out = (struct stored){.query = query != NULL ? arena_text(arena, query) : NULL,
                               .population = query_column_integer(&row, 1),
                               .digest = arena_text(arena, query_column_text(&row, 2)),
                               .as_of = query_column_integer(&row, 3),
                               .not_published = type != NULL ? arena_text(arena, type) : NULL};
    }
    return query_close(&row) && done;
}

/* As the store says, not as the programme says today. */
static bool bind_stored(struct explain *explain, const char *test, struct guard_query *query) {
    struct query row = {0};
    bool done =
        query_open(&row, explain->store, "explain_bindings", sql_explain_bindings, explain->command->diagnostics);

    query_text(&row, 1, test);
    while (done && query_step(&row)) {
        struct value value = {.kind = VALUE_NULL};
        switch (sqlite3_column_type(row.statement, 1)) {
        case SQLITE_INTEGER:
            value = (struct value){.kind = VALUE_INTEGER, .integer = query_column_integer(&row, 1)};
            break;
        case SQLITE_FLOAT:
            value = (struct value){.kind = VALUE_REAL, .real = query_column_real(&row, 1)};
            break;
        case SQLITE_TEXT:
            value.kind = VALUE_TEXT;
            value.text.bytes = query_column_text(&row, 1);
            value.text.length = strlen(value.text.bytes);
            break;
        default:
            break;
        }
        done = guard_bind(query, query_column_text(&row, 0), &value);
    }
    return query_close(&row) && done;
}

/* One item: its text, and where its record stands. */
static bool print_item(struct explain *explain, const char *item, bool has_ref, int64_t ref, const char *state) {
    struct command *command = explain->command;
    struct explain_page *page = &explain->page;
    struct retrieved record;
    bool found = false;

    if (has_ref && !retrieve_find(command, &explain->workspace, explain->store, ref, &record, &found)) {
        return false;
    }
    const char *name =
        has_ref ? arena_format(command->arena, "E%" PRId64 ".%" PRId64, STORE_REF_EVIDENCE(ref), STORE_REF_ORDINAL(ref))
                : NULL;
    const char *where = found ? arena_format(command->arena, "%s:%" PRId64, record.path, record.line) : "";
    explain_page_item(page, arena_format(command->arena, "%s  %s%s%s%s%s%s", item, name != NULL ? name : "no record",
                                         found ? " " : "", where, *state != '\0' ? " (" : "", state,
                                         *state != '\0' ? ")" : ""));
    explain_page_silent(page, "item", item);
    explain_page_silent(page, "ref", name);
    explain_page_silent(page, "path", found ? record.path : NULL);
    if (page->json) {
        explain_page_integer(page, "line", found ? record.line : 0);
    }
    explain_page_silent(page, "state", *state != '\0' ? state : NULL);
    explain_page_item_end(page);
    return true;
}

/* Steps through all of the query's rows, printing the first ones where they are wanted. */
static bool step_items(struct explain *explain, struct guard_query *query, bool list, struct digest_sum *digest,
                       int64_t *count) {
    bool all = explain->command->options.all || explain->page.json;
    int columns[] = {guard_column(query, "item"), guard_column(query, "ref"), guard_column(query, "exception"),
                     guard_column(query, "undetermined")};
    struct buffer scratch = {0};
    bool done = true;

    for (*count = 0; done; ++*count) {
        enum guard_step step = guard_step(query);
        if (step != GUARD_ROW) {
            done = step == GUARD_DONE;
            break;
        }
        const char *item = guard_text(query, columns[0]) != NULL ? guard_text(query, columns[0]) : "";
        bool has_ref = !guard_is_null(query, columns[1]);
        int64_t ref = guard_integer(query, columns[1]);
        const char *state = !guard_is_null(query, columns[2])                      ? "exception"
                            : columns[3] >= 0 && !guard_is_null(query, columns[3]) ? "undetermined"
                                                                                   : "";
        done = population_digest(digest, NULL, &scratch, item, has_ref, ref);
        if (done && list && (all || *count < ITEMS_SHOWN)) {
            done = print_item(explain, item, has_ref, ref, state);
        }
    }
    buffer_free(&scratch);
    return done;
}

static void compare(struct explain *explain, const char *test, const struct stored *stored,
                    const struct digest_sum *digest, int64_t count) {
    char hex[DIGEST_HEX_BYTES];
    bool same = false;

    digest_hex(digest->bytes, hex);
    same = count == stored->population && strcmp(hex, stored->digest) == 0;
    if (!same) {
        diagnostics_report(
            explain->command->diagnostics, DIAGNOSTIC_FIGURE_CHANGED, &(struct place){.path = explain->path},
            "test %s, run again on the rows of this assessment, does not give the population that is stored; "
            "somebody altered the file, or another version made it: run `tickmark run` again",
            test);
    }
    explain_page_text(&explain->page, "run_again",
                      arena_format(explain->command->arena, "on the rows of the assessment: %" PRId64 " items, %s%s",
                                   count, same ? "the same digest" : "and not the digest that was stored, but ",
                                   same ? "" : hex));
}

bool explain_population(struct explain *explain, const char *test, bool list) {
    struct command *command = explain->command;
    const struct place place = {.path = explain->path};
    struct stored stored = {0};
    struct guard *guard = NULL;
    struct guard_query *query = NULL;
    struct digest_sum digest = {0};
    int64_t count = 0;
    bool done = false;

    if (!read_stored(explain, test, &stored)) {
        return false;
    }
    if (stored.query == NULL) {
        return true; /* a person makes it */
    }
    if (stored.not_published != NULL) {
        explain_page_text(&explain->page, "run_again",
                          arena_format(command->arena,
                                       "no: the rows of %s are in the evidence alone; `tickmark run` tests them again",
                                       stored.not_published));
        return true;
    }
    guard = guard_open(explain->path, stored.as_of, command->diagnostics);
    query = guard != NULL ? guard_prepare(guard, stored.query, &place) : NULL;
    if (query == NULL || !bind_stored(explain, test, query)) {
        goto end;
    }
    if (list) {
        explain_page_open(&explain->page, "items", "Items", true);
    }
    done = step_items(explain, query, list, &digest, &count);
    if (list) {
        if (done && !command->options.all && !explain->page.json && count > ITEMS_SHOWN) {
            explain_page_say(&explain->page, arena_format(command->arena, "and %" PRId64 " more; --all lists them",
                                                          count - ITEMS_SHOWN));
        }
        explain_page_close(&explain->page);
    }
    if (done) {
        compare(explain, test, &stored, &digest, count);
    }

end:
    guard_query_free(query);
    guard_free(guard);
    return done;
}
