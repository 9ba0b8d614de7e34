#include "cmd/sample.h"

#include "assess/sample_population.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/path.h"
#include "base/staging.h"
#include "base/statement.h"
#include "base/text.h"
#include "cmd/sample_file.h"
#include "cmd/sample_folder.h"
#include "cmd/sample_list.h"
#include "cmd/sample_request.h"
#include "cmd/sample_take.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* What supports each item. */
struct supports {
    struct sample_support *items;
    size_t count;
    uint64_t left_out;
};

struct fulfilling {
    struct command *command;
    struct sample_take take;
    struct sample drawn; /* as the file has it */
    const char *target;
    const char *mark; /* the file by which a fulfilment of this draw is known */
    struct staging *staging;
    struct guard *guard;
    size_t *order; /* the items by their positions */
    size_t next;
    struct supports *supports; /* by item */
    size_t current;            /* the item that is being supported */
};

/* Keeps a record that supports the current item, once. */
static bool keep_support(void *context, const char *relation, int64_t ref) {
    struct fulfilling *fulfilling = context;
    struct arena *arena = fulfilling->command->arena;
    struct supports *supports = &fulfilling->supports[fulfilling->current];
    const struct sample_item *item = &fulfilling->take.sample.items[fulfilling->current];

    if (item->has_ref && item->ref == ref) {
        return true;
    }
    for (size_t i = 0; i < supports->count; i++) {
        if (supports->items[i].ref == ref) {
            return true;
        }
    }
    if (supports->count == LIMIT_SAMPLE_SUPPORTING) {
        supports->left_out++;
        return true;
    }
    struct sample_support *slot = arena_push(arena, &supports->items, &supports->count, sizeof *slot);
    const char *copy = arena_text(arena, relation);
    if (slot == NULL || copy == NULL) {
        return sample_out_of_memory(fulfilling->command);
    }
    *slot = (struct sample_support){copy, ref};
    return true;
}

/* The row of a drawn item: what its other references lead to, and what the schema says supports its record. */
static bool meet_row(void *context, const struct sample_population_row *row) {
    struct fulfilling *fulfilling = context;
    const struct sample *sample = &fulfilling->take.sample;

    if (fulfilling->next == sample->item_count ||
        sample->items[fulfilling->order[fulfilling->next]].position != row->position) {
        return true;
    }
    fulfilling->current = fulfilling->order[fulfilling->next++];
    return sample_population_references(row, keep_support, fulfilling);
}

static bool find_supports(struct fulfilling *fulfilling) {
    struct command *command = fulfilling->command;
    const struct assessment *assessment = &fulfilling->take.assessment;
    const struct sample *sample = &fulfilling->take.sample;
    const struct bind_values values = {.control = fulfilling->take.control,
                                       .programme = assessment->workspace.programme,
                                       .period = assessment->period.span,
                                       .as_of = assessment->period.as_of};

    fulfilling->order = sample_list_order(command, sample);
    fulfilling->supports = arena_array(command->arena, sample->item_count + 1, sizeof *fulfilling->supports);
    fulfilling->guard = guard_open(assessment->path, assessment->period.as_of, command->diagnostics);
    if (fulfilling->supports == NULL) {
        return sample_out_of_memory(command);
    }
    if (fulfilling->order == NULL || fulfilling->guard == NULL ||
        !sample_population_walk(fulfilling->guard, fulfilling->take.test, &values, meet_row, fulfilling,
                                command->diagnostics)) {
        return false;
    }
    for (size_t i = 0; i < sample->item_count; i++) {
        fulfilling->current = i;
        if (sample->items[i].has_ref && !sample_population_supporting(fulfilling->guard, assessment->workspace.schema,
                                                                      sample->items[i].ref, keep_support, fulfilling)) {
            return false;
        }
        if (fulfilling->supports[i].left_out > 0) {
            diagnostics_report(command->diagnostics, DIAGNOSTIC_SAMPLE_SUPPORT, NULL,
                               "\"%.80s\" is supported by %" PRIu64 " more records than the %d that are put beside it; "
                               "the others are in the evidence",
                               sample->items[i].item, fulfilling->supports[i].left_out, LIMIT_SAMPLE_SUPPORTING);
        }
    }
    return true;
}

