#include "cmd/requests_files.h"

#include "base/file.h"
#include "base/path.h"
#include "cmd/page.h"
#include "cmd/requests_copy.h"
#include "cmd/requests_files.sql.h"
#include "store/query.h"
#include "write/csv_table.h"

static bool no_memory(struct command *command) {
    diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to write the answers");
    return false;
}

typedef bool table_writer(sqlite3 *store, const char *name, const char *sql, const char *key, struct buffer *out,
                          struct diagnostics *diagnostics);

static bool write_table(struct command *command, sqlite3 *store, const char *folder, const char *file,
                        table_writer *write, const char *name, const char *sql, const char *key) {
    struct buffer text = {0};
    bool done = write(store, name, sql, key, &text, command->diagnostics) && page_create(command, folder, file, &text);

    buffer_free(&text);
    return done;
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
        done = from != NULL && to != NULL ? requests_copy_file(command, from, to, query_column_text(&query, 1))
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
            done = from != NULL && to != NULL ? requests_copy_file(command, from, to, NULL) : no_memory(command);
        }
    }
    return query_close(&query) && done;
}

static bool write_answer(struct command *command, const struct assessment *assessment, const char *folder,
                         const char *name, const char *position) {
    sqlite3 *store = store_connection(assessment->store);
    const char *own = arena_format(command->arena, "%s/answers/%s", folder, name);

    if (own == NULL) {
        return no_memory(command);
    }
    return file_make_directory(own, command->diagnostics) &&
           write_table(command, store, own, "answer.json", csv_table_object, "requests_files_json",
                       sql_requests_files_json, position) &&
           write_table(command, store, own, "evidence.csv", csv_table_write, "requests_files_evidence",
                       sql_requests_files_evidence, position) &&
           (!command->options.copy || copy_answer(command, assessment, folder, own, position));
}

bool requests_files_write(struct command *command, const struct assessment *assessment, const char *folder) {
    sqlite3 *store = store_connection(assessment->store);
    struct query folders = {0};
    bool done = write_table(command, store, folder, "requests.csv", csv_table_write, "requests_files_index",
                            sql_requests_files_index, NULL) &&
                write_table(command, store, folder, "requests.json", csv_table_json, "requests_files_json",
                            sql_requests_files_json, NULL) &&
                page_notice(command, folder) && page_write(command, assessment, "requests", folder, "requests.html") &&
                query_open(&folders, store, "requests_files_folders", sql_requests_files_folders, command->diagnostics);

    while (done && query_step(&folders)) {
        const char *position = arena_text(command->arena, query_column_text(&folders, 0));
        const char *name = arena_text(command->arena, query_column_text(&folders, 1));
        done = position != NULL && name != NULL ? write_answer(command, assessment, folder, name, position)
                                                : no_memory(command);
    }
    return query_close(&folders) && done;
}
