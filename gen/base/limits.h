#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

/*
 * Every bound that hostile or broken input can meet, in one place. A limit that is reached is always a diagnostic that
 * names it; nothing is cut silently.
 */

/* Reading evidence. */
#define LIMIT_BLOCK_BYTES       (1u << 20)  /* bytes asked of a byte source at once */
#define LIMIT_RECORD_BYTES      (16u << 20) /* longest single record (CSV row, JSON record) */
#define LIMIT_ENVELOPE_BYTES    (1u << 20)  /* values of a JSON document that stand outside its records */
#define LIMIT_JSON_DEPTH        64          /* nesting of JSON */
#define LIMIT_CSV_COLUMNS       4096        /* fields in one CSV row */
#define LIMIT_PATTERN_STEPS     100000      /* of a regular expression on one record (PCRE2's match limit) */
#define LIMIT_PATTERN_MEMORY    (1u << 20)  /* for its backtracking */
#define LIMIT_CEDAR_DEPTH       64          /* nesting of Cedar expressions */
#define LIMIT_CEDAR_NOTES       256         /* annotations of one Cedar policy */
#define LIMIT_HASH_RUN          (1u << 20)  /* keys or items told apart in memory at a time */
#define LIMIT_SILENCE_HOURS     (1u << 20)  /* that an export of events covers; of a longer one no silence is told */
#define LIMIT_SEQUENCES         1000        /* prefixes among the numbers of one source */
#define LIMIT_SEQUENCE_GAPS     1000        /* gaps of one source that are listed; the rest is counted */
#define LIMIT_CELL_BYTES        (1u << 20)  /* longest single value that is loaded */
#define LIMIT_SHRUNKEN_ROWS     8      /* rows of a snapshot that its neighbour is measured by; fewer may well halve */
#define LIMIT_UNLIKE_ROWS       4      /* of the shorter of two snapshots: with fewer, both may well be right */
#define LIMIT_UNLIKE_LOOKED     1024   /* rows of it whose keys are looked for in the other */
#define LIMIT_UNLIKE_PERCENT    25     /* of them: with no more in common, the two are not of one system */
#define LIMIT_SHRUNKEN_PERCENT  60     /* of its neighbour's rows: a snapshot with no more does not count */
#define LIMIT_EVIDENCE_FILES    100000 /* files below one evidence folder */
#define LIMIT_DIRECTORY_DEPTH   32     /* nesting of folders */
#define LIMIT_DOCUMENT_BYTES    (256u << 20) /* a document that is evidence itself */
#define LIMIT_RECOGNITION_BYTES (4u << 20)   /* of a file, by which its kind is recognised */
#define LIMIT_INFER_FIELDS      2000         /* fields of a sample that a kind is drafted from */
#define LIMIT_TEST_EXPORT_BYTES (1u << 20)   /* an export that a test of a kind is made from */
#define LIMIT_KEPT_FILE_BYTES   (8u << 20)   /* an evidence file that `explain` keeps while it shows records */
#define LIMIT_KEPT_FILES_BYTES  (64u << 20)  /* all of them */
#define LIMIT_ROWS_PRINTED      1000         /* rows of one file that `validate --rows` prints */
#define LIMIT_INFER_NODES       10000        /* places of a tree that are told apart in it */

/* Unpacking evidence. */
#define LIMIT_ARCHIVE_DEPTH        3            /* containers in one another: a .gz in a .tar.gz is three */
#define LIMIT_ARCHIVE_MEMBERS      200000       /* entries of one evidence file, folders included */
#define LIMIT_ARCHIVE_NAMES_BYTES  (32u << 20)  /* of all names of its members */
#define LIMIT_UNPACKED_BYTES       (1ull << 38) /* that come out of one evidence file, of all levels together */
#define LIMIT_UNPACKED_RATIO       250          /* of these to its own bytes, above the size below */
#define LIMIT_UNPACKED_RATIO_ABOVE (64u << 20)
#define LIMIT_WORKBOOK_BYTES       (64u << 20)  /* of one workbook as exported: it is held in memory */
#define LIMIT_WORKBOOK_PART_BYTES  (8u << 20)   /* of its lists of sheets and styles, each */
#define LIMIT_WORKBOOK_TEXT_BYTES  (128u << 20) /* of the texts that its cells share */
#define LIMIT_WORKBOOK_STYLES      65536        /* styles of its cells */

