#ifndef ASSESS_VERDICT_H
#define ASSESS_VERDICT_H

#include "base/buffer.h"
#include "config/schema.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The states of one test and the verdict that follows: the weightiest state present (DESIGN 3). Pure: what is known of
 * a test comes in, states with reasons go out.
 */
struct verdict_state {
    enum verdict verdict;
    char *reason; /* owned by the list */
};
struct verdict_states {
    struct verdict_state *states;
    size_t count;
    bool failed; /* memory ran out */
};

void verdict_add(struct verdict_states *states, enum verdict verdict, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void verdict_free(struct verdict_states *states);
/* The weightiest state; VERDICT_INSUFFICIENT when there is none, since nothing was shown. */
enum verdict verdict_weightiest(const struct verdict_states *states);

/* What a test over a population found. */
struct verdict_counts {
    uint64_t population;
    uint64_t exceptions;
    uint64_t undetermined;
};
/*
 * Adds the states that the counts alone imply, the evidence's own shortcomings having been added before. `zero_proven`:
 * an empty population is the fact that nothing happened, shown by complete exports of the test's witness types.
 */
void verdict_judge(struct verdict_states *states, const struct verdict_counts *counts, double tolerable,
                   bool zero_proven);
/* What is printed for a verdict: "no exceptions noted", "effective with deviations, 1 of 40", ... `manual`: of a person
 */
void verdict_print(enum verdict verdict, bool manual, const struct verdict_counts *counts, struct buffer *out);

#endif
