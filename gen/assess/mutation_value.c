#include "assess/mutation_value.h"

#include "base/datetime.h"
#include "base/value.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define HOUR        3600
#define DAY         86400
#define FAR         (INT64_C(500) * DAY)
#define FAR_NUMBER  1000000
#define NOBODY      "nobody-else@example.com"
#define BESIDE_MOST 3                   /* values beside a value that it is set to */
#define SOME_TIME   INT64_C(1763035200) /* in the middle of the challenges' period: where there was none */

static bool add(struct mutation_values *out, const char *now, const char *text) {
    if (text != NULL && now != NULL && strcmp(text, now) == 0) {
        return true;
    }
    for (size_t i = 0; i < out->count; i++) {
        if ((text == NULL) == (out->texts[i] == NULL) && (text == NULL || strcmp(text, out->texts[i]) == 0)) {
            return true;
        }
    }
    if (out->count < MUTATION_VALUES_MOST) {
        out->texts[out->count++] = text;
    }
    return true;
}

static bool add_copy(struct arena *arena, struct mutation_values *out, const char *now, const char *text) {
    const char *copy = arena_text(arena, text);

    return copy != NULL && add(out, now, copy);
}

static bool add_time(struct arena *arena, struct mutation_values *out, const char *now, int64_t at) {
    char text[DATETIME_ISO_BYTES];

    datetime_iso(at, text);
    return add_copy(arena, out, now, text);
}

static bool read_time(const char *text, int64_t *out) {
    return text != NULL && datetime_parse(text, strlen(text), DATETIME_ISO, 0, out) == DATETIME_OK;
}

static bool add_times(struct arena *arena, const struct control *control, const char *now,
                      const struct text_list *beside, struct mutation_values *out) {
    int64_t at = SOME_TIME;
    int64_t other = 0;
    bool done = true;

    if (!read_time(now, &at)) {
        done = add_time(arena, out, now, at);
    }
    done = done && add_time(arena, out, now, at - FAR) && add_time(arena, out, now, at + FAR);
    for (size_t i = 0; done && i < control->parameter_count; i++) {
        const struct parameter *parameter = &control->parameters[i];
        if (parameter->duration && parameter->value.kind == VALUE_INTEGER) {
            done = add_time(arena, out, now, at - parameter->value.integer - HOUR) &&
                   add_time(arena, out, now, at + parameter->value.integer + HOUR);
        }
    }
    for (size_t i = 0, used = 0; done && i < beside->count && used < BESIDE_MOST; i++) {
        if (read_time(beside->items[i], &other)) {
            used++;
            done = add_time(arena, out, now, other - HOUR) && add_time(arena, out, now, other + HOUR);
        }
    }
    return done && add_time(arena, out, now, at - HOUR) && add_time(arena, out, now, at + HOUR);
}

static bool add_number(struct arena *arena, struct mutation_values *out, const char *now, double value, bool whole) {
    char text[64];

    if (whole) {
        snprintf(text, sizeof text, "%" PRId64, (int64_t)value);
    } else {
        snprintf(text, sizeof text, "%.6g", value);
    }
    return add_copy(arena, out, now, text);
}

static bool add_numbers(struct arena *arena, const struct control *control, const char *now, bool whole,
                        struct mutation_values *out) {
    double value = 0;
    bool done = true;

    if (now == NULL || !value_real(now, strlen(now), &value)) {
        value = 0;
    }
    const double fixed[] = {0, value + 1, value - 1, value + FAR_NUMBER, -FAR_NUMBER};
    for (size_t i = 0; done && i < sizeof fixed / sizeof fixed[0]; i++) {
        done = add_number(arena, out, now, fixed[i], whole);
    }
    for (size_t i = 0; done && i < control->parameter_count; i++) {
        const struct value *parameter = &control->parameters[i].value;
        if (parameter->kind == VALUE_INTEGER || parameter->kind == VALUE_REAL) {
            double limit = parameter->kind == VALUE_INTEGER ? (double)parameter->integer : parameter->real;
            done = add_number(arena, out, now, limit - 1, whole) && add_number(arena, out, now, limit + 1, whole);
        }
    }
    return done;
}

static bool add_texts(struct arena *arena, const char *now, const struct text_list *beside,
                      struct mutation_values *out) {
    int64_t time = 0;
    bool done = add_copy(arena, out, now, NOBODY);

    for (size_t i = 0, used = 0; done && i < beside->count && used < BESIDE_MOST; i++) {
        if (!read_time(beside->items[i], &time)) {
            used++;
            done = add(out, now, beside->items[i]);
        }
    }
    return done;
}

bool mutation_values(struct arena *arena, const struct control *control, const struct column *column, const char *now,
                     const struct text_list *beside, struct mutation_values *out) {
    bool truth = false;
    bool done = true;

    *out = (struct mutation_values){0};
    switch (column->kind) {
    case COLUMN_BOOLEAN:
        if (now == NULL || !value_boolean(now, strlen(now), &truth)) {
            done = add(out, NULL, "true") && add(out, NULL, "false");
        } else {
            done = add(out, NULL, truth ? "false" : "true");
        }
        break;
    case COLUMN_ENUMERATION:
        for (size_t i = 0; done && i < column->values.count; i++) {
            done = add(out, now, column->values.items[i]);
        }
        break;
    case COLUMN_TEXT:
        done = add_texts(arena, now, beside, out);
        break;
    case COLUMN_TIME:
        done = add_times(arena, control, now, beside, out);
        break;
    case COLUMN_INTEGER:
    case COLUMN_REAL:
        done = add_numbers(arena, control, now, column->kind == COLUMN_INTEGER, out);
        break;
    }
    if (done && now != NULL && column->null_meaning != NULL && !column->required) {
        done = add(out, now, NULL);
    }
    return done;
}
