#include "store/prior.h"

#include "base/limits.h"
#include "base/text.h"
#include "base/value.h"
#include "store/guard_state.h"
#include "store/prior.sql.h"
#include "store/query.h"
#include "store/state.h"
#include "store/transaction.sql.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A statement over a store that somebody else made may take this many seconds' worth of steps. */
#define PRIOR_SECONDS 10
/* The last second of the year 9999. */
#define PRIOR_LATEST INT64_C(253402300799)

/* What a column may hold. */
enum prior_kind {
    PRIOR_TEXT,
    PRIOR_TEXT_OR_NULL,
    PRIOR_COUNT, /* an integer from 0 on */
    PRIOR_TIME,  /* UTC seconds */
    PRIOR_TIME_OR_NULL,
    PRIOR_REAL_OR_NULL,
    PRIOR_SHA256 /* in hexadecimal digits */
};

struct prior_column {
    const char *name;
    enum prior_kind kind;
    const char *const *choices; /* the texts that there are, NULL-terminated; NULL: any */
};

static const char *const states[] = {"new", "open", "reopened", "accepted", "remediated", NULL};
static const char *const origins[] = {"test", "register", NULL};
static const char *const due_origins[] = {"response", "register", "severity", NULL};

static const struct prior_column control_columns[] = {
    {"control", PRIOR_TEXT, NULL}, {"title", PRIOR_TEXT, NULL},       {"verdict", PRIOR_TEXT, schema_verdict_names},
    {"printed", PRIOR_TEXT, NULL}, {"exceptions", PRIOR_COUNT, NULL}, {"undetermined", PRIOR_COUNT, NULL},
};
static const struct prior_column test_columns[] = {
    {"test", PRIOR_TEXT, NULL},
    {"control", PRIOR_TEXT, NULL},
    {"verdict", PRIOR_TEXT, schema_verdict_names},
    {"population", PRIOR_COUNT, NULL},
    {"exceptions", PRIOR_COUNT, NULL},
    {"undetermined", PRIOR_COUNT, NULL},
    {"population_digest", PRIOR_SHA256, NULL},
    {"query", PRIOR_TEXT_OR_NULL, NULL},
    {"parameters", PRIOR_TEXT_OR_NULL, NULL},
};
static const struct prior_column finding_columns[] = {
    {"id", PRIOR_TEXT, NULL},
    {"origin", PRIOR_TEXT, origins},
    {"control", PRIOR_TEXT_OR_NULL, NULL},
    {"test", PRIOR_TEXT_OR_NULL, NULL},
    {"item", PRIOR_TEXT, NULL},
    {"severity", PRIOR_TEXT, schema_severity_names},
    {"state", PRIOR_TEXT, states},
    {"text", PRIOR_TEXT, NULL},
    {"source", PRIOR_TEXT_OR_NULL, NULL},
    {"owner", PRIOR_TEXT_OR_NULL, NULL},
    {"due", PRIOR_TIME_OR_NULL, NULL},
    {"due_by", PRIOR_TEXT_OR_NULL, due_origins},
    {"first_period", PRIOR_TEXT, NULL},
    {"found", PRIOR_TIME, NULL},
    {"completed", PRIOR_TIME_OR_NULL, NULL},
    {"closed", PRIOR_TIME_OR_NULL, NULL},
    {"closed_period", PRIOR_TEXT_OR_NULL, NULL},
    {"occurrences", PRIOR_COUNT, NULL},
    {"cause", PRIOR_TEXT_OR_NULL, NULL},
    {"extent", PRIOR_TEXT_OR_NULL, NULL},
    {"response", PRIOR_TEXT_OR_NULL, NULL},
    {"action", PRIOR_TEXT_OR_NULL, NULL},
    {"waiver", PRIOR_TEXT_OR_NULL, NULL},
    {"evidence", PRIOR_TEXT_OR_NULL, NULL},
};
static const struct prior_column metric_columns[] = {
    {"id", PRIOR_TEXT, NULL},        {"title", PRIOR_TEXT, NULL},        {"value", PRIOR_REAL_OR_NULL, NULL},
    {"printed", PRIOR_TEXT, NULL},   {"unit", PRIOR_TEXT_OR_NULL, NULL}, {"formula", PRIOR_TEXT, NULL},
    {"position", PRIOR_COUNT, NULL},
};

