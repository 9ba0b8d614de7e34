#include "config/yaml.h"

#include "base/buffer.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

struct yaml_reader {
    struct arena *arena;
    struct diagnostics *diagnostics;
    const char *path;
    const char *bytes;
    size_t length;
    yaml_parser_t parser;
    size_t nodes;
    /* What open mappings and sequences hold, the innermost's last: each is copied once, at its end. */
    struct buffer pairs;
    struct buffer items;
    size_t line; /* the one last asked for, counted from 0, and where it begins */
    size_t line_at;
    bool refused; /* something was reported that does not stop the parsing */
};

/* What libyaml says, and what its user should hear. */
static const struct {
    const char *problem;
    const char *advice;
} yaml_advice[] = {
    {"mapping values are not allowed in this context",
     "a ': ' where none can stand; put a text that holds a colon in quotes, or check the indentation"},
    {"could not find expected ':'", "a key without its ':'; write 'key: value', or indent a continued text further"},
    {"did not find expected key", "this does not line up with what stands above; check the indentation and the quotes"},
    {"did not find expected '-' indicator",
     "this is not an item of the list above; begin it with '- ' or check the indentation"},
    {"did not find expected ',' or ']'", "a list in brackets that is not closed; add a ',' or ']'"},
    {"did not find expected ',' or '}'", "a mapping in braces that is not closed; add a ',' or '}'"},
    {"found unexpected end of stream", "a quoted text that is not closed; add the closing quote"},
    {"found character that cannot start any token", "a character that cannot begin a value; put the text in quotes"},
    {"found unknown escape character", "an unknown escape in a text in double quotes; use single quotes"},
    {"block sequence entries are not allowed in this context",
     "a list cannot begin here; put it on its own lines below the key"},
    {"found a tab character that violates indentation", "a tab in the indentation; use spaces"},
};

static struct place yaml_place(const struct yaml_reader *reader, const yaml_mark_t *mark) {
    return (struct place){.path = reader->path, .line = mark->line + 1, .column = mark->column + 1};
}

static void yaml_out_of_memory(const struct yaml_reader *reader) {
    diagnostics_report(reader->diagnostics, DIAGNOSTIC_MEMORY, NULL, "memory ran out while reading %s", reader->path);
}

/* The beginning of a line (counted from 0), or the end of the text. Mostly each asked for is behind the one before. */
static size_t yaml_line_start(struct yaml_reader *reader, size_t line) {
    if (line < reader->line) {
        reader->line = 0;
        reader->line_at = 0;
    }
    while (reader->line < line) {
        const char *end = memchr(reader->bytes + reader->line_at, '\n', reader->length - reader->line_at);
        if (end == NULL)
            return reader->length;
        reader->line_at = (size_t)(end - reader->bytes) + 1;
        reader->line++;
    }
    return reader->line_at;
}

/* Whether the line's indentation has a tab; the tab's column goes to `column`. */
static bool yaml_tab_indents(struct yaml_reader *reader, size_t line, size_t *column) {
    size_t start = yaml_line_start(reader, line);
    for (size_t i = start; i < reader->length && (reader->bytes[i] == ' ' || reader->bytes[i] == '\t'); i++) {
        if (reader->bytes[i] == '\t') {
            *column = i - start;
            return true;
        }
    }
    return false;
}

