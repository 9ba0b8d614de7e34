#ifndef WRITE_PDF_H
#define WRITE_PDF_H

#include "base/diagnostics.h"
#include "document/tree.h"
#include "write/theme.h"

/*
 * Typesets a document as PDF 1.7: cover, contents with page numbers and links, bookmarks, running header with the
 * current section, footer with the statement and "page x of y". Text is shaped by HarfBuzz, fonts are subset and
 * embedded, and extracted text is the document's text. The bytes depend on the document, the theme and the fonts alone.
 * Creates the file, which must not exist yet; false after reporting.
 */
bool pdf_write(const struct document *document, const struct theme *theme, const char *path,
               struct diagnostics *diagnostics);

#endif
