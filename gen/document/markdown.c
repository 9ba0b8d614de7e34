#include "document/markdown.h"

#include "document/entity.h"
#include "document/markdown_reader.h"

#include <limits.h>
#include <md4c.h>
#include <string.h>

#define MARKDOWN_SLUG_BYTES 64
#define MARKDOWN_BADGE      "badge:"

/* What a callback tells md4c; only a negative number is sure to end its work. What failed has been reported. */
static int markdown_result(struct markdown_reader *reader, bool done) {
    reader->failed = reader->failed || !done;
    return reader->failed ? -1 : 0;
}

static bool markdown_end_implicit(struct markdown_reader *reader) {
    return !reader->implicit || markdown_reader_close_paragraph(reader);
} /* Only a heading of the report itself opens a section; one inside a list, a quote or a value is a bold paragraph. */
static bool markdown_open_heading(struct markdown_reader *reader, unsigned level) {
    if (reader->fragment || reader->depth > 0)
        return markdown_reader_push(reader, NODE_PARAGRAPH) != NULL &&
               markdown_reader_push(reader, NODE_STRONG) != NULL;
    int depth = level < MARKDOWN_LEVELS ? (int)level : MARKDOWN_LEVELS;
    while (reader->section_depth > 0 && reader->sections[reader->section_depth]->level >= depth)
        reader->section_depth--;
    struct node *section = tree_append(reader->document, reader->sections[reader->section_depth], NODE_SECTION);
    if (section == NULL)
        return markdown_reader_memory(reader);
    section->level = depth;
    reader->sections[++reader->section_depth] = section;
    return markdown_reader_push(reader, NODE_HEADING) != NULL;
}

/*
 * Takes `{#anchor}` or `{#anchor .screen}` off the end of the pending text. A value cannot make one: it is still a
 * mark.
 */
static bool markdown_take_anchor(struct markdown_reader *reader, struct buffer *anchor, bool *screen) {
    static const char class[] = " .screen";
    struct buffer *text = &reader->pending;
    while (text->length > 0 && text->data[text->length - 1] == ' ')
        text->data[--text->length] = '\0';
    if (text->length < 4 || text->data[text->length - 1] != '}')
        return false;
    size_t start = text->length - 1;
    while (start > 0 && text->data[start] != '{')
        start--;
    if (text->data[start] != '{' || text->data[start + 1] != '#')
        return false;
    const char *name = text->data + start + 2;
    size_t length = text->length - start - 3;
    *screen = length > sizeof class - 1 && memcmp(name + length - (sizeof class - 1), class, sizeof class - 1) == 0;
    length -= *screen ? sizeof class - 1 : 0;
    buffer_clear(&reader->scratch);
    inset_expand(reader->insets, name, length, true, &reader->scratch);
    anchor_slug(anchor, reader->scratch.data, reader->scratch.length);
    while (start > 0 && text->data[start - 1] == ' ')
        start--;
    text->length = start;
    text->data[start] = '\0';
    return anchor->length > 0;
}

static void markdown_plain(const struct node *node, struct buffer *out) {
    for (; node != NULL && out->length < MARKDOWN_SLUG_BYTES; node = node->next) {
        if (node->text != NULL)
            buffer_append(out, node->text, node->length);
        markdown_plain(node->first_child, out);
    }
}

static bool markdown_close_heading(struct markdown_reader *reader) {
    struct buffer anchor = {0};
    struct buffer plain = {0};
    struct node *heading = markdown_reader_parent(reader);
    if (heading->kind == NODE_STRONG) {
        if (!markdown_reader_flush(reader))
            return false;
        reader->depth--;
        return markdown_reader_close_paragraph(reader);
    }
    struct node *section = reader->sections[reader->section_depth];
    bool given = markdown_take_anchor(reader, &anchor, &section->screen);
    bool done = markdown_reader_flush(reader);
    if (done && !given) {
        markdown_plain(heading->first_child, &plain);
        anchor_slug(&anchor, plain.data, plain.length < MARKDOWN_SLUG_BYTES ? plain.length : MARKDOWN_SLUG_BYTES);
        if (anchor.length == 0)
            buffer_append_text(&anchor, "section");
    }
    if (done) {
        const char *name = buffer_text(&anchor);
        const char *claimed = name == NULL ? NULL : anchor_claim(&reader->anchors, name);
        section->target = claimed;
        done = claimed != NULL || markdown_reader_memory(reader);
    }
    reader->depth--;
    buffer_free(&anchor);
    buffer_free(&plain);
    return done;
}

