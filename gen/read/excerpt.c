#include "read/excerpt.h"

#include "read/unpack.h"

#include <errno.h>
#include <string.h>

#define EXCERPT_BLOCK_BYTES (64u << 10)

/* Reads to the end and keeps what is wanted. `excerpt` NULL: nothing is. */
static bool excerpt_pass(const struct excerpt *excerpt, struct byte_source *bytes, struct buffer *out) {
    const struct encoding *encoding = excerpt != NULL ? excerpt->encoding : NULL;
    struct encoding_decoder decoder;
    struct buffer raw = {0};
    char block[EXCERPT_BLOCK_BYTES];
    uint64_t position = 0;
    ssize_t got;

    do {
        got = bytes->read(bytes, block, sizeof block);
        if (got <= 0) {
            continue;
        }
        uint64_t end = position + (uint64_t)got;
        if (position == 0 && encoding_of_mark(block, (size_t)got) != NULL) {
            encoding = encoding_of_mark(block, (size_t)got);
        }
        if (excerpt != NULL && excerpt->length > 0 && excerpt->offset < end &&
            excerpt->offset + excerpt->length > position) {
            uint64_t from = excerpt->offset > position ? excerpt->offset - position : 0;
            uint64_t until = excerpt->offset + excerpt->length;
            buffer_append(&raw, block + from, (size_t)((until < end ? until : end) - position - from));
        }
        position = end;
    } while (got > 0 || (got < 0 && errno == EINTR));
    int error = errno;
    if (encoding != NULL && encoding_decoder_open(&decoder, encoding)) {
        encoding_text(&decoder, raw.data, raw.length, out);
    } else {
        buffer_append(out, raw.data, raw.length);
    }
    bool done = got == 0 && !raw.failed;
    buffer_free(&raw);
    errno = error;
    return done;
}

static bool excerpt_same(const char *a, const char *b) {
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* Unpacks up to the member, and keeps what is wanted of it. */
static bool excerpt_unpack(const struct excerpt *excerpt, struct byte_source *bytes, struct buffer *out) {
    struct unpack *unpack = unpack_open(bytes);
    enum unpack_event event = UNPACK_PROBLEM;
    bool done = unpack != NULL;

    if (done) {
        unpack_offices(unpack); /* a row of a workbook stands in a part of it */
    }
    while (done && (event == UNPACK_PROBLEM || event == UNPACK_MEMBER)) {
        event = unpack_next(unpack);
        if (event == UNPACK_FAILED) {
            errno = unpack_system_error(unpack);
            done = false;
        } else if (event == UNPACK_MEMBER && excerpt_same(unpack_name(unpack), excerpt->member)) {
            done = excerpt_pass(excerpt, unpack_bytes(unpack), out);
            break;
        }
    }
    unpack_close(unpack);
    return done;
}

bool excerpt_read(const struct excerpt *excerpt, struct byte_source *bytes, struct buffer *out) {
    if (!excerpt->packed) {
        return excerpt_pass(excerpt, bytes, out);
    }
    return excerpt_unpack(excerpt, bytes, out) && excerpt_pass(NULL, bytes, out);
}
