#include "config/schema_private.h"

#include "base/limits.h"
#include "base/text.h"

#include <string.h>

/* How one column is written, before its parts are looked at. */
struct mapping_draft {
    const struct yaml_node *from;
    const struct yaml_node *value;
    const struct yaml_node *expr;
    const struct yaml_node *time;
    const struct yaml_node *values;
    struct text_list nulls;
    bool optional;
};

/* What the functions below share about the rule they fill. */
struct mapping_context {
    struct schema_loader *loader;
    const struct kind *kind;
    struct row_rule *rule;
    const struct evidence_type *type;
};

static bool schema_mappings_bad(const struct mapping_context *context, const struct place *place, const char *column,
                                const char *why) {
    diagnostics_report(context->loader->diagnostics, DIAGNOSTIC_BAD_MAPPING, place, "the column '%s' %s", column, why);
    return false;
}

static bool schema_mappings_path(const struct mapping_context *context, const struct yaml_node *node,
                                 struct value_path *path) {
    return decode_is(node, YAML_SCALAR, "a path", context->loader->diagnostics) &&
           schema_paths_row(context->loader, node->text, &node->place, context->kind, context->rule, path);
}

static bool schema_mappings_time(const struct mapping_context *context, const struct yaml_node *node,
                                 struct mapping *mapping) {
    const char *names[DATETIME_FORMAT_COUNT];
    if (!decode_is(node, YAML_SCALAR, "'time'", context->loader->diagnostics))
        return false;
    if (datetime_format_from_name(node->text, &mapping->time)) {
        mapping->has_time = true;
        return true;
    }
    for (size_t i = 0; i < DATETIME_FORMAT_COUNT; i++)
        names[i] = datetime_format_name((enum datetime_format)i);
    return decode_unknown(&node->place, "format of time", node->text, names, DATETIME_FORMAT_COUNT, sizeof(names[0]),
                          context->loader->diagnostics);
}

static bool schema_mappings_values(const struct mapping_context *context, const struct column *column,
                                   const struct yaml_node *node, struct mapping *mapping) {
    struct schema_loader *loader = context->loader;
    bool good = true;
    if (!decode_is(node, YAML_MAPPING, "'values'", loader->diagnostics))
        return false;
    mapping->value_from = arena_array(loader->arena, node->count, sizeof(*mapping->value_from));
    mapping->value_to = arena_array(loader->arena, node->count, sizeof(*mapping->value_to));
    if ((mapping->value_from == NULL || mapping->value_to == NULL) && node->count > 0)
        return decode_out_of_memory(loader->diagnostics);
    mapping->value_count = node->count;
    for (size_t i = 0; i < node->count; i++) {
        mapping->value_from[i] = node->pairs[i].key;
        good = schema_value_convert(loader, column, node->pairs[i].value, &mapping->value_to[i]) && good;
    }
    return good;
}

/* One raw input of an expression. The same name may serve several expressions of a rule if it means the same path. */
static bool schema_mappings_input(const struct mapping_context *context, const struct yaml_pair *pair, bool needed) {
    struct row_rule *rule = context->rule;
    struct expression_input input = {.name = pair->key, .needed = needed, .place = pair->place};

    if (!text_is_name(pair->key, false) || strlen(pair->key) > LIMIT_NAME_BYTES) {
        diagnostics_report(context->loader->diagnostics, DIAGNOSTIC_WRONG_VALUE, &pair->place,
                           "'%.80s' cannot name an input of an expression; use a-z, 0-9 and '_', a letter first",
                           pair->key);
        return false;
    }
    if (!schema_mappings_path(context, pair->value, &input.from))
        return false;
    for (size_t i = 0; i < rule->input_count; i++) {
        struct expression_input *other = &rule->inputs[i];
        if (strcmp(other->name, input.name) != 0)
            continue;
        other->needed = other->needed || needed;
        if (strcmp(other->from.text, input.from.text) == 0)
            return true;
        diagnostics_report(context->loader->diagnostics, DIAGNOSTIC_DUPLICATE_ID, &pair->place,
                           "the input '%s' stands for another path at line %llu; rename one of them", pair->key,
                           (unsigned long long)other->place.line);
        return false;
    }
    struct expression_input *slot =
        arena_push(context->loader->arena, &rule->inputs, &rule->input_count, sizeof(*rule->inputs));
    if (slot == NULL)
        return decode_out_of_memory(context->loader->diagnostics);
    *slot = input;
    return true;
}

static bool schema_mappings_expression(const struct mapping_context *context, const struct mapping_draft *draft,
                                       struct mapping *mapping) {
    struct row_rule *rule = context->rule;
    struct diagnostics *diagnostics = context->loader->diagnostics;
    bool good = true;

    if (!decode_is(draft->expr, YAML_SCALAR, "'expr'", diagnostics))
        return false;
    if (draft->from != NULL) {
        if (!decode_is(draft->from, YAML_MAPPING, "'from' beside 'expr' gives its inputs, name: path; it", diagnostics))
            return false;
        for (size_t i = 0; i < draft->from->count; i++)
            good = schema_mappings_input(context, &draft->from->pairs[i], !mapping->optional) && good;
    }
    if (draft->expr->length > LIMIT_SQL_BYTES) {
        diagnostics_report(diagnostics, DIAGNOSTIC_WRONG_VALUE, &draft->expr->place,
                           "an expression of more than %u bytes; shorten it", LIMIT_SQL_BYTES);
        return false;
    }
    mapping->expression = rule->expression_count;
    struct expression *slot =
        arena_push(context->loader->arena, &rule->expressions, &rule->expression_count, sizeof(*rule->expressions));
    if (slot == NULL)
        return decode_out_of_memory(diagnostics);
    *slot = (struct expression){.sql = draft->expr->text, .column = mapping->column, .place = draft->expr->text_place};
    return good;
}

