#include "store/store.h"

#include "store_records.h"

/* Many rows from a reader that, as real ones do, uses the same memory for each. */

#define LONG_EVERY 97
#define LONG_BYTES (50u << 10) /* two of them are more than is gathered at a time */

struct many {
    struct record_source source;
    const char *file;
    uint64_t rows;
    uint64_t made;
    unsigned accounts_every; /* 0: sign-ins alone, by rule 0 */
    bool fails;              /* at its end */
    struct value values[RECORDS_COLUMNS];
    char name[LONG_BYTES + 32];
};

static enum record_status many_next(struct record_source *source, struct record *out) {
    struct many *many = (struct many *)source;
    uint64_t n = ++many->made;
    bool account = many->accounts_every != 0 && n % many->accounts_every == 0;

    memset(many->values, 0, sizeof many->values);
    memset(many->name, 'z', sizeof many->name); /* what was given before is gone */
    if (n > many->rows) {
        return many->fails ? RECORD_FAILED : RECORD_END;
    }
    int length = snprintf(many->name, sizeof many->name, "%s-%06llu", many->file, (unsigned long long)n);
    if (n % LONG_EVERY == 0) {
        memset(many->name + length, '+', LONG_BYTES);
        length += (int)LONG_BYTES;
    }
    const struct value name = {.kind = VALUE_TEXT, .text = {many->name, (size_t)length}};
    many->values[account ? FIXTURE_LOGIN : FIXTURE_ID] = name;
    if (account) {
        many->values[FIXTURE_SCORE] = (struct value){.kind = VALUE_REAL, .real = (double)n + 0.5};
    } else {
        many->values[FIXTURE_WHO] = records_text("ann");
        many->values[FIXTURE_HAPPENED] = records_integer(FIXTURE_PERIOD_FROM + (int64_t)n);
    }
    *out = (struct record){.rule = many->accounts_every != 0 && !account,
                           .locator = {.record = n, .line = n + 1, .offset = n * 10, .length = n % 10},
                           .values = many->values,
                           .value_count = RECORDS_COLUMNS,
                           .invalid = n % 11 == 0};
    source->tally.records++;
    source->tally.loaded++;
    source->tally.rows++;
    return RECORD_ROW;
}

static void load_many(struct loading *loading, struct many *many, size_t kind, int64_t id, const char *path) {
    struct store_evidence evidence = loading_evidence(loading, kind, path, "2025-10-06");
    struct store_evidence_end end = {.bytes = 100};

    evidence.id = id;
    memset(end.sha256, (int)id, sizeof end.sha256);
    many->source = (struct record_source){.next = many_next, .tally.list_seen = true};
    assert_true(store_load(loading->store, &evidence, &many->source));
    assert_true(store_load_end(loading->store, &evidence, &many->source, &end));
}

static int open_loading(void **state) {
    struct loading *loading = calloc(1, sizeof *loading);
    assert_non_null(loading);
    loading_begin(loading);
    loading_create(loading);
    *state = loading;
    return 0;
}

static int close_loading(void **state) {
    loading_end(*state);
    free(*state);
    return 0;
}

static void load_four(struct loading *l, const uint64_t rows[4]) {
    struct many first = {.file = "7", .rows = rows[0]};
    struct many mixed = {.file = "5", .rows = rows[1], .accounts_every = 3};
    struct many lower = {.file = "3", .rows = rows[2]};
    struct many last = {.file = "9", .rows = rows[3], .accounts_every = 1};

    load_many(l, &first, FIXTURE_SIGN_INS_KIND, 7, "vpn/2025-10-06.csv");
    load_many(l, &mixed, FIXTURE_MIXED_KIND, 5, "directory/2025-10-06.csv");
    load_many(l, &lower, FIXTURE_SIGN_INS_KIND, 3, "vpn/2025-10-05.csv");
    load_many(l, &last, FIXTURE_MIXED_KIND, 9, "directory/2025-10-07.csv");
}

