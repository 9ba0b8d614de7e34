#include "base/business_day.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static int64_t day_of(const char *text) {
    struct span span;

    assert_true(datetime_span(text, strlen(text), &span));
    return span.from;
}

static void expect(int64_t day, const char *text) {
    char shown[DATETIME_ISO_BYTES];

    datetime_date(day, shown);
    assert_string_equal(shown, text);
}

/* 2025-12-25 was a Thursday, 2026-01-01 a Thursday, 2026-01-17 a Saturday (cal 2026). */
static void weekends_and_holidays_are_none(void **state) {
    (void)state;
    int64_t holidays[] = {day_of("2025-12-25"), day_of("2025-12-26"), day_of("2026-01-01")};
    const struct datetime_days days = {holidays, 3};
    const struct datetime_days plain = {NULL, 0};

    assert_true(datetime_business_day(&plain, day_of("2025-12-25")));
    assert_false(datetime_business_day(&days, day_of("2025-12-25")));
    assert_false(datetime_business_day(&days, day_of("2025-12-26")));
    assert_false(datetime_business_day(&days, day_of("2025-12-27")));
    assert_true(datetime_business_day(&days, day_of("2025-12-24")));
    assert_true(datetime_business_day(&days, day_of("2025-12-29")));
    assert_false(datetime_business_day(&days, day_of("2026-01-01")));
    assert_false(datetime_business_day(&plain, day_of("2026-01-18")));
}

static void counting_skips_them(void **state) {
    (void)state;
    int64_t holidays[] = {day_of("2025-12-25"), day_of("2025-12-26"), day_of("2026-01-01")};
    const struct datetime_days days = {holidays, 3};
    const struct datetime_days plain = {NULL, 0};

    expect(business_day_from(&days, day_of("2025-12-25")), "2025-12-29");
    expect(business_day_from(&days, day_of("2025-12-24")), "2025-12-24");
    expect(business_day_after(&days, day_of("2025-12-24"), 0), "2025-12-24");
    expect(business_day_after(&days, day_of("2025-12-24"), 1), "2025-12-29");
    expect(business_day_after(&days, day_of("2025-12-27"), 1), "2025-12-29"); /* a Saturday: Monday is the first */
    expect(business_day_after(&days, day_of("2025-12-31"), 1), "2026-01-02");
    expect(business_day_after(&plain, day_of("2025-12-31"), 10), "2026-01-14");
    expect(business_day_after(&plain, day_of("2026-01-14"), 34), "2026-03-03"); /* the last day of seven weeks */
    expect(business_day_before(&days, day_of("2025-12-29")), "2025-12-24");
    expect(business_day_before(&plain, day_of("2026-01-19")), "2026-01-16");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weekends_and_holidays_are_none),
        cmocka_unit_test(counting_skips_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