/* Reports what made libyaml stop. */
static void yaml_report_problem(struct yaml_reader *reader) {
    const yaml_parser_t *parser = &reader->parser;
    const char *problem = parser->problem != NULL ? parser->problem : "malformed YAML";
    struct place place = yaml_place(reader, &parser->problem_mark);
    size_t column;

    if (parser->error == YAML_MEMORY_ERROR) {
        yaml_out_of_memory(reader);
        return;
    }
    if (parser->error == YAML_READER_ERROR) {
        place.line = 1;
        place.column = 0;
        for (size_t i = 0; i < parser->problem_offset && i < reader->length; i++)
            place.line += reader->bytes[i] == '\n';
        diagnostics_report(reader->diagnostics, DIAGNOSTIC_YAML_SYNTAX, &place, "a control character; remove it (%s)",
                           problem);
        return;
    }
    if (yaml_tab_indents(reader, parser->problem_mark.line, &column)) {
        place.column = column + 1;
        diagnostics_report(reader->diagnostics, DIAGNOSTIC_YAML_SYNTAX, &place,
                           "a tab in the indentation; replace it by spaces");
        return;
    }
    const char *advice = NULL;
    for (size_t i = 0; i < sizeof(yaml_advice) / sizeof(yaml_advice[0]); i++) {
        if (strcmp(problem, yaml_advice[i].problem) == 0)
            advice = yaml_advice[i].advice;
    }
    if (advice == NULL)
        advice = "malformed YAML; check the indentation and the quotes";
    if (parser->context != NULL && parser->context_mark.line != parser->problem_mark.line)
        diagnostics_report(reader->diagnostics, DIAGNOSTIC_YAML_SYNTAX, &place, "%s (%s, %s that begins in line %zu)",
                           advice, problem, parser->context, parser->context_mark.line + 1);
    else
        diagnostics_report(reader->diagnostics, DIAGNOSTIC_YAML_SYNTAX, &place, "%s (%s)", advice, problem);
}

static bool yaml_next(struct yaml_reader *reader, yaml_event_t *event) {
    if (yaml_parser_parse(&reader->parser, event))
        return true;
    yaml_report_problem(reader);
    return false;
}

static bool yaml_is_null(const char *text) {
    return text[0] == '\0' || strcmp(text, "~") == 0 || strcmp(text, "null") == 0 || strcmp(text, "Null") == 0 ||
           strcmp(text, "NULL") == 0;
}

/* Where the text of a block scalar begins: its first line, behind the indentation that YAML takes away. */
static struct place yaml_block_place(struct yaml_reader *reader, const yaml_mark_t *mark, const char *text) {
    struct place place = yaml_place(reader, mark);
    size_t offset = yaml_line_start(reader, mark->line + 1);
    size_t indent = 0;
    size_t kept = 0;

    while (offset < reader->length && (reader->bytes[offset] == ' ' || reader->bytes[offset] == '\n')) {
        indent = reader->bytes[offset] == ' ' ? indent + 1 : 0;
        offset++;
    }
    for (; *text == ' ' || *text == '\n'; text++)
        kept = *text == ' ' ? kept + 1 : 0;
    place.line++;
    place.column = (indent >= kept ? indent - kept : 0) + 1;
    return place;
}

static bool yaml_fill_scalar(struct yaml_reader *reader, const yaml_event_t *event, struct yaml_node *node) {
    const char *bytes = (const char *)event->data.scalar.value;
    size_t length = event->data.scalar.length;
    yaml_scalar_style_t style = event->data.scalar.style;

    if (memchr(bytes, '\0', length) != NULL) {
        diagnostics_report(reader->diagnostics, DIAGNOSTIC_YAML_REFUSED, &node->place,
                           "a text with a NUL character; remove the \\0");
        return false;
    }
    char *text = arena_copy(reader->arena, bytes, length);
    if (text == NULL) {
        yaml_out_of_memory(reader);
        return false;
    }
    node->text = text;
    node->length = length;
    node->quoted = style != YAML_PLAIN_SCALAR_STYLE;
    node->kind = !node->quoted && yaml_is_null(text) ? YAML_NULL : YAML_SCALAR;
    node->text_place = node->place;
    if (style == YAML_LITERAL_SCALAR_STYLE || style == YAML_FOLDED_SCALAR_STYLE)
        node->text_place = yaml_block_place(reader, &event->start_mark, text);
    else if (node->quoted)
        node->text_place.column++;
    return true;
}

