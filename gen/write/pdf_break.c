#include "write/pdf_break.h"

#include "write/pdf_object.h"

#include <string.h>

#define CUT_AT_SIGN   0.65 /* a word is rather cut after a sign when the line is this full already */
#define INDENT_MOST   0.5  /* of a line that leading spaces may take before it counts as used */
#define HYPHEN_SPACES 1.6  /* a hyphen is no wider than so many spaces */
#define SLACK         0.01 /* points; widths are sums of rounded numbers */

/* The line being filled. */
struct filling {
    struct pdf_paragraph *paragraph;
    struct pdf_fonts *fonts;
    double limit;
    size_t first; /* placed piece the line begins with */
    double x;     /* where the next piece goes, after the spaces of the one before */
    double used;  /* width without the spaces at the end */
};

static bool line_is_empty(const struct filling *filling) {
    return filling->paragraph->placed_count == filling->first;
}

/* A line that holds only the spaces of an indented verbatim line, and not too many, still takes a long word. */
static bool line_is_begun(const struct filling *filling) {
    return filling->used > 0 || filling->x > filling->limit * INDENT_MOST;
}

/* A line ending in a soft hyphen shows it; the glyph stands for the soft hyphen, so that extraction can drop it. */
static void show_hyphen(struct filling *filling) {
    struct pdf_paragraph *paragraph = filling->paragraph;
    struct pdf_piece *last = &paragraph->placed[paragraph->placed_count - 1];
    const struct pdf_span *span = &paragraph->spans[last->span];
    const struct pdf_word *hyphen = pdf_shape_word(filling->fonts, span->style.face, false, PDF_HYPHEN, 2);
    struct pdf_piece *placed = pdf_object_room(paragraph->placed, &paragraph->placed_capacity,
                                               paragraph->placed_count + 1, sizeof *paragraph->placed);
    if (hyphen == NULL || placed == NULL) {
        paragraph->failed = true;
        return;
    }
    paragraph->placed = placed;
    last = &placed[paragraph->placed_count - 1];
    placed[paragraph->placed_count] = (struct pdf_piece){
        .word = hyphen, .span = last->span, .width = (double)hyphen->width * span->style.size / 1000};
    filling->used += placed[paragraph->placed_count].width;
    paragraph->placed_count++;
}

static void end_line(struct filling *filling) {
    struct pdf_paragraph *paragraph = filling->paragraph;
    if (!line_is_empty(filling) && paragraph->placed[paragraph->placed_count - 1].hyphen) {
        show_hyphen(filling);
    }
    struct pdf_line *lines = pdf_object_room(paragraph->lines, &paragraph->line_capacity, paragraph->line_count + 1,
                                             sizeof *paragraph->lines);
    if (lines == NULL) {
        paragraph->failed = true;
        return;
    }
    paragraph->lines = lines;
    lines[paragraph->line_count++] = (struct pdf_line){
        .first = filling->first, .count = paragraph->placed_count - filling->first, .width = filling->used};
    filling->first = paragraph->placed_count;
    filling->x = 0;
    filling->used = 0;
}

static void place(struct filling *filling, const struct pdf_piece *piece) {
    struct pdf_paragraph *paragraph = filling->paragraph;
    struct pdf_piece *placed = pdf_object_room(paragraph->placed, &paragraph->placed_capacity,
                                               paragraph->placed_count + 1, sizeof *paragraph->placed);
    if (placed == NULL) {
        paragraph->failed = true;
        return;
    }
    paragraph->placed = placed;
    placed[paragraph->placed_count++] = *piece;
    filling->x += piece->width;
    filling->used = filling->x;
    filling->x += piece->spaces * piece->space;
}

/* Sums the advances of a word's glyphs by the byte their cluster begins at; -1 where no cluster begins. */
static bool cluster_advances(struct pdf_paragraph *paragraph, const struct pdf_word *word) {
    int64_t *advances = pdf_object_room(paragraph->advances, &paragraph->advance_capacity, word->length + 1,
                                        sizeof *paragraph->advances);
    if (advances == NULL) {
        paragraph->failed = true;
        return false;
    }
    paragraph->advances = advances;
    for (size_t i = 0; i <= word->length; i++) {
        advances[i] = -1;
    }
    for (size_t i = 0; i < word->glyph_count; i++) {
        int64_t *advance = &advances[word->glyphs[i].cluster];
        *advance = (*advance < 0 ? 0 : *advance) + word->glyphs[i].advance;
    }
    return true;
}

static bool is_sign(char c) {
    return c != '\0' && strchr("-_/.:,;=&?@+| ", c) != NULL;
}

