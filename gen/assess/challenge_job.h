#ifndef ASSESS_CHALLENGE_JOB_H
#define ASSESS_CHALLENGE_JOB_H

#include "assess/challenge.h"
#include "store/query.h"

/*
 * The challenges of a run, made on a thread of their own while evidence is read: they need the schema and nothing else,
 * which stays as it is and in place until the job ends.
 */
struct challenge_job;

/* Begins at once; where no thread can be had, challenge_job_end does the work. NULL after reporting. */
struct challenge_job *challenge_job_begin(const struct schema *schema, struct diagnostics *diagnostics);
/* Waits; false when a challenge failed or could not be made, after reporting. One thread at a time may call it. */
bool challenge_job_passed(struct challenge_job *job);
/* Waits, and records each result with `insert` (statement judge_insert_challenge). False as above, or when it could not
 * be recorded. */
bool challenge_job_end(struct challenge_job *job, struct query *insert);
/* Waits for a job that has not ended; NULL is nothing. */
void challenge_job_free(struct challenge_job *job);

#endif
