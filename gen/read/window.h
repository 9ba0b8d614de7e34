#ifndef READ_WINDOW_H
#define READ_WINDOW_H

#include "base/byte_source.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The part of the input that a parser has in memory. Behind `end` stand WINDOW_PADDING zero bytes, so that a scan may
 * load whole vectors and stops by itself.
 */
#define WINDOW_PADDING 32

struct window {
    struct byte_source *bytes;
    unsigned char *data;
    size_t capacity;
    size_t end;    /* bytes held */
    uint64_t base; /* offset in the input of data[0] */
    bool at_end;   /* the source has given its last byte */
    int error;     /* errno of the source, or ENOMEM */
};

enum window_result { WINDOW_MORE, WINDOW_END, WINDOW_FAILED };

/* False when memory is out; window_close is then still right. */
bool window_open(struct window *window, struct byte_source *bytes);
void window_close(struct window *window);
/*
 * Reads at least one byte more. What stands before `keep` may go: all that is kept moves down by `*shift`, which the
 * caller subtracts from its positions.
 */
enum window_result window_more(struct window *window, size_t keep, size_t *shift);

#endif
