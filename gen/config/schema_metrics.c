#include "config/schema_private.h"

#include "base/limits.h"
#include "base/text.h"
#include "base/value.h"

#include <string.h>

#define METRIC_MOST_DECIMALS 6

const char *const schema_measure_names[] = {
    [MEASURE_SHARE] = "share",       [MEASURE_RATIO] = "ratio",     [MEASURE_COUNT] = "count",
    [MEASURE_SUM] = "sum",           [MEASURE_MEAN] = "mean",       [MEASURE_P50] = "p50",
    [MEASURE_SMALLEST] = "smallest", [MEASURE_LARGEST] = "largest", [MEASURE_P95] = "p95",
    [MEASURE_P99] = "p99",           [MEASURE_P99 + 1] = NULL,
};

const char *const schema_better_names[] = {
    [BETTER_HIGHER] = "higher",
    [BETTER_LOWER] = "lower",
    [BETTER_NEITHER] = "neither",
    NULL,
};

struct metric_draft {
    struct metric metric;
    int measure; /* -1: none is said */
    int better;
    const struct yaml_node *measures; /* one, or a list: a metric each */
    const struct yaml_node *query;
    const struct yaml_node *target;
    const struct yaml_node *parameters;
    const struct yaml_node *challenges;
};
struct metrics_draft {
    struct metric_draft *items;
    size_t count;
    const struct yaml_node *node;
    const struct yaml_node *charts;
};
struct metric_challenge_draft {
    struct metric_challenge challenge;
    const struct yaml_node *parameters;
    const struct yaml_node *expect;
};
struct metric_challenges_draft {
    struct metric_challenge_draft *items;
    size_t count;
};
struct metric_parameter_draft {
    const char *from;
};

static bool schema_metrics_bad(struct schema_loader *loader, const struct place *place, const char *id,
                               const char *why) {
    diagnostics_report(loader->diagnostics, DIAGNOSTIC_BAD_METRIC, place, "the metric '%s' %s", id, why);
    return false;
}

static const struct parameter *schema_metrics_find(const struct control *control, const char *name) {
    for (size_t i = 0; control != NULL && i < control->parameter_count; i++) {
        if (strcmp(control->parameters[i].name, name) == 0)
            return &control->parameters[i];
    }
    return NULL;
}

/* `{from: CC7.2-03.availability_at_least}`: the parameter of a control, with whatever the programme puts in its place.
 */
static bool schema_metrics_borrow(struct schema_loader *loader, const struct yaml_pair *pair,
                                  struct metric_parameter *out) {
    static const struct decode_field fields[] = {
        {"from", DECODE_TEXT, offsetof(struct metric_parameter_draft, from), true, NULL},
    };
    const struct schema *schema = loader->schema;
    struct metric_parameter_draft draft = {0};
    if (!decode_mapping(loader->arena, pair->value, "parameter", fields, 1, &draft, loader->diagnostics))
        return false;
    const struct place *place = &yaml_get(pair->value, "from")->place;
    const char *dot = strrchr(draft.from, '.');
    if (dot == NULL) {
        diagnostics_report(loader->diagnostics, DIAGNOSTIC_BAD_METRIC, place,
                           "'%.80s' names no control; write the control and its parameter with a '.' between them",
                           draft.from);
        return false;
    }
    const char *id = arena_copy(loader->arena, draft.from, (size_t)(dot - draft.from));
    if (id == NULL)
        return decode_out_of_memory(loader->diagnostics);
    const struct control *control = schema_control(schema, id);
    if (control == NULL)
        return decode_unknown(place, "control", id, schema->controls, schema->control_count, sizeof(*schema->controls),
                              loader->diagnostics);
    const struct parameter *parameter = schema_metrics_find(control, dot + 1);
    if (parameter == NULL)
        return decode_unknown(place, "parameter of the control called", dot + 1, control->parameters,
                              control->parameter_count, sizeof(*control->parameters), loader->diagnostics);
    out->own.meaning = parameter->meaning;
    out->own.duration = parameter->duration;
    out->own.value = parameter->value;
    out->own.text = parameter->text;
    out->of_control = id;
    out->of_parameter = parameter->name;
    return true;
}

