#include "read/unpack_level.h"

#include "base/limits.h"
#include "base/path.h"
#include "base/quote.h"

#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define UNPACK_BLOCK_BYTES (128u << 10)
#define UNPACK_TAR_END     1024 /* zero bytes that end an archive: two blocks (POSIX, pax) */

static ssize_t unpack_level_peeked(struct byte_source *source, void *into, size_t capacity) {
    struct unpack_peek *peek = (struct unpack_peek *)source;
    size_t left = peek->length - peek->at;

    if (left == 0) {
        return peek->from->read(peek->from, into, capacity);
    }
    size_t given = left < capacity ? left : capacity;
    memcpy(into, peek->head + peek->at, given);
    peek->at += given;
    return (ssize_t)given;
}

static bool unpack_level_fail(struct unpack_level *level, int error) {
    level->budget->system_error = error != 0 ? error : EIO;
    return false;
}

static void unpack_level_break(struct unpack_level *level, enum diagnostic problem, const char *what,
                               const char *detail) {
    level->broken = true;
    level->problem = problem;
    buffer_clear(&level->text);
    buffer_format(&level->text, "%s%s%s%s; export it again", what, detail != NULL ? " (" : "",
                  detail != NULL ? detail : "", detail != NULL ? ")" : "");
}

/* `before` the limit, and `after` it, which says what to do. */
static void unpack_level_spend(struct unpack_level *level, const char *before, unsigned long long limit,
                               const char *after) {
    level->budget->spent = true;
    level->broken = true;
    level->problem = DIAGNOSTIC_ARCHIVE_LIMIT;
    buffer_clear(&level->text);
    buffer_format(&level->text, "%s %llu %s", before, limit, after);
}

/* Counts what came out; false, with the level broken, when it is more than is read. */
static bool unpack_level_count(struct unpack_level *level, size_t got) {
    struct unpack_budget *budget = level->budget;

    budget->unpacked += got;
    if (budget->unpacked > LIMIT_UNPACKED_BYTES) {
        unpack_level_spend(level, "it unpacks to more than", LIMIT_UNPACKED_BYTES >> 30,
                           "GiB, the most that is read of one file; export it in several");
    } else if (budget->unpacked > LIMIT_UNPACKED_RATIO_ABOVE && budget->unpacked / LIMIT_UNPACKED_RATIO > budget->raw) {
        unpack_level_spend(level, "it unpacks to more than", LIMIT_UNPACKED_RATIO,
                           "times its size, the most that is read; give it unpacked if that is right");
    }
    return !level->broken;
}

static ssize_t unpack_level_read(struct byte_source *source, void *into, size_t capacity) {
    struct unpack_level *level = (struct unpack_level *)source;

    if (level->member_ended || level->broken || level->budget->spent) {
        return 0;
    }
    ssize_t got = level->gunzip != NULL ? gunzip_read(level->gunzip, into, capacity)
                                        : archive_read_data(level->archive, into, capacity);
    if (got < 0) {
        int error = errno;
        if (level->budget->system_error == 0 && level->gunzip != NULL && gunzip_problem(level->gunzip) == NULL) {
            unpack_level_fail(level, error);
        }
        if (level->budget->system_error != 0) {
            errno = level->budget->system_error;
            return -1;
        }
        if (level->gunzip != NULL) {
            unpack_level_break(level, DIAGNOSTIC_ARCHIVE_DAMAGED, gunzip_problem(level->gunzip), NULL);
        } else {
            unpack_level_break(level, DIAGNOSTIC_ARCHIVE_DAMAGED, "its content is damaged or cut off",
                               archive_error_string(level->archive));
        }
        return 0;
    }
    level->member_ended = got == 0;
    return unpack_level_count(level, (size_t)got) ? got : 0;
}

/* Counts the zero bytes at the end of all that was supplied. */
static void unpack_level_count_zeros(struct unpack_level *level, const char *bytes, size_t length) {
    size_t zeros = 0;

    while (zeros < length && bytes[length - 1 - zeros] == 0) {
        zeros++;
    }
    level->zeros = zeros == length ? level->zeros + zeros : zeros;
}

/*
 * Reads into the half of the block that was given longer ago, all of it however the source cuts its bytes: what
 * libarchive makes of the input must not depend on that.
 */
