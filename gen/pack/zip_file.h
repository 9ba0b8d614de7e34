#ifndef PACK_ZIP_FILE_H
#define PACK_ZIP_FILE_H

#include "base/digest.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Whole reads and writes at a place in an open file. Each returns false with errno set; a file that ends too early is
 * ENODATA. The descriptor's own offset is neither used nor moved.
 */
#define ZIP_FILE_BLOCK (256u << 10)

bool zip_file_read(int descriptor, void *into, size_t length, uint64_t position);
bool zip_file_write(int descriptor, const void *bytes, size_t length, uint64_t position);
/* Has the system begin to write a part to the disk, without waiting for it. */
void zip_file_send(int descriptor, uint64_t from, uint64_t length);
/* Moves a run of bytes, which may overlap its new place. `block` is ZIP_FILE_BLOCK bytes of room. */
bool zip_file_move(int descriptor, uint64_t from, uint64_t to, uint64_t length, uint8_t *block);
/*
 * Writes what a run of deflated bytes holds, `size` bytes, to another place, which it does not touch. EBADMSG: they do
 * not hold that. `block` as above.
 */
bool zip_file_inflate(int descriptor, uint64_t from, uint64_t length, uint64_t to, uint64_t size, uint8_t *block);
/* The SHA-256 of the first `length` bytes. */
bool zip_file_digest(int descriptor, uint64_t length, uint8_t *block, uint8_t digest[DIGEST_BYTES]);

#endif
