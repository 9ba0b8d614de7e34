#include "pack/zip_write.h"

#include "base/buffer.h"
#include "pack/zip_file.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#define DEFLATE_LEVEL  6
#define DEFLATE_MEMORY 8
#define FEED_BYTES     (1u << 30)  /* zlib counts its input in 32 bits */
#define WHOLE_BYTES    (16u << 20) /* an entry of no more is deflated whole, by libdeflate, in less than half the time */

struct zip_write {
    struct diagnostics *diagnostics;
    char *path;
    int descriptor;
    bool created;
    bool finished;
    bool failed;
    struct zip_time time;
    struct zip_entry *entries;
    size_t count;
    size_t capacity;
    bool open;
    uint64_t data;     /* where the open entry's data begins */
    uint64_t position; /* where the next byte goes */
    z_stream stream;
    bool deflater; /* `stream` is initialised */
    struct libdeflate_compressor *compressor;
    struct buffer held; /* of an entry that may still be deflated whole */
    bool streaming;     /* it was too large for that: `stream` deflates it as it comes */
    uint8_t block[ZIP_FILE_BLOCK];
};

static bool fail(struct zip_write *zip, int error, const char *what) {
    struct place place = {.path = zip->path};
    if (!zip->failed) {
        zip->failed = true;
        diagnostics_report_errno(zip->diagnostics, DIAGNOSTIC_FILE_WRITE, &place, error,
                                 "the package cannot be %s; free some space or choose another place with --out", what);
    }
    return false;
}

static bool fail_memory(struct zip_write *zip) {
    if (!zip->failed) {
        zip->failed = true;
        diagnostics_report(zip->diagnostics, DIAGNOSTIC_MEMORY, NULL, "memory ran out while packing");
    }
    return false;
}

static bool write_at(struct zip_write *zip, const void *bytes, size_t length, uint64_t position) {
    return zip_file_write(zip->descriptor, bytes, length, position) || fail(zip, errno, "written");
}

struct zip_write *zip_write_open(const char *path, int64_t seconds, struct diagnostics *diagnostics) {
    struct zip_write *zip = calloc(1, sizeof *zip);
    if (!zip) {
        diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "memory ran out while packing");
        return NULL;
    }
    zip->diagnostics = diagnostics;
    zip->descriptor = -1;
    zip->time = zip_header_time(seconds);
    zip->path = strdup(path);
    if (!zip->path ||
        deflateInit2(&zip->stream, DEFLATE_LEVEL, Z_DEFLATED, -MAX_WBITS, DEFLATE_MEMORY, Z_DEFAULT_STRATEGY) != Z_OK) {
        fail_memory(zip);
        goto failed;
    }
    zip->deflater = true;
    zip->compressor = libdeflate_alloc_compressor(DEFLATE_LEVEL);
    if (!zip->compressor) {
        fail_memory(zip);
        goto failed;
    }
    zip->descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (zip->descriptor < 0) {
        fail(zip, errno, "created");
        goto failed;
    }
    zip->created = true;
    return zip;
failed:
    zip_write_free(zip);
    return NULL;
}

static struct zip_entry *add_entry(struct zip_write *zip) {
    if (zip->count == zip->capacity) {
        size_t capacity = zip->capacity ? zip->capacity * 2 : 64;
        struct zip_entry *entries = reallocarray(zip->entries, capacity, sizeof *entries);
        if (!entries) {
            return NULL;
        }
        zip->entries = entries;
        zip->capacity = capacity;
    }
    return &zip->entries[zip->count++];
}

bool zip_write_begin(struct zip_write *zip, const char *name, enum zip_method method) {
    assert(!zip->open && !zip->finished);
    if (zip->failed) {
        return false;
    }
    struct zip_entry *entry = add_entry(zip);
    if (!entry) {
        return fail_memory(zip);
    }
    *entry = (struct zip_entry){
        .name = name,
        .name_length = strlen(name),
        .method = (uint16_t)method,
        .crc = libdeflate_crc32(0, NULL, 0),
        .offset = zip->position,
    };
    buffer_clear(&zip->held);
    zip->streaming = false;
    zip->data = zip->position + zip_header_local_length(entry);
    zip->position = zip->data;
    zip->open = true;
    return true;
}

