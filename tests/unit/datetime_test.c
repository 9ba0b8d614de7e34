#include "base/datetime.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

/* The expected counts of seconds were computed with Python's datetime. */

#define DAY       86400
#define HOUR      3600
#define OCT_1     1759276800 /* 2025-10-01T00:00:00Z, a Wednesday */
#define OCT_1_8H  1759305600
#define DEC_31    1767139200 /* 2025-12-31T00:00:00Z */
#define ZONE_NONE DATETIME_ZONE_UNDECLARED

static void calendar_both_ways(void **state) {
    (void)state;
    static const struct {
        struct civil civil;
        int64_t seconds;
        int weekday;
    } cases[] = {
        {{1970, 1, 1, 0, 0, 0}, 0, 3},
        {{1969, 12, 31, 23, 59, 59}, -1, 2},
        {{2025, 10, 1, 8, 0, 0}, OCT_1_8H, 2},
        {{2000, 2, 29, 23, 59, 59}, 951868799, 1},
        {{1900, 3, 1, 0, 0, 0}, -2203891200, 3},
        {{2100, 2, 28, 12, 30, 45}, 4107501045, 6},
        {{1600, 12, 31, 0, 0, 0}, -11644560000, 6},
        {{1, 1, 1, 0, 0, 0}, -62135596800, 0},
        {{0, 1, 1, 0, 0, 0}, -719528ll * DAY, 5},
        {{9999, 12, 31, 23, 59, 59}, 253402300799, 4},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_true(datetime_civil_valid(&cases[i].civil));
        assert_true(datetime_from_civil(&cases[i].civil) == cases[i].seconds);
        struct civil civil = datetime_to_civil(cases[i].seconds);
        assert_true(civil.year == cases[i].civil.year);
        assert_int_equal(civil.month, cases[i].civil.month);
        assert_int_equal(civil.day, cases[i].civil.day);
        assert_int_equal(civil.hour, cases[i].civil.hour);
        assert_int_equal(civil.minute, cases[i].civil.minute);
        assert_int_equal(civil.second, cases[i].civil.second);
        assert_int_equal(datetime_weekday(cases[i].seconds), cases[i].weekday);
    }
}

/* Walks 800 years day by day: each day follows the one before, and the way back agrees. */
static void every_day_follows_the_last(void **state) {
    (void)state;
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    struct civil expected = {1600, 1, 1, 0, 0, 0};
    int64_t seconds = datetime_from_civil(&expected);
    while (expected.year < 2400) {
        struct civil civil = datetime_to_civil(seconds);
        assert_true(civil.year == expected.year && civil.month == expected.month && civil.day == expected.day);
        assert_true(datetime_from_civil(&civil) == seconds);
        bool leap = expected.year % 4 == 0 && (expected.year % 100 != 0 || expected.year % 400 == 0);
        if (++expected.day > lengths[expected.month - 1] + (expected.month == 2 && leap)) {
            expected.day = 1;
            if (++expected.month > 12) {
                expected.month = 1;
                expected.year++;
            }
        }
        seconds += DAY;
    }
}

static void any_integer_is_safe(void **state) {
    (void)state;
    static const int64_t extremes[] = {INT64_MIN, INT64_MIN + 1, INT64_MAX, INT64_MAX - 1};
    char text[DATETIME_ISO_BYTES];
    for (size_t i = 0; i < 4; i++) {
        datetime_iso(extremes[i], text);
        datetime_date(extremes[i], text);
        datetime_weekday(extremes[i]);
        assert_true(datetime_day_start(extremes[i]) <= extremes[i]);
        assert_true(datetime_month_start(extremes[i]) <= extremes[i]);
        datetime_add_months(extremes[i], 1);
        datetime_add_months(extremes[i], -1);
    }
    datetime_iso(INT64_MAX, text);
    assert_string_equal(text, "292277026596-12-04T15:30:07Z");
}

static void starts_and_months(void **state) {
    (void)state;
    assert_true(datetime_day_start(OCT_1_8H) == OCT_1);
    assert_true(datetime_day_start(-1) == -DAY);
    assert_true(datetime_day_start(OCT_1) == OCT_1);
    assert_true(datetime_month_start(1759708800 + 5) == OCT_1);
    assert_true(datetime_add_months(DEC_31 + 61, 2) == 1772236800 + 61); /* 2026-02-28 */
    assert_true(datetime_add_months(1709164800, -12) == 1677542400);     /* 2024-02-29 to 2023-02-28 */
    assert_true(datetime_add_months(OCT_1, -9) == 1735689600);
    assert_true(datetime_add_months(OCT_1, 3) == 1767225600);
}

