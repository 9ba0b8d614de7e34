#include "cmd/command.h"

#include "assess/assess.h"
#include "assess/mutation.h"
#include "base/file.h"
#include "base/file_remove.h"
#include "base/path.h"
#include "base/staging.h"
#include "cmd/assessment.h"
#include "cmd/bundle.h"
#include "cmd/gather.h"
#include "cmd/report.h"
#include "cmd/run.sql.h"
#include "cmd/workspace.h"
#include "pack/package.h"
#include "store/query.h"
#include "store/store.h"
#include "trust/keys.h"
#include "trust/sign.h"
#include "write/terminal.h"

#include <pthread.h>
#include <string.h>
#include <unistd.h>

/* One run, from configuration to the published folder. */
struct run {
    struct command *command;
    struct workspace workspace;
    struct workspace_period period;
    struct signer signer;
    struct prior_files priors;
    struct staging *staging;
    const char *target;        /* out/2025-Q4 */
    const char *working_store; /* in the staging folder, removed before it is published */
    const char *package_name;
    const char *package_path;
    struct report_paths paths;
    struct challenge_job *challenges;
    struct report *report;
    struct store *store;
    struct package *package;
    struct bundle *sources; /* on their way into the package */
    int released;           /* the working store, which has no name any more */
    bool releasing;
    pthread_t release;
    sqlite3 *published;
    struct buffer told;    /* what the terminal is to say of the published store */
    struct buffer summary; /* as it is inside the package */
    size_t summary_package_at;
    uint8_t package_digest[DIGEST_BYTES];
};

static bool out_of_memory(struct run *run) {
    diagnostics_report(run->command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory for the run");
    return false;
}

static bool load_signer(struct run *run) {
    struct command *command = run->command;
    const struct programme *programme = run->workspace.programme;
    int64_t descriptor = -1;
    const char *text = command->options.passphrase_fd;

    if (programme->signing_key == NULL || programme->signing_certificate == NULL) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, &programme->place,
                           "no signing key is declared; add `signing: {key: .., certificate: ..}` and make a pair with "
                           "`tickmark keygen`");
        return false;
    }
    if (text != NULL && (!value_integer(text, strlen(text), &descriptor) || descriptor < 0 || descriptor > 1023)) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, NULL,
                           "--passphrase-fd wants the number of an open descriptor, not \"%s\"", text);
        return false;
    }
    const char *key = workspace_path(command, &run->workspace, programme->signing_key);
    const char *certificate = workspace_path(command, &run->workspace, programme->signing_certificate);
    return key != NULL && certificate != NULL &&
           keys_load(key, certificate, (int)descriptor, command->signing_time, &run->signer, command->diagnostics);
}

/* Names every output; all are written into the staging folder. */
static bool open_staging(struct run *run) {
    struct command *command = run->command;
    const char *out = workspace_out(command, &run->workspace);

    run->target = out != NULL ? path_join(command->arena, out, run->period.id) : NULL;
    if (run->target == NULL) {
        return out_of_memory(run);
    }
    if (!prior_find(command, &run->workspace, &run->period, out, &run->priors)) {
        return false;
    }
    run->staging = staging_replace(run->target, REPORT_SUMMARY, command->diagnostics);
    if (run->staging == NULL) {
        return false;
    }
    const char *folder = staging_path(run->staging);
    run->working_store = arena_format(command->arena, "%s/.working.sqlite", folder);
    run->package_name = arena_format(command->arena, "%s-%s-%s.zip", run->workspace.programme->organisation_slug,
                                     run->period.id, command->options.profile);
    if (run->working_store == NULL || run->package_name == NULL) {
        return out_of_memory(run);
    }
    run->package_path = path_join(command->arena, folder, run->package_name);
    return run->package_path != NULL ? report_name(command, folder, command->options.profile, &run->paths)
                                     : out_of_memory(run);
}

static bool seal(struct run *run) {
    char *output = path_parent(run->command->arena, run->target);
    const char *const writable[] = {output, NULL};

    return output != NULL ? assessment_seal(run->command, &run->workspace, writable) : out_of_memory(run);
}

static bool open_package(struct run *run) {
    struct command *command = run->command;
    const struct programme *programme = run->workspace.programme;
    char *identifier = arena_format(command->arena, "%s-%s-%s", programme->organisation_slug, run->period.id,
                                    command->options.profile);
    char *description = arena_format(command->arena, "SOC 2 control evidence %s of %s for %s, prepared by management",
                                     command->options.profile, programme->organisation, run->period.id);

    if (identifier == NULL || description == NULL) {
        return out_of_memory(run);
    }
    const struct package_identity identity = {
        .date = run->period.as_of,
        .organisation = programme->organisation,
        .contact = programme->contact,
        .identifier = identifier,
        .description = description,
        .agent = "tickmark " COMMAND_VERSION,
    };
    run->package = package_create(run->package_path, &identity, command->diagnostics);
    return run->package != NULL;
}

