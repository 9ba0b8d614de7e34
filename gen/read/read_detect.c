#include "base/limits.h"
#include "config/cedar_path.h"
#include "read/cedar.h"
#include "read/container.h"
#include "read/csv.h"
#include "read/json.h"
#include "read/log.h"
#include "read/read.h"
#include "read/sheet.h"
#include "read/unpack.h"
#include "read/walk.h"
#include "read/workbook.h"

#include <string.h>

#define DETECT_LINES            20
#define READ_DETECT_MEMBERS     32 /* of an archive that are looked at */
#define READ_DETECT_BLOCK_BYTES (64u << 10)

static bool read_detect_header(const struct kind *kind, const struct csv_cell *cells, size_t count) {
    bool found = true;

    for (size_t i = 0; i < kind->detect_columns.count && found; i++) {
        const char *name = kind->detect_columns.items[i];
        found = false;
        for (size_t j = 0; j < count && !found; j++) {
            found = cells[j].length == strlen(name) && memcmp(cells[j].bytes, name, cells[j].length) == 0;
        }
    }
    return found;
}

/* Whether the header row has all the columns. */
static bool read_detect_csv(const struct kind *kind, const char *bytes, size_t length) {
    struct byte_source_memory memory;
    const struct csv_cell *cells;
    size_t count;
    bool found = false;

    if (kind->detect_columns.count == 0) {
        return false;
    }
    byte_source_memory(&memory, bytes, length);
    struct csv *csv = csv_open(&memory.source, kind->delimiter);
    if (csv != NULL && csv_next(csv, &cells, &count) == CSV_ROW) {
        found = read_detect_header(kind, cells, count);
    }
    csv_close(csv);
    return found;
}

/* The same of a workbook, where all of it is there. */
static bool read_detect_sheet(const struct kind *kind, const char *bytes, size_t length) {
    struct byte_source_memory memory;
    struct workbook workbook;
    const struct csv_cell *cells;
    size_t count;
    bool found = false;

    if (kind->detect_columns.count == 0 || container_tell(bytes, length) != CONTAINER_OFFICE) {
        return false;
    }
    byte_source_memory(&memory, bytes, length);
    bool opened = workbook_open(&workbook, &memory.source, kind->sheet) == WORKBOOK_OPENED;
    struct sheet *sheet = opened ? sheet_open(&workbook) : NULL;
    if (sheet != NULL && sheet_next(sheet, 0, &cells, &count) == CSV_ROW) {
        found = read_detect_header(kind, cells, count);
    }
    sheet_close(sheet);
    workbook_close(&workbook);
    return found;
}

/* Whether all the paths stand somewhere, in a record or around the records. */
static bool read_detect_tree(const struct kind *kind, const char *bytes, size_t length) {
    struct byte_source_memory memory;
    struct walk walk = {0};
    bool found = false;

    if (kind->detect_paths.count == 0) {
        return false;
    }
    struct arena *arena = arena_new();
    struct outline *outline =
        arena == NULL ? NULL : outline_new(arena, kind, kind->has_inside ? OUTLINE_AROUND : OUTLINE_WHOLE);
    byte_source_memory(&memory, bytes, length);
    if (outline == NULL || !outline_add_detection(outline, kind) || !walk_open(&walk, outline, &memory.source)) {
        goto end;
    }
    walk.note_unknown = false;
    for (bool more = true; more && !found;) {
        enum walk_event event = walk_next(&walk);
        found = outline_detected(outline, kind);
        more = event == WALK_RECORD || event == WALK_DOCUMENT ||
               (event == WALK_STOPPED && outline->lines && walk_resume(&walk));
    }

end:
    walk_close(&walk);
    arena_free(arena);
    return found;
}

/* Whether a pattern matches one of the first lines. */
static bool read_detect_line(struct pattern *pattern, const char *bytes, size_t length) {
    struct byte_source_memory memory;
    const char *text;
    size_t text_length;
    bool found = false;

    byte_source_memory(&memory, bytes, length);
    struct log *log = log_open(&memory.source, NULL);
    for (int i = 0; log != NULL && i < DETECT_LINES && !found; i++) {
        enum log_event event = log_next(log, &text, &text_length);
        if (event != LOG_RECORD && event != LOG_ERROR) {
            break;
        }
        found = event == LOG_RECORD && pattern_match(pattern, text, text_length) == PATTERN_MATCHED;
    }
    log_close(log);
    return found;
}

/* Whether each of the patterns does. */
static bool read_detect_log(const struct kind *kind, const char *bytes, size_t length) {
    bool found = kind->detect_lines.count > 0;

    for (size_t i = 0; i < kind->detect_lines.count && found; i++) {
        struct pattern_fault fault;
        struct pattern *pattern = pattern_new(kind->detect_lines.items[i], PATTERN_BEGINNING, &fault);
        found = pattern != NULL && read_detect_line(pattern, bytes, length);
        pattern_free(pattern);
    }
    return found;
}

