#include "base/quote.h"
#include "read/reader.h"
#include "read/table.h"
#include "read/table_header.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#define ABSENT          SIZE_MAX
#define UNKNOWN_PRINTED 10
#define TOGETHER_MOST   1024 /* bytes of a row whose cells are worth copying together, mapped or not */

/* Which field of a row each mapping, input and condition of a rule reads; ABSENT where the header lacks it. */
struct read_csv_rule {
    size_t *fields[ROWS_CONDITION + 1];
};
struct read_csv {
    const struct table_format *format;
    void *table;
    struct table_row row;
    bool header_read;
    const char **header; /* arena */
    size_t header_count;
    struct read_csv_rule *rules; /* arena */
    struct locator locator;
    size_t next_rule; /* of the row */
    bool wanted;      /* some rule took the row */
};

static bool read_csv_open(struct reader *reader) {
    const struct kind *kind = reader->request.kind;
    struct read_csv *state = arena_allocate(reader->arena, sizeof *state);

    if (state == NULL) {
        return false;
    }
    reader->state = state;
    state->next_rule = kind->rule_count;
    state->rules = arena_array(reader->arena, kind->rule_count, sizeof *state->rules);
    state->format = kind->format == FORMAT_XLSX ? &table_xlsx_format : &table_csv_format;
    state->table = state->format->open(reader);
    if (state->table == NULL) {
        return false;
    }
    for (size_t i = 0; i < kind->rule_count; i++) {
        const size_t counts[] = {kind->rules[i].mapping_count, kind->rules[i].input_count, kind->rules[i].when_count};
        for (size_t part = 0; part <= ROWS_CONDITION; part++) {
            state->rules[i].fields[part] = arena_array(reader->arena, counts[part] + 1, sizeof(size_t));
            if (state->rules[i].fields[part] == NULL) {
                state->format->close(state->table);
                return false;
            }
        }
    }
    return true;
}

static void read_csv_close(struct reader *reader) {
    struct read_csv *state = reader->state;

    state->format->close(state->table);
}

/* What is wrong with the header, gathered so that one diagnostic names it all. */
struct read_csv_header {
    struct reader *reader;
    struct buffer missing;
    struct buffer twice;
    size_t missing_count;
    size_t needed;
    bool *used; /* a flag a field of the header */
};

static bool read_csv_mentions(const struct buffer *list, const char *name) {
    char quoted[QUOTE_BYTES];
    return strstr(buffer_text(list) == NULL ? "" : buffer_text(list), quote(quoted, name, strlen(name))) != NULL;
}

static size_t read_csv_field(struct read_csv_header *check, const struct value_path *path, bool needed) {
    const struct read_csv *state = check->reader->state;
    size_t field = ABSENT;
    size_t found = 0;
    char quoted[QUOTE_BYTES];

    if (path->base != PATH_ROW || path->key_count != 1) {
        return ABSENT;
    }
    const char *name = path->keys[0];
    for (size_t i = 0; i < state->header_count; i++) {
        if (strcmp(state->header[i], name) == 0) {
            field = field == ABSENT ? i : field;
            check->used[i] = true;
            found++;
        }
    }
    check->needed += needed;
    if (found > 1 && !read_csv_mentions(&check->twice, name)) {
        buffer_format(&check->twice, "%s%s", check->twice.length > 0 ? ", " : "", quote(quoted, name, strlen(name)));
    }
    check->missing_count += found == 0 && needed;
    if (found == 0 && needed && !read_csv_mentions(&check->missing, name)) {
        const char *near = text_nearest(name, state->header, state->header_count, sizeof *state->header);
        buffer_format(&check->missing, "%s%s", check->missing.length > 0 ? ", " : "",
                      quote(quoted, name, strlen(name)));
        if (near != NULL) {
            buffer_format(&check->missing, " (did you mean %s?)", quote(quoted, near, strlen(near)));
        }
    }
    return field;
}

static void read_csv_rule_fields(struct read_csv_header *check, const struct row_rule *rule,
                                 struct read_csv_rule *fields) {
    for (size_t i = 0; i < rule->mapping_count; i++) {
        const struct mapping *mapping = &rule->mappings[i];
        fields->fields[ROWS_MAPPING][i] =
            mapping->has_from ? read_csv_field(check, &mapping->from, !mapping->optional) : ABSENT;
    }
    for (size_t i = 0; i < rule->input_count; i++) {
        fields->fields[ROWS_INPUT][i] = read_csv_field(check, &rule->inputs[i].from, rule->inputs[i].needed);
    }
    for (size_t i = 0; i < rule->when_count; i++) {
        const struct condition *condition = &rule->when[i];
        bool needed = condition->kind == CONDITION_IN || condition->kind == CONDITION_NOT_IN;
        fields->fields[ROWS_CONDITION][i] = read_csv_field(check, &condition->path, needed);
    }
}

