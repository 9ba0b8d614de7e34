#include "base/byte_source.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static ssize_t read_memory(struct byte_source *source, void *into, size_t capacity) {
    struct byte_source_memory *memory = (struct byte_source_memory *)source;
    size_t length = memory->length - memory->position;
    if (length > capacity) {
        length = capacity;
    }
    if (memory->most > 0 && length > memory->most) {
        length = memory->most;
    }
    if (length > 0) {
        memcpy(into, memory->bytes + memory->position, length);
    }
    memory->position += length;
    return (ssize_t)length;
}

void byte_source_memory(struct byte_source_memory *memory, const void *bytes, size_t length) {
    *memory = (struct byte_source_memory){.source.read = read_memory, .bytes = bytes, .length = length};
}

static ssize_t read_descriptor(struct byte_source *source, void *into, size_t capacity) {
    struct byte_source_descriptor *file = (struct byte_source_descriptor *)source;
    ssize_t length;
    do {
        length = read(file->descriptor, into, capacity);
    } while (length < 0 && errno == EINTR);
    return length;
}

void byte_source_descriptor(struct byte_source_descriptor *file, int descriptor) {
    *file = (struct byte_source_descriptor){.source.read = read_descriptor, .descriptor = descriptor};
}
