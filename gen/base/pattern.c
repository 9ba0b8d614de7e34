#define PCRE2_CODE_UNIT_WIDTH 8

#include "base/pattern.h"

#include "base/limits.h"
#include "base/pattern_literal.h"

#include <assert.h>
#include <pcre2.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STACK_BYTES_LEAST (32u << 10)

/* A named group. */
struct pattern_name {
    size_t group;
    bool shared; /* the next one has the same name */
};

struct pattern {
    pcre2_code *code;
    pcre2_match_data *match;
    pcre2_match_context *context;
    pcre2_jit_stack *stack; /* NULL: there is no just-in-time compiler */
    struct pattern_name *groups;
    struct pattern_literal needed;
    PCRE2_SPTR names;
    uint32_t name_count;
    uint32_t name_bytes; /* of one entry: two bytes of the group's number, the name, NUL */
    int matched;         /* groups that the last match may have filled */
};

static PCRE2_SPTR pattern_entry(const struct pattern *pattern, size_t index) {
    return pattern->names + index * pattern->name_bytes;
}

/* Looks at the names once, rather than at every match. False when memory is out. */
static bool pattern_note_names(struct pattern *pattern) {
    (void)pcre2_pattern_info(pattern->code, PCRE2_INFO_NAMECOUNT, &pattern->name_count);
    (void)pcre2_pattern_info(pattern->code, PCRE2_INFO_NAMEENTRYSIZE, &pattern->name_bytes);
    (void)pcre2_pattern_info(pattern->code, PCRE2_INFO_NAMETABLE, &pattern->names);
    pattern->groups = calloc(pattern->name_count + 1, sizeof *pattern->groups);
    for (size_t i = 0; pattern->groups != NULL && i < pattern->name_count; i++) {
        PCRE2_SPTR entry = pattern_entry(pattern, i);
        pattern->groups[i].group = (size_t)entry[0] << 8 | entry[1];
        pattern->groups[i].shared =
            i + 1 < pattern->name_count && strcmp(pattern_name(pattern, i), pattern_name(pattern, i + 1)) == 0;
    }
    return pattern->groups != NULL;
}

static void pattern_describe(struct pattern_fault *fault, int error, size_t offset) {
    *fault = (struct pattern_fault){.offset = offset, .memory = error == PCRE2_ERROR_NOMEMORY};
    if (pcre2_get_error_message(error, (PCRE2_UCHAR *)fault->message, sizeof fault->message) < 0) {
        snprintf(fault->message, sizeof fault->message, "it is refused with error %d", error);
    }
}

struct pattern *pattern_new(const char *text, enum pattern_reach reach, struct pattern_fault *fault) {
    /* \C would split characters. A limit that the expression itself sets can only lower ours. */
    uint32_t options = PCRE2_UTF | PCRE2_ANCHORED | PCRE2_DOTALL | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C |
                       (reach == PATTERN_WHOLE ? PCRE2_ENDANCHORED : 0);
    struct pattern *pattern = calloc(1, sizeof *pattern);
    int error = PCRE2_ERROR_NOMEMORY;
    size_t offset = 0;
    size_t compiled = 0;

