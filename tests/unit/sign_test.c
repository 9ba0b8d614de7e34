#include "signer_fixture.h"

#include "trust/asic_manifest.h"
#include "trust/cades.h"

#include <openssl/cms.h>

static const char content[] = "what is signed";

static int open_with_keys(void **state) {
    if (fixture_open(state) != 0) {
        return -1;
    }
    fixture_generate("rsa.pem", "rsa.crt", false);
    fixture_generate("ec.pem", "ec.crt", true);
    return 0;
}

static void signs_the_same_bytes_twice(void **state) {
    (void)state;
    struct signer signer;
    struct buffer first = {0};
    struct buffer second = {0};
    fixture_signer("rsa.pem", "rsa.crt", &signer);
    fixture_package(fixture_path("a.zip"), &signer);
    fixture_package(fixture_path("b.zip"), &signer);
    fixture_read(fixture_path("a.zip"), &first);
    fixture_read(fixture_path("b.zip"), &second);
    assert_int_equal(first.length, second.length);
    assert_memory_equal(first.data, second.data, first.length);
    buffer_free(&first);
    buffer_free(&second);
    keys_free(&signer);
}

/* unzip, sha256sum, openssl cms -cades, xmllint, Python and the rules of RFC 8493. */
static void satisfies_other_tools(void **state) {
    (void)state;
    char command[1024];
    static const char *const kinds[] = {"rsa", "ec"};
    for (size_t i = 0; i < 2; i++) {
        struct signer signer;
        char key[32];
        char certificate[32];
        snprintf(key, sizeof key, "%s.pem", kinds[i]);
        snprintf(certificate, sizeof certificate, "%s.crt", kinds[i]);
        fixture_signer(key, certificate, &signer);
        unlink(fixture_path("oracle.zip"));
        fixture_package(fixture_path("oracle.zip"), &signer);
        snprintf(command, sizeof command, "tests/end/package_oracles.sh '%s' '%s'", fixture_path("oracle.zip"),
                 fixture_path(certificate));
        assert_int_equal(system(command), 0);
        keys_free(&signer);
    }
}

/* RFC 3986: all but unreserved characters are escaped, in UTF-8; META-INF is left out; types go by the extension. */
static void writes_uris_and_types(void **state) {
    (void)state;
    static const struct package_entry entries[] = {
        {.name = "mimetype"},           {.name = "data/a b&c<\303\251>'\"#?+.CSV"},
        {.name = "data/no_extension"},  {.name = "data/r.tar.gz"},
        {.name = "META-INF/other.xml"},
    };
    struct buffer text = {0};
    asic_manifest_build(entries, sizeof entries / sizeof entries[0], &text);
    const char *xml = buffer_text(&text);
    assert_non_null(strstr(xml, "URI=\"data/a%20b%26c%3C%C3%A9%3E%27%22%23%3F%2B.CSV\" MimeType=\"text/csv\""));
    assert_non_null(strstr(xml, "URI=\"data/no_extension\" MimeType=\"application/octet-stream\""));
    assert_non_null(strstr(xml, "URI=\"data/r.tar.gz\" MimeType=\"application/gzip\""));
    assert_non_null(strstr(xml, "<asic:SigReference URI=\"META-INF/signature001.p7s\""));
    assert_null(strstr(xml, "other.xml"));
    /* base64 of 32 zero bytes */
    assert_non_null(strstr(xml, ">AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=<"));
    buffer_free(&text);
}

static void reads_what_it_wrote(void **state) {
    (void)state;
    static const struct package_entry entries[] = {
        {.name = "mimetype", .digest = {1, 2, 3}},
        {.name = "data/a b\303\251", .digest = {[31] = 0xff}},
    };
    struct diagnostics *diagnostics = diagnostics_new();
    struct arena *arena = arena_new();
    struct buffer text = {0};
    struct reference *references = NULL;
    size_t count = 0;
    asic_manifest_build(entries, 2, &text);
    assert_true(asic_manifest_parse(text.data, text.length, "p.zip", arena, &references, &count, diagnostics));
    assert_int_equal(count, 2);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(references[i].name, entries[i].name);
        assert_memory_equal(references[i].digest, entries[i].digest, DIGEST_BYTES);
    }
    /* Cut anywhere before its last element ends, it is refused, and only under the id of a package. */
    for (size_t length = 0; length < text.length - 1; length++) {
        assert_false(asic_manifest_parse(text.data, length, "p.zip", arena, &references, &count, diagnostics));
    }
    assert_int_equal(diagnostics_exit_status(diagnostics), 4);
    buffer_free(&text);
    arena_free(arena);
    diagnostics_free(diagnostics);
}

