#ifndef READ_CAPTURE_H
#define READ_CAPTURE_H

#include "base/buffer.h"
#include "read/outline.h"

/*
 * What a document, or one record of it, holds of its outline: a sparse tree in two flat arrays that are used again from
 * record to record, so that nothing is allocated once they have grown.
 */
#define CAPTURE_NONE UINT32_MAX

struct capture_item {
    struct outline_node *node;
    uint32_t parent; /* CAPTURE_NONE: the document */
    uint32_t first;  /* children by key, in the order they came */
    uint32_t last;
    uint32_t next;
    uint64_t slots; /* a bit for each of the first 64 keys that were there */
    enum raw_kind kind;
    bool kept;         /* its text was */
    uint32_t elements; /* of a list that is a key which stands several times */
    uint64_t mark;     /* of a text that is being held */
    size_t text;       /* in the pool */
    size_t text_length;
    size_t name; /* of a member, or an element's place in its list (from 0) where that is wanted; in the pool */
    size_t name_length;
    uint64_t line;
    uint64_t offset;
    uint64_t length;
};

struct capture {
    struct capture_item *items;
    uint32_t count;
    uint32_t capacity;
    struct buffer pool;
    bool failed; /* memory is out */
};

struct capture_mark {
    uint32_t count;
    size_t pool;
};

void capture_free(struct capture *capture);
/* Adds an item; CAPTURE_NONE when memory is out. `linked`: it is a key of its parent, to be found by capture_find. */
uint32_t capture_add(struct capture *capture, struct outline_node *node, uint32_t parent, bool linked);
/*
 * Adds so many items at once, which the caller fills, and bytes to the pool that they point to. NULL when memory is
 * out.
 */
struct capture_item *capture_extend(struct capture *capture, uint32_t count, const char *bytes, size_t length);
/* The parent's item of this key, or CAPTURE_NONE; and whether there is one. */
uint32_t capture_item(const struct capture *capture, uint32_t parent, const struct outline_node *node);
bool capture_has(const struct capture *capture, uint32_t parent, const struct outline_node *node);
/* Copies the text of an item, or its name, into the pool. */
void capture_keep(struct capture *capture, uint32_t item, const char *text, size_t length);
void capture_name(struct capture *capture, uint32_t item, const char *name, size_t length);
struct capture_mark capture_mark(const struct capture *capture);
void capture_reset(struct capture *capture, struct capture_mark mark);
/* The value of an item. */
struct raw capture_value(const struct capture *capture, uint32_t item);
/* The value at the path, seen from the item of a row; RAW_ABSENT when there is none. */
struct raw capture_find(const struct capture *capture, uint32_t row, const struct outline_path *path);
/* Bytes in use. */
size_t capture_size(const struct capture *capture);

#endif
