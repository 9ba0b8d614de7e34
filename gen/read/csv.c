#include "read/csv.h"

#include "base/limits.h"
#include "base/text.h"
#include "read/csv_scan.h"
#include "read/window.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Where a cell stands, counted from its row's first byte. */
struct csv_span {
    size_t from;
    size_t until;
    bool quoted;
    bool doubled; /* holds "" for " */
};

struct csv {
    struct window window;
    size_t row; /* first byte of the row that is being read */
    size_t at;  /* next byte to be looked at */
    char delimiter;
    bool sniffed; /* the delimiter, by a row */
    bool started;
    bool ended;
    bool failed;
    bool not_ascii; /* the row holds bytes past 127 */
    bool plain;     /* the row given last holds neither quotes nor NUL */
    bool final_newline;
    uint64_t line;     /* of `row` */
    uint64_t row_line; /* of the last row given */
    uint64_t row_offset;
    uint64_t row_length;
    struct csv_span *spans;
    size_t span_count;
    size_t span_capacity;
    struct csv_cell *cells;
    size_t cell_capacity;
    enum csv_problem problem;
    const char *error;
};

struct csv *csv_open(struct byte_source *bytes, char delimiter) {
    struct csv *csv = calloc(1, sizeof *csv);

    if (csv == NULL || !window_open(&csv->window, bytes)) {
        free(csv);
        return NULL;
    }
    csv->delimiter = delimiter;
    csv->line = 1;
    return csv;
}

void csv_close(struct csv *csv) {
    if (csv == NULL) {
        return;
    }
    window_close(&csv->window);
    free(csv->spans);
    free(csv->cells);
    free(csv);
}

/* Reads more behind `at`; false at the end of the input and on failure. */
static bool csv_more(struct csv *csv) {
    size_t shift;
    enum window_result result = window_more(&csv->window, csv->row, &shift);

    csv->row -= shift;
    csv->at -= shift;
    csv->failed = csv->failed || result == WINDOW_FAILED;
    return result == WINDOW_MORE;
}

/* The byte at `at`, or -1 at the end of the input. */
static int csv_peek(struct csv *csv) {
    if (csv->at == csv->window.end && !csv_more(csv)) {
        return -1;
    }
    return csv->window.data[csv->at];
}

static enum csv_event csv_fail(struct csv *csv, enum csv_problem problem, const char *error) {
    csv->problem = problem;
    csv->error = error;
    return CSV_ERROR;
}

/* Moves past plain characters of an unquoted cell. A zero stops it: there the input may end. */
static void csv_plain(struct csv *csv) {
    const unsigned char *data = csv->window.data;

    csv->at = (size_t)(csv_scan_plain(data + csv->at, csv->delimiter, &csv->not_ascii) - data);
}

/* Moves to the next quote of a quoted cell, or to a zero. */
static void csv_quoted(struct csv *csv) {
    const unsigned char *data = csv->window.data;

    csv->at = (size_t)(csv_scan_quoted(data + csv->at, &csv->not_ascii) - data);
}

static struct csv_span *csv_span(struct csv *csv) {
    if (csv->span_count == csv->span_capacity) {
        size_t capacity = csv->span_capacity == 0 ? 64 : csv->span_capacity * 2;
        struct csv_span *spans = realloc(csv->spans, capacity * sizeof *spans);
        if (spans == NULL) {
            csv->window.error = ENOMEM;
            csv->failed = true;
            return NULL;
        }
        csv->spans = spans;
        csv->span_capacity = capacity;
    }
    struct csv_span *span = &csv->spans[csv->span_count++];
    *span = (struct csv_span){.from = csv->at - csv->row};
    return span;
}

