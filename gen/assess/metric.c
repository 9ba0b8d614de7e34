#include "assess/metric.h"

#include "assess/metric.sql.h"
#include "assess/metric_print.h"
#include "assess/metric_query.h"
#include "assess/metric_sources.h"
#include "assess/metric_trend.h"
#include "assess/population.h"
#include "store/guard.h"
#include "store/query.h"

#include <inttypes.h>
#include <string.h>

#define MOST_REASONS 2 /* of a test, in one note */

/* What a metric comes to. */
enum metric_state { METRIC_DETERMINED, METRIC_PARTIAL, METRIC_NONE, METRIC_UNDETERMINED };
static const char *const metric_state_names[] = {
    [METRIC_DETERMINED] = "determined",
    [METRIC_PARTIAL] = "partial",
    [METRIC_NONE] = "none",
    [METRIC_UNDETERMINED] = "undetermined",
};
struct metric_result {
    enum metric_state state;
    double value;
    struct buffer note;
    uint64_t rows;
    char digest[DIGEST_HEX_BYTES];
    int64_t position;
    int64_t inputs; /* that were written */
};

struct metric_job {
    sqlite3 *connection;
    const struct schema *schema;
    struct diagnostics *diagnostics;
    struct guard *guard;
    struct metric_answers *answers;
    struct metric_sources *sources;
    struct query add;
    struct query add_input;
    struct query add_parameter;
    struct query add_item;
    struct query test_result;
    struct query test_states;
    struct query test_types;
    struct query test_items;
};

static bool open_job(struct metric_job *job) {
    const struct query_statement all[] = {
        {&job->add, "metric_add", sql_metric_add},
        {&job->add_input, "metric_add_input", sql_metric_add_input},
        {&job->add_parameter, "metric_add_parameter", sql_metric_add_parameter},
        {&job->add_item, "metric_add_item", sql_metric_add_item},
        {&job->test_result, "metric_test_result", sql_metric_test_result},
        {&job->test_states, "metric_test_states", sql_metric_test_states},
        {&job->test_types, "metric_test_types", sql_metric_test_types},
        {&job->test_items, "metric_test_items", sql_metric_test_items},
    };

    if (!query_open_all(all, sizeof all / sizeof all[0], job->connection, job->diagnostics)) {
        return false;
    }
    job->sources = metric_sources_open(job->connection, job->diagnostics);
    return job->sources != NULL;
}

static bool close_job(struct metric_job *job) {
    struct query *const all[] = {&job->add,         &job->add_input,   &job->add_parameter, &job->add_item,
                                 &job->test_result, &job->test_states, &job->test_types,    &job->test_items};
    bool done = true;

    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        done = query_close(all[i]) && done;
    }
    metric_sources_free(job->sources);
    return done;
}

static void weigh(struct metric_result *result, enum metric_state state) {
    result->state = state > result->state ? state : result->state;
}

static void note(struct metric_result *result, const char *text) {
    buffer_format(&result->note, "%s%s", result->note.length > 0 ? "; " : "", text);
}

static bool add_input(struct metric_job *job, const struct metric *metric, struct metric_result *result,
                      const char *name, double value, const char *unit) {
    struct buffer printed = {0};

    metric_print(value, unit, -1, &printed);
    const char *text = buffer_text(&printed);
    query_text(&job->add_input, 1, metric->id);
    query_integer(&job->add_input, 2, ++result->inputs);
    query_text(&job->add_input, 3, name);
    query_real(&job->add_input, 4, value);
    query_text(&job->add_input, 5, text != NULL ? text : "");
    bool done = query_run(&job->add_input);
    buffer_free(&printed);
    return done;
}

static void look_at_type(struct metric_job *job, const char *type, struct metric_result *result) {
    switch (metric_sources_look(job->sources, type, &result->note)) {
    case METRIC_EVIDENCE_WHOLE:
        break;
    case METRIC_EVIDENCE_PART:
        weigh(result, METRIC_PARTIAL);
        break;
    case METRIC_EVIDENCE_NONE:
        weigh(result, METRIC_UNDETERMINED);
    }
}

/* What is left open, and whether anything is left at all. */
static void count_open(struct metric_result *result, uint64_t rows, uint64_t undetermined) {
    if (undetermined == 0) {
        return;
    }
    buffer_format(&result->note, "%s%" PRIu64 " of %" PRIu64 " could not be determined",
                  result->note.length > 0 ? "; " : "", undetermined, rows);
    weigh(result, undetermined < rows ? METRIC_PARTIAL : METRIC_UNDETERMINED);
}

/* ---- from a query ---- */

