#include "json_oracle.h"
#include "scratch.h"

#include "base/limits.h"
#include "read/json.h"

#include <errno.h>

/* How reading of a whole text ended. */
struct outcome {
    enum json_event end;
    uint64_t documents;
    uint64_t bad_strings;
};

/* Shows the events of `text`; `skip_depth` > 0 passes over containers that begin at that depth. */
static struct outcome show(const char *text, size_t length, size_t most, unsigned skip_depth, struct buffer *out) {
    static const char letters[] = {
        [JSON_OBJECT_BEGIN] = '{', [JSON_OBJECT_END] = '}', [JSON_ARRAY_BEGIN] = '[', [JSON_ARRAY_END] = ']',
        [JSON_KEY] = ':',          [JSON_STRING] = '"',     [JSON_NUMBER] = '#',      [JSON_TRUE] = 't',
        [JSON_FALSE] = 'f',        [JSON_NULL] = 'n',       [JSON_DOCUMENT_END] = ';'};
    struct byte_source_memory memory;
    struct outcome outcome = {0};

    byte_source_memory(&memory, text, length);
    memory.most = most;
    struct json *json = json_open(&memory.source);
    assert_non_null(json);
    while ((outcome.end = json_next(json)) < JSON_END) {
        outcome.documents += outcome.end == JSON_DOCUMENT_END;
        if (out != NULL) {
            size_t bytes;
            const char *value = json_text(json, &bytes);
            buffer_append_byte(out, letters[outcome.end]);
            buffer_append(out, value, bytes);
        }
        assert_true(json_end_offset(json) <= length && json_offset(json) <= json_end_offset(json));
        bool begins = outcome.end == JSON_OBJECT_BEGIN || outcome.end == JSON_ARRAY_BEGIN;
        if (begins && skip_depth > 0 && json_depth(json) == skip_depth) {
            json_skip(json);
        }
    }
    assert_int_equal(json_next(json), outcome.end); /* it stays */
    outcome.bad_strings = json_bad_strings(json, NULL);
    json_close(json);
    return outcome;
}

static void expect(const char *text, const char *expected) {
    struct buffer shown = {0};

    for (size_t most = 0; most < 4; most++) {
        buffer_clear(&shown);
        assert_int_equal(show(text, strlen(text), most, 0, &shown).end, JSON_END);
        assert_string_equal(buffer_text(&shown), expected);
    }
    buffer_free(&shown);
}

static void test_events(void **state) {
    (void)state;
    expect("{\"a\": [1, -2.5e+3, true, false, null], \"b\": {}}", "{:a[#1#-2.5e+3tfn]:b{}};");
    expect(" [ ] ", "[];");
    expect("\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\ud83d\\ude00\"",
           "\"a\"\\/\b\f\n\r\tA\xC3\xA9\xF0\x9F\x98\x80;");
    expect("\xEF\xBB\xBF{}", "{};");
    expect("", "");
    expect(" \r\n\t", "");
    expect("1 2\n\"x\"\n[]{}", "#1;#2;\"x;[];{};");
    expect("\"0123456789abcdef0123456789abcdef\\n0123456789abcdef\"",
           "\"0123456789abcdef0123456789abcdef\n0123456789abcdef;");
}

static void test_skipping(void **state) {
    (void)state;
    struct buffer shown = {0};
    static const char text[] = "{\"a\": {\"x\": [1, {\"y\": \"}]\\\"\"}]}, \"b\": [[], {}], \"c\": 3}";
    for (size_t most = 0; most < 3; most++) {
        buffer_clear(&shown);
        assert_int_equal(show(text, sizeof text - 1, most, 2, &shown).end, JSON_END);
        assert_string_equal(buffer_text(&shown), "{:a{:b[:c#3};");
    }
    buffer_clear(&shown);
    assert_int_equal(show("[[1, 2", 6, 0, 2, &shown).end, JSON_TRUNCATED);
    assert_int_equal(show("[[1, tru]]", 10, 0, 2, &shown).end, JSON_ERROR);
    buffer_free(&shown);
}

