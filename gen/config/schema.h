#ifndef CONFIG_SCHEMA_H
#define CONFIG_SCHEMA_H

#include "base/arena.h"
#include "base/datetime.h"
#include "base/diagnostics.h"
#include "base/encoding.h"
#include "base/value.h"
#include "config/checks.h"
#include "config/decode.h"
#include "config/request_words.h"
#include "config/schema_kind.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The control schema: criteria, evidence types, evidence kinds, views, controls with their requirements, tests and
 * challenges. Everything lives in one arena, keeps its place in the YAML, and is sorted by id where order matters.
 */

/* ---- criteria.yaml ---- */

struct criterion {
    const char *id;       /* "CC6.1" */
    const char *category; /* "security", "availability", "confidentiality", "processing-integrity", "privacy" */
    const char *title;    /* in our own words */
    struct place place;
};

/* ---- types: one file or several ---- */

enum column_kind { COLUMN_TEXT, COLUMN_INTEGER, COLUMN_REAL, COLUMN_BOOLEAN, COLUMN_TIME, COLUMN_ENUMERATION };

struct column {
    const char *name;
    enum column_kind kind;
    const char *meaning;
    bool required;            /* a NULL makes the record invalid */
    const char *null_meaning; /* what an absent value says ("still employed"); without one NULL means unknown, and a
                                 test that reads the column over such rows is insufficient */
    struct text_list values;  /* COLUMN_ENUMERATION */
    struct yaml_node *default_value; /* used by challenges where `given` leaves the column out; NULL: none */
    struct place place;
};

enum type_shape {
    TYPE_SNAPSHOT, /* each export states all there is at its effective time */
    TYPE_EVENT     /* each export lists what happened in a span */
};

struct evidence_type {
    const char *id; /* "account": also the view that tests read */
    const char *title;
    const char *meaning;
    enum type_shape shape;
    bool high_volume;     /* kept out of the packaged store */
    bool may_shrink;      /* snapshots may lose most of their rows: what they list is meant to go away */
    bool lasting;         /* most of what one snapshot lists stands in the next one too, under the same key */
    bool stands;          /* what a snapshot says holds until another does: one from before a period may serve it */
    int64_t fresh_within; /* seconds before a snapshot in which its newest time lies; 0: nothing is known of that */
    struct column *columns;
    size_t column_count;
    size_t *key; /* column indexes; in one snapshot, or in one source for events, the key is unique */
    size_t key_count;
    size_t time_column; /* TYPE_EVENT: the column that says when. TYPE_SNAPSHOT: a moment that lies before the export,
                           or SIZE_MAX */
    struct place place;
};

/* ---- views: an SQL file each ---- */

struct view {
    const char *id; /* from the file's name; the file holds the SELECT, with a leading comment that explains it */
    const char *sql;
    struct place place;
};

/* ---- controls ---- */

enum cadence {
    CADENCE_DAILY,
    CADENCE_BUSINESS_DAY,
    CADENCE_WEEKLY, /* ISO weeks, Monday first */
    CADENCE_MONTHLY,
    CADENCE_QUARTERLY,
    CADENCE_ANNUAL,
    CADENCE_PERIOD, /* once in the period */
    CADENCE_COUNT
};
extern const char *const schema_cadence_names[]; /* NULL-terminated: "daily", "business-day", "weekly", ... */

struct requirement {
    size_t type;
    enum cadence cadence;
    int64_t grace; /* seconds after the end of an interval in which an export still counts as met */
    bool automated;
    const char *produced_by; /* how the evidence is made */
    struct place place;
};

struct parameter {
    const char *name; /* used in SQL as :name */
    const struct yaml_node *node;
    struct value value; /* integer, real or text; durations are seconds */
    bool duration;      /* written as a duration (`unit: duration`), counted in seconds */
    const char *text;   /* as written, for print */
    const char *meaning;
    struct place place;
};

