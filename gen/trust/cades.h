#ifndef TRUST_CADES_H
#define TRUST_CADES_H

#include "base/buffer.h"
#include "trust/keys.h"

#include <openssl/cms.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* CAdES-BASELINE-B (EN 319 122-1 6): a detached CMS signature with signing-certificate-v2 and signing time. */

/* Appends the DER of a signature over `bytes`. On failure `*reason` is a plain text. */
bool cades_sign(const void *bytes, size_t length, const struct signer *signer, int64_t signing_time, struct buffer *out,
                const char **reason);

/* A signature that was checked. All pointers but `cms` point into it; cades_free frees. */
struct cades {
    CMS_ContentInfo *cms;
    X509 *signer;
    STACK_OF(X509) * others; /* the certificates that came along, for building a chain; freed by cades_free */
    int64_t signing_time;    /* UTC seconds */
};
/*
 * Parses a signature and checks its form (one signer, SHA-256 or better, the attributes of CAdES-B) and that it holds
 * over `bytes`. Who the signer is, is not asked. On failure `*reason` is a plain text and `out` is empty.
 */
bool cades_check(const void *signature, size_t signature_length, const void *bytes, size_t length, struct cades *out,
                 const char **reason);
void cades_free(struct cades *cades);

#endif
