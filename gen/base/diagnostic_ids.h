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
    X(BAD_PATTERN, "bad-pattern", DIAGNOSTIC_SETUP, "a regular expression that cannot be used")                        \
    X(BAD_MAPPING, "bad-mapping", DIAGNOSTIC_SETUP, "a row rule that cannot fill its evidence type")                   \
    X(BAD_TEST, "bad-test", DIAGNOSTIC_SETUP, "a test that cannot prove anything as it is written")                    \
    X(BAD_METRIC, "bad-metric", DIAGNOSTIC_SETUP, "a metric that cannot be worked out as it is written")               \
    X(BAD_CHALLENGE, "bad-challenge", DIAGNOSTIC_SETUP, "the challenges do not show that a test catches its fault")    \
    X(BAD_POPULATION, "bad-population", DIAGNOSTIC_SETUP, "a population that cannot be listed as it is written")       \
    X(SCHEMA_FILE, "schema-file", DIAGNOSTIC_WARNING, "a file in the schema folder that is not read")
#define DIAGNOSTIC_IDS_READ(X)                                                                                         \
    X(WRONG_SHAPE, "wrong-shape", DIAGNOSTIC_EVIDENCE, "an export that is not what its kind describes")                \
    X(CSV_COLUMNS, "csv-columns", DIAGNOSTIC_EVIDENCE, "a header without a column that is mapped, or with it twice")   \
    X(CSV_RAGGED, "csv-ragged", DIAGNOSTIC_EVIDENCE, "a CSV row with more or fewer fields than the header")            \
    X(CSV_QUOTE, "csv-quote", DIAGNOSTIC_EVIDENCE, "a CSV row whose quotes do not fit")                                \
    X(JSON_SYNTAX, "json-syntax", DIAGNOSTIC_EVIDENCE, "JSON that is malformed (RFC 8259)")                            \
    X(JSON_DUPLICATE_KEY, "json-duplicate-key", DIAGNOSTIC_EVIDENCE,                                                   \
      "a key that is mapped stands twice in one JSON object")                                                          \
    X(JSON_DEPTH, "json-depth", DIAGNOSTIC_EVIDENCE, "JSON that is nested too deep")                                   \
    X(YAML_MALFORMED, "yaml-malformed", DIAGNOSTIC_EVIDENCE,                                                           \
      "evidence that is no well-formed YAML, or nested too deep")                                                      \
    X(YAML_DUPLICATE, "yaml-duplicate", DIAGNOSTIC_EVIDENCE, "a key that is mapped stands twice in one YAML mapping")  \
    X(YAML_UNREAD, "yaml-unread", DIAGNOSTIC_EVIDENCE,                                                                 \
      "YAML beyond what is read: aliases, binary, keys that are lists")                                                \
    X(XML_MALFORMED, "xml-malformed", DIAGNOSTIC_EVIDENCE, "evidence that is no well-formed XML, or nested too deep")  \
    X(XML_REPEATED, "xml-repeated", DIAGNOSTIC_EVIDENCE, "an element that is mapped as one stands several times")      \
    X(XML_ENTITIES, "xml-entities", DIAGNOSTIC_EVIDENCE, "XML with declarations of its own, or entities not known")    \
    X(LOG_LINE, "log-line", DIAGNOSTIC_EVIDENCE, "a line of a log that its kind does not know")                        \
    X(CEDAR_SYNTAX, "cedar-syntax", DIAGNOSTIC_EVIDENCE, "a Cedar policy that is malformed")                           \
    X(RECORD_SHAPE, "record-shape", DIAGNOSTIC_EVIDENCE, "a record that is no JSON object, where its keys are mapped") \
    X(RECORD_TOO_LONG, "record-too-long", DIAGNOSTIC_EVIDENCE, "a record or document longer than its limit")           \
    X(ENCODING, "encoding", DIAGNOSTIC_EVIDENCE, "text that is not UTF-8")                                             \
    X(TRUNCATED, "truncated", DIAGNOSTIC_EVIDENCE, "an export that ends in the middle")                                \
    X(INCOMPLETE_EXPORT, "incomplete-export", DIAGNOSTIC_EVIDENCE,                                                     \
      "an export that says itself that there is more than it holds")                                                   \
    X(FULL_PAGE, "full-page", DIAGNOSTIC_EVIDENCE,                                                                     \
      "an export of just as many records as its source gives in one answer")                                           \
    X(PATH_NEVER_SEEN, "path-never-seen", DIAGNOSTIC_EVIDENCE,                                                         \
      "a path that is mapped stands in no record of an export")                                                        \
    X(TITLES, "titles", DIAGNOSTIC_NOTE, "rows above the header of a table")                                           \
    X(UNKNOWN_PATH, "unknown-path", DIAGNOSTIC_NOTE, "values of an export that its kind neither maps nor ignores")     \
    X(VALUE_CONVERSION, "value-conversion", DIAGNOSTIC_EVIDENCE, "a text that is not of its column's kind")            \
    X(UNKNOWN_VALUE, "unknown-value", DIAGNOSTIC_EVIDENCE, "a value outside an enumeration or `values:` table")        \
    X(TIME_ZONE, "time-zone", DIAGNOSTIC_EVIDENCE, "times without a zone, of a source that declares none")             \
    X(TIME_YEAR, "time-year", DIAGNOSTIC_EVIDENCE, "times without a year, in a file whose path does not say it")       \
    X(REQUIRED_MISSING, "required-missing", DIAGNOSTIC_EVIDENCE, "a record without a value that its type requires")    \
    X(DOCUMENT_EMPTY, "document-empty", DIAGNOSTIC_EVIDENCE, "a document that is evidence itself and has no bytes")    \
    X(DOCUMENT_FORM, "document-form", DIAGNOSTIC_EVIDENCE, "a document whose bytes are not what its name says")        \
    X(ARCHIVE_DAMAGED, "archive-damaged", DIAGNOSTIC_EVIDENCE,                                                         \
      "an archive or compressed file that cannot be unpacked")                                                         \
    X(ARCHIVE_LIMIT, "archive-limit", DIAGNOSTIC_EVIDENCE, "an archive that unpacks to more than is read")             \
    X(ARCHIVE_MEMBER, "archive-member", DIAGNOSTIC_EVIDENCE,                                                           \
      "a member of an archive that cannot be taken as a file, or none that can")                                       \
    X(WORKBOOK, "workbook", DIAGNOSTIC_EVIDENCE, "a workbook, or a sheet or cell of it, that cannot be read")          \
    X(REQUEST_LIST, "request-list", DIAGNOSTIC_SETUP, "an auditor's list of requests that cannot be read")             \
    X(REQUEST_COLUMN, "request-column", DIAGNOSTIC_SETUP, "a list of requests whose columns cannot be told apart")     \
    X(REQUEST_ID_BAD, "request-id", DIAGNOSTIC_SETUP, "a request without an id, or with that of another")              \
    X(REQUEST_DATE, "request-date", DIAGNOSTIC_SETUP, "a day that does not say which day it is")                       \
    X(REQUEST_WORD, "request-word", DIAGNOSTIC_WARNING, "a word in a list of requests that no list of words has")      \
    X(REQUEST_UNREAD, "request-unread", DIAGNOSTIC_NOTE, "a column or a row of a list of requests that is not read")   \
    X(MEMBERS_LEFT_OUT, "members-left-out", DIAGNOSTIC_NOTE, "members of an archive that `member:` does not name")
