#include "trust/verification.h"

#include "base/limits.h"
#include "base/path.h"
#include "pack/bag.h"
#include "pack/name_set.h"
#include "trust/asic_manifest.h"

#include <stdlib.h>
#include <string.h>

static const char *const tag_names[VERIFICATION_TAGS] = {
    [VERIFICATION_MIMETYPE] = BAG_MIMETYPE,
    [VERIFICATION_INFO] = BAG_INFO,
    [VERIFICATION_DECLARATION] = BAG_DECLARATION,
    [VERIFICATION_PAYLOAD_MANIFEST] = BAG_MANIFEST,
    [VERIFICATION_TAG_MANIFEST] = BAG_TAG_MANIFEST,
    [VERIFICATION_ASIC_MANIFEST] = ASIC_MANIFEST_NAME,
    [VERIFICATION_SIGNATURE] = ASIC_MANIFEST_SIGNATURE,
};

#define PRINTED_NAME_BYTES 512

const char *verification_tag_name(enum verification_tag tag) {
    return tag_names[tag];
}

bool verification_report(struct verification *verification, enum diagnostic id, const char *format, ...) {
    struct buffer text = {0};
    va_list arguments;
    va_start(arguments, format);
    buffer_format_list(&text, format, arguments);
    va_end(arguments);
    if (buffer_text(&text)) {
        diagnostics_report(verification->diagnostics, id, &(struct place){.path = verification->path}, "%s",
                           buffer_text(&text));
    } else {
        verification_out_of_memory(verification);
    }
    buffer_free(&text);
    return false;
}

bool verification_out_of_memory(struct verification *verification) {
    verification->failed = true;
    diagnostics_report(verification->diagnostics, DIAGNOSTIC_MEMORY, NULL, "memory ran out while verifying");
    return false;
}

/* Which tag file an entry is; VERIFICATION_TAGS when it is none. */
static enum verification_tag tag_of(const struct zip_entry *entry) {
    enum verification_tag tag = 0;
    while (tag < VERIFICATION_TAGS && (strlen(tag_names[tag]) != entry->name_length ||
                                       memcmp(tag_names[tag], entry->name, entry->name_length) != 0)) {
        tag++;
    }
    return tag;
}

static bool check_name(struct verification *verification, struct name_set *names, const struct zip_entry *entry) {
    char printed[PRINTED_NAME_BYTES];
    char printed_other[PRINTED_NAME_BYTES] = "";
    const char *reason = NULL;
    const char *other = NULL;
    zip_read_printable(entry->name, entry->name_length, printed, sizeof printed);
    if (strlen(entry->name) != entry->name_length) {
        return verification_report(verification, DIAGNOSTIC_PACKAGE_NAME,
                                   "%s: the name holds a NUL byte; do not extract the package", printed);
    }
    if (!path_is_safe(entry->name, &reason)) {
        return verification_report(verification, DIAGNOSTIC_PACKAGE_NAME,
                                   "%s: the name is not safe: %s; do not extract the package", printed, reason);
    }
    enum name_set_result result = name_set_add(names, entry->name, &other);
    if (other) {
        zip_read_printable(other, strlen(other), printed_other, sizeof printed_other);
    }
    switch (result) {
    case NAME_SET_ADDED:
        break;
    case NAME_SET_TAKEN:
        return verification_report(verification, DIAGNOSTIC_PACKAGE_NAME,
                                   "%s and %s can be the same file once extracted; do not extract the package", printed,
                                   printed_other);
    case NAME_SET_FOLDER:
        return verification_report(verification, DIAGNOSTIC_PACKAGE_NAME,
                                   "one of %s and %s is named as the other's folder; do not extract the package",
                                   printed, printed_other);
    case NAME_SET_MALFORMED:
    case NAME_SET_MEMORY:
        return verification_out_of_memory(verification);
    }
    if (!bag_is_payload(entry->name) && tag_of(entry) == VERIFICATION_TAGS) {
        return verification_report(verification, DIAGNOSTIC_PACKAGE_EXTRA,
                                   "%s does not belong in a package; find out who added it", printed);
    }
    return true;
}

