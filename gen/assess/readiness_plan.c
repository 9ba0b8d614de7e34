#include "assess/readiness.h"

#include "assess/readiness_plan.sql.h"
#include "base/limits.h"
#include "store/guard.h"
#include "store/query.h"

#include <inttypes.h>
#include <stdio.h>

#define DAY_SECONDS  86400
#define WEEK_DAYS    5 /* business days */
#define NUMBER_BYTES 48

/* "3", or "2-4". */
static void name_range(int64_t first, int64_t last, char out[NUMBER_BYTES]) {
    if (first == last) {
        snprintf(out, NUMBER_BYTES, "%" PRId64, first);
    } else {
        snprintf(out, NUMBER_BYTES, "%" PRId64 "-%" PRId64, first, last);
    }
}

/* A week of the audit is five business days, the first of which is the submission's. */
bool readiness_plan_weeks(struct store *store, const struct readiness_input *input) {
    const struct readiness_rules *rules = input->rules;
    struct query insert = {0};
    bool done = query_open(&insert, store_connection(store), "readiness_plan_insert_week",
                           sql_readiness_plan_insert_week, input->diagnostics);

    for (size_t i = 0; done && i < rules->week_count; i++) {
        const struct readiness_week *week = &rules->weeks[i];
        char weeks[NUMBER_BYTES];
        name_range(week->first, week->last, weeks);
        query_integer(&insert, 1, (int64_t)i + 1);
        query_text(&insert, 2, week->id);
        query_text(&insert, 3, weeks);
        query_text(&insert, 4, week->title);
        query_integer(&insert, 5, business_day_after(&input->days, input->submission, (week->first - 1) * WEEK_DAYS));
        query_integer(&insert, 6, business_day_after(&input->days, input->submission, week->last * WEEK_DAYS - 1));
        query_text(&insert, 7, week->auditor);
        query_text(&insert, 8, week->management);
        query_text(&insert, 9, week->produces);
        done = query_run(&insert);
    }
    return query_close(&insert) && done;
}

struct plan {
    struct guard *guard;
    struct query phase;
    struct query step;
    struct query task;
    int64_t step_number;
    struct diagnostics *diagnostics;
};

/* The columns that a step's query must have. */
static bool find_columns(struct plan *plan, struct guard_query *query, const struct readiness_step *step,
                         int columns[3]) {
    static const char *const names[] = {"subject", "text", "owner"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        columns[i] = guard_column(query, names[i]);
        if (columns[i] < 0) {
            diagnostics_report(plan->diagnostics, DIAGNOSTIC_READINESS_STEP, &step->query->text_place,
                               "the query of a step has no column '%s'; it needs subject, text and owner", names[i]);
            return false;
        }
    }
    return true;
}

/* A task without a subject or a text tells nobody what to do; its query is at fault. */
static bool write_task(struct plan *plan, struct guard_query *query, const struct readiness_step *step,
                       const int columns[3], int64_t number) {
    if (guard_is_null(query, columns[0]) || guard_is_null(query, columns[1])) {
        diagnostics_report(plan->diagnostics, DIAGNOSTIC_READINESS_STEP, &step->query->text_place,
                           "the query of a step gives a row without a subject or a text; leave such rows out");
        return false;
    }
    query_integer(&plan->task, 1, plan->step_number);
    query_integer(&plan->task, 2, number);
    for (int i = 0; i < 3; i++) {
        query_text(&plan->task, i + 3, guard_text(query, columns[i]));
    }
    return query_run(&plan->task);
}

static bool plan_step(struct plan *plan, int64_t phase, const struct readiness_step *step) {
    struct guard_query *query = guard_prepare(plan->guard, step->query->text, &step->query->text_place);
    int columns[3];
    int64_t tasks = 0;
    enum guard_step stepped = GUARD_FAILED;

    plan->step_number++;
    if (query == NULL || !find_columns(plan, query, step, columns)) {
        goto end;
    }
    while ((stepped = guard_step(query)) == GUARD_ROW) {
        if (tasks == LIMIT_ROADMAP_TASKS) {
            diagnostics_report(plan->diagnostics, DIAGNOSTIC_READINESS_STEP, &step->query->text_place,
                               "a step of the roadmap has more than %d tasks; let its query put them together",
                               LIMIT_ROADMAP_TASKS);
            stepped = GUARD_FAILED;
            goto end;
        }
        if (!write_task(plan, query, step, columns, ++tasks)) {
            stepped = GUARD_FAILED;
            goto end;
        }
    }

end:
    guard_query_free(query);
    query_integer(&plan->step, 1, plan->step_number);
    query_integer(&plan->step, 2, phase);
    query_text(&plan->step, 3, step->title);
    query_integer(&plan->step, 4, tasks);
    return stepped == GUARD_DONE && query_run(&plan->step);
}

static bool plan_phase(struct plan *plan, const struct readiness_input *input, const struct readiness_phase *phase,
                       int64_t number) {
    char months[NUMBER_BYTES];
    bool done = true;

    name_range(phase->first_month, phase->last_month, months);
    query_integer(&plan->phase, 1, number);
    query_text(&plan->phase, 2, phase->id);
    query_text(&plan->phase, 3, months);
    query_text(&plan->phase, 4, phase->title);
    query_text(&plan->phase, 5, phase->text);
    query_integer(&plan->phase, 6,
                  business_day_from(&input->days, datetime_add_months(input->start, (int)phase->first_month - 1)));
    query_integer(&plan->phase, 7,
                  business_day_before(&input->days, datetime_add_months(input->start, (int)phase->last_month)));
    done = query_run(&plan->phase);
    for (size_t i = 0; done && i < phase->step_count; i++) {
        done = plan_step(plan, number, &phase->steps[i]);
    }
    return done;
}

bool readiness_plan_phases(struct store *store, const char *store_path, const struct readiness_input *input) {
    const struct readiness_rules *rules = input->rules;
    sqlite3 *connection = store_connection(store);
    struct plan plan = {.diagnostics = input->diagnostics,
                        .guard = guard_open(store_path, store_options(store)->as_of, input->diagnostics)};
    bool done = plan.guard != NULL &&
                query_open(&plan.phase, connection, "readiness_plan_insert_phase", sql_readiness_plan_insert_phase,
                           input->diagnostics) &&
                query_open(&plan.step, connection, "readiness_plan_insert_step", sql_readiness_plan_insert_step,
                           input->diagnostics) &&
                query_open(&plan.task, connection, "readiness_plan_insert_task", sql_readiness_plan_insert_task,
                           input->diagnostics);

    for (size_t i = 0; done && i < rules->phase_count; i++) {
        done = plan_phase(&plan, input, &rules->phases[i], (int64_t)i + 1);
    }
    done = query_close(&plan.phase) && done;
    done = query_close(&plan.step) && done;
    done = query_close(&plan.task) && done;
    guard_free(plan.guard);
    return done;
}
