#ifndef WRITE_PDF_TABLE_H
#define WRITE_PDF_TABLE_H

#include "write/pdf_layout.h"

/*
 * Lays out a NODE_TABLE: columns by content and the widths asked for, the header again on each page, a row on one page
 * where a page can hold it and over several where not.
 */
void pdf_table_draw(struct pdf_layout *layout, const struct node *node, struct pdf_frame frame);

/*
 * Widths of `count` columns that fill `room`: in proportion to what each wants, none narrower than its least width as
 * long as those fit at all; where they do not, the widest give way first.
 */
void pdf_table_widths(const double *wanted, const double *least, size_t count, double room, double *widths);

#endif
