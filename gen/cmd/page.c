#include "cmd/page.h"

#include "base/file.h"
#include "document/template.h"
#include "store/guard.h"
#include "write/html.h"
#include "write/theme.h"

bool page_create(struct command *command, const char *folder, const char *name, const struct buffer *text) {
    const char *path = text->failed ? NULL : arena_format(command->arena, "%s/%s", folder, name);

    if (path == NULL) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to write %s", name);
        return false;
    }
    return file_create(path, text->data, text->length, 0644, command->diagnostics);
}

bool page_notice(struct command *command, const char *folder) {
    struct buffer text = {0};

    buffer_append_text(
        &text,
        "Prepared by management; not a SOC 2 examination report; no opinion or assurance.\n\n"
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
    struct arena *arena = arena_new();
    struct guard *guard = NULL;
    struct template *template = NULL;
    struct buffer text = {0};
    bool done = false;
    const char *source = arena != NULL ? arena_format(arena, "%s/%s.md", assessment->workspace.templates, name) : NULL;

    if (source == NULL) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to write %s", file);
        goto end;
    }
    const struct theme *theme = theme_load(arena, assessment->workspace.templates, command->diagnostics);
    guard = theme != NULL ? guard_open(assessment->path, assessment->period.as_of, command->diagnostics) : NULL;
    template = guard != NULL ? template_load(source, guard, command->diagnostics) : NULL;
    const struct document *document =
        template != NULL ? template_render(template, arena, assessment->period.as_of, command->diagnostics) : NULL;
    done = document != NULL && html_write(document, theme, &text, command->diagnostics) &&
           page_create(command, folder, file, &text);

end:
    buffer_free(&text);
    template_free(template);
    guard_free(guard);
    arena_free(arena);
    return done;
}
