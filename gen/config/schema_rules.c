#include "config/cedar_path.h"
#include "config/schema_private.h"

#include <string.h>

static const char *const fold_takes[] = {"first", "last", "minimum", "maximum", NULL};

struct rule_draft {
    struct row_rule rule;
    const struct yaml_node *type;
    const struct yaml_node *at;
    const struct yaml_node *when;
    const struct yaml_node *map;
    const struct yaml_node *fold;
};
struct rules_draft {
    struct rule_draft *items;
    size_t count;
};
struct fold_draft {
    const struct yaml_node *key;
    const struct yaml_node *by;
    const struct yaml_node *take;
};
struct condition_draft {
    const struct yaml_node *not_in;
    bool present;
};

static bool schema_rules_type(struct schema_loader *loader, const struct yaml_node *node, struct row_rule *rule) {
    const struct schema *schema = loader->schema;
    if (!decode_is(node, YAML_SCALAR, "'type'", loader->diagnostics))
        return false;
    rule->type = schema_type(schema, node->text);
    return rule->type != SIZE_MAX || decode_unknown(&node->place, "evidence type", node->text, schema->types,
                                                    schema->type_count, sizeof(*schema->types), loader->diagnostics);
}

static bool schema_rules_at(struct schema_loader *loader, const struct yaml_node *node, const struct kind *kind,
                            struct row_rule *rule) {
    enum kind_format format = kind->has_inside ? kind->inside_format : kind->format;
    if ((format == FORMAT_CSV || format == FORMAT_XLSX || format == FORMAT_LOG) && node != NULL) {
        diagnostics_report(loader->diagnostics, DIAGNOSTIC_BAD_PATH, &node->place,
                           format != FORMAT_LOG ? "'at' has no meaning for csv, where a record is the row; leave it out"
                                                : "'at' has no meaning for a log, where a record is the line; leave it "
                                                  "out");
        return false;
    }
    if ((format == FORMAT_JSON || format == FORMAT_YAML || format == FORMAT_XML) && node == NULL) {
        diagnostics_report(loader->diagnostics, DIAGNOSTIC_MISSING_KEY, &rule->place,
                           "this row has no 'at'; say where its records stand, such as at: \"[*]\" or at: items[*], "
                           "or at: . where the document is one record");
        return false;
    }
    bool good = node == NULL || schema_paths_at(loader, node, rule);
    bool known = true;
    if (good && format == FORMAT_CEDAR)
        (void)cedar_path_actions(rule, &known);
    if (known)
        return good;
    diagnostics_report(
        loader->diagnostics, DIAGNOSTIC_BAD_PATH, &node->place,
        "a Cedar policy has no rows at '%s'; leave 'at' out for a row a policy, or write actions[*] for a "
        "row an action",
        node->text);
    return false;
}

static bool schema_rules_condition(struct schema_loader *loader, const struct yaml_node *node,
                                   struct condition *condition) {
    static const struct decode_field fields[] = {
        {"not", DECODE_NODE, offsetof(struct condition_draft, not_in), false, NULL},
        {"present", DECODE_BOOLEAN, offsetof(struct condition_draft, present), false, NULL},
    };
    static const struct decode_field texts = {.key = "when", .kind = DECODE_TEXTS};
    struct condition_draft draft = {0};

    if (node->kind != YAML_MAPPING) {
        condition->kind = CONDITION_IN;
        return decode_texts(loader->arena, node, "row", &texts, &condition->texts, loader->diagnostics);
    }
    if (!decode_mapping(loader->arena, node, "condition", fields, sizeof(fields) / sizeof(fields[0]), &draft,
                        loader->diagnostics))
        return false;
    if (node->count != 1) {
        diagnostics_report(loader->diagnostics, DIAGNOSTIC_WRONG_VALUE, &node->place,
                           "a condition is a text, a list of texts, {not: ...} or {present: true}; write one of them");
        return false;
    }
    if (draft.not_in == NULL) {
        condition->kind = draft.present ? CONDITION_PRESENT : CONDITION_ABSENT;
        return true;
    }
    condition->kind = CONDITION_NOT_IN;
    return decode_texts(loader->arena, draft.not_in, "row", &texts, &condition->texts, loader->diagnostics);
}

