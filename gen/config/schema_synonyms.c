#include "config/schema_private.h"

#include <string.h>

struct synonyms_draft {
    struct synonyms synonyms;
    const struct yaml_node *columns;
    const struct yaml_node *opposites;
    const struct yaml_node *types;
    const struct yaml_node *values;
};

/* Whether the entry is about a column of the type: written as the column's name, or as type.column. */
static bool schema_synonyms_about(const char *name, const struct evidence_type *type, const struct column *column) {
    size_t length = strlen(type->id);

    if (strncmp(name, type->id, length) == 0 && name[length] == '.')
        return strcmp(name + length + 1, column->name) == 0;
    return strcmp(name, column->name) == 0;
}

static bool schema_synonyms_takes(const struct column *column, const char *value) {
    if (column->kind == COLUMN_BOOLEAN)
        return strcmp(value, "true") == 0 || strcmp(value, "false") == 0;
    for (size_t i = 0; i < column->values.count; i++) {
        if (strcmp(column->values.items[i], value) == 0)
            return true;
    }
    return false;
}

/* Whether there is such a column, and, where `value` is not NULL, one that can hold it. */
static bool schema_synonyms_known(const struct schema *schema, const char *name, const char *value) {
    for (size_t t = 0; t < schema->type_count; t++) {
        const struct evidence_type *type = &schema->types[t];
        for (size_t c = 0; c < type->column_count; c++) {
            if (schema_synonyms_about(name, type, &type->columns[c]) &&
                (value == NULL || schema_synonyms_takes(&type->columns[c], value)))
                return true;
        }
    }
    return false;
}

static bool schema_synonyms_add(struct schema_loader *loader, const char *name, const char *value,
                                const struct yaml_pair *pair, struct synonym **list, size_t *count) {
    static const struct decode_field words = {.key = "words", .kind = DECODE_TEXTS};
    struct synonym *slot = arena_push(loader->arena, list, count, sizeof(**list));

    if (slot == NULL)
        return decode_out_of_memory(loader->diagnostics);
    *slot = (struct synonym){.name = name, .value = value, .place = pair->place};
    return decode_texts(loader->arena, pair->value, "synonym", &words, &slot->words, loader->diagnostics);
}

/* `value`: one that the columns must be able to hold, or NULL. */
static bool schema_synonyms_columns(struct schema_loader *loader, const struct yaml_node *node, const char *value,
                                    struct synonym **list, size_t *count) {
    bool good = true;

    if (node == NULL)
        return true;
    if (!decode_is(node, YAML_MAPPING, value == NULL ? "'columns'" : "'opposites'", loader->diagnostics))
        return false;
    for (size_t i = 0; i < node->count; i++) {
        const struct yaml_pair *pair = &node->pairs[i];
        if (!schema_synonyms_known(loader->schema, pair->key, value))
            good = decode_unknown(&pair->place, value == NULL ? "column" : "boolean column", pair->key, NULL, 0,
                                  sizeof(char *), loader->diagnostics);
        else
            good = schema_synonyms_add(loader, pair->key, NULL, pair, list, count) && good;
    }
    return good;
}

static bool schema_synonyms_types(struct schema_loader *loader, const struct yaml_node *node, struct synonyms *out) {
    const struct schema *schema = loader->schema;
    bool good = true;

    if (node == NULL)
        return true;
    if (!decode_is(node, YAML_MAPPING, "'types'", loader->diagnostics))
        return false;
    for (size_t i = 0; i < node->count; i++) {
        const struct yaml_pair *pair = &node->pairs[i];
        if (schema_type(schema, pair->key) == SIZE_MAX)
            good = decode_unknown(&pair->place, "evidence type", pair->key, schema->types, schema->type_count,
                                  sizeof(*schema->types), loader->diagnostics);
        else
            good = schema_synonyms_add(loader, pair->key, NULL, pair, &out->types, &out->type_count) && good;
    }
    return good;
}

static bool schema_synonyms_values(struct schema_loader *loader, const struct yaml_node *node, struct synonyms *out) {
    bool good = true;

    if (node == NULL)
        return true;
    if (!decode_is(node, YAML_MAPPING, "'values'", loader->diagnostics))
        return false;
    for (size_t i = 0; i < node->count; i++) {
        const struct yaml_pair *column = &node->pairs[i];
        if (!decode_is(column->value, YAML_MAPPING, "the values of a column", loader->diagnostics)) {
            good = false;
            continue;
        }
        for (size_t v = 0; v < column->value->count; v++) {
            const struct yaml_pair *pair = &column->value->pairs[v];
            if (schema_synonyms_known(loader->schema, column->key, pair->key)) {
                good =
                    schema_synonyms_add(loader, column->key, pair->key, pair, &out->values, &out->value_count) && good;
                continue;
            }
            diagnostics_report(loader->diagnostics, DIAGNOSTIC_UNKNOWN_REFERENCE, &pair->place,
                               "no column '%.80s' of any type can be '%.80s'; write a value of its enumeration, or "
                               "\"true\" and \"false\" of a boolean",
                               column->key, pair->key);
            good = false;
        }
    }
    return good;
}

bool schema_synonyms_load(struct schema_loader *loader, const struct yaml_node *root) {
    static const struct decode_field fields[] = {
        {"columns", DECODE_NODE, offsetof(struct synonyms_draft, columns), false, NULL},
        {"opposites", DECODE_NODE, offsetof(struct synonyms_draft, opposites), false, NULL},
        {"types", DECODE_NODE, offsetof(struct synonyms_draft, types), false, NULL},
        {"values", DECODE_NODE, offsetof(struct synonyms_draft, values), false, NULL},
        {"null", DECODE_TEXTS, offsetof(struct synonyms_draft, synonyms.nulls), false, NULL},
        {"fillers", DECODE_TEXTS, offsetof(struct synonyms_draft, synonyms.fillers), false, NULL},
        {"wrappers", DECODE_TEXTS, offsetof(struct synonyms_draft, synonyms.wrappers), false, NULL},
        {"handles", DECODE_TEXTS, offsetof(struct synonyms_draft, synonyms.handles), false, NULL},
        {"identifiers", DECODE_TEXTS, offsetof(struct synonyms_draft, synonyms.identifiers), false, NULL},
        {"paging", DECODE_TEXTS, offsetof(struct synonyms_draft, synonyms.paging), false, NULL},
        {"made", DECODE_TEXTS, offsetof(struct synonyms_draft, synonyms.made), false, NULL},
    };
    struct synonyms_draft draft = {0};
    bool good = decode_mapping(loader->arena, root, "file of synonyms", fields, sizeof(fields) / sizeof(fields[0]),
                               &draft, loader->diagnostics);

    struct synonyms *all = &draft.synonyms;
    good = schema_synonyms_columns(loader, draft.columns, NULL, &all->columns, &all->column_count) && good;
    good = schema_synonyms_columns(loader, draft.opposites, "true", &all->opposites, &all->opposite_count) && good;
    good = schema_synonyms_types(loader, draft.types, all) && good;
    good = schema_synonyms_values(loader, draft.values, all) && good;
    loader->schema->synonyms = draft.synonyms;
    return good;
}

bool schema_synonym_about(const struct synonym *synonym, const struct evidence_type *type,
                          const struct column *column) {
    return schema_synonyms_about(synonym->name, type, column);
}
