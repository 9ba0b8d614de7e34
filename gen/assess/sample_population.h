#ifndef ASSESS_SAMPLE_POPULATION_H
#define ASSESS_SAMPLE_POPULATION_H

#include "assess/bind.h"
#include "store/guard.h"

#include <stdbool.h>
#include <stdint.h>

/* One item of a population, as the test's query gives it. */
struct sample_population_row {
    uint64_t position; /* from 0, in the bytewise order of items */
    const char *item;  /* until the visit ends, as all that follows */
    bool has_ref;
    int64_t ref;
    struct guard_query *query; /* its current row, for further columns */
};
typedef bool sample_population_visit(void *context, const struct sample_population_row *row);

/*
 * Runs a test's query and visits its items in the bytewise order of their texts, each once. False after reporting, and
 * when a visit was false: a row without an item, an item that is too long or stands twice, and more rows than can be
 * counted make a population that no sample can be drawn from.
 */
bool sample_population_walk(struct guard *guard, const struct test *test, const struct bind_values *values,
                            sample_population_visit *visit, void *context, struct diagnostics *diagnostics);

typedef bool sample_population_reference(void *context, const char *name, int64_t ref);
/* Visits the references of a row beside its own, by the names of their columns without "ref_". */
bool sample_population_references(const struct sample_population_row *row, sample_population_reference *visit,
                                  void *context);
/*
 * Visits the records that support a record by the schema's view SCHEMA_SUPPORT, under the relation's name. False after
 * reporting, and when a visit was false. Without the view there are none.
 */
bool sample_population_supporting(struct guard *guard, const struct schema *schema, int64_t ref,
                                  sample_population_reference *visit, void *context);

#endif