#define DIAGNOSTIC_IDS_STORE(X)                                                                                        \
    X(STORE_FAILED, "store-failed", DIAGNOSTIC_FAILURE, "the database failed (disk full, input or output error)")      \
    X(SQL_ERROR, "sql-error", DIAGNOSTIC_SETUP, "SQL of the schema or a template that SQLite does not accept")         \
    X(SQL_REFUSED, "sql-refused", DIAGNOSTIC_SETUP, "SQL that does more than read, or calls a function not allowed")   \
    X(SQL_LIMIT, "sql-limit", DIAGNOSTIC_SETUP, "SQL that needs more time or memory than a statement may take")        \
    X(DATE_CONFLICT, "date-conflict", DIAGNOSTIC_EVIDENCE, "an export's own date contradicts its file name")           \
    X(EVIDENCE_ALTERED, "evidence-altered", DIAGNOSTIC_EVIDENCE, "a file that is not the one its sidecar speaks of")   \
    X(RECORDS_OUTSIDE, "records-outside", DIAGNOSTIC_EVIDENCE, "records from outside the time the export covers")      \
    X(SILENT_EXPORT, "silent-export", DIAGNOSTIC_EVIDENCE, "an export of events with too long a stretch without any")  \
    X(SEQUENCE_GAP, "sequence-gap", DIAGNOSTIC_EVIDENCE, "numbers that are missing where there should be no gap")      \
    X(SEQUENCE_NUMBER, "sequence-number", DIAGNOSTIC_EVIDENCE, "values that should be running numbers and are none")   \
    X(KNOWN_GAP, "known-gap", DIAGNOSTIC_WARNING, "numbers that are declared as missing and are there")                \
    X(COPIED_EXPORT, "copied-export", DIAGNOSTIC_EVIDENCE, "an export that is byte for byte an earlier one")           \
    X(UNCHANGED_EXPORT, "unchanged-export", DIAGNOSTIC_NOTE, "a snapshot with the very bytes of an earlier one")       \
    X(SHRUNKEN_EXPORT, "shrunken-export", DIAGNOSTIC_EVIDENCE, "a snapshot with far fewer rows than the one before")   \
    X(UNLIKE_EXPORT, "unlike-export", DIAGNOSTIC_EVIDENCE, "a snapshot that lists hardly anything of the one before")  \
    X(OUTDATED_EXPORT, "outdated-export", DIAGNOSTIC_EVIDENCE, "a snapshot whose newest time lies long before it")     \
    X(DUPLICATE_RECORDS, "duplicate-records", DIAGNOSTIC_EVIDENCE, "rows of one export with the same key")             \
    X(EMPTY_EXPORT, "empty-export", DIAGNOSTIC_EVIDENCE, "an export without rows where none were declared possible")   \
    X(RECORD_COUNT, "record-count", DIAGNOSTIC_EVIDENCE, "an export holds more or fewer records than its source says") \
    X(OVERRIDE_LATE, "override-late", DIAGNOSTIC_WARNING, "an override dated after the assessment counts for nothing") \
    X(DISPOSITION_UNUSED, "disposition-unused", DIAGNOSTIC_WARNING, "a disposition that meets no faulty record")       \
    X(UNCLAIMED_FILE, "unclaimed-file", DIAGNOSTIC_WARNING, "a file among the evidence that no source claims")         \
    X(PRIOR_UNREADABLE, "prior-unreadable", DIAGNOSTIC_SETUP, "a prior assessment that is altered or no store at all") \
    X(PRIOR_FORMAT, "prior-format", DIAGNOSTIC_SETUP, "a prior assessment that another version of tickmark made")      \
    X(PRIOR_CONTENT, "prior-content", DIAGNOSTIC_SETUP, "a prior assessment that holds what no assessment holds")      \
    X(PRIOR_OTHER, "prior-other", DIAGNOSTIC_SETUP, "a prior assessment of another organisation, or not of before")
