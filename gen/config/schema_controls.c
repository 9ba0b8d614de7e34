#include "config/schema_private.h"

#include <string.h>

const char *const schema_cadence_names[] = {
    [CADENCE_DAILY] = "daily",         [CADENCE_BUSINESS_DAY] = "business-day",
    [CADENCE_WEEKLY] = "weekly",       [CADENCE_MONTHLY] = "monthly",
    [CADENCE_QUARTERLY] = "quarterly", [CADENCE_ANNUAL] = "annual",
    [CADENCE_PERIOD] = "period",       [CADENCE_COUNT] = NULL,
};

const char *const schema_verdict_names[] = {
    [VERDICT_NOT_APPLICABLE] = "not applicable",
    [VERDICT_EFFECTIVE] = "effective",
    [VERDICT_NO_OCCURRENCE] = "no occurrence",
    [VERDICT_PENDING] = "pending",
    [VERDICT_INSUFFICIENT] = "insufficient",
    [VERDICT_EXCEPTION] = "exception",
    [VERDICT_COUNT] = NULL,
};

struct requirement_draft {
    struct requirement requirement;
    const struct yaml_node *type;
    int cadence;
};
struct parameter_draft {
    const struct yaml_node *value;
    const char *meaning;
    int unit;
};
struct control_draft {
    struct control control;
    struct requirement_draft *requirements;
    size_t requirement_count;
    const struct yaml_node *criteria;
    const struct yaml_node *compensating;
    const struct yaml_node *requires;
    const struct yaml_node *parameters;
    const struct yaml_node *tests;
};
struct controls_draft {
    struct control_draft *items;
    size_t count;
    const struct yaml_node *node;
};

static bool schema_controls_criteria(struct schema_loader *loader, const struct yaml_node *node) {
    const struct schema *schema = loader->schema;
    bool good = true;
    /* Without any criteria the absence of the file was reported; each control would only repeat it. */
    if (node == NULL || node->kind != YAML_SEQUENCE || schema->criterion_count == 0)
        return true;
    for (size_t i = 0; i < node->count; i++) {
        const struct yaml_node *item = node->items[i];
        if (item->kind == YAML_SCALAR && schema_criterion(schema, item->text) == NULL)
            good = decode_unknown(&item->place, "criterion", item->text, schema->criteria, schema->criterion_count,
                                  sizeof(*schema->criteria), loader->diagnostics);
    }
    return good;
}

/* Compensating controls may stand in files that are yet to come: noted, and checked in the end. */
static bool schema_controls_compensating(struct schema_loader *loader, const struct yaml_node *node) {
    if (node == NULL || node->kind != YAML_SEQUENCE)
        return true;
    for (size_t i = 0; i < node->count; i++) {
        if (node->items[i]->kind != YAML_SCALAR)
            continue;
        struct schema_reference *slot = arena_push(loader->arena, &loader->compensating, &loader->compensating_count,
                                                   sizeof(*loader->compensating));
        if (slot == NULL)
            return decode_out_of_memory(loader->diagnostics);
        *slot = (struct schema_reference){node->items[i]->text, node->items[i]->place};
    }
    return true;
}

static bool schema_controls_requires(struct schema_loader *loader, struct control_draft *draft) {
    static const struct decode_field fields[] = {
        {"type", DECODE_NODE, offsetof(struct requirement_draft, type), true, NULL},
        {"cadence", DECODE_CHOICE, offsetof(struct requirement_draft, cadence), true, schema_cadence_names},
        {"grace", DECODE_DURATION, offsetof(struct requirement_draft, requirement.grace), false, NULL},
        {"automated", DECODE_BOOLEAN, offsetof(struct requirement_draft, requirement.automated), false, NULL},
        {"produced_by", DECODE_TEXT, offsetof(struct requirement_draft, requirement.produced_by), true, NULL},
    };
    static const struct decode_list list = {
        .key = "requires",
        .what = "requirement",
        .fields = fields,
        .field_count = sizeof(fields) / sizeof(fields[0]),
        .size = sizeof(struct requirement_draft),
        .place_offset = offsetof(struct requirement_draft, requirement.place),
        .items_offset = offsetof(struct control_draft, requirements),
        .count_offset = offsetof(struct control_draft, requirement_count),
    };
    const struct schema *schema = loader->schema;
    struct control *control = &draft->control;
    bool good = decode_sequence(loader->arena, draft->requires, &list, draft, loader->diagnostics);

    control->requirements = arena_array(loader->arena, draft->requirement_count, sizeof(*control->requirements));
    if (control->requirements == NULL && draft->requirement_count > 0)
        return decode_out_of_memory(loader->diagnostics);
    for (size_t i = 0; i < draft->requirement_count; i++) {
        struct requirement *slot = &control->requirements[control->requirement_count];
        const struct yaml_node *type = draft->requirements[i].type;
        *slot = draft->requirements[i].requirement;
        slot->cadence = (enum cadence)draft->requirements[i].cadence;
        if (type == NULL)
            continue;
        if (!decode_is(type, YAML_SCALAR, "'type'", loader->diagnostics)) {
            good = false;
            continue;
        }
        slot->type = schema_type(schema, type->text);
        if (slot->type == SIZE_MAX)
            good = decode_unknown(&type->place, "evidence type", type->text, schema->types, schema->type_count,
                                  sizeof(*schema->types), loader->diagnostics);
        else
            control->requirement_count++;
    }
    return good;
}

