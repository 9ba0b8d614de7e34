#include "base/datetime.h"

#include <string.h>

/* Text that is being read, from left to right; a reader that fails leaves the cursor anywhere. */
struct cursor {
    const char *at;
    const char *end;
};

static const char *const names[] = {
    [DATETIME_ISO] = "iso",
    [DATETIME_EPOCH] = "epoch",
    [DATETIME_EPOCH_MS] = "epoch-ms",
    [DATETIME_ISO_OR_EPOCH] = "iso-or-epoch",
    [DATETIME_COMPACT] = "compact",
    [DATETIME_DAY_FIRST] = "day-first",
    [DATETIME_MONTH_FIRST] = "month-first",
    [DATETIME_RFC1123] = "rfc1123",
    [DATETIME_SYSLOG] = "syslog",
    [DATETIME_CTIME] = "ctime",
    [DATETIME_COMMON_LOG] = "common-log",
    [DATETIME_MONTH_NAME] = "month-name",
};

const char *datetime_format_name(enum datetime_format format) {
    return names[format];
}

bool datetime_format_from_name(const char *name, enum datetime_format *out) {
    for (size_t i = 0; i < DATETIME_FORMAT_COUNT; i++) {
        if (strcmp(names[i], name) == 0) {
            *out = (enum datetime_format)i;
            return true;
        }
    }
    return false;
}

static bool at_end(const struct cursor *cursor) {
    return cursor->at == cursor->end;
}

static bool next_is(const struct cursor *cursor, char c) {
    return !at_end(cursor) && *cursor->at == c;
}

static bool take(struct cursor *cursor, char c) {
    if (!next_is(cursor, c)) {
        return false;
    }
    cursor->at++;
    return true;
}

static bool next_is_digit(const struct cursor *cursor) {
    return !at_end(cursor) && *cursor->at >= '0' && *cursor->at <= '9';
}

/* A number of `least` to `most` digits. */
static bool take_number(struct cursor *cursor, int least, int most, int *out) {
    int number = 0;
    int count = 0;
    while (count < most && next_is_digit(cursor)) {
        number = number * 10 + (*cursor->at++ - '0');
        count++;
    }
    *out = number;
    return count >= least;
}

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* `word` is in lower case; the text may be in any. */
static bool take_word(struct cursor *cursor, const char *word) {
    size_t length = 0;
    for (; word[length] != '\0'; length++) {
        if (cursor->at + length == cursor->end || lower(cursor->at[length]) != word[length]) {
            return false;
        }
    }
    cursor->at += length;
    return true;
}

/* Digits behind a point that was already taken; `*nonzero` tells whether any of them counts. */
static bool take_fraction(struct cursor *cursor, bool *nonzero) {
    const char *start = cursor->at;
    *nonzero = false;
    while (next_is_digit(cursor)) {
        *nonzero = *nonzero || *cursor->at != '0';
        cursor->at++;
    }
    return cursor->at > start;
}

/* "+hh", "+hhmm", "+hh:mm" or with '-', up to 14 hours, the farthest zone in use. */
static bool take_numeric_zone(struct cursor *cursor, int32_t *offset) {
    bool west = next_is(cursor, '-');
    if (!west && !next_is(cursor, '+')) {
        return false;
    }
    cursor->at++;
    int hours;
    int minutes = 0;
    if (!take_number(cursor, 2, 2, &hours)) {
        return false;
    }
    bool colon = take(cursor, ':');
    if ((colon || next_is_digit(cursor)) && !take_number(cursor, 2, 2, &minutes)) {
        return false;
    }
    if (minutes > 59 || hours * 60 + minutes > 14 * 60) {
        return false;
    }
    *offset = (hours * 60 + minutes) * (west ? -60 : 60);
    return true;
}

/* The zone at the end of a text, if there is one; a space may stand before it. */
static bool take_zone(struct cursor *cursor, bool *zoned, int32_t *offset) {
    *zoned = !at_end(cursor);
    if (!*zoned) {
        return true;
    }
    take(cursor, ' ');
    *offset = 0;
    return take_word(cursor, "utc") || take_word(cursor, "gmt") || take_word(cursor, "z") ||
           take_numeric_zone(cursor, offset);
}

bool datetime_zone(const char *text, int32_t *offset) {
    int32_t parsed = 0;
    struct cursor cursor = {text, text + strlen(text)};
    if (strcmp(text, "UTC") != 0 && strcmp(text, "Z") != 0 &&
        (cursor.end - cursor.at != (ptrdiff_t)strlen("+hh:mm") || text[3] != ':' ||
         !take_numeric_zone(&cursor, &parsed))) {
        return false;
    }
    *offset = parsed;
    return true;
}