/* Aliases, anchors and tags are refused wherever they stand: they make a file say other than what one reads. */
static void yaml_refuse_decorated(struct yaml_reader *reader, const yaml_event_t *event) {
    const yaml_char_t *anchor = NULL;
    const yaml_char_t *tag = NULL;
    struct place place = yaml_place(reader, &event->start_mark);

    switch (event->type) {
    case YAML_ALIAS_EVENT:
        diagnostics_report(reader->diagnostics, DIAGNOSTIC_YAML_REFUSED, &place,
                           "the alias *%s is not read; write out what it stands for", event->data.alias.anchor);
        reader->refused = true;
        break;
    case YAML_SCALAR_EVENT:
        anchor = event->data.scalar.anchor;
        tag = event->data.scalar.tag;
        break;
    case YAML_SEQUENCE_START_EVENT:
        anchor = event->data.sequence_start.anchor;
        tag = event->data.sequence_start.tag;
        break;
    case YAML_MAPPING_START_EVENT:
        anchor = event->data.mapping_start.anchor;
        tag = event->data.mapping_start.tag;
        break;
    default:
        break;
    }
    if (anchor != NULL)
        diagnostics_report(reader->diagnostics, DIAGNOSTIC_YAML_REFUSED, &place,
                           "the anchor &%s is not read; remove it, or quote a text that begins with '&'", anchor);
    else if (tag != NULL)
        diagnostics_report(reader->diagnostics, DIAGNOSTIC_YAML_REFUSED, &place,
                           "the tag %s is not read; remove it, or quote a text that begins with '!'", tag);
    if (anchor != NULL || tag != NULL)
        reader->refused = true;
}

static int yaml_compare_pairs(const void *a, const void *b) {
    const struct yaml_pair *first = *(const struct yaml_pair *const *)a;
    const struct yaml_pair *second = *(const struct yaml_pair *const *)b;
    int order = strcmp(first->key, second->key);
    if (order != 0)
        return order;
    return (first > second) - (first < second);
}

/* Every key once; each further one is reported at its own place. False only when memory is out. */
static bool yaml_check_keys(struct yaml_reader *reader, const struct yaml_node *mapping) {
    if (mapping->count < 2)
        return true;
    const struct yaml_pair **sorted = calloc(mapping->count, sizeof(*sorted));
    if (sorted == NULL) {
        yaml_out_of_memory(reader);
        return false;
    }
    for (size_t i = 0; i < mapping->count; i++)
        sorted[i] = &mapping->pairs[i];
    qsort(sorted, mapping->count, sizeof(*sorted), yaml_compare_pairs);
    for (size_t i = 1; i < mapping->count; i++) {
        if (strcmp(sorted[i - 1]->key, sorted[i]->key) != 0)
            continue;
        diagnostics_report(reader->diagnostics, DIAGNOSTIC_DUPLICATE_KEY, &sorted[i]->place,
                           "the key '%s' stands already in line %llu; keep one of them", sorted[i]->key,
                           (unsigned long long)sorted[i - 1]->place.line);
        reader->refused = true;
    }
    free(sorted);
    return true;
}

static struct yaml_node *yaml_build(struct yaml_reader *reader, const yaml_event_t *event, size_t depth);
static bool yaml_fill(struct yaml_reader *reader, const yaml_event_t *event, size_t depth, struct yaml_node *node);

static bool yaml_push(struct yaml_reader *reader, struct buffer *pending, const void *element, size_t size) {
    buffer_append(pending, element, size);
    if (pending->failed)
        yaml_out_of_memory(reader);
    return !pending->failed;
}

/* Takes off what was pushed since the length was `from`: an array in the arena; NULL after reporting that memory is
 * out. */
static void *yaml_take(struct yaml_reader *reader, struct buffer *pending, size_t from) {
    size_t length = pending->length - from;
    void *array = arena_allocate(reader->arena, length);
    if (array == NULL)
        yaml_out_of_memory(reader);
    else if (length > 0)
        memcpy(array, pending->data + from, length);
    pending->length = from;
    return array;
}

static bool yaml_fill_sequence(struct yaml_reader *reader, struct yaml_node *node, size_t depth) {
    size_t from = reader->items.length;

    for (;;) {
        yaml_event_t event;
        if (!yaml_next(reader, &event))
            return false;
        if (event.type == YAML_SEQUENCE_END_EVENT) {
            yaml_event_delete(&event);
            node->items = yaml_take(reader, &reader->items, from);
            return node->items != NULL;
        }
        struct yaml_node *item = yaml_build(reader, &event, depth + 1);
        yaml_event_delete(&event);
        if (item == NULL)
            return false;
        if (!yaml_push(reader, &reader->items, &item, sizeof(item)))
            return false;
        node->count++;
    }
}