/* The conditions of `when`, or of `complete`. */
static bool schema_rules_conditions(struct schema_loader *loader, const struct yaml_node *node, const char *what,
                                    const struct kind *kind, const struct row_rule *rule, struct condition **conditions,
                                    size_t *count) {
    bool good = true;
    if (!decode_is(node, YAML_MAPPING, what, loader->diagnostics))
        return false;
    struct condition *items = arena_array(loader->arena, node->count, sizeof(*items));
    if (items == NULL && node->count > 0)
        return decode_out_of_memory(loader->diagnostics);
    for (size_t i = 0; i < node->count; i++) {
        const struct yaml_pair *pair = &node->pairs[i];
        good = schema_paths_condition(loader, pair->key, &pair->place, kind, rule, &items[i].path) && good;
        good = schema_rules_condition(loader, pair->value, &items[i]) && good;
    }
    *conditions = items;
    *count = node->count;
    return good;
}

static bool schema_rules_around(struct schema_loader *loader, const char *key, const struct value_path *path) {
    if (path->base == PATH_ENVELOPE)
        return true;
    diagnostics_report(loader->diagnostics, DIAGNOSTIC_BAD_PATH, &path->place,
                       "'%s' is said around the records; write $.key, here $.%.80s", key, path->text);
    return false;
}

bool schema_rules_complete(struct schema_loader *loader, const struct yaml_node *complete,
                           const struct yaml_node *count, struct kind *kind) {
    const struct row_rule none = {0};
    bool good = true;

    if (complete != NULL &&
        !schema_rules_conditions(loader, complete, "'complete'", kind, &none, &kind->complete, &kind->complete_count))
        return false;
    for (size_t i = 0; i < kind->complete_count; i++)
        good = schema_rules_around(loader, "complete", &kind->complete[i].path) && good;
    if (count == NULL)
        return good;
    if (!decode_is(count, YAML_SCALAR, "'count'", loader->diagnostics) ||
        !schema_paths_row(loader, count->text, &count->place, kind, &none, &kind->count))
        return false;
    if (kind->has_inside) {
        diagnostics_report(
            loader->diagnostics, DIAGNOSTIC_BAD_PATH, &count->place,
            "'count' is of the records in the document itself, not of those inside a text; leave it out");
        return false;
    }
    kind->has_count = true;
    return schema_rules_around(loader, "count", &kind->count) && good;
}

/* A column of the rule's type, which the rule must map: a fold over what is always NULL would say nothing. */
static bool schema_rules_mapped(struct schema_loader *loader, const struct row_rule *rule, const char *name,
                                const struct place *place, size_t *column) {
    const struct evidence_type *type = &loader->schema->types[rule->type];
    *column = schema_column(type, name);
    if (*column == SIZE_MAX)
        return decode_unknown(place, "column", name, type->columns, type->column_count, sizeof(*type->columns),
                              loader->diagnostics);
    for (size_t i = 0; i < rule->mapping_count; i++) {
        if (rule->mappings[i].column == *column)
            return true;
    }
    diagnostics_report(loader->diagnostics, DIAGNOSTIC_BAD_MAPPING, place,
                       "'fold' names the column '%s', which this row does not map; map it or name another", name);
    return false;
}

static bool schema_rules_fold_key(struct schema_loader *loader, const struct yaml_node *node, struct row_rule *rule) {
    bool good = true;
    if (!decode_is(node, YAML_SEQUENCE, "'key'", loader->diagnostics))
        return false;
    rule->fold.key = arena_array(loader->arena, node->count, sizeof(*rule->fold.key));
    if (rule->fold.key == NULL && node->count > 0)
        return decode_out_of_memory(loader->diagnostics);
    rule->fold.key_count = node->count;
    for (size_t i = 0; i < node->count; i++) {
        const struct yaml_node *item = node->items[i];
        good = decode_is(item, YAML_SCALAR, "the name of a column", loader->diagnostics) &&
               schema_rules_mapped(loader, rule, item->text, &item->place, &rule->fold.key[i]) && good;
    }
    return good;
}

