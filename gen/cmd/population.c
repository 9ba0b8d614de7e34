#include "cmd/command.h"

#include "base/text.h"
#include "cmd/assessment.h"
#include "cmd/page.h"
#include "cmd/population_files.h"
#include "cmd/population_files.sql.h"
#include "store/query.h"
#include "store/transaction.sql.h"
#include "write/csv_table.h"
#include "write/terminal_table.h"

#include <inttypes.h>
#include <string.h>

#define OUTPUT_MARK "populations.json" /* by which a folder is known for one that may be replaced */

struct work {
    struct command *command;
    struct assessment assessment;
    struct population_list *list;
    struct staging *staging;
    const char *target;
};

/* The populations named, or all; in the order of their ids, each once. */
static bool choose(struct work *work, bool *chosen) {
    struct command *command = work->command;
    const struct schema *schema = work->assessment.workspace.schema;
    bool known = true;

    for (size_t i = 0; i < command->argument_count; i++) {
        const char *id = command->arguments[i];
        size_t index = schema_population(schema, id);
        if (index == SIZE_MAX) {
            const char *near =
                text_nearest(id, schema->populations, schema->population_count, sizeof *schema->populations);
            diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, NULL,
                               "no population \"%s\"%s%s%s; `tickmark show populations` lists them", id,
                               near != NULL ? " (did you mean " : "", near != NULL ? near : "",
                               near != NULL ? "?)" : "");
            known = false;
        } else {
            chosen[index] = true;
        }
    }
    for (size_t i = 0; command->argument_count == 0 && i < schema->population_count; i++) {
        chosen[i] = true;
    }
    if (schema->population_count == 0) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE,
                           &(struct place){.path = work->assessment.workspace.schema_folder},
                           "the schema has no populations/; copy those that tickmark ships, or write some");
        return false;
    }
    return known;
}

static bool open_target(struct work *work) {
    struct command *command = work->command;

    work->target = arena_format(command->arena, "%s/%s-populations", work->assessment.out, work->assessment.period.id);
    if (work->target == NULL) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory for the path of the listings");
        return false;
    }
    work->staging = staging_replace(work->target, OUTPUT_MARK, command->diagnostics);
    return work->staging != NULL;
}

static bool list_chosen(struct work *work, const bool *chosen) {
    struct command *command = work->command;
    struct assessment *assessment = &work->assessment;
    const struct schema *schema = assessment->workspace.schema;
    sqlite3 *connection = store_connection(assessment->store);
    size_t challenges = 0;

    if (!population_list_challenge(schema, &challenges, command->diagnostics)) {
        return false;
    }
    work->list = population_list_open(assessment->store, assessment->path, schema, assessment->workspace.programme,
                                      command->diagnostics);
    bool done = work->list != NULL && query_execute(connection, "begin", sql_begin, command->diagnostics);
    for (size_t i = 0; done && i < schema->population_count; i++) {
        const struct population *population = &schema->populations[i];
        done = !chosen[i] || population_files_list(command, work->list, population, staging_path(work->staging));
    }
    return done && query_execute(connection, "commit", sql_commit, command->diagnostics);
}

static const struct terminal_column columns[] = {
    {"Population", false}, {"Members", true}, {"Cannot be told", true}, {"Shown to be all", false}};
#define COLUMN_COUNT (sizeof columns / sizeof columns[0])

/* `silent`: the table is looked at, for the status, and not printed. */
static bool print_table(struct work *work, struct query *query, bool silent) {
    struct command *command = work->command;
    const char **cells = NULL;
    size_t count = 0;
    struct buffer statements = {0};

    while (query_step(query)) {
        bool complete = query_column_integer(query, 3) != 0;
        const char *const row[COLUMN_COUNT] = {arena_text(command->arena, query_column_text(query, 0)),
                                               arena_format(command->arena, "%" PRId64, query_column_integer(query, 1)),
                                               arena_format(command->arena, "%" PRId64, query_column_integer(query, 2)),
                                               complete ? "yes" : "no"};
        command->shortcomings = command->shortcomings || !complete;
        for (size_t i = 0; i < COLUMN_COUNT; i++) {
            const char **cell = arena_push(command->arena, &cells, &count, sizeof *cells);
            if (cell == NULL || row[i] == NULL) {
                buffer_free(&statements);
                diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory for the table");
                return false;
            }
            *cell = row[i];
        }
        buffer_format(&statements, "\n%s: ", row[0]);
        terminal_table_text(&statements, query_column_text(query, 4), SIZE_MAX);
        buffer_append_byte(&statements, '\n');
    }
    if (silent) {
        buffer_free(&statements);
        return true;
    }
    bool done = terminal_table(columns, COLUMN_COUNT, cells, count / COLUMN_COUNT, command->width, command->colour,
                               &command->out);
    const char *text = buffer_text(&statements);
    buffer_append_text(&command->out, text != NULL ? text : "");
    buffer_format(&command->out, "\nListings  %s\n", work->target);
    done = done && text != NULL;
    buffer_free(&statements);
    return done;
}

static bool print(struct work *work) {
    struct command *command = work->command;
    sqlite3 *store = store_connection(work->assessment.store);
    struct query query = {0};
    bool json = command->options.json_diagnostics;

    progress_close(&command->progress);
    bool done = query_open(&query, store, "population_files_table", sql_population_files_table, command->diagnostics);
    if (done && json) {
        done =
            print_table(work, &query, true) && csv_table_json(store, "population_files_json", sql_population_files_json,
                                                              NULL, &command->out, command->diagnostics);
    } else if (done) {
        done = print_table(work, &query, command->options.quiet);
    }
    return query_close(&query) && done;
}

bool population_command(struct command *command) {
    struct work work = {.command = command};
    bool done = false;

    if (assessment_configure(command, &work.assessment)) {
        bool *chosen =
            arena_array(command->arena, work.assessment.workspace.schema->population_count + 1, sizeof *chosen);
        done = chosen != NULL && choose(&work, chosen) && open_target(&work) &&
               assessment_gather(command, NULL, &work.assessment) && list_chosen(&work, chosen) &&
               population_files_index(command, &work.assessment, staging_path(work.staging)) &&
               page_notice(command, staging_path(work.staging)) &&
               page_write(command, &work.assessment, "populations", staging_path(work.staging), "populations.html") &&
               print(&work) && diagnostics_count(command->diagnostics, DIAGNOSTIC_UNVERIFIED) == 0 &&
               staging_commit(work.staging, command->diagnostics);
    }
    progress_close(&command->progress);
    population_list_close(work.list);
    staging_end(work.staging);
    assessment_close(&work.assessment);
    return done;
}
