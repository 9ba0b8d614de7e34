#include "trust/cades.h"

#include "base/datetime.h"
#include "trust/crypto_error.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/ess.h>
#include <openssl/objects.h>
#include <string.h>

#define RSA_LEAST_BITS 2048 /* to verify with; keys_load asks more of what we sign with */
#define EC_LEAST_BITS  256

/* The time as CMS has it: UTCTime until 2049, then GeneralizedTime (RFC 5652 11.3). */
static bool set_signing_time(CMS_SignerInfo *info, int64_t seconds) {
    ASN1_TIME *time = ASN1_TIME_set(NULL, (time_t)seconds);
    bool done = time && CMS_signed_add1_attr_by_NID(info, NID_pkcs9_signingTime, time->type, time->data, time->length);
    ASN1_TIME_free(time);
    return done;
}

static bool add_chain(CMS_ContentInfo *cms, const struct signer *signer) {
    for (int i = 0; i < sk_X509_num(signer->chain); i++) {
        if (!CMS_add1_cert(cms, sk_X509_value(signer->chain, i))) {
            return false;
        }
    }
    return true;
}

bool cades_sign(const void *bytes, size_t length, const struct signer *signer, int64_t signing_time, struct buffer *out,
                const char **reason) {
    unsigned flags = CMS_BINARY | CMS_DETACHED | CMS_PARTIAL;
    CMS_ContentInfo *cms = NULL;
    BIO *content = NULL;
    unsigned char *der = NULL;
    bool done = false;
    ERR_clear_error();
    if (length > INT_MAX) {
        *reason = "the manifest is too long";
        return false;
    }
    content = BIO_new_mem_buf(bytes, (int)length);
    cms = CMS_sign(NULL, NULL, NULL, NULL, flags);
    if (!content || !cms) {
        goto ended;
    }
    CMS_SignerInfo *info =
        CMS_add1_signer(cms, signer->certificate, signer->key, EVP_sha256(), flags | CMS_CADES | CMS_NOSMIMECAP);
    if (!info || !set_signing_time(info, signing_time) || !add_chain(cms, signer) ||
        !CMS_final(cms, content, NULL, CMS_BINARY | CMS_DETACHED)) {
        goto ended;
    }
    int size = i2d_CMS_ContentInfo(cms, &der);
    if (size <= 0) {
        goto ended;
    }
    buffer_append(out, der, (size_t)size);
    done = !out->failed;
ended:
    if (!done) {
        *reason = crypto_error_text("memory ran out");
    }
    OPENSSL_free(der);
    CMS_ContentInfo_free(cms);
    BIO_free(content);
    return done;
}

/* The DER must be the one encoding of what was parsed, with nothing behind it. */
static CMS_ContentInfo *parse(const unsigned char *bytes, size_t length, const char **reason) {
    const unsigned char *next = bytes;
    unsigned char *again = NULL;
    CMS_ContentInfo *cms = length <= INT_MAX ? d2i_CMS_ContentInfo(NULL, &next, (long)length) : NULL;
    if (!cms) {
        *reason = "it is not a CMS signature in DER form";
        return NULL;
    }
    int size = i2d_CMS_ContentInfo(cms, &again);
    bool same = size > 0 && (size_t)size == length && memcmp(again, bytes, length) == 0;
    OPENSSL_free(again);
    if (!same) {
        *reason = "it is not in DER form, or has bytes behind its end";
        CMS_ContentInfo_free(cms);
        return NULL;
    }
    return cms;
}

/* Exactly one value of a signed attribute; NULL when there is none or more. */
static void *only_attribute(const CMS_SignerInfo *info, int kind, int type) {
    int at = CMS_signed_get_attr_by_NID(info, kind, -1);
    if (at < 0 || CMS_signed_get_attr_by_NID(info, kind, at) >= 0) {
        return NULL;
    }
    X509_ATTRIBUTE *attribute = CMS_signed_get_attr(info, at);
    return X509_ATTRIBUTE_count(attribute) == 1 ? X509_ATTRIBUTE_get0_data(attribute, 0, type, NULL) : NULL;
}

static bool read_signing_time(const CMS_SignerInfo *info, int64_t *seconds) {
    struct tm tm;
    const ASN1_TIME *time = only_attribute(info, NID_pkcs9_signingTime, V_ASN1_UTCTIME);
    if (!time) {
        time = only_attribute(info, NID_pkcs9_signingTime, V_ASN1_GENERALIZEDTIME);
    }
    if (!time || !ASN1_TIME_to_tm(time, &tm)) {
        return false;
    }
    *seconds = datetime_from_civil(&(struct civil){.year = tm.tm_year + 1900,
                                                   .month = tm.tm_mon + 1,
                                                   .day = tm.tm_mday,
                                                   .hour = tm.tm_hour,
                                                   .minute = tm.tm_min,
                                                   .second = tm.tm_sec});
    return true;
}

static bool digest_strong(CMS_SignerInfo *info) {
    X509_ALGOR *digest = NULL;
    const ASN1_OBJECT *kind = NULL;
    CMS_SignerInfo_get0_algs(info, NULL, NULL, &digest, NULL);
    X509_ALGOR_get0(&kind, NULL, NULL, digest);
    int id = OBJ_obj2nid(kind);
    return id == NID_sha256 || id == NID_sha384 || id == NID_sha512;
}

