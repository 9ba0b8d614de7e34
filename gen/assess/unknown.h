#ifndef ASSESS_UNKNOWN_H
#define ASSESS_UNKNOWN_H

#include "config/schema.h"
#include "store/guard.h"
#include "store/store.h"

#include <stdbool.h>

/*
 * How many valid, accepted rows of a type lack a value, by column, where that means that nobody knows it. A type is
 * counted once, when the first test that reads such a column comes, and for all its columns; threads may share this.
 */
struct unknown;

/* Of what was loaded into the store, which must outlive it, as the schema. NULL after reporting that memory is out. */
struct unknown *unknown_new(const struct store *store, const struct schema *schema, struct diagnostics *diagnostics);
void unknown_free(struct unknown *unknown);
/*
 * Counts what the query reads, on the guard's own connection, unless that was done; waits where another thread is at
 * it. False after reporting.
 */
bool unknown_count(struct unknown *unknown, struct guard *guard, const struct guard_query *query);
/* Rows without a value in a column of a type, by their places in the schema; 0 where that means something. */
int64_t unknown_rows(struct unknown *unknown, size_t type, size_t column);

#endif
