#include "write/pdf_page.h"

#include "write/pdf_object.h"

#include <math.h>
#include <stdlib.h>

#define CIRCLE          0.5523 /* of the radius: control points of a quarter circle */
#define BADGE_RADIUS    0.28   /* of the badge's text size, as the next three */
#define BADGE_DESCENT   0.36
#define BADGE_HEIGHT    1.42
#define UNDERLINE_DROP  0.16
#define UNDERLINE_WIDTH 0.35 /* points */
#define LINK_ASCENT     0.85 /* of the text size, as the next one */
#define LINK_DESCENT    0.25

#define DOT_STEP 4.0 /* points between dots */

void pdf_page_free(struct pdf_page *page) {
    buffer_free(&page->under);
    buffer_free(&page->over);
    free(page->links);
    *page = (struct pdf_page){0};
}

static void point(struct buffer *out, double x, double y, const char *operator) {
    pdf_object_real(out, x);
    pdf_object_real(out, y);
    buffer_append_text(out, operator);
}

void pdf_page_rectangle(struct buffer *out, double left, double bottom, double width, double height, unsigned colour) {
    pdf_object_colour(out, colour);
    buffer_append_text(out, "rg ");
    point(out, left, bottom, "");
    point(out, width, height, "re f\n");
}

static void curve(struct buffer *out, double x1, double y1, double x2, double y2, double x3, double y3) {
    point(out, x1, y1, "");
    point(out, x2, y2, "");
    point(out, x3, y3, "c ");
}

void pdf_page_rounded(struct buffer *out, double left, double bottom, double width, double height, double radius,
                      unsigned colour) {
    double right = left + width;
    double top = bottom + height;
    double in = radius - radius * CIRCLE;
    pdf_object_colour(out, colour);
    buffer_append_text(out, "rg ");
    point(out, left + radius, bottom, "m ");
    point(out, right - radius, bottom, "l ");
    curve(out, right - in, bottom, right, bottom + in, right, bottom + radius);
    point(out, right, top - radius, "l ");
    curve(out, right, top - in, right - in, top, right - radius, top);
    point(out, left + radius, top, "l ");
    curve(out, left + in, top, left, top - in, left, top - radius);
    point(out, left, bottom + radius, "l ");
    curve(out, left, bottom + in, left + in, bottom, left + radius, bottom);
    buffer_append_text(out, "f\n");
}

void pdf_page_rule(struct buffer *out, double left, double right, double y, double thickness, unsigned colour) {
    pdf_object_colour(out, colour);
    buffer_append_text(out, "RG ");
    pdf_object_real(out, thickness);
    buffer_append_text(out, "w ");
    point(out, left, y, "m ");
    point(out, right, y, "l S\n");
}

void pdf_page_stroke(struct buffer *out, double from_x, double from_y, double to_x, double to_y, double thickness,
                     bool dashed, unsigned colour) {
    pdf_object_colour(out, colour);
    buffer_append_text(out, dashed ? "RG q [2.4 1.8] 0 d " : "RG q ");
    pdf_object_real(out, thickness);
    buffer_append_text(out, "w ");
    point(out, from_x, from_y, "m ");
    point(out, to_x, to_y, "l S Q\n");
}

void pdf_page_dots(struct buffer *out, double left, double right, double y, unsigned colour) {
    double begin = ceil(left / DOT_STEP) * DOT_STEP; /* dots of successive lines stand below each other */
    if (begin + DOT_STEP > right) {
        return;
    }
    pdf_object_colour(out, colour);
    buffer_append_text(out, "RG q 1 J [0 ");
    pdf_object_real(out, DOT_STEP);
    buffer_append_text(out, "] 0 d .8 w ");
    point(out, begin, y, "m ");
    point(out, right, y, "l S Q\n");
}

void pdf_page_link(struct pdf_page *page, const struct pdf_link *link) {
    struct pdf_link *links =
        pdf_object_room(page->links, &page->link_capacity, page->link_count + 1, sizeof *page->links);
    if (links == NULL) {
        page->failed = true;
        return;
    }
    page->links = links;
    links[page->link_count++] = *link;
}

/* What the text operators have set so far on a line. */
struct drawing {
    struct buffer *out;
    const struct pdf_fonts *fonts;
    double baseline;
    size_t font; /* SIZE_MAX: none yet */
    double size;
    unsigned ink;
    bool inked;   /* `ink` is set */
    bool array;   /* inside [( */
    int32_t owed; /* thousandths of the em to be corrected before the next glyph */
};

static void close_array(struct drawing *drawing) {
    if (drawing->array) {
        buffer_append_text(drawing->out, ")]TJ\n");
        drawing->array = false;
    }
    drawing->owed = 0;
}

static void open_array(struct drawing *drawing, size_t font, const struct pdf_style *style, double x, double rise) {
    struct buffer *out = drawing->out;
    if (!drawing->inked || drawing->ink != style->ink) {
        pdf_object_colour(out, style->ink);
        buffer_append_text(out, "rg ");
        drawing->ink = style->ink;
        drawing->inked = true;
    }
    if (drawing->font != font || drawing->size != style->size) {
        buffer_append_text(out, "/F");
        buffer_append_integer(out, (int64_t)font);
        buffer_append_byte(out, ' ');
        pdf_object_real(out, style->size);
        buffer_append_text(out, "Tf ");
        drawing->font = font;
        drawing->size = style->size;
    }
    buffer_append_text(out, "1 0 0 1 ");
    point(out, x, drawing->baseline + rise, "Tm [(");
    drawing->array = true;
}

