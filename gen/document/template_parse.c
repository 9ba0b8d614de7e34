#include "document/template_parse.h"

#include "base/text.h"

#include <string.h>

struct template_parser {
    struct arena *arena;
    struct diagnostics *diagnostics;
    const char *text;
    size_t length;
    size_t position;
    struct place place; /* of the text's beginning; its line moves with `line_start` */
    size_t line_start;  /* where the current line begins */
    bool blocks;
    char fence; /* inside a fenced code block: its character, and how often it stands */
    size_t fence_length;
};

/* The place of an offset in the current line. */
static struct place template_place(const struct template_parser *parser, size_t offset) {
    struct place place = parser->place;
    place.column += offset - parser->line_start;
    return place;
}

/* Moves on to `position`, counting lines. Columns are counted from 1 after the first line. */
static void template_advance(struct template_parser *parser, size_t position) {
    while (parser->position < position) {
        if (parser->text[parser->position++] == '\n') {
            parser->place.line++;
            parser->place.column = 1;
            parser->line_start = parser->position;
        }
    }
}

static size_t template_line_end(const struct template_parser *parser, size_t from) {
    const char *end = memchr(parser->text + from, '\n', parser->length - from);
    return end == NULL ? parser->length : (size_t)(end - parser->text);
}

static struct template_part *template_add(struct template_parser *parser, struct template_parts *parts,
                                          enum template_part_kind kind, size_t from, size_t until) {
    struct template_part *part = arena_push(parser->arena, &parts->items, &parts->count, sizeof *part);
    if (part == NULL) {
        template_memory(parser->diagnostics);
        return NULL;
    }
    part->kind = kind;
    part->text = parser->text + from;
    part->length = until - from;
    return part;
}

static bool template_add_text(struct template_parser *parser, struct template_parts *parts, size_t from, size_t until) {
    return from >= until || template_add(parser, parts, PART_TEXT, from, until) != NULL;
}

static bool template_blank(const struct template_parser *parser, size_t from, size_t until) {
    while (from < until && (parser->text[from] == ' ' || parser->text[from] == '\t'))
        from++;
    return from == until;
}

/* How many fence characters begin the line (after at most three spaces), 0 if fewer than three; and where they stand.
 */
static size_t template_fence(const struct template_parser *parser, size_t line, size_t *at) {
    size_t end = template_line_end(parser, line);
    *at = line;
    while (*at < end && *at < line + 3 && parser->text[*at] == ' ')
        ++*at;
    size_t count = 0;
    while (*at + count < end && (parser->text[*at] == '`' || parser->text[*at] == '~') &&
           parser->text[*at + count] == parser->text[*at])
        count++;
    return count >= 3 ? count : 0;
}

/* The blocks of our own, by what stands after their fence. */
struct template_block {
    const char *name;
    enum template_part_kind kind;
};

static const struct template_block *template_block(const char *name, size_t length) {
    static const struct template_block blocks[] = {
        {"table", PART_TABLE}, {"chart", PART_CHART}, {"page", PART_PAGE_BREAK}};
    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++)
        if (strlen(blocks[i].name) == length && memcmp(blocks[i].name, name, length) == 0)
            return &blocks[i];
    return NULL;
}

/*
 * At the beginning of a line: a block of our own becomes a part, after the text since `*from`; of any other fenced
 * block only the bounds are noted, so that an example of a table inside it stays an example.
 */
