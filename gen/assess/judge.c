#include "assess/judge.h"

#include "assess/attestation.h"
#include "assess/bind.h"
#include "assess/judge.sql.h"
#include "assess/population.h"
#include "assess/population.sql.h"
#include "assess/shortcoming.h"
#include "assess/verdict.h"
#include "base/limits.h"
#include "base/processors.h"
#include "store/guard.h"
#include "store/query.h"
#include "store/share.h"
#include "store/tables.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define JUDGE_NOT_TESTED "it tests operation over a time, which a Type I report does not cover"
#define JUDGE_TYPE_ONE   "not tested: Type I" /* how that is printed */

/* One test, and what came of it; or the query of a metric. */
struct judge_task {
    const struct control *control;
    const struct test *test; /* NULL: a metric's */
    size_t metric;
    bool shares; /* it reads views that are made once for several tests */
    bool taken;
    struct verdict_states states;
    struct population_result result;
    bool done;
};

struct judge {
    struct store *store;
    const char *store_path;
    const struct schema *schema;
    const struct programme *programme;
    struct progress *progress;
    struct diagnostics *diagnostics;
    struct shortcoming *shortcoming;
    struct retest *retest;
    struct earlier *earlier;
    bool answers; /* the schema says where manual tests are answered */
    struct query insert_exception;
    struct query insert_reference;
    struct query uncovered;
    struct query insert_result;
    struct query insert_state;
    struct query control_result;
    struct judge_task *tasks; /* every test, in the order of the schema, then the metrics */
    size_t task_count;
    size_t test_count;
    /* What threads share: which tests are taken, and the store's connection, which one at a time may use. */
    pthread_mutex_t lock;
    struct share *share;
    bool share_made;
    pthread_cond_t share_ready; /* signalled when it is made, or will not be */
    atomic_bool stopped;        /* what is found does not count: no further test is begun */
    struct challenge_job *challenges;
    struct metric_answers *metrics;
};

static bool open_judge(struct judge *judge) {
    sqlite3 *connection = store_connection(judge->store);
    const struct query_statement all[] = {
        {&judge->insert_exception, "population_insert_exception", sql_population_insert_exception},
        {&judge->insert_reference, "population_insert_reference", sql_population_insert_reference},
        {&judge->uncovered, "population_uncovered", sql_population_uncovered},
        {&judge->insert_result, "judge_insert_result", sql_judge_insert_result},
        {&judge->insert_state, "judge_insert_state", sql_judge_insert_state},
        {&judge->control_result, "judge_control_result", sql_judge_control_result},
    };

    if (!query_open_all(all, sizeof all / sizeof all[0], connection, judge->diagnostics)) {
        return false;
    }
    judge->share = share_new(judge->schema, judge->diagnostics);
    judge->answers = schema_view(judge->schema, SCHEMA_ATTESTATION) != NULL;
    judge->shortcoming = shortcoming_open(judge->store, judge->schema, judge->diagnostics);
    judge->retest = judge->shortcoming != NULL ? retest_open(judge->store, judge->diagnostics) : NULL;
    judge->earlier = judge->retest != NULL ? earlier_open(judge->store, judge->diagnostics) : NULL;
    return judge->earlier != NULL && judge->share != NULL;
}

static bool close_judge(struct judge *judge) {
    bool done = true;

    for (size_t i = 0; i < judge->task_count; i++) {
        verdict_free(&judge->tasks[i].states);
    }
    free(judge->tasks);
    shortcoming_free(judge->shortcoming);
    retest_free(judge->retest);
    share_free(judge->share);
    pthread_cond_destroy(&judge->share_ready);
    earlier_free(judge->earlier);
    pthread_mutex_destroy(&judge->lock);
    done = query_close(&judge->insert_exception) && done;
    done = query_close(&judge->insert_reference) && done;
    done = query_close(&judge->uncovered) && done;
    done = query_close(&judge->insert_result) && done;
    done = query_close(&judge->insert_state) && done;
    return query_close(&judge->control_result) && done;
}

