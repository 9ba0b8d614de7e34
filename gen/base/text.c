#include "base/text.h"

#include <stdio.h>
#include <string.h>

#define REPLACEMENT      0xFFFDu
#define LAST_CODE_POINT  0x10FFFFu
#define NEAREST_WORD_MAX 128 /* longer words get no suggestion */

/* Length of the well-formed sequence at `bytes` (RFC 3629, section 4), or 0; the code point goes to `*out`. */
static size_t sequence(const unsigned char *bytes, size_t length, uint32_t *out) {
    unsigned char first = bytes[0];
    if (first < 0x80) {
        *out = first;
        return 1;
    }
    size_t size;
    uint32_t code_point;
    uint32_t least;
    if (first >= 0xC2 && first <= 0xDF) {
        size = 2;
        code_point = first & 0x1Fu;
        least = 0x80;
    } else if (first >= 0xE0 && first <= 0xEF) {
        size = 3;
        code_point = first & 0x0Fu;
        least = 0x800;
    } else if (first >= 0xF0 && first <= 0xF4) {
        size = 4;
        code_point = first & 0x07u;
        least = 0x10000;
    } else {
        return 0;
    }
    if (length < size) {
        return 0;
    }
    for (size_t i = 1; i < size; i++) {
        if ((bytes[i] & 0xC0) != 0x80) {
            return 0;
        }
        code_point = code_point << 6 | (bytes[i] & 0x3Fu);
    }
    if (code_point < least || code_point > LAST_CODE_POINT || (code_point >= 0xD800 && code_point <= 0xDFFF)) {
        return 0;
    }
    *out = code_point;
    return size;
}

bool text_utf8_valid(const char *bytes, size_t length, size_t *bad_offset) {
    size_t position = 0;
    while (position < length) {
        uint32_t code_point;
        size_t size = sequence((const unsigned char *)bytes + position, length - position, &code_point);
        if (size == 0) {
            if (bad_offset != NULL) {
                *bad_offset = position;
            }
            return false;
        }
        position += size;
    }
    return true;
}

uint32_t text_utf8_sequence(const char *bytes, size_t length, size_t *position) {
    uint32_t code_point = REPLACEMENT;
    size_t size = sequence((const unsigned char *)bytes + *position, length - *position, &code_point);
    *position += size == 0 ? 1 : size;
    return code_point;
}

size_t text_ascii_run(const char *bytes, size_t length) {
    size_t run = 0;
    while (run < length && bytes[run] >= ' ' && bytes[run] <= '~') {
        run++;
    }
    return run;
}

void text_utf8_append(struct buffer *out, uint32_t code_point) {
    if (code_point > LAST_CODE_POINT || (code_point >= 0xD800 && code_point <= 0xDFFF)) {
        code_point = REPLACEMENT;
    }
    if (code_point < 0x80) {
        buffer_append_byte(out, (char)code_point);
    } else if (code_point < 0x800) {
        buffer_append_byte(out, (char)(0xC0 | code_point >> 6));
        buffer_append_byte(out, (char)(0x80 | (code_point & 0x3F)));
    } else if (code_point < 0x10000) {
        buffer_append_byte(out, (char)(0xE0 | code_point >> 12));
        buffer_append_byte(out, (char)(0x80 | (code_point >> 6 & 0x3F)));
        buffer_append_byte(out, (char)(0x80 | (code_point & 0x3F)));
    } else {
        buffer_append_byte(out, (char)(0xF0 | code_point >> 18));
        buffer_append_byte(out, (char)(0x80 | (code_point >> 12 & 0x3F)));
        buffer_append_byte(out, (char)(0x80 | (code_point >> 6 & 0x3F)));
        buffer_append_byte(out, (char)(0x80 | (code_point & 0x3F)));
    }
}

static void json_escape(struct buffer *out, uint32_t code_point) {
    switch (code_point) {
    case '"':
        buffer_append_text(out, "\\\"");
        break;
    case '\\':
        buffer_append_text(out, "\\\\");
        break;
    case '\b':
        buffer_append_text(out, "\\b");
        break;
    case '\f':
        buffer_append_text(out, "\\f");
        break;
    case '\n':
        buffer_append_text(out, "\\n");
        break;
    case '\r':
        buffer_append_text(out, "\\r");
        break;
    case '\t':
        buffer_append_text(out, "\\t");
        break;
    default:
        if (code_point < 0x20) {
            buffer_format(out, "\\u%04x", (unsigned)code_point);
        } else {
            text_utf8_append(out, code_point);
        }
    }
}

static bool plain_in_json(char c) {
    return c >= ' ' && c <= '~' && c != '"' && c != '\\';
}

