#ifndef TRUST_KEYS_H
#define TRUST_KEYS_H

#include "base/buffer.h"
#include "base/diagnostics.h"

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdbool.h>
#include <stdint.h>

/* The signer: an X.509 certificate with its chain and its private key. */
struct signer {
    EVP_PKEY *key;
    X509 *certificate;
    STACK_OF(X509) * chain; /* may be NULL */
};

/*
 * Loads key and certificate (PEM, encrypted PKCS#8, PKCS#12 through OSSL_STORE). A key file that is not encrypted and
 * that others can read is refused, as are an expired pair for `at` (UTC seconds), a key that does not belong to the
 * certificate, RSA below 3072 bits and anything but RSA and P-256/P-384. `passphrase_descriptor` is -1 for none.
 */
bool keys_load(const char *key_path, const char *certificate_path, int passphrase_descriptor, int64_t at,
               struct signer *out, struct diagnostics *diagnostics);
void keys_free(struct signer *signer);
/* A certificate's subject for print, most particular part first (RFC 2253). False when memory is out. */
bool keys_subject(X509 *certificate, struct buffer *out);
/* Certificates of a PEM file, as trust anchors. */
bool keys_load_anchors(const char *path, X509_STORE *store, struct diagnostics *diagnostics);

struct keys_request {
    const char *key_path; /* made with mode 0600, never overwritten */
    const char *certificate_path;
    const char *organisation; /* O= and part of CN= */
    bool elliptic;            /* P-256; default RSA-3072, which signs reproducibly */
    int64_t from;             /* validity, UTC seconds */
    int64_t until;
};
/* Makes a development key pair: a self-signed certificate that says so in its subject. */
bool keys_generate(const struct keys_request *request, struct diagnostics *diagnostics);

#endif