static ssize_t unpack_level_fill(struct unpack_level *level, const char **bytes) {
    size_t half = 1 - level->block_half;
    char *into = level->block + half * UNPACK_BLOCK_BYTES;
    size_t held = 0;
    ssize_t got = 1;

    while (held < UNPACK_BLOCK_BYTES && got != 0) {
        got = level->input.source.read(&level->input.source, into + held, UNPACK_BLOCK_BYTES - held);
        if (got < 0 && errno != EINTR) {
            unpack_level_fail(level, errno);
            return got;
        }
        held += got > 0 ? (size_t)got : 0;
    }
    if (held > 0) {
        level->block_half = half;
        level->block_held[half] = held;
        level->supplied += held;
        unpack_level_count_zeros(level, into, held);
    }
    *bytes = into;
    return (ssize_t)held;
}

/* libarchive's own reads. */
static la_ssize_t unpack_level_supply(struct archive *archive, void *context, const void **block) {
    struct unpack_level *level = context;
    const char *bytes;
    ssize_t got = unpack_level_fill(level, &bytes);

    if (got < 0) {
        archive_set_error(archive, level->budget->system_error, "the input cannot be read");
    }
    *block = bytes;
    return got;
}

bool unpack_level_open(struct unpack_level *level, struct byte_source *bytes, char *name,
                       struct unpack_budget *budget) {
    struct unpack_peek *input = &level->input;
    ssize_t got = 1;

    *level = (struct unpack_level){.content = {.read = unpack_level_read}, .budget = budget, .name = name};
    input->source.read = unpack_level_peeked;
    input->from = bytes;
    while (input->length < sizeof input->head && got != 0) {
        got = bytes->read(bytes, input->head + input->length, sizeof input->head - input->length);
        if (got < 0 && errno != EINTR) {
            return unpack_level_fail(level, errno);
        }
        input->length += got > 0 ? (size_t)got : 0;
    }
    level->container = container_tell(input->head, input->length);
    if (level->container == CONTAINER_OFFICE) {
        level->container = budget->offices ? CONTAINER_ZIP : CONTAINER_NONE;
    }
    return true;
}

bool unpack_level_enter(struct unpack_level *level) {
    int result = ARCHIVE_OK;

    level->member_ended = true;
    if (level->container == CONTAINER_REFUSED) {
        unpack_level_break(level, DIAGNOSTIC_ARCHIVE_DAMAGED,
                           "it is compressed in a way that is not read; use gzip, zstd, bzip2, ZIP or tar", NULL);
        return true;
    }
    if (level->container == CONTAINER_GZIP) {
        level->gunzip = gunzip_open(&level->input.source);
        return level->gunzip != NULL || unpack_level_fail(level, ENOMEM);
    }
    level->archive = archive_read_new();
    level->block = malloc((size_t)2 * UNPACK_BLOCK_BYTES);
    if (level->archive == NULL || level->block == NULL) {
        return unpack_level_fail(level, ENOMEM);
    }
    if (level->container == CONTAINER_ZIP) {
        level->locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
        result = archive_read_support_format_zip_streamable(level->archive);
    } else if (level->container == CONTAINER_TAR) {
        result = archive_read_support_format_tar(level->archive);
    } else {
        result = level->container == CONTAINER_ZSTD ? archive_read_support_filter_zstd(level->archive)
                                                    : archive_read_support_filter_bzip2(level->archive);
        result = result == ARCHIVE_OK ? archive_read_support_format_raw(level->archive) : result;
        result = result == ARCHIVE_OK ? archive_read_support_format_empty(level->archive) : result;
    }
    if (result != ARCHIVE_OK ||
        archive_read_open(level->archive, level, NULL, unpack_level_supply, NULL) != ARCHIVE_OK) {
        if (level->budget->system_error != 0 || archive_errno(level->archive) == ENOMEM) {
            return unpack_level_fail(level, level->budget->system_error != 0 ? level->budget->system_error : ENOMEM);
        }
        unpack_level_break(level, DIAGNOSTIC_ARCHIVE_DAMAGED, "it cannot be unpacked",
                           archive_error_string(level->archive));
    }
    return true;
}

static enum unpack_step unpack_level_refuse(struct unpack_level *level, const char *name, const char *why,
                                            const char *detail) {
    char quoted[QUOTE_BYTES];

    level->problem = DIAGNOSTIC_ARCHIVE_MEMBER;
    buffer_clear(&level->text);
    buffer_format(&level->text, "the member %s was not read: %s%s%s; pack it again as a plain file",
                  quote(quoted, name, strlen(name)), why, detail != NULL ? ", " : "", detail != NULL ? detail : "");
    return UNPACK_STEP_REFUSED;
}

