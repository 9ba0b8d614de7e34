#ifndef WRITE_PDF_PAGE_H
#define WRITE_PDF_PAGE_H

#include "base/buffer.h"
#include "write/pdf_text.h"

/* Geometry in points from the lower left corner (ISO 32000-1, 8.3.2.3). A4. */
#define PDF_PAGE_WIDTH  595.276
#define PDF_PAGE_HEIGHT 841.89
#define PDF_LEFT        64.0
#define PDF_RIGHT       (PDF_PAGE_WIDTH - 64.0)
#define PDF_TOP         (PDF_PAGE_HEIGHT - 84.0)
#define PDF_BOTTOM      78.0
#define PDF_HEADER_LINE (PDF_PAGE_HEIGHT - 50.0) /* baseline of the running header */
#define PDF_FOOTER_LINE 44.0                     /* baseline of the footer's first line */

struct pdf_link {
    double left, bottom, right, top;
    const char *target; /* "#anchor" or a URL; NULL: see `entry` */
    size_t entry;       /* of the layout, where there is no target */
};

/* A page as it is filled: what lies under the text (bands, notes), then the text and its rules. */
struct pdf_page {
    struct buffer under;
    struct buffer over;
    struct pdf_link *links;
    size_t link_count, link_capacity;
    size_t section; /* entry of the top section that the page begins in or opens; SIZE_MAX: none */
    bool bare;      /* no header and footer: the cover */
    bool failed;
};

void pdf_page_free(struct pdf_page *page);
void pdf_page_rectangle(struct buffer *out, double left, double bottom, double width, double height, unsigned colour);
void pdf_page_rounded(struct buffer *out, double left, double bottom, double width, double height, double radius,
                      unsigned colour);
void pdf_page_rule(struct buffer *out, double left, double right, double y, double thickness, unsigned colour);
/* A straight line from one place to another, dashed or not. */
void pdf_page_stroke(struct buffer *out, double from_x, double from_y, double to_x, double to_y, double thickness,
                     bool dashed, unsigned colour);
/* A row of dots, as between a title and its page number; drawn, so that no text comes between the two. */
void pdf_page_dots(struct buffer *out, double left, double right, double y, unsigned colour);
void pdf_page_link(struct pdf_page *page, const struct pdf_link *link);
/*
 * Draws one line of a broken paragraph with its badges, underlines and links; all text of a report is drawn here.
 * `width` is the room that `alignment` is about.
 */
void pdf_page_line(struct pdf_page *page, const struct pdf_fonts *fonts, const struct pdf_paragraph *paragraph,
                   size_t line, double left, double baseline, double width, enum alignment alignment);

#endif
