#include "read/window.h"

#include "base/limits.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* At first, which is enough for most files; what fills it gets a whole block. */
#define FIRST_BYTES (64u << 10)

bool window_open(struct window *window, struct byte_source *bytes) {
    *window = (struct window){.bytes = bytes, .capacity = FIRST_BYTES};
    window->data = malloc(window->capacity + WINDOW_PADDING);
    if (window->data == NULL) {
        return false;
    }
    memset(window->data, 0, WINDOW_PADDING);
    return true;
}

void window_close(struct window *window) {
    free(window->data);
    window->data = NULL;
}

/* Leaves room for a quarter of a block; moving and growing only then keeps the cost linear however small the reads. */
static bool window_make_room(struct window *window, size_t keep, size_t *shift) {
    bool first = window->capacity < LIMIT_BLOCK_BYTES && window->base + window->end < FIRST_BYTES;
    size_t least = first ? 1 : LIMIT_BLOCK_BYTES / 4;

    if (keep == window->end || (keep > 0 && window->capacity - window->end < least)) {
        memmove(window->data, window->data + keep, window->end - keep);
        window->end -= keep;
        window->base += keep;
        *shift = keep;
    }
    if (window->capacity - window->end >= least) {
        return true;
    }
    size_t capacity = LIMIT_BLOCK_BYTES;
    if (window->capacity >= LIMIT_BLOCK_BYTES &&
        (__builtin_mul_overflow(window->capacity, 2, &capacity) || capacity > SIZE_MAX - WINDOW_PADDING)) {
        return false;
    }
    unsigned char *data = realloc(window->data, capacity + WINDOW_PADDING);
    if (data == NULL) {
        return false;
    }
    window->data = data;
    window->capacity = capacity;
    return true;
}

enum window_result window_more(struct window *window, size_t keep, size_t *shift) {
    *shift = 0;
    if (window->at_end) {
        return WINDOW_END;
    }
    if (window->error != 0) {
        return WINDOW_FAILED;
    }
    if (!window_make_room(window, keep, shift)) {
        window->error = ENOMEM;
        memset(window->data + window->end, 0, WINDOW_PADDING);
        return WINDOW_FAILED;
    }
    size_t room = window->capacity - window->end;
    ssize_t got;
    do {
        got = window->bytes->read(window->bytes, window->data + window->end,
                                  room < LIMIT_BLOCK_BYTES ? room : LIMIT_BLOCK_BYTES);
    } while (got < 0 && errno == EINTR);
    if (got > 0) {
        window->end += (size_t)got;
    }
    memset(window->data + window->end, 0, WINDOW_PADDING);
    if (got < 0) {
        window->error = errno != 0 ? errno : EIO;
        return WINDOW_FAILED;
    }
    window->at_end = got == 0;
    return got == 0 ? WINDOW_END : WINDOW_MORE;
}
