#include "config/schema_private.h"

#include <math.h>
#include <string.h>

const char *const schema_risk_names[] = {
    [SAMPLING_RISK_LOWER] = "lower",
    [SAMPLING_RISK_HIGHER] = "higher",
    NULL,
};

static const char *const sampling_by_names[] = {
    [SAMPLING_BY_FREQUENCY] = "frequency",
    [SAMPLING_BY_POPULATION] = "population",
    NULL,
};

struct size_draft {
    struct sampling_size size;
    int64_t items;
    double share;
};
struct rule_draft {
    struct sampling_rule rule;
    int by;
    const struct yaml_node *sizes;
};
struct sampling_draft {
    const char *rule;
    int risk;
    double confidence;
    int64_t conclude_from;
    const struct yaml_node *rules;
    struct rule_draft *items;
    size_t count;
};
struct sizes_draft {
    struct size_draft *items;
    size_t count;
};

#define ABSENT  INT64_MIN
#define NEAR    1e-6 /* a fraction this near to a whole number of parts is meant to be one */
#define MOST_OF INT64_C(1000000)

static bool schema_sampling_bad(struct schema_loader *loader, const struct place *place, const char *why) {
    diagnostics_report(loader->diagnostics, DIAGNOSTIC_WRONG_VALUE, place, "%s", why);
    return false;
}

/* A fraction in whole parts; false where it is none of the parts between `least` and `most`. */
static bool schema_sampling_parts(double fraction, int64_t parts, int64_t least, int64_t most, int64_t *out) {
    double exact = fraction * (double)parts;
    if (!(exact > (double)least - NEAR && exact < (double)most + NEAR) || fabs(exact - round(exact)) > NEAR)
        return false;
    *out = (int64_t)round(exact);
    return true;
}

/* How many items: a number, a range or a share, and one of them only. */
static bool schema_sampling_items(struct schema_loader *loader, const struct size_draft *draft,
                                  struct sampling_size *size) {
    bool share = draft->share >= 0;
    bool items = draft->items != ABSENT;
    bool range = size->lower != ABSENT || size->higher != ABSENT;

    if (share + items + range != 1 || (range && (size->lower == ABSENT || size->higher == ABSENT)))
        return schema_sampling_bad(loader, &size->place,
                                   "this size is not clear; write one of 'items', 'share', or both 'lower' and "
                                   "'higher'");
    if (!share && (size->least != ABSENT || size->most != ABSENT))
        return schema_sampling_bad(loader, &size->place, "'least' and 'most' bound a 'share'; leave them out here");
    if (items)
        size->lower = size->higher = draft->items;
    if (!share && (size->lower < 1 || size->lower > size->higher || size->higher > MOST_OF))
        return schema_sampling_bad(loader, &size->place,
                                   "a sample has at least 1 item and at most 1000000, and 'lower' is not above "
                                   "'higher'; correct the numbers");
    if (share && !schema_sampling_parts(draft->share, SAMPLING_SHARES, 1, SAMPLING_SHARES, &size->share))
        return schema_sampling_bad(loader, &size->place,
                                   "a share is from 0.01% to 100%, with at most two decimals; correct it");
    size->least = size->least == ABSENT ? 1 : size->least;
    size->most = size->most == ABSENT ? INT64_MAX : size->most;
    if (size->least < 1 || size->most < size->least)
        return schema_sampling_bad(loader, &size->place,
                                   "'least' is at least 1, and 'most' is not below it; correct the numbers");
    return true;
}

/* When the size counts: by the control's frequency, or by the population's size, which must not leave a gap. */
static bool schema_sampling_when(struct schema_loader *loader, const struct sampling_rule *rule, size_t index) {
    const struct sampling_size *size = &rule->sizes[index];

    if (rule->by == SAMPLING_BY_FREQUENCY) {
        if (size->operates == NULL || size->words.count == 0 || size->up_to != INT64_MAX)
            return schema_sampling_bad(loader, &size->place,
                                       "a size by frequency has 'operates' and the 'words' that say so, and no "
                                       "'up_to'");
        for (size_t i = 0; i < size->words.count; i++) {
            if (size->words.items[i][0] == '\0')
                return schema_sampling_bad(loader, &size->place, "an empty word says nothing; remove it");
        }
        return true;
    }
    if (size->operates != NULL || size->words.count > 0)
        return schema_sampling_bad(loader, &size->place,
                                   "'operates' and 'words' are for rules by frequency; leave them out, or write "
                                   "by: frequency");
    if (index + 1 == rule->size_count)
        return size->up_to == INT64_MAX ||
               schema_sampling_bad(loader, &size->place,
                                   "the last size counts for every larger population; leave out its 'up_to', or add "
                                   "a size without one");
    if (size->up_to == INT64_MAX || size->up_to < 1 || (index > 0 && size->up_to <= size[-1].up_to))
        return schema_sampling_bad(loader, &size->place,
                                   "every size but the last has an 'up_to', larger than the one before; correct the "
                                   "order");
    return true;
}

