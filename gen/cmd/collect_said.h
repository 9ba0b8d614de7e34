#ifndef CMD_COLLECT_SAID_H
#define CMD_COLLECT_SAID_H

#include "base/process.h"
#include "cmd/collect_environment.h"

/* What is said of how a command ended, and of what it said itself. */

/*
 * The end of a text on one line, at most about `most` bytes of it, without values of variables: in `arena`; "" for
 * nothing. `length` may be the last part of something longer. NULL when memory is out.
 */
const char *collect_said_text(struct arena *arena, const struct collect_environment *environment, const char *text,
                              size_t length, size_t most);
/*
 * Reports how a command ended that did not end well. `what` names it ("command"), `kept` is where its output is, or
 * NULL. False when it was not the command that failed but the system, or this process was told to end.
 */
bool collect_said_failure(struct command *command, const struct programme_source *source,
                          const struct collect_environment *environment, const struct process_result *result,
                          const char *what, const struct process_request *request, const char *kept);
/* Reports what a command that succeeded said on standard error. */
void collect_said_complaint(struct command *command, const struct programme_source *source,
                            const struct collect_environment *environment, const struct process_result *result);

#endif
