#include "base/buffer.h"
#include "base/diagnostics.h"
#include "base/limits.h"
#include "read/nest.h"
#include "read/xml_input.h"

#include <errno.h>
#include <libxml/parser.h>
#include <libxml/xmlerror.h>
#include <stdlib.h>
#include <string.h>

/*
 * XML by libxml2's SAX2, pushed a chunk at a time: what a chunk gives is kept in a queue until it is asked for. Nothing
 * outside the document is fetched, no entity but the five predefined is known, no declaration is read.
 */
enum xml_nest_sort { XML_NEST_EVENT, XML_NEST_TEXT, XML_NEST_FLAW };

struct xml_nest_item {
    enum xml_nest_sort sort;
    enum nest_event event;
    size_t text; /* in the pool */
    size_t length;
    uint64_t offset;
    uint64_t end;
    uint64_t line;
};

struct xml_nest {
    struct nest nest; /* first */
    struct xml_input input;
    xmlParserCtxt *parser;
    struct buffer queue; /* of struct xml_nest_item */
    size_t next;         /* to be given */
    struct buffer pool;
    unsigned elements; /* open in what was parsed, the document included */
    unsigned depth;    /* open in what was given */
    bool rooted;       /* the root has begun */
    bool complete;     /* and ended */
    bool ending;       /* the parser is told of the end of the input */
    bool finished;     /* the parser was told of the end, or has stopped: `finish` follows the queue */
    enum nest_event finish;
    uint64_t finish_line;
    uint64_t finish_column;
    struct buffer error;
    enum nest_event last;
    bool stopped;
    bool holding;
    bool blanks;        /* those at the ends of a text are kept */
    struct buffer held; /* the text that has come since */
};

static bool xml_nest_put(struct xml_nest *nest, const struct xml_nest_item *item, const char *text, size_t length) {
    struct xml_nest_item put = *item;

    put.text = nest->pool.length;
    put.length = length;
    buffer_append(&nest->pool, text, length);
    buffer_append(&nest->queue, &put, sizeof put);
    return !nest->queue.failed && !nest->pool.failed;
}

/* Ends parsing; what was parsed before is still given. The first reason counts. */
static void xml_nest_finish(struct xml_nest *nest, enum nest_event event, enum nest_problem problem,
                            const char *error) {
    if (nest->finished) {
        return;
    }
    nest->finished = true;
    nest->finish = event;
    nest->nest.problem = problem;
    size_t length = strcspn(error, "\n");
    while (length > 0 && strchr("\n. ", error[length - 1]) != NULL) {
        length--;
    }
    buffer_clear(&nest->error);
    buffer_append(&nest->error, error, length);
    if (nest->parser != NULL && nest->parser->input != NULL) {
        nest->finish_line = (uint64_t)nest->parser->input->line;
        nest->finish_column = (uint64_t)nest->parser->input->col;
    }
    if (nest->parser != NULL && event == NEST_ERROR) {
        xmlStopParser(nest->parser);
    }
}

static void xml_nest_hear(void *context, xmlError *error) {
    struct xml_nest *nest = context;
    enum nest_problem problem = NEST_PROBLEM_SYNTAX;

    if (error->level != XML_ERR_FATAL || nest->finished) {
        return;
    }
    if (error->code == XML_ERR_NO_MEMORY) {
        nest->nest.system_error = ENOMEM;
        xml_nest_finish(nest, NEST_READ_FAILED, problem, "");
        return;
    }
    const char *message = error->message == NULL ? "it is not well-formed" : error->message;
    bool improper = strncmp(message, "Input is not proper", strlen("Input is not proper")) == 0;
    if (improper || error->code == XML_ERR_INVALID_ENCODING || error->code == XML_ERR_UNSUPPORTED_ENCODING ||
        error->code == XML_ERR_UNKNOWN_ENCODING || error->domain == XML_FROM_I18N) {
        problem = NEST_PROBLEM_ENCODING;
    } else if (error->code == XML_ERR_UNDECLARED_ENTITY) {
        problem = NEST_PROBLEM_REFUSED;
    }
    bool truncated = nest->ending && !nest->complete;
    xml_nest_finish(nest, truncated ? NEST_TRUNCATED : NEST_ERROR, problem,
                    improper ? "the text is not in the encoding that it declares" : message);
}

