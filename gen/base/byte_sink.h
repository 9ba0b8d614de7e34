#ifndef BASE_BYTE_SINK_H
#define BASE_BYTE_SINK_H

#include "base/digest.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Where bytes go as they pass: a digest, the package's deflater, a file. Embedded as the first member of the
 * implementation. `write` takes all of them or returns false, having recorded why.
 */
struct byte_sink {
    bool (*write)(struct byte_sink *sink, const void *bytes, size_t length);
};

/* Hashes and counts, then passes on to `next` (NULL: nowhere). */
struct byte_sink_digest {
    struct byte_sink sink;
    struct byte_sink *next;
    struct digest *digest;
    uint64_t bytes;
};
bool byte_sink_digest_open(struct byte_sink_digest *tap, struct byte_sink *next);
/* Ends the stream: the digest of all that passed. Frees what open took; safe on a zeroed struct. */
bool byte_sink_digest_close(struct byte_sink_digest *tap, uint8_t out[DIGEST_BYTES]);

/* Writes to an open descriptor, which stays the caller's; `error` keeps errno after a failure. */
struct byte_sink_descriptor {
    struct byte_sink sink;
    int descriptor;
    int error;
};
void byte_sink_descriptor(struct byte_sink_descriptor *file, int descriptor);

#endif
