#ifndef CMD_DAY_H
#define CMD_DAY_H

#include "base/datetime.h"
#include "cmd/command.h"

/*
 * The day that an option such as "--as-of" names; `example` is one that makes sense for it. False after reporting where
 * the text is none: a week, a month or a quarter is no day.
 */
bool day_read(struct command *command, const char *option, const char *example, const char *text, struct span *out);

#endif
