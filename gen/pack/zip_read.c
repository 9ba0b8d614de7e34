#include "pack/zip_read.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/path.h"
#include "pack/zip_entry_data.h"
#include "pack/zip_file.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct zip_read {
    char *path;
    int descriptor;
    uint64_t size;
    struct arena *arena; /* entries and names */
    struct zip_entry *entries;
    size_t count;
    uint64_t directory;        /* offset */
    uint64_t directory_length; /* bytes */
    uint64_t declared;         /* entries */
    struct zip_time time;      /* of every entry: the first one's */
    struct buffer expected;    /* a record as it must be */
    bool failed;               /* the file could not be read */
    uint8_t block[ZIP_FILE_BLOCK];
};

static bool refuse(struct zip_read *zip, struct diagnostics *diagnostics, const char *what) {
    diagnostics_report(diagnostics, DIAGNOSTIC_PACKAGE_CONTAINER, &(struct place){.path = zip->path},
                       "%s; ask for the package anew", what);
    return false;
}

static bool refuse_entry(struct zip_read *zip, struct diagnostics *diagnostics, const struct zip_entry *entry,
                         const char *what) {
    char name[256];
    zip_read_printable(entry->name, entry->name_length, name, sizeof name);
    diagnostics_report(diagnostics, DIAGNOSTIC_PACKAGE_CONTAINER, &(struct place){.path = zip->path},
                       "entry %zu (%s) %s; ask for the package anew", zip->count, name, what);
    return false;
}

static bool unreadable(struct zip_read *zip, struct diagnostics *diagnostics) {
    zip->failed = true;
    diagnostics_report_errno(diagnostics, DIAGNOSTIC_FILE_READ, &(struct place){.path = zip->path}, errno,
                             "the package cannot be read; check the disk it is on");
    return false;
}

static bool out_of_memory(struct zip_read *zip, struct diagnostics *diagnostics) {
    zip->failed = true;
    diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "memory ran out while reading the package");
    return false;
}

struct zip_read *zip_read_open(const char *path, struct diagnostics *diagnostics) {
    struct stat status;
    struct zip_read *zip = calloc(1, sizeof *zip);
    if (!zip) {
        diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "memory ran out while reading the package");
        return NULL;
    }
    zip->descriptor = -1;
    zip->path = strdup(path);
    zip->arena = arena_new();
    if (!zip->path || !zip->arena) {
        out_of_memory(zip, diagnostics);
        goto failed;
    }
    zip->descriptor = file_open(path);
    if (zip->descriptor < 0 || fstat(zip->descriptor, &status) != 0) {
        diagnostics_report_errno(diagnostics, DIAGNOSTIC_FILE_READ, &(struct place){.path = path}, errno,
                                 "the package cannot be opened; check the path");
        goto failed;
    }
    zip->size = (uint64_t)status.st_size;
    return zip;
failed:
    zip_read_free(zip);
    return NULL;
}

void zip_read_free(struct zip_read *zip) {
    if (!zip) {
        return;
    }
    if (zip->descriptor >= 0) {
        close(zip->descriptor);
    }
    buffer_free(&zip->expected);
    arena_free(zip->arena);
    free(zip->path);
    free(zip);
}

bool zip_read_failed(const struct zip_read *zip) {
    return zip->failed;
}

const struct zip_entry *zip_read_entries(const struct zip_read *zip, size_t *count) {
    *count = zip->count;
    return zip->entries;
}

/* Reads the end records into the fields of `zip`, and compares them with the only form that they may have. */
static bool read_end(struct zip_read *zip, struct diagnostics *diagnostics) {
    uint8_t tail[ZIP_END64_BYTES + ZIP_LOCATOR64_BYTES + ZIP_END_BYTES];
    if (zip->size < ZIP_END_BYTES) {
        return refuse(zip, diagnostics, "the file is too short to be a package");
    }
    size_t length = zip->size < sizeof tail ? (size_t)zip->size : sizeof tail;
    if (!zip_file_read(zip->descriptor, tail, length, zip->size - length)) {
        return unreadable(zip, diagnostics);
    }
    const uint8_t *end = tail + length - ZIP_END_BYTES;
    if (memcmp(end, "PK\5\6", 4) != 0) {
        return refuse(
            zip, diagnostics,
            "the file does not end with a ZIP end record: it is no ZIP, is cut off, or has bytes behind its end");
    }
    zip->declared = zip_header_get16(end + 10);
    zip->directory_length = zip_header_get32(end + 12);
    zip->directory = zip_header_get32(end + 16);
    if (length == sizeof tail && memcmp(tail, "PK\6\6", 4) == 0 &&
        (zip->declared == UINT16_MAX || zip->directory_length == UINT32_MAX || zip->directory == UINT32_MAX)) {
        zip->declared = zip_header_get64(tail + 32);
        zip->directory_length = zip_header_get64(tail + 40);
        zip->directory = zip_header_get64(tail + 48);
    }
    if (zip->declared > LIMIT_PACKAGE_ENTRIES) {
        diagnostics_report(diagnostics, DIAGNOSTIC_PACKAGE_CONTAINER, &(struct place){.path = zip->path},
                           "the package declares %" PRIu64 " entries, more than the limit of %d; ask for it in parts",
                           zip->declared, LIMIT_PACKAGE_ENTRIES);
        return false;
    }
    buffer_clear(&zip->expected);
    zip_header_end(zip->declared, zip->directory, zip->directory_length, &zip->expected);
    if (zip->expected.failed) {
        return out_of_memory(zip, diagnostics);
    }
    uint64_t records = zip->expected.length;
    if (records > length || memcmp(zip->expected.data, tail + length - records, records) != 0) {
        return refuse(zip, diagnostics, "the ZIP end record is not of the form that tickmark writes, or has a comment");
    }
    if (zip->directory > zip->size - records || zip->directory_length != zip->size - records - zip->directory) {
        return refuse(zip, diagnostics, "the ZIP directory does not end where the end record begins");
    }
    return true;
}

