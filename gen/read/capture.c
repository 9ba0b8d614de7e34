#include "read/capture.h"

#include <stdlib.h>
#include <string.h>

void capture_free(struct capture *capture) {
    free(capture->items);
    buffer_free(&capture->pool);
    *capture = (struct capture){0};
}

static bool capture_grow(struct capture *capture) {
    uint32_t capacity = capture->capacity == 0 ? 64 : capture->capacity * 2;
    size_t size;

    if (capacity <= capture->capacity || __builtin_mul_overflow(capacity, sizeof *capture->items, &size)) {
        return false;
    }
    struct capture_item *items = realloc(capture->items, size);
    if (items == NULL) {
        return false;
    }
    capture->items = items;
    capture->capacity = capacity;
    return true;
}

uint32_t capture_add(struct capture *capture, struct outline_node *node, uint32_t parent, bool linked) {
    if (capture->count == capture->capacity && !capture_grow(capture)) {
        capture->failed = true;
        return CAPTURE_NONE;
    }
    uint32_t index = capture->count++;
    node->item = index;
    capture->items[index] = (struct capture_item){
        .node = node,
        .parent = parent,
        .first = CAPTURE_NONE,
        .last = CAPTURE_NONE,
        .next = CAPTURE_NONE,
    };
    if (linked) {
        struct capture_item *above = &capture->items[parent];
        above->slots |= node->slot < 64 ? UINT64_C(1) << node->slot : 0;
        if (above->last == CAPTURE_NONE) {
            above->first = index;
        } else {
            capture->items[above->last].next = index;
        }
        above->last = index;
    }
    return index;
}

struct capture_item *capture_extend(struct capture *capture, uint32_t count, const char *bytes, size_t length) {
    while (capture->capacity - capture->count < count) {
        if (!capture_grow(capture)) {
            capture->failed = true;
            return NULL;
        }
    }
    buffer_append(&capture->pool, bytes, length);
    capture->failed = capture->failed || capture->pool.failed;
    struct capture_item *items = capture->items + capture->count;
    capture->count += capture->failed ? 0 : count;
    return capture->failed ? NULL : items;
}

uint32_t capture_search(const struct capture *capture, uint32_t parent, const struct outline_node *node) {
    uint32_t child = capture->items[parent].first;

    while (child != CAPTURE_NONE && capture->items[child].node != node) {
        child = capture->items[child].next;
    }
    return child;
}

bool capture_has(const struct capture *capture, uint32_t parent, const struct outline_node *node) {
    return capture_item(capture, parent, node) != CAPTURE_NONE;
}

void capture_keep(struct capture *capture, uint32_t item, const char *text, size_t length) {
    capture->items[item].text = capture->pool.length;
    capture->items[item].text_length = length;
    capture->items[item].kept = true;
    buffer_append(&capture->pool, text, length);
    capture->failed = capture->failed || capture->pool.failed;
}

void capture_name(struct capture *capture, uint32_t item, const char *name, size_t length) {
    capture->items[item].name = capture->pool.length;
    capture->items[item].name_length = length;
    buffer_append(&capture->pool, name, length);
    capture->failed = capture->failed || capture->pool.failed;
}

struct capture_mark capture_mark(const struct capture *capture) {
    return (struct capture_mark){capture->count, capture->pool.length};
}

void capture_reset(struct capture *capture, struct capture_mark mark) {
    capture->count = mark.count;
    capture->pool.length = mark.pool;
}

size_t capture_size(const struct capture *capture) {
    return capture->pool.length + (size_t)capture->count * sizeof *capture->items;
}
