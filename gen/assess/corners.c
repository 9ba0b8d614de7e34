#include "assess/corners.h"

#include <math.h>

double corners_middle(const struct corners_input *input) {
    return input->low + (input->high - input->low) / 2.0;
}

static void widen(struct corners_range *range, double value) {
    range->low = range->some ? fmin(range->low, value) : value;
    range->high = range->some ? fmax(range->high, value) : value;
    range->some = true;
}

/* Every combination of the ends of those inputs that have two. */
static void try_corners(const struct corners_input *inputs, size_t count, uint32_t used, corners_figure *figure,
                        const void *context, struct corners_range *out) {
    size_t wide[CORNERS_MOST_INPUTS];
    double values[CORNERS_MOST_INPUTS];
    size_t wide_count = 0;

    for (size_t i = 0; i < count; i++) {
        values[i] = inputs[i].low;
        if ((used >> i & 1u) != 0 && inputs[i].high > inputs[i].low) {
            wide[wide_count++] = i;
        }
    }
    out->all = true;
    for (uint32_t corner = 0; corner < UINT32_C(1) << wide_count; corner++) {
        double value;
        for (size_t w = 0; w < wide_count; w++) {
            values[wide[w]] = (corner >> w & 1u) != 0 ? inputs[wide[w]].high : inputs[wide[w]].low;
        }
        if (figure(values, context, &value) && isfinite(value)) {
            widen(out, value);
        } else {
            out->all = false;
        }
    }
}

bool corners_range(const struct corners_input *inputs, size_t count, uint32_t used, corners_figure *figure,
                   const void *context, struct corners_range *out) {
    double lows[CORNERS_MOST_INPUTS];
    double mids[CORNERS_MOST_INPUTS];
    double highs[CORNERS_MOST_INPUTS];
    double at_low;
    double at_high;

    *out = (struct corners_range){0};
    if (count > CORNERS_MOST_INPUTS) {
        return false;
    }
    try_corners(inputs, count, used, figure, context, out);
    for (size_t i = 0; i < count; i++) {
        lows[i] = inputs[i].low;
        mids[i] = corners_middle(&inputs[i]);
        highs[i] = inputs[i].high;
    }
    out->has_mid = figure(mids, context, &out->mid) && isfinite(out->mid);
    if (figure(lows, context, &at_low) && figure(highs, context, &at_high) && isfinite(at_low) && isfinite(at_high)) {
        out->has_ends = true;
        out->ends_low = fmin(at_low, at_high);
        out->ends_high = fmax(at_low, at_high);
    }
    return true;
}
