#ifndef BASE_PATTERN_H
#define BASE_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A regular expression (PCRE2, UTF-8) that is tried at the beginning of a text: what it may cost is bounded by
 * LIMIT_PATTERN_STEPS, whatever it and the text are. A '.' stands for any character, also a line end.
 */
struct pattern;

enum pattern_reach {
    PATTERN_BEGINNING, /* what follows the match does not matter */
    PATTERN_WHOLE      /* the match must end where the text ends */
};

#define PATTERN_FAULT_BYTES 160
struct pattern_fault {
    size_t offset; /* in the expression, in bytes */
    char message[PATTERN_FAULT_BYTES];
    bool memory; /* it was memory that ran out */
};

/* NULL with `*fault` filled when it is no regular expression. Free with pattern_free. */
struct pattern *pattern_new(const char *text, enum pattern_reach reach, struct pattern_fault *fault);
void pattern_free(struct pattern *pattern);

/* Its named groups, sorted by name; a name lives as long as the pattern. With (?J) several may share one. */
size_t pattern_name_count(const struct pattern *pattern);
const char *pattern_name(const struct pattern *pattern, size_t index);
/* The first group of that name, or SIZE_MAX. */
size_t pattern_find(const struct pattern *pattern, const char *name);

enum pattern_result {
    PATTERN_MATCHED,
    PATTERN_UNMATCHED,
    PATTERN_LIMIT, /* it took too many steps, or too much memory */
    PATTERN_FAILED /* memory is out */
};
/* False where it surely does not match: found out sooner than by matching, for many lines that another one matches. */
bool pattern_may_match(const struct pattern *pattern, const char *text, size_t length);
/* The text is valid UTF-8. What was matched before is forgotten. */
enum pattern_result pattern_match(struct pattern *pattern, const char *text, size_t length);
/* What a group took. */
struct pattern_part {
    size_t from; /* SIZE_MAX: nothing */
    size_t length;
};
/*
 * What groups took in the last match, right behind it: each that is first of its name, or another of that name. Of an
 * index SIZE_MAX there is nothing.
 */
void pattern_parts(const struct pattern *pattern, const size_t *indices, size_t count, struct pattern_part *out);

#endif