static void test_skipping_after_a_key(void **state) {
    (void)state;
    static const char text[] = "{\"a\": {\"x\": 1}, \"b\": \"two\", \"c\": [3], \"d\": 4}";
    struct byte_source_memory memory;
    byte_source_memory(&memory, text, sizeof text - 1);
    struct json *json = json_open(&memory.source);
    assert_int_equal(json_next(json), JSON_OBJECT_BEGIN);
    static const size_t ends[] = {14, 26, 36, 44}; /* behind each value */
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(json_next(json), JSON_KEY);
        assert_true(json_skip(json));
        assert_int_equal(json_end_offset(json), ends[i]);
    }
    assert_int_equal(json_next(json), JSON_OBJECT_END);
    assert_int_equal(json_next(json), JSON_DOCUMENT_END);
    assert_int_equal(json_next(json), JSON_END);
    json_close(json);
}

/* Texts on which jansson and we must agree. */
static void test_agrees_with_jansson(void **state) {
    (void)state;
    static const char *const texts[] = {
        "{}",
        "[]",
        "[1]",
        "[1,]",
        "[,1]",
        "[1 2]",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{a:1}",
        "{'a':1}",
        "{\"a\":1 \"b\":2}",
        "[",
        "]",
        "{",
        "}",
        "[}",
        "{]",
        "[1}",
        "{\"a\":1]",
        "[1]]",
        "{}}",
        "[1],",
        "nul",
        "null",
        "nulls",
        "True",
        "true",
        "tru",
        "[true false]",
        "0",
        "-0",
        "-",
        "+1",
        "01",
        "-01",
        "00",
        "1.",
        ".5",
        "1.5",
        "1.e1",
        "1e",
        "1e+",
        "1e5",
        "1E-5",
        "1e05",
        "0x10",
        "1_000",
        "NaN",
        "Infinity",
        "-Infinity",
        "1a",
        "[1a]",
        "\"",
        "\"a",
        "\"a\"",
        "\"a\\\"",
        "\"\\x41\"",
        "\"\\u12\"",
        "\"\\u12G4\"",
        "\"\\u00e9\"",
        "\"\\uD83D\\uDE00\"",
        "\"\\ud83d\"",
        "\"\\ude00\"",
        "\"\\ud83dx\"",
        "\"\\ud83d\\u0041\"",
        "\"\\ud83d\\ud83d\"",
        "\"\t\"",
        "\"\n\"",
        "\"\x01\"",
        "\"\x1f\"",
        "\"\x7f\"",
        "\"\xC3\xA9\"",
        "\"\xC3\"",
        "\"\xA9\"",
        "\"\xC0\xAF\"",
        "\"\xC1\xBF\"",
        "\"\xE0\x80\xAF\"",
        "\"\xE2\x82\xAC\"",
        "\"\xED\xA0\x80\"",
        "\"\xED\x9F\xBF\"",
        "\"\xEE\x80\x80\"",
        "\"\xF0\x9F\x98\x80\"",
        "\"\xF0\x80\x80\xAF\"",
        "\"\xF4\x8F\xBF\xBF\"",
        "\"\xF4\x90\x80\x80\"",
        "\"\xF5\x80\x80\x80\"",
        "\"\xFF\"",
        "\"\xFE\"",
        "[\"\xC3\"]",
        "{\"\xFF\":1}",
        "/* c */ {}",
        "// c\n{}",
        "{} // c",
        "[1]\f",
        "\v[1]",
        "\xC2\xA0[]",
        "",
        " ",
        "{} {}",
        "1 2",
        "12\"a\"",
        "[\"a\"\"b\"]",
        "[\"a\":1]",
        "{\"a\" 1}",
        "{:1}",
        "{1:1}",
        "{\"a\":1,\"b\":{\"c\":[{}]}}",
        "[[[[[[[[]]]]]]]]",
        "\\u0041",
        "[\\n]",
        "[-]",
        "[-x]",
        "[1.x]",
        "[1ex]",
        "-1e-1",
        "\"\\/\"",
        "\"/\"",
        "[\"\\",
        "[\"\\u",
        "[\"\\u0",
        "[\"\\ud83d\\u",
        "[\"\\ud83d\\",
        "<html>",
        "scan = {}",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        enum json_oracle oracle = json_oracle(texts[i], strlen(texts[i]));
        assert_int_not_equal(oracle, JSON_ORACLE_ABSTAINS);
        for (size_t most = 0; most < 3; most++) {
            struct outcome ours = show(texts[i], strlen(texts[i]), most, 0, NULL);
            bool accepted = ours.end == JSON_END && ours.documents == 1 && ours.bad_strings == 0;
            if (accepted != (oracle == JSON_ORACLE_ACCEPTS)) {
                print_error("%s: we %d, jansson %d\n", texts[i], accepted, oracle == JSON_ORACLE_ACCEPTS);
            }
            assert_int_equal(accepted, oracle == JSON_ORACLE_ACCEPTS);
            struct outcome skipped = show(texts[i], strlen(texts[i]), most, 1, NULL);
            assert_int_equal(skipped.end == JSON_END, ours.end == JSON_END);
            assert_int_equal(skipped.bad_strings, ours.bad_strings);
        }
    }
}

