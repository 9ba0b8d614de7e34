#include "scratch.h"

#include "base/limits.h"
#include "read/json.h"

/* Where reading stands after the first key's value, and what is wrong. */
struct standing {
    bool good;
    uint64_t offset, end, line, column, bad_strings;
    const char *error;
    enum json_event next;
};

static struct standing pass_over(const char *text, size_t most, bool skip) {
    struct byte_source_memory memory;
    struct standing standing = {.good = true};

    byte_source_memory(&memory, text, strlen(text));
    memory.most = most;
    struct json *json = json_open(&memory.source);
    assert_int_equal(json_next(json), JSON_OBJECT_BEGIN);
    assert_int_equal(json_next(json), JSON_KEY);
    if (skip) {
        standing.good = json_skip(json);
    } else {
        do {
            standing.good = json_next(json) < JSON_END;
        } while (standing.good && json_depth(json) > 1);
    }
    standing.offset = json_offset(json);
    standing.end = json_end_offset(json);
    standing.line = json_line(json);
    standing.column = json_column(json);
    standing.bad_strings = json_bad_strings(json, NULL);
    standing.next = json_next(json);
    standing.error = standing.next == JSON_ERROR ? json_error(json) : "";
    json_close(json);
    return standing;
}

/* Whoever skips a value is told the same as who reads it, wherever the input is cut. */
static void test_skipping_checks_as_reading_does(void **state) {
    (void)state;
    static const char *const texts[] = {
        "{\"k\": 1}",
        "{\"k\":-0.5e+3,\"l\":2}",
        "{\"k\": [1, \"two\", {\"three\": [true, false, null]}, [], {}] , \"l\":2}",
        "{\n  \"k\" :\r\n  {\n\t\"a\" : [\n 1 ,\n 2 ] }\n}",
        "{\"k\": {\"a\": \"a longer text, without anything that is escaped\", \"b\": \"\\u00e9\\n\"}}",
        "{\"k\": [\"\xC3\xA9\", \"\xC3\", \"\\ud800\", \"\xE2\x82\xAC\"]}",
        "{\"k\": [1 2]}",
        "{\"k\": [1,]}",
        "{\"k\": [,1]}",
        "{\"k\": [01]}",
        "{\"k\": [1.]}",
        "{\"k\": [-]}",
        "{\"k\": [1e]}",
        "{\"k\": [tru]}",
        "{\"k\": [truex]}",
        "{\"k\": [nul",
        "{\"k\": {\"a\"}}",
        "{\"k\": {\"a\" 1}}",
        "{\"k\": {\"a\":}}",
        "{\"k\": {\"a\":1,}}",
        "{\"k\": {a:1}}",
        "{\"k\": {\"a\":1]}",
        "{\"k\": [1}}",
        "{\"k\": [\"\n\"]}",
        "{\"k\": [\"\\x\"]}",
        "{\"k\": [\"\x01\"]}",
        "{\"k\": [\x01 1]}",
        "{\"k\": }",
        "{\"k\" 1}",
        "{\"k\": [1, 12",
        "{\"k\": \"cut",
        "{\"k\": {\"a\": 1",
        "{\"k\":",
        "{\"k\"",
    };
    char deep[2 * LIMIT_JSON_DEPTH + 16];
    int length = snprintf(deep, sizeof deep, "{\"k\":");
    memset(deep + length, '[', LIMIT_JSON_DEPTH);
    deep[length + LIMIT_JSON_DEPTH] = '\0';

    for (size_t i = 0; i <= sizeof texts / sizeof texts[0]; i++) {
        const char *text = i < sizeof texts / sizeof texts[0] ? texts[i] : deep;
        for (size_t most = 0; most < 8; most++) {
            struct standing read = pass_over(text, most, false);
            struct standing skipped = pass_over(text, most, true);
            assert_int_equal(read.good, skipped.good);
            assert_int_equal(read.offset, skipped.offset);
            assert_int_equal(read.line, skipped.line);
            assert_int_equal(read.column, skipped.column);
            assert_int_equal(read.bad_strings, skipped.bad_strings);
            assert_int_equal(read.next, skipped.next);
            assert_string_equal(read.error, skipped.error);
            assert_true(!read.good || read.end == skipped.end);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_skipping_checks_as_reading_does),
    };
    return cmocka_run_group_tests_name("json_skip", tests, NULL, NULL);
}
