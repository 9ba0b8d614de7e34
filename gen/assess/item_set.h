#ifndef ASSESS_ITEM_SET_H
#define ASSESS_ITEM_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Tells whether items may repeat without keeping them: 8 bytes of hash an item, up to LIMIT_ITEM_HASHES. Where it
 * cannot rule a repetition out, the items themselves must be compared. An all-zero struct is an empty set.
 */
struct item_set {
    uint64_t *hashes;
    size_t count;
    size_t capacity;
    bool full; /* more items than the limit, or no memory for more: nothing can be ruled out */
};

void item_set_add(struct item_set *set, const char *item);
/* True when two items have the same hash, or when the set was full. Sorts what it holds. */
bool item_set_may_repeat(struct item_set *set);
void item_set_free(struct item_set *set);

#endif
