#ifndef ASSESS_FINDING_H
#define ASSESS_FINDING_H

#include "config/programme.h"
#include "store/store.h"

#include <stdbool.h>

/*
 * Waivers and findings. A waiver in force marks the exceptions it names as accepted; it changes no verdict. Each
 * exception becomes a finding with an id that is the same in every run (from control, test and item), with management's
 * response.
 */
bool finding_run(struct store *store, const struct programme *programme, struct diagnostics *diagnostics);

#endif
