#include "cmd/sample.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/path.h"
#include "base/staging.h"
#include "base/text.h"
#include "base/value.h"
#include "cmd/sample_file.h"
#include "cmd/sample_list.h"
#include "cmd/sample_print.h"
#include "cmd/sample_request.h"
#include "cmd/sample_take.h"

#include <string.h>

static bool usage(struct command *command, const char *what) {
    diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, NULL, "%s; see `tickmark sample --help`", what);
    return false;
}

/* The index of a word in a NULL-terminated list; reports where it is none of them. */
static bool choose(struct command *command, const char *option, const char *word, const char *const *words,
                   size_t *index) {
    size_t count = 0;

    for (; words[count] != NULL; count++) {
        if (strcmp(words[count], word) == 0) {
            *index = count;
            return true;
        }
    }
    const char *near = text_nearest(word, words, count, sizeof words[0]);
    diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, NULL,
                       "%s does not know \"%s\"%s%s%s; see `tickmark "
                       "sample --help`",
                       option, word, near != NULL ? " (did you mean " : "", near != NULL ? near : "",
                       near != NULL ? "?)" : "");
    return false;
}

/* What the options ask for. */
static bool read_wish(struct command *command, struct sample_wish *wish) {
    const struct command_options *options = &command->options;
    size_t method = options->stratum != NULL ? SAMPLE_STRATIFIED : SAMPLE_RANDOM;
    size_t risk = SAMPLING_RISK_LOWER;
    int64_t size = 0;

    if (command->argument_count > 0) {
        return usage(command, "a draw takes no argument");
    }
    if (options->test == NULL || options->nonce == NULL) {
        return usage(command, "a draw wants --test with the id of a test, and --nonce with the text that the auditor "
                              "gave");
    }
    if (options->size != NULL && options->rule != NULL) {
        return usage(command, "--size and --rule both say how many items are drawn; give one");
    }
    if (options->size != NULL && options->risk != NULL) {
        return usage(command, "--risk chooses within a rule, and --size needs none; give one");
    }
    if (options->size != NULL &&
        (!value_integer(options->size, strlen(options->size), &size) || size < 1 || size > LIMIT_SAMPLE_ITEMS)) {
        return usage(command, "--size wants a number of items from 1 to 10000");
    }
    if ((options->method != NULL && !choose(command, "--method", options->method, sample_draw_methods, &method)) ||
        (options->risk != NULL && !choose(command, "--risk", options->risk, schema_risk_names, &risk))) {
        return false;
    }
    if ((method == SAMPLE_STRATIFIED) != (options->stratum != NULL)) {
        return usage(command, "--method stratified and --stratum (quarter, month, source or a column) belong together");
    }
    *wish = (struct sample_wish){
        .test = options->test,
        .nonce = options->nonce,
        .method = (enum sample_method)method,
        .stratum = options->stratum != NULL ? options->stratum : "",
        .size = (uint64_t)size,
        .rule = options->rule,
        .risk = (enum sampling_risk)risk,
        .risk_given = options->risk != NULL,
    };
    return sample_nonce_good(command, options->nonce);
}

static bool same_bytes(const char *a, const char *b) {
    uint8_t first[DIGEST_BYTES];
    uint8_t second[DIGEST_BYTES];

    return file_digest(a, first) && file_digest(b, second) && memcmp(first, second, DIGEST_BYTES) == 0;
}

/* A draw that is there stays as it is, since somebody may have filled it in; another one in its place is refused. */
static bool meet_existing(struct command *command, const char *folder, const char *staged) {
    static const char *const files[] = {SAMPLE_DRAW_FILE, SAMPLE_LIST_FILE};
    const struct place place = {.path = folder};

    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        const char *there = path_join(command->arena, folder, files[i]);
        const char *here = path_join(command->arena, staged, files[i]);
        if (there == NULL || here == NULL) {
            return sample_out_of_memory(command);
        }
        if (!same_bytes(there, here)) {
            diagnostics_report(command->diagnostics, DIAGNOSTIC_SAMPLE_EXISTS, &place,
                               "a sample of this test with this nonce is there, drawn of another population or in "
                               "another way (%s differs), and is not overwritten; use it, or get another nonce",
                               files[i]);
            return false;
        }
    }
    diagnostics_report(command->diagnostics, DIAGNOSTIC_SAMPLE_KEPT, &place,
                       "this sample was drawn before, and its files were left as they are; go on with them");
    return true;
}

static bool publish(struct sample_take *take, const char *folder, struct staging *staging) {
    struct command *command = take->command;
    const char *list = path_join(command->arena, staging_path(staging), SAMPLE_LIST_FILE);
    bool taken = false;

    if (list == NULL) {
        return sample_out_of_memory(command);
    }
    if (!file_move_new(take->list_path, list, &taken, command->diagnostics) ||
        !sample_file_write(command, staging_path(staging), &take->sample)) {
        return false;
    }
    return file_exists(folder) ? meet_existing(command, folder, staging_path(staging))
                               : staging_commit(staging, command->diagnostics);
}

static bool print(struct command *command, const struct sample *sample, const char *folder) {
    if (command->options.json_diagnostics) {
        sample_file_json(sample, &command->out);
        return true;
    }
    return command->options.quiet || sample_print_draw(command, sample, folder);
}

bool sample_draw_command(struct command *command) {
    struct sample_wish wish;
    struct sample_take take;
    struct staging *staging = NULL;
    bool done = false;

    if (!read_wish(command, &wish)) {
        return false;
    }
    if (sample_take_begin(command, wish.test, &take) && sample_take_draw(&take, &wish, NULL)) {
        const char *folder = sample_place(command, take.assessment.out, take.sample.period, wish.test, wish.nonce);
        staging = folder != NULL ? staging_begin(folder, command->diagnostics) : NULL;
        done = staging != NULL && publish(&take, folder, staging) &&
               sample_request_note(command, take.assessment.out, &take.sample, NULL) &&
               print(command, &take.sample, folder);
    }
    progress_close(&command->progress);
    staging_end(staging);
    sample_take_end(&take);
    return done;
}

bool sample_command(struct command *command) {
    if (command->options.evaluate != NULL && command->options.fulfil != NULL) {
        return usage(command, "--evaluate and --fulfil are two commands; give one");
    }
    if (command->options.evaluate != NULL && command->options.package != NULL) {
        return usage(command, "--evaluate needs no --package: what was drawn stands beside the sample");
    }
    if (command->options.fulfil != NULL && command->options.package != NULL && command->argument_count == 0) {
        return usage(command, "--fulfil from a --package wants the " SAMPLE_DRAW_FILE
                              " of what was drawn from it; draw first, then name that file");
    }
    if (command->options.evaluate != NULL) {
        return sample_evaluate_command(command);
    }
    if (command->options.fulfil != NULL) {
        return sample_fulfil_command(command);
    }
    return sample_draw_command(command);
}
