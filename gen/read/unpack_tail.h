#ifndef READ_UNPACK_TAIL_H
#define READ_UNPACK_TAIL_H

#include "base/buffer.h"
#include "base/digest.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * The directory behind the entries of a ZIP (APPNOTE 4.3.12). Entries are read one after the other as they stand, and
 * everyone else goes by the directory: both must name the same members, and nothing may stand behind it.
 */
struct unpack_tail {
    struct digest_sum entries; /* names met on the way */
    struct digest_sum listed;  /* names in the directory */
    struct buffer held;        /* not understood yet */
    bool closed;               /* its end has come */
    bool wrong;
};

/* Notes an entry. False when memory is out. */
bool unpack_tail_entry(struct unpack_tail *tail, const char *name);
/* Takes a piece of what stands behind the entries. False when memory is out. */
bool unpack_tail_feed(struct unpack_tail *tail, const void *bytes, size_t length);
/* After the last piece: NULL, or what is wrong. */
const char *unpack_tail_fault(const struct unpack_tail *tail);
void unpack_tail_free(struct unpack_tail *tail);

#endif
