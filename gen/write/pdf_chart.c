#include "write/pdf_chart.h"

#include "document/chart.h"
#include "write/pdf_block.h"
#include "write/pdf_break.h"
#include "write/pdf_caption.h"

#include <math.h>
#include <string.h>

#define BEFORE_WEIGHT 0.55 /* of the accent's ink, in bars of earlier periods */
#define ROW_GAP       11.0 /* between panels below each other */
#define AXIS_WIDTH    0.6
#define TARGET_WIDTH  0.8
#define ROUNDING      0.01

struct chart_page {
    struct pdf_layout *layout;
    struct pdf_page *page;
    double left, top; /* of the panel */
};

/* A colour between `ink` and the paper. */
static unsigned thinned(unsigned ink, double weight) {
    unsigned thin = 0;
    for (unsigned shift = 0; shift <= 16; shift += 8) {
        double channel = (double)((ink >> shift) & 0xFF);
        thin |= (unsigned)lround(255 + (channel - 255) * weight) << shift;
    }
    return thin;
}

static unsigned colour(const struct theme *theme, enum chart_tone tone) {
    switch (tone) {
    case CHART_TONE_NOW:
        return theme->accent;
    case CHART_TONE_BEFORE:
        return thinned(theme->accent, BEFORE_WEIGHT);
    case CHART_TONE_TRACK:
        return theme->rule;
    case CHART_TONE_AXIS:
    case CHART_TONE_LABEL:
        return theme->muted;
    case CHART_TONE_TARGET:
    case CHART_TONE_VALUE:
        return theme->ink;
    }
    return theme->ink;
}

/* Breaks the text to `width`, in layout->paragraph; returns its lines. */
static size_t shape(struct pdf_layout *layout, const char *text, enum pdf_face face, double size, unsigned ink,
                    double width) {
    struct pdf_paragraph *paragraph = &layout->paragraph;
    struct pdf_style style = {.face = face, .size = size, .ink = ink, .tabular = true};
    pdf_text_clear(paragraph);
    pdf_text_add(paragraph, layout->fonts, text, strlen(text), &style);
    pdf_text_shape(paragraph, layout->fonts);
    pdf_break_lines(paragraph, layout->fonts, width);
    return *text == '\0' ? 0 : paragraph->line_count;
}

static void draw_words(struct chart_page *chart, const struct chart_shape *words) {
    struct pdf_layout *layout = chart->layout;
    double left = chart->left + words->left;
    double baseline = chart->top - words->top;
    if (shape(layout, words->text, PDF_FACE_BODY, CHART_TEXT, colour(layout->theme, words->tone), PDF_PAGE_WIDTH) ==
            0 ||
        !pdf_layout_ok(layout)) {
        return;
    }
    double width = layout->paragraph.lines[0].width;
    left -= words->alignment == ALIGN_RIGHT ? width : words->alignment == ALIGN_CENTRE ? width / 2 : 0;
    pdf_page_line(chart->page, layout->fonts, &layout->paragraph, 0, left, baseline, width, ALIGN_LEFT);
}

static void draw_shape(void *context, const struct chart_shape *shape) {
    struct chart_page *chart = context;
    struct buffer *out = &chart->page->over;
    double left = chart->left + shape->left;
    double top = chart->top - shape->top;
    unsigned ink = colour(chart->layout->theme, shape->tone);
    switch (shape->kind) {
    case CHART_SHAPE_BAR:
        pdf_page_rectangle(out, left, top - shape->height, shape->width, shape->height, ink);
        break;
    case CHART_SHAPE_LINE:
        pdf_page_stroke(out, left, top, left + shape->width, top - shape->height,
                        shape->tone == CHART_TONE_TARGET ? TARGET_WIDTH : AXIS_WIDTH, shape->tone == CHART_TONE_TARGET,
                        ink);
        break;
    case CHART_SHAPE_TEXT:
        draw_words(chart, shape);
        break;
    }
}

/* Draws the lines of a panel's title or note from `top` down; returns the height that they take. */
static double draw_heading(struct pdf_layout *layout, struct pdf_page *page, const char *text, bool title, double left,
                           double top, double width, double line_height) {
    const struct theme *theme = layout->theme;
    double size = title ? theme->body_size * PDF_TABLE_SIZE : CHART_TEXT;
    size_t count =
        shape(layout, text, title ? PDF_FACE_BOLD : PDF_FACE_BODY, size, title ? theme->ink : theme->muted, width);
    for (size_t i = 0; i < count && pdf_layout_ok(layout); i++) {
        double baseline = pdf_layout_baseline(top - (double)i * line_height, line_height, size);
        pdf_page_line(page, layout->fonts, &layout->paragraph, i, left, baseline, width, ALIGN_LEFT);
    }
    return (double)count * line_height;
}

