#include "store/memory.h"

#include "store/memory_pool.h"

#include <sqlite3.h>
#include <stddef.h>

/* SQLite's allocator interface passes no context, so the account stands with the thread that runs the query. */
static _Thread_local struct memory_account *memory_current;

static int block_size(void *block) {
    return memory_pool_size(block);
}

static bool affordable(int bytes) {
    return memory_current == NULL || bytes <= memory_current->limit - memory_current->used;
}

/* The charge is for what the pool really gave, which is what freeing credits. */
static void charge(int bytes) {
    if (memory_current != NULL) {
        memory_current->used += bytes;
    }
}

/* What the system gave; a refusal is noted. */
static void *given(void *block) {
    if (block == NULL && memory_current != NULL) {
        memory_current->exhausted = true;
    }
    return block;
}

static void *block_allocate(int size) {
    if (size <= 0 || !affordable(size)) {
        return NULL;
    }
    void *block = given(memory_pool_allocate(size));
    charge(block_size(block));
    return block;
}

static void block_free(void *block) {
    charge(-block_size(block));
    memory_pool_free(block);
}

static void *block_resize(void *block, int size) {
    int before = block_size(block);
    if (size > before && !affordable(size - before)) {
        return NULL;
    }
    void *resized = given(memory_pool_resize(block, size));
    if (resized != NULL) {
        charge(block_size(resized) - before);
    }
    return resized;
}

static int allocator_open(void *context) {
    (void)context;
    return SQLITE_OK;
}

static void allocator_close(void *context) {
    (void)context;
}

bool memory_start(void) {
    static const sqlite3_mem_methods methods = {
        .xMalloc = block_allocate,
        .xFree = block_free,
        .xRealloc = block_resize,
        .xSize = block_size,
        .xRoundup = memory_pool_round,
        .xInit = allocator_open,
        .xShutdown = allocator_close,
    };
    /* No pages in advance: most tables that a query makes for itself have one or two, and the pool has them at hand. */
    return memory_pool_start() && sqlite3_config(SQLITE_CONFIG_MALLOC, &methods) == SQLITE_OK &&
           sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) == SQLITE_OK &&
           sqlite3_config(SQLITE_CONFIG_PAGECACHE, NULL, 0, 0) == SQLITE_OK;
}

struct memory_account *memory_enter(struct memory_account *account) {
    struct memory_account *before = memory_current;
    memory_current = account;
    return before;
}

void memory_leave(struct memory_account *before) {
    memory_current = before;
}
