#include "read/csv.h"
#include "read/read.h"
#include "read/walk.h"

#include <string.h>

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
        found = true;
        for (size_t i = 0; i < kind->detect_columns.count && found; i++) {
            const char *name = kind->detect_columns.items[i];
            found = false;
            for (size_t j = 0; j < count && !found; j++) {
                found = cells[j].length == strlen(name) && memcmp(cells[j].bytes, name, cells[j].length) == 0;
            }
        }
    }
    csv_close(csv);
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

size_t read_detect(const struct schema *schema, const char *bytes, size_t length, size_t *kinds, size_t capacity) {
    size_t count = 0;

    for (size_t i = 0; i < schema->kind_count; i++) {
        const struct kind *kind = &schema->kinds[i];
        bool claims = false;
        switch (kind->format) {
        case FORMAT_CSV:
            claims = read_detect_csv(kind, bytes, length);
            break;
        case FORMAT_JSON:
        case FORMAT_NDJSON:
        case FORMAT_YAML:
        case FORMAT_XML:
            claims = read_detect_tree(kind, bytes, length);
            break;
        case FORMAT_DOCUMENT:
        case FORMAT_COUNT:
            break;
        }
        if (claims) {
            if (count < capacity) {
                kinds[count] = i;
            }
            count++;
        }
    }
    return count;
}
