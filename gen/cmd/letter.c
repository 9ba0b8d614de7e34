#include "cmd/command.h"

#include "base/file_remove.h"
#include "base/path.h"
#include "base/staging.h"
#include "cmd/assessment.h"
#include "cmd/day.h"
#include "cmd/letter.sql.h"
#include "cmd/prior.h"
#include "cmd/report.h"
#include "store/query.h"

#include <string.h>

#define LETTER_TEMPLATE "bridge-letter"
#define LETTER_HTML     LETTER_TEMPLATE ".html" /* every folder of a letter holds it */
#define LETTER_PDF      LETTER_TEMPLATE ".pdf"
/* What a letter may bridge: an auditor's examination is not stretched any further. */
#define LETTER_MONTHS 3

/* One letter, from the assessment it follows to the published folder. */
struct letter {
    struct command *command;
    struct workspace workspace;
    struct workspace_period period; /* the days that the letter may speak of */
    struct prior_files priors;
    const char *target; /* out/bridge-letter-2026-02-28 */
    struct staging *staging;
    const char *store_path;
    struct store *store;
};

static bool out_of_memory(struct letter *letter) {
    diagnostics_report(letter->command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory for the letter");
    return false;
}

static bool refuse(struct letter *letter, const char *why) {
    diagnostics_report(letter->command->diagnostics, DIAGNOSTIC_USAGE, NULL, "%s", why);
    return false;
}

/* The days up to --through; no assessment that ended more than three months before may be followed. */
static bool choose_days(struct letter *letter) {
    struct command *command = letter->command;
    const char *text = command->options.through;
    struct span day;

    if (text == NULL) {
        return refuse(letter, "`letter` wants the last day that it speaks of: --through 2026-02-28");
    }
    if (!day_read(command, "--through", "2026-02-28", text, &day)) {
        return false;
    }
    letter->period = (struct workspace_period){
        .id = arena_format(command->arena, "the last day of the letter, %s", text),
        .span = {datetime_add_months(day.from, -LETTER_MONTHS - 1), day.until},
        .as_of = day.until - 1,
    };
    return letter->period.id != NULL || out_of_memory(letter);
}

/* The one assessment it follows: --prior FILE, or the package of --period in the output folder. */
static bool find_prior(struct letter *letter) {
    struct command *command = letter->command;
    const char *out = workspace_out(command, &letter->workspace);

    if (out == NULL) {
        return false;
    }
    if (command->options.prior.count == 0 && command->options.period != NULL) {
        const char *package = prior_package(command, &letter->workspace, out, command->options.period);
        if (package != NULL) {
            command->options.prior = (struct command_texts){.items = {package}, .count = 1};
        }
    }
    if (command->options.prior.count != 1) {
        return refuse(letter, "a bridge letter follows one assessment, and none is there without it; name its package "
                              "with --prior FILE, or its period with --period P after `tickmark run`");
    }
    const char *folder = arena_format(command->arena, LETTER_TEMPLATE "-%s", command->options.through);
    letter->target = folder != NULL ? path_join(command->arena, out, folder) : NULL;
    return letter->target != NULL ? prior_find(command, &letter->workspace, &letter->period, out, &letter->priors)
                                  : out_of_memory(letter);
}

static bool begin(struct letter *letter) {
    struct command *command = letter->command;

    letter->staging = staging_replace(letter->target, LETTER_HTML, command->diagnostics);
    if (letter->staging == NULL) {
        return false;
    }
    letter->store_path = path_join(command->arena, staging_path(letter->staging), ".letter.sqlite");
    char *output = path_parent(command->arena, letter->target);
    const char *const writable[] = {output, NULL};
    return letter->store_path != NULL && output != NULL ? assessment_seal(command, &letter->workspace, writable)
                                                        : out_of_memory(letter);
}

/* What the letter says is true of a whole period that ended at most three months before. */
static bool check_prior(struct letter *letter) {
    struct query query = {0};
    struct diagnostics *diagnostics = letter->command->diagnostics;
    bool good = query_open(&query, store_connection(letter->store), "letter_prior", sql_letter_prior, diagnostics) &&
                query_step(&query);

    if (good) {
        int64_t until = query_column_integer(&query, 0);
        struct place place = {.path = query_column_text(&query, 2)};
        char last[DATETIME_ISO_BYTES];
        char latest[DATETIME_ISO_BYTES];
        datetime_date(until - 1, last);
        datetime_date(datetime_add_months(until, LETTER_MONTHS) - 1, latest);
        if (query_column_integer(&query, 1) < until - 1) {
            diagnostics_report(diagnostics, DIAGNOSTIC_USAGE, &place,
                               "this assessment was made before its period had ended on %s; a letter follows a whole "
                               "period, so run it again as of its end",
                               last);
            good = false;
        } else if (letter->period.span.until <= until) {
            diagnostics_report(diagnostics, DIAGNOSTIC_USAGE, &place,
                               "its period ends on %s; a bridge letter speaks of days after that", last);
            good = false;
        } else if (letter->period.span.until > datetime_add_months(until, LETTER_MONTHS)) {
            diagnostics_report(diagnostics, DIAGNOSTIC_USAGE, &place,
                               "its period ended on %s, and a bridge letter covers at most three months, up to %s; "
                               "assess a further period",
                               last, latest);
            good = false;
        }
    }
    return query_close(&query) && good;
}

/* A store that holds what is known of the assessment, and management's own statements. */
static bool fill_store(struct letter *letter) {
    struct command *command = letter->command;
    const struct store_options options = {
        .period = letter->period.id,
        .span = letter->period.span,
        .as_of = letter->period.as_of,
        .profile = LETTER_TEMPLATE,
        .version = COMMAND_VERSION,
    };
    const char *scratch = path_join(command->arena, staging_path(letter->staging), ".prior");

    if (scratch == NULL) {
        return out_of_memory(letter);
    }
    letter->store = store_create(letter->store_path, letter->workspace.schema, letter->workspace.programme, &options,
                                 command->diagnostics);
    return letter->store != NULL && prior_take(command, &letter->priors, scratch, letter->store) && check_prior(letter);
}

static bool write_files(struct letter *letter) {
    struct command *command = letter->command;
    const char *folder = staging_path(letter->staging);
    const struct report_paths paths = {.store = letter->store_path,
                                       .html = path_join(command->arena, folder, LETTER_HTML),
                                       .pdf = path_join(command->arena, folder, LETTER_PDF)};

    return paths.html != NULL && paths.pdf != NULL
               ? report_template(command, &letter->workspace, &letter->period, LETTER_TEMPLATE, &paths)
               : out_of_memory(letter);
}

static bool work(struct letter *letter) {
    struct command *command = letter->command;

    if (!choose_days(letter) || !workspace_open_used(command, &letter->workspace) || !find_prior(letter) ||
        !begin(letter) || !fill_store(letter) || !write_files(letter)) {
        return false;
    }
    progress_close(&command->progress);
    store_free(letter->store);
    letter->store = NULL;
    if (!file_remove_tree(letter->store_path, command->diagnostics) ||
        !staging_commit(letter->staging, command->diagnostics)) {
        return false;
    }
    if (!command->options.quiet) {
        buffer_format(&command->out,
                      "%s/" LETTER_HTML "\n%s/" LETTER_PDF "\n"
                      "A draft for management to read, correct and sign. It is management's, and no assurance.\n",
                      letter->target, letter->target);
    }
    return true;
}

bool letter_command(struct command *command) {
    struct letter letter = {.command = command};

    if (command->argument_count > 0) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, NULL,
                           "`letter` takes no argument \"%s\"; the assessment is named with --prior FILE",
                           command->arguments[0]);
        return false;
    }
    bool done = work(&letter);
    progress_close(&command->progress);
    store_free(letter.store);
    staging_end(letter.staging);
    return done;
}
