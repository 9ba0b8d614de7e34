#include "base/datetime.h"
#include "read/sheet.h"

#include <math.h>
#include <stdio.h>

#define SHEET_DAY_SECONDS INT64_C(86400)
#define SHEET_LAST_DAY    2958465 /* 9999-12-31 */
#define SHEET_LEAP_DAY    60      /* 1900 is taken for a leap year, for the sake of an older program */

bool sheet_time(double serial, enum workbook_style style, bool epoch_1904, char out[SHEET_TIME_BYTES]) {
    if (!(serial >= 0 && serial < SHEET_LAST_DAY + 1)) {
        return false;
    }
    int64_t day = (int64_t)floor(serial);
    int64_t seconds = (int64_t)llround((serial - (double)day) * (double)SHEET_DAY_SECONDS);
    if (seconds == SHEET_DAY_SECONDS) {
        day++;
        seconds = 0;
    }
    bool clock = day == 0 && style == WORKBOOK_MOMENT;
    struct civil civil = datetime_to_civil(seconds);
    if (clock) {
        snprintf(out, SHEET_TIME_BYTES, "%02d:%02d:%02d", civil.hour, civil.minute, civil.second);
        return true;
    }
    if (!epoch_1904 && (day == SHEET_LEAP_DAY || day == 0)) {
        return false;
    }
    int64_t shifted = epoch_1904 ? day : day < SHEET_LEAP_DAY ? day + 1 : day;
    const struct civil first = {
        .year = epoch_1904 ? 1904 : 1899, .month = epoch_1904 ? 1 : 12, .day = epoch_1904 ? 1 : 30};
    civil = datetime_to_civil(datetime_from_civil(&first) + shifted * SHEET_DAY_SECONDS + seconds);
    if (civil.year > 9999) {
        return false;
    }
    if (style == WORKBOOK_DATE && seconds == 0) {
        snprintf(out, SHEET_TIME_BYTES, "%04d-%02d-%02d", (int)civil.year, civil.month, civil.day);
    } else {
        snprintf(out, SHEET_TIME_BYTES, "%04d-%02d-%02dT%02d:%02d:%02d", (int)civil.year, civil.month, civil.day,
                 civil.hour, civil.minute, civil.second);
    }
    return true;
}
