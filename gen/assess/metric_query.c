#include "assess/metric_query.h"

#include "assess/bind.h"
#include "base/buffer.h"
#include "base/hash_set.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

bool metric_query_value(const struct metric_binding *binding, const char *name, struct value *out) {
    const struct metric *metric = binding->metric;

    if (bind_common(name, binding->period, binding->as_of,
                    binding->challenge != NULL ? binding->challenge->values : NULL,
                    binding->challenge != NULL ? binding->challenge->value_count : 0, out)) {
        return true;
    }
    for (size_t i = 0; i < metric->parameter_count; i++) {
        const struct metric_parameter *parameter = &metric->parameters[i];
        if (strcmp(parameter->own.name, name) != 0) {
            continue;
        }
        const struct programme_override *override =
            parameter->of_control != NULL && binding->programme != NULL
                ? programme_find_override(binding->programme, parameter->of_control, parameter->of_parameter,
                                          binding->as_of)
                : NULL;
        *out = override != NULL ? override->converted : parameter->own.value;
        return true;
    }
    return false;
}

bool metric_query_bind(struct guard_query *query, const struct metric_binding *binding,
                       struct diagnostics *diagnostics) {
    const struct metric *metric = binding->metric;
    bool known = true;

    for (int i = 0;; i++) {
        const char *name = guard_parameter(query, i);
        struct value value;
        if (name == NULL) {
            return known;
        }
        if (!metric_query_value(binding, name, &value)) {
            diagnostics_report(diagnostics, DIAGNOSTIC_BAD_METRIC, &metric->query_place,
                               "the metric '%s' uses :%s, which it does not declare; add it to its parameters",
                               metric->id, name);
            known = false;
        } else {
            known = guard_bind(query, name, &value) && known;
        }
    }
}

bool metric_query_columns(const struct guard_query *query, const struct metric *metric,
                          struct diagnostics *diagnostics) {
    const struct {
        const char *name;
        bool required;
    } wanted[] = {
        {"ref", true},
        {"item", true},
        {"value", metric->measure != MEASURE_COUNT},
        {"of", metric->measure == MEASURE_RATIO},
        {"undetermined", false},
    };
    bool all = true;

    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        int found = 0;
        for (int column = 0; column < guard_column_count(query); column++) {
            found += strcmp(guard_column_name(query, column), wanted[i].name) == 0;
        }
        if (found > 1 || (found == 0 && wanted[i].required)) {
            diagnostics_report(diagnostics, DIAGNOSTIC_BAD_METRIC, &metric->query_place,
                               "the query of the metric '%s' has %s column \"%s\"; name one with AS %s", metric->id,
                               found > 1 ? "more than one" : "no", wanted[i].name, wanted[i].name);
            all = false;
        }
    }
    return all;
}

/* Whether `a` is named before `b`: what is left open, then what is worst, then by name. */
static bool precedes(const struct metric *metric, const struct metric_item *a, const struct metric_item *b) {
    if ((a->undetermined != NULL) != (b->undetermined != NULL)) {
        return a->undetermined != NULL;
    }
    if (a->undetermined == NULL && (a->value < b->value || a->value > b->value)) {
        return (a->value < b->value) == (metric->better == BETTER_HIGHER);
    }
    return strcmp(a->item, b->item) < 0;
}

/* Of a share only those that spoil it are named: the others are as many as they are like. */
static bool worth_naming(const struct metric *metric, const struct metric_item *item) {
    return metric->measure != MEASURE_SHARE || item->undetermined != NULL ||
           (item->value < 1.0) == (metric->better == BETTER_HIGHER);
}

static void free_item(struct metric_item *item) {
    free(item->item);
    free(item->undetermined);
    *item = (struct metric_item){0};
}

/* Keeps a copy where the item belongs among the first few; false when memory is out. */
static bool name_item(const struct metric *metric, struct metric_rows *rows, const struct metric_item *item) {
    size_t place = rows->item_count;

    if (!worth_naming(metric, item)) {
        return true;
    }
    while (place > 0 && precedes(metric, item, &rows->items[place - 1])) {
        place--;
    }
    if (place == LIMIT_METRIC_ITEMS) {
        return true;
    }
    struct metric_item copy = *item;
    copy.item = strdup(item->item);
    copy.undetermined = item->undetermined != NULL ? strdup(item->undetermined) : NULL;
    if (copy.item == NULL || (item->undetermined != NULL && copy.undetermined == NULL)) {
        free_item(&copy);
        return false;
    }
    if (rows->item_count == LIMIT_METRIC_ITEMS) {
        free_item(&rows->items[--rows->item_count]);
    }
    memmove(&rows->items[place + 1], &rows->items[place], (rows->item_count - place) * sizeof rows->items[0]);
    rows->items[place] = copy;
    rows->item_count++;
    return true;
}

struct metric_columns {
    int ref;
    int item;
    int value;
    int of;
    int undetermined;
};

