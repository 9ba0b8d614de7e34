#include "write/html.h"

#include "base/text.h"
#include "document/chart.h"
#include "write/html_chart.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

#define HTML_CONTENTS_LEVELS 2
#define HTML_SHORT           14 /* bytes of a cell that is not broken */
#define HTML_WIDE            5  /* columns that a narrow screen shows a part of at a time */

struct html_page {
    const struct theme *theme;
    struct buffer *out;
    unsigned charts; /* written so far: their ids count on */
};

static void html_text(struct html_page *page, const char *text, size_t length) {
    text_xml_escape(page->out, text, length);
}

static void html_put(struct html_page *page, const char *markup) {
    buffer_append_text(page->out, markup);
}

/*
 * Where a link may lead: inside the page, to a file beside it, to the web or a mail address; a value that got into a
 * target can then do no harm. RFC 3986: a scheme is what stands before the first ':' that comes before any '/', '?',
 * '#'.
 */
static bool html_target_allowed(const char *target) {
    static const char *const schemes[] = {"https:", "http:", "mailto:"};
    if (*target == '\0' || strncmp(target, "//", 2) == 0)
        return false;
    if (target[strcspn(target, ":/?#")] != ':')
        return true;
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++)
        if (strncasecmp(target, schemes[i], strlen(schemes[i])) == 0)
            return true;
    return false;
}

/* A URL with what cannot stand in one written as %XX. */
static void html_target(struct html_page *page, const char *target) {
    for (; *target != '\0'; target++) {
        unsigned char byte = (unsigned char)*target;
        if (byte <= ' ' || byte >= 0x7f || strchr("\"<>\\^`{|}", byte) != NULL)
            buffer_format(page->out, "%%%02X", byte);
        else
            html_text(page, target, 1);
    }
}

static void html_children(struct html_page *page, const struct node *parent);

static void html_wrap(struct html_page *page, const struct node *node, const char *open, const char *close) {
    html_put(page, open);
    html_children(page, node);
    html_put(page, close);
}

static void html_list(struct html_page *page, const struct node *node) {
    if (!node->ordered) {
        html_wrap(page, node, "<ul>\n", "</ul>\n");
        return;
    }
    if (node->start == 1)
        html_put(page, "<ol>\n");
    else
        buffer_format(page->out, "<ol start=\"%d\">\n", node->start);
    html_children(page, node);
    html_put(page, "</ol>\n");
}

/* The bytes of a node's text, and whether there is a space in it. */
static size_t html_length(const struct node *parent, bool *spaced) {
    size_t length = 0;
    for (const struct node *child = parent->first_child; child != NULL; child = child->next) {
        length += child->length + html_length(child, spaced);
        *spaced = *spaced || (child->length > 0 && memchr(child->text, ' ', child->length) != NULL);
    }
    return length;
}

/* A bit for each of the first columns whose cells are all short: numbers, dates and ids, which no line end cuts. */
static uint64_t html_short_columns(const struct node *table) {
    uint64_t all = ~UINT64_C(0);
    for (const struct node *row = table->first_child; row != NULL; row = row->next) {
        uint64_t bit = 1;
        size_t column = 0;
        for (const struct node *cell = row->first_child; cell != NULL && bit != 0; cell = cell->next, bit <<= 1) {
            bool right = column < table->table->column_count && table->table->columns[column].alignment == ALIGN_RIGHT;
            bool spaced = false;
            size_t length = html_length(cell, &spaced);
            all &= !row->header && (length > HTML_SHORT || (spaced && !right)) ? ~bit : ~UINT64_C(0);
            column++;
        }
    }
    return all;
}

static void html_cells(struct html_page *page, const struct node *row, const struct table *table,
                       uint64_t short_columns) {
    static const char *const classes[][2] = {
        [ALIGN_LEFT] = {"", " class=\"short\""},
        [ALIGN_CENTRE] = {" class=\"centre\"", " class=\"centre short\""},
        [ALIGN_RIGHT] = {" class=\"right\"", " class=\"right short\""},
    };
    size_t column = 0;
    html_put(page, "<tr>");
    for (const struct node *cell = row->first_child; cell != NULL; cell = cell->next, column++) {
        bool head = row->header || (column == 0 && table->column_count > 1);
        enum alignment alignment = column < table->column_count ? table->columns[column].alignment : ALIGN_LEFT;
        html_put(page, !head ? "<td" : row->header ? "<th scope=\"col\"" : "<th scope=\"row\"");
        html_put(page, classes[alignment][!row->header && column < 64 && (short_columns >> column & 1) != 0]);
        html_put(page, ">");
        html_children(page, cell);
        html_put(page, head ? "</th>" : "</td>");
    }
    html_put(page, "</tr>\n");
}