static bool schema_metrics_parameters(struct schema_loader *loader, const struct yaml_node *node,
                                      struct metric *metric) {
    bool good = true;
    if (node == NULL)
        return true;
    if (!decode_is(node, YAML_MAPPING, "'parameters'", loader->diagnostics))
        return false;
    metric->parameters = arena_array(loader->arena, node->count, sizeof(*metric->parameters));
    if (metric->parameters == NULL && node->count > 0)
        return decode_out_of_memory(loader->diagnostics);
    metric->parameter_count = node->count;
    for (size_t i = 0; i < node->count; i++) {
        const struct yaml_pair *pair = &node->pairs[i];
        struct metric_parameter *parameter = &metric->parameters[i];
        bool borrowed = pair->value->kind == YAML_MAPPING && yaml_get(pair->value, "from") != NULL;
        parameter->own = (struct parameter){.name = pair->key, .place = pair->place, .text = "", .meaning = ""};
        good = (borrowed ? schema_check_name(loader, &pair->place, "parameter", pair->key) &&
                               schema_metrics_borrow(loader, pair, parameter)
                         : schema_controls_parameter(loader, pair, &parameter->own)) &&
               good;
    }
    return good;
}

static const struct metric_parameter *schema_metrics_parameter(const struct metric *metric, const char *name) {
    for (size_t i = 0; i < metric->parameter_count; i++) {
        if (strcmp(metric->parameters[i].own.name, name) == 0)
            return &metric->parameters[i];
    }
    return NULL;
}

static bool schema_metrics_target(struct schema_loader *loader, const struct yaml_node *node, struct metric *metric) {
    if (node == NULL)
        return true;
    if (!decode_is(node, YAML_SCALAR, "'target'", loader->diagnostics))
        return false;
    metric->target = node->text;
    if (metric->better == BETTER_NEITHER)
        return schema_metrics_bad(loader, &node->place, metric->id,
                                  "has a target, but 'better' says neither; say which way is better");
    if (node->text[0] == ':') {
        const struct metric_parameter *parameter = schema_metrics_parameter(metric, node->text + 1);
        if (parameter == NULL || parameter->own.value.kind == VALUE_TEXT)
            return schema_metrics_bad(loader, &node->place, metric->id,
                                      "takes its target from a parameter that is not declared, or is no number");
        metric->target_parameter = parameter->own.name;
        return true;
    }
    if (strcmp(metric->unit, SCHEMA_UNIT_DURATION) == 0) {
        int64_t seconds;
        if (!decode_duration(node->text, &seconds))
            return schema_metrics_bad(loader, &node->place, metric->id,
                                      "is a duration; write its target as one, such as '15 minutes'");
        metric->target_value = (double)seconds;
        return true;
    }
    return value_real(node->text, node->length, &metric->target_value) ||
           schema_metrics_bad(loader, &node->place, metric->id,
                              "has a target that is no number; write 99.5, without its unit");
}

static bool schema_metrics_test(struct schema_loader *loader, const struct place *place, const struct metric *metric) {
    const struct test *test = schema_test(loader->schema, metric->test, NULL);
    if (test != NULL)
        return test->query != NULL ||
               schema_metrics_bad(loader, place, metric->id,
                                  "is made of a manual test, which has no population; name another");
    diagnostics_report(loader->diagnostics, DIAGNOSTIC_UNKNOWN_REFERENCE, place,
                       "there is no test '%.80s'; check the spelling", metric->test);
    return false;
}

/* What the metric is made of: the population of a test, or a query of its own. */
static bool schema_metrics_query(struct schema_loader *loader, const struct metric_draft *draft,
                                 struct metric *metric) {
    if ((metric->test == NULL) == (draft->query == NULL))
        return schema_metrics_bad(
            loader, &metric->place, metric->id,
            "needs either 'test' (the share of its population that is in order, or their count) or 'query'");
    if (metric->test != NULL) {
        bool counts = draft->measure == MEASURE_COUNT;
        if ((draft->measure >= 0 && !counts) || draft->challenges != NULL || metric->parameter_count > 0)
            return schema_metrics_bad(loader, &metric->place, metric->id,
                                      "is made of a test; leave out 'parameters', 'challenges' and every 'measure' but "
                                      "count, the number of its items");
        if (counts && metric->part != NULL)
            return schema_metrics_bad(loader, &metric->place, metric->id,
                                      "counts all items of a test; leave out 'part'");
        if (!counts && strcmp(metric->unit, SCHEMA_UNIT_PERCENT) != 0)
            return schema_metrics_bad(loader, &metric->place, metric->id, "is a share; its unit is percent");
        return schema_metrics_test(loader, &metric->place, metric);
    }
    if (!decode_is(draft->query, YAML_SCALAR, "'query'", loader->diagnostics))
        return false;
    if (draft->measure < 0)
        return schema_metrics_bad(loader, &metric->place, metric->id,
                                  "does not say how its rows become one value; add 'measure'");
    if (draft->query->length > LIMIT_SQL_BYTES)
        return schema_metrics_bad(loader, &metric->place, metric->id, "has SQL longer than the store takes");
    if (metric->measure == MEASURE_SHARE && strcmp(metric->unit, SCHEMA_UNIT_PERCENT) != 0)
        return schema_metrics_bad(loader, &metric->place, metric->id, "is a share; its unit is percent");
    if ((metric->measure == MEASURE_SHARE || metric->measure == MEASURE_RATIO) && metric->part == NULL)
        return schema_metrics_bad(loader, &metric->place, metric->id,
                                  "is one number over another; name the first with 'part'");
    metric->query = draft->query->text;
    metric->query_place = draft->query->text_place;
    return true;
}

