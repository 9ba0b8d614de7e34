#ifndef CMD_NOTIFY_H
#define CMD_NOTIFY_H

#include "cmd/command.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * The helper process: it is forked before this one is sealed, so that what reads hostile evidence has neither network
 * nor programs, and hands what is to be told to the user's notifier (--notify) and to a URL (--webhook). The secret is
 * read once, from its descriptor, and stays in the helper alone.
 */
struct notify;

/*
 * Looks at the options; with none of them nothing is forked and `*out` is NULL. `folder` is the programme's: a notifier
 * with a '/' in its name is looked for below it. False after reporting a wrong option.
 */
bool notify_begin(struct command *command, const char *folder, struct notify **out);
/* Hands over a document and waits. False after reporting (CHECK_NOTIFY, CHECK_WEBHOOK) when somebody was not told. */
bool notify_send(struct notify *notify, const void *bytes, size_t length, struct diagnostics *diagnostics);
/* Ends the helper, which does nothing if nothing was sent. NULL is fine. */
void notify_end(struct notify *notify);

#endif