/* Widths are shares of their sum. Where some columns have none, the browser sizes all of them by content. */
static void html_columns(struct html_page *page, const struct table *table) {
    double sum = 0;
    for (size_t i = 0; i < table->column_count; i++) {
        if (table->columns[i].width <= 0)
            return;
        sum += table->columns[i].width;
    }
    html_put(page, "<colgroup>");
    for (size_t i = 0; i < table->column_count; i++)
        buffer_format(page->out, "<col style=\"width:%d%%\">", (int)(table->columns[i].width * 100 / sum + 0.5));
    html_put(page, "</colgroup>\n");
}

static void html_table(struct html_page *page, const struct node *node) {
    html_put(page, node->table->column_count < HTML_WIDE ? "<div class=\"table\"><table>\n"
                                                         : "<div class=\"table\"><table class=\"wide\">\n");
    if (node->table->caption != NULL) {
        html_put(page, "<caption>");
        html_text(page, node->table->caption, strlen(node->table->caption));
        html_put(page, "</caption>\n");
    }
    html_columns(page, node->table);
    const struct node *row = node->first_child;
    if (row != NULL && row->header) {
        html_put(page, "<thead>\n");
        for (; row != NULL && row->header; row = row->next)
            html_cells(page, row, node->table, 0);
        html_put(page, "</thead>\n");
    }
    html_put(page, "<tbody>\n");
    uint64_t short_columns = html_short_columns(node);
    for (; row != NULL; row = row->next)
        html_cells(page, row, node->table, short_columns);
    html_put(page, "</tbody>\n</table></div>\n");
}

static void html_link(struct html_page *page, const struct node *node) {
    if (!html_target_allowed(node->target)) {
        html_children(page, node);
        return;
    }
    html_put(page, "<a href=\"");
    html_target(page, node->target);
    html_wrap(page, node, "\">", "</a>");
}

static void html_badge(struct html_page *page, const struct node *node) {
    html_put(page, "<span class=\"badge");
    if (theme_badge(page->theme, node->target) != NULL) {
        html_put(page, " badge-");
        html_text(page, node->target, strlen(node->target));
    }
    html_put(page, "\">");
    html_text(page, node->text, node->length);
    html_put(page, "</span>");
}

/* The title is the page's h1, so that a section of level 1 has an h2. */
static void html_section(struct html_page *page, const struct node *node) {
    buffer_format(page->out, "<section id=\"%s\" class=\"level-%d\">\n", node->target, node->level);
    for (const struct node *child = node->first_child; child != NULL; child = child->next) {
        if (child->kind == NODE_HEADING) {
            buffer_format(page->out, "<h%d>", node->level + 1);
            html_children(page, child);
            buffer_format(page->out,
                          " <a class=\"anchor\" href=\"#%s\" aria-label=\"Link to this section\">#</a></h%d>\n",
                          node->target, node->level + 1);
            break;
        }
    }
    html_children(page, node);
    html_put(page, "</section>\n");
}

static void html_node(struct html_page *page, const struct node *node) {
    switch (node->kind) {
    case NODE_SECTION:
        html_section(page, node);
        break;
    case NODE_HEADING: /* written by its section */
        break;
    case NODE_PARAGRAPH:
        html_wrap(page, node, "<p>", "</p>\n");
        break;
    case NODE_LIST:
        html_list(page, node);
        break;
    case NODE_ITEM:
        html_wrap(page, node, "<li>", "</li>\n");
        break;
    case NODE_TABLE:
        html_table(page, node);
        break;
    case NODE_ROW: /* written by their table */
    case NODE_CELL:
        break;
    case NODE_CODE_BLOCK:
        html_put(page, "<pre><code>");
        html_text(page, node->text, node->length);
        html_put(page, "</code></pre>\n");
        break;
    case NODE_QUOTE:
        html_wrap(page, node, "<blockquote>\n", "</blockquote>\n");
        break;
    case NODE_CHART:
        html_chart_write(node->chart, ++page->charts, page->out);
        break;
    case NODE_RULE:
        html_put(page, "<hr>\n");
        break;
    case NODE_PAGE_BREAK:
        html_put(page, "<div class=\"page-break\"></div>\n");
        break;
    case NODE_TEXT:
        html_text(page, node->text, node->length);
        break;
    case NODE_STRONG:
        html_wrap(page, node, "<strong>", "</strong>");
        break;
    case NODE_EMPHASIS:
        html_wrap(page, node, "<em>", "</em>");
        break;
    case NODE_CODE:
        html_put(page, "<code>");
        html_text(page, node->text, node->length);
        html_put(page, "</code>");
        break;
    case NODE_LINK:
        html_link(page, node);
        break;
    case NODE_BADGE:
        html_badge(page, node);
        break;
    case NODE_LINE_BREAK:
        html_put(page, "<br>");
        break;
    }
}

