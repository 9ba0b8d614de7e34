#ifndef WRITE_PDF_EMBED_H
#define WRITE_PDF_EMBED_H

#include "write/pdf_font.h"
#include "write/pdf_object.h"

/*
 * Embeds every font that was drawn with: its subset, as a Type 0 font with a ToUnicode map. Appends "/F0 N 0 R ..." for
 * a resource dictionary to `resources`; a font's number is its index in `fonts`. False after an error of the writer, or
 * when a font cannot be subset.
 */
bool pdf_embed_fonts(struct pdf_writer *writer, const struct pdf_fonts *fonts, struct buffer *resources);

#endif
