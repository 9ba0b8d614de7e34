#ifndef WRITE_PDF_TEXT_H
#define WRITE_PDF_TEXT_H

#include "base/buffer.h"
#include "document/tree.h"
#include "write/pdf_font.h"
#include "write/pdf_shape.h"
#include "write/theme.h"

/* How a paragraph begins to look; strong, code, links and badges change it from there. Sizes are in points. */
struct pdf_style {
    enum pdf_face face;
    double size;
    unsigned ink;
    bool tabular;  /* digits of one width */
    bool verbatim; /* keeps runs of spaces */
};

/* A stretch of a paragraph that looks alike. */
struct pdf_span {
    size_t end; /* byte of the paragraph's text where it ends */
    struct pdf_style style;
    const char *link;                /* target, or NULL */
    const struct theme_badge *badge; /* or NULL */
};

/* Text without a space inside; lines break between pieces where `may_break` says so. */
struct pdf_piece {
    const struct pdf_word *word; /* NULL: only spaces */
    size_t span;
    unsigned spaces; /* that follow */
    bool may_break;
    bool must_break;
    bool hyphen; /* a soft hyphen: shown when the line ends here */
    double width;
    const struct pdf_word *blank; /* one space, shaped */
    double space;                 /* its width */
};

struct pdf_line {
    size_t first; /* placed pieces */
    size_t count;
    double width; /* without the spaces at its end */
};

/*
 * A paragraph on its way to the page: text and spans, then pieces, then lines. Reused for many; a zeroed struct is
 * empty. Running out of memory is sticky in `failed`.
 */
struct pdf_paragraph {
    struct buffer text;
    struct pdf_span *spans;
    size_t span_count, span_capacity;
    struct pdf_piece *pieces;
    size_t piece_count, piece_capacity;
    struct pdf_piece *placed; /* pieces as broken into lines: long ones are cut */
    size_t placed_count, placed_capacity;
    struct pdf_line *lines;
    size_t line_count, line_capacity;
    char *breaks;
    size_t break_capacity;
    int64_t *advances;
    size_t advance_capacity;
    double natural; /* width when no line were broken */
    double least;   /* width of the widest unbreakable part */
    bool failed;
};

#define PDF_BADGE_PADDING 0.45 /* on either side of a badge's text, of its size */
#define PDF_BADGE_SIZE    0.88 /* of the text around */
#define PDF_CODE_SIZE     0.88

void pdf_text_clear(struct pdf_paragraph *paragraph);
void pdf_text_free(struct pdf_paragraph *paragraph);
/* Appends text in one style. Malformed UTF-8 and control characters become U+FFFD. */
void pdf_text_add(struct pdf_paragraph *paragraph, struct pdf_fonts *fonts, const char *text, size_t length,
                  const struct pdf_style *style);
/* Appends inline nodes, from `first` up to, not including, `end`. */
void pdf_text_add_nodes(struct pdf_paragraph *paragraph, struct pdf_fonts *fonts, const struct theme *theme,
                        const struct node *first, const struct node *end, const struct pdf_style *style);
/* Finds where lines may break, shapes the pieces, and fills `natural` and `least`. */
void pdf_text_shape(struct pdf_paragraph *paragraph, struct pdf_fonts *fonts);

#endif