/* What keeps a row out of the value, or NULL. */
static const char *left_open(struct guard_query *query, const struct metric *metric,
                             const struct metric_columns *columns) {
    const char *said = columns->undetermined >= 0 ? guard_text(query, columns->undetermined) : NULL;

    if (said != NULL) {
        return said;
    }
    if (guard_is_null(query, columns->ref)) {
        return "leads to no record";
    }
    if (metric->measure != MEASURE_COUNT && guard_is_null(query, columns->value)) {
        return "without a value";
    }
    return metric->measure == MEASURE_RATIO && guard_is_null(query, columns->of) ? "without a value" : NULL;
}

static bool is_number(struct guard_query *query, int column) {
    enum value_kind kind = guard_value(query, column).kind;

    return kind == VALUE_INTEGER || kind == VALUE_REAL;
}

static bool add_value(struct guard_query *query, const struct metric *metric, const struct metric_columns *columns,
                      struct metric_rows *rows, double *value) {
    double of = 0.0;

    *value = 1.0;
    if (metric->measure != MEASURE_COUNT) {
        if (!is_number(query, columns->value)) {
            rows->fault = "a row's value is no number";
            return true;
        }
        *value = guard_real(query, columns->value);
    }
    if (metric->measure == MEASURE_RATIO) {
        if (!is_number(query, columns->of)) {
            rows->fault = "what a row's value is divided by is no number";
            return true;
        }
        of = guard_real(query, columns->of);
    }
    switch (metric_tally_add(&rows->tally, *value, of)) {
    case METRIC_ADDED:
        return true;
    case METRIC_REFUSED:
        rows->fault =
            metric->measure == MEASURE_SHARE ? "a row's value is neither 0 nor 1" : "a row's value is no number";
        return true;
    case METRIC_TOO_MANY:
        rows->fault = "there are more values than a percentile is taken of";
        return true;
    case METRIC_NO_MEMORY:
        break;
    }
    return false;
}

static bool digest_row(struct metric_rows *rows, struct buffer *scratch, const struct metric_item *item) {
    buffer_clear(scratch);
    buffer_append(scratch, item->item, strlen(item->item) + 1);
    if (item->has_ref) {
        buffer_append_integer(scratch, item->ref);
    }
    if (item->undetermined == NULL) {
        buffer_format(scratch, " %.17g", item->value);
    }
    return !scratch->failed && digest_sum_add(&rows->digest, NULL, scratch->data, scratch->length);
}

/* False when memory is out; a row that no metric can have is a fault, after which nothing is said. */
static bool take_row(struct guard_query *query, const struct metric *metric, const struct metric_columns *columns,
                     struct metric_rows *rows, struct hash_set *seen, struct buffer *scratch) {
    const char *name = guard_text(query, columns->item);

    rows->rows++;
    if (name == NULL || strlen(name) > LIMIT_ITEM_BYTES) {
        rows->fault = "a row has no item, or one that is too long";
        return true;
    }
    const char *open = left_open(query, metric, columns);
    struct metric_item item = {
        .item = strdup(name),
        .undetermined = open != NULL ? strdup(open) : NULL,
        .ref = guard_integer(query, columns->ref),
        .has_ref = !guard_is_null(query, columns->ref),
    };
    bool done = item.item != NULL && (open == NULL || item.undetermined != NULL) &&
                hash_set_add(seen, hash_set_bytes(0, item.item, strlen(item.item)));
    if (done && open != NULL) {
        rows->undetermined++;
    } else if (done) {
        done = add_value(query, metric, columns, rows, &item.value);
    }
    done = done && digest_row(rows, scratch, &item) && name_item(metric, rows, &item);
    free_item(&item);
    return done;
}

bool metric_query_rows(struct guard_query *query, const struct metric *metric, const char *folder,
                       struct metric_rows *out, struct diagnostics *diagnostics) {
    const struct metric_columns columns = {guard_column(query, "ref"), guard_column(query, "item"),
                                           guard_column(query, "value"), guard_column(query, "of"),
                                           guard_column(query, "undetermined")};
    struct hash_set *seen = hash_set_new(folder);
    struct buffer scratch = {0};
    bool done = seen != NULL;
    bool repeats = false;
    enum guard_step step = GUARD_DONE;

    *out = (struct metric_rows){
        .tally = {.measure = metric->measure, .percent = strcmp(metric->unit, SCHEMA_UNIT_PERCENT) == 0}};
    while (done && out->fault == NULL && (step = guard_step(query)) == GUARD_ROW) {
        done = take_row(query, metric, &columns, out, seen, &scratch);
    }
    if (done && out->fault == NULL && step == GUARD_DONE) {
        done = hash_set_repeats(seen, &repeats);
        out->fault = repeats ? "two rows have the same item" : NULL;
    }
    if (!done) {
        diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory for the rows of the metric %s", metric->id);
    }
    hash_set_free(seen);
    buffer_free(&scratch);
    return done && step != GUARD_FAILED;
}

void metric_query_free(struct metric_rows *rows) {
    for (size_t i = 0; i < rows->item_count; i++) {
        free_item(&rows->items[i]);
    }
    rows->item_count = 0;
    metric_tally_free(&rows->tally);
}
