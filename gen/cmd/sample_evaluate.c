#include "cmd/sample.h"

#include "assess/sample_limit.h"
#include "base/file.h"
#include "base/path.h"
#include "base/sandbox.h"
#include "base/statement.h"
#include "base/text.h"
#include "base/value.h"
#include "cmd/report.h"
#include "cmd/sample.sql.h"
#include "cmd/sample_file.h"
#include "cmd/sample_print.h"
#include "cmd/sample_results.h"
#include "store/query.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#define SAMPLES_SUFFIX "-samples"

/* What the answers add up to. */
struct evaluation {
    struct command *command;
    const char *path; /* of sample.json */
    struct sample sample;
    struct sample_results results;
    uint64_t unexamined;
    uint64_t deviations; /* these included */
    uint64_t confidence; /* of SAMPLING_LEVELS */
    double tolerable;
    const char *tolerable_by;
    uint64_t limit; /* deviations in the population, at most */
    bool exceeds;
    bool complete; /* every item of the population was drawn */
    bool few;
    bool contradicted; /* the full test found more than is tolerable, in a population where the sample did not */
    bool unproven;     /* the evidence does not tell whether the population is whole, or what its items are */
};

/* "90", "90%" or "97.5%", between bounds; reports if it is none. */
static bool read_percent(struct command *command, const char *option, const char *text, double least, double most,
                         double *out) {
    size_t length = strlen(text);

    length -= length > 0 && text[length - 1] == '%';
    if (value_real(text, length, out) && *out >= least && *out <= most) {
        return true;
    }
    diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, NULL,
                       "%s wants a percentage from %g to %g, such as %s, not \"%s\"", option, least, most,
                       least > 0 ? "90 or 95" : "5 or 2.5%", text);
    return false;
}

static bool read_options(struct evaluation *evaluation) {
    struct command *command = evaluation->command;
    const struct command_options *options = &command->options;
    double percent = 0;

    evaluation->confidence = evaluation->sample.confidence;
    evaluation->tolerable = evaluation->sample.tolerable;
    evaluation->tolerable_by = "of the test";
    if (options->confidence != NULL) {
        if (!read_percent(command, "--confidence", options->confidence, 50, 99.9, &percent)) {
            return false;
        }
        evaluation->confidence = (uint64_t)llround(percent * SAMPLING_LEVELS / 100);
        if (fabs((double)evaluation->confidence - percent * SAMPLING_LEVELS / 100) > 1e-6) {
            diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, NULL,
                               "--confidence takes one decimal at most, not \"%s\"", options->confidence);
            return false;
        }
    }
    if (options->tolerable != NULL) {
        if (!read_percent(command, "--tolerable", options->tolerable, 0, 100, &percent)) {
            return false;
        }
        evaluation->tolerable = percent / 100;
        evaluation->tolerable_by = "by --tolerable";
    }
    return true;
}

/* The run that was published for the period of a draw, where the draw stands beside it; NULL: none is known. */
static const char *find_published(struct command *command, const char *path) {
    char *folder = path_parent(command->arena, path);
    char *samples = folder != NULL ? path_parent(command->arena, folder) : NULL;
    size_t length = samples != NULL ? strlen(samples) : 0;
    size_t suffix = strlen(SAMPLES_SUFFIX);

    if (length <= suffix || strcmp(samples + length - suffix, SAMPLES_SUFFIX) != 0) {
        return NULL;
    }
    const char *store = arena_format(command->arena, "%.*s/assessment.sqlite", (int)(length - suffix), samples);
    return store != NULL && file_exists(store) ? store : NULL;
}

