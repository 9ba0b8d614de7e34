#include "cmd/readout.h"

#include "base/text.h"

#include <inttypes.h>
#include <string.h>

bool readout_begin(struct arena *arena, const struct schema *schema, const struct kind *kind, uint64_t most,
                   struct readout *out) {
    *out = (struct readout){.schema = schema, .kind = kind, .most = most};
    out->rows = arena_array(arena, kind->rule_count + 1, sizeof *out->rows);
    return out->rows != NULL;
}

void readout_free(struct readout *readout) {
    for (size_t i = 0; readout->rows != NULL && i < readout->kind->rule_count; i++) {
        buffer_free(&readout->rows[i]);
    }
}

/* The first rule that makes rows of the same type. */
static size_t first_rule(const struct kind *kind, size_t rule) {
    size_t first = 0;

    while (kind->rules[first].type != kind->rules[rule].type) {
        first++;
    }
    return first;
}

static void print_value(struct buffer *out, const struct column *column, const struct value *value) {
    char iso[DATETIME_ISO_BYTES];
    size_t before;

    switch (value->kind) {
    case VALUE_NULL:
        buffer_append_text(out, "null");
        break;
    case VALUE_INTEGER:
        if (column->kind == COLUMN_TIME) {
            datetime_iso(value->integer, iso);
            buffer_format(out, "\"%s\"", iso);
        } else if (column->kind == COLUMN_BOOLEAN) {
            buffer_append_text(out, value->integer != 0 ? "true" : "false");
        } else {
            buffer_format(out, "%" PRId64, value->integer);
        }
        break;
    case VALUE_REAL:
        before = out->length;
        buffer_format(out, "%.15g", value->real);
        if (buffer_text(out) != NULL && strpbrk(out->data + before, ".e") == NULL) {
            buffer_append_text(out, ".0"); /* still a real where it is read again */
        }
        break;
    case VALUE_TEXT:
        text_json_string(out, value->text.bytes, value->text.length);
        break;
    }
}

void readout_add(struct readout *readout, const struct record *record) {
    const struct row_rule *rule = &readout->kind->rules[record->rule];
    const struct evidence_type *type = &readout->schema->types[rule->type];
    struct buffer *out = &readout->rows[first_rule(readout->kind, record->rule)];

    if (readout->count++ >= readout->most) {
        return;
    }
    buffer_append_text(out, out->length > 0 ? ",\n      {" : "      {");
    bool first = true;
    for (size_t i = 0; i < rule->mapping_count; i++) {
        const struct mapping *mapping = &rule->mappings[i];
        const struct column *column = &type->columns[mapping->column];
        if (mapping->expression != SIZE_MAX && !readout->computed) {
            continue;
        }
        buffer_format(out, "%s\"%s\": ", first ? "" : ", ", column->name);
        print_value(out, column, &record->values[mapping->column]);
        first = false;
    }
    buffer_append_byte(out, '}');
}

void readout_print(const struct readout *readout, const struct record_tally *tally, const char *remark,
                   struct buffer *out) {
    const struct kind *kind = readout->kind;

    buffer_append_text(out, "{\n");
    if (remark != NULL) {
        buffer_append_text(out, "  \"unchecked\": ");
        text_json_string(out, remark, strlen(remark));
        buffer_append_text(out, ",\n");
    }
    buffer_append_text(out, "  \"rows\": {");
    bool first = true;
    for (size_t i = 0; i < kind->rule_count; i++) {
        const struct buffer *rows = &readout->rows[i];
        if (first_rule(kind, i) != i) {
            continue;
        }
        buffer_format(out, "%s\n    \"%s\": [", first ? "" : ",", readout->schema->types[kind->rules[i].type].id);
        if (rows->length > 0) {
            buffer_append_byte(out, '\n');
            buffer_append(out, rows->data, rows->length);
            buffer_append_text(out, "\n    ");
        }
        buffer_append_byte(out, ']');
        out->failed = out->failed || rows->failed;
        first = false;
    }
    buffer_format(out,
                  "\n  },\n  \"records\": %" PRIu64 ", \"rejected\": %" PRIu64 ", \"passed_over\": %" PRIu64
                  ", \"invalid\": %" PRIu64 ", \"unknown_values\": %" PRIu64 "\n}\n",
                  tally->records, tally->rejected, tally->passed_over, tally->invalid, tally->unknown_values);
}
