#include "trust/verification.h"

#include "base/text.h"
#include "pack/bag.h"
#include "trust/asic_manifest.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* A tag manifest names every tag file but itself; META-INF, which names it, stays out (notes/package.md). */
static bool tag_manifest_covers(const char *name) {
    return !bag_is_payload(name) && strcmp(name, BAG_TAG_MANIFEST) != 0 &&
           strncmp(name, ASIC_MANIFEST_FOLDER, strlen(ASIC_MANIFEST_FOLDER)) != 0;
}

static bool refuse_line(struct verification *verification, const char *file, size_t line, const char *what) {
    return verification_report(verification, DIAGNOSTIC_PACKAGE_BAG, "%s line %zu %s; ask for the package anew", file,
                               line, what);
}

/* The next line without its line feed. False when there is none or it has no end, which `*broken` tells apart. */
static bool next_line(const struct buffer *content, size_t *position, const char **line, size_t *length, bool *broken) {
    *broken = false;
    if (*position >= content->length) {
        return false;
    }
    *line = content->data + *position;
    const char *end = memchr(*line, '\n', content->length - *position);
    if (!end) {
        *broken = true;
        return false;
    }
    *length = (size_t)(end - *line);
    *position += *length + 1;
    return true;
}

/* Lines of "sha256, two spaces, name", the form that sha256sum writes and RFC 8493 2.1.3 allows. */
static bool read_manifest(struct verification *verification, enum verification_tag tag, struct reference **references,
                          size_t *count) {
    const struct buffer *content = &verification->tags[tag];
    const char *file = verification_tag_name(tag);
    const char *line = NULL;
    size_t position = 0;
    size_t length = 0;
    size_t hex = DIGEST_HEX_BYTES - 1;
    bool broken = false;
    *references = NULL;
    *count = 0;
    while (next_line(content, &position, &line, &length, &broken)) {
        struct reference *reference = arena_push(verification->arena, references, count, sizeof **references);
        if (!reference) {
            return verification_out_of_memory(verification);
        }
        if (length < hex + 3 || !digest_from_hex(line, hex, reference->digest) || memcmp(line + hex, "  ", 2) != 0 ||
            memchr(line, '\0', length)) {
            return refuse_line(verification, file, *count, "is not a SHA-256, two spaces and a name");
        }
        reference->name = arena_copy(verification->arena, line + hex + 2, length - hex - 2);
        if (!reference->name) {
            return verification_out_of_memory(verification);
        }
    }
    return !broken || refuse_line(verification, file, *count + 1, "does not end");
}

static bool check_manifest(struct verification *verification, enum verification_tag tag,
                           bool (*covers)(const char *name)) {
    struct reference *references = NULL;
    size_t count = 0;
    return verification_needs(verification, tag) && read_manifest(verification, tag, &references, &count) &&
           verification_compare(verification, references, count, verification_tag_name(tag), covers,
                                DIAGNOSTIC_PACKAGE_BAG);
}

/* Payload-Oxum: bytes and files of the payload, with a point between. */
static bool check_oxum(struct verification *verification, const char *value, size_t length) {
    uint64_t bytes = 0;
    uint64_t files = 0;
    char expected[64];
    for (size_t i = 0; i < verification->count; i++) {
        if (bag_is_payload(verification->files[i].entry->name)) {
            bytes += verification->files[i].entry->size;
            files++;
        }
    }
    snprintf(expected, sizeof expected, "%" PRIu64 ".%" PRIu64, bytes, files);
    if (length == strlen(expected) && memcmp(value, expected, length) == 0) {
        return true;
    }
    return verification_report(verification, DIAGNOSTIC_PACKAGE_BAG,
                               BAG_INFO " says Payload-Oxum %.*s, but the payload is %s (bytes.files); ask for the "
                                        "package anew",
                               length < 64 ? (int)length : 64, value, expected);
}

/* "Label: value" lines, with continuation lines that begin with white space (RFC 8493 2.2.2). */
static bool check_info(struct verification *verification) {
    const struct buffer *content = &verification->tags[VERIFICATION_INFO];
    const char *label = BAG_OXUM ": ";
    const char *line = NULL;
    size_t position = 0;
    size_t length = 0;
    size_t number = 0;
    size_t oxums = 0;
    bool broken = false;
    bool done = true;
    if (!verification_needs(verification, VERIFICATION_INFO)) {
        return false;
    }
    if (!text_utf8_valid(content->data ? content->data : "", content->length, NULL)) {
        return verification_report(verification, DIAGNOSTIC_PACKAGE_BAG,
                                   BAG_INFO " is not UTF-8; ask for the package anew");
    }
    while (next_line(content, &position, &line, &length, &broken)) {
        number++;
        bool continued = length > 0 && (line[0] == ' ' || line[0] == '\t');
        if ((continued && number == 1) || (!continued && !memmem(line, length, ": ", 2))) {
            return refuse_line(verification, BAG_INFO, number, "is not a label and its value");
        }
        if (length > strlen(label) && memcmp(line, label, strlen(label)) == 0) {
            oxums++;
            done = check_oxum(verification, line + strlen(label), length - strlen(label)) && done;
        }
    }
    if (broken) {
        return refuse_line(verification, BAG_INFO, number + 1, "does not end");
    }
    if (oxums != 1) {
        return verification_report(verification, DIAGNOSTIC_PACKAGE_BAG,
                                   BAG_INFO " does not have exactly one Payload-Oxum; ask for the package anew");
    }
    return done;
}

static bool check_declaration(struct verification *verification) {
    const struct buffer *content = &verification->tags[VERIFICATION_DECLARATION];
    if (!verification_needs(verification, VERIFICATION_DECLARATION)) {
        return false;
    }
    if (content->length == strlen(BAG_DECLARATION_CONTENT) &&
        memcmp(content->data, BAG_DECLARATION_CONTENT, content->length) == 0) {
        return true;
    }
    return verification_report(verification, DIAGNOSTIC_PACKAGE_BAG,
                               BAG_DECLARATION " does not declare BagIt 1.0 in UTF-8; ask for the package anew");
}

bool verification_bag(struct verification *verification) {
    bool declared = check_declaration(verification);
    bool informed = check_info(verification);
    bool payload = check_manifest(verification, VERIFICATION_PAYLOAD_MANIFEST, bag_is_payload);
    bool tags = check_manifest(verification, VERIFICATION_TAG_MANIFEST, tag_manifest_covers);
    return declared && informed && payload && tags;
}
