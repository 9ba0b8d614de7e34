#include "cmd/requests_files.h"

#include "base/file.h"
#include "base/path.h"
#include "cmd/evidence_copy.h"
#include "cmd/page.h"
#include "cmd/requests_files.sql.h"
#include "store/query.h"
#include "write/csv_table.h"

static bool no_memory(struct command *command) {
    diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to write the answers");
    return false;
}

static bool copy_answer(struct command *command, const struct assessment *assessment, const char *folder,
                        const char *own, const char *position) {
    struct query query = {0};
    bool done = query_open(&query, store_connection(assessment->store), "requests_files_copies",
                           sql_requests_files_copies, command->diagnostics);

    query_text(&query, 1, position);
    while (done && query_step(&query)) {
        const char *path = query_column_text(&query, 0);
        const char *from = path_join(command->arena, assessment->workspace.evidence, path);
        const char *to = arena_format(command->arena, "%s/evidence/%s", own, path);
        done = from != NULL && to != NULL ? evidence_copy(command, from, to, query_column_text(&query, 1), NULL)
                                          : no_memory(command);
    }
    done = query_close(&query) && done;
    if (done && query_open(&query, store_connection(assessment->store), "requests_files_listings",
                           sql_requests_files_listings, command->diagnostics)) {
        query_text(&query, 1, position);
        while (done && query_step(&query)) {
            const char *file = query_column_text(&query, 0);
            const char *from = arena_format(command->arena, "%s/populations/%s", folder, file);
            const char *to = arena_format(command->arena, "%s/%s", own, file);
            done = from != NULL && to != NULL ? evidence_copy(command, from, to, NULL, NULL) : no_memory(command);
        }
    }
    return query_close(&query) && done;
}

static bool write_answer(struct command *command, const struct assessment *assessment, const char *folder,
                         const char *name, const char *position) {
    static const struct page_table tables[] = {
        {"answer.json", csv_table_object, "requests_files_json", sql_requests_files_json},
        {"evidence.csv", csv_table_write, "requests_files_evidence", sql_requests_files_evidence},
    };
    const char *own = arena_format(command->arena, "%s/answers/%s", folder, name);

    if (own == NULL) {
        return no_memory(command);
    }
    bool done = file_make_directory(own, command->diagnostics);
    for (size_t i = 0; done && i < sizeof tables / sizeof tables[0]; i++) {
        done = page_table(command, store_connection(assessment->store), own, &tables[i], position);
    }
    return done && (!command->options.copy || copy_answer(command, assessment, folder, own, position));
}

bool requests_files_write(struct command *command, const struct assessment *assessment, const char *folder) {
    static const struct page_table tables[] = {
        {"requests.csv", csv_table_write, "requests_files_index", sql_requests_files_index},
        {"requests.json", csv_table_json, "requests_files_json", sql_requests_files_json},
    };
    sqlite3 *store = store_connection(assessment->store);
    struct query folders = {0};
    bool done = true;

    for (size_t i = 0; done && i < sizeof tables / sizeof tables[0]; i++) {
        done = page_table(command, store, folder, &tables[i], NULL);
    }
    done = done && page_notice(command, folder) &&
           page_write(command, assessment, "requests", folder, "requests.html") &&
           query_open(&folders, store, "requests_files_folders", sql_requests_files_folders, command->diagnostics);

    while (done && query_step(&folders)) {
        const char *position = arena_text(command->arena, query_column_text(&folders, 0));
        const char *name = arena_text(command->arena, query_column_text(&folders, 1));
        done = position != NULL && name != NULL ? write_answer(command, assessment, folder, name, position)
                                                : no_memory(command);
    }
    return query_close(&folders) && done;
}
