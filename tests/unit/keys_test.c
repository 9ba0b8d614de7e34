#include "signer_fixture.h"

#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509v3.h>

static void save_key(const char *path, EVP_PKEY *key, const char *passphrase, unsigned mode) {
    BIO *bio = BIO_new(BIO_s_mem());
    char *bytes = NULL;
    assert_true(PEM_write_bio_PKCS8PrivateKey(bio, key, passphrase ? EVP_aes_256_cbc() : NULL, passphrase,
                                              passphrase ? (int)strlen(passphrase) : 0, NULL, NULL));
    long length = BIO_get_mem_data(bio, &bytes);
    fixture_write(path, bytes, (size_t)length, mode);
    BIO_free(bio);
}

/* A descriptor from which these bytes can be read. */
static int descriptor_of(const char *text) {
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], text, strlen(text)), strlen(text));
    close(ends[1]);
    return ends[0];
}

/* Loads and forgets; `passphrase` NULL gives no descriptor. When it is refused, `id` must say `told`. */
static void load(const char *key, const char *certificate, const char *passphrase, int64_t at, bool accepted,
                 enum diagnostic id, const char *told) {
    struct diagnostics *diagnostics = diagnostics_new();
    struct signer signer;
    int descriptor = passphrase ? descriptor_of(passphrase) : -1;
    bool done = keys_load(fixture_path(key), fixture_path(certificate), descriptor, at, &signer, diagnostics);
    if (descriptor >= 0) {
        close(descriptor);
    }
    assert_true(done == accepted);
    if (accepted) {
        fixture_quiet(diagnostics);
        assert_int_equal(X509_check_private_key(signer.certificate, signer.key), 1);
    } else {
        assert_null(signer.key);
        if (!fixture_says(diagnostics, id, told)) {
            struct buffer text = {0};
            diagnostics_print(diagnostics, DIAGNOSTIC_NOTE, false, &text);
            print_error("%s does not say %s", buffer_text(&text), told);
            buffer_free(&text);
            fail();
        }
        assert_int_equal(diagnostics_exit_status(diagnostics), 2);
    }
    keys_free(&signer);
    diagnostics_free(diagnostics);
}

static int open_with_keys(void **state) {
    if (fixture_open(state) != 0) {
        return -1;
    }
    fixture_generate("rsa.pem", "rsa.crt", false);
    fixture_generate("ec.pem", "ec.crt", true);
    return 0;
}