static bool write_items(struct metric_job *job, const struct metric *metric, const struct metric_rows *rows) {
    bool done = true;

    for (size_t i = 0; done && i < rows->item_count; i++) {
        const struct metric_item *item = &rows->items[i];
        struct buffer printed = {0};
        bool whether = metric->measure == MEASURE_SHARE || metric->measure == MEASURE_COUNT;
        if (item->undetermined != NULL) {
            buffer_append_text(&printed, item->undetermined);
        } else if (!whether) {
            metric_print(item->value, metric->unit, metric->decimals, &printed);
        } else if (metric->measure == MEASURE_SHARE) {
            buffer_append_text(&printed, item->value < 1.0 ? "no" : "yes");
        }
        const char *text = buffer_text(&printed);
        query_text(&job->add_item, 1, metric->id);
        query_integer(&job->add_item, 2, (int64_t)i + 1);
        query_text(&job->add_item, 3, item->item);
        query_text(&job->add_item, 4, text != NULL ? text : "");
        query_integer_or_null(&job->add_item, 5, item->ref, item->has_ref);
        done = query_run(&job->add_item);
        buffer_free(&printed);
    }
    return done;
}

static bool write_inputs(struct metric_job *job, const struct metric *metric, const struct metric_rows *rows,
                         struct metric_result *result) {
    bool two = metric->measure == MEASURE_SHARE || metric->measure == MEASURE_RATIO;
    bool summed = metric->measure == MEASURE_SUM || metric->measure == MEASURE_MEAN;
    bool done = true;

    if (two || (summed && metric->part != NULL)) {
        done =
            add_input(job, metric, result, metric->part, metric_tally_part(&rows->tally), summed ? metric->unit : NULL);
    }
    done = done && add_input(job, metric, result, metric->whole, metric_tally_whole(&rows->tally), NULL);
    return done &&
           (rows->undetermined == 0 || add_input(job, metric, result, "left open", (double)rows->undetermined, NULL));
}

static bool work_out_query(struct metric_job *job, const struct metric *metric, struct metric_result *result) {
    size_t index = (size_t)(metric - job->schema->metrics);
    const struct metric_answer *answer = metric_answers_get(job->answers, index);
    const struct metric_rows *rows = &answer->rows;

    if (!answer->known &&
        !metric_answers_find(job->answers, index, job->guard, METRIC_AFTER_JUDGEMENT, job->diagnostics)) {
        return false;
    }
    for (size_t i = 0; i < answer->type_count; i++) {
        look_at_type(job, job->schema->types[answer->types[i]].id, result);
    }
    result->rows = rows->rows;
    digest_hex(rows->digest.bytes, result->digest);
    if (rows->fault != NULL) {
        note(result, rows->fault);
        weigh(result, METRIC_UNDETERMINED);
        return true;
    }
    count_open(result, rows->rows, rows->undetermined);
    if (!answer->valued) {
        weigh(result, METRIC_NONE);
    }
    result->value = answer->value;
    return write_inputs(job, metric, rows, result) && write_items(job, metric, rows);
}

/* ---- made of a test ---- */

/* Why the test does not apply, or what its evidence lacks where nothing else has said it. */
static bool look_at_states(struct metric_job *job, const struct metric *metric, bool *applies,
                           struct metric_result *result) {
    bool noted = result->note.length > 0;
    int reasons = 0;

    query_text(&job->test_states, 1, metric->test);
    while (query_step(&job->test_states)) {
        const char *reason = query_column_text(&job->test_states, 1);
        bool counts = strcmp(query_column_text(&job->test_states, 0), "not applicable") != 0;
        *applies = *applies && counts;
        weigh(result, METRIC_PARTIAL);
        if ((!counts || !noted) && reasons++ < MOST_REASONS) {
            note(result, reason != NULL && reason[0] != '\0' ? reason : "the test's evidence is insufficient");
        }
    }
    if (reasons > MOST_REASONS) {
        note(result, "and more");
    }
    return query_reset(&job->test_states);
}

static bool look_at_types(struct metric_job *job, const struct metric *metric, struct metric_result *result) {
    query_text(&job->test_types, 1, metric->test);
    while (query_step(&job->test_types)) {
        look_at_type(job, query_column_text(&job->test_types, 0), result);
    }
    return query_reset(&job->test_types);
}

struct test_counts {
    uint64_t population;
    uint64_t exceptions;
    uint64_t undetermined;
};

static bool read_counts(struct metric_job *job, const struct metric *metric, struct test_counts *counts,
                        struct metric_result *result) {
    query_text(&job->test_result, 1, metric->test);
    if (query_step(&job->test_result)) {
        *counts = (struct test_counts){(uint64_t)query_column_integer(&job->test_result, 0),
                                       (uint64_t)query_column_integer(&job->test_result, 1),
                                       (uint64_t)query_column_integer(&job->test_result, 2)};
        result->rows = counts->population;
        const char *digest = query_column_text(&job->test_result, 4);
        memcpy(result->digest, digest, strlen(digest) < sizeof result->digest ? strlen(digest) + 1 : 0);
    }
    return query_reset(&job->test_result);
}

