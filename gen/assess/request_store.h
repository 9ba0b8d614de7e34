#ifndef ASSESS_REQUEST_STORE_H
#define ASSESS_REQUEST_STORE_H

#include "assess/request.h"
#include "assess/shortcoming.h"
#include "store/guard.h"
#include "store/query.h"

/* What request_judge reads from the store and writes into it. Functions have reported what made them false. */
struct request_store {
    const struct request_run *run;
    struct store *store;
    struct guard *guard;
    struct shortcoming *shortcoming;
    bool begun;
    bool answers;    /* the schema says where manual tests are answered */
    int64_t missing; /* numbers of what is missing, of the request at hand */
    struct buffer
        *documents; /* of each control: ids of evidence (int64_t) that its tests lead to; NULL data: not looked for */
    struct query insert_request;
    struct query insert_target;
    struct query insert_evidence;
    struct query insert_population;
    struct query insert_missing;
    struct query insert_sample;
    struct query test_digest;
    struct query control_evidence;
    struct query control_tests;
    struct query control_reasons;
    struct query type_evidence;
    struct query path_evidence;
    struct query population_evidence;
    struct query population;
    struct query count;
};

/* Makes the tables. request_store_close is right after any result. */
bool request_store_open(struct request_store *work, const struct request_run *run, struct store *store,
                        const char *store_path);
/* Commits when `done`, and frees. */
bool request_store_close(struct request_store *work, bool done);
bool request_store_evidence(struct request_store *work, int64_t request, int64_t evidence);
/* `text` NULL is memory that ran out; `about` may be NULL. The same text twice is kept once. */
bool request_store_missing(struct request_store *work, int64_t request, const char *text, const char *about);
/* Evidence, tests and shortcomings of a control that applies. */
bool request_store_control(struct request_store *work, int64_t request, const struct control *control);
/* What exports of a type are missing, by what the control requires. */
bool request_store_coverage(struct request_store *work, int64_t request, const struct control *control,
                            const char *type);
/* How many files and listings answer a request, and how much is missing. */
bool request_store_count(struct request_store *work, int64_t request, size_t *content, size_t *missing);

#endif