static bool schema_metrics_values(struct schema_loader *loader, const struct yaml_node *node,
                                  const struct metric *metric, struct metric_challenge *challenge) {
    bool good = true;
    if (node == NULL)
        return true;
    if (!decode_is(node, YAML_MAPPING, "'parameters'", loader->diagnostics))
        return false;
    challenge->values = arena_array(loader->arena, node->count, sizeof(*challenge->values));
    if (challenge->values == NULL && node->count > 0)
        return decode_out_of_memory(loader->diagnostics);
    for (size_t i = 0; i < node->count; i++) {
        const struct yaml_pair *pair = &node->pairs[i];
        const struct metric_parameter *parameter = schema_metrics_parameter(metric, pair->key);
        struct value value;
        if (parameter == NULL)
            good = decode_unknown(&pair->place, "parameter of this metric called", pair->key, metric->parameters,
                                  metric->parameter_count, sizeof(*metric->parameters), loader->diagnostics);
        else if (!schema_value_parameter(&parameter->own, pair->value, &value, loader->diagnostics))
            good = false;
        else
            challenge->values[challenge->value_count++] = (struct challenge_value){parameter->own.name, value};
    }
    return good;
}

static bool schema_metrics_expect(struct schema_loader *loader, const struct yaml_node *node, bool several,
                                  const struct metric *metric, struct metric_challenge *challenge) {
    int64_t seconds;
    /* Of several measures each has its own. */
    if (node != NULL && node->kind == YAML_MAPPING && several)
        node = yaml_get(node, schema_measure_names[metric->measure]);
    if (node == NULL) {
        diagnostics_report(loader->diagnostics, DIAGNOSTIC_MISSING_KEY, &challenge->place,
                           "this challenge does not say what %s comes to; add it to 'expect'", metric->id);
        return false;
    }
    if (!decode_is(node, YAML_SCALAR, "'expect'", loader->diagnostics))
        return false;
    challenge->expect_text = node->text;
    if (strcmp(node->text, "none") == 0) {
        challenge->expect = EXPECT_NONE;
    } else if (strcmp(node->text, "undetermined") == 0) {
        challenge->expect = EXPECT_OPEN;
    } else if (strcmp(metric->unit, SCHEMA_UNIT_DURATION) == 0 && decode_duration(node->text, &seconds)) {
        challenge->expect_value = (double)seconds;
    } else if (!value_real(node->text, node->length, &challenge->expect_value)) {
        diagnostics_report(loader->diagnostics, DIAGNOSTIC_WRONG_VALUE, &node->place,
                           "'expect' must be a number, a duration where that is the unit, 'none' or 'undetermined', "
                           "and here is '%.80s'",
                           node->text);
        return false;
    }
    return true;
}

/* A figure that was seen to come out in one way only might always come out so. */
static bool schema_metrics_enough(struct schema_loader *loader, const struct metric *metric) {
    bool number = false;
    bool differ = false;
    for (size_t i = 0; i < metric->challenge_count; i++) {
        const struct metric_challenge *one = &metric->challenges[i];
        const struct metric_challenge *first = &metric->challenges[0];
        number = number || one->expect == EXPECT_VALUE;
        differ = differ || one->expect != first->expect || one->expect_value < first->expect_value ||
                 one->expect_value > first->expect_value;
    }
    if (number && differ)
        return true;
    diagnostics_report(loader->diagnostics, DIAGNOSTIC_BAD_CHALLENGE, &metric->place,
                       "the metric '%s' needs at least two challenges whose results differ, one of them a number; add "
                       "rows and what they come to",
                       metric->id);
    return false;
}