/* Finds and reads the draw, whose period and test are then worked on. */
static bool read_draw(struct fulfilling *fulfilling) {
    struct command *command = fulfilling->command;
    const struct command_options *options = &command->options;
    const struct sample *drawn = &fulfilling->drawn;
    const char *path = NULL;

    if (!sample_file_find(command, &path)) {
        return false;
    }
    if (path == NULL || !file_exists(path)) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, &(struct place){.path = path},
                           "--fulfil wants a drawn sample: its " SAMPLE_DRAW_FILE ", or --test and --nonce of one that "
                           "was drawn; draw it first");
        return false;
    }
    if (!sample_file_decode(command, path, &fulfilling->drawn) || !sample_nonce_good(command, drawn->nonce)) {
        return false;
    }
    if ((options->period != NULL && strcmp(options->period, drawn->period) != 0) ||
        (options->test != NULL && strcmp(options->test, drawn->test) != 0)) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, &(struct place){.path = path},
                           "this is a sample of test %s in %s, and the command line says otherwise; leave out --test "
                           "and --period",
                           drawn->test, drawn->period);
        return false;
    }
    command->options.period = drawn->period;
    return true;
}

/* Only a folder that holds nothing, or what was put together for the same draw, is replaced. */
static bool begin_target(struct fulfilling *fulfilling) {
    struct command *command = fulfilling->command;
    struct diagnostics *unheard = diagnostics_new();
    const struct sample *drawn = &fulfilling->drawn;
    const char *folder = sample_place(command, "", "", drawn->test, drawn->nonce);

    fulfilling->target = command->options.fulfil;
    fulfilling->mark = folder != NULL ? arena_format(command->arena, "%s.json", path_name(folder)) : NULL;
    if (unheard == NULL || fulfilling->mark == NULL) {
        diagnostics_free(unheard);
        return sample_out_of_memory(command);
    }
    bool free = staging_may_replace(fulfilling->target, fulfilling->mark, unheard);
    diagnostics_free(unheard);
    if (!free) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_SAMPLE_EXISTS, &(struct place){.path = fulfilling->target},
                           "something else is there, and is not overwritten; name a new folder, or one with what was "
                           "put together for this sample before");
        return false;
    }
    fulfilling->staging = staging_begin(fulfilling->target, command->diagnostics);
    return fulfilling->staging != NULL;
}

static bool draw_again(struct fulfilling *fulfilling) {
    struct command *command = fulfilling->command;
    const struct sample *drawn = &fulfilling->drawn;
    const struct sample *sample = &fulfilling->take.sample;
    const struct sample_wish wish = {
        .test = drawn->test,
        .nonce = drawn->nonce,
        .method = drawn->method,
        .stratum = drawn->stratum,
        .size = drawn->size,
        .kept_why = drawn->why,
        .kept_rule = drawn->rule,
    };
    const char *parent = path_parent(command->arena, staging_path(fulfilling->staging));
    const char *const writable[] = {parent, NULL};

    if (parent == NULL) {
        return sample_out_of_memory(command);
    }
    if (strcmp(sample->digest, drawn->digest) != 0) {
        diagnostics_report(
            command->diagnostics, DIAGNOSTIC_SAMPLE_CHANGED, NULL,
            "the sample was drawn from another population of test %s (digest %s) than the last published "
            "run has (%s); restore the evidence and run again, or draw a new sample",
            drawn->test, drawn->digest, sample->digest);
        return false;
    }
    if (!sample_take_draw(&fulfilling->take, &wish, writable)) {
        return false;
    }
    bool same = sample->item_count == drawn->item_count && strcmp(sample->seed, drawn->seed) == 0;
    for (size_t i = 0; same && i < sample->item_count; i++) {
        same = strcmp(sample->items[i].item, drawn->items[i].item) == 0 &&
               strcmp(sample->items[i].reference, drawn->items[i].reference) == 0;
    }
    if (!same) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_SAMPLE_DRAW, NULL,
                           "the items of the sample are not those that digest and nonce draw; restore the file, or "
                           "draw again");
    }
    return same;
}

static bool write_file(struct fulfilling *fulfilling, const char *name, const struct buffer *bytes) {
    struct command *command = fulfilling->command;
    const char *path = path_join(command->arena, staging_path(fulfilling->staging), name);

    return path != NULL && !bytes->failed
               ? file_create_staged(path, bytes->data, bytes->length, 0644, command->diagnostics)
               : sample_out_of_memory(command);
}