static void html_children(struct html_page *page, const struct node *parent) {
    for (const struct node *child = parent->first_child; child != NULL; child = child->next)
        html_node(page, child);
}

/* A heading in the contents: its words, without links and marks. */
static void html_plain(struct html_page *page, const struct node *parent) {
    for (const struct node *child = parent->first_child; child != NULL; child = child->next) {
        if (child->text != NULL)
            html_text(page, child->text, child->length);
        html_plain(page, child);
    }
}

static void html_contents(struct html_page *page, const struct node *parent) {
    bool open = false;
    for (const struct node *section = parent->first_child; section != NULL; section = section->next) {
        if (section->kind != NODE_SECTION || section->level > HTML_CONTENTS_LEVELS)
            continue;
        html_put(page, open ? "" : "\n<ol>\n");
        open = true;
        buffer_format(page->out, "<li><a href=\"#%s\">", section->target);
        if (section->first_child != NULL)
            html_plain(page, section->first_child);
        html_put(page, "</a>");
        html_contents(page, section);
        html_put(page, "</li>\n");
    }
    html_put(page, open ? "</ol>\n" : "");
}

/* Text as a string of CSS, with an escape for all that is no letter, digit or space: it cannot end the style sheet. */
static void html_css_string(struct html_page *page, const char *text) {
    size_t length = strlen(text);
    html_put(page, "\"");
    for (size_t at = 0; at < length;) {
        uint32_t code_point = text_utf8_next(text, length, &at);
        bool plain = code_point == ' ' || (code_point >= '0' && code_point <= '9') ||
                     (code_point >= 'A' && code_point <= 'Z') || (code_point >= 'a' && code_point <= 'z');
        buffer_format(page->out, plain ? "%c" : "\\%06" PRIx32, code_point);
    }
    html_put(page, "\"");
}

/* What stands at the foot of every printed page. */
static void html_printed_foot(struct html_page *page, const char *statement) {
    html_put(page, "@page{@bottom-left{content:");
    html_css_string(page, statement);
    html_put(page, "}@bottom-right{content:\"Page \" counter(page) \" of \" counter(pages)}}\n");
}

static void html_style(struct html_page *page, const char *statement) {
    const struct theme *theme = page->theme;
    buffer_format(page->out,
                  "<style>\n:root{--ink:#%06x;--muted:#%06x;--accent:#%06x;--rule:#%06x;--band:#%06x;--link:#%06x}\n",
                  theme->ink, theme->muted, theme->accent, theme->rule, theme->band, theme->link);
    for (size_t i = 0; i < theme->badge_count; i++)
        buffer_format(page->out, ".badge-%s{--badge-ink:#%06x;--badge-paper:#%06x}\n", theme->badges[i].name,
                      theme->badges[i].ink, theme->badges[i].paper);
    html_put(page, theme->style);
    html_printed_foot(page, statement);
    html_put(page, "</style>\n");
}

/* A line of the cover, where there is one. */
static void html_line(struct html_page *page, const char *class, const char *text) {
    if (text == NULL || *text == '\0')
        return;
    buffer_format(page->out, "<p class=\"%s\">", class);
    html_text(page, text, strlen(text));
    html_put(page, "</p>\n");
}

bool html_write(const struct document *document, const struct theme *theme, struct buffer *out,
                struct diagnostics *diagnostics) {
    struct html_page page = {.theme = theme, .out = out};
    html_put(&page, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
                    "'unsafe-inline'\">\n<title>");
    html_text(&page, document->title, strlen(document->title));
    if (document->organisation != NULL && *document->organisation != '\0') {
        html_put(&page, " – ");
        html_text(&page, document->organisation, strlen(document->organisation));
    }
    html_put(&page, "</title>\n");
    html_style(&page, document->statement);
    html_put(&page, "</head>\n<body>\n<a class=\"skip\" href=\"#main-text\">Skip the contents</a>\n<header>\n");
    html_line(&page, "organisation", document->organisation);
    html_put(&page, "<h1>");
    html_text(&page, document->title, strlen(document->title));
    html_put(&page, "</h1>\n");
    html_line(&page, "subtitle", document->subtitle);
    html_line(&page, "system", document->system);
    html_line(&page, "statement", document->statement);
    html_line(&page, "notice", document->notice);
    html_line(&page, "confidentiality", document->confidentiality);
    html_put(&page, "</header>\n<nav aria-label=\"Contents\">\n<h2>Contents</h2>");
    html_contents(&page, document->root);
    html_put(&page, "</nav>\n<main id=\"main-text\">\n");
    html_children(&page, document->root);
    html_put(&page, "</main>\n<footer>\n");
    html_line(&page, "statement", document->statement);
    html_put(&page, "</footer>\n</body>\n</html>\n");
    if (out->failed)
        diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "memory ran out while writing the HTML report");
    return !out->failed;
}
