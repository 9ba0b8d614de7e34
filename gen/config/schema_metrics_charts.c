#include "config/schema_private.h"

#include <string.h>

/* The figures that tickmark works out itself: assess/metric.sql. */
static const struct own_figure {
    const char *id; /* first, for text_nearest */
} own_figures[] = {
    {"controls"},
    {"controls_tested"},
    {"controls_effective"},
    {"compliance_score"},
    {"control_coverage"},
    {"evidence_coverage"},
    {"tests_automated"},
    {"items_tested"},
    {"exceptions"},
    {"exceptions_waived"},
    {"undetermined"},
    {"evidence_files"},
    {"records"},
    {"requirements_automated"},
    {"findings"},
    {"findings_severe"},
    {"findings_answered"},
    {"findings_overdue"},
    {"remediation_time_p50"},
    {"remediation_time_p95"},
};

bool schema_metrics_own(const char *id) {
    for (size_t i = 0; i < sizeof(own_figures) / sizeof(own_figures[0]); i++) {
        if (strcmp(id, own_figures[i].id) == 0)
            return true;
    }
    return false;
}

bool schema_metrics_charts(struct schema_loader *loader, const struct yaml_node *node) {
    bool good = true;
    if (node == NULL)
        return true;
    if (!decode_is(node, YAML_SEQUENCE, "'charts'", loader->diagnostics))
        return false;
    for (size_t i = 0; i < node->count; i++) {
        const struct yaml_node *item = node->items[i];
        if (!decode_is(item, YAML_SCALAR, "an item of 'charts'", loader->diagnostics)) {
            good = false;
            continue;
        }
        struct charted_metric *chart =
            arena_push(loader->arena, &loader->schema->charts, &loader->schema->chart_count, sizeof(*chart));
        if (chart == NULL)
            return decode_out_of_memory(loader->diagnostics);
        *chart = (struct charted_metric){item->text, item->place};
    }
    return good;
}

static bool schema_metrics_charts_known(struct schema_loader *loader, const struct charted_metric *chart) {
    const struct schema *schema = loader->schema;
    if (schema_metrics_own(chart->id))
        return true;
    for (size_t i = 0; i < schema->metric_count; i++) {
        if (strcmp(chart->id, schema->metrics[i].id) == 0)
            return true;
    }
    return decode_unknown(&chart->place, "metric to draw called", chart->id, schema->metrics, schema->metric_count,
                          sizeof(*schema->metrics), loader->diagnostics);
}

bool schema_metrics_charts_check(struct schema_loader *loader) {
    const struct schema *schema = loader->schema;
    bool good = true;
    for (size_t i = 0; i < schema->chart_count; i++) {
        const struct charted_metric *chart = &schema->charts[i];
        good = schema_metrics_charts_known(loader, chart) && good;
        for (size_t earlier = 0; earlier < i; earlier++) {
            if (strcmp(chart->id, schema->charts[earlier].id) == 0) {
                diagnostics_report(loader->diagnostics, DIAGNOSTIC_BAD_METRIC, &chart->place,
                                   "the metric '%.80s' stands twice under 'charts'; remove one of them", chart->id);
                good = false;
                break;
            }
        }
    }
    return good;
}
