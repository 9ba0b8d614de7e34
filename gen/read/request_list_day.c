#include "base/datetime.h"
#include "read/request_list.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define DAY_BYTES 64
#define CENTURY   2000
static const char *const months[] = {"january", "february", "march",     "april",   "may",      "june",
                                     "july",    "august",   "september", "october", "november", "december"};

static int64_t day_of(int64_t year, int month, int day, bool *valid) {
    const struct civil civil = {.year = year, .month = month, .day = day};

    *valid = year >= 1000 && year <= 9999 && datetime_civil_valid(&civil);
    return *valid ? datetime_from_civil(&civil) : 0;
}

/* 1..12 of a month's name or its first three letters and more ("Sept"); 0: none. */
static int month_of(const char *word) {
    size_t length = strlen(word);

    for (int i = 0; length >= 3 && i < 12; i++) {
        if (length <= strlen(months[i]) && strncasecmp(word, months[i], length) == 0) {
            return i + 1;
        }
    }
    return 0;
}

/*
 * "31 Jan 2026", "31-Jan-2026", "January 31, 2026", with a weekday in front; and "31-Jan-26", as spreadsheets write it,
 * of this century.
 */
static bool read_named(const char *text, int64_t *out) {
    char words[3][12] = {{0}};
    char copy[DAY_BYTES];
    char *rest = copy;
    size_t count = 0;
    bool valid = false;

    if (snprintf(copy, sizeof copy, "%s", text) >= (int)sizeof copy) {
        return false;
    }
    for (char *word = strtok_r(copy, " ,-./", &rest); word != NULL; word = strtok_r(NULL, " ,-./", &rest)) {
        static const char *const weekdays[] = {"monday", "tuesday",  "wednesday", "thursday",
                                               "friday", "saturday", "sunday"};
        bool weekday = false;
        for (size_t i = 0; count == 0 && strlen(word) >= 3 && i < 7; i++) {
            weekday =
                weekday || (strlen(word) <= strlen(weekdays[i]) && strncasecmp(word, weekdays[i], strlen(word)) == 0);
        }
        if (weekday) {
            continue;
        }
        if (count == 3 || snprintf(words[count], sizeof words[count], "%s", word) >= (int)sizeof words[count]) {
            return false;
        }
        count++;
    }
    if (count != 3) {
        return false;
    }
    int named = month_of(words[0]) != 0 ? 0 : 1;
    const char *day_text = words[1 - named];
    int month = month_of(words[named]);
    int day = 0;
    int year = 0;
    char excess = 0;
    char suffix[3] = {0};
    int got = sscanf(day_text, "%2d%2[a-z]%c", &day, suffix, &excess);
    bool ordinal = got == 2 && (strcmp(suffix, "st") == 0 || strcmp(suffix, "nd") == 0 || strcmp(suffix, "rd") == 0 ||
                                strcmp(suffix, "th") == 0);
    bool two_digits = named == 1 && strlen(words[2]) == 2;
    if (month == 0 || !(got == 1 || ordinal) || !(two_digits || strlen(words[2]) == 4) ||
        strspn(words[2], "0123456789") != strlen(words[2]) || sscanf(words[2], "%4d", &year) != 1) {
        return false;
    }
    *out = day_of(two_digits ? CENTURY + year : year, month, day, &valid);
    return valid;
}

/* "01/02/2026", with '/', '-' or '.', which may be either day unless one is declared or impossible. */
static enum request_list_day read_numbers(const char *text, enum request_dates order, int64_t *out) {
    int first = 0;
    int second = 0;
    int year = 0;
    char a = 0;
    char b = 0;
    char excess = 0;
    bool day_first = false;
    bool month_first = false;

    if (sscanf(text, "%2d%c%2d%c%4d%c", &first, &a, &second, &b, &year, &excess) != 5 || a != b ||
        strchr("/-.", a) == NULL || strspn(text, "0123456789/-.") != strlen(text)) {
        return REQUEST_LIST_NO_DAY;
    }
    int64_t as_day_first = day_of(year, second, first, &day_first);
    int64_t as_month_first = day_of(year, first, second, &month_first);
    if (order != REQUEST_DATES_PLAIN) {
        *out = order == REQUEST_DATES_DAY_FIRST ? as_day_first : as_month_first;
        return (order == REQUEST_DATES_DAY_FIRST ? day_first : month_first) ? REQUEST_LIST_DAY : REQUEST_LIST_NO_DAY;
    }
    if (day_first && month_first && as_day_first != as_month_first) {
        return REQUEST_LIST_TWO_DAYS;
    }
    *out = day_first ? as_day_first : as_month_first;
    return day_first || month_first ? REQUEST_LIST_DAY : REQUEST_LIST_NO_DAY;
}

enum request_list_day request_list_day(const char *text, enum request_dates order, int64_t *out) {
    size_t length = strlen(text);
    int64_t moment = 0;

    /* A time of day says nothing about a due day; its zone least of all. */
    if (datetime_parse(text, length, DATETIME_ISO, 0, &moment) == DATETIME_OK) {
        *out = datetime_parse(text, 10, DATETIME_ISO, 0, &moment) == DATETIME_OK ? moment : 0;
        return REQUEST_LIST_DAY;
    }
    if (read_named(text, out)) {
        return REQUEST_LIST_DAY;
    }
    return read_numbers(text, order, out);
}
