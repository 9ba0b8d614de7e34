#ifndef ASSESS_EARLIER_H
#define ASSESS_EARLIER_H

#include "base/diagnostics.h"
#include "store/store.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * The exports from before the period that serve it. They can show that something was in force when the period began;
 * a deviation that only they show need not have lasted until then, and is left undetermined.
 */
struct earlier;

/* Reads them from a loaded store; NULL after reporting. Not changed afterwards, so that threads may share it. */
struct earlier *earlier_open(struct store *store, struct diagnostics *diagnostics);
void earlier_free(struct earlier *earlier);
/* Whether a record stands in one of them; the day that it speaks of goes to `*at`. */
bool earlier_holds(const struct earlier *earlier, int64_t ref, int64_t *at);

#endif
