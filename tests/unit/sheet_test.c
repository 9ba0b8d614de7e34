#include "read/sheet.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The dates of ISO/IEC 29500-1, 18.17.4, and days counted by hand. */
static void days_and_times(void **state) {
    (void)state;
    static const struct {
        double serial;
        enum workbook_style style;
        bool epoch_1904;
        const char *text; /* NULL: none */
    } cases[] = {
        {1, WORKBOOK_DATE, false, "1900-01-01"},
        {59, WORKBOOK_DATE, false, "1900-02-28"},
        {60, WORKBOOK_DATE, false, NULL}, /* there was no 29 February 1900 */
        {61, WORKBOOK_DATE, false, "1900-03-01"},
        {0, WORKBOOK_DATE, false, NULL},
        {2, WORKBOOK_DATE, true, "1904-01-03"},
        {0, WORKBOOK_DATE, true, "1904-01-01"},
        {45961, WORKBOOK_DATE, false, "2025-10-31"},
        {44453, WORKBOOK_DATE, true, "2025-09-15"},
        {45961, WORKBOOK_MOMENT, false, "2025-10-31T00:00:00"},
        {45961.25, WORKBOOK_MOMENT, false, "2025-10-31T06:00:00"},
        {45961.25, WORKBOOK_DATE, false, "2025-10-31T06:00:00"}, /* what the format hides is there all the same */
        {45961.333333333336, WORKBOOK_MOMENT, false, "2025-10-31T08:00:00"},
        {45961.99999999, WORKBOOK_MOMENT, false, "2025-11-01T00:00:00"},
        {0.5, WORKBOOK_MOMENT, false, "12:00:00"},
        {0.999994, WORKBOOK_MOMENT, false, "23:59:59"},
        {2958465, WORKBOOK_DATE, false, "9999-12-31"},
        {2958466, WORKBOOK_DATE, false, NULL},
        {2957003, WORKBOOK_DATE, true, "9999-12-31"},
        {2957004, WORKBOOK_DATE, true, NULL},
        {-1, WORKBOOK_DATE, false, NULL},
        {INFINITY, WORKBOOK_DATE, false, NULL},
        {NAN, WORKBOOK_DATE, false, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[SHEET_TIME_BYTES];
        bool found = sheet_time(cases[i].serial, cases[i].style, cases[i].epoch_1904, text);
        assert_int_equal(found, cases[i].text != NULL);
        if (found) {
            assert_string_equal(text, cases[i].text);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_and_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
