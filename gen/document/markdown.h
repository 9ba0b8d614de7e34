#ifndef DOCUMENT_MARKDOWN_H
#define DOCUMENT_MARKDOWN_H

#include "base/diagnostics.h"
#include "document/inset.h"
#include "document/tree.h"

/*
 * Reads Markdown (GFM as md4c reads it, raw HTML being text) into the document's root: headings open sections, nested
 * by level (5 and 6 count as 4), and take `{#anchor}` at their end; `[text](badge:class)` is a badge; an image is its
 * text. Marks of `insets` become what they stand for. `path` names the template in diagnostics. False after reporting.
 */
bool markdown_read(struct document *document, const struct insets *insets, const char *text, size_t length,
                   const char *path, struct diagnostics *diagnostics);

#endif
