#include "read/walk.h"

#include "read/walk_repeat.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* A recorded call is read as what was answered, unless the kind asks for what is around that. */
static struct nest *walk_nest(struct walk *walk, struct byte_source *bytes) {
    const struct outline *outline = walk->outline;
    bool recorded = outline->format == &json_nest_format && !outline->lines &&
                    outline_child(outline->root, "data", strlen("data")) == NULL;

    bytes = recorded ? recording_open(&walk->recording, bytes) : bytes;
    return outline->format->open(bytes, outline->lines);
}

bool walk_open(struct walk *walk, struct outline *outline, struct byte_source *bytes) {
    *walk = (struct walk){.outline = outline, .held = CAPTURE_NONE, .note_unknown = true};
    walk->nest = walk_nest(walk, bytes);
    walk->repeat = walk->nest != NULL ? walk_repeat_new(walk->nest) : NULL;
    return walk->nest != NULL;
}

bool walk_again(struct walk *walk, struct byte_source *bytes) {
    walk->nest->format->close(walk->nest);
    walk->nest = walk_nest(walk, bytes);
    capture_reset(&walk->capture, (struct capture_mark){0});
    walk->held = CAPTURE_NONE;
    walk->in_document = false;
    walk->in_record = false;
    walk->depth = 0;
    walk->flaws = 0;
    return walk->nest != NULL;
}

void walk_close(struct walk *walk) {
    if (walk->nest != NULL) {
        walk->nest->format->close(walk->nest);
    }
    walk_repeat_free(walk->repeat);
    capture_free(&walk->capture);
    buffer_free(&walk->name);
}

uint32_t walk_first(const struct walk *walk) {
    return walk->mark.count;
}

static struct walk_state *walk_current(struct walk *walk) {
    return walk->in_record ? &walk->record : &walk->document;
}

static void walk_fault(struct walk *walk, enum walk_fault fault, const struct outline_node *node, uint64_t line) {
    struct walk_state *state = walk_current(walk);

    if (state->fault == WALK_NO_FAULT) {
        state->fault = fault;
        state->fault_node = node;
        state->fault_line = line;
    }
}

/* Charges what is unusable, such as strings that are no text, to what it stands in. */
static void walk_check_flaws(struct walk *walk) {
    const struct nest *nest = walk->nest;

    if (nest->flaws != walk->flaws) {
        struct walk_state *state = walk_current(walk);
        walk->flaws = nest->flaws;
        state->flaw = state->fault == WALK_NO_FAULT ? nest->flaw : state->flaw;
        walk_fault(walk, WALK_FLAW, NULL, nest->flaw_line);
    }
}

static bool walk_skip(struct walk *walk) {
    return walk->nest->format->skip(walk->nest);
}

/* Remembers a key that the outline does not have, up to WALK_UNKNOWN of them. */
static void walk_note_unknown(struct walk *walk, const struct outline_node *node, const char *key, size_t length) {
    size_t kept = length < LIMIT_NAME_BYTES ? length : LIMIT_NAME_BYTES;

    for (size_t i = 0; i < walk->unknown_count; i++) {
        const struct walk_unknown *known = &walk->unknown[i];
        if (known->node == node && known->length == kept && memcmp(known->key, key, kept) == 0) {
            return;
        }
    }
    for (const struct outline_node *above = node; above != NULL; above = above->parent) {
        if (above->ignored) {
            return;
        }
    }
    if (walk->unknown_count == WALK_UNKNOWN) {
        walk->unknown_more = true;
        return;
    }
    struct walk_unknown *slot = &walk->unknown[walk->unknown_count++];
    slot->node = node;
    slot->length = kept;
    memcpy(slot->key, key, kept);
}

static bool walk_over_limit(struct walk *walk) {
    size_t size = capture_size(&walk->capture);

    if (walk->in_record) {
        /* An item costs more than the few bytes it may be made from: this bounds lists of lists of nothing. */
        return size - walk->mark.pool > 4 * (size_t)LIMIT_RECORD_BYTES;
    }
    if (walk->outline->document_record) {
        return size > 4 * (size_t)LIMIT_RECORD_BYTES;
    }
    return size > LIMIT_ENVELOPE_BYTES + (walk->outline->inside.target != NULL ? (size_t)LIMIT_RECORD_BYTES : 0);
}

static enum raw_kind walk_raw_kind(enum nest_event event) {
    switch (event) {
    case NEST_STRING:
        return RAW_TEXT;
    case NEST_NUMBER:
        return RAW_NUMBER;
    case NEST_TRUE:
    case NEST_FALSE:
        return RAW_BOOLEAN;
    case NEST_NULL:
        return RAW_NULL;
    default:
        return RAW_COMPOUND;
    }
}