/* Called at the head of a DOCTYPE, when the next byte tells whether declarations follow: none of them is read. */
static void xml_nest_doctype(void *context, const xmlChar *name, const xmlChar *public_id, const xmlChar *system_id) {
    struct xml_nest *nest = context;

    (void)name;
    (void)public_id;
    (void)system_id;
    if (nest->parser->input != NULL && *nest->parser->input->cur == '[') {
        xml_nest_finish(nest, NEST_ERROR, NEST_PROBLEM_REFUSED, "the DOCTYPE declares entities or elements of its own");
    }
}

/* Of an attribute's value libxml2 leaves each '&' as "&#38;". */
static bool xml_nest_put_value(struct xml_nest *nest, struct xml_nest_item *item, const char *text, size_t length) {
    static const char reference[] = "&#38;";
    size_t start = nest->pool.length;

    for (size_t i = 0; i < length; i++) {
        buffer_append_byte(&nest->pool, text[i]);
        if (length - i >= sizeof reference - 1 && memcmp(text + i, reference, sizeof reference - 1) == 0) {
            i += sizeof reference - 2;
        }
    }
    item->text = start;
    item->length = nest->pool.length - start;
    buffer_append(&nest->queue, item, sizeof *item);
    return !nest->queue.failed && !nest->pool.failed;
}

static void xml_nest_start(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                           int namespace_count, const xmlChar **namespaces, int attribute_count, int defaulted,
                           const xmlChar **attributes) {
    struct xml_nest *nest = context;
    const char *text = (const char *)name;
    struct xml_nest_item item = {.sort = XML_NEST_EVENT};

    (void)prefix;
    (void)uri;
    (void)namespace_count;
    (void)namespaces;
    (void)defaulted;
    item.end = (uint64_t)xmlByteConsumed(nest->parser);
    item.line = (uint64_t)nest->parser->input->line;
    item.offset = xml_input_tag(&nest->input, item.end, &item.line);
    if (!nest->rooted) {
        nest->rooted = true;
        nest->elements = 1;
        item.event = NEST_OBJECT_BEGIN;
        xml_nest_put(nest, &item, "", 0);
    }
    if (nest->elements == LIMIT_JSON_DEPTH) {
        xml_nest_finish(nest, NEST_ERROR, NEST_PROBLEM_DEPTH, "elements are nested more than 63 deep");
        return;
    }
    nest->elements++;
    item.event = NEST_KEY;
    xml_nest_put(nest, &item, text, strlen(text));
    item.event = NEST_OBJECT_BEGIN;
    bool good = xml_nest_put(nest, &item, "", 0);
    for (int i = 0; i < attribute_count && good; i++) {
        const xmlChar **attribute = attributes + (size_t)i * 5;
        const char *value = (const char *)attribute[3];
        size_t start = nest->pool.length;
        buffer_append_byte(&nest->pool, '@');
        buffer_append_text(&nest->pool, (const char *)attribute[0]);
        item.event = NEST_KEY;
        item.text = start;
        item.length = nest->pool.length - start;
        buffer_append(&nest->queue, &item, sizeof item);
        item.event = NEST_STRING;
        good = xml_nest_put_value(nest, &item, value, (size_t)(attribute[4] - attribute[3]));
    }
}

static void xml_nest_stop_element(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri) {
    struct xml_nest *nest = context;
    struct xml_nest_item item = {.sort = XML_NEST_EVENT, .event = NEST_OBJECT_END};

    (void)name;
    (void)prefix;
    (void)uri;
    item.end = (uint64_t)xmlByteConsumed(nest->parser);
    item.line = (uint64_t)nest->parser->input->line;
    item.offset = xml_input_tag(&nest->input, item.end, &item.line);
    xml_nest_put(nest, &item, "", 0);
    if (--nest->elements == 1) {
        nest->complete = true;
        xml_nest_put(nest, &item, "", 0);
        item.event = NEST_DOCUMENT_END;
        xml_nest_put(nest, &item, "", 0);
    }
}

static void xml_nest_characters(void *context, const xmlChar *text, int length) {
    const struct xml_nest_item item = {.sort = XML_NEST_TEXT};

    xml_nest_put(context, &item, (const char *)text, (size_t)length);
}

/* An entity that only an external DTD could declare: what it stands for is not known. */
static void xml_nest_reference(void *context, const xmlChar *name) {
    struct xml_nest *nest = context;
    const struct xml_nest_item item = {.sort = XML_NEST_FLAW, .line = (uint64_t)nest->parser->input->line};

    (void)name;
    xml_nest_put(nest, &item, "", 0);
}

/* libxml2 writes to the standard error what it cannot charge to a parser, such as a failed conversion. */
static void xml_nest_hush(void *context, const char *format, ...) {
    (void)context;
    (void)format;
}

