#include "store/plain.h"

#include "scratch.h"

#include <sqlite3.h>

/* SQLite is the oracle: what a plain expression gives, it must give too. */

#define NAMES 4

static const char *const names[NAMES] = {"first", "other", "outcome", "n"};

struct bench {
    sqlite3 *connection;
    uint64_t seed;
};

static int begin(void **state) {
    struct bench *bench = calloc(1, sizeof *bench);

    assert_non_null(bench);
    assert_int_equal(sqlite3_open(":memory:", &bench->connection), SQLITE_OK);
    bench->seed = UINT64_C(88172645463325252);
    *state = bench;
    return 0;
}

static int end(void **state) {
    struct bench *bench = *state;

    assert_int_equal(sqlite3_close(bench->connection), SQLITE_OK);
    free(bench);
    return 0;
}

static uint64_t draw(struct bench *bench) {
    bench->seed ^= bench->seed << 13;
    bench->seed ^= bench->seed >> 7;
    bench->seed ^= bench->seed << 17;
    return bench->seed >> 8;
}

/* The statement that asks SQLite, as load_expression.sql has it; NULL where it refuses the expression. */
static sqlite3_stmt *prepare(struct bench *bench, const char *expression) {
    struct buffer sql = {0};
    sqlite3_stmt *statement = NULL;

    buffer_format(&sql, "SELECT (%s\n) FROM (SELECT NULL", expression);
    for (size_t i = 0; i < NAMES; i++) {
        buffer_format(&sql, ", :%s AS \"%s\"", names[i], names[i]);
    }
    buffer_append_text(&sql, ")");
    (void)sqlite3_prepare_v2(bench->connection, buffer_text(&sql), -1, &statement, NULL);
    buffer_free(&sql);
    return statement;
}

static void ask(sqlite3_stmt *statement, const struct value *inputs) {
    for (int i = 0; i < NAMES; i++) {
        int result = inputs[i].kind == VALUE_NULL ? sqlite3_bind_null(statement, i + 1)
                                                  : sqlite3_bind_text(statement, i + 1, inputs[i].text.bytes,
                                                                      (int)inputs[i].text.length, SQLITE_STATIC);
        assert_int_equal(result, SQLITE_OK);
    }
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
}

static void assert_same(const char *expression, sqlite3_stmt *statement, const struct value *given) {
    int type = sqlite3_column_type(statement, 0);
    bool same = false;

    switch (given->kind) {
    case VALUE_NULL:
        same = type == SQLITE_NULL;
        break;
    case VALUE_INTEGER:
        same = type == SQLITE_INTEGER && sqlite3_column_int64(statement, 0) == given->integer;
        break;
    case VALUE_TEXT:
        same = type == SQLITE_TEXT && (size_t)sqlite3_column_bytes(statement, 0) == given->text.length &&
               memcmp(sqlite3_column_text(statement, 0), given->text.bytes, given->text.length) == 0;
        break;
    case VALUE_REAL:
        break;
    }
    if (!same) {
        fail_msg("%s: kind %d, SQLite's type is %d (%s)", expression, (int)given->kind, type,
                 (const char *)sqlite3_column_text(statement, 0));
    }
}

static struct value text(const char *bytes) {
    return (struct value){.kind = VALUE_TEXT, .text = {bytes, strlen(bytes)}};
}

static void draw_inputs(struct bench *bench, struct value inputs[NAMES]) {
    static const char *const texts[] = {
        "", "a", "A", "b", "ab", " a ", "true", "x'y", "0", "1", "Success", "ok", "  ", "\xc3\x84\xc3\xa4Zz", "12.5"};

    for (size_t i = 0; i < NAMES; i++) {
        uint64_t which = draw(bench) % (sizeof texts / sizeof texts[0] + 4);
        inputs[i] = which < sizeof texts / sizeof texts[0] ? text(texts[which]) : (struct value){.kind = VALUE_NULL};
    }
}

/* How many of some random rows were computed; all of those as by SQLite. */
static size_t compare(struct bench *bench, const char *expression, struct plain *plain, size_t rows) {
    sqlite3_stmt *statement = prepare(bench, expression);
    size_t computed = 0;

    assert_non_null(statement);
    for (size_t i = 0; i < rows; i++) {
        struct value inputs[NAMES];
        struct value given;
        draw_inputs(bench, inputs);
        if (plain_evaluate(plain, inputs, &given)) {
            computed++;
            ask(statement, inputs);
            assert_same(expression, statement, &given);
            assert_int_equal(sqlite3_reset(statement), SQLITE_OK);
        }
    }
    assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
    return computed;
}

