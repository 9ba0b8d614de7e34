#include "cmd/sample_list.h"

#include "assess/population.h"
#include "base/byte_sink.h"
#include "base/byte_source.h"
#include "base/csv_cell.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"
#include "cmd/show_row.h"
#include "read/csv.h"
#include "store/store.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WRITE_BYTES (64u << 10)

static const char *const headings[] = {"item", "ref", "stratum"};
#define HEADING_COUNT (sizeof headings / sizeof headings[0])

bool sample_out_of_memory(struct command *command) {
    diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory for the sample");
    return false;
}

void sample_list_cell(struct buffer *out, const char *text, bool guarded) {
    buffer_append_byte(out, '"');
    if (guarded && csv_cell_runs(text, strlen(text))) {
        buffer_append_byte(out, '\'');
    }
    for (; *text != '\0'; text++) {
        if (*text == '"') {
            buffer_append_byte(out, '"');
        }
        buffer_append_byte(out, *text);
    }
    buffer_append_byte(out, '"');
}

static void append_reference(struct buffer *out, bool has_ref, int64_t ref) {
    if (has_ref) {
        buffer_format(out, "E%" PRId64 ".%" PRId64, STORE_REF_EVIDENCE(ref), STORE_REF_ORDINAL(ref));
    }
}

const char *sample_list_reference(struct arena *arena, bool has_ref, int64_t ref) {
    struct buffer text = {0};

    append_reference(&text, has_ref, ref);
    const char *copy = buffer_text(&text) != NULL ? arena_text(arena, buffer_text(&text)) : NULL;
    buffer_free(&text);
    return copy;
}

struct sample_list_writer {
    struct command *command;
    const char *path;
    int descriptor;
    struct byte_sink_descriptor file;
    struct buffer text;
};

static bool write_failed(struct sample_list_writer *writer, int error) {
    diagnostics_report_errno(writer->command->diagnostics, DIAGNOSTIC_FILE_WRITE, &(struct place){.path = writer->path},
                             error, "the list of the population cannot be written, check the free space");
    return false;
}

static bool flush(struct sample_list_writer *writer) {
    if (writer->text.failed) {
        return sample_out_of_memory(writer->command);
    }
    if (writer->text.length > 0 &&
        !writer->file.sink.write(&writer->file.sink, writer->text.data, writer->text.length)) {
        return write_failed(writer, writer->file.error);
    }
    buffer_clear(&writer->text);
    return true;
}

struct sample_list_writer *sample_list_create(struct command *command, const char *path) {
    struct sample_list_writer *writer = calloc(1, sizeof *writer);

    if (writer == NULL) {
        sample_out_of_memory(command);
        return NULL;
    }
    *writer = (struct sample_list_writer){.command = command, .path = path};
    writer->descriptor = file_open_new(path, 0644);
    if (writer->descriptor < 0) {
        write_failed(writer, errno);
        free(writer);
        return NULL;
    }
    byte_sink_descriptor(&writer->file, writer->descriptor);
    for (size_t i = 0; i < HEADING_COUNT; i++) {
        buffer_format(&writer->text, i > 0 ? ",%s" : "%s", headings[i]);
    }
    buffer_append_byte(&writer->text, '\n');
    return writer;
}

bool sample_list_add(struct sample_list_writer *writer, const struct sample_list_row *row) {
    sample_list_cell(&writer->text, row->item, false);
    buffer_append_byte(&writer->text, ',');
    append_reference(&writer->text, row->has_ref, row->ref);
    buffer_append_byte(&writer->text, ',');
    sample_list_cell(&writer->text, row->stratum, false);
    buffer_append_byte(&writer->text, '\n');
    return writer->text.length < WRITE_BYTES || flush(writer);
}

bool sample_list_end(struct sample_list_writer *writer) {
    if (writer == NULL) {
        return false;
    }
    bool done = flush(writer);
    if (close(writer->descriptor) != 0 && done) {
        done = write_failed(writer, errno);
    }
    buffer_free(&writer->text);
    free(writer);
    return done;
}

/* A list on its way in. */
struct reading {
    struct command *command;
    struct csv *csv;
    struct place place;
    struct buffer item; /* of the current row, and of the one before it */
    struct buffer before;
    struct buffer stratum;
    uint64_t count;
};

