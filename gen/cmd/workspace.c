#include "cmd/workspace.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/path.h"
#include "base/text.h"
#include "cmd/day.h"

#include <string.h>

/* What examinations over a period cover. */
#define PERIOD_MOST_MONTHS 12
#define PERIODS_NAMED      12 /* in a message */

const char *workspace_path(struct command *command, const struct workspace *workspace, const char *path) {
    const char *joined = path_join(command->arena, workspace->folder, path);

    if (joined == NULL) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory for the path of %s", path);
    }
    return joined;
}

const char *workspace_out(struct command *command, const struct workspace *workspace) {
    return command->options.out != NULL ? command->options.out : workspace_path(command, workspace, "out");
}

/* The folder without slashes at its end, so that `-C acme//` writes the paths, and so the store, of `-C acme`. */
static const char *plain_folder(struct arena *arena, const char *folder) {
    size_t length = strlen(folder);

    while (length > 1 && folder[length - 1] == '/') {
        length--;
    }
    return arena_copy(arena, folder, length);
}

static bool open_schema(struct command *command, struct workspace *out, bool used) {
    struct text_list kinds;

    *out = (struct workspace){.folder = plain_folder(command->arena, command->options.folder)};
    if (out->folder == NULL) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory for the path of the folder");
        return false;
    }
    out->inputs = workspace_path(command, out, "inputs");
    out->evidence = workspace_path(command, out, "inputs/evidence");
    out->schema_folder = workspace_path(command, out, "schema");
    out->templates = workspace_path(command, out, "templates");
    if (out->inputs == NULL || out->evidence == NULL || out->schema_folder == NULL || out->templates == NULL) {
        return false;
    }
    if (!file_is_directory(out->schema_folder)) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_NO_PROGRAMME, &(struct place){.path = out->folder},
                           "no folder schema/ here; name the programme folder with -C DIR, or make one with "
                           "`tickmark init DIR`");
        return false;
    }
    used = used && programme_kinds(command->arena, out->folder, &kinds);
    out->schema = schema_load_used(command->arena, out->schema_folder, used ? &kinds : NULL, command->diagnostics);
    return out->schema != NULL;
}

bool workspace_open_schema(struct command *command, struct workspace *out) {
    return open_schema(command, out, false);
}

static bool open_both(struct command *command, struct workspace *out, bool used) {
    if (!open_schema(command, out, used)) {
        return false;
    }
    out->programme = programme_load(command->arena, out->folder, out->schema, command->diagnostics);
    return out->programme != NULL;
}

bool workspace_open(struct command *command, struct workspace *out) {
    return open_both(command, out, false);
}

bool workspace_open_used(struct command *command, struct workspace *out) {
    return open_both(command, out, true);
}

/* What is wrong with a period that is written as FROM..TO; NULL where it is not. */
static const char *range_fault(const char *name) {
    const char *dots = strstr(name, "..");
    struct span first;
    struct span last;

    if (dots == NULL) {
        return NULL;
    }
    if (strpbrk(name, " T:") != NULL) {
        return "a period is made of whole days in UTC, without blanks or times";
    }
    if (!datetime_span(name, (size_t)(dots - name), &first)) {
        return "what stands before the two dots is no date";
    }
    if (strstr(dots + 2, "..") != NULL || !datetime_span(dots + 2, strlen(dots + 2), &last)) {
        return "what stands after the two dots is no date";
    }
    return first.from >= last.until ? "it ends before it begins" : NULL;
}

static bool report_no_period(struct command *command, const struct programme *programme, const char *name) {
    const char *fault = range_fault(name);
    const char *near = text_nearest(name, programme->periods, programme->period_count, sizeof *programme->periods);

    if (fault != NULL) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, NULL,
                           "no period \"%.200s\": %s; write it as 2025-10-01..2025-12-31, both days included", name,
                           fault);
        return false;
    }
    diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, &programme->place,
                       "no period \"%.200s\"%s%s%s; declare it under `periods:` or write it as 2025-Q4 or "
                       "2025-10-01..2025-12-31",
                       name, near != NULL ? " (did you mean " : "", near != NULL ? near : "", near != NULL ? "?)" : "");
    return false;
}

void workspace_note_length(struct command *command, const struct workspace *workspace,
                           const struct workspace_period *period) {
    const struct span *span = &period->span;
    const char *than = span->until < datetime_add_months(span->from, PROGRAMME_LEAST_MONTHS) ? "shorter than 3 months"
                       : span->until > datetime_add_months(span->from, PERIOD_MOST_MONTHS)   ? "longer than 12 months"
                                                                                             : NULL;

    if (than != NULL && !workspace->programme->type_one) {
        diagnostics_report(
            command->diagnostics, DIAGNOSTIC_PERIOD_LENGTH, NULL,
            "%s is %s: a Type II examination covers 3 to 12 months, so ask the auditor before relying on it",
            period->id, than);
    }
}

/* Several periods, and none was asked for. */
static void report_choice(struct command *command, const struct programme *programme) {
    struct buffer names = {0};

    for (size_t i = 0; i < programme->period_count && i < PERIODS_NAMED; i++) {
        buffer_format(&names, "%s%s", i > 0 ? ", " : "", programme->periods[i].id);
    }
    diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, &programme->place,
                       "%zu periods are declared; choose one with --period: %s%s", programme->period_count,
                       names.failed ? "" : buffer_text(&names), programme->period_count > PERIODS_NAMED ? " ..." : "");
    buffer_free(&names);
}

bool workspace_choose_period(struct command *command, const struct workspace *workspace, struct workspace_period *out) {
    const struct programme *programme = workspace->programme;
    const char *name = command->options.period;

    if (name == NULL && programme->period_count == 1) {
        name = programme->periods[0].id;
    }
    if (name == NULL) {
        if (programme->period_count == 0) {
            diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, &programme->place,
                               "no period is declared; add one under `periods:`, or give --period 2025-Q4");
        } else {
            report_choice(command, programme);
        }
        return false;
    }
    if (!programme_period(programme, name, &out->span)) {
        return report_no_period(command, programme, name);
    }
    if ((out->span.until - out->span.from) / 86400 > LIMIT_PERIOD_DAYS) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, NULL, "the period %s has more than %d days", name,
                           LIMIT_PERIOD_DAYS);
        return false;
    }
    out->id = name;
    out->as_of = out->span.until - 1;
    if (command->options.as_of != NULL) {
        struct span day;
        const char *text = command->options.as_of;
        if (!day_read(command, "--as-of", "2025-12-31", text, &day)) {
            return false;
        }
        if (day.from < out->span.from) {
            diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, NULL,
                               "--as-of wants a day from the period's start on, and %s is before it", text);
            return false;
        }
        out->as_of = day.until - 1;
    }
    return true;
}
