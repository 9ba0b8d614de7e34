#include "cmd/command.h"

#include "assess/check_judge.h"
#include "assess/check_state.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/path.h"
#include "base/text.h"
#include "cmd/assessment.h"
#include "cmd/check_output.h"
#include "cmd/hint.h"
#include "cmd/notify.h"

#include <stdlib.h>
#include <string.h>

#define ALERTS     "alerts.json" /* every folder of a check's outputs holds it */
#define ALL_GROUPS "all"
#define STATE_NAME "state.json"
#define STORE_NAME "assessment.sqlite"

/* All that one `check` does. */
struct checking {
    struct command *command;
    struct assessment assessment; /* of the period itself */
    struct check_stores stores;
    struct store *opened[LIMIT_CHECK_WINDOWS]; /* [0] is the assessment's */
    struct diagnostics *own[LIMIT_CHECK_WINDOWS];
    const char *paths[LIMIT_CHECK_WINDOWS];
    const char *shown[LIMIT_CHECK_WINDOWS];
    const struct check **checks; /* those that are to be judged */
    size_t check_count;
    const char *folder; /* out/check */
    const char *target; /* out/check/PERIOD */
    const char *state_path;
    struct check_state state;
    struct notify *notify;
    struct staging *staging;
    struct check_report report;
};

static bool no_memory(struct checking *checking) {
    diagnostics_report(checking->command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to check the controls");
    return false;
}

/* ---- what is to be checked ---- */

static bool check_group(struct checking *checking) {
    struct command *command = checking->command;
    const struct workspace *workspace = &checking->assessment.workspace;
    const struct checks *checks = &workspace->schema->checks;
    const char *group = command->options.group != NULL ? command->options.group : ALL_GROUPS;
    const char **names = arena_array(command->arena, checks->count + 1, sizeof *names);
    bool found = strcmp(group, ALL_GROUPS) == 0;

    if (names == NULL) {
        return no_memory(checking);
    }
    if (checks->count == 0) {
        const char *path = path_join(command->arena, workspace->schema_folder, "checks.yaml");
        diagnostics_report(command->diagnostics, DIAGNOSTIC_FILE_READ, &(struct place){.path = path},
                           "no checks are declared; copy the file that tickmark ships, or write one");
        return false;
    }
    for (size_t i = 0; i < checks->count; i++) {
        names[i] = checks->items[i].group;
        found = found || strcmp(names[i], group) == 0;
    }
    if (!found) {
        names[checks->count] = ALL_GROUPS;
        const char *near = text_nearest(group, names, checks->count + 1, sizeof *names);
        diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, NULL,
                           "no group of checks \"%s\"%s%s%s; name one of schema/checks.yaml, or all", group,
                           near != NULL ? " (did you mean " : "", near != NULL ? near : "", near != NULL ? "?)" : "");
    }
    checking->report.group = group;
    return found;
}

/* Up to when this check sees things. */
static int64_t seen_until(const struct checking *checking) {
    const struct workspace_period *period = &checking->assessment.period;

    return period->as_of < period->span.until - 1 ? period->as_of : period->span.until - 1;
}

static bool is_due(const struct checking *checking, const struct check *check) {
    const struct check_state_check *before = check_state_find(&checking->state, check->id);

    if (!checking->command->options.due || before == NULL) {
        return true;
    }
    return check_window_due((enum cadence)check->frequency, before->checked, seen_until(checking)) ||
           check_state_is_overdue(before, checking->assessment.period.as_of);
}

static bool choose_checks(struct checking *checking) {
    const struct checks *checks = &checking->assessment.workspace.schema->checks;
    const char *group = checking->report.group;

    checking->checks = arena_array(checking->command->arena, checks->count + 1, sizeof *checking->checks);
    if (checking->checks == NULL) {
        return no_memory(checking);
    }
    for (size_t i = 0; i < checks->count; i++) {
        const struct check *check = &checks->items[i];
        if (strcmp(group, ALL_GROUPS) != 0 && strcmp(group, check->group) != 0) {
            continue;
        }
        if (is_due(checking, check)) {
            checking->checks[checking->check_count++] = check;
        } else {
            checking->report.not_due++;
        }
    }
    return true;
}

/* ---- before the process is sealed ---- */