/* Says when the last published run has frozen another population than the one that was drawn from. */
static bool compare_published(struct evaluation *evaluation, const char *path) {
    struct command *command = evaluation->command;
    struct query query = {0};

    if (path == NULL) {
        return true;
    }
    sqlite3 *store = report_open_store(command, path);
    bool done = store != NULL && query_open(&query, store, "sample_frozen", sql_sample_frozen, command->diagnostics);
    if (done) {
        query_text(&query, 1, evaluation->sample.test);
        const char *digest = query_step(&query) ? query_column_text(&query, 5) : NULL;
        if (!query.failed && (digest == NULL || strcmp(digest, evaluation->sample.digest) != 0)) {
            diagnostics_report(command->diagnostics, DIAGNOSTIC_SAMPLE_OLDER, &(struct place){.path = evaluation->path},
                               "the last published run of the period has another population of test %s (digest %s) "
                               "than the one that was drawn from; hold the digest against the package that the "
                               "auditor has",
                               evaluation->sample.test, digest != NULL ? digest : "unknown");
        }
    }
    done = query_close(&query) && done;
    sqlite3_close(store);
    return done;
}

/* From here on only what is evaluated is read, and nothing written. */
static bool seal(struct evaluation *evaluation, const char *published) {
    struct command *command = evaluation->command;
    const char *folder = path_parent(command->arena, evaluation->path);
    const char *results = path_parent(command->arena, command->options.evaluate);
    const char *store = published != NULL ? path_parent(command->arena, published) : NULL;
    const char *const readable[] = {folder, results, store, NULL};
    static const char *const writable[] = {NULL};

    if (folder == NULL || results == NULL || (published != NULL && store == NULL)) {
        return sample_out_of_memory(command);
    }
    if (sandbox_enter(readable, writable, command->diagnostics)) {
        return true;
    }
    diagnostics_report(command->diagnostics, DIAGNOSTIC_UNFINISHED, NULL,
                       "the process could not be confined, so no results were read; see the note on the kernel");
    return false;
}

static bool count(struct evaluation *evaluation) {
    const struct sample *sample = &evaluation->sample;

    for (size_t i = 0; i < sample->item_count; i++) {
        enum sample_answer answer = evaluation->results.answers[i];
        evaluation->unexamined += answer == SAMPLE_ANSWER_UNEXAMINED;
        evaluation->deviations += answer != SAMPLE_ANSWER_SOUND;
    }
    const struct sample_limit limit = {sample->population, sample->size, evaluation->deviations,
                                       evaluation->confidence};
    if (!sample_limit_upper(&limit, &evaluation->limit)) {
        return sample_out_of_memory(evaluation->command);
    }
    evaluation->exceeds = sample_limit_exceeds(evaluation->limit, sample->population, evaluation->tolerable);
    evaluation->complete = sample->size == sample->population;
    evaluation->few = !evaluation->complete && sample->size < sample->conclude_from;
    evaluation->contradicted = sample_limit_exceeds(sample->exceptions, sample->population, evaluation->tolerable);
    evaluation->unproven = sample_print_unproven(sample);
    evaluation->command->shortcomings =
        evaluation->exceeds || evaluation->few || evaluation->contradicted || evaluation->unproven;
    return true;
}

static double percent(uint64_t part, uint64_t whole) {
    return (double)part * 100 / (double)whole;
}

/* Whether the auditor and the full test disagree about an item: NULL, or what the sample found. */
static const char *disagreement(const struct evaluation *evaluation, size_t index) {
    bool found = strcmp(evaluation->sample.items[index].found, "exception") == 0;
    enum sample_answer answer = evaluation->results.answers[index];

    if (answer == SAMPLE_ANSWER_DEVIATION && !found) {
        return "deviation";
    }
    return answer == SAMPLE_ANSWER_SOUND && found ? "no deviation" : NULL;
}

static const char *found_by_test(const struct sample_item *item) {
    return *item->found != '\0' ? item->found : "no deviation";
}

