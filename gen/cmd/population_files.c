#include "cmd/population_files.h"

#include "base/file.h"
#include "cmd/page.h"
#include "cmd/population_files.sql.h"
#include "write/csv_table.h"

#include <errno.h>
#include <unistd.h>

bool population_files_list(struct command *command, struct population_list *list, const struct population *population,
                           const char *folder, const char *shown) {
    const char *path = arena_format(command->arena, "%s/%s.csv", folder, population->id);
    struct byte_sink_descriptor sink;

    if (path == NULL) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to list %s", population->id);
        return false;
    }
    int descriptor = file_open_new(path, 0644);
    if (descriptor < 0) {
        diagnostics_report_errno(command->diagnostics, DIAGNOSTIC_FILE_WRITE, &(struct place){.path = path}, errno,
                                 "the listing cannot be created");
        return false;
    }
    byte_sink_descriptor(&sink, descriptor);
    bool done = population_list_make(list, population, shown, &sink.sink);
    int error = sink.error;
    if (fsync(descriptor) != 0 && error == 0) {
        error = errno;
    }
    if (close(descriptor) != 0 && error == 0) {
        error = errno;
    }
    if (error != 0) {
        diagnostics_report_errno(command->diagnostics, DIAGNOSTIC_FILE_WRITE, &(struct place){.path = path}, error,
                                 "the listing cannot be written");
    }
    return done && error == 0;
}

bool population_files_index(struct command *command, const struct assessment *assessment, const char *folder) {
    static const struct {
        const char *file;
        const char *name;
        const char *sql;
        bool (*write)(sqlite3 *store, const char *name, const char *sql, const char *key, struct buffer *out,
                      struct diagnostics *diagnostics);
    } files[] = {
        {"populations.csv", "population_files_index", sql_population_files_index, csv_table_write},
        {"populations.json", "population_files_json", sql_population_files_json, csv_table_json},
        {"exports.csv", "population_files_exports", sql_population_files_exports, csv_table_write},
    };
    sqlite3 *store = store_connection(assessment->store);
    bool done = true;

    for (size_t i = 0; done && i < sizeof files / sizeof files[0]; i++) {
        struct buffer text = {0};
        done = files[i].write(store, files[i].name, files[i].sql, NULL, &text, command->diagnostics) &&
               page_create(command, folder, files[i].file, &text);
        buffer_free(&text);
    }
    return done;
}