#define ASIC              "xmlns='http://uri.etsi.org/02918/v1.2.1#' xmlns:ds='http://www.w3.org/2000/09/xmldsig#'"
#define SIGREF            "<SigReference URI='META-INF/signature001.p7s'/>"
#define METHOD            "<ds:DigestMethod Algorithm='http://www.w3.org/2001/04/xmlenc#sha256'/>"
#define VALUE             "<ds:DigestValue>AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=</ds:DigestValue>"
#define DATA(uri, inside) "<DataObjectReference URI='" uri "'>" inside "</DataObjectReference>"
#define MANIFEST(inside)  "<ASiCManifest " ASIC ">" inside "</ASiCManifest>"

static bool parses(const char *xml) {
    struct diagnostics *diagnostics = diagnostics_new();
    struct arena *arena = arena_new();
    struct reference *references = NULL;
    size_t count = 0;
    bool done = asic_manifest_parse(xml, strlen(xml), "p.zip", arena, &references, &count, diagnostics);
    assert_true(done == (diagnostics_count_id(diagnostics, DIAGNOSTIC_PACKAGE_MANIFEST) == 0));
    assert_int_equal(diagnostics_exit_status(diagnostics), done ? 0 : 4);
    arena_free(arena);
    diagnostics_free(diagnostics);
    return done;
}

static void refuses_other_manifests(void **state) {
    (void)state;
    static const char *const bad[] = {
        "",
        "not xml",
        "<ASiCManifest/>",
        "<!DOCTYPE ASiCManifest [<!ENTITY a 'b'>]>" MANIFEST(SIGREF DATA("a", METHOD VALUE)),
        MANIFEST(DATA("a", METHOD VALUE)),
        MANIFEST("<SigReference URI='META-INF/other.p7s'/>" DATA("a", METHOD VALUE)),
        MANIFEST("<SigReference/>" DATA("a", METHOD VALUE)),
        MANIFEST(SIGREF "text" DATA("a", METHOD VALUE)),
        MANIFEST(SIGREF SIGREF),
        MANIFEST(SIGREF "<DataObjectReference>" METHOD VALUE "</DataObjectReference>"),
        MANIFEST(SIGREF DATA("a", VALUE METHOD)),
        MANIFEST(SIGREF DATA("a", METHOD)),
        MANIFEST(SIGREF DATA("a", METHOD VALUE VALUE)),
        MANIFEST(SIGREF DATA("a", METHOD "text" VALUE)),
        MANIFEST(SIGREF DATA("a", "<ds:DigestMethod Algorithm='http://www.w3.org/2000/09/xmldsig#sha1'/>" VALUE)),
        MANIFEST(SIGREF DATA("a%2", METHOD VALUE)),
        MANIFEST(SIGREF DATA("a%zz", METHOD VALUE)),
        MANIFEST(SIGREF DATA("a%00", METHOD VALUE)),
        /* bits left over in the last digit, a digit missing, one too many, none */
        MANIFEST(
            SIGREF DATA("a", METHOD "<ds:DigestValue>AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=</ds:DigestValue>")),
        MANIFEST(
            SIGREF DATA("a", METHOD "<ds:DigestValue>AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=</ds:DigestValue>")),
        MANIFEST(
            SIGREF DATA("a", METHOD "<ds:DigestValue>AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA</ds:DigestValue>")),
        MANIFEST(SIGREF DATA("a", METHOD "<ds:DigestValue/>")),
    };
    assert_true(parses(MANIFEST(SIGREF DATA("a", METHOD VALUE))));
    assert_true(parses(MANIFEST("\n" SIGREF "<!-- c --> " DATA("a", METHOD " \n" VALUE))));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        if (parses(bad[i])) {
            fail_msg("%s", bad[i]);
        }
    }
}

/* A signature over `content` in DER. */
static void sign_content(const struct signer *signer, struct buffer *out) {
    const char *reason = NULL;
    assert_true(cades_sign(content, strlen(content), signer, FIXTURE_DATE, out, &reason));
}

