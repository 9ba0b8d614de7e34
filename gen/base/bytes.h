#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * Copies and compares texts, of which most have a few bytes up to two dozen: they are done in two parts that may
 * overlap, sooner than a function is called. No pointer is NULL, not even of a text without bytes.
 */
static inline void bytes_copy(void *out, const void *from, size_t length) {
    unsigned char *to = out;
    const unsigned char *bytes = from;

    if (length - 8 <= 8) {
        uint64_t first;
        uint64_t last;
        memcpy(&first, bytes, sizeof first);
        memcpy(&last, bytes + length - sizeof last, sizeof last);
        memcpy(to, &first, sizeof first);
        memcpy(to + length - sizeof last, &last, sizeof last);
    } else if (length - 4 < 4) {
        uint32_t first;
        uint32_t last;
        memcpy(&first, bytes, sizeof first);
        memcpy(&last, bytes + length - sizeof last, sizeof last);
        memcpy(to, &first, sizeof first);
        memcpy(to + length - sizeof last, &last, sizeof last);
    } else {
        memcpy(to, bytes, length);
    }
}

static inline bool bytes_equal(const void *a, const void *b, size_t length) {
    const unsigned char *one = a;
    const unsigned char *other = b;

    if (length - 8 <= 8) {
        uint64_t firsts[2];
        uint64_t lasts[2];
        memcpy(&firsts[0], one, sizeof firsts[0]);
        memcpy(&firsts[1], other, sizeof firsts[1]);
        memcpy(&lasts[0], one + length - sizeof lasts[0], sizeof lasts[0]);
        memcpy(&lasts[1], other + length - sizeof lasts[1], sizeof lasts[1]);
        return ((firsts[0] ^ firsts[1]) | (lasts[0] ^ lasts[1])) == 0;
    }
    return memcmp(one, other, length) == 0;
}

#endif