static bool name_outputs(struct checking *checking) {
    struct command *command = checking->command;
    const struct assessment *assessment = &checking->assessment;

    checking->folder = path_join(command->arena, assessment->out, "check");
    if (checking->folder == NULL) {
        return no_memory(checking);
    }
    checking->target = path_join(command->arena, checking->folder, assessment->period.id);
    checking->state_path = path_join(command->arena, checking->folder, STATE_NAME);
    return (checking->target != NULL && checking->state_path != NULL) || no_memory(checking);
}

static bool read_state(struct checking *checking) {
    struct command *command = checking->command;
    struct diagnostics *own = diagnostics_new();
    struct buffer text = {0};
    bool done = own != NULL;

    if (!done) {
        return no_memory(checking);
    }
    if (file_exists(checking->state_path)) {
        if (file_read(checking->state_path, LIMIT_CHECK_STATE_BYTES, &text, own)) {
            done = check_state_read(command->arena, checking->state_path, text.data != NULL ? text.data : "",
                                    text.length, &checking->state, command->diagnostics);
        } else {
            diagnostics_report(command->diagnostics, DIAGNOSTIC_CHECK_STATE,
                               &(struct place){.path = checking->state_path},
                               "what was alerted before cannot be read, so that every alert counts as new: the file "
                               "cannot be opened, or is larger than %u MiB",
                               LIMIT_CHECK_STATE_BYTES >> 20);
        }
    }
    buffer_free(&text);
    diagnostics_free(own);
    return done;
}

static bool prepare(struct checking *checking) {
    struct command *command = checking->command;

    if (!assessment_configure(command, &checking->assessment) || !check_group(checking) || !name_outputs(checking) ||
        !read_state(checking) || !choose_checks(checking)) {
        return false;
    }
    checking->staging = staging_replace(checking->target, ALERTS, command->diagnostics);
    return checking->staging != NULL && notify_begin(command, checking->assessment.workspace.folder, &checking->notify);
}

/* ---- judging ---- */

struct forwarding {
    struct diagnostics *to;
    enum diagnostic_level least;
};

static bool forward(void *context, const struct diagnostic_view *view) {
    const struct forwarding *forwarding = context;

    if (diagnostic_level(view->id) >= forwarding->least) {
        diagnostics_report(forwarding->to, view->id, &view->place, "%s", view->text);
    }
    return true;
}

/*
 * A window is assessed with diagnostics of its own, of which what matters is passed on when its store is closed: of the
 * period itself what is wrong with evidence; of a longer one only what keeps it from being judged, since what was wrong
 * with its evidence was said in its month.
 */
static void close_window(struct checking *checking, size_t index) {
    struct diagnostics *own = checking->own[index];
    struct forwarding forwarding = {checking->command->diagnostics,
                                    index == 0 ? DIAGNOSTIC_EVIDENCE : DIAGNOSTIC_UNVERIFIED};

    store_free(checking->opened[index]);
    checking->opened[index] = NULL;
    if (own != NULL) {
        diagnostics_visit(own, forward, &forwarding);
        diagnostics_free(own);
        checking->own[index] = NULL;
    }
}

static bool assess_window(struct checking *checking, size_t index) {
    struct command *command = checking->command;
    const struct check_window *window = &checking->stores.windows.items[index];
    const struct workspace_period period = {.id = window->id, .span = window->span, .as_of = window->as_of};
    struct command own = *command;

    own.diagnostics = checking->own[index] = diagnostics_new();
    checking->paths[index] =
        arena_format(command->arena, "%s/window-%zu.sqlite", staging_path(checking->assessment.staging), index);
    if (own.diagnostics == NULL || checking->paths[index] == NULL) {
        return no_memory(checking);
    }
    checking->opened[index] = assessment_judge(&own, &checking->assessment.workspace, &period, checking->paths[index]);
    command->progress = own.progress;
    return checking->opened[index] != NULL;
}