/* Reads the quoted cell whose opening quote is at `at`, and stands behind the closing one. CSV_ROW when all is well. */
static enum csv_event csv_read_quoted(struct csv *csv, struct csv_span *span) {
    span->quoted = true;
    span->from++;
    csv->at++;
    for (;;) {
        csv_quoted(csv);
        if (csv->at - csv->row > LIMIT_RECORD_BYTES) {
            return csv_fail(csv, CSV_PROBLEM_LENGTH,
                            "a row is longer than 16 MiB, probably for want of a closing quote");
        }
        int byte = csv_peek(csv);
        if (byte < 0) {
            return csv->failed ? CSV_READ_FAILED : CSV_TRUNCATED;
        }
        if (byte != '"') {
            /* What stopped the scan was a zero of the input's own, or its end, behind which there is more now. */
            csv->at += byte == 0;
            continue;
        }
        csv->at++;
        if (csv_peek(csv) != '"') {
            span->until = csv->at - 1 - csv->row;
            return csv->failed ? CSV_READ_FAILED : CSV_ROW;
        }
        span->doubled = true;
        csv->at++;
    }
}

static enum csv_event csv_read_plain(struct csv *csv, struct csv_span *span) {
    for (;;) {
        csv_plain(csv);
        if (csv->at - csv->row > LIMIT_RECORD_BYTES) {
            return csv_fail(csv, CSV_PROBLEM_LENGTH, "a row is longer than 16 MiB");
        }
        int byte = csv_peek(csv);
        if (byte == '"') {
            return csv_fail(csv, CSV_PROBLEM_QUOTE, "a quote stands inside a cell that does not begin with one");
        }
        if (byte < 0 || byte == '\n' || byte == '\r' || byte == (unsigned char)csv->delimiter) {
            span->until = csv->at - csv->row;
            return csv->failed ? CSV_READ_FAILED : CSV_ROW;
        }
        csv->at += byte == 0;
    }
}

/* Moves past the line end at `at`, if there is one. */
static bool csv_line_end(struct csv *csv) {
    int byte = csv_peek(csv);

    if (byte != '\n' && byte != '\r') {
        return false;
    }
    csv->at++;
    if (byte == '\r' && csv_peek(csv) == '\n') {
        csv->at++;
    }
    return true;
}

static uint64_t csv_lines(const unsigned char *bytes, size_t length) {
    uint64_t lines = 0;

    for (size_t i = 0; i < length; i++) {
        lines += bytes[i] == '\n' || (bytes[i] == '\r' && (i + 1 == length || bytes[i + 1] != '\n'));
    }
    return lines;
}

/* Reads the cells of one row into the spans and stands before its line end. */
static enum csv_event csv_row(struct csv *csv) {
    csv->span_count = 0;
    csv->not_ascii = false;
    for (;;) {
        if (csv->span_count == LIMIT_CSV_COLUMNS) {
            return csv_fail(csv, CSV_PROBLEM_COLUMNS, "a row has more than 4096 fields");
        }
        struct csv_span *span = csv_span(csv);
        if (span == NULL) {
            return CSV_READ_FAILED;
        }
        enum csv_event event = csv_peek(csv) == '"' ? csv_read_quoted(csv, span) : csv_read_plain(csv, span);
        if (event != CSV_ROW) {
            return event;
        }
        int byte = csv_peek(csv);
        if (csv->failed) {
            return CSV_READ_FAILED;
        }
        if (byte != (unsigned char)csv->delimiter) {
            return byte < 0 || byte == '\n' || byte == '\r'
                       ? CSV_ROW
                       : csv_fail(csv, CSV_PROBLEM_QUOTE, "something stands between a closing quote and the delimiter");
        }
        csv->at++;
    }
}

/* Reads the cells of a row that is held with its line end and has no quotes. False, as if nothing was, for another. */
static bool csv_plain_row(struct csv *csv) {
    const unsigned char *data = csv->window.data;
    const unsigned char *end =
        csv_scan_row(data + csv->at, csv->delimiter, csv->cells, csv->cell_capacity, &csv->span_count, &csv->not_ascii);
    size_t at = end == NULL ? 0 : (size_t)(end - data);

    if (end == NULL || at - csv->row > LIMIT_RECORD_BYTES || (*end == '\r' && at + 1 == csv->window.end)) {
        return false;
    }
    csv->at = at;
    return true;
}

