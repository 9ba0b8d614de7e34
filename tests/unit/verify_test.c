#include "signer_fixture.h"

#include "base/digest.h"
#include "base/xml.h"
#include "pack/bag.h"
#include "pack/zip_read.h"
#include "pack/zip_write.h"
#include "trust/asic_manifest.h"
#include "trust/cades.h"
#include "trust/verify.h"

/* The certificate that the tests trust. */
static char anchor[FIXTURE_PATH_BYTES];

/* The files of a package in memory, to be altered and written again with all CRCs and headers in order. */
#define FILES_MOST 16
struct forgery {
    struct {
        char name[64];
        struct buffer bytes;
    } files[FILES_MOST];
    size_t count;
};

struct gather {
    struct byte_sink sink;
    struct buffer *into;
};

static bool gather_write(struct byte_sink *sink, const void *bytes, size_t length) {
    buffer_append(((struct gather *)sink)->into, bytes, length);
    return true;
}

static void forgery_open(struct forgery *forgery) {
    struct diagnostics *diagnostics = diagnostics_new();
    const char *reason = NULL;
    size_t count = 0;
    struct zip_read *zip = zip_read_open(fixture_path("good.zip"), diagnostics);
    *forgery = (struct forgery){0};
    assert_true(zip_read_directory(zip, diagnostics));
    const struct zip_entry *entries = zip_read_entries(zip, &count);
    for (size_t i = 0; i < count; i++) {
        struct gather gather = {.sink = {.write = gather_write}, .into = &forgery->files[i].bytes};
        strcpy(forgery->files[i].name, entries[i].name);
        assert_true(zip_read_entry(zip, &entries[i], &gather.sink, &reason, diagnostics));
    }
    forgery->count = count;
    zip_read_free(zip);
    diagnostics_free(diagnostics);
}

static size_t forgery_find(const struct forgery *forgery, const char *name) {
    for (size_t i = 0; i < forgery->count; i++) {
        if (strcmp(forgery->files[i].name, name) == 0) {
            return i;
        }
    }
    fail_msg("%s", name);
    return 0;
}

/* Sets the contents of a file, which is added when it is not there. */
static void forgery_set(struct forgery *forgery, const char *name, const void *bytes, size_t length) {
    size_t i = 0;
    while (i < forgery->count && strcmp(forgery->files[i].name, name) != 0) {
        i++;
    }
    if (i == forgery->count) {
        assert_true(i < FILES_MOST);
        forgery->count++;
        strcpy(forgery->files[i].name, name);
    }
    buffer_clear(&forgery->files[i].bytes);
    buffer_append(&forgery->files[i].bytes, bytes, length);
}

static void forgery_remove(struct forgery *forgery, const char *name) {
    size_t i = forgery_find(forgery, name);
    buffer_free(&forgery->files[i].bytes);
    memmove(&forgery->files[i], &forgery->files[i + 1], (forgery->count - i - 1) * sizeof forgery->files[0]);
    forgery->count--;
    memset(&forgery->files[forgery->count], 0, sizeof forgery->files[0]);
}

/* Replaces the first occurrence of `from` in a file. */
static void forgery_replace(struct forgery *forgery, const char *name, const char *from, const char *to) {
    struct buffer *bytes = &forgery->files[forgery_find(forgery, name)].bytes;
    struct buffer next = {0};
    char *at = memmem(bytes->data, bytes->length, from, strlen(from));
    assert_non_null(at);
    buffer_append(&next, bytes->data, (size_t)(at - bytes->data));
    buffer_append_text(&next, to);
    at += strlen(from);
    buffer_append(&next, at, (size_t)(bytes->data + bytes->length - at));
    buffer_free(bytes);
    *bytes = next;
}

/* Makes a manifest anew over those files that `covers` says yes to. */
static void forgery_manifest(struct forgery *forgery, const char *manifest, bool payload) {
    struct buffer text = {0};
    for (size_t i = 0; i < forgery->count; i++) {
        const char *name = forgery->files[i].name;
        uint8_t digest[DIGEST_BYTES];
        bool tag = !bag_is_payload(name) && strncmp(name, "META-INF/", 9) != 0 && strcmp(name, manifest) != 0;
        if (payload ? bag_is_payload(name) : tag) {
            assert_true(digest_bytes(forgery->files[i].bytes.data, forgery->files[i].bytes.length, digest));
            bag_manifest_line(digest, name, &text);
        }
    }
    forgery_set(forgery, manifest, text.data, text.length);
    buffer_free(&text);
}

