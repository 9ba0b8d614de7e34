#include "assess/challenge_job.h"

#include <pthread.h>
#include <stdlib.h>

struct challenge_job {
    const struct schema *schema;
    struct diagnostics *diagnostics;
    struct challenge_results results;
    pthread_t thread;
    bool on_thread; /* not joined yet */
    bool ran;
    bool passed;
};

static void *run(void *context) {
    struct challenge_job *job = context;

    job->passed = challenge_run(job->schema, &job->results, job->diagnostics);
    job->ran = true;
    return NULL;
}

static void wait_for(struct challenge_job *job) {
    if (job->on_thread) {
        pthread_join(job->thread, NULL);
        job->on_thread = false;
    }
}

struct challenge_job *challenge_job_begin(const struct schema *schema, struct diagnostics *diagnostics) {
    struct challenge_job *job = calloc(1, sizeof *job);

    if (job == NULL) {
        diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory for the challenges of the tests");
        return NULL;
    }
    job->schema = schema;
    job->diagnostics = diagnostics;
    job->on_thread = pthread_create(&job->thread, NULL, run, job) == 0;
    return job;
}

bool challenge_job_passed(struct challenge_job *job) {
    wait_for(job);
    if (!job->ran) {
        run(job);
    }
    return job->passed;
}

bool challenge_job_end(struct challenge_job *job, struct query *insert) {
    bool passed = challenge_job_passed(job);

    for (size_t i = 0; i < job->results.count; i++) {
        const struct challenge_result *result = &job->results.items[i];
        query_text(insert, 1, result->test);
        query_integer(insert, 2, (int64_t)result->number);
        query_text(insert, 3, schema_expect_names[result->expected]);
        query_text(insert, 4, schema_expect_names[result->found]);
        query_integer(insert, 5, result->expected == result->found);
        if (!query_run(insert)) {
            return false;
        }
    }
    return passed;
}

void challenge_job_free(struct challenge_job *job) {
    if (job == NULL) {
        return;
    }
    wait_for(job);
    challenge_results_free(&job->results);
    free(job);
}