static bool template_line(struct template_parser *parser, struct template_parts *parts, size_t *from) {
    size_t at;
    size_t line = parser->position;
    size_t count = template_fence(parser, line, &at);
    if (count == 0)
        return true;
    size_t end = template_line_end(parser, line);
    if (parser->fence != 0) {
        if (parser->text[at] == parser->fence && count >= parser->fence_length &&
            template_blank(parser, at + count, end))
            parser->fence = 0;
        return true;
    }
    size_t name = at + count;
    while (name < end && parser->text[name] == ' ')
        name++;
    size_t name_end = name;
    while (name_end < end && parser->text[name_end] != ' ')
        name_end++;
    const struct template_block *block = template_block(parser->text + name, name_end - name);
    if (block == NULL) {
        parser->fence = parser->text[at];
        parser->fence_length = count;
        return true;
    }
    struct place place = template_place(parser, at);
    char fence = parser->text[at];
    size_t inside = end;
    for (size_t next = end; next < parser->length; next = template_line_end(parser, next)) {
        size_t close;
        size_t start = ++next;
        size_t length = template_fence(parser, start, &close);
        if (length < count || parser->text[close] != fence ||
            !template_blank(parser, close + length, template_line_end(parser, start)))
            continue;
        if (inside < start)
            inside++;
        struct template_part *part = NULL;
        if (template_add_text(parser, parts, *from, line))
            part = template_add(parser, parts, block->kind, inside, start);
        if (part == NULL)
            return false;
        part->place = place;
        size_t after = template_line_end(parser, start);
        template_advance(parser, after < parser->length ? after + 1 : after);
        *from = parser->position;
        return true;
    }
    diagnostics_report(parser->diagnostics, DIAGNOSTIC_TEMPLATE_SYNTAX, &place,
                       "a '%s' block that is not closed; end it with a line of the same %zu marks", block->name, count);
    return false;
}

/* A mark: `{{`, what it is, its name, `}}`. */
struct template_mark {
    struct place place;
    char sign; /* '#', '^', '/', '!', '{', or 0 for a plain value */
    const char *name;
    size_t begin, end;
};

static bool template_bad_mark(struct template_parser *parser, const struct template_mark *mark, const char *advice) {
    int shown = mark->end - mark->begin > 60 ? 60 : (int)(mark->end - mark->begin);
    diagnostics_report(parser->diagnostics, DIAGNOSTIC_TEMPLATE_SYNTAX, &mark->place, "'%.*s' %s", shown,
                       parser->text + mark->begin, advice);
    return false;
}

/* Reads the mark that begins here. */
static bool template_mark(struct template_parser *parser, size_t begin, struct template_mark *mark) {
    *mark = (struct template_mark){.place = template_place(parser, begin), .begin = begin, .end = begin + 2};
    size_t at = begin + 2;
    if (at < parser->length && strchr("#^/!{>=&", parser->text[at]) != NULL && parser->text[at] != '\0')
        mark->sign = parser->text[at++];
    const char *closing = mark->sign == '{' ? "}}}" : "}}";
    const char *found = memmem(parser->text + at, parser->length - at, closing, strlen(closing));
    if (found == NULL)
        return template_bad_mark(parser, mark,
                                 mark->sign == '{' ? "is never closed; add '}}}'" : "is never closed; add '}}'");
    size_t until = (size_t)(found - parser->text);
    mark->end = until + strlen(closing);
    if (mark->sign == '!')
        return true;
    if (mark->sign == '>' || mark->sign == '=' || mark->sign == '&')
        return template_bad_mark(parser, mark,
                                 "is a kind of mark that templates do not have; use '{{name}}', "
                                 "'{{{name}}}', '{{#name}}', '{{^name}}', '{{/name}}' or '{{! }}'");
    while (at < until && parser->text[at] == ' ')
        at++;
    while (until > at && parser->text[until - 1] == ' ')
        until--;
    mark->name = arena_copy(parser->arena, parser->text + at, until - at);
    if (mark->name == NULL)
        return template_memory(parser->diagnostics);
    if (!text_is_name(mark->name, false) || strlen(mark->name) > LIMIT_NAME_BYTES)
        return template_bad_mark(parser, mark, "does not hold a name; write one of a-z, 0-9 and '_'");
    return true;
}

