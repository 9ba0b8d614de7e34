#ifndef TRUST_VERIFICATION_H
#define TRUST_VERIFICATION_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/diagnostics.h"
#include "base/digest.h"
#include "pack/zip_read.h"
#include "trust/reference.h"
#include "trust/verify.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One package being verified: what its files hold and digest to. Shared by the verify_*.c files only. */

/* The files outside data/ that a package has, each of them required. */
enum verification_tag {
    VERIFICATION_MIMETYPE,
    VERIFICATION_INFO,
    VERIFICATION_DECLARATION,
    VERIFICATION_PAYLOAD_MANIFEST,
    VERIFICATION_TAG_MANIFEST,
    VERIFICATION_ASIC_MANIFEST,
    VERIFICATION_SIGNATURE,
    VERIFICATION_TAGS
};

/* One file of the package, as it was read. */
struct verification_file {
    const struct zip_entry *entry;
    uint8_t digest[DIGEST_BYTES];
    bool read; /* all of it came through, and `digest` is set */
};

struct verification {
    const char *path;
    struct diagnostics *diagnostics;
    struct arena *arena;
    struct zip_read *zip;
    struct verification_file *files; /* sorted bytewise by name */
    size_t count;
    struct buffer tags[VERIFICATION_TAGS]; /* contents */
    bool present[VERIFICATION_TAGS];       /* there and read */
    bool failed;                           /* the system failed; a diagnostic says how */
};

const char *verification_tag_name(enum verification_tag tag);
/* Records a diagnostic whose place is the package. Returns false. */
bool verification_report(struct verification *verification, enum diagnostic id, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
bool verification_out_of_memory(struct verification *verification);

/* Points 4 and 6: names that are safe, unique and known. */
bool verification_names(struct verification *verification);
/* Point 5: reads every file once, keeping its digest and the contents of the tag files. */
bool verification_contents(struct verification *verification);
/* Whether the tag file is there; reports under PACKAGE_MISSING when it is not. */
bool verification_needs(struct verification *verification, enum verification_tag tag);

/*
 * Point 7: whether `references`, which came out of `manifest`, are exactly the files that `covers` says yes to, each
 * once, with their digests. Names each file that was altered, is missing or is extra; `fault` is the id for a manifest
 * that names a file twice or one that is not its own. Sorts the references.
 */
bool verification_compare(struct verification *verification, struct reference *references, size_t count,
                          const char *manifest, bool (*covers)(const char *name), enum diagnostic fault);

/* The files of BagIt (RFC 8493): both manifests, bagit.txt, Payload-Oxum. */
bool verification_bag(struct verification *verification);
/* META-INF/ASiCManifest001.xml. */
bool verification_manifest(struct verification *verification, size_t *listed);
/* The signature over it, and who made it. Fills signer, signing time and the texts of both checks. */
void verification_signature(struct verification *verification, const char *const *anchors, size_t anchor_count,
                            struct verify_report *report);

#endif
