#ifndef WRITE_PDF_SHAPE_H
#define WRITE_PDF_SHAPE_H

#include "base/buffer.h"
#include "write/pdf_font.h"

struct pdf_glyph {
    uint16_t font;
    uint16_t code;
    int32_t advance; /* thousandths of the em, as the next two */
    int32_t x;
    int32_t y;
    uint32_t cluster; /* byte of the word where its text begins */
};

/* Text without a break, shaped: glyphs from left to right. */
struct pdf_word {
    const char *text;
    size_t length;
    struct pdf_glyph *glyphs;
    size_t glyph_count;
    int64_t width; /* thousandths of the em */
    /*
     * The glyphs after the opening parenthesis of a TJ array as its last string leaves them, where all are of one font
     * and none is raised; else NULL. `owed` thousandths of the em remain to be corrected before the next glyph.
     */
    const char *drawn;
    size_t drawn_length;
    int32_t owed;
};

/* As a word of its own, a soft hyphen is drawn as a hyphen and stands for itself; elsewhere it is not drawn. */
#define PDF_HYPHEN "\xC2\xAD"

/* Appends the code of a glyph inside a literal string (ISO 32000-1, 7.3.4.2). */
void pdf_shape_code(struct buffer *out, uint16_t code);
/* Ends the string, moves back by thousandths of the em (when not 0), and begins the next string. */
void pdf_shape_move(struct buffer *out, int32_t thousandths);

struct pdf_shapes *pdf_shape_open(void);
void pdf_shape_close(struct pdf_shapes *shapes);
/*
 * Shapes a word in a face, `tabular` with digits of one width. Each word is shaped once; the result lives as long as
 * `fonts`. A character that no font has becomes a box that stands for U+FFFD. NULL when memory is out.
 */
const struct pdf_word *pdf_shape_word(struct pdf_fonts *fonts, enum pdf_face face, bool tabular, const char *text,
                                      size_t length);

#endif
