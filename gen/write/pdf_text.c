#include "write/pdf_text.h"

#include "base/text.h"
#include "write/pdf_object.h"
#include "write/pdf_opportunity.h"

#include <linebreak.h>
#include <stdlib.h>
#include <string.h>

#define LINE_SEPARATOR "\xE2\x80\xA8" /* U+2028 */
#define TAB_SPACES     4

void pdf_text_clear(struct pdf_paragraph *paragraph) {
    bool failed = paragraph->failed;
    buffer_clear(&paragraph->text);
    paragraph->span_count = 0;
    paragraph->piece_count = 0;
    paragraph->placed_count = 0;
    paragraph->line_count = 0;
    paragraph->natural = 0;
    paragraph->least = 0;
    paragraph->failed = failed;
}

void pdf_text_free(struct pdf_paragraph *paragraph) {
    buffer_free(&paragraph->text);
    free(paragraph->spans);
    free(paragraph->pieces);
    free(paragraph->placed);
    free(paragraph->lines);
    free(paragraph->breaks);
    free(paragraph->advances);
    *paragraph = (struct pdf_paragraph){0};
}

/* Ends a span at the end of the text so far. */
static void end_span(struct pdf_paragraph *paragraph, const struct pdf_span *span) {
    size_t begin = paragraph->span_count == 0 ? 0 : paragraph->spans[paragraph->span_count - 1].end;
    if (paragraph->text.failed) {
        paragraph->failed = true;
    }
    if (paragraph->failed || paragraph->text.length == begin) {
        return;
    }
    struct pdf_span *spans = pdf_object_room(paragraph->spans, &paragraph->span_capacity, paragraph->span_count + 1,
                                             sizeof *paragraph->spans);
    if (spans == NULL) {
        paragraph->failed = true;
        return;
    }
    paragraph->spans = spans;
    spans[paragraph->span_count] = *span;
    spans[paragraph->span_count].end = paragraph->text.length;
    paragraph->span_count++;
}

static void add_text(struct pdf_paragraph *paragraph, struct pdf_fonts *fonts, const char *text, size_t length,
                     const struct pdf_span *span) {
    for (size_t at = 0; at < length;) {
        size_t plain = text_ascii_run(text + at, length - at);
        buffer_append(&paragraph->text, text + at, plain);
        at += plain;
        if (at == length) {
            break;
        }
        size_t here = at;
        uint32_t code_point = text_utf8_next(text, length, &at);
        if (code_point == '\t' && span->style.verbatim) {
            buffer_append(&paragraph->text, "    ", TAB_SPACES);
        } else if (code_point == '\t' || code_point == '\n' || code_point == '\r') {
            buffer_append_byte(&paragraph->text, ' ');
        } else if (code_point < ' ' || (code_point >= 0x7F && code_point < 0xA0)) {
            pdf_font_lost(fonts, code_point);
            text_utf8_append(&paragraph->text, PDF_REPLACEMENT);
        } else if (code_point == PDF_REPLACEMENT) { /* also where the text was malformed */
            text_utf8_append(&paragraph->text, PDF_REPLACEMENT);
        } else {
            buffer_append(&paragraph->text, text + here, at - here);
        }
    }
    end_span(paragraph, span);
}

void pdf_text_add(struct pdf_paragraph *paragraph, struct pdf_fonts *fonts, const char *text, size_t length,
                  const struct pdf_style *style) {
    struct pdf_span span = {.style = *style};
    add_text(paragraph, fonts, text, length, &span);
}

static void add_node(struct pdf_paragraph *paragraph, struct pdf_fonts *fonts, const struct theme *theme,
                     const struct node *node, struct pdf_span span) {
    switch (node->kind) {
    case NODE_TEXT:
        add_text(paragraph, fonts, node->text, node->length, &span);
        return;
    case NODE_CODE:
    case NODE_CODE_BLOCK:
        span.style.face = PDF_FACE_MONO;
        span.style.size *= PDF_CODE_SIZE;
        span.style.verbatim = true;
        add_text(paragraph, fonts, node->text, node->length, &span);
        return;
    case NODE_LINE_BREAK:
        buffer_append_text(&paragraph->text, LINE_SEPARATOR);
        end_span(paragraph, &span);
        return;
    case NODE_BADGE:
        span.badge = theme_badge(theme, node->target);
        span.style.face = PDF_FACE_BOLD;
        if (span.badge != NULL) {
            span.style.size *= PDF_BADGE_SIZE;
            span.style.ink = span.badge->ink;
        }
        add_text(paragraph, fonts, node->text, node->length, &span);
        return;
    case NODE_STRONG:
        span.style.face = span.style.face == PDF_FACE_MONO ? PDF_FACE_MONO : PDF_FACE_BOLD;
        break;
    case NODE_EMPHASIS:
        span.style.face = span.style.face == PDF_FACE_BODY ? PDF_FACE_ITALIC : span.style.face;
        break;
    case NODE_LINK:
        span.link = node->target;
        span.style.ink = theme->link;
        break;
    default: /* a block where text was expected: its text, on lines of its own */
        if (paragraph->text.length > 0) {
            buffer_append_text(&paragraph->text, LINE_SEPARATOR);
            end_span(paragraph, &span);
        }
        break;
    }
    for (const struct node *child = node->first_child; child != NULL; child = child->next) {
        add_node(paragraph, fonts, theme, child, span);
    }
}

void pdf_text_add_nodes(struct pdf_paragraph *paragraph, struct pdf_fonts *fonts, const struct theme *theme,
                        const struct node *first, const struct node *end, const struct pdf_style *style) {
    struct pdf_span span = {.style = *style};
    for (const struct node *node = first; node != NULL && node != end; node = node->next) {
        add_node(paragraph, fonts, theme, node, span);
    }
}

