#include "base/datetime.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define DAY_SECONDS 86400

/* Days in 400, 100, 4 years and 1 year of the Gregorian calendar, counted from a first of January of a year 1 mod 400.
 */
#define DAYS_400 146097
#define DAYS_100 36524
#define DAYS_4   1461
#define DAYS_1   365

/* Days from 0001-01-01 to 1970-01-01. */
#define EPOCH_DAY 719162

static const int days_before[2][13] = {
    {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365},
    {0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335, 366},
};

static int64_t floor_divide(int64_t dividend, int64_t divisor) {
    return dividend / divisor - (dividend % divisor < 0);
}

static int second_of_day(int64_t seconds) {
    int rest = (int)(seconds % DAY_SECONDS);
    return rest < 0 ? rest + DAY_SECONDS : rest;
}

static bool is_leap(int64_t year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int month_days(int64_t year, int month) {
    return days_before[is_leap(year)][month] - days_before[is_leap(year)][month - 1];
}

/* Days since 1970-01-01. */
static int64_t day_number(int64_t year, int month, int day) {
    int64_t past = year - 1;
    int64_t leap_days = floor_divide(past, 4) - floor_divide(past, 100) + floor_divide(past, 400);
    return past * DAYS_1 + leap_days + days_before[is_leap(year)][month - 1] + day - 1 - EPOCH_DAY;
}

int64_t datetime_from_civil(const struct civil *civil) {
    int64_t days = day_number(civil->year, civil->month, civil->day);
    int64_t seconds;
    /* SQL may ask about any integer; what lies beyond the range stops at its end. */
    if (__builtin_mul_overflow(days, DAY_SECONDS, &seconds) ||
        __builtin_add_overflow(seconds, civil->hour * 3600 + civil->minute * 60 + civil->second, &seconds)) {
        return days < 0 ? INT64_MIN : INT64_MAX;
    }
    return seconds;
}

struct civil datetime_to_civil(int64_t seconds) {
    int rest = second_of_day(seconds);
    int64_t days = floor_divide(seconds, DAY_SECONDS) + EPOCH_DAY;
    int64_t cycles = floor_divide(days, DAYS_400);
    int64_t left = days - cycles * DAYS_400;
    /* The last day of a leap cycle belongs to its last year, hence the caps at 3. */
    int64_t centuries = left / DAYS_100 > 3 ? 3 : left / DAYS_100;
    left -= centuries * DAYS_100;
    int64_t fours = left / DAYS_4;
    left -= fours * DAYS_4;
    int64_t ones = left / DAYS_1 > 3 ? 3 : left / DAYS_1;
    left -= ones * DAYS_1;
    struct civil civil = {.year = cycles * 400 + centuries * 100 + fours * 4 + ones + 1, .month = 1};
    const int *before = days_before[is_leap(civil.year)];
    while (left >= before[civil.month]) {
        civil.month++;
    }
    civil.day = (int)left - before[civil.month - 1] + 1;
    civil.hour = rest / 3600;
    civil.minute = rest / 60 % 60;
    civil.second = rest % 60;
    return civil;
}

bool datetime_civil_valid(const struct civil *civil) {
    return civil->year >= 0 && civil->year <= 9999 && civil->month >= 1 && civil->month <= 12 && civil->day >= 1 &&
           civil->day <= month_days(civil->year, civil->month) && civil->hour >= 0 && civil->hour <= 23 &&
           civil->minute >= 0 && civil->minute <= 59 && civil->second >= 0 && civil->second <= 59;
}

int datetime_weekday(int64_t seconds) {
    /* 1970-01-01 was a Thursday. */
    int64_t days = floor_divide(seconds, DAY_SECONDS);
    return (int)(((days % 7) + 7 + 3) % 7);
}

int64_t datetime_day_start(int64_t seconds) {
    int64_t start;
    return __builtin_sub_overflow(seconds, second_of_day(seconds), &start) ? INT64_MIN : start;
}

int64_t datetime_month_start(int64_t seconds) {
    struct civil civil = datetime_to_civil(seconds);
    return datetime_from_civil(&(struct civil){.year = civil.year, .month = civil.month, .day = 1});
}

int64_t datetime_add_months(int64_t seconds, int months) {
    struct civil civil = datetime_to_civil(seconds);
    int64_t month = civil.year * 12 + (civil.month - 1) + months;
    civil.year = floor_divide(month, 12);
    civil.month = (int)(month - civil.year * 12) + 1;
    int last = month_days(civil.year, civil.month);
    if (civil.day > last) {
        civil.day = last;
    }
    return datetime_from_civil(&civil);
}

/* The last `count` digits of a number that is not negative; where the next ones go. */
static char *put_digits(char *out, int64_t number, size_t count) {
    for (size_t i = count; i-- > 0; number /= 10) {
        out[i] = (char)('0' + number % 10);
    }
    return out + count;
}

/* "2025-10-01", without an end; where the next characters go. Tests print a time for every item. */
static char *put_date(char *out, const struct civil *civil) {
    if (civil->year < 0 || civil->year > 9999) {
        out += snprintf(out, DATETIME_ISO_BYTES, "%04" PRId64, civil->year);
    } else {
        out = put_digits(out, civil->year, 4);
    }
    *out++ = '-';
    out = put_digits(out, civil->month, 2);
    *out++ = '-';
    return put_digits(out, civil->day, 2);
}

void datetime_iso(int64_t seconds, char out[DATETIME_ISO_BYTES]) {
    const struct civil civil = datetime_to_civil(seconds);
    char *end = put_date(out, &civil);
    *end++ = 'T';
    end = put_digits(end, civil.hour, 2);
    *end++ = ':';
    end = put_digits(end, civil.minute, 2);
    *end++ = ':';
    end = put_digits(end, civil.second, 2);
    *end++ = 'Z';
    *end = '\0';
}

void datetime_date(int64_t seconds, char out[DATETIME_ISO_BYTES]) {
    const struct civil civil = datetime_to_civil(seconds);
    *put_date(out, &civil) = '\0';
}

/* `count` decimal digits, as a number; -1 when there are not that many. */
static int digits(const char *text, size_t length, size_t at, size_t count) {
    if (length < at || length - at < count) {
        return -1;
    }
    int number = 0;
    for (size_t i = at; i < at + count; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return -1;
        }
        number = number * 10 + (text[i] - '0');
    }
    return number;
}

