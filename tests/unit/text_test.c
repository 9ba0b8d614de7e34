#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static void utf8_validity(void **state) {
    (void)state;
    /* The well-formed and ill-formed sequences of RFC 3629, sections 3 and 4. */
    static const char *const good[] = {"",
                                       "plain",
                                       "\xC2\x80",
                                       "\xDF\xBF",
                                       "\xE0\xA0\x80",
                                       "\xED\x9F\xBF",
                                       "\xEE\x80\x80",
                                       "\xEF\xBF\xBF",
                                       "\xF0\x90\x80\x80",
                                       "\xF4\x8F\xBF\xBF"};
    static const struct {
        const char *bytes;
        size_t offset;
    } bad[] = {
        {"\x80", 0},
        {"a\xFF", 1},
        {"\xC0\x80", 0},
        {"\xC1\xBF", 0},
        {"\xE0\x9F\xBF", 0},
        {"\xED\xA0\x80", 0},
        {"\xF0\x8F\xBF\xBF", 0},
        {"\xF4\x90\x80\x80", 0},
        {"ab\xE2\x82", 2},
        {"\xF5\x80\x80\x80", 0},
        {"\xC2"
         "A",
         0},
    };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_true(text_utf8_valid(good[i], strlen(good[i]), NULL));
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        size_t offset = 99;
        assert_false(text_utf8_valid(bad[i].bytes, strlen(bad[i].bytes), &offset));
        assert_int_equal(offset, bad[i].offset);
    }
}

static void utf8_round_trip(void **state) {
    (void)state;
    for (uint32_t c = 0; c <= 0x10FFFF; c += c < 0x1000 ? 1 : 61) {
        struct buffer buffer = {0};
        text_utf8_append(&buffer, c);
        size_t position = 0;
        bool surrogate = c >= 0xD800 && c <= 0xDFFF;
        assert_int_equal(text_utf8_next(buffer.data, buffer.length, &position), surrogate ? 0xFFFD : c);
        assert_int_equal(position, buffer.length);
        buffer_free(&buffer);
    }
    const char *malformed = "\xE2\x82"
                            "A";
    size_t position = 0;
    assert_int_equal(text_utf8_next(malformed, 3, &position), 0xFFFD);
    assert_int_equal(position, 1);
    assert_int_equal(text_utf8_next(malformed, 3, &position), 0xFFFD);
    assert_int_equal(text_utf8_next(malformed, 3, &position), 'A');
    assert_int_equal(position, 3);
}

static void assert_appended(void (*append)(struct buffer *out, const char *bytes, size_t length), const char *bytes,
                            size_t length, const char *expected) {
    struct buffer out = {0};
    append(&out, bytes, length);
    assert_string_equal(buffer_text(&out), expected);
    buffer_free(&out);
}

static void json_strings(void **state) {
    (void)state;
    assert_appended(text_json_string, "", 0, "\"\"");
    assert_appended(text_json_string, "a\"b\\c/", 6, "\"a\\\"b\\\\c/\"");
    assert_appended(text_json_string, "\b\f\n\r\t\0\x1f\x7f", 8, "\"\\b\\f\\n\\r\\t\\u0000\\u001f\x7f\"");
    assert_appended(text_json_string, "\xC3\xA9\xFF", 3, "\"\xC3\xA9\xEF\xBF\xBD\"");
}

static void xml_escapes(void **state) {
    (void)state;
    assert_appended(text_xml_escape, "<a b=\"c\" d='e'>&", 16, "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;");
    assert_appended(text_xml_escape, "\t\n\r", 3, "\t\n\r");
    assert_appended(text_xml_escape, "a\0\x01\x1b", 4, "a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    assert_appended(text_xml_escape, "\xEF\xBF\xBF\xFE", 4, "\xEF\xBF\xBD\xEF\xBF\xBD");
    assert_appended(text_xml_escape, "\xF0\x9F\x98\x80", 4, "\xF0\x9F\x98\x80");
}

struct named {
    const char *name;
    int number;
};

static void nearest_word(void **state) {
    (void)state;
    static const struct named names[] = {{"severity", 1}, {"tolerable", 2}, {"title", 3}, {"query", 4}, {"id", 5}};
    size_t count = sizeof names / sizeof names[0];
    assert_string_equal(text_nearest("severty", names, count, sizeof names[0]), "severity");
    assert_string_equal(text_nearest("tolerabel", names, count, sizeof names[0]), "tolerable");
    assert_string_equal(text_nearest("TITLE", names, count, sizeof names[0]), "title");
    assert_string_equal(text_nearest("titel", names, count, sizeof names[0]), "title");
    assert_string_equal(text_nearest("ID", names, count, sizeof names[0]), "id");
    assert_null(text_nearest("owner", names, count, sizeof names[0]));
    assert_null(text_nearest("", names, count, sizeof names[0]));
    assert_null(text_nearest("severty", names, 0, sizeof names[0]));
    char longest[200];
    memset(longest, 's', sizeof longest);
    longest[199] = '\0';
    assert_null(text_nearest(longest, names, count, sizeof names[0]));
}

static void order(void **state) {
    (void)state;
    assert_true(text_compare("a", 1, "b", 1) < 0);
    assert_true(text_compare("ab", 2, "a", 1) > 0);
    assert_true(text_compare("a\0b", 3, "a\0a", 3) > 0);
    assert_true(text_compare("\xC3", 1, "z", 1) > 0);
    assert_int_equal(text_compare(NULL, 0, NULL, 0), 0);
}

static void names(void **state) {
    (void)state;
    assert_true(text_is_name("account_mfa2", false));
    assert_true(text_is_name("a", false));
    assert_true(text_is_name("github-pull.request", true));
    assert_false(text_is_name("github-pull", false));
    assert_false(text_is_name("", true));
    assert_false(text_is_name("2fa", true));
    assert_false(text_is_name("_x", true));
    assert_false(text_is_name("Account", true));
    assert_false(text_is_name("a b", true));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(utf8_validity), cmocka_unit_test(utf8_round_trip), cmocka_unit_test(json_strings),
        cmocka_unit_test(xml_escapes),   cmocka_unit_test(nearest_word),    cmocka_unit_test(order),
        cmocka_unit_test(names),
    };
    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