static bool schema_metrics_challenges(struct schema_loader *loader, const struct yaml_node *node, bool several,
                                      struct metric *metric) {
    static const struct decode_field fields[] = {
        {"given", DECODE_NODE, offsetof(struct metric_challenge_draft, challenge.given), true, NULL},
        {"parameters", DECODE_NODE, offsetof(struct metric_challenge_draft, parameters), false, NULL},
        {"expect", DECODE_NODE, offsetof(struct metric_challenge_draft, expect), true, NULL},
    };
    static const struct decode_list list = {
        .key = "challenges",
        .what = "challenge",
        .fields = fields,
        .field_count = sizeof(fields) / sizeof(fields[0]),
        .size = sizeof(struct metric_challenge_draft),
        .place_offset = offsetof(struct metric_challenge_draft, challenge.place),
        .items_offset = offsetof(struct metric_challenges_draft, items),
        .count_offset = offsetof(struct metric_challenges_draft, count),
    };
    struct metric_challenges_draft draft = {0};
    bool good = decode_sequence(loader->arena, node, &list, &draft, loader->diagnostics);

    metric->challenges = arena_array(loader->arena, draft.count, sizeof(*metric->challenges));
    if (metric->challenges == NULL && draft.count > 0)
        return decode_out_of_memory(loader->diagnostics);
    metric->challenge_count = draft.count;
    for (size_t i = 0; i < draft.count; i++) {
        struct metric_challenge *challenge = &metric->challenges[i];
        *challenge = draft.items[i].challenge;
        good = schema_challenges_given(loader, challenge->given) && good;
        good = schema_metrics_values(loader, draft.items[i].parameters, metric, challenge) && good;
        good = schema_metrics_expect(loader, draft.items[i].expect, several, metric, challenge) && good;
    }
    return good && (metric->query == NULL || schema_metrics_enough(loader, metric));
}

/* How a title says which of several measures it is. */
static const char *schema_metrics_word(enum metric_measure measure) {
    switch (measure) {
    case MEASURE_P50:
        return "median";
    case MEASURE_P95:
        return "95th percentile";
    case MEASURE_P99:
        return "99th percentile";
    default:
        return schema_measure_names[measure];
    }
}

static bool schema_metrics_one(struct schema_loader *loader, const struct metric_draft *draft, bool several) {
    struct metric *metric =
        arena_push(loader->arena, &loader->schema->metrics, &loader->schema->metric_count, sizeof(*metric));
    if (metric == NULL)
        return decode_out_of_memory(loader->diagnostics);
    *metric = draft->metric;
    metric->measure = draft->measure < 0 ? MEASURE_SHARE : (enum metric_measure)draft->measure;
    metric->better = (enum metric_better)draft->better;
    if (several) {
        const char *name = schema_measure_names[metric->measure];
        metric->id = arena_format(loader->arena, "%s_%s", draft->metric.id, name);
        metric->title =
            arena_format(loader->arena, "%s, %s", draft->metric.title, schema_metrics_word(metric->measure));
        metric->formula = arena_format(loader->arena, "%s of %s", name, draft->metric.formula);
        if (metric->id == NULL || metric->title == NULL || metric->formula == NULL)
            return decode_out_of_memory(loader->diagnostics);
    }
    if (metric->decimals < -1 || metric->decimals > METRIC_MOST_DECIMALS)
        return schema_metrics_bad(loader, &metric->place, metric->id, "prints up to 6 decimals; write 0 to 6");
    return schema_check_name(loader, &metric->place, "metric", metric->id) &&
           schema_metrics_parameters(loader, draft->parameters, metric) &&
           schema_metrics_target(loader, draft->target, metric) && schema_metrics_query(loader, draft, metric) &&
           schema_metrics_challenges(loader, draft->challenges, several, metric);
}

