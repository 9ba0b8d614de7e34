#ifndef BASE_BUSINESS_DAY_H
#define BASE_BUSINESS_DAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Business days: Mondays to Fridays that are no declared holidays. Days are UTC midnights; `holidays` are sorted.
 */
struct business_days {
    const int64_t *holidays;
    size_t holiday_count;
};

bool business_day_is(const struct business_days *days, int64_t day);
/* `day` itself, or the first business day after it. */
int64_t business_day_from(const struct business_days *days, int64_t day);
/* The `count`-th business day after `day`, which need not be one; with 0 business_day_from. */
int64_t business_day_after(const struct business_days *days, int64_t day, int64_t count);
/* The last business day before `day`. */
int64_t business_day_before(const struct business_days *days, int64_t day);

#endif