/* Lists the columns that nobody asked for. */
static void read_csv_list_unknown(const struct read_csv_header *check, struct buffer *list) {
    const struct reader *reader = check->reader;
    const struct read_csv *state = reader->state;
    const struct text_list *ignore = &reader->request.kind->ignore;
    char quoted[QUOTE_BYTES];
    size_t unknown = 0;

    for (size_t i = 0; i < state->header_count; i++) {
        bool known = check->used[i];
        for (size_t j = 0; j < ignore->count; j++) {
            known = known || strcmp(ignore->items[j], state->header[i]) == 0;
        }
        if (!known && unknown++ < UNKNOWN_PRINTED) {
            buffer_format(list, "%s%s", list->length > 0 ? ", " : "",
                          quote(quoted, state->header[i], strlen(state->header[i])));
        }
    }
    buffer_append_text(list, unknown > UNKNOWN_PRINTED ? " and more" : "");
}

/* One note about all of them. */
static void read_csv_note_unknown(const struct reader *reader, const struct buffer *list) {
    const struct read_csv *state = reader->state;

    if (list->length == 0 || buffer_text(list) == NULL) {
        return;
    }
    struct place place = reader_place(reader, state->row.line, 0, 0);
    diagnostics_report(reader->request.diagnostics, DIAGNOSTIC_UNKNOWN_PATH, &place,
                       "the columns %s are neither mapped nor ignored by the kind %s; map them, or list them under "
                       "`ignore:`",
                       buffer_text(list), reader->request.kind->id);
}

/* Whether the header is what the kind needs; reports if not. */
static bool read_csv_check(struct reader *reader) {
    struct read_csv *state = reader->state;
    const struct kind *kind = reader->request.kind;
    struct place place = reader_place(reader, state->row.line, 0, 0);
    struct read_csv_header check = {.reader = reader};
    struct buffer unknown = {0};
    bool good = false;

    check.used = calloc(state->header_count, sizeof *check.used);
    if (check.used == NULL) {
        goto end;
    }
    for (size_t i = 0; i < kind->rule_count; i++) {
        read_csv_rule_fields(&check, &kind->rules[i], &state->rules[i]);
    }
    read_csv_list_unknown(&check, &unknown);
    good = check.missing_count == 0 && check.twice.length == 0 && !check.missing.failed && !check.twice.failed;
    reader->source.tally.wrong_shape = reader->source.tally.wrong_shape || !good;
    if (check.missing_count > 0 && check.missing_count == check.needed) {
        reader_wrong_shape(reader, "the header row has none of the columns that the kind maps");
    } else if (check.missing_count > 0 && buffer_text(&check.missing) != NULL && buffer_text(&unknown) != NULL) {
        diagnostics_report(
            reader->request.diagnostics, DIAGNOSTIC_CSV_COLUMNS, &place,
            "the header lacks %s%s%s%s; export with these columns, or mark them `optional` in the kind %s",
            buffer_text(&check.missing), unknown.length > 0 ? " (unknown to the kind: " : "", buffer_text(&unknown),
            unknown.length > 0 ? ")" : "", kind->id);
    }
    if (check.twice.length > 0 && buffer_text(&check.twice) != NULL) {
        diagnostics_report(reader->request.diagnostics, DIAGNOSTIC_CSV_COLUMNS, &place,
                           "the header has %s more than once, and which one is meant is unclear; rename one",
                           buffer_text(&check.twice));
    }
    if (good) {
        read_csv_note_unknown(reader, &unknown);
    }

end:
    free(check.used);
    buffer_free(&check.missing);
    buffer_free(&check.twice);
    buffer_free(&unknown);
    return good;
}

/* Reports what is wrong with a row; which diagnostic it was. */
static enum diagnostic read_csv_report_error(struct reader *reader, const struct place *place) {
    const struct read_csv *state = reader->state;
    struct table_fault fault;

    state->format->fault(state->table, &fault);
    diagnostics_report(reader->request.diagnostics, fault.id, place, "%s%s%s", fault.what,
                       fault.advice != NULL ? "; " : "", fault.advice != NULL ? fault.advice : "");
    return fault.id;
}

