#ifndef ASSESS_POPULATION_LIST_H
#define ASSESS_POPULATION_LIST_H

#include "base/byte_sink.h"
#include "config/programme.h"
#include "config/schema.h"
#include "store/store.h"

#include <stdbool.h>

/*
 * Populations on their own: who was hired, what was changed ... Each is a query of the schema over the records of a
 * judged store, run behind the guard, and a statement of whether it lists all there were: every type that it reads must
 * be covered by every source over the whole period, as a test's must, its records valid, unique and known. Results
 * stand in tm_population and tm_population_*, which population_list_open makes.
 */
struct population_list;

/*
 * On a store that assess_run has judged; `store_path` is its file. Computes the coverage of what populations require.
 * NULL after reporting.
 */
struct population_list *population_list_open(struct store *store, const char *store_path, const struct schema *schema,
                                             const struct programme *programme, struct diagnostics *diagnostics);
void population_list_close(struct population_list *listing);

/*
 * Runs one population and writes its members to `csv` (NULL: they are only counted): a header, then a row for each, in
 * the order of its query: item, the query's columns, undetermined (where the query has it), references, reference,
 * evidence, and `defused`, the names of the cells with an apostrophe in front that is not in the record
 * (base/csv_cell.h). `file` is what the results call the listing's file, or NULL. False when the query or the system
 * failed.
 */
bool population_list_make(struct population_list *listing, const struct population *population, const char *file,
                          struct byte_sink *csv);

/* Every challenge of every population of a schema; false when one failed or could not be made, after reporting. */
bool population_list_challenge(const struct schema *schema, size_t *challenges, struct diagnostics *diagnostics);

#endif
