#ifndef ASSESS_MUTATION_H
#define ASSESS_MUTATION_H

#include "base/arena.h"
#include "base/diagnostics.h"
#include "config/schema.h"
#include "store/store.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Violations beyond the written challenges. Each row that a challenge gives is altered, one value at a time, in the
 * columns that the test's query really reads, behind views too (mutation_value.h says how), is left out, and is given
 * twice under another key; then the query is asked again. Of a challenge that is effective a mutant is caught when the
 * test now finds an exception or cannot determine an item, has left when the item is no longer in the population, and
 * is unnoticed else. Not every mutant is a violation, so the share says little by itself; a column none of whose
 * mutants changes anything, in any challenge, is read and not judged.
 */

struct mutation_column {
    const char *type;
    const char *name; /* of the column; NULL: the row as a whole */
    size_t mutants;   /* of effective challenges */
    size_t caught;
    size_t left;
    bool named;  /* the query names it itself, and it is no part of the key that tells rows apart; or a whole row */
    bool judged; /* some mutant of it changed what some challenge finds */
};

struct mutation_result {
    const char *test; /* its id */
    size_t mutants;   /* of effective challenges */
    size_t caught;
    size_t left;
    struct mutation_column *columns; /* by type, in the order of its columns */
    size_t column_count;
    struct text_list unnoticed; /* what was altered in mutants that changed nothing, where it was asked for */
    size_t tried;               /* mutants of all challenges */
};

struct mutation_results {
    struct mutation_result *items; /* in the order of the schema */
    size_t count;
};

/* Whether it is to be looked at: read by the query's own words or, of whole rows, by way of any view, and not judged.
 */
bool mutation_unjudged(const struct mutation_column *column);

/*
 * Of every test with a query or, where `names` are given, of those tests and of all tests of those controls; with
 * names the unnoticed mutants are listed. Everything is kept in `arena`. The challenges themselves must have passed
 * (challenge_run); names that the schema does not have choose nothing. False after reporting.
 */
bool mutation_run(const struct schema *schema, const char *const *names, size_t name_count, struct arena *arena,
                  struct mutation_results *results, struct diagnostics *diagnostics);

/* Writes the results into the store's table tm_mutation, for reports. */
bool mutation_write(struct store *store, const struct mutation_results *results, struct diagnostics *diagnostics);

/* "account.status, person (rows)": the columns that mutation_unjudged names; "" where none. NULL when memory is out. */
const char *mutation_unjudged_text(struct arena *arena, const struct mutation_result *result);

#endif
