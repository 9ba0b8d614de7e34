#include "read/request_list_private.h"

#include "base/limits.h"
#include "base/quote.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define NO_BREAK_SPACE "\xc2\xa0"

struct place request_list_place(const struct list_reader *reader, uint64_t line) {
    return (struct place){.path = reader->source->path, .line = line};
}

static bool out_of_memory(struct list_reader *reader) {
    diagnostics_report(reader->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory for the list of requests");
    return false;
}

/* A cell without the blanks around it, and with one blank for every run of them inside. NULL: memory. */
static const char *plain_cell(struct arena *arena, const struct csv_cell *cell) {
    char *out = arena_copy(arena, cell->bytes, cell->length);
    size_t length = 0;
    bool blank = false;

    for (size_t i = 0; out != NULL && i < cell->length; i++) {
        bool wide = strncmp(out + i, NO_BREAK_SPACE, 2) == 0;
        if (wide || strchr(" \t\r\n\v\f", out[i]) != NULL) {
            blank = length > 0;
            i += wide;
            continue;
        }
        char byte = out[i]; /* before a blank is put, which may stand where it is */
        if (blank) {
            out[length++] = ' ';
        }
        blank = false;
        out[length++] = byte;
    }
    if (out != NULL) {
        out[length] = '\0';
    }
    return out;
}

/* All cells of a row; false after reporting. */
static bool copy_cells(struct list_reader *reader, const struct csv_cell *cells, size_t count, uint64_t line,
                       const char ***out) {
    const char **copy = arena_array(reader->arena, count + 1, sizeof *copy);

    if (copy == NULL) {
        return out_of_memory(reader);
    }
    for (size_t i = 0; i < count; i++) {
        if (cells[i].length > LIMIT_REQUEST_CELL_BYTES) {
            struct place place = request_list_place(reader, line);
            diagnostics_report(reader->diagnostics, DIAGNOSTIC_REQUEST_LIST, &place,
                               "column %zu holds %zu bytes, more than the %d that a request may; shorten it, or put it "
                               "into a document",
                               i + 1, cells[i].length, LIMIT_REQUEST_CELL_BYTES);
            return false;
        }
        copy[i] = plain_cell(reader->arena, &cells[i]);
        if (copy[i] == NULL) {
            return out_of_memory(reader);
        }
        if (memchr(cells[i].bytes, '\0', cells[i].length) != NULL) {
            struct place place = request_list_place(reader, line);
            diagnostics_report(reader->diagnostics, DIAGNOSTIC_REQUEST_LIST, &place,
                               "column %zu holds a byte 0; save the list again as CSV in UTF-8", i + 1);
            return false;
        }
    }
    *out = copy;
    return true;
}

/* What a word of the list stands for; `count`, after a warning, where nothing says it. */
static int word_of(const struct list_reader *reader, const struct request *request, const char *what, const char *text,
                   const struct text_list *lists, size_t count, const char *meaning) {
    const char *near = NULL;
    char quoted[QUOTE_BYTES];

    if (*text == '\0') {
        return (int)count;
    }
    size_t found = request_words_find(lists, count, text, &near);
    if (found == count) {
        diagnostics_report(reader->diagnostics, DIAGNOSTIC_REQUEST_WORD, &request->place,
                           "request %s: %s %s is in none of the lists of schema/requests.yaml%s%s%s; %s", request->id,
                           what, quote(quoted, text, strlen(text)), near != NULL ? " (did you mean \"" : "",
                           near != NULL ? near : "", near != NULL ? "\"?)" : "", meaning);
    }
    return (int)found;
}

/* "Population: hires of the quarter" says both what is asked for and of what. */
static int asks_of(struct list_reader *reader, struct request *request) {
    const char *text = request->cells[REQUEST_ASKS];
    const struct text_list *asks = reader->source->words->asks;
    size_t found = request_words_find(asks, REQUEST_ASKS_COUNT, text, NULL);
    size_t length = strcspn(text, " :,;-");

    if (found == REQUEST_ASKS_COUNT && length > 0 && text[length] != '\0') {
        const char *word = arena_copy(reader->arena, text, length);
        found = word != NULL ? request_words_find(asks, REQUEST_ASKS_COUNT, word, NULL) : found;
        if (found != REQUEST_ASKS_COUNT && *request->cells[REQUEST_SUBJECT] == '\0') {
            request->cells[REQUEST_SUBJECT] = text + length + strspn(text + length, " :,;-");
        }
    }
    return found != REQUEST_ASKS_COUNT ? (int)found
                                       : word_of(reader, request, "what is asked for,", text, asks, REQUEST_ASKS_COUNT,
                                                 "no answer is whole until it is");
}

static void read_due(struct list_reader *reader, struct request *request) {
    const struct request_sidecar *sidecar = reader->source->sidecar;
    const char *text = request->cells[REQUEST_DUE];
    char quoted[QUOTE_BYTES];

    request->due = INT64_MIN;
    if (*text == '\0') {
        return;
    }
    switch (request_list_day(text, sidecar != NULL ? (enum request_dates)sidecar->dates : REQUEST_DATES_PLAIN,
                             &request->due)) {
    case REQUEST_LIST_DAY:
        return;
    case REQUEST_LIST_TWO_DAYS:
        diagnostics_report(reader->diagnostics, DIAGNOSTIC_REQUEST_DATE, &request->place,
                           "request %s is due on %s, which may be two days; say `dates: day-first` or `dates: "
                           "month-first` in the sidecar",
                           request->id, quote(quoted, text, strlen(text)));
        break;
    case REQUEST_LIST_NO_DAY:
        diagnostics_report(reader->diagnostics, DIAGNOSTIC_REQUEST_DATE, &request->place,
                           "request %s is due on %s, which is no day; write it as 2026-01-31", request->id,
                           quote(quoted, text, strlen(text)));
        break;
    }
    request->due = INT64_MIN;
    reader->good = false;
}

static bool has_control_character(const char *text) {
    for (const char *c = text; *c != '\0'; c++) {
        if ((unsigned char)*c < 0x20 || *c == 0x7f) {
            return true;
        }
    }
    return false;
}

static size_t count_filled(const char *const *cells, size_t count) {
    size_t filled = 0;

    for (size_t i = 0; i < count; i++) {
        filled += *cells[i] != '\0';
    }
    return filled;
}

/* Said each time, so that no request is lost without a word. */
static void report_heading(const struct list_reader *reader, const char *const *cells, size_t count, uint64_t line) {
    struct place place = request_list_place(reader, line);
    char quoted[QUOTE_BYTES];

    for (size_t i = 0; i < count; i++) {
        if (*cells[i] != '\0') {
            diagnostics_report(reader->diagnostics, DIAGNOSTIC_REQUEST_UNREAD, &place,
                               "the row holds %s and nothing else, and is taken as a heading",
                               quote(quoted, cells[i], strlen(cells[i])));
        }
    }
}

static void read_row(struct list_reader *reader, const char *const *cells, size_t count, uint64_t line) {
    struct request request = {.place = request_list_place(reader, line)};
    size_t filled = count_filled(cells, count);
    char quoted[QUOTE_BYTES];

    for (size_t c = 0; c < REQUEST_COLUMNS; c++) {
        size_t field = reader->fields[c];
        request.cells[c] = field != NO_COLUMN && field < count ? cells[field] : "";
    }
    request.id = request.cells[REQUEST_ID];
    if (filled <= 1) {
        if (filled > 0) {
            report_heading(reader, cells, count, line);
        }
        return;
    }
    if (*request.id == '\0') {
        diagnostics_report(reader->diagnostics, DIAGNOSTIC_REQUEST_ID_BAD, &request.place,
                           "the request has no id; give it one that no other has");
        reader->good = false;
        return;
    }
    if (strlen(request.id) > LIMIT_NAME_BYTES || has_control_character(request.id)) {
        diagnostics_report(reader->diagnostics, DIAGNOSTIC_REQUEST_ID_BAD, &request.place,
                           "%s cannot be the id of a request; it is one line of at most %d bytes",
                           quote(quoted, request.id, strlen(request.id)), LIMIT_NAME_BYTES);
        reader->good = false;
        return;
    }
    if (reader->out->count == LIMIT_REQUESTS) {
        diagnostics_report(reader->diagnostics, DIAGNOSTIC_REQUEST_LIST, &request.place,
                           "the list holds more than %d requests; is it a population? split it if not", LIMIT_REQUESTS);
        reader->good = false;
        return;
    }
    request.asks = asks_of(reader, &request);
    int status = word_of(reader, &request, "status", request.cells[REQUEST_STATUS], reader->source->words->statuses,
                         REQUEST_STATUS_COUNT, "it is taken as open");
    request.status = status == REQUEST_STATUS_COUNT ? REQUEST_OPEN : status;
    request.priority = word_of(reader, &request, "priority", request.cells[REQUEST_PRIORITY],
                               reader->source->words->priorities, REQUEST_PRIORITY_COUNT, "it is taken as not said");
    read_due(reader, &request);
    struct request *slot =
        arena_push(reader->arena, &reader->out->items, &reader->out->count, sizeof *reader->out->items);
    if (slot == NULL) {
        reader->good = out_of_memory(reader);
        return;
    }
    *slot = request;
}

static bool take_row(struct list_reader *reader, const struct csv_cell *row, size_t count, uint64_t line) {
    const char **cells = NULL;

    reader->rows++;
    if (!copy_cells(reader, row, count, line, &cells)) {
        reader->good = false;
        return false;
    }
    if (reader->header == NULL) {
        size_t filled = count_filled(cells, count);
        if (reader->fullest == NULL || filled > reader->fullest_filled) {
            reader->fullest = cells;
            reader->fullest_count = count;
            reader->fullest_filled = filled;
            reader->header_line = line;
        }
        if (request_list_is_header(reader, cells, count)) {
            request_list_take_header(reader, cells, count, line);
        }
        return reader->header != NULL || reader->rows < LIMIT_REQUEST_HEAD;
    }
    for (size_t i = reader->width; i < count; i++) {
        if (*cells[i] != '\0') {
            struct place place = request_list_place(reader, line);
            diagnostics_report(reader->diagnostics, DIAGNOSTIC_REQUEST_LIST, &place,
                               "the row has more cells than the header has columns; quote cells that hold the "
                               "separator, or give the column a name");
            reader->good = false;
            return true;
        }
    }
    if (!reader->table.is_workbook && count < reader->width && count > 1) {
        struct place place = request_list_place(reader, line);
        diagnostics_report(reader->diagnostics, DIAGNOSTIC_REQUEST_LIST, &place,
                           "the row has %zu cells and the header %zu columns; which are missing cannot be told, so "
                           "complete it",
                           count, reader->width);
        reader->good = false;
        return true;
    }
    read_row(reader, cells, count, line);
    return reader->out->count < LIMIT_REQUESTS || reader->good;
}

static int compare_ids(const void *a, const void *b) {
    const struct request *const *first = a;
    const struct request *const *second = b;
    int order = strcasecmp((*first)->id, (*second)->id);

    return order != 0 ? order
                      : ((*first)->place.line > (*second)->place.line) - ((*first)->place.line < (*second)->place.line);
}

static bool check_ids(struct list_reader *reader) {
    size_t count = reader->out->count;
    const struct request **sorted = arena_array(reader->arena, count + 1, sizeof *sorted);

    if (sorted == NULL) {
        return out_of_memory(reader);
    }
    for (size_t i = 0; i < count; i++) {
        sorted[i] = &reader->out->items[i];
    }
    qsort(sorted, count, sizeof *sorted, compare_ids);
    for (size_t i = 1; i < count; i++) {
        if (strcasecmp(sorted[i]->id, sorted[i - 1]->id) == 0) {
            diagnostics_report(reader->diagnostics, DIAGNOSTIC_REQUEST_ID_BAD, &sorted[i]->place,
                               "the id %s stands in line %" PRIu64 " already; an answer could not say which it is for",
                               sorted[i]->id, sorted[i - 1]->place.line);
            reader->good = false;
        }
    }
    return true;
}

static void read_rows(struct list_reader *reader) {
    for (;;) {
        const struct csv_cell *cells = NULL;
        size_t count = 0;
        uint64_t line = 0;
        enum csv_event event = request_table_next(&reader->table, reader->width, &cells, &count, &line);
        if (event == CSV_END) {
            return;
        }
        if (event == CSV_ROW) {
            if (!take_row(reader, cells, count, line)) {
                reader->good = reader->good && reader->header == NULL;
                return;
            }
            continue;
        }
        struct place place = request_list_place(reader, line);
        diagnostics_report(reader->diagnostics, DIAGNOSTIC_REQUEST_LIST, &place,
                           "the row cannot be read, so a request could be lost: %s",
                           request_table_fault(&reader->table));
        reader->good = false;
        if (event != CSV_ERROR) {
            return;
        }
    }
}

bool request_list_read(struct arena *arena, const struct request_list_source *source, struct request_list *out,
                       struct diagnostics *diagnostics) {
    struct list_reader reader = {
        .arena = arena, .source = source, .diagnostics = diagnostics, .out = out, .good = true};
    struct buffer fault = {0};

    *out = (struct request_list){0};
    for (size_t c = 0; c < REQUEST_COLUMNS; c++) {
        reader.fields[c] = NO_COLUMN;
    }
    if (!request_table_open(&reader.table, source->bytes, source->length, source->sidecar, &fault)) {
        struct place place = request_list_place(&reader, 0);
        reader.good = fault.length > 0 ? false : out_of_memory(&reader);
        if (fault.length > 0) {
            diagnostics_report(diagnostics, DIAGNOSTIC_REQUEST_LIST, &place, "%s", buffer_text(&fault));
        }
    } else {
        read_rows(&reader);
        if (reader.good && reader.header == NULL) {
            request_list_no_header(&reader);
            reader.good = false;
        }
    }
    if (reader.good && out->count == 0) {
        struct place place = request_list_place(&reader, 0);
        diagnostics_report(diagnostics, DIAGNOSTIC_REQUEST_LIST, &place,
                           "the list has a header and no request; if that is so, there is nothing to answer");
        reader.good = false;
    }
    bool checked = check_ids(&reader);
    request_table_close(&reader.table);
    buffer_free(&fault);
    return checked && reader.good;
}
