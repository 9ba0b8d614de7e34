#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

/*
 * Memory that lives and dies together: configuration and documents. What is allocated is zeroed and aligned for any
 * type. Every function returns NULL when memory is out or a size overflows.
 */
struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *arena);
/* Takes over all that `other` holds, which is no arena any more; `other` may be NULL. */
void arena_join(struct arena *arena, struct arena *other);
void *arena_allocate(struct arena *arena, size_t size);
void *arena_array(struct arena *arena, size_t count, size_t size);
/* A NUL-terminated copy of `length` bytes. */
char *arena_copy(struct arena *arena, const char *bytes, size_t length);
char *arena_text(struct arena *arena, const char *text);
char *arena_format(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
/*
 * Grows an array by one element of `size` bytes. `*items` holds `*count` elements and room for the next power of two;
 * on success `*count` is one more and the new element (zeroed) is returned.
 */
void *arena_push(struct arena *arena, void *items, size_t *count, size_t size);

#endif
