#ifndef ASSESS_METRIC_ANSWERS_H
#define ASSESS_METRIC_ANSWERS_H

#include "assess/metric_query.h"
#include "store/store.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * What the queries of metrics give. Most read evidence alone and are worked out while tests are run, on their threads;
 * one that also reads what judgement writes is left until that stands.
 */
struct metric_answer {
    bool known;
    struct metric_rows rows; /* without the values of a percentile */
    bool valued;             /* `value` is what the rows come to */
    double value;
    const size_t *types; /* evidence types that the query reads, each once */
    size_t type_count;
};
struct metric_answers;

/* Store, schema and programme outlive the answers. NULL after reporting that memory ran out. */
struct metric_answers *metric_answers_new(const struct store *store, const struct schema *schema,
                                          const struct programme *programme, struct diagnostics *diagnostics);
void metric_answers_free(struct metric_answers *answers);
enum metric_asked { METRIC_BEFORE_JUDGEMENT, METRIC_AFTER_JUDGEMENT };
/*
 * Runs the query of the schema's metric `index` behind `guard`; before judgement one that reads what that writes is
 * passed over. Several threads may each see to another metric. False when the query or the system failed, after
 * reporting.
 */
bool metric_answers_find(struct metric_answers *answers, size_t index, struct guard *guard, enum metric_asked when,
                         struct diagnostics *diagnostics);
const struct metric_answer *metric_answers_get(const struct metric_answers *answers, size_t index);
/* What the parameters of the metric's query are bound to. */
struct metric_binding metric_answers_binding(const struct metric_answers *answers, size_t index);

#endif
