#ifndef BASE_HASH_SET_H
#define BASE_HASH_SET_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Tells whether any of very many 64-bit hashes came twice. Hashes are sorted in runs; past LIMIT_HASH_RUN of them the
 * runs go to a file that has no name, so that memory does not grow with their number.
 */
struct hash_set;

/* `folder` is where the file is made, should one be needed; it must live as long as the set. NULL: memory is out. */
struct hash_set *hash_set_new(const char *folder);
void hash_set_free(struct hash_set *set);
/* False with errno set when memory or the disk failed. */
bool hash_set_add(struct hash_set *set, uint64_t hash);
/* Says whether a hash was added more than once; nothing can be added afterwards. False with errno set on failure. */
bool hash_set_repeats(struct hash_set *set, bool *repeats);

/* 64 bits of some bytes, going on from a hash (0 at first). It differs between machines: nothing may keep it. */
uint64_t hash_set_bytes(uint64_t hash, const void *bytes, uint64_t length);

#endif
