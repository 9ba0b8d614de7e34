#include "cmd/command.h"

#include "base/file.h"
#include "base/path.h"
#include "base/text.h"
#include "cmd/collect_due.h"
#include "cmd/collect_take.h"
#include "cmd/day.h"
#include "write/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define UNCUT_WIDTH 4096 /* a path that is cut is of no use */

/* All that one `collect` does. */
struct collecting {
    struct command *command;
    struct workspace workspace;
    const struct programme_source **sources; /* chosen, in the programme's order */
    size_t source_count;
    struct file_list list; /* of the evidence, before anything is collected */
    const char *folder;    /* COLLECT_FOLDER */
    int lock;
    bool dated; /* --date was given ... */
    int64_t date;
    struct collect_result *results;
    size_t result_count;
};

static bool no_memory(struct collecting *collecting) {
    diagnostics_report(collecting->command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to collect evidence");
    return false;
}

/* Whether the source was named on the command line, or none was. */
static bool is_wanted(const struct command *command, const struct programme_source *source) {
    for (size_t i = 0; i < command->argument_count; i++) {
        if (strcmp(command->arguments[i], source->id) == 0) {
            return true;
        }
    }
    return command->argument_count == 0;
}

/* Every name given must be that of a source with a command. */
static bool check_names(struct collecting *collecting) {
    const struct programme *programme = collecting->workspace.programme;
    struct command *command = collecting->command;
    bool good = true;

    for (size_t i = 0; i < command->argument_count; i++) {
        const char *name = command->arguments[i];
        const struct programme_source *found = NULL;
        for (size_t s = 0; s < programme->source_count; s++) {
            found = strcmp(programme->sources[s].id, name) == 0 ? &programme->sources[s] : found;
        }
        if (found == NULL) {
            const char *near =
                text_nearest(name, programme->sources, programme->source_count, sizeof *programme->sources);
            diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, &programme->place,
                               "no source \"%s\"%s%s%s; name one of those under `sources:`", name,
                               near != NULL ? " (did you mean " : "", near != NULL ? near : "",
                               near != NULL ? "?)" : "");
            good = false;
        } else if (found->command == NULL) {
            diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, &found->place,
                               "source '%s' has no command, so its exports are put there by somebody; add `command:` "
                               "to have them collected",
                               name);
            good = false;
        }
    }
    return good;
}

static bool choose_sources(struct collecting *collecting) {
    const struct programme *programme = collecting->workspace.programme;
    struct command *command = collecting->command;

    collecting->sources = arena_array(command->arena, programme->source_count + 1, sizeof *collecting->sources);
    if (collecting->sources == NULL) {
        return no_memory(collecting);
    }
    if (!check_names(collecting)) {
        return false;
    }
    for (size_t s = 0; s < programme->source_count; s++) {
        if (programme->sources[s].command != NULL && is_wanted(command, &programme->sources[s])) {
            collecting->sources[collecting->source_count++] = &programme->sources[s];
        }
    }
    if (collecting->source_count == 0) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, &programme->place,
                           "no source has a command to collect it with; add `command: [program, argument]` to one");
        return false;
    }
    return true;
}

/*
 * --date is no way to date evidence: of a snapshot it can only be today, so that a job which was to run on another day
 * is refused, and of events it chooses a span that is over, whose export says by itself when things happened.
 */
static bool choose_date(struct collecting *collecting) {
    struct command *command = collecting->command;
    const char *text = command->options.date;
    struct span day;
    bool good = true;

    if (text == NULL) {
        return true;
    }
    if (command->options.due) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, NULL,
                           "--due finds the dates by itself; leave out --date, or --due");
        return false;
    }
    if (!day_read(command, "--date", "2025-12-31", text, &day)) {
        return false;
    }
    collecting->dated = true;
    collecting->date = day.from;
    int64_t now = (int64_t)time(NULL);
    for (size_t i = 0; i < collecting->source_count; i++) {
        const struct programme_source *source = collecting->sources[i];
        struct span span = collect_due_span(source->command->covers, day.from);
        bool snapshot = source->command->covers == PROGRAMME_COVERS_MOMENT;
        if (snapshot && day.from != datetime_day_start(now)) {
            diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, &source->place,
                               "source '%s' exports what there is now, which cannot be dated %s: today is another day "
                               "in UTC; leave out --date",
                               source->id, text);
            good = false;
        } else if (!snapshot && span.until > now) {
            const char *name = collect_due_name(command->arena, source->command->covers, span);
            diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, &source->place,
                               "source '%s' exports what happened in %s, which is not over; wait for its end, or give "
                               "an earlier --date",
                               source->id, name != NULL ? name : text);
            good = false;
        }
    }
    return good;
}

