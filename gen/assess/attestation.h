#ifndef ASSESS_ATTESTATION_H
#define ASSESS_ATTESTATION_H

#include "assess/population.h"
#include "base/datetime.h"

/*
 * A manual test: a person looked and states what was found, on a document, once in each interval of the test's cadence.
 * The answers stand in the schema's view `attestation` (ref, at, test, attested_by, attested_at, conclusion, person,
 * left_at); one belongs to the interval in which its document took effect. An interval without an answer is pending. An
 * answer by nobody in the programme's `people`, by somebody who had left, without a date or a conclusion, or given
 * before its interval began, shows nothing and is undetermined; one that concludes `exceptions` is an exception. A
 * result that the programme records (`results:`) answers as a document does, in the interval of its day; where both
 * answer, the weightier one counts. Where the period is shorter than the cadence (coverage_since), an answer from
 * before it serves when there is none in it, and says so; exceptions that it found are left undetermined, since they
 * need not last into the period.
 */

/* `answers`: whether the schema has the view. False when the query or the system failed, after reporting. */
bool attestation_test(const struct population_run *run, bool answers, struct population_result *result,
                      struct verdict_states *states);

#endif