enum verdict { /* in order of weight, lightest first (DESIGN 3) */
               VERDICT_NOT_APPLICABLE,
               VERDICT_EFFECTIVE,
               VERDICT_NO_OCCURRENCE,
               VERDICT_PENDING,
               VERDICT_INSUFFICIENT,
               VERDICT_EXCEPTION,
               VERDICT_COUNT
};
extern const char *const schema_verdict_names[]; /* "not applicable", "effective", "no occurrence", "pending", ... */

/* What a challenge may give beside evidence types: rows of login and person, as the programme's `people` give them. */
#define SCHEMA_IDENTITY "identity"
#define SCHEMA_SYSTEM   "source_system"
/* What the engine adds to a type's name for the view of its newest snapshots, and for the one that people read. */
#define SCHEMA_LATEST   "_latest"
#define SCHEMA_READABLE "_readable"

struct challenge_value { /* a parameter of the control, as the challenge sets it */
    const char *name;
    struct value value;
};

struct challenge {
    const struct yaml_node *given; /* type -> sequence of rows */
    struct challenge_value *values;
    size_t value_count;
    const char *expect_text; /* "exception", "effective", "insufficient" (undetermined), "empty" */
    enum challenge_expect { EXPECT_EXCEPTION, EXPECT_EFFECTIVE, EXPECT_UNDETERMINED, EXPECT_EMPTY } expect;
    struct place place;
};
extern const char *const schema_expect_names[]; /* "exception", "effective", "undetermined", "empty" */

enum test_method { METHOD_INSPECTION, METHOD_OBSERVATION, METHOD_REPERFORMANCE, METHOD_INQUIRY };
extern const char *const schema_method_names[];
enum severity { SEVERITY_LOW, SEVERITY_MEDIUM, SEVERITY_HIGH, SEVERITY_CRITICAL };
extern const char *const schema_severity_names[];

#define SEVERITY_COUNT 4
/* Days from the making of a finding to the date by which it is to be remediated, by severity; -1: no date. */
struct schema_deadlines {
    int64_t days[SEVERITY_COUNT];
};
#define SCHEMA_DEADLINES_NONE                                                                                          \
    {                                                                                                                  \
        { -1, -1, -1, -1 }                                                                                             \
    }
/* `remediation_days:` of findings.yaml and of the programme: severities that are not named keep what they have. */
bool schema_deadlines_read(struct arena *arena, const struct yaml_node *node, struct schema_deadlines *deadlines,
                           struct diagnostics *diagnostics);

/* A test that a person makes: what is stated, by whom, on which document, once in each interval of the cadence. */
struct manual {
    const char *attest;   /* what is looked at and stated; NULL: the test has a query */
    const char *by;       /* who attests: a role */
    const char *document; /* on which document */
    enum cadence each;
};

/*
 * The view of records that support other records, where the schema has it: `ref`, `relation` ("review") and
 * `supporting`, the reference of the record that supports it. `sample --fulfil` puts them beside the record.
 */
#define SCHEMA_SUPPORT "supporting_record"

/* The view that answers manual tests, where the schema has it: assess/attestation.h says what it must hold. */
#define SCHEMA_ATTESTATION "attestation"
/* The view that lists management's own findings, where the schema has it: assess/register.h says what it must hold. */
#define SCHEMA_REGISTER "register_finding"

/* What a test shows: that a control is in place on a date, or that it operated over a time. */
enum test_subject {
    TEST_BY_RULE, /* not said: in place where the query reads snapshots alone, and neither calendar nor occurrences */
    TEST_DESIGN,
    TEST_OPERATION
};

struct test {
    const char *id; /* "CC6.1-01.1" */
    const char *title;
    enum test_method method;
    const char *query;         /* columns: ref, item, exception, undetermined, ref_* ; NULL for a manual test */
    struct place query_place;  /* of the SQL's first line */
    const char *detail;        /* by :item, for aggregates; or NULL */
    struct text_list witness;  /* types whose valid, complete exports prove a zero: "no occurrence" */
    const char *standing;      /* why what is not in the population any more is gone; NULL: it may still be there */
    const char *latest_reason; /* why a query may read <type>_latest; NULL: it must not */
    struct manual manual;
    enum test_subject subject;
    double tolerable; /* share of the population */
    enum severity severity;
    const char *remediation;
    const char *sampling; /* the rule by which a sample of it is sized; NULL: the default one */
    struct challenge *challenges;
    size_t challenge_count;
    struct place place;
};

