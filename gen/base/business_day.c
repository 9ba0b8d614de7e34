#include "base/business_day.h"

#define BUSINESS_DAY 86400

int64_t business_day_from(const struct datetime_days *holidays, int64_t day) {
    while (!datetime_business_day(holidays, day)) {
        day += BUSINESS_DAY;
    }
    return day;
}

int64_t business_day_after(const struct datetime_days *holidays, int64_t day, int64_t count) {
    if (count <= 0) {
        return business_day_from(holidays, day);
    }
    for (; count > 0; count--) {
        day = business_day_from(holidays, day + BUSINESS_DAY);
    }
    return day;
}

int64_t business_day_before(const struct datetime_days *holidays, int64_t day) {
    do {
        day -= BUSINESS_DAY;
    } while (!datetime_business_day(holidays, day));
    return day;
}
