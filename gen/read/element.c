#include "read/element.h"

#include <errno.h>
#include <string.h>

#define ELEMENT_MOST (sizeof(((struct element_reader *)NULL)->names) / ELEMENT_NAME_BYTES)

bool element_open(struct element_reader *reader, struct byte_source *bytes, const char *const *texts) {
    *reader = (struct element_reader){.nest = xml_nest_format.open(bytes, false), .texts = texts};
    if (reader->nest == NULL) {
        return false;
    }
    xml_nest_keep_blanks(reader->nest);
    return true;
}

void element_close(struct element_reader *reader) {
    if (reader->nest != NULL) {
        reader->nest->format->close(reader->nest);
    }
    buffer_free(&reader->pool);
    *reader = (struct element_reader){0};
}

static void element_copy_name(char out[ELEMENT_NAME_BYTES], const char *text, size_t length) {
    size_t kept = length < ELEMENT_NAME_BYTES - 1 ? length : ELEMENT_NAME_BYTES - 1;

    memcpy(out, text, kept);
    out[kept] = '\0';
}

static bool element_wants_text(const struct element_reader *reader, const char *name) {
    for (size_t i = 0; reader->texts[i] != NULL; i++) {
        if (strcmp(reader->texts[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* The next event, the one that was read ahead first; of a key its name stands in pending_name. */
static enum nest_event element_event(struct element_reader *reader) {
    struct nest *nest = reader->nest;

    if (reader->has_pending) {
        reader->has_pending = false;
        return reader->pending;
    }
    enum nest_event event = nest->format->next(nest);
    reader->pending_offset = nest->offset;
    reader->pending_end = nest->end;
    if (event == NEST_KEY) {
        element_copy_name(reader->pending_name, nest->text, nest->text_length);
    }
    return event;
}

/* Takes the attributes of an element that has begun. False when memory is out. */
static bool element_take_attributes(struct element_reader *reader) {
    struct nest *nest = reader->nest;

    reader->attribute_count = 0;
    buffer_clear(&reader->pool);
    for (;;) {
        enum nest_event event = element_event(reader);
        if (event != NEST_KEY || reader->pending_name[0] != '@') {
            reader->pending = event;
            reader->has_pending = true;
            return !reader->pool.failed;
        }
        event = nest->format->next(nest);
        if (event != NEST_STRING) {
            continue;
        }
        if (reader->attribute_count < ELEMENT_ATTRIBUTES) {
            struct element_attribute *attribute = &reader->attributes[reader->attribute_count++];
            strcpy(attribute->name, reader->pending_name + 1);
            attribute->value = reader->pool.length;
            attribute->length = nest->text_length;
            buffer_append(&reader->pool, nest->text, nest->text_length);
            buffer_append_byte(&reader->pool, '\0');
        }
    }
}

static enum element_event element_begin(struct element_reader *reader) {
    struct nest *nest = reader->nest;

    if (reader->depth == ELEMENT_MOST) {
        nest->problem = NEST_PROBLEM_DEPTH;
        nest->error = "elements are nested too deep";
        return ELEMENT_FAULT;
    }
    char *name = reader->names[reader->depth++];
    strcpy(name, reader->pending_name);
    nest->format->next(nest); /* the object that the element is */
    reader->offset = nest->offset;
    if (element_wants_text(reader, name)) {
        reader->holding = true;
        reader->mark = nest->format->hold(nest);
    }
    if (!element_take_attributes(reader)) {
        nest->system_error = ENOMEM;
        return ELEMENT_FAILED;
    }
    return ELEMENT_BEGIN;
}

enum element_event element_next(struct element_reader *reader) {
    struct nest *nest = reader->nest;

    if (reader->ending) {
        reader->ending = false;
        reader->depth--;
    }
    reader->text = NULL;
    for (;;) {
        switch (element_event(reader)) {
        case NEST_KEY:
            return element_begin(reader);
        case NEST_OBJECT_END:
            if (reader->depth == 0) {
                continue; /* of the document */
            }
            reader->offset = reader->pending_end;
            reader->ending = true;
            if (reader->holding && element_wants_text(reader, element_name(reader))) {
                reader->text = nest->format->held(nest, reader->mark, &reader->text_length);
                nest->format->release(nest);
                reader->holding = false;
            }
            return ELEMENT_END;
        case NEST_END:
            return ELEMENT_DONE;
        case NEST_ERROR:
            return ELEMENT_FAULT;
        case NEST_TRUNCATED:
            nest->problem = NEST_PROBLEM_SYNTAX;
            nest->error = "the document is cut off";
            return ELEMENT_FAULT;
        case NEST_READ_FAILED:
            return ELEMENT_FAILED;
        default:
            continue;
        }
    }
}

const char *element_name(const struct element_reader *reader) {
    return reader->depth > 0 ? reader->names[reader->depth - 1] : "";
}

const char *element_parent(const struct element_reader *reader) {
    return reader->depth > 1 ? reader->names[reader->depth - 2] : "";
}

const char *element_attribute(const struct element_reader *reader, const char *name) {
    for (size_t i = 0; i < reader->attribute_count; i++) {
        if (strcmp(reader->attributes[i].name, name) == 0) {
            return reader->pool.data + reader->attributes[i].value;
        }
    }
    return NULL;
}
