#include "cmd/sample_file.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/path.h"
#include "cmd/sample_list.h"
#include "cmd/show_row.h"
#include "cmd/workspace.h"
#include "config/decode.h"
#include "config/yaml.h"

#include <math.h>
#include <string.h>

/* JSON is YAML, so that what is wrong in it is said with its place. */
struct item_draft {
    const struct yaml_node *item;
    const struct yaml_node *reference;
    const struct yaml_node *stratum;
    const struct yaml_node *evidence;
    const struct yaml_node *found;
    const struct yaml_node *text;
    struct place place;
};
struct sample_file_draft {
    const char *format;
    struct sample sample;
    const struct yaml_node *stratum;
    const struct yaml_node *rule;
    int method;
    double confidence;
    int64_t conclude_from;
    int64_t population;
    int64_t exceptions;
    int64_t undetermined;
    int64_t size;
    const struct yaml_node *selected;
    struct item_draft *items;
    size_t item_count;
};

static bool altered(struct command *command, const struct place *place, const char *what) {
    diagnostics_report(command->diagnostics, DIAGNOSTIC_SAMPLE_DRAW, place,
                       "%s, so that this is not the sample as it was drawn; restore the file, or draw again", what);
    return false;
}

static bool decode(struct command *command, const struct yaml_node *root, struct sample_file_draft *draft) {
#define FIELD(key, kind, field)                                                                                        \
    { key, kind, offsetof(struct sample_file_draft, field), true, NULL }
    static const struct decode_field fields[] = {
        FIELD("format", DECODE_TEXT, format),
        {"statement", DECODE_PLACE_ONLY, 0, true, NULL},
        FIELD("organisation", DECODE_TEXT, sample.organisation),
        FIELD("period", DECODE_TEXT, sample.period),
        FIELD("control", DECODE_TEXT, sample.control),
        FIELD("test", DECODE_TEXT, sample.test),
        FIELD("title", DECODE_TEXT, sample.title),
        FIELD("tolerable", DECODE_PERCENT, sample.tolerable),
        FIELD("confidence", DECODE_PERCENT, confidence),
        FIELD("conclude_from", DECODE_INTEGER, conclude_from),
        FIELD("population", DECODE_INTEGER, population),
        FIELD("verdict", DECODE_TEXT, sample.verdict),
        FIELD("exceptions", DECODE_INTEGER, exceptions),
        FIELD("undetermined", DECODE_INTEGER, undetermined),
        FIELD("population_digest", DECODE_TEXT, sample.digest),
        FIELD("nonce", DECODE_TEXT, sample.nonce),
        FIELD("seed", DECODE_TEXT, sample.seed),
        {"method", DECODE_CHOICE, offsetof(struct sample_file_draft, method), true, sample_draw_methods},
        FIELD("stratum", DECODE_NODE, stratum),
        FIELD("size", DECODE_INTEGER, size),
        FIELD("rule", DECODE_NODE, rule),
        FIELD("why", DECODE_TEXT, sample.why),
        {"strata", DECODE_PLACE_ONLY, 0, true, NULL},
        FIELD("selected", DECODE_NODE, selected),
    };
#undef FIELD
    static const struct decode_field item_fields[] = {
        {"item", DECODE_NODE, offsetof(struct item_draft, item), true, NULL},
        {"ref", DECODE_NODE, offsetof(struct item_draft, reference), true, NULL},
        {"stratum", DECODE_NODE, offsetof(struct item_draft, stratum), true, NULL},
        {"evidence", DECODE_NODE, offsetof(struct item_draft, evidence), true, NULL},
        {"record", DECODE_PLACE_ONLY, 0, true, NULL},
        {"found", DECODE_NODE, offsetof(struct item_draft, found), true, NULL},
        {"text", DECODE_NODE, offsetof(struct item_draft, text), true, NULL},
    };
    static const struct decode_list list = {
        .key = "selected",
        .what = "selected item",
        .fields = item_fields,
        .field_count = sizeof item_fields / sizeof item_fields[0],
        .size = sizeof(struct item_draft),
        .place_offset = offsetof(struct item_draft, place),
        .items_offset = offsetof(struct sample_file_draft, items),
        .count_offset = offsetof(struct sample_file_draft, item_count),
    };

    return decode_mapping(command->arena, root, "sample", fields, sizeof fields / sizeof fields[0], draft,
                          command->diagnostics) &&
           decode_sequence(command->arena, draft->selected, &list, draft, command->diagnostics);
}

/* A text, or null for one that says nothing. */
static const char *text_of(const struct yaml_node *node) {
    return node != NULL && node->kind == YAML_SCALAR ? node->text : "";
}

