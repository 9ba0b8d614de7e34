#ifndef ASSESS_REQUEST_H
#define ASSESS_REQUEST_H

#include "base/arena.h"
#include "config/programme.h"
#include "config/request.h"
#include "config/schema.h"
#include "store/store.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Answers an auditor's list of requests from a judged store. First each request is led to what it asks for (controls,
 * populations, evidence types, evidence files), then the populations among these are listed (assess/population_list.h),
 * then each answer is judged: which evidence, which listings, which results, and what is missing. Results stand in
 * tm_request and tm_request_*.
 */

enum request_target_kind {
    REQUEST_TARGET_CONTROL,
    REQUEST_TARGET_POPULATION,
    REQUEST_TARGET_TYPE,
    REQUEST_TARGET_EVIDENCE, /* a file */
    REQUEST_TARGET_KINDS
};

/* How a request leads to something. What words alone lead to is a proposal and answers nothing. */
enum request_how { REQUEST_BY_CONTROL, REQUEST_BY_CRITERION, REQUEST_BY_NAME, REQUEST_BY_ANSWER, REQUEST_BY_WORDS };

struct request_target {
    enum request_target_kind kind;
    enum request_how how;
    const char *id;   /* of the control, population or type; the path below inputs/evidence */
    const char *from; /* what stands in the list: "CC6.1" */
};

/* One request on its way to its answer. */
struct request_case {
    const struct request *request;
    int asks; /* as the list says, or as the words of its description do; REQUEST_ASKS_COUNT: neither */
    bool asks_by_words;
    const char *not_applicable; /* why, as management says */
    struct request_target *targets;
    size_t target_count;
    struct text_list lacks; /* what can be said already: ids that nothing has, criteria without a control */
    const char *folder;     /* a name for it that is safe in a path and that no other has, in any case of letters */
};

/* A sample that was drawn for a request, as its files say. */
struct request_sample {
    const char *request;
    const char *path; /* of its folder, from the output folder */
    const char *test;
    const char *digest; /* of the population that it was drawn from */
    uint64_t population;
    uint64_t size;
    const char *fulfilled; /* the folder that its items were put together in; NULL: they were not */
    bool put_together;     /* and that is there */
    const char *problem;   /* why it is none; test and digest are then not known */
};

struct request_run {
    struct arena *arena; /* lives longer than the results */
    const struct schema *schema;
    const struct programme *programme;
    const struct request_list *list;
    const struct request_sidecar *sidecar; /* or NULL */
    struct diagnostics *diagnostics;
    const struct request_sample *samples;
    size_t sample_count;
    struct request_case *cases; /* one for each request, in the order of the list */
};

/*
 * Leads every request to what it asks for. `run` is filled in but for `cases`. An id that nothing has is a warning, an
 * answer that names what is not there an error and the result false.
 */
bool request_resolve(struct request_run *run);
/* Whether an answer or a proposal needs the population; it is then listed before request_judge. */
bool request_needs(const struct request_run *run, const char *population);
/*
 * Judges every answer and writes the results; `store_path` is the store's file, for the queries of tests. Nothing may
 * be uncommitted in it. False when an answer names evidence that is not there, or the system failed, after reporting.
 */
bool request_judge(const struct request_run *run, struct store *store, const char *store_path);

#endif