/* Makes the manifests of BagIt agree with the files again. */
static void forgery_bag(struct forgery *forgery) {
    forgery_manifest(forgery, BAG_MANIFEST, true);
    forgery_manifest(forgery, BAG_TAG_MANIFEST, false);
}

/* The same for the ASiC manifest. */
static void forgery_asic(struct forgery *forgery) {
    struct package_entry entries[FILES_MOST];
    struct buffer text = {0};
    for (size_t i = 0; i < forgery->count; i++) {
        entries[i].name = forgery->files[i].name;
        assert_true(digest_bytes(forgery->files[i].bytes.data, forgery->files[i].bytes.length, entries[i].digest));
    }
    asic_manifest_build(entries, forgery->count, &text);
    forgery_set(forgery, ASIC_MANIFEST_NAME, text.data, text.length);
    buffer_free(&text);
}

/* Signs the ASiC manifest as it is. */
static void forgery_sign(struct forgery *forgery, const char *key, const char *certificate, int64_t at) {
    struct signer signer;
    struct buffer signature = {0};
    const char *reason = NULL;
    const struct buffer *manifest = &forgery->files[forgery_find(forgery, ASIC_MANIFEST_NAME)].bytes;
    fixture_signer(key, certificate, &signer);
    assert_true(cades_sign(manifest->data, manifest->length, &signer, at, &signature, &reason));
    forgery_set(forgery, ASIC_MANIFEST_SIGNATURE, signature.data, signature.length);
    buffer_free(&signature);
    keys_free(&signer);
}

static void forgery_close(struct forgery *forgery) {
    struct diagnostics *diagnostics = diagnostics_new();
    unlink(fixture_path("forged.zip"));
    struct zip_write *zip = zip_write_open(fixture_path("forged.zip"), FIXTURE_DATE, diagnostics);
    for (size_t i = 0; i < forgery->count; i++) {
        assert_true(zip_write_begin(zip, forgery->files[i].name, i == 0 ? ZIP_STORED : ZIP_DEFLATED, i % 2 == 0));
        assert_true(zip_write_bytes(zip, forgery->files[i].bytes.data, forgery->files[i].bytes.length));
        assert_true(zip_write_end(zip, NULL));
    }
    assert_true(zip_write_finish(zip, NULL));
    zip_write_free(zip);
    for (size_t i = 0; i < forgery->count; i++) {
        buffer_free(&forgery->files[i].bytes);
    }
    fixture_quiet(diagnostics);
    diagnostics_free(diagnostics);
}

/* Verifies the forgery, which must fail at `check` and say `told` under `id`. */
static void forgery_caught(struct forgery *forgery, enum verify_check check, enum diagnostic id, const char *told) {
    struct diagnostics *diagnostics = diagnostics_new();
    struct verify_report report;
    const char *anchors[] = {anchor};
    forgery_close(forgery);
    assert_true(verify_package(fixture_path("forged.zip"), anchors, 1, &report, diagnostics));
    if (report.checks[check].outcome != VERIFY_FAILED || !fixture_says(diagnostics, id, told)) {
        struct buffer text = {0};
        diagnostics_print(diagnostics, DIAGNOSTIC_NOTE, false, &text);
        print_error("%s does not say %s\n", buffer_text(&text), told);
        buffer_free(&text);
        fail();
    }
    assert_true(report.intact == (check == VERIFY_TRUST));
    assert_false(report.trusted);
    assert_int_equal(diagnostics_exit_status(diagnostics), 4);
    diagnostics_free(diagnostics);
}

static int open_with_package(void **state) {
    if (!xml_start() || fixture_open(state) != 0) {
        return -1;
    }
    fixture_generate("rsa.pem", "rsa.crt", false);
    strcpy(anchor, fixture_path("rsa.crt"));
    fixture_generate("other.pem", "other.crt", true);
    struct signer signer;
    fixture_signer("rsa.pem", "rsa.crt", &signer);
    fixture_package(fixture_path("good.zip"), &signer);
    keys_free(&signer);
    return 0;
}

static int close_with_xml(void **state) {
    xml_stop();
    return fixture_close(state);
}

