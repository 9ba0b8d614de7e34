#ifndef CONFIG_YAML_PENDING_H
#define CONFIG_YAML_PENDING_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * What the collections hold that are not read to their end, the innermost's last: each is copied once, at its end, so
 * that no room is lost to arrays that grow.
 */
struct yaml_pending {
    char *bytes;
    size_t length;
    size_t capacity;
};

/* Adds an element; all are of one size. False when memory is out. */
bool yaml_pending_push(struct yaml_pending *pending, const void *element, size_t size);
/* Takes off what was added since `length` was `from`: an array in the arena; NULL for none, and when memory is out. */
void *yaml_pending_take(struct yaml_pending *pending, size_t from, struct arena *arena);
void yaml_pending_free(struct yaml_pending *pending);

#endif
