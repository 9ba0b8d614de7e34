#ifndef ASSESS_POPULATION_H
#define ASSESS_POPULATION_H

#include "assess/bind.h"
#include "assess/earlier.h"
#include "assess/retest.h"
#include "assess/verdict.h"
#include "base/digest.h"
#include "store/query.h"

#include <pthread.h>
#include <stdbool.h>

/*
 * Runs one test's query over its whole population: counts it, digests it, and keeps each exception and undetermined
 * item with its reference. An item must be there and unique, and a row without a reference is allowed only where the
 * query reads the shipped calendar or occurrences; what breaks that is a shortcoming of the test's result.
 */
struct population_run {
    struct guard *guard;
    const struct test *test;
    const struct bind_values *values;
    bool sourced; /* every type that is read has an export; else what deviates could not be determined */
    const struct earlier *earlier;  /* what only exports from before the period show is no deviation in it */
    int64_t position;               /* of the test among all; ids of its exceptions follow from it */
    struct query *insert_exception; /* population_insert_exception */
    struct query *insert_reference; /* population_insert_reference */
    struct query *uncovered;        /* population_uncovered: a time of which an export is not there */
    const char *folder;             /* for files that this needs for a while */
    struct retest *retest;          /* findings of before, which are looked for in the population; NULL: none */
    pthread_mutex_t *lock;          /* held while these are used, since tests of other threads use them too */
    struct diagnostics *diagnostics;
};
struct population_result {
    struct verdict_counts counts;
    struct digest_sum digest; /* of item and reference of every row */
};

/* `query` is the test's, prepared on `run->guard`. False when the query or the system failed, after reporting. */
bool population_test(const struct population_run *run, struct guard_query *query, struct population_result *result,
                     struct verdict_states *states);

/*
 * Appends the rows of the test's detail query for one item, as "name=value, name=value" lines; of `run` guard, test,
 * values and diagnostics count. The test has such a query.
 */
bool population_detail(const struct population_run *run, const char *item, struct buffer *out);

/* Appends the test's query so that it can stand inside another: a semicolon at its end would end that one. */
void population_inner(const struct test *test, struct buffer *out);

/* What the columns begin with that lead to further records; behind it stands what such a record is. */
#define POPULATION_REFERENCE "ref_"
/* The name behind it, or NULL where a column leads to no further record. */
const char *population_reference(const char *column);

/*
 * Adds an item and its reference to the digest of a population. `scratch` is emptied first, and may serve many items;
 * so may `by`, which may be NULL (digest_sum_add). False when memory ran out.
 */
bool population_digest(struct digest_sum *digest, struct digest *by, struct buffer *scratch, const char *item,
                       bool has_ref, int64_t ref);

/* Ids of exceptions are given out by so many to a test, in the order of the schema, the first so many to none. */
#define POPULATION_IDS_EACH INT64_C(1000000000)
/* One of the engine's statements about exceptions, with that number as its only parameter. False after reporting. */
bool population_execute(sqlite3 *connection, const char *name, const char *sql, struct diagnostics *diagnostics);
/* The ids that the exceptions of a test may have: from `first` on, and below `end`. */
struct population_ids {
    int64_t first;
    int64_t end;
};
struct population_ids population_ids(const struct schema *schema, const char *test);

/*
 * Asks the query itself which items it lists more than once (some, at most) and adds an INSUFFICIENT state for each. Of
 * `run` the guard, the test, the values and the diagnostics are used. False when the query failed, after reporting.
 */
bool population_repeated(const struct population_run *run, struct verdict_states *states);

/*
 * Keeps one item that deviates or could not be determined ("exception", "undetermined") with its reference; `number` is
 * its place among those of the test, from 1.
 */
bool population_keep(const struct population_run *run, uint64_t number, const char *item, const char *state,
                     const char *text, bool has_ref, int64_t ref);

#endif
