#ifndef DOCUMENT_MARKDOWN_READER_H
#define DOCUMENT_MARKDOWN_READER_H

#include "base/diagnostics.h"
#include "base/limits.h"
#include "document/anchor.h"
#include "document/inset.h"
#include "document/tree.h"

/* How document/markdown.c builds the tree: the nodes that are open, and the text that waits to become one. */

#define MARKDOWN_LEVELS 4

struct markdown_reader {
    struct document *document;
    const struct insets *insets;
    const char *path;
    struct diagnostics *diagnostics;
    bool (*parse)(struct markdown_reader *reader, const char *text, size_t length);
    struct anchors anchors;
    bool fragment; /* Markdown that came as a value: its headings open no sections */
    struct node *sections[MARKDOWN_LEVELS + 1];
    size_t section_depth; /* index of the innermost open section */
    struct {
        struct node *node;
        struct node *before;      /* the parent's last child until then, to take the node out again */
    } open[LIMIT_MARKDOWN_DEPTH]; /* blocks and spans inside that section, outermost first */
    size_t depth;
    bool implicit;         /* the innermost is a paragraph that the Markdown left out (tight lists) */
    bool failed;           /* something was reported that ends the reading */
    bool verbatim;         /* inside code or a badge: text only */
    bool header;           /* inside a table's head */
    size_t column;         /* of the next cell */
    struct buffer pending; /* text, with marks, that is no node yet */
    struct buffer scratch;
};

/* Reports that memory is out, or the document full. Always false. */
bool markdown_reader_memory(struct markdown_reader *reader);
/* The innermost open node or section. */
struct node *markdown_reader_parent(const struct markdown_reader *reader);
/* Opens a node. NULL after reporting. */
struct node *markdown_reader_push(struct markdown_reader *reader, enum node_kind kind);
/* Makes nodes of the pending text: one for each run of text, and those of Markdown that came as a value. */
bool markdown_reader_flush(struct markdown_reader *reader);
/* Ends the innermost node, whose text is what is pending. */
bool markdown_reader_close_verbatim(struct markdown_reader *reader, bool one_line);
/* Ends a paragraph. One that is nothing but a mark for blocks gives way to them; an empty one goes. */
bool markdown_reader_close_paragraph(struct markdown_reader *reader);
/* Before text: opens a paragraph where the Markdown left it out, in the items of a tight list. */
bool markdown_reader_inline(struct markdown_reader *reader);

#endif