static void signs_and_checks(void **state) {
    (void)state;
    struct signer signer;
    struct buffer signature = {0};
    struct cades cades;
    const char *reason = NULL;
    fixture_signer("rsa.pem", "rsa.crt", &signer);
    sign_content(&signer, &signature);
    assert_true(cades_check(signature.data, signature.length, content, strlen(content), &cades, &reason));
    assert_int_equal(cades.signing_time, FIXTURE_DATE);
    assert_int_equal(X509_cmp(cades.signer, signer.certificate), 0);
    cades_free(&cades);
    cades_free(NULL);
    assert_false(cades_check(signature.data, signature.length, "what is forged", 14, &cades, &reason));
    assert_non_null(strstr(reason, "altered"));
    for (size_t length = 0; length < signature.length; length++) {
        assert_false(cades_check(signature.data, length, content, strlen(content), &cades, &reason));
    }
    buffer_append_byte(&signature, 0);
    assert_false(cades_check(signature.data, signature.length, content, strlen(content), &cades, &reason));
    assert_non_null(strstr(reason, "behind its end"));
    buffer_free(&signature);
    keys_free(&signer);
}

/* Signs with OpenSSL directly, with other flags and attributes than ours. */
static void refuse_variant(const struct signer *signer, const EVP_MD *digest, unsigned flags, bool timed, int signers,
                           const char *expected) {
    BIO *bio = BIO_new_mem_buf(content, (int)strlen(content));
    struct cades cades;
    const char *reason = "";
    unsigned char *der = NULL;
    CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, NULL, CMS_BINARY | CMS_PARTIAL | (flags & CMS_DETACHED));
    for (int i = 0; i < signers; i++) {
        unsigned certificates = i > 0 ? CMS_NOCERTS : 0; /* the same one is not added twice */
        CMS_SignerInfo *info = CMS_add1_signer(cms, signer->certificate, signer->key, digest,
                                               CMS_BINARY | CMS_PARTIAL | flags | certificates);
        assert_non_null(info);
        if (timed) {
            ASN1_TIME *time = ASN1_TIME_set(NULL, FIXTURE_DATE);
            assert_true(CMS_signed_add1_attr_by_NID(info, NID_pkcs9_signingTime, time->type, time->data, time->length));
            ASN1_TIME_free(time);
        }
    }
    /* OpenSSL itself does not finish what nobody signed. */
    assert_true(signers == 0 || CMS_final(cms, bio, NULL, CMS_BINARY | (flags & CMS_DETACHED)));
    int length = i2d_CMS_ContentInfo(cms, &der);
    assert_false(cades_check(der, (size_t)length, content, strlen(content), &cades, &reason));
    if (!strstr(reason, expected)) {
        fail_msg("'%s' is not '%s'", reason, expected);
    }
    OPENSSL_free(der);
    CMS_ContentInfo_free(cms);
    BIO_free(bio);
}

static void refuses_other_forms(void **state) {
    (void)state;
    struct signer signer;
    fixture_signer("ec.pem", "ec.crt", &signer);
    refuse_variant(&signer, EVP_sha1(), CMS_DETACHED | CMS_CADES, true, 1, "weaker than SHA-256");
    refuse_variant(&signer, EVP_sha256(), CMS_DETACHED, true, 1, "signing-certificate-v2");
    refuse_variant(&signer, EVP_sha256(), CMS_DETACHED | CMS_NOATTR, false, 1, "signing-certificate-v2");
    refuse_variant(&signer, EVP_sha256(), CMS_CADES, true, 1, "its own content");
    refuse_variant(&signer, EVP_sha256(), CMS_DETACHED | CMS_CADES, true, 2, "exactly one signer");
    refuse_variant(&signer, EVP_sha256(), CMS_DETACHED | CMS_CADES, true, 0, "exactly one signer");
    refuse_variant(&signer, EVP_sha256(), CMS_DETACHED | CMS_CADES | CMS_NOCERTS, true, 1, "not in the signature");
    keys_free(&signer);
}

