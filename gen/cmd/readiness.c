#include "cmd/command.h"

#include "assess/mock_audit.h"
#include "assess/readiness.h"
#include "base/file.h"
#include "base/path.h"
#include "base/staging.h"
#include "cmd/assessment.h"
#include "cmd/day.h"
#include "cmd/report.h"
#include "cmd/sample.h"
#include "config/readiness_rules.h"
#include "write/readiness.h"

#include <string.h>

#define READINESS_NAME  "readiness" /* of the template and of the outputs */
#define READINESS_DATA  READINESS_NAME ".json"
#define READINESS_NONCE "mock audit" /* where none is given */
#define DAY_SECONDS     86400

struct readiness {
    struct command *command;
    struct assessment assessment;
    struct readiness_input input;
    struct readiness_counts counts;
    int64_t failed; /* controls that the mock audit would have failed */
    struct staging *staging;
    const char *target; /* out/2025-Q4-readiness */
    const char *data;   /* readiness.json in the staging folder */
    struct report_paths paths;
};

static bool out_of_memory(struct readiness *readiness) {
    diagnostics_report(readiness->command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to begin");
    return false;
}

/* --submission, or the programme's, or the rule's. */
static bool choose_submission(struct readiness *readiness, int64_t *day) {
    struct command *command = readiness->command;
    const char *text = command->options.submission;
    struct span span;

    if (text != NULL) {
        if (!day_read(command, "--submission", "2026-01-14", text, &span)) {
            return false;
        }
        *day = span.from;
        if (*day < readiness->assessment.period.span.from) {
            diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, NULL,
                               "--submission %s is before the period begins, of which nothing is known then; name a "
                               "later day, or another period",
                               text);
            return false;
        }
    } else if (readiness->input.programme->submission != INT64_MIN) {
        *day = readiness->input.programme->submission;
    } else {
        *day = readiness_submission(readiness->input.rules, &readiness->input.days, readiness->assessment.period.span);
    }
    return true;
}

/* A plan begins on a business day; one that was chosen and is none is moved to the next, and said. */
static int64_t business_day(struct readiness *readiness, const char *what, const struct place *place, int64_t day) {
    int64_t moved = business_day_from(&readiness->input.days, day);

    if (moved != day) {
        char from[DATETIME_ISO_BYTES];
        char to[DATETIME_ISO_BYTES];
        datetime_date(day, from);
        datetime_date(moved, to);
        diagnostics_report(readiness->command->diagnostics, DIAGNOSTIC_NO_BUSINESS_DAY, place,
                           "the day of the %s, %s, is no business day; %s is taken", what, from, to);
    }
    return moved;
}

static bool configure(struct readiness *readiness) {
    struct command *command = readiness->command;
    struct readiness_input *input = &readiness->input;
    struct assessment *assessment = &readiness->assessment;
    const struct workspace *workspace = &assessment->workspace;
    int64_t submission = 0;

    if (!assessment_configure(command, assessment) ||
        !prior_find(command, &assessment->workspace, &assessment->period, assessment->out, &assessment->priors)) {
        return false;
    }
    if (command->options.mock && !workspace->schema->sampling.given) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_SAMPLE_SIZE, NULL,
                           "the schema has no sampling.yaml, so that nothing says how many items a mock audit draws; "
                           "copy the one that tickmark ships");
        return false;
    }
    const char *rules = path_join(command->arena, workspace->templates, READINESS_NAME ".yaml");
    if (rules == NULL) {
        return out_of_memory(readiness);
    }
    input->diagnostics = command->diagnostics;
    input->programme = workspace->programme;
    input->days = input->programme->holidays;
    input->rules = readiness_rules_load(command->arena, rules, command->diagnostics);
    if (input->rules == NULL || !choose_submission(readiness, &submission)) {
        return false;
    }
    const struct place *place = &input->programme->place;
    input->submission =
        business_day(readiness, "submission", command->options.submission != NULL ? NULL : place, submission);
    input->start =
        input->programme->start != INT64_MIN
            ? business_day(readiness, "start", place, input->programme->start)
            : business_day_from(&input->days, datetime_day_start(readiness->assessment.period.as_of) + DAY_SECONDS);
    input->package = arena_format(command->arena, "%s-%s-portfolio.zip", input->programme->organisation_slug,
                                  readiness->assessment.period.id);
    return input->package != NULL || out_of_memory(readiness);
}

