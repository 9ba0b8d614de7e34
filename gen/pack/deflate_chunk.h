#ifndef PACK_DEFLATE_CHUNK_H
#define PACK_DEFLATE_CHUNK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Pieces of one DEFLATE stream (RFC 1951), each made without knowing the others, so that several threads can make them:
 * a piece that is not the last ends at a byte boundary with the stream still open. libdeflate makes each as a stream of
 * its own, whose last block is then reopened. What came of that is inflated and compared before it is used; a piece
 * that failed the comparison is stored instead, so that another version of libdeflate can cost room and nothing else.
 */
struct deflate_chunk; /* what makes them, for one thread */

enum deflate_effort {
    DEFLATE_SMALL, /* as small as can be, within reason */
    DEFLATE_FAIR,  /* in two thirds of the time */
    DEFLATE_QUICK  /* in a third of it */
};

/* NULL when memory is out. Pieces of at most `most` bytes can be made. */
struct deflate_chunk *deflate_chunk_new(size_t most);
void deflate_chunk_free(struct deflate_chunk *chunk);
/* The room that making a piece of `length` bytes may take. */
size_t deflate_chunk_room(size_t length);
/* Makes a piece into `out`, which has that room, and returns its length. */
size_t deflate_chunk_make(struct deflate_chunk *chunk, const uint8_t *bytes, size_t length, bool last,
                          enum deflate_effort effort, uint8_t *out);
/*
 * What is worth the while for such bytes, of which these, a piece at most, are an example: where texts of some length
 * come again and again, DEFLATE_SMALL saves a twentieth of the room, and elsewhere little. `out` has the room for a
 * piece.
 */
enum deflate_effort deflate_chunk_effort(struct deflate_chunk *chunk, const uint8_t *bytes, size_t length,
                                         uint8_t *out);
/*
 * How many of DEFLATE_CHUNK_SHARE pieces may be made with DEFLATE_QUICK and the others with DEFLATE_FAIR, so that all
 * of them together are smaller than what gzip makes of such bytes; of which these, a piece at most, are an example.
 * `out` has the room for a piece. False when memory is out.
 */
#define DEFLATE_CHUNK_SHARE 64u
bool deflate_chunk_quick_share(struct deflate_chunk *chunk, const uint8_t *bytes, size_t length, uint8_t *out,
                               unsigned *share);

#endif