/* A time of day as far as a text gives it. */
struct moment {
    struct civil civil;
    bool has_time;
    bool no_year;
    bool leap_second;
    bool zoned;
    int32_t offset;
};

/*
 * "hh:mm[:ss[.fraction]]". Second 60 is read as the first second of the next minute: the only leap seconds that were
 * ever announced end a UTC day, and the count of seconds has no place for them.
 */
static bool take_time(struct cursor *cursor, int least_hour_digits, struct moment *moment) {
    struct civil *civil = &moment->civil;
    bool nonzero;
    moment->has_time = true;
    if (!take_number(cursor, least_hour_digits, 2, &civil->hour) || !take(cursor, ':') ||
        !take_number(cursor, 2, 2, &civil->minute)) {
        return false;
    }
    if (!take(cursor, ':')) {
        return true;
    }
    if (!take_number(cursor, 2, 2, &civil->second)) {
        return false;
    }
    if (civil->second == 60) {
        civil->second = 59;
        moment->leap_second = true;
    }
    return !(take(cursor, '.') || take(cursor, ',')) || take_fraction(cursor, &nonzero);
}

/* "AM" or "PM" behind a time on the twelve-hour clock. */
static bool take_half_day(struct cursor *cursor, struct civil *civil) {
    struct cursor ahead = *cursor;
    take(&ahead, ' ');
    bool morning = take_word(&ahead, "am");
    if (!morning && !take_word(&ahead, "pm")) {
        return true;
    }
    if (civil->hour < 1 || civil->hour > 12) {
        return false;
    }
    civil->hour = civil->hour % 12 + (morning ? 0 : 12);
    *cursor = ahead;
    return true;
}

static bool read_iso(struct cursor *cursor, struct moment *moment) {
    struct civil *civil = &moment->civil;
    int year;
    if (!take_number(cursor, 4, 4, &year) || !take(cursor, '-') || !take_number(cursor, 2, 2, &civil->month) ||
        !take(cursor, '-') || !take_number(cursor, 2, 2, &civil->day)) {
        return false;
    }
    civil->year = year;
    if (at_end(cursor)) {
        return true;
    }
    return (take(cursor, 'T') || take(cursor, 't') || take(cursor, ' ')) && take_time(cursor, 2, moment) &&
           take_zone(cursor, &moment->zoned, &moment->offset);
}

static bool read_compact(struct cursor *cursor, struct moment *moment) {
    struct civil *civil = &moment->civil;
    bool nonzero;
    int year;
    if (!take_number(cursor, 4, 4, &year) || !take_number(cursor, 2, 2, &civil->month) ||
        !take_number(cursor, 2, 2, &civil->day)) {
        return false;
    }
    civil->year = year;
    if (at_end(cursor)) {
        return true;
    }
    take(cursor, 'T');
    moment->has_time = true;
    if (!take_number(cursor, 2, 2, &civil->hour) || !take_number(cursor, 2, 2, &civil->minute)) {
        return false;
    }
    if (next_is_digit(cursor)) {
        if (!take_number(cursor, 2, 2, &civil->second)) {
            return false;
        }
        if (civil->second == 60) {
            civil->second = 59;
            moment->leap_second = true;
        }
        if ((take(cursor, '.') || take(cursor, ',')) && !take_fraction(cursor, &nonzero)) {
            return false;
        }
    }
    return take_zone(cursor, &moment->zoned, &moment->offset);
}

/* Years have four digits: two would leave the century to a guess. */
static bool read_numeric_date(struct cursor *cursor, bool day_first, struct moment *moment) {
    struct civil *civil = &moment->civil;
    int first;
    int second;
    int year;
    if (!take_number(cursor, 1, 2, &first) || at_end(cursor)) {
        return false;
    }
    if (next_is_digit(cursor)) { /* of a year: no order is left open */
        cursor->at -= 2;
        return read_iso(cursor, moment);
    }
    char separator = *cursor->at;
    if ((separator != '-' && separator != '/' && separator != '.') || !take(cursor, separator) ||
        !take_number(cursor, 1, 2, &second) || !take(cursor, separator) || !take_number(cursor, 4, 4, &year)) {
        return false;
    }
    civil->year = year;
    civil->month = day_first ? second : first;
    civil->day = day_first ? first : second;
    if (at_end(cursor)) {
        return true;
    }
    take(cursor, ',');
    return take(cursor, ' ') && take_time(cursor, 1, moment) && take_half_day(cursor, civil) &&
           take_zone(cursor, &moment->zoned, &moment->offset);
}

static bool read_day_first(struct cursor *cursor, struct moment *moment) {
    return read_numeric_date(cursor, true, moment);
}

static bool read_month_first(struct cursor *cursor, struct moment *moment) {
    return read_numeric_date(cursor, false, moment);
}

