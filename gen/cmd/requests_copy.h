#ifndef CMD_REQUESTS_COPY_H
#define CMD_REQUESTS_COPY_H

#include "cmd/command.h"

/*
 * Copies one file to where nothing is yet, and makes the folders above it. `expected` is the SHA-256 in hexadecimal
 * that it must have, or NULL. False after reporting; a copy with another digest is then left for the staging to remove.
 */
bool requests_copy_file(struct command *command, const char *from, const char *to, const char *expected);

#endif
