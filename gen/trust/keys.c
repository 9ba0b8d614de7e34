#include "trust/keys.h"

#include "base/datetime.h"
#include "trust/crypto_error.h"
#include "trust/key_file.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <string.h>

#define RSA_LEAST_BITS 3072

static bool refuse(const char *path, struct diagnostics *diagnostics, const char *text) {
    diagnostics_report(diagnostics, DIAGNOSTIC_KEY_LOAD, &(struct place){.path = path}, "%s", text);
    return false;
}

/* RSA of 3072 bits and more, P-256 or P-384; RSA is what signs the same bytes twice. */
static bool key_kind_accepted(const EVP_PKEY *key, const char *path, struct diagnostics *diagnostics) {
    char curve[64] = "";
    switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA:
        if (EVP_PKEY_get_bits(key) >= RSA_LEAST_BITS) {
            return true;
        }
        return refuse(path, diagnostics, "the RSA key is shorter than 3072 bits; make a longer one");
    case EVP_PKEY_EC: {
        int curve_id = NID_undef;
        if (EVP_PKEY_get_group_name(key, curve, sizeof curve, NULL)) {
            curve_id = OBJ_txt2nid(curve);
        }
        if (curve_id == NID_X9_62_prime256v1 || curve_id == NID_secp384r1) {
            return true;
        }
        return refuse(path, diagnostics, "the key is on a curve other than P-256 and P-384; make one on those, or RSA");
    }
    default:
        return refuse(path, diagnostics, "the key is neither RSA nor on P-256 or P-384; make one of those");
    }
}

/* Whether the certificate is valid at a time; says so under KEY_LOAD when not. */
static bool valid_at(X509 *certificate, int64_t at, const char *path, struct diagnostics *diagnostics) {
    time_t when = (time_t)at;
    char date[DATETIME_ISO_BYTES];
    datetime_date(at, date);
    int begins = X509_cmp_time(X509_get0_notBefore(certificate), &when);
    int ends = X509_cmp_time(X509_get0_notAfter(certificate), &when);
    if (begins == 0 || ends == 0) {
        return refuse(path, diagnostics, "the certificate's validity cannot be read; have it issued anew");
    }
    if (begins > 0 || ends < 0) {
        diagnostics_report(diagnostics, DIAGNOSTIC_KEY_LOAD, &(struct place){.path = path},
                           begins > 0 ? "the certificate is not yet valid on %s; sign with one that is"
                                      : "the certificate has expired by %s; have a new one issued",
                           date);
        return false;
    }
    return true;
}

/* Moves the certificate of the key out of the list and leaves the others as its chain. */
static bool split_chain(struct key_file *file, struct signer *out) {
    for (int i = 0; i < sk_X509_num(file->certificates); i++) {
        if (X509_check_private_key(sk_X509_value(file->certificates, i), out->key) == 1) {
            out->certificate = sk_X509_delete(file->certificates, i);
            out->chain = file->certificates;
            file->certificates = NULL;
            ERR_clear_error();
            return true;
        }
    }
    ERR_clear_error();
    return false;
}

static bool load_pair(const char *key_path, const char *certificate_path, const char *passphrase, struct signer *out,
                      struct diagnostics *diagnostics) {
    struct key_file key = {0};
    struct key_file certificate = {0};
    bool done = false;
    if (!key_file_load(key_path, passphrase, true, &key, diagnostics)) {
        goto ended;
    }
    if (!key.key) {
        refuse(key_path, diagnostics, "there is no private key in the file; give the one that holds it");
        goto ended;
    }
    if (!key.encrypted && key.exposed) {
        diagnostics_report(diagnostics, DIAGNOSTIC_KEY_EXPOSED, &(struct place){.path = key_path},
                           "the private key is not encrypted and others can read it; take their rights away "
                           "(chmod 600) or encrypt it");
        goto ended;
    }
    if (!key_kind_accepted(key.key, key_path, diagnostics)) {
        goto ended;
    }
    if (!key_file_load(certificate_path, passphrase, false, &certificate, diagnostics)) {
        goto ended;
    }
    if (sk_X509_num(certificate.certificates) == 0) {
        refuse(certificate_path, diagnostics, "there is no certificate in the file; give the signer's certificate");
        goto ended;
    }
    out->key = key.key;
    key.key = NULL;
    errno = 0;
    if (!split_chain(&certificate, out)) {
        if (errno == ENOMEM) {
            diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, &(struct place){.path = certificate_path},
                               "memory ran out while loading keys");
            goto ended;
        }
        refuse(certificate_path, diagnostics,
               "no certificate in the file belongs to the private key; give the two that were made together");
        goto ended;
    }
    done = true;
ended:
    key_file_free(&key);
    key_file_free(&certificate);
    return done;
}

bool keys_load(const char *key_path, const char *certificate_path, int passphrase_descriptor, int64_t at,
               struct signer *out, struct diagnostics *diagnostics) {
    char passphrase[KEY_FILE_PASSPHRASE_BYTES];
    bool given = passphrase_descriptor >= 0;
    bool done = false;
    *out = (struct signer){0};
    if (given && !key_file_passphrase(passphrase_descriptor, passphrase, diagnostics)) {
        return false;
    }
    done = load_pair(key_path, certificate_path, given ? passphrase : NULL, out, diagnostics) &&
           valid_at(out->certificate, at, certificate_path, diagnostics);
    OPENSSL_cleanse(passphrase, sizeof passphrase);
    if (!done) {
        keys_free(out);
    }
    return done;
}

void keys_free(struct signer *signer) {
    if (!signer) {
        return;
    }
    EVP_PKEY_free(signer->key);
    X509_free(signer->certificate);
    sk_X509_pop_free(signer->chain, X509_free);
    *signer = (struct signer){0};
}

bool keys_subject(X509 *certificate, struct buffer *out) {
    BIO *bio = BIO_new(BIO_s_mem());
    char *text = NULL;
    /* Control characters are escaped, other characters than ASCII are not. */
    bool done = bio != NULL && X509_NAME_print_ex(bio, X509_get_subject_name(certificate), 0,
                                                  (XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB)) >= 0;

    if (done) {
        long length = BIO_get_mem_data(bio, &text);
        buffer_append(out, text, (size_t)length);
    }
    BIO_free(bio);
    return done && !out->failed;
}

bool keys_load_anchors(const char *path, X509_STORE *store, struct diagnostics *diagnostics) {
    struct key_file file = {0};
    bool done = false;
    if (!key_file_load(path, NULL, false, &file, diagnostics)) {
        return false;
    }
    if (sk_X509_num(file.certificates) == 0) {
        refuse(path, diagnostics, "there is no certificate in the file; give the one you trust, as PEM");
        goto ended;
    }
    for (int i = 0; i < sk_X509_num(file.certificates); i++) {
        if (X509_STORE_add_cert(store, sk_X509_value(file.certificates, i)) != 1) {
            refuse(path, diagnostics, crypto_error_text("a certificate of the file cannot be used"));
            goto ended;
        }
    }
    done = true;
ended:
    key_file_free(&file);
    return done;
}
