#ifndef DOCUMENT_ANCHOR_H
#define DOCUMENT_ANCHOR_H

#include "base/arena.h"
#include "base/buffer.h"

#include <stddef.h>

/* Names of places in a document, each used once. An all-zero struct with an arena is an empty set. */
struct anchors {
    struct arena *arena;
    const char **slots; /* open addressing; a power of two */
    size_t slot_count;
    size_t count;
};

/*
 * Appends the text as a name that is safe in HTML ids, links and PDF destinations: ASCII letters in lower case, digits,
 * '.', '_', and '-' for every run of anything else.
 */
void anchor_slug(struct buffer *out, const char *text, size_t length);
/* The name itself, or with "-2", "-3"... when it is taken; kept in the arena. NULL when memory is out. */
const char *anchor_claim(struct anchors *anchors, const char *name);

#endif
