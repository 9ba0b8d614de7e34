#ifndef READ_CEDAR_H
#define READ_CEDAR_H

#include "base/byte_source.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Policies of the Cedar language, one after the other, by the grammar of version 4 of its reference; also templates,
 * with their slots. A policy that is malformed is passed over up to the next ';', and what follows is read.
 */
enum cedar_event {
    CEDAR_READ_POLICY,
    CEDAR_READ_END,
    CEDAR_READ_ERROR,     /* this policy is unreadable (cedar_error); the next call goes on behind its ';' */
    CEDAR_READ_TRUNCATED, /* the input ended inside a policy */
    CEDAR_READ_FAILED
};

/* A piece of text, found by cedar_bytes; `there` is false where the policy has none. */
struct cedar_text {
    bool there;
    size_t from;
    size_t length;
};

struct cedar_entity {
    struct cedar_text whole; /* User::"ann", or a slot; "*" where anything goes */
    struct cedar_text type;  /* User; also of "is" */
    struct cedar_text id;    /* ann, with its escapes read */
};

struct cedar_annotation {
    struct cedar_text name;
    struct cedar_text value; /* with its escapes read; empty where it has none */
};

struct cedar_policy {
    bool permit;
    struct cedar_annotation *annotations;
    size_t annotation_count;
    size_t annotation_capacity;
    const char *principal_operator; /* "any", "==", "in", "is", "is in" */
    struct cedar_entity principal;
    const char *action_operator;
    struct cedar_text action; /* as written, but for blanks and comments */
    struct cedar_entity *actions;
    size_t action_count;
    size_t action_capacity;
    const char *resource_operator;
    struct cedar_entity resource;
    struct cedar_text conditions; /* as written, without comments */
};

struct cedar;

/* NULL when memory is out. */
struct cedar *cedar_open(struct byte_source *bytes);
void cedar_close(struct cedar *cedar);
/* The policy lives until the next call. */
enum cedar_event cedar_next(struct cedar *cedar, const struct cedar_policy **policy);
const char *cedar_bytes(const struct cedar *cedar, const struct cedar_text *text);
uint64_t cedar_line(const struct cedar *cedar);   /* of the policy's first byte */
uint64_t cedar_offset(const struct cedar *cedar); /* of the policy's first byte */
uint64_t cedar_length(const struct cedar *cedar); /* of the policy with its ';' */

enum cedar_problem {
    CEDAR_PROBLEM_SYNTAX,
    CEDAR_PROBLEM_DEPTH,
    CEDAR_PROBLEM_LENGTH,
    CEDAR_PROBLEM_ENCODING,
    CEDAR_PROBLEM_UTF16 /* of the whole input, which ends */
};
/* What is wrong after CEDAR_READ_ERROR, and where. */
enum cedar_problem cedar_problem(const struct cedar *cedar);
const char *cedar_error(const struct cedar *cedar);
uint64_t cedar_error_line(const struct cedar *cedar);
uint64_t cedar_error_column(const struct cedar *cedar);
int cedar_system_error(const struct cedar *cedar);

#endif
