#ifndef TESTS_SIGNER_FIXTURE_H
#define TESTS_SIGNER_FIXTURE_H

#include "package_fixture.h"

#include "trust/keys.h"
#include "trust/sign.h"

/* A development key pair in the test's folder, and packages signed with it. */

#define FIXTURE_FROM  (FIXTURE_DATE - 86400)
#define FIXTURE_UNTIL (FIXTURE_DATE + 86400)

static inline void fixture_generate(const char *key, const char *certificate, bool elliptic) {
    struct diagnostics *diagnostics = diagnostics_new();
    struct keys_request request = {
        .key_path = fixture_path(key),
        .certificate_path = fixture_path(certificate),
        .organisation = "Example Cooperative",
        .elliptic = elliptic,
        .from = FIXTURE_FROM,
        .until = FIXTURE_UNTIL,
    };
    assert_true(keys_generate(&request, diagnostics));
    fixture_quiet(diagnostics);
    diagnostics_free(diagnostics);
}

static inline void fixture_signer(const char *key, const char *certificate, struct signer *signer) {
    struct diagnostics *diagnostics = diagnostics_new();
    assert_true(keys_load(fixture_path(key), fixture_path(certificate), -1, FIXTURE_DATE, signer, diagnostics));
    fixture_quiet(diagnostics);
    diagnostics_free(diagnostics);
}

/* A signed package of three files. */
static inline void fixture_package(const char *path, const struct signer *signer) {
    struct diagnostics *diagnostics = diagnostics_new();
    struct package_identity identity = fixture_identity();
    struct package *package = package_create(path, &identity, diagnostics);
    assert_non_null(package);
    assert_true(package_add_bytes(package, "accounts.csv", "login,active\neve,true\n", 22));
    assert_true(package_add_bytes(package, "empty.log", "", 0));
    assert_true(package_add_bytes(package, "minutes of r\303\251union.txt", "abc", 3));
    assert_true(package_end_payload(package));
    assert_true(sign_package(package, signer, FIXTURE_DATE, diagnostics));
    assert_true(package_finish(package, NULL));
    package_free(package);
    fixture_quiet(diagnostics);
    diagnostics_free(diagnostics);
}

#endif
