#include "assess/metric_tally.h"

#include "base/limits.h"

#include <math.h>
#include <stdlib.h>

#define FIRST_CAPACITY 256

/* Adds so that the order of the rows and their size do not show in the sum. */
static void add(double *sum, double *lost, double value) {
    double total = *sum + value;

    if (fabs(*sum) >= fabs(value)) {
        *lost += (*sum - total) + value;
    } else {
        *lost += (value - total) + *sum;
    }
    *sum = total;
}

/* The percentile that a measure takes, or 0. */
static unsigned percent_of(enum metric_measure measure) {
    switch (measure) {
    case MEASURE_P50:
        return 50;
    case MEASURE_P95:
        return 95;
    case MEASURE_P99:
        return 99;
    default:
        return 0;
    }
}

static enum metric_added keep(struct metric_tally *tally, double value) {
    if (tally->determined >= LIMIT_METRIC_VALUES) {
        return METRIC_TOO_MANY;
    }
    if (tally->determined == tally->capacity) {
        size_t capacity = tally->capacity == 0 ? FIRST_CAPACITY : 2 * tally->capacity;
        double *grown = reallocarray(tally->values, capacity, sizeof *grown);
        if (grown == NULL) {
            return METRIC_NO_MEMORY;
        }
        tally->values = grown;
        tally->capacity = capacity;
    }
    tally->values[tally->determined] = value;
    return METRIC_ADDED;
}

enum metric_added metric_tally_add(struct metric_tally *tally, double value, double of) {
    bool one = value >= 1.0 && value <= 1.0;
    bool nought = value >= 0.0 && value <= 0.0;

    if (!isfinite(value) || (tally->measure == MEASURE_SHARE && !one && !nought) ||
        (tally->measure == MEASURE_RATIO && !isfinite(of))) {
        return METRIC_REFUSED;
    }
    if (percent_of(tally->measure) > 0) {
        enum metric_added kept = keep(tally, value);
        if (kept != METRIC_ADDED) {
            return kept;
        }
    }
    tally->ones += one;
    add(&tally->sum, &tally->sum_lost, value);
    if (tally->measure == MEASURE_RATIO) {
        add(&tally->of, &tally->of_lost, of);
    }
    tally->smallest = tally->determined == 0 ? value : fmin(tally->smallest, value);
    tally->largest = tally->determined == 0 ? value : fmax(tally->largest, value);
    tally->determined++;
    return METRIC_ADDED;
}

static int compare(const void *a, const void *b) {
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static double nearest_rank(struct metric_tally *tally, unsigned percent) {
    uint64_t rank = (tally->determined * percent + 99) / 100;

    qsort(tally->values, tally->determined, sizeof *tally->values, compare);
    return tally->values[rank - 1];
}

double metric_tally_part(const struct metric_tally *tally) {
    return tally->measure == MEASURE_SHARE ? (double)tally->ones : tally->sum + tally->sum_lost;
}

double metric_tally_whole(const struct metric_tally *tally) {
    return tally->measure == MEASURE_RATIO ? tally->of + tally->of_lost : (double)tally->determined;
}

bool metric_tally_value(struct metric_tally *tally, double *out) {
    double whole = metric_tally_whole(tally);

    switch (tally->measure) {
    case MEASURE_COUNT:
        *out = (double)tally->determined;
        return true;
    case MEASURE_SUM:
        *out = metric_tally_part(tally);
        return true;
    case MEASURE_SHARE:
    case MEASURE_RATIO:
        if (!(whole > 0.0)) {
            return false;
        }
        *out = metric_tally_part(tally) * (tally->measure == MEASURE_SHARE || tally->percent ? 100.0 : 1.0) / whole;
        return isfinite(*out);
    default:
        break;
    }
    if (tally->determined == 0) {
        return false;
    }
    switch (tally->measure) {
    case MEASURE_MEAN:
        *out = metric_tally_part(tally) / whole;
        break;
    case MEASURE_SMALLEST:
        *out = tally->smallest;
        break;
    case MEASURE_LARGEST:
        *out = tally->largest;
        break;
    default:
        *out = nearest_rank(tally, percent_of(tally->measure));
    }
    return isfinite(*out);
}

void metric_tally_free(struct metric_tally *tally) {
    free(tally->values);
    tally->values = NULL;
    tally->capacity = 0;
}
