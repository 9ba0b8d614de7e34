#include "trust/keys.h"

#include "base/buffer.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/file_remove.h"
#include "base/text.h"
#include "trust/crypto_error.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <string.h>

#define RSA_BITS     3072
#define SERIAL_BYTES 16
#define NAME_MOST    64 /* characters of O and CN: ub-organization-name, ub-common-name in X.520 */
#define KEY_SUFFIX   " tickmark development key"

static bool failed(struct diagnostics *diagnostics) {
    diagnostics_report(diagnostics, DIAGNOSTIC_SIGN_FAILED, NULL,
                       "the key pair cannot be made: %s; check the organisation's name and the validity",
                       crypto_error_text("memory ran out"));
    return false;
}

/* The length of the first `most` characters of a text, in bytes. */
static size_t characters(const char *text, size_t most) {
    size_t length = strlen(text);
    size_t position = 0;
    for (size_t i = 0; i < most && position < length; i++) {
        text_utf8_next(text, length, &position);
    }
    return position;
}

/* From the public key, so that nothing here is drawn by lot but the key. RFC 5280 4.1.2.2: positive, at most 20 bytes.
 */
static bool set_serial(X509 *certificate) {
    uint8_t digest[DIGEST_BYTES];
    unsigned char *der = NULL;
    int length = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
    bool done = length > 0 && digest_bytes(der, (size_t)length, digest);
    OPENSSL_free(der);
    if (!done) {
        return false;
    }
    digest[0] = (digest[0] & 0x7f) | 0x40;
    BIGNUM *number = BN_bin2bn(digest, SERIAL_BYTES, NULL);
    done = number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate));
    BN_free(number);
    return done;
}

static bool set_subject(X509 *certificate, const char *organisation) {
    X509_NAME *name = X509_get_subject_name(certificate);
    struct buffer common = {0};
    buffer_append(&common, organisation, characters(organisation, NAME_MOST - strlen(KEY_SUFFIX)));
    buffer_append_text(&common, KEY_SUFFIX);
    const unsigned char *o = (const unsigned char *)organisation;
    const unsigned char *unit = (const unsigned char *)"development key";
    bool done = buffer_text(&common) &&
                X509_NAME_add_entry_by_NID(name, NID_organizationName, MBSTRING_UTF8, o,
                                           (int)characters(organisation, NAME_MOST), -1, 0) &&
                X509_NAME_add_entry_by_NID(name, NID_organizationalUnitName, MBSTRING_UTF8, unit, -1, -1, 0) &&
                X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8,
                                           (const unsigned char *)buffer_text(&common), -1, -1, 0) &&
                X509_set_issuer_name(certificate, name);
    buffer_free(&common);
    return done;
}

static bool add_extension(X509 *certificate, int kind, const char *value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, kind, value);
    bool done = extension && X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
    return done;
}

static X509 *make_certificate(const struct keys_request *request, EVP_PKEY *key) {
    X509 *certificate = X509_new();
    if (certificate && X509_set_version(certificate, X509_VERSION_3) && X509_set_pubkey(certificate, key) &&
        set_serial(certificate) && set_subject(certificate, request->organisation) &&
        ASN1_TIME_set(X509_getm_notBefore(certificate), (time_t)request->from) &&
        ASN1_TIME_set(X509_getm_notAfter(certificate), (time_t)request->until) &&
        add_extension(certificate, NID_basic_constraints, "critical,CA:FALSE") &&
        add_extension(certificate, NID_key_usage, "critical,digitalSignature,nonRepudiation") &&
        add_extension(certificate, NID_subject_key_identifier, "hash") &&
        X509_sign(certificate, key, EVP_sha256()) > 0) {
        return certificate;
    }
    X509_free(certificate);
    return NULL;
}

/* Writes what `bio` has gathered to a new file. */
static bool save(BIO *bio, const char *path, unsigned mode, struct diagnostics *diagnostics) {
    char *bytes = NULL;
    long length = BIO_get_mem_data(bio, &bytes);
    return file_create(path, bytes, (size_t)length, mode, diagnostics);
}

static bool nothing_there(const char *path, struct diagnostics *diagnostics) {
    if (!file_exists(path)) {
        return true;
    }
    diagnostics_report(diagnostics, DIAGNOSTIC_KEY_EXISTS, &(struct place){.path = path},
                       "there is a file already, and keys are never overwritten; move it away or name another");
    return false;
}

bool keys_generate(const struct keys_request *request, struct diagnostics *diagnostics) {
    EVP_PKEY *key = NULL;
    X509 *certificate = NULL;
    BIO *key_text = NULL;
    BIO *certificate_text = NULL;
    bool done = false;
    if (!nothing_there(request->key_path, diagnostics) || !nothing_there(request->certificate_path, diagnostics)) {
        return false;
    }
    ERR_clear_error();
    key = request->elliptic ? EVP_EC_gen("P-256") : EVP_RSA_gen(RSA_BITS);
    certificate = key ? make_certificate(request, key) : NULL;
    key_text = BIO_new(BIO_s_secmem());
    certificate_text = BIO_new(BIO_s_mem());
    if (!certificate || !key_text || !certificate_text ||
        !PEM_write_bio_PKCS8PrivateKey(key_text, key, NULL, NULL, 0, NULL, NULL) ||
        !PEM_write_bio_X509(certificate_text, certificate)) {
        failed(diagnostics);
        goto ended;
    }
    if (!save(key_text, request->key_path, 0600, diagnostics)) {
        goto ended;
    }
    done = save(certificate_text, request->certificate_path, 0644, diagnostics);
    if (!done) {
        /* A key without its certificate is of no use and would stand in the way of the next attempt. */
        file_remove_tree(request->key_path, diagnostics);
    }
ended:
    BIO_free(key_text);
    BIO_free(certificate_text);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return done;
}