static bool yaml_fill_mapping(struct yaml_reader *reader, struct yaml_node *node, size_t depth) {
    size_t from = reader->pairs.length;

    for (;;) {
        yaml_event_t event;
        if (!yaml_next(reader, &event))
            return false;
        if (event.type == YAML_MAPPING_END_EVENT) {
            yaml_event_delete(&event);
            node->pairs = yaml_take(reader, &reader->pairs, from);
            return node->pairs != NULL && yaml_check_keys(reader, node);
        }
        struct yaml_node key = {0};
        bool filled = yaml_fill(reader, &event, depth + 1, &key);
        yaml_event_delete(&event);
        if (!filled)
            return false;
        if (key.kind != YAML_SCALAR && key.kind != YAML_NULL) {
            diagnostics_report(reader->diagnostics, DIAGNOSTIC_YAML_REFUSED, &key.place,
                               "a list or mapping as a key; keys are texts, put it in quotes");
            return false;
        }
        if (!yaml_next(reader, &event))
            return false;
        struct yaml_node *value = yaml_build(reader, &event, depth + 1);
        yaml_event_delete(&event);
        if (value == NULL)
            return false;
        struct yaml_pair pair = {.key = key.text, .place = key.place, .value = value};
        if (!yaml_push(reader, &reader->pairs, &pair, sizeof(pair)))
            return false;
        node->count++;
    }
}

/* Fills a zeroed node with what begins with `event`, which stays the caller's. */
static bool yaml_fill(struct yaml_reader *reader, const yaml_event_t *event, size_t depth, struct yaml_node *node) {
    struct place place = yaml_place(reader, &event->start_mark);

    yaml_refuse_decorated(reader, event);
    if (depth > LIMIT_YAML_DEPTH) {
        diagnostics_report(reader->diagnostics, DIAGNOSTIC_YAML_REFUSED, &place, "nested more than %d deep; flatten it",
                           LIMIT_YAML_DEPTH);
        return false;
    }
    if (++reader->nodes > LIMIT_YAML_NODES) {
        diagnostics_report(reader->diagnostics, DIAGNOSTIC_YAML_REFUSED, &place,
                           "more than %d values in one file; split the file", LIMIT_YAML_NODES);
        return false;
    }
    node->place = place;
    if (event->type == YAML_SEQUENCE_START_EVENT) {
        node->kind = YAML_SEQUENCE;
        return yaml_fill_sequence(reader, node, depth);
    }
    if (event->type == YAML_MAPPING_START_EVENT) {
        node->kind = YAML_MAPPING;
        return yaml_fill_mapping(reader, node, depth);
    }
    if (event->type == YAML_ALIAS_EVENT) {
        node->kind = YAML_NULL;
        node->text = "";
        return true;
    }
    return yaml_fill_scalar(reader, event, node);
}

static struct yaml_node *yaml_build(struct yaml_reader *reader, const yaml_event_t *event, size_t depth) {
    struct yaml_node *node = arena_allocate(reader->arena, sizeof(*node));
    if (node == NULL) {
        yaml_out_of_memory(reader);
        return NULL;
    }
    return yaml_fill(reader, event, depth, node) ? node : NULL;
}

/* Stream start, at most one document, stream end. */
static struct yaml_node *yaml_read_stream(struct yaml_reader *reader) {
    struct yaml_node *root = NULL;
    size_t documents = 0;
    bool ended = false;

    while (!ended) {
        yaml_event_t event;
        if (!yaml_next(reader, &event))
            return NULL;
        struct place place = yaml_place(reader, &event.start_mark);
        bool good = true;
        switch (event.type) {
        case YAML_STREAM_START_EVENT:
        case YAML_DOCUMENT_END_EVENT:
            break;
        case YAML_STREAM_END_EVENT:
            ended = true;
            break;
        case YAML_DOCUMENT_START_EVENT:
            if (documents++ > 0) {
                diagnostics_report(reader->diagnostics, DIAGNOSTIC_YAML_REFUSED, &place,
                                   "a second document in one file; remove the '---' or make it a file of its own");
                good = false;
            }
            break;
        default:
            root = yaml_build(reader, &event, 1);
            good = root != NULL;
            break;
        }
        yaml_event_delete(&event);
        if (!good)
            return NULL;
    }
    if (root == NULL) {
        root = arena_allocate(reader->arena, sizeof(*root));
        if (root == NULL) {
            yaml_out_of_memory(reader);
            return NULL;
        }
        root->place = (struct place){.path = reader->path, .line = 1, .column = 1};
        root->text_place = root->place;
        root->text = "";
    }
    return root;
}

