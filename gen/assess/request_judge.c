#include "assess/request.h"

#include "assess/bind.h"
#include "assess/request.sql.h"
#include "assess/request_private.h"
#include "assess/request_store.h"
#include "assess/verdict.h"

#include <inttypes.h>
#include <string.h>

static const char *const how_names[] = {[REQUEST_BY_CONTROL] = "control",
                                        [REQUEST_BY_CRITERION] = "criterion",
                                        [REQUEST_BY_NAME] = "name",
                                        [REQUEST_BY_ANSWER] = "answer",
                                        [REQUEST_BY_WORDS] = "words"};
static const char *const kind_names[] = {[REQUEST_TARGET_CONTROL] = "control",
                                         [REQUEST_TARGET_POPULATION] = "population",
                                         [REQUEST_TARGET_TYPE] = "evidence type",
                                         [REQUEST_TARGET_EVIDENCE] = "evidence"};

/* What became of one request. */
struct outcome {
    int64_t position; /* its number in the list, from 1 */
    const struct request_case *one;
    size_t applicable; /* targets that apply */
    const char *not_applicable;
    size_t drawn;   /* samples for it, and */
    size_t samples; /* of them those from the population of now */
};

static bool judge_control(struct request_store *store, struct outcome *outcome, const struct request_target *target) {
    const struct request_run *run = store->run;
    const struct control *control = schema_control(run->schema, target->id);
    const char *why = programme_not_applicable(run->programme, run->schema, control);

    if (why != NULL) {
        outcome->not_applicable = why;
        return true;
    }
    outcome->applicable++;
    return request_store_control(store, outcome->position, control);
}

/* A type alone: its exports, and what the controls that require them find missing. */
static bool judge_type(struct request_store *store, struct outcome *outcome, const struct request_target *target) {
    const struct request_run *run = store->run;
    size_t type = schema_type(run->schema, target->id);
    size_t required = 0;

    outcome->applicable++;
    query_integer(&store->type_evidence, 1, outcome->position);
    query_text(&store->type_evidence, 2, target->id);
    bool done = query_run(&store->type_evidence);
    for (size_t c = 0; done && c < run->schema->control_count; c++) {
        const struct control *control = &run->schema->controls[c];
        if (schema_requires(control, type) && programme_not_applicable(run->programme, run->schema, control) == NULL) {
            required++;
            done = request_store_coverage(store, outcome->position, control, target->id);
        }
    }
    if (done && required == 0) {
        const char *text = arena_format(run->arena,
                                        "no control that applies requires %s, so it is not known how often an export "
                                        "is due",
                                        target->id);
        done = request_store_missing(store, outcome->position, text, target->id);
    }
    return done;
}

static bool judge_population(struct request_store *store, struct outcome *outcome,
                             const struct request_target *target) {
    outcome->applicable++;
    struct query *const both[] = {&store->insert_population, &store->population_evidence};
    for (size_t i = 0; i < sizeof both / sizeof both[0]; i++) {
        query_integer(both[i], 1, outcome->position);
        query_text(both[i], 2, target->id);
        if (!query_run(both[i])) {
            return false;
        }
    }
    query_text(&store->population, 1, target->id);
    bool done = true;
    while (done && query_step(&store->population)) {
        const char *reason = query_column_text(&store->population, 2);
        done = reason == NULL ||
               request_store_missing(store, outcome->position, arena_text(store->run->arena, reason), target->id);
    }
    return query_reset(&store->population) && done;
}

/* A file that management points at. */
static bool judge_evidence(struct request_store *store, struct outcome *outcome, const struct request_target *target) {
    const struct request_run *run = store->run;

    outcome->applicable++;
    query_text(&store->path_evidence, 1, target->id);
    bool found = query_step(&store->path_evidence);
    int64_t id = found ? query_column_integer(&store->path_evidence, 0) : 0;
    bool counts = found && query_column_integer(&store->path_evidence, 1) != 0;
    const char *problem = found ? query_column_text(&store->path_evidence, 2) : NULL;
    const char *text = counts ? NULL
                              : arena_format(run->arena, "%s does not count: %s", target->id,
                                             problem != NULL ? problem : "no source claims it");
    if (!query_reset(&store->path_evidence)) {
        return false;
    }
    if (!found) {
        for (size_t i = 0; run->sidecar != NULL && i < run->sidecar->answer_count; i++) {
            if (strcasecmp(run->sidecar->answers[i].request, outcome->one->request->id) == 0) {
                diagnostics_report(
                    run->diagnostics, DIAGNOSTIC_ANSWER_UNKNOWN, &run->sidecar->answers[i].place,
                    "the answer to %s names the evidence %.200s, which is neither an evidence type nor a "
                    "file of the period below inputs/evidence",
                    outcome->one->request->id, target->id);
                return false;
            }
        }
    }
    return counts ? request_store_evidence(store, outcome->position, id)
                  : request_store_missing(store, outcome->position, text, target->id);
}

