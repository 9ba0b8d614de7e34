#include "write/pdf_block.h"

#include "write/pdf_break.h"
#include "write/pdf_chart.h"
#include "write/pdf_object.h"
#include "write/pdf_table.h"

#include <string.h>

#define INDENT       16.0 /* of list items */
#define MARKER_GAP   6.0
#define ITEM_GAP     0.3   /* between items, of the text size */
#define LEAST_WIDTH  160.0 /* deeper nesting is not indented further */
#define NOTE_PADDING 7.0
#define NOTE_INDENT  13.0
#define CODE_PADDING 6.0
#define CODE_LEADING 1.42
#define RULE_HEIGHT  9.0
#define NOTE_LINES   3 /* that stay with the heading above a note or code block */

static const struct heading {
    double size; /* of the body's */
    double leading;
    double before; /* points */
    double after;
} headings[] = {
    {2.0, 1.25, 0, 12},
    {1.42, 1.3, 20, 6},
    {1.16, 1.35, 14, 4},
    {1.0, 1.4, 11, 3},
};
#define HEADING_LEVELS (sizeof headings / sizeof *headings)

static void blocks(struct pdf_layout *layout, const struct node *first, struct pdf_frame frame, unsigned depth);

static bool is_inline(const struct node *node) {
    return node->kind >= NODE_TEXT;
}

static struct pdf_style body_style(const struct pdf_layout *layout) {
    return (struct pdf_style){.face = PDF_FACE_BODY, .size = layout->theme->body_size, .ink = layout->theme->ink};
}

static void paragraph(struct pdf_layout *layout, const struct node *first, const struct node *end,
                      struct pdf_frame frame) {
    struct pdf_style style = body_style(layout);
    struct pdf_paragraph *text = &layout->paragraph;
    /* A mark by itself under a heading belongs to it, and stays with what follows as the heading does. */
    bool mark = layout->held_count > 0 && frame.left <= PDF_LEFT && first != NULL && first->kind == NODE_BADGE &&
                first->next == end;
    struct pdf_held *held = mark ? pdf_layout_hold(layout) : NULL;
    if (held != NULL) {
        text = &held->paragraph;
        held->before = 0;
        held->after = style.size * 0.75;
        held->size = style.size;
        held->line_height = style.size * PDF_LEADING;
    }
    pdf_text_clear(text);
    pdf_text_add_nodes(text, layout->fonts, layout->theme, first, end, &style);
    pdf_text_shape(text, layout->fonts);
    pdf_break_lines(text, layout->fonts, frame.width);
    if (held != NULL) {
        return;
    }
    pdf_layout_lines(layout, text, frame, style.size * PDF_LEADING, style.size, ALIGN_LEFT);
    pdf_layout_gap(layout, style.size * 0.75);
}

/* The plain text of inline nodes, for contents and bookmarks. */
static void collect_text(const struct node *node, struct buffer *out) {
    if (node->kind == NODE_LINE_BREAK) {
        buffer_append_byte(out, ' ');
    } else if (node->text != NULL) {
        buffer_append(out, node->text, node->length);
    }
    for (const struct node *child = node->first_child; child != NULL; child = child->next) {
        collect_text(child, out);
    }
}

static size_t add_entry(struct pdf_layout *layout, const struct node *heading, const char *anchor, unsigned depth) {
    struct pdf_entry *entries =
        pdf_object_room(layout->entries, &layout->entry_capacity, layout->entry_count + 1, sizeof *layout->entries);
    struct buffer title = {0};
    collect_text(heading, &title);
    const char *text = buffer_text(&title);
    char *copy = text == NULL ? NULL : arena_text(layout->arena, text);
    buffer_free(&title);
    if (entries == NULL || copy == NULL) {
        layout->failed = true;
        layout->entries = entries == NULL ? layout->entries : entries;
        return SIZE_MAX;
    }
    layout->entries = entries;
    entries[layout->entry_count] = (struct pdf_entry){.title = copy, .anchor = anchor, .depth = depth};
    return layout->entry_count++;
}

static void hold_heading(struct pdf_layout *layout, const struct node *node, unsigned depth, size_t entry) {
    const struct heading *heading = &headings[depth == 0 ? 0 : depth > HEADING_LEVELS ? HEADING_LEVELS - 1 : depth - 1];
    struct pdf_held *held = pdf_layout_hold(layout);
    if (held == NULL) {
        return;
    }
    struct pdf_style style = {
        .face = PDF_FACE_BOLD, .size = layout->theme->body_size * heading->size, .ink = layout->theme->accent};
    pdf_text_add_nodes(&held->paragraph, layout->fonts, layout->theme, node->first_child, NULL, &style);
    pdf_text_shape(&held->paragraph, layout->fonts);
    pdf_break_lines(&held->paragraph, layout->fonts, PDF_RIGHT - PDF_LEFT);
    held->before = heading->before;
    held->after = heading->after;
    held->size = style.size;
    held->line_height = style.size * heading->leading;
    held->entry = entry;
}

