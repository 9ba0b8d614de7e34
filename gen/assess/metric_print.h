#ifndef ASSESS_METRIC_PRINT_H
#define ASSESS_METRIC_PRINT_H

#include "base/buffer.h"

#include <stdint.h>

/*
 * A metric's value as reports word it: "99.9 %", "2 h 5 min", or a number. `decimals` -1: one of a percentage, up to
 * two of a number, none that says nothing. A percentage that is not 0 or 100 is never printed as one of them.
 */
void metric_print(double value, const char *unit, int64_t decimals, struct buffer *out);
/* The same of a difference: with its sign, percentages as points. */
void metric_print_difference(double value, const char *unit, int64_t decimals, struct buffer *out);

#endif
