#include "cmd/report.h"

#include "base/file.h"
#include "base/path.h"
#include "document/template.h"
#include "store/guard.h"
#include "write/html.h"
#include "write/pdf.h"
#include "write/theme.h"
#include "write/xml_report.h"

#include <pthread.h>

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

/* The PDF takes as long as all the others together, so it is written on a thread of its own. */
struct pdf_job {
    const struct document *document;
    const struct theme *theme;
    const char *path;
    struct diagnostics *diagnostics;
    bool done;
};

static void *write_pdf(void *context) {
    struct pdf_job *job = context;

    job->done = pdf_write(job->document, job->theme, job->path, job->diagnostics);
    return NULL;
}

static bool write_html(struct command *command, const struct document *document, const struct theme *theme,
                       const char *path) {
    struct buffer text = {0};
    bool done = html_write(document, theme, &text, command->diagnostics) && create_text(command, path, &text);

    buffer_free(&text);
    progress_add(&command->progress, 1, 0);
    return done;
}

/* What does not need the document: the store as XML, and its summary. */
static bool write_data(struct command *command, const struct workspace *workspace, const struct report_paths *paths,
                       sqlite3 *store) {
    struct buffer text = {0};
    const char *xsd = path_join(command->arena, workspace->schema_folder, "portfolio.xsd");
    bool done = xsd != NULL && xml_report_write(store, xsd, &text, command->diagnostics) &&
                create_text(command, paths->xml, &text);

    progress_add(&command->progress, 1, 0);
    buffer_clear(&text);
    done =
        done && summary_write(store, NULL, &text, command->diagnostics) && create_text(command, paths->summary, &text);
    progress_add(&command->progress, 1, 0);
    buffer_free(&text);
    return done;
}

bool report_write(struct command *command, const struct workspace *workspace, const struct workspace_period *period,
                  const struct report_paths *paths, sqlite3 *store) {
    struct arena *arena = arena_new();
    struct guard *guard = guard_open(paths->store, period->as_of, command->diagnostics);
    struct template *template = NULL;
    pthread_t thread;
    bool done = false;

    progress_stage(&command->progress, "Writing reports", 5);
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
    struct pdf_job pdf = {document, theme, paths->pdf, command->diagnostics, false};
    bool on_thread = pthread_create(&thread, NULL, write_pdf, &pdf) == 0;
    done = write_html(command, document, theme, paths->html) && write_data(command, workspace, paths, store);
    if (on_thread) {
        pthread_join(thread, NULL);
    } else {
        write_pdf(&pdf);
    }
    done = done && pdf.done;
    progress_add(&command->progress, 1, 0);

end:
    template_free(template);
    guard_free(guard);
    arena_free(arena);
    return done;
}
