#include "cmd/command.h"

#include "assess/population_list.h"
#include "assess/request.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/path.h"
#include "cmd/assessment.h"
#include "cmd/page.h"
#include "cmd/population_files.h"
#include "cmd/requests_files.h"
#include "cmd/sample_request.h"
#include "read/request_list.h"
#include "store/query.h"
#include "store/transaction.sql.h"

#include <string.h>

#define OUTPUT_MARK "requests.json" /* by which a folder is known for one that may be replaced */
#define PERIOD_MARK "{period}"

struct work {
    struct command *command;
    struct assessment assessment;
    const char *path; /* of the list */
    struct buffer bytes;
    struct request_list list;
    struct request_sidecar sidecar;
    struct request_run run;
    struct request_sample *samples;
    size_t sample_count;
    struct population_list *populations;
    struct staging *staging;
    const char *target;
};

static bool no_memory(struct command *command) {
    diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to answer the requests");
    return false;
}

/* The list that the programme declares, for the period. */
static bool declared_path(struct work *work) {
    struct command *command = work->command;
    const struct programme *programme = work->assessment.workspace.programme;

    if (programme->request_list == NULL) {
        diagnostics_report(
            command->diagnostics, DIAGNOSTIC_USAGE, &programme->place,
            "no list of requests is declared; name it, `tickmark requests LIST`, or add `requests: {list: "
            "requests-{period}.csv}` to the programme");
        return false;
    }
    const char *mark = strstr(programme->request_list, PERIOD_MARK);
    const char *name =
        mark == NULL ? programme->request_list
                     : arena_format(command->arena, "%.*s%s%s", (int)(mark - programme->request_list),
                                    programme->request_list, work->assessment.period.id, mark + strlen(PERIOD_MARK));
    work->path = name != NULL ? path_join(command->arena, work->assessment.workspace.inputs, name) : NULL;
    return work->path != NULL || no_memory(command);
}

static bool read_sidecar(struct work *work) {
    struct command *command = work->command;
    const char *path = arena_format(command->arena, "%s.meta.yaml", work->path);
    struct buffer bytes = {0};

    if (path == NULL) {
        return no_memory(command);
    }
    if (!file_exists(path)) {
        return true;
    }
    bool done = file_read(path, LIMIT_YAML_BYTES, &bytes, command->diagnostics) &&
                request_sidecar_read(command->arena, path, bytes.data != NULL ? bytes.data : "", bytes.length,
                                     &work->sidecar, command->diagnostics);
    buffer_free(&bytes);
    return done;
}

/* Reads list and sidecar, wherever they are: the process is not sealed yet. */
static bool read_list(struct work *work) {
    struct command *command = work->command;
    const struct schema *schema = work->assessment.workspace.schema;

    if (command->argument_count > 1) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, NULL,
                           "`requests` takes one list, and then \"%s\"; a workbook may hold several sheets",
                           command->arguments[1]);
        return false;
    }
    if (!schema->request_words.given) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE,
                           &(struct place){.path = work->assessment.workspace.schema_folder},
                           "the schema has no requests.yaml, which says what auditors call the columns of their lists; "
                           "copy the one that tickmark ships");
        return false;
    }
    if (command->argument_count == 1) {
        work->path = command->arguments[0];
    } else if (!declared_path(work)) {
        return false;
    }
    if (!read_sidecar(work) || !file_read(work->path, LIMIT_REQUEST_LIST_BYTES, &work->bytes, command->diagnostics)) {
        return false;
    }
    const struct request_list_source source = {.path = work->path,
                                               .bytes = work->bytes.data != NULL ? work->bytes.data : "",
                                               .length = work->bytes.length,
                                               .words = &schema->request_words,
                                               .sidecar = &work->sidecar};
    return request_list_read(command->arena, &source, &work->list, command->diagnostics);
}

static bool open_target(struct work *work) {
    struct command *command = work->command;

    work->target = arena_format(command->arena, "%s/%s-requests", work->assessment.out, work->assessment.period.id);
    if (work->target == NULL) {
        return no_memory(command);
    }
    work->staging = staging_replace(work->target, OUTPUT_MARK, command->diagnostics);
    return work->staging != NULL;
}

/* The populations that answers and proposals need, each once. */
static bool list_populations(struct work *work) {
    struct command *command = work->command;
    struct assessment *assessment = &work->assessment;
    const struct schema *schema = assessment->workspace.schema;
    sqlite3 *connection = store_connection(assessment->store);
    const char *folder = arena_format(command->arena, "%s/populations", staging_path(work->staging));
    size_t challenges = 0;

    if (folder == NULL) {
        return no_memory(command);
    }
    if (!file_make_directory(folder, command->diagnostics) ||
        !population_list_challenge(schema, &challenges, command->diagnostics)) {
        return false;
    }
    work->populations = population_list_open(assessment->store, assessment->path, schema,
                                             assessment->workspace.programme, command->diagnostics);
    bool done = work->populations != NULL && query_execute(connection, "begin", sql_begin, command->diagnostics);
    for (size_t i = 0; done && i < schema->population_count; i++) {
        const struct population *population = &schema->populations[i];
        done = !request_needs(&work->run, population->id) ||
               population_files_list(command, work->populations, population, folder);
    }
    return done && query_execute(connection, "commit", sql_commit, command->diagnostics) &&
           population_files_index(command, assessment, folder);
}

static bool answer(struct work *work) {
    struct command *command = work->command;
    struct assessment *assessment = &work->assessment;

    work->run = (struct request_run){.arena = command->arena,
                                     .schema = assessment->workspace.schema,
                                     .programme = assessment->workspace.programme,
                                     .list = &work->list,
                                     .sidecar = &work->sidecar,
                                     .samples = work->samples,
                                     .sample_count = work->sample_count,
                                     .diagnostics = command->diagnostics};
    return request_resolve(&work->run) && open_target(work) && assessment_gather(command, NULL, assessment) &&
           list_populations(work) && request_judge(&work->run, assessment->store, assessment->path) &&
           requests_files_write(command, assessment, staging_path(work->staging)) &&
           requests_files_print(command, assessment, work->path, work->target) &&
           diagnostics_count(command->diagnostics, DIAGNOSTIC_UNVERIFIED) == 0 &&
           staging_commit(work->staging, command->diagnostics);
}

bool requests_command(struct command *command) {
    struct work work = {.command = command};
    bool done = assessment_configure(command, &work.assessment) && read_list(&work) &&
                sample_request_list(command, work.assessment.out, work.assessment.period.id, &work.samples,
                                    &work.sample_count) &&
                answer(&work);

    progress_close(&command->progress);
    population_list_close(work.populations);
    staging_end(work.staging);
    assessment_close(&work.assessment);
    buffer_free(&work.bytes);
    return done;
}