/* A section's mark or a comment that is alone on its line takes the whole line with it. */
static void template_alone(const struct template_parser *parser, const struct template_mark *mark, size_t *before,
                           size_t *after) {
    size_t end = template_line_end(parser, mark->end);
    *before = mark->begin;
    *after = mark->end;
    if (mark->sign == 0 || mark->sign == '{' || !template_blank(parser, parser->line_start, mark->begin) ||
        !template_blank(parser, mark->end, end))
        return;
    *before = parser->line_start;
    *after = end < parser->length ? end + 1 : end;
}

static bool template_parse_parts(struct template_parser *parser, struct template_parts *parts,
                                 const struct template_part *section, size_t depth);

static bool template_open(struct template_parser *parser, struct template_parts *parts,
                          const struct template_mark *mark, size_t depth) {
    static const enum template_part_kind kinds[] = {['#'] = PART_SECTION, ['^'] = PART_INVERTED, ['{'] = PART_MARKDOWN};
    struct template_part *part =
        template_add(parser, parts, mark->sign == 0 ? PART_VALUE : kinds[(int)mark->sign], mark->begin, mark->end);
    if (part == NULL)
        return false;
    part->text = mark->name;
    part->length = strlen(mark->name);
    part->place = mark->place;
    if (part->kind != PART_SECTION && part->kind != PART_INVERTED)
        return true;
    if (depth < LIMIT_TEMPLATE_DEPTH)
        return template_parse_parts(parser, &part->inner, part, depth + 1);
    diagnostics_report(parser->diagnostics, DIAGNOSTIC_TEMPLATE_LIMIT, &mark->place,
                       "sections nest more than %d deep; let a query join what an inner section looks up",
                       LIMIT_TEMPLATE_DEPTH);
    return false;
}

static bool template_close(struct template_parser *parser, const struct template_mark *mark,
                           const struct template_part *section) {
    if (section != NULL && strcmp(section->text, mark->name) == 0)
        return true;
    if (section == NULL)
        return template_bad_mark(parser, mark, "closes a section that is not open; take it out");
    diagnostics_report(parser->diagnostics, DIAGNOSTIC_TEMPLATE_SYNTAX, &mark->place,
                       "'{{/%s}}' stands where '%s', opened on line %llu, is still open; close that first", mark->name,
                       section->text, (unsigned long long)section->place.line);
    return false;
}

/* Up to the mark that closes `section`, or to the end. */
static bool template_parse_parts(struct template_parser *parser, struct template_parts *parts,
                                 const struct template_part *section, size_t depth) {
    size_t from = parser->position;
    while (parser->position < parser->length) {
        size_t here = parser->position;
        if (parser->blocks && here == parser->line_start) {
            if (!template_line(parser, parts, &from))
                return false;
            if (parser->position > here)
                continue;
        }
        if (parser->length - here < 2 || parser->text[here] != '{' || parser->text[here + 1] != '{') {
            template_advance(parser, here + 1);
            continue;
        }
        struct template_mark mark;
        size_t before;
        size_t after;
        if (!template_mark(parser, here, &mark))
            return false;
        template_alone(parser, &mark, &before, &after);
        if (!template_add_text(parser, parts, from, before))
            return false;
        template_advance(parser, after);
        from = after;
        if (mark.sign == '/')
            return template_close(parser, &mark, section);
        if (mark.sign != '!' && !template_open(parser, parts, &mark, depth))
            return false;
        from = parser->position;
    }
    if (section != NULL) {
        diagnostics_report(parser->diagnostics, DIAGNOSTIC_TEMPLATE_SYNTAX, &section->place,
                           "the section '%s' is never closed; add '{{/%s}}'", section->text, section->text);
        return false;
    }
    return template_add_text(parser, parts, from, parser->length);
}

bool template_parse(struct arena *arena, const char *text, size_t length, const struct place *place, bool blocks,
                    struct template_parts *parts, struct diagnostics *diagnostics) {
    struct template_parser parser = {
        .arena = arena, .diagnostics = diagnostics, .text = text, .length = length, .place = *place, .blocks = blocks};
    if (parser.place.column == 0)
        parser.place.column = 1;
    return template_parse_parts(&parser, parts, NULL, 0);
}
