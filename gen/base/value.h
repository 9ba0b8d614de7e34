#ifndef BASE_VALUE_H
#define BASE_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One typed value on its way into the store. Text is not owned: it lives as long as the record it came with. */
enum value_kind { VALUE_NULL, VALUE_INTEGER, VALUE_REAL, VALUE_TEXT };

struct value {
    enum value_kind kind;
    union {
        int64_t integer; /* also booleans (0, 1) and times (UTC seconds since 1970) */
        double real;
        struct {
            const char *bytes;
            size_t length;
        } text;
    };
};

/* Conversions from the text of an export. Each takes the whole text or returns false and leaves `*out` alone. */

/* Decimal, optional sign, within int64_t. */
bool value_integer(const char *text, size_t length, int64_t *out);
/* A finite decimal number of less than 1024 characters with '.' as its point; the exponent may be left out. */
bool value_real(const char *text, size_t length, double *out);
/* true/false, yes/no, t/f, y/n, on/off, enabled/disabled, 1/0, in any case. */
bool value_boolean(const char *text, size_t length, bool *out);

/* Bytes among which texts of several values stand, so that all of them can be copied at once; {NULL, 0}: none do. */
struct value_run {
    const char *bytes;
    size_t length;
};
/* How many bytes have to be copied of some values: the run, and the texts that do not stand in it. */
size_t value_text_bytes(const struct value *values, size_t count, struct value_run run);
/* Copies values, and their texts to `texts`, which has room for the bytes that value_text_bytes tells. */
void value_copy(struct value *to, const struct value *from, size_t count, struct value_run run, char *texts);

#endif
