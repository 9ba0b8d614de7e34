#ifndef STORE_CALENDAR_H
#define STORE_CALENDAR_H

#include "base/datetime.h"
#include "base/diagnostics.h"

#include <sqlite3.h>
#include <stdbool.h>

/*
 * Fills the table `calendar` with the days (UTC) that begin in the period; weeks are those of ISO 8601. `holidays` are
 * no business days; NULL: there are none.
 */
bool calendar_fill(sqlite3 *connection, const struct span *period, const struct datetime_days *holidays,
                   struct diagnostics *diagnostics);

#endif
