#ifndef ASSESS_CONTINUITY_H
#define ASSESS_CONTINUITY_H

#include "store/store.h"

#include <stdbool.h>

/*
 * Whether the periods of the prior assessments and this one follow each other without a hole or an overlap: a row of
 * tm_continuity for each pair of neighbours, and a diagnostic for a fault. No verdict depends on it.
 */
bool continuity_run(struct store *store, struct diagnostics *diagnostics);

/* One period, as far as it was assessed. */
struct continuity_period {
    const char *id;
    struct span span;
    int64_t as_of; /* what was known */
};
enum continuity_state {
    CONTINUITY_CONTIGUOUS,
    CONTINUITY_HOLE,
    CONTINUITY_OVERLAP,
    CONTINUITY_WITHIN,  /* the earlier one lies in the later one */
    CONTINUITY_INTERIM, /* the earlier one was assessed before it had ended */
    CONTINUITY_NONE     /* there is no earlier one */
};
extern const char *const continuity_state_names[];
/* How `later` follows `earlier`; `*days` receives the days that are in no assessed period, or in both. */
enum continuity_state continuity_judge(const struct continuity_period *earlier, const struct continuity_period *later,
                                       int64_t *days);

#endif