/* Reading configuration. */
#define LIMIT_YAML_BYTES  (8u << 20) /* one configuration file */
#define LIMIT_YAML_DEPTH  32         /* nesting of YAML */
#define LIMIT_YAML_NODES  500000     /* nodes of one YAML file */
#define LIMIT_NAME_BYTES  64         /* identifiers: controls, tests, types, columns, sources */
#define LIMIT_PERIOD_DAYS 3660       /* of a period that is assessed: ten years */

/* SQL of the schema (notes: hostile input). */
#define LIMIT_SQL_BYTES            (1u << 20) /* text of one statement and of one value it makes */
#define LIMIT_SQL_EXPRESSION_DEPTH 50
#define LIMIT_SQL_VDBE_OPERATIONS  25000
#define LIMIT_SQL_LIKE_BYTES       100
#define LIMIT_SQL_HEAP_BYTES       (512u << 20) /* heap of the guarded connection */
#define LIMIT_SQL_CACHE_BYTES      (16 << 20)   /* of each table that a query makes for itself */
#define LIMIT_SQL_AHEAD_BYTES      (64 << 10)   /* of a database that is read in order, read at a time */
#define LIMIT_SQL_STEPS            20000000     /* of SQLite's machine, that one statement may take: about a second, */
#define LIMIT_SQL_STEPS_EACH       200          /* ... and so many more for each row of evidence that was loaded, */
#define LIMIT_SQL_ROWS             1000000000   /* ... up to as many rows */
#define LIMIT_CHALLENGE_STEPS      20000000     /* of one that sees a handful of rows, or one record */
#define LIMIT_CHALLENGE_HEAP_BYTES (64u << 20)  /* heap of the database of challenges */
#define LIMIT_CHALLENGE_BYTES      (64u << 10)  /* one value that is made in it */
#define LIMIT_ITEM_BYTES           1024         /* item, exception and undetermined texts of a test */
#define LIMIT_MUTANTS_EACH         5000         /* mutants of the challenges of one test */
#define LIMIT_METRIC_VALUES        (8u << 20)   /* values of one metric that a percentile is taken of */
#define LIMIT_METRIC_ITEMS         10           /* records of a metric that are named: the worst, and those left open */
#define LIMIT_SQL_WAIT             20000        /* milliseconds for a connection that is just being closed */
#define LIMIT_JUDGES               4            /* tests run at the same time, a thread and a connection each */

/* Sampling. */
#define LIMIT_SAMPLE_ITEMS       10000      /* of one sample */
#define LIMIT_SAMPLE_STRATA      1000       /* of one population */
#define LIMIT_SAMPLE_POPULATION  UINT32_MAX /* items */
#define LIMIT_SAMPLE_NONCE_BYTES 200        /* the auditor's nonce */
#define LIMIT_SAMPLE_SUPPORTING  200        /* supporting records of one item that are put beside it */
#define LIMIT_SAMPLE_NAME_BYTES  80         /* of an item, as a part of a file's name */

/* Collecting evidence. */
#define LIMIT_COLLECT_BYTES   (1ull << 30) /* that a command may print, where its source does not say less */
#define LIMIT_COLLECT_SECONDS 86400        /* that a command may be given */
#define LIMIT_COLLECT_WORDS   256          /* of a command */
#define LIMIT_COLLECT_SPANS   400          /* of events that one source catches up on at once */
#define LIMIT_PROCESS_TAIL    2048         /* of what a command says on standard error, kept to be shown */
#define LIMIT_PROCESS_LEFT    10000        /* processes that a command left behind and that are ended with it */

