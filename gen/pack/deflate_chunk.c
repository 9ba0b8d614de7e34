#include "pack/deflate_chunk.h"

#include "pack/deflate_walk.h"

#include <assert.h>
#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define REPETITIVE   7      /* times as long as what the quickest effort makes of it */
#define STORED_MOST  65535u /* bytes of a stored block */
#define STORED_BYTES 5u     /* of its header, on a byte boundary */
/* Behind what libdeflate made: an empty stored block that ends the piece, and one that ends it for the comparison. */
#define TAIL_BYTES (2 * STORED_BYTES + DEFLATE_WALK_SLACK)

#define WINDOW        (32u << 10) /* bytes that a match may lie back */
#define GZIP_MEMORY   8           /* of zlib's levels: what gzip has */
#define SAVED_OF_GZIP 80          /* one part of so many: pieces differ, and an example is no more than that */

static const int levels[] = {[DEFLATE_SMALL] = 6, [DEFLATE_FAIR] = 5, [DEFLATE_QUICK] = 1};

#define EFFORTS (sizeof levels / sizeof levels[0])

struct deflate_chunk {
    struct libdeflate_compressor *compressors[EFFORTS];
    struct libdeflate_decompressor *decompressor;
    struct deflate_walk *walk;
    uint8_t *inflated;
    size_t most;
};

struct deflate_chunk *deflate_chunk_new(size_t most) {
    struct deflate_chunk *chunk = calloc(1, sizeof *chunk);
    if (chunk == NULL) {
        return NULL;
    }
    chunk->most = most;
    bool made = true;
    for (size_t i = 0; i < EFFORTS; i++) {
        chunk->compressors[i] = libdeflate_alloc_compressor(levels[i]);
        made = made && chunk->compressors[i] != NULL;
    }
    chunk->decompressor = libdeflate_alloc_decompressor();
    chunk->walk = deflate_walk_new();
    chunk->inflated = malloc(most);
    if (!made || chunk->decompressor == NULL || chunk->walk == NULL || chunk->inflated == NULL) {
        deflate_chunk_free(chunk);
        return NULL;
    }
    return chunk;
}

void deflate_chunk_free(struct deflate_chunk *chunk) {
    if (chunk == NULL) {
        return;
    }
    for (size_t i = 0; i < EFFORTS; i++) {
        if (chunk->compressors[i] != NULL) {
            libdeflate_free_compressor(chunk->compressors[i]);
        }
    }
    if (chunk->decompressor != NULL) {
        libdeflate_free_decompressor(chunk->decompressor);
    }
    deflate_walk_free(chunk->walk);
    free(chunk->inflated);
    free(chunk);
}

size_t deflate_chunk_room(size_t length) {
    size_t stored = length + STORED_BYTES * (length / STORED_MOST + 1);
    size_t bound = libdeflate_deflate_compress_bound(NULL, length);
    return (bound > stored ? bound : stored) + TAIL_BYTES;
}

static void put_stored_header(uint8_t *out, bool last, size_t length) {
    out[0] = last;
    out[1] = (uint8_t)length;
    out[2] = (uint8_t)(length >> 8);
    out[3] = (uint8_t)~length;
    out[4] = (uint8_t)(~length >> 8);
}

static size_t store(const uint8_t *bytes, size_t length, bool last, uint8_t *out) {
    size_t at = 0;
    do {
        size_t part = length < STORED_MOST ? length : STORED_MOST;
        put_stored_header(out + at, last && part == length, part);
        memcpy(out + at + STORED_BYTES, bytes, part);
        at += STORED_BYTES + part;
        bytes += part;
        length -= part;
    } while (length > 0);
    return at;
}

