#ifndef ASSESS_MUTATION_VALUE_H
#define ASSESS_MUTATION_VALUE_H

#include "base/arena.h"
#include "config/schema.h"

#include <stdbool.h>
#include <stddef.h>

/* What a value of a challenge's row could be instead: few values, always the same ones, and each for a reason. */

#define MUTATION_VALUES_MOST 16

struct mutation_values {
    const char *texts[MUTATION_VALUES_MOST]; /* as a challenge would write them; NULL: no value */
    size_t count;
};

/*
 * Fills `out` for a column whose value is now `now` (NULL: none). `beside` are the texts and times that the challenge
 * gives elsewhere, since a violation is often the same person twice, or one moment before another. Flags are turned,
 * words become the others that the column knows, texts those beside it or nobody's, times move by an hour, past every
 * duration among the control's parameters, by more than a year, and to either side of those beside them; numbers become
 * nothing, the next ones, far ones, and either side of the parameters. "No value" is among them where the type says
 * what it means: elsewhere every test is insufficient that meets one. False when memory is out.
 */
bool mutation_values(struct arena *arena, const struct control *control, const struct column *column, const char *now,
                     const struct text_list *beside, struct mutation_values *out);

#endif