static void accepts_what_was_signed(void **state) {
    (void)state;
    struct diagnostics *diagnostics = diagnostics_new();
    struct verify_report report;
    struct buffer bytes = {0};
    uint8_t digest[DIGEST_BYTES];
    const char *anchors[] = {anchor};
    assert_true(verify_package(fixture_path("good.zip"), anchors, 1, &report, diagnostics));
    fixture_quiet(diagnostics);
    assert_true(report.intact && report.trusted);
    assert_int_equal(report.entries, 10);
    assert_int_equal(report.payload_files, 3);
    assert_int_equal(report.payload_bytes, 25);
    assert_int_equal(report.signing_time, FIXTURE_DATE);
    assert_non_null(strstr(report.signer, "CN=Example Cooperative tickmark development key"));
    assert_string_equal(report.checks[VERIFY_CONTAINER].text, "10 entries, contiguous, no hidden bytes");
    fixture_read(fixture_path("good.zip"), &bytes);
    assert_true(digest_bytes(bytes.data, bytes.length, digest));
    assert_memory_equal(report.digest, digest, DIGEST_BYTES);
    buffer_free(&bytes);
    diagnostics_free(diagnostics);
}

/* What the forger writes unchanged is accepted, so that it is the changes that the others are refused for. */
static void accepts_an_honest_copy(void **state) {
    (void)state;
    struct diagnostics *diagnostics = diagnostics_new();
    struct verify_report report;
    struct forgery forgery;
    const char *anchors[] = {anchor};
    forgery_open(&forgery);
    forgery_bag(&forgery);
    forgery_asic(&forgery);
    forgery_close(&forgery);
    assert_true(verify_package(fixture_path("forged.zip"), anchors, 1, &report, diagnostics));
    fixture_quiet(diagnostics);
    assert_true(report.trusted);
    diagnostics_free(diagnostics);
}

static void names_what_was_altered(void **state) {
    (void)state;
    struct forgery forgery;
    forgery_open(&forgery);
    forgery_replace(&forgery, "data/accounts.csv", "eve", "bob");
    forgery_caught(&forgery, VERIFY_BAG, DIAGNOSTIC_PACKAGE_ALTERED, "data/accounts.csv");
    forgery_open(&forgery);
    forgery_replace(&forgery, "data/accounts.csv", "eve", "bob");
    forgery_bag(&forgery);
    forgery_caught(&forgery, VERIFY_MANIFEST, DIAGNOSTIC_PACKAGE_ALTERED, "data/accounts.csv");
    forgery_open(&forgery);
    forgery_replace(&forgery, "data/accounts.csv", "eve", "bob");
    forgery_bag(&forgery);
    forgery_asic(&forgery);
    forgery_caught(&forgery, VERIFY_SIGNATURE, DIAGNOSTIC_PACKAGE_SIGNATURE, "altered");
    forgery_open(&forgery);
    forgery_replace(&forgery, "bag-info.txt", "Example", "Ersatz!");
    forgery_caught(&forgery, VERIFY_BAG, DIAGNOSTIC_PACKAGE_ALTERED, "bag-info.txt");
    forgery_open(&forgery);
    forgery_set(&forgery, "mimetype", "application/zip", 15);
    forgery_caught(&forgery, VERIFY_CONTENT, DIAGNOSTIC_PACKAGE_CONTENT, "mimetype");
}

static void names_what_is_missing(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum verify_check check;
    } missing[] = {
        {"data/accounts.csv", VERIFY_BAG},      {"data/empty.log", VERIFY_BAG},
        {"bag-info.txt", VERIFY_BAG},           {"bagit.txt", VERIFY_BAG},
        {"manifest-sha256.txt", VERIFY_BAG},    {"tagmanifest-sha256.txt", VERIFY_BAG},
        {ASIC_MANIFEST_NAME, VERIFY_MANIFEST},  {ASIC_MANIFEST_SIGNATURE, VERIFY_SIGNATURE},
        {ASIC_MANIFEST_NAME, VERIFY_SIGNATURE},
    };
    for (size_t i = 0; i < sizeof missing / sizeof missing[0]; i++) {
        struct forgery forgery;
        forgery_open(&forgery);
        forgery_remove(&forgery, missing[i].name);
        forgery_caught(&forgery, missing[i].check, DIAGNOSTIC_PACKAGE_MISSING, missing[i].name);
    }
    struct forgery forgery;
    forgery_open(&forgery);
    forgery_remove(&forgery, "data/empty.log");
    forgery_bag(&forgery);
    forgery_replace(&forgery, "bag-info.txt", "25.3", "25.2");
    forgery_manifest(&forgery, BAG_TAG_MANIFEST, false);
    forgery_caught(&forgery, VERIFY_MANIFEST, DIAGNOSTIC_PACKAGE_MISSING, "data/empty.log");
    forgery_open(&forgery);
    forgery_remove(&forgery, "mimetype");
    forgery_caught(&forgery, VERIFY_CONTAINER, DIAGNOSTIC_PACKAGE_CONTAINER, "mimetype");
}

