#include "store/guard.h"

#include "store_fixture.h"

#include "base/limits.h"

/* Hostile SQL against a guarded connection: each hole of notes on SQLite, tried. */

struct bench {
    struct scratch scratch;
    struct fixture fixture;
    struct guard *guard;
};

static int bench_open(void **state) {
    struct bench *bench = calloc(1, sizeof *bench);
    assert_non_null(bench);
    scratch_begin(&bench->scratch);
    fixture_open(&bench->fixture);
    struct span period = fixture_period();
    bench->guard =
        guard_open_challenge(&bench->fixture.schema, &period, FIXTURE_PERIOD_UNTIL - 1, bench->scratch.diagnostics);
    assert_non_null(bench->guard);
    *state = bench;
    return 0;
}

static int bench_close(void **state) {
    struct bench *bench = *state;
    guard_free(bench->guard);
    scratch_end(&bench->scratch);
    free(bench);
    return 0;
}

static const struct place place = {.path = "controls/x.yaml", .line = 10};

/* Prepares, or steps to the end; the first failure must have been reported under `expected`. */
static void assert_fails(struct bench *bench, const char *sql, enum diagnostic expected) {
    uint64_t before = diagnostics_count_id(bench->scratch.diagnostics, expected);
    struct guard_query *query = guard_prepare(bench->guard, sql, &place);
    enum guard_step step = query == NULL ? GUARD_FAILED : GUARD_ROW;
    while (step == GUARD_ROW) {
        step = guard_step(query);
    }
    if (step != GUARD_FAILED || diagnostics_count_id(bench->scratch.diagnostics, expected) != before + 1) {
        struct buffer printed = {0};
        diagnostics_print(bench->scratch.diagnostics, DIAGNOSTIC_NOTE, false, &printed);
        fail_msg("not stopped as expected: %s\n%s", sql, buffer_text(&printed));
    }
    guard_query_free(query);
}

static void refuses_what_does_not_read(void **state) {
    struct bench *bench = *state;
    static const char *const statements[] = {
        "DELETE FROM tm_evidence",
        "INSERT INTO tm_meta VALUES ('a', 'b')",
        "UPDATE tm_evidence SET accepted = 1",
        "WITH x AS (SELECT 1) INSERT INTO tm_meta SELECT 'a', 'b' FROM x",
        "CREATE TABLE x (y)",
        "CREATE TEMP TABLE x AS SELECT 1",
        "CREATE TEMP VIEW x AS SELECT 1",
        "DROP VIEW account",
        "ALTER TABLE tm_meta RENAME TO x",
        "ATTACH ':memory:' AS other",
        "DETACH main",
        "VACUUM",
        "VACUUM INTO '/tmp/tickmark-never-written'",
        "PRAGMA query_only = 0",
        "PRAGMA table_info(tm_meta)",
        "SELECT * FROM pragma_table_info('tm_meta')",
        "SELECT * FROM sqlite_schema",
        "SELECT * FROM sqlite_master",
        "SELECT * FROM dbstat",
        "BEGIN",
        "COMMIT",
        "SAVEPOINT x",
        "REINDEX",
        "ANALYZE",
        "EXPLAIN SELECT 1",
        "EXPLAIN QUERY PLAN SELECT 1",
        "SELECT 1; SELECT 2",
        "SELECT 1; DROP TABLE tm_meta",
        "SELECT 1; nonsense",
        "",
        " -- nothing\n",
        "SELECT ?",
        "SELECT ?1",
        "SELECT @name",
        "SELECT $name",
    };
    for (size_t i = 0; i < sizeof statements / sizeof statements[0]; i++) {
        assert_fails(bench, statements[i], DIAGNOSTIC_SQL_REFUSED);
    }
}

static void refuses_functions_that_are_not_pure(void **state) {
    struct bench *bench = *state;
    static const char *const calls[] = {
        "SELECT printf('%.*c', 500000000, 'x')",
        "SELECT format('%.*c', 500000000, 'x')",
        "SELECT PRINTF('x')",
        "SELECT random()",
        "SELECT abs(random())",
        "SELECT randomblob(8)",
        "SELECT zeroblob(1000000)",
        "SELECT load_extension('x')",
        "SELECT sqlite_version()",
        "SELECT sqlite_source_id()",
        "SELECT changes()",
        "SELECT total_changes()",
        "SELECT last_insert_rowid()",
        "SELECT login FROM account ORDER BY random()",
        "SELECT * FROM account WHERE EXISTS (SELECT random())",
    };
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        assert_fails(bench, calls[i], DIAGNOSTIC_SQL_REFUSED);
    }
}