/* Where RFC 8259 leaves limits to the parser we differ from jansson: numbers stay texts, and U+0000 is a character. */
static void test_differs_from_jansson(void **state) {
    (void)state;
    expect("1e999", "#1e999;");
    expect("123456789012345678901234567890", "#123456789012345678901234567890;");
    struct buffer shown = {0};
    assert_int_equal(show("\"a\\u0000b\"", 10, 0, 0, &shown).end, JSON_END);
    assert_int_equal(shown.length, 5);
    assert_memory_equal(shown.data, "\"a\0b;", 5);
    buffer_free(&shown);
}

static void test_depth(void **state) {
    (void)state;
    char *text = malloc(2000000);
    assert_non_null(text);
    memset(text, '[', 1000000);
    memset(text + 1000000, ']', 1000000);
    assert_int_equal(show(text, 2000000, 0, 0, NULL).end, JSON_ERROR);
    assert_int_equal(show(text, 2000000, 0, 1, NULL).end, JSON_ERROR);
    size_t first = 1000000 - LIMIT_JSON_DEPTH;
    assert_int_equal(show(text + first, (size_t)LIMIT_JSON_DEPTH * 2, 0, 0, NULL).end, JSON_END);
    assert_int_equal(show(text + first - 1, (size_t)LIMIT_JSON_DEPTH * 2 + 2, 0, 0, NULL).end, JSON_ERROR);
    free(text);
}

static void test_utf16_is_told(void **state) {
    (void)state;
    static const char *const texts[] = {"\xFF\xFE{\0}\0", "\xFE\xFF\0{\0}", "{\0}\0", "\0{\0}"};
    static const size_t lengths[] = {6, 6, 4, 4};
    for (size_t i = 0; i < 4; i++) {
        struct byte_source_memory memory;
        byte_source_memory(&memory, texts[i], lengths[i]);
        struct json *json = json_open(&memory.source);
        assert_int_equal(json_next(json), JSON_ERROR);
        assert_int_equal(json_problem(json), JSON_PROBLEM_ENCODING);
        json_close(json);
    }
}

/* Cut anywhere, a document is never complete; what came before the cut comes all the same. */
static void test_cut_everywhere(void **state) {
    (void)state;
    static const char text[] =
        "\xEF\xBB\xBF{\"k\\u00e9y\": [1.5e-7, true, null, \"\xC3\xA9 \\ud83d\\ude00 \\n\", {\"x\": -0}], \"z\": {}}";
    for (size_t cut = 0; cut < sizeof text; cut++) {
        struct buffer whole = {0};
        struct buffer small = {0};
        char *copy = malloc(cut + 1);
        assert_non_null(copy);
        memcpy(copy, text, cut);
        struct outcome outcome = show(copy, cut, 0, 0, &whole);
        struct outcome again = show(copy, cut, 1, 0, &small);
        assert_int_equal(outcome.end, again.end);
        assert_string_equal(whole.length > 0 ? buffer_text(&whole) : "", small.length > 0 ? buffer_text(&small) : "");
        if (cut >= sizeof text - 1) {
            assert_int_equal(outcome.end, cut == sizeof text - 1 ? JSON_END : JSON_ERROR); /* then: the NUL */
        } else if (cut > 3) {
            assert_int_equal(outcome.end, JSON_TRUNCATED);
        } else {
            assert_int_equal(outcome.documents, 0);
        }
        free(copy);
        buffer_free(&whole);
        buffer_free(&small);
    }
}

static void test_places(void **state) {
    (void)state;
    static const char text[] = "{\n  \"a\": [\r\n 12, \"x\" ]\n}\n";
    static const struct {
        enum json_event event;
        uint64_t line, column, offset, length;
    } places[] = {
        {JSON_OBJECT_BEGIN, 1, 1, 0, 1}, {JSON_KEY, 2, 3, 4, 3},     {JSON_ARRAY_BEGIN, 2, 8, 9, 1},
        {JSON_NUMBER, 3, 2, 13, 2},      {JSON_STRING, 3, 6, 17, 3}, {JSON_ARRAY_END, 3, 10, 21, 1},
        {JSON_OBJECT_END, 4, 1, 23, 1},
    };
    for (size_t most = 0; most < 3; most++) {
        struct byte_source_memory memory;
        byte_source_memory(&memory, text, sizeof text - 1);
        memory.most = most;
        struct json *json = json_open(&memory.source);
        for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
            assert_int_equal(json_next(json), places[i].event);
            assert_int_equal(json_line(json), places[i].line);
            assert_int_equal(json_column(json), places[i].column);
            assert_int_equal(json_offset(json), places[i].offset);
            assert_int_equal(json_end_offset(json) - json_offset(json), places[i].length);
        }
        json_close(json);
    }
}