struct control {
    const char *id; /* "CC6.1-01" */
    const char *title;
    struct text_list criteria; /* ids, checked */
    struct text_list alias;    /* other guides' numbers, unscored */
    const char *owner;
    const char *narrative;  /* Markdown */
    const char *frequency;  /* how often it operates, for print */
    int64_t effective_from; /* DATETIME: INT64_MIN when always */
    int64_t superseded;     /* INT64_MAX when still in force */
    struct text_list compensating;
    struct requirement *requirements;
    size_t requirement_count;
    struct parameter *parameters;
    size_t parameter_count;
    struct test *tests;
    size_t test_count;
    struct place place;
};

/* ---- metrics: figures about the programme's subject ---- */

/* How the rows of a metric's query become its value. */
enum metric_measure {
    MEASURE_SHARE, /* rows whose value is 1, of those whose value is 0 or 1, in percent */
    MEASURE_RATIO, /* the sum of the values over the sum of the column `of`, in percent where that is the unit */
    MEASURE_COUNT, /* rows */
    MEASURE_SUM,
    MEASURE_MEAN,
    MEASURE_SMALLEST,
    MEASURE_LARGEST,
    MEASURE_P50, /* percentiles by the nearest rank, as the SQL function `percentile` has them */
    MEASURE_P95,
    MEASURE_P99
};
extern const char *const schema_measure_names[]; /* NULL-terminated: "share", "ratio", ... */
enum metric_better { BETTER_HIGHER, BETTER_LOWER, BETTER_NEITHER };
extern const char *const schema_better_names[];

struct metric_parameter {
    struct parameter own;   /* its own declaration; without a value where it is taken from a control */
    const char *of_control; /* NULL: its own */
    const char *of_parameter;
};
struct metric_challenge {
    const struct yaml_node *given;
    struct challenge_value *values; /* of parameters */
    size_t value_count;
    const char *expect_text;
    enum metric_expect { EXPECT_VALUE, EXPECT_NONE, EXPECT_OPEN } expect; /* open: not determined */
    double expect_value;
    struct place place;
};

#define SCHEMA_UNIT_PERCENT  "percent"
#define SCHEMA_UNIT_DURATION "duration" /* seconds */

struct metric {
    const char *id;      /* "mfa_coverage" */
    const char *section; /* the heading that it stands under */
    const char *title;
    const char *meaning;
    const char *formula; /* in words */
    const char *unit;    /* "percent", "duration", or the word for what is counted */
    const char *part;    /* what a row of value 1 is, or what the values add up to; or NULL */
    const char *whole;   /* what a row is; plural */
    enum metric_measure measure;
    int64_t decimals; /* most that are printed; -1: by the unit */
    enum metric_better better;
    const char *target; /* a number or :parameter, as written; NULL: none */
    double target_value;
    const char *target_parameter; /* NULL: target_value */
    const char *test;  /* the share of this test's population without an exception, or their count; NULL: a query */
    const char *query; /* columns: ref, item, value, of, undetermined */
    struct place query_place;
    struct metric_parameter *parameters;
    size_t parameter_count;
    struct metric_challenge *challenges;
    size_t challenge_count;
    struct place place;
};

/* A metric that reports draw over the periods, beside the tables that have all of them. */
struct charted_metric {
    const char *id; /* of a metric of the schema, or of a figure that tickmark works out itself */
    struct place place;
};

/* ---- synonyms.yaml: what exports call things. Only the drafting of kinds looks at it (read/infer.h) ---- */

