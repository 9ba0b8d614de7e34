#ifndef ASSESS_SHORTCOMING_H
#define ASSESS_SHORTCOMING_H

#include "assess/verdict.h"
#include "config/schema.h"
#include "store/guard.h"
#include "store/store.h"

#include <stdbool.h>

/*
 * What the evidence behind a test lacks. The types and columns are those that the test's query really reads, as
 * SQLite's authorizer reports them; every source of each type must be covered over the period, its records valid,
 * unique and known, and the columns read must have values.
 */
struct shortcoming;

/* Prepares the statements once for all tests; NULL after reporting. */
struct shortcoming *shortcoming_open(struct store *store, const struct schema *schema, struct diagnostics *diagnostics);
void shortcoming_free(struct shortcoming *shortcoming);

/*
 * Counts the values that are unknown in what the query reads, on the guard's own connection: that goes through whole
 * tables, so that threads do it at the same time, with no lock held. It comes before shortcoming_find. False after
 * reporting.
 */
bool shortcoming_count(struct shortcoming *shortcoming, struct guard *guard, const struct guard_query *query);
/*
 * Records what the query reads (tm_test_type, tm_test_column) and adds an INSUFFICIENT state for each shortcoming. That
 * the control requires them all is checked with the challenges. `*sourced` is false when some type has no source, or
 * not one export that counts: what a test finds without it may be its absence and nothing else. False when the system
 * failed.
 */
bool shortcoming_find(struct shortcoming *shortcoming, const struct control *control, const struct test *test,
                      const struct guard_query *query, struct verdict_states *states, bool *sourced);
/* What exports of a type that the control requires are missing, late or unusable, in the same words. */
bool shortcoming_coverage(struct shortcoming *shortcoming, const struct control *control, const char *type,
                          struct verdict_states *states);
/* The same for the types that prove a zero, as far as the query does not read them itself. */
bool shortcoming_witness(struct shortcoming *shortcoming, const struct control *control, const struct test *test,
                         const struct guard_query *query, struct verdict_states *states);

#endif
