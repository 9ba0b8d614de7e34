#include "read/read.h"

#include "base/limits.h"
#include "read/reader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct reader_format *const formats[FORMAT_COUNT] = {
    [FORMAT_CSV] = &read_csv_format,   [FORMAT_JSON] = &read_tree_format,   [FORMAT_NDJSON] = &read_tree_format,
    [FORMAT_YAML] = &read_tree_format, [FORMAT_XML] = &read_tree_format,    [FORMAT_DOCUMENT] = &read_document_format,
    [FORMAT_LOG] = &read_log_format,   [FORMAT_CEDAR] = &read_cedar_format,
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
    size_t room = sizeof tap->head - tap->head_length;
    size_t kept = (size_t)got < room ? (size_t)got : room;
    memcpy(tap->head + tap->head_length, into, kept);
    tap->head_length += kept;
    tap->bytes += (uint64_t)got;
    if (tap->sink != NULL && !tap->sink->write(tap->sink, into, (size_t)got)) {
        tap->sink_failed = true;
        errno = EIO;
        return -1;
    }
    return got;
}

/* Passes on what the format left unread. */
static bool read_rest(struct reader *reader) {
    char *block = reader->tap.ended ? NULL : malloc(LIMIT_BLOCK_BYTES);
    ssize_t got = 1;

    if (reader->tap.ended) {
        return true;
    }
    if (block == NULL) {
        reader_out_of_memory(reader);
        return false;
    }
    while (got > 0) {
        do {
            got = read_through(&reader->tap.source, block, LIMIT_BLOCK_BYTES);
        } while (got < 0 && errno == EINTR);
    }
    if (got < 0) {
        reader_failed(reader, errno);
    }
    free(block);
    return got == 0;
}

static enum record_status read_end(struct reader *reader) {
    const struct kind *kind = reader->request.kind;

    if (!read_rest(reader)) {
        return RECORD_FAILED;
    }
    if (kind->has_effective && kind->effective.base == PATH_FILE) {
        struct raw raw = reader_file_part(&reader->request, &kind->effective);
        reader_effective(reader, &raw, 0);
    }
    reader_report_shapes(reader);
    reader->facts.bytes = reader->tap.bytes;
    reader->source.envelope = reader->source.envelope_count > 0 ? reader->envelope : NULL;
    return RECORD_END;
}

static enum record_status read_next(struct record_source *source, struct record *out) {
    struct reader *reader = (struct reader *)source;

    if (reader->done) {
        return reader->last;
    }
    enum record_status status = reader->format->next(reader, out);
    if (status == RECORD_END) {
        status = read_end(reader);
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
    reader->tap = (struct reader_tap){.source = {.read = read_through}, .from = request->bytes, .sink = request->sink};
    reader->bytes = &reader->tap.source;
    reader->arena = arena_new();
    if (reader->arena == NULL || !rows_open(&reader->rows, reader->arena, &reader->request, &reader->source.tally)) {
        goto no_memory;
    }
    const struct reader_format *format =
        request->kind->has_inside ? &read_inside_format : formats[request->kind->format];
    if (!format->open(reader)) {
        goto no_memory;
    }
    reader->format = format;
    return &reader->source;

no_memory:
    read_close(&reader->source);
    return NULL;
}

void read_close(struct record_source *source) {
    struct reader *reader = (struct reader *)source;

    if (reader == NULL) {
        return;
    }
    if (reader->format != NULL) {
        reader->format->close(reader);
    }
    arena_free(reader->arena);
    free(reader);
}

void read_facts(const struct record_source *source, struct read_facts *out) {
    *out = ((const struct reader *)source)->facts;
}