/* The row says in its name from which file and place it is. */
static void expect_places(struct loading *l) {
    fixture_ask(l->guard,
                "SELECT count(*) FROM tm_row_sign_in WHERE ref <> (substr(id, 1, 1) << 32) + substr(id, 3, 6) "
                "OR snapshot <> (substr(id, 1, 1) << 16) + 1 OR record <> substr(id, 3, 6) + 0 OR line <> record + 1 "
                "OR offset <> record * 10 OR length <> record % 10 OR invalid <> (record % 11 = 0) "
                "OR row_rule <> (substr(id, 1, 1) = '5') OR excluded IS NOT NULL "
                "OR login <> 'ann' OR happened_at <> 1759276800 + record OR outcome IS NOT NULL",
                "0");
    fixture_ask(l->guard,
                "SELECT count(*) FROM tm_row_account WHERE ref <> (substr(login, 1, 1) << 32) + substr(login, 3, 6) "
                "OR snapshot <> substr(login, 1, 1) << 16 OR record <> substr(login, 3, 6) + 0 OR row_rule <> 0 "
                "OR score <> record + 0.5 OR active IS NOT NULL OR kind IS NOT NULL",
                "0");
    fixture_ask(l->guard, "SELECT max(length(id)) FROM tm_row_sign_in WHERE record % 97 <> 0", "8");
}

static void expect_whole(struct loading *l) {
    struct query check = {0};
    assert_true(
        query_open(&check, store_connection(l->store), "check", "PRAGMA integrity_check", l->scratch.diagnostics));
    assert_true(query_step(&check));
    assert_string_equal(query_column_text(&check, 0), "ok");
    assert_true(query_close(&check));
}

/* Files come in any order. */
static void every_row_stands_where_its_record_does(void **state) {
    struct loading *l = *state;
    struct many one = {.file = "8", .rows = 1};
    struct many two = {.file = "6", .rows = 2};

    load_many(l, &two, FIXTURE_SIGN_INS_KIND, 6, "vpn/2025-10-07.csv");
    load_four(l, (const uint64_t[]){1000, 1000, 301, 128});
    load_many(l, &one, FIXTURE_SIGN_INS_KIND, 8, "vpn/2025-10-08.csv");
    loading_finish(l);
    fixture_ask(l->guard,
                "SELECT group_concat(part) FROM (SELECT substr(id, 1, 1) || ':' || count(*) AS part "
                "FROM tm_row_sign_in GROUP BY substr(id, 1, 1) ORDER BY 1)",
                "3:301,5:667,6:2,7:1000,8:1");
    fixture_ask(l->guard,
                "SELECT group_concat(part) FROM (SELECT substr(login, 1, 1) || ':' || count(*) AS part "
                "FROM tm_row_account GROUP BY substr(login, 1, 1) ORDER BY 1)",
                "5:333,9:128");
    expect_places(l);
    fixture_ask(l->guard,
                "SELECT count(*) || ' ' || min(length(id)) || ' ' || max(length(id)) FROM tm_row_sign_in "
                "WHERE record % 97 = 0",
                "20 51208 51208");
}

/* Of these most are written past SQLite; for the second and third that cannot be, as rows of a later file are there. */
static void many_rows_stand_where_their_records_do(void **state) {
    struct loading *l = *state;

    load_four(l, (const uint64_t[]){20000, 9000, 9000, 8193});
    struct many again = {.file = "8", .rows = 8500};
    load_many(l, &again, FIXTURE_SIGN_INS_KIND, 8, "vpn/2025-10-08.csv");
    loading_finish(l);
    fixture_ask(l->guard,
                "SELECT group_concat(part) FROM (SELECT substr(id, 1, 1) || ':' || count(*) AS part "
                "FROM tm_row_sign_in GROUP BY substr(id, 1, 1) ORDER BY 1)",
                "3:9000,5:6000,7:20000,8:8500");
    fixture_ask(l->guard,
                "SELECT group_concat(part) FROM (SELECT substr(login, 1, 1) || ':' || count(*) AS part "
                "FROM tm_row_account GROUP BY substr(login, 1, 1) ORDER BY 1)",
                "5:3000,9:8193");
    expect_places(l);
    expect_whole(l);
}

#define SMALL_FILES 2600 /* more than are kept until they are written */
#define SMALL_ROWS  16
#define UNCLAIMED   1500 /* of the files */
#define ENVELOPED   1600
#define MIXED       1700

