#ifndef WRITE_PDF_LAYOUT_H
#define WRITE_PDF_LAYOUT_H

#include "base/arena.h"
#include "base/diagnostics.h"
#include "document/tree.h"
#include "write/pdf_font.h"
#include "write/pdf_page.h"
#include "write/pdf_text.h"
#include "write/theme.h"

/* A section: what contents, bookmarks and links point at. */
struct pdf_entry {
    const char *title;  /* plain text, in the layout's arena */
    const char *anchor; /* or NULL */
    unsigned depth;     /* 1: top section */
    size_t page;        /* among the pages of the body */
    double top;
    bool placed;
};

/* The anchor of a section that is not printed, and the entry of the section around it. */
struct pdf_aside {
    const char *anchor;
    size_t entry;
};

/* Lines that wait for what follows them, so that no heading or caption ends a page. */
struct pdf_held {
    struct pdf_paragraph paragraph;
    double before; /* space above, dropped at the top of a page */
    double after;
    double line_height;
    double size;
    size_t entry; /* placed with it, or SIZE_MAX */
};
#define PDF_HELD_MAX 8

/* A coloured ground behind blocks that may go over pages: a note, a code block. */
struct pdf_ground {
    double left, right;
    double padding;
    unsigned colour;
    bool painted; /* false inside another ground, where only the bar is drawn */
    bool bar;     /* an accent at the left */
    bool begun;   /* something stands on it on this page */
    double top;
};
#define PDF_GROUNDS_MAX 16

struct pdf_frame {
    double left;
    double width;
};

/* Pages being filled from the top; `y` is the upper edge of what is still free. */
struct pdf_layout {
    const struct document *document;
    const struct theme *theme;
    struct pdf_fonts *fonts;
    struct arena *arena;
    struct pdf_page *pages;
    size_t page_count, page_capacity;
    bool page_open;
    bool page_used; /* something stands on the open page */
    double y;
    double gap; /* space to leave before the next block; the larger of two wins */
    struct pdf_entry *entries;
    size_t entry_count, entry_capacity;
    struct pdf_aside *asides;
    size_t aside_count, aside_capacity;
    size_t top_section; /* entry, or SIZE_MAX */
    size_t section;     /* the innermost: entry, or SIZE_MAX */
    struct pdf_held held[PDF_HELD_MAX];
    size_t held_count;
    struct pdf_ground grounds[PDF_GROUNDS_MAX];
    size_t ground_count;
    struct pdf_paragraph marker; /* of a list item, until its first line is drawn */
    double marker_right;
    bool marker_waits;
    unsigned list_depth;
    struct pdf_paragraph paragraph; /* for one block at a time */
    bool too_long;                  /* LIMIT_REPORT_PAGES was reached */
    bool failed;                    /* memory ran out */
};

void pdf_layout_open(struct pdf_layout *layout, const struct document *document, const struct theme *theme,
                     struct pdf_fonts *fonts, struct arena *arena);
void pdf_layout_close(struct pdf_layout *layout);
/* Whether to go on: neither memory, also of the layout's own paragraphs, nor the page limit ran out. */
bool pdf_layout_ok(const struct pdf_layout *layout);
/* The page being filled; opens one if none is. NULL when layout has failed. */
struct pdf_page *pdf_layout_page(struct pdf_layout *layout);
/* Ends the page; the next block begins another. Does nothing on a page that is still empty. */
void pdf_layout_break(struct pdf_layout *layout);
/* At least this much space before the next block, except at the top of a page. */
void pdf_layout_gap(struct pdf_layout *layout, double space);
/* Makes room for `height`, on the next page if need be, and draws what was held for it, together with it. */
void pdf_layout_need(struct pdf_layout *layout, double height);
/* Height still free on the page, or of a whole page where none is open. */
double pdf_layout_room(const struct pdf_layout *layout);
/* Draws broken lines from the top, over pages if need be, never leaving one line alone on a page. */
void pdf_layout_lines(struct pdf_layout *layout, const struct pdf_paragraph *paragraph, struct pdf_frame frame,
                      double line_height, double size, enum alignment alignment);
/* A new held block, its paragraph empty, for the caller to fill; NULL when layout has failed. */
struct pdf_held *pdf_layout_hold(struct pdf_layout *layout);
/* Draws what is held although nothing follows. */
void pdf_layout_release(struct pdf_layout *layout);
/* Lays a ground under what follows, until its end; false when grounds nest too deep for another. */
bool pdf_layout_ground_begin(struct pdf_layout *layout, struct pdf_frame frame, double padding, bool bar);
void pdf_layout_ground_end(struct pdf_layout *layout);
/* The baseline of a line of text centred in a strip of this height whose upper edge is `top`. */
double pdf_layout_baseline(double top, double height, double size);

#endif
