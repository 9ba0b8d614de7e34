#ifndef ASSESS_METRIC_TREND_H
#define ASSESS_METRIC_TREND_H

#include "base/diagnostics.h"

#include <sqlite3.h>
#include <stdbool.h>

/*
 * Sets each metric beside what it was in the periods before, as far as prior assessments are known: the difference and
 * whether it is for the better (tm_metric_trend).
 */
bool metric_trend_run(sqlite3 *connection, struct diagnostics *diagnostics);

#endif
