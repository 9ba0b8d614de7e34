#ifndef CONFIG_PROGRAMME_H
#define CONFIG_PROGRAMME_H

#include "base/sequence.h"
#include "config/schema.h"

/* inputs/programme.yaml: what the organisation says of itself, its evidence sources, and management's decisions. */

#define PROGRAMME_LEAST_MONTHS 3 /* of a period that is examined by itself */

struct programme_period {
    const char *id; /* "2025-Q4" */
    struct span span;
    struct text_list prior; /* assessments of earlier periods: ids of periods, or paths of packages and stores */
    struct place place;
};

/* Which span an export of events covers that is collected: the last one that is over. */
enum programme_covers {
    PROGRAMME_COVERS_MOMENT, /* a snapshot: what there is when it is taken */
    PROGRAMME_COVERS_DAY,
    PROGRAMME_COVERS_WEEK, /* ISO weeks */
    PROGRAMME_COVERS_MONTH,
    PROGRAMME_COVERS_QUARTER,
    PROGRAMME_COVERS_YEAR
};

/* How `collect` gets a source's exports: a program that prints one, run without a shell. */
struct programme_command {
    struct text_list argv;        /* never empty; {date}, {from}, {to}, {until} in it become days */
    struct text_list environment; /* names of the variables that it is given beside the usual ones */
    struct text_list version;     /* an argv that prints the tool's version; empty: none */
    int64_t timeout;              /* seconds */
    int64_t most_bytes;           /* that it may print */
    int covers;                   /* enum programme_covers */
    struct place place;
};

struct programme_source {
    const char *id;     /* "okta-users": unique */
    size_t kind;        /* into schema.kinds */
    const char *path;   /* pattern below inputs/evidence, with {period}, {date}, {name}, * */
    const char *system; /* the in-scope system instance */
    const char *query;  /* query and parameters that made the export */
    const char *collected_by;
    int32_t zone;             /* seconds east of UTC, or DATETIME_ZONE_UNDECLARED */
    int64_t from;             /* expected from this date on (a system that joined), or INT64_MIN */
    int64_t until;            /* and up to, not including; INT64_MAX */
    const char *empty_reason; /* why an export without records is no fault; NULL: it is one */
    double tolerated_invalid; /* share of records of an export that may be invalid, rejected or duplicate */
    const char *tolerance_reason;
    int64_t silence;      /* seconds that events of the source may be apart; 0: not declared */
    const char *sequence; /* "change_ticket.ticket", numbered without gaps; NULL: not declared */
    struct place sequence_place;
    size_t sequence_type; /* into schema.types */
    size_t sequence_column;
    const struct sequence_known *known_gaps; /* by prefix and number, none overlapping */
    size_t known_gap_count;
    const char *approved_by;                 /* document sources: who approved, when the sidecar does not say */
    const struct programme_command *command; /* NULL: somebody else puts its exports there */
    const char *day_order_text;              /* which of day and month comes first, as written ... */
    bool has_day_order;                      /* ... if it is said: in place of what the kind says */
    enum datetime_format day_order;
    const char *encoding_text;       /* as written ... */
    const struct encoding *encoding; /* ... and what it is; NULL: as the kind says */
    const char *sheet;               /* of a workbook; NULL: as the kind says */
    struct text_list members;        /* patterns of the files in an archive that are read; none: as the kind says */
    struct place place;
};

struct programme_person {
    const char *id; /* as the HR roster names the person */
    struct text_list logins;
    struct place place;
};

struct programme_override {
    const char *control;
    const char *parameter;
    const struct yaml_node *value;
    struct value converted;
    const char *text;
    const char *approver;
    int64_t date;
    const char *reason;
    struct place place;
};

struct programme_exclusion { /* a control that does not apply */
    const char *control;
    const char *reason;
    struct place place;
};

struct programme_waiver {
    const char *id;
    const char *test;
    const char *item; /* exact item text; NULL: every exception of the test */
    const char *reason;
    const char *approver;
    int64_t approved; /* date */
    int64_t expires;  /* date */
    struct place place;
};

struct programme_response { /* management's response to an exception */
    const char *test;
    const char *item; /* NULL: the test as a whole */
    const char *cause;
    const char *extent; /* how far it goes: what else was looked at */
    const char *response;
    const char *action; /* the corrective action */
    const char *owner;
    int64_t due;       /* date; INT64_MIN when not given */
    int64_t completed; /* date on which the corrective action was there, as management states; INT64_MIN */
    struct place place;
};