/* Sections for screens are left out; what leads to them leads to the section around them. */
static void pass_over(struct pdf_layout *layout, const struct node *node, size_t entry) {
    if (node->kind != NODE_SECTION || entry == SIZE_MAX || !pdf_layout_ok(layout)) {
        return;
    }
    struct pdf_aside *asides =
        pdf_object_room(layout->asides, &layout->aside_capacity, layout->aside_count + 1, sizeof *layout->asides);
    if (asides == NULL) {
        layout->failed = true;
        return;
    }
    layout->asides = asides;
    asides[layout->aside_count++] = (struct pdf_aside){node->target, entry};
    for (const struct node *child = node->first_child; child != NULL; child = child->next) {
        pass_over(layout, child, entry);
    }
}

static void section(struct pdf_layout *layout, const struct node *node, struct pdf_frame frame, unsigned depth) {
    if (node->screen) {
        pass_over(layout, node, layout->section);
        return;
    }
    size_t around = layout->section;
    const struct node *heading = node->first_child;
    bool titled = heading != NULL && heading->kind == NODE_HEADING;
    if (titled) {
        size_t entry = add_entry(layout, heading, node->target, depth);
        if (depth == 1) {
            pdf_layout_release(layout);
            pdf_layout_break(layout);
            layout->top_section = entry;
        }
        hold_heading(layout, heading, depth, entry);
        layout->section = entry;
    }
    blocks(layout, titled ? heading->next : heading, frame, depth + 1);
    layout->section = around;
}

static void make_marker(struct pdf_layout *layout, const struct node *list, long number) {
    struct pdf_style style = body_style(layout);
    style.ink = layout->theme->muted;
    struct buffer text = {0};
    if (list->ordered) {
        buffer_format(&text, "%ld.", number);
    } else {
        buffer_append_text(&text, "\xE2\x80\xA2"); /* a bullet */
    }
    pdf_text_clear(&layout->marker);
    pdf_text_add(&layout->marker, layout->fonts, text.data, text.length, &style);
    pdf_text_shape(&layout->marker, layout->fonts);
    pdf_break_lines(&layout->marker, layout->fonts, PDF_LEFT);
    layout->failed = layout->failed || text.failed;
    buffer_free(&text);
}

/* How far the items of a list are indented: a long number needs more. */
static double marker_indent(struct pdf_layout *layout, const struct node *list) {
    long last = list->start;
    for (const struct node *item = list->first_child; item != NULL; item = item->next) {
        last++;
    }
    make_marker(layout, list, last);
    double width = layout->marker.natural + MARKER_GAP;
    return width > INDENT ? width : INDENT;
}

/* A marker whose item has no text gets a line of its own. */
static void draw_lone_marker(struct pdf_layout *layout) {
    if (!layout->marker_waits || !pdf_layout_ok(layout)) {
        return;
    }
    layout->marker_waits = false;
    double size = layout->theme->body_size;
    struct pdf_frame frame = {layout->marker_right - PDF_LEFT, PDF_LEFT};
    pdf_layout_lines(layout, &layout->marker, frame, size * PDF_LEADING, size, ALIGN_RIGHT);
}

static struct pdf_frame indented(struct pdf_frame frame, double left, double right) {
    if (frame.width - left - right < LEAST_WIDTH) {
        return frame;
    }
    return (struct pdf_frame){frame.left + left, frame.width - left - right};
}

static void bullets(struct pdf_layout *layout, const struct node *node, struct pdf_frame frame, unsigned depth) {
    draw_lone_marker(layout); /* of the item that this list stands in */
    struct pdf_frame inner = indented(frame, marker_indent(layout, node), 0);
    double size = layout->theme->body_size;
    long number = node->start;
    layout->list_depth++;
    for (const struct node *item = node->first_child; item != NULL && pdf_layout_ok(layout); item = item->next) {
        if ((item != node->first_child || layout->list_depth > 1) && layout->gap > size * ITEM_GAP) {
            layout->gap = size * ITEM_GAP;
        }
        if (item->next != NULL && item->next->next == NULL) { /* the last one does not begin a page by itself */
            pdf_layout_need(layout, 2 * size * PDF_LEADING + size * ITEM_GAP);
        }
        make_marker(layout, node, number++);
        layout->marker_right = inner.left - MARKER_GAP;
        layout->marker_waits = true;
        pdf_block_children(layout, item, inner, depth + 1);
        draw_lone_marker(layout);
    }
    layout->list_depth--;
    pdf_layout_gap(layout, size * 0.75);
}