#define COLUMNS(columns) columns, sizeof columns / sizeof columns[0]

#define PRIOR_MOST_TABLES 3

/* One thing that is taken over, from one or more of the store's tables. */
struct prior_table {
    const char *tables[PRIOR_MOST_TABLES];
    const struct prior_column *columns;
    size_t column_count;
    const char *read;
    const char *name; /* of the statement that inserts */
    const char *insert;
};
static const struct prior_table prior_tables[] = {
    {{"tm_control_result", "tm_control", NULL},
     COLUMNS(control_columns),
     sql_prior_read_controls,
     "prior_insert_control",
     sql_prior_insert_control},
    {{"tm_test_result", "tm_test", "tm_parameter"},
     COLUMNS(test_columns),
     sql_prior_read_tests,
     "prior_insert_test",
     sql_prior_insert_test},
    {{"tm_finding", NULL, NULL},
     COLUMNS(finding_columns),
     sql_prior_read_findings,
     "prior_insert_finding",
     sql_prior_insert_finding},
    {{"tm_metric", NULL, NULL},
     COLUMNS(metric_columns),
     sql_prior_read_metrics,
     "prior_insert_metric",
     sql_prior_insert_metric},
};

/* What tm_meta must say. */
enum prior_meta {
    META_FORMAT,
    META_VERSION,
    META_SLUG,
    META_PERIOD,
    META_FROM,
    META_UNTIL,
    META_AS_OF,
    META_PROFILE,
    META_TYPE,
    META_COUNT
};
static const char *const meta_keys[META_COUNT] = {
    [META_FORMAT] = "store_format", [META_VERSION] = "version",          [META_SLUG] = "organisation_slug",
    [META_PERIOD] = "period",       [META_FROM] = "period_from_seconds", [META_UNTIL] = "period_until_seconds",
    [META_AS_OF] = "as_of_seconds", [META_PROFILE] = "profile",          [META_TYPE] = "report_type",
};

#define PRIOR_FAULT_BYTES 80

/* One prior assessment while it is taken over. */
struct reading {
    struct store *store;
    const struct prior *prior;
    struct place place;
    struct diagnostics *unheard; /* what SQLite says of a hostile store is told in our own words */
    struct guard *guard;
    struct arena *arena;
    const char *meta[META_COUNT];
    int64_t from, until, as_of;
    uint64_t text_bytes;
    char fault[PRIOR_FAULT_BYTES]; /* of a value, where it names a limit */
};

