#include "cmd/page.h"

#include "base/file.h"
#include "base/statement.h"
#include "cmd/report.h"

bool page_create(struct command *command, const char *folder, const char *name, const struct buffer *text) {
    const char *path = text->failed ? NULL : arena_format(command->arena, "%s/%s", folder, name);

    if (path == NULL) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to write %s", name);
        return false;
    }
    return file_create_staged(path, text->data, text->length, 0644, command->diagnostics);
}

bool page_notice(struct command *command, const char *folder) {
    struct buffer text = {0};

    buffer_append_text(
        &text, STATEMENT
        ".\n\n"
        "In the CSV files a text that a spreadsheet program would run as a formula has an apostrophe in front that "
        "is\n"
        "not in the record; the column `defused` names the columns of the row in which that was done. Take it away "
        "to\n"
        "have the text as it was exported.\n");
    bool done = page_create(command, folder, "notice.txt", &text);
    buffer_free(&text);
    return done;
}

bool page_write(struct command *command, const struct assessment *assessment, const char *name, const char *folder,
                const char *file) {
    const struct report_paths paths = {.store = assessment->path,
                                       .html = arena_format(command->arena, "%s/%s", folder, file)};

    if (paths.html == NULL) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to write %s", file);
        return false;
    }
    return report_template(command, &assessment->workspace, &assessment->period, name, &paths);
}

bool page_table(struct command *command, sqlite3 *store, const char *folder, const struct page_table *table,
                const char *key) {
    struct buffer text = {0};
    bool done = table->write(store, table->name, table->sql, key, &text, command->diagnostics) &&
                page_create(command, folder, table->file, &text);

    buffer_free(&text);
    return done;
}