/* Files that have few rows each, and many together; what names them is gone when the next one comes. */
static void load_small(struct loading *l, int64_t id) {
    char path[40];
    char name[16];
    char collected_by[16];

    snprintf(path, sizeof path, "vpn/%lld.csv", (long long)id);
    snprintf(name, sizeof name, "%lld", (long long)id);
    snprintf(collected_by, sizeof collected_by, "by %lld", (long long)id);
    size_t kind = id == MIXED ? FIXTURE_MIXED_KIND : FIXTURE_SIGN_INS_KIND;
    struct store_evidence evidence = loading_evidence(l, kind, path, NULL);
    struct store_evidence_end end = {.bytes = (uint64_t)id};
    struct many many = {.file = name, .rows = SMALL_ROWS, .accounts_every = id == MIXED ? 4 : 0};
    const struct envelope_value envelope = {.column = FIXTURE_WHO, .value = records_text("bob")};

    evidence.id = id;
    evidence.collected_by = id % 2 == 0 ? collected_by : NULL;
    memcpy(end.sha256, &id, sizeof id);
    many.source = (struct record_source){.next = many_next, .tally.list_seen = true};
    if (id == ENVELOPED) {
        many.source.envelope = &envelope;
        many.source.envelope_count = 1;
    }
    if (id == UNCLAIMED) {
        evidence.source = NULL;
        evidence.kind = NULL;
        assert_true(store_note_evidence(l->store, &evidence, &end));
    } else {
        assert_true(store_load(l->store, &evidence, &many.source));
        assert_true(store_load_end(l->store, &evidence, &many.source, &end));
    }
}

static void rows_of_many_files_stand_where_their_records_do(void **state) {
    struct loading *l = *state;

    for (int64_t id = 2; id <= SMALL_FILES; id++) {
        load_small(l, id);
    }
    load_small(l, 1); /* its rows have their place before all others */
    loading_finish(l);
    fixture_ask(l->guard,
                "SELECT count(*) || ' ' || sum(path <> 'vpn/' || id || '.csv') || ' ' || sum(bytes <> id) || ' ' || "
                "sum(collected_by IS NOT CASE WHEN id % 2 = 0 THEN 'by ' || id END) || ' ' || "
                "sum(accepted <> (id <> 1500)) || ' ' || sum(row_count <> 16 AND id <> 1500) FROM tm_evidence",
                "2600 0 0 0 0 0");
    fixture_ask(l->guard,
                "SELECT group_concat(part) FROM (SELECT type || ' ' || count(*) || ' ' || sum(row_count) AS part "
                "FROM tm_evidence_type GROUP BY type ORDER BY type)",
                "account 1 4,sign_in 2599 41580");
    fixture_ask(l->guard,
                "SELECT group_concat(part) FROM (SELECT type || ' ' || count(*) || ' ' || count(DISTINCT evidence) "
                "AS part FROM tm_snapshot GROUP BY type ORDER BY type)",
                "account 1 1,sign_in 2599 2599");
    fixture_ask(l->guard,
                "SELECT count(*) || ' ' || sum(ref <> (substr(id, 1, instr(id, '-') - 1) << 32) + record) || ' ' || "
                "sum(snapshot <> (ref >> 32 << 16) + 1) || ' ' || sum(substr(id, instr(id, '-') + 1) + 0 <> record) "
                "|| ' ' || sum(login IS NOT CASE ref >> 32 WHEN 1600 THEN 'bob' ELSE 'ann' END) FROM tm_row_sign_in",
                "41580 0 0 0 0");
    fixture_ask(l->guard, "SELECT group_concat(login) FROM tm_row_account",
                "1700-000004,1700-000008,1700-000012,1700-000016");
    expect_whole(l);
}

/* A reader that fails in the middle of many rows: nothing is left but to throw the store away. */
static void a_load_that_fails_among_many_rows_says_so(void **state) {
    struct loading *l = *state;
    struct store_evidence evidence = loading_evidence(l, FIXTURE_SIGN_INS_KIND, "vpn/2025-10-06.csv", "2025-10-06");
    struct many broken = {.file = "1", .rows = 9000, .fails = true};

    broken.source = (struct record_source){.next = many_next, .tally.list_seen = true};
    assert_false(store_load(l->store, &evidence, &broken.source));
    assert_int_equal(broken.source.tally.rows, 9000);
}

int main(void) {
    if (!store_start()) {
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_row_stands_where_its_record_does, open_loading, close_loading),
        cmocka_unit_test_setup_teardown(many_rows_stand_where_their_records_do, open_loading, close_loading),
        cmocka_unit_test_setup_teardown(rows_of_many_files_stand_where_their_records_do, open_loading, close_loading),
        cmocka_unit_test_setup_teardown(a_load_that_fails_among_many_rows_says_so, open_loading, close_loading),
    };
    return cmocka_run_group_tests_name("load_rows", tests, NULL, NULL);
}
