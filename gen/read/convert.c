#include "read/convert.h"

#include "base/limits.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Most texts differ in their first byte. */
static bool convert_equals(const char *text, const struct raw *raw) {
    if (raw->length == 0 || text[0] != raw->bytes[0]) {
        return raw->length == 0 && text[0] == '\0';
    }
    return strlen(text) == raw->length && memcmp(text, raw->bytes, raw->length) == 0;
}

bool convert_is_listed(const struct text_list *list, const struct raw *raw) {
    static const struct raw nothing = {.bytes = ""};
    const struct raw *text = raw->kind == RAW_ABSENT || raw->kind == RAW_NULL ? &nothing : raw;

    for (size_t i = 0; text->bytes != NULL && i < list->count; i++) {
        if (convert_equals(list->items[i], text)) {
            return true;
        }
    }
    return false;
}

bool convert_is_null(const struct kind *kind, const struct raw *raw) {
    if (raw->kind == RAW_ABSENT || raw->kind == RAW_NULL) {
        return true;
    }
    /* A kind that was not made by schema_load may leave the list out: then only the empty text means NULL. */
    return kind->nulls.count > 0 ? convert_is_listed(&kind->nulls, raw) : raw->kind == RAW_TEXT && raw->length == 0;
}

/*
 * A JSON number that is whole, however it is written: 1.0, 1e3, -20E-1. The digits are taken with the exponent applied;
 * every digit that would stand behind the point must be zero.
 */
static bool convert_whole(const char *lexeme, size_t length, int64_t *out) {
    size_t at = 0;
    bool negative = length > 0 && lexeme[0] == '-';
    size_t exponent_at = length;
    int64_t exponent = 0;

    for (size_t i = 0; i < length; i++) {
        if (lexeme[i] == 'e' || lexeme[i] == 'E') {
            exponent_at = i;
            if (!value_integer(lexeme + i + 1, length - i - 1, &exponent)) {
                return false;
            }
            break;
        }
    }
    at += negative;
    int64_t digits_before = 0;
    for (size_t i = at; i < exponent_at && lexeme[i] != '.'; i++) {
        digits_before++;
    }
    /* Clamped, so that the sum below cannot overflow; no lexeme is that long. */
    exponent = exponent > INT32_MAX ? INT32_MAX : exponent < -INT32_MAX ? -INT32_MAX : exponent;
    int64_t left = digits_before + exponent; /* digits before the point once the exponent is applied */
    int64_t number = 0;
    for (size_t i = at; i < exponent_at; i++) {
        if (lexeme[i] == '.') {
            continue;
        }
        int digit = lexeme[i] - '0';
        if (left-- <= 0) {
            if (digit != 0) {
                return false;
            }
            continue;
        }
        if (__builtin_mul_overflow(number, 10, &number) || __builtin_sub_overflow(number, digit, &number)) {
            return false;
        }
    }
    for (; left > 0 && number != 0; left--) {
        if (__builtin_mul_overflow(number, 10, &number)) {
            return false;
        }
    }
    /* The number was made below zero, where the range is wider by one. */
    if (!negative && __builtin_sub_overflow(0, number, &number)) {
        return false;
    }
    *out = number;
    return true;
}

static bool convert_integer(const struct raw *raw, int64_t *out) {
    return raw->kind == RAW_NUMBER ? convert_whole(raw->bytes, raw->length, out)
                                   : raw->kind == RAW_TEXT && value_integer(raw->bytes, raw->length, out);
}

enum datetime_result convert_time(const struct raw *raw, enum datetime_format format, int32_t zone,
                                  const struct span *covered, int64_t *out) {
    if (raw->kind != RAW_TEXT && raw->kind != RAW_NUMBER) {
        return DATETIME_MALFORMED;
    }
    if (format == DATETIME_ISO_OR_EPOCH) {
        format = raw->kind == RAW_NUMBER ? DATETIME_EPOCH : DATETIME_ISO;
    }
    bool scientific = raw->kind == RAW_NUMBER &&
                      (memchr(raw->bytes, 'e', raw->length) != NULL || memchr(raw->bytes, 'E', raw->length) != NULL);
    if (!scientific || (format != DATETIME_EPOCH && format != DATETIME_EPOCH_MS)) {
        return datetime_parse_within(raw->bytes, raw->length, format, zone, covered, out);
    }
    /* 1.5048288E9: below 2^53 a double holds the whole seconds exactly. */
    double number;
    if (!value_real(raw->bytes, raw->length, &number) || fabs(number) >= 9007199254740992.0) {
        return DATETIME_MALFORMED;
    }
    *out = (int64_t)floor(format == DATETIME_EPOCH_MS ? number / 1000 : number);
    return DATETIME_OK;
}

static enum convert_result convert_text(const struct raw *raw, struct value *out) {
    /* A NUL would end the text for everyone behind us. */
    if (raw->bytes == NULL || raw->length > LIMIT_CELL_BYTES || memchr(raw->bytes, '\0', raw->length) != NULL) {
        return CONVERT_FAILED;
    }
    *out = (struct value){.kind = VALUE_TEXT, .text = {raw->bytes, raw->length}};
    return CONVERT_OK;
}