static bool schema_controls_parameter(struct schema_loader *loader, const struct yaml_pair *pair,
                                      struct parameter *parameter) {
    static const char *const units[] = {"duration", NULL};
    static const struct decode_field fields[] = {
        {"value", DECODE_NODE, offsetof(struct parameter_draft, value), true, NULL},
        {"meaning", DECODE_TEXT, offsetof(struct parameter_draft, meaning), true, NULL},
        {"unit", DECODE_CHOICE, offsetof(struct parameter_draft, unit), false, units},
    };
    struct parameter_draft draft = {.unit = -1};
    bool good = schema_check_name(loader, &pair->place, "parameter", pair->key);

    *parameter = (struct parameter){.name = pair->key, .place = pair->place, .text = "", .meaning = ""};
    if (!decode_mapping(loader->arena, pair->value, "parameter", fields, sizeof(fields) / sizeof(fields[0]), &draft,
                        loader->diagnostics))
        return false;
    parameter->meaning = draft.meaning;
    parameter->duration = draft.unit == 0;
    return schema_value_declare(loader, parameter, draft.value) && good;
}

bool schema_parameters_load(struct schema_loader *loader, const struct yaml_node *node, struct control *control) {
    bool good = true;
    if (node == NULL)
        return true;
    if (!decode_is(node, YAML_MAPPING, "'parameters'", loader->diagnostics))
        return false;
    control->parameters = arena_array(loader->arena, node->count, sizeof(*control->parameters));
    if (control->parameters == NULL && node->count > 0)
        return decode_out_of_memory(loader->diagnostics);
    control->parameter_count = node->count;
    for (size_t i = 0; i < node->count; i++)
        good = schema_controls_parameter(loader, &node->pairs[i], &control->parameters[i]) && good;
    return good;
}

static bool schema_controls_add(struct schema_loader *loader, struct control_draft *draft) {
    struct control *control = &draft->control;
    bool good = schema_check_id(loader, &control->place, "control", control->id);

    good = schema_controls_criteria(loader, draft->criteria) && good;
    good = schema_controls_compensating(loader, draft->compensating) && good;
    good = schema_controls_requires(loader, draft) && good;
    good = schema_parameters_load(loader, draft->parameters, control) && good;
    good = (draft->tests == NULL || schema_tests_load(loader, draft->tests, control)) && good;
    if (control->effective_from >= control->superseded) {
        diagnostics_report(loader->diagnostics, DIAGNOSTIC_WRONG_VALUE, &control->place,
                           "the control '%s' is superseded before it is effective; check the two dates", control->id);
        good = false;
    }
    struct control *slot = arena_push(loader->arena, &loader->schema->controls, &loader->schema->control_count,
                                      sizeof(*loader->schema->controls));
    if (slot == NULL)
        return decode_out_of_memory(loader->diagnostics);
    *slot = *control;
    return good;
}

bool schema_controls_load(struct schema_loader *loader, const struct yaml_node *root) {
    static const struct decode_field fields[] = {
        {"id", DECODE_TEXT, offsetof(struct control_draft, control.id), true, NULL},
        {"title", DECODE_TEXT, offsetof(struct control_draft, control.title), true, NULL},
        {"criteria", DECODE_TEXTS, offsetof(struct control_draft, control.criteria), true, NULL},
        {"alias", DECODE_TEXTS, offsetof(struct control_draft, control.alias), false, NULL},
        {"owner", DECODE_TEXT, offsetof(struct control_draft, control.owner), true, NULL},
        {"frequency", DECODE_TEXT, offsetof(struct control_draft, control.frequency), false, NULL},
        {"effective_from", DECODE_DATE, offsetof(struct control_draft, control.effective_from), false, NULL},
        {"superseded", DECODE_DATE, offsetof(struct control_draft, control.superseded), false, NULL},
        {"compensating", DECODE_TEXTS, offsetof(struct control_draft, control.compensating), false, NULL},
        {"narrative", DECODE_TEXT, offsetof(struct control_draft, control.narrative), true, NULL},
        {"requires", DECODE_NODE, offsetof(struct control_draft, requires), false, NULL},
        {"parameters", DECODE_NODE, offsetof(struct control_draft, parameters), false, NULL},
        {"tests", DECODE_NODE, offsetof(struct control_draft, tests), true, NULL},
    };
    static const struct control_draft blank = {
        .control = {.effective_from = INT64_MIN, .superseded = INT64_MAX, .title = "", .owner = "", .narrative = ""}};
    static const struct decode_list list = {
        .key = "controls",
        .what = "control",
        .fields = fields,
        .field_count = sizeof(fields) / sizeof(fields[0]),
        .size = sizeof(struct control_draft),
        .blank = &blank,
        .place_offset = offsetof(struct control_draft, control.place),
        .items_offset = offsetof(struct controls_draft, items),
        .count_offset = offsetof(struct controls_draft, count),
    };
    static const struct decode_field file_fields[] = {
        {"controls", DECODE_NODE, offsetof(struct controls_draft, node), true, NULL},
    };
    struct controls_draft draft = {0};
    bool good = decode_mapping(loader->arena, root, "file of controls", file_fields, 1, &draft, loader->diagnostics);

    good = decode_sequence(loader->arena, draft.node, &list, &draft, loader->diagnostics) && good;
    for (size_t i = 0; i < draft.count; i++) {
        struct control_draft *item = &draft.items[i];
        item->criteria = yaml_get(draft.node->items[i], "criteria");
        item->compensating = yaml_get(draft.node->items[i], "compensating");
        if (item->control.id != NULL)
            good = schema_controls_add(loader, item) && good;
    }
    return good;
}
