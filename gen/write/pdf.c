#include "write/pdf.h"

#include "base/file.h"
#include "base/limits.h"
#include "write/pdf_block.h"
#include "write/pdf_contents.h"
#include "write/pdf_file.h"
#include "write/pdf_furniture.h"

#include <linebreak.h>

#define CONTENTS_LEAST 5   /* pages of a report that has a list of contents */
#define NESTING_MOST   256 /* of nodes: layout goes down the tree by recursion */
#define FILE_MODE      0644

static bool nests_too_deep(const struct node *node, unsigned depth) {
    if (depth > NESTING_MOST) {
        return true;
    }
    for (const struct node *child = node->first_child; child != NULL; child = child->next) {
        if (nests_too_deep(child, depth + 1)) {
            return true;
        }
    }
    return false;
}

/* One warning for all characters that no font has, naming the first few. */
static void report_lost(const struct pdf_fonts *fonts, const char *title, struct diagnostics *diagnostics) {
    if (fonts->lost_count == 0) {
        return;
    }
    struct buffer names = {0};
    for (size_t i = 0; i < fonts->lost_kept; i++) {
        buffer_format(&names, i == 0 ? "U+%04X" : ", U+%04X", (unsigned)fonts->lost[i]);
    }
    const char *text = buffer_text(&names);
    diagnostics_report(diagnostics, DIAGNOSTIC_PDF_GLYPH, NULL,
                       "%s: no font of the theme has %s%s, so that boxes are printed for them; add a fallback font "
                       "that has them to the theme",
                       title, text == NULL ? "" : text, fonts->lost_kept == PDF_LOST_KEPT ? " and possibly more" : "");
    buffer_free(&names);
}

static bool report_layout(const struct pdf_layout *layout, struct diagnostics *diagnostics) {
    if (layout->too_long) {
        diagnostics_report(diagnostics, DIAGNOSTIC_PDF_FAILED, NULL,
                           "the report has more than %d pages, shorten its tables or split the period",
                           LIMIT_REPORT_PAGES);
    } else if (!pdf_layout_ok(layout)) {
        diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "the report does not fit into memory");
    }
    return pdf_layout_ok(layout);
}

static bool lay_out(struct pdf_layout *cover, struct pdf_layout *contents, struct pdf_layout *body,
                    struct diagnostics *diagnostics) {
    struct pdf_frame frame = {PDF_LEFT, PDF_RIGHT - PDF_LEFT};
    pdf_block_children(body, body->document->root, frame, 1);
    pdf_layout_release(body);
    pdf_layout_break(body);
    pdf_furniture_cover(cover);
    if (body->page_count >= CONTENTS_LEAST) {
        pdf_contents_draw(contents, body, cover->page_count);
    }
    return report_layout(body, diagnostics) && report_layout(cover, diagnostics) &&
           report_layout(contents, diagnostics);
}

bool pdf_write(const struct document *document, const struct theme *theme, const char *path,
               struct diagnostics *diagnostics) {
    if (nests_too_deep(document->root, 0)) {
        diagnostics_report(diagnostics, DIAGNOSTIC_PDF_FAILED, NULL,
                           "the report nests deeper than %d levels, flatten its lists and quotes", NESTING_MOST);
        return false;
    }
    bool written = false;
    struct buffer bytes = {0};
    struct pdf_layout cover = {0};
    struct pdf_layout contents = {0};
    struct pdf_layout body = {0};
    struct arena *arena = NULL;
    struct pdf_fonts *fonts = pdf_font_open(theme, diagnostics);
    if (fonts == NULL) {
        return false;
    }
    arena = arena_new();
    if (arena == NULL) {
        diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "the report does not fit into memory");
        goto done;
    }
    init_linebreak();
    pdf_layout_open(&cover, document, theme, fonts, arena);
    pdf_layout_open(&contents, document, theme, fonts, arena);
    pdf_layout_open(&body, document, theme, fonts, arena);
    if (!lay_out(&cover, &contents, &body, diagnostics) ||
        !pdf_file_make(&cover, &contents, &body, &bytes, diagnostics)) {
        goto done;
    }
    report_lost(fonts, document->title, diagnostics);
    written = file_create_staged(path, bytes.data, bytes.length, FILE_MODE, diagnostics);
done:
    pdf_layout_close(&body);
    pdf_layout_close(&contents);
    pdf_layout_close(&cover);
    arena_free(arena);
    pdf_font_close(fonts);
    buffer_free(&bytes);
    return written;
}
