#ifndef ASSESS_CORNERS_H
#define ASSESS_CORNERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The range of a figure whose inputs are ranges. A figure that, with all other inputs held, only rises or only falls
 * with each input (sums, products, and quotients of them whose denominator keeps its sign) takes its least and largest
 * value at some combination of the inputs' ends; each is tried, so that an input which stands in the formula twice is
 * one input, not two.
 */
#define CORNERS_MOST_INPUTS 16

struct corners_input {
    double low;
    double high;
};
/* Works the figure out; false where it is not defined. `values` are in the order of the inputs. */
typedef bool corners_figure(const double *values, const void *context, double *out);

struct corners_range {
    bool some; /* defined at one combination at least */
    bool all;  /* defined at every one */
    double low;
    double high;
    bool has_mid; /* defined where every input is in the middle of its range */
    double mid;
    bool has_ends; /* defined where all are at their low ends, and where all are at their high ends */
    double ends_low;
    double ends_high; /* the larger of these two */
};
/* `used` has a bit for each input that the figure depends on. False when there are too many inputs. */
bool corners_range(const struct corners_input *inputs, size_t count, uint32_t used, corners_figure *figure,
                   const void *context, struct corners_range *out);
/* The middle of an input's range. */
double corners_middle(const struct corners_input *input);

#endif
