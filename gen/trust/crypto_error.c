#include "trust/crypto_error.h"

#include <openssl/asn1.h>
#include <openssl/cmserr.h>
#include <openssl/err.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509err.h>

struct reason {
    int library;
    int code;
    const char *text;
};

/* Where several errors were queued, the first in this table that is among them tells most. */
static const struct reason reasons[] = {
    {ERR_LIB_CMS, CMS_R_VERIFICATION_FAILURE, "the signed bytes were altered"},
    {ERR_LIB_CMS, CMS_R_CONTENT_VERIFY_ERROR, "the signed bytes were altered"},
    {ERR_LIB_CMS, CMS_R_SIGNER_CERTIFICATE_NOT_FOUND, "the signer's certificate is not in the signature"},
    {ERR_LIB_CMS, CMS_R_NO_MATCHING_DIGEST, "the digest that was signed is of another kind than the signature says"},
    {ERR_LIB_X509, X509_R_KEY_VALUES_MISMATCH, "the key does not belong to the certificate"},
    {ERR_LIB_X509, X509_R_KEY_TYPE_MISMATCH, "the key does not belong to the certificate"},
    {ERR_LIB_ASN1, ASN1_R_NOT_ENOUGH_DATA, "it is cut off"},
    {ERR_LIB_ASN1, ASN1_R_HEADER_TOO_LONG, "it is not in DER form"},
    {ERR_LIB_ASN1, ASN1_R_WRONG_TAG, "it is not in DER form"},
};

const char *crypto_error_text(const char *unknown) {
    size_t best = sizeof reasons / sizeof reasons[0];
    const char *other = NULL;
    for (unsigned long error = ERR_get_error(); error != 0; error = ERR_get_error()) {
        for (size_t i = 0; i < best; i++) {
            if (reasons[i].library == ERR_GET_LIB(error) && reasons[i].code == ERR_GET_REASON(error)) {
                best = i;
            }
        }
        other = ERR_reason_error_string(error);
    }
    if (best < sizeof reasons / sizeof reasons[0]) {
        return reasons[best].text;
    }
    return other ? other : unknown;
}

const char *crypto_error_chain(int error) {
    switch (error) {
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
        return "no certificate you trust issued it";
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
        return "it leads to a self-signed certificate that you have not given as trusted";
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return "a certificate of its chain had expired at the claimed signing time";
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return "a certificate of its chain was not yet valid at the claimed signing time";
    case X509_V_ERR_EE_KEY_TOO_SMALL:
    case X509_V_ERR_CA_KEY_TOO_SMALL:
        return "a key of its chain is too short";
    case X509_V_ERR_CA_MD_TOO_WEAK:
        return "a certificate of its chain is signed with a weak digest";
    case X509_V_ERR_INVALID_CA:
        return "it was issued by a certificate that is no certification authority";
    default:
        return X509_verify_cert_error_string(error);
    }
}
