#include "read/json_private.h"

#include "base/limits.h"
#include "base/text.h"

#include <errno.h>
#include <string.h>

/* Four hexadecimal digits as a number, or -1. */
static int json_hex(const unsigned char *digits) {
    int number = 0;

    for (size_t i = 0; i < 4; i++) {
        unsigned char digit = digits[i];
        if (digit >= '0' && digit <= '9') {
            number = number * 16 + (digit - '0');
        } else if ((digit | 0x20) >= 'a' && (digit | 0x20) <= 'f') {
            number = number * 16 + ((digit | 0x20) - 'a' + 10);
        } else {
            return -1;
        }
    }
    return number;
}

static bool json_high_surrogate(int unit) {
    return unit >= 0xD800 && unit < 0xDC00;
}

static bool json_low_surrogate(int unit) {
    return unit >= 0xDC00 && unit < 0xE000;
}

/* Bytes of the well-formed UTF-8 sequence that begins here (RFC 3629), or 0. */
static size_t json_sequence(const unsigned char *bytes) {
    unsigned char lead = bytes[0];

    if (lead < 0xC2 || lead > 0xF4 || (bytes[1] & 0xC0) != 0x80) {
        return 0;
    }
    if (lead < 0xE0) {
        return 2;
    }
    if ((bytes[2] & 0xC0) != 0x80) {
        return 0;
    }
    if (lead < 0xF0) {
        bool overlong = lead == 0xE0 && bytes[1] < 0xA0;
        bool surrogate = lead == 0xED && bytes[1] >= 0xA0;
        return overlong || surrogate ? 0 : 3;
    }
    bool outside = (lead == 0xF0 && bytes[1] < 0x90) || (lead == 0xF4 && bytes[1] >= 0x90);
    return outside || (bytes[3] & 0xC0) != 0x80 ? 0 : 4;
}

static void json_bad_string(struct json *json) {
    json->bad_strings++;
    json->bad_line = json->line;
}

/* Checks the escape at `*at` and moves past it; a pair of surrogates is one escape. False after an error. */
static bool json_escape(struct json *json, size_t *at) {
    if (!json_need(json, at, 2)) {
        json_cut_off(json);
        return false;
    }
    unsigned char letter = json->window.data[*at + 1];
    if (letter != 'u') {
        if (letter == '\0' || strchr("\"\\/bfnrt", letter) == NULL) {
            json_fail(json, *at, JSON_PROBLEM_SYNTAX, "a '\\' begins no escape that JSON knows");
            return false;
        }
        *at += 2;
        return true;
    }
    bool whole = json_need(json, at, 6);
    for (size_t i = 2; i < 6; i++) {
        unsigned char digit = json->window.data[*at + i];
        if (!whole && *at + i >= json->window.end) {
            json_cut_off(json);
            return false;
        }
        bool decimal = digit >= '0' && digit <= '9';
        if (!decimal && ((digit | 0x20) < 'a' || (digit | 0x20) > 'f')) {
            json_fail(json, *at, JSON_PROBLEM_SYNTAX, "'\\u' is not followed by four hexadecimal digits");
            return false;
        }
    }
    int unit = json_hex(json->window.data + *at + 2);
    if (json_high_surrogate(unit) && json_need(json, at, 12) && memcmp(json->window.data + *at + 6, "\\u", 2) == 0 &&
        json_low_surrogate(json_hex(json->window.data + *at + 8))) {
        *at += 12;
        return true;
    }
    if (json->stopped) {
        return false;
    }
    if (json_high_surrogate(unit) || json_low_surrogate(unit)) {
        json_bad_string(json);
    }
    *at += 6;
    return true;
}

/* Replaces the escapes of checked text. */
static bool json_unescape(struct json *json, const unsigned char *bytes, size_t length) {
    static const char letters[] = "\"\\/bfnrt";
    static const char meanings[] = "\"\\/\b\f\n\r\t";
    struct buffer *out = &json->decoded;

    buffer_clear(out);
    /* An escape is never shorter than what it means, so this is all the room that is needed. */
    if (!buffer_reserve(out, length + 4)) {
        return false;
    }
    for (size_t at = 0; at < length;) {
        const unsigned char *escape = memchr(bytes + at, '\\', length - at);
        size_t plain = escape == NULL ? length - at : (size_t)(escape - bytes) - at;
        buffer_append(out, bytes + at, plain);
        at += plain;
        if (at == length) {
            break;
        }
        if (bytes[at + 1] != 'u') {
            buffer_append_byte(out, meanings[strchr(letters, bytes[at + 1]) - letters]);
            at += 2;
            continue;
        }
        int unit = json_hex(bytes + at + 2);
        uint32_t code_point = (uint32_t)unit;
        at += 6;
        if (json_high_surrogate(unit) || json_low_surrogate(unit)) {
            code_point = 0xFFFD;
            int low = length - at >= 6 && bytes[at] == '\\' && bytes[at + 1] == 'u' ? json_hex(bytes + at + 2) : -1;
            if (json_high_surrogate(unit) && json_low_surrogate(low)) {
                code_point = 0x10000 + ((uint32_t)(unit - 0xD800) << 10) + (uint32_t)(low - 0xDC00);
                at += 6;
            }
        }
        text_utf8_append(out, code_point);
    }
    return !out->failed;
}

