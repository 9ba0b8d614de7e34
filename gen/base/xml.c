#include "base/xml.h"

#include "base/file.h"
#include "base/limits.h"

#include <libxml/parser.h>
#include <libxml/xmlerror.h>
#include <libxml/xmlschemas.h>
#include <libxml/xmlschemastypes.h>
#include <limits.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define PARSE_OPTIONS (XML_PARSE_NONET | XML_PARSE_NOCDATA | XML_PARSE_COMPACT)

/* What one parse or validation knows of its caller. */
struct hearing {
    const char *name;
    enum diagnostic id;
    struct diagnostics *diagnostics;
    unsigned reported;
    bool exhausted; /* memory ran out; what else is complained of follows from that */
    bool refused;   /* the parse was stopped; what the parser still complains of follows from that */
};

/* Nothing outside the document is ever fetched, whatever asks for it: an entity, a DTD, an import of a schema. */
static xmlParserInput *refuse_entity(const char *url, const char *id, xmlParserCtxt *context) {
    (void)url;
    (void)id;
    (void)context;
    return NULL;
}

/*
 * libxml2 goes on where it is refused memory: it may follow a null pointer, or say that a pattern of a schema is no
 * regular expression. So some is laid by from the start, and handed out when the system has no more; nothing of it is
 * taken back, for that ends the run. It passes its allocator no context: what is laid by is the process's.
 */
#define LAID_BY_BYTES (8u << 20)
static char *laid_by;
static atomic_size_t laid_by_used;
static _Thread_local bool memory_refused; /* by the system */

/* In front of each block that was laid by. */
union reserved {
    size_t size;
    max_align_t aligned;
};

static bool is_reserved(const void *block) {
    uintptr_t at = (uintptr_t)block;
    return laid_by != NULL && at >= (uintptr_t)laid_by && at < (uintptr_t)laid_by + LAID_BY_BYTES;
}

static void *reserve(size_t size) {
    size_t rounded = (size + sizeof(union reserved) - 1) / sizeof(union reserved) * sizeof(union reserved);
    size_t whole = rounded + sizeof(union reserved);
    memory_refused = true;
    if (laid_by == NULL || size > LAID_BY_BYTES / 2) {
        return NULL;
    }
    size_t at = atomic_fetch_add(&laid_by_used, whole);
    if (at > LAID_BY_BYTES || whole > LAID_BY_BYTES - at) {
        return NULL;
    }
    union reserved *header = (union reserved *)(void *)(laid_by + at);
    header->size = size;
    return header + 1;
}

static void *allocate(size_t size) {
    void *block = malloc(size > 0 ? size : 1);
    return block != NULL ? block : reserve(size);
}

static void release(void *block) {
    if (!is_reserved(block)) {
        free(block);
    }
}

static void *resize(void *before, size_t size) {
    void *block = NULL;
    if (!is_reserved(before)) {
        size_t had = before != NULL ? malloc_usable_size(before) : 0;
        block = realloc(before, size > 0 ? size : 1);
        if (block == NULL && (block = reserve(size)) != NULL && had > 0) {
            memcpy(block, before, had < size ? had : size);
            free(before);
        }
        return block;
    }
    size_t had = ((union reserved *)before - 1)->size;
    block = allocate(size);
    return block != NULL ? memcpy(block, before, had < size ? had : size) : NULL;
}

static char *duplicate(const char *text) {
    size_t size = strlen(text) + 1;
    char *copy = allocate(size);
    return copy != NULL ? memcpy(copy, text, size) : NULL;
}

/* libxml2 prints on standard error what it says outside a parse of ours, such as that memory ran out. */
static void print_nothing(void *context, const char *format, ...) {
    (void)context;
    (void)format;
}

bool xml_start(void) {
    LIBXML_TEST_VERSION
    if (laid_by == NULL) { /* once; where it cannot be had, whoever reads first says so */
        laid_by = malloc(LAID_BY_BYTES);
    }
    if (xmlMemSetup(release, allocate, resize, duplicate) != 0) {
        return false;
    }
    xmlSetGenericErrorFunc(NULL, print_nothing);
    xmlThrDefSetGenericErrorFunc(NULL, print_nothing); /* of threads that are yet to be made */
    xmlInitParser();
    xmlSetExternalEntityLoader(refuse_entity);
    return true;
}

