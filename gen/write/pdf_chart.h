#ifndef WRITE_PDF_CHART_H
#define WRITE_PDF_CHART_H

#include "write/pdf_layout.h"

/* Draws a NODE_CHART: panels side by side as document/chart.h lays them out, none of columns over two pages. */
void pdf_chart_draw(struct pdf_layout *layout, const struct node *node, struct pdf_frame frame);

#endif
