#include "trust/verification.h"

#include <stdlib.h>
#include <string.h>

#define PRINTED_NAME_BYTES 512

static int compare_references(const void *a, const void *b) {
    const struct reference *left = a;
    const struct reference *right = b;
    return strcmp(left->name, right->name);
}

static int compare_name(const void *key, const void *element) {
    const struct verification_file *file = element;
    return strcmp(key, file->entry->name);
}

/* One line of a manifest against the file that it names. */
static bool compare_one(struct verification *verification, const struct reference *reference, const char *manifest,
                        bool (*covers)(const char *name), enum diagnostic fault, bool *referenced) {
    char printed[PRINTED_NAME_BYTES];
    char is[DIGEST_HEX_BYTES];
    char was[DIGEST_HEX_BYTES];
    zip_read_printable(reference->name, strlen(reference->name), printed, sizeof printed);
    if (!covers(reference->name)) {
        return verification_report(verification, fault, "%s names %s, which it must not; ask for the package anew",
                                   manifest, printed);
    }
    const struct verification_file *file = verification->count == 0
                                               ? NULL
                                               : bsearch(reference->name, verification->files, verification->count,
                                                         sizeof *verification->files, compare_name);
    if (!file) {
        return verification_report(verification, DIAGNOSTIC_PACKAGE_MISSING,
                                   "%s is listed in %s but not in the package; it was removed, ask for it", printed,
                                   manifest);
    }
    referenced[file - verification->files] = true;
    if (!file->read) {
        return false; /* reported when it was read */
    }
    if (memcmp(file->digest, reference->digest, DIGEST_BYTES) != 0) {
        digest_hex(file->digest, is);
        digest_hex(reference->digest, was);
        return verification_report(verification, DIAGNOSTIC_PACKAGE_ALTERED,
                                   "%s was altered: its SHA-256 is %s, but %s says %s; do not rely on it", printed, is,
                                   manifest, was);
    }
    return true;
}

bool verification_compare(struct verification *verification, struct reference *references, size_t count,
                          const char *manifest, bool (*covers)(const char *name), enum diagnostic fault) {
    char printed[PRINTED_NAME_BYTES];
    bool done = true;
    bool *referenced = arena_array(verification->arena, verification->count + 1, sizeof *referenced);
    if (!referenced) {
        return verification_out_of_memory(verification);
    }
    if (count > 1) {
        qsort(references, count, sizeof *references, compare_references);
    }
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && strcmp(references[i - 1].name, references[i].name) == 0) {
            zip_read_printable(references[i].name, strlen(references[i].name), printed, sizeof printed);
            done = verification_report(verification, fault, "%s names %s more than once; ask for the package anew",
                                       manifest, printed);
        }
        done = compare_one(verification, &references[i], manifest, covers, fault, referenced) && done;
    }
    for (size_t i = 0; i < verification->count; i++) {
        const struct zip_entry *entry = verification->files[i].entry;
        if (!referenced[i] && covers(entry->name)) {
            zip_read_printable(entry->name, entry->name_length, printed, sizeof printed);
            done = verification_report(verification, DIAGNOSTIC_PACKAGE_EXTRA,
                                       "%s is in the package but not listed in %s; it was added, find out by whom",
                                       printed, manifest);
        }
    }
    return done;
}
