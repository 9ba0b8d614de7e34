#include "pack/package.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/path.h"
#include "pack/bag.h"
#include "pack/name_set.h"
#include "pack/zip_file.h"
#include "pack/zip_write.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct package {
    struct byte_sink sink; /* takes the bytes of the open entry */
    struct diagnostics *diagnostics;
    struct arena *arena;
    struct package_identity identity; /* its texts are in the arena */
    struct zip_write *zip;
    struct name_set *names;
    struct digest *digest;
    struct package_entry *entries; /* in the arena; capacity is the next power of two */
    size_t count;
    bool open;
    bool hashed; /* the open entry is hashed by the caller */
    bool payload_ended;
    uint64_t payload_bytes;
    uint64_t payload_files;
    const char *path;
};

static bool out_of_memory(struct package *package) {
    diagnostics_report(package->diagnostics, DIAGNOSTIC_MEMORY, NULL, "memory ran out while packing");
    return false;
}

static bool take_bytes(struct byte_sink *sink, const void *bytes, size_t length) {
    struct package *package = (struct package *)sink;
    assert(package->open);
    if (length == 0) {
        return true;
    }
    if (!package->hashed && !digest_update(package->digest, bytes, length)) {
        return out_of_memory(package);
    }
    package->entries[package->count - 1].size += length;
    return zip_write_bytes(package->zip, bytes, length);
}

/* Refuses what a verifier would: names that are unsafe or fall together with another, and too many entries. */
static bool name_accepted(struct package *package, const char *name) {
    struct place place = {.path = name};
    const char *reason = NULL;
    const char *other = NULL;
    if (package->count >= LIMIT_PACKAGE_ENTRIES) {
        diagnostics_report(package->diagnostics, DIAGNOSTIC_FILE_TOO_LARGE, &(struct place){.path = package->path},
                           "a package holds at most %d files; leave some out or pack a shorter period",
                           LIMIT_PACKAGE_ENTRIES);
        return false;
    }
    if (!path_is_safe(name, &reason)) {
        diagnostics_report(package->diagnostics, DIAGNOSTIC_FILE_NAME, &place,
                           "this name cannot stand in a package: %s; rename the file", reason);
        return false;
    }
    switch (name_set_add(package->names, name, &other)) {
    case NAME_SET_ADDED:
        return true;
    case NAME_SET_TAKEN:
        diagnostics_report(package->diagnostics, DIAGNOSTIC_FILE_NAME, &place,
                           "this name and %s would be the same file where case or accents are not told apart; "
                           "rename one of them",
                           other);
        return false;
    case NAME_SET_FOLDER:
        diagnostics_report(package->diagnostics, DIAGNOSTIC_FILE_NAME, &place,
                           "one of this file and %s is named as the other's folder; rename one of them", other);
        return false;
    case NAME_SET_MALFORMED:
    case NAME_SET_MEMORY:
        break;
    }
    return out_of_memory(package);
}

static bool begin(struct package *package, const char *name, enum zip_method method, bool quick) {
    assert(!package->open);
    if (!name_accepted(package, name)) {
        return false;
    }
    struct package_entry *entry =
        arena_push(package->arena, &package->entries, &package->count, sizeof *package->entries);
    if (!entry) {
        return out_of_memory(package);
    }
    entry->name = arena_text(package->arena, name);
    if (!entry->name) {
        return out_of_memory(package);
    }
    if (!zip_write_begin(package->zip, entry->name, method, quick)) {
        return false;
    }
    package->open = true;
    return true;
}

/* `digest` is that of an entry that the caller hashed, else NULL. */
static bool end(struct package *package, const uint8_t *digest) {
    struct package_entry *entry = &package->entries[package->count - 1];
    assert(package->open && package->hashed == (digest != NULL));
    package->open = false;
    package->hashed = false;
    if (!zip_write_end(package->zip, NULL)) {
        return false;
    }
    if (digest) {
        memcpy(entry->digest, digest, DIGEST_BYTES);
        return true;
    }
    return digest_finish(package->digest, entry->digest) || out_of_memory(package);
}

static bool add_whole(struct package *package, const char *name, const void *bytes, size_t length,
                      enum zip_method method) {
    if (!begin(package, name, method, false)) {
        return false;
    }
    bool taken = take_bytes(&package->sink, bytes, length);
    return end(package, NULL) && taken;
}