static void names_what_is_extra(void **state) {
    (void)state;
    struct forgery forgery;
    forgery_open(&forgery);
    forgery_set(&forgery, "data/added.csv", "x", 1);
    forgery_caught(&forgery, VERIFY_BAG, DIAGNOSTIC_PACKAGE_EXTRA, "data/added.csv");
    forgery_open(&forgery);
    forgery_set(&forgery, "data/added.csv", "x", 1);
    forgery_bag(&forgery);
    forgery_caught(&forgery, VERIFY_MANIFEST, DIAGNOSTIC_PACKAGE_EXTRA, "data/added.csv");
    static const char *const unknown[] = {"notes.txt", "fetch.txt", "META-INF/signature002.p7s", "manifest-sha512.txt"};
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
        forgery_open(&forgery);
        forgery_set(&forgery, unknown[i], "x", 1);
        forgery_bag(&forgery);
        forgery_asic(&forgery);
        forgery_sign(&forgery, "rsa.pem", "rsa.crt", FIXTURE_DATE);
        forgery_caught(&forgery, VERIFY_NAMES, DIAGNOSTIC_PACKAGE_EXTRA, unknown[i]);
    }
}

/* Signed by the right key, so that only the name can be what is wrong. */
static void refuses_names_that_mislead(void **state) {
    (void)state;
    static const char *const bad[] = {
        "data/../x", "data//x",        "data/a\\b",        "data/a\nb",
        "data/",     "data/a%2fb",     "/data/x",          "data/./x",
        "data/\xff", "data/EMPTY.log", "data/empty.log/x", "data/minutes of re\314\201union.txt"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct forgery forgery;
        forgery_open(&forgery);
        forgery_set(&forgery, bad[i], "x", 1);
        forgery_bag(&forgery);
        forgery_asic(&forgery);
        forgery_sign(&forgery, "rsa.pem", "rsa.crt", FIXTURE_DATE);
        forgery_caught(&forgery, VERIFY_NAMES, DIAGNOSTIC_PACKAGE_NAME, "do not extract");
    }
}

/* A change to one of BagIt's files, with all manifests and the signature made anew by the right key. */
static void bag_caught(const char *name, const char *from, const char *to, const char *told) {
    struct forgery forgery;
    forgery_open(&forgery);
    forgery_replace(&forgery, name, from, to);
    if (strcmp(name, BAG_TAG_MANIFEST) != 0) {
        forgery_manifest(&forgery, BAG_TAG_MANIFEST, false);
    }
    forgery_asic(&forgery);
    forgery_sign(&forgery, "rsa.pem", "rsa.crt", FIXTURE_DATE);
    forgery_caught(&forgery, VERIFY_BAG, DIAGNOSTIC_PACKAGE_BAG, told);
}

