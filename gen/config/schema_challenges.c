#include "config/schema_private.h"

#include <string.h>

const char *const schema_expect_names[] = {
    [EXPECT_EXCEPTION] = "exception",
    [EXPECT_EFFECTIVE] = "effective",
    [EXPECT_UNDETERMINED] = "undetermined",
    [EXPECT_EMPTY] = "empty",
    NULL,
};

struct challenge_draft {
    struct challenge challenge;
    const struct yaml_node *parameters;
    int expect;
};
struct challenges_draft {
    struct challenge_draft *items;
    size_t count;
};

/* One value of a given row: a column of the type, or what the store adds to every row. */
static bool schema_challenges_value(struct schema_loader *loader, const struct evidence_type *type,
                                    const struct yaml_pair *pair) {
    static const struct column generated[] = {
        {.name = "at", .kind = COLUMN_TIME},
        {.name = "source", .kind = COLUMN_TEXT},
    };
    struct value value;
    size_t index = schema_column(type, pair->key);

    if (index != SIZE_MAX)
        return schema_value_convert(loader, &type->columns[index], pair->value, &value);
    for (size_t i = 0; i < sizeof(generated) / sizeof(generated[0]); i++) {
        if (strcmp(generated[i].name, pair->key) == 0)
            return schema_value_convert(loader, &generated[i], pair->value, &value);
    }
    char *what = arena_format(loader->arena, "column of the type '%s' called", type->id);
    if (what == NULL)
        return decode_out_of_memory(loader->diagnostics);
    return decode_unknown(&pair->place, what, pair->key, type->columns, type->column_count, sizeof(*type->columns),
                          loader->diagnostics);
}

/* What tests read of the programme, which challenges give as if it were evidence; NULL: the key is another. */
static const struct evidence_type *schema_challenges_programme(const char *key) {
    static struct column identity_columns[] = {
        {.name = "login", .kind = COLUMN_TEXT},
        {.name = "person", .kind = COLUMN_TEXT},
    };
    static struct column system_columns[] = {
        {.name = "source", .kind = COLUMN_TEXT},
        {.name = "system", .kind = COLUMN_TEXT},
    };
    static const struct evidence_type known[] = {
        {.id = SCHEMA_IDENTITY, .columns = identity_columns, .column_count = 2},
        {.id = SCHEMA_SYSTEM, .columns = system_columns, .column_count = 2},
    };
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (strcmp(key, known[i].id) == 0)
            return &known[i];
    return NULL;
}

/* What is given of an evidence type, or of the programme. */
static bool schema_challenges_rows(struct schema_loader *loader, const struct yaml_pair *pair) {
    const struct schema *schema = loader->schema;
    size_t index = schema_type(schema, pair->key);
    const struct evidence_type *type =
        index != SIZE_MAX ? &schema->types[index] : schema_challenges_programme(pair->key);
    bool good = true;

    if (type == NULL)
        return decode_unknown(&pair->place, "evidence type", pair->key, schema->types, schema->type_count,
                              sizeof(*schema->types), loader->diagnostics);
    if (!decode_is(pair->value, YAML_SEQUENCE, "what is given of a type", loader->diagnostics))
        return false;
    for (size_t r = 0; r < pair->value->count; r++) {
        const struct yaml_node *row = pair->value->items[r];
        if (!decode_is(row, YAML_MAPPING, "a given row", loader->diagnostics)) {
            good = false;
            continue;
        }
        for (size_t c = 0; c < row->count; c++)
            good = schema_challenges_value(loader, type, &row->pairs[c]) && good;
    }
    return good;
}

bool schema_challenges_given(struct schema_loader *loader, const struct yaml_node *given) {
    bool good = true;
    if (given == NULL || !decode_is(given, YAML_MAPPING, "'given'", loader->diagnostics))
        return true;
    for (size_t i = 0; i < given->count; i++)
        good = schema_challenges_rows(loader, &given->pairs[i]) && good;
    return good;
}

