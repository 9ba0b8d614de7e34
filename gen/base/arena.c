#include "base/arena.h"

#include "base/pages.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* An arena's blocks grow from the first to the second: many hold a few names only. */
#define FIRST_BYTES ((size_t)4 << 10)
#define BLOCK_BYTES (PAGES_BYTES - sizeof(struct block))
#define ALIGNMENT   _Alignof(max_align_t)

struct block {
    struct block *next;
    size_t used;
    size_t capacity;
    max_align_t bytes[];
};

struct arena {
    struct block *newest;
};

struct arena *arena_new(void) {
    return calloc(1, sizeof(struct arena));
}

void arena_free(struct arena *arena) {
    if (arena == NULL) {
        return;
    }
    struct block *block = arena->newest;
    while (block != NULL) {
        struct block *next = block->next;
        if (block->capacity == BLOCK_BYTES) {
            pages_give(block);
        } else {
            free(block);
        }
        block = next;
    }
    free(arena);
}

void arena_join(struct arena *arena, struct arena *other) {
    if (other == NULL) {
        return;
    }
    /* Behind the newest block, whose free room stays in use. */
    struct block **end = arena->newest == NULL ? &arena->newest : &arena->newest->next;
    struct block *rest = *end;
    *end = other->newest;
    while (*end != NULL) {
        end = &(*end)->next;
    }
    *end = rest;
    free(other);
}

/* Zeroed memory is what the contract promises, and calloc gets it from the system without touching it. */
static struct block *block_new(size_t capacity) {
    /* No object is larger than PTRDIFF_MAX; more is a size that went wrong. */
    if (capacity > PTRDIFF_MAX - sizeof(struct block)) {
        return NULL;
    }
    struct block *block = capacity == BLOCK_BYTES ? pages_take() : calloc(1, sizeof(struct block) + capacity);
    if (block != NULL) {
        block->capacity = capacity;
    }
    return block;
}

/* How large the next block is that `needed` bytes, no more than a quarter of a full one, are taken from. */
static size_t next_capacity(const struct arena *arena, size_t needed) {
    size_t capacity = arena->newest == NULL ? FIRST_BYTES : 2 * arena->newest->capacity;
    if (capacity < 4 * needed) {
        capacity = 4 * needed;
    }
    return capacity < BLOCK_BYTES ? capacity : BLOCK_BYTES;
}

/* `size` bytes from an address that `alignment` divides. */
static void *carve(struct arena *arena, size_t size, size_t alignment) {
    struct block *block = arena->newest;
    size_t at = block == NULL ? 0 : (block->used + alignment - 1) / alignment * alignment;
    if (block == NULL || at > block->capacity || size > block->capacity - at) {
        bool large = size > BLOCK_BYTES / 4;
        block = block_new(large ? size : next_capacity(arena, size));
        if (block == NULL) {
            return NULL;
        }
        /* A large request gets a block of its own behind the newest one, whose free room stays in use. */
        if (large && arena->newest != NULL) {
            block->next = arena->newest->next;
            arena->newest->next = block;
        } else {
            block->next = arena->newest;
            arena->newest = block;
        }
        at = 0;
    }
    block->used = at + size;
    return (char *)block->bytes + at;
}

void *arena_allocate(struct arena *arena, size_t size) {
    return carve(arena, size == 0 ? 1 : size, ALIGNMENT);
}

void *arena_array(struct arena *arena, size_t count, size_t size) {
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) {
        return NULL;
    }
    return arena_allocate(arena, bytes);
}

char *arena_copy(struct arena *arena, const char *bytes, size_t length) {
    size_t size;
    if (__builtin_add_overflow(length, 1, &size)) {
        return NULL;
    }
    char *copy = carve(arena, size, 1);
    if (copy != NULL && length > 0) {
        memcpy(copy, bytes, length);
    }
    return copy;
}

char *arena_text(struct arena *arena, const char *text) {
    return arena_copy(arena, text, strlen(text));
}

char *arena_format(struct arena *arena, const char *format, ...) {
    va_list arguments;
    va_list again;
    va_start(arguments, format);
    va_copy(again, arguments);
    char *text = NULL;
    int length = vsnprintf(NULL, 0, format, arguments);
    if (length >= 0) {
        text = carve(arena, (size_t)length + 1, 1);
        if (text != NULL && vsnprintf(text, (size_t)length + 1, format, again) != length) {
            text = NULL;
        }
    }
    va_end(again);
    va_end(arguments);
    return text;
}

void *arena_push(struct arena *arena, void *items, size_t *count, size_t size) {
    /* `items` is the address of a pointer of the caller's own type; memcpy reads it without aliasing trouble. */
    char *array;
    memcpy(&array, items, sizeof array);
    bool full = (*count & (*count - 1)) == 0;
    if (*count == 0 || full) {
        size_t capacity;
        if (__builtin_mul_overflow(*count, 2, &capacity)) {
            return NULL;
        }
        char *larger = arena_array(arena, capacity == 0 ? 1 : capacity, size);
        if (larger == NULL) {
            return NULL;
        }
        if (*count > 0) {
            memcpy(larger, array, *count * size);
        }
        array = larger;
        memcpy(items, &array, sizeof array);
    }
    return array + (*count)++ * size;
}
