#ifndef PACK_DEFLATE_WALK_H
#define PACK_DEFLATE_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Where the last block of a DEFLATE stream (RFC 1951) stands. libdeflate makes complete streams only and tells neither
 * position, and both are needed to put another stream behind one.
 */
#define DEFLATE_WALK_SLACK 8 /* bytes behind the stream that may be read, whatever they hold */

struct deflate_walk; /* tables, for one thread */

struct deflate_ends {
    size_t last; /* bit position of the last block's header */
    size_t end;  /* bit position behind the last block */
};

/* NULL when memory is out. */
struct deflate_walk *deflate_walk_new(void);
void deflate_walk_free(struct deflate_walk *walk);
/*
 * Finds both in a stream of `length` bytes whose unused bits at the end are zero, as libdeflate leaves them: the last
 * block is not gone through, its end is found from there. False where the bytes are no such stream. A stream of another
 * origin may be answered wrongly: whoever joins streams has to inflate what came of it.
 */
bool deflate_walk_find(struct deflate_walk *walk, const uint8_t *stream, size_t length, struct deflate_ends *out);

#endif
