#include "signer_fixture.h"

#include "base/xml.h"
#include "trust/verify.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

/* A root, an authority under it, and signers under that, as an organisation with its own authority has them. */
static struct {
    EVP_PKEY *root_key, *issuer_key, *key;
    X509 *root, *issuer;
} house;

static void extend(X509 *certificate, X509 *issuer, int kind, const char *value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, kind, value);
    assert_non_null(extension);
    assert_true(X509_add_ext(certificate, extension, -1));
    X509_EXTENSION_free(extension);
}

/* A certificate for `key`. `issuer` NULL: self-signed. `uses` and `extended` may be NULL. */
static X509 *issue(const char *name, EVP_PKEY *key, X509 *issuer, EVP_PKEY *issuer_key, bool authority,
                   const char *uses, const char *extended) {
    static long serial = 1;
    X509 *made = X509_new();
    X509_NAME *subject = X509_get_subject_name(made);
    assert_true(X509_set_version(made, X509_VERSION_3) && X509_set_pubkey(made, key));
    assert_true(ASN1_INTEGER_set(X509_get_serialNumber(made), serial++));
    assert_true(
        X509_NAME_add_entry_by_NID(subject, NID_commonName, MBSTRING_UTF8, (const unsigned char *)name, -1, -1, 0));
    assert_true(X509_set_issuer_name(made, issuer ? X509_get_subject_name(issuer) : subject));
    assert_non_null(ASN1_TIME_set(X509_getm_notBefore(made), FIXTURE_FROM));
    assert_non_null(ASN1_TIME_set(X509_getm_notAfter(made), FIXTURE_UNTIL));
    extend(made, issuer ? issuer : made, NID_basic_constraints, authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
    if (uses) {
        extend(made, issuer ? issuer : made, NID_key_usage, uses);
    }
    if (extended) {
        extend(made, issuer ? issuer : made, NID_ext_key_usage, extended);
    }
    assert_true(X509_sign(made, issuer_key, EVP_sha256()) > 0);
    return made;
}

static void save(const char *path, X509 *certificate) {
    BIO *bio = BIO_new(BIO_s_mem());
    char *bytes = NULL;
    assert_true(PEM_write_bio_X509(bio, certificate));
    long length = BIO_get_mem_data(bio, &bytes);
    fixture_write(path, bytes, (size_t)length, 0644);
    BIO_free(bio);
}

static int open_house(void **state) {
    if (!xml_start() || fixture_open(state) != 0) {
        return -1;
    }
    house.root_key = EVP_EC_gen("P-256");
    house.issuer_key = EVP_EC_gen("P-256");
    house.key = EVP_EC_gen("P-256");
    house.root = issue("Example root", house.root_key, NULL, house.root_key, true, "keyCertSign", NULL);
    house.issuer = issue("Example issuer", house.issuer_key, house.root, house.root_key, true, "keyCertSign", NULL);
    save(fixture_path("root.crt"), house.root);
    save(fixture_path("issuer.crt"), house.issuer);
    return 0;
}

static int close_house(void **state) {
    EVP_PKEY_free(house.root_key);
    EVP_PKEY_free(house.issuer_key);
    EVP_PKEY_free(house.key);
    X509_free(house.root);
    X509_free(house.issuer);
    xml_stop();
    return fixture_close(state);
}

/* Signs with `certificate`, sending the issuer and the root along, and verifies against one anchor. */
static void judge(X509 *certificate, X509 *issuer, const char *anchor, const char *refused) {
    struct diagnostics *diagnostics = diagnostics_new();
    struct verify_report report;
    char anchor_path[FIXTURE_PATH_BYTES];
    struct signer signer = {.key = house.key, .certificate = certificate, .chain = sk_X509_new_null()};
    assert_true(sk_X509_push(signer.chain, issuer) && sk_X509_push(signer.chain, house.root));
    strcpy(anchor_path, fixture_path(anchor));
    const char *anchors[] = {anchor_path};
    save(fixture_path("leaf.crt"), certificate);
    unlink(fixture_path("chain.zip"));
    fixture_package(fixture_path("chain.zip"), &signer);
    assert_true(verify_package(fixture_path("chain.zip"), anchors, 1, &report, diagnostics));
    assert_true(report.intact);
    if (refused) {
        assert_false(report.trusted);
        if (!fixture_says(diagnostics, DIAGNOSTIC_PACKAGE_UNTRUSTED, refused)) {
            fail_msg("'%s' is not '%s'", report.checks[VERIFY_TRUST].text, refused);
        }
    } else {
        fixture_quiet(diagnostics);
        assert_true(report.trusted);
    }
    sk_X509_free(signer.chain);
    diagnostics_free(diagnostics);
}

/* The root, the issuer or the certificate itself may be what the auditor was given. */
static void trusts_each_link_that_was_given(void **state) {
    (void)state;
    X509 *leaf = issue("Ann", house.key, house.issuer, house.issuer_key, false, "digitalSignature", NULL);
    judge(leaf, house.issuer, "root.crt", NULL);
    judge(leaf, house.issuer, "issuer.crt", NULL);
    judge(leaf, house.issuer, "leaf.crt", NULL);
    X509_free(leaf);
}

static void trusts_no_root_that_came_along(void **state) {
    (void)state;
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *stranger = issue("Example root", key, NULL, key, true, "keyCertSign", NULL);
    X509 *leaf = issue("Ann", house.key, house.issuer, house.issuer_key, false, "digitalSignature", NULL);
    save(fixture_path("stranger.crt"), stranger);
    judge(leaf, house.issuer, "stranger.crt", "");
    X509_free(leaf);
    X509_free(stranger);
    EVP_PKEY_free(key);
}

/* What a certificate is for matters only as far as signing goes. */
static void asks_whether_the_key_may_sign(void **state) {
    (void)state;
    X509 *leaf = issue("Ann", house.key, house.issuer, house.issuer_key, false, "nonRepudiation", "codeSigning");
    judge(leaf, house.issuer, "root.crt", NULL);
    X509_free(leaf);
    leaf = issue("Ann", house.key, house.issuer, house.issuer_key, false, NULL, NULL);
    judge(leaf, house.issuer, "root.crt", NULL);
    X509_free(leaf);
    leaf = issue("Ann", house.key, house.issuer, house.issuer_key, false, "keyEncipherment", NULL);
    judge(leaf, house.issuer, "root.crt", "not for signing");
    X509_free(leaf);
}

static void refuses_issuers_that_are_no_authority(void **state) {
    (void)state;
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *person = issue("Bob", key, house.root, house.root_key, false, "digitalSignature", NULL);
    X509 *leaf = issue("Ann", house.key, person, key, false, "digitalSignature", NULL);
    judge(leaf, person, "root.crt", "");
    X509_free(leaf);
    X509_free(person);
    EVP_PKEY_free(key);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trusts_each_link_that_was_given),
        cmocka_unit_test(trusts_no_root_that_came_along),
        cmocka_unit_test(asks_whether_the_key_may_sign),
        cmocka_unit_test(refuses_issuers_that_are_no_authority),
    };
    return cmocka_run_group_tests(tests, open_house, close_house);
}
