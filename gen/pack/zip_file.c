#include "pack/zip_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

bool zip_file_read(int descriptor, void *into, size_t length, uint64_t position) {
    uint8_t *next = into;
    while (length > 0) {
        ssize_t got = pread(descriptor, next, length, (off_t)position);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            errno = got == 0 ? ENODATA : errno;
            return false;
        }
        next += got;
        length -= (size_t)got;
        position += (uint64_t)got;
    }
    return true;
}

bool zip_file_write(int descriptor, const void *bytes, size_t length, uint64_t position) {
    const uint8_t *next = bytes;
    while (length > 0) {
        ssize_t put = pwrite(descriptor, next, length, (off_t)position);
        if (put < 0 && errno == EINTR) {
            continue;
        }
        if (put <= 0) {
            errno = put == 0 ? ENOSPC : errno;
            return false;
        }
        next += put;
        length -= (size_t)put;
        position += (uint64_t)put;
    }
    return true;
}

void zip_file_send(int descriptor, uint64_t from, uint64_t length) {
    /* Only a hint: whether all is on the disk is for fsync to say. */
    (void)sync_file_range(descriptor, (off_t)from, (off_t)length, SYNC_FILE_RANGE_WRITE);
}

bool zip_file_move(int descriptor, uint64_t from, uint64_t to, uint64_t length, uint8_t *block) {
    uint64_t moved = 0;
    while (moved < length) {
        uint64_t left = length - moved;
        size_t part = left < ZIP_FILE_BLOCK ? (size_t)left : ZIP_FILE_BLOCK;
        /* Towards the end the last block goes first, so that nothing is overwritten before it was read. */
        uint64_t at = to > from ? left - part : moved;
        if (!zip_file_read(descriptor, block, part, from + at) || !zip_file_write(descriptor, block, part, to + at)) {
            return false;
        }
        moved += part;
    }
    return true;
}

/* Inflates what `input` takes of the run, block by block; 0, or an error. */
static int inflate_run(z_stream *stream, int descriptor, uint64_t from, uint64_t length, uint64_t to, uint64_t size,
                       uint8_t *input, uint8_t *block) {
    int status = Z_OK;

    while (status != Z_STREAM_END) {
        if (stream->avail_in == 0 && length > 0) {
            size_t part = length < ZIP_FILE_BLOCK ? (size_t)length : ZIP_FILE_BLOCK;
            if (!zip_file_read(descriptor, input, part, from)) {
                return errno;
            }
            stream->next_in = input;
            stream->avail_in = (uInt)part;
            from += part;
            length -= part;
        }
        stream->next_out = block;
        stream->avail_out = ZIP_FILE_BLOCK;
        status = inflate(stream, Z_NO_FLUSH);
        size_t made = ZIP_FILE_BLOCK - stream->avail_out;
        if ((status != Z_OK && status != Z_STREAM_END) || made > size) {
            return status == Z_MEM_ERROR ? ENOMEM : EBADMSG;
        }
        if (!zip_file_write(descriptor, block, made, to)) {
            return errno;
        }
        to += made;
        size -= made;
    }
    return size == 0 ? 0 : EBADMSG;
}

bool zip_file_inflate(int descriptor, uint64_t from, uint64_t length, uint64_t to, uint64_t size, uint8_t *block) {
    uint8_t *input = malloc(ZIP_FILE_BLOCK);
    z_stream stream = {0};
    int error = ENOMEM;

    if (input != NULL && inflateInit2(&stream, -MAX_WBITS) == Z_OK) {
        error = inflate_run(&stream, descriptor, from, length, to, size, input, block);
        inflateEnd(&stream);
    }
    free(input);
    errno = error;
    return error == 0;
}

bool zip_file_digest(int descriptor, uint64_t length, uint8_t *block, uint8_t digest[DIGEST_BYTES]) {
    struct digest *hash = digest_new();
    bool done = false;
    if (!hash) {
        errno = ENOMEM;
        return false;
    }
    for (uint64_t at = 0; at < length;) {
        size_t part = length - at < ZIP_FILE_BLOCK ? (size_t)(length - at) : ZIP_FILE_BLOCK;
        if (!zip_file_read(descriptor, block, part, at)) {
            goto ended;
        }
        if (!digest_update(hash, block, part)) {
            errno = ENOMEM;
            goto ended;
        }
        at += part;
    }
    done = digest_finish(hash, digest);
    if (!done) {
        errno = ENOMEM;
    }
ended:
    digest_free(hash);
    return done;
}