static void print_page(const struct fulfilling *fulfilling, const struct buffer *rows, struct buffer *out) {
    const struct sample *sample = &fulfilling->take.sample;

    buffer_append_text(out,
                       "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                       "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Sample of ");
    text_xml_escape(out, sample->test, strlen(sample->test));
    buffer_append_text(out, "</title>\n<style>body { font-family: sans-serif; margin: 2em; } table { border-collapse: "
                            "collapse; } td, th { border: 1px solid #888; padding: 0.3em 0.6em; text-align: left; "
                            "vertical-align: top; } th { white-space: nowrap; } p { overflow-wrap: anywhere; "
                            "}</style>\n</head>\n<body>\n<h1>");
    text_xml_escape(out, sample->title, strlen(sample->title));
    buffer_append_text(out, "</h1>\n<p>Sample of test ");
    text_xml_escape(out, sample->test, strlen(sample->test));
    buffer_format(out, ", %" PRIu64 " of %" PRIu64 " items, period ", sample->size, sample->population);
    text_xml_escape(out, sample->period, strlen(sample->period));
    buffer_append_text(out, ", ");
    text_xml_escape(out, sample->organisation, strlen(sample->organisation));
    buffer_append_text(out, ".</p>\n<p>" STATEMENT ".</p>\n<p>Digest of the population: ");
    buffer_append_text(out, sample->digest);
    buffer_append_text(out, "<br>Nonce: ");
    text_xml_escape(out, sample->nonce, strlen(sample->nonce));
    buffer_format(
        out,
        "<br>Seed: %s</p>\n<table>\n<tr><th scope=\"col\">No.</th><th scope=\"col\">Item</th>"
        "<th scope=\"col\">Reference</th><th scope=\"col\">Evidence</th><th scope=\"col\">Supporting records</th>"
        "<th scope=\"col\">Documents</th><th scope=\"col\">Full test</th></tr>\n",
        sample->seed);
    buffer_append_text(out, buffer_text(rows) != NULL ? buffer_text(rows) : "");
    buffer_append_text(out, "</table>\n<p>index.csv lists every file with its SHA-256.</p>\n</body>\n</html>\n");
    out->failed = out->failed || rows->failed;
}

static bool make_folders(struct fulfilling *fulfilling) {
    struct command *command = fulfilling->command;
    struct sample_folder folder = {
        .take = &fulfilling->take,
        .path = staging_path(fulfilling->staging),
        .request = command->options.request != NULL ? command->options.request : "",
    };
    struct buffer page = {0};
    struct buffer json = {0};
    bool done = true;

    buffer_append_text(&folder.index, "file,sha256,what,ref,evidence,evidence_sha256\n");
    for (size_t i = 0; done && i < fulfilling->take.sample.item_count; i++) {
        done = sample_folder_make(&folder, i, fulfilling->supports[i].items, fulfilling->supports[i].count);
    }
    print_page(fulfilling, &folder.page, &page);
    sample_file_json(&fulfilling->take.sample, &json);
    done = done && write_file(fulfilling, "index.csv", &folder.index) && write_file(fulfilling, "index.html", &page) &&
           write_file(fulfilling, fulfilling->mark, &json);
    buffer_free(&folder.index);
    buffer_free(&folder.page);
    buffer_free(&page);
    buffer_free(&json);
    return done;
}

bool sample_fulfil_command(struct command *command) {
    struct fulfilling fulfilling = {.command = command};
    bool done =
        read_draw(&fulfilling) && begin_target(&fulfilling) &&
        sample_take_begin(command, fulfilling.drawn.test, &fulfilling.take) && draw_again(&fulfilling) &&
        sample_request_drawn(command, fulfilling.take.assessment.out, &fulfilling.take.sample) &&
        find_supports(&fulfilling) && make_folders(&fulfilling) &&
        staging_commit(fulfilling.staging, command->diagnostics) &&
        sample_request_note(command, fulfilling.take.assessment.out, &fulfilling.take.sample, fulfilling.target);

    progress_close(&command->progress);
    if (done && command->options.json_diagnostics) {
        buffer_format(&command->out, "{\"folders\": %zu, \"path\": ", fulfilling.take.sample.item_count);
        text_json_string(&command->out, fulfilling.target, strlen(fulfilling.target));
        buffer_append_text(&command->out, "}\n");
    } else if (done && !command->options.quiet) {
        buffer_format(&command->out, "%zu folder%s in %s; begin with index.html\n", fulfilling.take.sample.item_count,
                      fulfilling.take.sample.item_count == 1 ? "" : "s", fulfilling.target);
    }
    guard_free(fulfilling.guard);
    staging_end(fulfilling.staging);
    sample_take_end(&fulfilling.take);
    return done;
}