static void common_expressions_need_no_sqlite(void **state) {
    static const char *const expressions[] = {
        "first",
        "NULL",
        "'it''s'",
        "''",
        "17",
        "first || other",
        "OTHER || '/' || First || ' ' || outcome",
        "coalesce(first, 'all but ' || other)",
        "coalesce(nullif(first, ''), nullif(other, ''), outcome)",
        "nullif(trim(coalesce(first, '') || ' ' || coalesce(other, '')), '')",
        "CASE WHEN lower(outcome) = 'true' THEN 1 END",
        "CASE coalesce(first, 'unknown') WHEN 'a' THEN 'high' WHEN 'b' THEN 'low' ELSE first END",
        "CASE WHEN first IS NULL THEN 'all' WHEN first = other THEN first ELSE first || '-' || coalesce(other, '') END",
        "case first when null then 1 when other then 2 else 3 end",
        "outcome = 'Success'",
        "other IS NOT NULL AND first <> 'a' OR NOT first == 'b'",
        "NOT NOT first IN ('a', 'A', other)",
        "first NOT IN ('a', NULL)",
        "(first = other) IS NULL",
        "first = other IS NULL",
        "first = 'a' = (other = 'b')",
        "ifnull(upper(first), lower(other))",
        "iif(first = 'a', other, 'no')\n",
        "lower(coalesce(first, 'false')) = 'true' OR lower(coalesce(other, 'false')) = 'true'",
    };
    struct bench *bench = *state;

    for (size_t i = 0; i < sizeof expressions / sizeof expressions[0]; i++) {
        struct plain *plain = plain_new(expressions[i], names, NAMES);
        if (plain == NULL) {
            fail_msg("%s: needs SQLite", expressions[i]);
        }
        assert_int_equal(compare(bench, expressions[i], plain, 500), 500);
        plain_free(plain);
    }
}

static void other_expressions_are_left_to_sqlite(void **state) {
    static const char *const expressions[] = {
        "",
        "first other",
        "first + 1",
        "-1",
        "1.5",
        "1e3",
        "0x10",
        "12345678901234567890",
        "x'41'",
        "first < other",
        "first LIKE 'a%'",
        "first IS other",
        "first ISNULL",
        "first BETWEEN 'a' AND 'b'",
        "first = 'a' COLLATE NOCASE",
        "first -- a comment",
        "\"first\"",
        "nobody",
        "first.n",
        "true",
        "substr(first, 1, 2)",
        "coalesce(first)",
        "nullif(first)",
        "trim(first, 'x')",
        "lower()",
        "first IN ()",
        "first IN (SELECT 'a')",
        "(first",
        "first)",
        "'open",
        "CASE first END",
        "CASE WHEN first THEN 'a'",
        "first || ",
        "EXISTS (SELECT 1)",
        "first -> 'a'",
        "a$b",
    };
    static const char *const twice[] = {"first", "First"};

    (void)state;
    for (size_t i = 0; i < sizeof expressions / sizeof expressions[0]; i++) {
        struct plain *plain = plain_new(expressions[i], names, NAMES);
        if (plain != NULL) {
            fail_msg("%s: was taken for a plain one", expressions[i]);
        }
    }
    assert_null(plain_new("first", twice, 2));
    struct buffer deep = {0};
    for (size_t i = 0; i < 5000; i++) {
        buffer_append_text(&deep, "(");
    }
    assert_null(plain_new(buffer_text(&deep), names, NAMES));
    buffer_clear(&deep);
    buffer_append_text(&deep, "first");
    for (size_t i = 0; i < 5000; i++) {
        buffer_append_text(&deep, " || first");
    }
    assert_null(plain_new(buffer_text(&deep), names, NAMES));
    buffer_free(&deep);
}

