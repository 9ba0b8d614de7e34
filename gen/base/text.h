#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/buffer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether the bytes are UTF-8 (RFC 3629: no overlong forms, surrogates or code points past U+10FFFF). */
bool text_utf8_valid(const char *bytes, size_t length, size_t *bad_offset);
/* As text_utf8_next, for what does not begin with ASCII. */
uint32_t text_utf8_sequence(const char *bytes, size_t length, size_t *position);
/* Decodes one code point at `*position` and moves past it; U+FFFD and one byte for malformed input. */
static inline uint32_t text_utf8_next(const char *bytes, size_t length, size_t *position) {
    unsigned char first = (unsigned char)bytes[*position];
    if (first >= 0x80) {
        return text_utf8_sequence(bytes, length, position);
    }
    ++*position;
    return first;
}
/* Whether it is white space as JSON has it (RFC 8259, 2). */
static inline bool text_is_blank(char c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}
/* Whether it is one of the ten digits of ASCII, whatever the locale. */
static inline bool text_is_digit(char c) {
    return c >= '0' && c <= '9';
}
/* How many of the first bytes are printable ASCII, the space included. */
size_t text_ascii_run(const char *bytes, size_t length);
void text_utf8_append(struct buffer *out, uint32_t code_point);
/* Appends a JSON string with its quotes (RFC 8259); malformed UTF-8 becomes U+FFFD. */
void text_json_string(struct buffer *out, const char *bytes, size_t length);
/* Appends text escaped for XML and HTML content and attributes; characters that XML 1.0 forbids become U+FFFD. */
void text_xml_escape(struct buffer *out, const char *bytes, size_t length);
/*
 * The candidate nearest to `word` by edit distance, for "did you mean"; NULL when none is near enough (a third of its
 * length). Candidates are read from `count` structs of `stride` bytes, each beginning with a `const char *`.
 */
const char *text_nearest(const char *word, const void *candidates, size_t count, size_t stride);
/* bytewise order, as strcmp, for two runs of bytes. */
int text_compare(const char *a, size_t a_length, const char *b, size_t b_length);
/* Whether `name` is an identifier: a-z first, then a-z, 0-9 and '_' (and '-' or '.' where `loose`). */
bool text_is_name(const char *name, bool loose);

#endif
