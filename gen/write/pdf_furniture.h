#ifndef WRITE_PDF_FURNITURE_H
#define WRITE_PDF_FURNITURE_H

#include "write/pdf_layout.h"

/* Lays out the cover: organisation, title, subtitle, system; below, what the reader must know before reading. */
void pdf_furniture_cover(struct pdf_layout *cover);
/* Draws the running header and footer of a page. `section` is the title of its top section, or NULL. */
void pdf_furniture_page(struct pdf_layout *layout, struct pdf_page *page, const char *section, size_t number,
                        size_t total);

#endif
