#include "config/request_words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static void plain(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"Request #", "request #"},
        {"  REQUEST_#  ", "request #"},
        {"Due-Date:", "due date"},
        {"", ""},
        {" - ", ""},
        {"Gr\xc3\xb6\xc3\x9f"
         "e",
         "gr\xc3\xb6\xc3\x9f"
         "e"},
        {"a\xc2\xa0 b", "a b"},
        {"CC6.1-01", "cc6 1 01"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buffer out = {0};
        request_words_plain(&out, cases[i][0]);
        assert_string_equal(buffer_text(&out), cases[i][1]);
        buffer_free(&out);
    }
}

static void find(void **state) {
    (void)state;
    const char *first[] = {"due date", "deadline"};
    const char *second[] = {"status"};
    const struct text_list lists[] = {{first, 2}, {second, 1}};
    const char *near = NULL;
    assert_int_equal(request_words_find(lists, 2, "Due_Date", &near), 0);
    assert_int_equal(request_words_find(lists, 2, "STATUS", &near), 1);
    assert_null(near);
    assert_int_equal(request_words_find(lists, 2, "Sttaus", &near), 2);
    assert_string_equal(near, "status");
    assert_int_equal(request_words_find(lists, 2, "owner of the request", &near), 2);
    assert_null(near);
    assert_int_equal(request_words_find(lists, 2, "", NULL), 2);
}

static void hold(void **state) {
    (void)state;
    assert_true(request_words_hold("Listing of all terminated employees, 2025", "terminated employee"));
    assert_true(request_words_hold("change", "changes"));
    assert_true(request_words_hold("Population: NEW-HIRES", "new hires"));
    assert_false(request_words_hold("terminated by employees", "terminated employees"));
    assert_false(request_words_hold("exchange", "change"));
    assert_false(request_words_hold("new", "new hires"));
    assert_false(request_words_hold("", "new"));
    assert_false(request_words_hold("new", ""));
    assert_false(request_words_hold("as", "a")); /* a plural has more than a letter */
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(plain), cmocka_unit_test(find), cmocka_unit_test(hold)};
    return cmocka_run_group_tests_name("request_words", tests, NULL, NULL);
}
