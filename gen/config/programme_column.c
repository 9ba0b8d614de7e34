#include "config/programme_private.h"

#include <string.h>

void programme_column_find(const struct programme_source *source, const char *text, const struct place *place,
                           const struct schema *schema, size_t *type_index, size_t *column,
                           struct diagnostics *diagnostics) {
    *column = SIZE_MAX;
    if (source->kind == SIZE_MAX)
        return; /* reported with the source */
    const char *dot = strchr(text, '.');
    size_t length = dot != NULL ? (size_t)(dot - text) : strlen(text);
    for (size_t t = 0; t < schema->type_count; t++) {
        const struct evidence_type *type = &schema->types[t];
        if (dot == NULL || strlen(type->id) != length || strncmp(type->id, text, length) != 0 ||
            !schema_kind_gives(&schema->kinds[source->kind], t))
            continue;
        *type_index = t;
        *column = schema_column(type, dot + 1);
        if (*column == SIZE_MAX)
            decode_unknown(place, "column", dot + 1, type->columns, type->column_count, sizeof(*type->columns),
                           diagnostics);
        return;
    }
    diagnostics_report(diagnostics, DIAGNOSTIC_WRONG_VALUE, place,
                       "'%.60s' is no column of a type that source '%s' gives; write one such as account.email", text,
                       source->id);
}