static void ends_what_would_run_or_grow_for_ever(void **state) {
    struct bench *bench = *state;
    assert_fails(bench, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n",
                 DIAGNOSTIC_SQL_LIMIT);
    assert_fails(bench,
                 "SELECT replace(hex(replace(hex('xxxxxxxxxxxxxxxx'), '7', '7777777777777777777777')), '3', "
                 "replace(hex(replace(hex('xxxxxxxxxxxxxxxx'), '7', '7777777777777777777777')), '3', "
                 "replace(hex(replace(hex('xxxxxxxxxxxxxxxx'), '7', '7777777777777777777777')), '3', '3333')))",
                 DIAGNOSTIC_SQL_LIMIT);
}

static void stays_within_its_heap(void **state) {
    struct bench *bench = *state;
    /* 2000 texts of half a megabyte, all different, held at once for the sorting: 1 GB. */
    assert_fails(bench,
                 "WITH RECURSIVE grow(n, t) AS (SELECT 1, 'xxxxxxxxxxxxxxxx' UNION ALL SELECT n + 1, t || t FROM grow "
                 "WHERE n < 16), rows(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM rows WHERE i < 2000) "
                 "SELECT i || (SELECT t FROM grow WHERE n = 16) AS big FROM rows ORDER BY big",
                 DIAGNOSTIC_SQL_LIMIT);
    /* And the connection lives on. */
    fixture_ask(bench->guard, "SELECT 1 + 1", "2");
}

static void places_errors_within_the_sql(void **state) {
    struct bench *bench = *state;
    assert_null(guard_prepare(bench->guard, "SELECT ref,\n       logn\nFROM account", &place));
    assert_null(guard_prepare(bench->guard, "SELECT \"no such name\" FROM account", &place));
    assert_null(guard_prepare(bench->guard, "SELECT 1 FROM\n\nnowhere", &place));
    struct buffer printed = {0};
    diagnostics_print(bench->scratch.diagnostics, DIAGNOSTIC_NOTE, false, &printed);
    const char *text = buffer_text(&printed);
    assert_non_null(strstr(text, "controls/x.yaml:11: error: no such column: logn; correct the SQL [sql-error]\n"));
    assert_non_null(strstr(text, "controls/x.yaml:10: error: no such column: no such name"));
    assert_non_null(strstr(text, "no such table: nowhere"));
    buffer_free(&printed);
}

static void reports_base_tables_behind_views(void **state) {
    struct bench *bench = *state;
    struct guard_query *query =
        guard_prepare(bench->guard,
                      "WITH recent AS (SELECT login FROM active_account) "
                      "SELECT count(*) FROM recent r JOIN (SELECT 1 AS one) o WHERE r.login IS NOT NULL;  -- the end\n",
                      &place);
    assert_non_null(query);
    size_t count;
    const struct guard_read *reads = guard_reads(query, &count);
    bool login = false;
    for (size_t i = 0; i < count; i++) {
        assert_true(strcmp(reads[i].table, "tm_row_account") == 0 || strcmp(reads[i].table, "tm_snapshot") == 0);
        login |= strcmp(reads[i].column, "login") == 0;
        if (i > 0) {
            int order = strcmp(reads[i - 1].table, reads[i].table);
            assert_true(order < 0 || (order == 0 && strcmp(reads[i - 1].column, reads[i].column) < 0));
        }
    }
    assert_true(login);
    guard_query_free(query);
    fixture_ask(bench->guard, "SELECT count(*) FROM (SELECT login FROM account), (SELECT DISTINCT login FROM account)",
                "0");
    query = guard_prepare(bench->guard, "SELECT count(*) FROM calendar", &place);
    assert_non_null(query);
    reads = guard_reads(query, &count);
    assert_int_equal(count, 1);
    assert_string_equal(reads[0].table, "calendar");
    assert_string_equal(reads[0].column, "");
    guard_query_free(query);
}

/* The columns of accounts that a query is said to read. */
static void reads_of(struct bench *bench, const char *sql, const char *expected) {
    struct guard_query *query = guard_prepare(bench->guard, sql, &place);
    struct buffer found = {0};
    size_t count;
    assert_non_null(query);
    const struct guard_read *reads = guard_reads(query, &count);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(reads[i].table, "tm_row_account") == 0) {
            buffer_format(&found, "[%s]", reads[i].column);
        }
    }
    assert_string_equal(buffer_text(&found), expected);
    buffer_free(&found);
    guard_query_free(query);
}

/* What a type's own view names beside what was asked of it is not read: it may be unknown. */
static void reports_the_columns_that_are_asked_for(void **state) {
    struct bench *bench = *state;
    reads_of(bench, "SELECT login FROM account", "[][login]");
    reads_of(bench, "SELECT login FROM account_latest WHERE active", "[][active][login]");
    reads_of(bench, "SELECT a.login FROM account a JOIN account_latest b ON b.login = a.login AND b.score > 1",
             "[][login][score]");
    reads_of(bench, "SELECT count(*) FROM account", "[]");
    reads_of(bench, "SELECT login FROM active_account", "[][active][at][login][ref]");
    reads_of(bench, "WITH x AS (SELECT * FROM account) SELECT ref FROM x",
             "[][active][at][created_at][evidence][kind][login][ref][score][source]");
    reads_of(bench, "SELECT created_at FROM tm_row_account", "[created_at]");
}

