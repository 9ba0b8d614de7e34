#include "document/inset.h"

#include "base/text.h"

#include <stdint.h>

/* A mark is INSET_OPEN, the index in digits counted from INSET_DIGIT, and INSET_CLOSE. */
#define INSET_FIRST       UINT32_C(0xfdd0)
#define INSET_LAST        UINT32_C(0xfdef)
#define INSET_OPEN        UINT32_C(0xfdd0)
#define INSET_CLOSE       UINT32_C(0xfdd1)
#define INSET_DIGIT       UINT32_C(0xfde0)
#define INSET_REPLACEMENT UINT32_C(0xfffd)

void inset_clean(struct buffer *markdown, const char *bytes, size_t length) {
    size_t position = 0;
    while (position < length) {
        size_t plain = text_ascii_run(bytes + position, length - position);
        if (plain > 0) {
            buffer_append(markdown, bytes + position, plain);
            position += plain;
            continue;
        }
        uint32_t code_point = text_utf8_next(bytes, length, &position);
        bool reserved = code_point >= INSET_FIRST && code_point <= INSET_LAST;
        text_utf8_append(markdown, reserved ? INSET_REPLACEMENT : code_point);
    }
}

static bool inset_add(struct insets *insets, const struct inset *inset, struct buffer *markdown) {
    size_t index = insets->count;
    struct inset *kept = arena_push(insets->arena, &insets->items, &insets->count, sizeof *kept);
    if (kept == NULL)
        return false;
    *kept = *inset;
    text_utf8_append(markdown, INSET_OPEN);
    do {
        text_utf8_append(markdown, INSET_DIGIT + (uint32_t)(index % 10));
        index /= 10;
    } while (index > 0);
    text_utf8_append(markdown, INSET_CLOSE);
    return !markdown->failed;
}

/* Appends the text as valid UTF-8; with `one_line`, every line break (CR LF is one) becomes a space. */
static void inset_append(struct buffer *out, const char *bytes, size_t length, bool one_line) {
    for (size_t i = 0; i < length;) {
        size_t plain = text_ascii_run(bytes + i, length - i);
        bool line_end = bytes[i] == '\n' || bytes[i] == '\r';
        if (plain > 0) {
            buffer_append(out, bytes + i, plain);
            i += plain;
        } else if (one_line && line_end) {
            i += bytes[i] == '\r' && i + 1 < length && bytes[i + 1] == '\n' ? 2 : 1;
            buffer_append_byte(out, ' ');
        } else {
            text_utf8_append(out, text_utf8_next(bytes, length, &i));
        }
    }
}

void inset_line(struct buffer *out, const char *bytes, size_t length) {
    inset_append(out, bytes, length, true);
}

bool inset_text(struct insets *insets, enum inset_kind kind, const char *bytes, size_t length,
                struct buffer *markdown) {
    struct buffer valid = {0};
    inset_append(&valid, bytes, length, false);
    struct inset inset = {.kind = kind, .length = valid.length};
    inset.text = valid.failed ? NULL : arena_copy(insets->arena, buffer_text(&valid), valid.length);
    buffer_free(&valid);
    return inset.text != NULL && inset_add(insets, &inset, markdown);
}

bool inset_blocks(struct insets *insets, struct node *blocks, struct buffer *markdown) {
    struct inset inset = {.kind = INSET_BLOCKS, .blocks = blocks};
    buffer_append_text(markdown, "\n\n");
    bool added = inset_add(insets, &inset, markdown);
    buffer_append_text(markdown, "\n\n");
    return added;
}

const struct inset *inset_next(const struct insets *insets, const char *bytes, size_t length, size_t *position) {
    size_t at = *position;
    if (text_utf8_next(bytes, length, &at) != INSET_OPEN)
        return NULL;
    size_t index = 0;
    size_t place = 1;
    while (at < length) {
        uint32_t code_point = text_utf8_next(bytes, length, &at);
        if (code_point == INSET_CLOSE && index < insets->count) {
            *position = at;
            return &insets->items[index];
        }
        if (code_point < INSET_DIGIT || code_point > INSET_DIGIT + 9 || place > insets->count)
            return NULL;
        index += (code_point - INSET_DIGIT) * place;
        place *= 10;
    }
    return NULL;
}

const struct inset *inset_alone(const struct insets *insets, const char *bytes, size_t length) {
    size_t position = 0;
    const struct inset *inset = length == 0 ? NULL : inset_next(insets, bytes, length, &position);
    return position == length ? inset : NULL;
}

void inset_expand(const struct insets *insets, const char *bytes, size_t length, bool one_line, struct buffer *out) {
    size_t from = 0;
    size_t position = 0;
    while (position < length) {
        size_t mark = position;
        const struct inset *inset =
            (unsigned char)bytes[position] < 0x80 ? NULL : inset_next(insets, bytes, length, &position);
        if (inset == NULL) {
            (void)text_utf8_next(bytes, length, &position);
            continue;
        }
        buffer_append(out, bytes + from, mark - from);
        if (one_line)
            inset_append(out, inset->text, inset->length, true);
        else
            buffer_append(out, inset->text, inset->length);
        from = position;
    }
    buffer_append(out, bytes + from, length - from);
}
