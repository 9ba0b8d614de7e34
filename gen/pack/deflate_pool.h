#ifndef PACK_DEFLATE_POOL_H
#define PACK_DEFLATE_POOL_H

#include "pack/deflate_chunk.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Deflates pieces on all processors and gives them back in the order in which they were handed in. One thread owns the
 * pool and calls what is declared here; the result does not depend on how many others help it. Deflating takes longer
 * than all else that is done with evidence: LIMIT_DEFLATE_JOBS may be under way, so that it goes on while controls are
 * tested.
 */
#define DEFLATE_POOL_BYTES  (256u << 10) /* of one job */
#define DEFLATE_POOL_PIECES 64 /* the same: small pieces are handed in together, so that few threads are woken */

struct deflate_pool;

/* A part of a stream, deflated by itself. */
struct deflate_piece {
    /* Filled by the owner. */
    size_t length;
    bool last; /* of its stream */
    enum deflate_effort effort;
    /* Of no concern to the pool: what the owner wants to find again with the result. */
    size_t owner;
    bool first;
    /* The result. */
    size_t packed_length;
    uint32_t crc;
};

struct deflate_job {
    /*
     * Filled by the owner: `bytes` has room for DEFLATE_POOL_BYTES, which the pieces share in their order. Then it has
     * the result, of one piece after the other.
     */
    uint8_t *bytes;
    struct deflate_piece pieces[DEFLATE_POOL_PIECES];
    size_t piece_count;
};

/* NULL when memory is out. Where no thread can be started, the owner does the work itself. */
struct deflate_pool *deflate_pool_new(void);
void deflate_pool_free(struct deflate_pool *pool);
/*
 * A job to fill and submit, of which more than one may be had; NULL when no more can be under way, and the oldest has
 * to be taken first. Where none was handed in, memory is out.
 */
struct deflate_job *deflate_pool_job(struct deflate_pool *pool);
/*
 * Whether jobs are to wait, as far as they may, for what keeps all processors busy now: where there are few. They are
 * deflated when that is over.
 */
void deflate_pool_hold(struct deflate_pool *pool, bool hold);
/* What deflate_chunk_effort says of bytes that are no more than a piece. */
enum deflate_effort deflate_pool_effort(struct deflate_pool *pool, const uint8_t *bytes, size_t length);
/* What deflate_chunk_quick_share says of them. */
bool deflate_pool_quick_share(struct deflate_pool *pool, const uint8_t *bytes, size_t length, unsigned *share);
/* Hands in the oldest job that was not. From then on it is the pool's. */
void deflate_pool_submit(struct deflate_pool *pool);
/* The oldest job that was handed in, once it is done; NULL when there is none. */
struct deflate_job *deflate_pool_oldest(struct deflate_pool *pool);
/* Whether it is done already. */
bool deflate_pool_done(struct deflate_pool *pool);
/* Gives the oldest job's place back. */
void deflate_pool_release(struct deflate_pool *pool);

#endif