static void refuses_bags_that_do_not_add_up(void **state) {
    (void)state;
    bag_caught(BAG_INFO, "25.3", "26.3", "the payload is 25.3");
    bag_caught(BAG_INFO, "25.3", "25.3 ", "the payload is 25.3");
    bag_caught(BAG_INFO, "Payload-Oxum", "Payload-Sum", "exactly one Payload-Oxum");
    bag_caught(BAG_INFO, "Payload-Oxum: 25.3", "Payload-Oxum: 25.3\nPayload-Oxum: 25.3", "exactly one Payload-Oxum");
    bag_caught(BAG_INFO, "Bagging-Date: ", "Bagging-Date ", "line 1");
    bag_caught(BAG_INFO, "Bagging-Date", " Bagging-Date", "line 1");
    bag_caught(BAG_INFO, "Example", "\xff", "UTF-8");
    bag_caught(BAG_DECLARATION, "1.0", "0.9", "bagit.txt");
    bag_caught(BAG_MANIFEST, "  data/", " data/", "line 1");
    bag_caught(BAG_MANIFEST, "  data/a", " *data/a", "line 1");
    bag_caught(BAG_MANIFEST, "  data/empty.log", "  bagit.txt", "names bagit.txt, which it must not");
    bag_caught(BAG_MANIFEST, "union.txt\n", "union.txt", "does not end");
    bag_caught(BAG_TAG_MANIFEST, "  mimetype", "  META-INF/signature001.p7s", "which it must not");
}

static void refuses_files_named_twice(void **state) {
    (void)state;
    struct forgery forgery;
    struct buffer twice = {0};
    forgery_open(&forgery);
    const struct buffer *manifest = &forgery.files[forgery_find(&forgery, BAG_MANIFEST)].bytes;
    buffer_append(&twice, manifest->data, manifest->length);
    buffer_append(&twice, manifest->data, manifest->length);
    forgery_set(&forgery, BAG_MANIFEST, twice.data, twice.length);
    forgery_manifest(&forgery, BAG_TAG_MANIFEST, false);
    forgery_asic(&forgery);
    forgery_sign(&forgery, "rsa.pem", "rsa.crt", FIXTURE_DATE);
    forgery_caught(&forgery, VERIFY_BAG, DIAGNOSTIC_PACKAGE_BAG, "more than once");
    buffer_free(&twice);
}

static void refuses_other_manifests(void **state) {
    (void)state;
    struct forgery forgery;
    forgery_open(&forgery);
    forgery_replace(&forgery, ASIC_MANIFEST_NAME, "?>", "?><!DOCTYPE x [<!ENTITY y 'z'>]>");
    forgery_sign(&forgery, "rsa.pem", "rsa.crt", FIXTURE_DATE);
    forgery_caught(&forgery, VERIFY_MANIFEST, DIAGNOSTIC_PACKAGE_MANIFEST, ASIC_MANIFEST_NAME);
    forgery_open(&forgery);
    forgery_replace(&forgery, ASIC_MANIFEST_NAME, "2001/04/xmlenc#sha256", "2000/09/xmldsig#sha1");
    forgery_sign(&forgery, "rsa.pem", "rsa.crt", FIXTURE_DATE);
    forgery_caught(&forgery, VERIFY_MANIFEST, DIAGNOSTIC_PACKAGE_MANIFEST, "SHA-256");
    forgery_open(&forgery);
    forgery_replace(&forgery, ASIC_MANIFEST_NAME, "URI=\"mimetype\"", "URI=\"bagit.txt\"");
    forgery_sign(&forgery, "rsa.pem", "rsa.crt", FIXTURE_DATE);
    forgery_caught(&forgery, VERIFY_MANIFEST, DIAGNOSTIC_PACKAGE_MANIFEST, "bagit.txt more than once");
    forgery_open(&forgery);
    forgery_set(&forgery, ASIC_MANIFEST_SIGNATURE, "", 0);
    forgery_caught(&forgery, VERIFY_SIGNATURE, DIAGNOSTIC_PACKAGE_SIGNATURE, "not a CMS signature");
}

/* Trust comes from the given certificates and from nothing that the package brings. */
static void refuses_signers_that_nobody_vouches_for(void **state) {
    (void)state;
    struct forgery forgery;
    forgery_open(&forgery);
    forgery_sign(&forgery, "other.pem", "other.crt", FIXTURE_DATE);
    forgery_caught(&forgery, VERIFY_TRUST, DIAGNOSTIC_PACKAGE_UNTRUSTED, "self-signed");
    forgery_open(&forgery);
    forgery_sign(&forgery, "rsa.pem", "rsa.crt", FIXTURE_UNTIL + 1);
    forgery_caught(&forgery, VERIFY_TRUST, DIAGNOSTIC_PACKAGE_UNTRUSTED, "not valid at the signing time");
    forgery_open(&forgery);
    forgery_sign(&forgery, "rsa.pem", "rsa.crt", FIXTURE_FROM - 1);
    forgery_caught(&forgery, VERIFY_TRUST, DIAGNOSTIC_PACKAGE_UNTRUSTED, "not valid at the signing time");
}