/* The first three letters of a day of the week: 0 Monday .. 6 Sunday, or -1. */
static int take_weekday(struct cursor *cursor) {
    static const char *const weekdays[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    for (int i = 0; i < 7; i++) {
        if (take_word(cursor, weekdays[i])) {
            return i;
        }
    }
    return -1;
}

/* The first three letters of a month. */
static bool take_month(struct cursor *cursor, struct civil *civil) {
    static const char *const months[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                         "jul", "aug", "sep", "oct", "nov", "dec"};
    if (at_end(cursor)) {
        return false;
    }
    char first = lower(*cursor->at);
    for (int i = 0; i < 12; i++) {
        if (first == months[i][0] && take_word(cursor, months[i])) {
            civil->month = i + 1;
            return true;
        }
    }
    return false;
}

static bool weekday_fits(int weekday, const struct civil *civil) {
    return weekday < 0 || !datetime_civil_valid(civil) || datetime_weekday(datetime_from_civil(civil)) == weekday;
}

/* RFC 1123, section 5.2.14, which is RFC 822's date with a year of four digits. The weekday may be left out. */
static bool read_rfc1123(struct cursor *cursor, struct moment *moment) {
    struct civil *civil = &moment->civil;
    int weekday = take_weekday(cursor);
    if (weekday >= 0 && !(take(cursor, ',') && take(cursor, ' '))) {
        return false;
    }
    int year;
    if (!take_number(cursor, 1, 2, &civil->day) || !take(cursor, ' ')) {
        return false;
    }
    if (!take_month(cursor, civil) || !take(cursor, ' ') || !take_number(cursor, 4, 4, &year) || !take(cursor, ' ') ||
        !take_time(cursor, 2, moment) || !take_zone(cursor, &moment->zoned, &moment->offset)) {
        return false;
    }
    civil->year = year;
    return weekday_fits(weekday, civil);
}

/* " 1", "01" or "1" behind a month and a space. */
static bool take_day(struct cursor *cursor, struct civil *civil) {
    take(cursor, ' ');
    return take_number(cursor, 1, 2, &civil->day);
}

/* RFC 3164, section 4.1.2, with a fraction or a zone that some systems add; RFC 5424, section 6.2.3. */
static bool read_syslog(struct cursor *cursor, struct moment *moment) {
    struct civil *civil = &moment->civil;
    if (next_is_digit(cursor)) {
        return read_iso(cursor, moment) && moment->has_time;
    }
    /* A leap year, so that the 29th of February is not refused before the year is known. */
    civil->year = 2000;
    moment->no_year = true;
    return take_month(cursor, civil) && take(cursor, ' ') && take_day(cursor, civil) && take(cursor, ' ') &&
           take_time(cursor, 2, moment) && take_zone(cursor, &moment->zoned, &moment->offset);
}

/* What asctime of C and the date programme write, and git. The weekday may be left out. */
static bool read_ctime(struct cursor *cursor, struct moment *moment) {
    struct civil *civil = &moment->civil;
    int weekday = take_weekday(cursor);
    if ((weekday >= 0 && !take(cursor, ' ')) || !take_month(cursor, civil) || !take(cursor, ' ') ||
        !take_day(cursor, civil) || !take(cursor, ' ')) {
        return false;
    }
    struct cursor ahead = *cursor;
    int year;
    if (take_number(&ahead, 4, 4, &year) && at_end(&ahead)) {
        *cursor = ahead;
        civil->year = year;
        return weekday_fits(weekday, civil);
    }
    if (!take_time(cursor, 2, moment) || !take(cursor, ' ')) {
        return false;
    }
    if (!next_is_digit(cursor)) {
        moment->zoned = take_word(cursor, "utc") || take_word(cursor, "gmt") || take_word(cursor, "z") ||
                        take_numeric_zone(cursor, &moment->offset);
        if (!moment->zoned || !take(cursor, ' ')) {
            return false;
        }
    }
    if (!take_number(cursor, 4, 4, &year)) {
        return false;
    }
    civil->year = year;
    return weekday_fits(weekday, civil) &&
           (moment->zoned ? at_end(cursor) : take_zone(cursor, &moment->zoned, &moment->offset));
}

/* The time in the logs of web servers. */
static bool read_common_log(struct cursor *cursor, struct moment *moment) {
    struct civil *civil = &moment->civil;
    bool bracket = take(cursor, '[');
    int year;
    if (bracket && (at_end(cursor) || *--cursor->end != ']')) {
        return false;
    }
    if (!take_number(cursor, 1, 2, &civil->day) || !take(cursor, '/') || !take_month(cursor, civil) ||
        !take(cursor, '/') || !take_number(cursor, 4, 4, &year) || !take(cursor, ':') ||
        !take_time(cursor, 2, moment)) {
        return false;
    }
    civil->year = year;
    return take_zone(cursor, &moment->zoned, &moment->offset);
}

/* A year of two digits is one of this century: who writes the month as a word in an export of today means that. */
static bool read_month_name(struct cursor *cursor, struct moment *moment) {
    struct civil *civil = &moment->civil;
    int year;
    if (!take_number(cursor, 1, 2, &civil->day) || at_end(cursor)) {
        return false;
    }
    char separator = *cursor->at;
    if ((separator != '-' && separator != '/' && separator != ' ') || !take(cursor, separator) ||
        !take_month(cursor, civil) || !take(cursor, separator)) {
        return false;
    }
    const char *start = cursor->at;
    if (!take_number(cursor, 2, 4, &year) || cursor->at - start == 3) {
        return false;
    }
    civil->year = cursor->at - start == 2 ? 2000 + year : year;
    if (at_end(cursor)) {
        return true;
    }
    take(cursor, ',');
    return take(cursor, ' ') && take_time(cursor, 1, moment) && take_half_day(cursor, civil) &&
           take_zone(cursor, &moment->zoned, &moment->offset);
}

static bool (*const readers[DATETIME_FORMAT_COUNT])(struct cursor *cursor, struct moment *moment) = {
    [DATETIME_ISO] = read_iso,
    [DATETIME_ISO_OR_EPOCH] = read_iso,
    [DATETIME_COMPACT] = read_compact,
    [DATETIME_DAY_FIRST] = read_day_first,
    [DATETIME_MONTH_FIRST] = read_month_first,
    [DATETIME_RFC1123] = read_rfc1123,
    [DATETIME_SYSLOG] = read_syslog,
    [DATETIME_CTIME] = read_ctime,
    [DATETIME_COMMON_LOG] = read_common_log,
    [DATETIME_MONTH_NAME] = read_month_name,
};

static int64_t floor_divide(int64_t dividend, int64_t divisor) {
    return dividend / divisor - (dividend % divisor < 0);
}

/* Seconds or, with `scale` 1000, milliseconds. Outside the years 0 to 9999 it is mostly the other, and refused. */
static enum datetime_result read_epoch(struct cursor *cursor, int64_t scale, int64_t *out) {
    bool negative = take(cursor, '-');
    if (!negative) {
        take(cursor, '+');
    }
    const char *start = cursor->at;
    int64_t count = 0;
    while (next_is_digit(cursor)) {
        int digit = *cursor->at++ - '0';
        if (__builtin_mul_overflow(count, 10, &count) || __builtin_add_overflow(count, digit, &count)) {
            return DATETIME_MALFORMED;
        }
    }
    bool nonzero = false;
    if (cursor->at == start || (take(cursor, '.') && !take_fraction(cursor, &nonzero)) || !at_end(cursor)) {
        return DATETIME_MALFORMED;
    }
    if (negative) {
        count = -count - (nonzero ? 1 : 0);
    }
    int64_t seconds = floor_divide(count, scale);
    int64_t year = datetime_to_civil(seconds).year;
    if (year < 0 || year > 9999) {
        return DATETIME_MALFORMED;
    }
    *out = seconds;
    return DATETIME_OK;
}

enum datetime_result datetime_parse(const char *text, size_t length, enum datetime_format format, int32_t offset,
                                    int64_t *out) {
    return datetime_parse_within(text, length, format, offset, NULL, out);
}

enum datetime_result datetime_parse_within(const char *text, size_t length, enum datetime_format format, int32_t offset,
                                           const struct span *covered, int64_t *out) {
    struct cursor cursor = {text, text + length};
    if (format == DATETIME_EPOCH || format == DATETIME_EPOCH_MS) {
        return read_epoch(&cursor, format == DATETIME_EPOCH ? 1 : 1000, out);
    }
    struct moment moment = {0};
    if (!readers[format](&cursor, &moment) || !at_end(&cursor) || !datetime_civil_valid(&moment.civil)) {
        return DATETIME_MALFORMED;
    }
    enum datetime_result year = moment.no_year ? datetime_find_year(&moment.civil, covered) : DATETIME_OK;
    if (year != DATETIME_OK) {
        return year;
    }
    if (!moment.zoned) {
        if (offset == DATETIME_ZONE_UNDECLARED && moment.has_time) {
            return DATETIME_NO_ZONE;
        }
        moment.offset = offset == DATETIME_ZONE_UNDECLARED ? 0 : offset;
    }
    *out = datetime_from_civil(&moment.civil) + (moment.leap_second ? 1 : 0) - moment.offset;
    return DATETIME_OK;
}
