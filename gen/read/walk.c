#include "read/walk.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

bool walk_open(struct walk *walk, struct outline *outline, struct byte_source *bytes) {
    *walk = (struct walk){.outline = outline, .held = CAPTURE_NONE, .note_unknown = true};
    walk->json = json_open(bytes);
    if (walk->json == NULL) {
        return false;
    }
    if (outline->lines) {
        json_expect_lines(walk->json);
    }
    return true;
}

void walk_close(struct walk *walk) {
    json_close(walk->json);
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

/* Charges strings that are no text to what they stand in. */
static void walk_check_strings(struct walk *walk) {
    uint64_t line;
    uint64_t bad = json_bad_strings(walk->json, &line);

    if (bad != walk->bad_strings) {
        walk->bad_strings = bad;
        walk_fault(walk, WALK_NOT_TEXT, NULL, line);
    }
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

static enum raw_kind walk_raw_kind(enum json_event event) {
    switch (event) {
    case JSON_STRING:
        return RAW_TEXT;
    case JSON_NUMBER:
        return RAW_NUMBER;
    case JSON_TRUE:
    case JSON_FALSE:
        return RAW_BOOLEAN;
    case JSON_NULL:
        return RAW_NULL;
    default:
        return RAW_COMPOUND;
    }
}

static void walk_keep_scalar(struct walk *walk, uint32_t item, enum json_event event) {
    size_t length;
    const char *text = json_text(walk->json, &length);
    bool inside = walk->capture.items[item].node->inside;

    if (event == JSON_TRUE || event == JSON_FALSE) {
        text = event == JSON_TRUE ? "true" : "false";
        length = strlen(text);
    }
    /* A text that is too long for a column is not kept, and so fails to convert. */
    if (event != JSON_NULL && length <= (inside ? LIMIT_RECORD_BYTES : LIMIT_CELL_BYTES)) {
        capture_keep(&walk->capture, item, text, length);
    }
}

/* Takes the JSON text of a held object or list once it is complete. */
static void walk_keep_compound(struct walk *walk, uint32_t item) {
    const struct capture_item *whole = &walk->capture.items[item];
    const char *text = json_held(walk->json, whole->offset, whole->length);

    if (text != NULL && whole->length <= LIMIT_CELL_BYTES) {
        capture_keep(&walk->capture, item, text, (size_t)whole->length);
    }
    if (walk->held == item) {
        walk->held = CAPTURE_NONE;
        json_release(walk->json);
    }
}

/* Whether what has just ended, or is a scalar, completes the record or the document around it. */
static bool walk_complete(struct walk *walk, const struct outline_node *node) {
    walk_check_strings(walk);
    if (!walk->in_record || walk->depth != walk->record_depth || !node->record) {
        return false;
    }
    walk->record.length = json_end_offset(walk->json) - walk->record.offset;
    if (walk->record.length > LIMIT_RECORD_BYTES) {
        walk_fault(walk, WALK_TOO_LONG, NULL, walk->record.line);
    }
    return true;
}

static void walk_begin_record(struct walk *walk) {
    walk_check_strings(walk);
    walk->in_record = true;
    walk->record_depth = walk->depth;
    walk->mark = capture_mark(&walk->capture);
    walk->record = (struct walk_state){.line = json_line(walk->json), .offset = json_offset(walk->json)};
}

/* Adds the value to the capture; CAPTURE_NONE when it is not wanted, or cannot be. */
static uint32_t walk_add(struct walk *walk, struct outline_node *node, enum json_event event, uint32_t parent,
                         uint64_t position) {
    bool key = parent != CAPTURE_NONE && node->step == STEP_KEY;

    if (key && capture_has(&walk->capture, parent, node)) {
        walk_fault(walk, WALK_DUPLICATE, node, json_line(walk->json));
        return CAPTURE_NONE;
    }
    if (walk_over_limit(walk)) {
        walk_fault(walk, WALK_TOO_LONG, NULL, json_line(walk->json));
        return CAPTURE_NONE;
    }
    uint32_t item = capture_add(&walk->capture, node, parent, key);
    if (item == CAPTURE_NONE) {
        return item;
    }
    walk->capture.items[item].kind = walk_raw_kind(event);
    walk->capture.items[item].line = json_line(walk->json);
    walk->capture.items[item].offset = json_offset(walk->json);
    walk->capture.items[item].length = json_end_offset(walk->json) - json_offset(walk->json);
    if (node->step == STEP_MEMBERS) {
        capture_name(&walk->capture, item, buffer_text(&walk->name), walk->name.length);
    } else if (node->named) {
        char digits[24];
        int length = snprintf(digits, sizeof digits, "%" PRIu64, position);
        capture_name(&walk->capture, item, digits, (size_t)length);
    }
    return item;
}

static bool walk_wants(const struct outline_node *node) {
    return node->value || node->child_count > 0 || node->items != NULL || node->members != NULL ||
           node->rule_count > 0 || node->record;
}

/* One value that the outline has. True when it completed a record. */
static bool walk_value(struct walk *walk, struct outline_node *node, enum json_event event, uint32_t parent,
                       uint64_t position) {
    bool object = event == JSON_OBJECT_BEGIN;
    bool list = event == JSON_ARRAY_BEGIN;
    bool keys = node->child_count > 0 || node->members != NULL;

    node->seen = true;
    if (!walk_wants(node)) {
        json_skip(walk->json);
        return false;
    }
    if (node->record) {
        walk_begin_record(walk);
    }
    bool row = node->rule_count > 0 && !node->value;
    if (row && !object && node->child_count > 0 && node->items == NULL && (node->record || node->parent == NULL)) {
        walk_fault(walk, WALK_NOT_OBJECT, node, json_line(walk->json));
    }
    uint32_t item = walk_add(walk, node, event, parent, position);
    if (!object && !list) {
        if (item != CAPTURE_NONE && node->value) {
            walk_keep_scalar(walk, item, event);
        }
        return walk_complete(walk, node);
    }
    if (item != CAPTURE_NONE && node->value && walk->held == CAPTURE_NONE) {
        json_hold(walk->json);
        walk->held = item;
    }
    bool descend = item != CAPTURE_NONE && ((object && keys) || (list && node->items != NULL));
    if (descend) {
        node->entered = node->entered || list || node->members != NULL;
        const struct outline_node *element = list ? node->items : node->members;
        walk->list_entered = walk->list_entered || (element != NULL && element->record);
        walk->frames[walk->depth++] = (struct walk_frame){.node = node, .item = item, .list = list};
        return false;
    }
    if (!json_skip(walk->json)) {
        return false;
    }
    if (item != CAPTURE_NONE) {
        walk->capture.items[item].length = json_end_offset(walk->json) - walk->capture.items[item].offset;
        if (node->value) {
            walk_keep_compound(walk, item);
        }
    }
    return walk_complete(walk, node);
}

static bool walk_leave(struct walk *walk) {
    const struct walk_frame *frame = &walk->frames[--walk->depth];
    struct capture_item *item = &walk->capture.items[frame->item];

    item->length = json_end_offset(walk->json) - item->offset;
    if (frame->node->value) {
        walk_keep_compound(walk, frame->item);
    }
    return walk_complete(walk, frame->node);
}

static void walk_key(struct walk *walk) {
    const struct walk_frame *frame = &walk->frames[walk->depth - 1];
    size_t length;
    const char *key = json_text(walk->json, &length);

    walk->pending = outline_child(frame->node, key, length);
    if (walk->pending == NULL) {
        if (walk->note_unknown && !walk->unknown_more) {
            walk_note_unknown(walk, frame->node, key, length);
        }
        json_skip(walk->json);
        walk_check_strings(walk);
    } else if (!walk_wants(walk->pending)) {
        walk->pending->seen = true;
        json_skip(walk->json);
        walk_check_strings(walk);
    } else if (walk->pending->step == STEP_MEMBERS) {
        buffer_clear(&walk->name);
        buffer_append(&walk->name, key, length);
        walk->capture.failed = walk->capture.failed || walk->name.failed;
    }
}

static void walk_begin_document(struct walk *walk) {
    walk->in_document = true;
    walk->list_entered = false;
    walk->in_record = false;
    walk->depth = 0;
    walk->held = CAPTURE_NONE;
    capture_reset(&walk->capture, (struct capture_mark){0});
    walk->mark = (struct capture_mark){0};
    walk->document = (struct walk_state){.line = json_line(walk->json), .offset = json_offset(walk->json)};
}

enum walk_event walk_next(struct walk *walk) {
    if (walk->in_record) {
        walk->in_record = false;
        capture_reset(&walk->capture, walk->mark);
    }
    for (;;) {
        enum json_event event = json_next(walk->json);
        bool complete = false;
        struct walk_frame *frame = walk->depth > 0 ? &walk->frames[walk->depth - 1] : NULL;
        switch (event) {
        case JSON_KEY:
            walk_key(walk);
            break;
        case JSON_OBJECT_END:
        case JSON_ARRAY_END:
            complete = walk_leave(walk);
            break;
        case JSON_DOCUMENT_END:
            walk_check_strings(walk);
            walk->document.length = json_end_offset(walk->json) - walk->document.offset;
            walk->in_document = false;
            return WALK_DOCUMENT;
        case JSON_END:
            return WALK_END;
        case JSON_ERROR:
        case JSON_TRUNCATED:
        case JSON_READ_FAILED:
            return WALK_STOPPED;
        default:
            if (frame == NULL) {
                walk_begin_document(walk);
                complete = walk_value(walk, walk->outline->root, event, CAPTURE_NONE, 0);
            } else if (frame->list) {
                complete = walk_value(walk, frame->node->items, event, frame->item, frame->position++);
            } else {
                complete = walk_value(walk, walk->pending, event, frame->item, 0);
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

bool walk_resume(struct walk *walk) {
    walk->in_document = false;
    walk->in_record = false;
    walk->depth = 0;
    walk->held = CAPTURE_NONE;
    walk->bad_strings = json_bad_strings(walk->json, NULL);
    return json_resynchronise(walk->json);
}
