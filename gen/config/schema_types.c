#include "config/schema_private.h"

#include <string.h>

static const char *const column_kinds[] = {"text", "integer", "real", "boolean", "time", "enumeration", NULL};
static const char *const type_shapes[] = {"snapshot", "event", NULL};
static const char *const type_volumes[] = {"high", NULL};

struct column_draft {
    struct column column;
    int kind;
    const struct yaml_node *default_value;
};

struct type_draft {
    struct evidence_type type;
    int shape;
    int volume;
    const struct yaml_node *key;
    const struct yaml_node *time;
    const struct yaml_node *columns;
};

struct types_draft {
    struct type_draft *items;
    size_t count;
    const struct yaml_node *node;
};

static bool schema_types_values(struct schema_loader *loader, const struct column *column) {
    bool good = true;
    if ((column->kind == COLUMN_ENUMERATION) != (column->values.count > 0)) {
        diagnostics_report(loader->diagnostics, DIAGNOSTIC_WRONG_VALUE, &column->place,
                           column->kind == COLUMN_ENUMERATION
                               ? "the enumeration '%s' has no values; add 'values: [...]'"
                               : "the column '%s' has values but is no enumeration; make it 'type: enumeration'",
                           column->name);
        return false;
    }
    for (size_t i = 1; i < column->values.count; i++) {
        for (size_t j = 0; j < i; j++) {
            if (strcmp(column->values.items[i], column->values.items[j]) != 0)
                continue;
            diagnostics_report(loader->diagnostics, DIAGNOSTIC_DUPLICATE_ID, &column->place,
                               "the value '%.80s' of '%s' stands twice; remove one of them", column->values.items[i],
                               column->name);
            good = false;
        }
    }
    return good;
}

static bool schema_types_column(struct schema_loader *loader, const struct yaml_pair *pair, struct column *column) {
    static const struct decode_field fields[] = {
        {"type", DECODE_CHOICE, offsetof(struct column_draft, kind), true, column_kinds},
        {"meaning", DECODE_TEXT, offsetof(struct column_draft, column.meaning), true, NULL},
        {"required", DECODE_BOOLEAN, offsetof(struct column_draft, column.required), false, NULL},
        {"null", DECODE_TEXT, offsetof(struct column_draft, column.null_meaning), false, NULL},
        {"values", DECODE_TEXTS, offsetof(struct column_draft, column.values), false, NULL},
        {"default", DECODE_NODE, offsetof(struct column_draft, default_value), false, NULL},
    };
    struct column_draft draft = {.column = {.name = pair->key, .place = pair->place}};
    struct value value;
    bool good = schema_check_name(loader, &pair->place, "column", pair->key);

    if (!decode_mapping(loader->arena, pair->value, "column", fields, sizeof(fields) / sizeof(fields[0]), &draft,
                        loader->diagnostics))
        good = false;
    *column = draft.column;
    column->kind = (enum column_kind)draft.kind;
    if (!good)
        return false;
    if (!schema_types_values(loader, column))
        return false;
    if (draft.default_value == NULL)
        return true;
    column->default_value = yaml_get(pair->value, "default");
    return schema_value_convert(loader, column, draft.default_value, &value);
}

static bool schema_types_columns(struct schema_loader *loader, const struct yaml_node *node,
                                 struct evidence_type *type) {
    bool good = true;
    if (!decode_is(node, YAML_MAPPING, "'columns'", loader->diagnostics))
        return false;
    type->columns = arena_array(loader->arena, node->count, sizeof(*type->columns));
    if (type->columns == NULL && node->count > 0)
        return decode_out_of_memory(loader->diagnostics);
    type->column_count = node->count;
    for (size_t i = 0; i < node->count; i++)
        good = schema_types_column(loader, &node->pairs[i], &type->columns[i]) && good;
    return good;
}

static bool schema_types_find(struct schema_loader *loader, const struct evidence_type *type,
                              const struct yaml_node *node, size_t *column) {
    if (!decode_is(node, YAML_SCALAR, "the name of a column", loader->diagnostics))
        return false;
    *column = schema_column(type, node->text);
    return *column != SIZE_MAX || decode_unknown(&node->place, "column", node->text, type->columns, type->column_count,
                                                 sizeof(*type->columns), loader->diagnostics);
}

static bool schema_types_key(struct schema_loader *loader, const struct yaml_node *node, struct evidence_type *type) {
    bool good = true;
    if (node == NULL)
        return true;
    if (!decode_is(node, YAML_SEQUENCE, "'key'", loader->diagnostics))
        return false;
    type->key = arena_array(loader->arena, node->count, sizeof(*type->key));
    if (type->key == NULL && node->count > 0)
        return decode_out_of_memory(loader->diagnostics);
    for (size_t i = 0; i < node->count; i++) {
        if (schema_types_find(loader, type, node->items[i], &type->key[type->key_count]))
            type->key_count++;
        else
            good = false;
    }
    return good;
}

