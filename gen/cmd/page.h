#ifndef CMD_PAGE_H
#define CMD_PAGE_H

#include "cmd/assessment.h"

/*
 * Renders templates/NAME.md over the assessment's store and creates `file` in a folder with the HTML. Its queries run
 * behind the guard, on what is committed. False after reporting.
 */
bool page_write(struct command *command, const struct assessment *assessment, const char *name, const char *folder,
                const char *file);
/* Creates a file with a text; a text that ran out of memory is reported. */
bool page_create(struct command *command, const char *folder, const char *name, const struct buffer *text);
/* Creates notice.txt in a folder of tables, which cannot say themselves whose they are. */
bool page_notice(struct command *command, const char *folder);

#endif
