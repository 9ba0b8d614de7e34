#ifndef BASE_DATETIME_H
#define BASE_DATETIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Time is a count of UTC seconds since 1970 (int64_t), in the proleptic Gregorian calendar, without leap seconds. No
 * function here looks at the clock, the locale or TZ.
 */
struct civil {
    int64_t year;
    int month; /* 1..12 */
    int day;   /* 1..31 */
    int hour, minute, second;
};

int64_t datetime_from_civil(const struct civil *civil);
struct civil datetime_to_civil(int64_t seconds);
bool datetime_civil_valid(const struct civil *civil);
/* 0 Monday .. 6 Sunday. */
int datetime_weekday(int64_t seconds);
/* The first second of the day / month that holds `seconds`. */
int64_t datetime_day_start(int64_t seconds);
int64_t datetime_month_start(int64_t seconds);
/* Moves by whole months, to the same day or the month's last one. */
int64_t datetime_add_months(int64_t seconds, int months);

#define DATETIME_ISO_BYTES 32
/* "2025-10-01T00:00:00Z". */
void datetime_iso(int64_t seconds, char out[DATETIME_ISO_BYTES]);
/* "2025-10-01". */
void datetime_date(int64_t seconds, char out[DATETIME_ISO_BYTES]);

/* How an export writes its times (`time:` in a kind). */
enum datetime_format {
    DATETIME_ISO,          /* 2025-10-01, 2025-10-01T08:00:00[.fraction][Z|+hh:mm|+hhmm], a space for the T */
    DATETIME_EPOCH,        /* seconds, whole or with a fraction */
    DATETIME_EPOCH_MS,     /* milliseconds */
    DATETIME_ISO_OR_EPOCH, /* as ISO, unless it stands as a number: then seconds */
    DATETIME_COMPACT,      /* 20251001080000Z */
    DATETIME_DAY_FIRST,    /* 31-12-2025 or 31/12/2025, optional hh:mm[:ss] [AM|PM]; what begins with a year as ISO */
    DATETIME_MONTH_FIRST,  /* 12/31/2025, the same */
    DATETIME_RFC1123,      /* Wed, 01 Oct 2025 08:00:00 GMT */
    DATETIME_SYSLOG,       /* Oct  1 08:00:00 (RFC 3164, no year), or as ISO (RFC 5424) */
    DATETIME_CTIME,        /* Wed Oct  1 08:00:00 2025 [+hhmm], Wed Oct  1 08:00:00 UTC 2025, Wed Oct 01 2025 */
    DATETIME_COMMON_LOG,   /* 01/Oct/2025:08:00:00 [+hhmm], with or without [ ] around it */
    DATETIME_MONTH_NAME,   /* 09/Jan/24 3:54 PM, 9-Jan-2024, 09 Jan 2024 15:54[:ss]; '24 is 2024, as 20yy always */
    DATETIME_FORMAT_COUNT
};
/* The name used in kinds ("iso", "epoch", "epoch-ms", "iso-or-epoch", "compact", "day-first", "month-first", "rfc1123",
 * "syslog", "ctime", "common-log", "month-name"), and back. */
const char *datetime_format_name(enum datetime_format format);
bool datetime_format_from_name(const char *name, enum datetime_format *out);

enum datetime_result {
    DATETIME_OK,
    DATETIME_MALFORMED, /* not a time in that format, or no such day */
    DATETIME_NO_ZONE,   /* a time of day without a zone, and `offset` is DATETIME_ZONE_UNDECLARED */
    DATETIME_NO_YEAR    /* a day without a year, and nothing that says which */
};
#define DATETIME_ZONE_UNDECLARED INT32_MIN
/*
 * Parses the whole text. `offset` is what a text without a zone means, in seconds east of UTC. A fraction is dropped
 * (floor). Second 60 is the first second of the next minute; hour 24 and years of two digits (but for month-name) are
 * malformed, and so are counts of seconds outside the years 0 to 9999. A date without a time of day is its first second
 * in that offset, or in UTC when none is declared.
 */
enum datetime_result datetime_parse(const char *text, size_t length, enum datetime_format format, int32_t offset,
                                    int64_t *out);
/* "UTC", "Z" or "+hh:mm" / "-hh:mm" to seconds east of UTC. */
bool datetime_zone(const char *text, int32_t *offset);

/* A span of time: from its first second up to, not including, `until`. */
struct span {
    int64_t from;
    int64_t until;
};
/* Days by their first second (UTC), sorted, such as holidays. */
struct datetime_days {
    int64_t *days;
    size_t count;
};
/* `days` may be NULL: none. */
bool datetime_among(const struct datetime_days *days, int64_t day);
/* Neither Saturday nor Sunday, nor among the holidays. */
bool datetime_business_day(const struct datetime_days *holidays, int64_t day);
/* "2025", "2025-Q4", "2025-10", "2025-W40", "2025-10-06", or "2025-10-01..2025-12-31" (both days included). */
bool datetime_span(const char *text, size_t length, struct span *out);

/*
 * Gives a day that is written without a year the one that puts it inside the span that its file covers (NULL: unknown);
 * where none does, the latest in which it lies before the end of the day after the span, so that a December line of a
 * January file belongs to the year before. DATETIME_NO_YEAR when several years put it inside.
 */
enum datetime_result datetime_find_year(struct civil *civil, const struct span *covered);
/*
 * As datetime_parse, for a text of a file that covers a span: a day without a year gets it by datetime_find_year. The
 * span is compared with the time as it is written, before `offset`.
 */
enum datetime_result datetime_parse_within(const char *text, size_t length, enum datetime_format format, int32_t offset,
                                           const struct span *covered, int64_t *out);

#endif
