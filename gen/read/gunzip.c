#include "read/gunzip.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <zlib.h>

#define GUNZIP_BLOCK_BYTES (128u << 10)
#define GUNZIP_FORMAT      (15 + 16) /* the largest window, and gzip's own header and trailer */

struct gunzip {
    struct byte_source *bytes;
    z_stream stream;
    bool begun;   /* the stream is to be ended */
    bool between; /* a member has ended: what follows is another, padding or nothing */
    bool ended;
    bool at_end; /* of the input */
    const char *problem;
    unsigned char block[GUNZIP_BLOCK_BYTES];
};

struct gunzip *gunzip_open(struct byte_source *bytes) {
    struct gunzip *gunzip = calloc(1, sizeof *gunzip);

    if (gunzip == NULL) {
        return NULL;
    }
    gunzip->bytes = bytes;
    if (inflateInit2(&gunzip->stream, GUNZIP_FORMAT) != Z_OK) {
        free(gunzip);
        return NULL;
    }
    gunzip->begun = true;
    return gunzip;
}

void gunzip_close(struct gunzip *gunzip) {
    if (gunzip == NULL) {
        return;
    }
    if (gunzip->begun) {
        inflateEnd(&gunzip->stream);
    }
    free(gunzip);
}

const char *gunzip_problem(const struct gunzip *gunzip) {
    return gunzip->problem;
}

static ssize_t gunzip_fail(struct gunzip *gunzip, const char *problem) {
    gunzip->problem = problem;
    errno = EIO;
    return -1;
}

/*
 * Takes the next block where all of the last was used, a whole one however the source cuts its bytes: how far damaged
 * data is read must not depend on that. False when reading failed.
 */
static bool gunzip_fill(struct gunzip *gunzip) {
    size_t held = 0;
    ssize_t got = 1;

    if (gunzip->stream.avail_in > 0 || gunzip->at_end) {
        return true;
    }
    while (held < sizeof gunzip->block && got != 0) {
        got = gunzip->bytes->read(gunzip->bytes, gunzip->block + held, sizeof gunzip->block - held);
        if (got < 0 && errno != EINTR) {
            return false;
        }
        held += got > 0 ? (size_t)got : 0;
    }
    gunzip->stream.next_in = gunzip->block;
    gunzip->stream.avail_in = (uInt)held;
    gunzip->at_end = held == 0;
    return true;
}

/* Between members: passes padding over. False when reading failed. */
static bool gunzip_pad(struct gunzip *gunzip) {
    z_stream *stream = &gunzip->stream;

    while (gunzip_fill(gunzip)) {
        while (stream->avail_in > 0 && *stream->next_in == 0) {
            stream->next_in++;
            stream->avail_in--;
        }
        if (stream->avail_in > 0 || gunzip->at_end) {
            return true;
        }
    }
    return false;
}

ssize_t gunzip_read(struct gunzip *gunzip, void *into, size_t capacity) {
    z_stream *stream = &gunzip->stream;
    uInt room = capacity < UINT32_MAX ? (uInt)capacity : UINT32_MAX;

    if (gunzip->ended || room == 0) {
        return 0;
    }
    stream->next_out = into;
    stream->avail_out = room;
    while (stream->avail_out == room) {
        if (gunzip->between) {
            if (!gunzip_pad(gunzip)) {
                return -1;
            }
            if (stream->avail_in == 0) {
                gunzip->ended = true;
                break;
            }
            if (*stream->next_in != 0x1F) {
                return gunzip_fail(gunzip, "other bytes stand behind the end of the gzip data");
            }
            if (inflateReset(stream) != Z_OK) {
                return gunzip_fail(gunzip, "it cannot be read on behind its first part");
            }
            gunzip->between = false;
        }
        if (!gunzip_fill(gunzip)) {
            return -1;
        }
        if (stream->avail_in == 0) {
            return gunzip_fail(gunzip, "the gzip data is cut off");
        }
        int result = inflate(stream, Z_NO_FLUSH);
        gunzip->between = result == Z_STREAM_END;
        if (result == Z_MEM_ERROR) {
            errno = ENOMEM;
            return -1;
        }
        if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) {
            return gunzip_fail(gunzip, "the gzip data is damaged: its content or its checksum is not right");
        }
    }
    return (ssize_t)(room - stream->avail_out);
}
