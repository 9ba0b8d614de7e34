#include "base/csv_cell.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static void texts(void **state) {
    (void)state;
    static const struct {
        const char *text;
        const char *cell;
        bool defused;
    } cases[] = {
        {"", "", false},
        {"plain", "plain", false},
        {"a,b", "\"a,b\"", false},
        {"say \"so\"", "\"say \"\"so\"\"\"", false},
        {"two\nlines", "\"two\nlines\"", false},
        {"return\r", "\"return\r\"", false},
        {" blank around ", "\" blank around \"", false},
        {"=1+1", "'=1+1", true},
        {"+1", "'+1", true},
        {"-1", "'-1", true},
        {"@x", "'@x", true},
        {"\tx", "'\tx", true},
        {"\n=1", "\"'\n=1\"", true},
        {"  =1", "\"'  =1\"", true},
        {"=a,\"b\"", "\"'=a,\"\"b\"\"\"", true},
        {"\xef\xbc\x9d"
         "1",
         "'\xef\xbc\x9d"
         "1",
         true},
        {"'=1", "'=1", false}, /* it is a text already */
        {"1-1", "1-1", false},
        {"caf\xc3\xa9", "caf\xc3\xa9", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buffer out = {0};
        assert_int_equal(csv_cell_text(&out, cases[i].text, strlen(cases[i].text)), cases[i].defused);
        assert_string_equal(buffer_text(&out), cases[i].cell);
        buffer_free(&out);
    }
}

static void numbers(void **state) {
    (void)state;
    struct buffer out = {0};
    csv_cell_number(&out, "-5");
    assert_string_equal(buffer_text(&out), "-5");
    buffer_free(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(texts), cmocka_unit_test(numbers)};
    return cmocka_run_group_tests_name("csv_cell", tests, NULL, NULL);
}
