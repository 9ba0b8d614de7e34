#include "cmd/validate_rows.h"

#include <string.h>

/* Once for all files. */
static bool open_rows(struct validate_rows *rows, struct command *command, const struct schema *schema) {
    size_t width = 1;

    for (size_t i = 0; i < schema->type_count; i++) {
        width = schema->types[i].column_count > width ? schema->types[i].column_count : width;
    }
    rows->schema = schema;
    rows->columns = arena_array(command->arena, width, sizeof *rows->columns);
    if (rows->columns == NULL) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory for the rows of evidence");
        return false;
    }
    rows->expressions = load_expression_new(schema, 0, command->diagnostics);
    return rows->expressions != NULL;
}

bool validate_rows_begin(struct validate_rows *rows, struct command *command, const struct schema *schema,
                         const struct kind *kind, const struct gather_file *file) {
    rows->invalid = 0;
    rows->file = (struct load_expression_file){
        .kind = kind,
        .path = file->full_path,
        .zone = file->source != NULL ? file->source->zone : DATETIME_ZONE_UNDECLARED,
    };
    return (rows->expressions != NULL || open_rows(rows, command, schema)) &&
           load_expression_prepare(rows->expressions, kind);
}

void validate_rows_compute(struct validate_rows *rows, struct record *record) {
    const struct row_rule *rule = &rows->file.kind->rules[record->rule];
    const struct evidence_type *type = &rows->schema->types[rule->type];
    uint32_t bad = 0;

    if (rule->expression_count == 0) {
        return;
    }
    memcpy(rows->columns, record->values, type->column_count * sizeof *rows->columns);
    load_expression_fill(rows->expressions, &rows->file, record, rows->columns, &bad);
    rows->invalid += bad > 0 && record->invalid == 0;
    record->values = rows->columns;
}

void validate_rows_count(const struct validate_rows *rows, struct record_tally *tally) {
    tally->invalid += rows->invalid;
    tally->unknown_values += rows->file.unknown;
}

void validate_rows_free(struct validate_rows *rows) {
    load_expression_free(rows->expressions);
}