/* Prior assessments, which are hostile: somebody else may have made them. */
#define LIMIT_PRIORS          64           /* of one run */
#define LIMIT_PRIOR_BYTES     (8ull << 30) /* of one store */
#define LIMIT_PRIOR_ROWS      200000       /* read of one of its tables */
#define LIMIT_PRIOR_TEXT      (64u << 10)  /* one text in it */
#define LIMIT_PRIOR_ALL_TEXTS (256u << 20) /* all texts read of one store */

/* An auditor's list of requests, and its answers. */
#define LIMIT_REQUEST_LIST_BYTES (16u << 20) /* the file; a list is written by people, some hundred lines long */
#define LIMIT_REQUESTS           10000       /* requests of one list */
#define LIMIT_REQUEST_CELL_BYTES 32768       /* one value of a request, as much as a spreadsheet's cell holds */
#define LIMIT_REQUEST_HEAD       20          /* rows within which the header stands */
#define LIMIT_REQUEST_WORDS      5           /* proposals that words alone lead to, for one request */
#define LIMIT_REQUEST_TARGETS    1000        /* controls, populations and types that one request leads to */

/* Checking between audits. */
#define LIMIT_CHECK_FAILURES    1000        /* of one alert that are listed and remembered; the rest is counted */
#define LIMIT_CHECK_STATE_BYTES (8u << 20)  /* of the file that remembers what was alerted */
#define LIMIT_CHECK_WINDOWS     64          /* spans that one check looks at */
#define LIMIT_NOTIFY_SECONDS    30          /* that a notifier, or one attempt to post, may take if nothing is said */
#define LIMIT_NOTIFY_WORDS      64          /* of a notifier's command line */
#define LIMIT_NOTIFY_SECRET     4096        /* bytes of a secret */
#define LIMIT_WEBHOOK_ATTEMPTS  4           /* to post an alert */
#define LIMIT_WEBHOOK_RESPONSE  (64u << 10) /* bytes of an answer, which is not read */

/* Diagnostics. */
#define LIMIT_DIAGNOSTICS_EACH 20  /* printed for one id and one file; the rest is counted */
#define LIMIT_DIAGNOSTICS_KEPT 200 /* kept for one id and one file; the rest is counted */
#define LIMIT_DIAGNOSTIC_BYTES 4096

/* Reports. */
#define LIMIT_TEMPLATE_BYTES (1u << 20)
#define LIMIT_XSD_BYTES      (8u << 20) /* an XML schema that outputs are validated against */
#define LIMIT_TEMPLATE_DEPTH 8          /* nesting of sections */
#define LIMIT_DOCUMENT_NODES 4000000    /* nodes of one document tree */
#define LIMIT_MARKDOWN_DEPTH 32
#define LIMIT_CHART_POINTS   2000  /* of one chart of a report */
#define LIMIT_TERMINAL_ROWS  40    /* exceptions listed on a terminal; the rest is counted */
#define LIMIT_REPORT_PAGES   50000 /* pages of one report, without cover and contents */
#define LIMIT_ROADMAP_TASKS  20000 /* tasks of one step of the roadmap */

/* Packages. */
#define LIMIT_PACKAGE_ENTRIES     200000
#define LIMIT_PACKAGE_BYTES       (1ull << 40) /* all entries, inflated */
#define LIMIT_PACKAGE_RATIO       100          /* inflated to deflated, for entries above the size below */
#define LIMIT_PACKAGE_RATIO_ABOVE (1u << 20)
#define LIMIT_PACKAGE_NAME_BYTES  1024
#define LIMIT_PACKAGE_TAG_BYTES   (64u << 20) /* a manifest or signature of a package, held in memory */
#define LIMIT_DEFLATERS           16          /* threads that deflate */
#define LIMIT_DEFLATE_JOBS        128         /* of 256 KiB, that wait for them or to be written */

#endif
