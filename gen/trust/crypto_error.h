#ifndef TRUST_CRYPTO_ERROR_H
#define TRUST_CRYPTO_ERROR_H

#include <stddef.h>

/*
 * The last error of libcrypto in plain words, without codes, and empties its queue. `unknown` is the text for when the
 * library gives no reason. The result is a fixed text.
 */
const char *crypto_error_text(const char *unknown);
/* Why a certificate chain was refused (X509_V_ERR_*), in plain words. */
const char *crypto_error_chain(int error);

#endif