/* What libyaml would pass or refuse without a line: bytes that are no UTF-8, and NUL. */
static bool yaml_check_bytes(struct yaml_reader *reader) {
    size_t bad = 0;
    const char *nul = memchr(reader->bytes, '\0', reader->length);
    bool encoded = text_utf8_valid(reader->bytes, reader->length, &bad);

    if (encoded && nul == NULL)
        return true;
    if (encoded || (nul != NULL && (size_t)(nul - reader->bytes) < bad))
        bad = (size_t)(nul - reader->bytes);
    struct place place = {.path = reader->path, .line = 1, .column = 1};
    for (size_t i = 0; i < bad; i++) {
        place.column = reader->bytes[i] == '\n' ? 1 : place.column + (((unsigned char)reader->bytes[i] & 0xC0) != 0x80);
        place.line += reader->bytes[i] == '\n';
    }
    if (reader->bytes[bad] == '\0')
        diagnostics_report(reader->diagnostics, DIAGNOSTIC_YAML_SYNTAX, &place,
                           "a NUL byte; this is not a text file, or it is not saved as UTF-8");
    else
        diagnostics_report(reader->diagnostics, DIAGNOSTIC_YAML_SYNTAX, &place,
                           "byte 0x%02X is not UTF-8; save the file as UTF-8", (unsigned char)reader->bytes[bad]);
    return false;
}

struct yaml_node *yaml_parse(struct arena *arena, const char *path, const char *bytes, size_t length,
                             struct diagnostics *diagnostics) {
    static const char mark[] = "\xEF\xBB\xBF";
    struct yaml_node *root = NULL;
    struct yaml_reader reader = {.arena = arena, .diagnostics = diagnostics, .path = path};

    reader.path = arena_text(arena, path);
    if (reader.path == NULL) {
        diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "memory ran out while reading %s", path);
        return NULL;
    }
    if (length >= 3 && memcmp(bytes, mark, 3) == 0) {
        bytes += 3;
        length -= 3;
    }
    reader.bytes = bytes;
    reader.length = length;
    if (length > LIMIT_YAML_BYTES) {
        struct place place = {.path = reader.path};
        diagnostics_report(diagnostics, DIAGNOSTIC_FILE_TOO_LARGE, &place,
                           "larger than %u bytes, the limit for a configuration file; split it", LIMIT_YAML_BYTES);
        return NULL;
    }
    if (!yaml_check_bytes(&reader))
        return NULL;
    if (!yaml_parser_initialize(&reader.parser)) {
        yaml_out_of_memory(&reader);
        return NULL;
    }
    yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reader.parser, (const unsigned char *)bytes, length);
    root = yaml_read_stream(&reader);
    buffer_free(&reader.pairs);
    buffer_free(&reader.items);
    yaml_parser_delete(&reader.parser);
    return reader.refused ? NULL : root;
}

struct yaml_node *yaml_load(struct arena *arena, const char *path, struct diagnostics *diagnostics) {
    struct buffer bytes = {0};
    struct yaml_node *root = NULL;
    if (file_read(path, LIMIT_YAML_BYTES, &bytes, diagnostics))
        root = yaml_parse(arena, path, bytes.length > 0 ? bytes.data : "", bytes.length, diagnostics);
    buffer_free(&bytes);
    return root;
}

struct yaml_node *yaml_get(const struct yaml_node *mapping, const char *key) {
    if (mapping == NULL || mapping->kind != YAML_MAPPING)
        return NULL;
    for (size_t i = 0; i < mapping->count; i++) {
        if (strcmp(mapping->pairs[i].key, key) == 0)
            return mapping->pairs[i].value;
    }
    return NULL;
}
