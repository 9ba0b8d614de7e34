#ifndef CMD_ARGUMENTS_H
#define CMD_ARGUMENTS_H

#include "cmd/command.h"

/* One subcommand: its name, what it does, which options it takes, examples, and the function that runs it. */
struct arguments_entry {
    const char *name;
    bool (*run)(struct command *command);
    const char *arguments; /* for the usage line: "[FILE...]" */
    const char *summary;
    const char *options; /* names of the options it takes, with spaces around each */
    const char *help;    /* what it does, with examples */
};

/*
 * Reads the command line into `command`. Returns the subcommand to run; NULL when there is none to run: help or the
 * version stand in command->out, or what is wrong is in the diagnostics.
 */
const struct arguments_entry *arguments_read(struct command *command, int argc, char **argv);

#endif