/* Makes the folder where output waits, which others may not read, and keeps other collections out of it. */
static bool lock_folder(struct collecting *collecting) {
    struct command *command = collecting->command;
    int error = 0;

    collecting->folder = path_join(command->arena, collecting->workspace.evidence, COLLECT_FOLDER);
    if (collecting->folder == NULL) {
        return no_memory(collecting);
    }
    struct place place = {.path = collecting->folder};
    if (!file_make_directory(collecting->workspace.evidence, command->diagnostics)) {
        return false;
    }
    if (mkdir(collecting->folder, 0700) != 0 && errno != EEXIST) {
        error = errno;
    } else {
        collecting->lock = open(collecting->folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        error = collecting->lock < 0 ? errno : 0;
    }
    if (error != 0) {
        diagnostics_report_errno(command->diagnostics, DIAGNOSTIC_FILE_WRITE, &place, error,
                                 "the folder where output waits cannot be made, check the permissions");
        return false;
    }
    if (flock(collecting->lock, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_FILE_WRITE, &place,
                           "another collection is at work in this programme folder, wait for it to end");
        return false;
    }
    /* What is no evidence is not to be committed with the evidence either. */
    const char *ignore = path_join(command->arena, collecting->folder, ".gitignore");
    if (ignore == NULL) {
        return no_memory(collecting);
    }
    return file_exists(ignore) || file_create(ignore, "*\n", 2, 0644, command->diagnostics);
}

/* What is odd among the evidence is for `validate` and `run` to say. */
static bool list_evidence(struct collecting *collecting) {
    struct command *command = collecting->command;
    struct diagnostics *unsaid = diagnostics_new();
    bool done =
        unsaid != NULL && file_list(command->arena, collecting->workspace.evidence, true, &collecting->list, unsaid);

    diagnostics_free(unsaid);
    if (!done) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_FILE_READ,
                           &(struct place){.path = collecting->workspace.evidence},
                           "the evidence cannot be listed; `tickmark validate` says why");
    }
    return done;
}

static struct collect_result *add_result(struct collecting *collecting, const struct programme_source *source,
                                         const char *why) {
    struct collect_result *result =
        arena_push(collecting->command->arena, &collecting->results, &collecting->result_count, sizeof *result);

    if (result == NULL) {
        no_memory(collecting);
    } else {
        *result = (struct collect_result){.source = source->id, .state = COLLECT_NOT_DUE, .why = why};
    }
    return result;
}

static bool take(struct collecting *collecting, const struct programme_source *source, struct span span,
                 const char *why) {
    struct collect_result *result = add_result(collecting, source, why);

    const struct collect_place place = {&collecting->workspace, collecting->folder, &collecting->list};
    return result != NULL && collect_take(collecting->command, &place, source, span, result);
}

static int compare_exports(const void *a, const void *b) {
    const struct collect_export *first = a;
    const struct collect_export *second = b;

    return first->span.from != second->span.from
               ? (first->span.from > second->span.from ? 1 : -1)
               : (first->span.until > second->span.until) - (first->span.until < second->span.until);
}

/* The dated files that the source claims, sorted by time. NULL when memory is out, after reporting. */
static struct collect_export *find_exports(struct collecting *collecting, const struct programme_source *source,
                                           size_t *count) {
    const struct file_list *list = &collecting->list;
    struct collect_export *exports = arena_array(collecting->command->arena, list->count + 1, sizeof *exports);

    *count = 0;
    if (exports == NULL) {
        no_memory(collecting);
        return NULL;
    }
    for (size_t i = 0; i < list->count; i++) {
        struct path_match match;
        if (path_match(source->path, list->entries[i].path, &match) && match.dated) {
            exports[(*count)++] =
                (struct collect_export){match.span, list->entries[i].size > 0 || source->empty_reason != NULL};
        }
    }
    qsort(exports, *count, sizeof *exports, compare_exports);
    return exports;
}

static bool take_due(struct collecting *collecting, const struct programme_source *source) {
    struct collect_plan plan;
    size_t count;
    struct collect_export *exports = find_exports(collecting, source, &count);

    if (exports == NULL) {
        return false;
    }
    if (!collect_due_plan(collecting->command->arena, collecting->workspace.schema, collecting->workspace.programme,
                          source, exports, count, (int64_t)time(NULL), &plan)) {
        return no_memory(collecting);
    }
    if (plan.count == 0) {
        return add_result(collecting, source, plan.idle) != NULL;
    }
    for (size_t i = 0; i < plan.count; i++) {
        if (!take(collecting, source, plan.items[i].span, plan.items[i].why)) {
            return false;
        }
    }
    return true;
}

