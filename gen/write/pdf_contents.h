#ifndef WRITE_PDF_CONTENTS_H
#define WRITE_PDF_CONTENTS_H

#include "write/pdf_layout.h"
#include "write/pdf_object.h"

/*
 * Lays out the pages of contents for the body's entries. `before` is how many pages stand before the contents; the
 * body follows them.
 */
void pdf_contents_draw(struct pdf_layout *contents, const struct pdf_layout *body, size_t before);
/*
 * Writes the bookmarks: all entries, nested by depth (ISO 32000-1, 12.3.3). `pages` are the body's. The number of the
 * outline dictionary, or 0 when there are no entries; false after an error of the writer.
 */
bool pdf_contents_outline(struct pdf_writer *writer, const struct pdf_layout *body, const HPDF_Page *pages,
                          unsigned *number);
/* Appends a destination: the entry's page and place, "[N 0 R/XYZ 0 Y null]". */
void pdf_contents_destination(struct buffer *out, const struct pdf_entry *entry, const HPDF_Page *pages);

#endif
