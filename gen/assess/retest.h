#ifndef ASSESS_RETEST_H
#define ASSESS_RETEST_H

#include "store/store.h"

#include <stdbool.h>

/*
 * Findings of tests in the prior assessments, looked for in the populations of this period: whether the thing that a
 * finding is about was tested again. Tests run on several threads; each test's findings are touched by its own alone.
 */
struct retest;

/* Lists them in tm_retest and in memory. NULL after reporting. */
struct retest *retest_open(struct store *store, struct diagnostics *diagnostics);
void retest_free(struct retest *retest);
/* Whether any finding is of this test; `retest` may be NULL. */
bool retest_concerns(const struct retest *retest, const char *test);
/* An item of the test's population is about `subject`. */
void retest_see(struct retest *retest, const char *test, const char *subject);
/* Writes how often each was seen. */
bool retest_write(struct retest *retest);

#endif
