#ifndef STORE_FUNCTIONS_H
#define STORE_FUNCTIONS_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * The SQL functions that tests, views and the engine share; all deterministic and without effect:
 *   iso(t)                     '2025-10-01T00:00:00Z' of UTC seconds
 *   date_of(t)                 '2025-10-01'
 *   epoch(text)                UTC seconds of an ISO date or time (UTC where it names no zone), else NULL
 *   duration_text(seconds)     '2 h 5 min': its two largest units, rounded down; '-' in front when negative
 *   business_days(from, until) Mondays to Fridays after the day of `from`, up to and with the day of `until` (UTC); so
 *                              Friday to Monday is 1, within a day 0; negative when `until` is the earlier one
 *   ref_text(ref)              'E12.345': evidence file and row
 *   percentile(value, p)       the nearest rank: the smallest value such that at least p per cent of the values are at
 * or below it, 0 < p <= 100; NULLs are left out, and without values it is NULL A NULL argument gives NULL.
 */
bool functions_register(sqlite3 *connection);
/* The text that duration_text gives. */
#define FUNCTIONS_DURATION_BYTES 64
void functions_duration(int64_t seconds, char out[FUNCTIONS_DURATION_BYTES]);
/* percentile alone; functions_register calls it. */
bool functions_percentile_register(sqlite3 *connection);

#endif
