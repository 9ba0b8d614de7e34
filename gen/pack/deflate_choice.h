#ifndef PACK_DEFLATE_CHOICE_H
#define PACK_DEFLATE_CHOICE_H

#include "pack/deflate_pool.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * With what effort each piece of an entry is deflated. It depends on the entry's own bytes and on nothing else, so that
 * the same evidence gives the same package: on its first piece, and of a large entry now and then on another.
 */
struct deflate_choice {
    enum deflate_effort effort;
    size_t pieces;  /* so far */
    unsigned quick; /* of DEFLATE_CHUNK_SHARE of them, those that are deflated quickly instead */
};

/* Begins an entry, which is deflated quickly rather than to the least size where that is wanted. */
void deflate_choice_begin(struct deflate_choice *choice, bool quick);
/*
 * Learns from a piece that is complete, the last before deflate_choice_next is called again; `end` is behind its bytes.
 * The effort of an entry's first piece may change. False when memory is out.
 */
bool deflate_choice_learn(struct deflate_choice *choice, struct deflate_pool *pool, struct deflate_piece *piece,
                          const uint8_t *end);
/* The effort for the entry's next piece. */
enum deflate_effort deflate_choice_next(struct deflate_choice *choice);

#endif
