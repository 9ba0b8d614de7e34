#ifndef CMD_SCHEMA_MUTATE_H
#define CMD_SCHEMA_MUTATE_H

#include "cmd/workspace.h"

/*
 * Alters the rows of the challenges of every test, or of those that the command names after `test`, and prints what
 * each test made of it. The challenges have passed.
 */
bool schema_mutate(struct command *command, const struct schema *schema);

#endif
