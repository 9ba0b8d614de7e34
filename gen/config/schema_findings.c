#include "config/schema_private.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Nobody is given longer than ten years. */
#define FINDINGS_MOST_DAYS 3650

bool schema_deadlines_read(struct arena *arena, const struct yaml_node *node, struct schema_deadlines *deadlines,
                           struct diagnostics *diagnostics) {
    static const struct decode_field fields[] = {
        {"low", DECODE_INTEGER, offsetof(struct schema_deadlines, days[SEVERITY_LOW]), false, NULL},
        {"medium", DECODE_INTEGER, offsetof(struct schema_deadlines, days[SEVERITY_MEDIUM]), false, NULL},
        {"high", DECODE_INTEGER, offsetof(struct schema_deadlines, days[SEVERITY_HIGH]), false, NULL},
        {"critical", DECODE_INTEGER, offsetof(struct schema_deadlines, days[SEVERITY_CRITICAL]), false, NULL},
    };
    if (!decode_mapping(arena, node, "mapping of severities to days", fields, COUNT(fields), deadlines, diagnostics))
        return false;
    for (size_t i = 0; i < SEVERITY_COUNT; i++) {
        const struct yaml_node *value = yaml_get(node, schema_severity_names[i]);
        if (value != NULL && (deadlines->days[i] < 0 || deadlines->days[i] > FINDINGS_MOST_DAYS)) {
            diagnostics_report(diagnostics, DIAGNOSTIC_WRONG_VALUE, &value->place,
                               "a finding is remediated within 0 to %d days; write a number of days",
                               FINDINGS_MOST_DAYS);
            return false;
        }
    }
    return true;
}

bool schema_findings_load(struct schema_loader *loader, const struct yaml_node *root) {
    struct findings_draft {
        const struct yaml_node *days;
    } draft = {0};
    static const struct decode_field fields[] = {
        {"remediation_days", DECODE_NODE, offsetof(struct findings_draft, days), true, NULL},
    };
    return decode_mapping(loader->arena, root, "findings.yaml", fields, COUNT(fields), &draft, loader->diagnostics) &&
           schema_deadlines_read(loader->arena, draft.days, &loader->schema->deadlines, loader->diagnostics);
}
