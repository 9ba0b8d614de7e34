#ifndef BASE_SEQUENCE_H
#define BASE_SEQUENCE_H

#include "base/buffer.h"
#include "base/diagnostics.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Records that are numbered one after another, such as CHG-0041: what stands before the last run of digits is the
 * prefix, which tells one sequence from another without regard to case; the digits are the number.
 */
#define SEQUENCE_DIGITS 18 /* a number has at most */

/* Numbers that are missing for a reason that somebody gave. */
struct sequence_known {
    const char *prefix;
    int64_t first;
    int64_t last;
    const char *text;   /* as written: "CHG-0041" or "CHG-0041..CHG-0043" */
    const char *reason; /* never empty */
    struct place place;
};

/* Length of the prefix, and the number after it; false for what does not end in one. */
bool sequence_split(const char *text, size_t length, size_t *prefix, int64_t *number);
/*
 * Appends a text by whose bytes numbers sort: those of one prefix stand together, in order, and equal ones are equal.
 * False for what does not end in a number.
 */
bool sequence_key(const char *text, size_t length, struct buffer *out);
/* Takes the blanks off both ends. */
void sequence_trim(const char **text, size_t *length);
/* Reads "NUMBER" or "NUMBER..NUMBER" of one prefix, the smaller one first. `prefix_length` is that of `text`'s prefix.
 */
bool sequence_range(const char *text, size_t *prefix_length, int64_t *first, int64_t *last);
/* Appends a number as its sequence writes it: with zeros in front up to `digits`. */
void sequence_print(struct buffer *out, const char *prefix, int digits, int64_t number);
/* The order of prefixes: without regard to case, as SQLite's NOCASE has it. */
int sequence_compare(const char *one, const char *other);

/* Part of a hole: missing numbers that one entry explains, or none. */
struct sequence_part {
    int64_t last;
    const struct sequence_known *known; /* NULL: nobody says why they are missing */
};
/*
 * The part of the hole first..last that begins with `first`; the next one begins after its last. `known` are those of
 * the prefix, in order, none overlapping.
 */
struct sequence_part sequence_part(int64_t first, int64_t last, const struct sequence_known *known, size_t count);

#endif