static enum record_status read_csv_failed(struct reader *reader) {
    const struct read_csv *state = reader->state;
    struct table_fault fault;

    state->format->fault(state->table, &fault);
    return reader_failed(reader, fault.system_error);
}

/* Reports an input that broke off, in a row or, of a workbook, between them. */
static void read_csv_report_end(struct reader *reader, const struct place *place) {
    const struct read_csv *state = reader->state;
    struct table_fault fault;

    state->format->fault(state->table, &fault);
    if (state->format != &table_csv_format) {
        read_csv_report_error(reader, place);
        return;
    }
    diagnostics_report(reader->request.diagnostics, DIAGNOSTIC_TRUNCATED, place,
                       "the file ends inside a quoted cell of this row; export it again, or close the quote");
}

/* Takes the row's cells for the names of columns. False when memory is out. */
static bool read_csv_take_header(struct reader *reader) {
    struct read_csv *state = reader->state;

    state->header_count = state->row.count;
    state->header = arena_array(reader->arena, state->header_count, sizeof *state->header);
    for (size_t i = 0; state->header != NULL && i < state->header_count; i++) {
        state->header[i] = arena_copy(reader->arena, state->row.cells[i].bytes, state->row.cells[i].length);
        if (state->header[i] == NULL) {
            return false;
        }
    }
    return state->header != NULL;
}

/* Whether the header has any column that the kind maps. */
static bool read_csv_mapped(const struct reader *reader) {
    const struct read_csv *state = reader->state;
    const struct kind *kind = reader->request.kind;

    for (size_t i = 0; i < kind->rule_count; i++) {
        for (size_t j = 0; j < kind->rules[i].mapping_count; j++) {
            const struct mapping *mapping = &kind->rules[i].mappings[j];
            bool column = mapping->has_from && mapping->from.base == PATH_ROW && mapping->from.key_count == 1;
            for (size_t k = 0; column && k < state->header_count; k++) {
                if (strcmp(state->header[k], mapping->from.keys[0]) == 0) {
                    return true;
                }
            }
        }
    }
    return false;
}

static void read_csv_note_titles(const struct reader *reader, const struct table_titles *titles) {
    const struct read_csv *state = reader->state;
    struct place place = reader_place(reader, state->row.line, 0, 0);

    diagnostics_report(reader->request.diagnostics, DIAGNOSTIC_TITLES, &place,
                       "the header stands here, below %zu row%s with something else, which %s not read", titles->rows,
                       titles->rows == 1 ? "" : "s", titles->rows == 1 ? "is" : "are");
}

/* Reads on to the header where titles stand above it. RECORD_ROW with the header taken. */
static enum record_status read_csv_pass_titles(struct reader *reader) {
    struct read_csv *state = reader->state;
    const struct kind *kind = reader->request.kind;
    struct table_titles titles = {0};
    enum csv_event event = CSV_ROW;
    size_t found = 0;

    while (event == CSV_ROW && table_header_title(&titles, kind, state->row.cells, state->row.count, NULL, &found)) {
        event = state->format->next(state->table, 0, &state->row);
    }
    if (event == CSV_ROW && titles.rows > 0 && found > 0) {
        read_csv_note_titles(reader, &titles);
        return read_csv_take_header(reader) ? RECORD_ROW : reader_out_of_memory(reader);
    }
    if (event == CSV_READ_FAILED) {
        return read_csv_failed(reader);
    }
    reader_wrong_shape(reader, "the header row has none of the columns that the kind maps");
    return RECORD_END;
}

/* Reads the header row. RECORD_ROW when records may follow. */
static enum record_status read_csv_header(struct reader *reader) {
    struct read_csv *state = reader->state;
    enum csv_event event = state->format->next(state->table, 0, &state->row);
    struct place place = reader_place(reader, state->row.line, 0, 0);

