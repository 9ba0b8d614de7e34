#include "base/sequence.h"

#include "base/text.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

bool sequence_split(const char *text, size_t length, size_t *prefix, int64_t *number) {
    size_t begin = length;

    while (begin > 0 && text_is_digit(text[begin - 1])) {
        begin--;
    }
    if (begin == length || length - begin > SEQUENCE_DIGITS || memchr(text, '\0', length) != NULL) {
        return false;
    }
    *prefix = begin;
    *number = 0;
    for (size_t i = begin; i < length; i++) {
        *number = *number * 10 + (text[i] - '0');
    }
    return true;
}

/* `number` with zeros in front; called for every record. */
static void append_padded(struct buffer *out, int64_t number) {
    char digits[SEQUENCE_DIGITS];

    for (size_t i = SEQUENCE_DIGITS; i > 0; i--) {
        digits[i - 1] = (char)('0' + number % 10);
        number /= 10;
    }
    buffer_append(out, digits, sizeof digits);
}

bool sequence_key(const char *text, size_t length, struct buffer *out) {
    size_t prefix = 0;
    int64_t number = 0;

    if (!sequence_split(text, length, &prefix, &number)) {
        return false;
    }
    /* With its length in front no prefix is the beginning of another one. */
    append_padded(out, (int64_t)prefix);
    for (size_t i = 0; i < prefix; i++) {
        buffer_append_byte(out, text[i] >= 'A' && text[i] <= 'Z' ? (char)(text[i] - 'A' + 'a') : text[i]);
    }
    append_padded(out, number);
    return true;
}

void sequence_trim(const char **text, size_t *length) {
    while (*length > 0 && **text == ' ') {
        (*text)++;
        (*length)--;
    }
    while (*length > 0 && (*text)[*length - 1] == ' ') {
        (*length)--;
    }
}

bool sequence_range(const char *text, size_t *prefix_length, int64_t *first, int64_t *last) {
    const char *dots = strstr(text, "..");
    size_t length = dots != NULL ? (size_t)(dots - text) : strlen(text);
    size_t other = 0;

    if (!sequence_split(text, length, prefix_length, first)) {
        return false;
    }
    *last = *first;
    if (dots == NULL) {
        return true;
    }
    return sequence_split(dots + 2, strlen(dots + 2), &other, last) && other == *prefix_length &&
           strncasecmp(text, dots + 2, other) == 0 && *first < *last;
}

void sequence_print(struct buffer *out, const char *prefix, int digits, int64_t number) {
    buffer_format(out, "%s%0*" PRId64, prefix, digits, number);
}

int sequence_compare(const char *one, const char *other) {
    return strcasecmp(one, other);
}

struct sequence_part sequence_part(int64_t first, int64_t last, const struct sequence_known *known, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (known[i].last < first) {
            continue;
        }
        if (known[i].first > last) {
            break;
        }
        if (known[i].first > first) {
            return (struct sequence_part){.last = known[i].first - 1};
        }
        return (struct sequence_part){.last = known[i].last < last ? known[i].last : last, .known = &known[i]};
    }
    return (struct sequence_part){.last = last};
}