static void xml_nest_close(struct nest *base) {
    struct xml_nest *nest = (struct xml_nest *)base;

    xmlFreeParserCtxt(nest->parser);
    xml_input_close(&nest->input);
    buffer_free(&nest->queue);
    buffer_free(&nest->pool);
    buffer_free(&nest->error);
    buffer_free(&nest->held);
    free(nest);
}

static struct nest *xml_nest_open(struct byte_source *bytes, bool lines) {
    xmlSAXHandler handlers = {
        .initialized = XML_SAX2_MAGIC,
        .internalSubset = xml_nest_doctype,
        .reference = xml_nest_reference,
        .characters = xml_nest_characters,
        .ignorableWhitespace = xml_nest_characters,
        .startElementNs = xml_nest_start,
        .endElementNs = xml_nest_stop_element,
        .serror = xml_nest_hear,
    };
    struct xml_nest *nest = calloc(1, sizeof *nest);

    (void)lines;
    if (nest == NULL) {
        return NULL;
    }
    xmlSetGenericErrorFunc(NULL, xml_nest_hush);
    nest->nest.format = &xml_nest_format;
    nest->nest.line = 1;
    xml_input_open(&nest->input, bytes);
    nest->parser = xmlCreatePushParserCtxt(&handlers, nest, NULL, 0, NULL);
    if (nest->parser == NULL) {
        xml_nest_close(&nest->nest);
        return NULL;
    }
    xmlCtxtUseOptions(nest->parser, XML_PARSE_NONET | XML_PARSE_NOCDATA | XML_PARSE_COMPACT);
    return &nest->nest;
}

/* The input has ended: whether the document has too. */
static void xml_nest_end(struct xml_nest *nest) {
    nest->ending = true;
    if (nest->complete) {
        xmlParseChunk(nest->parser, NULL, 0, 1);
        xml_nest_finish(nest, NEST_END, NEST_PROBLEM_SYNTAX, "");
    } else if (nest->input.total == 0) {
        xml_nest_finish(nest, NEST_END, NEST_PROBLEM_SYNTAX, "");
    } else if (!nest->rooted && !xml_input_begins(&nest->input)) {
        xml_nest_finish(nest, NEST_ERROR, NEST_PROBLEM_SYNTAX, "there is no element");
    } else {
        xmlParseChunk(nest->parser, NULL, 0, 1);
        xml_nest_finish(nest, NEST_TRUNCATED, NEST_PROBLEM_SYNTAX, "");
    }
}

/* Parses one chunk more. */
static void xml_nest_feed(struct xml_nest *nest) {
    const char *chunk;
    size_t length;
    long consumed = nest->input.total == 0 ? 0 : xmlByteConsumed(nest->parser);

    nest->queue.length = 0;
    nest->pool.length = 0;
    nest->next = 0;
    switch (xml_input_more(&nest->input, consumed < 0 ? 0 : (uint64_t)consumed, &chunk, &length)) {
    case XML_INPUT_FAILED:
        nest->nest.system_error = nest->input.error;
        xml_nest_finish(nest, NEST_READ_FAILED, NEST_PROBLEM_SYNTAX, "");
        return;
    case XML_INPUT_TOO_LONG:
        xml_nest_finish(nest, NEST_ERROR, NEST_PROBLEM_LENGTH, "a tag or text is longer than 16 MiB");
        return;
    case XML_INPUT_NUL:
        if (length > 0) {
            xmlParseChunk(nest->parser, chunk, (int)length, 0);
        }
        xml_nest_finish(nest, NEST_ERROR, NEST_PROBLEM_SYNTAX, "a NUL stands in the text");
        return;
    case XML_INPUT_END:
        xml_nest_end(nest);
        return;
    case XML_INPUT_MORE:
        break;
    }
    int result = xmlParseChunk(nest->parser, chunk, (int)length, 0);
    if (nest->queue.failed || nest->pool.failed) {
        nest->nest.system_error = ENOMEM;
        nest->finished = false;
        xml_nest_finish(nest, NEST_READ_FAILED, NEST_PROBLEM_SYNTAX, "");
    } else if (result != 0 && !nest->parser->wellFormed) {
        bool conversion = result == XML_ERR_INVALID_ENCODING || result == XML_I18N_CONV_FAILED;
        xml_nest_finish(nest, NEST_ERROR, conversion ? NEST_PROBLEM_ENCODING : NEST_PROBLEM_SYNTAX,
                        conversion ? "the text is not in the encoding that it declares" : "it is not well-formed");
    }
}

