#ifndef TRUST_SIGN_H
#define TRUST_SIGN_H

#include "pack/package.h"
#include "trust/keys.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Adds META-INF/ASiCManifest001.xml (every entry of the package so far, EN 319 162-1 A.4) and META-INF/signature001.p7s
 * (CAdES-BASELINE-B, detached, over the manifest's bytes; EN 319 122-1) to a package whose payload is ended.
 * `signing_time` is UTC seconds.
 */
bool sign_package(struct package *package, const struct signer *signer, int64_t signing_time,
                  struct diagnostics *diagnostics);

#endif
