#include "pack/bag.h"

#include "base/datetime.h"
#include "base/text.h"

#include <inttypes.h>
#include <libdeflate.h>
#include <stdio.h>
#include <string.h>

#define LINE_BYTES 79 /* RFC 8493 2.2.2: lines should not be longer */

struct label {
    const char *label;
    const char *value;
};

/* The libraries' versions stand here because others may deflate the same payload to other bytes. */
static void name_compressor(struct buffer *out) {
    buffer_format(out, "libdeflate %s, deflate level 6", LIBDEFLATE_VERSION_STRING);
}

/* A value that is printed on its own lines must not be able to begin a line with another label. */
static bool one_line(const char *value) {
    size_t length = strlen(value);
    if (!text_utf8_valid(value, length, NULL)) {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)value[i];
        if (byte < 0x20 || byte == 0x7f) {
            return false;
        }
    }
    return true;
}

bool bag_identity_valid(const struct package_identity *identity, const char **label) {
    const struct label labels[] = {
        {"Source-Organization", identity->organisation}, {"Contact-Email", identity->contact},
        {"External-Identifier", identity->identifier},   {"External-Description", identity->description},
        {"Bag-Software-Agent", identity->agent},         {"Compressor", identity->compressor},
    };
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++) {
        if (labels[i].value && !one_line(labels[i].value)) {
            *label = labels[i].label;
            return false;
        }
    }
    return true;
}

/*
 * Writes "label: value". A line that grows too long is broken before a space of the value, which so becomes the
 * indentation of the next line. A word longer than a line stays whole.
 */
static void put_label(const char *label, const char *value, struct buffer *out) {
    if (!value || *value == '\0') {
        return;
    }
    buffer_append_text(out, label);
    buffer_append_text(out, ": ");
    size_t column = strlen(label) + 2;
    bool first = true;
    while (*value != '\0') {
        size_t word = strspn(value, " ");
        word += strcspn(value + word, " ");
        if (!first && column + word > LINE_BYTES) {
            buffer_append_byte(out, '\n');
            column = 0;
        }
        buffer_append(out, value, word);
        column += word;
        value += word;
        first = false;
    }
    buffer_append_byte(out, '\n');
}

void bag_info(const struct package_identity *identity, uint64_t bytes, uint64_t files, struct buffer *out) {
    char date[DATETIME_ISO_BYTES];
    struct buffer text = {0};
    datetime_date(identity->date, date);
    put_label("Bagging-Date", date, out);
    put_label("Bag-Software-Agent", identity->agent, out);
    put_label("External-Identifier", identity->identifier, out);
    put_label("External-Description", identity->description, out);
    put_label("Source-Organization", identity->organisation, out);
    put_label("Contact-Email", identity->contact, out);
    buffer_format(&text, "%" PRIu64 ".%" PRIu64, bytes, files);
    put_label(BAG_OXUM, buffer_text(&text), out);
    if (identity->compressor) {
        put_label("Compressor", identity->compressor, out);
    } else {
        buffer_clear(&text);
        name_compressor(&text);
        put_label("Compressor", buffer_text(&text), out);
    }
    out->failed = out->failed || text.failed;
    buffer_free(&text);
}

void bag_manifest_line(const uint8_t digest[DIGEST_BYTES], const char *name, struct buffer *out) {
    char hex[DIGEST_HEX_BYTES];
    digest_hex(digest, hex);
    buffer_append_text(out, hex);
    buffer_append_text(out, "  ");
    buffer_append_text(out, name);
    buffer_append_byte(out, '\n');
}

bool bag_is_payload(const char *name) {
    return strncmp(name, BAG_PAYLOAD_FOLDER, strlen(BAG_PAYLOAD_FOLDER)) == 0;
}
