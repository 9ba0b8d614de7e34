#ifndef READ_CEDAR_PRIVATE_H
#define READ_CEDAR_PRIVATE_H

#include "base/buffer.h"
#include "base/limits.h"
#include "read/cedar.h"
#include "read/window.h"

/* What the parts of the Cedar reader share. */

enum cedar_token_kind {
    CEDAR_TOKEN_END, /* of the input */
    CEDAR_TOKEN_NAME,
    CEDAR_TOKEN_STRING, /* with its quotes */
    CEDAR_TOKEN_NUMBER,
    CEDAR_TOKEN_SLOT,
    CEDAR_TOKEN_SYMBOL,
    CEDAR_TOKEN_BAD /* the error is said */
};

struct cedar_token {
    enum cedar_token_kind kind;
    uint64_t from; /* offsets in the input */
    uint64_t until;
};

struct cedar {
    struct window window;
    uint64_t start;   /* of the policy; what stands before it may go */
    uint64_t at;      /* next byte to be looked at */
    uint64_t counted; /* up to here ... */
    uint64_t line;    /* ... the lines are counted, ... */
    uint64_t column;  /* ... and the characters of the line, both from 1 */
    bool started;
    bool ended;
    bool failed;
    size_t unclosed;          /* texts found to have no end before that of the input */
    struct cedar_token token; /* the next one */
    uint64_t token_end;       /* of the one before it */
    size_t depth;
    struct buffer pool; /* all texts of the policy */
    struct cedar_policy policy;
    uint64_t policy_line;
    uint64_t policy_offset;
    uint64_t policy_length;
    enum cedar_problem problem;
    const char *error;
    uint64_t error_line;
    uint64_t error_column;
};

/* cedar_token.c */

/* The bytes of the input at the offset, which are still held. */
const char *cedar_token_bytes(const struct cedar *cedar, uint64_t offset);
/* The byte `ahead` of `at`, or -1 at the end of the input. */
int cedar_token_peek(struct cedar *cedar, uint64_t ahead);
/* Reads the next token. False after an error. */
bool cedar_token_advance(struct cedar *cedar);
/* Moves over blanks and comments. */
void cedar_token_blanks(struct cedar *cedar);
/* Whether the token is this symbol or name. */
bool cedar_token_is(const struct cedar *cedar, const char *text);
/* Says what is wrong, at the token. Always false. */
bool cedar_token_fail(struct cedar *cedar, enum cedar_problem problem, const char *error);
bool cedar_token_fail_at(struct cedar *cedar, enum cedar_problem problem, const char *error, uint64_t offset);
/* Passes the token if it is this one, or reports what was expected. */
bool cedar_token_expect(struct cedar *cedar, const char *text, const char *error);
/* Brings `line` up to the offset. */
void cedar_token_count(struct cedar *cedar, uint64_t offset);
/* Appends the token's text, or of a string what it means (`stars`: also \*), to the pool. */
bool cedar_token_string(struct cedar *cedar, bool stars);

/* cedar_expression.c: an expression of a condition; false after an error. */
bool cedar_expression_parse(struct cedar *cedar);

/* cedar_parse.c: one policy, up to and with its ';', into cedar->policy; false after an error. */
bool cedar_parse_policy(struct cedar *cedar);
/* Name {:: name}, appended to the pool; *entity: it ends in :: and the token is the string behind it. */
bool cedar_parse_path(struct cedar *cedar, bool *entity);

#endif
