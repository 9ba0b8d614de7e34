#ifndef ASSESS_SAMPLE_DRAW_H
#define ASSESS_SAMPLE_DRAW_H

#include "base/digest.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A draw that anyone can repeat: it follows from the digest of the population and the auditor's nonce alone. The
 * algorithm is told to auditors in cmd/sample_text.h; what is here does that, and tests/end/sample_replay.py does it
 * again in python.
 */
enum sample_method { SAMPLE_RANDOM, SAMPLE_STRATIFIED, SAMPLE_SYSTEMATIC };
extern const char *const sample_draw_methods[]; /* NULL-terminated: "random", "stratified", "systematic" */

/* The first line of the text that the seed is the digest of: it changes with the algorithm. */
#define SAMPLE_FORMAT "tickmark sample 1"

/* SHA-256 of three lines: the format, the population's digest in hexadecimal, the nonce. False when memory is out. */
bool sample_draw_seed(const char *population_digest, const char *nonce, uint8_t seed[DIGEST_BYTES]);
/* An item's rank: HMAC-SHA-256 with the seed as its key. False when the library failed. */
bool sample_draw_rank(const uint8_t seed[DIGEST_BYTES], const char *item, uint8_t rank[DIGEST_BYTES]);
/*
 * Shares `size` items (at most the sum of `populations`, which is at most UINT32_MAX) out among strata in proportion,
 * by largest remainder, an earlier stratum before a later one where remainders are equal. Where the size allows each
 * stratum one and some has none, it takes one from the stratum with the most.
 */
void sample_draw_allocate(const uint64_t *populations, size_t count, uint64_t size, uint64_t *allocated);
/* The place (from 0) of the item `number` (from 0) of a systematic sample of `size` among `population` items. */
uint64_t sample_draw_position(const uint8_t seed[DIGEST_BYTES], uint64_t population, uint64_t size, uint64_t number);

/* The items of lowest rank among all that are offered: memory grows with how many are kept, not with the offers. */
struct sample_draw_lowest;

struct sample_draw_kept {
    uint8_t rank[DIGEST_BYTES];
    char *item;
    uint64_t position; /* as offered */
};
/* Keeps at most `most`. NULL when memory is out. */
struct sample_draw_lowest *sample_draw_lowest_new(uint64_t most);
void sample_draw_lowest_free(struct sample_draw_lowest *lowest);
/* `position` comes back with the item. False when memory is out or the library failed. */
bool sample_draw_lowest_offer(struct sample_draw_lowest *lowest, const uint8_t seed[DIGEST_BYTES], const char *item,
                              uint64_t position);
/* What is kept, lowest rank first; nothing can be offered afterwards. Owned by `lowest`. */
const struct sample_draw_kept *sample_draw_lowest_finish(struct sample_draw_lowest *lowest, size_t *count);

#endif
