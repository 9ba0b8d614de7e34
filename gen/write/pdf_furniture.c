#include "write/pdf_furniture.h"

#include "write/pdf_break.h"

#include <string.h>

#define COVER_BAND       10.0
#define COVER_START      (PDF_PAGE_HEIGHT - 190.0)
#define COVER_LEADING    1.22
#define TITLE_SIZE       30.0
#define SUBTITLE_SIZE    15.0
#define NAME_SIZE        12.0
#define NOTICE_LEADING   1.5
#define COVER_RULE       72.0
#define NOTICE_PADDING   12.0
#define RUNNING_SIZE     7.5
#define RUNNING_LEADING  10.0
#define STATEMENT_LINES  2
#define PAGE_NUMBER_ROOM 80.0
#define ELLIPSIS         "\xE2\x80\xA6"

static const struct pdf_frame whole = {PDF_LEFT, PDF_RIGHT - PDF_LEFT};

static void fill(struct pdf_layout *layout, struct pdf_paragraph *paragraph, const char *text,
                 const struct pdf_style *style, double width) {
    pdf_text_clear(paragraph);
    pdf_text_add(paragraph, layout->fonts, text, strlen(text), style);
    pdf_text_shape(paragraph, layout->fonts);
    pdf_break_lines(paragraph, layout->fonts, width);
}

static bool is_empty(const char *text) {
    return text == NULL || text[0] == '\0';
}

static void cover_text(struct pdf_layout *cover, const char *text, enum pdf_face face, double size, unsigned ink,
                       double leading) {
    if (is_empty(text)) {
        return;
    }
    struct pdf_style style = {.face = face, .size = size, .ink = ink};
    fill(cover, &cover->paragraph, text, &style, whole.width);
    pdf_layout_lines(cover, &cover->paragraph, whole, size * leading, size, ALIGN_LEFT);
}

/* The texts at the foot of the cover, a paragraph for each line of a notice; returns their height, drawn or not. */
static double cover_notice(struct pdf_layout *cover, bool draw) {
    const struct document *document = cover->document;
    const struct theme *theme = cover->theme;
    const char *const texts[] = {document->statement, document->notice, document->confidentiality};
    struct pdf_frame frame = {whole.left + NOTICE_PADDING + 2, whole.width - 2 * NOTICE_PADDING - 2};
    double height = 0;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct pdf_style style = {.face = i == 0 ? PDF_FACE_BOLD : PDF_FACE_BODY,
                                  .size = theme->body_size,
                                  .ink = i == 0 ? theme->ink : theme->muted};
        for (const char *line = texts[i]; !is_empty(line);) {
            size_t length = strcspn(line, "\n");
            pdf_text_clear(&cover->paragraph);
            pdf_text_add(&cover->paragraph, cover->fonts, line, length, &style);
            pdf_text_shape(&cover->paragraph, cover->fonts);
            pdf_break_lines(&cover->paragraph, cover->fonts, frame.width);
            if (draw) {
                pdf_layout_gap(cover, height > 0 ? style.size * 0.4 : 0);
                pdf_layout_lines(cover, &cover->paragraph, frame, style.size * NOTICE_LEADING, style.size, ALIGN_LEFT);
            }
            height +=
                (height > 0 ? style.size * 0.4 : 0) + (double)cover->paragraph.line_count * style.size * NOTICE_LEADING;
            line += length + (line[length] == '\n');
        }
    }
    return height;
}