struct programme_finding { /* management's own, that no test and no register of the evidence shows */
    const char *id;
    const char *control; /* NULL: of none in particular */
    const char *text;
    int severity; /* enum severity */
    int64_t opened;
    const char *owner;
    int64_t due;             /* INT64_MIN: by its severity */
    int status;              /* enum programme_finding_status; -1: as its dates say */
    int64_t closed;          /* INT64_MIN: open */
    const char *verified_by; /* who saw that it is mended; NULL: nobody yet */
    struct place place;
};
enum programme_finding_status { PROGRAMME_FINDING_OPEN, PROGRAMME_FINDING_CLOSED };

struct programme_event { /* after the period's end, or in it after an interim date; up to the report's date */
    int64_t date;
    const char *text;
    const char *effect;
    bool material; /* a change that a bridge letter names */
    struct place place;
};

struct programme_result { /* of a manual test, recorded without a document */
    const char *test;
    int64_t at;            /* date: when it was made, and the interval that it speaks of */
    const char *by;        /* a login of one of the programme's people */
    const char *looked_at; /* what was looked at */
    int conclusion;        /* enum programme_conclusion */
    const char *found;     /* what the exceptions were, or NULL */
    struct place place;
};
enum programme_conclusion { PROGRAMME_NO_EXCEPTIONS, PROGRAMME_EXCEPTIONS };
/* What a control is to be by a date, for `readiness`: set for itself, or for all of a criterion or a category. */
enum programme_target_kind { PROGRAMME_TARGET_CONTROL, PROGRAMME_TARGET_CRITERION, PROGRAMME_TARGET_CATEGORY };
struct programme_target {
    const char *control; /* one of these three, as written ... */
    const char *criterion;
    const char *category;
    enum programme_target_kind kind; /* ... which one ... */
    const char *subject;             /* ... and what it says; NULL: reported */
    const char *state;               /* one of programme_target_states */
    int64_t date;                    /* the day by which; INT64_MIN when not given */
    const char *owner;
    const char *note;
    struct place place;
};
/* "designed", "evidenced", "operating"; NULL-terminated. */
extern const char *const programme_target_states[];

struct programme_disposition { /* rejected, invalid or duplicate records that were looked at */
    const char *source;
    const char *path; /* the evidence file */
    int64_t record;   /* ordinal in the file */
    const char *reason;
    const char *approver;
    int64_t date;
    struct place place;
};

struct programme_reconciliation { /* one source's exports against another's: shown, never judged */
    const char *source;
    const char *column; /* "account.email" */
    const char *with;   /* the other source */
    const char *their;  /* "person.email" */
    const char *meaning;
    size_t type; /* of `column`, into schema.types */
    size_t column_index;
    size_t their_type;
    size_t their_index;
    struct place place;
};

/* What management declares of cost and effort before and with the programme, for the return on investment. */
enum programme_roi_id {
    ROI_CERTIFICATION_BEFORE, /* months */
    ROI_CERTIFICATION_AFTER,
    ROI_HOURS_BEFORE, /* of engineers, a year */
    ROI_HOURS_AFTER,
    ROI_AUDIT_BEFORE, /* money, a year */
    ROI_AUDIT_AFTER,
    ROI_PREPARATION_BEFORE, /* working days */
    ROI_PREPARATION_AFTER,
    ROI_RATE,        /* money, an hour */
    ROI_TOOL_COST,   /* money, a year */
    ROI_TOOL_HOURS,  /* a year */
    ROI_START_COST,  /* money, once */
    ROI_START_HOURS, /* once */
    ROI_BY_HAND,     /* minutes, for each export */
    ROI_INPUT_COUNT
};
enum programme_roi_claim {
    ROI_CLAIM_CERTIFICATION,
    ROI_CLAIM_HOURS,
    ROI_CLAIM_AUDIT,
    ROI_CLAIM_PREPARATION,
    ROI_CLAIM_COUNT
};
struct programme_roi_input {
    bool declared;
    const char *text; /* as written */
    double low;       /* in the unit of the input; not above `high` */
    double high;
};
struct programme_roi {
    const char *currency; /* "USD" */
    struct programme_roi_input inputs[ROI_INPUT_COUNT];
    bool claimed[ROI_CLAIM_COUNT];
    double claims[ROI_CLAIM_COUNT]; /* percent that was published as saved elsewhere, to be held against the range */
    struct place place;
};
struct programme_roi_kind {
    const char *key; /* in `roi:` */
    const char *title;
    const char *unit; /* "months", "hours", "money", "working days", "minutes" */
};
extern const struct programme_roi_kind programme_roi_kinds[ROI_INPUT_COUNT];
/* Days of work in a week, for efforts that are written in weeks. */
#define PROGRAMME_WORKING_WEEK 5