static void print_conclusion(const struct evaluation *evaluation) {
    struct command *command = evaluation->command;
    const struct sample *sample = &evaluation->sample;

    if (evaluation->few) {
        sample_print_format(command, "Conclusion",
                            "none: %" PRIu64 " item%s too few for a conclusion, which needs %" PRIu64, sample->size,
                            sample->size == 1 ? " is" : "s are", sample->conclude_from);
    } else if (evaluation->complete) {
        sample_print_format(command, "Conclusion",
                            "every item of the population was drawn, so that nothing is estimated; the rate is %s "
                            "the tolerable one",
                            evaluation->exceeds ? "above" : "within");
    } else if (evaluation->exceeds) {
        sample_print_line(command, "Conclusion",
                          "the upper limit is above the tolerable rate: the sample does not support that the control "
                          "operated effectively");
    } else if (evaluation->contradicted) {
        sample_print_line(command, "Conclusion",
                          "the upper limit is within the tolerable rate, and the full test contradicts it: the sample "
                          "does not support that the control operated effectively");
    } else if (evaluation->unproven) {
        sample_print_line(command, "Conclusion",
                          "the upper limit is within the tolerable rate, of what insufficient evidence holds: the "
                          "sample does not support that the control operated effectively");
    } else {
        sample_print_line(command, "Conclusion",
                          "the upper limit is within the tolerable rate: the sample supports that the control "
                          "operated effectively");
    }
    if (sample->exceptions > 0) {
        sample_print_format(command, "",
                            "the full test found %" PRIu64 " of %" PRIu64 " items (%.2f %%) to deviate%s; they stand, "
                            "whatever a sample shows",
                            sample->exceptions, sample->population, percent(sample->exceptions, sample->population),
                            evaluation->contradicted ? ", above the tolerable rate" : "");
    }
    if (evaluation->unproven) {
        sample_print_format(command, "",
                            "the evidence of the full test is insufficient, so that the population may not be whole; "
                            "`tickmark explain %s` says what is missing",
                            sample->test);
    }
    if (evaluation->tolerable <= 0 && !evaluation->complete) {
        sample_print_line(command, "",
                          "no sample short of the whole population supports a rate of 0 %; the auditor's own is given "
                          "with --tolerable");
    }
    if (sample->method != SAMPLE_RANDOM && !evaluation->complete) {
        sample_print_format(command, "", "the limit is that of a random sample, for which the %s one is taken",
                            sample_draw_methods[sample->method]);
    }
}

static void print_text(const struct evaluation *evaluation) {
    struct command *command = evaluation->command;
    const struct sample *sample = &evaluation->sample;

    sample_print_head(command, sample, "Sample of");
    buffer_append_byte(&command->out, '\n');
    sample_print_format(command, "Examined", "%" PRIu64 " of %" PRIu64 " items%s",
                        sample->size - evaluation->unexamined, sample->size,
                        evaluation->unexamined > 0 ? "; the others count as deviations" : "");
    sample_print_format(command, "Deviations", "%" PRIu64 " (%.2f %%)", evaluation->deviations,
                        percent(evaluation->deviations, sample->size));
    sample_print_format(command, "Upper limit",
                        "%" PRIu64 " of %" PRIu64 " items (%.2f %%), one-sided, with %g %% confidence, exact",
                        evaluation->limit, sample->population, percent(evaluation->limit, sample->population),
                        percent(evaluation->confidence, SAMPLING_LEVELS));
    sample_print_format(command, "Tolerable", "%g %%, %s", evaluation->tolerable * 100, evaluation->tolerable_by);
    print_conclusion(evaluation);
    for (size_t i = 0; i < sample->item_count; i++) {
        const char *said = disagreement(evaluation, i);
        if (said != NULL) {
            sample_print_format(command, "Differs", "%s %s: the sample says %s, the full test %s%s%s",
                                sample->items[i].item, sample->items[i].reference, said,
                                found_by_test(&sample->items[i]), *sample->items[i].text != '\0' ? ", " : "",
                                sample->items[i].text);
        }
    }
}

static void json_text(struct buffer *out, const char *before, const char *key, const char *text) {
    buffer_format(out, "%s\"%s\": ", before, key);
    text_json_string(out, text, strlen(text));
}

