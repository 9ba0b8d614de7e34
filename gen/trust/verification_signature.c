#include "trust/verification.h"

#include "base/datetime.h"
#include "trust/cades.h"
#include "trust/crypto_error.h"
#include "trust/keys.h"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>

#define AUTHENTICATION_LEVEL 2 /* OpenSSL's: RSA and DH of 2048 bits, no SHA-1 */

/* The signer's subject, cut to what the report holds. */
static void print_subject(X509 *certificate, char *out, size_t capacity) {
    struct buffer subject = {0};
    bool done = keys_subject(certificate, &subject);

    snprintf(out, capacity, "%s", done ? buffer_text(&subject) : "");
    buffer_free(&subject);
}

/* A certificate may be kept for other uses than signing (RFC 5280 4.2.1.3). */
static bool may_sign(X509 *certificate) {
    return (X509_get_key_usage(certificate) & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) != 0;
}

static bool valid_at(X509 *certificate, int64_t at) {
    time_t when = (time_t)at;
    return X509_cmp_time(X509_get0_notBefore(certificate), &when) < 0 &&
           X509_cmp_time(X509_get0_notAfter(certificate), &when) > 0;
}

/* Why the signer is not trusted by the store; NULL when it is. */
static const char *chain_fault(const struct cades *cades, X509_STORE *store) {
    const char *fault = "memory ran out";
    X509_STORE_CTX *context = X509_STORE_CTX_new();
    if (!may_sign(cades->signer)) {
        fault = "its certificate is not for signing documents";
        goto ended;
    }
    if (!valid_at(cades->signer, cades->signing_time)) {
        fault = "its certificate was not valid at the signing time that it claims";
        goto ended;
    }
    /* The certificates that came along may help to build the chain; trust comes from the store alone. */
    if (!context || X509_STORE_CTX_init(context, store, cades->signer, cades->others) != 1) {
        goto ended;
    }
    X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(context);
    X509_VERIFY_PARAM_set_time(param, (time_t)cades->signing_time);
    X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN);
    X509_VERIFY_PARAM_set_auth_level(param, AUTHENTICATION_LEVEL);
    if (X509_VERIFY_PARAM_set_purpose(param, X509_PURPOSE_ANY) != 1) {
        goto ended;
    }
    fault = X509_verify_cert(context) == 1 ? NULL : crypto_error_chain(X509_STORE_CTX_get_error(context));
ended:
    X509_STORE_CTX_free(context);
    ERR_clear_error();
    return fault;
}

static void set_check(struct verify_report *report, enum verify_check check, enum verify_outcome outcome,
                      const char *text) {
    report->checks[check].outcome = outcome;
    snprintf(report->checks[check].text, sizeof report->checks[check].text, "%s", text);
}

/* Whether one of the given certificates vouches for the signer at the time that the signer claims. */
static void check_trust(struct verification *verification, const struct cades *cades, const char *const *anchors,
                        size_t anchor_count, struct verify_report *report) {
    char date[DATETIME_ISO_BYTES];
    char text[256];
    X509_STORE *store = NULL;
    if (anchor_count == 0) {
        verification_report(
            verification, DIAGNOSTIC_PACKAGE_NO_ANCHOR,
            "the signer was compared with no certificate that you trust; give the one that you got from "
            "the organisation, not from the package (--anchor FILE)");
        set_check(report, VERIFY_TRUST, VERIFY_NOT_DONE, "no certificate was given to trust");
        return;
    }
    store = X509_STORE_new();
    if (!store) {
        verification_out_of_memory(verification);
        return;
    }
    bool loaded = true;
    for (size_t i = 0; i < anchor_count; i++) {
        loaded = keys_load_anchors(anchors[i], store, verification->diagnostics) && loaded;
    }
    const char *fault = loaded ? chain_fault(cades, store) : NULL;
    if (!loaded) {
        set_check(report, VERIFY_TRUST, VERIFY_NOT_DONE, "a certificate to trust cannot be used");
    } else if (fault) {
        verification_report(verification, DIAGNOSTIC_PACKAGE_UNTRUSTED,
                            "the signer (%s) is not trusted: %s; compare its certificate with the organisation's",
                            report->signer, fault);
        set_check(report, VERIFY_TRUST, VERIFY_FAILED, fault);
    } else {
        datetime_iso(cades->signing_time, date);
        snprintf(text, sizeof text, "a given certificate vouches for the signer at %s, the time it claims", date);
        set_check(report, VERIFY_TRUST, VERIFY_PASSED, text);
    }
    X509_STORE_free(store);
}

void verification_signature(struct verification *verification, const char *const *anchors, size_t anchor_count,
                            struct verify_report *report) {
    const struct buffer *signature = &verification->tags[VERIFICATION_SIGNATURE];
    const struct buffer *manifest = &verification->tags[VERIFICATION_ASIC_MANIFEST];
    char date[DATETIME_ISO_BYTES];
    char text[256];
    struct cades cades = {0};
    const char *reason = NULL;
    set_check(report, VERIFY_TRUST, VERIFY_NOT_DONE, "not asked: there is no signature that holds");
    if (!verification_needs(verification, VERIFICATION_SIGNATURE)) {
        set_check(report, VERIFY_SIGNATURE, VERIFY_FAILED, "there is no signature");
        return;
    }
    if (!verification->present[VERIFICATION_ASIC_MANIFEST]) {
        set_check(report, VERIFY_SIGNATURE, VERIFY_FAILED, "there is no manifest that it could cover");
        return;
    }
    if (!cades_check(signature->data, signature->length, manifest->data, manifest->length, &cades, &reason)) {
        verification_report(verification, DIAGNOSTIC_PACKAGE_SIGNATURE,
                            "the signature does not hold: %s; do not rely on the package", reason);
        set_check(report, VERIFY_SIGNATURE, VERIFY_FAILED, reason);
        return;
    }
    print_subject(cades.signer, report->signer, sizeof report->signer);
    report->signing_time = cades.signing_time;
    datetime_iso(cades.signing_time, date);
    snprintf(text, sizeof text, "holds over the manifest; signed %s, as the signer claims", date);
    set_check(report, VERIFY_SIGNATURE, VERIFY_PASSED, text);
    check_trust(verification, &cades, anchors, anchor_count, report);
    cades_free(&cades);
}
