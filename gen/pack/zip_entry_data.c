#include "pack/zip_entry_data.h"

#include "pack/zip_file.h"

#include <stdlib.h>
#include <zlib.h>

struct pouring {
    int descriptor;
    const struct zip_entry *entry;
    uint64_t start; /* of the data, in the file */
    uint64_t read;  /* bytes of it that were read */
    uint64_t made;  /* bytes poured */
    uint32_t crc;
    struct byte_sink *sink;
    const char **reason;
};

static enum zip_entry_data refuse(const struct pouring *pouring, const char *reason) {
    *pouring->reason = reason;
    return ZIP_ENTRY_DATA_REFUSED;
}

/* Reads the next block of packed data; 0 at its end. */
static bool fill(struct pouring *pouring, uint8_t *block, size_t *length) {
    uint64_t left = pouring->entry->packed - pouring->read;
    *length = left < ZIP_FILE_BLOCK ? (size_t)left : ZIP_FILE_BLOCK;
    if (!zip_file_read(pouring->descriptor, block, *length, pouring->start + pouring->read)) {
        return false;
    }
    pouring->read += *length;
    return true;
}

static bool pour(struct pouring *pouring, const uint8_t *bytes, size_t length) {
    pouring->crc = (uint32_t)crc32_z(pouring->crc, bytes, length);
    pouring->made += length;
    return pouring->sink->write(pouring->sink, bytes, length);
}

static enum zip_entry_data pour_stored(struct pouring *pouring, uint8_t *block) {
    size_t length = 0;
    do {
        if (!fill(pouring, block, &length)) {
            return ZIP_ENTRY_DATA_UNREADABLE;
        }
        if (length > 0 && !pour(pouring, block, length)) {
            return refuse(pouring, NULL);
        }
    } while (length > 0);
    return ZIP_ENTRY_DATA_POURED;
}

/*
 * Deflate (RFC 1951) passes over the bits from the header of a stored block to the next whole byte, and those behind
 * the last block. Bytes could be altered there unseen, so they must be zero. At a boundary between blocks `unused` bits
 * of `last` are still to come, then those of `next`.
 */
static bool stored_padding_clear(unsigned last, unsigned unused, unsigned next) {
    unsigned bits = (unused > 0 ? last >> (8 - unused) : 0) | next << unused;
    if ((bits >> 1 & 3) != 0) {
        return true; /* not a stored block */
    }
    unsigned padding = unused >= 3 ? unused - 3 : unused + 8 - 3;
    return (bits >> 3 & ((1u << padding) - 1)) == 0;
}

/* Where inflate stands between two blocks. */
struct boundary {
    unsigned last;   /* the byte read last */
    unsigned unused; /* how many of its bits are not used yet */
    bool here;
};

static enum zip_entry_data inflate_all(struct pouring *pouring, z_stream *stream, uint8_t *input, uint8_t *output) {
    struct boundary boundary = {.here = true};
    for (;;) {
        if (stream->avail_in == 0 && pouring->read < pouring->entry->packed) {
            size_t length = 0;
            if (!fill(pouring, input, &length)) {
                return ZIP_ENTRY_DATA_UNREADABLE;
            }
            stream->next_in = input;
            stream->avail_in = (uInt)length;
        }
        if (boundary.here && stream->avail_in > 0 &&
            !stored_padding_clear(boundary.last, boundary.unused, *stream->next_in)) {
            return refuse(pouring, "has bits set that inflating passes over");
        }
        uint64_t left = pouring->entry->size - pouring->made;
        /* One byte of room more than is declared, so that too much data shows itself. */
        uInt room = left < ZIP_FILE_BLOCK - 1 ? (uInt)left + 1 : ZIP_FILE_BLOCK;
        uInt given = stream->avail_in;
        stream->next_out = output;
        stream->avail_out = room;
        int status = inflate(stream, Z_BLOCK);
        uInt made = room - stream->avail_out;
        if (status == Z_MEM_ERROR) {
            return ZIP_ENTRY_DATA_MEMORY;
        }
        if (status != Z_OK && status != Z_STREAM_END) {
            return refuse(pouring, "cannot be inflated: it is damaged or cut off");
        }
        if (made > left) {
            return refuse(pouring, "inflates to more than its declared size");
        }
        if (given > stream->avail_in) {
            boundary.last = stream->next_in[-1];
        }
        if (made > 0 && !pour(pouring, output, made)) {
            return refuse(pouring, NULL);
        }
        if (status == Z_STREAM_END) {
            break;
        }
        boundary.here = (stream->data_type & 128) != 0;
        boundary.unused = (unsigned)stream->data_type & 7;
        if (boundary.here && (stream->data_type & 64) != 0 && boundary.unused > 0 &&
            boundary.last >> (8 - boundary.unused) != 0) {
            return refuse(pouring, "has bits set behind its end");
        }
        /* After the last block there is nothing to look ahead to. */
        boundary.here = boundary.here && (stream->data_type & 64) == 0;
    }
    if (stream->avail_in > 0 || pouring->read < pouring->entry->packed) {
        return refuse(pouring, "has bytes behind the end of its compressed data");
    }
    return ZIP_ENTRY_DATA_POURED;
}

static enum zip_entry_data pour_deflated(struct pouring *pouring, uint8_t *block) {
    z_stream stream = {0};
    uint8_t *output = malloc(ZIP_FILE_BLOCK);
    if (!output || inflateInit2(&stream, -MAX_WBITS) != Z_OK) {
        free(output);
        return ZIP_ENTRY_DATA_MEMORY;
    }
    enum zip_entry_data result = inflate_all(pouring, &stream, block, output);
    inflateEnd(&stream);
    free(output);
    return result;
}

enum zip_entry_data zip_entry_data_pour(int descriptor, const struct zip_entry *entry, uint8_t *block,
                                        struct byte_sink *sink, const char **reason) {
    struct pouring pouring = {
        .descriptor = descriptor,
        .entry = entry,
        .start = entry->offset + zip_header_local_length(entry),
        .crc = (uint32_t)crc32(0, NULL, 0),
        .sink = sink,
        .reason = reason,
    };
    enum zip_entry_data result =
        entry->method == ZIP_STORED ? pour_stored(&pouring, block) : pour_deflated(&pouring, block);
    if (result != ZIP_ENTRY_DATA_POURED) {
        return result;
    }
    if (pouring.made != entry->size) {
        return refuse(&pouring, "inflates to less than its declared size");
    }
    if (pouring.crc != entry->crc) {
        return refuse(&pouring, "does not match its CRC-32");
    }
    return ZIP_ENTRY_DATA_POURED;
}