static bool markdown_open_table(struct markdown_reader *reader, const MD_BLOCK_TABLE_DETAIL *detail) {
    struct node *node = markdown_reader_push(reader, NODE_TABLE);
    if (node == NULL)
        return false;
    node->table = arena_allocate(reader->document->arena, sizeof *node->table);
    if (node->table == NULL)
        return markdown_reader_memory(reader);
    node->table->column_count = detail->col_count;
    node->table->columns = arena_array(reader->document->arena, detail->col_count, sizeof *node->table->columns);
    return node->table->columns != NULL || markdown_reader_memory(reader);
}

static bool markdown_open_cell(struct markdown_reader *reader, const MD_BLOCK_TD_DETAIL *detail) {
    struct table *table = reader->open[reader->depth - 2].node->table;
    if (reader->header && reader->column < table->column_count)
        table->columns[reader->column].alignment = detail->align == MD_ALIGN_RIGHT    ? ALIGN_RIGHT
                                                   : detail->align == MD_ALIGN_CENTER ? ALIGN_CENTRE
                                                                                      : ALIGN_LEFT;
    reader->column++;
    return markdown_reader_push(reader, NODE_CELL) != NULL;
}

static int markdown_enter_block(MD_BLOCKTYPE type, void *detail, void *context) {
    struct markdown_reader *reader = context;
    struct node *node = NULL;
    bool done = markdown_end_implicit(reader);
    if (!done)
        return markdown_result(reader, done);
    switch (type) {
    case MD_BLOCK_DOC:
    case MD_BLOCK_HTML:
        break;
    case MD_BLOCK_QUOTE:
        done = markdown_reader_push(reader, NODE_QUOTE) != NULL;
        break;
    case MD_BLOCK_UL:
        done = markdown_reader_push(reader, NODE_LIST) != NULL;
        break;
    case MD_BLOCK_OL:
        node = markdown_reader_push(reader, NODE_LIST);
        done = node != NULL;
        if (done) {
            unsigned start = ((const MD_BLOCK_OL_DETAIL *)detail)->start;
            node->ordered = true;
            node->start = start > INT_MAX ? INT_MAX : (int)start;
        }
        break;
    case MD_BLOCK_LI:
        done = markdown_reader_push(reader, NODE_ITEM) != NULL;
        break;
    case MD_BLOCK_HR:
        done = tree_append(reader->document, markdown_reader_parent(reader), NODE_RULE) != NULL ||
               markdown_reader_memory(reader);
        break;
    case MD_BLOCK_H:
        done = markdown_open_heading(reader, ((const MD_BLOCK_H_DETAIL *)detail)->level);
        break;
    case MD_BLOCK_CODE:
        reader->verbatim = true;
        done = markdown_reader_push(reader, NODE_CODE_BLOCK) != NULL;
        break;
    case MD_BLOCK_P:
        done = markdown_reader_push(reader, NODE_PARAGRAPH) != NULL;
        break;
    case MD_BLOCK_TABLE:
        done = markdown_open_table(reader, detail);
        break;
    case MD_BLOCK_THEAD:
    case MD_BLOCK_TBODY:
        reader->header = type == MD_BLOCK_THEAD;
        break;
    case MD_BLOCK_TR:
        reader->column = 0;
        node = markdown_reader_push(reader, NODE_ROW);
        done = node != NULL;
        if (done)
            node->header = reader->header;
        break;
    case MD_BLOCK_TH:
    case MD_BLOCK_TD:
        done = markdown_open_cell(reader, detail);
        break;
    }
    return markdown_result(reader, done);
}

