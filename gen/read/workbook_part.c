#include "base/limits.h"
#include "read/unpack_level.h"
#include "read/workbook.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <string.h>

static void workbook_part_fail(struct workbook *workbook, enum diagnostic problem, const char *what) {
    if (workbook->fault.length == 0) {
        workbook->problem = problem;
        buffer_append_text(&workbook->fault, what);
    }
}

static ssize_t workbook_part_read(struct byte_source *source, void *into, size_t capacity) {
    struct workbook_part *part = (struct workbook_part *)source;
    struct workbook *workbook = part->workbook;

    if (part->ended) {
        return 0;
    }
    la_ssize_t got = archive_read_data(part->archive, into, capacity);
    part->ended = got <= 0;
    if (got < 0) {
        const char *why = archive_error_string(part->archive);
        struct buffer text = {0};
        buffer_format(&text, "the workbook is damaged (%s); export it again", why != NULL ? why : "its ZIP");
        workbook_part_fail(workbook, DIAGNOSTIC_ARCHIVE_DAMAGED, buffer_text(&text) != NULL ? text.data : "damaged");
        buffer_free(&text);
        return 0;
    }
    workbook->unpacked += (uint64_t)got;
    if (workbook->unpacked > LIMIT_UNPACKED_RATIO_ABOVE &&
        workbook->unpacked / LIMIT_UNPACKED_RATIO > workbook->bytes.length) {
        struct buffer text = {0};
        buffer_format(&text,
                      "the workbook unpacks to more than %d times its size, the most that is read; export it as "
                      "CSV if that is right",
                      LIMIT_UNPACKED_RATIO);
        workbook_part_fail(workbook, DIAGNOSTIC_ARCHIVE_LIMIT, buffer_text(&text) != NULL ? text.data : "too large");
        buffer_free(&text);
        part->ended = true;
        return 0;
    }
    return got;
}

bool workbook_part_open(struct workbook_part *part, struct workbook *workbook, const char *name) {
    struct archive *archive = archive_read_new();
    struct archive_entry *entry;
    uint64_t members = 0;

    *part = (struct workbook_part){.source = {workbook_part_read}, .workbook = workbook, .archive = archive};
    errno = ENOMEM;
    if (archive == NULL || archive_read_support_format_zip(archive) != ARCHIVE_OK) {
        return false;
    }
    errno = 0;
    if (archive_read_open_memory(archive, workbook->bytes.data, workbook->bytes.length) != ARCHIVE_OK) {
        return false;
    }
    for (;;) {
        int result = archive_read_next_header(archive, &entry);
        if ((result != ARCHIVE_OK && result != ARCHIVE_WARN) || ++members > LIMIT_ARCHIVE_MEMBERS) {
            errno = 0;
            return false;
        }
        const char *found = archive_entry_pathname(entry);
        if (found != NULL && strcmp(found, name) == 0) {
            break;
        }
    }
    if (archive_entry_is_data_encrypted(entry) || !unpack_level_method(archive)) {
        workbook_part_fail(workbook, DIAGNOSTIC_WORKBOOK,
                           "the workbook is encrypted, or packed in an unusual way; save "
                           "it without a password");
        errno = 0;
        return false;
    }
    return true;
}

void workbook_part_close(struct workbook_part *part) {
    if (part->archive != NULL) {
        archive_read_free(part->archive);
    }
    *part = (struct workbook_part){0};
}