/* Whether a policy has what the path names; all policies have what is no annotation. */
static bool read_detect_policy(const struct cedar *cedar, const struct cedar_policy *policy, const char *path) {
    static const char annotation[] = "annotation.";
    const char *name = path + strlen(annotation);

    for (size_t i = 0; i < CEDAR_POLICY_COUNT; i++) {
        if (strcmp(cedar_path_names[i], path) == 0) {
            return true;
        }
    }
    for (size_t i = 0; strncmp(path, annotation, strlen(annotation)) == 0 && i < policy->annotation_count; i++) {
        const struct cedar_text *there = &policy->annotations[i].name;
        if (there->length == strlen(name) && memcmp(cedar_bytes(cedar, there), name, there->length) == 0) {
            return true;
        }
    }
    return false;
}

/* Whether some policy has all the paths. */
static bool read_detect_cedar(const struct kind *kind, const char *bytes, size_t length) {
    struct byte_source_memory memory;
    const struct cedar_policy *policy;
    enum cedar_event event = CEDAR_READ_ERROR;
    bool found = false;

    if (kind->detect_paths.count == 0) {
        return false;
    }
    byte_source_memory(&memory, bytes, length);
    struct cedar *cedar = cedar_open(&memory.source);
    while (cedar != NULL && !found && (event == CEDAR_READ_ERROR || event == CEDAR_READ_POLICY)) {
        event = cedar_next(cedar, &policy);
        found = event == CEDAR_READ_POLICY;
        for (size_t i = 0; i < kind->detect_paths.count && found; i++) {
            found = read_detect_policy(cedar, policy, kind->detect_paths.items[i]);
        }
    }
    cedar_close(cedar);
    return found;
}

/* The first byte that is no white space and no part of a byte order mark or what may wrap JSON, or NUL. */
static char read_detect_first(const char *bytes, size_t length) {
    size_t at = length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;

    bool assignment;

    at += json_wrapping(bytes + at, length - at, &assignment);
    while (at < length && strchr(" \t\r\n", bytes[at]) != NULL && bytes[at] != '\0') {
        at++;
    }
    return at < length ? bytes[at] : '\0';
}

/* Whether the kind claims the text, which is UTF-8 unless its format says by itself what it is in. */
static bool read_detect_kind(const struct kind *kind, const char *bytes, size_t length) {
    char first = read_detect_first(bytes, length);
    bool tree = first == '{' || first == '[';

    switch (kind->format) {
    case FORMAT_CSV:
        return !tree && read_detect_csv(kind, bytes, length);
    case FORMAT_JSON:
        return tree && read_detect_tree(kind, bytes, length);
    case FORMAT_NDJSON: /* its first line may be junk */
    case FORMAT_YAML:
    case FORMAT_XML:
        return read_detect_tree(kind, bytes, length);
    case FORMAT_XLSX:
        return read_detect_sheet(kind, bytes, length);
    case FORMAT_LOG:
        return read_detect_log(kind, bytes, length);
    case FORMAT_CEDAR:
        return read_detect_cedar(kind, bytes, length);
    case FORMAT_DOCUMENT:
    case FORMAT_COUNT:
        break;
    }
    return false;
}

static size_t read_detect_plain(const struct schema *schema, const char *bytes, size_t length, size_t *kinds,
                                size_t capacity) {
    const struct encoding *marked = encoding_of_mark(bytes, length);
    struct encoding_decoder decoder;
    struct buffer decoded = {0};
    size_t count = 0;

    if (marked != NULL && encoding_decoder_open(&decoder, marked)) {
        encoding_text(&decoder, bytes, length, &decoded);
    }
    for (size_t i = 0; i < schema->kind_count; i++) {
        const struct kind *kind = &schema->kinds[i];
        bool own = kind->format == FORMAT_XML || kind->format == FORMAT_YAML || decoded.length == 0;
        if (read_detect_kind(kind, own ? bytes : decoded.data, own ? length : decoded.length)) {
            if (count < capacity) {
                kinds[count] = i;
            }
            count++;
        }
    }
    buffer_free(&decoded);
    return count;
}

/* Reads the beginning of a member. False when memory is out or the member cannot be read. */
static bool read_detect_head(struct byte_source *bytes, struct buffer *head) {
    ssize_t got = 1;

    buffer_clear(head);
    while (got > 0 && head->length < LIMIT_RECOGNITION_BYTES) {
        if (!buffer_reserve(head, READ_DETECT_BLOCK_BYTES)) {
            return false;
        }
        got = bytes->read(bytes, head->data + head->length, READ_DETECT_BLOCK_BYTES);
        head->length += got > 0 ? (size_t)got : 0;
    }
    return got >= 0;
}

size_t read_detect(const struct schema *schema, const char *bytes, size_t length, size_t *kinds, size_t capacity) {
    struct byte_source_memory memory;
    struct buffer head = {0};
    size_t count = 0;

    if (length == 0 || container_tell(bytes, length) <= CONTAINER_OFFICE) {
        return read_detect_plain(schema, bytes, length, kinds, capacity);
    }
    byte_source_memory(&memory, bytes, length);
    struct unpack *unpack = unpack_open(&memory.source);
    for (int i = 0; unpack != NULL && count == 0 && i < READ_DETECT_MEMBERS; i++) {
        enum unpack_event event = unpack_next(unpack);
        if (event == UNPACK_MEMBER && read_detect_head(unpack_bytes(unpack), &head)) {
            count = read_detect_plain(schema, head.data, head.length, kinds, capacity);
        }
        if (event == UNPACK_END || event == UNPACK_FAILED) {
            break;
        }
    }
    unpack_close(unpack);
    buffer_free(&head);
    return count;
}