void pdf_furniture_cover(struct pdf_layout *cover) {
    const struct document *document = cover->document;
    const struct theme *theme = cover->theme;
    struct pdf_page *page = pdf_layout_page(cover);
    if (page == NULL) {
        return;
    }
    pdf_page_rectangle(&page->under, 0, PDF_PAGE_HEIGHT - COVER_BAND, PDF_PAGE_WIDTH, COVER_BAND, theme->accent);
    cover->page_used = true;
    cover->y = COVER_START;
    cover_text(cover, document->organisation, PDF_FACE_BOLD, NAME_SIZE, theme->muted, COVER_LEADING);
    pdf_layout_gap(cover, 10);
    cover_text(cover, document->title, PDF_FACE_BOLD, TITLE_SIZE, theme->accent, COVER_LEADING);
    pdf_layout_gap(cover, 8);
    cover_text(cover, document->subtitle, PDF_FACE_BODY, SUBTITLE_SIZE, theme->ink, COVER_LEADING);
    pdf_layout_gap(cover, 18);
    pdf_layout_need(cover, 2);
    page = pdf_layout_page(cover);
    if (page != NULL) {
        pdf_page_rectangle(&page->over, PDF_LEFT, cover->y - 2, COVER_RULE, 2, theme->accent);
        cover->y -= 2;
    }
    pdf_layout_gap(cover, 16);
    cover_text(cover, document->system, PDF_FACE_BODY, NAME_SIZE, theme->ink, COVER_LEADING);
    double height = cover_notice(cover, false) + 2 * NOTICE_PADDING;
    pdf_layout_gap(cover, 24);
    if (pdf_layout_room(cover) > height) {
        cover->gap = 0;
        cover->y = PDF_BOTTOM + height;
    }
    if (pdf_layout_ground_begin(cover, whole, NOTICE_PADDING, true)) {
        cover_notice(cover, true);
        cover->gap = 0;
        pdf_layout_ground_end(cover);
    }
    pdf_layout_break(cover);
    for (size_t i = 0; i < cover->page_count; i++) {
        cover->pages[i].bare = true;
    }
}

/*
 * Draws at most `most` lines of a text; what does not fit gives way to an ellipsis. Right-aligned text ends at
 * `left` + `width`.
 */
static void running_text(struct pdf_layout *layout, struct pdf_page *page, const char *text, double left,
                         double baseline, double width, size_t most, enum alignment alignment) {
    if (is_empty(text)) {
        return;
    }
    struct pdf_style style = {
        .face = PDF_FACE_BODY, .size = RUNNING_SIZE, .ink = layout->theme->muted, .tabular = true};
    struct pdf_paragraph *paragraph = &layout->paragraph;
    fill(layout, paragraph, text, &style, width);
    bool cut = paragraph->line_count > most;
    double ellipsis = 0;
    if (cut) {
        fill(layout, &layout->marker, ELLIPSIS, &style, width);
        ellipsis = layout->marker.natural;
        pdf_break_lines(paragraph, layout->fonts, width - ellipsis);
    }
    for (size_t i = 0; i < paragraph->line_count && i < most && pdf_layout_ok(layout); i++) {
        bool last = cut && i + 1 == most;
        double room = width - (last ? ellipsis : 0);
        pdf_page_line(page, layout->fonts, paragraph, i, left, baseline, room, alignment);
        if (last) {
            double used = alignment == ALIGN_RIGHT ? room : paragraph->lines[i].width;
            pdf_page_line(page, layout->fonts, &layout->marker, 0, left + used, baseline, ellipsis, ALIGN_LEFT);
        }
        baseline -= RUNNING_LEADING;
    }
}

void pdf_furniture_page(struct pdf_layout *layout, struct pdf_page *page, const char *section, size_t number,
                        size_t total) {
    const struct document *document = layout->document;
    const struct theme *theme = layout->theme;
    double half = whole.width / 2 - 10;
    running_text(layout, page, document->title, PDF_LEFT, PDF_HEADER_LINE, half, 1, ALIGN_LEFT);
    running_text(layout, page, section, PDF_RIGHT - half, PDF_HEADER_LINE, half, 1, ALIGN_RIGHT);
    pdf_page_rule(&page->over, PDF_LEFT, PDF_RIGHT, PDF_HEADER_LINE - 8, 0.5, theme->rule);
    pdf_page_rule(&page->over, PDF_LEFT, PDF_RIGHT, PDF_FOOTER_LINE + 14, 0.5, theme->rule);
    running_text(layout, page, document->statement, PDF_LEFT, PDF_FOOTER_LINE, whole.width - PAGE_NUMBER_ROOM,
                 STATEMENT_LINES, ALIGN_LEFT);
    double next = PDF_FOOTER_LINE - RUNNING_LEADING * (layout->paragraph.line_count > 1 ? 2 : 1);
    struct buffer text = {0};
    buffer_format(&text, "Page %zu of %zu", number, total);
    layout->failed = layout->failed || text.failed;
    running_text(layout, page, buffer_text(&text), PDF_RIGHT - PAGE_NUMBER_ROOM, PDF_FOOTER_LINE, PAGE_NUMBER_ROOM, 1,
                 ALIGN_RIGHT);
    buffer_free(&text);
    running_text(layout, page, document->confidentiality, PDF_LEFT, next, whole.width, 1, ALIGN_LEFT);
    layout->failed = layout->failed || page->failed;
}
