#ifndef DOCUMENT_TREE_H
#define DOCUMENT_TREE_H

#include "base/arena.h"
#include "base/diagnostics.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What a report is, before it is a PDF or a page of HTML. Made by document/, read by write/, which adds nothing to it.
 * Everything lives in the document's arena; strings are valid UTF-8, unescaped.
 */
enum node_kind {
    /* blocks */
    NODE_SECTION,    /* level 1..4, anchor, `screen`; children: NODE_HEADING, then blocks and deeper sections */
    NODE_HEADING,    /* children: inline */
    NODE_PARAGRAPH,  /* children: inline */
    NODE_LIST,       /* `ordered`, `start`; children: NODE_ITEM */
    NODE_ITEM,       /* children: blocks */
    NODE_TABLE,      /* columns in `table`; children: NODE_ROW */
    NODE_ROW,        /* `header`; children: NODE_CELL */
    NODE_CELL,       /* children: inline */
    NODE_CODE_BLOCK, /* text */
    NODE_QUOTE,      /* children: blocks; drawn as a note */
    NODE_CHART,      /* `chart`; no children */
    NODE_RULE,
    NODE_PAGE_BREAK,
    /* inline */
    NODE_TEXT,     /* text */
    NODE_STRONG,   /* children: inline */
    NODE_EMPHASIS, /* children: inline */
    NODE_CODE,     /* text */
    NODE_LINK,     /* target: "#anchor" or a URL; children: inline */
    NODE_BADGE,    /* a verdict or state as a coloured mark: `target` is its class ("exception"), text what it says */
    NODE_LINE_BREAK
};

enum alignment { ALIGN_LEFT, ALIGN_CENTRE, ALIGN_RIGHT };

struct node {
    enum node_kind kind;
    struct node *first_child;
    struct node *last_child;
    struct node *next;
    const char *text;
    size_t length;
    const char *target;  /* links, badges; sections: their anchor */
    int level;           /* sections */
    bool screen;         /* sections: too much for paper; links to it lead to the section around it there */
    bool ordered;        /* lists */
    bool header;         /* rows */
    int start;           /* ordered lists */
    struct table *table; /* tables */
    struct chart *chart; /* charts: document/chart.h */
};

struct table {
    struct table_column {
        enum alignment alignment;
        double width; /* share of the widths given; 0: by content */
    } * columns;
    size_t column_count;
    const char *caption; /* or NULL */
};

struct document {
    struct arena *arena;
    const char *title;    /* "Control evidence portfolio" */
    const char *subtitle; /* "1 October 2025 to 31 December 2025" */
    const char *organisation;
    const char *system;
    const char *statement; /* "Prepared by management; ..." : cover and every footer */
    const char *notice;    /* further lines of the cover, such as the development key; may be NULL */
    const char *confidentiality;
    int64_t date;      /* UTC seconds: of the document's metadata */
    struct node *root; /* a NODE_SECTION of level 0 */
    size_t node_count;
};

/* An empty document with its root. NULL when memory is out. */
struct document *tree_new(struct arena *arena);
/* A new node at the end of `parent`'s children (parent may be NULL). NULL when memory is out or past the node limit. */
struct node *tree_append(struct document *document, struct node *parent, enum node_kind kind);
/* Says why tree_append gave NULL for the template `path`. Always false. */
bool tree_report(const struct document *document, const char *path, struct diagnostics *diagnostics);
/* Moves a node that has no parent, or all children of another node, to the end of `parent`'s children. */
void tree_attach(struct node *parent, struct node *child);
void tree_adopt(struct node *parent, struct node *from);
/* The section with this anchor, or NULL. */
const struct node *tree_find(const struct document *document, const char *anchor);

#endif