/* Whether a part of the name begins as hidden files do, or is the folder that macOS adds. */
static bool unpack_level_hidden(const char *name) {
    for (const char *part = name; part != NULL; part = strchr(part, '/')) {
        part += *part == '/';
        size_t length = strcspn(part, "/");
        bool parent = length == 2 && part[1] == '.';
        if ((*part == '.' && !parent) || (length == 8 && memcmp(part, "__MACOSX", 8) == 0)) {
            return true;
        }
    }
    return false;
}

bool unpack_level_method(struct archive *archive) {
    const char *format = archive_format_name(archive);

    return format != NULL && (strstr(format, "(deflation)") != NULL || strstr(format, "(uncompressed)") != NULL);
}

/* Takes the name of an entry, and says whether its content is to be read. */
static enum unpack_step unpack_level_entry(struct unpack_level *level, struct archive_entry *entry) {
    const char *name = archive_entry_pathname_utf8(entry);
    const char *reason = NULL;
    struct buffer joined = {0};

    name = name != NULL ? name : archive_entry_pathname(entry);
    name = name != NULL ? name : "";
    if (level->container == CONTAINER_ZIP && !unpack_tail_entry(&level->tail, name)) {
        unpack_level_fail(level, ENOMEM);
        return UNPACK_STEP_FAILED;
    }
    while (strncmp(name, "./", 2) == 0) {
        name += 2;
    }
    bool link = archive_entry_hardlink(entry) != NULL || archive_entry_symlink(entry) != NULL;
    if (archive_entry_filetype(entry) == AE_IFDIR || unpack_level_hidden(name)) {
        return UNPACK_STEP_PASS;
    }
    if (level->name != NULL) {
        buffer_format(&joined, "%s/", level->name);
    }
    buffer_append_text(&joined, name);
    level->member_name = buffer_take(&joined);
    if (level->member_name == NULL) {
        unpack_level_fail(level, ENOMEM);
        return UNPACK_STEP_FAILED;
    }
    level->budget->names += strlen(level->member_name);
    if (level->budget->names > LIMIT_ARCHIVE_NAMES_BYTES) {
        unpack_level_spend(level, "the names of its members take more than", LIMIT_ARCHIVE_NAMES_BYTES >> 20,
                           "MiB, the most that is read; export it in several files");
        return UNPACK_STEP_BROKEN;
    }
    if (!path_is_safe(level->member_name, &reason)) {
        return unpack_level_refuse(level, name, reason, NULL);
    }
    if (link || (archive_entry_filetype(entry) != AE_IFREG && archive_entry_filetype(entry) != 0)) {
        return unpack_level_refuse(level, level->member_name, "it is a link or a device", NULL);
    }
    if (archive_entry_is_data_encrypted(entry)) {
        level->member_ended = true;
        return unpack_level_refuse(level, level->member_name, "it is encrypted", NULL);
    }
    if (level->container == CONTAINER_ZIP && !unpack_level_method(level->archive)) {
        level->member_ended = true;
        return unpack_level_refuse(level, level->member_name, "its method of compression is not read",
                                   archive_format_name(level->archive));
    }
    return UNPACK_STEP_MEMBER;
}

/* The one member of a compressed stream. */
static enum unpack_step unpack_level_stream(struct unpack_level *level) {
    struct archive_entry *entry;

    if (level->streamed) {
        return UNPACK_STEP_END;
    }
    level->streamed = true;
    if (level->name != NULL) {
        level->member_name = strdup(level->name);
        if (level->member_name == NULL) {
            unpack_level_fail(level, ENOMEM);
            return UNPACK_STEP_FAILED;
        }
    }
    int result = level->gunzip != NULL ? ARCHIVE_OK : archive_read_next_header(level->archive, &entry);
    level->member_ended = result == ARCHIVE_EOF; /* a stream of nothing */
    if (result == ARCHIVE_OK || result == ARCHIVE_EOF) {
        return UNPACK_STEP_MEMBER;
    }
    if (level->budget->system_error != 0) {
        return UNPACK_STEP_FAILED;
    }
    unpack_level_break(level, DIAGNOSTIC_ARCHIVE_DAMAGED, "it is damaged or cut off",
                       archive_error_string(level->archive));
    return UNPACK_STEP_BROKEN;
}

