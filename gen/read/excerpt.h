#ifndef READ_EXCERPT_H
#define READ_EXCERPT_H

#include "base/buffer.h"
#include "base/byte_source.h"
#include "base/encoding.h"

#include <stdbool.h>
#include <stdint.h>

/* Where a record stands: what the store keeps of it. */
struct excerpt {
    bool packed;        /* in a member of the file */
    const char *member; /* its name; NULL: the one content of a compressed file */
    uint64_t offset;
    uint64_t length;
    const struct encoding *encoding; /* what is declared of text; NULL: nothing */
};

/*
 * Appends a record to `out`, its bytes or, where they are text in another encoding, what they say in UTF-8; reading the
 * evidence to its end, once and in order, so that who hashes it on the way has seen all of it. A record that is no
 * longer there gives nothing. False with errno set when reading failed.
 */
bool excerpt_read(const struct excerpt *excerpt, struct byte_source *bytes, struct buffer *out);

#endif
