#include "store/query.h"

#include "scratch.h"

struct bench {
    struct scratch scratch;
    sqlite3 *connection;
};

static int bench_open(void **state) {
    struct bench *bench = calloc(1, sizeof *bench);
    assert_non_null(bench);
    scratch_begin(&bench->scratch);
    assert_int_equal(sqlite3_open(":memory:", &bench->connection), SQLITE_OK);
    assert_true(query_execute(bench->connection, "make", "CREATE TABLE t (a, b, c, d)", bench->scratch.diagnostics));
    *state = bench;
    return 0;
}

static int bench_close(void **state) {
    struct bench *bench = *state;
    assert_int_equal(sqlite3_close(bench->connection), SQLITE_OK);
    scratch_end(&bench->scratch);
    free(bench);
    return 0;
}

static void binds_steps_and_reads(void **state) {
    struct bench *bench = *state;
    struct query insert;
    assert_true(query_open(&insert, bench->connection, "insert", "INSERT INTO t VALUES (?, ?, ?, ?)",
                           bench->scratch.diagnostics));
    query_text(&insert, 1, "word");
    query_integer(&insert, 2, INT64_MIN);
    query_real(&insert, 3, 0.5);
    query_integer_or_null(&insert, 4, 9, true);
    assert_true(query_run(&insert));
    query_text(&insert, 1, NULL);
    query_null(&insert, 2);
    query_integer_or_null(&insert, 3, 9, false);
    assert_true(query_run(&insert)); /* the fourth was cleared */
    assert_true(query_close(&insert));

    struct query select;
    assert_true(
        query_open(&select, bench->connection, "select", "SELECT * FROM t ORDER BY rowid", bench->scratch.diagnostics));
    assert_true(query_step(&select));
    assert_string_equal(query_column_text(&select, 0), "word");
    assert_true(query_column_integer(&select, 1) == INT64_MIN);
    assert_true(query_column_real(&select, 2) == 0.5);
    assert_int_equal(query_column_integer(&select, 3), 9);
    assert_false(query_column_null(&select, 0));
    assert_true(query_step(&select));
    assert_null(query_column_text(&select, 0));
    for (int i = 0; i < 4; i++) {
        assert_true(query_column_null(&select, i));
    }
    assert_false(query_step(&select));
    assert_true(query_reset(&select));
    assert_true(query_step(&select));
    assert_true(query_close(&select));
    scratch_expect(&bench->scratch, "");
}

static void a_failure_is_said_once_and_sticks(void **state) {
    struct bench *bench = *state;
    struct query query;
    assert_false(query_open(&query, bench->connection, "broken", "SELECT missing", bench->scratch.diagnostics));
    query_integer(&query, 1, 1);
    query_text(&query, 2, "x");
    assert_false(query_step(&query));
    assert_false(query_run(&query));
    assert_null(query_column_text(&query, 0));
    assert_int_equal(query_column_integer(&query, 0), 0);
    assert_true(query_column_null(&query, 0));
    assert_false(query_close(&query));
    scratch_expect(&bench->scratch, "failure: SQLite failed in broken: no such column: missing; check the disk's space "
                                    "and run again [store-failed]\n");
}

static void a_bad_index_is_a_failure(void **state) {
    struct bench *bench = *state;
    struct query query;
    assert_true(query_open(&query, bench->connection, "select", "SELECT ?", bench->scratch.diagnostics));
    query_integer(&query, 2, 1);
    assert_false(query_step(&query));
    assert_false(query_close(&query));
    assert_int_equal(diagnostics_count_id(bench->scratch.diagnostics, DIAGNOSTIC_STORE_FAILED), 1);
}

static void a_row_that_is_refused_is_a_failure(void **state) {
    struct bench *bench = *state;
    assert_true(query_execute(bench->connection, "make", "CREATE TABLE one (x PRIMARY KEY); INSERT INTO one VALUES (1)",
                              bench->scratch.diagnostics));
    struct query query;
    assert_true(
        query_open(&query, bench->connection, "insert", "INSERT INTO one VALUES (1)", bench->scratch.diagnostics));
    assert_false(query_run(&query));
    assert_false(query_close(&query));
    assert_false(query_execute(bench->connection, "again", "INSERT INTO one VALUES (1)", bench->scratch.diagnostics));
    assert_int_equal(diagnostics_count_id(bench->scratch.diagnostics, DIAGNOSTIC_STORE_FAILED), 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(binds_steps_and_reads, bench_open, bench_close),
        cmocka_unit_test_setup_teardown(a_failure_is_said_once_and_sticks, bench_open, bench_close),
        cmocka_unit_test_setup_teardown(a_bad_index_is_a_failure, bench_open, bench_close),
        cmocka_unit_test_setup_teardown(a_row_that_is_refused_is_a_failure, bench_open, bench_close),
    };
    return cmocka_run_group_tests_name("query", tests, NULL, NULL);
}