/* Whether a text names a control, by its id or by the number of another guide. */
static bool names_control(const struct control *control, const char *text) {
    bool named = strcasecmp(text, control->id) == 0;

    for (size_t i = 0; i < control->alias.count; i++) {
        named = named || strcasecmp(text, control->alias.items[i]) == 0;
    }
    return named;
}

/* Whether the request names controls, or was led by them to a population, and this is none of them. */
static bool other_control(const struct request_case *one, const struct control *control) {
    bool named = false;

    for (size_t i = 0; i < one->target_count; i++) {
        const struct request_target *target = &one->targets[i];
        bool is_control = target->kind == REQUEST_TARGET_CONTROL && target->how != REQUEST_BY_WORDS;
        const char *text = is_control ? target->id : target->how == REQUEST_BY_CONTROL ? target->from : NULL;
        if (text != NULL && names_control(control, text)) {
            return false;
        }
        named = named || text != NULL;
    }
    return named;
}

/* The digest that the test's population has now; NULL where the test is not known, or after reporting. */
static const char *digest_now(struct request_store *store, const char *test) {
    query_text(&store->test_digest, 1, test);
    const char *digest = query_step(&store->test_digest)
                             ? arena_text(store->run->arena, query_column_text(&store->test_digest, 0))
                             : NULL;

    return query_reset(&store->test_digest) ? digest : NULL;
}

static bool keep_sample(struct request_store *store, struct outcome *outcome, size_t number,
                        const struct request_sample *sample, bool current) {
    struct query *insert = &store->insert_sample;

    outcome->drawn++;
    outcome->samples += current;
    query_integer(insert, 1, outcome->position);
    query_integer(insert, 2, (int64_t)number);
    query_text(insert, 3, sample->path);
    query_text(insert, 4, sample->test);
    query_integer(insert, 5, (int64_t)sample->size);
    query_integer(insert, 6, (int64_t)sample->population);
    query_text(insert, 7, sample->digest);
    query_integer(insert, 8, current);
    query_text(insert, 9, sample->put_together ? sample->fulfilled : NULL);
    return query_run(insert);
}

/* A sample that was drawn for the request, and what it lacks. */
static bool judge_sample(struct request_store *store, struct outcome *outcome, size_t number,
                         const struct request_sample *sample) {
    const struct request_run *run = store->run;
    const struct control *control = NULL;
    const char *lack = NULL;

    if (sample->problem != NULL) {
        outcome->drawn++;
        lack = arena_format(run->arena, "the sample %s is none: %s", sample->path, sample->problem);
        return request_store_missing(store, outcome->position, lack, NULL);
    }
    const char *now = schema_test(run->schema, sample->test, &control) != NULL ? digest_now(store, sample->test) : NULL;
    if (now == NULL || other_control(outcome->one, control)) {
        lack = arena_format(run->arena, "the sample %s is of test %s, which is none of what the request names",
                            sample->path, sample->test);
        return request_store_missing(store, outcome->position, lack, sample->test);
    }
    bool current = strcmp(now, sample->digest) == 0;
    if (!current) {
        lack = arena_format(run->arena,
                            "the sample %s was drawn from another population of %s (digest %.16s...) than there is now "
                            "(%.16s...); restore the evidence, or run again and draw a new one",
                            sample->path, sample->test, sample->digest, now);
    } else if (!sample->put_together) {
        lack =
            arena_format(run->arena,
                         "the items are drawn, and what supports them is %s: tickmark sample --fulfil DIR "
                         "--request %s",
                         sample->fulfilled != NULL ? "not where it was put together any more" : "not put together yet",
                         outcome->one->request->id);
    }
    return keep_sample(store, outcome, number, sample, current) &&
           ((current && sample->put_together) || request_store_missing(store, outcome->position, lack, sample->path));
}