static bool key_strong(X509 *certificate) {
    EVP_PKEY *key = X509_get0_pubkey(certificate);
    if (!key) {
        return false;
    }
    int kind = EVP_PKEY_get_base_id(key);
    int least = kind == EVP_PKEY_RSA || kind == EVP_PKEY_RSA_PSS ? RSA_LEAST_BITS : EC_LEAST_BITS;
    return (kind == EVP_PKEY_RSA || kind == EVP_PKEY_RSA_PSS || kind == EVP_PKEY_EC) && EVP_PKEY_get_bits(key) >= least;
}

/* The form, before any key is used: NULL when it is in order, else what is wrong. */
static const char *form_fault(CMS_ContentInfo *cms, CMS_SignerInfo **info, int64_t *signing_time) {
    if (OBJ_obj2nid(CMS_get0_type(cms)) != NID_pkcs7_signed ||
        OBJ_obj2nid(CMS_get0_eContentType(cms)) != NID_pkcs7_data) {
        return "it is not a signature over plain data";
    }
    if (CMS_is_detached(cms) != 1) {
        return "it brings its own content instead of signing the manifest";
    }
    STACK_OF(CMS_SignerInfo) *infos = CMS_get0_SignerInfos(cms);
    if (sk_CMS_SignerInfo_num(infos) != 1) {
        return "it does not have exactly one signer";
    }
    *info = sk_CMS_SignerInfo_value(infos, 0);
    if (!digest_strong(*info)) {
        return "its digest is weaker than SHA-256";
    }
    if (!only_attribute(*info, NID_id_smime_aa_signingCertificateV2, V_ASN1_SEQUENCE)) {
        return "it does not name its certificate (signing-certificate-v2)";
    }
    if (!read_signing_time(*info, signing_time)) {
        return "it does not say when it was made (signing-time)";
    }
    return NULL;
}

/*
 * Whether signing-certificate-v2 (RFC 5035) names the certificate whose key the signature holds with. Asked here and
 * not by CMS_verify, which does so only along with the chain that the package brings; trust is the caller's question.
 */
static bool names_its_certificate(const CMS_SignerInfo *info, X509 *signer, STACK_OF(X509) * others) {
    const ASN1_STRING *value = only_attribute(info, NID_id_smime_aa_signingCertificateV2, V_ASN1_SEQUENCE);
    const unsigned char *next = ASN1_STRING_get0_data(value);
    const unsigned char *end = next + ASN1_STRING_length(value);
    ESS_SIGNING_CERT_V2 *named = d2i_ESS_SIGNING_CERT_V2(NULL, &next, ASN1_STRING_length(value));
    STACK_OF(X509) *chain = sk_X509_new_null();
    bool done = named && next == end && chain && sk_X509_push(chain, signer);
    for (int i = 0; done && i < sk_X509_num(others); i++) {
        done = sk_X509_push(chain, sk_X509_value(others, i)) > 0;
    }
    done = done && OSSL_ESS_check_signing_certs(NULL, named, chain, 1) > 0;
    sk_X509_free(chain);
    ESS_SIGNING_CERT_V2_free(named);
    return done;
}

/*
 * The signed bytes behind a filter that does nothing: CMS_verify of OpenSSL 3.0 copies a bare memory BIO, and leaks the
 * copy when the signature names a digest that it does not know.
 */
static BIO *open_content(const void *bytes, size_t length) {
    BIO *memory = length <= INT_MAX ? BIO_new_mem_buf(bytes, (int)length) : NULL;
    BIO *filter = memory ? BIO_new(BIO_f_null()) : NULL;
    if (!filter) {
        BIO_free(memory);
        return NULL;
    }
    return BIO_push(filter, memory);
}

bool cades_check(const void *signature, size_t signature_length, const void *bytes, size_t length, struct cades *out,
                 const char **reason) {
    CMS_SignerInfo *info = NULL;
    BIO *content = NULL;
    bool done = false;
    *out = (struct cades){0};
    ERR_clear_error();
    *reason = NULL;
    out->cms = parse(signature, signature_length, reason);
    if (!out->cms) {
        goto ended;
    }
    *reason = form_fault(out->cms, &info, &out->signing_time);
    if (*reason) {
        goto ended;
    }
    content = open_content(bytes, length);
    if (!content ||
        CMS_verify(out->cms, NULL, NULL, content, NULL, CMS_BINARY | CMS_DETACHED | CMS_NO_SIGNER_CERT_VERIFY) != 1) {
        *reason = crypto_error_text("the signed bytes were altered");
        goto ended;
    }
    CMS_SignerInfo_get0_algs(info, NULL, &out->signer, NULL, NULL);
    out->others = CMS_get1_certs(out->cms);
    if (!out->signer || !names_its_certificate(info, out->signer, out->others)) {
        *reason = "it names another certificate than the one it was made with";
        goto ended;
    }
    if (!key_strong(out->signer)) {
        *reason = "the signer's key is of an unknown kind or too short";
        goto ended;
    }
    done = true;
ended:
    BIO_free_all(content);
    ERR_clear_error();
    if (!done) {
        cades_free(out);
    }
    return done;
}

void cades_free(struct cades *cades) {
    if (cades) {
        sk_X509_pop_free(cades->others, X509_free);
        CMS_ContentInfo_free(cades->cms);
        *cades = (struct cades){0};
    }
}