/* Where to cut a word from `from` on so that it is no wider than `room` (thousandths of the em); at least a cluster. */
static size_t cut_at(const struct pdf_paragraph *paragraph, const struct pdf_word *word, size_t from, double room) {
    const int64_t *advances = paragraph->advances;
    int64_t width = 0;
    size_t best = 0;
    for (size_t at = from; at < word->length;) {
        width += advances[at] < 0 ? 0 : advances[at];
        size_t next = at + 1;
        while (next < word->length && advances[next] < 0) {
            next++;
        }
        if ((double)width > room && at > from) {
            return best > 0 ? best : at;
        }
        if (is_sign(word->text[next - 1]) && (double)width > room * CUT_AT_SIGN) {
            best = next;
        }
        at = next;
    }
    return word->length;
}

static bool shape_part(struct filling *filling, const struct pdf_piece *piece, size_t from, size_t until,
                       struct pdf_piece *part) {
    const struct pdf_span *span = &filling->paragraph->spans[piece->span];
    *part = *piece;
    part->word =
        pdf_shape_word(filling->fonts, span->style.face, span->style.tabular, piece->word->text + from, until - from);
    if (part->word == NULL) {
        filling->paragraph->failed = true;
        return false;
    }
    part->width = (double)part->word->width * span->style.size / 1000;
    if (span->badge != NULL) {
        part->width += 2 * PDF_BADGE_PADDING * span->style.size;
    }
    if (until < piece->word->length) {
        part->spaces = 0;
        part->hyphen = false;
        part->must_break = false;
    }
    return true;
}

/* The place of the cluster before `until`, or `from`. */
static size_t cluster_before(const struct pdf_paragraph *paragraph, size_t from, size_t until) {
    do {
        until--;
    } while (until > from && paragraph->advances[until] < 0);
    return until;
}

/* Cuts a piece that no line can hold. */
static void place_in_parts(struct filling *filling, const struct pdf_piece *piece) {
    struct pdf_paragraph *paragraph = filling->paragraph;
    const struct pdf_word *word = piece->word;
    const struct pdf_span *span = &paragraph->spans[piece->span];
    if (word == NULL || !cluster_advances(paragraph, word)) {
        place(filling, piece);
        return;
    }
    double padding = span->badge != NULL ? 2 * PDF_BADGE_PADDING * span->style.size : 0;
    for (size_t from = 0; from < word->length && !paragraph->failed;) {
        double room = filling->limit - filling->x;
        size_t until = cut_at(paragraph, word, from, (room - padding) * 1000 / span->style.size);
        struct pdf_piece part;
        while (shape_part(filling, piece, from, until, &part) && part.width > room) {
            size_t earlier = cluster_before(paragraph, from, until); /* cut off, letters may take a wider form */
            if (earlier == from) {
                break;
            }
            until = earlier;
        }
        if (paragraph->failed) {
            return;
        }
        place(filling, &part);
        if (until < word->length) {
            end_line(filling);
        }
        from = until;
    }
}

/* The pieces up to the next place where a line may end: `*count` of them, and their width. */
static double unit_width(const struct pdf_paragraph *paragraph, size_t from, size_t *count) {
    double width = 0;
    double spaces = 0;
    size_t i = from;
    do {
        width += spaces + paragraph->pieces[i].width;
        spaces = paragraph->pieces[i].spaces * paragraph->pieces[i].space;
    } while (!paragraph->pieces[i].may_break && !paragraph->pieces[i].must_break && ++i < paragraph->piece_count);
    *count = (i < paragraph->piece_count ? i + 1 : i) - from;
    return width;
}

void pdf_break_lines(struct pdf_paragraph *paragraph, struct pdf_fonts *fonts, double width) {
    struct filling filling = {.paragraph = paragraph, .fonts = fonts, .limit = width + SLACK};
    paragraph->placed_count = 0;
    paragraph->line_count = 0;
    for (size_t i = 0; i < paragraph->piece_count && !paragraph->failed;) {
        size_t count;
        double unit = unit_width(paragraph, i, &count);
        const struct pdf_piece *last = &paragraph->pieces[i + count - 1];
        double hyphen = last->hyphen ? last->space * HYPHEN_SPACES : 0;
        if (line_is_begun(&filling) && filling.x + unit + hyphen > filling.limit) {
            end_line(&filling);
        }
        bool fits = filling.x + unit <= filling.limit;
        for (size_t j = i; j < i + count && !paragraph->failed; j++) {
            const struct pdf_piece *piece = &paragraph->pieces[j];
            if (!fits && line_is_begun(&filling) && filling.x + piece->width > filling.limit) {
                end_line(&filling);
            }
            if (filling.x + piece->width > filling.limit) {
                place_in_parts(&filling, piece);
            } else {
                place(&filling, piece);
            }
            if (piece->must_break) {
                end_line(&filling);
            }
        }
        i += count;
    }
    if (!paragraph->failed && !line_is_empty(&filling)) {
        end_line(&filling);
    }
}
