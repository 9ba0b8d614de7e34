#include "write/html_chart.h"

#include "base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const html_chart_tones[] = {
    [CHART_TONE_NOW] = "now",     [CHART_TONE_BEFORE] = "before", [CHART_TONE_TRACK] = "track",
    [CHART_TONE_AXIS] = "axis",   [CHART_TONE_TARGET] = "target", [CHART_TONE_VALUE] = "value",
    [CHART_TONE_LABEL] = "label",
};
static const char *const html_chart_anchors[] = {
    [ALIGN_LEFT] = "", [ALIGN_CENTRE] = " text-anchor=\"middle\"", [ALIGN_RIGHT] = " text-anchor=\"end\""};

static void html_chart_text(struct buffer *out, const char *text) {
    text_xml_escape(out, text, strlen(text));
}

/* In tenths of a point, without a tail of zeros. */
static void html_chart_number(struct buffer *out, const char *name, double value) {
    long tenths = lround(value * 10);
    buffer_format(out, tenths % 10 == 0 ? " %s=\"%s%ld\"" : " %s=\"%s%ld.%ld\"", name, tenths < 0 ? "-" : "",
                  labs(tenths) / 10, labs(tenths) % 10);
}

static void html_chart_shape(void *context, const struct chart_shape *shape) {
    struct buffer *out = context;
    const char *tone = html_chart_tones[shape->tone];
    switch (shape->kind) {
    case CHART_SHAPE_BAR:
        buffer_format(out, "<rect class=\"%s\"", tone);
        html_chart_number(out, "x", shape->left);
        html_chart_number(out, "y", shape->top);
        html_chart_number(out, "width", shape->width);
        html_chart_number(out, "height", shape->height);
        buffer_append_text(out, "/>");
        break;
    case CHART_SHAPE_LINE:
        buffer_format(out, "<line class=\"%s\"", tone);
        html_chart_number(out, "x1", shape->left);
        html_chart_number(out, "y1", shape->top);
        html_chart_number(out, "x2", shape->left + shape->width);
        html_chart_number(out, "y2", shape->top + shape->height);
        buffer_append_text(out, "/>");
        break;
    case CHART_SHAPE_TEXT:
        buffer_format(out, "<text class=\"%s\"", tone);
        html_chart_number(out, "x", shape->left);
        html_chart_number(out, "y", shape->top);
        buffer_append_text(out, html_chart_anchors[shape->alignment]);
        buffer_append_text(out, ">");
        html_chart_text(out, shape->text);
        buffer_append_text(out, "</text>");
        break;
    }
}

/* What a panel shows, for those who do not see it. */
static void html_chart_words(struct buffer *out, const struct chart_panel *panel) {
    for (size_t i = 0; i < panel->point_count; i++) {
        const struct chart_point *point = &panel->points[i];
        html_chart_text(out, point->label);
        buffer_append_text(out, ": ");
        html_chart_text(out, *point->printed == '\0' ? "no value" : point->printed);
        buffer_append_text(out, i + 1 < panel->point_count ? "; " : ".");
    }
    if (*panel->note != '\0') {
        buffer_append_text(out, " ");
        html_chart_text(out, panel->note);
        buffer_append_text(out, ".");
    }
}

static void html_chart_panel(const struct chart *chart, const struct chart_panel *panel, unsigned number, size_t index,
                             double width, struct buffer *out) {
    const char *title = *panel->title != '\0' ? panel->title : chart->caption != NULL ? chart->caption : "Chart";
    buffer_append_text(out, "<div class=\"panel\">");
    if (*panel->title != '\0') {
        buffer_append_text(out, "<p class=\"panel-title\" aria-hidden=\"true\">");
        html_chart_text(out, panel->title);
        buffer_append_text(out, "</p>");
    }
    if (*panel->note != '\0') {
        buffer_append_text(out, "<p class=\"panel-note\" aria-hidden=\"true\">");
        html_chart_text(out, panel->note);
        buffer_append_text(out, "</p>");
    }
    double height = chart_height(chart, panel->point_count);
    buffer_format(
        out, "<svg role=\"img\" aria-labelledby=\"chart-%u-%zu-title chart-%u-%zu-text\" viewBox=\"0 0 %.0f %.0f\">",
        number, index, number, index, ceil(width), ceil(height));
    buffer_format(out, "<title id=\"chart-%u-%zu-title\">", number, index);
    html_chart_text(out, title);
    buffer_format(out, "</title><desc id=\"chart-%u-%zu-text\">", number, index);
    html_chart_words(out, panel);
    buffer_append_text(out, "</desc>");
    chart_draw(chart, panel, width, 0, panel->point_count, html_chart_shape, out);
    buffer_append_text(out, "</svg></div>\n");
}

void html_chart_write(const struct chart *chart, unsigned number, struct buffer *out) {
    size_t across = chart_across(chart, CHART_WIDTH);
    double width = chart_panel_width(chart, CHART_WIDTH);
    buffer_format(out, "<figure class=\"chart across-%zu\">\n", across);
    if (chart->caption != NULL) {
        buffer_append_text(out, "<figcaption>");
        html_chart_text(out, chart->caption);
        buffer_append_text(out, "</figcaption>\n");
    }
    buffer_append_text(out, "<div class=\"panels\">\n");
    for (size_t i = 0; i < chart->panel_count; i++)
        html_chart_panel(chart, &chart->panels[i], number, i + 1, width, out);
    buffer_append_text(out, "</div>\n</figure>\n");
}