void xml_stop(void) {
    xmlSchemaCleanupTypes();
    xmlCleanupParser();
    free(laid_by);
    laid_by = NULL;
}

static void hear(struct hearing *hearing, const xmlError *error) {
    const char *message = error->message == NULL ? "it is not well-formed" : error->message;
    size_t length = strlen(message);
    while (length > 0 && (message[length - 1] == '\n' || message[length - 1] == '.' || message[length - 1] == ' ')) {
        length--;
    }
    struct place place = {.path = hearing->name, .line = error->line > 0 ? (uint64_t)error->line : 0};
    if (hearing->exhausted) {
        return;
    }
    hearing->reported++;
    /* What the validator calls an internal error is that it was given no memory. */
    if (memory_refused || error->code == XML_ERR_NO_MEMORY || error->code == XML_SCHEMAV_INTERNAL) {
        hearing->exhausted = true;
        diagnostics_report(hearing->diagnostics, DIAGNOSTIC_MEMORY, &place, "memory ran out while XML was read");
        return;
    }
    /* libxml2 keeps the column in int2, for errors of the parser only. */
    if (error->domain == XML_FROM_PARSER && error->int2 > 0) {
        place.column = (uint64_t)error->int2;
    }
    diagnostics_report(hearing->diagnostics, hearing->id, &place, "%.*s, correct the document",
                       length > INT_MAX ? INT_MAX : (int)length, message);
}

static void hear_parser(void *context, xmlError *error) {
    const xmlParserCtxt *parser = context;
    struct hearing *hearing = parser->_private;
    if (error->level > XML_ERR_WARNING && !hearing->refused) {
        hear(hearing, error);
    }
}

static void hear_schema(void *context, xmlError *error) {
    if (error->level > XML_ERR_WARNING) {
        hear(context, error);
    }
}

/* Called at the head of a DOCTYPE, when the next byte tells whether declarations follow: none of them is read. */
static void start_doctype(void *context, const xmlChar *name, const xmlChar *public_id, const xmlChar *system_id) {
    xmlParserCtxt *parser = context;
    struct hearing *hearing = parser->_private;
    if (parser->input == NULL || *parser->input->cur != '[') {
        xmlSAX2InternalSubset(context, name, public_id, system_id);
        return;
    }
    struct place place = {.path = hearing->name, .line = (uint64_t)parser->input->line};
    diagnostics_report(hearing->diagnostics, hearing->id, &place,
                       "the DOCTYPE declares entities or elements of its own, remove its internal subset");
    hearing->reported++;
    hearing->refused = true;
    xmlStopParser(parser);
}

xmlDoc *xml_parse(const char *bytes, size_t length, const char *name, struct diagnostics *diagnostics) {
    struct hearing hearing = {.name = name, .id = DIAGNOSTIC_XML_REFUSED, .diagnostics = diagnostics};
    struct place place = {.path = name};
    memory_refused = false;
    if (length == 0 || length > INT_MAX) {
        diagnostics_report(diagnostics, DIAGNOSTIC_XML_REFUSED, &place,
                           length == 0 ? "the document is empty, write it again"
                                       : "the document is larger than 2 GiB, split it");
        return NULL;
    }
    xmlParserCtxt *parser = xmlNewParserCtxt();
    if (parser == NULL) {
        goto memory;
    }
    parser->_private = &hearing;
    parser->sax->serror = hear_parser;
    parser->sax->internalSubset = start_doctype;
    xmlDoc *document = xmlCtxtReadMemory(parser, bytes, (int)length, NULL, NULL, PARSE_OPTIONS);
    bool sound = document != NULL && parser->wellFormed && hearing.reported == 0;
    bool exhausted = memory_refused || parser->errNo == XML_ERR_NO_MEMORY;
    xmlFreeParserCtxt(parser);
    if (sound) {
        return document;
    }
    xmlFreeDoc(document);
    if (exhausted) {
        goto memory;
    }
    if (hearing.reported == 0) {
        diagnostics_report(diagnostics, DIAGNOSTIC_XML_REFUSED, &place, "the document is not well-formed, correct it");
    }
    return NULL;

memory:
    diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, &place, "memory ran out while XML was parsed");
    return NULL;
}

