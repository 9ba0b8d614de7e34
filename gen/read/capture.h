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
/* The parent's item of this key, looked for among all of them; or CAPTURE_NONE. */
uint32_t capture_search(const struct capture *capture, uint32_t parent, const struct outline_node *node);
/* The same: most often it is the node's newest item, which is looked at first. And whether there is one. */
static inline uint32_t capture_item(const struct capture *capture, uint32_t parent, const struct outline_node *node) {
    if (node->slot < 64 && (capture->items[parent].slots >> node->slot & 1) == 0) {
        return CAPTURE_NONE;
    }
    if (node->item < capture->count && capture->items[node->item].node == node &&
        capture->items[node->item].parent == parent) {
        return node->item;
    }
    return capture_search(capture, parent, node);
}
bool capture_has(const struct capture *capture, uint32_t parent, const struct outline_node *node);
/* Copies the text of an item, or its name, into the pool. */
void capture_keep(struct capture *capture, uint32_t item, const char *text, size_t length);
void capture_name(struct capture *capture, uint32_t item, const char *name, size_t length);
struct capture_mark capture_mark(const struct capture *capture);
void capture_reset(struct capture *capture, struct capture_mark mark);
/* Bytes in use. */
size_t capture_size(const struct capture *capture);

/* A text in the pool. */
static inline struct raw capture_raw(const struct capture *capture, size_t text, size_t length, enum raw_kind kind) {
    return (struct raw){kind, capture->pool.data == NULL ? "" : capture->pool.data + text, length};
}

/* The value of an item. */
static inline struct raw capture_value(const struct capture *capture, uint32_t item) {
    const struct capture_item *at = &capture->items[item];

    return at->kept ? capture_raw(capture, at->text, at->text_length, at->kind) : (struct raw){.kind = at->kind};
}

/* The value at the path, seen from the item of a row; RAW_ABSENT when there is none. */
static inline struct raw capture_find(const struct capture *capture, uint32_t row, const struct outline_path *path) {
    uint32_t at = row;

    while (at != CAPTURE_NONE && capture->items[at].node != path->base) {
        at = capture->items[at].parent;
    }
    if (at == CAPTURE_NONE || path->base == NULL) {
        return (struct raw){.kind = RAW_ABSENT};
    }
    const struct capture_item *item = &capture->items[at];
    if (path->base_kind == PATH_KEY || path->base_kind == PATH_INDEX) {
        return capture_raw(capture, item->name, item->name_length, path->base_kind == PATH_KEY ? RAW_TEXT : RAW_NUMBER);
    }
    for (size_t i = 0; i < path->step_count; i++) {
        at = capture_item(capture, at, path->steps[i]);
        if (at == CAPTURE_NONE) {
            return (struct raw){.kind = RAW_ABSENT};
        }
    }
    return capture_value(capture, at);
}

#endif