/* One metric, or one for each of its measures. */
static bool schema_metrics_add(struct schema_loader *loader, struct metric_draft *draft) {
    static const struct decode_field field = {"measure", DECODE_CHOICE, 0, true, schema_measure_names};
    const struct yaml_node *measures = draft->measures;
    bool several = measures != NULL && measures->kind == YAML_SEQUENCE;
    size_t count = several ? measures->count : 1;
    bool good = true;
    for (size_t i = 0; i < count; i++) {
        const struct yaml_node *node = several ? measures->items[i] : measures;
        draft->measure = -1;
        good = (node == NULL ||
                decode_scalar(loader->arena, node, "metric", &field, &draft->measure, loader->diagnostics)) &&
               schema_metrics_one(loader, draft, several) && good;
    }
    return good;
}

bool schema_metrics_load(struct schema_loader *loader, const struct yaml_node *root) {
    static const struct decode_field fields[] = {
        {"id", DECODE_TEXT, offsetof(struct metric_draft, metric.id), true, NULL},
        {"section", DECODE_TEXT, offsetof(struct metric_draft, metric.section), true, NULL},
        {"title", DECODE_TEXT, offsetof(struct metric_draft, metric.title), true, NULL},
        {"meaning", DECODE_TEXT, offsetof(struct metric_draft, metric.meaning), true, NULL},
        {"formula", DECODE_TEXT, offsetof(struct metric_draft, metric.formula), true, NULL},
        {"unit", DECODE_TEXT, offsetof(struct metric_draft, metric.unit), true, NULL},
        {"part", DECODE_TEXT, offsetof(struct metric_draft, metric.part), false, NULL},
        {"whole", DECODE_TEXT, offsetof(struct metric_draft, metric.whole), true, NULL},
        {"measure", DECODE_NODE, offsetof(struct metric_draft, measures), false, NULL},
        {"decimals", DECODE_INTEGER, offsetof(struct metric_draft, metric.decimals), false, NULL},
        {"better", DECODE_CHOICE, offsetof(struct metric_draft, better), true, schema_better_names},
        {"target", DECODE_NODE, offsetof(struct metric_draft, target), false, NULL},
        {"parameters", DECODE_NODE, offsetof(struct metric_draft, parameters), false, NULL},
        {"test", DECODE_TEXT, offsetof(struct metric_draft, metric.test), false, NULL},
        {"query", DECODE_NODE, offsetof(struct metric_draft, query), false, NULL},
        {"challenges", DECODE_NODE, offsetof(struct metric_draft, challenges), false, NULL},
    };
    static const struct metric_draft blank = {.measure = -1, .metric = {.decimals = -1}};
    static const struct decode_list list = {
        .key = "metrics",
        .what = "metric",
        .fields = fields,
        .field_count = sizeof(fields) / sizeof(fields[0]),
        .size = sizeof(struct metric_draft),
        .blank = &blank,
        .place_offset = offsetof(struct metric_draft, metric.place),
        .items_offset = offsetof(struct metrics_draft, items),
        .count_offset = offsetof(struct metrics_draft, count),
    };
    static const struct decode_field file_fields[] = {
        {"metrics", DECODE_NODE, offsetof(struct metrics_draft, node), false, NULL},
        {"charts", DECODE_NODE, offsetof(struct metrics_draft, charts), false, NULL},
    };
    struct metrics_draft draft = {0};
    bool good = decode_mapping(loader->arena, root, "file of metrics", file_fields, 2, &draft, loader->diagnostics);

    /* A metric that lacks what it must have has been reported, and would only be reported again. */
    bool decoded = decode_sequence(loader->arena, draft.node, &list, &draft, loader->diagnostics);
    for (size_t i = 0; decoded && i < draft.count; i++)
        good = schema_metrics_add(loader, &draft.items[i]) && good;
    return schema_metrics_charts(loader, draft.charts) && decoded && good;
}

bool schema_metrics_check(struct schema_loader *loader) {
    const struct schema *schema = loader->schema;
    struct schema_reference *ids = arena_array(loader->arena, schema->metric_count + 1, sizeof(*ids));
    bool good = true;
    if (ids == NULL)
        return decode_out_of_memory(loader->diagnostics);
    for (size_t i = 0; i < schema->metric_count; i++) {
        const struct metric *metric = &schema->metrics[i];
        ids[i] = (struct schema_reference){metric->id, metric->place};
        if (schema_metrics_own(metric->id))
            good = schema_metrics_bad(loader, &metric->place, metric->id,
                                      "has the id of a figure that tickmark works out itself; choose another");
    }
    good = schema_metrics_charts_check(loader) && good;
    return schema_check_sorted(loader, "metric", ids, schema->metric_count, sizeof(*ids),
                               offsetof(struct schema_reference, place)) &&
           good;
}
