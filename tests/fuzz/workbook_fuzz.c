/*
 * Workbooks. An input that begins with 'P' is one; any other is the text of its five parts with a line of "%%" between
 * them, which are packed here, so that checksums do not stand in the way. Cells are valid UTF-8, rows lie in their part
 * one behind the other, and the size of the reads makes no difference.
 */

#include "base/limits.h"
#include "base/text.h"
#include "read/sheet.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static const char *const parts[] = {"xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml",
                                    "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"};
#define PART_COUNT (sizeof parts / sizeof parts[0])

static void must(bool holds) {
    if (!holds) {
        abort();
    }
}

static void number(struct buffer *out, uint64_t value, int bytes) {
    for (int i = 0; i < bytes; i++) {
        buffer_append_byte(out, (char)(value >> (8 * i)));
    }
}

/* The fields that local header and directory have in common, from "version needed" on. */
static void fields(struct buffer *out, const char *name, const char *content, size_t length) {
    number(out, 20, 2);
    number(out, 0, 2 + 2 + 4); /* flags, stored, no time */
    number(out, 0, 2);
    number(out, (uint32_t)crc32(0, (const Bytef *)content, (uInt)length), 4);
    number(out, (uint32_t)length, 4);
    number(out, (uint32_t)length, 4);
    number(out, (uint32_t)strlen(name), 2);
    number(out, 0, 2);
}

static void pack(const char *text, size_t length, struct buffer *out) {
    struct buffer directory = {0};
    const char *end = text + length;
    uint32_t count = 0;

    for (size_t i = 0; i < PART_COUNT && text <= end; i++) {
        const char *stop = memmem(text, (size_t)(end - text), "\n%%\n", 4);
        size_t part = (size_t)((stop != NULL ? stop : end) - text);
        uint32_t offset = (uint32_t)out->length;
        buffer_append(out, "PK\3\4", 4);
        fields(out, parts[i], text, part);
        buffer_append_text(out, parts[i]);
        buffer_append(out, text, part);
        buffer_append(&directory, "PK\1\2", 4);
        number(&directory, 20, 2);
        fields(&directory, parts[i], text, part);
        number(&directory, 0, 4);
        number(&directory, 0, 2);
        number(&directory, 0, 4);
        number(&directory, offset, 4);
        buffer_append_text(&directory, parts[i]);
        count++;
        text = stop != NULL ? stop + 4 : end + 1;
    }
    uint32_t start = (uint32_t)out->length;
    buffer_append(out, directory.data, directory.length);
    buffer_append(out, "PK\5\6", 4);
    number(out, 0, 4);
    number(out, count, 2);
    number(out, count, 2);
    number(out, (uint32_t)directory.length, 4);
    number(out, start, 4);
    number(out, 0, 2);
    must(!out->failed && !directory.failed);
    buffer_free(&directory);
}

struct summary {
    enum csv_event end;
    uint64_t rows;
    uint64_t hash;
};

static uint64_t mix(uint64_t hash, const void *bytes, size_t length) {
    const unsigned char *at = bytes;
    for (size_t i = 0; i < length; i++) {
        hash = (hash ^ at[i]) * UINT64_C(1099511628211);
    }
    return hash;
}

static struct summary read_sheet(struct workbook *workbook) {
    struct summary summary = {.end = CSV_END, .hash = 1};
    const struct csv_cell *cells;
    size_t count;
    size_t width = 0;
    uint64_t behind = 0;
    struct sheet *sheet = sheet_open(workbook);

    while (sheet != NULL &&
           ((summary.end = sheet_next(sheet, width, &cells, &count)) == CSV_ROW || summary.end == CSV_ERROR)) {
        must(sheet_offset(sheet) >= behind);
        behind = sheet_offset(sheet) + sheet_length(sheet);
        summary.rows++;
        if (summary.end == CSV_ERROR) {
            must(sheet_fault(sheet) != NULL && *sheet_fault(sheet) != '\0');
            continue;
        }
        must(count >= width && count <= LIMIT_CSV_COLUMNS);
        width = width == 0 ? count : width;
        for (size_t i = 0; i < count; i++) {
            must(text_utf8_valid(cells[i].bytes, cells[i].length, NULL));
            summary.hash = mix(summary.hash, cells[i].bytes, cells[i].length) + 1;
        }
    }
    must(summary.end != CSV_READ_FAILED);
    must(summary.end != CSV_TRUNCATED || (sheet_fault(sheet) != NULL && *sheet_fault(sheet) != '\0'));
    sheet_close(sheet);
    return summary;
}

static struct summary read_all(const struct buffer *file, size_t most) {
    struct byte_source_memory memory;
    struct summary summary = {.end = CSV_ERROR};
    struct workbook workbook;

    byte_source_memory(&memory, file->data, file->length);
    memory.most = most;
    enum workbook_result result = workbook_open(&workbook, &memory.source, NULL);
    must(result != WORKBOOK_FAILED);
    must(result == WORKBOOK_OPENED || workbook.fault.length > 0);
    if (result == WORKBOOK_OPENED) {
        summary = read_sheet(&workbook);
    }
    workbook_close(&workbook);
    return summary;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    struct buffer file = {0};

    if (length > 0 && bytes[0] == 'P') {
        buffer_append(&file, bytes, length);
    } else {
        pack((const char *)bytes, length, &file);
    }
    struct summary whole = read_all(&file, 0);
    struct summary pieces = read_all(&file, 1 + length % 5);
    must(whole.end == pieces.end && whole.rows == pieces.rows && whole.hash == pieces.hash);
    buffer_free(&file);
    return 0;
}