static void says_when_nobody_was_asked(void **state) {
    (void)state;
    struct diagnostics *diagnostics = diagnostics_new();
    struct verify_report report;
    assert_true(verify_package(fixture_path("good.zip"), NULL, 0, &report, diagnostics));
    assert_true(report.intact);
    assert_false(report.trusted);
    assert_int_equal(report.checks[VERIFY_TRUST].outcome, VERIFY_NOT_DONE);
    assert_int_equal(diagnostics_count_id(diagnostics, DIAGNOSTIC_PACKAGE_NO_ANCHOR), 1);
    diagnostics_free(diagnostics);
    diagnostics = diagnostics_new();
    const char *anchors[] = {fixture_path("absent.crt")};
    assert_true(verify_package(fixture_path("good.zip"), anchors, 1, &report, diagnostics));
    assert_true(report.intact);
    assert_false(report.trusted);
    assert_true(fixture_says(diagnostics, DIAGNOSTIC_FILE_READ, "absent.crt"));
    diagnostics_free(diagnostics);
}

static void says_what_cannot_be_read(void **state) {
    (void)state;
    struct diagnostics *diagnostics = diagnostics_new();
    struct verify_report report;
    assert_false(verify_package(fixture_path("absent.zip"), NULL, 0, &report, diagnostics));
    assert_true(fixture_says(diagnostics, DIAGNOSTIC_FILE_READ, "absent.zip"));
    assert_false(verify_package(fixture_folder, NULL, 0, &report, diagnostics));
    assert_int_equal(diagnostics_count_id(diagnostics, DIAGNOSTIC_FILE_READ), 2);
    diagnostics_free(diagnostics);
}

/* Each byte of a package, altered, is noticed; and each cut. */
static void notices_every_byte(void **state) {
    (void)state;
    struct buffer bytes = {0};
    struct verify_report report;
    const char *anchors[] = {anchor};
    fixture_read(fixture_path("good.zip"), &bytes);
    int descriptor = open(fixture_path("flipped.zip"), O_RDWR | O_CREAT, 0600);
    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, bytes.data, bytes.length), bytes.length);
    for (size_t i = 0; i < bytes.length; i++) {
        struct diagnostics *diagnostics = diagnostics_new();
        char flipped = (char)(bytes.data[i] ^ (1 << i % 8));
        assert_int_equal(pwrite(descriptor, &flipped, 1, (off_t)i), 1);
        assert_true(verify_package(fixture_path("flipped.zip"), anchors, 1, &report, diagnostics));
        if (report.intact || report.trusted || diagnostics_exit_status(diagnostics) != 4) {
            fail_msg("byte %zu of %zu", i, bytes.length);
        }
        assert_int_equal(pwrite(descriptor, &bytes.data[i], 1, (off_t)i), 1);
        diagnostics_free(diagnostics);
    }
    for (size_t i = bytes.length; i-- > 0;) {
        struct diagnostics *diagnostics = diagnostics_new();
        assert_int_equal(ftruncate(descriptor, (off_t)i), 0);
        assert_true(verify_package(fixture_path("flipped.zip"), anchors, 1, &report, diagnostics));
        assert_int_equal(report.checks[VERIFY_CONTAINER].outcome, VERIFY_FAILED);
        diagnostics_free(diagnostics);
    }
    close(descriptor);
    buffer_free(&bytes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accepts_what_was_signed),
        cmocka_unit_test(accepts_an_honest_copy),
        cmocka_unit_test(names_what_was_altered),
        cmocka_unit_test(names_what_is_missing),
        cmocka_unit_test(names_what_is_extra),
        cmocka_unit_test(refuses_names_that_mislead),
        cmocka_unit_test(refuses_bags_that_do_not_add_up),
        cmocka_unit_test(refuses_files_named_twice),
        cmocka_unit_test(refuses_other_manifests),
        cmocka_unit_test(refuses_signers_that_nobody_vouches_for),
        cmocka_unit_test(says_when_nobody_was_asked),
        cmocka_unit_test(says_what_cannot_be_read),
        cmocka_unit_test(notices_every_byte),
    };
    return cmocka_run_group_tests(tests, open_with_package, close_with_xml);
}
