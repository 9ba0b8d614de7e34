#ifndef STORE_RECORDS_H
#define STORE_RECORDS_H

/* A record source over rows written in a test, and what is around a store that loads them. */

#include "store_fixture.h"

#include "store/query.h"

#define RECORDS_MOST    64
#define RECORDS_COLUMNS 8

struct records {
    struct record_source source;
    struct record rows[RECORDS_MOST];
    struct value values[RECORDS_MOST][RECORDS_COLUMNS];
    size_t count;
    size_t position;
    bool fails;
};

static inline enum record_status records_next(struct record_source *source, struct record *out) {
    struct records *records = (struct records *)source;
    if (records->position == records->count) {
        return records->fails ? RECORD_FAILED : RECORD_END;
    }
    *out = records->rows[records->position++];
    return RECORD_ROW;
}

static inline void records_open(struct records *records) {
    memset(records, 0, sizeof *records);
    records->source.next = records_next;
    records->source.tally.list_seen = true;
}

/* A row of NULLs made by a rule; its values are the test's to fill. */
static inline struct value *records_row(struct records *records, size_t rule) {
    assert_true(records->count < RECORDS_MOST);
    size_t i = records->count++;
    records->rows[i] = (struct record){.rule = rule,
                                       .locator = {.record = i + 1, .line = i + 2, .offset = i * 10, .length = 10},
                                       .values = records->values[i],
                                       .value_count = RECORDS_COLUMNS};
    records->source.tally.records++;
    records->source.tally.loaded++;
    records->source.tally.rows++;
    return records->values[i];
}

static inline struct value records_text(const char *text) {
    return (struct value){.kind = VALUE_TEXT, .text = {text, strlen(text)}};
}

static inline struct value records_integer(int64_t integer) {
    return (struct value){.kind = VALUE_INTEGER, .integer = integer};
}

static inline void records_account(struct records *records, const char *login, int64_t active) {
    struct value *values = records_row(records, 0);
    values[FIXTURE_LOGIN] = records_text(login);
    values[FIXTURE_ACTIVE] = records_integer(active);
    values[FIXTURE_KIND] = records_text("person");
}

static inline void records_sign_in(struct records *records, const char *id, const char *login, int64_t at) {
    struct value *values = records_row(records, 0);
    values[FIXTURE_ID] = records_text(id);
    values[FIXTURE_WHO] = records_text(login);
    values[FIXTURE_HAPPENED] = records_integer(at);
}

/* A store in a scratch folder, with one source for each kind of the fixture. */
struct loading {
    struct scratch scratch;
    struct fixture fixture;
    struct programme programme;
    struct programme_source sources[FIXTURE_KINDS];
    struct programme_disposition disposition;
    struct store *store;
    struct guard *guard; /* opened by loading_finish */
    int64_t evidence;    /* files loaded so far */
    char path[160];
};

static inline void loading_begin(struct loading *loading) {
    memset(loading, 0, sizeof *loading);
    scratch_begin(&loading->scratch);
    fixture_open(&loading->fixture);
    static const char *const ids[FIXTURE_KINDS] = {"okta", "vpn", "directory"};
    for (size_t i = 0; i < FIXTURE_KINDS; i++) {
        loading->sources[i] = (struct programme_source){.id = ids[i],
                                                        .kind = i,
                                                        .path = "x",
                                                        .zone = DATETIME_ZONE_UNDECLARED,
                                                        .from = INT64_MIN,
                                                        .until = INT64_MAX};
    }
    loading->programme.organisation = "Example Ltd";
    loading->programme.sources = loading->sources;
    loading->programme.source_count = FIXTURE_KINDS;
    strcpy(loading->path, scratch_path(&loading->scratch, "assessment.sqlite"));
}

static inline void loading_create(struct loading *loading) {
    const struct store_options options = {.period = "2025-Q4",
                                          .span = fixture_period(),
                                          .as_of = FIXTURE_PERIOD_UNTIL - 1,
                                          .profile = "portfolio",
                                          .version = "0"};
    loading->store = store_create(loading->path, &loading->fixture.schema, &loading->programme, &options,
                                  loading->scratch.diagnostics);
}

static inline struct store_evidence loading_evidence(struct loading *loading, size_t kind, const char *path,
                                                     const char *span) {
    struct store_evidence evidence = {.id = ++loading->evidence,
                                      .path = path,
                                      .source = &loading->sources[kind],
                                      .kind = &loading->fixture.kinds[kind],
                                      .collected_at = INT64_MIN,
                                      .claimed_records = -1};
    if (span != NULL) {
        evidence.dated = true;
        assert_true(datetime_span(span, strlen(span), &evidence.span));
    }
    return evidence;
}

/* Loads a file whose digest is `digest` repeated. */
static inline void loading_load(struct loading *loading, const struct store_evidence *evidence, struct records *records,
                                uint8_t digest) {
    struct store_evidence_end end = {.bytes = 100};
    memset(end.sha256, digest, sizeof end.sha256);
    assert_true(store_load(loading->store, evidence, &records->source));
    assert_true(store_load_end(loading->store, evidence, &records->source, &end));
}

static inline void loading_finish(struct loading *loading) {
    assert_true(store_load_finish(loading->store));
    loading->guard = guard_open(loading->path, FIXTURE_PERIOD_UNTIL - 1, loading->scratch.diagnostics);
    assert_non_null(loading->guard);
}

static inline void loading_end(struct loading *loading) {
    guard_free(loading->guard);
    store_free(loading->store);
    scratch_end(&loading->scratch);
}

#endif
