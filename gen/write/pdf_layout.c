#include "write/pdf_layout.h"

#include "base/limits.h"
#include "write/pdf_object.h"

#include <math.h>
#include <stdlib.h>

#define CAP_HEIGHT  0.70 /* of the text size */
#define LINES_LEAST 2    /* of a paragraph on either side of a page break */
#define ROUNDING    0.01 /* points */
#define BAR_WIDTH   2.2
#define MARKER_ROOM 60.0 /* a list number may reach this far to the left */

void pdf_layout_open(struct pdf_layout *layout, const struct document *document, const struct theme *theme,
                     struct pdf_fonts *fonts, struct arena *arena) {
    *layout = (struct pdf_layout){.document = document,
                                  .theme = theme,
                                  .fonts = fonts,
                                  .arena = arena,
                                  .top_section = SIZE_MAX,
                                  .section = SIZE_MAX};
}

void pdf_layout_close(struct pdf_layout *layout) {
    for (size_t i = 0; i < layout->page_count; i++) {
        pdf_page_free(&layout->pages[i]);
    }
    for (size_t i = 0; i < PDF_HELD_MAX; i++) {
        pdf_text_free(&layout->held[i].paragraph);
    }
    pdf_text_free(&layout->marker);
    pdf_text_free(&layout->paragraph);
    free(layout->pages);
    free(layout->entries);
    free(layout->asides);
    *layout = (struct pdf_layout){0};
}

bool pdf_layout_ok(const struct pdf_layout *layout) {
    bool failed = layout->failed || layout->paragraph.failed || layout->marker.failed;

    for (size_t i = 0; i < PDF_HELD_MAX; i++) {
        failed = failed || layout->held[i].paragraph.failed;
    }
    return !failed && !layout->too_long;
}

double pdf_layout_baseline(double top, double height, double size) {
    return top - (height + CAP_HEIGHT * size) / 2;
}

struct pdf_page *pdf_layout_page(struct pdf_layout *layout) {
    if (!pdf_layout_ok(layout)) {
        return NULL;
    }
    if (layout->page_open) {
        return &layout->pages[layout->page_count - 1];
    }
    if (layout->page_count >= LIMIT_REPORT_PAGES) {
        layout->too_long = true;
        return NULL;
    }
    struct pdf_page *pages =
        pdf_object_room(layout->pages, &layout->page_capacity, layout->page_count + 1, sizeof *layout->pages);
    if (pages == NULL) {
        layout->failed = true;
        return NULL;
    }
    layout->pages = pages;
    pages[layout->page_count] = (struct pdf_page){.section = layout->top_section};
    layout->page_count++;
    layout->page_open = true;
    layout->page_used = false;
    layout->y = PDF_TOP;
    return &pages[layout->page_count - 1];
}

static void paint_ground(struct pdf_layout *layout, struct pdf_ground *ground, double bottom) {
    struct pdf_page *page = pdf_layout_page(layout);
    if (page == NULL || !ground->begun) {
        return;
    }
    double height = ground->top - bottom;
    if (ground->painted) {
        pdf_page_rectangle(&page->under, ground->left, bottom, ground->right - ground->left, height, ground->colour);
    }
    if (ground->bar) {
        pdf_page_rectangle(&page->over, ground->left, bottom, BAR_WIDTH, height, layout->theme->accent);
    }
    ground->begun = false;
}

void pdf_layout_break(struct pdf_layout *layout) {
    if (!layout->page_used) {
        return;
    }
    for (size_t i = 0; i < layout->ground_count; i++) {
        paint_ground(layout, &layout->grounds[i], layout->y - layout->grounds[i].padding);
    }
    struct pdf_page *page = pdf_layout_page(layout);
    if (page != NULL && page->failed) {
        layout->failed = true;
    }
    layout->page_open = false;
    layout->page_used = false;
    layout->gap = 0;
}

void pdf_layout_gap(struct pdf_layout *layout, double space) {
    layout->gap = space > layout->gap ? space : layout->gap;
}

double pdf_layout_room(const struct pdf_layout *layout) {
    double padding = 0;
    for (size_t i = 0; i < layout->ground_count; i++) {
        padding += layout->grounds[i].padding * (layout->grounds[i].begun ? 1 : 2);
    }
    if (!layout->page_used) {
        return PDF_TOP - PDF_BOTTOM - padding;
    }
    return layout->y - layout->gap - PDF_BOTTOM - padding;
}

/* Opens the page, leaves the gap, and begins the grounds that are waiting. */
static void settle(struct pdf_layout *layout) {
    if (pdf_layout_page(layout) == NULL) {
        return;
    }
    if (layout->page_used) {
        layout->y -= layout->gap;
    }
    layout->gap = 0;
    layout->page_used = true;
    for (size_t i = 0; i < layout->ground_count; i++) {
        struct pdf_ground *ground = &layout->grounds[i];
        if (!ground->begun) {
            ground->begun = true;
            ground->top = layout->y;
            layout->y -= ground->padding;
        }
    }
}

static void draw_line(struct pdf_layout *layout, const struct pdf_paragraph *paragraph, size_t line,
                      struct pdf_frame frame, double line_height, double size, enum alignment alignment) {
    struct pdf_page *page = pdf_layout_page(layout);
    if (page == NULL) {
        return;
    }
    double baseline = pdf_layout_baseline(layout->y, line_height, size);
    if (layout->marker_waits) {
        layout->marker_waits = false;
        if (layout->marker.line_count > 0) {
            pdf_page_line(page, layout->fonts, &layout->marker, 0, layout->marker_right - MARKER_ROOM, baseline,
                          MARKER_ROOM, ALIGN_RIGHT);
        }
    }
    pdf_page_line(page, layout->fonts, paragraph, line, frame.left, baseline, frame.width, alignment);
    layout->y -= line_height;
}

