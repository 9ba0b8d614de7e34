/* The two files of META-INF, past the CRC that keeps most fuzzing out of them: a CMS signature, or an ASiCManifest. */

#include "base/xml.h"
#include "trust/asic_manifest.h"
#include "trust/cades.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    struct diagnostics *diagnostics = diagnostics_new();
    struct arena *arena = arena_new();
    struct reference *references = NULL;
    struct cades cades;
    const char *reason = NULL;
    size_t count = 0;
    if (!diagnostics || !arena || !xml_start()) {
        abort();
    }
    if (cades_check(bytes, length, "content", 7, &cades, &reason)) {
        cades_free(&cades);
    } else if (!reason) {
        abort();
    }
    bool parsed =
        asic_manifest_parse((const char *)bytes, length, "package.zip", arena, &references, &count, diagnostics);
    if (parsed == (diagnostics_count(diagnostics, DIAGNOSTIC_UNVERIFIED) > 0)) {
        abort();
    }
    arena_free(arena);
    diagnostics_free(diagnostics);
    return 0;
}