struct synonym {
    const char *name;       /* a column ("login"), one of one type ("account.login"), or a type */
    const char *value;      /* of the column, for which the words stand; "true" and "false" of a boolean; or NULL */
    struct text_list words; /* in any spelling: compared by their words, without regard to case */
    struct place place;
};

struct synonyms {
    struct synonym *columns;
    size_t column_count;
    struct synonym *opposites; /* names of booleans that say the contrary: "deleted" for "active" */
    size_t opposite_count;
    struct synonym *types;
    size_t type_count;
    struct synonym *values;
    size_t value_count;
    struct text_list nulls;       /* texts that exports write for "nothing" */
    struct text_list fillers;     /* words that tell two names not apart: "at", "date" */
    struct text_list wrappers;    /* keys whose object only wraps the values of a record: "profile" */
    struct text_list handles;     /* keys of an object about a person that say who it is, best first: "login" */
    struct text_list identifiers; /* names of a record's own id: "number", "key" */
    struct text_list paging;      /* keys around records that say there is more: "next" */
    struct text_list made;        /* keys around records that say when the export was made */
};

/* ---- populations/: what an auditor asks to be listed, a query each ---- */

/* A population's query is tried as a test's is: rows are given, and the items that it lists are compared, in order. */
struct population_challenge {
    const struct yaml_node *given; /* type -> sequence of rows */
    struct text_list expect;       /* the items that are members */
    struct text_list undetermined; /* those of which it cannot be told */
    struct place place;
};

struct population {
    const char *id; /* "hires": also the name of its file */
    const char *title;
    const char *meaning;       /* what makes a member */
    const char *many;          /* what its members are called in a sentence: "hires" */
    const char *none;          /* how it is said that there is none: "Nobody was hired" */
    struct text_list names;    /* what auditors call it: compared by words, without regard to case */
    struct text_list controls; /* ids, checked: it is the population that these are about */
    struct control reading;    /* "population hires": what it reads and by which parameters, as a control has them */
    struct test test;          /* under the population's id: its query. Columns: ref, item, undetermined (optional), and
                                  those that are listed */
    struct population_challenge *challenges;
    size_t challenge_count;
    struct place place;
};

/* ---- sampling.yaml: how many items a sample has. Only `sample` looks at it (assess/sample_rule.h) ---- */

#define SAMPLING_SHARES 10000 /* a share of the population is counted in so many parts, to be exact */
#define SAMPLING_LEVELS 1000  /* a confidence in so many */

enum sampling_risk { SAMPLING_RISK_LOWER, SAMPLING_RISK_HIGHER };
extern const char *const schema_risk_names[]; /* NULL-terminated: "lower", "higher" */

/* One size: `lower` and `higher` items (which may be the same), or a share of the population where that is not 0. */
struct sampling_size {
    const char *operates;   /* by frequency: "monthly" ... */
    struct text_list words; /* ... and the words of a control's `frequency` that say so */
    int64_t up_to;          /* by population: of at most so many items; INT64_MAX: any */
    int64_t lower;
    int64_t higher;
    int64_t share; /* of SAMPLING_SHARES */
    int64_t least; /* of a share, in items */
    int64_t most;  /* INT64_MAX: no bound */
    struct place place;
};

struct sampling_rule {
    const char *id;
    const char *title;
    enum sampling_by { SAMPLING_BY_FREQUENCY, SAMPLING_BY_POPULATION } by;
    struct sampling_size *sizes; /* from the rarest to the most frequent, from the smallest to the largest population */
    size_t size_count;
    struct place place;
};

struct sampling {
    bool given; /* the file is there */
    const char *rule;
    enum sampling_risk risk;
    int64_t confidence;    /* of SAMPLING_LEVELS */
    int64_t conclude_from; /* items */
    struct sampling_rule *rules;
    size_t rule_count;
};

/* ---- the whole ---- */

