#ifndef ASSESS_METRIC_H
#define ASSESS_METRIC_H

#include "assess/metric_answers.h"
#include "base/diagnostics.h"
#include "config/schema.h"
#include "store/guard.h"
#include "store/store.h"

#include <stdbool.h>

/*
 * Works out every metric once tests are judged and findings made: the engine's own and those that the schema declares,
 * with inputs, records and trends (tm_metric and what follows it). `answers` holds what the schema's queries gave;
 * those that are not known yet run behind `guard`, which is open on the store's file, so that what the tests found must
 * be committed. A metric whose evidence is not all there says so, or has no value.
 */
bool metric_run(struct store *store, struct guard *guard, const struct schema *schema, struct metric_answers *answers,
                struct diagnostics *diagnostics);

#endif