static bool assess_windows(struct checking *checking) {
    const struct assessment *assessment = &checking->assessment;
    struct command *command = checking->command;
    const struct check_window period = {
        .id = assessment->period.id, .span = assessment->period.span, .as_of = assessment->period.as_of};
    const char *const writable[] = {assessment->out, NULL};

    checking->stores = (struct check_stores){.arena = command->arena,
                                             .schema = assessment->workspace.schema,
                                             .programme = assessment->workspace.programme,
                                             .stores = checking->opened,
                                             .paths = checking->paths,
                                             .diagnostics = command->diagnostics};
    if (!check_window_begin(command->arena, &period, &checking->stores.windows)) {
        return no_memory(checking);
    }
    if (!assessment_seal(command, &assessment->workspace, writable)) {
        return false;
    }
    if (checking->check_count == 0) {
        return true;
    }
    if (!assess_window(checking, 0)) {
        return false;
    }
    for (size_t i = 0; i < checking->check_count; i++) {
        if (!check_judge_plan(&checking->stores, checking->checks[i])) {
            return false;
        }
    }
    if (checking->stores.windows.count > LIMIT_CHECK_WINDOWS) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, NULL,
                           "the checks look at more than %d different spans; make some of them look at the same",
                           LIMIT_CHECK_WINDOWS);
        return false;
    }
    for (size_t i = 1; i < checking->stores.windows.count; i++) {
        if (!assess_window(checking, i)) {
            return false;
        }
    }
    return true;
}

static bool judge(struct checking *checking) {
    struct arena *arena = checking->command->arena;
    struct check_report *report = &checking->report;
    char date[DATETIME_ISO_BYTES];

    report->results = arena_array(arena, checking->check_count + 1, sizeof *report->results);
    if (report->results == NULL) {
        return no_memory(checking);
    }
    for (size_t i = 0; i < checking->check_count; i++) {
        const struct check_state_check *before = check_state_find(&checking->state, checking->checks[i]->id);
        struct check_result *result = &report->results[report->result_count++];
        if (!check_judge(&checking->stores, checking->checks[i], result)) {
            return false;
        }
        if (!check_judge_overdue(&checking->stores, before, seen_until(checking), result)) {
            return false;
        }
        if (before != NULL && before->checked > seen_until(checking)) {
            datetime_date(before->checked, date);
            report->later = arena_text(arena, date);
            before = NULL; /* what came later is no measure of what was before */
        }
        if (!check_state_compare(arena, before, result, &report->resolved, &report->standing)) {
            return no_memory(checking);
        }
    }
    return true;
}

/* ---- what is left ---- */

/* How a reference of a window is followed: `show` finds the store in DIR/PERIOD. */
static const char *show_words(struct checking *checking, const char *folder, const char *period) {
    struct command *command = checking->command;
    struct buffer text = {0};

    buffer_append_text(&text, "tickmark show");
    if (strcmp(command->options.folder, ".") != 0) {
        buffer_append_text(&text, " -C ");
        hint_word(&text, command->options.folder);
    }
    buffer_append_text(&text, " --out ");
    hint_word(&text, folder);
    buffer_format(&text, " --period %s", period);
    const char *whole = buffer_text(&text);
    const char *kept = whole != NULL ? arena_text(command->arena, whole) : NULL;
    buffer_free(&text);
    return kept;
}

/* Windows that a failure refers to keep their stores: the period's beside the alerts, another's in a folder below. */
static bool publish_window(struct checking *checking, size_t index) {
    struct command *command = checking->command;
    const char *id = checking->stores.windows.items[index].id;
    const char *staged = staging_path(checking->staging);
    const char *folder = index == 0 ? staged : path_join(command->arena, staged, id);
    const char *path = folder != NULL ? path_join(command->arena, folder, STORE_NAME) : NULL;

    checking->shown[index] = show_words(checking, index == 0 ? checking->folder : checking->target, id);
    if (path == NULL || checking->shown[index] == NULL) {
        return no_memory(checking);
    }
    return (index == 0 || file_make_directory(folder, command->diagnostics)) &&
           store_publish(checking->opened[index], path);
}

/* Whether a failure refers to a record of the window. */
static bool is_referred_to(const struct checking *checking, size_t index) {
    const struct check_report *report = &checking->report;

    for (size_t i = 0; i < report->result_count; i++) {
        for (size_t a = 0; a < report->results[i].alert_count; a++) {
            const struct check_alert_result *alert = &report->results[i].alerts[a];
            for (size_t f = 0; f < alert->failure_count; f++) {
                if (alert->failures[f].has_ref && alert->failures[f].window == index) {
                    return true;
                }
            }
        }
    }
    return false;
}