void text_json_string(struct buffer *out, const char *bytes, size_t length) {
    buffer_append_byte(out, '"');
    for (size_t position = 0; position < length;) {
        size_t from = position;
        while (position < length && plain_in_json(bytes[position])) {
            position++;
        }
        buffer_append(out, bytes + from, position - from);
        if (position < length) {
            json_escape(out, text_utf8_next(bytes, length, &position));
        }
    }
    buffer_append_byte(out, '"');
}

/* The Char production of XML 1.0 (fifth edition), section 2.2. */
static bool xml_allows(uint32_t code_point) {
    return code_point == '\t' || code_point == '\n' || code_point == '\r' ||
           (code_point >= 0x20 && code_point != 0xFFFE && code_point != 0xFFFF);
}

static bool plain_in_xml(char c) {
    return c >= ' ' && c <= '~' && c != '&' && c != '<' && c != '>' && c != '"' && c != '\'';
}

static void xml_escape(struct buffer *out, uint32_t code_point) {
    switch (code_point) {
    case '&':
        buffer_append_text(out, "&amp;");
        break;
    case '<':
        buffer_append_text(out, "&lt;");
        break;
    case '>':
        buffer_append_text(out, "&gt;");
        break;
    case '"':
        buffer_append_text(out, "&quot;");
        break;
    case '\'':
        buffer_append_text(out, "&#39;");
        break;
    default:
        text_utf8_append(out, xml_allows(code_point) ? code_point : REPLACEMENT);
    }
}

void text_xml_escape(struct buffer *out, const char *bytes, size_t length) {
    for (size_t position = 0; position < length;) {
        size_t from = position;
        while (position < length && plain_in_xml(bytes[position])) {
            position++;
        }
        buffer_append(out, bytes + from, position - from);
        if (position < length) {
            xml_escape(out, text_utf8_next(bytes, length, &position));
        }
    }
}

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/*
 * Optimal string alignment distance (insertions, deletions, substitutions, swaps of neighbours), ASCII case folded, so
 * that SUCCESS is near to success. Both words are at most NEAREST_WORD_MAX bytes.
 */
static size_t distance(const char *a, size_t a_length, const char *b, size_t b_length) {
    size_t rows[3][NEAREST_WORD_MAX + 1];
    size_t *before = rows[0];
    size_t *previous = rows[1];
    size_t *current = rows[2];
    for (size_t j = 0; j <= b_length; j++) {
        previous[j] = j;
        before[j] = j;
    }
    for (size_t i = 1; i <= a_length; i++) {
        current[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            size_t best = previous[j - 1] + (lower(a[i - 1]) != lower(b[j - 1]));
            if (previous[j] + 1 < best) {
                best = previous[j] + 1;
            }
            if (current[j - 1] + 1 < best) {
                best = current[j - 1] + 1;
            }
            bool swapped = i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]);
            if (swapped && before[j - 2] + 1 < best) {
                best = before[j - 2] + 1;
            }
            current[j] = best;
        }
        size_t *reused = before;
        before = previous;
        previous = current;
        current = reused;
    }
    return previous[b_length];
}

const char *text_nearest(const char *word, const void *candidates, size_t count, size_t stride) {
    size_t length = strlen(word);
    if (length == 0 || length > NEAREST_WORD_MAX) {
        return NULL;
    }
    size_t least = length < 3 ? 1 : length / 3;
    const char *nearest = NULL;
    for (size_t i = 0; i < count; i++) {
        const char *candidate;
        memcpy(&candidate, (const char *)candidates + i * stride, sizeof candidate);
        size_t candidate_length = candidate == NULL ? 0 : strlen(candidate);
        if (candidate_length == 0 || candidate_length > NEAREST_WORD_MAX) {
            continue;
        }
        size_t apart = distance(word, length, candidate, candidate_length);
        if (apart < least || (apart == least && nearest == NULL)) {
            least = apart;
            nearest = candidate;
        }
    }
    return nearest;
}

int text_compare(const char *a, size_t a_length, const char *b, size_t b_length) {
    size_t common = a_length < b_length ? a_length : b_length;
    int order = common == 0 ? 0 : memcmp(a, b, common);
    if (order != 0) {
        return order;
    }
    return (a_length > b_length) - (a_length < b_length);
}

bool text_is_name(const char *name, bool loose) {
    if (name[0] < 'a' || name[0] > 'z') {
        return false;
    }
    for (const char *c = name + 1; *c != '\0'; c++) {
        bool plain = (*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') || *c == '_';
        if (!plain && !(loose && (*c == '-' || *c == '.'))) {
            return false;
        }
    }
    return true;
}
