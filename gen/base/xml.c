#include "base/xml.h"

#include "base/file.h"
#include "base/limits.h"

#include <libxml/parser.h>
#include <libxml/xmlerror.h>
#include <libxml/xmlschemas.h>
#include <libxml/xmlschemastypes.h>
#include <limits.h>
#include <string.h>

#define PIECE_BYTES   (64u << 10)
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

/* libxml2 prints on standard error what it says outside a parse of ours, such as that memory ran out. */
static void print_nothing(void *context, const char *format, ...) {
    (void)context;
    (void)format;
}

bool xml_start(void) {
    LIBXML_TEST_VERSION
    xmlSetGenericErrorFunc(NULL, print_nothing);
    xmlThrDefSetGenericErrorFunc(NULL, print_nothing); /* of threads that are yet to be made */
    xmlInitParser();
    xmlSetExternalEntityLoader(refuse_entity);
    return true;
}

void xml_stop(void) {
    xmlSchemaCleanupTypes();
    xmlCleanupParser();
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
    if (error->code == XML_ERR_NO_MEMORY) {
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

/* The context is the caller's of whatever stands between the parser and him; the error knows the parser. */
static void hear_parser(void *context, xmlError *error) {
    const xmlParserCtxt *parser = error->ctxt;
    (void)context;
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
    bool exhausted = parser->errNo == XML_ERR_NO_MEMORY;
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

/* Where an error is that the validator finds while the parser reads on. */
static int locate(void *context, const char **file, unsigned long *line) {
    const xmlParserCtxt *parser = context;
    *file = NULL;
    if (parser->input == NULL) {
        return -1;
    }
    *line = (unsigned long)parser->input->line;
    return 0;
}

/* A parser that builds no tree; its user sets what it tells of. */
static xmlParserCtxt *new_event_parser(struct hearing *hearing) {
    xmlSAXHandler events = {.initialized = XML_SAX2_MAGIC, .internalSubset = start_doctype};
    xmlParserCtxt *parser = xmlCreatePushParserCtxt(&events, NULL, NULL, 0, NULL);
    if (parser != NULL) {
        parser->_private = hearing;
        xmlCtxtUseOptions(parser, PARSE_OPTIONS);
    }
    return parser;
}

/* Lets the validator see every element as it passes. Whether the document is well-formed and valid. */
static bool pass(xmlParserCtxt *parser, xmlSchemaValidCtxt *validator, const char *bytes, size_t length) {
    xmlSchemaSAXPlugStruct *plug = xmlSchemaSAXPlug(validator, &parser->sax, &parser->userData);
    if (plug == NULL) {
        return false;
    }
    parser->sax->serror = hear_parser;
    xmlSchemaValidateSetLocator(validator, locate, parser);
    while (length > PIECE_BYTES && xmlParseChunk(parser, bytes, PIECE_BYTES, 0) == XML_ERR_OK) {
        bytes += PIECE_BYTES;
        length -= PIECE_BYTES;
    }
    (void)xmlParseChunk(parser, bytes, (int)(length < PIECE_BYTES ? length : PIECE_BYTES), 1); /* errors stay with it */
    xmlSchemaValidateSetLocator(validator, NULL, NULL);
    xmlSchemaSAXUnplug(plug);
    return parser->wellFormed && xmlSchemaIsValid(validator) == 1;
}

bool xml_validate(const char *bytes, size_t length, const char *schema_path, const char *name, enum diagnostic id,
                  struct diagnostics *diagnostics) {
    struct hearing parsing = {.name = name, .id = DIAGNOSTIC_XML_REFUSED, .diagnostics = diagnostics};
    struct hearing validating = {.name = name, .id = id, .diagnostics = diagnostics};
    xmlDoc *source = NULL;
    xmlSchemaValidCtxt *validator = NULL;
    xmlParserCtxt *parser = NULL;
    bool valid = false;
    xmlSchema *schema = load_schema(schema_path, &source, diagnostics);
    if (schema == NULL) {
        goto end;
    }
    validator = xmlSchemaNewValidCtxt(schema);
    parser = new_event_parser(&parsing);
    if (validator != NULL && parser != NULL) {
        xmlSchemaSetValidStructuredErrors(validator, (xmlStructuredErrorFunc)hear_schema, &validating);
        valid = pass(parser, validator, bytes, length) && parsing.reported + validating.reported == 0;
    }
    if (!valid && parsing.reported + validating.reported == 0) {
        diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, &(struct place){.path = name},
                           "memory ran out while XML was validated");
    }

end:
    xmlFreeParserCtxt(parser);
    xmlSchemaFreeValidCtxt(validator);
    xmlSchemaFree(schema);
    xmlFreeDoc(source);
    return valid;
}
