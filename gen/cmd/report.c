#include "cmd/report.h"

#include "base/file.h"
#include "base/path.h"
#include "base/processors.h"
#include "cmd/report.sql.h"
#include "document/template.h"
#include "store/guard.h"
#include "store/query.h"
#include "write/html.h"
#include "write/pdf.h"
#include "write/theme.h"
#include "write/xml_report.h"

#include <pthread.h>
#include <stdlib.h>

bool report_known(struct command *command, const struct workspace *workspace, const char *profile) {
    const char *name = arena_format(command->arena, "templates/%s.md", profile);
    const char *path = workspace_path(command, workspace, name != NULL ? name : ".");

    if (name == NULL) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory for the name of the template");
        return false;
    }
    if (path != NULL && !file_exists(path)) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, NULL,
                           "--profile is the name of a template in templates/, and there is no %s; choose another",
                           name);
        return false;
    }
    return path != NULL;
}

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

    if (sqlite3_open_v2(path, &store, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
        sqlite3_exec(store, sql_report_settings, NULL, NULL, NULL) != SQLITE_OK) {
        diagnostics_report(command->diagnostics, query_failure(store), &(struct place){.path = path},
                           "cannot open the assessment: %s; run `tickmark run` again",
                           store != NULL ? sqlite3_errmsg(store) : "no memory");
        sqlite3_close(store);
        return NULL;
    }
    return store;
}

sqlite3 *report_open_last(struct command *command, const struct workspace *workspace,
                          const struct workspace_period *period, const char **path) {
    const char *out = workspace_out(command, workspace);

    *path = out != NULL ? arena_format(command->arena, "%s/%s/assessment.sqlite", out, period->id) : NULL;
    if (*path == NULL) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to open the assessment");
        return NULL;
    }
    if (!file_exists(*path)) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, &(struct place){.path = *path},
                           "no assessment of %s yet; make one with `tickmark run --period %s`", period->id, period->id);
        return NULL;
    }
    return report_open_store(command, *path);
}

static bool create_text(struct command *command, const char *path, const struct buffer *text) {
    if (text->failed) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to write %s", path);
        return false;
    }
    return file_create_staged(path, text->data, text->length, 0644, command->diagnostics);
}

/* One that is validated in the time that the PDF takes to be laid out; a larger one would be waited for at the end. */
#define SMALL_XML (4u << 20)

struct report {
    struct command *command;
    const struct workspace *workspace;
    const struct workspace_period *period;
    const char *name; /* of the template */
    const char *store_path;
    const struct report_paths *paths;
    struct arena *arena; /* holds the document */
    struct guard *guard;
    struct template *template;
    const struct document *document;
    const struct theme *theme;
    pthread_t thread;
    bool on_thread;
    /* What the threads share: whether the document is there, or will not be. */
    pthread_mutex_t lock;
    pthread_cond_t looked;
    bool rendered;
    bool failed;
    bool pdf_done;
    struct buffer xml;
    const char *xsd;
    pthread_t validator;
    bool on_validator;
    bool xml_refused;
};

static bool write_html(struct report *report) {
    struct command *command = report->command;
    struct buffer text = {0};
    bool done = html_write(report->document, report->theme, &text, command->diagnostics) &&
                create_text(command, report->paths->html, &text);

    buffer_free(&text);
    progress_add(&command->progress, 1, 0);
    return done;
}

/* The document that PDF and HTML are made of. */
static bool render(struct report *report) {
    struct command *command = report->command;
    const char *templates = report->workspace->templates;
    const char *path = arena_format(report->arena, "%s/%s.md", templates, report->name);

    report->guard = guard_open(report->store_path, report->period->as_of, command->diagnostics);
    report->theme = theme_load(report->arena, templates, command->diagnostics);
    if (path == NULL) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to render the report");
    }
    if (report->guard == NULL || report->theme == NULL || path == NULL) {
        return false;
    }
    report->template = template_load(path, report->guard, command->diagnostics);
    if (report->template == NULL) {
        return false;
    }
    report->document = template_render(report->template, report->arena, report->period->as_of, command->diagnostics);
    return report->document != NULL;
}

/* Renders the document, says so, and writes the PDF, where one is wanted. */
static void *write_document(void *context) {
    struct report *report = context;
    bool rendered = render(report);

    pthread_mutex_lock(&report->lock);
    report->rendered = rendered;
    report->failed = !rendered;
    pthread_cond_signal(&report->looked);
    pthread_mutex_unlock(&report->lock);
    report->pdf_done =
        rendered && (report->paths->pdf == NULL ||
                     pdf_write(report->document, report->theme, report->paths->pdf, report->command->diagnostics));
    return NULL;
}

