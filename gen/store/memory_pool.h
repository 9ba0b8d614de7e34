#ifndef STORE_MEMORY_POOL_H
#define STORE_MEMORY_POOL_H

#include <stdbool.h>

/*
 * Blocks for SQLite, which asks for millions of small ones and gives them back at once: preparing one test takes some
 * thousand. Debian's SQLite is built without the lists of free blocks of its own (SQLITE_OMIT_LOOKASIDE), so each
 * thread keeps such lists here, one for each size. What a thread has kept goes to the next thread that starts when it
 * ends. Blocks past a few pages come from malloc. Every address is a multiple of 8, as SQLite asks
 * (sqlite3_mem_methods).
 */

/* Once, before any other call; false when the system refused. */
bool memory_pool_start(void);
/* At least `size` bytes, more than 0; NULL when memory ran out. */
void *memory_pool_allocate(int size);
/* Any thread may free and resize what another has allocated. NULL is none. */
void memory_pool_free(void *block);
/* The block, or another one with its bytes up to `size`; NULL when memory ran out, and the block is as it was. */
void *memory_pool_resize(void *block, int size);
/* The bytes that a block holds, which are what was asked or a few more; 0 of NULL. */
int memory_pool_size(const void *block);
/* How large a block of `size` bytes would be. */
int memory_pool_round(int size);

#endif
