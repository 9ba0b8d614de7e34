#include "document/chart.h"

#include "base/text.h"

#include <math.h>
#include <string.h>

#define GLYPH        0.53 /* of the text size: the width of a character, by and large */
#define ACROSS_MOST  3
#define PLOT         40.0 /* height of the longest column */
#define VALUE_ROOM   11.0 /* above it: a value, and how far it is lifted */
#define LABEL_ROOM   11.0 /* below the axis */
#define SLOT_MOST    56.0 /* room of one column */
#define COLUMN_SHARE 0.56 /* of its slot */
#define COLUMN_MOST  24.0
#define LIFT         2.2 /* of a value above its column */
#define BAR_PITCH    12.0
#define BAR_HEIGHT   6.4
#define BAR_GAP      6.0  /* between label, bar and value */
#define LABEL_MOST   0.45 /* of the width that labels of bars may take */
#define HAIR         0.5
#define VALUE_MOST   1e15 /* a larger one is not drawn, and leaves the others their room */

static size_t characters(const char *text) {
    size_t count = 0;
    size_t length = strlen(text);
    for (size_t at = 0; at < length; count++)
        (void)text_utf8_next(text, length, &at);
    return count;
}

static double text_width(const char *text) {
    return (double)characters(text) * GLYPH * CHART_TEXT;
}

bool chart_add(struct arena *arena, struct chart *chart, const struct chart_panel *panel,
               const struct chart_point *point) {
    struct chart_panel *last = chart->panel_count == 0 ? NULL : &chart->panels[chart->panel_count - 1];
    if (last == NULL || strcmp(last->by, panel->by) != 0) {
        last = arena_push(arena, &chart->panels, &chart->panel_count, sizeof *last);
        if (last == NULL)
            return false;
        *last = *panel;
        last->points = NULL;
        last->point_count = 0;
        last->aimed = panel->aimed && fabs(panel->target) < VALUE_MOST;
        last->full = fabs(panel->full) < VALUE_MOST ? panel->full : 0;
    }
    struct chart_point *added = arena_push(arena, &last->points, &last->point_count, sizeof *added);
    if (added == NULL)
        return false;
    *added = *point;
    added->known = point->known && fabs(point->value) < VALUE_MOST;
    chart->point_count++;
    return true;
}

void chart_settle(struct chart *chart, size_t least) {
    size_t kept = 0;
    for (size_t i = 0; i < chart->panel_count; i++) {
        struct chart_panel panel = chart->panels[i];
        if (chart->kind == CHART_COLUMNS && panel.point_count > CHART_COLUMNS_MOST) {
            panel.points += panel.point_count - CHART_COLUMNS_MOST;
            panel.point_count = CHART_COLUMNS_MOST;
        }
        size_t known = 0;
        for (size_t p = 0; p < panel.point_count; p++)
            known += panel.points[p].known;
        if (known >= least && known > 0)
            chart->panels[kept++] = panel;
    }
    chart->panel_count = kept;
}

static double slot_width(const struct chart_panel *panel, double width) {
    return fmin(width / (double)panel->point_count, SLOT_MOST);
}

static bool words_fit(const struct chart *chart, double width) {
    for (size_t i = 0; i < chart->panel_count; i++) {
        const struct chart_panel *panel = &chart->panels[i];
        double slot = slot_width(panel, width);
        for (size_t p = 0; p < panel->point_count; p++)
            if (text_width(panel->points[p].printed) > slot || text_width(panel->points[p].label) > slot)
                return false;
    }
    return true;
}

static double width_of(size_t across, double width) {
    return (width - (double)(across - 1) * CHART_GAP) / (double)across;
}

size_t chart_across(const struct chart *chart, double width) {
    size_t across = chart->kind == CHART_COLUMNS ? ACROSS_MOST : 1;
    while (across > 1 && !words_fit(chart, width_of(across, width)))
        across--;
    return across;
}

double chart_panel_width(const struct chart *chart, double width) {
    return width_of(chart_across(chart, width), width);
}

double chart_height(const struct chart *chart, size_t count) {
    return chart->kind == CHART_COLUMNS ? VALUE_ROOM + PLOT + LABEL_ROOM : (double)count * BAR_PITCH;
}

/* What an axis goes from and to. */
struct scale {
    double low, high;
};

static struct scale scale_of(const struct chart_panel *panel) {
    struct scale scale = {fmin(0, panel->full), fmax(0, panel->full)};
    if (panel->aimed) {
        scale.low = fmin(scale.low, panel->target);
        scale.high = fmax(scale.high, panel->target);
    }
    for (size_t i = 0; i < panel->point_count; i++) {
        if (panel->points[i].known) {
            scale.low = fmin(scale.low, panel->points[i].value);
            scale.high = fmax(scale.high, panel->points[i].value);
        }
    }
    if (scale.high - scale.low <= 0)
        scale.high = 1; /* all of them zero */
    return scale;
}

/* How far along the axis a value lies, from 0 to 1. */
static double along(const struct scale *scale, double value) {
    return (value - scale->low) / (scale->high - scale->low);
}

static void draw_text(chart_draw_shape *draw, void *context, enum chart_tone tone, double left, double baseline,
                      enum alignment alignment, const char *text) {
    struct chart_shape shape = {
        .kind = CHART_SHAPE_TEXT, .tone = tone, .left = left, .top = baseline, .alignment = alignment, .text = text};
    if (*text != '\0')
        draw(context, &shape);
}

