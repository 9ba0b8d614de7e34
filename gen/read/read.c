#include "read/read.h"

#include "read/reader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define READ_REST_BYTES (32u << 10)

static const struct reader_format *const formats[FORMAT_COUNT] = {
    [FORMAT_CSV] = &read_csv_format,   [FORMAT_JSON] = &read_tree_format,   [FORMAT_NDJSON] = &read_tree_format,
    [FORMAT_YAML] = &read_tree_format, [FORMAT_XML] = &read_tree_format,    [FORMAT_DOCUMENT] = &read_document_format,
    [FORMAT_LOG] = &read_log_format,   [FORMAT_CEDAR] = &read_cedar_format, [FORMAT_XLSX] = &read_csv_format,
};

static ssize_t read_through(struct byte_source *source, void *into, size_t capacity) {
    struct reader_tap *tap = (struct reader_tap *)source;

    if (tap->ended) {
        return 0;
    }
    ssize_t got = tap->from->read(tap->from, into, capacity);
    if (got <= 0) {
        tap->ended = got == 0;
        return got;
    }
    tap->bytes += (uint64_t)got;
    if (tap->sink != NULL && !tap->sink->write(tap->sink, into, (size_t)got)) {
        tap->sink_failed = true;
        errno = EIO;
        return -1;
    }
    return got;
}

/* Reads what the format, or the unpacking, left unread, for the sake of the sink and of how the file begins. */
static bool read_rest(struct reader *reader, struct byte_source *bytes) {
    char block[READ_REST_BYTES];
    ssize_t got;

    do {
        got = bytes->read(bytes, block, sizeof block);
    } while (got > 0 || (got < 0 && errno == EINTR));
    if (got < 0) {
        reader_failed(reader, errno);
    }
    return got == 0;
}

static enum record_status read_end(struct reader *reader) {
    const struct kind *kind = reader->request.kind;

    if (reader->format != NULL && reader->format->finish != NULL) {
        reader->format->finish(reader);
    }
    if (!members_finish(reader)) {
        return reader_out_of_memory(reader);
    }
    if (!read_rest(reader, &reader->tap.source)) {
        return RECORD_FAILED;
    }
    if (kind->has_effective && kind->effective.base == PATH_FILE) {
        struct raw raw = reader_file_part(&reader->request, &kind->effective);
        reader_effective(reader, &raw, 0);
    }
    reader_report_pages(reader);
    reader_report_shapes(reader);
    reader->facts.bytes = reader->tap.bytes;
    reader->source.envelope = reader->source.envelope_count > 0 ? reader->envelope : NULL;
    return RECORD_END;
}

/* Opens the format for the member at hand. False when memory is out. */
static bool read_member(struct reader *reader) {
    const struct kind *kind = reader->request.kind;
    const struct reader_format *format = reader->format;

    reader->pages.last = 0; /* lone records of two members are no run */
    if (format != NULL && format->again != NULL) {
        return format->again(reader);
    }
    if (format != NULL) {
        format->close(reader);
        reader->format = NULL;
    }
    arena_free(reader->arena);
    reader->arena = arena_new();
    format = kind->has_inside ? &read_inside_format : formats[kind->format];
    if (reader->arena == NULL || !format->open(reader)) {
        return false;
    }
    reader->format = format;
    return true;
}

/* Goes on behind the end of a member. RECORD_ROW when another one may be read. */
static enum record_status read_advance(struct reader *reader) {
    const char *member = reader->rows.member;

    if (reader->format != NULL) {
        if (!read_rest(reader, &reader->content.source)) {
            return RECORD_FAILED;
        }
        reader_report_shapes(reader);
    }
    enum record_status status = members_next(reader);
    if (status == RECORD_ROW && !read_member(reader)) {
        return reader_out_of_memory(reader);
    }
    if (status == RECORD_END) {
        reader->rows.member = reader->members.count == 1 ? member : NULL;
        return read_end(reader);
    }
    return status;
}

/* Turns the place of a row in UTF-8 into that in the file. */
static void read_place(struct reader *reader, struct locator *locator) {
    struct transcode *transcode = &reader->transcode;
    uint64_t text = locator->offset;

    if (!transcode->started || transcode->passing) {
        return;
    }
    locator->offset = transcode_offset(transcode, text);
    locator->length = transcode_offset(transcode, text + locator->length) - locator->offset;
    if (locator->record != reader->placed) { /* the first row of a record is where it begins, or behind */
        transcode_release(transcode, text);
        reader->placed = locator->record;
    }
}

static enum record_status read_next(struct record_source *source, struct record *out) {
    struct reader *reader = (struct reader *)source;
    bool member = reader->format != NULL;
    enum record_status status = RECORD_ROW;

    if (reader->done) {
        return reader->last;
    }
    for (;;) {
        if (member) {
            status = reader->format->next(reader, out);
            if (status != RECORD_END) {
                break;
            }
        }
        status = read_advance(reader);
        if (status != RECORD_ROW) {
            break;
        }
        member = true;
    }
    if (status == RECORD_ROW) {
        read_place(reader, &out->locator);
    }
    reader->done = status != RECORD_ROW;
    reader->last = status;
    return status;
}

struct record_source *read_open(const struct read_request *request) {
    struct reader *reader = calloc(1, sizeof *reader);

    if (reader == NULL) {
        return NULL;
    }
    reader->source.next = read_next;
    reader->request = *request;
    if (request->zone == DATETIME_ZONE_UNDECLARED && request->kind->zone_text != NULL) {
        reader->request.zone = request->kind->zone;
    }
    reader->tap = (struct reader_tap){.source = {.read = read_through}, .from = request->bytes, .sink = request->sink};
    reader->whole = arena_new();
    if (reader->whole == NULL || !members_open(reader) ||
        !rows_open(&reader->rows, reader->whole, &reader->request, &reader->source.tally)) {
        read_close(&reader->source);
        return NULL;
    }
    return &reader->source;
}

void read_close(struct record_source *source) {
    struct reader *reader = (struct reader *)source;

    if (reader == NULL) {
        return;
    }
    if (reader->format != NULL) {
        reader->format->close(reader);
    }
    members_close(reader);
    arena_free(reader->arena);
    arena_free(reader->whole);
    free(reader);
}

void read_facts(const struct record_source *source, struct read_facts *out) {
    *out = ((const struct reader *)source)->facts;
}
