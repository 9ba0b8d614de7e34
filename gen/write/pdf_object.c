#include "write/pdf_object.h"

#include "base/text.h"
#include "write/pdf_deflate.h"

#include <hpdf_doc.h>
#include <hpdf_objects.h>
#include <hpdf_pages.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PAGES_A_NODE       1000 /* of the page tree; libharu's arrays end at 32,767 */
#define OBJECT_NUMBER_MASK 0x00FFFFFFu
#define STRING_UNITS       16000 /* UTF-16 units of one text string, of the 65,535 bytes libharu and readers take */
#define SMALLEST_ARRAY     16
#define LARGEST_REAL       1e7

static const char hexadecimal[] = "0123456789ABCDEF";

void *pdf_object_room(void *items, size_t *capacity, size_t needed, size_t size) {
    if (needed <= *capacity && items != NULL) {
        return items;
    }
    size_t larger = *capacity > SIZE_MAX / 2 ? needed : *capacity * 2;
    if (larger < needed) {
        larger = needed;
    }
    if (larger < SMALLEST_ARRAY) {
        larger = SMALLEST_ARRAY;
    }
    size_t bytes;
    if (__builtin_mul_overflow(larger, size, &bytes)) {
        return NULL;
    }
    void *moved = realloc(items, bytes);
    if (moved != NULL) {
        *capacity = larger;
    }
    return moved;
}

/* Returning is all that is safe here: libharu then gives up what it was doing and says so to its caller. */
static void keep_error(HPDF_STATUS status, HPDF_STATUS detail, void *context) {
    struct pdf_writer *writer = context;
    if (writer->status == 0) {
        writer->status = status;
        writer->detail = detail;
    }
}

bool pdf_object_open(struct pdf_writer *writer) {
    *writer = (struct pdf_writer){0};
    writer->compressor = libdeflate_alloc_compressor(PDF_DEFLATE_LEVEL);
    writer->document = HPDF_New(keep_error, writer);
    if (writer->compressor == NULL || writer->document == NULL) {
        writer->memory_out = true;
        return false;
    }
    writer->document->pdf_version = HPDF_VER_17;
    return HPDF_SetPagesConfiguration(writer->document, PAGES_A_NODE) == HPDF_OK;
}

void pdf_object_close(struct pdf_writer *writer) {
    if (writer->document != NULL) {
        HPDF_Free(writer->document);
    }
    if (writer->compressor != NULL) {
        libdeflate_free_compressor(writer->compressor);
    }
    *writer = (struct pdf_writer){0};
}

bool pdf_object_ok(const struct pdf_writer *writer) {
    return writer->status == 0 && !writer->memory_out;
}

static HPDF_STATUS write_body(HPDF_Dict dictionary, HPDF_Stream stream) {
    const struct buffer *body = dictionary->attr;
    if (body->failed || body->length > UINT32_MAX) {
        return HPDF_SetError(dictionary->error, HPDF_FAILD_TO_ALLOC_MEM, 0);
    }
    return HPDF_Stream_Write(stream, (const HPDF_BYTE *)body->data, (HPDF_UINT)body->length);
}

static void free_body(HPDF_Dict dictionary) {
    struct buffer *body = dictionary->attr;
    if (body != NULL) {
        buffer_free(body);
        free(body);
        dictionary->attr = NULL;
    }
}

struct buffer *pdf_object_extend(struct pdf_writer *writer, HPDF_Dict dictionary) {
    struct buffer *body = calloc(1, sizeof *body);
    if (body == NULL) {
        writer->memory_out = true;
        return NULL;
    }
    dictionary->attr = body;
    dictionary->write_fn = write_body;
    dictionary->free_fn = free_body;
    return body;
}

HPDF_Dict pdf_object_new(struct pdf_writer *writer, struct buffer **body) {
    *body = NULL;
    HPDF_Dict dictionary = HPDF_Dict_New(writer->document->mmgr);
    if (dictionary == NULL || HPDF_Xref_Add(writer->document->xref, dictionary) != HPDF_OK) {
        return NULL; /* what Add refuses it has freed */
    }
    *body = pdf_object_extend(writer, dictionary);
    return *body == NULL ? NULL : dictionary;
}

/* The filter is ours to name: libharu would deflate once more if it knew of it. */
static HPDF_STATUS write_filter(HPDF_Dict dictionary, HPDF_Stream stream) {
    (void)dictionary;
    return HPDF_Stream_WriteStr(stream, "/Filter/FlateDecode\n");
}

static bool fill_stream(struct pdf_writer *writer, HPDF_Stream stream, const void *bytes, size_t length) {
    size_t bound = libdeflate_zlib_compress_bound(writer->compressor, length);
    void *deflated = malloc(bound);
    if (deflated == NULL) {
        writer->memory_out = true;
        return false;
    }
    size_t size = libdeflate_zlib_compress(writer->compressor, bytes, length, deflated, bound);
    bool written = size > 0 && size <= UINT32_MAX && HPDF_Stream_Write(stream, deflated, (HPDF_UINT)size) == HPDF_OK;
    free(deflated);
    return written;
}

static HPDF_STATUS write_entries(HPDF_Dict dictionary, HPDF_Stream stream) {
    HPDF_STATUS status = write_body(dictionary, stream);
    return status == HPDF_OK ? write_filter(dictionary, stream) : status;
}