static bool refuse(struct reading *reading, enum diagnostic id, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static bool refuse(struct reading *reading, enum diagnostic id, const char *format, ...) {
    struct buffer text = {0};
    va_list arguments;
    va_start(arguments, format);
    buffer_format_list(&text, format, arguments);
    va_end(arguments);
    const char *words = buffer_text(&text);
    diagnostics_report(reading->store->diagnostics, words != NULL ? id : DIAGNOSTIC_MEMORY, &reading->place, "%s",
                       words != NULL ? words : "no memory to take over a prior assessment");
    buffer_free(&text);
    return false;
}

static bool first_text(void *context, const struct diagnostic_view *view) {
    struct reading *reading = context;
    refuse(reading, view->id == DIAGNOSTIC_MEMORY ? DIAGNOSTIC_MEMORY : DIAGNOSTIC_PRIOR_UNREADABLE,
           "this cannot be read as an assessment: %.*s; give one that `tickmark run` wrote, unaltered",
           (int)strcspn(view->text, ";"), view->text); /* what follows is advice on SQL that a schema holds */
    return false;
}

/* Says in the words of a prior assessment what the guard has found. */
static bool refuse_unread(struct reading *reading) {
    (void)diagnostics_visit(reading->unheard, first_text, reading);
    return false;
}

/* A view, or a virtual table, in a table's place would run whatever somebody wrote into it. */
static bool plain_tables(struct reading *reading, struct guard_query *query, const struct prior_table *table) {
    size_t count = 0;
    const struct guard_read *reads = guard_reads(query, &count);
    bool seen[PRIOR_MOST_TABLES] = {false};

    for (size_t i = 0; i < count; i++) {
        bool known = false;
        for (size_t t = 0; t < PRIOR_MOST_TABLES && table->tables[t] != NULL; t++) {
            if (strcmp(reads[i].table, table->tables[t]) == 0) {
                seen[t] = known = true;
            }
        }
        if (!known) {
            return refuse(reading, DIAGNOSTIC_PRIOR_CONTENT,
                          "reading %s reads %s, so it is no table of an assessment; give one that `tickmark run` wrote",
                          table->tables[0], reads[i].table);
        }
    }
    for (size_t t = 0; t < PRIOR_MOST_TABLES && table->tables[t] != NULL; t++) {
        if (!seen[t]) {
            return refuse(reading, DIAGNOSTIC_PRIOR_CONTENT,
                          "%s is no table; give an assessment that `tickmark run` wrote", table->tables[t]);
        }
    }
    return true;
}

static bool virtual_tables(struct reading *reading, bool *found) {
    struct guard *guard = reading->guard;
    struct query query = {0};
    struct memory_account *before = memory_enter(&guard->account);

    guard->rules.engine = true;
    bool done = query_open(&query, guard->connection, "prior_virtual", sql_prior_virtual, reading->unheard);
    guard->rules.engine = false;
    *found = done && query_step(&query) && query_column_integer(&query, 0) > 0;
    done = query_close(&query) && done;
    memory_leave(before);
    return done;
}

/* One text: its length is limited, it is UTF-8, and it holds no control character but the end of a line and a tab. */
static const char *text_fault(struct reading *reading, const struct value *value) {
    const char *bytes = value->text.bytes;
    size_t length = value->text.length;
    size_t offset = 0;

    reading->text_bytes += length;
    if (length > LIMIT_PRIOR_TEXT) {
        snprintf(reading->fault, sizeof reading->fault, "a text of more than %u KiB, the limit,",
                 LIMIT_PRIOR_TEXT >> 10);
        return reading->fault;
    }
    if (reading->text_bytes > LIMIT_PRIOR_ALL_TEXTS) {
        snprintf(reading->fault, sizeof reading->fault, "more than %u MiB of text in all, the limit,",
                 LIMIT_PRIOR_ALL_TEXTS >> 20);
        return reading->fault;
    }
    if (!text_utf8_valid(bytes, length, &offset)) {
        return "a text that is not UTF-8";
    }
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        if (byte == 0x7f || (byte < 0x20 && byte != '\n' && byte != '\t')) {
            return "a text with a control character";
        }
    }
    return NULL;
}

static bool is_choice(const char *const *choices, const struct value *value) {
    for (size_t i = 0; choices != NULL && choices[i] != NULL; i++) {
        if (strlen(choices[i]) == value->text.length &&
            memcmp(choices[i], value->text.bytes, value->text.length) == 0) {
            return true;
        }
    }
    return choices == NULL;
}

/* Why a column cannot hold the value; NULL when it can. */
static const char *value_fault(struct reading *reading, const struct prior_column *column, const struct value *value) {
    bool null_allowed =
        column->kind == PRIOR_TEXT_OR_NULL || column->kind == PRIOR_TIME_OR_NULL || column->kind == PRIOR_REAL_OR_NULL;
    uint8_t digest[DIGEST_BYTES];

    if (value->kind == VALUE_NULL) {
        return null_allowed ? NULL : "nothing";
    }
    switch (column->kind) {
    case PRIOR_TEXT:
    case PRIOR_TEXT_OR_NULL:
        if (value->kind != VALUE_TEXT) {
            return "no text";
        }
        if (!is_choice(column->choices, value)) {
            return "a word that no assessment writes there";
        }
        return text_fault(reading, value);
    case PRIOR_COUNT:
        return value->kind == VALUE_INTEGER && value->integer >= 0 ? NULL : "no count";
    case PRIOR_TIME:
    case PRIOR_TIME_OR_NULL:
        return value->kind == VALUE_INTEGER && value->integer >= 0 && value->integer <= PRIOR_LATEST ? NULL : "no time";
    case PRIOR_REAL_OR_NULL:
        return value->kind == VALUE_REAL || value->kind == VALUE_INTEGER ? NULL : "no number";
    case PRIOR_SHA256:
        return value->kind == VALUE_TEXT && digest_from_hex(value->text.bytes, value->text.length, digest)
                   ? NULL
                   : "no digest";
    }
    return NULL;
}