/* Numbers within their bounds, and every reference one. */
static bool take_draft(struct command *command, const struct yaml_node *root, const struct sample_file_draft *draft,
                       struct sample *sample) {
    if (strcmp(draft->format, SAMPLE_FORMAT) != 0) {
        return altered(command, &root->place, "its format is not \"" SAMPLE_FORMAT "\"");
    }
    if (draft->population < 1 || draft->population > LIMIT_SAMPLE_POPULATION || draft->size < 1 ||
        draft->size > draft->population || draft->size > LIMIT_SAMPLE_ITEMS || draft->exceptions < 0 ||
        draft->undetermined < 0 || draft->conclude_from < 1 || !(draft->confidence > 0 && draft->confidence < 1) ||
        (size_t)draft->size != draft->item_count) {
        return altered(command, &root->place, "its numbers do not fit each other");
    }
    *sample = draft->sample;
    sample->stratum = text_of(draft->stratum);
    sample->rule = text_of(draft->rule);
    sample->method = (enum sample_method)draft->method;
    sample->confidence = (uint64_t)llround(draft->confidence * SAMPLING_LEVELS);
    sample->conclude_from = (uint64_t)draft->conclude_from;
    sample->population = (uint64_t)draft->population;
    sample->exceptions = (uint64_t)draft->exceptions;
    sample->undetermined = (uint64_t)draft->undetermined;
    sample->size = (uint64_t)draft->size;
    sample->items = arena_array(command->arena, draft->item_count + 1, sizeof *sample->items);
    if (sample->items == NULL) {
        return sample_out_of_memory(command);
    }
    for (size_t i = 0; i < draft->item_count; i++) {
        struct sample_item *item = &sample->items[i];
        const struct item_draft *from = &draft->items[i];
        *item = (struct sample_item){.item = text_of(from->item),
                                     .reference = text_of(from->reference),
                                     .stratum = text_of(from->stratum),
                                     .evidence = text_of(from->evidence),
                                     .found = text_of(from->found),
                                     .text = text_of(from->text)};
        item->has_ref = *item->reference != '\0';
        if (item->has_ref && !show_row_reference(item->reference, &item->ref)) {
            return altered(command, &draft->items[i].place, "the reference of this item is none");
        }
    }
    sample->item_count = draft->item_count;
    return true;
}

bool sample_file_decode(struct command *command, const char *path, struct sample *sample) {
    const struct yaml_node *root = yaml_load(command->arena, path, command->diagnostics);
    struct sample_file_draft draft = {0};

    return root != NULL && decode(command, root, &draft) && take_draft(command, root, &draft, sample);
}

/* Whether two draws took the same items in the same order. */
static bool same_items(const struct sample *a, const struct sample *b) {
    bool same = a->item_count == b->item_count;

    for (size_t i = 0; same && i < a->item_count; i++) {
        same = strcmp(a->items[i].item, b->items[i].item) == 0 &&
               strcmp(a->items[i].reference, b->items[i].reference) == 0;
    }
    return same;
}

bool sample_file_read(struct command *command, const char *path, struct sample *sample) {
    const struct place place = {.path = path};
    char *folder = path_parent(command->arena, path);
    char *list = folder != NULL ? path_join(command->arena, folder, SAMPLE_LIST_FILE) : NULL;

    if (list == NULL) {
        return sample_out_of_memory(command);
    }
    if (!sample_file_decode(command, path, sample) || !sample_nonce_good(command, sample->nonce)) {
        return false;
    }
    struct sample again = *sample;
    if (!sample_list_count(command, list, &again)) {
        return false;
    }
    if (strcmp(again.digest, sample->digest) != 0 || again.population != sample->population) {
        return altered(command, &(struct place){.path = list}, "the list does not give the population's digest");
    }
    if (!sample_list_draw(command, list, &again)) {
        return false;
    }
    if (strcmp(again.seed, sample->seed) != 0) {
        return altered(command, &place, "the seed does not follow from digest and nonce");
    }
    if (!same_items(&again, sample)) {
        return altered(command, &place, "its items are not those that the seed draws");
    }
    sample->strata = again.strata;
    sample->stratum_count = again.stratum_count;
    return true;
}

bool sample_file_find(struct command *command, const char **path) {
    const struct command_options *options = &command->options;
    struct workspace workspace;
    struct workspace_period period;

    *path = NULL;
    if (command->argument_count > 1) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, NULL,
                           "`sample` wants one drawn sample, not %zu; name its " SAMPLE_DRAW_FILE,
                           command->argument_count);
        return false;
    }
    if (command->argument_count == 1) {
        *path = file_is_directory(command->arguments[0])
                    ? path_join(command->arena, command->arguments[0], SAMPLE_DRAW_FILE)
                    : command->arguments[0];
        return *path != NULL || sample_out_of_memory(command);
    }
    if (options->test == NULL && options->nonce == NULL) {
        return true;
    }
    if (options->test == NULL || options->nonce == NULL) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, NULL,
                           "a drawn sample is found by --test and --nonce together, or by its " SAMPLE_DRAW_FILE);
        return false;
    }
    if (!workspace_open_used(command, &workspace) || !workspace_choose_period(command, &workspace, &period)) {
        return false;
    }
    const char *out = workspace_out(command, &workspace);
    const char *folder = out != NULL ? sample_place(command, out, period.id, options->test, options->nonce) : NULL;
    *path = folder != NULL ? path_join(command->arena, folder, SAMPLE_DRAW_FILE) : NULL;
    return *path != NULL || (folder != NULL && sample_out_of_memory(command));
}
