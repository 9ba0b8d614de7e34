#ifndef CMD_SAMPLE_STRATUM_H
#define CMD_SAMPLE_STRATUM_H

#include "assess/sample_population.h"
#include "cmd/command.h"
#include "config/schema.h"

#include <sqlite3.h>

/*
 * Which stratum an item belongs to: the calendar quarter or month (UTC) of its record's time, its source, or what a
 * column of the test's query or of the record says. What has no record or no value is a stratum of its own.
 */
struct sample_stratum_finder;

/* `by` is "quarter", "month", "source" or a column; "": none. On a judged store. NULL after reporting. */
struct sample_stratum_finder *sample_stratum_open(struct command *command, const struct schema *schema, sqlite3 *store,
                                                  const char *by);
void sample_stratum_free(struct sample_stratum_finder *finder);
/* The name, until the next call; "" without strata. NULL after reporting. */
const char *sample_stratum_name(struct sample_stratum_finder *finder, const struct sample_population_row *row);

#endif