static bool open_store(struct run *run) {
    struct command *command = run->command;
    const struct store_options options = {
        .period = run->period.id,
        .span = run->period.span,
        .as_of = run->period.as_of,
        .profile = command->options.profile,
        .version = COMMAND_VERSION,
    };

    run->store = store_create(run->working_store, run->workspace.schema, run->workspace.programme, &options,
                              command->diagnostics);
    return run->store != NULL;
}

/* What only the command knows: who signs, and with what kind of key. */
static bool describe_signer(struct run *run) {
    struct command *command = run->command;
    struct query meta = {0};
    struct buffer subject = {0};

    if (!keys_subject(run->signer.certificate, &subject)) {
        buffer_free(&subject);
        return out_of_memory(run);
    }
    const char *const values[][2] = {
        {"signer", buffer_text(&subject)},
        {"development_key", run->workspace.programme->signing_development ? "1" : "0"},
    };
    if (query_open(&meta, store_connection(run->store), "run_meta", sql_run_meta, command->diagnostics)) {
        for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
            query_text(&meta, 1, values[i][0]);
            query_text(&meta, 2, values[i][1]);
            query_run(&meta);
        }
    }
    buffer_free(&subject);
    return query_close(&meta);
}

/* How many altered records of its challenges each test catches, where the run is to say so. */
static bool mutate(struct run *run) {
    struct command *command = run->command;
    struct mutation_results results;

    return !command->options.mutate ||
           (mutation_run(run->workspace.schema, NULL, 0, command->arena, &results, command->diagnostics) &&
            mutation_write(run->store, &results, command->diagnostics));
}

/* What it reports is noted in the store like all else, and not while that is done. */
static bool end_sources(struct run *run) {
    bool done = bundle_end(run->sources);

    run->sources = NULL;
    return done;
}

static bool assess(struct run *run) {
    struct command *command = run->command;
    const char *scratch = arena_format(command->arena, "%s/.prior", staging_path(run->staging));

    if (scratch == NULL) {
        return out_of_memory(run);
    }
    run->challenges = challenge_job_begin(run->workspace.schema, command->diagnostics);
    if (run->challenges == NULL || !open_package(run) || !open_store(run) || !describe_signer(run) ||
        !prior_take(command, &run->priors, scratch, run->store) ||
        !gather_evidence(command, &run->workspace, &run->period, run->store, run->package)) {
        return false;
    }
    run->sources = bundle_begin(command, &run->workspace, run->package);
    if (run->sources == NULL || !store_load_finish(run->store) ||
        !assess_run(run->store, run->working_store, run->workspace.schema, run->workspace.programme, run->challenges,
                    &command->progress, command->diagnostics) ||
        !mutate(run) || !end_sources(run) ||
        !store_note_diagnostics(run->store, command->diagnostics, run->workspace.folder)) {
        return false;
    }
    return store_settle(run->store);
}

static bool found_shortcomings(struct run *run) {
    struct query query = {0};
    bool found =
        query_open(&query, run->published, "run_shortcomings", sql_run_shortcomings, run->command->diagnostics) &&
        query_step(&query) && query_column_integer(&query, 0) > 0;

    return query_close(&query) && found;
}

static void *release(void *context) {
    const struct run *run = context;

    close(run->released);
    return NULL;
}

/*
 * Takes the working store's name away. Giving back the room of a large one takes its time, so that this goes on while
 * the package is completed.
 */
static bool remove_working_store(struct run *run) {
    run->released = file_open(run->working_store); /* without it, all is given back at once */
    bool removed = file_remove_tree(run->working_store, run->command->diagnostics);

    run->releasing = run->released >= 0 && pthread_create(&run->release, NULL, release, run) == 0;
    if (run->released >= 0 && !run->releasing) {
        close(run->released);
    }
    return removed;
}

static void end_release(struct run *run) {
    if (run->releasing) {
        pthread_join(run->release, NULL);
        run->releasing = false;
    }
}

/* What is left to do with the stores, and with the outputs that are whole. */
static bool close_stores(struct run *run) {
    struct command *command = run->command;
    bool prints = !command->options.quiet && !command->options.json_diagnostics;

    store_free(run->store);
    run->store = NULL;
    command->shortcomings = found_shortcomings(run);
    bool done =
        !prints || terminal_write(run->published, command->width, command->colour, &run->told, command->diagnostics);
    sqlite3_close(run->published);
    run->published = NULL;
    return remove_working_store(run) && done && staging_sync(run->staging, command->diagnostics);
}