static void test_line_delimited(void **state) {
    (void)state;
    /* Lines 2, 3 and 5 are malformed; line 3 runs on into line 4, which is good by itself. */
    static const char text[] = "{\"a\":1}\n{\"a\":}\n{\"a\":\n{\"a\":2}\nx\n{\"a\":3}";
    for (size_t most = 0; most < 3; most++) {
        struct byte_source_memory memory;
        size_t documents = 0;
        size_t errors = 0;
        enum json_event event;
        byte_source_memory(&memory, text, sizeof text - 1);
        memory.most = most;
        struct json *json = json_open(&memory.source);
        json_expect_lines(json);
        while ((event = json_next(json)) != JSON_END) {
            assert_int_not_equal(event, JSON_TRUNCATED);
            documents += event == JSON_DOCUMENT_END;
            if (event == JSON_ERROR) {
                errors++;
                json_resynchronise(json);
            }
        }
        assert_int_equal(documents, 3);
        assert_int_equal(errors, 3);
        json_close(json);
    }
}

static void test_holding(void **state) {
    (void)state;
    static const char text[] = "[1, {\"a\": [2, 3]}, 4]";
    struct byte_source_memory memory;
    byte_source_memory(&memory, text, sizeof text - 1);
    memory.most = 1;
    struct json *json = json_open(&memory.source);
    assert_int_equal(json_next(json), JSON_ARRAY_BEGIN);
    assert_int_equal(json_next(json), JSON_NUMBER);
    assert_int_equal(json_next(json), JSON_OBJECT_BEGIN);
    json_hold(json);
    uint64_t from = json_offset(json);
    assert_true(json_skip(json));
    uint64_t length = json_end_offset(json) - from;
    assert_int_equal(length, strlen("{\"a\": [2, 3]}"));
    assert_memory_equal(json_held(json, from, length), "{\"a\": [2, 3]}", length);
    assert_null(json_held(json, from - 1, 1));
    assert_null(json_held(json, from, 1000));
    json_release(json);
    assert_null(json_held(json, from, 1));
    assert_int_equal(json_next(json), JSON_NUMBER);
    json_close(json);
}

static void test_string_longer_than_the_limit(void **state) {
    (void)state;
    size_t length = (size_t)LIMIT_RECORD_BYTES + 1000;
    char *text = malloc(length + 2);
    assert_non_null(text);
    memset(text, 'x', length);
    memcpy(text, "[\"", 2);
    memcpy(text + length, "\"]", 2);
    assert_int_equal(show(text, length + 2, 0, 0, NULL).end, JSON_ERROR);
    assert_int_equal(show(text, length + 2, 0, 1, NULL).end, JSON_END); /* passed over, it costs nothing */
    free(text);
}

static ssize_t give_error(struct byte_source *source, void *into, size_t capacity) {
    (void)source;
    (void)into;
    (void)capacity;
    errno = EIO;
    return -1;
}

static void test_failing_source(void **state) {
    (void)state;
    struct byte_source source = {.read = give_error};
    struct json *json = json_open(&source);
    assert_int_equal(json_next(json), JSON_READ_FAILED);
    assert_int_equal(json_next(json), JSON_READ_FAILED);
    assert_int_equal(json_system_error(json), EIO);
    json_close(json);
    json_close(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_events),
        cmocka_unit_test(test_skipping),
        cmocka_unit_test(test_skipping_after_a_key),
        cmocka_unit_test(test_agrees_with_jansson),
        cmocka_unit_test(test_differs_from_jansson),
        cmocka_unit_test(test_depth),
        cmocka_unit_test(test_utf16_is_told),
        cmocka_unit_test(test_cut_everywhere),
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_line_delimited),
        cmocka_unit_test(test_holding),
        cmocka_unit_test(test_string_longer_than_the_limit),
        cmocka_unit_test(test_failing_source),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
