#ifndef CMD_HINT_H
#define CMD_HINT_H

#include "base/buffer.h"
#include "cmd/command.h"

/* Appends a word as a shell has to be given it: in single quotes where it would take it for more than itself. */
void hint_word(struct buffer *out, const char *word);
/*
 * A command line that a message tells the reader to type: `tickmark WORDS PATH`, with the -C of this command, each path
 * quoted as a shell wants it. The text is in the arena; NULL when memory is out.
 */
const char *hint_command(const struct command *command, const char *words, const char *path);

#endif