    if (pattern == NULL) {
        goto failed;
    }
    pattern->code = pcre2_compile((PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED, options, &error, &offset, NULL);
    if (pattern->code == NULL) {
        goto failed;
    }
    error = PCRE2_ERROR_NOMEMORY;
    pattern->match = pcre2_match_data_create_from_pattern(pattern->code, NULL);
    pattern->context = pcre2_match_context_create(NULL);
    if (pattern->match == NULL || pattern->context == NULL ||
        pcre2_set_match_limit(pattern->context, LIMIT_PATTERN_STEPS) != 0 ||
        pcre2_set_heap_limit(pattern->context, LIMIT_PATTERN_MEMORY >> 10) != 0) {
        goto failed;
    }
    /* Without a just-in-time compiler, or where (*NO_JIT) asks for that, the interpreter does the same, more slowly. */
    if (pcre2_jit_compile(pattern->code, PCRE2_JIT_COMPLETE) == 0 &&
        pcre2_pattern_info(pattern->code, PCRE2_INFO_JITSIZE, &compiled) == 0 && compiled > 0) {
        pattern->stack = pcre2_jit_stack_create(STACK_BYTES_LEAST, LIMIT_PATTERN_MEMORY, NULL);
        if (pattern->stack == NULL) {
            goto failed;
        }
        pcre2_jit_stack_assign(pattern->context, NULL, pattern->stack);
    }
    if (!pattern_note_names(pattern)) {
        goto failed;
    }
    pattern_literal_find(text, &pattern->needed);
    return pattern;

failed:
    pattern_describe(fault, error, offset);
    pattern_free(pattern);
    return NULL;
}

void pattern_free(struct pattern *pattern) {
    if (pattern == NULL) {
        return;
    }
    pcre2_match_data_free(pattern->match);
    pcre2_match_context_free(pattern->context);
    pcre2_jit_stack_free(pattern->stack);
    pcre2_code_free(pattern->code);
    free(pattern->groups);
    free(pattern);
}

size_t pattern_name_count(const struct pattern *pattern) {
    return pattern->name_count;
}

const char *pattern_name(const struct pattern *pattern, size_t index) {
    return (const char *)pattern_entry(pattern, index) + 2;
}

size_t pattern_find(const struct pattern *pattern, const char *name) {
    for (size_t i = 0; i < pattern->name_count; i++) {
        if (strcmp(pattern_name(pattern, i), name) == 0) {
            return i;
        }
    }
    return SIZE_MAX;
}

bool pattern_may_match(const struct pattern *pattern, const char *text, size_t length) {
    return pattern_literal_holds(&pattern->needed, text, length);
}

enum pattern_result pattern_match(struct pattern *pattern, const char *text, size_t length) {
    PCRE2_SPTR bytes = (PCRE2_SPTR)text;

    /* The shorter way into what was compiled, which looks at no options: the text is known to be UTF-8. */
    pattern->matched =
        pattern->stack != NULL
            ? pcre2_jit_match(pattern->code, bytes, length, 0, 0, pattern->match, pattern->context)
            : pcre2_match(pattern->code, bytes, length, 0, PCRE2_NO_UTF_CHECK, pattern->match, pattern->context);
    switch (pattern->matched) {
    case PCRE2_ERROR_NOMATCH:
        return PATTERN_UNMATCHED;
    case PCRE2_ERROR_NOMEMORY:
        return PATTERN_FAILED;
    default:
        return pattern->matched > 0 ? PATTERN_MATCHED : PATTERN_LIMIT;
    }
}

/* Of what took nothing both places are PCRE2_UNSET. */
static inline struct pattern_part pattern_part(const struct pattern *pattern, const PCRE2_SIZE *places, size_t index) {
    _Static_assert(PCRE2_UNSET == SIZE_MAX, "where a part of nothing begins");

    for (const struct pattern_name *name = &pattern->groups[index];; name++) {
        const PCRE2_SIZE *place = &places[2 * name->group];
        /* \K inside an assertion can set the beginning behind the end. */
        bool there = name->group < (size_t)pattern->matched && place[1] >= place[0];
        if (there && (place[0] != PCRE2_UNSET || !name->shared)) {
            return (struct pattern_part){place[0], place[1] - place[0]};
        }
        if (!name->shared) {
            return (struct pattern_part){SIZE_MAX, 0};
        }
    }
}

void pattern_parts(const struct pattern *pattern, const size_t *indices, size_t count, struct pattern_part *out) {
    const PCRE2_SIZE *places = pcre2_get_ovector_pointer(pattern->match);

    assert(pattern->matched > 0);
    for (size_t i = 0; i < count; i++) {
        out[i] =
            indices[i] == SIZE_MAX ? (struct pattern_part){SIZE_MAX, 0} : pattern_part(pattern, places, indices[i]);
    }
}