/* Goes on behind the first line end of the unreadable row: what follows may be good rows. */
static bool csv_recover(struct csv *csv) {
    csv->at = csv->row;
    for (;;) {
        const unsigned char *data = csv->window.data;
        while (csv->at < csv->window.end && data[csv->at] != '\n' && data[csv->at] != '\r') {
            csv->at++;
        }
        if (csv->at < csv->window.end) {
            csv->row_length = csv->window.base + csv->at - csv->row_offset;
            break;
        }
        csv->row_length = csv->window.base + csv->at - csv->row_offset;
        csv->row = csv->at;
        if (!csv_more(csv)) {
            return !csv->failed;
        }
    }
    csv_line_end(csv);
    csv->line++;
    return !csv->failed;
}

/* Removes doubled quotes in place and points the cells at their bytes. False when memory is out. */
static bool csv_make_cells(struct csv *csv) {
    if (csv->cell_capacity < csv->span_count) {
        struct csv_cell *cells = realloc(csv->cells, csv->span_capacity * sizeof *cells);
        if (cells == NULL) {
            csv->window.error = ENOMEM;
            csv->failed = true;
            return false;
        }
        csv->cells = cells;
        csv->cell_capacity = csv->span_capacity;
    }
    for (size_t i = 0; i < csv->span_count; i++) {
        const struct csv_span *span = &csv->spans[i];
        char *bytes = (char *)csv->window.data + csv->row + span->from;
        size_t length = span->until - span->from;
        if (span->doubled) {
            size_t kept = 0;
            for (size_t j = 0; j < length; j++) {
                bytes[kept++] = bytes[j];
                j += bytes[j] == '"';
            }
            length = kept;
        }
        csv->cells[i] = (struct csv_cell){bytes, length, span->quoted};
    }
    return true;
}

/* The delimiter that stands most often in the first line of the row, outside quotes. */
static char csv_sniff(struct csv *csv) {
    static const char candidates[] = {',', ';', '\t', '|'};
    size_t counts[sizeof candidates] = {0};
    size_t best = 0;
    bool quoted = false;

    for (;;) {
        int byte = csv_peek(csv);
        if (byte < 0 || csv->at - csv->row > LIMIT_CELL_BYTES || (!quoted && (byte == '\n' || byte == '\r'))) {
            break;
        }
        quoted = quoted != (byte == '"');
        for (size_t i = 0; i < sizeof candidates && !quoted; i++) {
            counts[i] += byte == candidates[i];
        }
        csv->at++;
    }
    csv->at = csv->row;
    for (size_t i = 1; i < sizeof candidates; i++) {
        best = counts[i] > counts[best] ? i : best;
    }
    return candidates[best];
}

/* Whether the text stands at the row's beginning; stands behind it then. */
static bool csv_begins(struct csv *csv, const char *text) {
    while (*text != '\0' && csv_peek(csv) == (unsigned char)*text) {
        csv->at++;
        text++;
    }
    if (*text != '\0') {
        csv->at = csv->row;
    }
    return *text == '\0';
}

/*
 * Passes over a line before the header: Windows PowerShell names the type of what it exports ("#TYPE Name"), Excel is
 * told the delimiter ("sep=;"), which holds where none is asked for.
 */
static void csv_preamble(struct csv *csv) {
    char told = '\0';

    if (csv_begins(csv, "#TYPE ")) {
        for (int byte = csv_peek(csv);
             byte >= 0 && byte != '\n' && byte != '\r' && csv->at - csv->row < LIMIT_CELL_BYTES; byte = csv_peek(csv)) {
            csv->at++;
        }
    } else if (csv_begins(csv, "sep=")) {
        int byte = csv_peek(csv);
        told = byte == ',' || byte == ';' || byte == '\t' || byte == '|' ? (char)byte : '\0';
        csv->at += told != '\0';
    }
    if (csv->at > csv->row && csv_line_end(csv)) {
        csv->row = csv->at;
        csv->line++;
        csv->delimiter = csv->delimiter == '\0' ? told : csv->delimiter;
    }
    csv->at = csv->row;
}

