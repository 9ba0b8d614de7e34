#ifndef CMD_ANCHORS_H
#define CMD_ANCHORS_H

#include "cmd/command.h"
#include "config/schema.h"

/*
 * The certificates that vouch for packages: --anchor, else those of the programme folder, if there is one. False after
 * reporting.
 */
bool anchors_find(struct command *command, struct text_list *out);

#endif
