#ifndef DOCUMENT_INSET_H
#define DOCUMENT_INSET_H

#include "base/arena.h"
#include "base/buffer.h"
#include "document/tree.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Values and blocks set into Markdown by reference. A value never enters the Markdown: a mark stands for it, made of
 * code points that Unicode keeps for a program's own use (noncharacters, U+FDD0..U+FDEF) and that mean nothing in
 * Markdown. After parsing the mark becomes the value again. So no value can make structure, wherever it stands: at the
 * start of a line, in a table, in code, in the target of a link.
 */
enum inset_kind {
    INSET_VALUE,   /* text, printed as it is */
    INSET_BLOCKS,  /* nodes that stand where a paragraph would */
    INSET_MARKDOWN /* text that is Markdown of its own, parsed apart from what surrounds it */
};
struct inset {
    enum inset_kind kind;
    const char *text; /* INSET_VALUE, INSET_MARKDOWN */
    size_t length;
    struct node *blocks; /* INSET_BLOCKS: the parent whose children they are */
};
struct insets {
    struct arena *arena;
    struct inset *items;
    size_t count;
};

/* Copies the text, made valid UTF-8, and appends its mark to the Markdown. False when memory is out. */
bool inset_text(struct insets *insets, enum inset_kind kind, const char *bytes, size_t length, struct buffer *markdown);
/* The same for blocks, as a paragraph of their own. */
bool inset_blocks(struct insets *insets, struct node *blocks, struct buffer *markdown);
/* Appends a value as one line of valid UTF-8: malformed bytes become U+FFFD, line breaks spaces. */
void inset_line(struct buffer *out, const char *bytes, size_t length);
/* Appends a template's own text, which must not hold marks. */
void inset_clean(struct buffer *markdown, const char *bytes, size_t length);
/*
 * The mark at `*position`, which moves past it; NULL when there is none and then nothing moves. Everything but a mark
 * is one code point of text.
 */
const struct inset *inset_next(const struct insets *insets, const char *bytes, size_t length, size_t *position);
/* The only mark in a text that holds nothing else; NULL for any other text. */
const struct inset *inset_alone(const struct insets *insets, const char *bytes, size_t length);
/* Appends the text with values in the place of marks. With `one_line`, line breaks become spaces. */
void inset_expand(const struct insets *insets, const char *bytes, size_t length, bool one_line, struct buffer *out);

#endif
