#include "trust/asic_manifest.h"

#include "base/xml.h"

#include <openssl/evp.h>
#include <string.h>
#include <strings.h>

#define ASIC_NAMESPACE    "http://uri.etsi.org/02918/v1.2.1#"
#define XMLDSIG_NAMESPACE "http://www.w3.org/2000/09/xmldsig#"
#define SHA256_URI        "http://www.w3.org/2001/04/xmlenc#sha256"
#define SIGNATURE_TYPE    "application/pkcs7-signature"
#define BASE64_BYTES      44 /* of a SHA-256 */

struct media_type {
    const char *extension;
    const char *type;
};

static const struct media_type media_types[] = {
    {"csv", "text/csv"},
    {"gz", "application/gzip"},
    {"html", "text/html"},
    {"jpg", "image/jpeg"},
    {"json", "application/json"},
    {"log", "text/plain"},
    {"md", "text/markdown"},
    {"ndjson", "application/x-ndjson"},
    {"pdf", "application/pdf"},
    {"png", "image/png"},
    {"sqlite", "application/vnd.sqlite3"},
    {"txt", "text/plain"},
    {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    {"xml", "application/xml"},
    {"yaml", "application/yaml"},
    {"yml", "application/yaml"},
    {"zip", "application/zip"},
};

static const char *media_type_of(const char *name) {
    const char *dot = strrchr(name, '.');
    if (dot) {
        for (size_t i = 0; i < sizeof media_types / sizeof media_types[0]; i++) {
            if (strcasecmp(dot + 1, media_types[i].extension) == 0) {
                return media_types[i].type;
            }
        }
    }
    return strcmp(name, "mimetype") == 0 ? "text/plain" : "application/octet-stream";
}

/* What a URI path may hold as it is (RFC 3986: unreserved, and '/'). */
static bool plain_in_uri(unsigned char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
           (byte != '\0' && strchr("-._~/", byte) != NULL);
}

static void put_uri(const char *name, struct buffer *out) {
    for (const unsigned char *next = (const unsigned char *)name; *next != '\0'; next++) {
        if (plain_in_uri(*next)) {
            buffer_append_byte(out, (char)*next);
        } else {
            buffer_format(out, "%%%02X", *next);
        }
    }
}

void asic_manifest_build(const struct package_entry *entries, size_t count, struct buffer *out) {
    buffer_append_text(out,
                       "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
                       "<asic:ASiCManifest xmlns:asic=\"" ASIC_NAMESPACE "\" xmlns:ds=\"" XMLDSIG_NAMESPACE "\">\n"
                       "  <asic:SigReference URI=\"" ASIC_MANIFEST_SIGNATURE "\" MimeType=\"" SIGNATURE_TYPE "\"/>\n");
    for (size_t i = 0; i < count; i++) {
        unsigned char digest[BASE64_BYTES + 1];
        if (strncmp(entries[i].name, ASIC_MANIFEST_FOLDER, strlen(ASIC_MANIFEST_FOLDER)) == 0) {
            continue;
        }
        EVP_EncodeBlock(digest, entries[i].digest, DIGEST_BYTES);
        buffer_append_text(out, "  <asic:DataObjectReference URI=\"");
        put_uri(entries[i].name, out);
        buffer_format(out,
                      "\" MimeType=\"%s\">\n"
                      "    <ds:DigestMethod Algorithm=\"" SHA256_URI "\"/>\n"
                      "    <ds:DigestValue>%s</ds:DigestValue>\n"
                      "  </asic:DataObjectReference>\n",
                      media_type_of(entries[i].name), digest);
    }
    buffer_append_text(out, "</asic:ASiCManifest>\n");
}

/* One parse in progress. */
struct parse {
    const char *path;
    struct arena *arena;
    struct diagnostics *diagnostics;
};

static bool refuse(const struct parse *parse, const xmlNode *node, const char *what) {
    diagnostics_report(parse->diagnostics, DIAGNOSTIC_PACKAGE_MANIFEST, &(struct place){.path = parse->path},
                       ASIC_MANIFEST_NAME " line %ld: %s; ask for the package anew", node ? xmlGetLineNo(node) : 0L,
                       what);
    return false;
}

static bool is_element(const xmlNode *node, const char *namespace, const char *name) {
    return node->type == XML_ELEMENT_NODE && node->ns && strcmp((const char *)node->ns->href, namespace) == 0 &&
           strcmp((const char *)node->name, name) == 0;
}

/* The next element, past comments and blank text; `*stray` is set when something else stands between. */
static xmlNode *next_element(xmlNode *node, bool *stray) {
    for (; node && node->type != XML_ELEMENT_NODE; node = node->next) {
        if (node->type != XML_COMMENT_NODE && !xmlIsBlankNode(node)) {
            *stray = true;
        }
    }
    return node;
}

/* An attribute without a namespace, copied into the arena; NULL when it is not there or memory is out. */
static const char *attribute(const struct parse *parse, xmlNode *node, const char *name) {
    xmlChar *value = xmlGetNoNsProp(node, (const xmlChar *)name);
    const char *copy = value ? arena_text(parse->arena, (const char *)value) : NULL;
    xmlFree(value);
    return copy;
}

static int hex_digit(char digit) {
    if (digit >= '0' && digit <= '9') {
        return digit - '0';
    }
    if (digit >= 'A' && digit <= 'F') {
        return digit - 'A' + 10;
    }
    return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

/* Percent-decodes into the arena; NULL when the escapes are broken or hide a NUL. */
static const char *decode_uri(const struct parse *parse, const char *uri) {
    char *name = arena_text(parse->arena, uri);
    size_t length = 0;
    if (!name) {
        return NULL;
    }
    for (const char *next = uri; *next != '\0'; next++) {
        char byte = *next;
        if (byte == '%') {
            int high = hex_digit(next[1]);
            int low = high >= 0 ? hex_digit(next[2]) : -1;
            if (low < 0 || high * 16 + low == 0) {
                return NULL;
            }
            byte = (char)(high * 16 + low);
            next += 2;
        }
        name[length++] = byte;
    }
    name[length] = '\0';
    return name;
}

/* Base64 of exactly one SHA-256, white space around it allowed (XML Schema base64Binary). */
static bool read_digest(xmlNode *node, uint8_t digest[DIGEST_BYTES]) {
    xmlChar *content = xmlNodeGetContent(node);
    const char *text = content ? (const char *)content : "";
    unsigned char decoded[DIGEST_BYTES + 1];
    unsigned char again[BASE64_BYTES + 1];
    text += strspn(text, " \t\r\n");
    size_t length = strcspn(text, " \t\r\n");
    bool done = length == BASE64_BYTES && text[length + strspn(text + length, " \t\r\n")] == '\0' &&
                text[BASE64_BYTES - 1] == '=' &&
                EVP_DecodeBlock(decoded, (const unsigned char *)text, BASE64_BYTES) == DIGEST_BYTES + 1;
    if (done) {
        /* Encoded again, because the decoder overlooks the bits that the last digit has too many. */
        EVP_EncodeBlock(again, decoded, DIGEST_BYTES);
        done = memcmp(again, text, BASE64_BYTES) == 0;
        memcpy(digest, decoded, DIGEST_BYTES);
    }
    xmlFree(content);
    return done;
}

static bool read_reference(const struct parse *parse, xmlNode *node, struct reference *out) {
    bool stray = false;
    const char *uri = attribute(parse, node, "URI");
    xmlNode *method = next_element(node->children, &stray);
    xmlNode *value = method ? next_element(method->next, &stray) : NULL;
    xmlNode *more = value ? next_element(value->next, &stray) : NULL;
    if (!uri || !method || !value || more || stray || !is_element(method, XMLDSIG_NAMESPACE, "DigestMethod") ||
        !is_element(value, XMLDSIG_NAMESPACE, "DigestValue")) {
        return refuse(parse, node, "a DataObjectReference is not a URI with its DigestMethod and DigestValue");
    }
    const char *algorithm = attribute(parse, method, "Algorithm");
    if (!algorithm || strcmp(algorithm, SHA256_URI) != 0) {
        return refuse(parse, method, "the digest of a file is not SHA-256");
    }
    out->name = decode_uri(parse, uri);
    if (!out->name) {
        return refuse(parse, node, "a URI has broken percent-escapes");
    }
    if (!read_digest(value, out->digest)) {
        return refuse(parse, value, "a DigestValue is not the base64 of a SHA-256");
    }
    return true;
}

static bool read_document(const struct parse *parse, xmlDoc *document, struct reference **references, size_t *count) {
    bool stray = false;
    xmlNode *root = xmlDocGetRootElement(document);
    if (!root || !is_element(root, ASIC_NAMESPACE, "ASiCManifest")) {
        return refuse(parse, root, "the document is not an ASiCManifest");
    }
    xmlNode *node = next_element(root->children, &stray);
    if (!node || !is_element(node, ASIC_NAMESPACE, "SigReference")) {
        return refuse(parse, root, "the manifest does not begin with a SigReference");
    }
    const char *signature = attribute(parse, node, "URI");
    if (!signature || strcmp(signature, ASIC_MANIFEST_SIGNATURE) != 0) {
        return refuse(parse, node, "the SigReference does not name " ASIC_MANIFEST_SIGNATURE);
    }
    for (node = next_element(node->next, &stray); node; node = next_element(node->next, &stray)) {
        if (!is_element(node, ASIC_NAMESPACE, "DataObjectReference")) {
            return refuse(parse, node, "there is an element other than DataObjectReference");
        }
        struct reference *reference = arena_push(parse->arena, references, count, sizeof **references);
        if (!reference) {
            diagnostics_report(parse->diagnostics, DIAGNOSTIC_MEMORY, NULL, "memory ran out while verifying");
            return false;
        }
        if (!read_reference(parse, node, reference)) {
            return false;
        }
    }
    return !stray || refuse(parse, root, "there is text between the elements");
}

/* The first thing that a visit shows, as our own text. */
static bool pass_on(void *context, const struct diagnostic_view *view) {
    const struct parse *parse = context;
    diagnostics_report(parse->diagnostics, DIAGNOSTIC_PACKAGE_MANIFEST, &(struct place){.path = parse->path},
                       ASIC_MANIFEST_NAME " line %llu: %s", (unsigned long long)view->place.line, view->text);
    return false;
}

/* Parses the XML; what is wrong with it is a fault of the package (status 4), not of the user's setup. */
static xmlDoc *parse_xml(struct parse *parse, const char *bytes, size_t length) {
    struct diagnostics *faults = diagnostics_new();
    xmlDoc *document = faults ? xml_parse(bytes, length, ASIC_MANIFEST_NAME, faults) : NULL;
    if (!document && (!faults || diagnostics_count(faults, DIAGNOSTIC_NOTE) == 0)) {
        diagnostics_report(parse->diagnostics, DIAGNOSTIC_MEMORY, NULL, "memory ran out while verifying");
    } else if (!document) {
        diagnostics_visit(faults, pass_on, parse);
    }
    diagnostics_free(faults);
    return document;
}

bool asic_manifest_parse(const char *bytes, size_t length, const char *path, struct arena *arena,
                         struct reference **references, size_t *count, struct diagnostics *diagnostics) {
    struct parse parse = {.path = path, .arena = arena, .diagnostics = diagnostics};
    *references = NULL;
    *count = 0;
    xmlDoc *document = parse_xml(&parse, bytes, length);
    if (!document) {
        return false;
    }
    bool done = read_document(&parse, document, references, count);
    xmlFreeDoc(document);
    return done;
}