static double held_height(const struct pdf_layout *layout) {
    double height = 0;
    double gap = layout->gap;
    for (size_t i = 0; i < layout->held_count; i++) {
        const struct pdf_held *held = &layout->held[i];
        height += (double)held->paragraph.line_count * held->line_height;
        height += i == 0 ? (held->before > gap ? held->before - gap : 0) : held->before;
        height += held->after;
    }
    return height;
}

static void place_entry(struct pdf_layout *layout, const struct pdf_held *held) {
    if (held->entry == SIZE_MAX || !layout->page_open) {
        return;
    }
    struct pdf_entry *entry = &layout->entries[held->entry];
    entry->page = layout->page_count - 1;
    entry->top = layout->y;
    entry->placed = true;
    if (entry->depth == 1) {
        layout->pages[entry->page].section = held->entry;
    }
}

static void draw_held(struct pdf_layout *layout) {
    size_t count = layout->held_count;
    layout->held_count = 0;                   /* their own lines must not wait for them */
    bool marker_waits = layout->marker_waits; /* for a line after these */
    layout->marker_waits = false;
    double height = PDF_TOP - PDF_BOTTOM;
    for (size_t i = 0; i < count; i++) {
        struct pdf_held *held = &layout->held[i];
        pdf_layout_gap(layout, held->before);
        struct pdf_frame frame = {PDF_LEFT, PDF_RIGHT - PDF_LEFT};
        if ((double)held->paragraph.line_count * held->line_height > height) { /* a heading of more than a page */
            pdf_layout_lines(layout, &held->paragraph, frame, held->line_height, held->size, ALIGN_LEFT);
            place_entry(layout, held);
        } else {
            settle(layout);
            place_entry(layout, held);
            for (size_t line = 0; line < held->paragraph.line_count; line++) {
                draw_line(layout, &held->paragraph, line, frame, held->line_height, held->size, ALIGN_LEFT);
            }
        }
        pdf_layout_gap(layout, held->after);
    }
    layout->marker_waits = marker_waits;
}

void pdf_layout_need(struct pdf_layout *layout, double height) {
    double held = held_height(layout);
    if (layout->page_used && pdf_layout_room(layout) + ROUNDING < held + height) {
        pdf_layout_break(layout);
    }
    draw_held(layout);
    if (layout->page_used && pdf_layout_room(layout) + ROUNDING < height) { /* what was held took a whole page */
        pdf_layout_break(layout);
    }
    settle(layout);
}

void pdf_layout_release(struct pdf_layout *layout) {
    if (layout->held_count == 0) {
        return;
    }
    if (layout->page_used && pdf_layout_room(layout) + ROUNDING < held_height(layout)) {
        pdf_layout_break(layout);
    }
    draw_held(layout);
}

struct pdf_held *pdf_layout_hold(struct pdf_layout *layout) {
    if (layout->held_count == PDF_HELD_MAX || held_height(layout) > (PDF_TOP - PDF_BOTTOM) / 2) {
        pdf_layout_release(layout);
    }
    if (!pdf_layout_ok(layout)) {
        return NULL;
    }
    struct pdf_held *held = &layout->held[layout->held_count++];
    pdf_text_clear(&held->paragraph);
    held->entry = SIZE_MAX;
    return held;
}

void pdf_layout_lines(struct pdf_layout *layout, const struct pdf_paragraph *paragraph, struct pdf_frame frame,
                      double line_height, double size, enum alignment alignment) {
    size_t total = paragraph->line_count;
    for (size_t line = 0; line < total && pdf_layout_ok(layout);) {
        size_t left = total - line;
        size_t least = left < 2 * LINES_LEAST ? left : LINES_LEAST;
        pdf_layout_need(layout, (double)least * line_height);
        double room = floor((pdf_layout_room(layout) + ROUNDING) / line_height);
        size_t count = room < 1 ? 1 : room > (double)left ? left : (size_t)room;
        if (count < left && left - count < LINES_LEAST && count > LINES_LEAST) {
            count = left - LINES_LEAST < count ? left - LINES_LEAST : count;
        }
        for (size_t i = 0; i < count; i++) {
            draw_line(layout, paragraph, line + i, frame, line_height, size, alignment);
        }
        line += count;
        if (line < total) {
            pdf_layout_break(layout);
        }
    }
}

bool pdf_layout_ground_begin(struct pdf_layout *layout, struct pdf_frame frame, double padding, bool bar) {
    if (layout->ground_count == PDF_GROUNDS_MAX) {
        return false;
    }
    layout->grounds[layout->ground_count] = (struct pdf_ground){.left = frame.left,
                                                                .right = frame.left + frame.width,
                                                                .padding = padding,
                                                                .colour = layout->theme->band,
                                                                .painted = layout->ground_count == 0,
                                                                .bar = bar};
    layout->ground_count++;
    return true;
}

void pdf_layout_ground_end(struct pdf_layout *layout) {
    struct pdf_ground *ground = &layout->grounds[layout->ground_count - 1];
    if (ground->begun) {
        layout->y -= ground->padding;
        paint_ground(layout, ground, layout->y);
    }
    layout->ground_count--;
}
