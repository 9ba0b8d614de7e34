#ifndef CMD_HINT_H
#define CMD_HINT_H

#include "cmd/command.h"

/*
 * A command line that a message tells the reader to type: `tickmark WORDS PATH`, with the -C of this command, each path
 * quoted as a shell wants it. The text is in the arena; NULL when memory is out.
 */
const char *hint_command(const struct command *command, const char *words, const char *path);

#endif
