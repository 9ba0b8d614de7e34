#ifndef WRITE_PDF_FONT_H
#define WRITE_PDF_FONT_H

#include "base/arena.h"
#include "base/diagnostics.h"
#include "write/theme.h"

#include <harfbuzz/hb.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * HarfBuzz goes on where memory runs out: without a feature, without a glyph, without a table. All that asks it sets
 * errno to 0 before, and takes ENOMEM after it, which the C library leaves behind, for a failure.
 */

/* The four faces of the theme; fonts past them are its fallbacks, opened when a character first needs them. */
enum pdf_face { PDF_FACE_BODY, PDF_FACE_BOLD, PDF_FACE_ITALIC, PDF_FACE_MONO, PDF_FACE_COUNT };

/*
 * One code of a font as embedded: a glyph together with the text it stands for, so that extraction gives back the text
 * whatever shaping did. Code 0 is .notdef.
 */
struct pdf_code {
    hb_codepoint_t glyph;
    const char *text; /* "" for a glyph that only decorates another */
    uint32_t text_length;
    int32_t width; /* thousandths of the em */
    uint32_t next; /* next code with the same hash, or 0 */
};

struct pdf_font {
    const char *path;
    hb_face_t *face;
    hb_font_t *font; /* NULL: not open, or of no use */
    bool tried;
    bool memory_out; /* which is why it is not open, or not as it should be */
    int upem;
    struct pdf_code *codes;
    size_t code_count;
    size_t code_capacity;
    uint32_t *buckets;
};

#define PDF_FONTS_MAX   64 /* faces and fallbacks of one theme */
#define PDF_LOST_KEPT   8  /* characters without a glyph that the diagnostic names */
#define PDF_REPLACEMENT 0xFFFDu
#define PDF_SOFT_HYPHEN 0xADu
#define PDF_CODES_MAX   65535

struct pdf_shapes; /* the cache of pdf_shape.c */

struct pdf_fonts {
    struct arena *arena;
    struct pdf_font fonts[PDF_FONTS_MAX];
    size_t count;
    struct pdf_shapes *shapes;
    uint64_t lost_count; /* characters that no font has */
    uint32_t lost[PDF_LOST_KEPT];
    size_t lost_kept;
};

/* Opens the theme's faces; a file that is missing or no usable font is reported (PDF_FONT). NULL after reporting. */
struct pdf_fonts *pdf_font_open(const struct theme *theme, struct diagnostics *diagnostics);
void pdf_font_close(struct pdf_fonts *fonts);
/* The font to draw a character in text of this face: the face itself, else a fallback; PDF_FONTS_MAX if none has it. */
size_t pdf_font_for(struct pdf_fonts *fonts, enum pdf_face face, uint32_t code_point);
/* Whether a font is open, or could be opened now. */
bool pdf_font_usable(struct pdf_fonts *fonts, size_t font);
/* The code for a glyph that stands for `text`; 0 when the font has no code left. False when memory is out. */
bool pdf_font_code(struct pdf_fonts *fonts, size_t font, hb_codepoint_t glyph, const char *text, size_t length,
                   uint16_t *code);
/* Counts a character that no font has. */
void pdf_font_lost(struct pdf_fonts *fonts, uint32_t code_point);

#endif
