#ifndef ASSESS_ROI_H
#define ASSESS_ROI_H

#include "base/diagnostics.h"
#include "config/programme.h"
#include "store/store.h"

#include <stdbool.h>

/*
 * The return on investment from what the programme declares and what the assessment itself measured: inputs, figures as
 * ranges, and how much each input moves the saving (tm_roi_input, tm_roi, tm_roi_sensitivity). Without a declaration
 * nothing is written.
 */
bool roi_run(struct store *store, const struct programme *programme, struct diagnostics *diagnostics);

#endif
