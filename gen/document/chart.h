#ifndef DOCUMENT_CHART_H
#define DOCUMENT_CHART_H

#include "base/arena.h"
#include "document/tree.h"

/*
 * A chart of a report: what it shows, and where its bars, lines and words stand, so that every format draws the same.
 * An axis always holds zero, and a whole (100 of percent) where there is one: a small change never looks like a large
 * one. What a bar shows is printed beside it, and a point without a value has no bar.
 */
enum chart_kind {
    CHART_COLUMNS, /* panels side by side, an upright bar for each point, the last one set off: one figure over time */
    CHART_BARS     /* panels below each other, a lying bar for each point: shares of a whole */
};

struct chart_point {
    const char *label;   /* under or before its bar: "2025-Q4" */
    const char *printed; /* the value as tables print it */
    double value;
    bool known; /* it has a value */
};
struct chart_panel {
    const char *by;    /* what tells it from the panel before */
    const char *title; /* "" : none */
    const char *note;  /* below the title; "" : none */
    struct chart_point *points;
    size_t point_count;
    double full; /* what the axis reaches at least; 0: no more than the values */
    double target;
    bool aimed; /* it has a target */
};
struct chart {
    enum chart_kind kind;
    const char *caption; /* or NULL */
    struct chart_panel *panels;
    size_t panel_count;
    size_t point_count; /* of all panels, as they were added */
};

#define CHART_COLUMNS_MOST 12    /* points of a panel of columns: the newest */
#define CHART_TEXT         6.8   /* size of its words, in points */
#define CHART_GAP          16.0  /* between panels side by side */
#define CHART_WIDTH        467.0 /* of a page's text: what formats without pages lay out for */

/* Adds a point; a panel is the points that follow each other with the same `by`. False when memory is out. */
bool chart_add(struct arena *arena, struct chart *chart, const struct chart_panel *panel,
               const struct chart_point *point);
/* Leaves out panels with fewer values than `least`, and of columns the points before the newest. */
void chart_settle(struct chart *chart, size_t least);

enum chart_shape_kind { CHART_SHAPE_BAR, CHART_SHAPE_LINE, CHART_SHAPE_TEXT };
enum chart_tone {
    CHART_TONE_NOW,    /* bars that the chart is about */
    CHART_TONE_BEFORE, /* those of earlier periods */
    CHART_TONE_TRACK,  /* what is left to the whole */
    CHART_TONE_AXIS,
    CHART_TONE_TARGET, /* a dashed line */
    CHART_TONE_VALUE,
    CHART_TONE_LABEL
};
/*
 * Points from the upper left corner of the panel, downwards. A bar has its upper left corner at `left`, `top`; a line
 * goes from there by `width` and `height`; a text begins, is centred or ends at `left` with its baseline at `top`.
 */
struct chart_shape {
    enum chart_shape_kind kind;
    enum chart_tone tone;
    double left, top, width, height;
    enum alignment alignment;
    const char *text;
};
typedef void chart_draw_shape(void *context, const struct chart_shape *shape);

/* How many panels stand side by side in `width`, so that what is printed at their bars has room. */
size_t chart_across(const struct chart *chart, double width);
double chart_panel_width(const struct chart *chart, double width);
/* The height of a panel, without title and note, with `count` of its points (of columns it is always the same). */
double chart_height(const struct chart *chart, size_t count);
/* Gives every shape of a panel of this width to `draw`, the hindmost first: of bars those of `count` points. */
void chart_draw(const struct chart *chart, const struct chart_panel *panel, double width, size_t first, size_t count,
                chart_draw_shape *draw, void *context);

#endif
