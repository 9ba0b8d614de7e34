#include "store/load_value.h"

#include "base/datetime.h"

#include <math.h>
#include <string.h>

#define INTEGER_LIMIT 9223372036854775808.0 /* 2^63: the first double past int64_t */

bool load_value_fits_otherwise(const struct column *column, const struct value *value) {
    if (value->kind == VALUE_NULL) {
        return true;
    }
    switch (column->kind) {
    case COLUMN_TEXT:
    case COLUMN_ENUMERATION:
        return false;
    case COLUMN_BOOLEAN:
        return value->kind == VALUE_INTEGER && (value->integer == 0 || value->integer == 1);
    case COLUMN_INTEGER:
    case COLUMN_TIME:
        return value->kind == VALUE_INTEGER;
    case COLUMN_REAL:
        return value->kind == VALUE_INTEGER || (value->kind == VALUE_REAL && isfinite(value->real));
    }
    return false;
}

int load_value_bind(sqlite3_stmt *statement, int index, const struct value *value) {
    switch (value->kind) {
    case VALUE_INTEGER:
        return sqlite3_bind_int64(statement, index, value->integer);
    case VALUE_REAL:
        return sqlite3_bind_double(statement, index, value->real);
    case VALUE_TEXT:
        return sqlite3_bind_text64(statement, index, value->text.length == 0 ? "" : value->text.bytes,
                                   value->text.length, SQLITE_STATIC, SQLITE_UTF8);
    case VALUE_NULL:
        break;
    }
    return sqlite3_bind_null(statement, index);
}

size_t load_value_place(const struct text_list *list, const char *text, size_t length) {
    for (size_t i = 0; i < list->count; i++) {
        if (strlen(list->items[i]) == length && memcmp(list->items[i], text, length) == 0) {
            return i;
        }
    }
    return SIZE_MAX;
}

/* Text that an expression made, for a column that is not text. */
static bool convert_text(const struct column *column, const struct value *text, int32_t zone, struct value *out) {
    const char *bytes = text->text.bytes;
    size_t length = text->text.length;
    bool truth;
    switch (column->kind) {
    case COLUMN_INTEGER:
        out->kind = VALUE_INTEGER;
        return value_integer(bytes, length, &out->integer);
    case COLUMN_REAL:
        out->kind = VALUE_REAL;
        return value_real(bytes, length, &out->real);
    case COLUMN_BOOLEAN:
        if (!value_boolean(bytes, length, &truth)) {
            return false;
        }
        *out = (struct value){.kind = VALUE_INTEGER, .integer = truth};
        return true;
    case COLUMN_TIME:
        out->kind = VALUE_INTEGER;
        return datetime_parse(bytes, length, DATETIME_ISO, zone, &out->integer) == DATETIME_OK;
    case COLUMN_TEXT:
    case COLUMN_ENUMERATION:
        break;
    }
    *out = *text;
    return true;
}

struct value load_value_given(const struct column *column, struct guard_query *query) {
    struct value given = guard_value(query, 0);
    if (load_value_wants_text(column, &given)) {
        given.text.bytes = guard_text(query, 0);
        given.kind = given.text.bytes == NULL ? VALUE_NULL : VALUE_TEXT;
        given.text.length = given.kind == VALUE_NULL ? 0 : strlen(given.text.bytes);
    }
    return given;
}

bool load_value_convert(const struct column *column, struct value given, int32_t zone, struct value *out,
                        bool *unknown) {
    if (given.kind == VALUE_TEXT && given.text.length == 0) {
        *out = (struct value){.kind = VALUE_NULL};
        return true;
    }
    if (given.kind == VALUE_TEXT && column->kind == COLUMN_TEXT) { /* as most are */
        if (!load_value_fits(column, &given)) {
            return false;
        }
        *out = given;
        return true;
    }
    if (given.kind == VALUE_REAL && column->kind != COLUMN_REAL && given.real == floor(given.real) &&
        given.real >= -INTEGER_LIMIT && given.real < INTEGER_LIMIT) {
        given = (struct value){.kind = VALUE_INTEGER, .integer = (int64_t)given.real};
    }
    if (given.kind == VALUE_TEXT) {
        struct value text = given;
        if (!convert_text(column, &text, zone, &given)) {
            return false;
        }
    }
    if (!load_value_fits(column, &given)) {
        return false;
    }
    if (column->kind == COLUMN_ENUMERATION && given.kind == VALUE_TEXT &&
        load_value_place(&column->values, given.text.bytes, given.text.length) == SIZE_MAX) {
        *unknown = true;
        return false;
    }
    *out = given;
    return true;
}
