#include "trust/sign.h"

#include "base/buffer.h"
#include "trust/asic_manifest.h"
#include "trust/cades.h"

#include <errno.h>

bool sign_package(struct package *package, const struct signer *signer, int64_t signing_time,
                  struct diagnostics *diagnostics) {
    struct buffer manifest = {0};
    struct buffer signature = {0};
    const char *reason = NULL;
    bool done = false;
    size_t count = 0;
    const struct package_entry *entries = package_entries(package, &count);
    asic_manifest_build(entries, count, &manifest);
    if (manifest.failed) {
        diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "memory ran out while signing");
        goto ended;
    }
    errno = 0; /* libcrypto names a want of memory in many ways, or not at all, and leaves this */
    if (!cades_sign(manifest.data, manifest.length, signer, signing_time, &signature, &reason)) {
        if (errno == ENOMEM) {
            diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "memory ran out while signing");
            goto ended;
        }
        diagnostics_report(diagnostics, DIAGNOSTIC_SIGN_FAILED, NULL,
                           "the package could not be signed: %s; check the signing key and certificate", reason);
        goto ended;
    }
    done = package_add_tag(package, ASIC_MANIFEST_NAME, manifest.data, manifest.length, false) &&
           package_add_tag(package, ASIC_MANIFEST_SIGNATURE, signature.data, signature.length, true);
ended:
    buffer_free(&manifest);
    buffer_free(&signature);
    return done;
}
