#include "read/csv_scan.h"

#ifdef __SSE2__
#include <emmintrin.h>

#define BLOCK 16

static inline __m128i load(const unsigned char *at) {
    return _mm_loadu_si128((const __m128i *)(const void *)at);
}

/* Which of the bytes end an unquoted cell. */
static inline unsigned plain_ends(__m128i bytes, __m128i delimiters) {
    __m128i ends = _mm_or_si128(_mm_cmpeq_epi8(bytes, delimiters), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')));

    ends = _mm_or_si128(ends, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\n')));
    ends = _mm_or_si128(ends, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\r')));
    return (unsigned)_mm_movemask_epi8(_mm_or_si128(ends, _mm_cmpeq_epi8(bytes, _mm_setzero_si128())));
}

/* The bits before the lowest one of a mask that has one. */
static inline unsigned before(unsigned mask) {
    return (mask & -mask) - 1;
}

const unsigned char *csv_scan_plain(const unsigned char *at, char delimiter, bool *not_ascii) {
    const __m128i delimiters = _mm_set1_epi8(delimiter);

    for (;; at += BLOCK) {
        const __m128i bytes = load(at);
        unsigned ends = plain_ends(bytes, delimiters);
        unsigned high = (unsigned)_mm_movemask_epi8(bytes);
        if (ends != 0) {
            *not_ascii |= (high & before(ends)) != 0;
            return at + __builtin_ctz(ends);
        }
        *not_ascii |= high != 0;
    }
}

const unsigned char *csv_scan_quoted(const unsigned char *at, bool *not_ascii) {
    for (;; at += BLOCK) {
        const __m128i bytes = load(at);
        const __m128i ends =
            _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')), _mm_cmpeq_epi8(bytes, _mm_setzero_si128()));
        unsigned mask = (unsigned)_mm_movemask_epi8(ends);
        *not_ascii |= _mm_movemask_epi8(bytes) != 0;
        if (mask != 0) {
            return at + __builtin_ctz(mask);
        }
    }
}

const unsigned char *csv_scan_row(const unsigned char *at, char delimiter, struct csv_cell *cells, size_t capacity,
                                  size_t *count, bool *not_ascii) {
    const __m128i delimiters = _mm_set1_epi8(delimiter);
    const unsigned char *from = at;
    unsigned high = 0;
    size_t cell = 0;

    for (;; at += BLOCK) {
        const __m128i bytes = load(at);
        unsigned here = (unsigned)_mm_movemask_epi8(bytes);
        for (unsigned ends = plain_ends(bytes, delimiters); ends != 0; ends &= ends - 1) {
            const unsigned char *end = at + __builtin_ctz(ends);
            bool last = *end == '\n' || *end == '\r';
            if ((!last && *end != (unsigned char)delimiter) || cell == capacity) {
                return NULL;
            }
            cells[cell++] = (struct csv_cell){(const char *)from, (size_t)(end - from), false};
            from = end + 1;
            if (last) {
                *not_ascii = ((here & before(ends)) | high) != 0;
                *count = cell;
                return end;
            }
        }
        high |= here;
    }
}
#else
const unsigned char *csv_scan_plain(const unsigned char *at, char delimiter, bool *not_ascii) {
    for (; *at != (unsigned char)delimiter && *at != '"' && *at != '\n' && *at != '\r' && *at != 0; at++) {
        *not_ascii |= *at >= 0x80;
    }
    return at;
}

const unsigned char *csv_scan_quoted(const unsigned char *at, bool *not_ascii) {
    for (; *at != '"' && *at != 0; at++) {
        *not_ascii |= *at >= 0x80;
    }
    return at;
}

const unsigned char *csv_scan_row(const unsigned char *at, char delimiter, struct csv_cell *cells, size_t capacity,
                                  size_t *count, bool *not_ascii) {
    *not_ascii = false;
    for (size_t cell = 0; cell < capacity; at++) {
        const unsigned char *end = csv_scan_plain(at, delimiter, not_ascii);
        bool last = *end == '\n' || *end == '\r';
        if (!last && *end != (unsigned char)delimiter) {
            return NULL;
        }
        cells[cell++] = (struct csv_cell){(const char *)at, (size_t)(end - at), false};
        if (last) {
            *count = cell;
            return end;
        }
        at = end;
    }
    return NULL;
}
#endif
