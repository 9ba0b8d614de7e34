#include "store/memory_pool.h"

#include "base/pages.h"
#include "base/sanitizer.h"

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Sizes, header included: each multiple of a small step, then each of a larger one, up to a page with what SQLite adds.
 */
#define SMALL_STEP  16
#define SMALL_MOST  1024
#define SMALL_COUNT (SMALL_MOST / SMALL_STEP)
#define LARGE_STEP  128
#define LARGE_MOST  8192
#define LARGE_COUNT ((LARGE_MOST - SMALL_MOST) / LARGE_STEP)

/* Address sanitizer sees each block only when it comes from malloc. */
#define POOLED_MOST (SANITIZER_ADDRESS ? 0 : LARGE_MOST)

/* In front of the bytes that SQLite gets; `next` while the block is free, in their place. */
struct block {
    int64_t total; /* bytes, this one included */
    struct block *next;
};
#define HEADER_BYTES offsetof(struct block, next)

struct slab {
    struct slab *next;
    char *end;
    char bytes[];
};

struct pool {
    struct block *free[SMALL_COUNT + LARGE_COUNT];
    struct slab *slabs; /* so that they can be found, although they are never given back */
    char *at;           /* what is left of the newest */
    struct pool *next;  /* of those that no thread has */
};

/* SQLite's allocator interface passes no context. */
static _Thread_local struct pool *pool_current;
static pthread_key_t pool_key;
static pthread_mutex_t pool_lock = PTHREAD_MUTEX_INITIALIZER;
static struct pool *pool_idle;

/* Called when a thread ends. */
static void leave(void *ended) {
    struct pool *pool = ended;
    pool_current = NULL;
    pthread_mutex_lock(&pool_lock);
    pool->next = pool_idle;
    pool_idle = pool;
    pthread_mutex_unlock(&pool_lock);
}

bool memory_pool_start(void) {
    return pthread_key_create(&pool_key, leave) == 0;
}

static struct pool *enter(void) {
    pthread_mutex_lock(&pool_lock);
    struct pool *pool = pool_idle;
    pool_idle = pool != NULL ? pool->next : NULL;
    pthread_mutex_unlock(&pool_lock);
    if (pool == NULL) {
        pool = calloc(1, sizeof *pool);
    }
    if (pool != NULL && pthread_setspecific(pool_key, pool) != 0) {
        leave(pool);
        return NULL;
    }
    pool_current = pool;
    return pool;
}

static inline struct pool *pool_of_thread(void) {
    return pool_current != NULL ? pool_current : enter();
}

static inline struct block *block_of(const void *bytes) {
    return (struct block *)((uintptr_t)bytes - HEADER_BYTES);
}

static inline void *bytes_of(struct block *block) {
    return (char *)block + HEADER_BYTES;
}

static inline int64_t total_of(int size) {
    int64_t bytes = (int64_t)size + (int64_t)HEADER_BYTES;
    int64_t step = bytes <= SMALL_MOST ? SMALL_STEP : bytes <= LARGE_MOST ? LARGE_STEP : (int64_t)HEADER_BYTES;
    return (bytes + step - 1) / step * step;
}

static inline struct block **list_of(struct pool *pool, int64_t total) {
    return &pool->free[total <= SMALL_MOST ? total / SMALL_STEP - 1
                                           : SMALL_COUNT + (total - SMALL_MOST) / LARGE_STEP - 1];
}

/* A block that was never used: off the newest slab, or a new one. The rest of the one before is lost. */
static struct block *carve(struct pool *pool, int64_t total) {
    if (pool->slabs == NULL || pool->slabs->end - pool->at < total) {
        struct slab *slab = pages_take();
        if (slab == NULL) {
            return NULL;
        }
        slab->next = pool->slabs;
        slab->end = (char *)slab + PAGES_BYTES;
        pool->slabs = slab;
        pool->at = slab->bytes;
    }
    struct block *block = (struct block *)(void *)pool->at;
    pool->at += total;
    return block;
}

void *memory_pool_allocate(int size) {
    int64_t total = total_of(size);
    struct block *block = NULL;
    if (total > POOLED_MOST) {
        block = malloc((size_t)total);
    } else {
        struct pool *pool = pool_of_thread();
        if (pool == NULL) {
            return NULL;
        }
        struct block **list = list_of(pool, total);
        block = *list;
        if (block != NULL) {
            *list = block->next;
        } else {
            block = carve(pool, total);
        }
    }
    if (block == NULL) {
        return NULL;
    }
    block->total = total;
    return bytes_of(block);
}

void memory_pool_free(void *bytes) {
    if (bytes == NULL) {
        return;
    }
    struct block *block = block_of(bytes);
    if (block->total > POOLED_MOST) {
        free(block);
        return;
    }
    struct pool *pool = pool_of_thread();
    if (pool == NULL) {
        return; /* its slab stays, so this block alone is lost */
    }
    struct block **list = list_of(pool, block->total);
    block->next = *list;
    *list = block;
}

void *memory_pool_resize(void *bytes, int size) {
    if (bytes == NULL) {
        return memory_pool_allocate(size);
    }
    struct block *block = block_of(bytes);
    int64_t before = block->total;
    int64_t total = total_of(size);
    if (total == before) {
        return bytes;
    }
    if (total > POOLED_MOST && before > POOLED_MOST) {
        block = realloc(block, (size_t)total);
        if (block == NULL) {
            return NULL;
        }
        block->total = total;
        return bytes_of(block);
    }
    void *other = memory_pool_allocate(size);
    if (other != NULL) {
        memcpy(other, bytes, (size_t)(total < before ? total : before) - HEADER_BYTES);
        memory_pool_free(bytes);
    }
    return other;
}

int memory_pool_size(const void *bytes) {
    return bytes == NULL ? 0 : (int)(block_of(bytes)->total - (int64_t)HEADER_BYTES);
}

int memory_pool_round(int size) {
    return (int)(total_of(size) - (int64_t)HEADER_BYTES);
}