static bool schema_sampling_sizes(struct schema_loader *loader, const struct yaml_node *node,
                                  struct sampling_rule *rule) {
    static const struct decode_field fields[] = {
        {"operates", DECODE_TEXT, offsetof(struct size_draft, size.operates), false, NULL},
        {"words", DECODE_TEXTS, offsetof(struct size_draft, size.words), false, NULL},
        {"up_to", DECODE_INTEGER, offsetof(struct size_draft, size.up_to), false, NULL},
        {"items", DECODE_INTEGER, offsetof(struct size_draft, items), false, NULL},
        {"lower", DECODE_INTEGER, offsetof(struct size_draft, size.lower), false, NULL},
        {"higher", DECODE_INTEGER, offsetof(struct size_draft, size.higher), false, NULL},
        {"share", DECODE_PERCENT, offsetof(struct size_draft, share), false, NULL},
        {"least", DECODE_INTEGER, offsetof(struct size_draft, size.least), false, NULL},
        {"most", DECODE_INTEGER, offsetof(struct size_draft, size.most), false, NULL},
    };
    static const struct size_draft blank = {
        .size = {.up_to = INT64_MAX, .lower = ABSENT, .higher = ABSENT, .least = ABSENT, .most = ABSENT},
        .items = ABSENT,
        .share = -1};
    static const struct decode_list list = {
        .key = "sizes",
        .what = "size",
        .fields = fields,
        .field_count = sizeof(fields) / sizeof(fields[0]),
        .size = sizeof(struct size_draft),
        .blank = &blank,
        .place_offset = offsetof(struct size_draft, size.place),
        .items_offset = offsetof(struct sizes_draft, items),
        .count_offset = offsetof(struct sizes_draft, count),
    };
    struct sizes_draft draft = {0};

    if (!decode_sequence(loader->arena, node, &list, &draft, loader->diagnostics))
        return false;
    if (draft.count == 0)
        return schema_sampling_bad(loader, &rule->place, "this rule has no sizes; add one");
    rule->sizes = arena_array(loader->arena, draft.count, sizeof(*rule->sizes));
    if (rule->sizes == NULL)
        return decode_out_of_memory(loader->diagnostics);
    rule->size_count = draft.count;
    bool good = true;
    for (size_t i = 0; i < draft.count; i++) {
        rule->sizes[i] = draft.items[i].size;
        good = schema_sampling_items(loader, &draft.items[i], &rule->sizes[i]) && good;
    }
    for (size_t i = 0; good && i < draft.count; i++)
        good = schema_sampling_when(loader, rule, i) && good;
    return good;
}

static bool schema_sampling_rules(struct schema_loader *loader, const struct sampling_draft *draft) {
    struct sampling *sampling = &loader->schema->sampling;
    bool good = true;

    sampling->rules = arena_array(loader->arena, draft->count + 1, sizeof(*sampling->rules));
    if (sampling->rules == NULL)
        return decode_out_of_memory(loader->diagnostics);
    sampling->rule_count = draft->count;
    for (size_t i = 0; i < draft->count; i++) {
        struct sampling_rule *rule = &sampling->rules[i];
        *rule = draft->items[i].rule;
        rule->by = (enum sampling_by)draft->items[i].by;
        if (rule->id == NULL || draft->items[i].sizes == NULL || draft->items[i].by < 0) {
            rule->id = rule->id != NULL ? rule->id : ""; /* what is missing has been said */
            good = false;
            continue;
        }
        good = schema_sampling_sizes(loader, draft->items[i].sizes, rule) && good;
    }
    return good && schema_check_sorted(loader, "sampling rule", sampling->rules, sampling->rule_count,
                                       sizeof(*sampling->rules), offsetof(struct sampling_rule, place));
}