    state->header_read = true;
    if (event == CSV_READ_FAILED) {
        return read_csv_failed(reader);
    }
    if (event == CSV_ERROR) {
        reader->source.tally.wrong_shape = true;
        if (read_csv_report_error(reader, &place) == DIAGNOSTIC_CSV_QUOTE) { /* perhaps it is no CSV at all */
            reader_wrong_shape(reader, "the header row cannot be read");
        }
        return RECORD_END;
    }
    if (event != CSV_ROW) {
        reader->source.tally.truncated = reader->source.tally.truncated || event == CSV_TRUNCATED;
        if (event == CSV_TRUNCATED && state->format != &table_csv_format) {
            read_csv_report_end(reader, &place);
        }
        reader_wrong_shape(reader, "there is no header row");
        return RECORD_END;
    }
    if (!read_csv_take_header(reader)) {
        return reader_out_of_memory(reader);
    }
    if (reader->request.kind->detect_columns.count > 0 && !read_csv_mapped(reader)) {
        enum record_status status = read_csv_pass_titles(reader);
        if (status != RECORD_ROW) {
            return status;
        }
    }
    if (!read_csv_check(reader)) {
        return reader->source.tally.wrong_shape ? RECORD_END : reader_out_of_memory(reader);
    }
    reader->source.tally.list_seen = true;
    return RECORD_ROW;
}

static struct raw read_csv_fetch(void *context, size_t rule, enum rows_part part, size_t index) {
    const struct read_csv *state = context;
    size_t field = state->rules[rule].fields[part][index];

    if (field == ABSENT) {
        return (struct raw){.kind = RAW_ABSENT};
    }
    return (struct raw){RAW_TEXT, state->row.cells[field].bytes, state->row.cells[field].length};
}

/* Whether a row is nothing but separators, as spreadsheets leave below the last: as little as an empty line. */
static bool read_csv_blank(const struct table_row *row) {
    for (size_t i = 0; i < row->count; i++) {
        if (row->cells[i].length > 0) {
            return false;
        }
    }
    return row->count > 1;
}

/* The cells of a plain row stand one behind the other; in a long one there may be many that nobody wants. */
static void read_csv_tell_texts(const struct read_csv *state, struct record *out) {
    if (state->row.plain && state->row.count > 0 && state->row.length <= TOGETHER_MOST) {
        const struct csv_cell *last = &state->row.cells[state->row.count - 1];
        const char *first = state->row.cells[0].bytes;
        out->texts = (struct value_run){first, (size_t)(last->bytes + last->length - first)};
    }
}

/* Reads the next row into the state and counts it. RECORD_ROW also for one that was rejected: then no rule is due. */
static enum record_status read_csv_record(struct reader *reader) {
    struct read_csv *state = reader->state;
    struct record_tally *tally = &reader->source.tally;
    enum csv_event event = CSV_END;

    do {
        event = state->format->next(state->table, state->header_count, &state->row);
    } while (event == CSV_ROW && read_csv_blank(&state->row));
    size_t count = state->row.count;

    if (event == CSV_END) {
        return RECORD_END;
    }
    if (event == CSV_READ_FAILED) {
        return read_csv_failed(reader);
    }
    tally->records++;
    state->locator = (struct locator){
        .record = tally->records, .line = state->row.line, .offset = state->row.offset, .length = state->row.length};
    struct place place = reader_place(reader, state->locator.line, 0, tally->records);
    if (event == CSV_ERROR) {
        read_csv_report_error(reader, &place);
    } else if (event == CSV_TRUNCATED) {
        tally->truncated = true;
        read_csv_report_end(reader, &place);
    } else if (count != state->header_count) {
        diagnostics_report(reader->request.diagnostics, DIAGNOSTIC_CSV_RAGGED, &place,
                           "the row has %zu field%s and the header %zu; correct the export", count,
                           count == 1 ? "" : "s", state->header_count);
    } else {
        state->next_rule = 0;
        state->wanted = false;
        reader->rows.no_zeros = state->row.plain;
        return RECORD_ROW;
    }
    tally->rejected++;
    return event == CSV_TRUNCATED ? RECORD_END : RECORD_ROW;
}

static enum record_status read_csv_next(struct reader *reader, struct record *out) {
    struct read_csv *state = reader->state;
    struct record_tally *tally = &reader->source.tally;
    size_t rule_count = reader->request.kind->rule_count;
    enum record_status status = state->header_read ? RECORD_ROW : read_csv_header(reader);

    while (status == RECORD_ROW) {
        while (state->next_rule < rule_count) {
            bool made = rows_make(&reader->rows, state->next_rule++, &state->locator, read_csv_fetch, state, out);
            tally->loaded += made && !state->wanted;
            state->wanted = state->wanted || made;
            tally->passed_over += state->next_rule == rule_count && !state->wanted;
            if (made) {
                read_csv_tell_texts(state, out);
                return RECORD_ROW;
            }
        }
        status = read_csv_record(reader);
    }
    return status;
}

const struct reader_format read_csv_format = {read_csv_open, read_csv_next, read_csv_close, NULL, NULL};
