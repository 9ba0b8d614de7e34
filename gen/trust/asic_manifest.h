#ifndef TRUST_ASIC_MANIFEST_H
#define TRUST_ASIC_MANIFEST_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/diagnostics.h"
#include "base/digest.h"
#include "pack/package.h"
#include "trust/reference.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* META-INF/ASiCManifest001.xml (EN 319 162-1 A.4): the list of files that the signature covers. */
#define ASIC_MANIFEST_FOLDER    "META-INF/"
#define ASIC_MANIFEST_NAME      "META-INF/ASiCManifest001.xml"
#define ASIC_MANIFEST_SIGNATURE "META-INF/signature001.p7s"

/* Appends the manifest of these entries, in their order; those in META-INF are left out. */
void asic_manifest_build(const struct package_entry *entries, size_t count, struct buffer *out);

/*
 * Parses a manifest that must name ASIC_MANIFEST_SIGNATURE as its signature and SHA-256 for every file. What is wrong
 * is reported under PACKAGE_MANIFEST, `path` being the package. The references live in the arena.
 */
bool asic_manifest_parse(const char *bytes, size_t length, const char *path, struct arena *arena,
                         struct reference **references, size_t *count, struct diagnostics *diagnostics);

#endif