static enum json_event json_out_of_memory(struct json *json) {
    json->window.error = ENOMEM;
    json->stopped = true;
    return json->event = JSON_READ_FAILED;
}

enum json_event json_scan_string(struct json *json, enum json_event event, bool keep) {
    size_t at = json->at + 1;
    uint64_t bad = json->bad_strings;
    bool escaped = false;

    json->token = keep ? json->at : JSON_NO_POSITION;
    for (;;) {
        at = json_plain(json->window.data, at);
        if (keep && at - json->token > LIMIT_RECORD_BYTES) {
            return json_fail(json, json->token, JSON_PROBLEM_LENGTH, "a string is longer than 16 MiB");
        }
        unsigned char byte = json->window.data[at];
        if (byte == '"') {
            break;
        }
        if (byte == '\\') {
            escaped = true;
            if (!json_escape(json, &at)) {
                return json->event;
            }
        } else if (byte >= 0x80) {
            /* The zeros behind the input end a sequence that is cut off, so a short one reads as malformed. */
            bool whole = json_need(json, &at, 4);
            size_t length = json_sequence(json->window.data + at);
            if (!whole && json->stopped) {
                return json->event;
            }
            if (length == 0 && json->bad_strings == bad) {
                json_bad_string(json);
            }
            at += length == 0 ? 1 : length;
        } else if (at < json->window.end) {
            return json_fail(json, at, JSON_PROBLEM_SYNTAX,
                             byte == '\n' ? "a string is not closed in its line"
                                          : "a control character stands in a string");
        } else if (!json_more(json, &at)) {
            return json->stopped ? json->event : json_cut_off(json);
        }
    }
    json->at = at + 1;
    if (!keep) {
        return event;
    }
    const unsigned char *bytes = json->window.data + json->token + 1;
    size_t length = at - json->token - 1;
    if (!escaped) {
        json->text = (const char *)bytes;
        json->text_length = length;
        return event;
    }
    if (!json_unescape(json, bytes, length)) {
        return json_out_of_memory(json);
    }
    json->text = buffer_text(&json->decoded);
    json->text_length = json->decoded.length;
    return event;
}

static size_t json_digits(const unsigned char *data, size_t at) {
    while (data[at] >= '0' && data[at] <= '9') {
        at++;
    }
    return at;
}

/* The end of the number at `at`, by the grammar of RFC 8259 6; `*wrong` says why there is none. */
static size_t json_number_end(const unsigned char *data, size_t at, const char **wrong) {
    *wrong = NULL;
    at += data[at] == '-';
    if (data[at] == '0') {
        at++;
    } else {
        size_t digits = json_digits(data, at);
        *wrong = digits == at ? "a '-' is not followed by a digit" : NULL;
        at = digits;
    }
    if (*wrong == NULL && data[at] == '.') {
        size_t digits = json_digits(data, at + 1);
        *wrong = digits == at + 1 ? "a decimal point is not followed by a digit" : NULL;
        at = digits;
    }
    if (*wrong == NULL && (data[at] | 0x20) == 'e') {
        at++;
        at += data[at] == '+' || data[at] == '-';
        size_t digits = json_digits(data, at);
        *wrong = digits == at ? "an exponent has no digits" : NULL;
        at = digits;
    }
    return at;
}

enum json_event json_scan_number(struct json *json) {
    const char *wrong;
    size_t end;

    json->token = json->at;
    for (;;) {
        end = json_number_end(json->window.data, json->token, &wrong);
        if (end < json->window.end) {
            break;
        }
        if (end - json->token > LIMIT_CELL_BYTES) {
            return json_fail(json, json->token, JSON_PROBLEM_LENGTH, "a number is longer than 1 MiB");
        }
        if (!json_more(json, &end)) {
            if (json->stopped || wrong != NULL) {
                return json->stopped ? json->event : json_cut_off(json);
            }
            break;
        }
    }
    if (wrong != NULL) {
        return json_fail(json, end, JSON_PROBLEM_SYNTAX, wrong);
    }
    unsigned char next = json->window.data[end];
    if (next >= '0' && next <= '9') {
        return json_fail(json, json->token, JSON_PROBLEM_SYNTAX, "a number begins with a needless zero");
    }
    json->text = (const char *)json->window.data + json->token;
    json->text_length = end - json->token;
    json->at = end;
    return JSON_NUMBER;
}

