#ifndef WRITE_HTML_H
#define WRITE_HTML_H

#include "base/buffer.h"
#include "base/diagnostics.h"
#include "document/tree.h"
#include "write/theme.h"

/* The same document as one self-contained HTML5 file: no script needed to read it, no outside resource. */
bool html_write(const struct document *document, const struct theme *theme, struct buffer *out,
                struct diagnostics *diagnostics);

#endif
