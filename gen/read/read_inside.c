#include "read/read_tree.h"

#include "base/text.h"

#include <string.h>

/*
 * An export that stands as text inside a document: the document is read to its end, then the text by the reader of
 * its own format. The rows have the lines of the text and the bytes of the string that held it.
 */
struct read_inside {
    struct outline *outline; /* of the document around */
    struct walk walk;
    struct buffer content;
    struct byte_source_memory bytes;
    struct locator locator; /* of the string */
    bool found;
    bool read;
    const struct reader_format *inner; /* once opened */
};

static bool read_inside_open(struct reader *reader) {
    struct read_inside *state = arena_allocate(reader->arena, sizeof *state);

    reader->rows.around = NULL;
    if (state == NULL) {
        return false;
    }
    reader->around = state;
    state->outline = outline_new(reader->arena, reader->request.kind, OUTLINE_AROUND);
    if (state->outline == NULL || !walk_open(&state->walk, state->outline, reader->bytes)) {
        return false;
    }
    state->walk.note_unknown = false;
    return true;
}

static void read_inside_close(struct reader *reader) {
    struct read_inside *state = reader->around;

    if (state->inner != NULL) {
        state->inner->close(reader);
    }
    walk_close(&state->walk);
    buffer_free(&state->content);
}

static int read_inside_digit(char letter) {
    if (letter >= 'A' && letter <= 'Z') {
        return letter - 'A';
    }
    if (letter >= 'a' && letter <= 'z') {
        return letter - 'a' + 26;
    }
    if (letter >= '0' && letter <= '9') {
        return letter - '0' + 52;
    }
    return letter == '+' ? 62 : letter == '/' ? 63 : -1;
}

/* Base64 (RFC 4648 4), as some tools wrap the text in: all of it, padded, and UTF-8 once decoded. */
static bool read_inside_base64(const char *text, size_t length, struct buffer *out) {
    size_t padding = length >= 4 ? (size_t)(text[length - 1] == '=') + (text[length - 2] == '=') : 0;

    if (length < 4 || length % 4 != 0) {
        return false;
    }
    for (size_t i = 0; i < length; i += 4) {
        uint32_t group = 0;
        size_t digits = i + 4 == length ? 4 - padding : 4;
        for (size_t j = 0; j < 4; j++) {
            int digit = j < digits ? read_inside_digit(text[i + j]) : 0;
            if (digit < 0) {
                return false;
            }
            group = group << 6 | (uint32_t)digit;
        }
        const char bytes[] = {(char)(group >> 16), (char)(group >> 8 & 0xFF), (char)(group & 0xFF)};
        buffer_append(out, bytes, digits - 1);
    }
    return out->failed || text_utf8_valid(out->data, out->length, NULL);
}

/* Takes the text out of a complete document. False when memory is out. */
static bool read_inside_take(struct reader *reader) {
    struct read_inside *state = reader->around;
    struct raw raw = capture_find(&state->walk.capture, 0, &state->outline->inside);

    if (raw.kind != RAW_TEXT || raw.bytes == NULL) {
        return true;
    }
    if (state->found) {
        reader_wrong_shape(reader, "the file holds several documents; keep each in a file of its own");
        return true;
    }
    state->found = true;
    for (uint32_t i = 0; i < state->walk.capture.count; i++) {
        const struct capture_item *item = &state->walk.capture.items[i];
        if (item->node == state->outline->inside.target) {
            state->locator = (struct locator){.offset = item->offset, .length = item->length};
        }
    }
    bool lines = memchr(raw.bytes, '\n', raw.length) != NULL || memchr(raw.bytes, '\r', raw.length) != NULL;
    if (lines || !read_inside_base64(raw.bytes, raw.length, &state->content)) {
        buffer_clear(&state->content);
        buffer_append(&state->content, raw.bytes, raw.length);
    }
    return !state->content.failed;
}

/* Reads the document around. RECORD_ROW when the text inside may be read. */
static enum record_status read_inside_around(struct reader *reader) {
    struct read_inside *state = reader->around;
    struct record_tally *tally = &reader->source.tally;

    for (;;) {
        enum walk_event event = walk_next(&state->walk);
        if (event == WALK_DOCUMENT) {
            if (state->walk.document.fault != WALK_NO_FAULT) {
                tally->wrong_shape = true;
                read_tree_report_fault(reader, state->walk.nest, &state->walk.document, 0);
            }
            if (!read_tree_envelope(reader, state->outline, &state->walk) || !read_inside_take(reader)) {
                return reader_out_of_memory(reader);
            }
        } else if (event == WALK_STOPPED) {
            if (state->walk.capture.failed) {
                return reader_out_of_memory(reader);
            }
            if (state->walk.stop == NEST_READ_FAILED) {
                return reader_failed(reader, state->walk.nest->system_error);
            }
            tally->truncated = state->walk.stop == NEST_TRUNCATED || state->found;
            tally->wrong_shape = tally->wrong_shape || !tally->truncated;
            read_tree_report_stop(reader, &state->walk, 0);
            return state->found ? RECORD_ROW : RECORD_END;
        } else if (event == WALK_END) {
            break;
        }
    }
    if (!state->found) {
        struct buffer path = {0};
        struct buffer text = {0};
        outline_print(state->outline->inside.target, &path);
        buffer_format(&text, "there is no text at %s", buffer_text(&path) != NULL ? buffer_text(&path) : "its path");
        reader_wrong_shape(reader, buffer_text(&text) != NULL ? buffer_text(&text) : "its text is not there");
        buffer_free(&path);
        buffer_free(&text);
        return RECORD_END;
    }
    const struct outline_node *effective = state->outline->effective.target;
    if (effective != NULL && !effective->seen) {
        reader_wrong_shape(reader, "the document does not say when it was made");
    }
    return RECORD_ROW;
}

static struct raw read_inside_fetch(void *context, size_t rule, enum rows_part part, size_t index) {
    const struct read_inside *state = context;
    return capture_find(&state->walk.capture, 0, &state->outline->rules[rule].paths[part][index]);
}

static enum record_status read_inside_next(struct reader *reader, struct record *out) {
    struct read_inside *state = reader->around;

    if (!state->read) {
        const struct reader_format *inner =
            nest_format(reader->request.kind->inside_format) != NULL ? &read_tree_format : &read_csv_format;
        state->read = true;
        enum record_status status = read_inside_around(reader);
        if (status != RECORD_ROW) {
            return status;
        }
        byte_source_memory(&state->bytes, state->content.data, state->content.length);
        reader->bytes = &state->bytes.source;
        reader->rows.around = read_inside_fetch;
        reader->rows.around_context = state;
        if (!inner->open(reader)) {
            return reader_out_of_memory(reader);
        }
        state->inner = inner;
    }
    enum record_status status = state->inner->next(reader, out);
    if (status == RECORD_ROW) {
        out->locator.offset = state->locator.offset;
        out->locator.length = state->locator.length;
    }
    if (status == RECORD_END && state->inner->finish != NULL) {
        state->inner->finish(reader);
    }
    return status;
}

const struct reader_format read_inside_format = {read_inside_open, read_inside_next, read_inside_close, NULL, NULL};