static void prints(void **state) {
    (void)state;
    char text[DATETIME_ISO_BYTES];
    datetime_iso(OCT_1_8H, text);
    assert_string_equal(text, "2025-10-01T08:00:00Z");
    datetime_date(OCT_1_8H, text);
    assert_string_equal(text, "2025-10-01");
    datetime_iso(-62135596800, text);
    assert_string_equal(text, "0001-01-01T00:00:00Z");
}

struct good {
    enum datetime_format format;
    const char *text;
    int32_t offset;
    int64_t seconds;
};

static const struct good good_times[] = {
    {DATETIME_ISO, "2025-10-01T08:00:00Z", ZONE_NONE, OCT_1_8H},
    {DATETIME_ISO, "2025-10-01t08:00:00z", ZONE_NONE, OCT_1_8H},
    {DATETIME_ISO, "2025-10-01 08:00:00Z", ZONE_NONE, OCT_1_8H},
    {DATETIME_ISO, "2025-10-01T08:00Z", ZONE_NONE, OCT_1_8H},
    {DATETIME_ISO, "2025-10-01T10:30:00+02:30", ZONE_NONE, OCT_1_8H},
    {DATETIME_ISO, "2025-10-01T10:00:00+0200", ZONE_NONE, OCT_1_8H},
    {DATETIME_ISO, "2025-10-01T10:00:00+02", ZONE_NONE, OCT_1_8H},
    {DATETIME_ISO, "2025-09-30T22:00:00-10:00", ZONE_NONE, OCT_1_8H},
    {DATETIME_ISO, "2025-10-01T08:00:00-00:00", ZONE_NONE, OCT_1_8H},
    {DATETIME_ISO, "2025-10-01 08:00:00 +0000", ZONE_NONE, OCT_1_8H},
    {DATETIME_ISO, "2025-10-01 08:00:00 UTC", ZONE_NONE, OCT_1_8H},
    {DATETIME_ISO, "2025-10-01T08:00:00.9Z", ZONE_NONE, OCT_1_8H},
    {DATETIME_ISO, "2025-10-01T08:00:00,123456789012345678901234567890Z", ZONE_NONE, OCT_1_8H},
    {DATETIME_ISO, "2025-10-01T08:00:00", 0, OCT_1_8H},
    {DATETIME_ISO, "2025-10-01T10:00:00", 2 * HOUR, OCT_1_8H},
    {DATETIME_ISO, "2025-10-01T08:00:00Z", 5 * HOUR, OCT_1_8H},
    {DATETIME_ISO, "2025-10-01", ZONE_NONE, OCT_1},
    {DATETIME_ISO, "2025-10-01", 2 * HOUR, OCT_1 - 2 * HOUR},
    {DATETIME_ISO, "2025-10-01", -5 * HOUR, OCT_1 + 5 * HOUR},
    {DATETIME_ISO, "2024-02-29", ZONE_NONE, 1709164800},
    {DATETIME_ISO, "2016-12-31T23:59:60Z", ZONE_NONE, 1483228800},
    {DATETIME_ISO, "2016-12-31T23:59:60.5Z", ZONE_NONE, 1483228800},
    {DATETIME_ISO, "1969-12-31T23:59:59.5Z", ZONE_NONE, -1},
    {DATETIME_ISO, "0001-01-01T00:00:00Z", ZONE_NONE, -62135596800},
    {DATETIME_EPOCH, "1759305600", ZONE_NONE, OCT_1_8H},
    {DATETIME_EPOCH, "1759305600.999", ZONE_NONE, OCT_1_8H},
    {DATETIME_EPOCH, "+0", 3 * HOUR, 0},
    {DATETIME_EPOCH, "-1", ZONE_NONE, -1},
    {DATETIME_EPOCH, "-1.0", ZONE_NONE, -1},
    {DATETIME_EPOCH, "-1.001", ZONE_NONE, -2},
    {DATETIME_EPOCH, "-0.5", ZONE_NONE, -1},
    {DATETIME_EPOCH_MS, "1759305600000", ZONE_NONE, OCT_1_8H},
    {DATETIME_EPOCH_MS, "1759305600999.75", ZONE_NONE, OCT_1_8H},
    {DATETIME_EPOCH_MS, "-1", ZONE_NONE, -1},
    {DATETIME_EPOCH_MS, "-1000", ZONE_NONE, -1},
    {DATETIME_EPOCH_MS, "-1000.5", ZONE_NONE, -2},
    {DATETIME_COMPACT, "20251001080000Z", ZONE_NONE, OCT_1_8H},
    {DATETIME_COMPACT, "20251001T080000Z", ZONE_NONE, OCT_1_8H},
    {DATETIME_COMPACT, "20251001080000.0Z", ZONE_NONE, OCT_1_8H},
    {DATETIME_COMPACT, "202510010800Z", ZONE_NONE, OCT_1_8H},
    {DATETIME_COMPACT, "20251001100000+0200", ZONE_NONE, OCT_1_8H},
    {DATETIME_COMPACT, "20251001080000", 0, OCT_1_8H},
    {DATETIME_COMPACT, "20251001", ZONE_NONE, OCT_1},
    {DATETIME_SYSLOG, "2025-10-01T08:00:00.003Z", ZONE_NONE, OCT_1_8H},
    {DATETIME_CTIME, "Wed Oct  1 08:00:00 2025", 0, OCT_1_8H},
    {DATETIME_CTIME, "Wed Oct 1 10:00:00 2025 +0200", ZONE_NONE, OCT_1_8H},
    {DATETIME_CTIME, "Wed Oct  1 08:00:00 UTC 2025", ZONE_NONE, OCT_1_8H},
    {DATETIME_CTIME, "Oct 01 2025", ZONE_NONE, OCT_1},
    {DATETIME_CTIME, "Tue Feb 11 22:10:39 2014 -0800", ZONE_NONE, 1392185439},
    {DATETIME_COMMON_LOG, "[01/Oct/2025:08:00:00 +0000]", ZONE_NONE, OCT_1_8H},
    {DATETIME_COMMON_LOG, "01/Oct/2025:10:00:00 +0200", ZONE_NONE, OCT_1_8H},
    {DATETIME_COMMON_LOG, "[04/May/2015:08:07:48]", 0, 1430726868},
    {DATETIME_DAY_FIRST, "31-12-2025", ZONE_NONE, DEC_31},
    {DATETIME_DAY_FIRST, "31/12/2025 15:04:05", 0, 1767193445},
    {DATETIME_DAY_FIRST, "31.12.2025 03:04 PM", 0, 1767193440},
    {DATETIME_DAY_FIRST, "1/10/2025 8:00", 0, OCT_1_8H},
    {DATETIME_DAY_FIRST, "31/12/2025 12:00:00 AM", 0, DEC_31},
    {DATETIME_DAY_FIRST, "31/12/2025 12:00pm", 0, DEC_31 + 12 * HOUR},
    {DATETIME_DAY_FIRST, "01/10/2025 08:00:00 UTC", ZONE_NONE, OCT_1_8H},
    {DATETIME_DAY_FIRST, "2025-10-01T08:00:00Z", ZONE_NONE, OCT_1_8H},
    {DATETIME_MONTH_FIRST, "2025-10-01 08:00:00", 0, OCT_1_8H},
    {DATETIME_MONTH_FIRST, "12/31/2025", ZONE_NONE, DEC_31},
    {DATETIME_MONTH_FIRST, "12/31/2025, 3:04:05 PM", 0, 1767193445},
    {DATETIME_MONTH_FIRST, "10/1/2025 3:00 AM", -5 * HOUR, OCT_1_8H},
    {DATETIME_RFC1123, "Wed, 01 Oct 2025 08:00:00 GMT", ZONE_NONE, OCT_1_8H},
    {DATETIME_RFC1123, "wed, 1 oct 2025 08:00 utc", ZONE_NONE, OCT_1_8H},
    {DATETIME_RFC1123, "Wed, 01 Oct 2025 10:00:00 +0200", ZONE_NONE, OCT_1_8H},
    {DATETIME_RFC1123, "01 Oct 2025 03:00:00 -0500", ZONE_NONE, OCT_1_8H},
    {DATETIME_RFC1123, "Wed, 01 Oct 2025 08:00:00", 0, OCT_1_8H},
};