static void makes_pairs_that_load(void **state) {
    (void)state;
    struct stat status;
    load("rsa.pem", "rsa.crt", NULL, FIXTURE_DATE, true, 0, NULL);
    load("ec.pem", "ec.crt", NULL, FIXTURE_DATE, true, 0, NULL);
    assert_int_equal(stat(fixture_path("rsa.pem"), &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
}

static void says_in_the_subject_what_it_is(void **state) {
    (void)state;
    struct signer signer;
    char text[64];
    fixture_signer("rsa.pem", "rsa.crt", &signer);
    X509_NAME *name = X509_get_subject_name(signer.certificate);
    assert_true(X509_NAME_get_text_by_NID(name, NID_organizationName, text, sizeof text) > 0);
    assert_string_equal(text, "Example Cooperative");
    assert_true(X509_NAME_get_text_by_NID(name, NID_organizationalUnitName, text, sizeof text) > 0);
    assert_string_equal(text, "development key");
    assert_true(X509_NAME_get_text_by_NID(name, NID_commonName, text, sizeof text) > 0);
    assert_string_equal(text, "Example Cooperative tickmark development key");
    assert_int_equal(EVP_PKEY_get_bits(signer.key), 3072);
    assert_int_equal(X509_get_key_usage(signer.certificate), KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION);
    assert_int_equal(X509_check_ca(signer.certificate), 0);
    assert_false(ASN1_STRING_length(X509_get_serialNumber(signer.certificate)) > 20);
    assert_null(signer.chain && sk_X509_num(signer.chain) > 0 ? signer.chain : NULL);
    keys_free(&signer);
    keys_free(NULL);
}

static void cuts_long_organisations(void **state) {
    (void)state;
    struct diagnostics *diagnostics = diagnostics_new();
    char organisation[301] = "";
    struct keys_request request = {
        .organisation = organisation, .elliptic = true, .from = FIXTURE_FROM, .until = FIXTURE_UNTIL};
    char key[FIXTURE_PATH_BYTES];
    char certificate[FIXTURE_PATH_BYTES];
    strcpy(key, fixture_path("long.pem"));
    strcpy(certificate, fixture_path("long.crt"));
    request.key_path = key;
    request.certificate_path = certificate;
    for (int i = 0; i < 150; i++) {
        strcat(organisation, "\303\251");
    }
    assert_true(keys_generate(&request, diagnostics));
    load("long.pem", "long.crt", NULL, FIXTURE_DATE, true, 0, NULL);
    diagnostics_free(diagnostics);
}

static void never_overwrites(void **state) {
    (void)state;
    static const char *const pairs[][2] = {{"rsa.pem", "new.crt"}, {"new.pem", "rsa.crt"}};
    for (size_t i = 0; i < 2; i++) {
        struct diagnostics *diagnostics = diagnostics_new();
        char key[FIXTURE_PATH_BYTES];
        char certificate[FIXTURE_PATH_BYTES];
        strcpy(key, fixture_path(pairs[i][0]));
        strcpy(certificate, fixture_path(pairs[i][1]));
        struct keys_request request = {.key_path = key,
                                       .certificate_path = certificate,
                                       .organisation = "Example",
                                       .from = FIXTURE_FROM,
                                       .until = FIXTURE_UNTIL};
        assert_false(keys_generate(&request, diagnostics));
        assert_true(fixture_says(diagnostics, DIAGNOSTIC_KEY_EXISTS, i == 0 ? "rsa.pem" : "rsa.crt"));
        diagnostics_free(diagnostics);
    }
    assert_false(file_exists(fixture_path("new.pem")));
    assert_false(file_exists(fixture_path("new.crt")));
    load("rsa.pem", "rsa.crt", NULL, FIXTURE_DATE, true, 0, NULL);
}

/* A key whose certificate has no place to go is taken back. */
static void leaves_no_half_pair(void **state) {
    (void)state;
    struct diagnostics *diagnostics = diagnostics_new();
    char key[FIXTURE_PATH_BYTES];
    char certificate[FIXTURE_PATH_BYTES];
    strcpy(key, fixture_path("half.pem"));
    strcpy(certificate, fixture_path("nowhere/half.crt"));
    struct keys_request request = {.key_path = key,
                                   .certificate_path = certificate,
                                   .organisation = "Example",
                                   .elliptic = true,
                                   .from = FIXTURE_FROM,
                                   .until = FIXTURE_UNTIL};
    assert_false(keys_generate(&request, diagnostics));
    assert_int_equal(diagnostics_count_id(diagnostics, DIAGNOSTIC_FILE_WRITE), 1);
    assert_false(file_exists(key));
    diagnostics_free(diagnostics);
}

static void refuses_keys_that_others_can_read(void **state) {
    (void)state;
    struct signer signer;
    fixture_signer("rsa.pem", "rsa.crt", &signer);
    save_key(fixture_path("group.pem"), signer.key, NULL, 0640);
    load("group.pem", "rsa.crt", NULL, FIXTURE_DATE, false, DIAGNOSTIC_KEY_EXPOSED, "group.pem");
    save_key(fixture_path("world.pem"), signer.key, NULL, 0604);
    load("world.pem", "rsa.crt", NULL, FIXTURE_DATE, false, DIAGNOSTIC_KEY_EXPOSED, "world.pem");
    save_key(fixture_path("sealed.pem"), signer.key, "correct horse", 0644);
    load("sealed.pem", "rsa.crt", "correct horse\nnot this", FIXTURE_DATE, true, 0, NULL);
    load("sealed.pem", "rsa.crt", "correct horse", FIXTURE_DATE, true, 0, NULL);
    load("sealed.pem", "rsa.crt", "wrong horse\n", FIXTURE_DATE, false, DIAGNOSTIC_KEY_LOAD, "passphrase is wrong");
    load("sealed.pem", "rsa.crt", NULL, FIXTURE_DATE, false, DIAGNOSTIC_KEY_LOAD, "no passphrase was given");
    keys_free(&signer);
}

static void refuses_passphrases_without_an_end(void **state) {
    (void)state;
    char endless[2000];
    memset(endless, 'x', sizeof endless);
    endless[sizeof endless - 1] = '\0';
    load("rsa.pem", "rsa.crt", endless, FIXTURE_DATE, false, DIAGNOSTIC_KEY_LOAD, "longer than");
    struct diagnostics *diagnostics = diagnostics_new();
    struct signer signer;
    assert_false(keys_load(fixture_path("rsa.pem"), fixture_path("rsa.crt"), 999, FIXTURE_DATE, &signer, diagnostics));
    assert_true(fixture_says(diagnostics, DIAGNOSTIC_KEY_LOAD, "descriptor 999"));
    diagnostics_free(diagnostics);
}

static void opens_pkcs12(void **state) {
    (void)state;
    struct signer signer;
    unsigned char *der = NULL;
    fixture_signer("ec.pem", "ec.crt", &signer);
    PKCS12 *bundle = PKCS12_create("secret", "signer", signer.key, signer.certificate, NULL, 0, 0, 0, 0, 0);
    assert_non_null(bundle);
    int length = i2d_PKCS12(bundle, &der);
    assert_true(length > 0);
    fixture_write(fixture_path("both.p12"), der, (size_t)length, 0600);
    load("both.p12", "both.p12", "secret\n", FIXTURE_DATE, true, 0, NULL);
    load("both.p12", "both.p12", "wrong\n", FIXTURE_DATE, false, DIAGNOSTIC_KEY_LOAD, "passphrase is wrong");
    OPENSSL_free(der);
    PKCS12_free(bundle);
    keys_free(&signer);
}

static void refuses_pairs_that_cannot_sign(void **state) {
    (void)state;
    load("rsa.pem", "ec.crt", NULL, FIXTURE_DATE, false, DIAGNOSTIC_KEY_LOAD, "belongs to the private key");
    load("rsa.crt", "rsa.crt", NULL, FIXTURE_DATE, false, DIAGNOSTIC_KEY_LOAD, "no private key");
    load("rsa.pem", "rsa.pem", NULL, FIXTURE_DATE, false, DIAGNOSTIC_KEY_LOAD, "no certificate");
    load("rsa.pem", "rsa.crt", NULL, FIXTURE_FROM - 1, false, DIAGNOSTIC_KEY_LOAD, "not yet valid on 2025-10-08");
    load("rsa.pem", "rsa.crt", NULL, FIXTURE_UNTIL + 1, false, DIAGNOSTIC_KEY_LOAD, "expired by 2025-10-10");
    load("absent.pem", "rsa.crt", NULL, FIXTURE_DATE, false, DIAGNOSTIC_FILE_READ, "absent.pem");
    fixture_write(fixture_path("noise.pem"), "not a key at all", 16, 0600);
    load("noise.pem", "rsa.crt", NULL, FIXTURE_DATE, false, DIAGNOSTIC_KEY_LOAD, "noise.pem");
    fixture_write(fixture_path("nothing.pem"), "", 0, 0600);
    load("nothing.pem", "rsa.crt", NULL, FIXTURE_DATE, false, DIAGNOSTIC_KEY_LOAD, "empty");
}

static void refuses_weak_and_foreign_keys(void **state) {
    (void)state;
    EVP_PKEY *rsa = EVP_RSA_gen(2048);
    EVP_PKEY *curve = EVP_EC_gen("secp256k1");
    EVP_PKEY *edwards = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    save_key(fixture_path("short.pem"), rsa, NULL, 0600);
    save_key(fixture_path("curve.pem"), curve, NULL, 0600);
    save_key(fixture_path("edwards.pem"), edwards, NULL, 0600);
    load("short.pem", "rsa.crt", NULL, FIXTURE_DATE, false, DIAGNOSTIC_KEY_LOAD, "3072");
    load("curve.pem", "rsa.crt", NULL, FIXTURE_DATE, false, DIAGNOSTIC_KEY_LOAD, "P-256");
    load("edwards.pem", "rsa.crt", NULL, FIXTURE_DATE, false, DIAGNOSTIC_KEY_LOAD, "neither RSA");
    EVP_PKEY_free(rsa);
    EVP_PKEY_free(curve);
    EVP_PKEY_free(edwards);
}

/* A certificate file may hold others, in any order: they are the chain. */
static void keeps_the_chain(void **state) {
    (void)state;
    struct buffer all = {0};
    struct buffer one = {0};
    struct signer signer;
    fixture_read(fixture_path("ec.crt"), &all);
    fixture_read(fixture_path("rsa.crt"), &one);
    buffer_append(&all, one.data, one.length);
    fixture_write(fixture_path("all.crt"), all.data, all.length, 0644);
    fixture_signer("rsa.pem", "all.crt", &signer);
    assert_int_equal(sk_X509_num(signer.chain), 1);
    keys_free(&signer);
    buffer_free(&all);
    buffer_free(&one);
}

static void loads_anchors(void **state) {
    (void)state;
    struct diagnostics *diagnostics = diagnostics_new();
    X509_STORE *store = X509_STORE_new();
    assert_true(keys_load_anchors(fixture_path("all.crt"), store, diagnostics));
    assert_int_equal(sk_X509_OBJECT_num(X509_STORE_get0_objects(store)), 2);
    fixture_quiet(diagnostics);
    assert_false(keys_load_anchors(fixture_path("rsa.pem"), store, diagnostics));
    assert_true(fixture_says(diagnostics, DIAGNOSTIC_KEY_LOAD, "no certificate"));
    assert_false(keys_load_anchors(fixture_path("absent.crt"), store, diagnostics));
    assert_true(fixture_says(diagnostics, DIAGNOSTIC_FILE_READ, "absent.crt"));
    X509_STORE_free(store);
    diagnostics_free(diagnostics);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(makes_pairs_that_load),
        cmocka_unit_test(says_in_the_subject_what_it_is),
        cmocka_unit_test(cuts_long_organisations),
        cmocka_unit_test(never_overwrites),
        cmocka_unit_test(leaves_no_half_pair),
        cmocka_unit_test(refuses_keys_that_others_can_read),
        cmocka_unit_test(refuses_passphrases_without_an_end),
        cmocka_unit_test(opens_pkcs12),
        cmocka_unit_test(refuses_pairs_that_cannot_sign),
        cmocka_unit_test(refuses_weak_and_foreign_keys),
        cmocka_unit_test(keeps_the_chain),
        cmocka_unit_test(loads_anchors),
    };
    return cmocka_run_group_tests(tests, open_with_keys, fixture_close);
}