static bool schema_rules_fold_take(struct schema_loader *loader, const struct yaml_node *node, struct row_rule *rule) {
    struct fold *fold = &rule->fold;
    bool good = true;
    if (!decode_is(node, YAML_MAPPING, "'take'", loader->diagnostics))
        return false;
    fold->columns = arena_array(loader->arena, node->count, sizeof(*fold->columns));
    fold->takes = arena_array(loader->arena, node->count, sizeof(*fold->takes));
    if ((fold->columns == NULL || fold->takes == NULL) && node->count > 0)
        return decode_out_of_memory(loader->diagnostics);
    for (size_t i = 0; i < node->count; i++) {
        const struct yaml_pair *pair = &node->pairs[i];
        const struct decode_field field = {pair->key, DECODE_CHOICE, 0, true, fold_takes};
        int take = FOLD_LAST;
        size_t column;
        good = schema_rules_mapped(loader, rule, pair->key, &pair->place, &column) && good;
        good = decode_scalar(loader->arena, pair->value, "fold", &field, &take, loader->diagnostics) && good;
        if (take == FOLD_LAST)
            continue;
        fold->columns[fold->take_count] = column;
        fold->takes[fold->take_count++] = (enum fold_take)take;
    }
    return good;
}

static bool schema_rules_fold(struct schema_loader *loader, const struct yaml_node *node, struct row_rule *rule) {
    static const struct decode_field fields[] = {
        {"key", DECODE_NODE, offsetof(struct fold_draft, key), true, NULL},
        {"by", DECODE_NODE, offsetof(struct fold_draft, by), true, NULL},
        {"take", DECODE_NODE, offsetof(struct fold_draft, take), false, NULL},
    };
    struct fold_draft draft = {0};
    if (node == NULL)
        return true;
    if (!decode_mapping(loader->arena, node, "fold", fields, sizeof(fields) / sizeof(fields[0]), &draft,
                        loader->diagnostics))
        return false;
    rule->fold.used = true;
    bool good = schema_rules_fold_key(loader, draft.key, rule);
    good = decode_is(draft.by, YAML_SCALAR, "'by'", loader->diagnostics) &&
           schema_rules_mapped(loader, rule, draft.by->text, &draft.by->place, &rule->fold.by) && good;
    return (draft.take == NULL || schema_rules_fold_take(loader, draft.take, rule)) && good;
}

static bool schema_rules_add(struct schema_loader *loader, const struct rule_draft *draft, struct kind *kind) {
    struct row_rule rule = draft->rule;
    bool good = schema_rules_type(loader, draft->type, &rule);
    if (!good)
        return false;
    /* Paths climb along `at`: without it every further complaint would be a consequence. */
    if (!schema_rules_at(loader, draft->at, kind, &rule))
        return false;
    good = draft->when == NULL ||
           schema_rules_conditions(loader, draft->when, "'when'", kind, &rule, &rule.when, &rule.when_count);
    good = schema_mappings_load(loader, draft->map, kind, &rule) && good;
    good = schema_rules_fold(loader, draft->fold, &rule) && good;
    struct row_rule *slot = arena_push(loader->arena, &kind->rules, &kind->rule_count, sizeof(*kind->rules));
    if (slot == NULL)
        return decode_out_of_memory(loader->diagnostics);
    *slot = rule;
    return good;
}

bool schema_rules_load(struct schema_loader *loader, const struct yaml_node *rows, struct kind *kind) {
    static const struct decode_field fields[] = {
        {"type", DECODE_NODE, offsetof(struct rule_draft, type), true, NULL},
        {"at", DECODE_NODE, offsetof(struct rule_draft, at), false, NULL},
        {"when", DECODE_NODE, offsetof(struct rule_draft, when), false, NULL},
        {"map", DECODE_NODE, offsetof(struct rule_draft, map), true, NULL},
        {"fold", DECODE_NODE, offsetof(struct rule_draft, fold), false, NULL},
        {"may_be_empty", DECODE_BOOLEAN, offsetof(struct rule_draft, rule.may_be_empty), false, NULL},
    };
    static const struct decode_list list = {
        .key = "rows",
        .what = "row",
        .fields = fields,
        .field_count = sizeof(fields) / sizeof(fields[0]),
        .size = sizeof(struct rule_draft),
        .place_offset = offsetof(struct rule_draft, rule.place),
        .items_offset = offsetof(struct rules_draft, items),
        .count_offset = offsetof(struct rules_draft, count),
    };
    struct rules_draft draft = {0};
    bool good = decode_sequence(loader->arena, rows, &list, &draft, loader->diagnostics);
    if (good && draft.count == 0) {
        diagnostics_report(loader->diagnostics, DIAGNOSTIC_MISSING_KEY, &rows->place,
                           "the list of rows is empty; add a row that says which evidence type the export fills");
        return false;
    }
    for (size_t i = 0; i < draft.count; i++) {
        if (draft.items[i].type != NULL && draft.items[i].map != NULL)
            good = schema_rules_add(loader, &draft.items[i], kind) && good;
    }
    return good;
}
