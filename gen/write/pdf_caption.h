#ifndef WRITE_PDF_CAPTION_H
#define WRITE_PDF_CAPTION_H

#include "write/pdf_layout.h"

/* Holds the caption of a table or a chart until what it belongs to is drawn. */
void pdf_caption_hold(struct pdf_layout *layout, const char *caption);

#endif