bool verification_names(struct verification *verification) {
    struct name_set *names = name_set_new();
    bool done = true;
    if (!names) {
        return verification_out_of_memory(verification);
    }
    for (size_t i = 0; i < verification->count && !verification->failed; i++) {
        done = check_name(verification, names, verification->files[i].entry) && done;
    }
    name_set_free(names);
    return done;
}

/* Gathers a tag file for its reader. */
struct capture {
    struct byte_sink sink;
    struct buffer *into;
};

static bool capture_write(struct byte_sink *sink, const void *bytes, size_t length) {
    struct capture *capture = (struct capture *)sink;
    buffer_append(capture->into, bytes, length);
    return !capture->into->failed;
}

/* Reads one file through the digest, and a tag file into memory. */
static bool read_file(struct verification *verification, struct verification_file *file) {
    char printed[PRINTED_NAME_BYTES];
    const struct zip_entry *entry = file->entry;
    enum verification_tag tag = tag_of(entry);
    struct capture capture = {.sink = {.write = capture_write}};
    struct byte_sink_digest tap = {0};
    const char *reason = NULL;
    zip_read_printable(entry->name, entry->name_length, printed, sizeof printed);
    if (tag < VERIFICATION_TAGS) {
        if (entry->size > LIMIT_PACKAGE_TAG_BYTES) {
            return verification_report(verification, DIAGNOSTIC_PACKAGE_CONTENT,
                                       "%s is larger than %u bytes, the limit of such a file; ask for the package anew",
                                       printed, LIMIT_PACKAGE_TAG_BYTES);
        }
        capture.into = &verification->tags[tag];
        buffer_clear(capture.into);
    }
    if (!byte_sink_digest_open(&tap, capture.into ? &capture.sink : NULL)) {
        return verification_out_of_memory(verification);
    }
    bool poured = zip_read_entry(verification->zip, entry, &tap.sink, &reason, verification->diagnostics);
    bool hashed = byte_sink_digest_close(&tap, file->digest);
    if (zip_read_failed(verification->zip)) {
        verification->failed = true;
        return false;
    }
    if (!hashed || (!poured && !reason)) {
        return verification_out_of_memory(verification);
    }
    if (!poured) {
        return verification_report(verification, DIAGNOSTIC_PACKAGE_CONTENT,
                                   "%s %s; the file was altered or damaged, ask for the package anew", printed, reason);
    }
    file->read = true;
    if (tag < VERIFICATION_TAGS) {
        verification->present[tag] = true;
    }
    return true;
}

bool verification_contents(struct verification *verification) {
    bool done = true;
    for (size_t i = 0; i < verification->count && !verification->failed; i++) {
        done = read_file(verification, &verification->files[i]) && done;
    }
    const struct buffer *mimetype = &verification->tags[VERIFICATION_MIMETYPE];
    if (verification->present[VERIFICATION_MIMETYPE] &&
        (mimetype->length != strlen(BAG_MIMETYPE_CONTENT) ||
         memcmp(mimetype->data, BAG_MIMETYPE_CONTENT, mimetype->length) != 0)) {
        done = verification_report(verification, DIAGNOSTIC_PACKAGE_CONTENT,
                                   BAG_MIMETYPE " does not say " BAG_MIMETYPE_CONTENT "; ask for the package anew");
    }
    return done && !verification->failed;
}

bool verification_needs(struct verification *verification, enum verification_tag tag) {
    if (verification->present[tag]) {
        return true;
    }
    for (size_t i = 0; i < verification->count; i++) {
        if (tag_of(verification->files[i].entry) == tag) {
            return false; /* there, but not readable, which was reported */
        }
    }
    return verification_report(verification, DIAGNOSTIC_PACKAGE_MISSING,
                               "%s is not in the package; ask for the package anew", tag_names[tag]);
}
