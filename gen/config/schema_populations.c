#include "config/schema_private.h"

#include "base/limits.h"

#include <string.h>

struct population_draft {
    struct population population;
    const struct yaml_node *controls;
    const struct yaml_node *requires;
    const struct yaml_node *parameters;
    const struct yaml_node *query;
    const struct yaml_node *challenges;
};
struct population_challenges_draft {
    struct population_challenge *items;
    size_t count;
};

static bool schema_populations_bad(struct schema_loader *loader, const struct place *place, const char *id,
                                   const char *why) {
    diagnostics_report(loader->diagnostics, DIAGNOSTIC_BAD_POPULATION, place, "the population '%s' %s", id, why);
    return false;
}

static bool schema_populations_controls(struct schema_loader *loader, const struct yaml_node *node) {
    const struct schema *schema = loader->schema;
    bool good = true;
    if (node == NULL || node->kind != YAML_SEQUENCE)
        return true;
    for (size_t i = 0; i < node->count; i++) {
        if (node->items[i]->kind == YAML_SCALAR && schema_control(schema, node->items[i]->text) == NULL)
            good = decode_unknown(&node->items[i]->place, "control", node->items[i]->text, schema->controls,
                                  schema->control_count, sizeof(*schema->controls), loader->diagnostics);
    }
    return good;
}

/* It has to be seen to take members in, and to leave others out. */
static bool schema_populations_challenges(struct schema_loader *loader, const struct yaml_node *node,
                                          struct population *population) {
    static const struct decode_field fields[] = {
        {"given", DECODE_NODE, offsetof(struct population_challenge, given), true, NULL},
        {"expect", DECODE_TEXTS, offsetof(struct population_challenge, expect), true, NULL},
        {"undetermined", DECODE_TEXTS, offsetof(struct population_challenge, undetermined), false, NULL},
    };
    static const struct decode_list list = {
        .key = "challenges",
        .what = "challenge",
        .fields = fields,
        .field_count = sizeof(fields) / sizeof(fields[0]),
        .size = sizeof(struct population_challenge),
        .place_offset = offsetof(struct population_challenge, place),
        .items_offset = offsetof(struct population_challenges_draft, items),
        .count_offset = offsetof(struct population_challenges_draft, count),
    };
    struct population_challenges_draft draft = {0};
    bool good = decode_sequence(loader->arena, node, &list, &draft, loader->diagnostics);
    bool takes = false;
    bool leaves = false;

    population->challenges = draft.items;
    population->challenge_count = draft.count;
    for (size_t i = 0; i < draft.count; i++) {
        size_t expected = draft.items[i].expect.count + draft.items[i].undetermined.count;
        good = schema_challenges_given(loader, draft.items[i].given) && good;
        takes = takes || draft.items[i].expect.count > 0;
        leaves = leaves || expected == 0;
    }
    if (!good || (takes && leaves))
        return good;
    return schema_populations_bad(loader, &population->place, population->id,
                                  takes ? "has no challenge that expects nobody ('expect: []'), from rows that are "
                                          "none of it; add one"
                                        : "has no challenge that expects a member; add one with rows that make it so");
}

static bool schema_populations_fill(struct schema_loader *loader, struct population_draft *draft) {
    struct population *population = &draft->population;
    struct control *reading = &population->reading;
    bool good = schema_check_id(loader, &population->place, "population", population->id);

    /* Not the id of a control: what it reads is kept apart from what they require. */
    reading->id = arena_format(loader->arena, "population %s", population->id);
    if (reading->id == NULL)
        return decode_out_of_memory(loader->diagnostics);
    reading->title = population->title;
    reading->effective_from = INT64_MIN;
    reading->superseded = INT64_MAX;
    reading->place = population->place;
    population->test = (struct test){.id = population->id, .title = population->title, .place = population->place};
    good = schema_populations_controls(loader, draft->controls) && good;
    good = schema_controls_requires(loader, draft->requires, reading) && good;
    good = schema_controls_parameters(loader, draft->parameters, reading) && good;
    if (draft->query != NULL && decode_is(draft->query, YAML_SCALAR, "'query'", loader->diagnostics)) {
        population->test.query = draft->query->text;
        population->test.query_place = draft->query->text_place;
        if (draft->query->length > LIMIT_SQL_BYTES)
            good = schema_populations_bad(loader, &draft->query->place, population->id,
                                          "has SQL longer than the store takes; shorten it");
    } else {
        good = false;
    }
    return schema_populations_challenges(loader, draft->challenges, population) && good;
}

bool schema_populations_load(struct schema_loader *loader, const struct yaml_node *root) {
    static const struct decode_field fields[] = {
        {"population", DECODE_TEXT, offsetof(struct population_draft, population.id), true, NULL},
        {"title", DECODE_TEXT, offsetof(struct population_draft, population.title), true, NULL},
        {"meaning", DECODE_TEXT, offsetof(struct population_draft, population.meaning), true, NULL},
        {"many", DECODE_TEXT, offsetof(struct population_draft, population.many), true, NULL},
        {"none", DECODE_TEXT, offsetof(struct population_draft, population.none), true, NULL},
        {"names", DECODE_TEXTS, offsetof(struct population_draft, population.names), false, NULL},
        {"controls", DECODE_TEXTS, offsetof(struct population_draft, population.controls), false, NULL},
        {"requires", DECODE_NODE, offsetof(struct population_draft, requires), true, NULL},
        {"parameters", DECODE_NODE, offsetof(struct population_draft, parameters), false, NULL},
        {"query", DECODE_NODE, offsetof(struct population_draft, query), true, NULL},
        {"challenges", DECODE_NODE, offsetof(struct population_draft, challenges), true, NULL},
    };
    struct population_draft draft = {.population.place = root->place};
    bool good = decode_mapping(loader->arena, root, "population", fields, sizeof(fields) / sizeof(fields[0]), &draft,
                               loader->diagnostics);

    if (!good || draft.population.id == NULL)
        return false;
    draft.controls = yaml_get(root, "controls");
    good = schema_populations_fill(loader, &draft);
    struct population *slot = arena_push(loader->arena, &loader->schema->populations, &loader->schema->population_count,
                                         sizeof(*loader->schema->populations));
    if (slot == NULL)
        return decode_out_of_memory(loader->diagnostics);
    *slot = draft.population;
    return good;
}