/* Copies the identity, whose texts need not outlive the call. */
static bool keep_identity(struct package *package, const struct package_identity *identity) {
    package->identity = *identity;
    const char **texts[] = {
        &package->identity.organisation, &package->identity.contact, &package->identity.identifier,
        &package->identity.description,  &package->identity.agent,   &package->identity.compressor,
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (*texts[i]) {
            *texts[i] = arena_text(package->arena, *texts[i]);
            if (!*texts[i]) {
                return false;
            }
        }
    }
    return true;
}

struct package *package_create(const char *path, const struct package_identity *identity,
                               struct diagnostics *diagnostics) {
    const char *label = NULL;
    if (!bag_identity_valid(identity, &label)) {
        diagnostics_report(diagnostics, DIAGNOSTIC_PACKAGE_LABEL, NULL,
                           "the value for %s in bag-info.txt is not one line of UTF-8 text; take line breaks and "
                           "control characters out of it",
                           label);
        return NULL;
    }
    struct package *package = calloc(1, sizeof *package);
    if (!package) {
        diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "memory ran out while packing");
        return NULL;
    }
    package->sink.write = take_bytes;
    package->diagnostics = diagnostics;
    package->arena = arena_new();
    package->names = name_set_new();
    package->digest = digest_new();
    if (!package->arena || !package->names || !package->digest || !keep_identity(package, identity)) {
        out_of_memory(package);
        goto failed;
    }
    package->path = arena_text(package->arena, path);
    if (!package->path) {
        out_of_memory(package);
        goto failed;
    }
    package->zip = zip_write_open(path, identity->date, diagnostics);
    if (!package->zip ||
        !add_whole(package, BAG_MIMETYPE, BAG_MIMETYPE_CONTENT, strlen(BAG_MIMETYPE_CONTENT), ZIP_STORED)) {
        goto failed;
    }
    return package;
failed:
    package_free(package);
    return NULL;
}

static struct byte_sink *begin_payload(struct package *package, const char *name, bool quick) {
    assert(!package->payload_ended);
    size_t size = strlen(BAG_PAYLOAD_FOLDER) + strlen(name) + 1;
    char *full = arena_allocate(package->arena, size);
    if (!full) {
        out_of_memory(package);
        return NULL;
    }
    strcpy(full, BAG_PAYLOAD_FOLDER);
    strcat(full, name);
    return begin(package, full, ZIP_DEFLATED, quick) ? &package->sink : NULL;
}

struct byte_sink *package_entry_begin(struct package *package, const char *name) {
    return begin_payload(package, name, false);
}

/* Counts the payload file that was ended last. */
static bool count_payload(struct package *package) {
    const struct package_entry *entry = &package->entries[package->count - 1];
    package->payload_bytes += entry->size;
    package->payload_files++;
    if (package->payload_bytes > LIMIT_PACKAGE_BYTES) {
        diagnostics_report(package->diagnostics, DIAGNOSTIC_FILE_TOO_LARGE, &(struct place){.path = package->path},
                           "a package holds at most %llu bytes of evidence; pack a shorter period",
                           LIMIT_PACKAGE_BYTES);
        return false;
    }
    return true;
}

bool package_entry_end(struct package *package, uint8_t digest[DIGEST_BYTES], uint64_t *size) {
    if (!end(package, NULL) || !count_payload(package)) {
        return false;
    }
    const struct package_entry *entry = &package->entries[package->count - 1];
    if (digest) {
        memcpy(digest, entry->digest, DIGEST_BYTES);
    }
    if (size) {
        *size = entry->size;
    }
    return true;
}

struct byte_sink *package_entry_begin_hashed(struct package *package, const char *name) {
    struct byte_sink *sink = package_entry_begin(package, name);

    package->hashed = sink != NULL;
    return sink;
}

bool package_entry_end_hashed(struct package *package, const uint8_t digest[DIGEST_BYTES]) {
    return end(package, digest) && count_payload(package);
}

void package_hold(struct package *package, bool hold) {
    zip_write_hold(package->zip, hold);
}

