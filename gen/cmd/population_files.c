#include "cmd/population_files.h"

#include "base/file.h"
#include "base/path.h"
#include "cmd/page.h"
#include "cmd/population_files.sql.h"
#include "write/csv_table.h"

#include <errno.h>
#include <unistd.h>

bool population_files_list(struct command *command, struct population_list *list, const struct population *population,
                           const char *folder) {
    const char *shown = arena_format(command->arena, "%s.csv", population->id);
    const char *path = shown != NULL ? path_join(command->arena, folder, shown) : NULL;
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
    static const struct page_table tables[] = {
        {"populations.csv", csv_table_write, "population_files_index", sql_population_files_index},
        {"populations.json", csv_table_json, "population_files_json", sql_population_files_json},
        {"exports.csv", csv_table_write, "population_files_exports", sql_population_files_exports},
    };
    bool done = true;

    for (size_t i = 0; done && i < sizeof tables / sizeof tables[0]; i++) {
        done = page_table(command, store_connection(assessment->store), folder, &tables[i], NULL);
    }
    return done;
}
