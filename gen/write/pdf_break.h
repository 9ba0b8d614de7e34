#ifndef WRITE_PDF_BREAK_H
#define WRITE_PDF_BREAK_H

#include "write/pdf_text.h"

/* Breaks the shaped pieces of a paragraph into lines no wider than `width`; what is wider than a line is cut. */
void pdf_break_lines(struct pdf_paragraph *paragraph, struct pdf_fonts *fonts, double width);

#endif