static enum nest_event xml_nest_ended(struct xml_nest *nest) {
    nest->stopped = true;
    nest->last = nest->finish;
    nest->nest.line = nest->finish_line > 0 ? nest->finish_line : 1;
    nest->nest.column = nest->finish_column;
    nest->nest.error = buffer_text(&nest->error) != NULL ? buffer_text(&nest->error) : "it is not well-formed";
    return nest->last;
}

static enum nest_event xml_nest_next(struct nest *base) {
    struct xml_nest *nest = (struct xml_nest *)base;

    while (!nest->stopped) {
        size_t count = nest->queue.failed ? 0 : nest->queue.length / sizeof(struct xml_nest_item);
        if (nest->next == count) {
            if (nest->finished) {
                return xml_nest_ended(nest);
            }
            xml_nest_feed(nest);
            continue;
        }
        struct xml_nest_item item;
        memcpy(&item, nest->queue.data + nest->next++ * sizeof item, sizeof item);
        const char *text = nest->pool.data == NULL ? "" : nest->pool.data + item.text;
        if (item.sort == XML_NEST_TEXT) {
            if (nest->holding && nest->held.length <= LIMIT_RECORD_BYTES) {
                buffer_append(&nest->held, text, item.length);
            }
            continue;
        }
        base->line = item.line;
        if (item.sort == XML_NEST_FLAW) {
            nest_note_flaw(base, NEST_FLAW_REFERENCE);
            continue;
        }
        base->offset = item.offset;
        base->end = item.end;
        base->text = text;
        base->text_length = item.length;
        nest->depth += item.event == NEST_OBJECT_BEGIN;
        nest->depth -= item.event == NEST_OBJECT_END;
        nest->last = item.event;
        break;
    }
    return nest->last;
}

static bool xml_nest_skip(struct nest *base) {
    struct xml_nest *nest = (struct xml_nest *)base;
    unsigned depth = nest->depth;

    if (nest->stopped) {
        return false;
    }
    if (nest->last == NEST_OBJECT_BEGIN) {
        depth--;
    } else if (nest->last != NEST_KEY) {
        return true;
    }
    do {
        xml_nest_next(base);
    } while (!nest->stopped && nest->depth > depth);
    return !nest->stopped;
}

static uint64_t xml_nest_hold(struct nest *base) {
    struct xml_nest *nest = (struct xml_nest *)base;

    if (!nest->holding) {
        nest->holding = true;
        buffer_clear(&nest->held);
    }
    return nest->held.length;
}

static const char *xml_nest_held(struct nest *base, uint64_t mark, size_t *length) {
    static const char white[] = " \t\r\n";
    struct xml_nest *nest = (struct xml_nest *)base;
    const char *text = buffer_text(&nest->held);

    if (text == NULL || nest->held.length > LIMIT_RECORD_BYTES) {
        return NULL;
    }
    text += mark;
    *length = nest->held.length - (size_t)mark;
    while (!nest->blanks && *length > 0 && memchr(white, *text, sizeof white - 1) != NULL) {
        text++;
        --*length;
    }
    while (!nest->blanks && *length > 0 && memchr(white, text[*length - 1], sizeof white - 1) != NULL) {
        --*length;
    }
    return text;
}

void xml_nest_keep_blanks(struct nest *nest) {
    ((struct xml_nest *)nest)->blanks = true;
}

static void xml_nest_release(struct nest *base) {
    ((struct xml_nest *)base)->holding = false;
}

static bool xml_nest_resynchronise(struct nest *base) {
    (void)base;
    return false;
}

const struct nest_format xml_nest_format = {
    .name = "XML",
    .document = "an XML document",
    .object = "XML element",
    .problems = {[NEST_PROBLEM_SYNTAX] = DIAGNOSTIC_XML_MALFORMED,
                 [NEST_PROBLEM_DEPTH] = DIAGNOSTIC_XML_MALFORMED,
                 [NEST_PROBLEM_LENGTH] = DIAGNOSTIC_RECORD_TOO_LONG,
                 [NEST_PROBLEM_ENCODING] = DIAGNOSTIC_ENCODING,
                 [NEST_PROBLEM_REFUSED] = DIAGNOSTIC_XML_ENTITIES},
    .duplicate = DIAGNOSTIC_XML_REPEATED,
    .reference = DIAGNOSTIC_XML_ENTITIES,
    .repeats = true,
    .open = xml_nest_open,
    .close = xml_nest_close,
    .next = xml_nest_next,
    .skip = xml_nest_skip,
    .hold = xml_nest_hold,
    .held = xml_nest_held,
    .release = xml_nest_release,
    .resynchronise = xml_nest_resynchronise,
};