static int markdown_leave_block(MD_BLOCKTYPE type, void *detail, void *context) {
    struct markdown_reader *reader = context;
    (void)detail;
    bool done = markdown_end_implicit(reader);
    if (!done)
        return markdown_result(reader, done);
    switch (type) {
    case MD_BLOCK_H:
        done = markdown_close_heading(reader);
        break;
    case MD_BLOCK_P:
        done = markdown_reader_close_paragraph(reader);
        break;
    case MD_BLOCK_CODE:
        done = markdown_reader_close_verbatim(reader, false);
        break;
    case MD_BLOCK_TH:
    case MD_BLOCK_TD:
        done = markdown_reader_flush(reader);
        reader->depth--;
        break;
    case MD_BLOCK_QUOTE:
    case MD_BLOCK_UL:
    case MD_BLOCK_OL:
    case MD_BLOCK_LI:
    case MD_BLOCK_TABLE:
    case MD_BLOCK_TR:
        reader->depth--;
        break;
    case MD_BLOCK_DOC:
    case MD_BLOCK_HTML:
    case MD_BLOCK_HR:
    case MD_BLOCK_THEAD:
    case MD_BLOCK_TBODY:
        break;
    }
    return markdown_result(reader, done);
}

/* A link's target: an anchor is made safe as anchors are, a badge is told by what the Markdown itself says. */
static bool markdown_open_link(struct markdown_reader *reader, const MD_ATTRIBUTE *href) {
    struct buffer raw = {0};
    struct buffer target = {0};
    for (size_t i = 0; href->text != NULL && href->substr_offsets[i] < href->size; i++) {
        const char *piece = href->text + href->substr_offsets[i];
        size_t length = href->substr_offsets[i + 1] - href->substr_offsets[i];
        if (href->substr_types[i] == MD_TEXT_ENTITY)
            entity_decode(&raw, piece, length);
        else
            buffer_append(&raw, piece, length);
    }
    size_t prefix = strlen(MARKDOWN_BADGE);
    bool badge = raw.length >= prefix && memcmp(raw.data, MARKDOWN_BADGE, prefix) == 0;
    bool anchor = raw.length > 0 && raw.data[0] == '#';
    buffer_clear(&reader->scratch);
    inset_expand(reader->insets, raw.data, raw.length, true, &reader->scratch);
    reader->scratch.failed |= raw.failed;
    size_t skip = badge ? prefix : anchor ? 1 : 0;
    if (anchor)
        buffer_append_byte(&target, '#');
    if (badge || anchor)
        anchor_slug(&target, reader->scratch.data + skip, reader->scratch.length - skip);
    else
        buffer_append(&target, reader->scratch.data, reader->scratch.length);
    target.failed |= reader->scratch.failed;
    struct node *node = markdown_reader_push(reader, badge ? NODE_BADGE : NODE_LINK);
    bool done = node != NULL;
    if (done) {
        node->target = target.failed ? NULL : arena_copy(reader->document->arena, target.data, target.length);
        done = node->target != NULL || markdown_reader_memory(reader);
        reader->verbatim = badge;
    }
    buffer_free(&raw);
    buffer_free(&target);
    return done;
}

static int markdown_enter_span(MD_SPANTYPE type, void *detail, void *context) {
    struct markdown_reader *reader = context;
    if (reader->verbatim)
        return 0;
    if (!markdown_reader_inline(reader) || (type != MD_SPAN_IMG && !markdown_reader_flush(reader)))
        return markdown_result(reader, false);
    bool done = true;
    if (type == MD_SPAN_A) {
        done = markdown_open_link(reader, &((const MD_SPAN_A_DETAIL *)detail)->href);
    } else if (type == MD_SPAN_CODE) {
        reader->verbatim = true;
        done = markdown_reader_push(reader, NODE_CODE) != NULL;
    } else if (type == MD_SPAN_EM || type == MD_SPAN_STRONG) {
        done = markdown_reader_push(reader, type == MD_SPAN_EM ? NODE_EMPHASIS : NODE_STRONG) != NULL;
    }
    return markdown_result(reader, done);
}

