#include "base/datetime.h"
#include "read/request_list.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static void days(void **state) {
    (void)state;
    static const struct {
        const char *text;
        enum request_dates order;
        const char *day; /* NULL: none; "": one of two */
    } cases[] = {
        {"2026-01-31", REQUEST_DATES_PLAIN, "2026-01-31"},
        {"2026-01-31T23:59:00-08:00", REQUEST_DATES_PLAIN, "2026-01-31"},
        {"2024-02-29", REQUEST_DATES_PLAIN, "2024-02-29"},
        {"2025-02-29", REQUEST_DATES_PLAIN, NULL},
        {"31 Jan 2026", REQUEST_DATES_PLAIN, "2026-01-31"},
        {"31-Jan-2026", REQUEST_DATES_PLAIN, "2026-01-31"},
        {"January 31, 2026", REQUEST_DATES_PLAIN, "2026-01-31"},
        {"Sept. 1st, 2026", REQUEST_DATES_PLAIN, "2026-09-01"},
        {"Sat, 31 January 2026", REQUEST_DATES_PLAIN, "2026-01-31"},
        {"31 Foo 2026", REQUEST_DATES_PLAIN, NULL},
        {"31 Jan 26", REQUEST_DATES_PLAIN, "2026-01-31"},
        {"9-Jan-26", REQUEST_DATES_PLAIN, "2026-01-09"},
        {"Jan 31, 26", REQUEST_DATES_PLAIN, NULL},
        {"31 Jan +6", REQUEST_DATES_PLAIN, NULL},
        {"31 Jan 126", REQUEST_DATES_PLAIN, NULL},
        {"31 Jan", REQUEST_DATES_PLAIN, NULL},
        {"Jan 2026", REQUEST_DATES_PLAIN, NULL},
        {"30 Feb 2026", REQUEST_DATES_PLAIN, NULL},
        {"31/12/2025", REQUEST_DATES_PLAIN, "2025-12-31"},
        {"12/31/2025", REQUEST_DATES_PLAIN, "2025-12-31"},
        {"31.12.2025", REQUEST_DATES_PLAIN, "2025-12-31"},
        {"05-05-2026", REQUEST_DATES_PLAIN, "2026-05-05"},
        {"01/02/2026", REQUEST_DATES_PLAIN, ""},
        {"01/02/2026", REQUEST_DATES_DAY_FIRST, "2026-02-01"},
        {"01/02/2026", REQUEST_DATES_MONTH_FIRST, "2026-01-02"},
        {"31/12/2025", REQUEST_DATES_MONTH_FIRST, NULL},
        {"12/31/2025", REQUEST_DATES_DAY_FIRST, NULL},
        {"1/2/26", REQUEST_DATES_DAY_FIRST, NULL},
        {"13/13/2026", REQUEST_DATES_PLAIN, NULL},
        {"31/11/2026", REQUEST_DATES_PLAIN, NULL},
        {"01/02.2026", REQUEST_DATES_DAY_FIRST, NULL},
        {"01/02/2026x", REQUEST_DATES_DAY_FIRST, NULL},
        {"+1/02/2026", REQUEST_DATES_DAY_FIRST, NULL},
        {"soon", REQUEST_DATES_PLAIN, NULL},
        {"46031", REQUEST_DATES_PLAIN, NULL},
        {"", REQUEST_DATES_PLAIN, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t day = 0;
        char shown[DATETIME_ISO_BYTES];
        enum request_list_day found = request_list_day(cases[i].text, cases[i].order, &day);
        if (cases[i].day == NULL) {
            assert_int_equal(found, REQUEST_LIST_NO_DAY);
        } else if (*cases[i].day == '\0') {
            assert_int_equal(found, REQUEST_LIST_TWO_DAYS);
        } else {
            assert_int_equal(found, REQUEST_LIST_DAY);
            datetime_date(day, shown);
            assert_string_equal(shown, cases[i].day);
        }
    }
}

static void list(void **state) {
    (void)state;
    static const char text[] =
        "\xef\xbb\xbfOur requests;;\r\nNo.;Asked;By\r\n\" 7 \";\"a  \"\"b\"\"\nc\";3 Feb 2026\r\n;;\r\nHeading;;\r\n";
    const char *ids[] = {"no"};
    const char *descriptions[] = {"asked"};
    const char *dues[] = {"by"};
    struct request_words words = {.given = true};
    words.columns[REQUEST_ID] = (struct text_list){ids, 1};
    words.columns[REQUEST_DESCRIPTION] = (struct text_list){descriptions, 1};
    words.columns[REQUEST_DUE] = (struct text_list){dues, 1};
    struct arena *arena = arena_new();
    struct diagnostics *diagnostics = diagnostics_new();
    struct request_list found;
    struct request_list_source source = {.path = "list.csv", .bytes = text, .length = sizeof text - 1, .words = &words};
    assert_true(request_list_read(arena, &source, &found, diagnostics));
    assert_int_equal(found.count, 1);
    assert_string_equal(found.items[0].id, "7");
    assert_string_equal(found.items[0].cells[REQUEST_DESCRIPTION], "a \"b\" c");
    assert_string_equal(found.items[0].cells[REQUEST_CONTROL], "");
    assert_int_equal(found.items[0].asks, REQUEST_ASKS_COUNT);
    assert_int_equal(found.items[0].status, REQUEST_OPEN);
    assert_int_equal(found.items[0].place.line, 3);
    assert_int_equal(diagnostics_count_id(diagnostics, DIAGNOSTIC_REQUEST_UNREAD), 1); /* the heading */
    assert_int_equal(diagnostics_count(diagnostics, DIAGNOSTIC_WARNING), 0);

    /* Cut anywhere, it is the same request, or none; never another one. */
    for (size_t length = 0; length < sizeof text - 1; length++) {
        struct diagnostics *cut = diagnostics_new();
        source.length = length;
        if (request_list_read(arena, &source, &found, cut)) {
            assert_int_equal(found.count, 1);
            assert_string_equal(found.items[0].id, "7");
        } else {
            assert_true(diagnostics_count(cut, DIAGNOSTIC_SETUP) > 0);
        }
        diagnostics_free(cut);
    }
    diagnostics_free(diagnostics);
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(days), cmocka_unit_test(list)};
    return cmocka_run_group_tests_name("request_list", tests, NULL, NULL);
}
