#ifndef WRITE_PDF_OBJECT_H
#define WRITE_PDF_OBJECT_H

#include "base/buffer.h"

#include <hpdf.h>
#include <libdeflate.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * libharu as a writer of objects, streams and the cross-reference table, and nothing else: its text, font and image
 * calls never see our data. An error of libharu is kept in the writer (its handler must return) and found by
 * pdf_object_ok, which is asked once, at the end.
 */
struct pdf_writer {
    HPDF_Doc document;
    HPDF_STATUS status; /* first error of libharu, or 0 */
    HPDF_STATUS detail;
    bool memory_out;
    struct libdeflate_compressor *compressor;
};

/* Room for `needed` elements of `size` bytes in an array of `*capacity`: its new place, or NULL when memory is out. */
void *pdf_object_room(void *items, size_t *capacity, size_t needed, size_t size);

/* False when memory is out; close what was opened in any case. */
bool pdf_object_open(struct pdf_writer *writer);
void pdf_object_close(struct pdf_writer *writer);
/* Whether everything so far went well. */
bool pdf_object_ok(const struct pdf_writer *writer);

/*
 * A new indirect dictionary whose entries are written as the text in `*body` ("/Type/Font..."), which libharu owns and
 * the caller fills until the document is saved. NULL after an error.
 */
HPDF_Dict pdf_object_new(struct pdf_writer *writer, struct buffer **body);
/* The same text for a dictionary that libharu made without such: catalog, information, trailer. NULL after an error. */
struct buffer *pdf_object_extend(struct pdf_writer *writer, HPDF_Dict dictionary);
/* A new indirect stream, deflated; `entries` (may be NULL) stand in its dictionary. NULL after an error. */
HPDF_Dict pdf_object_stream(struct pdf_writer *writer, const void *bytes, size_t length, const char *entries);
/* Adds a page of the given size with its content, deflated already. NULL after an error. */
HPDF_Page pdf_object_page(struct pdf_writer *writer, double width, double height, const struct buffer *deflated);
/* The number that "N 0 R" refers to an indirect object by; 0 for NULL. */
unsigned pdf_object_number(const void *object);
/* Writes the document into `out`. */
bool pdf_object_save(struct pdf_writer *writer, struct buffer *out);

/* Appends a number with at most two decimals and a space after it. */
void pdf_object_real(struct buffer *out, double value);
/* Appends a colour 0xRRGGBB as three numbers. */
void pdf_object_colour(struct buffer *out, unsigned colour);
/* Appends text as UTF-16BE in hexadecimal digits, without brackets or byte order mark. */
void pdf_object_utf16(struct buffer *out, const char *text, size_t length);
/* Appends a text string (ISO 32000-1, 7.9.2.2), cut to what a string object may hold. */
void pdf_object_text(struct buffer *out, const char *text);
/* Appends a URI as a literal string of ASCII; what ASCII has not is percent-encoded (RFC 3987, 3.1). */
void pdf_object_uri(struct buffer *out, const char *uri);

#endif