bool package_add_bytes(struct package *package, const char *name, const void *bytes, size_t length) {
    struct byte_sink *sink = package_entry_begin(package, name);
    if (!sink) {
        return false;
    }
    bool taken = sink->write(sink, bytes, length);
    return package_entry_end(package, NULL, NULL) && taken;
}

/* Pours an open file into the open entry. */
static bool pour(struct package *package, int descriptor, const char *path) {
    uint8_t *block = malloc(ZIP_FILE_BLOCK);
    bool done = false;
    if (!block) {
        return out_of_memory(package);
    }
    for (;;) {
        ssize_t got = read(descriptor, block, ZIP_FILE_BLOCK);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            diagnostics_report_errno(package->diagnostics, DIAGNOSTIC_FILE_READ, &(struct place){.path = path}, errno,
                                     "the file cannot be read into the package; check the disk it is on");
            break;
        }
        if (got == 0) {
            done = true;
            break;
        }
        if (!take_bytes(&package->sink, block, (size_t)got)) {
            break;
        }
    }
    free(block);
    return done;
}

bool package_add_file(struct package *package, const char *name, const char *path) {
    int descriptor = file_open(path);
    if (descriptor < 0) {
        diagnostics_report_errno(package->diagnostics, DIAGNOSTIC_FILE_READ, &(struct place){.path = path}, errno,
                                 "the file cannot be opened; check that it exists and may be read");
        return false;
    }
    bool done = begin_payload(package, name, true) != NULL;
    if (done) {
        bool poured = pour(package, descriptor, path);
        done = package_entry_end(package, NULL, NULL) && poured;
    }
    close(descriptor);
    return done;
}

/* Writes a tag file that the buffer holds, and empties the buffer. */
static bool add_buffer(struct package *package, const char *name, struct buffer *content) {
    bool done = !content->failed ? package_add_tag(package, name, content->data, content->length, false)
                                 : out_of_memory(package);
    buffer_clear(content);
    return done;
}

bool package_end_payload(struct package *package) {
    assert(!package->payload_ended && !package->open);
    struct buffer content = {0};
    bool done = false;
    package->payload_ended = true;
    bag_info(&package->identity, package->payload_bytes, package->payload_files, &content);
    if (!add_buffer(package, BAG_INFO, &content) ||
        !package_add_tag(package, BAG_DECLARATION, BAG_DECLARATION_CONTENT, strlen(BAG_DECLARATION_CONTENT), false)) {
        goto ended;
    }
    for (size_t i = 0; i < package->count; i++) {
        if (bag_is_payload(package->entries[i].name)) {
            bag_manifest_line(package->entries[i].digest, package->entries[i].name, &content);
        }
    }
    if (!add_buffer(package, BAG_MANIFEST, &content)) {
        goto ended;
    }
    for (size_t i = 0; i < package->count; i++) {
        if (!bag_is_payload(package->entries[i].name)) {
            bag_manifest_line(package->entries[i].digest, package->entries[i].name, &content);
        }
    }
    done = add_buffer(package, BAG_TAG_MANIFEST, &content);
ended:
    buffer_free(&content);
    return done;
}

bool package_add_tag(struct package *package, const char *name, const void *bytes, size_t length, bool store) {
    assert(package->payload_ended && !bag_is_payload(name));
    if (length > LIMIT_PACKAGE_TAG_BYTES) {
        diagnostics_report(package->diagnostics, DIAGNOSTIC_FILE_TOO_LARGE, &(struct place){.path = name},
                           "this manifest would pass %u bytes; pack fewer files or a shorter period",
                           LIMIT_PACKAGE_TAG_BYTES);
        return false;
    }
    return add_whole(package, name, bytes, length, store ? ZIP_STORED : ZIP_DEFLATED);
}

const struct package_entry *package_entries(const struct package *package, size_t *count) {
    *count = package->count;
    return package->entries;
}

bool package_finish(struct package *package, uint8_t digest[DIGEST_BYTES]) {
    assert(package->payload_ended && !package->open);
    return zip_write_finish(package->zip, digest);
}

void package_free(struct package *package) {
    if (!package) {
        return;
    }
    zip_write_free(package->zip);
    name_set_free(package->names);
    digest_free(package->digest);
    arena_free(package->arena);
    free(package);
}