#define DIAGNOSTIC_IDS_ASSESS(X)                                                                                       \
    X(CHALLENGE_FAILED, "challenge-failed", DIAGNOSTIC_SETUP, "a test does not find what its challenge planted")       \
    X(TEST_COLUMN, "test-column", DIAGNOSTIC_SETUP, "a test's query lacks a column it must have")                      \
    X(TEST_PARAMETER, "test-parameter", DIAGNOSTIC_SETUP, "a test's query uses a parameter nobody declares")           \
    X(TEST_TYPE, "test-type", DIAGNOSTIC_SETUP, "a test reads a type its control does not require, or none")           \
    X(READINESS_STEP, "readiness-step", DIAGNOSTIC_SETUP, "a step of the roadmap whose query cannot be used")          \
    X(REQUEST_UNKNOWN, "request-unknown", DIAGNOSTIC_WARNING,                                                          \
      "a request names a control or criterion that is not there")                                                      \
    X(ANSWER_UNUSED, "answer-unused", DIAGNOSTIC_WARNING, "an answer to a request that the list does not hold")        \
    X(ANSWER_UNKNOWN, "answer-unknown", DIAGNOSTIC_SETUP, "an answer that names what is not there")                    \
    X(WAIVER_EXPIRED, "waiver-expired", DIAGNOSTIC_WARNING, "a waiver that is not in force counts for nothing")        \
    X(WAIVER_UNUSED, "waiver-unused", DIAGNOSTIC_WARNING, "a waiver that matches no exception")                        \
    X(CONTINUITY, "continuity", DIAGNOSTIC_WARNING, "days between assessed periods that are in none, or in two")       \
    X(SAMPLE_POPULATION, "sample-population", DIAGNOSTIC_SETUP, "a population that no sample can be drawn from")
