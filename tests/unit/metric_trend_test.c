#include "assess/metric.sql.h"
#include "store/engine.sql.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Figures of two earlier periods and of this one. */
static const char figures[] =
    "INSERT INTO tm_meta VALUES ('period', '2025-Q4');"
    "INSERT INTO tm_prior (position, period, from_at, until_at, as_of, profile, path, sha256, version, report_type,"
    " signature) VALUES (1, '2025-Q2', 0, 1, 1, 'portfolio', 'a', '', '1', 'II', 'none'),"
    " (2, '2025-Q3', 1, 2, 2, 'portfolio', 'b', '', '1', 'II', 'none');"
    "INSERT INTO tm_metric (id, title, value, printed, unit, formula, position, better) VALUES"
    " ('coverage', 'Coverage', 90, '90.0 %', 'percent', 'a / b', 1, 'higher'),"
    " ('open', 'Open', 3, '3', 'items', 'open', 2, 'lower'),"
    " ('size', 'Size', 5, '5', 'items', 'size', 3, 'neither'),"
    " ('new', 'New', 1, '1', 'items', 'new', 4, 'lower'),"
    " ('lost', 'Lost', NULL, 'not determined', 'percent', 'c / d', 5, 'higher'),"
    " ('still', 'Still', 0.3, '0.3 %', 'percent', 'e / f', 6, 'higher');"
    "INSERT INTO tm_prior_metric (prior, id, title, value, printed, unit, formula, position) VALUES"
    " (1, 'coverage', 'Coverage', 80, '80.0 %', 'percent', 'a / b', 1),"
    " (2, 'coverage', 'Coverage', 95, '95.0 %', 'percent', 'a / b', 1),"
    " (2, 'open', 'Open', 5, '5', 'items', 'open', 2),"
    " (1, 'size', 'Size', 4, '4', 'items', 'size by another rule', 3),"
    " (2, 'size', 'Size', 4, '4', 'items', 'size', 3),"
    " (1, 'lost', 'Lost', 50, '50.0 %', 'percent', 'c / d', 5),"
    " (2, 'gone', 'Gone', 1, '1', 'items', 'gone', 7),"
    " (2, 'still', 'Still', 0.30000000000000004, '0.3 %', 'percent', 'e / f', 6);";

struct trend {
    const char *metric;
    const char *period;
    const char *printed;
    const char *direction; /* or NULL */
    double difference;
    bool compared;
};

static void check(sqlite3_stmt *statement, const struct trend *expected) {
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    assert_string_equal((const char *)sqlite3_column_text(statement, 0), expected->metric);
    assert_string_equal((const char *)sqlite3_column_text(statement, 1), expected->period);
    assert_string_equal((const char *)sqlite3_column_text(statement, 2), expected->printed);
    const char *direction = (const char *)sqlite3_column_text(statement, 3);
    if (expected->direction == NULL) {
        assert_null(direction);
    } else {
        assert_non_null(direction);
        assert_string_equal(direction, expected->direction);
    }
    assert_int_equal(sqlite3_column_type(statement, 4) != SQLITE_NULL, expected->compared);
    if (expected->compared) {
        double off = sqlite3_column_double(statement, 4) - expected->difference;
        assert_true(off < 1e-9 && off > -1e-9);
    }
}

static void each_period_is_compared_with_the_one_before(void **state) {
    static const struct trend expected[] = {
        {"coverage", "2025-Q2", "80.0 %", NULL, 0, false},
        {"coverage", "2025-Q3", "95.0 %", "better", 15, true},
        {"coverage", "2025-Q4", "90.0 %", "worse", -5, true},
        {"lost", "2025-Q2", "50.0 %", NULL, 0, false},
        {"lost", "2025-Q4", "not determined", NULL, 0, false},
        {"new", "2025-Q4", "1", NULL, 0, false},
        {"open", "2025-Q3", "5", NULL, 0, false},
        {"open", "2025-Q4", "3", "better", -2, true},
        {"size", "2025-Q2", "4", NULL, 0, false},
        {"size", "2025-Q3", "4", "not comparable", 0, false}, /* worked out by another rule */
        {"size", "2025-Q4", "5", "higher", 1, true},
        {"still", "2025-Q3", "0.3 %", NULL, 0, false},
        {"still", "2025-Q4", "0.3 %", "same", 0, true},
    };
    sqlite3 *store = NULL;
    sqlite3_stmt *statement = NULL;
    (void)state;

    assert_int_equal(sqlite3_open(":memory:", &store), SQLITE_OK);
    assert_int_equal(sqlite3_exec(store, sql_engine_tables, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_exec(store, figures, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_exec(store, sql_metric_trends, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(store,
                                        "SELECT metric, period, printed, direction, difference FROM tm_metric_trend"
                                        " ORDER BY metric, position",
                                        -1, &statement, NULL),
                     SQLITE_OK);
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        check(statement, &expected[i]);
    }
    assert_int_equal(sqlite3_step(statement), SQLITE_DONE);
    sqlite3_finalize(statement);
    assert_int_equal(sqlite3_close(store), SQLITE_OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_period_is_compared_with_the_one_before)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
