#ifndef READ_INFER_TREE_H
#define READ_INFER_TREE_H

#include "read/infer_private.h"

/* All places of the documents of a sample, each with what stood there: the elements of a list are one place. */
struct infer_node {
    struct infer_node *parent; /* NULL: the document */
    enum step_kind step;
    const char *key; /* STEP_KEY */
    size_t key_length;
    struct infer_node *first;
    struct infer_node *last;
    struct infer_node *next;
    uint64_t visits;
    uint64_t objects;
    uint64_t lists;
    uint64_t held_in; /* the parent's visit in which it came last */
    bool repeated;    /* XML: stood several times in one element */
    bool attribute;   /* of XML */
    bool members;     /* its keys are names, and its values alike: one child, STEP_MEMBERS, for all */
    struct infer_field field;
};

struct infer_tree {
    struct arena *arena;
    const struct synonyms *synonyms;
    const struct nest_format *format;
    struct infer_node *root;
    const char *members_at;    /* path of the object whose keys are names; NULL: none */
    struct infer_node **table; /* children by parent and key */
    size_t node_count;
    uint64_t documents;
    bool overflow;
    bool unread; /* something could not be read */
};

/* Reads all documents; false when memory is out. */
bool infer_tree_read(struct infer_tree *tree, const char *bytes, size_t length, bool lines);
/*
 * Whether the bytes are documents of the format, the last perhaps cut: how many are complete, and in how many lines the
 * input has (blank ones aside).
 */
bool infer_tree_looks(enum kind_format format, const char *bytes, size_t length, bool lines, uint64_t *documents);
/* The path of a node below another (NULL: from the document), as a kind writes it: data.items[*]. Appended. */
void infer_tree_path(const struct infer_node *node, const struct infer_node *from, struct buffer *out);
/* Whether its path can be written in a kind. */
bool infer_tree_writable(const struct infer_node *node);

#endif