/* Reopens the stream's last block and ends the piece at a byte boundary; its new length, or 0 where that failed. */
static size_t reopen(struct deflate_chunk *chunk, uint8_t *out, size_t size) {
    struct deflate_ends ends;

    memset(out + size, 0, TAIL_BYTES);
    if (!deflate_walk_find(chunk->walk, out, size, &ends)) {
        return 0;
    }
    out[ends.last / 8] &= (uint8_t) ~(1u << ends.last % 8);
    if (ends.end % 8 == 0) {
        return size;
    }
    /* The header of an empty stored block is three zeros, and zeros up to the boundary: they are there already. */
    size_t boundary = (ends.end + 3 + 7) / 8;
    out[boundary] = 0;
    out[boundary + 1] = 0;
    out[boundary + 2] = 0xFF;
    out[boundary + 3] = 0xFF;
    return boundary + 4;
}

/* Whether the piece, ended, inflates to what it was made of. */
static bool sound(struct deflate_chunk *chunk, uint8_t *out, size_t size, const uint8_t *bytes, size_t length) {
    size_t inflated = 0;

    put_stored_header(out + size, true, 0);
    return libdeflate_deflate_decompress(chunk->decompressor, out, size + STORED_BYTES, chunk->inflated, length,
                                         &inflated) == LIBDEFLATE_SUCCESS &&
           inflated == length && memcmp(chunk->inflated, bytes, length) == 0;
}

size_t deflate_chunk_make(struct deflate_chunk *chunk, const uint8_t *bytes, size_t length, bool last,
                          enum deflate_effort effort, uint8_t *out) {
    assert(length <= chunk->most);
    size_t size = libdeflate_deflate_compress(chunk->compressors[effort], bytes, length, out,
                                              libdeflate_deflate_compress_bound(NULL, length));
    if (size > 0 && !last) {
        size = reopen(chunk, out, size);
        size = size > 0 && sound(chunk, out, size, bytes, length) ? size : 0;
    }
    return size > 0 ? size : store(bytes, length, last, out);
}

static size_t quick_size(struct deflate_chunk *chunk, const uint8_t *bytes, size_t length, uint8_t *out) {
    return libdeflate_deflate_compress(chunk->compressors[DEFLATE_QUICK], bytes, length, out,
                                       libdeflate_deflate_compress_bound(NULL, length));
}

enum deflate_effort deflate_chunk_effort(struct deflate_chunk *chunk, const uint8_t *bytes, size_t length,
                                         uint8_t *out) {
    size_t size = quick_size(chunk, bytes, length, out);
    return size == 0 || size < length / REPETITIVE ? DEFLATE_SMALL : DEFLATE_FAIR;
}

/* What gzip makes of bytes that others like them stand before; false when memory is out. */
static bool gzip_size(const uint8_t *bytes, size_t length, uint8_t *out, size_t *size) {
    size_t before = length / 2 < WINDOW ? length / 2 : WINDOW;
    z_stream stream = {0};

    if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS, GZIP_MEMORY, Z_DEFAULT_STRATEGY) != Z_OK) {
        return false;
    }
    (void)deflateSetDictionary(&stream, bytes, (uInt)before); /* of a stream that has just begun, nothing can fail */
    stream.next_in = (uint8_t *)(uintptr_t)(bytes + before);
    stream.avail_in = (uInt)(length - before);
    stream.next_out = out;
    stream.avail_out = (uInt)deflate_chunk_room(length);
    int status = deflate(&stream, Z_FINISH);
    *size = status == Z_STREAM_END ? stream.total_out * length / (length - before) : 0;
    (void)deflateEnd(&stream);
    return true;
}

bool deflate_chunk_quick_share(struct deflate_chunk *chunk, const uint8_t *bytes, size_t length, uint8_t *out,
                               unsigned *share) {
    size_t most;

    assert(length > 0 && length <= chunk->most);
    if (!gzip_size(bytes, length, out, &most)) {
        return false;
    }
    most -= most / SAVED_OF_GZIP;
    size_t fair = libdeflate_deflate_compress(chunk->compressors[DEFLATE_FAIR], bytes, length, out,
                                              libdeflate_deflate_compress_bound(NULL, length));
    size_t quick = quick_size(chunk, bytes, length, out);
    *share = fair >= most || quick == 0 ? 0
             : quick <= most            ? DEFLATE_CHUNK_SHARE
                                        : (unsigned)(DEFLATE_CHUNK_SHARE * (most - fair) / (quick - fair));
    return true;
}
