#include "store/latest_named.h"

#include <string.h>

static bool in_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static void look(const struct schema *schema, const char *sql, bool *named) {
    if (sql == NULL) {
        return;
    }
    for (const char *at = strcasestr(sql, SCHEMA_LATEST); at != NULL; at = strcasestr(at + 1, SCHEMA_LATEST)) {
        const char *start = at;
        while (start > sql && in_name(start[-1])) {
            start--;
        }
        size_t length = (size_t)(at - start);
        for (size_t i = 0; i < schema->type_count; i++) {
            const char *type = schema->types[i].id;
            named[i] = named[i] || (strncasecmp(type, start, length) == 0 && type[length] == '\0');
        }
    }
}

static void look_at_tests(const struct schema *schema, const struct control *control, bool *named) {
    for (size_t i = 0; i < control->test_count; i++) {
        look(schema, control->tests[i].query, named);
    }
}

void latest_named(const struct schema *schema, bool *named) {
    for (size_t i = 0; i < schema->view_count; i++) {
        look(schema, schema->views[i].sql, named);
    }
    for (size_t i = 0; i < schema->control_count; i++) {
        look_at_tests(schema, &schema->controls[i], named);
    }
    for (size_t i = 0; i < schema->metric_count; i++) {
        look(schema, schema->metrics[i].query, named);
    }
    for (size_t i = 0; i < schema->population_count; i++) {
        look(schema, schema->populations[i].test.query, named);
    }
    for (size_t i = 0; i < schema->checks.threshold_count; i++) {
        look_at_tests(schema, &schema->checks.thresholds[i], named);
    }
}
