#include "cmd/report.h"

#include "base/file.h"
#include "base/path.h"
#include "document/template.h"
#include "store/guard.h"
#include "write/html.h"
#include "write/pdf.h"
#include "write/theme.h"
#include "write/xml_report.h"

bool report_name(struct command *command, const char *folder, const char *profile, struct report_paths *out) {
    struct arena *arena = command->arena;

    *out = (struct report_paths){
        .store = arena_format(arena, "%s/assessment.sqlite", folder),
        .pdf = arena_format(arena, "%s/%s.pdf", folder, profile),
        .html = arena_format(arena, "%s/%s.html", folder, profile),
        .xml = arena_format(arena, "%s/%s.xml", folder, profile),
        .summary = arena_format(arena, "%s/" REPORT_SUMMARY, folder),
    };
    if (out->store == NULL || out->pdf == NULL || out->html == NULL || out->xml == NULL || out->summary == NULL) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory for the names of the outputs");
        return false;
    }
    return true;
}

sqlite3 *report_open_store(struct command *command, const char *path) {
    sqlite3 *store = NULL;

    if (sqlite3_open_v2(path, &store, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_STORE_FAILED, &(struct place){.path = path},
                           "cannot open the assessment: %s; run `tickmark run` again",
                           store != NULL ? sqlite3_errmsg(store) : "no memory");
        sqlite3_close(store);
        return NULL;
    }
    return store;
}

static bool create_text(struct command *command, const char *path, const struct buffer *text) {
    if (text->failed) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to write %s", path);
        return false;
    }
    return file_create(path, text->data, text->length, 0644, command->diagnostics);
}

/* The same document as PDF and as HTML. */
static bool write_document(struct command *command, const struct workspace *workspace,
                           const struct workspace_period *period, const struct report_paths *paths) {
    struct arena *arena = arena_new();
    struct buffer html = {0};
    struct guard *guard = guard_open(paths->store, period->as_of, command->diagnostics);
    struct template *template = NULL;
    bool done = false;

    if (arena == NULL || guard == NULL) {
        goto end;
    }
    const struct theme *theme = theme_load(arena, workspace->templates, command->diagnostics);
    const char *path = arena_format(arena, "%s/%s.md", workspace->templates, command->options.profile);
    if (theme == NULL || path == NULL) {
        goto end;
    }
    template = template_load(path, guard, command->diagnostics);
    if (template == NULL) {
        goto end;
    }
    const struct document *document = template_render(template, arena, period->as_of, command->diagnostics);
    if (document == NULL) {
        goto end;
    }
    progress_add(&command->progress, 1, 0);
    if (!html_write(document, theme, &html, command->diagnostics) || !create_text(command, paths->html, &html)) {
        goto end;
    }
    progress_add(&command->progress, 1, 0);
    done = pdf_write(document, theme, paths->pdf, command->diagnostics);
    progress_add(&command->progress, 1, 0);

end:
    buffer_free(&html);
    template_free(template);
    guard_free(guard);
    arena_free(arena);
    return done;
}

bool report_write(struct command *command, const struct workspace *workspace, const struct workspace_period *period,
                  const struct report_paths *paths, sqlite3 *store) {
    struct buffer text = {0};
    bool done = false;
    const char *xsd = path_join(command->arena, workspace->schema_folder, "portfolio.xsd");

    progress_stage(&command->progress, "Writing reports", 5);
    if (xsd == NULL || !write_document(command, workspace, period, paths)) {
        goto end;
    }
    if (!xml_report_write(store, xsd, &text, command->diagnostics) || !create_text(command, paths->xml, &text)) {
        goto end;
    }
    progress_add(&command->progress, 1, 0);
    buffer_clear(&text);
    done = summary_write(store, NULL, &text, command->diagnostics) && create_text(command, paths->summary, &text);
    progress_add(&command->progress, 1, 0);

end:
    buffer_free(&text);
    return done;
}