static void bind_value(struct query *insert, int index, const struct value *value) {
    switch (value->kind) {
    case VALUE_NULL:
        query_null(insert, index);
        break;
    case VALUE_INTEGER:
        query_integer(insert, index, value->integer);
        break;
    case VALUE_REAL:
        query_real(insert, index, value->real);
        break;
    case VALUE_TEXT:
        query_text(insert, index, value->text.bytes); /* holds no NUL, and one stands behind it */
        break;
    }
}

static bool take_row(struct reading *reading, const struct prior_table *table, struct guard_query *query,
                     struct query *insert, int64_t position, uint64_t row) {
    query_integer(insert, 1, position);
    for (size_t i = 0; i < table->column_count; i++) {
        struct value value = guard_value(query, (int)i);
        const char *fault = value_fault(reading, &table->columns[i], &value);
        if (fault != NULL) {
            return refuse(reading, DIAGNOSTIC_PRIOR_CONTENT,
                          "row %" PRIu64 " of %s holds %s in %s; give an assessment that `tickmark run` wrote", row,
                          table->tables[0], fault, table->columns[i].name);
        }
        bind_value(insert, (int)i + 2, &value);
    }
    return query_run(insert);
}

static bool take_table(struct reading *reading, const struct prior_table *table, int64_t position) {
    struct query insert = {0};
    uint64_t rows = 0;
    bool done = false;
    struct guard_query *query = guard_prepare(reading->guard, table->read, NULL);

    if (query == NULL) {
        refuse_unread(reading);
        goto end;
    }
    if (!plain_tables(reading, query, table) ||
        !query_open(&insert, reading->store->connection, table->name, table->insert, reading->store->diagnostics)) {
        goto end;
    }
    enum guard_step step = guard_step(query);
    for (; step == GUARD_ROW; step = guard_step(query)) {
        if (++rows > LIMIT_PRIOR_ROWS) {
            refuse(reading, DIAGNOSTIC_PRIOR_CONTENT, "%s has more than %d rows, the limit of a prior assessment",
                   table->tables[0], LIMIT_PRIOR_ROWS);
            goto end;
        }
        if (!take_row(reading, table, query, &insert, position, rows)) {
            goto end;
        }
    }
    done = step == GUARD_DONE || refuse_unread(reading);

end:
    guard_query_free(query);
    return query_close(&insert) && done;
}

static bool keep_meta(struct reading *reading, struct guard_query *query) {
    struct value key = guard_value(query, 0);

    for (int i = 0; i < META_COUNT; i++) {
        if (key.kind != VALUE_TEXT || strlen(meta_keys[i]) != key.text.length ||
            memcmp(meta_keys[i], key.text.bytes, key.text.length) != 0) {
            continue;
        }
        struct value value = guard_value(query, 1);
        const char *fault = value.kind == VALUE_TEXT ? text_fault(reading, &value) : "no text";
        if (fault != NULL || value.text.length > LIMIT_ITEM_BYTES || strpbrk(value.text.bytes, "\n\t") != NULL) {
            return refuse(reading, DIAGNOSTIC_PRIOR_CONTENT, "tm_meta holds %s under %s",
                          fault != NULL ? fault : "no single line", meta_keys[i]);
        }
        reading->meta[i] = arena_copy(reading->arena, value.text.bytes, value.text.length);
        if (reading->meta[i] == NULL) {
            return refuse(reading, DIAGNOSTIC_MEMORY, "no memory to take over a prior assessment");
        }
    }
    return true;
}