static void reads_every_format(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof good_times / sizeof good_times[0]; i++) {
        const struct good *good = &good_times[i];
        int64_t seconds = 12345;
        enum datetime_result result =
            datetime_parse(good->text, strlen(good->text), good->format, good->offset, &seconds);
        if (result != DATETIME_OK || seconds != good->seconds) {
            fail_msg("%s: result %d, %lld", good->text, (int)result, (long long)seconds);
        }
    }
}

/* No input that is cut short is read past its end (the sanitizers watch) or leaves a value with an error. */
static void cut_anywhere(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof good_times / sizeof good_times[0]; i++) {
        const struct good *good = &good_times[i];
        for (size_t length = 0; length < strlen(good->text); length++) {
            char exact[64];
            memcpy(exact, good->text, length);
            int64_t seconds = 12345;
            enum datetime_result result = datetime_parse(exact, length, good->format, good->offset, &seconds);
            assert_true(result == DATETIME_OK || seconds == 12345);
        }
    }
}

static void refuses(void **state) {
    (void)state;
    static const struct {
        enum datetime_format format;
        const char *text;
    } bad[] = {
        {DATETIME_ISO, ""},
        {DATETIME_ISO, "2025-02-30"},
        {DATETIME_ISO, "2025-02-29"},
        {DATETIME_ISO, "2025-00-10"},
        {DATETIME_ISO, "2025-13-01"},
        {DATETIME_ISO, "2025-10-00"},
        {DATETIME_ISO, "2025-1-1"},
        {DATETIME_ISO, "25-10-01"},
        {DATETIME_ISO, "12025-10-01"},
        {DATETIME_ISO, "2025-10-01T24:00:00Z"},
        {DATETIME_ISO, "2025-10-01T25:00:00Z"},
        {DATETIME_ISO, "2025-10-01T08:60:00Z"},
        {DATETIME_ISO, "2025-10-01T08:00:61Z"},
        {DATETIME_ISO, "2025-10-01T08:00:00.Z"},
        {DATETIME_ISO, "2025-10-01T08Z"},
        {DATETIME_ISO, "2025-10-01T"},
        {DATETIME_ISO, "2025-10-01Z"},
        {DATETIME_ISO, "2025-10-01T08:00:00+2"},
        {DATETIME_ISO, "2025-10-01T08:00:00+02:"},
        {DATETIME_ISO, "2025-10-01T08:00:00+02:60"},
        {DATETIME_ISO, "2025-10-01T08:00:00+14:01"},
        {DATETIME_ISO, "2025-10-01T08:00:00ZZ"},
        {DATETIME_ISO, "2025-10-01T08:00:00 "},
        {DATETIME_ISO, " 2025-10-01"},
        {DATETIME_ISO, "2025/10/01"},
        {DATETIME_EPOCH, ""},
        {DATETIME_EPOCH, "-"},
        {DATETIME_EPOCH, "1."},
        {DATETIME_EPOCH, ".5"},
        {DATETIME_EPOCH, "1759305600Z"},
        {DATETIME_EPOCH, "1759305600000"}, /* milliseconds: the year 57719 */
        {DATETIME_EPOCH, "99999999999999999999"},
        {DATETIME_EPOCH_MS, "9223372036854775807"},
        {DATETIME_COMPACT, "2025100"},
        {DATETIME_COMPACT, "20250230080000Z"},
        {DATETIME_COMPACT, "2025100108Z"},
        {DATETIME_COMPACT, "20251001240000Z"},
        {DATETIME_DAY_FIRST, "12/31/2025"},
        {DATETIME_DAY_FIRST, "31/12/25"},
        {DATETIME_DAY_FIRST, "31/12-2025"},
        {DATETIME_DAY_FIRST, "31/12/2025 13:00 PM"},
        {DATETIME_DAY_FIRST, "31/12/2025 0:30 AM"},
        {DATETIME_DAY_FIRST, "31/12/202510:00"},
        {DATETIME_DAY_FIRST, "2025/10/01"},
        {DATETIME_DAY_FIRST, "311/12/2025"},
        {DATETIME_MONTH_FIRST, "2025-31-12"},
        {DATETIME_MONTH_FIRST, "31/12/2025"},
        {DATETIME_MONTH_FIRST, "12/31/25 10:00"},
        {DATETIME_RFC1123, "Tue, 01 Oct 2025 08:00:00 GMT"}, /* it was a Wednesday */
        {DATETIME_RFC1123, "Wed, 01 Oct 25 08:00:00 GMT"},
        {DATETIME_RFC1123, "Wed, 01 Okt 2025 08:00:00 GMT"},
        {DATETIME_RFC1123, "Wed, 01 Oct 2025 08:00:00 EST"},
        {DATETIME_RFC1123, "Wed, 01 Oct 2025"},
        {DATETIME_SYSLOG, "Feb 30 08:00:00"},
        {DATETIME_SYSLOG, "2025-10-01"},
        {DATETIME_SYSLOG, "Oct 1"},
        {DATETIME_CTIME, "Tue Oct  1 08:00:00 2025"}, /* it was a Wednesday */
        {DATETIME_CTIME, "Wed Oct  1 08:00:00"},
        {DATETIME_CTIME, "Wed Oct  1 08:00:00 PST 2025"},
        {DATETIME_COMMON_LOG, "[01/Oct/2025:08:00:00 +0000"},
        {DATETIME_COMMON_LOG, "01/10/2025:08:00:00 +0000"},
        {DATETIME_COMMON_LOG, "["},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        int64_t seconds = 12345;
        enum datetime_result result = datetime_parse(bad[i].text, strlen(bad[i].text), bad[i].format, 0, &seconds);
        if (result != DATETIME_MALFORMED || seconds != 12345) {
            fail_msg("%s was read as %lld", bad[i].text, (long long)seconds);
        }
    }
}

