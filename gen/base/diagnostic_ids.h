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

#define DIAGNOSTIC_IDS_CONFIG(X)
#define DIAGNOSTIC_IDS_READ(X)
#define DIAGNOSTIC_IDS_STORE(X)
#define DIAGNOSTIC_IDS_ASSESS(X)
#define DIAGNOSTIC_IDS_REPORT(X)
#define DIAGNOSTIC_IDS_PACKAGE(X)
#define DIAGNOSTIC_IDS_COMMAND(X)

#endif
