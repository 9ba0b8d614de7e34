#ifndef BASE_BYTE_SOURCE_H
#define BASE_BYTE_SOURCE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * Where a reader gets its bytes: a file, memory, a decompressor. Embedded as the first member of the implementation.
 * `read` returns how many bytes it wrote to `into` (at most `capacity`), 0 at the end, or -1 with errno set.
 */
struct byte_source {
    ssize_t (*read)(struct byte_source *source, void *into, size_t capacity);
};

/* A source over memory that the caller keeps. */
struct byte_source_memory {
    struct byte_source source;
    const char *bytes;
    size_t length;
    size_t position;
    size_t most; /* gives at most this many bytes a read (0: no limit); tests cut the input everywhere with it */
};
void byte_source_memory(struct byte_source_memory *memory, const void *bytes, size_t length);

/* A source over an open descriptor, which stays the caller's. */
struct byte_source_descriptor {
    struct byte_source source;
    int descriptor;
};
void byte_source_descriptor(struct byte_source_descriptor *file, int descriptor);

#endif
