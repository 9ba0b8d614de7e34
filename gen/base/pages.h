#ifndef BASE_PAGES_H
#define BASE_PAGES_H

#include <stddef.h>

/*
 * Blocks of zeroed memory that are taken often, kept by the process once it has them. They are cut from large pages
 * where the system has such: it then hands out two mebibytes at once, and not a page at a time at the first touch of
 * each. Any thread may call these.
 */
#define PAGES_BYTES ((size_t)64 << 10)

/* A block of PAGES_BYTES zeroes, aligned for any object, for pages_give; NULL when memory is out. */
void *pages_take(void);
void pages_give(void *block);

/* Asks for large pages for memory that was just allocated and is to be filled, as far as it spans such. */
void pages_prefer_large(void *memory, size_t bytes);

#endif
