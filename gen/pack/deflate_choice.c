#include "pack/deflate_choice.h"

/*
 * Of an entry that has so many pieces, it is worth finding out how many may be deflated quickly; so many further on its
 * bytes may have become others.
 */
#define SHARED_FROM  16
#define SHARED_AGAIN 256

void deflate_choice_begin(struct deflate_choice *choice, bool quick) {
    *choice = (struct deflate_choice){.effort = quick ? DEFLATE_QUICK : DEFLATE_SMALL};
}

bool deflate_choice_learn(struct deflate_choice *choice, struct deflate_pool *pool, struct deflate_piece *piece,
                          const uint8_t *end) {
    const uint8_t *bytes = end - piece->length;

    if (piece->first && choice->effort == DEFLATE_SMALL) {
        choice->effort = deflate_pool_effort(pool, bytes, piece->length);
        piece->effort = choice->effort;
    }
    return choice->effort != DEFLATE_FAIR || choice->pieces % SHARED_AGAIN != SHARED_FROM ||
           deflate_pool_quick_share(pool, bytes, piece->length, &choice->quick);
}

enum deflate_effort deflate_choice_next(struct deflate_choice *choice) {
    /* Spread evenly over the others. */
    bool quick = choice->pieces++ * choice->quick % DEFLATE_CHUNK_SHARE < choice->quick;

    return choice->effort == DEFLATE_FAIR && quick ? DEFLATE_QUICK : choice->effort;
}
