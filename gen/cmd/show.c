#include "cmd/command.h"

#include "base/text.h"
#include "cmd/show_row.h"
#include "cmd/workspace.h"
#include "write/terminal.h"

#include <string.h>

/* One thing that `show` lists: its columns, and how the cells are made. */
struct listing {
    const char *name;
    const struct terminal_column *columns;
    size_t column_count;
    /* Appends the cells of every row, each as a text in the arena; false when memory is out. */
    bool (*fill)(struct command *command, const struct schema *schema, struct text_list *cells);
};

static bool add_cell(struct command *command, struct text_list *cells, const char *text) {
    const char **grown = cells->items;
    const char **cell = arena_push(command->arena, &grown, &cells->count, sizeof *cell);

    cells->items = grown;
    if (cell == NULL || text == NULL) {
        return false;
    }
    *cell = text;
    return true;
}

/* The ids of the controls that are mapped to a criterion, or "no control". */
static const char *controls_of(struct command *command, const struct schema *schema, const char *criterion) {
    struct buffer ids = {0};

    for (size_t c = 0; c < schema->control_count; c++) {
        const struct control *control = &schema->controls[c];
        for (size_t i = 0; i < control->criteria.count; i++) {
            if (strcmp(control->criteria.items[i], criterion) == 0) {
                buffer_format(&ids, "%s%s", ids.length > 0 ? ", " : "", control->id);
            }
        }
    }
    const char *text = buffer_text(&ids);
    const char *copy = text != NULL ? arena_text(command->arena, ids.length > 0 ? text : "no control") : NULL;
    buffer_free(&ids);
    return copy;
}

static bool fill_criteria(struct command *command, const struct schema *schema, struct text_list *cells) {
    for (size_t i = 0; i < schema->criterion_count; i++) {
        const struct criterion *criterion = &schema->criteria[i];
        if (!add_cell(command, cells, criterion->id) || !add_cell(command, cells, criterion->category) ||
            !add_cell(command, cells, criterion->title) ||
            !add_cell(command, cells, controls_of(command, schema, criterion->id))) {
            return false;
        }
    }
    return true;
}

static const char *join(struct command *command, const struct text_list *list) {
    struct buffer text = {0};

    for (size_t i = 0; i < list->count; i++) {
        buffer_format(&text, "%s%s", i > 0 ? ", " : "", list->items[i]);
    }
    const char *joined = buffer_text(&text) != NULL ? arena_text(command->arena, buffer_text(&text)) : NULL;
    buffer_free(&text);
    return joined;
}

static bool fill_controls(struct command *command, const struct schema *schema, struct text_list *cells) {
    for (size_t i = 0; i < schema->control_count; i++) {
        const struct control *control = &schema->controls[i];
        if (!add_cell(command, cells, control->id) || !add_cell(command, cells, control->title) ||
            !add_cell(command, cells, join(command, &control->criteria)) ||
            !add_cell(command, cells, control->owner != NULL ? control->owner : "") ||
            !add_cell(command, cells, arena_format(command->arena, "%zu", control->test_count))) {
            return false;
        }
    }
    return true;
}

static bool fill_tests(struct command *command, const struct schema *schema, struct text_list *cells) {
    for (size_t c = 0; c < schema->control_count; c++) {
        for (size_t t = 0; t < schema->controls[c].test_count; t++) {
            const struct test *test = &schema->controls[c].tests[t];
            if (!add_cell(command, cells, test->id) || !add_cell(command, cells, test->title) ||
                !add_cell(command, cells, test->query != NULL ? schema_method_names[test->method] : "manual") ||
                !add_cell(command, cells, schema_severity_names[test->severity]) ||
                !add_cell(command, cells, arena_format(command->arena, "%zu", test->challenge_count))) {
                return false;
            }
        }
    }
    return true;
}

static const struct terminal_column criteria_columns[] = {
    {"Criterion", false}, {"Category", false}, {"Title", false}, {"Controls", false}};
static const struct terminal_column controls_columns[] = {
    {"Control", false}, {"Title", false}, {"Criteria", false}, {"Owner", false}, {"Tests", true}};
static const struct terminal_column tests_columns[] = {
    {"Test", false}, {"Title", false}, {"Method", false}, {"Severity", false}, {"Challenges", true}};

#define COLUMNS(array) array, sizeof(array) / sizeof(array)[0]
static const struct listing listings[] = {
    {"criteria", COLUMNS(criteria_columns), fill_criteria},
    {"controls", COLUMNS(controls_columns), fill_controls},
    {"tests", COLUMNS(tests_columns), fill_tests},
};
#define LISTING_COUNT (sizeof listings / sizeof listings[0])

/* An array of objects whose keys are the columns' titles in lower case. */
static void print_json(struct buffer *out, const struct listing *listing, const struct text_list *cells) {
    buffer_append_byte(out, '[');
    for (size_t i = 0; i < cells->count; i++) {
        size_t column = i % listing->column_count;
        const char *title = listing->columns[column].title;
        buffer_append_text(out, column > 0 ? ", \"" : i > 0 ? ",\n {\"" : "\n {\"");
        for (const char *c = title; *c != '\0'; c++) {
            buffer_append_byte(out, *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c);
        }
        buffer_append_text(out, "\": ");
        text_json_string(out, cells->items[i], strlen(cells->items[i]));
        buffer_append_text(out, column + 1 == listing->column_count ? "}" : "");
    }
    buffer_append_text(out, "\n]\n");
}

static bool print_listing(struct command *command, const struct listing *listing) {
    struct workspace workspace;
    struct text_list cells = {0};

    if (!workspace_open_schema(command, &workspace)) {
        return false;
    }
    if (!listing->fill(command, workspace.schema, &cells)) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to list %s", listing->name);
        return false;
    }
    if (command->options.json_diagnostics) {
        print_json(&command->out, listing, &cells);
        return true;
    }
    return terminal_table(listing->columns, listing->column_count, cells.items, cells.count / listing->column_count,
                          command->width, command->colour, &command->out);
}

bool show_command(struct command *command) {
    int64_t ref = 0;

    if (command->argument_count != 1) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, NULL,
                           "`show` wants criteria, controls, tests, or a row such as E12.345");
        return false;
    }
    const char *what = command->arguments[0];
    for (size_t i = 0; i < LISTING_COUNT; i++) {
        if (strcmp(listings[i].name, what) == 0) {
            return print_listing(command, &listings[i]);
        }
    }
    if (show_row_reference(what, &ref)) {
        struct workspace workspace;
        return workspace_open(command, &workspace) && show_row_print(command, &workspace, ref);
    }
    const char *near = text_nearest(what, listings, LISTING_COUNT, sizeof listings[0]);
    diagnostics_report(
        command->diagnostics, DIAGNOSTIC_USAGE, NULL,
        "`show` does not know \"%s\"%s%s%s; it wants criteria, controls, tests, or a row such as E12.345", what,
        near != NULL ? " (did you mean " : "", near != NULL ? near : "", near != NULL ? "?)" : "");
    return false;
}