#define DIAGNOSTIC_IDS_REPORT(X)                                                                                       \
    X(TEMPLATE_SYNTAX, "template-syntax", DIAGNOSTIC_SETUP, "a template whose marks, head or table are malformed")     \
    X(TEMPLATE_NAME, "template-name", DIAGNOSTIC_SETUP, "a name in a template that no query or column has")            \
    X(TEMPLATE_QUERY, "template-query", DIAGNOSTIC_SETUP, "a query of a template that cannot be used where it is")     \
    X(TEMPLATE_LIMIT, "template-limit", DIAGNOSTIC_SETUP, "a report that nests too deep or grows too large")           \
    X(THEME, "theme", DIAGNOSTIC_SETUP, "a line of theme.conf that is not understood, or one that is missing")         \
    X(THEME_FONT, "theme-font", DIAGNOSTIC_SETUP, "a font of the theme that is in none of its folders")                \
    X(XML_INVALID, "xml-invalid", DIAGNOSTIC_FAILURE, "the XML report does not fit its XSD; nothing was published")    \
    X(PDF_FONT, "pdf-font", DIAGNOSTIC_SETUP, "a font file of the theme that cannot be used")                          \
    X(PDF_GLYPH, "pdf-glyph", DIAGNOSTIC_WARNING, "characters that no font of the theme has")                          \
    X(PDF_FAILED, "pdf-failed", DIAGNOSTIC_FAILURE, "the PDF cannot be made; nothing was published")
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
#define DIAGNOSTIC_IDS_COMMAND(X)                                                                                      \
    X(USAGE, "usage", DIAGNOSTIC_SETUP, "the command line cannot be understood")                                       \
    X(UNFINISHED, "unfinished", DIAGNOSTIC_FAILURE, "a command could not do its work; nothing was published")          \
    X(NO_PROGRAMME, "no-programme", DIAGNOSTIC_SETUP, "the folder is no programme folder")                             \
    X(SOURCE_AMBIGUOUS, "source-ambiguous", DIAGNOSTIC_SETUP, "an evidence file matches the patterns of two sources")  \
    X(SIDECAR, "sidecar", DIAGNOSTIC_EVIDENCE, "a sidecar that cannot be understood, or stands alone")                 \
    X(EVIDENCE_CHANGED, "evidence-changed", DIAGNOSTIC_SETUP, "an evidence file is not the one that was assessed")     \
    X(FIGURE_CHANGED, "figure-changed", DIAGNOSTIC_SETUP, "a test run again on an assessment's rows finds others")     \
    X(PERIOD_LENGTH, "period-length", DIAGNOSTIC_NOTE, "a period of another length than examinations have")            \
    X(OTHER_PERIOD, "other-period", DIAGNOSTIC_NOTE, "evidence dated outside the period was left out")                 \
    X(NO_BUSINESS_DAY, "no-business-day", DIAGNOSTIC_NOTE, "a plan was to begin on a day on which nobody works")       \
    X(KIND_UNKNOWN, "kind-unknown", DIAGNOSTIC_EVIDENCE, "no kind recognises a file")                                  \
    X(KIND_AMBIGUOUS, "kind-ambiguous", DIAGNOSTIC_EVIDENCE, "two kinds recognise the same file")                      \
    X(COLLECT_EXISTS, "collect-exists", DIAGNOSTIC_WARNING, "an export is there already; it is never overwritten")     \
    X(COLLECT_VARIABLE, "collect-variable", DIAGNOSTIC_SETUP,                                                          \
      "a variable that a command needs is not set, or its value stands in the programme")                              \
    X(COLLECT_START, "collect-start", DIAGNOSTIC_SETUP, "a command that cannot be started")                            \
    X(COLLECT_FAILED, "collect-failed", DIAGNOSTIC_EVIDENCE, "a command failed, so its output is no evidence")         \
    X(COLLECT_REJECTED, "collect-rejected", DIAGNOSTIC_EVIDENCE, "output that is no export of its source's kind")      \
    X(COLLECT_SECRET, "collect-secret", DIAGNOSTIC_EVIDENCE, "output that holds a secret of its command")              \
    X(COLLECT_SAID, "collect-said", DIAGNOSTIC_WARNING, "a command succeeded and complained all the same")             \
    X(COLLECT_COPY, "collect-copy", DIAGNOSTIC_WARNING, "a command printed an earlier export once more")               \
    X(CHECK_STATE, "check-state", DIAGNOSTIC_EVIDENCE, "what was alerted before cannot be read, and is not relied on") \
    X(CHECK_NOTIFY, "check-notify", DIAGNOSTIC_FAILURE, "a notifier that did not take an alert; it alerts again")      \
    X(CHECK_WEBHOOK, "check-webhook", DIAGNOSTIC_FAILURE, "an alert that could not be posted; it alerts again")        \
    X(ROWS_CUT, "rows-cut", DIAGNOSTIC_NOTE, "more rows than are printed")                                             \
    X(KIND_UNDRAFTED, "kind-undrafted", DIAGNOSTIC_EVIDENCE, "a file that no kind can be drafted from")                \
    X(KIND_CLAIMED, "kind-claimed", DIAGNOSTIC_WARNING, "a kind recognises the file that another is drafted from")     \
    X(KIND_OPEN, "kind-open", DIAGNOSTIC_WARNING, "a drafted kind in which something is still to be decided")          \
    X(KIND_DRAFTED, "kind-drafted", DIAGNOSTIC_NOTE, "what to do with a drafted kind")                                 \
    X(PRIOR_MISSING, "prior-missing", DIAGNOSTIC_WARNING, "the assessment of an earlier period is not there")          \
    X(PRIOR_UNVERIFIED, "prior-unverified", DIAGNOSTIC_WARNING, "a prior assessment that no known signer vouches for") \
    X(SAMPLE_UNFROZEN, "sample-unfrozen", DIAGNOSTIC_SETUP, "no published run has frozen the population")              \
    X(SAMPLE_CHANGED, "sample-changed", DIAGNOSTIC_SETUP, "the population is not the one that was published")          \
    X(SAMPLE_EMPTY, "sample-empty", DIAGNOSTIC_EVIDENCE, "an empty population, of which nothing can be drawn")         \
    X(SAMPLE_SIZE, "sample-size", DIAGNOSTIC_SETUP, "no rule that says how many items to draw")                        \
    X(SAMPLE_EXISTS, "sample-exists", DIAGNOSTIC_SETUP, "another sample of the test with the same nonce is there")     \
    X(SAMPLE_KEPT, "sample-kept", DIAGNOSTIC_NOTE, "the same sample is there already and was left as it is")           \
    X(SAMPLE_DRAW, "sample-draw", DIAGNOSTIC_SETUP, "files of a sample that are not as they were drawn")               \
    X(SAMPLE_RESULT, "sample-result", DIAGNOSTIC_SETUP, "results that do not answer the sample")                       \
    X(SAMPLE_SUPPORT, "sample-support", DIAGNOSTIC_NOTE, "more supporting records than are put beside an item")        \
    X(SAMPLE_OLDER, "sample-older", DIAGNOSTIC_WARNING, "a sample of another population than the last published one")

#endif