static enum convert_result convert_enumeration(const struct column *column, const struct raw *raw, struct value *out) {
    for (size_t i = 0; i < column->values.count; i++) {
        if (convert_equals(column->values.items[i], raw)) {
            *out = (struct value){.kind = VALUE_TEXT, .text = {column->values.items[i], raw->length}};
            return CONVERT_OK;
        }
    }
    return CONVERT_UNKNOWN;
}

static enum convert_result convert_table(const struct column *column, const struct mapping *mapping,
                                         const struct raw *raw, struct value *out) {
    for (size_t i = 0; i < mapping->value_count; i++) {
        if (!convert_equals(mapping->value_from[i], raw)) {
            continue;
        }
        const struct value *to = &mapping->value_to[i];
        if (column->kind == COLUMN_ENUMERATION && to->kind == VALUE_TEXT) {
            const struct raw text = {RAW_TEXT, to->text.bytes, to->text.length};
            return convert_enumeration(column, &text, out);
        }
        *out = *to;
        return CONVERT_OK;
    }
    return CONVERT_UNKNOWN;
}

/* Blanks around a cell say nothing, but where the text itself is the value. */
static struct raw convert_trim(const struct raw *raw) {
    static const char blanks[] = {' ', '\t', '\r', '\n'};
    struct raw text = *raw;

    while (text.length > 0 && memchr(blanks, text.bytes[0], sizeof blanks) != NULL) {
        text.bytes++;
        text.length--;
    }
    while (text.length > 0 && memchr(blanks, text.bytes[text.length - 1], sizeof blanks) != NULL) {
        text.length--;
    }
    return text;
}

static enum convert_result convert_as_is(const struct kind *kind, const struct column *column,
                                         const struct mapping *mapping, int32_t zone, const struct span *covered,
                                         const struct raw *raw, struct value *out);

enum convert_result convert_value(const struct kind *kind, const struct column *column, const struct mapping *mapping,
                                  int32_t zone, const struct span *covered, const struct raw *raw, struct value *out) {
    /* What most columns are. */
    if (column->kind == COLUMN_TEXT && mapping->value_count == 0 && mapping->nulls.count == 0) {
        *out = (struct value){.kind = VALUE_NULL};
        return convert_is_null(kind, raw) ? CONVERT_OK : convert_text(raw, out);
    }
    enum convert_result result = convert_as_is(kind, column, mapping, zone, covered, raw, out);

    if ((result == CONVERT_FAILED || result == CONVERT_UNKNOWN) && column->kind != COLUMN_TEXT &&
        raw->kind == RAW_TEXT && raw->bytes != NULL) {
        const struct raw trimmed = convert_trim(raw);
        if (trimmed.length < raw->length) {
            return convert_as_is(kind, column, mapping, zone, covered, &trimmed, out);
        }
    }
    return result;
}

static enum convert_result convert_as_is(const struct kind *kind, const struct column *column,
                                         const struct mapping *mapping, int32_t zone, const struct span *covered,
                                         const struct raw *raw, struct value *out) {
    *out = (struct value){.kind = VALUE_NULL};
    if (convert_is_null(kind, raw) || (mapping->nulls.count > 0 && convert_is_listed(&mapping->nulls, raw))) {
        return CONVERT_OK;
    }
    if (raw->kind == RAW_COMPOUND && column->kind != COLUMN_TEXT) {
        return CONVERT_FAILED;
    }
    if (mapping->value_count > 0) {
        return raw->bytes == NULL ? CONVERT_FAILED : convert_table(column, mapping, raw, out);
    }
    struct value value = {.kind = VALUE_INTEGER};
    bool boolean = false;
    bool good = false;
    switch (column->kind) {
    case COLUMN_TEXT:
        return convert_text(raw, out);
    case COLUMN_ENUMERATION:
        return convert_enumeration(column, raw, out);
    case COLUMN_BOOLEAN:
        good = value_boolean(raw->bytes, raw->length, &boolean);
        value.integer = boolean;
        break;
    case COLUMN_INTEGER:
        good = convert_integer(raw, &value.integer);
        break;
    case COLUMN_REAL:
        value.kind = VALUE_REAL;
        good = raw->kind != RAW_BOOLEAN && value_real(raw->bytes, raw->length, &value.real);
        break;
    case COLUMN_TIME: {
        enum datetime_format format = mapping->has_time ? mapping->time : DATETIME_ISO;
        enum datetime_result result = convert_time(raw, format, zone, covered, &value.integer);
        if (result == DATETIME_NO_ZONE) {
            return CONVERT_NO_ZONE;
        }
        if (result == DATETIME_NO_YEAR) {
            return CONVERT_NO_YEAR;
        }
        good = result == DATETIME_OK;
        break;
    }
    }
    if (!good) {
        return CONVERT_FAILED;
    }
    *out = value;
    return CONVERT_OK;
}