HPDF_Dict pdf_object_stream(struct pdf_writer *writer, const void *bytes, size_t length, const char *entries) {
    HPDF_Dict dictionary = HPDF_DictStream_New(writer->document->mmgr, writer->document->xref);
    if (dictionary == NULL) {
        return NULL;
    }
    struct buffer *body = calloc(1, sizeof *body);
    if (body == NULL) {
        writer->memory_out = true;
        return NULL;
    }
    buffer_append_text(body, entries == NULL ? "" : entries);
    dictionary->attr = body;
    dictionary->write_fn = write_entries;
    dictionary->free_fn = free_body;
    dictionary->filter = HPDF_STREAM_FILTER_NONE;
    return fill_stream(writer, dictionary->stream, bytes, length) ? dictionary : NULL;
}

HPDF_Page pdf_object_page(struct pdf_writer *writer, double width, double height, const struct buffer *deflated) {
    HPDF_Page page = HPDF_AddPage(writer->document);
    if (page == NULL || deflated->length > UINT32_MAX || HPDF_Page_SetWidth(page, (HPDF_REAL)width) != HPDF_OK ||
        HPDF_Page_SetHeight(page, (HPDF_REAL)height) != HPDF_OK) {
        return NULL;
    }
    HPDF_PageAttr attributes = page->attr;
    attributes->contents->filter = HPDF_STREAM_FILTER_NONE;
    attributes->contents->write_fn = write_filter;
    return HPDF_Stream_Write(attributes->stream, (const HPDF_BYTE *)deflated->data, (HPDF_UINT)deflated->length) ==
                   HPDF_OK
               ? page
               : NULL;
}

unsigned pdf_object_number(const void *object) {
    const HPDF_Obj_Header *header = object;
    return header == NULL ? 0 : header->obj_id & OBJECT_NUMBER_MASK;
}

bool pdf_object_save(struct pdf_writer *writer, struct buffer *out) {
    if (HPDF_SaveToStream(writer->document) != HPDF_OK || !pdf_object_ok(writer)) {
        return false;
    }
    HPDF_Stream stream = writer->document->stream;
    for (HPDF_UINT i = 0; i < HPDF_MemStream_GetBufCount(stream); i++) {
        HPDF_UINT length = 0;
        const HPDF_BYTE *bytes = HPDF_MemStream_GetBufPtr(stream, i, &length);
        if (bytes == NULL) {
            return false;
        }
        buffer_append(out, bytes, length);
    }
    writer->memory_out = writer->memory_out || out->failed;
    return pdf_object_ok(writer);
}

void pdf_object_real(struct buffer *out, double value) {
    if (!(fabs(value) < LARGEST_REAL)) {
        value = 0;
    }
    long hundredths = lround(value * 100);
    char digits[24];
    char *end = digits + sizeof digits;
    char *at = end;
    unsigned long rest = (unsigned long)labs(hundredths);
    *--at = ' ';
    unsigned long fraction = rest % 100;
    if (fraction != 0) {
        if (fraction % 10 != 0) {
            *--at = (char)('0' + fraction % 10);
        }
        *--at = (char)('0' + fraction / 10);
        *--at = '.';
    }
    rest /= 100;
    do {
        *--at = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest != 0);
    if (hundredths < 0) {
        *--at = '-';
    }
    buffer_append(out, at, (size_t)(end - at));
}

void pdf_object_colour(struct buffer *out, unsigned colour) {
    for (int shift = 16; shift >= 0; shift -= 8) {
        unsigned thousandths = ((colour >> shift & 0xFFu) * 1000 + 127) / 255;
        const char digits[] = {'.', (char)('0' + thousandths / 100 % 10), (char)('0' + thousandths / 10 % 10),
                               (char)('0' + thousandths % 10), ' '};
        if (thousandths == 1000) {
            buffer_append_text(out, "1 ");
        } else {
            buffer_append(out, digits, sizeof digits);
        }
    }
}

static void append_unit(struct buffer *out, unsigned unit) {
    char digits[4] = {hexadecimal[unit >> 12 & 15], hexadecimal[unit >> 8 & 15], hexadecimal[unit >> 4 & 15],
                      hexadecimal[unit & 15]};
    buffer_append(out, digits, sizeof digits);
}

static void append_utf16(struct buffer *out, const char *text, size_t length, size_t most) {
    size_t position = 0;
    for (size_t units = 0; position < length && units + 2 <= most; units++) {
        uint32_t code_point = text_utf8_next(text, length, &position);
        if (code_point < 0x10000) {
            append_unit(out, code_point);
        } else {
            append_unit(out, 0xD800 + ((code_point - 0x10000) >> 10));
            append_unit(out, 0xDC00 + ((code_point - 0x10000) & 0x3FF));
            units++;
        }
    }
}

void pdf_object_utf16(struct buffer *out, const char *text, size_t length) {
    append_utf16(out, text, length, SIZE_MAX);
}

void pdf_object_text(struct buffer *out, const char *text) {
    buffer_append_text(out, "<FEFF");
    append_utf16(out, text, strlen(text), STRING_UNITS);
    buffer_append_text(out, ">");
}

void pdf_object_uri(struct buffer *out, const char *uri) {
    buffer_append_byte(out, '(');
    for (const unsigned char *c = (const unsigned char *)uri; *c != '\0'; c++) {
        if (*c <= ' ' || *c >= 0x7F) {
            buffer_format(out, "%%%02X", *c);
        } else {
            if (*c == '(' || *c == ')' || *c == '\\') {
                buffer_append_byte(out, '\\');
            }
            buffer_append_byte(out, (char)*c);
        }
    }
    buffer_append_byte(out, ')');
}