static void print_json(const struct evaluation *evaluation) {
    struct buffer *out = &evaluation->command->out;
    const struct sample *sample = &evaluation->sample;
    bool first = true;

    json_text(out, "{", "statement", STATEMENT);
    json_text(out, ",\n ", "test", sample->test);
    json_text(out, ",\n ", "period", sample->period);
    json_text(out, ",\n ", "population_digest", sample->digest);
    json_text(out, ",\n ", "nonce", sample->nonce);
    buffer_format(out,
                  ",\n \"population\": %" PRIu64 ", \"size\": %" PRIu64 ", \"examined\": %" PRIu64
                  ", \"deviations\": %" PRIu64 ",\n \"rate\": %.6f, \"confidence\": %g, \"upper_limit\": %" PRIu64
                  ", \"upper_rate\": %.6f, \"tolerable\": %.10g",
                  sample->population, sample->size, sample->size - evaluation->unexamined, evaluation->deviations,
                  percent(evaluation->deviations, sample->size) / 100, (double)evaluation->confidence / SAMPLING_LEVELS,
                  evaluation->limit, percent(evaluation->limit, sample->population) / 100, evaluation->tolerable);
    json_text(out, ",\n ", "conclusion",
              evaluation->few            ? "too few for a conclusion"
              : evaluation->exceeds      ? "above the tolerable rate"
              : evaluation->contradicted ? "contradicted by the full test"
              : evaluation->unproven     ? "insufficient evidence"
                                         : "within the tolerable rate");
    buffer_format(out,
                  ",\n \"complete\": %s,\n \"full_test\": {\"needed\": false, \"exceptions\": %" PRIu64
                  ", \"undetermined\": %" PRIu64,
                  evaluation->complete ? "true" : "false", sample->exceptions, sample->undetermined);
    json_text(out, ", ", "verdict", sample->verdict);
    buffer_append_text(out, "},\n \"differs\": [");
    for (size_t i = 0; i < sample->item_count; i++) {
        const char *said = disagreement(evaluation, i);
        if (said == NULL) {
            continue;
        }
        json_text(out, first ? "\n  {" : ",\n  {", "item", sample->items[i].item);
        json_text(out, ", ", "ref", sample->items[i].reference);
        json_text(out, ", ", "sample", said);
        json_text(out, ", ", "full_test", found_by_test(&sample->items[i]));
        json_text(out, ", ", "remark", evaluation->results.remarks[i]);
        buffer_append_byte(out, '}');
        first = false;
    }
    buffer_append_text(out, first ? "]}\n" : "\n ]}\n");
}

bool sample_evaluate_command(struct command *command) {
    struct evaluation evaluation = {.command = command};

    if (!sample_file_find(command, &evaluation.path)) {
        return false;
    }
    if (evaluation.path == NULL) {
        char *folder = path_parent(command->arena, command->options.evaluate);
        evaluation.path = folder != NULL ? path_join(command->arena, folder, SAMPLE_DRAW_FILE) : NULL;
        if (evaluation.path == NULL) {
            return sample_out_of_memory(command);
        }
    }
    if (!file_exists(evaluation.path)) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, &(struct place){.path = evaluation.path},
                           "there is no drawn sample; name its " SAMPLE_DRAW_FILE ", or give --test and --nonce, where "
                           "the results do not stand beside it");
        return false;
    }
    const char *published = find_published(command, evaluation.path);
    if (!seal(&evaluation, published) || !sample_file_read(command, evaluation.path, &evaluation.sample) ||
        !read_options(&evaluation) || !compare_published(&evaluation, published) ||
        !sample_results_read(command, command->options.evaluate, &evaluation.sample, &evaluation.results) ||
        !count(&evaluation)) {
        return false;
    }
    if (command->options.json_diagnostics) {
        print_json(&evaluation);
    } else if (!command->options.quiet) {
        print_text(&evaluation);
    }
    return true;
}
