#ifndef TRUST_REFERENCE_H
#define TRUST_REFERENCE_H

#include "base/digest.h"

#include <stdint.h>

/* A file name and the SHA-256 that a manifest gives for it. */
struct reference {
    const char *name;
    uint8_t digest[DIGEST_BYTES];
};

#endif