enum json_event json_scan_literal(struct json *json, const char *literal, enum json_event event) {
    size_t length = strlen(literal);

    json->token = json->at;
    bool whole = json_need(json, &json->at, length);
    if (json->stopped) {
        return json->event;
    }
    size_t there = whole ? length : json->window.end - json->at;
    if (memcmp(json->window.data + json->at, literal, there) != 0) {
        return json_fail(json, json->at, JSON_PROBLEM_SYNTAX, "a word is none of true, false and null");
    }
    if (!whole) {
        return json_cut_off(json);
    }
    json->at += length;
    return event;
}

size_t json_scan_scalar(const unsigned char *data, size_t at, size_t held, enum json_event *event) {
    const char *wrong;

    switch (data[at]) {
    case '"':
        *event = JSON_STRING;
        at = json_plain(data, at + 1);
        return data[at] == '"' ? at + 1 : 0;
    case 't':
        *event = JSON_TRUE;
        return memcmp(data + at, "true", 4) == 0 ? at + 4 : 0;
    case 'f':
        *event = JSON_FALSE;
        return memcmp(data + at, "false", 5) == 0 ? at + 5 : 0;
    case 'n':
        *event = JSON_NULL;
        return memcmp(data + at, "null", 4) == 0 ? at + 4 : 0;
    default:
        if (data[at] != '-' && (data[at] < '0' || data[at] > '9')) {
            return 0;
        }
        *event = JSON_NUMBER;
        at = json_number_end(data, at, &wrong);
        return wrong == NULL && at < held && (data[at] < '0' || data[at] > '9') ? at : 0;
    }
}

/* Passes over white space, counting lines. */
static size_t json_blank(struct json *json, size_t at) {
    const unsigned char *data = json->window.data;

    for (;; at++) {
        if (data[at] == '\n') {
            json->line++;
            json->line_start = json->window.base + at + 1;
        } else if (data[at] != ' ' && data[at] != '\r' && data[at] != '\t') {
            return at;
        }
    }
}

bool json_scan_plain(struct json *json, unsigned depth) {
    const unsigned char *data = json->window.data;
    bool complete = false;

    json->token = JSON_NO_POSITION;
    while (!complete) {
        size_t at = data[json->at] <= ' ' ? json_blank(json, json->at) : json->at;
        size_t end = at + 1;
        unsigned char byte = data[at];
        bool object = json_in_object(json);
        json->at = at;
        if (json->expect == JSON_EXPECT_COLON && byte == ':') {
            json->expect = JSON_EXPECT_VALUE;
        } else if (json->expect == JSON_EXPECT_MORE && byte == ',') {
            json->expect = object ? JSON_EXPECT_KEY : JSON_EXPECT_VALUE;
        } else if ((json->expect == JSON_EXPECT_FIRST_KEY || json->expect == JSON_EXPECT_KEY) && byte == '"') {
            end = json_plain(data, end) + 1;
            if (data[end - 1] != '"') {
                return false;
            }
            json->expect = JSON_EXPECT_COLON;
        } else if ((json->expect == JSON_EXPECT_MORE && byte == (object ? '}' : ']')) ||
                   (json->expect == JSON_EXPECT_FIRST_KEY && byte == '}') ||
                   (json->expect == JSON_EXPECT_FIRST_ITEM && byte == ']')) {
            json->event = object ? JSON_OBJECT_END : JSON_ARRAY_END;
            json->depth--;
            json->expect = json->depth == 0 ? JSON_EXPECT_DOCUMENT_END : JSON_EXPECT_MORE;
            complete = json->depth == depth;
        } else if (json->expect != JSON_EXPECT_VALUE && json->expect != JSON_EXPECT_FIRST_ITEM) {
            return false;
        } else if (byte == '{' || byte == '[') {
            if (json->depth == LIMIT_JSON_DEPTH) {
                return false;
            }
            uint64_t bit = (uint64_t)1 << json->depth;
            json->containers = byte == '{' ? json->containers | bit : json->containers & ~bit;
            json->depth++;
            json->expect = byte == '{' ? JSON_EXPECT_FIRST_KEY : JSON_EXPECT_FIRST_ITEM;
        } else {
            end = json_scan_scalar(data, at, json->window.end, &json->event);
            if (end == 0) {
                return false;
            }
            json->expect = JSON_EXPECT_MORE;
            complete = json->depth == depth;
        }
        if (complete) {
            json_place(json, at);
        }
        json->at = end;
    }
    return true;
}
