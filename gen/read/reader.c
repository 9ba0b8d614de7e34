#include "read/reader.h"

#include "base/quote.h"
#include "base/value.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

enum record_status reader_out_of_memory(struct reader *reader) {
    diagnostics_report(reader->request.diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to read %s",
                       reader->request.path);
    return RECORD_FAILED;
}

enum record_status reader_failed(struct reader *reader, int error) {
    struct place place = reader_place(reader, 0, 0, 0);

    if (error == ENOMEM) {
        return reader_out_of_memory(reader);
    }
    if (!reader->tap.sink_failed) {
        diagnostics_report_errno(reader->request.diagnostics, DIAGNOSTIC_FILE_READ, &place, error,
                                 "cannot read the evidence; check the disk");
    }
    return RECORD_FAILED;
}

struct place reader_place(const struct reader *reader, uint64_t line, uint64_t column, uint64_t record) {
    return (struct place){
        .path = reader->request.path, .member = reader->rows.member, .line = line, .column = column, .record = record};
}

void reader_wrong_shape(struct reader *reader, const char *what) {
    reader->source.tally.wrong_shape = true;
    char *copy = arena_text(reader->arena, what);
    const char **slot =
        copy == NULL ? NULL : arena_push(reader->arena, &reader->shapes, &reader->shape_count, sizeof *reader->shapes);
    if (slot == NULL) {
        reader_out_of_memory(reader);
        return;
    }
    *slot = copy;
}

void reader_report_shapes(struct reader *reader) {
    const struct kind *kind = reader->request.kind;
    struct place place = reader_place(reader, 0, 0, 0);
    char quoted[QUOTE_BYTES];

    for (size_t i = 0; i < reader->shape_count; i++) {
        if (reader->content.bytes == 0) {
            diagnostics_report(reader->request.diagnostics, DIAGNOSTIC_WRONG_SHAPE, &place,
                               "the file is empty; export it again as '%s'", kind->title);
            break;
        }
        bool zip = reader->content.head_length >= 2 && memcmp(reader->content.head, "PK", 2) == 0;
        diagnostics_report(reader->request.diagnostics, DIAGNOSTIC_WRONG_SHAPE, &place,
                           "%s; the file %s%s; export it again as '%s'", reader->shapes[i],
                           zip ? "is a ZIP, as workbooks are" : "begins with ",
                           zip ? "" : quote(quoted, reader->content.head, reader->content.head_length), kind->title);
    }
    reader->shapes = NULL;
    reader->shape_count = 0;
}

/* Whether the source's own count stands beside the export; that it is right is seen where the file has been read. */
static bool reader_counted(const struct reader *reader) {
    const struct yaml_node *sidecar = reader->request.sidecar;
    const struct yaml_node *records = sidecar == NULL ? NULL : yaml_get(sidecar, "records");
    int64_t counted = -1;

    return records != NULL && records->kind == YAML_SCALAR && value_integer(records->text, records->length, &counted) &&
           counted >= 0;
}

/*
 * Whether the last page is full, so that another may follow. Behind a larger page it is no full one: of pages of 100,
 * one of 30 is the last.
 */
static bool reader_page_full(const struct reader *reader) {
    const struct kind *kind = reader->request.kind;
    const struct reader_pages *pages = &reader->pages;

    for (size_t i = 0; i < kind->page_size_count; i++) {
        if (pages->last == kind->page_sizes[i] && pages->last == pages->largest) {
            return !reader_counted(reader);
        }
    }
    return false;
}

void reader_report_pages(struct reader *reader) {
    const struct reader_pages *pages = &reader->pages;
    const struct kind *kind = reader->request.kind;
    struct place place = reader_place(reader, pages->open == NULL ? 0 : pages->open_line, 0, 0);

    if (pages->open != NULL) {
        diagnostics_report(
            reader->request.diagnostics, DIAGNOSTIC_INCOMPLETE_EXPORT, &place,
            "%s is %s, so that it is not all there is, or does not say so; export all pages of '%s' into one "
            "file, the last of them last",
            pages->open->path.text, pages->said, kind->title);
    } else if (pages->partial < pages->counted) {
        diagnostics_report(reader->request.diagnostics, DIAGNOSTIC_INCOMPLETE_EXPORT, &place,
                           "it holds %" PRIu64 " of %" PRIu64 " records, as %s counts them; export all pages of '%s' "
                           "into one file",
                           pages->partial, pages->counted, kind->count.text, kind->title);
    }
    bool faulty = reader->source.tally.truncated || pages->open != NULL || pages->partial < pages->counted;
    if (!faulty && reader_page_full(reader)) {
        faulty = true;
        diagnostics_report(reader->request.diagnostics, DIAGNOSTIC_FULL_PAGE, &place,
                           "%s %" PRIu64 " records, which is a full page of '%s', and does not say that no other "
                           "follows; it does not count: export all pages into one file, or say in a sidecar how many "
                           "records its source counted (records)",
                           pages->last == reader->source.tally.records ? "it holds" : "its last list holds",
                           pages->last, kind->title);
    }
    reader->source.tally.truncated = faulty;
}

struct raw reader_file_part(const struct read_request *request, const struct value_path *path) {
    for (size_t i = 0; request->match != NULL && path->key_count > 0 && i < request->match->part_count; i++) {
        const struct path_part *part = &request->match->parts[i];
        if (strlen(path->keys[0]) == part->name_length && memcmp(path->keys[0], part->name, part->name_length) == 0) {
            return (struct raw){RAW_TEXT, part->text, part->text_length};
        }
    }
    return (struct raw){.kind = RAW_ABSENT};
}

void reader_effective(struct reader *reader, const struct raw *raw, uint64_t line) {
    const struct kind *kind = reader->request.kind;
    struct place place = reader_place(reader, line, 0, 0);
    char quoted[QUOTE_BYTES];
    int64_t effective;

    if (raw->kind == RAW_ABSENT || raw->kind == RAW_NULL) {
        return;
    }
    enum datetime_result result = convert_time(raw, kind->effective_time, reader->request.zone, NULL, &effective);
    if (result != DATETIME_OK) {
        reader->source.tally.wrong_shape = true;
        diagnostics_report(reader->request.diagnostics,
                           result == DATETIME_NO_ZONE ? DIAGNOSTIC_TIME_ZONE : DIAGNOSTIC_VALUE_CONVERSION, &place,
                           result == DATETIME_NO_ZONE
                               ? "%s, when the export was made, has no zone; declare `zone:` for the source"
                               : "%s, when the export was made, is no time as the kind says; correct `effective:`",
                           raw->bytes == NULL ? "a list or object" : quote(quoted, raw->bytes, raw->length));
        return;
    }
    if (reader->facts.has_effective && reader->facts.effective != effective) {
        reader_wrong_shape(reader, "the file holds several documents that say different times of export");
        return;
    }
    reader->facts.has_effective = true;
    reader->facts.effective = effective;
}