static struct pdf_piece *new_piece(struct pdf_paragraph *paragraph, struct pdf_fonts *fonts, size_t span_index) {
    struct pdf_piece *pieces = pdf_object_room(paragraph->pieces, &paragraph->piece_capacity,
                                               paragraph->piece_count + 1, sizeof *paragraph->pieces);
    if (pieces == NULL) {
        paragraph->failed = true;
        return NULL;
    }
    paragraph->pieces = pieces;
    struct pdf_piece *piece = &pieces[paragraph->piece_count];
    *piece = (struct pdf_piece){.span = span_index};
    const struct pdf_style *style = &paragraph->spans[span_index].style;
    const struct pdf_word *space = pdf_shape_word(fonts, style->face, false, " ", 1);
    if (space == NULL) {
        paragraph->failed = true;
        return NULL;
    }
    piece->blank = space;
    piece->space = (double)space->width * style->size / 1000;
    paragraph->piece_count++;
    return piece;
}

static void add_piece(struct pdf_paragraph *paragraph, struct pdf_fonts *fonts, size_t span_index, size_t from,
                      size_t until) {
    const char *text = paragraph->text.data + from;
    size_t length = until - from;
    bool hyphen = false;
    if (length >= 2 && memcmp(text + length - 2, "\xC2\xAD", 2) == 0) {
        hyphen = true;
        length -= 2;
    }
    struct pdf_piece *piece = new_piece(paragraph, fonts, span_index);
    if (piece == NULL) {
        return;
    }
    const struct pdf_span *span = &paragraph->spans[span_index];
    piece->hyphen = hyphen;
    piece->word = pdf_shape_word(fonts, span->style.face, span->style.tabular, text, length);
    if (piece->word == NULL) {
        paragraph->failed = true;
        return;
    }
    piece->width = (double)piece->word->width * span->style.size / 1000;
    if (span->badge != NULL) {
        piece->width += 2 * PDF_BADGE_PADDING * span->style.size;
    }
}

/* Spaces belong to the piece before them; at the front of a line only verbatim text keeps them. */
static void add_spaces(struct pdf_paragraph *paragraph, struct pdf_fonts *fonts, size_t span_index, char break_after) {
    bool verbatim = paragraph->spans[span_index].style.verbatim;
    bool front = paragraph->piece_count == 0 || paragraph->pieces[paragraph->piece_count - 1].must_break;
    if (front) {
        if (!verbatim || new_piece(paragraph, fonts, span_index) == NULL) {
            return;
        }
    }
    struct pdf_piece *piece = &paragraph->pieces[paragraph->piece_count - 1];
    piece->spaces = verbatim ? piece->spaces + 1 : 1;
    piece->may_break = break_after != LINEBREAK_NOBREAK;
}

static void measure(struct pdf_paragraph *paragraph) {
    double line = 0;
    double spaces = 0;
    double unit = 0;
    for (size_t i = 0; i < paragraph->piece_count; i++) {
        const struct pdf_piece *piece = &paragraph->pieces[i];
        line += spaces + piece->width;
        unit += piece->width;
        spaces = piece->spaces * piece->space;
        paragraph->natural = line > paragraph->natural ? line : paragraph->natural;
        paragraph->least = unit > paragraph->least ? unit : paragraph->least;
        unit = piece->may_break || piece->must_break ? 0 : unit + spaces;
        if (piece->must_break) {
            line = 0;
            spaces = 0;
        }
    }
}

void pdf_text_shape(struct pdf_paragraph *paragraph, struct pdf_fonts *fonts) {
    size_t length = paragraph->text.length;
    if (paragraph->failed || length == 0) {
        return;
    }
    char *breaks = pdf_object_room(paragraph->breaks, &paragraph->break_capacity, length, 1);
    if (breaks == NULL) {
        paragraph->failed = true;
        return;
    }
    paragraph->breaks = breaks;
    const char *text = paragraph->text.data;
    if (!pdf_opportunity_find(text, length, breaks)) {
        paragraph->failed = true;
        return;
    }
    pdf_opportunity_keep(text, length, breaks);
    pdf_opportunity_list(text, length, breaks);
    size_t span = 0;
    size_t begin = 0; /* of the piece at hand */
    for (size_t at = 0; at < length && !paragraph->failed;) {
        size_t here = at;
        bool separator = false;
        bool space = text[at] == ' ';
        if (paragraph->spans[span].badge != NULL) { /* one piece, whatever it holds */
            at = paragraph->spans[span].end;
            space = false;
        } else {
            separator = text_utf8_next(text, length, &at) == 0x2028;
        }
        char after = breaks[at - 1];
        if ((space || separator) && begin < here) {
            add_piece(paragraph, fonts, span, begin, here);
        }
        if (space) {
            add_spaces(paragraph, fonts, span, after);
        } else if (separator) {
            struct pdf_piece *piece = paragraph->piece_count > 0 && begin < here
                                          ? &paragraph->pieces[paragraph->piece_count - 1]
                                          : new_piece(paragraph, fonts, span);
            if (piece != NULL) {
                piece->must_break = true;
            }
        } else if (after == LINEBREAK_ALLOWBREAK || after == LINEBREAK_MUSTBREAK || at == paragraph->spans[span].end) {
            add_piece(paragraph, fonts, span, begin, at);
            if (!paragraph->failed) {
                struct pdf_piece *piece = &paragraph->pieces[paragraph->piece_count - 1];
                piece->may_break = after != LINEBREAK_NOBREAK;
            }
        } else {
            continue;
        }
        begin = at;
        if (span + 1 < paragraph->span_count && at >= paragraph->spans[span].end) {
            span++;
        }
    }
    measure(paragraph);
}
