#include "pack/zip_write.h"

#include "base/buffer.h"
#include "pack/deflate_choice.h"
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

#define GATHER_LEAST (64u << 10) /* bytes that are written by themselves */
/*
 * Up to this many bytes an entry is deflated quickly: it loses some 70 bytes in a thousand of what is little anyway,
 * and where there are thousands, half of the time that all of them take.
 */
#define SMALL_ENTRY (8u << 10)
#define SENT_BYTES  (8u << 20) /* that are on their way to the disk at a time: whoever syncs the file finds few left */

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
    uint64_t data;     /* where the data of the entry that is being written begins */
    uint64_t position; /* where the next byte goes */
    uint64_t sent;     /* up to where bytes are on their way to the disk */
    struct deflate_pool *pool;
    bool held;                    /* the pool is, but while all that is under way is awaited */
    struct deflate_choice choice; /* for the open entry */
    struct deflate_job *job;      /* being filled, with pieces of the open entry and of small ones before it; or NULL */
    size_t job_bytes;             /* in it */
    struct deflate_piece *piece;  /* of the open entry, the last in the job; NULL: it has none yet */
    uint8_t block[ZIP_FILE_BLOCK];
    /* Small writes that belong together, such as those of small entries, are made as one. */
    uint64_t gathered_at;
    size_t gathered;
    uint8_t gather[ZIP_FILE_BLOCK];
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

/* Writes what was gathered: before the file is read, and before something is written behind it. */
static bool write_gathered(struct zip_write *zip) {
    size_t length = zip->gathered;

    zip->gathered = 0;
    return zip_file_write(zip->descriptor, zip->gather, length, zip->gathered_at) || fail(zip, errno, "written");
}

/* Gathers what follows on what is gathered, or lies within it; false where it does neither, or has no room. */
static bool gather(struct zip_write *zip, const void *bytes, size_t length, uint64_t position) {
    if (zip->gathered == 0) {
        zip->gathered_at = position;
    }
    if (length >= GATHER_LEAST || position < zip->gathered_at || position - zip->gathered_at > zip->gathered ||
        length > sizeof zip->gather - (size_t)(position - zip->gathered_at)) {
        return false;
    }
    size_t at = (size_t)(position - zip->gathered_at);
    memcpy(zip->gather + at, bytes, length);
    zip->gathered = at + length > zip->gathered ? at + length : zip->gathered;
    return true;
}

static bool write_at(struct zip_write *zip, const void *bytes, size_t length, uint64_t position) {
    if (gather(zip, bytes, length, position)) {
        return true;
    }
    return write_gathered(zip) &&
           (gather(zip, bytes, length, position) || zip_file_write(zip->descriptor, bytes, length, position) ||
            fail(zip, errno, "written"));
}

