#include "base/value.h"

#include "base/bytes.h"
#include "base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NUMBER_BYTES 1024

bool value_integer(const char *text, size_t length, int64_t *out) {
    size_t at = 0;
    bool negative = length > 0 && text[0] == '-';
    if (length > 0 && (text[0] == '-' || text[0] == '+')) {
        at++;
    }
    if (at == length) {
        return false;
    }
    int64_t number = 0;
    for (; at < length; at++) {
        /* Counted downwards for negative numbers, because INT64_MIN has no positive twin. */
        int digit = negative ? -(text[at] - '0') : text[at] - '0';
        if (!text_is_digit(text[at]) || __builtin_mul_overflow(number, 10, &number) ||
            __builtin_add_overflow(number, digit, &number)) {
            return false;
        }
    }
    *out = number;
    return true;
}

static size_t skip_digits(const char *text, size_t length, size_t at) {
    while (at < length && text_is_digit(text[at])) {
        at++;
    }
    return at;
}

static size_t skip_sign(const char *text, size_t length, size_t at) {
    return at < length && (text[at] == '-' || text[at] == '+') ? at + 1 : at;
}

/* [sign] digits [. digits] [e [sign] digits], with a digit on at least one side of the point. */
static bool is_decimal(const char *text, size_t length) {
    size_t whole = skip_sign(text, length, 0);
    size_t at = skip_digits(text, length, whole);
    size_t count = at - whole;
    if (at < length && text[at] == '.') {
        size_t fraction = at + 1;
        at = skip_digits(text, length, fraction);
        count += at - fraction;
    }
    if (count == 0) {
        return false;
    }
    if (at < length && (text[at] == 'e' || text[at] == 'E')) {
        size_t exponent = skip_sign(text, length, at + 1);
        at = skip_digits(text, length, exponent);
        if (at == exponent) {
            return false;
        }
    }
    return at == length;
}

/*
 * The syntax is checked first, so strtod meets neither blanks, hexadecimal, "inf" nor "nan"; its point is '.' because
 * the programme never calls setlocale and so stays in the C locale.
 */
bool value_real(const char *text, size_t length, double *out) {
    char number[NUMBER_BYTES];
    if (length >= sizeof number || !is_decimal(text, length)) {
        return false;
    }
    memcpy(number, text, length);
    number[length] = '\0';
    double real = strtod(number, NULL);
    if (!isfinite(real)) {
        return false;
    }
    *out = real;
    return true;
}

static bool same_word(const char *text, size_t length, const char *word) {
    if (strlen(word) != length) {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        char c = text[i] >= 'A' && text[i] <= 'Z' ? (char)(text[i] - 'A' + 'a') : text[i];
        if (c != word[i]) {
            return false;
        }
    }
    return true;
}

bool value_boolean(const char *text, size_t length, bool *out) {
    static const char *const words[][2] = {
        {"false", "true"}, {"no", "yes"}, {"f", "t"}, {"n", "y"}, {"off", "on"}, {"disabled", "enabled"}, {"0", "1"},
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        for (int truth = 0; truth < 2; truth++) {
            if (same_word(text, length, words[i][truth])) {
                *out = truth == 1;
                return true;
            }
        }
    }
    return false;
}

/* Whether the text stands in the run. */
static inline bool stands_in(struct value_run run, const struct value *text) {
    uintptr_t from = (uintptr_t)text->text.bytes - (uintptr_t)run.bytes;

    return from < run.length && text->text.length <= run.length - from;
}

size_t value_text_bytes(const struct value *values, size_t count, struct value_run run) {
    size_t bytes = run.length;
    for (size_t i = 0; i < count; i++) {
        bytes += values[i].kind == VALUE_TEXT && !stands_in(run, &values[i]) ? values[i].text.length : 0;
    }
    return bytes;
}

void value_copy(struct value *to, const struct value *from, size_t count, struct value_run run, char *texts) {
    const char *copied = texts; /* where the run is from now on */

    if (run.length > 0) {
        memcpy(texts, run.bytes, run.length);
        texts += run.length;
    }
    for (size_t i = 0; i < count; i++) {
        to[i] = from[i];
        if (to[i].kind != VALUE_TEXT) {
            continue;
        }
        if (stands_in(run, &from[i])) {
            to[i].text.bytes = copied + (from[i].text.bytes - run.bytes);
            continue;
        }
        if (to[i].text.length > 0) {
            bytes_copy(texts, to[i].text.bytes, to[i].text.length);
        }
        to[i].text.bytes = texts;
        texts += to[i].text.length;
    }
}
