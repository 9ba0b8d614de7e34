#include "config/schema_private.h"

#include <string.h>

static void schema_value_set_text(struct value *out, const char *text, size_t length) {
    out->kind = VALUE_TEXT;
    out->text.bytes = text;
    out->text.length = length;
}

static bool schema_value_enumeration(struct schema_loader *loader, const struct column *column,
                                     const struct yaml_node *node, struct value *out) {
    if (column->values.count == 0) /* its own declaration was refused */
        return true;
    for (size_t i = 0; i < column->values.count; i++) {
        if (strcmp(column->values.items[i], node->text) == 0) {
            schema_value_set_text(out, node->text, node->length);
            return true;
        }
    }
    char *what = arena_format(loader->arena, "value of '%s' called", column->name);
    if (what == NULL)
        return decode_out_of_memory(loader->diagnostics);
    return decode_unknown(&node->place, what, node->text, column->values.items, column->values.count,
                          sizeof(*column->values.items), loader->diagnostics);
}

bool schema_value_convert(struct schema_loader *loader, const struct column *column, const struct yaml_node *node,
                          struct value *out) {
    static const char *const expected[] = {
        [COLUMN_TEXT] = "a text",
        [COLUMN_INTEGER] = "a whole number",
        [COLUMN_REAL] = "a number",
        [COLUMN_BOOLEAN] = "true or false",
        [COLUMN_TIME] = "a time such as 2025-10-06 or 2025-10-06T08:00:00Z",
        [COLUMN_ENUMERATION] = "one of its values",
    };
    bool flag = false;
    bool good = node->kind == YAML_SCALAR;

    *out = (struct value){.kind = VALUE_NULL};
    if (node->kind == YAML_NULL)
        return true;
    if (good) {
        switch (column->kind) {
        case COLUMN_TEXT:
            schema_value_set_text(out, node->text, node->length);
            return true;
        case COLUMN_ENUMERATION:
            return schema_value_enumeration(loader, column, node, out);
        case COLUMN_INTEGER:
            out->kind = VALUE_INTEGER;
            good = value_integer(node->text, node->length, &out->integer);
            break;
        case COLUMN_REAL:
            out->kind = VALUE_REAL;
            good = value_real(node->text, node->length, &out->real);
            break;
        case COLUMN_BOOLEAN:
            out->kind = VALUE_INTEGER;
            good = value_boolean(node->text, node->length, &flag);
            out->integer = flag;
            break;
        case COLUMN_TIME:
            out->kind = VALUE_INTEGER;
            good = datetime_parse(node->text, node->length, DATETIME_ISO, 0, &out->integer) == DATETIME_OK;
            break;
        }
    }
    if (!good)
        diagnostics_report(loader->diagnostics, DIAGNOSTIC_WRONG_VALUE, &node->place,
                           "'%s' must be %s or null, and here is '%.80s'", column->name, expected[column->kind],
                           node->text != NULL ? node->text : "a list or mapping");
    return good;
}

/* By how it is written: a plain whole number, a plain number, or a text. */
static void schema_value_guess(const struct yaml_node *node, struct value *out) {
    int64_t integer;
    double real;
    if (!node->quoted && value_integer(node->text, node->length, &integer)) {
        out->kind = VALUE_INTEGER;
        out->integer = integer;
    } else if (!node->quoted && value_real(node->text, node->length, &real)) {
        out->kind = VALUE_REAL;
        out->real = real;
    } else {
        schema_value_set_text(out, node->text, node->length);
    }
}

static bool schema_value_duration(const char *name, const struct yaml_node *node, struct value *out,
                                  struct diagnostics *diagnostics) {
    int64_t seconds;
    if (!decode_duration(node->text, &seconds)) {
        diagnostics_report(diagnostics, DIAGNOSTIC_WRONG_VALUE, &node->place,
                           "the parameter '%s' must be a duration such as '15 minutes' or '2 days', and here is "
                           "'%.80s'",
                           name, node->text);
        return false;
    }
    out->kind = VALUE_INTEGER;
    out->integer = seconds;
    return true;
}

static bool schema_value_is_scalar(const char *name, const struct yaml_node *node, struct diagnostics *diagnostics) {
    if (node->kind == YAML_SCALAR)
        return true;
    diagnostics_report(diagnostics, DIAGNOSTIC_WRONG_KIND, &node->place,
                       "the parameter '%s' must be a single number, text or duration", name);
    return false;
}

bool schema_value_declare(struct schema_loader *loader, struct parameter *parameter, const struct yaml_node *node) {
    if (!schema_value_is_scalar(parameter->name, node, loader->diagnostics))
        return false;
    parameter->node = node;
    parameter->text = node->text;
    if (parameter->duration)
        return schema_value_duration(parameter->name, node, &parameter->value, loader->diagnostics);
    if (!node->quoted && (strcmp(node->text, "true") == 0 || strcmp(node->text, "false") == 0)) {
        diagnostics_report(loader->diagnostics, DIAGNOSTIC_WRONG_VALUE, &node->place,
                           "the parameter '%s' cannot be true or false; write 1 or 0, as SQL has it", parameter->name);
        return false;
    }
    schema_value_guess(node, &parameter->value);
    return true;
}

bool schema_value_parameter(const struct parameter *parameter, const struct yaml_node *node, struct value *out,
                            struct diagnostics *diagnostics) {
    static const char *const expected[] = {
        [VALUE_NULL] = "nothing",
        [VALUE_INTEGER] = "a whole number",
        [VALUE_REAL] = "a number",
        [VALUE_TEXT] = "a text",
    };
    if (parameter->value.kind == VALUE_NULL) /* its own declaration was refused */
        return true;
    if (!schema_value_is_scalar(parameter->name, node, diagnostics))
        return false;
    if (parameter->duration)
        return schema_value_duration(parameter->name, node, out, diagnostics);
    if (parameter->value.kind == VALUE_TEXT) {
        schema_value_set_text(out, node->text, node->length);
        return true;
    }
    schema_value_guess(node, out);
    if (out->kind == VALUE_INTEGER && parameter->value.kind == VALUE_REAL)
        *out = (struct value){.kind = VALUE_REAL, .real = (double)out->integer};
    if (out->kind == parameter->value.kind)
        return true;
    diagnostics_report(diagnostics, DIAGNOSTIC_WRONG_VALUE, &node->place,
                       "the parameter '%s' must be %s as its declaration at %s:%llu, and here is '%.80s'",
                       parameter->name, expected[parameter->value.kind], parameter->place.path,
                       (unsigned long long)parameter->place.line, node->text);
    return false;
}
