#ifndef READ_WALK_H
#define READ_WALK_H

#include "base/limits.h"
#include "read/capture.h"
#include "read/nest.h"
#include "read/recording.h"

/*
 * Walks a tree along an outline and captures what it asks for: record by record, and what stands around the records
 * until the end of each document.
 */
enum walk_event {
    WALK_RECORD,   /* an element of an outermost list is complete: the items from walk_first on are it */
    WALK_DOCUMENT, /* a document is complete: the items from 0 on are what stood around the records */
    WALK_END,      /* of the input */
    WALK_STOPPED   /* `stop` and `tree` say why; or memory is out (walk->capture.failed) */
};

/* Why a record, or what stands around the records, cannot be used. */
enum walk_fault { WALK_NO_FAULT, WALK_DUPLICATE, WALK_FLAW, WALK_TOO_LONG, WALK_NOT_OBJECT };

#define WALK_UNKNOWN 10 /* unknown paths that are named */

struct walk_frame {
    struct outline_node *node;
    uint32_t item;
    bool list;
    uint64_t position;
};

struct walk_state {
    enum walk_fault fault;
    uint64_t fault_line;
    enum nest_flaw flaw; /* WALK_FLAW */
    const struct outline_node *fault_node;
    uint64_t line; /* where it begins */
    uint64_t offset;
    uint64_t length; /* once complete */
};

/* A key that the outline does not have, cut to LIMIT_NAME_BYTES. */
struct walk_unknown {
    const struct outline_node *node; /* of the object around it */
    char key[LIMIT_NAME_BYTES];
    size_t length;
};

struct walk {
    struct outline *outline;
    struct nest *nest;
    struct recording recording; /* between the bytes and the nest, of JSON */
    enum nest_event stop;
    struct capture capture;
    struct walk_frame frames[LIMIT_JSON_DEPTH];
    size_t depth;
    struct outline_node *pending; /* of the key that was read, or NULL for the document */
    struct buffer name;           /* the key, where it names a member */
    bool in_document;
    uint64_t number;   /* of the document, from 1 */
    bool list_entered; /* the document has an outermost list */
    bool alone;        /* the document is an object where a list of records was expected, and walked as one of them */
    bool in_record;
    size_t record_depth;      /* frames around the record */
    struct capture_mark mark; /* before the record */
    struct walk_state record;
    struct walk_state document;
    uint64_t flaws; /* counted so far */
    uint32_t held;  /* item whose text is being held, or CAPTURE_NONE */
    struct walk_unknown unknown[WALK_UNKNOWN];
    size_t unknown_count;
    bool unknown_more;
    bool note_unknown;
    struct walk_repeat *repeat; /* or NULL */
};

bool walk_open(struct walk *walk, struct outline *outline, struct byte_source *bytes);
/* Goes on with another input along the same outline. False when memory is out; walk_close is then still right. */
bool walk_again(struct walk *walk, struct byte_source *bytes);
void walk_close(struct walk *walk);
enum walk_event walk_next(struct walk *walk);
/* The first item of the record that WALK_RECORD announced. */
uint32_t walk_first(const struct walk *walk);
/* After an error in line-delimited input: forgets the document. False when there is no further line. */
bool walk_resume(struct walk *walk);

#endif