/* Where a number and a text meet, or a text is long, the row is SQLite's. */
static void rows_that_are_not_plain_are_left_to_sqlite(void **state) {
    static const char *const expressions[] = {"first || 1",  "first = 1", "1 AND first",
                                              "NOT first",   "lower(1)",  "CASE WHEN first THEN 1 END",
                                              "first IN (1)"};
    struct value inputs[NAMES] = {text("1"), text(""), text(""), text("")};
    static char large[5000];
    struct value given;

    (void)state;
    for (size_t i = 0; i < sizeof expressions / sizeof expressions[0]; i++) {
        struct plain *plain = plain_new(expressions[i], names, NAMES);
        assert_non_null(plain);
        assert_false(plain_evaluate(plain, inputs, &given));
        plain_free(plain);
    }
    memset(large, 'x', sizeof large);
    struct plain *plain = plain_new("first || other", names, NAMES);
    assert_non_null(plain);
    inputs[0] = (struct value){.kind = VALUE_TEXT, .text = {large, 4000}};
    assert_true(plain_evaluate(plain, inputs, &given));
    assert_int_equal(given.text.length, 4000);
    inputs[1] = (struct value){.kind = VALUE_TEXT, .text = {large, 97}};
    assert_false(plain_evaluate(plain, inputs, &given));
    inputs[1] = text("");
    inputs[3] = (struct value){.kind = VALUE_TEXT, .text = {large, sizeof large}};
    assert_false(plain_evaluate(plain, inputs, &given)); /* SQLite may refuse an input, whether it is used or not */
    plain_free(plain);
}

/* An expression of random parts, with operators of all ranks and few parentheses. */
static void write_random(struct bench *bench, unsigned depth, struct buffer *out) {
    static const char *const leaves[] = {"first", "other", "outcome", "n", "'a'", "''", "NULL", "'Success'", "1", "0"};
    static const char *const operators[] = {" || ", " = ", " <> ", " AND ", " OR ", " == ", " != "};
    static const char *const calls[] = {"coalesce(", "nullif(", "ifnull(", "lower(", "upper(", "trim("};
    uint64_t which = draw(bench) % (depth == 0 ? 1 : 11);

    if (which == 0) {
        buffer_append_text(out, leaves[draw(bench) % 10]);
    } else if (which <= 4) {
        write_random(bench, depth - 1, out);
        buffer_append_text(out, operators[draw(bench) % 7]);
        write_random(bench, depth - 1, out);
    } else if (which == 5) {
        buffer_append_text(out, "NOT ");
        write_random(bench, depth - 1, out);
    } else if (which == 6) {
        write_random(bench, depth - 1, out);
        buffer_append_text(out, draw(bench) % 2 == 0 ? " IS NULL" : " IS NOT NULL");
    } else if (which == 7) {
        write_random(bench, depth - 1, out);
        buffer_append_text(out, draw(bench) % 2 == 0 ? " IN (" : " NOT IN (");
        write_random(bench, depth - 1, out);
        buffer_append_text(out, ", ");
        write_random(bench, depth - 1, out);
        buffer_append_text(out, ")");
    } else if (which == 8) {
        buffer_append_text(out, draw(bench) % 2 == 0 ? "CASE WHEN " : "CASE first WHEN ");
        write_random(bench, depth - 1, out);
        buffer_append_text(out, " THEN ");
        write_random(bench, depth - 1, out);
        buffer_append_text(out, draw(bench) % 2 == 0 ? " ELSE n END" : " END");
    } else if (which == 9) {
        size_t call = draw(bench) % 6;
        buffer_append_text(out, calls[call]);
        write_random(bench, depth - 1, out);
        if (call < 3) {
            buffer_append_text(out, ", ");
            write_random(bench, depth - 1, out);
        }
        buffer_append_text(out, ")");
    } else {
        buffer_append_text(out, "(");
        write_random(bench, depth - 1, out);
        buffer_append_text(out, ")");
    }
}

static void random_expressions_mean_what_they_mean_to_sqlite(void **state) {
    struct bench *bench = *state;
    struct buffer expression = {0};
    size_t plain_count = 0;
    size_t computed = 0;

    for (size_t i = 0; i < 20000; i++) {
        buffer_clear(&expression);
        write_random(bench, 1 + (unsigned)(i % 4), &expression);
        sqlite3_stmt *statement = prepare(bench, buffer_text(&expression));
        struct plain *plain = statement == NULL ? NULL : plain_new(buffer_text(&expression), names, NAMES);
        assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
        if (plain != NULL) {
            plain_count++;
            computed += compare(bench, buffer_text(&expression), plain, 12);
        }
        plain_free(plain);
    }
    assert_true(plain_count > 12000);
    assert_true(computed > 80000);
    buffer_free(&expression);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(common_expressions_need_no_sqlite, begin, end),
        cmocka_unit_test_setup_teardown(other_expressions_are_left_to_sqlite, begin, end),
        cmocka_unit_test_setup_teardown(rows_that_are_not_plain_are_left_to_sqlite, begin, end),
        cmocka_unit_test_setup_teardown(random_expressions_mean_what_they_mean_to_sqlite, begin, end),
    };
    return cmocka_run_group_tests_name("plain", tests, NULL, NULL);
}
