#ifndef BASE_DIAGNOSTIC_IDS_H
#define BASE_DIAGNOSTIC_IDS_H

/*
 * Every diagnostic tickmark can give: symbol, printed id, level, and what it means. One list a stage; a stage uses only
 * its own and those of base. Each id stands in some golden case (a lint checks it).
 */
#define DIAGNOSTIC_IDS(X)                                                                                              \
    DIAGNOSTIC_IDS_BASE(X)                                                                                             \
    DIAGNOSTIC_IDS_CONFIG(X)                                                                                           \
    DIAGNOSTIC_IDS_READ(X)                                                                                             \
    DIAGNOSTIC_IDS_STORE(X)                                                                                            \
    DIAGNOSTIC_IDS_ASSESS(X)                                                                                           \
    DIAGNOSTIC_IDS_REPORT(X)                                                                                           \
    DIAGNOSTIC_IDS_PACKAGE(X)                                                                                          \
    DIAGNOSTIC_IDS_COMMAND(X)

#define DIAGNOSTIC_IDS_BASE(X)                                                                                         \
    X(MEMORY, "memory", DIAGNOSTIC_FAILURE, "memory ran out")                                                          \
    X(FILE_READ, "file-read", DIAGNOSTIC_SETUP, "a file that is needed cannot be opened or read")                      \
    X(FILE_WRITE, "file-write", DIAGNOSTIC_FAILURE, "an output cannot be written; nothing was published")              \
    X(FILE_TOO_LARGE, "file-too-large", DIAGNOSTIC_SETUP, "a file is larger than its limit")                           \
    X(FILE_NAME, "file-name", DIAGNOSTIC_EVIDENCE, "a file name that would break manifests or leave its folder")       \
    X(FILE_KIND, "file-kind", DIAGNOSTIC_EVIDENCE, "a symbolic link, device or socket among the evidence")             \
    X(SANDBOX, "sandbox", DIAGNOSTIC_NOTE, "the kernel offers less confinement than asked for")                        \
    X(XML_REFUSED, "xml-refused", DIAGNOSTIC_SETUP, "XML that is malformed or uses a DTD or entities")

#define DIAGNOSTIC_IDS_CONFIG(X)                                                                                       \
    X(YAML_SYNTAX, "yaml-syntax", DIAGNOSTIC_SETUP, "a configuration file is not well-formed YAML in UTF-8")           \
    X(YAML_REFUSED, "yaml-refused", DIAGNOSTIC_SETUP, "YAML beyond what is read: aliases, tags, excessive nesting")    \
    X(DUPLICATE_KEY, "duplicate-key", DIAGNOSTIC_SETUP, "a key stands twice in one mapping")                           \
    X(UNKNOWN_KEY, "unknown-key", DIAGNOSTIC_SETUP, "a key that means nothing where it stands")                        \
    X(MISSING_KEY, "missing-key", DIAGNOSTIC_SETUP, "a key or entry that is needed is absent")                         \
    X(WRONG_KIND, "wrong-kind", DIAGNOSTIC_SETUP, "a text, list or mapping where another of them is needed")           \
    X(WRONG_VALUE, "wrong-value", DIAGNOSTIC_SETUP, "a value that does not fit its key")                               \
    X(DUPLICATE_ID, "duplicate-id", DIAGNOSTIC_SETUP, "two things of one sort have the same id")                       \
    X(UNKNOWN_REFERENCE, "unknown-reference", DIAGNOSTIC_SETUP, "a name that nothing has")                             \
    X(BAD_PATH, "bad-path", DIAGNOSTIC_SETUP, "a path into an export that is malformed or leads nowhere")              \
    X(BAD_MAPPING, "bad-mapping", DIAGNOSTIC_SETUP, "a row rule that cannot fill its evidence type")                   \
    X(BAD_TEST, "bad-test", DIAGNOSTIC_SETUP, "a test that cannot prove anything as it is written")                    \
    X(BAD_CHALLENGE, "bad-challenge", DIAGNOSTIC_SETUP, "the challenges do not show that a test catches its fault")    \
    X(SCHEMA_FILE, "schema-file", DIAGNOSTIC_WARNING, "a file in the schema folder that is not read")
#define DIAGNOSTIC_IDS_READ(X)
#define DIAGNOSTIC_IDS_STORE(X)
#define DIAGNOSTIC_IDS_ASSESS(X)
#define DIAGNOSTIC_IDS_REPORT(X)
#define DIAGNOSTIC_IDS_PACKAGE(X)                                                                                      \
    X(PACKAGE_LABEL, "package-label", DIAGNOSTIC_SETUP, "a value for bag-info.txt that is not one line of text")       \
    X(PACKAGE_CONTAINER, "package-container", DIAGNOSTIC_UNVERIFIED, "not the ZIP that tickmark writes")               \
    X(PACKAGE_NAME, "package-name", DIAGNOSTIC_UNVERIFIED, "an unsafe, ambiguous or unknown name in a package")        \
    X(PACKAGE_CONTENT, "package-content", DIAGNOSTIC_UNVERIFIED, "bytes in a package that cannot be taken as a file")  \
    X(PACKAGE_ALTERED, "package-altered", DIAGNOSTIC_UNVERIFIED, "a file that differs from what was packaged")         \
    X(PACKAGE_MISSING, "package-missing", DIAGNOSTIC_UNVERIFIED, "a file that was packaged and is gone")               \
    X(PACKAGE_EXTRA, "package-extra", DIAGNOSTIC_UNVERIFIED, "a file that no manifest names")                          \
    X(PACKAGE_BAG, "package-bag", DIAGNOSTIC_UNVERIFIED, "BagIt tag files that are malformed or do not add up")        \
    X(PACKAGE_MANIFEST, "package-manifest", DIAGNOSTIC_UNVERIFIED, "an ASiCManifest that is malformed")                \
    X(PACKAGE_SIGNATURE, "package-signature", DIAGNOSTIC_UNVERIFIED, "a signature that does not hold")                 \
    X(PACKAGE_UNTRUSTED, "package-untrusted", DIAGNOSTIC_UNVERIFIED, "a signer that no given certificate vouches for") \
    X(PACKAGE_NO_ANCHOR, "package-no-anchor", DIAGNOSTIC_UNVERIFIED, "no certificate was given to trust")              \
    X(KEY_LOAD, "key-load", DIAGNOSTIC_SETUP, "a key or certificate that cannot be used")                              \
    X(KEY_EXPOSED, "key-exposed", DIAGNOSTIC_SETUP, "an unencrypted private key that others can read")                 \
    X(KEY_EXISTS, "key-exists", DIAGNOSTIC_SETUP, "a new key would overwrite a file")                                  \
    X(SIGN_FAILED, "sign-failed", DIAGNOSTIC_FAILURE, "the package could not be signed; nothing was published")
#define DIAGNOSTIC_IDS_COMMAND(X)

#endif
