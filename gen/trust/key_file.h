#ifndef TRUST_KEY_FILE_H
#define TRUST_KEY_FILE_H

#include "base/buffer.h"
#include "base/diagnostics.h"

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdbool.h>

/* What one file of keys and certificates holds: PEM, DER or PKCS#12. */
struct key_file {
    EVP_PKEY *key;                 /* the first private key, or NULL */
    STACK_OF(X509) * certificates; /* in the order of the file; never NULL after key_file_load */
    bool encrypted;                /* a passphrase was asked for */
    bool exposed;                  /* group or others can read the file */
};

/*
 * Loads a file; `passphrase` may be NULL. Only what is wanted is decrypted. Reports under KEY_LOAD, except a file that
 * cannot be read at all (FILE_READ).
 */
bool key_file_load(const char *path, const char *passphrase, bool want_key, struct key_file *out,
                   struct diagnostics *diagnostics);
void key_file_free(struct key_file *file);
/*
 * Reads a passphrase from a descriptor, up to a line break or the end. The caller wipes it with OPENSSL_cleanse.
 * Reports under KEY_LOAD.
 */
#define KEY_FILE_PASSPHRASE_BYTES 1024
bool key_file_passphrase(int descriptor, char out[KEY_FILE_PASSPHRASE_BYTES], struct diagnostics *diagnostics);

#endif
