#include "read/walk_repeat.h"

#include "read/json_shape.h"

#include <stdlib.h>
#include <string.h>

#define SHAPES     4   /* that are kept */
#define MISSES     16  /* in a row, after which it is left alone ... */
#define LEFT_ALONE 256 /* ... for so many records */

/* A place in a text of the shape: a run between scalars, and bytes behind its beginning. */
struct spot {
    uint32_t run;
    uint32_t behind;
};

struct known_item {
    struct capture_item item; /* its line counts from the record's */
    struct spot from;
    struct spot until;
};

struct known {
    struct json_shape shape;
    const struct outline_node *node;
    struct known_item *items;
    uint32_t count;
    uint32_t capacity;
    uint32_t first;   /* what their places in the capture count from */
    uint64_t lines;   /* line ends in it */
    struct spot line; /* the last line's first byte, where there are any */
};

struct walk_repeat {
    struct known known[SHAPES];
    size_t count;
    size_t newest; /* the one that was learnt or found last */
    struct known spare;
    unsigned misses;
    unsigned left_alone;
    const struct known *found;
    const char *bytes;
    struct json_shape_text text; /* what was found */
};

struct walk_repeat *walk_repeat_new(const struct nest *nest) {
    return nest->format->ahead == NULL ? NULL : calloc(1, sizeof(struct walk_repeat));
}

static void forget(struct known *known) {
    json_shape_free(&known->shape);
    free(known->items);
}

void walk_repeat_free(struct walk_repeat *repeat) {
    if (repeat == NULL) {
        return;
    }
    for (size_t i = 0; i < SHAPES; i++) {
        forget(&repeat->known[i]);
    }
    forget(&repeat->spare);
    free(repeat);
}

static struct spot spot_of(const struct json_shape *shape, const struct json_shape_text *text, size_t at) {
    size_t run = 0;

    while (run < shape->scalar_count && text->starts[run + 1] <= at) {
        run++;
    }
    return (struct spot){(uint32_t)run, (uint32_t)(at - text->starts[run])};
}

static size_t find(const struct json_shape_text *text, struct spot spot) {
    return text->starts[spot.run] + spot.behind;
}

static bool make_room(struct known *known, uint32_t count) {
    if (count <= known->capacity) {
        return true;
    }
    struct known_item *items = reallocarray(known->items, count, sizeof *items);
    if (items == NULL) {
        return false;
    }
    known->items = items;
    known->capacity = count;
    return true;
}

/* Where the lines of the text end, all of them between scalars. */
static void learn_lines(struct known *known, const struct json_shape_text *text, const char *bytes, size_t length) {
    known->lines = 0;
    for (size_t at = 0; at < length; at++) {
        if (bytes[at] == '\n') {
            known->lines++;
            known->line = spot_of(&known->shape, text, at + 1);
        }
    }
}

/* False where an item says what another record's would not, or memory is out. */
static bool learn_items(struct known *known, const struct json_shape_text *text, const struct capture *capture,
                        const struct walk_repeat_record *record) {
    known->count = capture->count - record->first;
    known->first = record->first;
    if (!make_room(known, known->count)) {
        return false;
    }
    for (uint32_t i = 0; i < known->count; i++) {
        const struct capture_item *item = &capture->items[record->first + i];
        const struct outline_node *node = item->node;
        if (node->named || node->inside || node->step == STEP_MEMBERS || item->offset < record->offset) {
            return false;
        }
        size_t from = (size_t)(item->offset - record->offset);
        struct known_item *out = &known->items[i];
        out->item = *item;
        out->item.line -= record->line;
        out->from = spot_of(&known->shape, text, from);
        out->until = spot_of(&known->shape, text, from + (size_t)item->length);
    }
    return true;
}