static int markdown_leave_span(MD_SPANTYPE type, void *detail, void *context) {
    struct markdown_reader *reader = context;
    (void)detail;
    enum node_kind innermost = markdown_reader_parent(reader)->kind;
    if (reader->verbatim) {
        bool ends = (type == MD_SPAN_A && innermost == NODE_BADGE) || (type == MD_SPAN_CODE && innermost == NODE_CODE);
        return markdown_result(reader, !ends || markdown_reader_close_verbatim(reader, true));
    }
    if (type != MD_SPAN_IMG && !markdown_reader_flush(reader))
        return markdown_result(reader, false);
    if (type == MD_SPAN_A || type == MD_SPAN_EM || type == MD_SPAN_STRONG)
        reader->depth--;
    return 0;
}

static int markdown_text(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE size, void *context) {
    struct markdown_reader *reader = context;
    if (!reader->verbatim && !markdown_reader_inline(reader))
        return markdown_result(reader, false);
    switch (type) {
    case MD_TEXT_NULLCHAR:
        buffer_append_text(&reader->pending, "\xef\xbf\xbd");
        break;
    case MD_TEXT_BR:
        if (reader->verbatim)
            buffer_append_byte(&reader->pending, ' ');
        else if (!markdown_reader_flush(reader) ||
                 (tree_append(reader->document, markdown_reader_parent(reader), NODE_LINE_BREAK) == NULL &&
                  !markdown_reader_memory(reader)))
            return markdown_result(reader, false);
        break;
    case MD_TEXT_SOFTBR:
        buffer_append_byte(&reader->pending, ' ');
        break;
    case MD_TEXT_ENTITY:
        entity_decode(&reader->pending, text, size);
        break;
    case MD_TEXT_NORMAL:
    case MD_TEXT_CODE:
    case MD_TEXT_HTML:
    case MD_TEXT_LATEXMATH:
        buffer_append(&reader->pending, text, size);
        break;
    }
    return 0;
}

static bool markdown_parse(struct markdown_reader *reader, const char *text, size_t length) {
    static const MD_PARSER parser = {.flags = MD_FLAG_TABLES | MD_FLAG_NOHTML | MD_FLAG_NOINDENTEDCODEBLOCKS,
                                     .enter_block = markdown_enter_block,
                                     .leave_block = markdown_leave_block,
                                     .enter_span = markdown_enter_span,
                                     .leave_span = markdown_leave_span,
                                     .text = markdown_text};
    /* md4c 0.4.8 looks one byte past its text for the end of a link, so that byte must be ours and a line must end it.
     */
    struct buffer lines = {0};
    buffer_append(&lines, text, length);
    buffer_append_byte(&lines, '\n');
    const char *ended = buffer_text(&lines);
    int result =
        ended == NULL || lines.length > UINT_MAX ? -1 : md_parse(ended, (MD_SIZE)lines.length, &parser, reader);
    buffer_free(&lines);
    return result == 0 || (!reader->failed && markdown_reader_memory(reader));
}

bool markdown_read(struct document *document, const struct insets *insets, const char *text, size_t length,
                   const char *path, struct diagnostics *diagnostics) {
    struct markdown_reader reader = {.document = document,
                                     .insets = insets,
                                     .path = path,
                                     .diagnostics = diagnostics,
                                     .parse = markdown_parse,
                                     .anchors = {.arena = document->arena},
                                     .sections = {document->root}};
    bool done = markdown_parse(&reader, text, length);
    buffer_free(&reader.pending);
    buffer_free(&reader.scratch);
    return done;
}