/* Goes on to where the glyph is drawn: in the array at hand where that can hold it, else in a new one. */
static void approach(struct drawing *drawing, const struct pdf_style *style, const struct pdf_glyph *glyph, double x) {
    bool changed =
        drawing->font != glyph->font || drawing->size != style->size || !drawing->inked || drawing->ink != style->ink;
    if (changed || glyph->y != 0 || !drawing->array) {
        close_array(drawing);
        double em = style->size / 1000;
        open_array(drawing, glyph->font, style, x + glyph->x * em, glyph->y * em);
    } else {
        pdf_shape_move(drawing->out, drawing->owed - glyph->x);
    }
}

static void draw_glyph(struct drawing *drawing, const struct pdf_style *style, const struct pdf_glyph *glyph,
                       double x) {
    approach(drawing, style, glyph, x);
    pdf_shape_code(drawing->out, glyph->code);
    drawing->owed = glyph->x + drawing->fonts->fonts[glyph->font].codes[glyph->code].width - glyph->advance;
    if (glyph->y != 0) {
        close_array(drawing);
    }
}

static void draw_word(struct drawing *drawing, const struct pdf_style *style, const struct pdf_word *word, double x) {
    if (word->drawn != NULL && word->glyph_count > 0) {
        approach(drawing, style, &word->glyphs[0], x);
        buffer_append(drawing->out, word->drawn, word->drawn_length);
        drawing->owed = word->owed;
        return;
    }
    for (size_t i = 0; i < word->glyph_count; i++) {
        draw_glyph(drawing, style, &word->glyphs[i], x);
        x += word->glyphs[i].advance * style->size / 1000;
    }
}

/* Boxes of the badges on a line, before the text that stands on them. */
static void draw_badges(struct buffer *out, const struct pdf_paragraph *paragraph, const struct pdf_line *line,
                        double x, double baseline) {
    for (size_t i = line->first; i < line->first + line->count; i++) {
        const struct pdf_piece *piece = &paragraph->placed[i];
        const struct pdf_span *span = &paragraph->spans[piece->span];
        if (span->badge != NULL) {
            double size = span->style.size;
            pdf_page_rounded(out, x, baseline - BADGE_DESCENT * size, piece->width, BADGE_HEIGHT * size,
                             BADGE_RADIUS * size, span->badge->paper);
        }
        x += piece->width + piece->spaces * piece->space;
    }
}

static void draw_links(struct pdf_page *page, const struct pdf_paragraph *paragraph, const struct pdf_line *line,
                       double x, double baseline) {
    const char *open = NULL;
    double left = 0;
    double right = 0;
    double size = 0;
    unsigned ink = 0;
    for (size_t i = line->first; i <= line->first + line->count; i++) {
        bool past = i == line->first + line->count;
        const struct pdf_piece *piece = past ? NULL : &paragraph->placed[i];
        const struct pdf_span *span = past ? NULL : &paragraph->spans[piece->span];
        const char *link = past ? NULL : span->link;
        if (open != NULL && link != open) {
            double drop = baseline - UNDERLINE_DROP * size;
            pdf_page_rule(&page->over, left, right, drop, UNDERLINE_WIDTH, ink);
            struct pdf_link area = {.left = left,
                                    .bottom = baseline - LINK_DESCENT * size,
                                    .right = right,
                                    .top = baseline + LINK_ASCENT * size,
                                    .target = open,
                                    .entry = SIZE_MAX};
            pdf_page_link(page, &area);
            open = NULL;
        }
        if (past) {
            return;
        }
        if (link != NULL && open == NULL) {
            open = link;
            left = x;
            size = span->style.size;
            ink = span->style.ink;
        }
        right = x + piece->width;
        x += piece->width + piece->spaces * piece->space;
    }
}

void pdf_page_line(struct pdf_page *page, const struct pdf_fonts *fonts, const struct pdf_paragraph *paragraph,
                   size_t line_index, double left, double baseline, double width, enum alignment alignment) {
    const struct pdf_line *line = &paragraph->lines[line_index];
    double slack = width - line->width;
    double x = left + (alignment == ALIGN_RIGHT ? slack : alignment == ALIGN_CENTRE ? slack / 2 : 0);
    draw_badges(&page->over, paragraph, line, x, baseline);
    draw_links(page, paragraph, line, x, baseline);
    struct drawing drawing = {.out = &page->over, .fonts = fonts, .baseline = baseline, .font = SIZE_MAX};
    buffer_append_text(&page->over, "BT ");
    for (size_t i = line->first; i < line->first + line->count; i++) {
        const struct pdf_piece *piece = &paragraph->placed[i];
        const struct pdf_span *span = &paragraph->spans[piece->span];
        double padding = span->badge != NULL ? PDF_BADGE_PADDING * span->style.size : 0;
        if (padding > 0) {
            close_array(&drawing);
        }
        if (piece->word != NULL) {
            draw_word(&drawing, &span->style, piece->word, x + padding);
        }
        if (padding > 0) {
            close_array(&drawing);
        }
        x += piece->width;
        /* At the end of a line one space remains, for those who read the text and not its places. */
        bool last = i + 1 == line->first + line->count;
        unsigned spaces = last ? line_index + 1 < paragraph->line_count && piece->spaces > 0 : piece->spaces;
        for (unsigned s = 0; s < spaces; s++) {
            draw_word(&drawing, &span->style, piece->blank, x);
            x += piece->space;
        }
    }
    close_array(&drawing);
    buffer_append_text(&page->over, "ET\n");
    page->failed = page->failed || page->over.failed || page->under.failed;
}