static bool not_ours(struct reading *reading, const char *what) {
    reading->place.line = csv_line(reading->csv);
    diagnostics_report(reading->command->diagnostics, DIAGNOSTIC_SAMPLE_DRAW, &reading->place,
                       "%s, so that the list of the population is not the one that was drawn from; restore it", what);
    return false;
}

static bool cannot_be_read(struct reading *reading) {
    diagnostics_report_errno(reading->command->diagnostics, DIAGNOSTIC_FILE_READ, &reading->place,
                             csv_system_error(reading->csv), "cannot read the list; check the disk");
    return false;
}

/* A NUL inside would hide what follows it. */
static bool take(struct buffer *into, const struct csv_cell *cell) {
    buffer_clear(into);
    buffer_append(into, cell->bytes, cell->length);
    return memchr(cell->bytes, '\0', cell->length) == NULL;
}

static bool take_row(struct reading *reading, const struct csv_cell *cells, size_t count, struct sample_list_row *row) {
    char reference[64];

    if (count != HEADING_COUNT || !take(&reading->item, &cells[0]) || !take(&reading->stratum, &cells[2]) ||
        cells[1].length >= sizeof reference) {
        return not_ours(reading, "this row is not of three cells as they are written");
    }
    if (reading->item.failed || reading->stratum.failed) {
        sample_out_of_memory(reading->command);
        return false;
    }
    memcpy(reference, cells[1].bytes, cells[1].length);
    reference[cells[1].length] = '\0';
    *row = (struct sample_list_row){
        .position = reading->count, .item = buffer_text(&reading->item), .stratum = buffer_text(&reading->stratum)};
    row->has_ref = reference[0] != '\0';
    if (row->has_ref && !show_row_reference(reference, &row->ref)) {
        return not_ours(reading, "this row has a reference that is none");
    }
    if (reading->count > 0 && strcmp(buffer_text(&reading->before), row->item) >= 0) {
        return not_ours(reading, "this item does not follow the one before in the order of bytes");
    }
    return reading->count < LIMIT_SAMPLE_POPULATION || not_ours(reading, "there are too many rows");
}

static bool take_head(struct reading *reading) {
    const struct csv_cell *cells = NULL;
    size_t count = 0;
    enum csv_event event = csv_next(reading->csv, &cells, &count);
    bool good = event == CSV_ROW && count == HEADING_COUNT;

    if (event == CSV_READ_FAILED) {
        return cannot_be_read(reading);
    }
    for (size_t i = 0; good && i < HEADING_COUNT; i++) {
        good = cells[i].length == strlen(headings[i]) && memcmp(cells[i].bytes, headings[i], cells[i].length) == 0;
    }
    return good || not_ours(reading, "the first line is not item,ref,stratum");
}

static bool walk_rows(struct reading *reading, sample_list_visit *visit, void *context) {
    const struct csv_cell *cells = NULL;
    size_t count = 0;
    struct sample_list_row row;
    enum csv_event event = csv_next(reading->csv, &cells, &count);

    for (; event == CSV_ROW; event = csv_next(reading->csv, &cells, &count)) {
        if (!take_row(reading, cells, count, &row) || !visit(context, &row)) {
            return false;
        }
        reading->count++;
        struct buffer other = reading->before;
        reading->before = reading->item;
        reading->item = other;
    }
    if (event == CSV_READ_FAILED) {
        return cannot_be_read(reading);
    }
    return event == CSV_END || not_ours(reading, "this row cannot be read");
}

bool sample_list_walk(struct command *command, const char *path, sample_list_visit *visit, void *context) {
    struct reading reading = {.command = command, .place = {.path = path}};
    struct byte_source_descriptor bytes;
    int descriptor = file_open(path);
    bool done = false;

    if (descriptor < 0) {
        diagnostics_report_errno(command->diagnostics, DIAGNOSTIC_FILE_READ, &reading.place, errno,
                                 "cannot open the list of the population; restore it");
        return false;
    }
    byte_source_descriptor(&bytes, descriptor);
    reading.csv = csv_open(&bytes.source, ',');
    if (reading.csv == NULL) {
        sample_out_of_memory(command);
        goto end;
    }
    done = take_head(&reading) && walk_rows(&reading, visit, context);

end:
    csv_close(reading.csv);
    buffer_free(&reading.item);
    buffer_free(&reading.before);
    buffer_free(&reading.stratum);
    close(descriptor);
    return done;
}