/* A text that is too long for a column is not kept, and so fails to convert. */
static void walk_keep(struct walk *walk, uint32_t item, const char *text, size_t length) {
    size_t most = walk->capture.items[item].node->inside ? LIMIT_RECORD_BYTES : LIMIT_CELL_BYTES;

    if (text != NULL && length <= most) {
        capture_keep(&walk->capture, item, text, length);
    }
}

static void walk_keep_scalar(struct walk *walk, uint32_t item, enum nest_event event) {
    const char *text = walk->nest->text;
    size_t length = walk->nest->text_length;

    if (text == NULL && (event == NEST_TRUE || event == NEST_FALSE)) {
        text = event == NEST_TRUE ? "true" : "false";
        length = strlen(text);
    }
    if (event != NEST_NULL) {
        walk_keep(walk, item, text, length);
    }
}

static void walk_hold(struct walk *walk, uint32_t item) {
    walk->capture.items[item].mark = walk->nest->format->hold(walk->nest);
    walk->held = walk->held == CAPTURE_NONE ? item : walk->held;
}

/* Takes the text of a held object or list once it is complete. */
static void walk_keep_compound(struct walk *walk, uint32_t item) {
    size_t length;
    const char *text = walk->nest->format->held(walk->nest, walk->capture.items[item].mark, &length);

    walk_keep(walk, item, text, length);
    if (walk->held == item) {
        walk->held = CAPTURE_NONE;
        walk->nest->format->release(walk->nest);
    }
}

/* Whether what has just ended, or is a scalar, completes the record or the document around it. */
static bool walk_complete(struct walk *walk, const struct outline_node *node) {
    walk_check_flaws(walk);
    if (!walk->in_record || walk->depth != walk->record_depth || !node->record) {
        return false;
    }
    walk->record.length = walk->nest->end - walk->record.offset;
    if (walk->record.length > LIMIT_RECORD_BYTES) {
        walk_fault(walk, WALK_TOO_LONG, NULL, walk->record.line);
    }
    return true;
}

static void walk_begin_record(struct walk *walk) {
    walk_check_flaws(walk);
    walk->in_record = true;
    walk->record_depth = walk->depth;
    walk->mark = capture_mark(&walk->capture);
    walk->record = (struct walk_state){.line = walk->nest->line, .offset = walk->nest->offset};
}

/* Adds the value to the capture; CAPTURE_NONE when it is not wanted, or cannot be. */
static uint32_t walk_add(struct walk *walk, struct outline_node *node, enum nest_event event, uint32_t parent,
                         uint64_t position) {
    bool key = parent != CAPTURE_NONE && node->step == STEP_KEY;

    if (key && capture_has(&walk->capture, parent, node)) {
        walk_fault(walk, WALK_DUPLICATE, node, walk->nest->line);
        return CAPTURE_NONE;
    }
    if (walk_over_limit(walk)) {
        walk_fault(walk, WALK_TOO_LONG, NULL, walk->nest->line);
        return CAPTURE_NONE;
    }
    uint32_t item = capture_add(&walk->capture, node, parent, key);
    if (item == CAPTURE_NONE) {
        return item;
    }
    bool element = event == NEST_OBJECT_BEGIN && walk->nest->format->repeats;
    walk->capture.items[item].kind = element ? RAW_TEXT : walk_raw_kind(event);
    walk->capture.items[item].line = walk->nest->line;
    walk->capture.items[item].offset = walk->nest->offset;
    walk->capture.items[item].length = walk->nest->end - walk->nest->offset;
    if (node->step == STEP_MEMBERS) {
        capture_name(&walk->capture, item, buffer_text(&walk->name), walk->name.length);
    } else if (node->named) {
        char digits[24];
        int length = snprintf(digits, sizeof digits, "%" PRIu64, position);
        capture_name(&walk->capture, item, digits, (size_t)length);
    }
    return item;
}

/* In a document where a list is a key that stands several times, an object that is there has all its lists. */
static void walk_enter_lists(struct outline_node *node) {
    for (struct outline_node *child = node->first; child != NULL && !node->entered && node->parent != NULL;
         child = child->next) {
        child->entered = child->entered || child->items != NULL;
    }
    node->entered = true;
}

static bool walk_wants(const struct outline_node *node) {
    return node->value || node->child_count > 0 || node->items != NULL || node->members != NULL ||
           node->rule_count > 0 || node->record;
}

static bool walk_value(struct walk *walk, struct outline_node *node, enum nest_event event, uint32_t parent,
                       uint64_t position);

