#include "base/business_day.h"

#include "base/datetime.h"

#define BUSINESS_DAY 86400
#define SATURDAY     5

bool business_day_is(const struct business_days *days, int64_t day) {
    if (datetime_weekday(day) >= SATURDAY) {
        return false;
    }
    size_t low = 0;
    size_t high = days->holiday_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (days->holidays[middle] < day) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low == days->holiday_count || days->holidays[low] != day;
}

int64_t business_day_from(const struct business_days *days, int64_t day) {
    while (!business_day_is(days, day)) {
        day += BUSINESS_DAY;
    }
    return day;
}

int64_t business_day_after(const struct business_days *days, int64_t day, int64_t count) {
    if (count <= 0) {
        return business_day_from(days, day);
    }
    for (; count > 0; count--) {
        day = business_day_from(days, day + BUSINESS_DAY);
    }
    return day;
}

int64_t business_day_before(const struct business_days *days, int64_t day) {
    do {
        day -= BUSINESS_DAY;
    } while (!business_day_is(days, day));
    return day;
}