static bool read_meta(struct reading *reading) {
    static const struct prior_table meta = {.tables = {"tm_meta", NULL, NULL}};
    uint64_t rows = 0;
    bool done = false;
    struct guard_query *query = guard_prepare(reading->guard, sql_prior_read_meta, NULL);

    if (query == NULL) {
        return refuse_unread(reading);
    }
    if (!plain_tables(reading, query, &meta)) {
        goto end;
    }
    enum guard_step step = guard_step(query);
    for (; step == GUARD_ROW; step = guard_step(query)) {
        if (++rows > LIMIT_PRIOR_ROWS) {
            refuse(reading, DIAGNOSTIC_PRIOR_CONTENT, "tm_meta has more than %d rows", LIMIT_PRIOR_ROWS);
            goto end;
        }
        if (!keep_meta(reading, query)) {
            goto end;
        }
    }
    done = step == GUARD_DONE || refuse_unread(reading);

end:
    guard_query_free(query);
    return done;
}

static bool meta_time(struct reading *reading, enum prior_meta which, int64_t *out) {
    const char *text = reading->meta[which];

    return (value_integer(text, strlen(text), out) && *out >= 0 && *out <= PRIOR_LATEST) ||
           refuse(reading, DIAGNOSTIC_PRIOR_CONTENT, "tm_meta says %.40s under %s, which is no time", text,
                  meta_keys[which]);
}

/* The form of the store comes first: of another one nothing else can be taken as meant. */
static bool check_format(struct reading *reading) {
    const char *text = reading->meta[META_FORMAT];
    int64_t format = 0;

    if (text != NULL && !value_integer(text, strlen(text), &format)) {
        return refuse(reading, DIAGNOSTIC_PRIOR_CONTENT, "tm_meta says %.40s under store_format, which is no number",
                      text);
    }
    if (format > STORE_FORMAT) {
        return refuse(reading, DIAGNOSTIC_PRIOR_FORMAT,
                      "a later tickmark%s%.40s made this assessment (form %" PRId64 ", known is %d); run that one",
                      reading->meta[META_VERSION] != NULL ? " " : "",
                      reading->meta[META_VERSION] != NULL ? reading->meta[META_VERSION] : "", format, STORE_FORMAT);
    }
    if (format < STORE_FORMAT) {
        return refuse(reading, DIAGNOSTIC_PRIOR_FORMAT,
                      "an earlier tickmark made this assessment, which follows no findings; run that period again");
    }
    for (int i = 0; i < META_COUNT; i++) {
        if (reading->meta[i] == NULL) {
            return refuse(reading, DIAGNOSTIC_PRIOR_CONTENT, "tm_meta does not say %s", meta_keys[i]);
        }
    }
    return true;
}

/* Whether it is of this organisation, and of before. A period that lies within this one is of before its end. */
static bool check_meta(struct reading *reading) {
    const struct store_options *options = &reading->store->options;
    const char *slug = reading->store->programme->organisation_slug;

    if (!check_format(reading) || !meta_time(reading, META_FROM, &reading->from) ||
        !meta_time(reading, META_UNTIL, &reading->until) || !meta_time(reading, META_AS_OF, &reading->as_of)) {
        return false;
    }
    if (reading->from >= reading->until || reading->as_of < reading->from) {
        return refuse(reading, DIAGNOSTIC_PRIOR_CONTENT, "its period ends before it begins");
    }
    if (strcmp(reading->meta[META_TYPE], "I") != 0 && strcmp(reading->meta[META_TYPE], "II") != 0) {
        return refuse(reading, DIAGNOSTIC_PRIOR_CONTENT, "tm_meta names no type of report");
    }
    if (strcmp(reading->meta[META_SLUG], slug) != 0) {
        return refuse(reading, DIAGNOSTIC_PRIOR_OTHER,
                      "this is an assessment of \"%.80s\", and the programme is that of \"%s\"; if only the name "
                      "changed, keep the old one with `slug:`",
                      reading->meta[META_SLUG], slug);
    }
    if (reading->until > options->span.until ||
        (reading->until == options->span.until && reading->from <= options->span.from)) {
        return refuse(reading, DIAGNOSTIC_PRIOR_OTHER,
                      "its period %.80s is not before %s; name assessments of earlier periods only",
                      reading->meta[META_PERIOD], options->period);
    }
    return true;
}

