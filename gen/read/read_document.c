#include "read/document_form.h"
#include "read/reader.h"

#include "base/limits.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A file that is evidence itself: its bytes pass by, and its sidecar makes the row. */
struct read_document {
    size_t next_rule;
    bool passed;
    struct document_form form;
};

static bool read_document_open(struct reader *reader) {
    reader->state = calloc(1, sizeof(struct read_document));
    return reader->state != NULL;
}

static void read_document_close(struct reader *reader) {
    free(reader->state);
}

static struct raw read_document_value(const struct reader *reader, const struct value_path *path) {
    const struct yaml_node *node = reader->request.sidecar;

    for (size_t i = 0; node != NULL && i < path->key_count; i++) {
        node = node->kind == YAML_MAPPING ? yaml_get(node, path->keys[i]) : NULL;
    }
    if (node != NULL && node->kind == YAML_SCALAR) {
        return (struct raw){RAW_TEXT, node->text, node->length};
    }
    if (node != NULL && node->kind != YAML_NULL) {
        return (struct raw){.kind = RAW_COMPOUND};
    }
    bool approver = path->key_count == 1 && strcmp(path->keys[0], "approved_by") == 0;
    if (approver && reader->request.approved_by != NULL) {
        return (struct raw){RAW_TEXT, reader->request.approved_by, strlen(reader->request.approved_by)};
    }
    return (struct raw){.kind = RAW_ABSENT};
}

static struct raw read_document_fetch(void *context, size_t rule_index, enum rows_part part, size_t index) {
    const struct reader *reader = context;
    const struct row_rule *rule = &reader->request.kind->rules[rule_index];

    switch (part) {
    case ROWS_MAPPING:
        return read_document_value(reader, &rule->mappings[index].from);
    case ROWS_INPUT:
        return read_document_value(reader, &rule->inputs[index].from);
    case ROWS_CONDITION:
        return read_document_value(reader, &rule->when[index].path);
    }
    return (struct raw){.kind = RAW_ABSENT};
}

/* Reads all of it, for the sink's sake and to see what it is. False when reading failed. */
static bool read_document_pass(struct reader *reader) {
    struct read_document *document = reader->state;
    char *block = malloc(LIMIT_BLOCK_BYTES);
    ssize_t got;

    if (block == NULL) {
        reader_out_of_memory(reader);
        return false;
    }
    do {
        got = reader->bytes->read(reader->bytes, block, LIMIT_BLOCK_BYTES);
        document_form_take(&document->form, block, got > 0 ? (size_t)got : 0);
    } while (got > 0 || (got < 0 && errno == EINTR));
    if (got < 0) {
        reader_failed(reader, errno);
    }
    free(block);
    return got == 0;
}

static enum record_status read_document_next(struct reader *reader, struct record *out) {
    struct read_document *document = reader->state;
    const struct kind *kind = reader->request.kind;
    struct record_tally *tally = &reader->source.tally;
    struct place place = reader_place(reader, 0, 0, 0);

    if (!document->passed) {
        if (!read_document_pass(reader)) {
            return RECORD_FAILED;
        }
        document->passed = true;
        if (reader->content.bytes == 0) {
            tally->wrong_shape = true;
            diagnostics_report(reader->request.diagnostics, DIAGNOSTIC_DOCUMENT_EMPTY, &place,
                               "the document is empty; put the approved document in its place");
            return RECORD_END;
        }
        const char *problem = document_form_problem(&document->form, reader->request.path);
        if (problem != NULL) {
            tally->wrong_shape = true;
            diagnostics_report(reader->request.diagnostics, DIAGNOSTIC_DOCUMENT_FORM, &place,
                               "the document is not what its name says: %s; put the approved document in its place",
                               problem);
            return RECORD_END;
        }
        tally->list_seen = true;
        tally->records = 1;
        if (reader->content.bytes > LIMIT_DOCUMENT_BYTES) {
            tally->rejected = 1;
            document->next_rule = kind->rule_count;
            diagnostics_report(reader->request.diagnostics, DIAGNOSTIC_RECORD_TOO_LONG, &place,
                               "the document is longer than %u MiB; split it", LIMIT_DOCUMENT_BYTES >> 20);
            return RECORD_END;
        }
        if (kind->has_effective && kind->effective.base != PATH_FILE) {
            struct raw raw = read_document_value(reader, &kind->effective);
            reader_effective(reader, &raw, 0);
        }
    }
    const struct locator locator = {.record = 1, .line = 1, .length = reader->content.bytes};
    while (document->next_rule < kind->rule_count) {
        if (rows_make(&reader->rows, document->next_rule++, &locator, read_document_fetch, reader, out)) {
            tally->loaded = 1;
            return RECORD_ROW;
        }
    }
    tally->passed_over = tally->records - tally->loaded - tally->rejected;
    return RECORD_END;
}

const struct reader_format read_document_format = {read_document_open, read_document_next, read_document_close, NULL,
                                                   NULL};
