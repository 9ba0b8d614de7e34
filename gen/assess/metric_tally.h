#ifndef ASSESS_METRIC_TALLY_H
#define ASSESS_METRIC_TALLY_H

#include "config/schema.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * How the values of a metric's rows become one value. Percentiles are by the nearest rank: the smallest value such that
 * at least p per cent of the values are at or below it. An all-zero struct with its measure is an empty tally.
 */
struct metric_tally {
    enum metric_measure measure;
    bool percent;        /* a ratio is printed in percent */
    uint64_t determined; /* values added */
    uint64_t ones;       /* of a share: those that are 1 */
    double sum;
    double sum_lost; /* what rounding took from it (Neumaier) */
    double of;
    double of_lost;
    double smallest;
    double largest;
    double *values; /* of a percentile */
    size_t capacity;
};

enum metric_added {
    METRIC_ADDED,
    METRIC_REFUSED, /* of a share, a value other than 0 and 1; of a ratio, no value of `of`; or no finite number */
    METRIC_TOO_MANY,
    METRIC_NO_MEMORY
};
/* `of` counts for a ratio alone. */
enum metric_added metric_tally_add(struct metric_tally *tally, double value, double of);
/* False where there is none: nothing to divide by, or no value to choose from. Counts and sums of nothing are 0. */
bool metric_tally_value(struct metric_tally *tally, double *out);
/* The two numbers that a share or ratio is made of. */
double metric_tally_part(const struct metric_tally *tally);
double metric_tally_whole(const struct metric_tally *tally);
void metric_tally_free(struct metric_tally *tally);

#endif