/* The same key, issuer and serial number, but another certificate: what signing-certificate-v2 is there to notice. */
static void refuses_a_swapped_certificate(void **state) {
    (void)state;
    struct signer signer;
    struct cades cades;
    const char *reason = "";
    unsigned char *der = NULL;
    unsigned flags = CMS_BINARY | CMS_PARTIAL | CMS_DETACHED;
    fixture_signer("ec.pem", "ec.crt", &signer);
    for (int swapped = 0; swapped < 2; swapped++) {
        BIO *bio = BIO_new_mem_buf(content, (int)strlen(content));
        X509 *other = X509_dup(signer.certificate);
        ASN1_TIME *time = ASN1_TIME_set(NULL, FIXTURE_DATE);
        assert_true(swapped == 0 || (X509_gmtime_adj(X509_getm_notAfter(other), 86400 * 365) &&
                                     X509_sign(other, signer.key, EVP_sha256()) > 0));
        CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, NULL, flags);
        CMS_SignerInfo *info =
            CMS_add1_signer(cms, signer.certificate, signer.key, EVP_sha256(), flags | CMS_CADES | CMS_NOCERTS);
        assert_true(CMS_signed_add1_attr_by_NID(info, NID_pkcs9_signingTime, time->type, time->data, time->length));
        assert_true(CMS_add1_cert(cms, other) && CMS_final(cms, bio, NULL, CMS_BINARY | CMS_DETACHED));
        int length = i2d_CMS_ContentInfo(cms, &der);
        assert_true(cades_check(der, (size_t)length, content, strlen(content), &cades, &reason) == !swapped);
        cades_free(&cades);
        OPENSSL_free(der);
        der = NULL;
        ASN1_TIME_free(time);
        CMS_ContentInfo_free(cms);
        X509_free(other);
        BIO_free(bio);
    }
    assert_non_null(strstr(reason, "another certificate"));
    keys_free(&signer);
}

/* Only that no bit can be flipped and the signature still hold with the same certificate and time. */
static void refuses_flipped_bits(void **state) {
    (void)state;
    struct signer signer;
    struct buffer signature = {0};
    struct cades cades;
    const char *reason = NULL;
    fixture_signer("ec.pem", "ec.crt", &signer);
    sign_content(&signer, &signature);
    for (size_t i = 0; i < signature.length; i++) {
        signature.data[i] ^= (char)(1 << i % 8);
        if (cades_check(signature.data, signature.length, content, strlen(content), &cades, &reason)) {
            assert_int_equal(cades.signing_time, FIXTURE_DATE);
            assert_int_equal(X509_cmp(cades.signer, signer.certificate), 0);
            cades_free(&cades);
        }
        signature.data[i] ^= (char)(1 << i % 8);
    }
    buffer_free(&signature);
    keys_free(&signer);
}

/* A key and a certificate that do not belong together cannot sign. */
static void reports_a_failed_signature(void **state) {
    (void)state;
    struct diagnostics *diagnostics = diagnostics_new();
    struct package_identity identity = fixture_identity();
    struct signer rsa;
    struct signer ec;
    fixture_signer("rsa.pem", "rsa.crt", &rsa);
    fixture_signer("ec.pem", "ec.crt", &ec);
    struct signer mixed = {.key = rsa.key, .certificate = ec.certificate};
    struct package *package = package_create(fixture_path("mixed.zip"), &identity, diagnostics);
    assert_true(package_end_payload(package));
    assert_false(sign_package(package, &mixed, FIXTURE_DATE, diagnostics));
    assert_true(fixture_says(diagnostics, DIAGNOSTIC_SIGN_FAILED, "does not belong"));
    assert_int_equal(diagnostics_exit_status(diagnostics), 3);
    package_free(package);
    assert_false(file_exists(fixture_path("mixed.zip")));
    keys_free(&rsa);
    keys_free(&ec);
    diagnostics_free(diagnostics);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signs_the_same_bytes_twice), cmocka_unit_test(satisfies_other_tools),
        cmocka_unit_test(writes_uris_and_types),      cmocka_unit_test(reads_what_it_wrote),
        cmocka_unit_test(refuses_other_manifests),    cmocka_unit_test(signs_and_checks),
        cmocka_unit_test(refuses_other_forms),        cmocka_unit_test(refuses_a_swapped_certificate),
        cmocka_unit_test(refuses_flipped_bits),       cmocka_unit_test(reports_a_failed_signature),
    };
    return cmocka_run_group_tests(tests, open_with_keys, fixture_close);
}
