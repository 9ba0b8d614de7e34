#include "config/yaml_pending.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_ELEMENTS 64

bool yaml_pending_push(struct yaml_pending *pending, const void *element, size_t size) {
    if (pending->capacity - pending->length < size) {
        size_t capacity = 2 * pending->capacity + FIRST_ELEMENTS * size;
        char *grown = realloc(pending->bytes, capacity);
        if (grown == NULL)
            return false;
        pending->bytes = grown;
        pending->capacity = capacity;
    }
    memcpy(pending->bytes + pending->length, element, size);
    pending->length += size;
    return true;
}

void *yaml_pending_take(struct yaml_pending *pending, size_t from, struct arena *arena) {
    size_t length = pending->length - from;
    void *array = length > 0 ? arena_allocate(arena, length) : NULL;
    if (array != NULL)
        memcpy(array, pending->bytes + from, length);
    pending->length = from;
    return array;
}

void yaml_pending_free(struct yaml_pending *pending) {
    free(pending->bytes);
    *pending = (struct yaml_pending){0};
}
