#include "assess/metric_print.h"

#include "base/value.h"
#include "config/schema.h"
#include "store/functions.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define MOST_DECIMALS    6
#define MOST_TEXT        400    /* a double in decimal digits */
#define LONGEST_DURATION 9.0e15 /* seconds, which a double holds exactly */
#define NEVER            "not in a lifetime"

static bool equal(double a, double b) {
    return !(a < b) && !(a > b);
}

/* Whether a text that shows 0 or 100 stands for another number. */
static bool misleads(const char *text, double value) {
    double shown;

    return value_real(text, strlen(text), &shown) && (equal(shown, 0.0) || equal(shown, 100.0)) && !equal(shown, value);
}

static void print_percent(double value, int64_t decimals, struct buffer *out) {
    char text[MOST_TEXT];
    int places = decimals < 0 ? 1 : (int)decimals;

    for (;; places++) {
        snprintf(text, sizeof text, "%.*f", places, value);
        if (!misleads(text, value)) {
            break;
        }
        if (places == MOST_DECIMALS) {
            snprintf(text, sizeof text, "%s", fabs(value) < 50.0 ? "near 0" : value < 100.0 ? "under 100" : "over 100");
            break;
        }
    }
    buffer_append_text(out, text);
}

static void print_number(double value, int64_t decimals, struct buffer *out) {
    char text[MOST_TEXT];

    if (decimals >= 0) {
        snprintf(text, sizeof text, "%.*f", (int)decimals, value);
    } else if (equal(value, nearbyint(value))) {
        snprintf(text, sizeof text, "%.0f", value);
    } else {
        snprintf(text, sizeof text, "%.2f", value);
    }
    buffer_append_text(out, text);
}

static void print(double value, const char *unit, int64_t decimals, const char *percent, struct buffer *out) {
    if (unit != NULL && strcmp(unit, SCHEMA_UNIT_PERCENT) == 0) {
        print_percent(value, decimals, out);
        buffer_append_text(out, percent);
    } else if (unit != NULL && strcmp(unit, SCHEMA_UNIT_DURATION) == 0) {
        char text[FUNCTIONS_DURATION_BYTES];
        double whole = nearbyint(value);
        functions_duration(fabs(whole) < LONGEST_DURATION ? (int64_t)whole : 0, text);
        buffer_append_text(out, fabs(whole) < LONGEST_DURATION ? text : NEVER);
    } else {
        print_number(value, decimals, out);
    }
}

void metric_print(double value, const char *unit, int64_t decimals, struct buffer *out) {
    print(value, unit, decimals, " %", out);
}

void metric_print_difference(double value, const char *unit, int64_t decimals, struct buffer *out) {
    if (value > 0.0) {
        buffer_append_byte(out, '+');
    }
    print(value, unit, decimals, " points", out);
}
