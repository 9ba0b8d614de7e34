#ifndef TESTS_PDF_FIXTURE_H
#define TESTS_PDF_FIXTURE_H

#include "document/tree.h"
#include "write/theme.h"

#include <string.h>

/* Builds document trees and a theme for the tests of the PDF writer. Running out of memory ends the test program. */

#define FONTS "/usr/share/fonts/truetype/"

static const char *fallback_fonts[] = {
    FONTS "noto/NotoSans-Regular.ttf",        FONTS "noto/NotoSansHebrew-Regular.ttf",
    FONTS "noto/NotoSansArabic-Regular.ttf",  FONTS "noto/NotoSansDevanagari-Regular.ttf",
    FONTS "noto/NotoSansThai-Regular.ttf",    FONTS "noto/NotoSansMath-Regular.ttf",
    FONTS "noto/NotoSansSymbols-Regular.ttf", FONTS "noto/NotoSansSymbols2-Regular.ttf",
};
static struct theme_badge test_badges[] = {
    {"effective", 0x14532D, 0xDCFCE7},
    {"exception", 0x7F1D1D, 0xFEE2E2},
    {"insufficient", 0x78350F, 0xFEF3C7},
    {"pending", 0x374151, 0xE5E7EB},
};
static const struct theme test_theme = {
    .ink = 0x1F2933,
    .muted = 0x616E7C,
    .accent = 0x17365D,
    .rule = 0xCBD2D9,
    .band = 0xF5F7FA,
    .link = 0x1D4ED8,
    .body = FONTS "open-sans/OpenSans-Regular.ttf",
    .body_bold = FONTS "open-sans/OpenSans-Semibold.ttf",
    .body_italic = FONTS "open-sans/OpenSans-Italic.ttf",
    .mono = FONTS "jetbrains-mono/JetBrainsMono-Regular.ttf",
    .fallback = fallback_fonts,
    .fallback_count = sizeof fallback_fonts / sizeof *fallback_fonts,
    .body_size = 9.6,
    .badges = test_badges,
    .badge_count = sizeof test_badges / sizeof *test_badges,
};

static inline struct document *new_document(void) {
    struct arena *arena = arena_new();
    assert_non_null(arena);
    struct document *document = arena_allocate(arena, sizeof *document);
    assert_non_null(document);
    document->arena = arena;
    document->title = "Control evidence portfolio";
    document->subtitle = "1 October 2025 to 31 December 2025";
    document->organisation = "Harbour Ledger Ltd";
    document->system = "Harbour Ledger payments platform";
    document->statement = "Prepared by management; not a SOC 2 examination report; no opinion or assurance";
    document->date = 1767139200; /* 2025-12-31 */
    document->root = tree_append(document, NULL, NODE_SECTION);
    assert_non_null(document->root);
    return document;
}

static inline void free_document(struct document *document) {
    arena_free(document->arena);
}

static inline struct node *add(struct document *document, struct node *parent, enum node_kind kind) {
    struct node *node = tree_append(document, parent, kind);
    assert_non_null(node);
    return node;
}

static inline struct node *add_bytes(struct document *document, struct node *parent, enum node_kind kind,
                                     const char *text, size_t length) {
    struct node *node = add(document, parent, kind);
    node->text = arena_copy(document->arena, text, length);
    node->length = length;
    assert_non_null(node->text);
    return node;
}

static inline struct node *add_text(struct document *document, struct node *parent, enum node_kind kind,
                                    const char *text) {
    return add_bytes(document, parent, kind, text, strlen(text));
}

static inline struct node *add_section(struct document *document, struct node *parent, const char *anchor,
                                       const char *title) {
    struct node *section = add(document, parent, NODE_SECTION);
    section->level = parent->level + 1;
    section->target = anchor;
    add_text(document, add(document, section, NODE_HEADING), NODE_TEXT, title);
    return section;
}

static inline struct node *add_paragraph(struct document *document, struct node *parent, const char *text) {
    struct node *paragraph = add(document, parent, NODE_PARAGRAPH);
    add_text(document, paragraph, NODE_TEXT, text);
    return paragraph;
}

static inline struct node *add_badge(struct document *document, struct node *parent, const char *class,
                                     const char *text) {
    struct node *badge = add_text(document, parent, NODE_BADGE, text);
    badge->target = class;
    return badge;
}

static inline struct node *add_link(struct document *document, struct node *parent, const char *target,
                                    const char *text) {
    struct node *link = add(document, parent, NODE_LINK);
    link->target = target;
    add_text(document, link, NODE_TEXT, text);
    return link;
}

static inline struct node *add_table(struct document *document, struct node *parent, size_t columns,
                                     const char *caption) {
    struct node *node = add(document, parent, NODE_TABLE);
    node->table = arena_allocate(document->arena, sizeof *node->table);
    assert_non_null(node->table);
    node->table->columns = arena_array(document->arena, columns, sizeof *node->table->columns);
    assert_non_null(node->table->columns);
    node->table->column_count = columns;
    node->table->caption = caption;
    return node;
}

/* A row of texts; an empty one gives an empty cell. */
static inline struct node *add_row(struct document *document, struct node *table, bool header, const char *const *cells,
                                   size_t count) {
    struct node *row = add(document, table, NODE_ROW);
    row->header = header;
    for (size_t i = 0; i < count; i++) {
        struct node *cell = add(document, row, NODE_CELL);
        if (cells[i][0] != '\0') {
            add_text(document, cell, NODE_TEXT, cells[i]);
        }
    }
    return row;
}

#endif