static bool judge_samples(struct request_store *store, struct outcome *outcome) {
    const struct request_run *run = store->run;
    bool done = true;

    for (size_t i = 0; done && i < run->sample_count; i++) {
        if (strcasecmp(run->samples[i].request, outcome->one->request->id) == 0) {
            done = judge_sample(store, outcome, i + 1, &run->samples[i]);
        }
    }
    return done;
}

/* What is missing whatever the targets hold. */
static bool judge_whole(struct request_store *store, const struct outcome *outcome) {
    const struct request_case *one = outcome->one;
    bool listing = one->asks == REQUEST_POPULATION || one->asks == REQUEST_SAMPLE;
    bool has_population = request_has_target(one, REQUEST_TARGET_POPULATION);
    bool proposed = one->target_count > 0 && one->targets[one->target_count - 1].how == REQUEST_BY_WORDS;
    bool done = true;

    for (size_t i = 0; done && i < one->lacks.count; i++) {
        done = request_store_missing(store, outcome->position, one->lacks.items[i], NULL);
    }
    if (done && proposed) {
        done = request_store_missing(store, outcome->position,
                                     "only words lead to what is proposed; nobody has confirmed it", NULL);
    } else if (done && listing && !has_population && outcome->drawn == 0 &&
               !request_has_target(one, REQUEST_TARGET_EVIDENCE)) {
        done = request_store_missing(store, outcome->position, "which population is meant is not said", NULL);
    } else if (done && one->target_count == 0 && outcome->drawn == 0 && one->lacks.count == 0) {
        done = request_store_missing(store, outcome->position, "the list does not say what answers it", NULL);
    }
    if (done && one->asks == REQUEST_SAMPLE && outcome->drawn == 0 &&
        !request_has_target(one, REQUEST_TARGET_EVIDENCE)) {
        done = request_store_missing(store, outcome->position,
                                     "the items are not selected yet, or what supports them is not named; the auditor "
                                     "draws them from the population",
                                     NULL);
    }
    return done;
}

static bool judge_targets(struct request_store *store, struct outcome *outcome) {
    static bool (*const judges[])(struct request_store * store, struct outcome * outcome,
                                  const struct request_target *target) = {
        [REQUEST_TARGET_CONTROL] = judge_control,
        [REQUEST_TARGET_POPULATION] = judge_population,
        [REQUEST_TARGET_TYPE] = judge_type,
        [REQUEST_TARGET_EVIDENCE] = judge_evidence,
    };
    const struct request_run *run = store->run;
    bool done = true;

    for (size_t i = 0; done && i < outcome->one->target_count; i++) {
        const struct request_target *target = &outcome->one->targets[i];
        const struct control *control =
            target->kind == REQUEST_TARGET_CONTROL ? schema_control(run->schema, target->id) : NULL;
        size_t index =
            target->kind == REQUEST_TARGET_POPULATION ? schema_population(run->schema, target->id) : SIZE_MAX;
        size_t type = target->kind == REQUEST_TARGET_TYPE ? schema_type(run->schema, target->id) : SIZE_MAX;
        const char *title = control != NULL     ? control->title
                            : index != SIZE_MAX ? run->schema->populations[index].title
                            : type != SIZE_MAX  ? run->schema->types[type].title
                                                : NULL;
        query_integer(&store->insert_target, 1, outcome->position);
        query_integer(&store->insert_target, 2, (int64_t)i + 1);
        query_text(&store->insert_target, 3, kind_names[target->kind]);
        query_text(&store->insert_target, 4, target->id);
        query_text(&store->insert_target, 5, title);
        query_text(&store->insert_target, 6, how_names[target->how]);
        query_text(&store->insert_target, 7, target->from);
        done = query_run(&store->insert_target) && judges[target->kind](store, outcome, target);
    }
    return done && judge_samples(store, outcome) && judge_whole(store, outcome);
}

/*
 * Nothing is an answer that only words lead to; what lacks a part is short; and where all that was named does not
 * apply, the request does not.
 */