static bool publish_windows(struct checking *checking) {
    bool done = true;

    for (size_t i = 0; done && i < checking->stores.windows.count && checking->check_count > 0; i++) {
        done = (i > 0 && !is_referred_to(checking, i)) || publish_window(checking, i);
        close_window(checking, i);
    }
    if (checking->shown[0] == NULL) {
        checking->shown[0] = show_words(checking, checking->folder, checking->assessment.period.id);
    }
    return done && checking->shown[0] != NULL;
}

static bool write_alerts(struct checking *checking, struct buffer *text) {
    struct command *command = checking->command;
    const char *path = path_join(command->arena, staging_path(checking->staging), ALERTS);

    check_output_json(&checking->report, false, text);
    if (path == NULL || buffer_text(text) == NULL) {
        return no_memory(checking);
    }
    /* A schema or system error found late must not replace the last good output. */
    return file_create_staged(path, text->data, text->length, 0644, command->diagnostics) &&
           diagnostics_count(command->diagnostics, DIAGNOSTIC_UNVERIFIED) == 0 &&
           staging_commit(checking->staging, command->diagnostics);
}

static bool tell(struct checking *checking) {
    struct buffer text = {0};
    bool told = true;

    if (checking->notify != NULL && check_output_has_news(&checking->report)) {
        check_output_json(&checking->report, true, &text);
        told = buffer_text(&text) != NULL
                   ? notify_send(checking->notify, text.data, text.length, checking->command->diagnostics)
                   : no_memory(checking);
    }
    buffer_free(&text);
    return told;
}

/* What is remembered, once everybody was told; a check of what came before the last one changes nothing. */
static bool remember(struct checking *checking) {
    struct command *command = checking->command;
    struct check_report *report = &checking->report;
    struct buffer text = {0};
    bool done = true;

    for (size_t i = 0; done && i < report->result_count; i++) {
        done = check_state_update(command->arena, &checking->state, &report->results[i], &checking->stores.windows,
                                  &report->standing, seen_until(checking));
    }
    check_state_write(&checking->state, &text);
    done = done && buffer_text(&text) != NULL
               ? file_replace(checking->state_path, text.data, text.length, 0644, command->diagnostics)
               : no_memory(checking);
    buffer_free(&text);
    return done;
}

static bool print_result(struct checking *checking, const struct buffer *json) {
    struct command *command = checking->command;

    if (command->options.json_diagnostics) {
        buffer_append(&command->out, json->data, json->length);
        return true;
    }
    if (command->options.quiet && check_output_alerts(&checking->report) == 0) {
        return true;
    }
    return check_output_text(&checking->report, command->width, command->colour, command->arena, &command->out) ||
           no_memory(checking);
}

static bool work(struct checking *checking) {
    struct buffer json = {0};

    checking->report.workspace = &checking->assessment.workspace;
    checking->report.period = &checking->assessment.period;
    checking->report.windows = &checking->stores.windows;
    checking->report.shown = checking->shown;
    checking->report.due = checking->command->options.due;
    bool done = prepare(checking) && assess_windows(checking) && judge(checking) && publish_windows(checking) &&
                write_alerts(checking, &json);
    progress_close(&checking->command->progress);
    if (done) {
        checking->command->shortcomings = check_output_alerts(&checking->report) > 0;
        done = print_result(checking, &json) && tell(checking) && remember(checking);
    }
    buffer_free(&json);
    return done;
}

bool check_command(struct command *command) {
    struct checking *checking = arena_allocate(command->arena, sizeof *checking);

    if (checking == NULL) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to check the controls");
        return false;
    }
    checking->command = command;
    if (command->argument_count > 0) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, NULL,
                           "`check` takes no argument \"%s\"; a group of checks is named with --group",
                           command->arguments[0]);
        return false;
    }
    bool done = work(checking);
    for (size_t i = 0; i < LIMIT_CHECK_WINDOWS; i++) {
        close_window(checking, i);
    }
    notify_end(checking->notify);
    staging_end(checking->staging);
    assessment_close(&checking->assessment);
    return done;
}