/* What stands above the panels of one row: as high as the highest of each. */
struct headings {
    double title_line, note_line; /* heights of one line */
    double title, note;           /* of all of them */
};

static struct headings measure(struct pdf_layout *layout, const struct chart_panel *panels, size_t count,
                               double width) {
    const struct theme *theme = layout->theme;
    double size = theme->body_size * PDF_TABLE_SIZE;
    struct headings headings = {.title_line = size * PDF_TABLE_LEADING, .note_line = CHART_TEXT * PDF_TABLE_LEADING};
    for (size_t i = 0; i < count; i++) {
        size_t titles = shape(layout, panels[i].title, PDF_FACE_BOLD, size, theme->ink, width);
        size_t notes = shape(layout, panels[i].note, PDF_FACE_BODY, CHART_TEXT, theme->muted, width);
        headings.title = fmax(headings.title, (double)titles * headings.title_line);
        headings.note = fmax(headings.note, (double)notes * headings.note_line);
    }
    return headings;
}

static void draw_columns(struct pdf_layout *layout, const struct chart *chart, struct pdf_frame frame) {
    size_t across = chart_across(chart, frame.width);
    double width = chart_panel_width(chart, frame.width);
    for (size_t i = 0; i < chart->panel_count && pdf_layout_ok(layout); i += across) {
        size_t count = chart->panel_count - i < across ? chart->panel_count - i : across;
        struct headings headings = measure(layout, &chart->panels[i], count, width);
        double height = headings.title + headings.note + chart_height(chart, 0);
        pdf_layout_need(layout, height);
        struct pdf_page *page = pdf_layout_page(layout);
        for (size_t p = 0; page != NULL && p < count; p++) {
            const struct chart_panel *panel = &chart->panels[i + p];
            double left = frame.left + (double)p * (width + CHART_GAP);
            double title = draw_heading(layout, page, panel->title, true, left, layout->y, width, headings.title_line);
            draw_heading(layout, page, panel->note, false, left, layout->y - title, width, headings.note_line);
            struct chart_page drawn = {layout, page, left, layout->y - headings.title - headings.note};
            chart_draw(chart, panel, width, 0, panel->point_count, draw_shape, &drawn);
        }
        layout->y -= height;
        pdf_layout_gap(layout, ROW_GAP);
    }
}

/* Bars go on over the next page where they must. */
static void draw_bars(struct pdf_layout *layout, const struct chart *chart, struct pdf_frame frame) {
    for (size_t i = 0; i < chart->panel_count && pdf_layout_ok(layout); i++) {
        const struct chart_panel *panel = &chart->panels[i];
        struct headings headings = measure(layout, panel, 1, frame.width);
        double above = headings.title + headings.note;
        for (size_t first = 0; first < panel->point_count && pdf_layout_ok(layout);) {
            pdf_layout_need(layout, above + chart_height(chart, first == 0 && panel->point_count > 1 ? 2 : 1));
            struct pdf_page *page = pdf_layout_page(layout);
            if (page == NULL) {
                return;
            }
            size_t count = panel->point_count - first;
            while (count > 1 && above + chart_height(chart, count) > pdf_layout_room(layout) + ROUNDING) {
                count--;
            }
            if (first == 0) {
                draw_heading(layout, page, panel->title, true, frame.left, layout->y, frame.width, headings.title_line);
                draw_heading(layout, page, panel->note, false, frame.left, layout->y - headings.title, frame.width,
                             headings.note_line);
            }
            struct chart_page drawn = {layout, page, frame.left, layout->y - above};
            chart_draw(chart, panel, frame.width, first, count, draw_shape, &drawn);
            layout->y -= above + chart_height(chart, count);
            above = 0;
            first += count;
        }
        pdf_layout_gap(layout, ROW_GAP);
    }
}

void pdf_chart_draw(struct pdf_layout *layout, const struct node *node, struct pdf_frame frame) {
    const struct chart *chart = node->chart;
    if (chart->caption != NULL && chart->caption[0] != '\0') {
        pdf_caption_hold(layout, chart->caption);
    }
    if (chart->kind == CHART_COLUMNS) {
        draw_columns(layout, chart, frame);
    } else {
        draw_bars(layout, chart, frame);
    }
    pdf_layout_gap(layout, layout->theme->body_size * 1.4);
}