/* Takes the numbers that are too long for their fields from the zip64 field. False when it is not long enough. */
static bool take_zip64(const uint8_t *extra, size_t length, uint32_t offset, struct zip_entry *entry) {
    size_t at = 4;
    if (entry->size == UINT32_MAX || entry->packed == UINT32_MAX) {
        if (length < at + 16) {
            return false;
        }
        entry->size = zip_header_get64(extra + at);
        entry->packed = zip_header_get64(extra + at + 8);
        at += 16;
    }
    if (offset == UINT32_MAX) {
        if (length < at + 8) {
            return false;
        }
        entry->offset = zip_header_get64(extra + at);
    }
    return true;
}

/* Compares a record in the file with `zip->expected`. */
static bool record_is(struct zip_read *zip, uint64_t position, bool *same, struct diagnostics *diagnostics) {
    if (zip->expected.failed) {
        return out_of_memory(zip, diagnostics);
    }
    if (!zip_file_read(zip->descriptor, zip->block, zip->expected.length, position)) {
        return unreadable(zip, diagnostics);
    }
    *same = memcmp(zip->block, zip->expected.data, zip->expected.length) == 0;
    return true;
}

/*
 * Reads the central header at `*position` and moves past it. `end` is where the directory ends. The header must be what
 * the writer would have made of its values.
 */
static bool read_central(struct zip_read *zip, uint64_t *position, uint64_t end, struct diagnostics *diagnostics) {
    uint8_t fixed[ZIP_CENTRAL_BYTES];
    uint8_t extra[ZIP_CENTRAL_EXTRA_MOST];
    if (end - *position < ZIP_CENTRAL_BYTES) {
        return refuse(zip, diagnostics, "the ZIP directory holds fewer entries than the end record says");
    }
    if (!zip_file_read(zip->descriptor, fixed, sizeof fixed, *position)) {
        return unreadable(zip, diagnostics);
    }
    size_t name_length = zip_header_get16(fixed + 28);
    size_t extra_length = zip_header_get16(fixed + 30);
    struct zip_entry *entry = arena_push(zip->arena, &zip->entries, &zip->count, sizeof *zip->entries);
    char *name = entry ? arena_allocate(zip->arena, name_length + 1) : NULL;
    if (!name) {
        return out_of_memory(zip, diagnostics);
    }
    entry->name = name;
    if (end - *position - ZIP_CENTRAL_BYTES < name_length + extra_length || name_length > LIMIT_PACKAGE_NAME_BYTES) {
        return refuse_entry(zip, diagnostics, entry, "has a name that is too long");
    }
    if (!zip_file_read(zip->descriptor, name, name_length, *position + ZIP_CENTRAL_BYTES)) {
        return unreadable(zip, diagnostics);
    }
    entry->name_length = name_length;
    if (extra_length > sizeof extra) {
        return refuse_entry(zip, diagnostics, entry, "has an extra field other than zip64's");
    }
    if (!zip_file_read(zip->descriptor, extra, extra_length, *position + ZIP_CENTRAL_BYTES + name_length)) {
        return unreadable(zip, diagnostics);
    }
    entry->method = zip_header_get16(fixed + 10);
    entry->crc = zip_header_get32(fixed + 16);
    entry->packed = zip_header_get32(fixed + 20);
    entry->size = zip_header_get32(fixed + 24);
    entry->offset = zip_header_get32(fixed + 42);
    if (!take_zip64(extra, extra_length, (uint32_t)entry->offset, entry)) {
        return refuse_entry(zip, diagnostics, entry, "lacks a zip64 number");
    }
    if (entry->method != ZIP_STORED && entry->method != ZIP_DEFLATED) {
        return refuse_entry(zip, diagnostics, entry, "is compressed by a method other than deflate");
    }
    if (zip_header_get32(fixed + 38) >> 16 != 0100644) {
        return refuse_entry(zip, diagnostics, entry, "is not a regular file of mode 0644");
    }
    if (zip->count == 1) {
        zip->time = (struct zip_time){.time = zip_header_get16(fixed + 12), .date = zip_header_get16(fixed + 14)};
    }
    buffer_clear(&zip->expected);
    zip_header_central(entry, zip->time, &zip->expected);
    bool same = false;
    if (zip->expected.length != ZIP_CENTRAL_BYTES + name_length + extra_length) {
        return zip->expected.failed ? out_of_memory(zip, diagnostics)
                                    : refuse_entry(zip, diagnostics, entry, "has an extra field that it does not need");
    }
    if (!record_is(zip, *position, &same, diagnostics)) {
        return false;
    }
    if (!same) {
        return refuse_entry(zip, diagnostics, entry,
                            "has flags, a comment, a time or other fields that tickmark does not write");
    }
    *position += zip->expected.length;
    return true;
}