/* Runs the deflater over what it has been given and writes what it yields. */
static bool run_deflate(struct zip_write *zip, int flush) {
    do {
        zip->stream.next_out = zip->block;
        zip->stream.avail_out = sizeof zip->block;
        int status = deflate(&zip->stream, flush);
        if (status == Z_STREAM_ERROR) {
            return fail_memory(zip);
        }
        size_t made = sizeof zip->block - zip->stream.avail_out;
        if (!write_at(zip, zip->block, made, zip->position)) {
            return false;
        }
        zip->position += made;
    } while (zip->stream.avail_out == 0);
    return true;
}

static bool stream_bytes(struct zip_write *zip, const void *bytes, size_t length) {
    /* zlib only reads its input, although the field is not const. */
    zip->stream.next_in = (uint8_t *)(uintptr_t)bytes;
    zip->stream.avail_in = (uInt)length;
    return run_deflate(zip, Z_NO_FLUSH);
}

/* Holds the bytes back while the entry is small; once it is not, all of it goes through the stream. */
static bool deflate_bytes(struct zip_write *zip, const void *bytes, size_t length) {
    if (!zip->streaming && length <= WHOLE_BYTES - zip->held.length) {
        buffer_append(&zip->held, bytes, length);
        return !zip->held.failed || fail_memory(zip);
    }
    if (!zip->streaming) {
        zip->streaming = true;
        if (deflateReset(&zip->stream) != Z_OK) {
            return fail_memory(zip);
        }
        if (!stream_bytes(zip, zip->held.data, zip->held.length)) {
            return false;
        }
    }
    return stream_bytes(zip, bytes, length);
}

static bool deflate_whole(struct zip_write *zip) {
    size_t bound = libdeflate_deflate_compress_bound(zip->compressor, zip->held.length);
    uint8_t *deflated = malloc(bound);
    size_t size =
        deflated ? libdeflate_deflate_compress(zip->compressor, zip->held.data, zip->held.length, deflated, bound) : 0;
    bool done = size > 0 ? write_at(zip, deflated, size, zip->position) : fail_memory(zip);
    zip->position += size;
    free(deflated);
    return done;
}

static bool deflate_end(struct zip_write *zip) {
    zip->stream.avail_in = 0;
    return zip->streaming ? run_deflate(zip, Z_FINISH) : deflate_whole(zip);
}

bool zip_write_bytes(struct zip_write *zip, const void *bytes, size_t length) {
    assert(zip->open);
    struct zip_entry *entry = &zip->entries[zip->count - 1];
    const uint8_t *from = bytes;
    while (length > 0) {
        if (zip->failed) {
            return false;
        }
        size_t part = length < FEED_BYTES ? length : FEED_BYTES;
        entry->crc = libdeflate_crc32(entry->crc, from, part);
        entry->size += part;
        if (entry->method == ZIP_STORED) {
            if (!write_at(zip, from, part, zip->position)) {
                return false;
            }
            zip->position += part;
        } else if (!deflate_bytes(zip, from, part)) {
            return false;
        }
        from += part;
        length -= part;
    }
    return !zip->failed;
}

/*
 * Replaces the deflated data of the entry by the data itself: the deflated bytes are moved behind the place that the
 * inflated ones will take, and inflated from there.
 */
static bool store_again(struct zip_write *zip, struct zip_entry *entry) {
    uint64_t aside = zip->data + entry->size;
    if (!zip_file_move(zip->descriptor, zip->data, aside, entry->packed, zip->block)) {
        return fail(zip, errno, "written");
    }
    uint8_t *input = malloc(ZIP_FILE_BLOCK);
    z_stream stream = {0};
    if (!input || inflateInit2(&stream, -MAX_WBITS) != Z_OK) {
        free(input);
        return fail_memory(zip);
    }
    bool done = false;
    uint64_t read = 0;
    uint64_t written = 0;
    int status = Z_OK;
    while (status != Z_STREAM_END) {
        if (stream.avail_in == 0 && read < entry->packed) {
            uint64_t left = entry->packed - read;
            size_t part = left < ZIP_FILE_BLOCK ? (size_t)left : ZIP_FILE_BLOCK;
            if (!zip_file_read(zip->descriptor, input, part, aside + read)) {
                fail(zip, errno, "written");
                goto ended;
            }
            stream.next_in = input;
            stream.avail_in = (uInt)part;
            read += part;
        }
        stream.next_out = zip->block;
        stream.avail_out = sizeof zip->block;
        status = inflate(&stream, Z_NO_FLUSH);
        size_t made = sizeof zip->block - stream.avail_out;
        if ((status != Z_OK && status != Z_STREAM_END) || made > entry->size - written) {
            fail(zip, EIO, "read back");
            goto ended;
        }
        if (!write_at(zip, zip->block, made, zip->data + written)) {
            goto ended;
        }
        written += made;
    }
    if (written != entry->size) {
        fail(zip, EIO, "read back");
        goto ended;
    }
    entry->method = ZIP_STORED;
    entry->packed = entry->size;
    zip->position = zip->data + entry->size;
    done = true;
ended:
    inflateEnd(&stream);
    free(input);
    return done;
}