static bool schema_types_time(struct schema_loader *loader, const struct yaml_node *node, struct evidence_type *type) {
    size_t column;
    type->time_column = SIZE_MAX;
    if (node == NULL && type->shape == TYPE_EVENT) {
        diagnostics_report(loader->diagnostics, DIAGNOSTIC_MISSING_KEY, &type->place,
                           "the event type '%s' does not say which column tells when; add 'time: <column>'", type->id);
        return false;
    }
    if (node == NULL)
        return true;
    if (!schema_types_find(loader, type, node, &column))
        return false;
    if (type->columns[column].kind != COLUMN_TIME) {
        diagnostics_report(loader->diagnostics, DIAGNOSTIC_WRONG_VALUE, &node->place,
                           "the column '%s' is no time; make it 'type: time' or name another", node->text);
        return false;
    }
    type->time_column = column;
    return true;
}

/* What is expected of one snapshot after another needs what they are compared by. */
static bool schema_types_expected(struct schema_loader *loader, const struct evidence_type *type) {
    bool snapshot = type->shape == TYPE_SNAPSHOT;
    bool good = true;
    if (type->fresh_within != 0 && (!snapshot || type->time_column == SIZE_MAX)) {
        diagnostics_report(loader->diagnostics, DIAGNOSTIC_WRONG_VALUE, &type->place,
                           "'fresh_within' is for snapshots with a time, and '%s' is none; leave it out", type->id);
        good = false;
    }
    if (type->lasting && (!snapshot || type->key_count == 0 || type->may_shrink)) {
        diagnostics_report(loader->diagnostics, DIAGNOSTIC_WRONG_VALUE, &type->place,
                           "'lasting' is for snapshots with a key that may not shrink, and '%s' is none; leave it out",
                           type->id);
        good = false;
    }
    if (type->stands && !snapshot) {
        diagnostics_report(loader->diagnostics, DIAGNOSTIC_WRONG_VALUE, &type->place,
                           "'stands' is for snapshots, and '%s' lists what happened in a span; leave it out", type->id);
        good = false;
    }
    return good;
}

static bool schema_types_add(struct schema_loader *loader, const struct type_draft *draft) {
    struct evidence_type type = draft->type;
    bool good = schema_check_name(loader, &type.place, "type", type.id);

    type.shape = (enum type_shape)draft->shape;
    type.high_volume = draft->volume == 0;
    type.time_column = SIZE_MAX;
    if (draft->columns != NULL && !schema_types_columns(loader, draft->columns, &type))
        good = false;
    if (type.column_count > 0) {
        good = schema_types_key(loader, draft->key, &type) && good;
        good = schema_types_time(loader, draft->time, &type) && good;
        good = schema_types_expected(loader, &type) && good;
    }
    struct evidence_type *slot =
        arena_push(loader->arena, &loader->schema->types, &loader->schema->type_count, sizeof(*loader->schema->types));
    if (slot == NULL)
        return decode_out_of_memory(loader->diagnostics);
    *slot = type;
    return good;
}

bool schema_types_load(struct schema_loader *loader, const struct yaml_node *root) {
    static const struct decode_field fields[] = {
        {"type", DECODE_TEXT, offsetof(struct type_draft, type.id), true, NULL},
        {"title", DECODE_TEXT, offsetof(struct type_draft, type.title), true, NULL},
        {"meaning", DECODE_TEXT, offsetof(struct type_draft, type.meaning), true, NULL},
        {"shape", DECODE_CHOICE, offsetof(struct type_draft, shape), true, type_shapes},
        {"may_shrink", DECODE_BOOLEAN, offsetof(struct type_draft, type.may_shrink), false, NULL},
        {"lasting", DECODE_BOOLEAN, offsetof(struct type_draft, type.lasting), false, NULL},
        {"stands", DECODE_BOOLEAN, offsetof(struct type_draft, type.stands), false, NULL},
        {"fresh_within", DECODE_DURATION, offsetof(struct type_draft, type.fresh_within), false, NULL},
        {"volume", DECODE_CHOICE, offsetof(struct type_draft, volume), false, type_volumes},
        {"key", DECODE_NODE, offsetof(struct type_draft, key), false, NULL},
        {"time", DECODE_NODE, offsetof(struct type_draft, time), false, NULL},
        {"columns", DECODE_NODE, offsetof(struct type_draft, columns), true, NULL},
    };
    static const struct type_draft blank = {.volume = -1};
    static const struct decode_list list = {
        .key = "types",
        .what = "type",
        .fields = fields,
        .field_count = sizeof(fields) / sizeof(fields[0]),
        .size = sizeof(struct type_draft),
        .blank = &blank,
        .place_offset = offsetof(struct type_draft, type.place),
        .items_offset = offsetof(struct types_draft, items),
        .count_offset = offsetof(struct types_draft, count),
    };
    static const struct decode_field file_fields[] = {
        {"types", DECODE_NODE, offsetof(struct types_draft, node), true, NULL},
    };
    struct types_draft draft = {0};
    bool good = decode_mapping(loader->arena, root, "file of types", file_fields, 1, &draft, loader->diagnostics);

    good = decode_sequence(loader->arena, draft.node, &list, &draft, loader->diagnostics) && good;
    for (size_t i = 0; i < draft.count; i++) {
        if (draft.items[i].type.id != NULL)
            good = schema_types_add(loader, &draft.items[i]) && good;
    }
    return good;
}
