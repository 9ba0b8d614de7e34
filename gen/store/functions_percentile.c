#include "store/functions.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#define FIRST_CAPACITY 1024
#define EXACT_INTEGER  (INT64_C(1) << 53) /* beyond it a double no longer holds every integer */

struct percentile {
    double *values; /* sqlite3_malloc64: counts against the connection's heap limit */
    size_t count;
    size_t capacity;
    double percent;
    bool has_percent;
    bool fractional; /* a value that was not an integer was seen */
    bool failed;
};

static void fail(sqlite3_context *context, struct percentile *state, const char *message) {
    state->failed = true;
    if (message == NULL) {
        sqlite3_result_error_nomem(context);
    } else {
        sqlite3_result_error(context, message, -1);
    }
}

static bool take_percent(sqlite3_context *context, struct percentile *state, sqlite3_value *argument) {
    double percent = sqlite3_value_double(argument);
    if (!(percent > 0.0 && percent <= 100.0)) {
        fail(context, state, "percentile(value, p): p must be above 0 and at most 100");
        return false;
    }
    if (state->has_percent && percent != state->percent) {
        fail(context, state, "percentile(value, p): p must be the same in every row");
        return false;
    }
    state->percent = percent;
    state->has_percent = true;
    return true;
}

static void step(sqlite3_context *context, int count, sqlite3_value **arguments) {
    (void)count;
    struct percentile *state = sqlite3_aggregate_context(context, sizeof *state);
    if (state == NULL) {
        sqlite3_result_error_nomem(context);
        return;
    }
    if (state->failed || !take_percent(context, state, arguments[1])) {
        return;
    }
    int type = sqlite3_value_type(arguments[0]);
    if (type == SQLITE_NULL) {
        return;
    }
    if (type != SQLITE_INTEGER && type != SQLITE_FLOAT) {
        fail(context, state, "percentile(value, p): every value must be a number");
        return;
    }
    if (state->count == state->capacity) {
        size_t capacity = state->capacity == 0 ? FIRST_CAPACITY : state->capacity * 2;
        double *values = capacity > SIZE_MAX / sizeof *values
                             ? NULL
                             : sqlite3_realloc64(state->values, (sqlite3_uint64)(capacity * sizeof *values));
        if (values == NULL) {
            fail(context, state, NULL);
            return;
        }
        state->values = values;
        state->capacity = capacity;
    }
    double value = sqlite3_value_double(arguments[0]);
    state->fractional |= type == SQLITE_FLOAT || value >= (double)EXACT_INTEGER || value <= -(double)EXACT_INTEGER;
    state->values[state->count++] = value;
}

static int compare(const void *a, const void *b) {
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static void finish(sqlite3_context *context) {
    struct percentile *state = sqlite3_aggregate_context(context, 0);
    if (state == NULL) {
        return;
    }
    if (state->count > 0 && !state->failed) {
        qsort(state->values, state->count, sizeof *state->values, compare);
        /*
         * The rank is the least k with k * 100 >= p * n. The product is formed before dividing, and the neighbour is
         * tried, because p / 100 is seldom exact in binary: 7 * 10 / 100 must not become rank 8 of 10 for p = 70.
         */
        double wanted = state->percent * (double)state->count;
        size_t rank = (size_t)ceil(wanted / 100.0);
        while (rank > 1 && (double)(rank - 1) * 100.0 >= wanted) {
            rank--;
        }
        while ((double)rank * 100.0 < wanted) {
            rank++;
        }
        rank = rank < 1 ? 1 : rank > state->count ? state->count : rank;
        double value = state->values[rank - 1];
        if (state->fractional) {
            sqlite3_result_double(context, value);
        } else {
            sqlite3_result_int64(context, (sqlite3_int64)value);
        }
    }
    sqlite3_free(state->values);
    state->values = NULL;
}

bool functions_percentile_register(sqlite3 *connection) {
    return sqlite3_create_function_v2(connection, "percentile", 2,
                                      SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, NULL, NULL, step, finish,
                                      NULL) == SQLITE_OK;
}
