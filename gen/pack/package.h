#ifndef PACK_PACKAGE_H
#define PACK_PACKAGE_H

#include "base/byte_sink.h"
#include "base/diagnostics.h"
#include "base/digest.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The ordered container writer: one ZIP that is an ASiC-E container (EN 319 162-1) and a BagIt bag (RFC 8493), laid out
 * as notes say: mimetype, data/, tag files, and META-INF, which trust/ adds through package_add_tag. Entries are
 * written as their bytes arrive: nothing is kept but the digests. The file is written in place at `path` (inside a
 * staging folder, so that it appears only when all is well).
 */
struct package;

struct package_identity {
    int64_t date;             /* UTC seconds: the fixed time of every entry and the Bagging-Date */
    const char *organisation; /* Source-Organization */
    const char *contact;      /* Contact-Email; NULL: left out */
    const char *identifier;   /* External-Identifier, such as example-2025-Q4-portfolio */
    const char *description;  /* External-Description */
    const char *agent;        /* Bag-Software-Agent */
    const char *compressor;   /* filled in by package_create's implementation when NULL */
};

struct package *package_create(const char *path, const struct package_identity *identity,
                               struct diagnostics *diagnostics);
/*
 * Begins `data/<name>`. Files are written in the order in which they come: the evidence bytewise by name, and what
 * stands behind it as it is made, for the longest in the making would hold up the others. A name that is unsafe
 * (path_is_safe), or that could fall together with another where case or accents are not told apart, is reported under
 * FILE_NAME. Bytes go to the returned sink until package_entry_end, which hands back their SHA-256 and count (either
 * may be NULL). NULL on failure; the package can then only be freed.
 */
struct byte_sink *package_entry_begin(struct package *package, const char *name);
bool package_entry_end(struct package *package, uint8_t digest[DIGEST_BYTES], uint64_t *size);
/*
 * The same for bytes that the caller hashes itself on their way to the sink: ended with their SHA-256, which goes into
 * the manifest as it is.
 */
struct byte_sink *package_entry_begin_hashed(struct package *package, const char *name);
bool package_entry_end_hashed(struct package *package, const uint8_t digest[DIGEST_BYTES]);
/*
 * Whether what is added is deflated later, as far as memory allows, so that who adds it is not kept waiting: until
 * there is time for it, or the package is finished. The package is the same either way.
 */
void package_hold(struct package *package, bool hold);
bool package_add_bytes(struct package *package, const char *name, const void *bytes, size_t length);
/* A file of our own making, of which there is more than evidence: deflated quickly. */
bool package_add_file(struct package *package, const char *name, const char *path);

/* Ends the payload: writes bag-info.txt, bagit.txt, manifest-sha256.txt, tagmanifest-sha256.txt. */
bool package_end_payload(struct package *package);
/* A file outside data/ after the payload, such as META-INF/ASiCManifest001.xml; stored or deflated. */
bool package_add_tag(struct package *package, const char *name, const void *bytes, size_t length, bool store);
/* Everything that was written so far, in order, with digests: for the ASiC manifest. */
struct package_entry {
    const char *name;
    uint8_t digest[DIGEST_BYTES];
    uint64_t size;
};
const struct package_entry *package_entries(const struct package *package, size_t *count);
/*
 * Writes the central directory and closes; the staging folder, which is synced as a whole, holds the file. The SHA-256
 * of the whole file, when `digest` is not NULL.
 */
bool package_finish(struct package *package, uint8_t digest[DIGEST_BYTES]);
/* Frees; removes the file when package_finish did not succeed. NULL is fine. */
void package_free(struct package *package);

#endif