static struct report *open_report(struct command *command, const struct workspace *workspace,
                                  const struct workspace_period *period, const char *name, const char *store_path,
                                  const struct report_paths *paths) {
    struct report *report = calloc(1, sizeof *report);

    if (report != NULL) {
        *report = (struct report){.command = command,
                                  .workspace = workspace,
                                  .period = period,
                                  .name = name,
                                  .store_path = store_path,
                                  .paths = paths,
                                  .lock = PTHREAD_MUTEX_INITIALIZER,
                                  .looked = PTHREAD_COND_INITIALIZER,
                                  .arena = arena_new()};
    }
    if (report == NULL || report->arena == NULL) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to begin the reports");
        (void)report_end(report); /* the failure is reported already */
        return NULL;
    }
    return report;
}

bool report_template(struct command *command, const struct workspace *workspace, const struct workspace_period *period,
                     const char *name, const struct report_paths *paths) {
    progress_stage(&command->progress, "Writing reports", paths->pdf != NULL ? 2 : 1);
    struct report *report = open_report(command, workspace, period, name, paths->store, paths);

    if (report != NULL) {
        write_document(report);
        progress_add(&command->progress, paths->pdf != NULL, 0);
    }
    bool done = report != NULL && report->rendered && write_html(report);
    return report_end(report) && done;
}

struct report *report_begin(struct command *command, const struct workspace *workspace,
                            const struct workspace_period *period, const struct report_paths *paths,
                            const char *store_path) {
    progress_stage(&command->progress, "Writing reports", 4);
    struct report *report = open_report(command, workspace, period, command->options.profile, store_path, paths);

    if (report == NULL) {
        return NULL;
    }
    report->on_thread = pthread_create(&report->thread, NULL, write_document, report) == 0;
    if (!report->on_thread) {
        write_document(report);
    }
    return report;
}

/* Waits for the document; false when there will be none. */
static bool wait_rendered(struct report *report) {
    pthread_mutex_lock(&report->lock);
    while (!report->rendered && !report->failed) {
        pthread_cond_wait(&report->looked, &report->lock);
    }
    bool rendered = report->rendered;
    pthread_mutex_unlock(&report->lock);
    return rendered;
}

/* A document stands without the store and the template that it was made of. */
static void leave_store(struct report *report) {
    template_free(report->template);
    guard_free(report->guard);
    report->template = NULL;
    report->guard = NULL;
}

bool report_html(struct report *report) {
    if (report == NULL) {
        return false;
    }
    bool rendered = wait_rendered(report);
    leave_store(report);
    progress_add(&report->command->progress, 1, 0);
    return rendered && write_html(report);
}

bool report_pdf(struct report *report) {
    if (report == NULL) {
        return false;
    }
    if (report->on_thread) {
        pthread_join(report->thread, NULL);
        report->on_thread = false;
    }
    leave_store(report);
    return report->pdf_done;
}

bool report_end(struct report *report) {
    if (report == NULL) {
        return false;
    }
    bool done = report_pdf(report);
    if (report->on_validator) {
        pthread_join(report->validator, NULL);
    }
    done = done && !report->xml_refused;
    buffer_free(&report->xml);
    arena_free(report->arena);
    pthread_cond_destroy(&report->looked);
    pthread_mutex_destroy(&report->lock);
    free(report);
    return done;
}

static void *validate_xml(void *context) {
    struct report *report = context;

    if (report->xml.length < SMALL_XML) {
        processors_give_way();
    }
    report->xml_refused = !xml_report_valid(&report->xml, report->xsd, report->command->diagnostics);
    return NULL;
}

/* Until report_end, as it takes as long as all that is left to be written. */
static void begin_validation(struct report *report) {
    report->on_validator = pthread_create(&report->validator, NULL, validate_xml, report) == 0;
    if (!report->on_validator) {
        validate_xml(report);
    }
}

bool report_data(struct report *report, const struct workspace *workspace, const struct report_paths *paths,
                 sqlite3 *store, struct buffer *summary, size_t *package_at) {
    if (report == NULL) {
        return false;
    }
    struct command *command = report->command;
    report->xsd = path_join(command->arena, workspace->schema_folder, "portfolio.xsd");
    if (report->xsd == NULL) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to write the report as XML");
    }
    bool done = report->xsd != NULL && xml_report_write(store, &report->xml, command->diagnostics);
    if (done) {
        begin_validation(report);
        done = create_text(command, paths->xml, &report->xml);
    }
    progress_add(&command->progress, 1, 0);
    done = done && summary_write(store, summary, package_at, command->diagnostics) &&
           create_text(command, paths->summary, summary);
    progress_add(&command->progress, 1, 0);
    return done;
}
