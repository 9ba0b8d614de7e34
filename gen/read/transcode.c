#include "read/transcode.h"

#include "base/limits.h"

#include <errno.h>
#include <string.h>

#define TRANSCODE_BLOCK_BYTES (32u << 10)
#define TRANSCODE_STRIDE      2048 /* raw bytes from a mark to the next */
/* No record is longer than the limit: what lies farther back than this is never asked for. */
#define TRANSCODE_HELD (LIMIT_RECORD_BYTES + 4 * LIMIT_BLOCK_BYTES)

/* A place in both. */
struct transcode_mark {
    uint64_t raw;
    uint64_t text;
};

static struct transcode_mark transcode_mark(const struct transcode *transcode, size_t index) {
    struct transcode_mark mark;

    memcpy(&mark, transcode->marks.data + index * sizeof mark, sizeof mark);
    return mark;
}

static size_t transcode_mark_count(const struct transcode *transcode) {
    return transcode->marks.length / sizeof(struct transcode_mark);
}

/* The last mark at or before an offset in the UTF-8. */
static size_t transcode_find(const struct transcode *transcode, uint64_t text) {
    size_t low = 0;
    size_t high = transcode_mark_count(transcode);

    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (transcode_mark(transcode, middle).text <= text) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

uint64_t transcode_offset(const struct transcode *transcode, uint64_t text) {
    if (transcode->passing || transcode_mark_count(transcode) == 0) {
        return text;
    }
    struct transcode_mark mark = transcode_mark(transcode, transcode_find(transcode, text));
    const unsigned char *bytes = (const unsigned char *)transcode->raw.data;
    size_t at = (size_t)(mark.raw - transcode->base);
    char character[4];
    size_t length = 0;

    while (mark.text < text && at < transcode->decoded_to) {
        at += encoding_step(&transcode->decoder, bytes + at, transcode->raw.length - at, transcode->ended, character,
                            &length);
        mark.text += length;
    }
    return transcode->base + at;
}

void transcode_release(struct transcode *transcode, uint64_t text) {
    if (transcode->passing || transcode_mark_count(transcode) == 0) {
        return;
    }
    size_t index = transcode_find(transcode, text);
    struct transcode_mark mark = transcode_mark(transcode, index);
    size_t dead = (size_t)(mark.raw - transcode->base);

    if (dead < TRANSCODE_BLOCK_BYTES * 4 || dead < transcode->raw.length / 2) {
        return; /* so that each byte is moved once or twice at most */
    }
    buffer_drop(&transcode->raw, dead);
    buffer_drop(&transcode->marks, index * sizeof mark);
    transcode->decoded_to -= dead;
    transcode->base = mark.raw;
    transcode->base_text = mark.text;
}

/* Reads more. -1 when the source failed; `ended` at its end. */
static ssize_t transcode_fill(struct transcode *transcode) {
    if (!buffer_reserve(&transcode->raw, TRANSCODE_BLOCK_BYTES)) {
        errno = ENOMEM;
        return -1;
    }
    ssize_t got;
    do {
        got =
            transcode->from->read(transcode->from, transcode->raw.data + transcode->raw.length, TRANSCODE_BLOCK_BYTES);
    } while (got < 0 && errno == EINTR);
    transcode->raw.length += got > 0 ? (size_t)got : 0;
    transcode->ended = got == 0;
    return got;
}

/* Looks at the mark and decides. False when reading failed. */
static bool transcode_start(struct transcode *transcode) {
    while (transcode->raw.length < 3 && !transcode->ended) {
        if (transcode_fill(transcode) < 0) {
            return false;
        }
    }
    const struct encoding *declared = transcode->declared;
    const struct encoding *marked = encoding_of_mark(transcode->raw.data, transcode->raw.length);
    bool marked_utf8 = transcode->raw.length >= 3 && memcmp(transcode->raw.data, "\xEF\xBB\xBF", 3) == 0;

    transcode->started = true;
    marked = marked_utf8 ? encoding_find("utf-8") : marked;
    transcode->conflict = declared != NULL && marked != NULL && marked != declared;
    const struct encoding *chosen = marked != NULL ? marked : declared;
    transcode->passing = chosen == NULL || encoding_is_utf8(chosen);
    if (!transcode->passing && !encoding_decoder_open(&transcode->decoder, chosen)) {
        transcode->failed = true;
        transcode->passing = true;
    }
    return true;
}

/* Decodes what was read. */
static void transcode_decode(struct transcode *transcode) {
    const unsigned char *bytes = (const unsigned char *)transcode->raw.data;
    size_t length = 0;
    char character[4];

    while (transcode->decoded_to < transcode->raw.length) {
        size_t count = transcode_mark_count(transcode);
        uint64_t raw = transcode->base + transcode->decoded_to;
        if (count == 0 || raw - transcode_mark(transcode, count - 1).raw >= TRANSCODE_STRIDE) {
            const struct transcode_mark mark = {raw, transcode->text};
            buffer_append(&transcode->marks, &mark, sizeof mark);
        }
        size_t taken =
            encoding_step(&transcode->decoder, bytes + transcode->decoded_to,
                          transcode->raw.length - transcode->decoded_to, transcode->ended, character, &length);
        if (taken == 0) {
            return;
        }
        buffer_append(&transcode->out, character, length);
        transcode->decoded_to += taken;
        transcode->text += length;
    }
}

static ssize_t transcode_read(struct byte_source *source, void *into, size_t capacity) {
    struct transcode *transcode = (struct transcode *)source;

    if (!transcode->started && !transcode_start(transcode)) {
        return -1;
    }
    if (transcode->passing) {
        size_t held = transcode->raw.length - transcode->decoded_to;
        if (held == 0) {
            return transcode->ended ? 0 : transcode->from->read(transcode->from, into, capacity);
        }
        size_t given = held < capacity ? held : capacity;
        memcpy(into, transcode->raw.data + transcode->decoded_to, given);
        transcode->decoded_to += given;
        return (ssize_t)given;
    }
    while (transcode->out.length == transcode->out_at) {
        bool last = transcode->ended;
        buffer_clear(&transcode->out);
        transcode->out_at = 0;
        if (transcode->text > TRANSCODE_HELD) {
            transcode_release(transcode, transcode->text - TRANSCODE_HELD);
        }
        transcode_decode(transcode);
        if (transcode->out.failed || transcode->marks.failed) {
            errno = ENOMEM;
            return -1;
        }
        if (transcode->out.length > 0) {
            break;
        }
        if (last) {
            return 0;
        }
        if (transcode_fill(transcode) < 0) {
            return -1;
        }
    }
    size_t left = transcode->out.length - transcode->out_at;
    size_t given = left < capacity ? left : capacity;
    memcpy(into, transcode->out.data + transcode->out_at, given);
    transcode->out_at += given;
    return (ssize_t)given;
}

void transcode_open(struct transcode *transcode, struct byte_source *from, const struct encoding *declared) {
    *transcode = (struct transcode){.source = {transcode_read}, .from = from, .declared = declared};
}

void transcode_close(struct transcode *transcode) {
    buffer_free(&transcode->raw);
    buffer_free(&transcode->marks);
    buffer_free(&transcode->out);
    *transcode = (struct transcode){0};
}