void walk_repeat_learn(struct walk_repeat *repeat, struct nest *nest, const struct capture *capture,
                       const struct walk_repeat_record *record) {
    struct known *known = &repeat->spare;
    const char *bytes = nest->format->behind(nest, record->offset, record->length);

    if (repeat->left_alone > 0 || bytes == NULL || record->length > JSON_SHAPE_BYTES ||
        capture->count <= record->first ||
        !json_shape_take(&known->shape, bytes, (size_t)record->length, &repeat->text)) {
        return;
    }
    for (size_t i = 0; i < repeat->count; i++) {
        if (repeat->known[i].node == record->node && json_shape_equals(&repeat->known[i].shape, &known->shape)) {
            return;
        }
    }
    known->node = record->node;
    learn_lines(known, &repeat->text, bytes, (size_t)record->length);
    if (!learn_items(known, &repeat->text, capture, record)) {
        return;
    }
    size_t slot = repeat->count < SHAPES ? repeat->count++ : (repeat->newest + 1) % SHAPES;
    struct known old = repeat->known[slot];
    repeat->known[slot] = *known;
    *known = old;
    repeat->newest = slot;
}

bool walk_repeat_find(struct walk_repeat *repeat, struct nest *nest, const struct outline_node *node) {
    size_t held = 0;

    if (repeat->left_alone > 0) {
        repeat->left_alone--;
        return false;
    }
    repeat->bytes = repeat->count > 0 ? nest->format->ahead(nest, &held) : NULL;
    for (size_t i = 0; repeat->bytes != NULL && i < repeat->count; i++) {
        size_t slot = (repeat->newest + repeat->count - i) % repeat->count;
        const struct known *known = &repeat->known[slot];
        if (known->node == node && json_shape_matches(&known->shape, repeat->bytes, held, &repeat->text)) {
            repeat->newest = slot;
            repeat->misses = 0;
            repeat->found = known;
            return true;
        }
    }
    if (++repeat->misses == MISSES) {
        repeat->misses = 0;
        repeat->left_alone = LEFT_ALONE;
    }
    return false;
}

static enum raw_kind raw_kind(enum json_event event) {
    return event == JSON_STRING   ? RAW_TEXT
           : event == JSON_NUMBER ? RAW_NUMBER
           : event == JSON_NULL   ? RAW_NULL
                                  : RAW_BOOLEAN;
}

void walk_repeat_capture(struct walk_repeat *repeat, struct nest *nest, struct capture *capture, uint32_t parent) {
    const struct known *known = repeat->found;
    const struct json_shape_text *text = &repeat->text;
    size_t length = text->starts[known->shape.scalar_count + 1];
    uint32_t shift = capture->count - known->first; /* of places in the capture */
    size_t pool = capture->pool.length;
    struct capture_item *items = capture_extend(capture, known->count, repeat->bytes, length);

    for (uint32_t i = 0; items != NULL && i < known->count; i++) {
        const struct known_item *from = &known->items[i];
        struct capture_item *item = &items[i];
        size_t begin = find(text, from->from);
        size_t size = find(text, from->until) - begin;
        *item = from->item;
        item->parent = i == 0 ? parent : item->parent + shift;
        item->first += item->first == CAPTURE_NONE ? 0 : shift;
        item->last += item->last == CAPTURE_NONE ? 0 : shift;
        item->next += item->next == CAPTURE_NONE ? 0 : shift;
        item->node->item = capture->count - known->count + i;
        item->line += nest->line;
        item->offset = nest->offset + begin;
        item->length = size;
        item->text = pool + begin;
        item->text_length = size;
        if (item->kind != RAW_COMPOUND) {
            enum json_event event = text->events[from->from.run];
            size_t quote = event == JSON_STRING;
            item->kind = raw_kind(event);
            item->kept = item->node->value && event != JSON_NULL;
            item->text += quote;
            item->text_length -= 2 * quote;
        }
    }
    nest->format->pass(nest, length, known->lines, known->lines > 0 ? find(text, known->line) : 0);
}