static void zoneless_times_need_a_zone(void **state) {
    (void)state;
    static const struct {
        enum datetime_format format;
        const char *text;
    } cases[] = {
        {DATETIME_ISO, "2025-10-01T08:00:00"},           {DATETIME_COMPACT, "20251001080000"},
        {DATETIME_DAY_FIRST, "01/10/2025 08:00"},        {DATETIME_MONTH_FIRST, "10/01/2025 8:00 AM"},
        {DATETIME_RFC1123, "Wed, 01 Oct 2025 08:00:00"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t seconds = 12345;
        assert_int_equal(datetime_parse(cases[i].text, strlen(cases[i].text), cases[i].format, ZONE_NONE, &seconds),
                         DATETIME_NO_ZONE);
        assert_int_equal(seconds, 12345);
    }
}

/* Which year a line without one belongs to follows from the span of its file. */
static void years_come_from_the_span(void **state) {
    (void)state;
    static const struct {
        const char *span;
        const char *text;
        int32_t offset;
        const char *expected; /* NULL: no single year */
    } cases[] = {
        {"2025-10", "Oct  1 08:00:00", 0, "2025-10-01T08:00:00Z"},
        {"2025-10", "Oct 31 23:30:00", -5 * HOUR, "2025-11-01T04:30:00Z"},
        {"2026-01", "Dec 10 06:55:46", 0, "2025-12-10T06:55:46Z"},
        {"2026-01", "Feb  1 00:05:00", 0, "2026-02-01T00:05:00Z"},
        {"2026-01", "Feb  2 00:05:00", 0, "2025-02-02T00:05:00Z"},
        {"2025-12", "Jan  1 00:05:00", 0, "2026-01-01T00:05:00Z"},
        {"2025", "Jan  1 00:30:00", HOUR, "2024-12-31T23:30:00Z"},
        {"2025", "Dec 31 23:59:59", 0, "2025-12-31T23:59:59Z"},
        {"2025-12-01..2026-02-28", "Dec 31 12:00:00", 0, "2025-12-31T12:00:00Z"},
        {"2025-12-01..2026-02-28", "Feb  1 12:00:00", 0, "2026-02-01T12:00:00Z"},
        {"2025-03", "Feb 29 12:00:00", 0, "2024-02-29T12:00:00Z"},
        {"2025-01-01..2026-03-31", "Feb  1 12:00:00", 0, NULL},
        {"2025-01-01..2026-03-31", "May  1 12:00:00", 0, "2025-05-01T12:00:00Z"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct span span;
        int64_t seconds = 0;
        char found[DATETIME_ISO_BYTES];
        size_t length = strlen(cases[i].text);
        assert_true(datetime_span(cases[i].span, strlen(cases[i].span), &span));
        enum datetime_result result =
            datetime_parse_within(cases[i].text, length, DATETIME_SYSLOG, cases[i].offset, &span, &seconds);
        assert_int_equal(result, cases[i].expected == NULL ? DATETIME_NO_YEAR : DATETIME_OK);
        datetime_iso(seconds, found);
        if (cases[i].expected != NULL) {
            assert_string_equal(found, cases[i].expected);
        }
        assert_int_equal(datetime_parse(cases[i].text, length, DATETIME_SYSLOG, 0, &seconds), DATETIME_NO_YEAR);
    }
}

static void zones(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int32_t offset;
    } good[] = {{"UTC", 0}, {"Z", 0}, {"+02:00", 7200}, {"-05:30", -19800}, {"+14:00", 50400}, {"-00:00", 0}};
    static const char *const bad[] = {"",       "utc",    "+2:00",         "+0200",  "02:00",
                                      "+15:00", "+02:60", "Europe/Berlin", "+02:000"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        int32_t offset = 1;
        assert_true(datetime_zone(good[i].text, &offset));
        assert_int_equal(offset, good[i].offset);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        int32_t offset = 1;
        assert_false(datetime_zone(bad[i], &offset));
        assert_int_equal(offset, 1);
    }
}

static void spans(void **state) {
    (void)state;
    static const struct {
        const char *text;
        struct span span;
    } good[] = {
        {"2025", {1735689600, 1767225600}},
        {"2025-Q1", {1735689600, 1743465600}},
        {"2025-Q4", {OCT_1, 1767225600}},
        {"2025-10", {OCT_1, 1761955200}},
        {"2025-12", {1764547200, 1767225600}},
        {"2025-W01", {1735516800, 1735516800 + 7 * DAY}},
        {"2025-W40", {1759104000, 1759104000 + 7 * DAY}},
        {"2020-W53", {1609113600, 1609718400}},
        {"2021-W01", {1609718400, 1609718400 + 7 * DAY}},
        {"2015-W53", {1451260800, 1451865600}},
        {"2026-W01", {1766966400, 1766966400 + 7 * DAY}},
        {"2025-10-06", {1759708800, 1759795200}},
        {"2025-10-01..2025-12-31", {OCT_1, 1767225600}},
        {"2025-10-06..2025-10-06", {1759708800, 1759795200}},
    };
    static const char *const bad[] = {
        "",
        "25",
        "202",
        "2025-",
        "2025-Q0",
        "2025-Q5",
        "2025-q1",
        "2025-W00",
        "2025-W53",
        "2021-W53",
        "2025-W1",
        "2025-W54",
        "2025-13",
        "2025-00",
        "2025-1",
        "2025-02-29",
        "2025-10-32",
        "2025-10-6",
        "2025-10-06T",
        "2025..2026",
        "2025/10",
        "2025-10-06..2025-10-05",
        "2025-10-06..2025-10",
        "..2025-10-06",
        "2025-10-06..",
        "2025-10-06...2025-10-07",
    };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct span span = {0};
        assert_true(datetime_span(good[i].text, strlen(good[i].text), &span));
        assert_true(span.from == good[i].span.from);
        assert_true(span.until == good[i].span.until);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct span span;
        if (datetime_span(bad[i], strlen(bad[i]), &span)) {
            fail_msg("\"%s\" was read as a span", bad[i]);
        }
    }
}

static void format_names(void **state) {
    (void)state;
    for (int format = 0; format < DATETIME_FORMAT_COUNT; format++) {
        enum datetime_format found;
        assert_true(datetime_format_from_name(datetime_format_name((enum datetime_format)format), &found));
        assert_int_equal(found, format);
    }
    enum datetime_format found;
    assert_true(datetime_format_from_name("epoch-ms", &found));
    assert_int_equal(found, DATETIME_EPOCH_MS);
    assert_false(datetime_format_from_name("epoch_ms", &found));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calendar_both_ways),
        cmocka_unit_test(every_day_follows_the_last),
        cmocka_unit_test(any_integer_is_safe),
        cmocka_unit_test(starts_and_months),
        cmocka_unit_test(prints),
        cmocka_unit_test(reads_every_format),
        cmocka_unit_test(cut_anywhere),
        cmocka_unit_test(refuses),
        cmocka_unit_test(zoneless_times_need_a_zone),
        cmocka_unit_test(years_come_from_the_span),
        cmocka_unit_test(zones),
        cmocka_unit_test(spans),
        cmocka_unit_test(format_names),
    };
    return cmocka_run_group_tests_name("datetime", tests, NULL, NULL);
}