/* All kinds, to say which of them would give a type. What is wrong in one that no source names is no matter here. */
static void know_kinds(struct readiness *readiness) {
    struct diagnostics *unheard = diagnostics_new();

    if (unheard != NULL) {
        readiness->input.known =
            schema_load(readiness->command->arena, readiness->assessment.workspace.schema_folder, unheard);
    }
    diagnostics_free(unheard);
}

static bool open_staging(struct readiness *readiness) {
    struct command *command = readiness->command;
    const struct assessment *assessment = &readiness->assessment;
    const char *name = arena_format(command->arena, "%s-" READINESS_NAME, assessment->period.id);

    readiness->target = name != NULL ? path_join(command->arena, assessment->out, name) : NULL;
    if (readiness->target == NULL) {
        return out_of_memory(readiness);
    }
    readiness->staging = staging_replace(readiness->target, READINESS_DATA, command->diagnostics);
    if (readiness->staging == NULL) {
        return false;
    }
    const char *folder = staging_path(readiness->staging);
    readiness->data = path_join(command->arena, folder, READINESS_DATA);
    if (readiness->data == NULL) {
        return out_of_memory(readiness);
    }
    if (!report_name(command, folder, READINESS_NAME, &readiness->paths)) {
        return false;
    }
    readiness->paths.store = assessment->path;
    return true;
}

static bool write_outputs(struct readiness *readiness) {
    struct command *command = readiness->command;
    const struct assessment *assessment = &readiness->assessment;
    struct buffer data = {0};
    sqlite3 *store = store_connection(assessment->store);
    bool done =
        report_template(command, &assessment->workspace, &assessment->period, READINESS_NAME, &readiness->paths) &&
        readiness_json(store, &data, command->diagnostics) &&
        file_create_staged(readiness->data, data.data, data.length, 0644, command->diagnostics);

    progress_close(&command->progress);
    if (done && command->options.json_diagnostics) {
        buffer_append(&command->out, data.data, data.length);
    } else if (done && !command->options.quiet) {
        done = readiness_text(store, command->width, command->colour, &command->out, command->diagnostics);
        buffer_format(&command->out, "\nReport  %s/" READINESS_NAME ".pdf\n", readiness->target);
    }
    buffer_free(&data);
    return done;
}

/* The auditor's part, where it is asked for. */
static bool play_auditor(struct readiness *readiness) {
    const struct command *command = readiness->command;
    const struct assessment *assessment = &readiness->assessment;
    const struct mock_audit_input input = {
        .schema = assessment->workspace.schema,
        .programme = assessment->workspace.programme,
        .nonce = command->options.nonce != NULL ? command->options.nonce : READINESS_NONCE,
        .diagnostics = command->diagnostics,
    };

    return !command->options.mock || mock_audit_run(assessment->store, assessment->path, &input, &readiness->failed);
}

static bool work(struct readiness *readiness) {
    struct command *command = readiness->command;

    if (!configure(readiness) || !open_staging(readiness)) {
        return false;
    }
    know_kinds(readiness);
    if (!assessment_gather(command, NULL, &readiness->assessment) ||
        !readiness_run(readiness->assessment.store, readiness->assessment.path, &readiness->input,
                       &readiness->counts) ||
        !play_auditor(readiness) || !write_outputs(readiness)) {
        return false;
    }
    command->shortcomings = readiness->counts.missing > 0 || readiness->failed > 0;
    return diagnostics_count(command->diagnostics, DIAGNOSTIC_UNVERIFIED) == 0 &&
           staging_commit(readiness->staging, command->diagnostics);
}

bool readiness_command(struct command *command) {
    struct readiness readiness = {.command = command};

    if (command->argument_count > 0) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, NULL,
                           "`readiness` takes no argument \"%s\"; the programme folder is given with -C DIR",
                           command->arguments[0]);
        return false;
    }
    if (command->options.nonce != NULL && !command->options.mock) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, NULL,
                           "--nonce is what the samples of --mock are drawn with; give both or neither");
        return false;
    }
    if (command->options.nonce != NULL && !sample_nonce_good(command, command->options.nonce)) {
        return false;
    }
    bool done = work(&readiness);
    progress_close(&command->progress);
    staging_end(readiness.staging);
    assessment_close(&readiness.assessment);
    return done;
}
