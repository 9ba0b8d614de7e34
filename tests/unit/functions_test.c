#include "store/functions.h"

#include "scratch.h"

#include "store/store.h"

/* Expected values were worked out by hand, or by date -u and Python's calendar where dates are concerned. */

static sqlite3 *connection;

static int open_connection(void **state) {
    (void)state;
    return sqlite3_open(":memory:", &connection) == SQLITE_OK && functions_register(connection) ? 0 : 1;
}

static int close_connection(void **state) {
    (void)state;
    return sqlite3_close(connection);
}

/* The value of an expression as text; "NULL", or the error's message. */
static void expect(const char *expression, const char *expected) {
    struct buffer sql = {0};
    buffer_format(&sql, "SELECT %s", expression);
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_prepare_v2(connection, buffer_text(&sql), -1, &statement, NULL), SQLITE_OK);
    int result = sqlite3_step(statement);
    const char *text =
        result == SQLITE_ROW ? (const char *)sqlite3_column_text(statement, 0) : sqlite3_errmsg(connection);
    assert_string_equal(text == NULL ? "NULL" : text, expected);
    sqlite3_finalize(statement);
    buffer_free(&sql);
}

static void times_as_text_and_back(void **state) {
    (void)state;
    expect("iso(1759276800)", "2025-10-01T00:00:00Z");
    expect("iso(-1)", "1969-12-31T23:59:59Z");
    expect("iso(NULL)", "NULL");
    expect("iso(9223372036854775807)", "NULL");
    expect("date_of(1759363199)", "2025-10-01");
    expect("date_of(1759363200)", "2025-10-02");
    expect("date_of(NULL)", "NULL");
    expect("epoch('2025-10-01')", "1759276800");
    expect("epoch('2025-10-01T02:00:00+02:00')", "1759276800");
    expect("epoch('yesterday')", "NULL");
    expect("epoch('')", "NULL");
    expect("epoch(NULL)", "NULL");
    expect("epoch(iso(1759276800))", "1759276800");
}

static void durations_in_two_units(void **state) {
    (void)state;
    expect("duration_text(0)", "0 s");
    expect("duration_text(59)", "59 s");
    expect("duration_text(60)", "1 min");
    expect("duration_text(61)", "1 min 1 s");
    expect("duration_text(7500)", "2 h 5 min");
    expect("duration_text(7559)", "2 h 5 min");
    expect("duration_text(3601)", "1 h");
    expect("duration_text(90061)", "1 d 1 h");
    expect("duration_text(-7500)", "-2 h 5 min");
    expect("duration_text(-9223372036854775808)", "-106751991167300 d 15 h");
    expect("duration_text(NULL)", "NULL");
}

static void business_days_skip_weekends(void **state) {
    (void)state;
    /* 2025-10-03 is a Friday, the 6th a Monday. */
    expect("business_days(epoch('2025-10-03'), epoch('2025-10-06'))", "1");
    expect("business_days(epoch('2025-10-03T23:00:00Z'), epoch('2025-10-06T01:00:00Z'))", "1");
    expect("business_days(epoch('2025-10-03T01:00:00Z'), epoch('2025-10-03T23:00:00Z'))", "0");
    expect("business_days(epoch('2025-10-03'), epoch('2025-10-04'))", "0");
    expect("business_days(epoch('2025-10-04'), epoch('2025-10-05'))", "0");
    expect("business_days(epoch('2025-10-05'), epoch('2025-10-06'))", "1");
    expect("business_days(epoch('2025-10-02'), epoch('2025-10-03'))", "1");
    expect("business_days(epoch('2025-10-06'), epoch('2025-10-13'))", "5");
    expect("business_days(epoch('2025-10-06'), epoch('2025-10-03'))", "-1");
    expect("business_days(epoch('1969-12-26'), epoch('1970-01-02'))", "5"); /* Friday to Friday, across the epoch */
    expect("business_days(epoch('2025-10-01'), epoch('2026-01-01'))", "66");
    expect("business_days(NULL, 0)", "NULL");
    expect("business_days(0, NULL)", "NULL");
}

static void refs_are_readable(void **state) {
    (void)state;
    expect("ref_text((12 << 32) + 345)", "E12.345");
    expect("ref_text(NULL)", "NULL");
}

static void percentile_is_the_nearest_rank(void **state) {
    (void)state;
    static const char *const from = "FROM (SELECT column1 AS v FROM (VALUES (15), (50), (20), (40), (35)))";
    static const struct {
        const char *percent;
        const char *expected;
    } cases[] = {
        /* five values, 15 20 35 40 50: ranks ceil(p/100 * 5) */
        {"5", "15"},  {"20", "15"}, {"20.1", "20"}, {"30", "20"},  {"40", "20"},
        {"50", "35"}, {"60", "35"}, {"95", "50"},   {"100", "50"}, {"0.0001", "15"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char expression[200];
        snprintf(expression, sizeof expression, "percentile(v, %s) %s", cases[i].percent, from);
        expect(expression, cases[i].expected);
    }
    expect("percentile(column1, 95) FROM (VALUES (NULL), (7), (NULL))", "7");
    expect("percentile(column1, 95) FROM (VALUES (NULL))", "NULL");
    expect("percentile(1, 50) WHERE 0", "NULL");
    expect("percentile(column1, 50) FROM (VALUES (1.5), (2), (3))", "2.0");
    expect("percentile(column1, 50) FROM (VALUES (-3), (-2), (-1))", "-2");
    expect("percentile(column1, 50) FROM (VALUES (2), (2), (2), (9))", "2");
}

static void percentile_meets_exact_ranks(void **state) {
    (void)state;
    /* Of 1..n, p per cent with p * n a multiple of 100 is p * n / 100 itself, however p / 100 rounds in binary. */
    for (int n = 1; n <= 200; n++) {
        for (int p = 1; p <= 100; p++) {
            char expression[200];
            char expected[16];
            snprintf(expression, sizeof expression,
                     "percentile(i, %d) FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
                     "%d) SELECT i FROM n)",
                     p, n);
            snprintf(expected, sizeof expected, "%d", (p * n + 99) / 100);
            if (n % 17 == 0 || n < 12 || n == 100 || n == 200) {
                expect(expression, expected);
            }
        }
    }
}

static void percentile_refuses_nonsense(void **state) {
    (void)state;
    expect("percentile(1, 0)", "percentile(value, p): p must be above 0 and at most 100");
    expect("percentile(1, 100.5)", "percentile(value, p): p must be above 0 and at most 100");
    expect("percentile(1, NULL)", "percentile(value, p): p must be above 0 and at most 100");
    expect("percentile('many', 50)", "percentile(value, p): every value must be a number");
    expect("percentile(column1, column1) FROM (VALUES (50), (60))",
           "percentile(value, p): p must be the same in every row");
}

int main(void) {
    if (!store_start()) {
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_as_text_and_back),         cmocka_unit_test(durations_in_two_units),
        cmocka_unit_test(business_days_skip_weekends),    cmocka_unit_test(refs_are_readable),
        cmocka_unit_test(percentile_is_the_nearest_rank), cmocka_unit_test(percentile_meets_exact_ranks),
        cmocka_unit_test(percentile_refuses_nonsense),
    };
    return cmocka_run_group_tests_name("functions", tests, open_connection, close_connection);
}
