#include "base/limits.h"
#include "config/cedar_path.h"
#include "read/cedar.h"
#include "read/container.h"
#include "read/csv.h"
#include "read/json.h"
#include "read/log.h"
#include "read/read.h"
#include "read/sheet.h"
#include "read/table_header.h"
#include "read/unpack.h"
#include "read/walk.h"
#include "read/workbook.h"

#include <string.h>

#define DETECT_LINES            20
#define NEAREST_NAMES           32 /* of `detect:`; kinds that ask for more are not compared */
#define READ_DETECT_MEMBERS     32 /* of an archive that are looked at */
#define READ_DETECT_BLOCK_BYTES (64u << 10)

/* How many of the columns the header row has; `there` (may be NULL) gets a flag for each. */
static size_t read_detect_csv(const struct kind *kind, const char *bytes, size_t length, bool *there) {
    struct byte_source_memory memory;
    struct table_titles titles = {0};
    const struct csv_cell *cells;
    size_t count;
    size_t found = 0;

    byte_source_memory(&memory, bytes, length);
    struct csv *csv = csv_open(&memory.source, kind->delimiter);
    while (csv != NULL && csv_next(csv, &cells, &count) == CSV_ROW &&
           table_header_title(&titles, kind, cells, count, there, &found)) {
        csv_sniff_again(csv);
    }
    csv_close(csv);
    return found;
}

/* The same of a workbook, where all of it is there. */
static size_t read_detect_sheet(const struct kind *kind, const char *bytes, size_t length, bool *there) {
    struct byte_source_memory memory;
    struct workbook workbook;
    struct table_titles titles = {0};
    const struct csv_cell *cells;
    size_t count;
    size_t found = 0;

    if (container_tell(bytes, length) != CONTAINER_OFFICE) {
        return 0;
    }
    byte_source_memory(&memory, bytes, length);
    bool opened = workbook_open(&workbook, &memory.source, kind->sheet) == WORKBOOK_OPENED;
    struct sheet *sheet = opened ? sheet_open(&workbook) : NULL;
    while (sheet != NULL && sheet_next(sheet, 0, &cells, &count) == CSV_ROW &&
           table_header_title(&titles, kind, cells, count, there, &found)) {
    }
    sheet_close(sheet);
    workbook_close(&workbook);
    return found;
}

static size_t read_detect_seen(struct outline *outline, const struct kind *kind, bool *there) {
    size_t found = 0;

    for (size_t i = 0; i < kind->detect_paths.count; i++) {
        bool seen = outline_detected(outline, kind->detect_paths.items[i], 1);
        found += seen;
        if (there != NULL) {
            there[i] = seen;
        }
    }
    for (size_t i = 0; i < kind->detect_without.count; i++) {
        found -= found > 0 && outline_detected(outline, kind->detect_without.items[i], 1);
    }
    return found;
}

/* How many of the paths stand somewhere, in a record or around the records; `there` (may be NULL): which. */
static size_t read_detect_tree(const struct kind *kind, const char *bytes, size_t length, bool *there) {
    struct byte_source_memory memory;
    struct walk walk = {0};
    size_t found = 0;

    struct arena *arena = arena_new();
    struct outline *outline =
        arena == NULL ? NULL : outline_new(arena, kind, kind->has_inside ? OUTLINE_AROUND : OUTLINE_WHOLE);
    byte_source_memory(&memory, bytes, length);
    if (outline == NULL || !outline_add_detection(outline, kind) || !walk_open(&walk, outline, &memory.source)) {
        goto end;
    }
    walk.note_unknown = false;
    outline->alone = false; /* what asks for the elements of a list is told from what asks for objects by themselves */
    for (bool more = true; more && found < kind->detect_paths.count;) {
        enum walk_event event = walk_next(&walk);
        found = read_detect_seen(outline, kind, there);
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

/* The first byte that is no white space and no part of a byte order mark, or NUL. */
static char read_detect_first(const char *bytes, size_t length) {
    size_t at = length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;

    bool assignment;

    at += json_wrapping(bytes + at, length - at, &assignment);
    while (at < length && strchr(" \t\r\n", bytes[at]) != NULL && bytes[at] != '\0') {
        at++;
    }
    return at < length ? bytes[at] : '\0';
}

/* Whether a CSV or tree kind can be told by its columns or paths at all; how many it asks for, and how many are there.
 */
static bool read_detect_names(const struct kind *kind, const char *bytes, size_t length, bool *there, size_t *asked,
                              size_t *found) {
    char first = read_detect_first(bytes, length);
    bool tree = first == '{' || first == '[';

    bool table = kind->format == FORMAT_CSV || kind->format == FORMAT_XLSX;

    *asked = table ? kind->detect_columns.count : kind->detect_paths.count;
    if (*asked == 0) {
        return false;
    }
    switch (kind->format) {
    case FORMAT_CSV:
        *found = tree ? 0 : read_detect_csv(kind, bytes, length, there);
        return !tree;
    case FORMAT_JSON:
        *found = tree ? read_detect_tree(kind, bytes, length, there) : 0;
        return tree;
    case FORMAT_NDJSON: /* its first line may be junk */
    case FORMAT_YAML:
    case FORMAT_XML:
        *found = read_detect_tree(kind, bytes, length, there);
        return true;
    case FORMAT_XLSX:
        *found = read_detect_sheet(kind, bytes, length, there);
        return container_tell(bytes, length) == CONTAINER_OFFICE;
    case FORMAT_LOG:
    case FORMAT_CEDAR:
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
        const char *text = own ? bytes : decoded.data;
        size_t text_length = own ? length : decoded.length;
        size_t asked = 0;
        size_t found = 0;
        bool claims = kind->format == FORMAT_LOG ? read_detect_log(kind, text, text_length)
                      : kind->format == FORMAT_CEDAR
                          ? read_detect_cedar(kind, text, text_length)
                          : read_detect_names(kind, text, text_length, NULL, &asked, &found) && found == asked;
        if (claims) {
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

const struct kind *read_nearest(const struct schema *schema, const char *bytes, size_t length, struct buffer *missing) {
    const struct kind *nearest = NULL;
    size_t most = 1; /* one name alone says nothing */
    size_t most_asked = 0;

    for (size_t i = 0; i < schema->kind_count; i++) {
        const struct kind *kind = &schema->kinds[i];
        bool there[NEAREST_NAMES] = {false};
        size_t asked = 0;
        size_t found = 0;
        size_t names = kind->format == FORMAT_CSV ? kind->detect_columns.count : kind->detect_paths.count;
        if (names > NEAREST_NAMES || !read_detect_names(kind, bytes, length, there, &asked, &found) ||
            found * 2 < asked || found <= most) {
            continue;
        }
        const struct text_list *list = kind->format == FORMAT_CSV ? &kind->detect_columns : &kind->detect_paths;
        size_t lacking = 0;
        for (size_t n = 0; n < asked; n++) {
            lacking += !there[n];
        }
        if (lacking == 0 && found < asked) { /* it has all, and what no such export has as well */
            continue;
        }
        nearest = kind;
        most = found;
        most_asked = asked;
        buffer_clear(missing);
        for (size_t n = 0; n < asked; n++) {
            if (!there[n]) {
                buffer_format(missing, "%s%s", missing->length > 0 ? ", " : "", list->items[n]);
            }
        }
    }
    return most < most_asked && !missing->failed ? nearest : NULL;
}
