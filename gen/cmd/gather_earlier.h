#ifndef CMD_GATHER_EARLIER_H
#define CMD_GATHER_EARLIER_H

#include "cmd/gather.h"

/*
 * Marks the exports from before a period that serve it: of a source that has none in the time in which the period asks
 * for the first, as far as that is known, the newest, with everything that has the same date. All types that the source
 * gives have to be such that `stand`, since a list of what happened says nothing of the days after it, and every
 * requirement that asks for them has to let it (coverage_since). False when memory is out, after reporting.
 */
bool gather_earlier(struct command *command, const struct workspace *workspace, const struct workspace_period *period,
                    struct gather_file *files, size_t count);

#endif