/* While a thread renders the document and writes the PDF, all that does not need them is done, and packed. */
static bool pack_reports(struct run *run) {
    struct command *command = run->command;
    struct report *report = report_begin(command, &run->workspace, &run->period, &run->paths, run->working_store);
    bool published = report != NULL && store_publish(run->store, run->paths.store);

    run->report = report;
    run->published = published ? report_open_store(command, run->paths.store) : NULL;
    bool packed =
        run->published != NULL &&
        report_data(report, &run->workspace, &run->paths, run->published, &run->summary, &run->summary_package_at) &&
        report_html(report) && bundle_outputs(command, &run->paths, run->package) && close_stores(run);
    return report_pdf(report) && packed && bundle_pdf(command, &run->paths, run->package);
}

/* Whether the XML is as it should be, which a thread has looked at meanwhile: else nothing is published. */
static bool end_report(struct run *run) {
    bool sound = report_end(run->report);

    run->report = NULL;
    return sound;
}

static bool finish_package(struct run *run) {
    struct command *command = run->command;

    return pack_reports(run) && package_end_payload(run->package) &&
           sign_package(run->package, &run->signer, command->signing_time, command->diagnostics) &&
           package_finish(run->package, run->package_digest) && end_report(run);
}

/* The summary beside the package, unlike the one inside, names the package and its digest; `text` receives it. */
static bool write_summary(struct run *run, const char *digest, struct buffer *text) {
    struct command *command = run->command;
    uint64_t bytes = 0;
    bool done = file_size(run->package_path, &bytes, command->diagnostics);
    const struct summary_package package = {run->package_name, digest, (int64_t)bytes};

    summary_name(&run->summary, run->summary_package_at, &package, text);
    if (text->failed) {
        return out_of_memory(run);
    }
    return done && file_remove_tree(run->paths.summary, command->diagnostics) &&
           file_create_staged(run->paths.summary, text->data, text->length, 0644, command->diagnostics);
}

static bool print_result(struct run *run, const char *digest, const struct buffer *summary) {
    struct command *command = run->command;

    if (command->options.json_diagnostics) {
        buffer_append(&command->out, summary->data, summary->length);
        return true;
    }
    if (command->options.quiet) {
        return true;
    }
    buffer_append(&command->out, run->told.data, run->told.length);
    buffer_format(&command->out, "\nPackage  %s/%s\nSHA-256  %s\n", run->target, run->package_name, digest);
    if (command->shortcomings) {
        buffer_append_text(&command->out, "\nExit status 1: the package is complete, and it shows exceptions, or "
                                          "evidence that is insufficient or awaited.\n");
    }
    return !run->told.failed || out_of_memory(run);
}

static bool work(struct run *run) {
    struct command *command = run->command;
    char digest[DIGEST_HEX_BYTES];

    if (!workspace_open_used(command, &run->workspace) ||
        !workspace_choose_period(command, &run->workspace, &run->period) ||
        !report_known(command, &run->workspace, command->options.profile) || !load_signer(run) || !open_staging(run) ||
        !seal(run) || !assess(run) || !finish_package(run)) {
        return false;
    }
    workspace_note_length(command, &run->workspace, &run->period);
    digest_hex(run->package_digest, digest);
    progress_close(&command->progress);
    struct buffer summary = {0};
    bool told = write_summary(run, digest, &summary) && print_result(run, digest, &summary);
    buffer_free(&summary);
    /* A schema or system error found late must not replace the last good output. */
    return told && diagnostics_count(command->diagnostics, DIAGNOSTIC_UNVERIFIED) == 0 &&
           staging_commit(run->staging, command->diagnostics);
}

bool run_command(struct command *command) {
    struct run run = {.command = command};

    if (command->argument_count > 0) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, NULL,
                           "`run` takes no argument \"%s\"; the programme folder is given with -C DIR",
                           command->arguments[0]);
        return false;
    }
    bool done = work(&run);
    progress_close(&command->progress);
    challenge_job_free(run.challenges);
    if (run.sources != NULL) {
        (void)bundle_end(run.sources); /* the run failed already */
    }
    (void)report_end(run.report); /* of a run that failed, which has been reported */
    end_release(&run);
    package_free(run.package);
    store_free(run.store);
    sqlite3_close(run.published);
    buffer_free(&run.summary);
    buffer_free(&run.told);
    staging_end(run.staging);
    keys_free(&run.signer);
    return done;
}