static void binds_by_name_and_names_columns(void **state) {
    struct bench *bench = *state;
    struct guard_query *query =
        guard_prepare(bench->guard, "SELECT :limit + 1 AS more, :word AS word, NULL AS absent, 2.5 AS half", &place);
    assert_non_null(query);
    assert_true(guard_has_parameter(query, "limit"));
    assert_false(guard_has_parameter(query, ":limit"));
    assert_string_equal(guard_parameter(query, 0), "limit");
    assert_string_equal(guard_parameter(query, 1), "word");
    assert_null(guard_parameter(query, 2));
    char word[] = "first";
    assert_true(guard_bind(query, "limit", &(struct value){.kind = VALUE_INTEGER, .integer = 41}));
    assert_true(guard_bind(query, "word", &(struct value){.kind = VALUE_TEXT, .text = {word, 5}}));
    assert_true(guard_bind(query, "absent", &(struct value){.kind = VALUE_NULL}));
    memset(word, 'x', sizeof word - 1); /* the text was copied */
    for (int run = 0; run < 2; run++) {
        assert_int_equal(guard_step(query), GUARD_ROW);
        assert_int_equal(guard_column_count(query), 4);
        assert_int_equal(guard_column(query, "word"), 1);
        assert_int_equal(guard_column(query, "missing"), -1);
        assert_int_equal(guard_integer(query, 0), 42);
        assert_string_equal(guard_text(query, 1), "first");
        assert_true(guard_is_null(query, 2));
        assert_true(guard_real(query, 3) == 2.5);
        assert_int_equal(guard_value(query, 1).kind, VALUE_TEXT);
        assert_int_equal(guard_value(query, 1).text.length, 5);
        assert_int_equal(guard_value(query, 0).kind, VALUE_INTEGER);
        assert_int_equal(guard_value(query, 3).kind, VALUE_REAL);
        assert_int_equal(guard_value(query, 2).kind, VALUE_NULL);
        assert_int_equal(guard_step(query), GUARD_DONE);
        guard_reset(query);
    }
    guard_query_free(query);
    guard_query_free(NULL);
}

static void knows_no_clock_but_as_of(void **state) {
    struct bench *bench = *state;
    fixture_ask(bench->guard, "SELECT datetime('now')", "2025-12-31 23:59:59");
    fixture_ask(bench->guard, "SELECT CURRENT_DATE", "2025-12-31");
    fixture_ask(bench->guard, "SELECT unixepoch()", "1767225599");
    assert_fails(bench, "SELECT datetime('now', 'localtime')", DIAGNOSTIC_SQL_ERROR);
}

static void reads_a_file_and_leaves_it_alone(void **state) {
    struct bench *bench = *state;
    const char *path = scratch_path(&bench->scratch, "some.sqlite");
    sqlite3 *connection;
    assert_int_equal(sqlite3_open(path, &connection), SQLITE_OK);
    assert_int_equal(sqlite3_exec(connection, "CREATE TABLE t (x); INSERT INTO t VALUES (7)", NULL, NULL, NULL),
                     SQLITE_OK);
    struct guard *guard = guard_open(path, 0, bench->scratch.diagnostics);
    assert_non_null(guard);
    fixture_ask(guard, "SELECT x FROM t", "7");
    fixture_ask(guard, "SELECT datetime('now')", "1970-01-01 00:00:00");
    assert_null(guard_prepare(guard, "DELETE FROM t", &place));
    guard_free(guard);
    assert_int_equal(sqlite3_close(connection), SQLITE_OK);
    assert_null(guard_open(scratch_path(&bench->scratch, "missing.sqlite"), 0, bench->scratch.diagnostics));
    guard_free(NULL);
}

int main(void) {
    if (!store_start()) {
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(refuses_what_does_not_read, bench_open, bench_close),
        cmocka_unit_test_setup_teardown(refuses_functions_that_are_not_pure, bench_open, bench_close),
        cmocka_unit_test_setup_teardown(ends_what_would_run_or_grow_for_ever, bench_open, bench_close),
        cmocka_unit_test_setup_teardown(stays_within_its_heap, bench_open, bench_close),
        cmocka_unit_test_setup_teardown(places_errors_within_the_sql, bench_open, bench_close),
        cmocka_unit_test_setup_teardown(reports_base_tables_behind_views, bench_open, bench_close),
        cmocka_unit_test_setup_teardown(reports_the_columns_that_are_asked_for, bench_open, bench_close),
        cmocka_unit_test_setup_teardown(binds_by_name_and_names_columns, bench_open, bench_close),
        cmocka_unit_test_setup_teardown(knows_no_clock_but_as_of, bench_open, bench_close),
        cmocka_unit_test_setup_teardown(reads_a_file_and_leaves_it_alone, bench_open, bench_close),
    };
    return cmocka_run_group_tests_name("guard", tests, NULL, NULL);
}
