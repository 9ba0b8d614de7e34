#include "document/template_chart.h"

#include "config/decode.h"
#include "document/template_table.h"

#define LEAST_VALUES 2 /* that make a chart, where the block does not say */

static const char *const template_chart_kinds[] = {"columns", "bars", NULL};

#define TEMPLATE_CHART_TEXT(key, text, required)                                                                       \
    {                                                                                                                  \
        key, DECODE_NODE, offsetof(struct template_chart, nodes) + (text) * sizeof(const struct yaml_node *),          \
            required, NULL                                                                                             \
    }

static const struct decode_field template_chart_fields[] = {
    {"query", DECODE_NAME, offsetof(struct template_chart, query), true, NULL},
    {"kind", DECODE_CHOICE, offsetof(struct template_chart, kind), true, template_chart_kinds},
    {"least", DECODE_INTEGER, offsetof(struct template_chart, least), false, NULL},
    TEMPLATE_CHART_TEXT("caption", CHART_CAPTION, false),
    TEMPLATE_CHART_TEXT("by", CHART_BY, false),
    TEMPLATE_CHART_TEXT("panel", CHART_PANEL, false),
    TEMPLATE_CHART_TEXT("note", CHART_NOTE, false),
    TEMPLATE_CHART_TEXT("label", CHART_LABEL, true),
    TEMPLATE_CHART_TEXT("value", CHART_VALUE, true),
    TEMPLATE_CHART_TEXT("printed", CHART_PRINTED, true),
    TEMPLATE_CHART_TEXT("target", CHART_TARGET, false),
    TEMPLATE_CHART_TEXT("full", CHART_FULL, false),
};

static const char *const template_chart_keys[CHART_TEXTS] = {
    [CHART_CAPTION] = "'caption'", [CHART_BY] = "'by'",         [CHART_PANEL] = "'panel'",
    [CHART_NOTE] = "'note'",       [CHART_LABEL] = "'label'",   [CHART_VALUE] = "'value'",
    [CHART_PRINTED] = "'printed'", [CHART_TARGET] = "'target'", [CHART_FULL] = "'full'",
};

bool template_chart_read(struct template_scope *scope, struct template_part *part) {
    struct template_chart *chart = arena_allocate(scope->template->arena, sizeof *chart);
    if (chart == NULL)
        return template_memory(scope->diagnostics);
    chart->least = LEAST_VALUES;
    part->chart = chart;
    const struct yaml_node *node = template_table_yaml(scope, part);
    if (node == NULL ||
        !decode_mapping(scope->template->arena, node, "chart", template_chart_fields,
                        sizeof template_chart_fields / sizeof template_chart_fields[0], chart, scope->diagnostics))
        return false;
    if (chart->least < 1 || chart->least > LIMIT_CHART_POINTS) {
        diagnostics_report(scope->diagnostics, DIAGNOSTIC_TEMPLATE_SYNTAX, &node->place,
                           "'least' is how many values a chart needs, from 1 to %d; write such a number",
                           LIMIT_CHART_POINTS);
        return false;
    }
    if (!template_scope_use(scope, chart->query, &node->place, &chart->use))
        return false;
    bool all = template_table_text(scope, chart->nodes[CHART_CAPTION], template_chart_keys[CHART_CAPTION],
                                   &chart->texts[CHART_CAPTION]);
    template_scope_enter(scope, &chart->use);
    for (size_t i = CHART_CAPTION + 1; i < CHART_TEXTS; i++)
        all = template_table_text(scope, chart->nodes[i], template_chart_keys[i], &chart->texts[i]) && all;
    template_scope_leave(scope);
    return all;
}