/* A value taken from the export: its path, and what belongs to it. */
static bool schema_mappings_from(const struct mapping_context *context, const struct column *column,
                                 const struct mapping_draft *draft, struct mapping *mapping) {
    bool good = schema_mappings_path(context, draft->from, &mapping->from);
    mapping->has_from = true;
    if (draft->time != NULL)
        good = schema_mappings_time(context, draft->time, mapping) && good;
    if (draft->values != NULL)
        good = schema_mappings_values(context, column, draft->values, mapping) && good;
    if (column->kind == COLUMN_TIME && draft->time == NULL)
        return schema_mappings_bad(context, &mapping->place, column->name,
                                   "is a time; say how the export writes it: {from: ..., time: iso}");
    if (column->kind != COLUMN_TIME && draft->time != NULL)
        return schema_mappings_bad(context, &draft->time->place, column->name, "is no time; leave 'time' out");
    return good;
}

static bool schema_mappings_detailed(const struct mapping_context *context, const struct column *column,
                                     const struct yaml_node *node, struct mapping *mapping) {
    static const struct decode_field fields[] = {
        {"from", DECODE_NODE, offsetof(struct mapping_draft, from), false, NULL},
        {"value", DECODE_NODE, offsetof(struct mapping_draft, value), false, NULL},
        {"expr", DECODE_NODE, offsetof(struct mapping_draft, expr), false, NULL},
        {"time", DECODE_NODE, offsetof(struct mapping_draft, time), false, NULL},
        {"values", DECODE_NODE, offsetof(struct mapping_draft, values), false, NULL},
        {"null", DECODE_TEXTS, offsetof(struct mapping_draft, nulls), false, NULL},
        {"optional", DECODE_BOOLEAN, offsetof(struct mapping_draft, optional), false, NULL},
    };
    struct mapping_draft draft = {0};
    if (!decode_mapping(context->loader->arena, node, "mapped column", fields, sizeof(fields) / sizeof(fields[0]),
                        &draft, context->loader->diagnostics))
        return false;
    mapping->optional = draft.optional;
    mapping->nulls = draft.nulls;
    bool is_from = draft.from != NULL && draft.expr == NULL;
    if (is_from + (draft.value != NULL) + (draft.expr != NULL) != 1)
        return schema_mappings_bad(context, &node->place, column->name,
                                   "needs exactly one of 'from' (a path), 'value' (a constant) and 'expr' (SQL)");
    if (is_from)
        return schema_mappings_from(context, column, &draft, mapping);
    if (draft.time != NULL || draft.values != NULL || draft.nulls.count > 0)
        return schema_mappings_bad(context, &node->place, column->name,
                                   "has 'time', 'values' or 'null', which belong to 'from'; leave them out");
    if (draft.expr != NULL)
        return schema_mappings_expression(context, &draft, mapping);
    mapping->constant = draft.value;
    return schema_value_convert(context->loader, column, draft.value, &mapping->constant_value);
}

static bool schema_mappings_column(const struct mapping_context *context, const struct yaml_pair *pair) {
    const struct evidence_type *type = context->type;
    struct row_rule *rule = context->rule;
    struct mapping mapping = {.column = schema_column(type, pair->key), .expression = SIZE_MAX, .place = pair->place};
    bool good;

    if (mapping.column == SIZE_MAX) {
        char *what = arena_format(context->loader->arena, "column of the type '%s' called", type->id);
        if (what == NULL)
            return decode_out_of_memory(context->loader->diagnostics);
        return decode_unknown(&pair->place, what, pair->key, type->columns, type->column_count, sizeof(*type->columns),
                              context->loader->diagnostics);
    }
    const struct column *column = &type->columns[mapping.column];
    if (pair->value->kind == YAML_MAPPING) {
        good = schema_mappings_detailed(context, column, pair->value, &mapping);
    } else {
        struct mapping_draft draft = {.from = pair->value};
        good = schema_mappings_from(context, column, &draft, &mapping);
    }
    struct mapping *slot =
        arena_push(context->loader->arena, &rule->mappings, &rule->mapping_count, sizeof(*rule->mappings));
    if (slot == NULL)
        return decode_out_of_memory(context->loader->diagnostics);
    *slot = mapping;
    return good;
}

bool schema_mappings_load(struct schema_loader *loader, const struct yaml_node *map, const struct kind *kind,
                          struct row_rule *rule) {
    const struct evidence_type *type = &loader->schema->types[rule->type];
    struct mapping_context context = {loader, kind, rule, type};
    bool good = true;

    if (!decode_is(map, YAML_MAPPING, "'map'", loader->diagnostics))
        return false;
    for (size_t i = 0; i < map->count; i++)
        good = schema_mappings_column(&context, &map->pairs[i]) && good;
    for (size_t c = 0; c < type->column_count; c++) {
        bool when = type->shape == TYPE_EVENT && c == type->time_column;
        if ((!type->columns[c].required && !when) || yaml_get(map, type->columns[c].name) != NULL)
            continue;
        diagnostics_report(loader->diagnostics, DIAGNOSTIC_BAD_MAPPING, &map->place,
                           "the type '%s' needs the column '%s'; map it", type->id, type->columns[c].name);
        good = false;
    }
    return good;
}
