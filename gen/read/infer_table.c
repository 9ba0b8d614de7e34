#include "read/csv.h"
#include "read/infer_private.h"
#include "read/table_header.h"

#include <string.h>

#define LOOK_ROWS 50 /* by which a table is told from other text */

bool infer_table_looks(const char *bytes, size_t length) {
    struct byte_source_memory memory;
    const struct csv_cell *cells;
    size_t count;
    size_t width = 0;
    size_t rows = 0;
    size_t even = 0;
    size_t broken = 0;

    byte_source_memory(&memory, bytes, length);
    struct csv *csv = csv_open(&memory.source, 0);
    if (csv == NULL) {
        return false;
    }
    for (bool more = true; more && rows < LOOK_ROWS;) {
        enum csv_event event = csv_next(csv, &cells, &count);
        more = event == CSV_ROW || event == CSV_ERROR;
        if (event == CSV_ROW && width == 0) {
            width = count;
            /* A mapping or a list of YAML, or a comment. */
            more = !(cells[0].length > 1 && (cells[0].bytes[0] == '#' || memcmp(cells[0].bytes, "- ", 2) == 0)) &&
                   memmem(cells[0].bytes, cells[0].length, ": ", 2) == NULL;
            width = more ? width : 0;
        } else if (more) {
            rows++;
            broken += event == CSV_ERROR;
            even += event == CSV_ROW && count == width;
        }
    }
    csv_close(csv);
    return width >= 2 && even * 4 >= (rows - broken) * 3 && broken * 2 <= rows;
}

static bool infer_table_header(struct arena *arena, const struct synonyms *synonyms, const struct csv_cell *cells,
                               size_t count, struct infer_sample *sample, struct infer_place *place) {
    size_t taken = count < LIMIT_INFER_FIELDS ? count : LIMIT_INFER_FIELDS;

    place->fields = arena_array(arena, taken + 1, sizeof *place->fields);
    if (place->fields == NULL) {
        return false;
    }
    sample->overflow = taken < count;
    for (size_t i = 0; i < taken; i++) {
        struct infer_field *field = arena_allocate(arena, sizeof *field);
        const char *name = arena_copy(arena, cells[i].bytes, cells[i].length);
        if (field == NULL || name == NULL) {
            return false;
        }
        field->path = field->known = field->top = name;
        infer_field_name(field, synonyms, &name, 1);
        /* A path that begins so means something else than a column. */
        field->twice = cells[i].length == 0 || name[0] == '$' || name[0] == '@' || strlen(name) != cells[i].length;
        for (size_t j = 0; j < i; j++) {
            if (strcmp(place->fields[j]->path, name) == 0) {
                field->twice = place->fields[j]->twice = true;
            }
        }
        place->fields[place->field_count++] = field;
    }
    return true;
}

/* A header names its columns: no cell of it is a number, a time or an address. */
static bool infer_table_headless(struct arena *arena, const struct synonyms *synonyms,
                                 const struct infer_place *place) {
    for (size_t i = 0; i < place->field_count; i++) {
        const char *name = place->fields[i]->path;
        struct infer_field *tried = arena_allocate(arena, sizeof *tried);
        enum datetime_format format;
        if (tried != NULL && infer_field_add(arena, synonyms, tried, name, strlen(name)) &&
            (tried->reals > 0 || tried->addresses > 0 || infer_field_time(tried, &format))) {
            return true;
        }
    }
    return false;
}

/* Rows above the header: those of the first ones that have less than half as many cells with something in them. */
static size_t infer_table_titles(const struct infer_request *request) {
    struct byte_source_memory memory;
    const struct csv_cell *cells;
    size_t filled[2 * TABLE_TITLES_MOST];
    size_t count;
    size_t rows = 0;
    size_t most = 0;
    size_t titles = 0;

    byte_source_memory(&memory, request->bytes, request->length);
    struct csv *csv = csv_open(&memory.source, 0);
    while (csv != NULL && rows < 2 * TABLE_TITLES_MOST && csv_next(csv, &cells, &count) == CSV_ROW) {
        filled[rows] = table_header_filled(cells, count);
        most = filled[rows] > most ? filled[rows] : most;
        rows++;
        csv_sniff_again(csv);
    }
    csv_close(csv);
    while (titles < rows && filled[titles] * 2 < most) {
        titles++;
    }
    return titles < TABLE_TITLES_MOST ? titles : 0;
}

bool infer_table(struct arena *arena, const struct infer_request *request, struct infer_sample *out) {
    const struct synonyms *synonyms = &request->schema->synonyms;
    struct infer_place *place = arena_allocate(arena, sizeof *place);
    struct byte_source_memory memory;
    const struct csv_cell *cells;
    size_t count;
    uint64_t broken = 0; /* rows that cannot be read at all */
    bool good = place != NULL;

    byte_source_memory(&memory, request->bytes, request->length);
    struct csv *csv = csv_open(&memory.source, 0);
    if (csv == NULL || !good) {
        csv_close(csv);
        return false;
    }
    out->format = FORMAT_CSV;
    out->places = place;
    out->place_count = 1;
    place->words = "";
    enum csv_event event = CSV_ROW;
    for (size_t above = infer_table_titles(request); event == CSV_ROW && above > 0; above--) {
        event = csv_next(csv, &cells, &count);
        csv_sniff_again(csv);
    }
    event = csv_next(csv, &cells, &count);
    size_t width = count;
    if (event != CSV_ROW) {
        out->refusal = "the first row is no header that can be read; correct the export";
        goto end;
    }
    out->delimiter = csv_delimiter(csv);
    good = infer_table_header(arena, synonyms, cells, count, out, place);
    out->headless = good && infer_table_headless(arena, synonyms, place);
    while (good && ((event = csv_next(csv, &cells, &count)) == CSV_ROW || event == CSV_ERROR)) {
        out->unread = out->unread || event == CSV_ERROR;
        if (event == CSV_ERROR || count != width) {
            out->ragged += event == CSV_ROW;
            broken += event == CSV_ERROR;
            continue;
        }
        place->records++;
        for (size_t i = 0; i < place->field_count && good; i++) {
            place->fields[i]->present++;
            good = infer_field_add(arena, synonyms, place->fields[i], cells[i].bytes, cells[i].length);
        }
    }
    good = good && event != CSV_READ_FAILED;
    if (place->records < out->ragged + broken) {
        out->refusal =
            "most rows do not fit the first, which has to be the header; remove what stands above the header "
            "(a title, a date), or export without it";
    }

end:
    csv_close(csv);
    return good;
}
