#ifndef BASE_PATTERN_LITERAL_H
#define BASE_PATTERN_LITERAL_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A text that stands in everything that an expression matches: where it is missing nothing need be matched, and looking
 * for it takes a tenth of the time.
 */
#define PATTERN_LITERAL_BYTES 32

struct pattern_literal {
    char bytes[PATTERN_LITERAL_BYTES];
    size_t length; /* 0: none is known; otherwise at least 3 */
};

/* Finds the longest one of an expression that PCRE2 accepts, or none where its syntax is unusual. */
void pattern_literal_find(const char *expression, struct pattern_literal *out);
/* Whether the text holds it; it always holds one that is not known. */
bool pattern_literal_holds(const struct pattern_literal *literal, const char *text, size_t length);

#endif