static int64_t first_second(int64_t year, int month, int day) {
    return day_number(year, month, day) * DAY_SECONDS;
}

/* ISO 8601 week: week 1 holds the year's first Thursday, and so the fourth of January. */
static int64_t week_one(int64_t year) {
    int64_t fourth = first_second(year, 1, 4);
    return fourth - (int64_t)datetime_weekday(fourth) * DAY_SECONDS;
}

/* What follows "YYYY-" in a span that is shorter than a year. */
static bool span_within(const char *text, size_t length, int year, struct span *out) {
    int number = digits(text, length, 1, length == 0 ? 0 : length - 1);
    if (length == 2 && text[0] == 'Q' && number >= 1 && number <= 4) {
        int64_t from = first_second(year, number * 3 - 2, 1);
        *out = (struct span){from, datetime_add_months(from, 3)};
        return true;
    }
    if (length == 3 && text[0] == 'W' && number >= 1) {
        int64_t from = week_one(year) + (int64_t)(number - 1) * 7 * DAY_SECONDS;
        if (from >= week_one(year + 1)) {
            return false;
        }
        *out = (struct span){from, from + 7 * DAY_SECONDS};
        return true;
    }
    int month = digits(text, length, 0, 2);
    if (month < 1 || month > 12) {
        return false;
    }
    if (length == 2) {
        int64_t from = first_second(year, month, 1);
        *out = (struct span){from, datetime_add_months(from, 1)};
        return true;
    }
    int day = digits(text, length, 3, 2);
    if (length != 5 || text[2] != '-' || day < 1 || day > month_days(year, month)) {
        return false;
    }
    int64_t from = first_second(year, month, day);
    *out = (struct span){from, from + DAY_SECONDS};
    return true;
}

static bool span_single(const char *text, size_t length, struct span *out) {
    int year = digits(text, length, 0, 4);
    if (year < 0) {
        return false;
    }
    if (length == 4) {
        *out = (struct span){first_second(year, 1, 1), first_second(year + 1, 1, 1)};
        return true;
    }
    return text[4] == '-' && span_within(text + 5, length - 5, year, out);
}

bool datetime_span(const char *text, size_t length, struct span *out) {
    const size_t day_length = strlen("2025-10-06");
    if (length == 2 * day_length + 2 && memcmp(text + day_length, "..", 2) == 0) {
        struct span first;
        struct span last;
        if (!span_single(text, day_length, &first) || !span_single(text + day_length + 2, day_length, &last) ||
            last.from < first.from) {
            return false;
        }
        *out = (struct span){first.from, last.until};
        return true;
    }
    return span_single(text, length, out);
}

enum datetime_result datetime_find_year(struct civil *civil, const struct span *covered) {
    if (covered == NULL) {
        return DATETIME_NO_YEAR;
    }
    int64_t last = datetime_to_civil(covered->until).year;
    struct civil inside = {0};
    struct civil before = {0};
    bool found_inside = false;
    bool found_before = false;
    /* Leap years lie at most eight years apart; longer spans hold every day twice. */
    for (int64_t year = last; year >= last - 8; year--) {
        struct civil tried = *civil;
        tried.year = year;
        if (!datetime_civil_valid(&tried)) {
            continue;
        }
        int64_t seconds = datetime_from_civil(&tried);
        if (seconds >= covered->from && seconds < covered->until) {
            if (found_inside) {
                return DATETIME_NO_YEAR;
            }
            inside = tried;
            found_inside = true;
        } else if (!found_before && seconds - DAY_SECONDS < covered->until) {
            before = tried;
            found_before = true;
        }
        if (found_before && seconds < covered->from) {
            break; /* earlier years lie farther away still */
        }
    }
    if (!found_inside && !found_before) {
        return DATETIME_MALFORMED;
    }
    *civil = found_inside ? inside : before;
    return DATETIME_OK;
}

bool datetime_among(const struct datetime_days *days, int64_t day) {
    size_t low = 0;
    size_t high = days != NULL ? days->count : 0;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (days->days[middle] == day) {
            return true;
        }
        if (days->days[middle] < day) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return false;
}

bool datetime_business_day(const struct datetime_days *holidays, int64_t day) {
    return datetime_weekday(day) < 5 && !datetime_among(holidays, day);
}