static bool name_test_items(struct metric_job *job, const struct metric *metric) {
    const struct population_ids ids = population_ids(job->schema, metric->test);

    query_text(&job->test_items, 1, metric->id);
    query_text(&job->test_items, 2, metric->test);
    query_integer(&job->test_items, 3, LIMIT_METRIC_ITEMS);
    query_integer(&job->test_items, 4, ids.first);
    query_integer(&job->test_items, 5, ids.end);
    return query_run(&job->test_items);
}

/* What belongs to the population is known of every item in it, also where it could not be judged. */
static bool count_items(struct metric_job *job, const struct metric *metric, const struct test_counts *counts,
                        struct metric_result *result) {
    result->value = (double)counts->population;
    return add_input(job, metric, result, metric->whole, result->value, NULL);
}

static bool divide_items(struct metric_job *job, const struct metric *metric, const struct test_counts *counts,
                         struct metric_result *result) {
    uint64_t known = counts->population - counts->undetermined;
    uint64_t good = known - counts->exceptions;

    if (known == 0) {
        weigh(result, METRIC_NONE);
    } else {
        result->value = (double)good * 100.0 / (double)known;
    }
    return add_input(job, metric, result, metric->part != NULL ? metric->part : "in order", (double)good, NULL) &&
           add_input(job, metric, result, metric->whole, (double)known, NULL) &&
           (counts->undetermined == 0 ||
            add_input(job, metric, result, "left open", (double)counts->undetermined, NULL));
}

static bool work_out_test(struct metric_job *job, const struct metric *metric, struct metric_result *result) {
    struct test_counts counts = {0};
    bool whole = metric->measure == MEASURE_COUNT;
    bool applies = true;

    if (!look_at_types(job, metric, result) || !read_counts(job, metric, &counts, result)) {
        return false;
    }
    if (!whole) {
        count_open(result, counts.population, counts.undetermined);
    }
    if (!look_at_states(job, metric, &applies, result)) {
        return false;
    }
    if (!applies) {
        result->state = METRIC_NONE;
        return true;
    }
    return (whole ? count_items(job, metric, &counts, result) : divide_items(job, metric, &counts, result)) &&
           name_test_items(job, metric);
}

/* ---- writing ---- */

static bool target_of(const struct metric *metric, const struct metric_binding *binding, double *target) {
    struct value value;

    *target = metric->target_value;
    if (metric->target_parameter != NULL) {
        if (!metric_query_value(binding, metric->target_parameter, &value)) {
            return false;
        }
        *target = value.kind == VALUE_INTEGER ? (double)value.integer : value.real;
    }
    return metric->target != NULL;
}

static bool write_parameters(struct metric_job *job, const struct metric *metric,
                             const struct metric_binding *binding) {
    bool done = true;

    for (size_t i = 0; done && i < metric->parameter_count; i++) {
        const struct metric_parameter *parameter = &metric->parameters[i];
        struct value value;
        if (!metric_query_value(binding, parameter->own.name, &value)) {
            continue;
        }
        query_text(&job->add_parameter, 1, metric->id);
        query_text(&job->add_parameter, 2, parameter->own.name);
        switch (value.kind) {
        case VALUE_INTEGER:
            query_integer(&job->add_parameter, 3, value.integer);
            break;
        case VALUE_REAL:
            query_real(&job->add_parameter, 3, value.real);
            break;
        default:
            query_text(&job->add_parameter, 3, value.kind == VALUE_TEXT ? value.text.bytes : "");
        }
        query_text(&job->add_parameter, 4, parameter->of_control);
        query_text(&job->add_parameter, 5, parameter->of_parameter);
        query_text(&job->add_parameter, 6, parameter->own.meaning);
        done = query_run(&job->add_parameter);
    }
    return done;
}

