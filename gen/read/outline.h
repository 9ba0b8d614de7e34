#ifndef READ_OUTLINE_H
#define READ_OUTLINE_H

#include "base/arena.h"
#include "config/schema.h"
#include "read/nest.h"
#include "read/rows.h"

/*
 * The part of a document that a kind asks for, as a tree made of all paths of all its row rules: what stands
 * outside it is passed over undecoded. Made once a file; lives in an arena. A key that is mapped by name is not also a
 * member of a ".*" beside it.
 */
struct outline_node {
    struct outline_node *parent; /* NULL: the document */
    enum step_kind step;
    const char *key; /* STEP_KEY */
    size_t key_length;
    size_t slot; /* place among the parent's keys, for finding duplicates */
    struct outline_node *items;
    struct outline_node *members;
    struct outline_node *first; /* children by key, in a list ... */
    struct outline_node *next;
    size_t child_count;
    struct outline_node **table; /* ... and in an open hash table, made by outline_finish */
    size_t table_mask;
    bool value;    /* its scalar is wanted, or its text where it is an object or list */
    bool inside;   /* holds another export as text: may be as long as a record */
    bool named;    /* the member's key, or the place in the list, is wanted */
    bool ignored;  /* known and not wanted */
    bool record;   /* an element of an outermost list */
    size_t *rules; /* that make a row of each such place */
    size_t rule_count;
    /* What the file had. */
    uint64_t seen; /* the value was there, also as null: the last document (from 1) that had it */
    bool entered;  /* it was a list (or object, for ".*") and its elements were visited */
    uint64_t rows; /* elements that were offered to the rules */
    uint32_t item; /* of the capture: the last one, which is most often what is looked for */
};

/* A value, seen from the place of a row: up to `base`, then down `steps`. */
struct outline_path {
    enum path_base base_kind;
    const struct outline_node *base;
    const struct outline_node **steps;
    size_t step_count;
    bool some; /* a step enters a list: the values are those of its elements */
    struct outline_node *target;
};

struct outline_rule {
    struct outline_node *node; /* of the row */
    struct outline_node *list; /* its outermost list's elements; NULL: the document is the record */
    struct outline_path *paths[ROWS_CONDITION + 1]; /* by index of mapping, input, condition */
};

struct outline {
    struct arena *arena;
    struct outline_node *root;
    struct outline_rule *rules;
    size_t rule_count;
    const struct nest_format *format;
    bool lines;           /* each document is a record (NDJSON) */
    bool document_record; /* some rule makes rows of the document itself */
    bool alone;           /* the document is the list of records and nothing else: a record may stand there by itself */
    struct outline_path effective;
    struct outline_path *complete; /* by condition of the kind; NULL in the export inside a document */
    struct outline_path count;
    struct outline_path inside;
};

/* Which part of a kind with `inside` is read: the document around, or the export in it. */
enum outline_part { OUTLINE_WHOLE, OUTLINE_AROUND, OUTLINE_INSIDE };

/* NULL when memory is out. */
struct outline *outline_new(struct arena *arena, const struct kind *kind, enum outline_part part);
/* Adds the paths of `detect:`, below each record and below the document. False when memory is out. */
bool outline_add_detection(struct outline *outline, const struct kind *kind);
/* Whether one of those, by its text, was seen in that document or a later one. */
bool outline_detected(struct outline *outline, const char *text, uint64_t document);
/* The child by key, or the ".*" child, or NULL. */
struct outline_node *outline_child(const struct outline_node *node, const char *key, size_t length);
/* Appends the path from the document, such as Records[*].userIdentity.arn. */
void outline_print(const struct outline_node *node, struct buffer *out);

#endif
