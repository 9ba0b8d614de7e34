#include "assess/item_set.h"

#include "base/limits.h"

#include <stdlib.h>

/* FNV-1a, 64 bits: spread is all that is asked of it, since equal hashes are looked into. */
static uint64_t hash_of(const char *item) {
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    for (; *item != '\0'; item++) {
        hash = (hash ^ (unsigned char)*item) * UINT64_C(0x100000001b3);
    }
    return hash;
}

void item_set_add(struct item_set *set, const char *item) {
    if (set->full) {
        return;
    }
    if (set->count == set->capacity) {
        size_t wanted = set->capacity == 0 ? 1024 : set->capacity * 2;
        uint64_t *grown = wanted <= LIMIT_ITEM_HASHES ? reallocarray(set->hashes, wanted, sizeof *grown) : NULL;
        if (grown == NULL) {
            set->full = true;
            return;
        }
        set->hashes = grown;
        set->capacity = wanted;
    }
    set->hashes[set->count++] = hash_of(item);
}

static int compare(const void *a, const void *b) {
    uint64_t left = *(const uint64_t *)a;
    uint64_t right = *(const uint64_t *)b;

    return left < right ? -1 : left > right;
}

bool item_set_may_repeat(struct item_set *set) {
    if (set->full) {
        return true;
    }
    if (set->count > 1) {
        qsort(set->hashes, set->count, sizeof *set->hashes, compare);
    }
    for (size_t i = 1; i < set->count; i++) {
        if (set->hashes[i] == set->hashes[i - 1]) {
            return true;
        }
    }
    return false;
}

void item_set_free(struct item_set *set) {
    free(set->hashes);
    *set = (struct item_set){0};
}
