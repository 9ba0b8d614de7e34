#include "store/prior.h"

#include "base/limits.h"
#include "base/value.h"
#include "store/guard_state.h"
#include "store/prior.sql.h"
#include "store/prior_table.h"
#include "store/query.h"
#include "store/state.h"
#include "store/transaction.sql.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A statement over a store that somebody else made may take this many seconds' worth of steps. */
#define PRIOR_STEPS INT64_C(200000000)

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
    struct prior_table_texts texts;
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
    bool seen[PRIOR_TABLE_MOST] = {false};

    for (size_t i = 0; i < count; i++) {
        bool known = false;
        for (size_t t = 0; t < PRIOR_TABLE_MOST && table->tables[t] != NULL; t++) {
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
    for (size_t t = 0; t < PRIOR_TABLE_MOST && table->tables[t] != NULL; t++) {
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
        const char *fault = prior_table_value_fault(&reading->texts, &table->columns[i], &value);
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
        const char *fault = value.kind == VALUE_TEXT ? prior_table_text_fault(&reading->texts, &value) : "no text";
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

    return (value_integer(text, strlen(text), out) && *out >= 0 && *out <= PRIOR_TABLE_LATEST) ||
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
    reading->guard = guard_state_open(GUARD_READS, prior->copy, store->options.as_of, PRIOR_STEPS, reading->unheard);
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
    for (size_t i = 0; done && i < PRIOR_TABLE_COUNT; i++) {
        done = take_table(reading, &prior_table_all[i], position);
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
