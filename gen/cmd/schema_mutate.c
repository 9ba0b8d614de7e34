#include "cmd/schema_mutate.h"

#include "assess/mutation.h"
#include "base/text.h"
#include "write/terminal_table.h"

#include <string.h>

/* The control or test that comes nearest to a name, for "did you mean". */
static const char *nearest(const struct schema *schema, const char *name) {
    const char *near = NULL;

    for (size_t c = 0; c < schema->control_count && near == NULL; c++) {
        near = text_nearest(name, schema->controls[c].tests, schema->controls[c].test_count,
                            sizeof *schema->controls[c].tests);
    }
    return near != NULL ? near : text_nearest(name, schema->controls, schema->control_count, sizeof *schema->controls);
}

static bool is_known(const struct schema *schema, const char *name) {
    for (size_t c = 0; c < schema->control_count; c++) {
        const struct control *control = &schema->controls[c];
        for (size_t t = 0; t < control->test_count; t++) {
            if (control->tests[t].query != NULL &&
                (strcmp(control->id, name) == 0 || strcmp(control->tests[t].id, name) == 0)) {
                return true;
            }
        }
    }
    return false;
}

static bool check_names(struct command *command, const struct schema *schema) {
    bool known = true;

    for (size_t i = 1; i < command->argument_count; i++) {
        const char *name = command->arguments[i];
        if (!is_known(schema, name)) {
            const char *near = nearest(schema, name);
            diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, NULL,
                               "no test with a query is called \"%.200s\", nor a control that has one%s%s%s", name,
                               near != NULL ? " (did you mean " : "", near != NULL ? near : "",
                               near != NULL ? "?)" : "");
            known = false;
        }
    }
    return known;
}

static void print_json_test(struct command *command, const struct mutation_result *result, bool first) {
    struct buffer *out = &command->out;

    buffer_format(out,
                  "%s\n {\"id\": \"%s\", \"mutants\": %zu, \"caught\": %zu, \"left\": %zu, \"unnoticed\": %zu, "
                  "\"columns\": [",
                  first ? "" : ",", result->test, result->mutants, result->caught, result->left,
                  result->mutants - result->caught - result->left);
    for (size_t i = 0; i < result->column_count; i++) {
        const struct mutation_column *column = &result->columns[i];
        buffer_format(out, "%s\n  {\"type\": \"%s\", \"column\": ", i > 0 ? "," : "", column->type);
        if (column->name != NULL) {
            text_json_string(out, column->name, strlen(column->name));
        } else {
            buffer_append_text(out, "null");
        }
        buffer_format(out, ", \"mutants\": %zu, \"caught\": %zu, \"left\": %zu, \"judged\": %s, \"named\": %s}",
                      column->mutants, column->caught, column->left, column->judged ? "true" : "false",
                      column->named ? "true" : "false");
    }
    buffer_append_text(out, "],\n  \"examples\": [");
    for (size_t i = 0; i < result->unnoticed.count; i++) {
        buffer_append_text(out, i > 0 ? ",\n   " : "\n   ");
        text_json_string(out, result->unnoticed.items[i], strlen(result->unnoticed.items[i]));
    }
    buffer_append_text(out, "]}");
}

#define COLUMNS 7
static const struct terminal_column columns[COLUMNS] = {{"Test", false},
                                                        {"Mutants", true},
                                                        {"Caught", true},
                                                        {"Share", true},
                                                        {"Left", true},
                                                        {"Unnoticed", true},
                                                        {"Read, and never judged", false}};

static const char *count_text(struct command *command, size_t count) {
    return arena_format(command->arena, "%zu", count);
}

static bool print_table(struct command *command, const struct mutation_results *results) {
    const char **cells = arena_array(command->arena, results->count * COLUMNS + 1, sizeof *cells);
    bool filled = cells != NULL;

    for (size_t i = 0; filled && i < results->count; i++) {
        const struct mutation_result *result = &results->items[i];
        const char **row = &cells[i * COLUMNS];
        row[0] = result->test;
        row[1] = count_text(command, result->mutants);
        row[2] = count_text(command, result->caught);
        row[3] = result->mutants > 0 ? arena_format(command->arena, "%zu %%",
                                                    (100 * result->caught + result->mutants / 2) / result->mutants)
                                     : "";
        row[4] = count_text(command, result->left);
        row[5] = count_text(command, result->mutants - result->caught - result->left);
        row[6] = mutation_unjudged_text(command->arena, result);
        for (size_t c = 0; c < COLUMNS; c++) {
            filled = filled && row[c] != NULL;
        }
    }
    return filled &&
           terminal_table(columns, COLUMNS, cells, results->count, command->width, command->colour, &command->out);
}

static bool print_text(struct command *command, const struct mutation_results *results) {
    size_t mutants = 0;
    size_t caught = 0;
    size_t left = 0;

    if (!print_table(command, results)) {
        return false;
    }
    for (size_t i = 0; i < results->count; i++) {
        const struct mutation_result *result = &results->items[i];
        mutants += result->mutants;
        caught += result->caught;
        left += result->left;
        for (size_t u = 0; u < result->unnoticed.count; u++) {
            if (u == 0) {
                buffer_format(&command->out, "\nUnnoticed by %s:\n", result->test);
            }
            buffer_append_text(&command->out, "  ");
            terminal_table_text(&command->out, result->unnoticed.items[u], SIZE_MAX);
            buffer_append_byte(&command->out, '\n');
        }
    }
    buffer_format(
        &command->out,
        "\n%zu test%s, %zu mutants of rows that are in order: %zu caught (%zu %%), %zu left the population, %zu "
        "unnoticed.\n"
        "Not every mutant is a violation. Look at columns that are read and never judged%s\n",
        results->count, results->count == 1 ? "" : "s", mutants, caught,
        mutants > 0 ? (100 * caught + mutants / 2) / mutants : 0, left, mutants - caught - left,
        command->argument_count > 1
            ? "."
            : ", and name a test to see\nwhat it did not notice: tickmark schema test --mutate TEST");
    return true;
}

bool schema_mutate(struct command *command, const struct schema *schema) {
    struct mutation_results results;

    if (!check_names(command, schema) || !mutation_run(schema, command->arguments + 1, command->argument_count - 1,
                                                       command->arena, &results, command->diagnostics)) {
        return false;
    }
    if (command->options.json_diagnostics) {
        buffer_append_text(&command->out, "{\"tests\": [");
        for (size_t i = 0; i < results.count; i++) {
            print_json_test(command, &results.items[i], i == 0);
        }
        buffer_append_text(&command->out, "\n]}\n");
        return true;
    }
    if (command->options.quiet || print_text(command, &results)) {
        return true;
    }
    diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to print the mutants");
    return false;
}