static bool write_result(struct metric_job *job, const struct metric *metric, const struct metric_binding *binding,
                         const struct metric_result *result) {
    bool valued = result->state <= METRIC_PARTIAL;
    double target = 0.0;
    bool aimed = target_of(metric, binding, &target);
    struct buffer printed = {0};
    struct buffer target_printed = {0};
    struct query *add = &job->add;

    if (valued) {
        metric_print(result->value, metric->unit, metric->decimals, &printed);
    } else {
        buffer_append_text(&printed, result->state == METRIC_NONE ? "none" : "not determined");
    }
    if (aimed) {
        metric_print(target, metric->unit, metric->target_parameter != NULL ? -1 : metric->decimals, &target_printed);
    }
    const char *texts[] = {buffer_text(&printed), buffer_text(&target_printed), buffer_text(&result->note)};
    bool done = texts[0] != NULL && texts[1] != NULL && texts[2] != NULL;
    if (!done) {
        diagnostics_report(job->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory for the metric %s", metric->id);
    }
    query_text(add, 1, metric->id);
    query_text(add, 2, metric->title);
    if (valued) {
        query_real(add, 3, result->value);
    }
    query_text(add, 4, texts[0]);
    query_text(add, 5, metric->unit);
    query_text(add, 6, metric->formula);
    query_integer(add, 7, result->position);
    query_text(add, 8, metric->section);
    query_text(add, 9, metric->meaning);
    query_text(add, 10, metric_state_names[result->state]);
    query_text(add, 11, result->note.length > 0 ? texts[2] : NULL);
    query_text(add, 12, schema_better_names[metric->better]);
    query_integer(add, 13, metric->decimals);
    if (aimed) {
        query_real(add, 14, target);
        query_text(add, 15, texts[1]);
    }
    bool good = metric->better == BETTER_HIGHER ? result->value >= target : result->value <= target;
    query_integer_or_null(add, 16, good, aimed && result->state == METRIC_DETERMINED);
    query_text(add, 17, metric->test);
    query_text(add, 18, metric->query);
    query_integer(add, 19, (int64_t)result->rows);
    query_text(add, 20, result->digest[0] != '\0' ? result->digest : NULL);
    query_integer(add, 21, (int64_t)metric->challenge_count);
    done = done && query_run(add) && write_parameters(job, metric, binding);
    buffer_free(&printed);
    buffer_free(&target_printed);
    return done;
}

static bool work_out(struct metric_job *job, const struct metric *metric, int64_t position) {
    const struct metric_binding binding = metric_answers_binding(job->answers, (size_t)(metric - job->schema->metrics));
    struct metric_result result = {.position = position};
    bool done = metric->test != NULL ? work_out_test(job, metric, &result) : work_out_query(job, metric, &result);

    done = done && write_result(job, metric, &binding, &result);
    buffer_free(&result.note);
    return done;
}

/* ---- the engine's own: rows that SQL made, to be printed ---- */

static bool print_own(sqlite3 *connection, struct diagnostics *diagnostics) {
    struct query unprinted = {0};
    struct query set = {0};
    bool done = query_open(&unprinted, connection, "metric_unprinted", sql_metric_unprinted, diagnostics) &&
                query_open(&set, connection, "metric_set_printed", sql_metric_set_printed, diagnostics);

    while (done && query_step(&unprinted)) {
        struct buffer text = {0};
        if (query_column_null(&unprinted, 1)) {
            buffer_append_text(&text, "none");
        } else {
            metric_print(query_column_real(&unprinted, 1), query_column_text(&unprinted, 2),
                         query_column_integer(&unprinted, 3), &text);
        }
        query_text(&set, 1, query_column_text(&unprinted, 0));
        query_buffer(&set, 2, &text);
        done = query_run(&set);
        buffer_free(&text);
    }
    done = query_close(&set) && done;
    return query_close(&unprinted) && done;
}

/* Which metrics reports draw, in the schema's order. */
static bool write_charts(sqlite3 *connection, const struct schema *schema, struct diagnostics *diagnostics) {
    struct query set = {0};
    bool done = query_open(&set, connection, "metric_set_chart", sql_metric_set_chart, diagnostics);

    for (size_t i = 0; done && i < schema->chart_count; i++) {
        query_text(&set, 1, schema->charts[i].id);
        query_integer(&set, 2, (int64_t)i + 1);
        done = query_run(&set);
    }
    return query_close(&set) && done;
}

static bool last_position(sqlite3 *connection, int64_t *position, struct diagnostics *diagnostics) {
    struct query query = {0};
    bool found = query_open(&query, connection, "metric_last", sql_metric_last, diagnostics) && query_step(&query);

    *position = found ? query_column_integer(&query, 0) : 0;
    return query_close(&query) && found;
}

bool metric_run(struct store *store, struct guard *guard, const struct schema *schema, struct metric_answers *answers,
                struct diagnostics *diagnostics) {
    sqlite3 *connection = store_connection(store);
    struct metric_job job = {
        .connection = connection, .guard = guard, .answers = answers, .schema = schema, .diagnostics = diagnostics};
    int64_t position = 0;
    bool done = population_execute(connection, "metric_insert", sql_metric_insert, diagnostics) &&
                query_execute(connection, "metric_inputs", sql_metric_inputs, diagnostics) &&
                last_position(connection, &position, diagnostics);

    if (done && schema->metric_count > 0) {
        done = open_job(&job);
        for (size_t i = 0; job.sources != NULL && i < schema->metric_count; i++) {
            done = work_out(&job, &schema->metrics[i], position + (int64_t)i + 1) && done;
        }
        done = close_job(&job) && done;
    }
    return done && print_own(connection, diagnostics) && write_charts(connection, schema, diagnostics) &&
           metric_trend_run(connection, diagnostics);
}