static void draw_box(chart_draw_shape *draw, void *context, enum chart_tone tone, double left, double top, double width,
                     double height) {
    struct chart_shape shape = {
        .kind = CHART_SHAPE_BAR, .tone = tone, .left = left, .top = top, .width = width, .height = height};
    if (width > 0 && height > 0)
        draw(context, &shape);
}

static void draw_line(chart_draw_shape *draw, void *context, enum chart_tone tone, double left, double top,
                      double width, double height) {
    struct chart_shape shape = {
        .kind = CHART_SHAPE_LINE, .tone = tone, .left = left, .top = top, .width = width, .height = height};
    draw(context, &shape);
}

/* Words that have no room side by side stand at the first point and the last one only. */
static bool has_words(const struct chart_panel *panel, size_t point, double slot, bool values) {
    if (point == 0 || point + 1 == panel->point_count)
        return true;
    for (size_t i = 0; i < panel->point_count; i++)
        if (text_width(values ? panel->points[i].printed : panel->points[i].label) > slot)
            return false;
    return true;
}

static void draw_columns(const struct chart_panel *panel, double width, chart_draw_shape *draw, void *context) {
    struct scale scale = scale_of(panel);
    double slot = slot_width(panel, width);
    double column = fmin(slot * COLUMN_SHARE, COLUMN_MOST);
    double room = slot * (double)panel->point_count;
    double foot = VALUE_ROOM + PLOT;
    double zero = foot - PLOT * along(&scale, 0);
    for (size_t i = 0; i < panel->point_count; i++) {
        const struct chart_point *point = &panel->points[i];
        double top = foot - PLOT * along(&scale, point->known ? fmax(point->value, 0) : 0);
        double bottom = foot - PLOT * along(&scale, point->known ? fmin(point->value, 0) : 0);
        draw_box(draw, context, i + 1 == panel->point_count ? CHART_TONE_NOW : CHART_TONE_BEFORE,
                 ((double)i + 0.5) * slot - column / 2, top, column, bottom - top);
    }
    draw_line(draw, context, CHART_TONE_AXIS, 0, zero, room, 0);
    double aim = foot - PLOT * along(&scale, panel->target);
    if (panel->aimed)
        draw_line(draw, context, CHART_TONE_TARGET, 0, aim, room, 0);
    for (size_t i = 0; i < panel->point_count; i++) {
        const struct chart_point *point = &panel->points[i];
        double baseline = foot - PLOT * along(&scale, point->known ? fmax(point->value, 0) : 0) - LIFT;
        double middle = ((double)i + 0.5) * slot;
        if (panel->aimed && aim < baseline + LIFT && aim > baseline - CHART_TEXT)
            baseline = aim - LIFT; /* above the line that would cross it */
        if (has_words(panel, i, slot, true))
            draw_text(draw, context, CHART_TONE_VALUE, middle, baseline, ALIGN_CENTRE, point->printed);
        if (has_words(panel, i, slot, false))
            draw_text(draw, context, CHART_TONE_LABEL, middle, foot + LABEL_ROOM - LIFT, ALIGN_CENTRE, point->label);
    }
}

/* The widest of the labels, or of the values, of all panels: bars of one chart begin and end below each other. */
static double widest(const struct chart *chart, bool values) {
    double width = 0;
    for (size_t i = 0; i < chart->panel_count; i++)
        for (size_t p = 0; p < chart->panels[i].point_count; p++) {
            const struct chart_point *point = &chart->panels[i].points[p];
            width = fmax(width, text_width(values ? point->printed : point->label));
        }
    return width;
}

static void draw_bars(const struct chart *chart, const struct chart_panel *panel, double width, size_t first,
                      size_t count, chart_draw_shape *draw, void *context) {
    struct scale scale = scale_of(panel);
    double left = fmin(widest(chart, false), width * LABEL_MOST) + BAR_GAP;
    double room = fmax(width - left - widest(chart, true) - BAR_GAP, width * 0.1);
    double height = (double)count * BAR_PITCH;
    double zero = left + room * along(&scale, 0);
    for (size_t i = 0; i < count; i++) {
        const struct chart_point *point = &panel->points[first + i];
        double top = (double)i * BAR_PITCH + (BAR_PITCH - BAR_HEIGHT) / 2;
        double from = left + room * along(&scale, point->known ? fmin(point->value, 0) : 0);
        double until = left + room * along(&scale, point->known ? fmax(point->value, 0) : 0);
        double baseline = top + BAR_HEIGHT / 2 + CHART_TEXT * 0.35;
        double end = left + room * along(&scale, panel->full);
        if (panel->full > 0)
            draw_box(draw, context, CHART_TONE_TRACK, zero, top, end - zero, BAR_HEIGHT);
        draw_box(draw, context, CHART_TONE_NOW, from, top, until - from, BAR_HEIGHT);
        draw_text(draw, context, CHART_TONE_LABEL, 0, baseline, ALIGN_LEFT, point->label);
        draw_text(draw, context, CHART_TONE_VALUE, width, baseline, ALIGN_RIGHT, point->printed);
    }
    draw_line(draw, context, CHART_TONE_AXIS, zero, HAIR, 0, height - 2 * HAIR);
    if (panel->aimed)
        draw_line(draw, context, CHART_TONE_TARGET, left + room * along(&scale, panel->target), HAIR, 0,
                  height - 2 * HAIR);
}

void chart_draw(const struct chart *chart, const struct chart_panel *panel, double width, size_t first, size_t count,
                chart_draw_shape *draw, void *context) {
    if (chart->kind == CHART_COLUMNS)
        draw_columns(panel, width, draw, context);
    else
        draw_bars(chart, panel, width, first, count, draw, context);
}
