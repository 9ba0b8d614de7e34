#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DIGEST_BYTES     32
#define DIGEST_HEX_BYTES 65 /* with the NUL */

/* SHA-256 (FIPS 180-4) over a stream. */
struct digest;

struct digest *digest_new(void);
void digest_free(struct digest *digest);
bool digest_update(struct digest *digest, const void *bytes, size_t length);
/* Writes the digest and makes the object ready for a new stream. */
bool digest_finish(struct digest *digest, uint8_t out[DIGEST_BYTES]);
/* Both in one. */
bool digest_bytes(const void *bytes, size_t length, uint8_t out[DIGEST_BYTES]);
void digest_hex(const uint8_t digest[DIGEST_BYTES], char out[DIGEST_HEX_BYTES]);
/* Reads 64 lower-case hexadecimal digits; false for anything else. */
bool digest_from_hex(const char *text, size_t length, uint8_t out[DIGEST_BYTES]);

/*
 * A digest of a multiset: the sum modulo 2^256 of the SHA-256 of its members (big-endian). The order of adding does not
 * matter, a member added twice counts twice. An all-zero struct is the empty multiset.
 */
struct digest_sum {
    uint8_t bytes[DIGEST_BYTES];
    uint64_t members;
};
/* `by` has no stream at hand and is ready for one afterwards: with it many members cost a third. NULL: none is there.
 */
bool digest_sum_add(struct digest_sum *sum, struct digest *by, const void *bytes, size_t length);

#endif