/* What libarchive read ahead and did not use, from the offset on; false when it is no longer held. */
static bool unpack_level_unused(struct unpack_level *level, uint64_t from) {
    size_t last = level->block_held[level->block_half];
    size_t before = level->block_held[1 - level->block_half];
    uint64_t start = level->supplied - last;

    if (from > level->supplied || from + before + last < level->supplied) {
        return false;
    }
    if (from < start) {
        size_t skip = before - (size_t)(start - from);
        if (!unpack_tail_feed(&level->tail, level->block + (1 - level->block_half) * UNPACK_BLOCK_BYTES + skip,
                              before - skip)) {
            return unpack_level_fail(level, ENOMEM);
        }
        from = start;
    }
    return unpack_tail_feed(&level->tail, level->block + level->block_half * UNPACK_BLOCK_BYTES + (from - start),
                            (size_t)(level->supplied - from)) ||
           unpack_level_fail(level, ENOMEM);
}

/* Reads what stands behind the last entry, for the tail of a ZIP. */
static void unpack_level_rest(struct unpack_level *level) {
    const char *bytes;
    ssize_t got = 1;

    while (got > 0) {
        got = unpack_level_fill(level, &bytes);
        if (got > 0 && level->container == CONTAINER_ZIP && !unpack_tail_feed(&level->tail, bytes, (size_t)got)) {
            unpack_level_fail(level, ENOMEM);
            return;
        }
    }
}

/* Behind the last entry: whether what follows says that it was the last. */
static enum unpack_step unpack_level_end(struct unpack_level *level) {
    int64_t used = archive_filter_bytes(level->archive, 0);
    const char *fault = NULL;

    if (level->container == CONTAINER_TAR) {
        unpack_level_rest(level);
        bool zeros = used >= 0 && level->zeros >= level->supplied - (uint64_t)used;
        fault = level->zeros < UNPACK_TAR_END ? "it is cut off, or has no mark at its end"
                : !zeros                      ? "other bytes stand behind its end"
                                              : NULL;
    } else if (used >= 0 && unpack_level_unused(level, (uint64_t)used)) {
        unpack_level_rest(level);
        fault = unpack_tail_fault(&level->tail);
    } else {
        fault = "its directory cannot be found";
    }
    if (level->budget->system_error != 0) {
        return UNPACK_STEP_FAILED;
    }
    if (fault == NULL) {
        return UNPACK_STEP_END;
    }
    unpack_level_break(level, DIAGNOSTIC_ARCHIVE_DAMAGED, fault, NULL);
    return UNPACK_STEP_BROKEN;
}

enum unpack_step unpack_level_next(struct unpack_level *level) {
    struct archive_entry *entry;

    if (level->container != CONTAINER_ZIP && level->container != CONTAINER_TAR) {
        return unpack_level_stream(level);
    }
    level->member_ended = false;
    free(level->member_name);
    level->member_name = NULL;
    /* libarchive gives a name that a ZIP calls UTF-8 in the locale's own encoding, or not at all. */
    locale_t before = uselocale(level->locale);
    int result = archive_read_next_header(level->archive, &entry);
    uselocale(before);
    if (level->budget->system_error != 0) {
        return UNPACK_STEP_FAILED;
    }
    if (result == ARCHIVE_EOF) {
        return unpack_level_end(level);
    }
    if (result != ARCHIVE_OK && result != ARCHIVE_WARN) {
        unpack_level_break(level, DIAGNOSTIC_ARCHIVE_DAMAGED, "it is damaged or cut off",
                           archive_error_string(level->archive));
        return UNPACK_STEP_BROKEN;
    }
    if (++level->budget->members > LIMIT_ARCHIVE_MEMBERS) {
        unpack_level_spend(level, "it has more than", LIMIT_ARCHIVE_MEMBERS,
                           "members, the most that are read; export it in several files");
        return UNPACK_STEP_BROKEN;
    }
    return unpack_level_entry(level, entry);
}

void unpack_level_close(struct unpack_level *level) {
    if (level->archive != NULL) {
        archive_read_free(level->archive);
    }
    gunzip_close(level->gunzip);
    if (level->locale != (locale_t)0) {
        freelocale(level->locale);
    }
    free(level->block);
    free(level->name);
    free(level->member_name);
    buffer_free(&level->text);
    unpack_tail_free(&level->tail);
    *level = (struct unpack_level){0};
}