struct schema {
    struct criterion *criteria;
    size_t criterion_count;
    struct evidence_type *types;
    size_t type_count;
    struct kind *kinds;
    size_t kind_count;
    struct view *views;
    size_t view_count;
    struct control *controls;
    size_t control_count;
    struct schema_deadlines deadlines;
    struct population *populations;
    size_t population_count;
    struct metric *metrics; /* in the order of files, and in them */
    size_t metric_count;
    struct charted_metric *charts; /* in the order in which they are drawn */
    size_t chart_count;
    struct checks checks;
    struct synonyms synonyms;
    struct request_words request_words; /* without any, the schema does not say how lists of requests are read */
    struct sampling sampling;
    struct text_list files; /* every file read, relative to the folder, sorted: they go into the package */
};

/*
 * Reads a folder of schema files (criteria.yaml, types/, kinds/, views/, controls/, metrics/, populations/,
 * checks.yaml, findings.yaml, synonyms.yaml, requests.yaml, sampling.yaml) and checks all of it, references included.
 * Everything found wrong is reported; NULL if anything heavier than a warning was. Controls are in the order of their
 * first criteria.
 */
struct schema *schema_load(struct arena *arena, const char *folder, struct diagnostics *diagnostics);
/*
 * The same with no other kinds than those named, as a run needs them: the files of others are not read, so that what
 * may be wrong in them is not found. With all kinds where one of those named is in no file.
 */
struct schema *schema_load_used(struct arena *arena, const char *folder, const struct text_list *kinds,
                                struct diagnostics *diagnostics);

/* Whether `encoding:` may say what its exports are in: of text whose format does not say it itself. */
bool schema_kind_takes_encoding(const struct kind *kind);
#define SCHEMA_ENCODING_ADVICE                                                                                         \
    "the encoding '%.40s' cannot be used here; csv, json, ndjson, log, cedar and yaml may be in utf-8, utf-16le, "     \
    "utf-16be, windows-1252, iso-8859-1 or another code page, and xml says it itself"
/*
 * Adds a kind that stands in no file of the folder, at the end of schema->kinds, which may move. `text` is its YAML,
 * `path` what diagnostics call it. False after reporting.
 */
bool schema_add_kind(struct arena *arena, struct schema *schema, const char *path, const char *text, size_t length,
                     struct diagnostics *diagnostics);

/* Whether a synonym of columns or values is about this column of this type. */
bool schema_synonym_about(const struct synonym *synonym, const struct evidence_type *type, const struct column *column);

/* Index by id, or SIZE_MAX. */
size_t schema_type(const struct schema *schema, const char *id);
size_t schema_kind(const struct schema *schema, const char *id);
size_t schema_population(const struct schema *schema, const char *id);
size_t schema_column(const struct evidence_type *type, const char *name);
const struct control *schema_control(const struct schema *schema, const char *id);
/* The view of that id, or NULL: the schema may lack those that the engine asks where they are there. */
const struct view *schema_view(const struct schema *schema, const char *id);
/* The test of that id, and in `*control` (unless NULL) whose it is; NULL when there is none. */
const struct test *schema_test(const struct schema *schema, const char *id, const struct control **control);
/* Reports that no test has this id, with the nearest that one has. Always false. */
bool schema_no_test(const struct schema *schema, struct arena *arena, const struct place *place, const char *id,
                    struct diagnostics *diagnostics);
/* The cadence or the severity of that name, or -1. */
int schema_cadence(const char *name);
int schema_severity(const char *name);
/* A rule of sampling.yaml, or NULL. */
const struct sampling_rule *schema_sampling_rule(const struct schema *schema, const char *id);
/* Whether some rule of the kind makes records of the type. */
bool schema_kind_gives(const struct kind *kind, size_t type);
/* Whether the control asks for evidence of the type. */
bool schema_requires(const struct control *control, size_t type);
/* Whether a kind's snapshots tell of moments that go on, such as sign-ins: those are not the same twice. */
bool schema_tells_moments(const struct schema *schema, const struct kind *kind);
const struct criterion *schema_criterion(const struct schema *schema, const char *id);

#endif
