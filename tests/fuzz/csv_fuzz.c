/* CSV: the same rows whatever the size of the reads, cells of valid UTF-8, places inside the input. */

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
    for (size_t most = 1; most < 4; most += 2) {
        struct summary pieces = read_all(bytes, length, most);
        must(pieces.end == whole.end && pieces.rows == whole.rows && pieces.errors == whole.errors &&
             pieces.hash == whole.hash);
    }
    return 0;
}