static bool list_tasks(struct judge *judge) {
    size_t total = 0;

    for (size_t c = 0; c < judge->schema->control_count; c++) {
        total += judge->schema->controls[c].test_count;
    }
    judge->tasks = calloc(total + judge->schema->metric_count + 1, sizeof *judge->tasks);
    if (judge->tasks == NULL) {
        diagnostics_report(judge->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory for the results of tests");
        return false;
    }
    for (size_t c = 0; c < judge->schema->control_count; c++) {
        const struct control *control = &judge->schema->controls[c];
        for (size_t t = 0; t < control->test_count; t++) {
            const struct test *test = &control->tests[t];
            judge->tasks[judge->task_count++] = (struct judge_task){
                .control = control,
                .test = test,
                .shares = test->query != NULL && share_concerns(judge->share, test->query),
            };
        }
    }
    judge->test_count = judge->task_count;
    for (size_t m = 0; m < judge->schema->metric_count; m++) {
        const char *query = judge->schema->metrics[m].query;
        if (query != NULL) {
            judge->tasks[judge->task_count++] =
                (struct judge_task){.metric = m, .shares = share_concerns(judge->share, query)};
        }
    }
    return true;
}

/* Whether a test shows that a control is in place on a date, and not that it operated over a time. */
static bool shows_design(const struct judge *judge, const struct test *test, const struct guard_query *query) {
    size_t count = 0;
    const struct guard_read *reads = guard_reads(query, &count);

    if (test->subject != TEST_BY_RULE || test->latest_reason != NULL) {
        return test->subject != TEST_OPERATION;
    }
    for (size_t i = 0; i < count; i++) {
        size_t type = tables_type(judge->schema, reads[i].table);
        bool over_time = strcmp(reads[i].table, "calendar") == 0 || strcmp(reads[i].table, "occurrence") == 0;
        if (over_time || (type != SIZE_MAX && judge->schema->types[type].shape == TYPE_EVENT)) {
            return false;
        }
    }
    return true;
}

/* A query over the whole population, on what its evidence can carry. */
static bool judge_query(struct judge *judge, struct population_run *run, struct judge_task *task) {
    const struct test *test = task->test;
    struct verdict_states *states = &task->states;
    char subject[LIMIT_NAME_BYTES + 8];
    bool done = false;

    snprintf(subject, sizeof subject, "test %s", test->id);
    guard_about(run->guard, subject);
    struct guard_query *query = guard_prepare(run->guard, test->query, &test->query_place);

    if (query == NULL) {
        goto end;
    }
    if (judge->programme->type_one && !shows_design(judge, test, query)) {
        verdict_add(states, VERDICT_NOT_APPLICABLE, JUDGE_NOT_TESTED);
        done = true;
        goto end;
    }
    if (!shortcoming_count(judge->shortcoming, run->guard, query)) {
        goto end;
    }
    pthread_mutex_lock(&judge->lock);
    bool found = shortcoming_find(judge->shortcoming, task->control, test, query, states, &run->sourced);
    pthread_mutex_unlock(&judge->lock);
    if (!found || !population_test(run, query, &task->result, states)) {
        goto end;
    }
    bool zero_proven = task->result.counts.population == 0 && test->witness.count > 0;
    if (zero_proven) {
        pthread_mutex_lock(&judge->lock);
        found = shortcoming_witness(judge->shortcoming, task->control, test, query, states);
        pthread_mutex_unlock(&judge->lock);
        if (!found) {
            goto end;
        }
    }
    verdict_judge(states, &task->result.counts, test->tolerable, zero_proven);
    done = true;

end:
    guard_query_free(query);
    guard_about(run->guard, NULL);
    return done;
}

static bool judge_evidence(struct judge *judge, struct guard *guard, struct judge_task *task) {
    const struct store_options *options = store_options(judge->store);
    const struct bind_values values = {
        .control = task->control, .programme = judge->programme, .period = options->span, .as_of = options->as_of};
    struct population_run run = {
        .guard = guard,
        .test = task->test,
        .values = &values,
        .position = task - judge->tasks,
        .insert_exception = &judge->insert_exception,
        .insert_reference = &judge->insert_reference,
        .uncovered = &judge->uncovered,
        .folder = store_folder(judge->store),
        .retest = judge->retest,
        .earlier = judge->earlier,
        .lock = &judge->lock,
        .diagnostics = judge->diagnostics,
    };
    return task->test->query == NULL ? attestation_test(&run, judge->answers, &task->result, &task->states)
                                     : judge_query(judge, &run, task);
}

static bool judge_test(struct judge *judge, struct guard *guard, struct judge_task *task) {
    const struct control *control = task->control;
    const struct test *test = task->test;
    const char *exclusion = programme_not_applicable(judge->programme, judge->schema, control);
    const struct span period = store_options(judge->store)->span;

    if (exclusion != NULL) {
        verdict_add(&task->states, VERDICT_NOT_APPLICABLE, "%s", exclusion);
    } else if (control->effective_from >= period.until || control->superseded <= period.from) {
        verdict_add(&task->states, VERDICT_NOT_APPLICABLE, "the control was not in force in the period");
    } else if (judge->programme->type_one && test->query == NULL && test->subject == TEST_OPERATION) {
        verdict_add(&task->states, VERDICT_NOT_APPLICABLE, JUDGE_NOT_TESTED);
    } else {
        return judge_evidence(judge, guard, task);
    }
    return true;
}

/*
 * Takes the next test or metric that can be begun, with the lock held; where only such are left that read views made
 * once for several of them, waits for these. Metrics, of which some take long, come first, so that no thread is left
 * with one at the end. NULL: none is left.
 */
static struct judge_task *take_task(struct judge *judge) {
    for (;;) {
        bool left = false;
        for (size_t i = 0; i < judge->task_count && !judge->stopped; i++) {
            struct judge_task *task = &judge->tasks[(judge->test_count + i) % judge->task_count];
            if (!task->taken && (judge->share_made || !task->shares)) {
                task->taken = true;
                return task;
            }
            left = left || !task->taken;
        }
        if (!left || judge->stopped) {
            return NULL;
        }
        pthread_cond_wait(&judge->share_ready, &judge->lock);
    }
}

/* Takes one test after the other, on a guarded connection of its own, until none is left. */
static void *take_tests(void *context) {
    struct judge *judge = context;
    bool joined = false;
    struct guard *guard = guard_open(judge->store_path, store_options(judge->store)->as_of, judge->diagnostics);

    if (guard != NULL) {
        guard_heed(guard, &judge->stopped); /* a query that loops has been found by its challenge meanwhile */
    }
    while (guard != NULL) {
        pthread_mutex_lock(&judge->lock);
        struct judge_task *task = take_task(judge);
        if (task != NULL && task->test != NULL) {
            progress_add(judge->progress, 1, 0);
        }
        pthread_mutex_unlock(&judge->lock);
        if (task == NULL || (task->shares && !joined && !share_join(judge->share, guard))) {
            break;
        }
        joined = joined || task->shares;
        /* A broken test is reported; the others are run all the same, so that every fault is known at once. */
        task->done = task->test != NULL ? judge_test(judge, guard, task)
                                        : metric_answers_find(judge->metrics, task->metric, guard,
                                                              METRIC_BEFORE_JUDGEMENT, judge->diagnostics);
    }
    guard_free(guard);
    return NULL;
}

/* Takes the place of the thread that makes the challenges, when that has ended. */
static void *take_tests_later(void *context) {
    struct judge *judge = context;

    if (challenge_job_passed(judge->challenges)) {
        return take_tests(judge);
    }
    pthread_mutex_lock(&judge->lock);
    judge->stopped = true;
    pthread_cond_broadcast(&judge->share_ready);
    pthread_mutex_unlock(&judge->lock);
    return NULL;
}

static void make_share(struct judge *judge) {
    bool made = share_make(judge->share, judge->store_path, store_options(judge->store)->as_of, &judge->stopped,
                           judge->diagnostics);

    pthread_mutex_lock(&judge->lock);
    judge->share_made = made;
    judge->stopped = judge->stopped || !made;
    pthread_cond_broadcast(&judge->share_ready);
    pthread_mutex_unlock(&judge->lock);
}

/*
 * This thread, which first makes what tests share, and as many more as there are processors, of which one waits for the
 * challenges; where none can be had, this one does the work alone.
 */
static void judge_tests(struct judge *judge) {
    pthread_t threads[LIMIT_JUDGES];
    size_t wanted = processors(LIMIT_JUDGES);
    size_t started = 0;

    while (started + 1 < wanted &&
           pthread_create(&threads[started], NULL, started == 0 ? take_tests_later : take_tests, judge) == 0) {
        started++;
    }
    make_share(judge);
    take_tests(judge);
    for (size_t i = 0; i < started; i++) {
        pthread_join(threads[i], NULL);
    }
}

/* Whether the test was left out because the report looks at a date. */
static bool suppressed(const struct verdict_states *states) {
    return states->count == 1 && strcmp(states->states[0].reason, JUDGE_NOT_TESTED) == 0;
}

static bool write_result(struct judge *judge, const struct test *test, const struct verdict_states *states,
                         const struct population_result *result) {
    enum verdict verdict = verdict_weightiest(states);
    struct buffer printed = {0};
    char hex[DIGEST_HEX_BYTES];
    bool done = false;

    if (suppressed(states)) {
        buffer_append_text(&printed, JUDGE_TYPE_ONE);
    } else {
        verdict_print(verdict, test->query == NULL, &result->counts, &printed);
    }
    const char *text = buffer_text(&printed);
    if (text == NULL || states->failed) {
        diagnostics_report(judge->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory for the result of %s", test->id);
        goto end;
    }
    digest_hex(result->digest.bytes, hex);
    query_text(&judge->insert_result, 1, test->id);
    query_text(&judge->insert_result, 2, schema_verdict_names[verdict]);
    query_text(&judge->insert_result, 3, text);
    query_integer(&judge->insert_result, 4, (int64_t)result->counts.population);
    query_integer(&judge->insert_result, 5, (int64_t)result->counts.exceptions);
    query_integer(&judge->insert_result, 6, (int64_t)result->counts.undetermined);
    query_text(&judge->insert_result, 7, hex);
    done = query_run(&judge->insert_result);
    for (size_t i = 0; done && i < states->count; i++) {
        query_text(&judge->insert_state, 1, test->id);
        query_integer(&judge->insert_state, 2, (int64_t)i + 1);
        query_text(&judge->insert_state, 3, schema_verdict_names[states->states[i].verdict]);
        query_text(&judge->insert_state, 4, states->states[i].reason);
        done = query_run(&judge->insert_state);
    }

end:
    buffer_free(&printed);
    return done;
}

/* What the tests of one control add up to: the weightiest verdict, and whether any test let deviations pass. */
struct control_outcome {
    enum verdict verdict;
    bool deviations;
    bool suppressed; /* some test was left out of a Type I report */
    bool manual;     /* some test awaits a person's word */
};

static bool write_control(struct judge *judge, const struct control *control, const struct control_outcome *outcome) {
    static const char *const printed[VERDICT_COUNT] = {
        [VERDICT_NOT_APPLICABLE] = "not applicable",
        [VERDICT_EFFECTIVE] = "no exceptions noted",
        [VERDICT_NO_OCCURRENCE] = "no occurrence in the period",
        [VERDICT_PENDING] = "manual evidence awaited",
        [VERDICT_INSUFFICIENT] = "insufficient evidence",
        [VERDICT_EXCEPTION] = "exceptions noted",
    };
    bool deviations = outcome->verdict == VERDICT_EFFECTIVE && outcome->deviations;

    query_text(&judge->control_result, 1, control->id);
    query_text(&judge->control_result, 2, schema_verdict_names[outcome->verdict]);
    const char *text = deviations ? "effective with deviations" : printed[outcome->verdict];
    if (outcome->verdict == VERDICT_PENDING && !outcome->manual) {
        text = "evidence awaited";
    } else if (outcome->suppressed && outcome->verdict == VERDICT_NOT_APPLICABLE) {
        text = JUDGE_TYPE_ONE;
    } else if (judge->programme->type_one && outcome->verdict == VERDICT_NO_OCCURRENCE) {
        text = "no occurrence";
    }
    query_text(&judge->control_result, 3, text);
    return query_run(&judge->control_result);
}

/* Writes what was found, in the order of the schema, so that the store does not tell which thread was faster. */
static bool write_results(struct judge *judge) {
    const struct judge_task *task = judge->tasks;
    bool done = true;

    for (size_t c = 0; c < judge->schema->control_count; c++) {
        const struct control *control = &judge->schema->controls[c];
        struct control_outcome outcome = {.verdict = VERDICT_NOT_APPLICABLE};

        if (control->test_count == 0) {
            outcome.verdict = VERDICT_INSUFFICIENT; /* nothing shows that it operates */
        }
        for (size_t t = 0; t < control->test_count; t++, task++) {
            if (!task->done || !write_result(judge, task->test, &task->states, &task->result)) {
                done = false;
                continue;
            }
            enum verdict verdict = verdict_weightiest(&task->states);
            outcome.verdict = verdict > outcome.verdict ? verdict : outcome.verdict;
            outcome.suppressed = outcome.suppressed || suppressed(&task->states);
            outcome.manual = outcome.manual || (verdict == VERDICT_PENDING && task->test->query == NULL);
            outcome.deviations =
                outcome.deviations || (verdict == VERDICT_EFFECTIVE && task->result.counts.exceptions > 0);
        }
        done = write_control(judge, control, &outcome) && done;
    }
    for (; task < judge->tasks + judge->task_count; task++) {
        done = task->done && done;
    }
    return done;
}

static bool write_challenges(struct judge *judge) {
    struct query insert = {0};
    bool done = query_open(&insert, store_connection(judge->store), "judge_insert_challenge",
                           sql_judge_insert_challenge, judge->diagnostics) &&
                challenge_job_end(judge->challenges, &insert);

    return query_close(&insert) && done;
}

bool judge_run(struct store *store, const char *store_path, const struct schema *schema,
               const struct programme *programme, struct challenge_job *challenges, struct metric_answers *metrics,
               struct progress *progress, struct diagnostics *diagnostics) {
    struct judge judge = {.store = store,
                          .store_path = store_path,
                          .schema = schema,
                          .programme = programme,
                          .progress = progress,
                          .diagnostics = diagnostics_new(),
                          .challenges = challenges,
                          .metrics = metrics,
                          .lock = PTHREAD_MUTEX_INITIALIZER,
                          .share_ready = PTHREAD_COND_INITIALIZER};

    if (judge.diagnostics == NULL) {
        diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to test the controls");
        return false;
    }
    bool done = open_judge(&judge) && list_tasks(&judge);
    if (done) {
        progress_stage(progress, "Testing controls", judge.test_count);
        judge_tests(&judge);
    }
    /* Where a test does not catch what it is for, what the tests found would only hide that. */
    bool counts = challenge_job_passed(challenges);
    done = counts && done && write_challenges(&judge) && write_results(&judge) && retest_write(judge.retest);
    done = close_judge(&judge) && done;
    if (counts) {
        diagnostics_join(diagnostics, judge.diagnostics);
    }
    diagnostics_free(judge.diagnostics);
    return done;
}
