#ifndef WRITE_PDF_FILE_H
#define WRITE_PDF_FILE_H

#include "write/pdf_layout.h"

/*
 * Makes a PDF file of laid-out pages (cover, contents, body, in this order): headers and footers, fonts, links,
 * bookmarks and metadata. Appends the file's bytes to `out`; false after reporting.
 */
bool pdf_file_make(struct pdf_layout *cover, struct pdf_layout *contents, struct pdf_layout *body, struct buffer *out,
                   struct diagnostics *diagnostics);

#endif
