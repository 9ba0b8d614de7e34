#ifndef ASSESS_METRIC_QUERY_H
#define ASSESS_METRIC_QUERY_H

#include "assess/metric_tally.h"
#include "base/digest.h"
#include "base/limits.h"
#include "config/programme.h"
#include "store/guard.h"

/*
 * The rows of a metric's query: `item` (unique), `ref` (the record that it was read from), `value` and, of a ratio,
 * `of`; a text in `undetermined` leaves the row out of the value, and it is counted apart.
 */
struct metric_binding {
    const struct metric *metric;
    const struct programme *programme;        /* whose overrides of controls count; NULL: defaults alone */
    const struct metric_challenge *challenge; /* whose values count before, or NULL */
    const struct schema *schema;
    struct span period;
    int64_t as_of;
};
/* What a parameter stands for; false where nothing of the name is declared. */
bool metric_query_value(const struct metric_binding *binding, const char *name, struct value *out);
/* Binds every parameter of the prepared query; one that nobody declares is reported. */
bool metric_query_bind(struct guard_query *query, const struct metric_binding *binding,
                       struct diagnostics *diagnostics);
/* The columns that the measure needs are there once; reported otherwise. */
bool metric_query_columns(const struct guard_query *query, const struct metric *metric,
                          struct diagnostics *diagnostics);

/* A record that is named beside the value. */
struct metric_item {
    char *item;
    char *undetermined; /* why, or NULL */
    double value;
    int64_t ref;
    bool has_ref;
};
struct metric_rows {
    struct metric_tally tally;
    uint64_t rows;
    uint64_t undetermined;
    struct digest_sum digest;                     /* of item, record and value of every row */
    struct metric_item items[LIMIT_METRIC_ITEMS]; /* those left open first, then the worst */
    size_t item_count;
    const char *fault; /* why nothing can be said at all, or NULL */
};
/* Runs a bound query to its end. False when it or the system failed, after reporting; `out` is freed either way. */
bool metric_query_rows(struct guard_query *query, const struct metric *metric, const char *folder,
                       struct metric_rows *out, struct diagnostics *diagnostics);
void metric_query_free(struct metric_rows *rows);

#endif