static bool open_reading(struct reading *reading, struct store *store, const struct prior *prior) {
    bool found = false;

    *reading = (struct reading){.store = store, .prior = prior, .place = {.path = prior->path}};
    reading->unheard = diagnostics_new();
    reading->arena = arena_new();
    if (reading->unheard == NULL || reading->arena == NULL) {
        return refuse(reading, DIAGNOSTIC_MEMORY, "no memory to take over a prior assessment");
    }
    reading->guard = guard_state_open(prior->copy, store->options.as_of, PRIOR_SECONDS, reading->unheard);
    if (reading->guard == NULL || !virtual_tables(reading, &found)) {
        return refuse_unread(reading);
    }
    if (found) {
        return refuse(reading, DIAGNOSTIC_PRIOR_CONTENT,
                      "it holds a virtual table or a trigger; give an assessment that `tickmark run` wrote");
    }
    return read_meta(reading) && check_meta(reading);
}

static void close_reading(struct reading *reading) {
    guard_free(reading->guard);
    arena_free(reading->arena);
    diagnostics_free(reading->unheard);
}

/* In time order; of two that end at the same time the longer one comes first. */
static int compare_readings(const void *a, const void *b) {
    const struct reading *left = a;
    const struct reading *right = b;

    if (left->until != right->until) {
        return left->until < right->until ? -1 : 1;
    }
    return (left->from > right->from) - (left->from < right->from);
}

static bool take(struct reading *reading, int64_t position) {
    struct query insert = {0};
    char hex[DIGEST_HEX_BYTES];
    const struct prior *prior = reading->prior;
    sqlite3 *connection = reading->store->connection;

    digest_hex(prior->sha256, hex);
    bool done = query_open(&insert, connection, "prior_insert", sql_prior_insert, reading->store->diagnostics);
    query_integer(&insert, 1, position);
    query_text(&insert, 2, reading->meta[META_PERIOD]);
    query_integer(&insert, 3, reading->from);
    query_integer(&insert, 4, reading->until);
    query_integer(&insert, 5, reading->as_of);
    query_text(&insert, 6, reading->meta[META_PROFILE]);
    query_text(&insert, 7, prior->path);
    query_text(&insert, 8, hex);
    query_text(&insert, 9, reading->meta[META_VERSION]);
    query_text(&insert, 10, reading->meta[META_TYPE]);
    query_text(&insert, 11, prior->signature);
    query_text(&insert, 12, prior->signer);
    done = done && query_run(&insert);
    done = query_close(&insert) && done;
    for (size_t i = 0; done && i < sizeof prior_tables / sizeof prior_tables[0]; i++) {
        done = take_table(reading, &prior_tables[i], position);
    }
    return done;
}

static bool take_all(struct store *store, struct reading *readings, size_t count) {
    bool done = query_execute(store->connection, "begin", sql_begin, store->diagnostics);

    qsort(readings, count, sizeof *readings, compare_readings);
    for (size_t i = 1; i < count; i++) {
        if (compare_readings(&readings[i - 1], &readings[i]) == 0) {
            done = refuse(&readings[i], DIAGNOSTIC_PRIOR_OTHER,
                          "%.200s is an assessment of the same period %.80s; name one of them",
                          readings[i - 1].prior->path, readings[i].meta[META_PERIOD]);
        }
    }
    for (size_t i = 0; done && i < count; i++) {
        done = take(&readings[i], (int64_t)i + 1);
    }
    return query_execute(store->connection, "commit", sql_commit, store->diagnostics) && done;
}

bool prior_import(struct store *store, const struct prior *priors, size_t count) {
    struct reading *readings = calloc(count + 1, sizeof *readings);
    bool done = readings != NULL;

    if (readings == NULL) {
        diagnostics_report(store->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to take over prior assessments");
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        done = open_reading(&readings[i], store, &priors[i]) && done;
    }
    done = done && (count == 0 || take_all(store, readings, count));
    for (size_t i = 0; i < count; i++) {
        close_reading(&readings[i]);
    }
    free(readings);
    return done;
}
