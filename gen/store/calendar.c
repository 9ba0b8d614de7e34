#include "store/calendar.h"

#include "store/calendar.sql.h"
#include "store/query.h"

#include <inttypes.h>
#include <stdio.h>

#define DAY_SECONDS 86400
#define TEXT_BYTES  64

/* The ISO 8601 week of a day, "2025-W01": the week belongs to the year that holds its Thursday. */
static void week_text(int64_t day, char out[TEXT_BYTES]) {
    int64_t thursday = day + (int64_t)(3 - datetime_weekday(day)) * DAY_SECONDS;
    int64_t year = datetime_to_civil(thursday).year;
    int64_t new_year = datetime_from_civil(&(struct civil){.year = year, .month = 1, .day = 1});
    int64_t week = (thursday - new_year) / (7 * DAY_SECONDS) + 1;
    snprintf(out, TEXT_BYTES, "%04" PRId64 "-W%02" PRId64, year, week);
}

bool calendar_fill(sqlite3 *connection, const struct span *period, const struct datetime_days *holidays,
                   struct diagnostics *diagnostics) {
    struct query insert;
    if (!query_open(&insert, connection, "insert_day", sql_insert_day, diagnostics)) {
        return query_close(&insert);
    }
    bool filled = true;
    int64_t first = datetime_day_start(period->from);
    if (first < period->from) {
        first += DAY_SECONDS;
    }
    for (int64_t day = first; filled && day < period->until; day += DAY_SECONDS) {
        struct civil civil = datetime_to_civil(day);
        int weekday = datetime_weekday(day);
        char date[DATETIME_ISO_BYTES];
        char week[TEXT_BYTES];
        char month[TEXT_BYTES];
        char quarter[TEXT_BYTES];
        datetime_date(day, date);
        week_text(day, week);
        snprintf(month, sizeof month, "%04" PRId64 "-%02d", civil.year, civil.month);
        snprintf(quarter, sizeof quarter, "%04" PRId64 "-Q%d", civil.year, (civil.month - 1) / 3 + 1);
        query_integer(&insert, 1, day);
        query_text(&insert, 2, date);
        query_integer(&insert, 3, weekday);
        query_integer(&insert, 4, datetime_business_day(holidays, day));
        query_text(&insert, 5, week);
        query_text(&insert, 6, month);
        query_text(&insert, 7, quarter);
        filled = query_run(&insert);
    }
    return query_close(&insert) && filled;
}
