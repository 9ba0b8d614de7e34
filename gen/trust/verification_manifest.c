#include "trust/verification.h"

#include "trust/asic_manifest.h"

#include <string.h>

/* META-INF holds the manifest itself and the signature over it. */
static bool asic_manifest_covers(const char *name) {
    return strncmp(name, ASIC_MANIFEST_FOLDER, strlen(ASIC_MANIFEST_FOLDER)) != 0;
}

bool verification_manifest(struct verification *verification, size_t *listed) {
    struct reference *references = NULL;
    const struct buffer *content = &verification->tags[VERIFICATION_ASIC_MANIFEST];
    *listed = 0;
    return verification_needs(verification, VERIFICATION_ASIC_MANIFEST) &&
           asic_manifest_parse(content->data, content->length, verification->path, verification->arena, &references,
                               listed, verification->diagnostics) &&
           verification_compare(verification, references, *listed, ASIC_MANIFEST_NAME, asic_manifest_covers,
                                DIAGNOSTIC_PACKAGE_MANIFEST);
}
