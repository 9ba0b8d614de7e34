#include "cmd/command.h"

#include "base/statement.h"
#include "base/text.h"
#include "cmd/explain.sql.h"
#include "cmd/explain_private.h"
#include "cmd/report.h"
#include "store/functions.h"

#include <string.h>

/* Everything in the assessment that has a name. */
struct names {
    struct name {
        const char *id;
        const char *sort;
    } * items;
    size_t count;
};

static bool read_names(struct explain *explain, struct names *names) {
    struct command *command = explain->command;
    struct query row = {0};
    bool done = query_open(&row, explain->store, "explain_names", sql_explain_names, command->diagnostics);

    while (done && query_step(&row)) {
        struct name *name = arena_push(command->arena, &names->items, &names->count, sizeof *name);
        if (name != NULL) {
            name->id = arena_text(command->arena, query_column_text(&row, 0));
            name->sort = arena_text(command->arena, query_column_text(&row, 1));
        }
        if (name == NULL || name->id == NULL || name->sort == NULL) {
            diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory for what can be explained");
            done = false;
        }
    }
    return query_close(&row) && done;
}

static const struct explain_sort *find_sort(const char *name) {
    for (const struct explain_sort *sort = explain_sorts; sort->name != NULL; sort++) {
        if (strcmp(sort->name, name) == 0) {
            return sort;
        }
    }
    return NULL;
}

static bool report_unknown(struct explain *explain, const struct names *names, const char *wanted) {
    const char *near = text_nearest(wanted, names->items, names->count, sizeof *names->items);

    diagnostics_report(
        explain->command->diagnostics, DIAGNOSTIC_USAGE, &(struct place){.path = explain->path},
        "nothing is called \"%.200s\"%s%s%s; it wants a control, a test, a finding (F-...), a figure's id, a "
        "criterion, or TEST:population, TEST:exceptions or TEST:undetermined%s",
        wanted, near != NULL ? " (did you mean " : "", near != NULL ? near : "", near != NULL ? "?)" : "",
        *wanted == 'E' && strchr(wanted, '.') != NULL ? "; a row is shown by `tickmark show`" : "");
    return false;
}

/* What is explained: a name and its sort. An exact name counts; one in another case where it is the only one. */
static const struct name *find_name(const struct names *names, const char *wanted) {
    const struct name *found = NULL;

    for (size_t i = 0; i < names->count; i++) {
        if (strcmp(names->items[i].id, wanted) == 0) {
            return &names->items[i];
        }
    }
    for (size_t i = 0; i < names->count; i++) {
        if (strcasecmp(names->items[i].id, wanted) == 0) {
            if (found != NULL) {
                return NULL;
            }
            found = &names->items[i];
        }
    }
    return found;
}

static bool print(struct explain *explain, const struct name *name) {
    struct command *command = explain->command;
    const struct explain_sort *sort = find_sort(name->sort);
    size_t length = strlen(name->id);
    size_t aspect = strlen(name->sort);
    const char *id = name->id;

    /* "CC6.1-01.1:population" is of the test before the colon. */
    if (length > aspect + 1 && id[length - aspect - 1] == ':') {
        id = arena_copy(command->arena, id, length - aspect - 1);
    }
    if (sort == NULL || id == NULL) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to explain %s", name->id);
        return false;
    }
    explain_page_begin(&explain->page, &command->out, command->options.json_diagnostics);
    explain_page_silent(&explain->page, "explains", name->id);
    explain_page_silent(&explain->page, "sort", name->sort);
    struct explain_section head = explain_head[0];
    head.second = explain->path;
    const struct explain_section heads[] = {head, {.key = NULL}};
    bool done = explain_sections(explain, heads, id) && explain_sections(explain, sort->sections, id);
    explain_page_say(&explain->page, "");
    explain_page_say(&explain->page, STATEMENT ".");
    explain_page_silent(&explain->page, "statement", STATEMENT);
    explain_page_end(&explain->page);
    return done;
}

static bool work(struct explain *explain) {
    struct command *command = explain->command;
    struct names names = {0};

    if (!workspace_open_used(command, &explain->workspace) ||
        !workspace_choose_period(command, &explain->workspace, &explain->period)) {
        return false;
    }
    explain->store = report_open_last(command, &explain->workspace, &explain->period, &explain->path);
    explain->files = retrieve_files_new(command);
    if (explain->store == NULL || explain->files == NULL) {
        return false;
    }
    if (!functions_register(explain->store)) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to open the assessment");
        return false;
    }
    if (!read_names(explain, &names)) {
        return false;
    }
    const char *wanted = command->arguments[0];
    const struct name *name = find_name(&names, wanted);
    return name != NULL ? print(explain, name) : report_unknown(explain, &names, wanted);
}

bool explain_command(struct command *command) {
    struct explain explain = {.command = command};

    if (command->argument_count != 1) {
        diagnostics_report(
            command->diagnostics, DIAGNOSTIC_USAGE, NULL,
            "`explain` wants one name: a control, a test, a finding (F-...), a figure's id, a criterion, "
            "or TEST:population");
        return false;
    }
    bool done = work(&explain);
    retrieve_files_free(explain.files);
    sqlite3_close(explain.store);
    return done;
}
