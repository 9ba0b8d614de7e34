#include "base/pages.h"

#include "base/sanitizer.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define REGION_BYTES ((size_t)2 << 20) /* a large page of x86-64 and of most others; a wrong guess costs only speed */

/* Address sanitizer sees each block only when it comes from malloc. */
#define POOLED (!SANITIZER_ADDRESS)

struct block {
    struct block *next;
};

/* One pool for all threads: what one gives back, another takes. */
static pthread_mutex_t pages_lock = PTHREAD_MUTEX_INITIALIZER;
static struct block *pages_free;
static char *pages_at; /* what is left of the newest region, never used yet */
static char *pages_end;

/* The start of a region of its own; the addresses around it that alignment takes are given back. */
static char *region_new(void) {
    char *start =
        mmap(NULL, 2 * REGION_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (start == MAP_FAILED) {
        return NULL;
    }
    size_t before = (REGION_BYTES - (size_t)start % REGION_BYTES) % REGION_BYTES;
    char *region = start + before;
    if (before > 0) {
        (void)munmap(start, before); /* never touched: nothing is lost where it stays */
    }
    (void)munmap(region + REGION_BYTES, REGION_BYTES - before);
    (void)madvise(region, REGION_BYTES, MADV_HUGEPAGE); /* where there are none, small pages do */
    return region;
}

static void *take(void) {
    if (pages_free != NULL) {
        struct block *block = pages_free;
        pages_free = block->next;
        return block;
    }
    if (pages_at == pages_end) {
        pages_at = region_new();
        pages_end = pages_at != NULL ? pages_at + REGION_BYTES : NULL;
    }
    char *block = pages_at;
    pages_at = block != NULL ? block + PAGES_BYTES : NULL;
    return block;
}

void *pages_take(void) {
    if (!POOLED) {
        return calloc(1, PAGES_BYTES);
    }
    pthread_mutex_lock(&pages_lock);
    bool used = pages_free != NULL;
    void *block = take();
    pthread_mutex_unlock(&pages_lock);
    if (used) {
        memset(block, 0, PAGES_BYTES);
    }
    return block;
}

void pages_give(void *given) {
    if (!POOLED || given == NULL) {
        free(given);
        return;
    }
    struct block *block = given;
    pthread_mutex_lock(&pages_lock);
    block->next = pages_free;
    pages_free = block;
    pthread_mutex_unlock(&pages_lock);
}

void pages_prefer_large(void *memory, size_t bytes) {
    size_t before = (REGION_BYTES - (size_t)memory % REGION_BYTES) % REGION_BYTES;

    if (bytes > before && bytes - before >= REGION_BYTES) {
        (void)madvise((char *)memory + before, (bytes - before) / REGION_BYTES * REGION_BYTES, MADV_HUGEPAGE);
    }
}