static bool find_state(struct request_store *store, struct outcome *outcome, const char **state, const char **reason) {
    const struct request_case *one = outcome->one;
    bool listing = one->asks == REQUEST_POPULATION || one->asks == REQUEST_SAMPLE;
    /* Proposals stand behind what ids lead to; and a listing that is not there is not made up for by other evidence. */
    bool proposed = one->target_count > 0 && one->targets[one->target_count - 1].how == REQUEST_BY_WORDS;
    bool unlisted = listing && outcome->samples == 0 && !request_has_target(one, REQUEST_TARGET_POPULATION) &&
                    !request_has_target(one, REQUEST_TARGET_EVIDENCE);
    size_t content = 0;
    size_t missing = 0;

    if (!request_store_count(store, outcome->position, &content, &missing)) {
        return false;
    }
    *reason = NULL;
    if (one->request->status == REQUEST_CLOSED) {
        *state = "closed";
        *reason = arena_format(store->run->arena, "closed by the auditor, as the list says (\"%s\")",
                               one->request->cells[REQUEST_STATUS]);
    } else if (one->request->status == REQUEST_WITHDRAWN) {
        *state = "not applicable";
        *reason = arena_format(store->run->arena, "the list says \"%s\"", one->request->cells[REQUEST_STATUS]);
    } else if (one->not_applicable != NULL) {
        *state = "not applicable";
        *reason = one->not_applicable;
    } else if (one->target_count > 0 && outcome->applicable == 0 && one->lacks.count == 0) {
        *state = "not applicable";
        *reason = outcome->not_applicable;
    } else if (proposed || unlisted || (content == 0 && outcome->samples == 0)) {
        *state = "open";
    } else {
        *state = missing == 0 ? "answered" : "short";
    }
    if (*reason == NULL && (one->request->status == REQUEST_CLOSED || one->request->status == REQUEST_WITHDRAWN)) {
        return request_out_of_memory(store->run);
    }
    return true;
}

static int urgency_of(const struct request_case *one, const char *state, bool late) {
    bool waiting = strcmp(state, "open") == 0 || strcmp(state, "short") == 0;
    int urgency = waiting ? (late ? 0 : 10) : 20;

    urgency += one->request->priority == REQUEST_HIGH ? 0 : one->request->priority == REQUEST_LOW ? 2 : 1;
    return urgency;
}

static bool write_request(struct request_store *store, struct outcome *outcome, int64_t as_of) {
    const struct request_case *one = outcome->one;
    const struct request *request = one->request;
    struct query *insert = &store->insert_request;
    const char *state = NULL;
    const char *reason = NULL;

    if (!find_state(store, outcome, &state, &reason)) {
        return false;
    }
    bool waiting = strcmp(state, "open") == 0 || strcmp(state, "short") == 0;
    bool late = waiting && request->due != INT64_MIN && request->due < datetime_day_start(as_of);
    query_integer(insert, 1, outcome->position);
    query_text(insert, 2, request->id);
    query_text(insert, 3, request->cells[REQUEST_CONTROL]);
    query_text(insert, 4, request->cells[REQUEST_CRITERION]);
    query_text(insert, 5, request->cells[REQUEST_DESCRIPTION]);
    query_text(insert, 6, request->cells[REQUEST_SUBJECT]);
    query_text(insert, 7, one->asks < REQUEST_ASKS_COUNT ? request_asks_names[one->asks] : NULL);
    query_integer(insert, 8, one->asks_by_words);
    query_integer_or_null(insert, 9, request->due, request->due != INT64_MIN);
    query_text(insert, 10, request_status_names[request->status]);
    query_text(insert, 11, request->cells[REQUEST_STATUS]);
    query_text(insert, 12,
               request->priority < REQUEST_PRIORITY_COUNT ? request_priority_names[request->priority] : NULL);
    query_text(insert, 13, request->cells[REQUEST_OWNER]);
    query_text(insert, 14, request->cells[REQUEST_NOTE]);
    query_text(insert, 15, state);
    query_text(insert, 16, reason);
    query_integer(insert, 17, late);
    query_integer(insert, 18, urgency_of(one, state, late));
    query_text(insert, 19, one->folder);
    query_integer(insert, 20, (int64_t)request->place.line);
    return query_run(insert);
}

bool request_judge(const struct request_run *run, struct store *store, const char *store_path) {
    struct request_store work;
    bool done = request_store_open(&work, run, store, store_path);

    for (size_t i = 0; done && i < run->list->count; i++) {
        struct outcome outcome = {.position = (int64_t)i + 1, .one = &run->cases[i]};
        done = judge_targets(&work, &outcome) && write_request(&work, &outcome, store_options(store)->as_of);
    }
    return request_store_close(&work, done) && done;
}
