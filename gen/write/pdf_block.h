#ifndef WRITE_PDF_BLOCK_H
#define WRITE_PDF_BLOCK_H

#include "write/pdf_layout.h"

/* Lays out the children of a section, item or quote: blocks, and runs of inline nodes as paragraphs. */
void pdf_block_children(struct pdf_layout *layout, const struct node *parent, struct pdf_frame frame, unsigned depth);

#define PDF_LEADING       1.5  /* line height of body text, of its size */
#define PDF_TABLE_SIZE    0.87 /* text in tables, of the body's */
#define PDF_TABLE_LEADING 1.38

#endif
