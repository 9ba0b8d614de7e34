#include "read/yaml_scalar.h"

#include <string.h>

static bool yaml_scalar_is(const char *text, size_t length, const char *const words[], size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (strlen(words[i]) == length && memcmp(words[i], text, length) == 0) {
            return true;
        }
    }
    return false;
}

static size_t yaml_scalar_digits(const char *text, size_t length, size_t at) {
    while (at < length && text[at] >= '0' && text[at] <= '9') {
        at++;
    }
    return at;
}

/* -? digits? (. digits?)? ((e|E) sign? digits)? with a digit on one side of the point; `json`: as RFC 8259 writes it.
 */
static bool yaml_scalar_number(const char *text, size_t length, bool json) {
    size_t whole = length > 0 && text[0] == '-' ? 1 : 0;
    size_t at = yaml_scalar_digits(text, length, whole);
    size_t before = at - whole;
    size_t behind = 0;

    if (json && (before == 0 || (before > 1 && text[whole] == '0'))) {
        return false;
    }
    if (at < length && text[at] == '.') {
        size_t point = ++at;
        at = yaml_scalar_digits(text, length, at);
        behind = at - point;
        if (json && behind == 0) {
            return false;
        }
    }
    if (before + behind == 0) {
        return false;
    }
    if (at < length && (text[at] == 'e' || text[at] == 'E')) {
        at++;
        at += at < length && (text[at] == '-' || text[at] == '+');
        size_t exponent = at;
        at = yaml_scalar_digits(text, length, at);
        if (at == exponent) {
            return false;
        }
    }
    return at == length;
}

enum nest_event yaml_scalar_event(const char *text, size_t length) {
    static const char *const nulls[] = {"", "~", "null", "Null", "NULL"};
    static const char *const truths[] = {"true", "True", "TRUE"};
    static const char *const untruths[] = {"false", "False", "FALSE"};

    if (yaml_scalar_is(text, length, nulls, sizeof nulls / sizeof nulls[0])) {
        return NEST_NULL;
    }
    if (yaml_scalar_is(text, length, truths, sizeof truths / sizeof truths[0])) {
        return NEST_TRUE;
    }
    if (yaml_scalar_is(text, length, untruths, sizeof untruths / sizeof untruths[0])) {
        return NEST_FALSE;
    }
    return yaml_scalar_number(text, length, false) ? NEST_NUMBER : NEST_STRING;
}

static void yaml_scalar_json_text(struct buffer *json, const char *text, size_t length) {
    buffer_append_byte(json, '"');
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)text[i];
        if (byte == '"' || byte == '\\') {
            buffer_append_byte(json, '\\');
            buffer_append_byte(json, (char)byte);
        } else if (byte < ' ') {
            buffer_format(json, "\\u%04x", byte);
        } else {
            buffer_append_byte(json, (char)byte);
        }
    }
    buffer_append_byte(json, '"');
}

void yaml_scalar_json(struct buffer *json, enum nest_event event, const char *text, size_t length) {
    bool ends = event == NEST_OBJECT_END || event == NEST_LIST_END;

    /* Strings end in a quote, so that these can only be what opened, or what follows a key. */
    if (!ends && json->length > 0 && memchr("[{:", json->data[json->length - 1], 3) == NULL) {
        buffer_append_byte(json, ',');
    }
    switch (event) {
    case NEST_OBJECT_BEGIN:
        buffer_append_byte(json, '{');
        break;
    case NEST_OBJECT_END:
        buffer_append_byte(json, '}');
        break;
    case NEST_LIST_BEGIN:
        buffer_append_byte(json, '[');
        break;
    case NEST_LIST_END:
        buffer_append_byte(json, ']');
        break;
    case NEST_TRUE:
        buffer_append_text(json, "true");
        break;
    case NEST_FALSE:
        buffer_append_text(json, "false");
        break;
    case NEST_NULL:
        buffer_append_text(json, "null");
        break;
    case NEST_NUMBER:
        if (yaml_scalar_number(text, length, true)) {
            buffer_append(json, text, length);
            break;
        }
        /* fall through */
    default:
        yaml_scalar_json_text(json, text, length);
        if (event == NEST_KEY) {
            buffer_append_byte(json, ':');
        }
        break;
    }
}