/* One of the keys of the same name that make a list. True when it completed a record. */
static bool walk_repeated(struct walk *walk, struct outline_node *node, enum nest_event event, uint32_t parent) {
    uint32_t list = capture_item(&walk->capture, parent, node);

    node->seen = walk->number;
    node->entered = true;
    if (list == CAPTURE_NONE) {
        list = walk_add(walk, node, event, parent, 0);
    }
    if (list == CAPTURE_NONE) {
        walk_skip(walk);
        return false;
    }
    return walk_value(walk, node->items, event, list, walk->capture.items[list].elements++);
}

/* One value that the outline has. True when it completed a record. */
static bool walk_value(struct walk *walk, struct outline_node *node, enum nest_event event, uint32_t parent,
                       uint64_t position) {
    bool object = event == NEST_OBJECT_BEGIN;
    bool list = event == NEST_LIST_BEGIN;
    bool keys = node->child_count > 0 || node->members != NULL;

    node->seen = walk->number;
    if (!walk_wants(node)) {
        walk_skip(walk);
        return false;
    }
    if (node->record) {
        walk_begin_record(walk);
    }
    bool row = node->rule_count > 0 && !node->value;
    if (row && !object && node->child_count > 0 && node->items == NULL && (node->record || node->parent == NULL)) {
        walk_fault(walk, WALK_NOT_OBJECT, node, walk->nest->line);
    }
    uint32_t item = walk_add(walk, node, event, parent, position);
    if (!object && !list) {
        if (item != CAPTURE_NONE && node->value) {
            walk_keep_scalar(walk, item, event);
        }
        return walk_complete(walk, node);
    }
    if (item != CAPTURE_NONE && node->value) {
        walk_hold(walk, item);
    }
    bool descend = item != CAPTURE_NONE && ((object && keys) || (list && node->items != NULL));
    if (descend) {
        if (walk->nest->format->repeats) {
            walk_enter_lists(node);
        }
        node->entered = node->entered || list || node->members != NULL;
        const struct outline_node *element = list ? node->items : node->members;
        walk->list_entered = walk->list_entered || (element != NULL && element->record);
        walk->frames[walk->depth++] = (struct walk_frame){.node = node, .item = item, .list = list};
        return false;
    }
    if (!walk_skip(walk)) {
        return false;
    }
    if (item != CAPTURE_NONE) {
        walk->capture.items[item].length = walk->nest->end - walk->capture.items[item].offset;
        if (node->value) {
            walk_keep_compound(walk, item);
        }
    }
    return walk_complete(walk, node);
}

static bool walk_member(struct walk *walk, struct outline_node *node, enum nest_event event, uint32_t parent) {
    return walk->nest->format->repeats && node->items != NULL ? walk_repeated(walk, node, event, parent)
                                                              : walk_value(walk, node, event, parent, 0);
}

static bool walk_leave(struct walk *walk) {
    const struct walk_frame *frame = &walk->frames[--walk->depth];
    struct capture_item *item = &walk->capture.items[frame->item];

    item->length = walk->nest->end - item->offset;
    if (frame->node->value) {
        walk_keep_compound(walk, frame->item);
    }
    return walk_complete(walk, frame->node);
}

static void walk_key(struct walk *walk) {
    const struct walk_frame *frame = &walk->frames[walk->depth - 1];
    const char *key = walk->nest->text;
    size_t length = walk->nest->text_length;

    walk->pending = outline_child(frame->node, key, length);
    if (walk->pending != NULL && walk->pending->step == STEP_MEMBERS && walk->nest->format->repeats && key[0] == '@') {
        walk_skip(walk); /* the members of an element are elements */
    } else if (walk->pending == NULL) {
        if (walk->note_unknown && !walk->unknown_more) {
            walk_note_unknown(walk, frame->node, key, length);
        }
        walk_skip(walk);
        walk_check_flaws(walk);
    } else if (!walk_wants(walk->pending)) {
        walk->pending->seen = walk->number;
        walk_skip(walk);
        walk_check_flaws(walk);
    } else if (walk->pending->step == STEP_MEMBERS) {
        buffer_clear(&walk->name);
        buffer_append(&walk->name, key, length);
        walk->capture.failed = walk->capture.failed || walk->name.failed;
    }
}

static void walk_begin_document(struct walk *walk) {
    walk->in_document = true;
    walk->number++;
    walk->list_entered = false;
    walk->in_record = false;
    walk->depth = 0;
    walk->held = CAPTURE_NONE;
    capture_reset(&walk->capture, (struct capture_mark){0});
    walk->mark = (struct capture_mark){0};
    walk->document = (struct walk_state){.line = walk->nest->line, .offset = walk->nest->offset};
}

