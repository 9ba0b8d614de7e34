/*
 * CSV: the same rows whatever the size of the reads, cells of valid UTF-8, places inside the input; and what a second
 * parser, written for this test from RFC 4180 a byte at a time, finds faultless, with the same cells.
 */

#include "base/limits.h"
#include "base/text.h"
#include "read/csv.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void must(bool holds) {
    if (!holds) {
        abort();
    }
}

struct summary {
    enum csv_event end;
    uint64_t rows;
    uint64_t errors;
    uint64_t hash; /* of all cells and places */
};

static uint64_t mix(uint64_t hash, const void *bytes, size_t length) {
    const unsigned char *at = bytes;
    for (size_t i = 0; i < length; i++) {
        hash = (hash ^ at[i]) * UINT64_C(1099511628211);
    }
    return hash;
}

/* Whether the input is faultless; then *hash is of its cells and *rows the count of its rows. */
static bool read_plainly(const uint8_t *bytes, size_t length, uint64_t *rows, uint64_t *hash) {
    enum { BEGIN, PLAIN, QUOTED, CLOSED } state = BEGIN;
    unsigned char *cell = malloc(length + 1);
    size_t used = 0;
    size_t count = 0;
    size_t at = length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    bool good = cell != NULL;

    *rows = 0;
    *hash = 1;
    while (good && at <= length) {
        bool end = at == length;
        unsigned char c = end ? '\n' : bytes[at++];
        if (state == QUOTED && !end) {
            if (c == '"' && at < length && bytes[at] == '"') {
                cell[used++] = '"';
                at++;
            } else if (c == '"') {
                state = CLOSED;
            } else {
                cell[used++] = c;
            }
            continue;
        }
        bool line = c == '\n' || c == '\r';
        if (c == '\r' && at < length && bytes[at] == '\n') {
            at++;
        }
        if (line && state == BEGIN && count == 0) { /* an empty line, or the end */
            at += end;
        } else if (line || c == ',') {
            good = state != QUOTED && text_utf8_valid((const char *)cell, used, NULL);
            *hash = mix(*hash, cell, used) + 1;
            count = line ? 0 : count + 1;
            good = good && count < LIMIT_CSV_COLUMNS;
            *rows += line;
            used = 0;
            state = BEGIN;
            at += end;
        } else if (c == '"') {
            good = state == BEGIN;
            state = QUOTED;
        } else {
            good = state != CLOSED;
            state = PLAIN;
            cell[used++] = c;
        }
    }
    free(cell);
    return good;
}

static void compare_with_plain(const uint8_t *bytes, size_t length) {
    struct byte_source_memory memory;
    const struct csv_cell *cells;
    uint64_t rows = 0;
    uint64_t hash = 1;
    uint64_t plain_rows;
    uint64_t plain_hash;
    size_t count;
    enum csv_event event;
    bool nul = length >= 2 && (memchr(bytes, 0, length < 4 ? length : 4) != NULL || bytes[0] >= 0xFE);

    byte_source_memory(&memory, bytes, length);
    struct csv *csv = csv_open(&memory.source, ',');
    must(csv != NULL);
    while ((event = csv_next(csv, &cells, &count)) == CSV_ROW) {
        rows++;
        for (size_t i = 0; i < count; i++) {
            hash = mix(hash, cells[i].bytes, cells[i].length) + 1;
        }
    }
    bool good = read_plainly(bytes, length, &plain_rows, &plain_hash);
    must(nul || (event == CSV_END) == good);
    must(nul || !good || (rows == plain_rows && hash == plain_hash));
    csv_close(csv);
}

static struct summary read_all(const uint8_t *bytes, size_t length, size_t most) {
    struct byte_source_memory memory;
    struct summary summary = {.hash = 1};
    const struct csv_cell *cells;
    size_t count;
    uint64_t behind = 0;
    uint64_t line = 0;

    byte_source_memory(&memory, bytes, length);
    memory.most = most;
    struct csv *csv = csv_open(&memory.source, '\0');
    must(csv != NULL);
    while ((summary.end = csv_next(csv, &cells, &count)) == CSV_ROW || summary.end == CSV_ERROR) {
        must(csv_offset(csv) >= behind && csv_offset(csv) + csv_length(csv) <= length);
        behind = csv_offset(csv) + csv_length(csv);
        if (summary.end == CSV_ERROR) {
            must(csv_error(csv) != NULL);
            summary.errors++;
            continue;
        }
        must(csv_line(csv) > line && count > 0 && count <= LIMIT_CSV_COLUMNS);
        line = csv_line(csv);
        summary.rows++;
        for (size_t i = 0; i < count; i++) {
            must(text_utf8_valid(cells[i].bytes, cells[i].length, NULL));
            summary.hash = mix(summary.hash, cells[i].bytes, cells[i].length) + 1;
        }
        const uint64_t place[] = {csv_offset(csv), csv_length(csv), line};
        summary.hash = mix(summary.hash, place, sizeof place);
    }
    must(summary.end == CSV_END || summary.end == CSV_TRUNCATED);
    csv_close(csv);
    return summary;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    struct summary whole = read_all(bytes, length, 0);
    compare_with_plain(bytes, length);
    for (size_t most = 1; most < 4; most += 2) {
        struct summary pieces = read_all(bytes, length, most);
        must(pieces.end == whole.end && pieces.rows == whole.rows && pieces.errors == whole.errors &&
             pieces.hash == whole.hash);
    }
    return 0;
}