/* Room for a header that is written later, so that it can be gathered with what follows it. */
static bool leave_room(struct zip_write *zip, uint64_t from, uint64_t until) {
    uint64_t length = until - from;

    if (zip->gathered > 0 &&
        (from != zip->gathered_at + zip->gathered || length > sizeof zip->gather - zip->gathered) &&
        !write_gathered(zip)) {
        return false;
    }
    if (zip->gathered == 0) {
        zip->gathered_at = from;
    }
    if (length <= sizeof zip->gather - zip->gathered) {
        memset(zip->gather + zip->gathered, 0, (size_t)length);
        zip->gathered += (size_t)length;
    }
    return true;
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
    zip->pool = deflate_pool_new();
    if (!zip->path || !zip->pool) {
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

/* An entry's data begin behind the place that its header will take. */
static bool begin_data(struct zip_write *zip, struct zip_entry *entry) {
    entry->offset = zip->position;
    zip->data = zip->position + zip_header_local_length(entry);
    zip->position = zip->data;
    return leave_room(zip, entry->offset, zip->data);
}

/*
 * Replaces the deflated data of the entry by the data itself: the deflated bytes are moved behind the place that the
 * inflated ones will take, and inflated from there.
 */
static bool store_again(struct zip_write *zip, struct zip_entry *entry) {
    uint64_t aside = zip->data + entry->size;
    if (!write_gathered(zip)) {
        return false;
    }
    if (!zip_file_move(zip->descriptor, zip->data, aside, entry->packed, zip->block)) {
        return fail(zip, errno, "written");
    }
    if (!zip_file_inflate(zip->descriptor, aside, entry->packed, zip->data, entry->size, zip->block)) {
        return errno == ENOMEM ? fail_memory(zip) : fail(zip, errno, errno == EBADMSG ? "read back" : "written");
    }
    entry->method = ZIP_STORED;
    entry->packed = entry->size;
    zip->position = zip->data + entry->size;
    return true;
}

/* What is left to do when all data of an entry are written. */
static bool finish_entry(struct zip_write *zip, struct zip_entry *entry) {
    struct buffer header = {0};

    entry->packed = zip->position - zip->data;
    if (entry->method == ZIP_DEFLATED && zip_header_ratio_refused(entry->size, entry->packed) &&
        !store_again(zip, entry)) {
        return false;
    }
    uint64_t data = entry->offset + zip_header_local_length(entry);
    if (data != zip->data) {
        if (!write_gathered(zip)) {
            return false;
        }
        if (!zip_file_move(zip->descriptor, zip->data, data, entry->packed, zip->block)) {
            return fail(zip, errno, "written");
        }
        zip->position = data + entry->packed;
    }
    zip_header_local(entry, zip->time, &header);
    bool done = header.failed ? fail_memory(zip) : write_at(zip, header.data, header.length, entry->offset);
    buffer_free(&header);
    return done;
}

/* Writes a piece that was deflated; with the last of an entry, the entry is finished. */
static bool write_piece(struct zip_write *zip, const struct deflate_piece *piece, const uint8_t *packed) {
    struct zip_entry *entry = &zip->entries[piece->owner];

    if (piece->first && !begin_data(zip, entry)) {
        return false;
    }
    entry->crc = piece->first ? piece->crc : (uint32_t)crc32_combine(entry->crc, piece->crc, (z_off_t)piece->length);
    if (!write_at(zip, packed, piece->packed_length, zip->position)) {
        return false;
    }
    zip->position += piece->packed_length;
    return !piece->last || finish_entry(zip, entry);
}

/* Writes the oldest job that was handed to the pool; there is one, unless memory is out. */
static bool write_oldest(struct zip_write *zip) {
    const struct deflate_job *job = deflate_pool_oldest(zip->pool);
    if (job == NULL) {
        return fail_memory(zip);
    }
    const uint8_t *packed = job->bytes;

    for (size_t i = 0; i < job->piece_count; i++) {
        if (!write_piece(zip, &job->pieces[i], packed)) {
            return false;
        }
        packed += job->pieces[i].packed_length;
    }
    deflate_pool_release(zip->pool);
    if (zip->position >= zip->sent + SENT_BYTES) {
        zip_file_send(zip->descriptor, zip->sent, zip->position - zip->sent);
        zip->sent = zip->position;
    }
    return true;
}

static void submit(struct zip_write *zip) {
    if (zip->job != NULL) {
        deflate_pool_submit(zip->pool);
        zip->job = NULL;
    }
}

/* Writes all that is under way; no entry has pieces that are not whole. */
static bool write_out(struct zip_write *zip) {
    submit(zip);
    deflate_pool_hold(zip->pool, false);
    while (deflate_pool_oldest(zip->pool) != NULL) {
        if (!write_oldest(zip)) {
            return false;
        }
    }
    deflate_pool_hold(zip->pool, zip->held);
    return !zip->failed;
}

bool zip_write_begin(struct zip_write *zip, const char *name, enum zip_method method, bool quick) {
    assert(!zip->open && !zip->finished);
    if (zip->failed) {
        return false;
    }
    struct zip_entry *entry = add_entry(zip);
    if (!entry) {
        return fail_memory(zip);
    }
    *entry = (struct zip_entry){
        .name = name, .name_length = strlen(name), .method = (uint16_t)method, .crc = libdeflate_crc32(0, NULL, 0)};
    zip->open = true;
    deflate_choice_begin(&zip->choice, quick);
    if (method == ZIP_STORED) {
        return write_out(zip) && begin_data(zip, entry);
    }
    return true;
}

/* The next job to be filled; NULL after a failure. What is done is written first. */
static struct deflate_job *next_job(struct zip_write *zip) {
    struct deflate_job *job = NULL;
    bool written = true;

    while (written && deflate_pool_done(zip->pool)) {
        written = write_oldest(zip);
    }
    while (written && (job = deflate_pool_job(zip->pool)) == NULL) {
        written = write_oldest(zip);
    }
    return job;
}

/* Hands in the job that is being filled, and goes on with the next one. */
static void begin_job(struct zip_write *zip, struct deflate_job *job) {
    submit(zip);
    zip->job = job;
    zip->job_bytes = 0;
}

static bool add_piece(struct zip_write *zip) {
    bool first = zip->piece == NULL;
    bool full =
        zip->job == NULL || zip->job->piece_count == DEFLATE_POOL_PIECES || zip->job_bytes == DEFLATE_POOL_BYTES;

    if (!first && !deflate_choice_learn(&zip->choice, zip->pool, zip->piece, zip->job->bytes + zip->job_bytes)) {
        return fail_memory(zip);
    }
    if (full) {
        struct deflate_job *job = next_job(zip);
        if (job == NULL) {
            return false;
        }
        begin_job(zip, job);
    }
    zip->piece = &zip->job->pieces[zip->job->piece_count++];
    *zip->piece =
        (struct deflate_piece){.effort = deflate_choice_next(&zip->choice), .owner = zip->count - 1, .first = first};
    return true;
}

/*
 * Takes the last piece out of a job that is full and into one of its own: where an entry is cut depends on its own
 * bytes only.
 */
static bool move_piece(struct zip_write *zip) {
    const struct deflate_piece piece = *zip->piece;
    struct deflate_job *job = next_job(zip);

    if (job == NULL) {
        return false;
    }
    memcpy(job->bytes, zip->job->bytes + (zip->job_bytes - piece.length), piece.length);
    zip->job->piece_count--;
    begin_job(zip, job);
    zip->job_bytes = piece.length;
    zip->piece = &zip->job->pieces[zip->job->piece_count++];
    *zip->piece = piece;
    return true;
}

/* Makes room for more of the open entry, in the piece at hand or in the next one. */
static bool make_room(struct zip_write *zip) {
    if (zip->piece == NULL || zip->piece->length == DEFLATE_POOL_BYTES) {
        return add_piece(zip);
    }
    return zip->job_bytes < DEFLATE_POOL_BYTES || move_piece(zip);
}

static bool deflate_bytes(struct zip_write *zip, const uint8_t *bytes, size_t length) {
    while (length > 0) {
        if (!make_room(zip)) {
            return false;
        }
        size_t left = DEFLATE_POOL_BYTES - zip->job_bytes;
        size_t part = length < left ? length : left;
        memcpy(zip->job->bytes + zip->job_bytes, bytes, part);
        zip->job_bytes += part;
        zip->piece->length += part;
        bytes += part;
        length -= part;
    }
    return true;
}

static bool store_bytes(struct zip_write *zip, struct zip_entry *entry, const uint8_t *bytes, size_t length) {
    entry->crc = libdeflate_crc32(entry->crc, bytes, length);
    if (!write_at(zip, bytes, length, zip->position)) {
        return false;
    }
    zip->position += length;
    return true;
}

bool zip_write_bytes(struct zip_write *zip, const void *bytes, size_t length) {
    assert(zip->open);
    struct zip_entry *entry = &zip->entries[zip->count - 1];
    if (zip->failed) {
        return false;
    }
    entry->size += length;
    return entry->method == ZIP_STORED ? store_bytes(zip, entry, bytes, length) : deflate_bytes(zip, bytes, length);
}

bool zip_write_end(struct zip_write *zip, uint64_t *size) {
    assert(zip->open);
    struct zip_entry *entry = &zip->entries[zip->count - 1];
    zip->open = false;
    if (zip->failed) {
        return false;
    }
    if (size) {
        *size = entry->size;
    }
    if (zip->piece != NULL) {
        bool small = zip->piece->first && zip->piece->length <= SMALL_ENTRY;
        zip->piece->effort = small ? DEFLATE_QUICK : zip->piece->effort;
        zip->piece->last = true;
        zip->piece = NULL;
        return true;
    }
    if (entry->method == ZIP_DEFLATED) { /* it is empty */
        entry->method = ZIP_STORED;
        if (!write_out(zip) || !begin_data(zip, entry)) {
            return false;
        }
    }
    return finish_entry(zip, entry);
}

void zip_write_hold(struct zip_write *zip, bool hold) {
    zip->held = hold;
    deflate_pool_hold(zip->pool, hold);
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
    if (zip->failed || !write_out(zip) || !write_directory(zip) || !write_gathered(zip)) {
        return false;
    }
    /* What was moved or dropped while writing may reach behind the end. */
    if (ftruncate(zip->descriptor, (off_t)zip->position) != 0) {
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
    deflate_pool_free(zip->pool);
    free(zip->entries);
    free(zip->path);
    free(zip);
}