/* The schema passes the same doors as any document. `*source` must outlive the schema, which points into it. */
static xmlSchema *load_schema(const char *path, xmlDoc **source, struct diagnostics *diagnostics) {
    struct hearing hearing = {.name = path, .id = DIAGNOSTIC_XML_REFUSED, .diagnostics = diagnostics};
    struct buffer text = {0};
    xmlSchema *schema = NULL;
    xmlSchemaParserCtxt *parser = NULL;
    if (!file_read(path, LIMIT_XSD_BYTES, &text, diagnostics)) {
        goto end;
    }
    *source = xml_parse(text.data, text.length, path, diagnostics);
    if (*source == NULL) {
        goto end;
    }
    parser = xmlSchemaNewDocParserCtxt(*source);
    if (parser != NULL) {
        xmlSchemaSetParserStructuredErrors(parser, (xmlStructuredErrorFunc)hear_schema, &hearing);
        schema = xmlSchemaParse(parser);
    }
    if (schema == NULL && hearing.reported == 0) {
        diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, &(struct place){.path = path},
                           "memory ran out while an XML schema was compiled");
    }

end:
    xmlSchemaFreeParserCtxt(parser);
    buffer_free(&text);
    return schema;
}

/* The document, as the parser reads on. */
struct rest {
    const char *bytes;
    size_t length;
};

static int read_rest(void *context, char *into, int capacity) {
    struct rest *rest = context;
    size_t part = rest->length < (size_t)capacity ? rest->length : (size_t)capacity;
    memcpy(into, rest->bytes, part);
    rest->bytes += part;
    rest->length -= part;
    return (int)part;
}

/* Lets the validator see every element as it passes: 0 where all is well, -1 where memory is out, else what is wrong.
 */
static int pass(xmlSchemaValidCtxt *validator, const char *bytes, size_t length) {
    xmlSAXHandler events = {.initialized = XML_SAX2_MAGIC}; /* keeps nothing that a DOCTYPE declares */
    struct rest rest = {bytes, length};
    xmlParserInputBuffer *input = xmlParserInputBufferCreateIO(read_rest, NULL, &rest, XML_CHAR_ENCODING_NONE);
    return input == NULL ? -1 : xmlSchemaValidateStream(validator, input, XML_CHAR_ENCODING_NONE, &events, NULL);
}

bool xml_validate(const char *bytes, size_t length, const char *schema_path, const char *name, enum diagnostic id,
                  struct diagnostics *diagnostics) {
    struct hearing hearing = {.name = name, .id = id, .diagnostics = diagnostics};
    struct place place = {.path = name};
    xmlDoc *source = NULL;
    xmlSchemaValidCtxt *validator = NULL;
    int result = -1;
    memory_refused = false;
    xmlSchema *schema = load_schema(schema_path, &source, diagnostics);
    if (schema == NULL) {
        goto end;
    }
    validator = xmlSchemaNewValidCtxt(schema);
    if (validator != NULL) {
        xmlSchemaSetValidStructuredErrors(validator, (xmlStructuredErrorFunc)hear_schema, &hearing);
        result = pass(validator, bytes, length);
    }
    if (result > 0 && result != XML_ERR_NO_MEMORY && hearing.reported == 0) {
        diagnostics_report(diagnostics, DIAGNOSTIC_XML_REFUSED, &place, "the document is not well-formed, correct it");
    } else if (result != 0 && hearing.reported == 0) {
        diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, &place, "memory ran out while XML was validated");
    }

end:
    xmlSchemaFreeValidCtxt(validator);
    xmlSchemaFree(schema);
    xmlFreeDoc(source);
    return result == 0 && hearing.reported == 0;
}