/* The local header of the last entry read must stand at `expected`, agree with the central one, and fit. */
static bool check_local(struct zip_read *zip, uint64_t *next, struct diagnostics *diagnostics) {
    const struct zip_entry *entry = &zip->entries[zip->count - 1];
    bool same = false;
    if (entry->offset != *next) {
        return refuse_entry(zip, diagnostics, entry,
                            entry->offset > *next ? "leaves a gap before it, where bytes can hide"
                                                  : "overlaps what is before it");
    }
    uint64_t header = zip_header_local_length(entry);
    if (header > zip->directory - *next || entry->packed > zip->directory - *next - header) {
        return refuse_entry(zip, diagnostics, entry, "reaches into the ZIP directory");
    }
    buffer_clear(&zip->expected);
    zip_header_local(entry, zip->time, &zip->expected);
    if (!record_is(zip, *next, &same, diagnostics)) {
        return false;
    }
    if (!same) {
        return refuse_entry(zip, diagnostics, entry, "has a local header that differs from the ZIP directory");
    }
    *next += header + entry->packed;
    return true;
}

/* Sizes that agree with the method and keep the limits. */
static bool check_sizes(struct zip_read *zip, uint64_t *total, struct diagnostics *diagnostics) {
    const struct zip_entry *entry = &zip->entries[zip->count - 1];
    if (entry->method == ZIP_STORED && entry->packed != entry->size) {
        return refuse_entry(zip, diagnostics, entry, "is stored, but with two different sizes");
    }
    if (entry->method == ZIP_DEFLATED && zip_header_ratio_refused(entry->size, entry->packed)) {
        return refuse_entry(zip, diagnostics, entry, "inflates more than a hundredfold, as an archive bomb does");
    }
    if (__builtin_add_overflow(*total, entry->size, total) || *total > LIMIT_PACKAGE_BYTES) {
        return refuse_entry(zip, diagnostics, entry, "takes the package over the limit of its inflated size");
    }
    return true;
}

bool zip_read_directory(struct zip_read *zip, struct diagnostics *diagnostics) {
    if (!read_end(zip, diagnostics)) {
        return false;
    }
    uint64_t position = zip->directory;
    uint64_t end = zip->directory + zip->directory_length;
    uint64_t next = 0;
    uint64_t total = 0;
    for (uint64_t i = 0; i < zip->declared; i++) {
        if (!read_central(zip, &position, end, diagnostics) || !check_local(zip, &next, diagnostics) ||
            !check_sizes(zip, &total, diagnostics)) {
            return false;
        }
    }
    if (next != zip->directory) {
        return refuse(zip, diagnostics, "there are bytes between the last entry and the ZIP directory");
    }
    if (position != end) {
        return refuse(zip, diagnostics, "the ZIP directory holds more than its entries");
    }
    return true;
}

bool zip_read_digest(struct zip_read *zip, uint8_t digest[DIGEST_BYTES], struct diagnostics *diagnostics) {
    return zip_file_digest(zip->descriptor, zip->size, zip->block, digest) || unreadable(zip, diagnostics);
}

bool zip_read_entry(struct zip_read *zip, const struct zip_entry *entry, struct byte_sink *sink, const char **reason,
                    struct diagnostics *diagnostics) {
    switch (zip_entry_data_pour(zip->descriptor, entry, zip->block, sink, reason)) {
    case ZIP_ENTRY_DATA_POURED:
        return true;
    case ZIP_ENTRY_DATA_REFUSED:
        return false;
    case ZIP_ENTRY_DATA_UNREADABLE:
        *reason = NULL;
        return unreadable(zip, diagnostics);
    case ZIP_ENTRY_DATA_MEMORY:
        break;
    }
    *reason = NULL;
    return out_of_memory(zip, diagnostics);
}

void zip_read_printable(const char *name, size_t length, char *out, size_t capacity) {
    bool plain = strlen(name) == length && path_is_safe(name, NULL);
    size_t used = 0;
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)name[i];
        bool show = plain || (byte >= 0x20 && byte < 0x7f && byte != '\\');
        bool inside = plain && (byte & 0xc0) == 0x80; /* of a character, where no cut is made */
        if (!inside && capacity - used < 4 + 4) {     /* one more character or escape, then dots and a NUL */
            memcpy(out + used, "...", 4);
            return;
        }
        if (show) {
            out[used++] = (char)byte;
        } else {
            used += (size_t)snprintf(out + used, capacity - used, "\\x%02x", byte);
        }
    }
    out[used] = '\0';
}
