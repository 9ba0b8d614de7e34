#ifndef STORE_PLAIN_PRIVATE_H
#define STORE_PLAIN_PRIVATE_H

#include "store/plain.h"

/* What reading and computing plain expressions share. */

#define PLAIN_TEXT     4096 /* bytes of texts that are made of one row's inputs, and of an input */
#define PLAIN_OPERANDS 48
#define PLAIN_NODES    256

enum plain_kind {
    PLAIN_LITERAL,
    PLAIN_INPUT,
    PLAIN_CONCATENATE,
    PLAIN_COALESCE,
    PLAIN_NULLIF,
    PLAIN_EQUAL,
    PLAIN_IS_NULL,
    PLAIN_IN,
    PLAIN_AND,
    PLAIN_OR,
    PLAIN_NOT,
    PLAIN_CASE,
    PLAIN_CASE_OF, /* with a value that the WHENs are compared with */
    PLAIN_LOWER,
    PLAIN_UPPER,
    PLAIN_TRIM
};

struct plain_node {
    enum plain_kind kind;
    bool negated;
    struct value literal;
    size_t input;
    size_t count;
    unsigned char operands[PLAIN_OPERANDS]; /* nodes; each is used once */
};
_Static_assert(PLAIN_NODES <= 256, "a byte names a node");

struct plain {
    struct plain_node *nodes;
    size_t node_count;
    size_t root;
    size_t input_count;
    char *literals; /* their texts */
    size_t literal_length;
    size_t used; /* of `text`, by the call at hand */
    char text[PLAIN_TEXT];
};

#endif