struct programme_commitment {
    const char *id;
    const char *text;
    struct place place;
};
struct programme_system { /* scope: services, systems, data, locations */
    const char *name;
    const char *kind; /* "service", "system", "data", "location", "subservice", "exclusion" */
    const char *description;
    struct place place;
};

struct programme {
    const char *organisation;
    const char *organisation_slug; /* for file names: lower case, a-z 0-9 '-' */
    const char *system;
    const char *description; /* Markdown */
    const char *contact;
    bool type_one; /* report type I: design at a date */
    struct text_list categories;
    struct datetime_days holidays; /* no business days */
    struct programme_period *periods;
    size_t period_count;
    struct programme_commitment *commitments;
    size_t commitment_count;
    struct programme_system *scope;
    size_t scope_count;
    struct programme_source *sources;
    size_t source_count;
    struct programme_person *people;
    size_t person_count;
    struct programme_override *overrides;
    size_t override_count;
    struct programme_exclusion *exclusions;
    size_t exclusion_count;
    struct programme_waiver *waivers;
    size_t waiver_count;
    struct programme_response *responses;
    size_t response_count;
    struct programme_finding *findings;
    size_t finding_count;
    struct programme_event *events;
    size_t event_count;
    struct schema_deadlines deadlines; /* as findings.yaml says them, and `remediation_days:` */
    struct programme_result *results;
    size_t result_count;
    struct programme_reconciliation *reconciliations;
    size_t reconciliation_count;
    struct programme_disposition *dispositions;
    size_t disposition_count;
    const struct programme_roi *roi; /* NULL: not declared */
    struct programme_target *targets;
    size_t target_count;
    int64_t submission;       /* the day on which the auditor is given the package; INT64_MIN when not given */
    int64_t start;            /* the day on which the programme begins to be implemented; likewise */
    const char *request_list; /* the auditor's list below inputs/, {period} in it stands for the period's id; or NULL */
    const char *signing_key;  /* path from the programme folder */
    const char *signing_certificate;
    struct text_list signing_anchors;
    bool signing_development; /* a key pair made by keygen: said plainly in the report */
    struct place place;
};

/* Whether a login is one of the programme's people's; case and blanks around it do not count. */
bool programme_knows(const struct programme *programme, const char *login);
/*
 * The kinds that the sources of inputs/programme.yaml name, each once, read before the schema. False where they cannot
 * be told: what is wrong is reported when the programme is loaded.
 */
bool programme_kinds(struct arena *arena, const char *folder, struct text_list *out);
/* Reads inputs/programme.yaml below `folder` and checks it against the schema. NULL after reporting. */
struct programme *programme_load(struct arena *arena, const char *folder, const struct schema *schema,
                                 struct diagnostics *diagnostics);
/* The override of a control's parameter that counts on a date (UTC seconds), or NULL: one dated later does not. */
const struct programme_override *programme_find_override(const struct programme *programme, const char *control,
                                                         const char *parameter, int64_t as_of);
/* Whether a category of criteria is in scope. Security (the common criteria) is in that of every examination. */
bool programme_in_scope(const struct programme *programme, const char *category);
/*
 * Why a control does not apply: the programme's own reason, or that none of its criteria is of a category in scope.
 * NULL when it applies.
 */
const char *programme_not_applicable(const struct programme *programme, const struct schema *schema,
                                     const struct control *control);
/* Whether an entry of `prior:` names a file (a package or a store, by its ending) and no period. */
bool programme_prior_is_file(const char *name);
/* The declared period of that id, or NULL. */
const struct programme_period *programme_find_period(const struct programme *programme, const char *id);
/* The shortest declared period that holds all of a span, or NULL. */
const struct programme_period *programme_period_around(const struct programme *programme, const struct span *span);
/*
 * A declared period, or one that can be read from its name: "2025-Q4", "2025-10-01..2025-12-31", or with any of day,
 * week, month, quarter and year on either side, "2025-10..2026-Q1".
 */
bool programme_period(const struct programme *programme, const char *name, struct span *out);

#endif