/* The span of a source that is collected whether due or not: today, or the last one that is over. */
static struct span choose_span(const struct collecting *collecting, const struct programme_source *source) {
    int covers = source->command->covers;
    struct span now = collect_due_span(covers, (int64_t)time(NULL));

    if (covers == PROGRAMME_COVERS_MOMENT) {
        return now;
    }
    return collect_due_span(covers, collecting->dated ? collecting->date : now.from - 1);
}

static bool collect_all(struct collecting *collecting) {
    struct command *command = collecting->command;

    progress_stage(&command->progress, "Collecting", collecting->source_count);
    for (size_t i = 0; i < collecting->source_count; i++) {
        const struct programme_source *source = collecting->sources[i];
        if (command->options.due ? !take_due(collecting, source)
                                 : !take(collecting, source, choose_span(collecting, source), NULL)) {
            return false;
        }
        progress_add(&command->progress, 1, 0);
    }
    return true;
}

static const char *const state_names[] = {
    [COLLECT_STORED] = "stored",
    [COLLECT_THERE] = "there already",
    [COLLECT_NONE] = "no evidence",
    [COLLECT_NOT_DUE] = "not due",
};

static bool print_text(const struct collecting *collecting) {
    static const struct terminal_column columns[] = {{"State", false}, {"Source", false}, {"Records", true},
                                                     {"Rows", true},   {"File", false},   {"Why", false}};
    enum { COLUMN_COUNT = sizeof columns / sizeof columns[0] };
    struct command *command = collecting->command;
    const char **cells = arena_array(command->arena, collecting->result_count * COLUMN_COUNT + 1, sizeof *cells);

    if (cells == NULL) {
        return false;
    }
    for (size_t i = 0; i < collecting->result_count; i++) {
        const struct collect_result *result = &collecting->results[i];
        const char **row = &cells[i * COLUMN_COUNT];
        bool stored = result->state == COLLECT_STORED;
        row[0] = state_names[result->state];
        row[1] = result->source;
        row[2] = stored ? arena_format(command->arena, "%" PRIu64, result->records) : "-";
        row[3] = stored ? arena_format(command->arena, "%" PRIu64, result->rows) : "-";
        row[4] = result->path != NULL ? result->path : "-";
        row[5] = result->why != NULL ? result->why : command->options.due ? "-" : "asked for";
        if (row[2] == NULL || row[3] == NULL) {
            return false;
        }
    }
    return terminal_table(columns, COLUMN_COUNT, cells, collecting->result_count, UNCUT_WIDTH, command->colour,
                          &command->out);
}

static void append_string(struct buffer *out, const char *text) {
    if (text == NULL) {
        buffer_append_text(out, "null");
    } else {
        text_json_string(out, text, strlen(text));
    }
}

static void print_json(const struct collecting *collecting) {
    struct buffer *out = &collecting->command->out;

    buffer_append_byte(out, '[');
    for (size_t i = 0; i < collecting->result_count; i++) {
        const struct collect_result *result = &collecting->results[i];
        bool stored = result->state == COLLECT_STORED;
        buffer_append_text(out, i > 0 ? ",\n {\"source\": " : "\n {\"source\": ");
        append_string(out, result->source);
        buffer_format(out, ", \"state\": \"%s\", \"why\": ", state_names[result->state]);
        append_string(out, result->why);
        buffer_append_text(out, ", \"path\": ");
        append_string(out, result->path);
        buffer_append_text(out, ", \"sha256\": ");
        append_string(out, stored ? result->sha256 : NULL);
        buffer_format(out, ", \"records\": %" PRIu64 ", \"rows\": %" PRIu64 "}", stored ? result->records : 0,
                      stored ? result->rows : 0);
    }
    buffer_append_text(out, "\n]\n");
}

bool collect_command(struct command *command) {
    struct collecting collecting = {.command = command, .lock = -1};
    bool done = workspace_open(command, &collecting.workspace) && choose_sources(&collecting) &&
                choose_date(&collecting) && lock_folder(&collecting) && list_evidence(&collecting) &&
                collect_all(&collecting);

    progress_close(&command->progress);
    if (collecting.lock >= 0) {
        close(collecting.lock);
    }
    if (command->options.json_diagnostics) {
        print_json(&collecting);
    } else if (!command->options.quiet && collecting.result_count > 0 && !print_text(&collecting)) {
        return no_memory(&collecting);
    }
    return done;
}