bool schema_sampling_load(struct schema_loader *loader, const struct yaml_node *root) {
    static const struct decode_field fields[] = {
        {"rule", DECODE_TEXT, offsetof(struct sampling_draft, rule), true, NULL},
        {"risk", DECODE_CHOICE, offsetof(struct sampling_draft, risk), true, schema_risk_names},
        {"confidence", DECODE_PERCENT, offsetof(struct sampling_draft, confidence), true, NULL},
        {"conclude_from", DECODE_INTEGER, offsetof(struct sampling_draft, conclude_from), true, NULL},
        {"rules", DECODE_NODE, offsetof(struct sampling_draft, rules), true, NULL},
    };
    static const struct decode_field rule_fields[] = {
        {"id", DECODE_NAME, offsetof(struct rule_draft, rule.id), true, NULL},
        {"title", DECODE_TEXT, offsetof(struct rule_draft, rule.title), true, NULL},
        {"by", DECODE_CHOICE, offsetof(struct rule_draft, by), true, sampling_by_names},
        {"sizes", DECODE_NODE, offsetof(struct rule_draft, sizes), true, NULL},
    };
    static const struct rule_draft blank = {.by = -1};
    static const struct decode_list list = {
        .key = "rules",
        .what = "sampling rule",
        .fields = rule_fields,
        .field_count = sizeof(rule_fields) / sizeof(rule_fields[0]),
        .size = sizeof(struct rule_draft),
        .blank = &blank,
        .place_offset = offsetof(struct rule_draft, rule.place),
        .items_offset = offsetof(struct sampling_draft, items),
        .count_offset = offsetof(struct sampling_draft, count),
    };
    struct sampling *sampling = &loader->schema->sampling;
    struct sampling_draft draft = {.confidence = -1, .conclude_from = ABSENT};

    bool good = decode_mapping(loader->arena, root, "file of sampling rules", fields,
                               sizeof(fields) / sizeof(fields[0]), &draft, loader->diagnostics);
    good = decode_sequence(loader->arena, draft.rules, &list, &draft, loader->diagnostics) && good;
    *sampling = (struct sampling){.given = true, .rule = draft.rule, .risk = (enum sampling_risk)draft.risk};
    good = schema_sampling_rules(loader, &draft) && good;
    /* What could not be read has been said. */
    if (draft.confidence >= 0 && !schema_sampling_parts(draft.confidence, SAMPLING_LEVELS, SAMPLING_LEVELS / 2,
                                                        SAMPLING_LEVELS - 1, &sampling->confidence))
        good = schema_sampling_bad(loader, &yaml_get(root, "confidence")->place,
                                   "a confidence is from 50% to 99.9%, with at most one decimal; 90% and 95% are "
                                   "usual");
    sampling->conclude_from = draft.conclude_from;
    if (draft.conclude_from < 1 && draft.conclude_from != ABSENT)
        good = schema_sampling_bad(loader, &yaml_get(root, "conclude_from")->place,
                                   "a conclusion needs at least 1 item; 20 is usual");
    if (good && schema_sampling_rule(loader->schema, sampling->rule) == NULL)
        good = decode_unknown(&yaml_get(root, "rule")->place, "sampling rule", sampling->rule, sampling->rules,
                              sampling->rule_count, sizeof(*sampling->rules), loader->diagnostics);
    return good;
}

bool schema_sampling_check(struct schema_loader *loader) {
    const struct schema *schema = loader->schema;
    bool good = true;

    for (size_t c = 0; c < schema->control_count; c++) {
        for (size_t t = 0; t < schema->controls[c].test_count; t++) {
            const struct test *test = &schema->controls[c].tests[t];
            if (test->sampling == NULL || schema_sampling_rule(schema, test->sampling) != NULL)
                continue;
            good = decode_unknown(&test->place, "sampling rule", test->sampling, schema->sampling.rules,
                                  schema->sampling.rule_count, sizeof(*schema->sampling.rules), loader->diagnostics);
        }
    }
    return good;
}

const struct sampling_rule *schema_sampling_rule(const struct schema *schema, const char *id) {
    for (size_t i = 0; i < schema->sampling.rule_count; i++) {
        if (strcmp(schema->sampling.rules[i].id, id) == 0)
            return &schema->sampling.rules[i];
    }
    return NULL;
}