/* The document. An object where a list of records is the whole document may be one of the records by itself. */
static bool walk_root(struct walk *walk, enum nest_event event) {
    struct outline_node *root = walk->outline->root;

    walk->alone = event == NEST_OBJECT_BEGIN && walk->outline->alone;
    if (!walk->alone) {
        return walk_value(walk, root, event, CAPTURE_NONE, 0);
    }
    uint32_t document = walk_add(walk, root, event, CAPTURE_NONE, 0);
    root->seen = walk->number;
    if (document == CAPTURE_NONE) {
        walk_skip(walk);
        return false;
    }
    return walk_value(walk, root->items, event, document, 0);
}

/* The node of a record that can only begin here; NULL where none can. */
static struct outline_node *walk_record_node(const struct walk *walk) {
    const struct outline *outline = walk->outline;

    if (!walk->in_document) {
        return outline->lines && outline->document_record ? outline->root : NULL;
    }
    const struct walk_frame *frame = walk->depth > 0 ? &walk->frames[walk->depth - 1] : NULL;
    return frame != NULL && frame->list && frame->node->items != NULL && frame->node->items->record ? frame->node->items
                                                                                                    : NULL;
}

/* Reads a record that is like one before. False where it has to be walked. */
static bool walk_known(struct walk *walk) {
    const struct outline_node *node = walk->repeat != NULL ? walk_record_node(walk) : NULL;
    uint32_t parent = CAPTURE_NONE;

    if (node == NULL || !walk_repeat_find(walk->repeat, walk->nest, node)) {
        return false;
    }
    if (walk->in_document) {
        struct walk_frame *frame = &walk->frames[walk->depth - 1];
        parent = frame->item;
        frame->position++;
        walk_begin_record(walk);
    } else {
        walk_begin_document(walk);
    }
    struct walk_state *state = walk_current(walk);
    walk_repeat_capture(walk->repeat, walk->nest, &walk->capture, parent);
    state->length = walk->nest->end - state->offset;
    walk->in_document = walk->in_record;
    return true;
}

/* Learns what was walked to its end, if it is a record of a list, or a document that is one itself. */
static void walk_learn(struct walk *walk, enum walk_event event) {
    const struct walk_state *state = event == WALK_RECORD ? &walk->record : &walk->document;
    const struct walk_repeat_record record = {.node = walk_record_node(walk),
                                              .first = walk->mark.count,
                                              .offset = state->offset,
                                              .length = state->length,
                                              .line = state->line};

    if (record.node != NULL && state->fault == WALK_NO_FAULT && (event == WALK_RECORD || !walk->list_entered)) {
        walk_repeat_learn(walk->repeat, walk->nest, &walk->capture, &record);
    }
}

/* Walks to the end of the next record or document. */
static enum walk_event walk_on(struct walk *walk) {
    for (;;) {
        enum nest_event event = walk->nest->format->next(walk->nest);
        bool complete = false;
        struct walk_frame *frame = walk->depth > 0 ? &walk->frames[walk->depth - 1] : NULL;
        switch (event) {
        case NEST_KEY:
            walk_key(walk);
            break;
        case NEST_OBJECT_END:
        case NEST_LIST_END:
            complete = walk_leave(walk);
            break;
        case NEST_DOCUMENT_END:
            walk_check_flaws(walk);
            walk->document.length = walk->nest->end - walk->document.offset;
            walk->in_document = false;
            return WALK_DOCUMENT;
        case NEST_END:
            return WALK_END;
        case NEST_ERROR:
        case NEST_TRUNCATED:
        case NEST_READ_FAILED:
            walk->stop = event;
            return WALK_STOPPED;
        default:
            if (frame == NULL) {
                walk_begin_document(walk);
                complete = walk_root(walk, event);
            } else if (frame->list) {
                complete = walk_value(walk, frame->node->items, event, frame->item, frame->position++);
            } else {
                complete = walk_member(walk, walk->pending, event, frame->item);
            }
            break;
        }
        if (walk->capture.failed) {
            return WALK_STOPPED;
        }
        if (complete) {
            return WALK_RECORD;
        }
    }
}

enum walk_event walk_next(struct walk *walk) {
    if (walk->in_record) {
        walk->in_record = false;
        capture_reset(&walk->capture, walk->mark);
    }
    if (walk_known(walk)) {
        return walk->capture.failed ? WALK_STOPPED : walk->in_record ? WALK_RECORD : WALK_DOCUMENT;
    }
    enum walk_event event = walk_on(walk);
    if (walk->repeat != NULL && (event == WALK_RECORD || event == WALK_DOCUMENT)) {
        walk_learn(walk, event);
    }
    return event;
}

bool walk_resume(struct walk *walk) {
    walk->in_document = false;
    walk->in_record = false;
    walk->depth = 0;
    walk->held = CAPTURE_NONE;
    walk->flaws = walk->nest->flaws;
    return walk->nest->format->resynchronise(walk->nest);
}
