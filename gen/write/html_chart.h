#ifndef WRITE_HTML_CHART_H
#define WRITE_HTML_CHART_H

#include "base/buffer.h"
#include "document/chart.h"

/*
 * Writes a chart as a figure: a picture (SVG, without scripts) for each panel, which says in words what it shows.
 * `number` is the chart's on the page: the ids of its texts are made of it. Running out of memory is sticky in `out`.
 */
void html_chart_write(const struct chart *chart, unsigned number, struct buffer *out);

#endif
