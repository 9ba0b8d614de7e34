#include "cmd/requests_files.h"
#include "cmd/requests_files.sql.h"
#include "store/query.h"
#include "write/csv_table.h"
#include "write/terminal_table.h"

#include <inttypes.h>
#include <string.h>

#define REASONS_SHOWN 3   /* of one request */
#define WIDTH_PLAIN   160 /* where there is no terminal */

static const struct terminal_column columns[] = {{"Request", false},    {"Due", false},  {"State", false},
                                                 {"Asked", false},      {"Files", true}, {"Lists", true},
                                                 {"Answered by", false}};
#define COLUMN_COUNT (sizeof columns / sizeof columns[0])

/* What is missing of one request, the first of it. */
static bool print_missing(struct command *command, sqlite3 *store, const char *id, const char *position,
                          struct buffer *out) {
    struct query query = {0};
    size_t count = 0;
    bool done = query_open(&query, store, "requests_files_missing", sql_requests_files_missing, command->diagnostics);

    query_text(&query, 1, position);
    while (done && query_step(&query)) {
        const char *about = query_column_text(&query, 1);
        if (++count > REASONS_SHOWN) {
            continue;
        }
        buffer_append_text(out, "  ");
        terminal_table_text(out, id, SIZE_MAX);
        buffer_append_text(out, ": ");
        terminal_table_text(out, query_column_text(&query, 0), SIZE_MAX);
        if (about != NULL) {
            buffer_append_text(out, " [");
            terminal_table_text(out, about, SIZE_MAX);
            buffer_append_byte(out, ']');
        }
        buffer_append_byte(out, '\n');
    }
    if (count > REASONS_SHOWN) {
        buffer_append_text(out, "  ");
        terminal_table_text(out, id, SIZE_MAX);
        buffer_format(out, ": and %zu more\n", count - REASONS_SHOWN);
    }
    return query_close(&query) && done;
}

struct table {
    const char **cells;
    size_t count;
    struct buffer missing;
};

static bool add(struct command *command, struct table *table, const char *text) {
    const char *copy = arena_text(command->arena, text != NULL ? text : "");
    const char **cell = arena_push(command->arena, &table->cells, &table->count, sizeof *cell);

    if (copy == NULL || cell == NULL) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory for the table");
        return false;
    }
    *cell = copy;
    return true;
}

static bool fill(struct command *command, sqlite3 *store, struct table *table) {
    struct query query = {0};
    bool done = query_open(&query, store, "requests_files_table", sql_requests_files_table, command->diagnostics);

    while (done && query_step(&query)) {
        const char *state = query_column_text(&query, 4);
        const char *due = query_column_text(&query, 2);
        bool late = query_column_integer(&query, 3) != 0;
        bool waiting = strcmp(state, "open") == 0 || strcmp(state, "short") == 0;
        const char *reason = query_column_text(&query, 6);
        const char *by = query_column_text(&query, 7);
        const char *position = arena_text(command->arena, query_column_text(&query, 0));
        const char *id = arena_text(command->arena, query_column_text(&query, 1));
        command->shortcomings = command->shortcomings || waiting;
        const char *shown_due = arena_format(command->arena, "%s%s", due != NULL ? due : "", late ? " late" : "");
        done = add(command, table, id) && add(command, table, shown_due) && add(command, table, state) &&
               add(command, table, query_column_text(&query, 5)) && add(command, table, query_column_text(&query, 8)) &&
               add(command, table, query_column_text(&query, 9)) && add(command, table, reason != NULL ? reason : by) &&
               (!waiting || print_missing(command, store, id, position, &table->missing));
    }
    return query_close(&query) && done;
}

static bool print_counts(struct command *command, sqlite3 *store) {
    struct query query = {0};
    bool done = query_open(&query, store, "requests_files_counts", sql_requests_files_counts, command->diagnostics);
    int64_t total = 0;
    struct buffer text = {0};

    while (done && query_step(&query)) {
        int64_t late = query_column_integer(&query, 2);
        total += query_column_integer(&query, 1);
        buffer_format(&text, "%s%" PRId64 " %s", text.length > 0 ? ", " : "", query_column_integer(&query, 1),
                      query_column_text(&query, 0));
        if (late > 0) {
            buffer_format(&text, " (%" PRId64 " late)", late);
        }
    }
    const char *counts = buffer_text(&text);
    buffer_format(&command->out, "\n%" PRId64 " request%s: %s\n", total, total == 1 ? "" : "s",
                  counts != NULL ? counts : "");
    buffer_free(&text);
    return query_close(&query) && done;
}

bool requests_files_print(struct command *command, const struct assessment *assessment, const char *list,
                          const char *target) {
    sqlite3 *store = store_connection(assessment->store);
    struct table table = {0};

    progress_close(&command->progress);
    bool done = fill(command, store, &table);
    if (done && command->options.json_diagnostics) {
        done = csv_table_json(store, "requests_files_json", sql_requests_files_json, NULL, &command->out,
                              command->diagnostics);
    } else if (done && !command->options.quiet) {
        int width = command->width > 0 ? command->width : WIDTH_PLAIN;
        done = terminal_table(columns, COLUMN_COUNT, table.cells, table.count / COLUMN_COUNT, width, command->colour,
                              &command->out) &&
               print_counts(command, store);
        if (table.missing.length > 0) {
            const char *text = buffer_text(&table.missing);
            buffer_format(
                &command->out,
                "\nMissing\n%s\nWhat answers a request, or why it does not apply, can be said under `answers:` in "
                "%s.meta.yaml.\n",
                text != NULL ? text : "", list);
        }
        buffer_format(&command->out, "\nAnswers  %s\n", target);
    }
    buffer_free(&table.missing);
    return done;
}
