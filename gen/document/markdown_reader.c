#include "document/markdown_reader.h"

bool markdown_reader_memory(struct markdown_reader *reader) {
    return tree_report(reader->document, reader->path, reader->diagnostics);
}

struct node *markdown_reader_parent(const struct markdown_reader *reader) {
    return reader->depth > 0 ? reader->open[reader->depth - 1].node : reader->sections[reader->section_depth];
}

struct node *markdown_reader_push(struct markdown_reader *reader, enum node_kind kind) {
    if (reader->depth == LIMIT_MARKDOWN_DEPTH) {
        diagnostics_report(reader->diagnostics, DIAGNOSTIC_TEMPLATE_LIMIT, &(struct place){.path = reader->path},
                           "the report's Markdown nests more than %d deep; take out some lists or quotes",
                           LIMIT_MARKDOWN_DEPTH);
        return NULL;
    }
    struct node *parent = markdown_reader_parent(reader);
    struct node *before = parent->last_child;
    struct node *node = tree_append(reader->document, parent, kind);
    if (node == NULL) {
        markdown_reader_memory(reader);
        return NULL;
    }
    reader->open[reader->depth].node = node;
    reader->open[reader->depth].before = before;
    reader->depth++;
    return node;
}

/* Takes the innermost open node out of its parent. */
static void markdown_reader_withdraw(struct markdown_reader *reader) {
    reader->depth--;
    struct node *parent = markdown_reader_parent(reader);
    struct node *before = reader->open[reader->depth].before;
    parent->last_child = before;
    if (before != NULL)
        before->next = NULL;
    else
        parent->first_child = NULL;
}

static bool markdown_reader_set_text(struct markdown_reader *reader, struct node *node, const struct buffer *text) {
    node->length = text->length;
    node->text = text->failed ? NULL : arena_copy(reader->document->arena, text->data, text->length);
    return node->text != NULL || markdown_reader_memory(reader);
}

static bool markdown_reader_text_node(struct markdown_reader *reader, const char *bytes, size_t length) {
    buffer_clear(&reader->scratch);
    inset_expand(reader->insets, bytes, length, true, &reader->scratch);
    if (reader->scratch.length == 0 && !reader->scratch.failed)
        return true;
    struct node *node = tree_append(reader->document, markdown_reader_parent(reader), NODE_TEXT);
    return node != NULL ? markdown_reader_set_text(reader, node, &reader->scratch) : markdown_reader_memory(reader);
}

/* Moves the inline nodes of blocks into an inline parent, a space between one block and the next. */
static bool markdown_reader_flatten(struct markdown_reader *reader, struct node *parent, struct node *blocks) {
    struct node *next = NULL;
    for (struct node *block = blocks->first_child; block != NULL; block = next) {
        next = block->next;
        if (parent->last_child != NULL) {
            struct node *space = tree_append(reader->document, parent, NODE_TEXT);
            if (space == NULL)
                return markdown_reader_memory(reader);
            space->text = " ";
            space->length = 1;
        }
        if (block->kind == NODE_PARAGRAPH || block->kind == NODE_CELL) {
            tree_adopt(parent, block);
        } else if (block->kind == NODE_CODE_BLOCK) {
            block->kind = NODE_CODE;
            block->next = NULL;
            tree_attach(parent, block);
        } else if (!markdown_reader_flatten(reader, parent, block)) {
            return false;
        }
    }
    return true;
}

/* What a mark for Markdown stands for, as the children of a section without a parent. */
static struct node *markdown_reader_fragment(struct markdown_reader *outer, const struct inset *inset) {
    static const struct insets none;
    struct markdown_reader reader = {.document = outer->document,
                                     .insets = &none,
                                     .path = outer->path,
                                     .diagnostics = outer->diagnostics,
                                     .parse = outer->parse,
                                     .fragment = true};
    struct node *holder = tree_append(outer->document, NULL, NODE_SECTION);
    reader.sections[0] = holder;
    if (holder == NULL)
        markdown_reader_memory(outer);
    else if (!outer->parse(&reader, inset->text, inset->length))
        holder = NULL;
    buffer_free(&reader.pending);
    buffer_free(&reader.scratch);
    return holder;
}

bool markdown_reader_flush(struct markdown_reader *reader) {
    struct buffer *pending = &reader->pending;
    if (pending->failed)
        return markdown_reader_memory(reader);
    bool done = true;
    size_t from = 0;
    size_t position = 0;
    while (done && position < pending->length) {
        size_t mark = position;
        const struct inset *inset = inset_next(reader->insets, pending->data, pending->length, &position);
        if (inset == NULL)
            position++;
        if (inset == NULL || inset->kind != INSET_MARKDOWN)
            continue;
        done = markdown_reader_text_node(reader, pending->data + from, mark - from);
        struct node *blocks = done ? markdown_reader_fragment(reader, inset) : NULL;
        done = blocks != NULL && markdown_reader_flatten(reader, markdown_reader_parent(reader), blocks);
        from = position;
    }
    done = done &&
           (pending->length == from || markdown_reader_text_node(reader, pending->data + from, pending->length - from));
    buffer_clear(pending);
    return done;
}

bool markdown_reader_close_verbatim(struct markdown_reader *reader, bool one_line) {
    struct node *node = reader->open[--reader->depth].node;
    buffer_clear(&reader->scratch);
    inset_expand(reader->insets, reader->pending.data, reader->pending.length, one_line, &reader->scratch);
    reader->scratch.failed |= reader->pending.failed;
    buffer_clear(&reader->pending);
    reader->verbatim = false;
    return markdown_reader_set_text(reader, node, &reader->scratch);
}

bool markdown_reader_close_paragraph(struct markdown_reader *reader) {
    struct node *paragraph = markdown_reader_parent(reader);
    const struct inset *inset = NULL;
    reader->implicit = false;
    if (paragraph->first_child == NULL)
        inset = inset_alone(reader->insets, reader->pending.data, reader->pending.length);
    if (inset != NULL && inset->kind != INSET_VALUE) {
        buffer_clear(&reader->pending);
        struct node *blocks = inset->kind == INSET_BLOCKS ? inset->blocks : markdown_reader_fragment(reader, inset);
        if (blocks == NULL)
            return false;
        markdown_reader_withdraw(reader);
        tree_adopt(markdown_reader_parent(reader), blocks);
        return true;
    }
    if (!markdown_reader_flush(reader))
        return false;
    if (paragraph->first_child == NULL)
        markdown_reader_withdraw(reader);
    else
        reader->depth--;
    return true;
}

bool markdown_reader_inline(struct markdown_reader *reader) {
    enum node_kind parent = markdown_reader_parent(reader)->kind;
    if (parent != NODE_ITEM && parent != NODE_QUOTE && parent != NODE_SECTION)
        return true;
    reader->implicit = markdown_reader_push(reader, NODE_PARAGRAPH) != NULL;
    return reader->implicit;
}
