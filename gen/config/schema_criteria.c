#include "config/schema_private.h"

#include <string.h>

/* The identifiers and categories of the 2017 trust services criteria (revised points of focus, 2022), in their order.
 */
static const struct {
    const char *category;
    const char *prefix;
    int series;
    int count;
} criteria_series[] = {
    {"security", "CC", 1, 5},    {"security", "CC", 2, 3},       {"security", "CC", 3, 4},
    {"security", "CC", 4, 2},    {"security", "CC", 5, 3},       {"security", "CC", 6, 8},
    {"security", "CC", 7, 5},    {"security", "CC", 8, 1},       {"security", "CC", 9, 2},
    {"availability", "A", 1, 3}, {"confidentiality", "C", 1, 2}, {"processing-integrity", "PI", 1, 5},
    {"privacy", "P", 1, 1},      {"privacy", "P", 2, 1},         {"privacy", "P", 3, 2},
    {"privacy", "P", 4, 3},      {"privacy", "P", 5, 2},         {"privacy", "P", 6, 7},
    {"privacy", "P", 7, 1},      {"privacy", "P", 8, 1},
};
#define CRITERIA_SERIES (sizeof(criteria_series) / sizeof(criteria_series[0]))

static const char *const criteria_categories[] = {
    "security", "availability", "confidentiality", "processing-integrity", "privacy", NULL};

struct criterion_draft {
    struct criterion criterion;
    int category;
};
struct criteria_draft {
    struct criterion_draft *items;
    size_t count;
    const struct yaml_node *node;
};

/* Every criterion of the standard with its category; titles and places are not filled. */
static struct criterion *schema_criteria_expected(struct arena *arena, size_t *count) {
    struct criterion *criteria = NULL;
    *count = 0;
    for (size_t s = 0; s < CRITERIA_SERIES; s++) {
        for (int i = 1; i <= criteria_series[s].count; i++) {
            struct criterion *criterion = arena_push(arena, &criteria, count, sizeof(*criteria));
            if (criterion == NULL)
                return NULL;
            criterion->category = criteria_series[s].category;
            criterion->id = arena_format(arena, "%s%d.%d", criteria_series[s].prefix, criteria_series[s].series, i);
            if (criterion->id == NULL)
                return NULL;
        }
    }
    return criteria;
}

static struct criterion *schema_criteria_find(struct criterion *criteria, size_t count, const char *id) {
    for (size_t i = 0; i < count; i++) {
        if (strcmp(criteria[i].id, id) == 0)
            return &criteria[i];
    }
    return NULL;
}

/* Puts a decoded criterion into its slot of the standard's list. */
static bool schema_criteria_place(struct schema_loader *loader, const struct criterion_draft *draft) {
    struct schema *schema = loader->schema;
    const struct criterion *read = &draft->criterion;
    struct criterion *slot = schema_criteria_find(schema->criteria, schema->criterion_count, read->id);
    if (slot == NULL)
        return decode_unknown(&read->place, "criterion", read->id, schema->criteria, schema->criterion_count,
                              sizeof(*schema->criteria), loader->diagnostics);
    if (slot->place.path != NULL) {
        diagnostics_report(loader->diagnostics, DIAGNOSTIC_DUPLICATE_ID, &read->place,
                           "the criterion '%s' is declared already at %s:%llu:%llu; remove one of them", read->id,
                           slot->place.path, (unsigned long long)slot->place.line,
                           (unsigned long long)slot->place.column);
        return false;
    }
    slot->place = read->place;
    slot->title = read->title != NULL ? read->title : "";
    if (draft->category < 0 || strcmp(criteria_categories[draft->category], slot->category) == 0)
        return true;
    diagnostics_report(loader->diagnostics, DIAGNOSTIC_WRONG_VALUE, &read->place,
                       "the criterion '%s' belongs to the category %s; write that", read->id, slot->category);
    return false;
}

bool schema_criteria_load(struct schema_loader *loader, const struct yaml_node *root) {
    static const struct decode_field fields[] = {
        {"id", DECODE_TEXT, offsetof(struct criterion_draft, criterion.id), true, NULL},
        {"category", DECODE_CHOICE, offsetof(struct criterion_draft, category), true, criteria_categories},
        {"title", DECODE_TEXT, offsetof(struct criterion_draft, criterion.title), true, NULL},
    };
    static const struct criterion_draft blank = {.category = -1};
    static const struct decode_list list = {
        .key = "criteria",
        .what = "criterion",
        .fields = fields,
        .field_count = sizeof(fields) / sizeof(fields[0]),
        .size = sizeof(struct criterion_draft),
        .blank = &blank,
        .place_offset = offsetof(struct criterion_draft, criterion.place),
        .items_offset = offsetof(struct criteria_draft, items),
        .count_offset = offsetof(struct criteria_draft, count),
    };
    static const struct decode_field file_fields[] = {
        {"criteria", DECODE_NODE, offsetof(struct criteria_draft, node), true, NULL},
    };
    struct schema *schema = loader->schema;
    struct criteria_draft draft = {0};
    bool good = decode_mapping(loader->arena, root, "criteria file", file_fields, 1, &draft, loader->diagnostics);

    good = decode_sequence(loader->arena, draft.node, &list, &draft, loader->diagnostics) && good;
    schema->criteria = schema_criteria_expected(loader->arena, &schema->criterion_count);
    if (schema->criteria == NULL) {
        schema->criterion_count = 0;
        return decode_out_of_memory(loader->diagnostics);
    }
    for (size_t i = 0; i < draft.count; i++) {
        if (draft.items[i].criterion.id != NULL && !schema_criteria_place(loader, &draft.items[i]))
            good = false;
    }
    for (size_t i = 0; draft.count > 0 && i < schema->criterion_count; i++) {
        if (schema->criteria[i].place.path != NULL)
            continue;
        diagnostics_report(loader->diagnostics, DIAGNOSTIC_MISSING_KEY, &root->place,
                           "the criterion %s (%s) is not in the list; add it, a schema names all %zu",
                           schema->criteria[i].id, schema->criteria[i].category, schema->criterion_count);
        good = false;
    }
    return good;
}
