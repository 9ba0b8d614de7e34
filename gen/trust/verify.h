#ifndef TRUST_VERIFY_H
#define TRUST_VERIFY_H

#include "base/diagnostics.h"
#include "base/digest.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Verifies a package (notes/package.md, points 1-9) without extracting it and without trusting a byte of it. Every
 * check has an outcome; the altered, missing or extra file is named in a diagnostic (level UNVERIFIED).
 */
enum verify_check {
    VERIFY_CONTAINER, /* 1-3: end record, contiguous regular files, local header equals central, limits */
    VERIFY_NAMES,     /* 4, 6: safe and unique names, nothing unknown outside data/ */
    VERIFY_CONTENT,   /* 5: declared sizes, CRC, whole input consumed */
    VERIFY_BAG,       /* 7: payload manifest, tag manifest, Payload-Oxum, bagit.txt */
    VERIFY_MANIFEST,  /* 7, 8: ASiCManifest parses, SHA-256 or better, names every file once with its digest */
    VERIFY_SIGNATURE, /* 9: one SignerInfo, CAdES attributes, the signature over the manifest holds */
    VERIFY_TRUST,     /* 9: chains to a configured anchor at signing time */
    VERIFY_COUNT
};
enum verify_outcome { VERIFY_NOT_DONE, VERIFY_PASSED, VERIFY_FAILED };

struct verify_report {
    struct {
        enum verify_outcome outcome;
        char text[256]; /* what was checked or found, for print */
    } checks[VERIFY_COUNT];
    uint64_t entries;
    uint64_t payload_files;
    uint64_t payload_bytes;
    uint8_t digest[DIGEST_BYTES]; /* of the whole package file */
    char signer[256];             /* subject, for print */
    int64_t signing_time;         /* the signer's claim; INT64_MIN when there is none */
    bool intact;                  /* all but trust passed */
    bool trusted;
};
const char *verify_check_name(enum verify_check check);

/*
 * Runs all checks that can be run. `anchors` are paths of PEM files, which alone decide trust; with none, VERIFY_TRUST
 * is VERIFY_NOT_DONE and a diagnostic says how to give one. False when the file cannot be read.
 */
bool verify_package(const char *path, const char *const *anchors, size_t anchor_count, struct verify_report *report,
                    struct diagnostics *diagnostics);

#endif