/* Byte order mark, UTF-16, what stands before the first row. False after an error. */
static bool csv_start(struct csv *csv) {
    csv->started = true;
    while (csv->window.end < 3 && csv_more(csv)) {
    }
    const unsigned char *data = csv->window.data;
    size_t there = csv->window.end;
    bool mark = there >= 2 && ((data[0] == 0xFF && data[1] == 0xFE) || (data[0] == 0xFE && data[1] == 0xFF));
    bool ascii = there >= 2 && (data[0] == 0) != (data[1] == 0);
    if (mark || ascii) {
        csv->ended = true;
        csv_fail(csv, CSV_PROBLEM_UTF16, "the text is UTF-16");
        return false;
    }
    if (there >= 3 && memcmp(data, "\xEF\xBB\xBF", 3) == 0) {
        csv->row = csv->at = 3;
    }
    /* The preamble may stand below empty lines. */
    while (csv->row == csv->at && csv_line_end(csv)) {
        csv->row = csv->at;
        csv->line++;
    }
    csv_preamble(csv);
    return true;
}

static enum csv_event csv_end(struct csv *csv, enum csv_event event) {
    csv->ended = true;
    return csv->failed ? CSV_READ_FAILED : event;
}

enum csv_event csv_next(struct csv *csv, const struct csv_cell **cells, size_t *count) {
    *cells = NULL;
    *count = 0;
    if (csv->ended || csv->failed) {
        return csv_end(csv, CSV_END);
    }
    if (!csv->started && !csv_start(csv)) {
        return csv->failed ? CSV_READ_FAILED : CSV_ERROR;
    }
    for (csv->row = csv->at; csv_line_end(csv); csv->row = csv->at) {
        csv->line++;
    }
    if (csv_peek(csv) < 0) {
        return csv_end(csv, CSV_END);
    }
    if (csv->delimiter == '\0') {
        csv->delimiter = csv_sniff(csv);
        csv->sniffed = true;
    }
    csv->row_line = csv->line;
    csv->row_offset = csv->window.base + csv->row;
    bool plain = csv_plain_row(csv);
    csv->plain = plain;
    enum csv_event event = plain ? CSV_ROW : csv_row(csv);
    if (event == CSV_TRUNCATED || event == CSV_READ_FAILED) {
        csv->row_length = csv->window.base + csv->window.end - csv->row_offset;
        csv->final_newline = false;
        return csv_end(csv, event);
    }
    if (event == CSV_ERROR) {
        return csv_recover(csv) ? CSV_ERROR : csv_end(csv, CSV_READ_FAILED);
    }
    size_t length = csv->at - csv->row;
    bool quoted = false;
    for (size_t i = 0; !plain && i < csv->span_count; i++) {
        quoted = quoted || csv->spans[i].quoted;
    }
    csv->row_length = length;
    csv->line += quoted ? csv_lines(csv->window.data + csv->row, length) : 0;
    csv->final_newline = csv_line_end(csv);
    csv->line++;
    if (csv->failed) {
        return csv_end(csv, CSV_READ_FAILED);
    }
    if (csv->not_ascii && !text_utf8_valid((const char *)csv->window.data + csv->row, length, NULL)) {
        return csv_fail(csv, CSV_PROBLEM_ENCODING, "the row is not UTF-8");
    }
    if (!plain && !csv_make_cells(csv)) {
        return csv_end(csv, CSV_READ_FAILED);
    }
    *cells = csv->cells;
    *count = csv->span_count;
    return CSV_ROW;
}

uint64_t csv_offset(const struct csv *csv) {
    return csv->row_offset;
}

uint64_t csv_length(const struct csv *csv) {
    return csv->row_length;
}

uint64_t csv_line(const struct csv *csv) {
    return csv->row_line;
}

bool csv_is_plain(const struct csv *csv) {
    return csv->plain;
}

char csv_delimiter(const struct csv *csv) {
    return csv->delimiter;
}

void csv_sniff_again(struct csv *csv) {
    csv->delimiter = csv->sniffed ? '\0' : csv->delimiter;
}

bool csv_final_newline(const struct csv *csv) {
    return csv->final_newline;
}

enum csv_problem csv_problem(const struct csv *csv) {
    return csv->problem;
}

const char *csv_error(const struct csv *csv) {
    return csv->error;
}

int csv_system_error(const struct csv *csv) {
    return csv->window.error;
}
