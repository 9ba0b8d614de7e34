#ifndef BASE_BUSINESS_DAY_H
#define BASE_BUSINESS_DAY_H

#include "base/datetime.h"

#include <stdint.h>

/* Counting business days (datetime_business_day). Days are UTC midnights. */

/* `day` itself, or the first business day after it. */
int64_t business_day_from(const struct datetime_days *holidays, int64_t day);
/* The `count`-th business day after `day`, which need not be one; with 0 business_day_from. */
int64_t business_day_after(const struct datetime_days *holidays, int64_t day, int64_t count);
/* The last business day before `day`. */
int64_t business_day_before(const struct datetime_days *holidays, int64_t day);

#endif
