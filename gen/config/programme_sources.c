#include "config/programme_private.h"

#include "base/path.h"

#include <string.h>

#define SILENCE_LEAST 3600 /* seconds */

struct tolerance_draft {
    double invalid;
    const char *reason;
};

static void programme_sources_kind(const struct yaml_node *node, const struct schema *schema,
                                   struct programme_source *source, struct diagnostics *diagnostics) {
    if (node == NULL || !decode_is(node, YAML_SCALAR, "'kind'", diagnostics))
        return;
    source->kind = schema_kind(schema, node->text);
    if (source->kind == SIZE_MAX)
        decode_unknown(&node->place, "evidence kind", node->text, schema->kinds, schema->kind_count,
                       sizeof(*schema->kinds), diagnostics);
}

static void programme_sources_zone(const struct yaml_node *node, struct programme_source *source,
                                   struct diagnostics *diagnostics) {
    if (node == NULL || !decode_is(node, YAML_SCALAR, "'zone'", diagnostics))
        return;
    if (!datetime_zone(node->text, &source->zone))
        diagnostics_report(diagnostics, DIAGNOSTIC_WRONG_VALUE, &node->place,
                           "'zone' must be UTC or an offset such as \"+02:00\", and here is '%.40s'", node->text);
}

static void programme_sources_path(const struct yaml_node *node, const struct programme_source *source,
                                   struct diagnostics *diagnostics) {
    const char *reason = NULL;
    if (source->path == NULL)
        return;
    if (!path_pattern_valid(source->path, &reason) || !path_is_safe(source->path, &reason))
        diagnostics_report(diagnostics, DIAGNOSTIC_BAD_PATH, &node->place,
                           "the path pattern '%.120s' is not usable (%s); write one below inputs/evidence such as "
                           "okta/users-{date}.json",
                           source->path, reason != NULL ? reason : "malformed");
}

static void programme_sources_tolerance(const struct yaml_node *node, struct programme_source *source,
                                        struct diagnostics *diagnostics) {
    static const struct decode_field fields[] = {
        {"invalid", DECODE_PERCENT, offsetof(struct tolerance_draft, invalid), true, NULL},
        {"reason", DECODE_TEXT, offsetof(struct tolerance_draft, reason), true, NULL},
    };
    struct tolerance_draft draft = {0};
    if (node == NULL ||
        !decode_mapping(NULL, node, "tolerance", fields, sizeof(fields) / sizeof(fields[0]), &draft, diagnostics))
        return;
    source->tolerated_invalid = draft.invalid;
    source->tolerance_reason = draft.reason;
}

static void programme_sources_encoding(const struct yaml_node *node, const struct schema *schema,
                                       struct programme_source *source, struct diagnostics *diagnostics) {
    if (source->encoding_text == NULL || source->kind == SIZE_MAX)
        return;
    source->encoding = encoding_find(source->encoding_text);
    if (source->encoding == NULL || !schema_kind_takes_encoding(&schema->kinds[source->kind]))
        diagnostics_report(diagnostics, DIAGNOSTIC_WRONG_VALUE, &node->place, SCHEMA_ENCODING_ADVICE,
                           source->encoding_text);
}

/* The same vendor writes days and months in the order of its reader's country. */
static void programme_sources_day_order(const struct yaml_node *node, struct programme_source *source,
                                        struct diagnostics *diagnostics) {
    if (source->day_order_text == NULL)
        return;
    source->has_day_order = datetime_format_from_name(source->day_order_text, &source->day_order) &&
                            (source->day_order == DATETIME_DAY_FIRST || source->day_order == DATETIME_MONTH_FIRST);
    if (!source->has_day_order)
        diagnostics_report(diagnostics, DIAGNOSTIC_WRONG_VALUE, &node->place,
                           "'day_order' must be day-first or month-first, and here is '%.40s'", source->day_order_text);
}

static void programme_sources_sheet(const struct yaml_node *node, const struct schema *schema,
                                    const struct programme_source *source, struct diagnostics *diagnostics) {
    if (source->sheet != NULL && source->kind != SIZE_MAX && schema->kinds[source->kind].format != FORMAT_XLSX)
        diagnostics_report(diagnostics, DIAGNOSTIC_WRONG_VALUE, &node->place,
                           "'sheet' is '%.40s', but the kind %s is no workbook; leave it out", source->sheet,
                           schema->kinds[source->kind].id);
}

static void programme_sources_members(const struct yaml_node *node, const struct programme_source *source,
                                      struct diagnostics *diagnostics) {
    const char *reason = NULL;
    for (size_t i = 0; i < source->members.count; i++)
        if (!path_member_pattern_valid(source->members.items[i], &reason))
            diagnostics_report(diagnostics, DIAGNOSTIC_BAD_PATH, &node->place,
                               "the member pattern '%.120s' is not usable (%s); write one such as \"*.json.gz\"",
                               source->members.items[i], reason);
}

static void programme_sources_silence(const struct yaml_node *node, const struct schema *schema,
                                      struct programme_source *source, struct diagnostics *diagnostics) {
    bool events = false;
    if (node == NULL || source->kind == SIZE_MAX)
        return;
    const struct kind *kind = &schema->kinds[source->kind];
    for (size_t i = 0; i < kind->rule_count; i++) {
        const struct evidence_type *type = &schema->types[kind->rules[i].type];
        events = events || (type->shape == TYPE_EVENT && type->time_column != SIZE_MAX);
    }
    if (!events)
        diagnostics_report(diagnostics, DIAGNOSTIC_WRONG_VALUE, &node->place,
                           "'silence' is for sources of events, and '%s' gives none with a time; leave it out",
                           kind->id);
    else if (source->silence < SILENCE_LEAST)
        diagnostics_report(diagnostics, DIAGNOSTIC_WRONG_VALUE, &node->place,
                           "'silence' is measured in whole hours; write one of at least an hour, such as 2 days");
}

void programme_sources_check(struct arena *arena, const struct yaml_node *root, const struct schema *schema,
                             struct programme *programme, struct diagnostics *diagnostics) {
    const struct yaml_node *list = yaml_get(root, "sources");
    for (size_t i = 0; i < programme->source_count; i++) {
        struct programme_source *source = &programme->sources[i];
        const struct yaml_node *node = list->items[i];
        programme_sources_kind(yaml_get(node, "kind"), schema, source, diagnostics);
        programme_sources_zone(yaml_get(node, "zone"), source, diagnostics);
        programme_sources_path(yaml_get(node, "path"), source, diagnostics);
        programme_sources_day_order(yaml_get(node, "day_order"), source, diagnostics);
        programme_sources_encoding(yaml_get(node, "encoding"), schema, source, diagnostics);
        programme_sources_sheet(yaml_get(node, "sheet"), schema, source, diagnostics);
        programme_sources_members(yaml_get(node, "member"), source, diagnostics);
        programme_sources_tolerance(yaml_get(node, "tolerate"), source, diagnostics);
        programme_sources_silence(yaml_get(node, "silence"), schema, source, diagnostics);
        programme_sequence_read(arena, node, schema, source, diagnostics);
        programme_command_read(arena, node, schema, source, diagnostics);
        if (source->from >= source->until)
            diagnostics_report(diagnostics, DIAGNOSTIC_WRONG_VALUE, &source->place,
                               "the source's 'until' is not after its 'from'; check the two dates");
    }
}