static bool schema_challenges_parameters(struct schema_loader *loader, const struct yaml_node *node,
                                         const struct control *control, struct challenge *challenge) {
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
        const struct parameter *parameter = NULL;
        struct value value;
        for (size_t p = 0; p < control->parameter_count; p++) {
            if (strcmp(control->parameters[p].name, pair->key) == 0)
                parameter = &control->parameters[p];
        }
        if (parameter == NULL)
            good = decode_unknown(&pair->place, "parameter of this control called", pair->key, control->parameters,
                                  control->parameter_count, sizeof(*control->parameters), loader->diagnostics);
        else if (!schema_value_parameter(parameter, pair->value, &value, loader->diagnostics))
            good = false;
        else
            challenge->values[challenge->value_count++] = (struct challenge_value){parameter->name, value};
    }
    return good;
}

static bool schema_challenges_check(struct schema_loader *loader, const struct control *control,
                                    const struct yaml_node *parameters, struct challenge *challenge) {
    bool good = schema_challenges_given(loader, challenge->given);
    return schema_challenges_parameters(loader, parameters, control, challenge) && good;
}

/* A query that was never seen to find its fault, nor to pass good evidence, proves nothing. */
static bool schema_challenges_enough(struct schema_loader *loader, const struct test *test) {
    bool seen[EXPECT_EMPTY + 1] = {false};
    for (size_t i = 0; i < test->challenge_count; i++)
        seen[test->challenges[i].expect] = true;
    if (seen[EXPECT_EXCEPTION] && seen[EXPECT_EFFECTIVE])
        return true;
    diagnostics_report(loader->diagnostics, DIAGNOSTIC_BAD_CHALLENGE, &test->place,
                       "the test '%s' has no challenge that expects %s; add one with rows that make it so", test->id,
                       seen[EXPECT_EXCEPTION]   ? "'effective'"
                       : seen[EXPECT_EFFECTIVE] ? "'exception'"
                                                : "'exception', nor one that expects 'effective'");
    return false;
}

bool schema_challenges_load(struct schema_loader *loader, const struct yaml_node *challenges,
                            const struct control *control, struct test *test) {
    static const struct decode_field fields[] = {
        {"given", DECODE_NODE, offsetof(struct challenge_draft, challenge.given), true, NULL},
        {"parameters", DECODE_NODE, offsetof(struct challenge_draft, parameters), false, NULL},
        {"expect", DECODE_CHOICE, offsetof(struct challenge_draft, expect), true, schema_expect_names},
    };
    static const struct decode_list list = {
        .key = "challenges",
        .what = "challenge",
        .fields = fields,
        .field_count = sizeof(fields) / sizeof(fields[0]),
        .size = sizeof(struct challenge_draft),
        .place_offset = offsetof(struct challenge_draft, challenge.place),
        .items_offset = offsetof(struct challenges_draft, items),
        .count_offset = offsetof(struct challenges_draft, count),
    };
    struct challenges_draft draft = {0};
    bool good = decode_sequence(loader->arena, challenges, &list, &draft, loader->diagnostics);

    test->challenges = arena_array(loader->arena, draft.count, sizeof(*test->challenges));
    if (test->challenges == NULL && draft.count > 0)
        return decode_out_of_memory(loader->diagnostics);
    test->challenge_count = draft.count;
    for (size_t i = 0; i < draft.count; i++) {
        struct challenge *challenge = &test->challenges[i];
        *challenge = draft.items[i].challenge;
        challenge->expect = (enum challenge_expect)draft.items[i].expect;
        challenge->expect_text = schema_expect_names[challenge->expect];
        good = schema_challenges_check(loader, control, draft.items[i].parameters, challenge) && good;
    }
    if (!good)
        return false;
    if (test->manual.attest != NULL && test->challenge_count > 0) {
        diagnostics_report(loader->diagnostics, DIAGNOSTIC_BAD_CHALLENGE, &challenges->place,
                           "the test '%s' is manual and cannot be challenged; remove its challenges", test->id);
        return false;
    }
    return test->query == NULL || schema_challenges_enough(loader, test);
}