static void quote(struct pdf_layout *layout, const struct node *node, struct pdf_frame frame, unsigned depth) {
    double size = layout->theme->body_size;
    pdf_layout_gap(layout, size * 0.9);
    pdf_layout_need(layout, NOTE_LINES * size * PDF_LEADING + 2 * NOTE_PADDING);
    bool ground = pdf_layout_ground_begin(layout, frame, NOTE_PADDING, true);
    pdf_block_children(layout, node, indented(frame, NOTE_INDENT, NOTE_INDENT - 2), depth + 1);
    layout->gap = 0;
    if (ground) {
        pdf_layout_ground_end(layout);
    }
    pdf_layout_gap(layout, size);
}

static void code_block(struct pdf_layout *layout, const struct node *node, struct pdf_frame frame) {
    struct pdf_style style = {.face = PDF_FACE_MONO,
                              .size = layout->theme->body_size * PDF_CODE_SIZE,
                              .ink = layout->theme->ink,
                              .verbatim = true};
    struct pdf_frame inner = indented(frame, CODE_PADDING + 2, CODE_PADDING + 2);
    pdf_layout_need(layout, NOTE_LINES * style.size * CODE_LEADING + 2 * CODE_PADDING);
    bool ground = pdf_layout_ground_begin(layout, frame, CODE_PADDING, false);
    size_t length = node->length;
    while (length > 0 && node->text[length - 1] == '\n') {
        length--;
    }
    for (size_t at = 0; at <= length && pdf_layout_ok(layout);) {
        const char *end = at < length ? memchr(node->text + at, '\n', length - at) : NULL;
        size_t until = end == NULL ? length : (size_t)(end - node->text);
        struct pdf_paragraph *line = &layout->paragraph;
        pdf_text_clear(line);
        pdf_text_add(line, layout->fonts, until > at ? node->text + at : " ", until > at ? until - at : 1, &style);
        pdf_text_shape(line, layout->fonts);
        pdf_break_lines(line, layout->fonts, inner.width);
        pdf_layout_lines(layout, line, inner, style.size * CODE_LEADING, style.size, ALIGN_LEFT);
        at = until + 1;
    }
    layout->gap = 0;
    if (ground) {
        pdf_layout_ground_end(layout);
    }
    pdf_layout_gap(layout, layout->theme->body_size * 0.9);
}

static void rule(struct pdf_layout *layout, struct pdf_frame frame) {
    pdf_layout_need(layout, RULE_HEIGHT);
    struct pdf_page *page = pdf_layout_page(layout);
    if (page != NULL) {
        pdf_page_rule(&page->over, frame.left, frame.left + frame.width, layout->y - RULE_HEIGHT / 2, 0.6,
                      layout->theme->rule);
        layout->y -= RULE_HEIGHT;
    }
}

static void block(struct pdf_layout *layout, const struct node *node, struct pdf_frame frame, unsigned depth) {
    switch (node->kind) {
    case NODE_SECTION:
        section(layout, node, frame, depth);
        break;
    case NODE_HEADING: /* one that no section begins with */
        hold_heading(layout, node, depth, SIZE_MAX);
        break;
    case NODE_PARAGRAPH:
        paragraph(layout, node->first_child, NULL, frame);
        break;
    case NODE_LIST:
        bullets(layout, node, frame, depth);
        break;
    case NODE_TABLE:
        draw_lone_marker(layout);
        pdf_table_draw(layout, node, frame);
        break;
    case NODE_CHART:
        draw_lone_marker(layout);
        pdf_chart_draw(layout, node, frame);
        break;
    case NODE_CODE_BLOCK:
        draw_lone_marker(layout);
        code_block(layout, node, frame);
        break;
    case NODE_QUOTE:
        quote(layout, node, frame, depth);
        break;
    case NODE_RULE:
        rule(layout, frame);
        break;
    case NODE_PAGE_BREAK:
        pdf_layout_release(layout);
        pdf_layout_break(layout);
        break;
    default:
        pdf_block_children(layout, node, frame, depth + 1);
        break;
    }
}

/* Lays out siblings from `first` on. */
static void blocks(struct pdf_layout *layout, const struct node *first, struct pdf_frame frame, unsigned depth) {
    for (const struct node *node = first; node != NULL && pdf_layout_ok(layout);) {
        if (!is_inline(node)) {
            block(layout, node, frame, depth);
            node = node->next;
            continue;
        }
        const struct node *end = node;
        while (end != NULL && is_inline(end)) {
            end = end->next;
        }
        paragraph(layout, node, end, frame);
        node = end;
    }
}

void pdf_block_children(struct pdf_layout *layout, const struct node *parent, struct pdf_frame frame, unsigned depth) {
    blocks(layout, parent->first_child, frame, depth);
}
