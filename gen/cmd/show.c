#include "cmd/command.h"

#include "base/text.h"
#include "cmd/listing.h"
#include "cmd/show_row.h"
#include "cmd/workspace.h"

#include <string.h>

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
        if (!listing_add(command, cells, criterion->id) || !listing_add(command, cells, criterion->category) ||
            !listing_add(command, cells, criterion->title) ||
            !listing_add(command, cells, controls_of(command, schema, criterion->id))) {
            return false;
        }
    }
    return true;
}

static bool fill_controls(struct command *command, const struct schema *schema, struct text_list *cells) {
    for (size_t i = 0; i < schema->control_count; i++) {
        const struct control *control = &schema->controls[i];
        if (!listing_add(command, cells, control->id) || !listing_add(command, cells, control->title) ||
            !listing_add(command, cells, listing_join(command, &control->criteria)) ||
            !listing_add(command, cells, control->owner != NULL ? control->owner : "") ||
            !listing_add(command, cells, arena_format(command->arena, "%zu", control->test_count))) {
            return false;
        }
    }
    return true;
}

static bool fill_tests(struct command *command, const struct schema *schema, struct text_list *cells) {
    for (size_t c = 0; c < schema->control_count; c++) {
        for (size_t t = 0; t < schema->controls[c].test_count; t++) {
            const struct test *test = &schema->controls[c].tests[t];
            if (!listing_add(command, cells, test->id) || !listing_add(command, cells, test->title) ||
                !listing_add(command, cells, test->query != NULL ? schema_method_names[test->method] : "manual") ||
                !listing_add(command, cells, schema_severity_names[test->severity]) ||
                !listing_add(command, cells, arena_format(command->arena, "%zu", test->challenge_count))) {
                return false;
            }
        }
    }
    return true;
}

/* The names of the columns that a record must fill. */
static const char *required_of(struct command *command, const struct evidence_type *type) {
    struct text_list names = {0};

    for (size_t i = 0; i < type->column_count; i++) {
        if (type->columns[i].required && !listing_add(command, &names, type->columns[i].name)) {
            return NULL;
        }
    }
    return listing_join(command, &names);
}

static bool fill_types(struct command *command, const struct schema *schema, struct text_list *cells) {
    for (size_t i = 0; i < schema->type_count; i++) {
        const struct evidence_type *type = &schema->types[i];
        if (!listing_add(command, cells, type->id) || !listing_add(command, cells, type->title) ||
            !listing_add(command, cells, type->shape == TYPE_EVENT ? "event" : "snapshot") ||
            !listing_add(command, cells, required_of(command, type))) {
            return false;
        }
    }
    return true;
}

static bool fill_populations(struct command *command, const struct schema *schema, struct text_list *cells) {
    for (size_t i = 0; i < schema->population_count; i++) {
        const struct population *population = &schema->populations[i];
        struct text_list types = {0};
        for (size_t r = 0; r < population->reading.requirement_count; r++) {
            if (!listing_add(command, &types, schema->types[population->reading.requirements[r].type].id)) {
                return false;
            }
        }
        if (!listing_add(command, cells, population->id) || !listing_add(command, cells, population->title) ||
            !listing_add(command, cells, listing_join(command, &types)) ||
            !listing_add(command, cells, listing_join(command, &population->controls))) {
            return false;
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
static const struct terminal_column types_columns[] = {
    {"Type", false}, {"Title", false}, {"Shape", false}, {"Required", false}};

static const struct terminal_column populations_columns[] = {
    {"Population", false}, {"Title", false}, {"Reads", false}, {"Controls", false}};

#define COLUMNS(array) array, sizeof(array) / sizeof(array)[0]
static const struct listing listings[] = {
    {"criteria", COLUMNS(criteria_columns), fill_criteria},
    {"controls", COLUMNS(controls_columns), fill_controls},
    {"tests", COLUMNS(tests_columns), fill_tests},
    {"types", COLUMNS(types_columns), fill_types},
    {"populations", COLUMNS(populations_columns), fill_populations},
};
#define LISTING_COUNT (sizeof listings / sizeof listings[0])

bool show_command(struct command *command) {
    int64_t ref = 0;

    if (command->argument_count != 1) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, NULL,
                           "`show` wants criteria, controls, tests, types, populations, or a row such as E12.345");
        return false;
    }
    const char *what = command->arguments[0];
    for (size_t i = 0; i < LISTING_COUNT; i++) {
        if (strcmp(listings[i].name, what) == 0) {
            return listing_print(command, &listings[i]);
        }
    }
    if (show_row_reference(what, &ref)) {
        struct workspace workspace;
        return workspace_open(command, &workspace) && show_row_print(command, &workspace, ref);
    }
    const char *near = text_nearest(what, listings, LISTING_COUNT, sizeof listings[0]);
    diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, NULL,
                       "`show` does not know \"%s\"%s%s%s; it wants criteria, controls, tests, types, populations, or "
                       "a row such as E12.345",
                       what, near != NULL ? " (did you mean " : "", near != NULL ? near : "", near != NULL ? "?)" : "");
    return false;
}
