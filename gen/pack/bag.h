#ifndef PACK_BAG_H
#define PACK_BAG_H

#include "base/buffer.h"
#include "base/digest.h"
#include "pack/package.h"

#include <stdbool.h>
#include <stdint.h>

/* The BagIt side of a package (RFC 8493): names and texts of its tag files. */
#define BAG_MIMETYPE            "mimetype"
#define BAG_MIMETYPE_CONTENT    "application/vnd.etsi.asic-e+zip"
#define BAG_PAYLOAD_FOLDER      "data/"
#define BAG_INFO                "bag-info.txt"
#define BAG_DECLARATION         "bagit.txt"
#define BAG_DECLARATION_CONTENT "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
#define BAG_MANIFEST            "manifest-sha256.txt"
#define BAG_TAG_MANIFEST        "tagmanifest-sha256.txt"
#define BAG_OXUM                "Payload-Oxum"

/* Whether each value of the identity is one line of UTF-8 text; `*label` is set to the label of the first that is not.
 */
bool bag_identity_valid(const struct package_identity *identity, const char **label);
/* bag-info.txt (RFC 8493 2.2.2), long values folded. `bytes` and `files` are the payload's, for Payload-Oxum. */
void bag_info(const struct package_identity *identity, uint64_t bytes, uint64_t files, struct buffer *out);
/* One line of a manifest or tag manifest (RFC 8493 2.1.3). */
void bag_manifest_line(const uint8_t digest[DIGEST_BYTES], const char *name, struct buffer *out);
/* Whether the name belongs to the payload. */
bool bag_is_payload(const char *name);

#endif