bool zip_write_end(struct zip_write *zip, uint64_t *size) {
    assert(zip->open);
    struct zip_entry *entry = &zip->entries[zip->count - 1];
    struct buffer header = {0};
    bool done = false;
    zip->open = false;
    if (zip->failed) {
        return false;
    }
    if (entry->size == 0) {
        entry->method = ZIP_STORED;
    } else if (entry->method == ZIP_DEFLATED && !deflate_end(zip)) {
        return false;
    }
    entry->packed = zip->position - zip->data;
    if (entry->method == ZIP_DEFLATED && zip_header_ratio_refused(entry->size, entry->packed) &&
        !store_again(zip, entry)) {
        return false;
    }
    uint64_t data = entry->offset + zip_header_local_length(entry);
    if (data != zip->data) {
        if (!zip_file_move(zip->descriptor, zip->data, data, entry->packed, zip->block)) {
            return fail(zip, errno, "written");
        }
        zip->position = data + entry->packed;
    }
    zip_header_local(entry, zip->time, &header);
    if (header.failed) {
        fail_memory(zip);
    } else if (write_at(zip, header.data, header.length, entry->offset)) {
        if (size) {
            *size = entry->size;
        }
        done = true;
    }
    buffer_free(&header);
    return done;
}

/* Writes what has been gathered of the directory. */
static bool flush(struct zip_write *zip, struct buffer *out) {
    if (out->failed) {
        return fail_memory(zip);
    }
    if (!write_at(zip, out->data, out->length, zip->position)) {
        return false;
    }
    zip->position += out->length;
    buffer_clear(out);
    return true;
}

static bool write_directory(struct zip_write *zip) {
    struct buffer out = {0};
    uint64_t start = zip->position;
    bool done = false;
    for (size_t i = 0; i < zip->count; i++) {
        zip_header_central(&zip->entries[i], zip->time, &out);
        if ((out.failed || out.length >= ZIP_FILE_BLOCK) && !flush(zip, &out)) {
            goto ended;
        }
    }
    zip_header_end(zip->count, start, zip->position + out.length - start, &out);
    done = flush(zip, &out);
ended:
    buffer_free(&out);
    return done;
}

bool zip_write_finish(struct zip_write *zip, uint8_t digest[DIGEST_BYTES]) {
    assert(!zip->open && !zip->finished);
    if (zip->failed || !write_directory(zip)) {
        return false;
    }
    /* What was moved or dropped while writing may reach behind the end. */
    if (ftruncate(zip->descriptor, (off_t)zip->position) != 0 || fsync(zip->descriptor) != 0) {
        return fail(zip, errno, "written");
    }
    if (digest && !zip_file_digest(zip->descriptor, zip->position, zip->block, digest)) {
        return fail(zip, errno, "read back");
    }
    int descriptor = zip->descriptor;
    zip->descriptor = -1;
    if (close(descriptor) != 0) {
        return fail(zip, errno, "written");
    }
    zip->finished = true;
    return true;
}

void zip_write_free(struct zip_write *zip) {
    if (!zip) {
        return;
    }
    if (zip->descriptor >= 0) {
        close(zip->descriptor);
    }
    if (zip->created && !zip->finished) {
        unlink(zip->path);
    }
    if (zip->deflater) {
        deflateEnd(&zip->stream);
    }
    libdeflate_free_compressor(zip->compressor);
    buffer_free(&zip->held);
    free(zip->entries);
    free(zip->path);
    free(zip);
}
