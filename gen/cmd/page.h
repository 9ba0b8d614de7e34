#ifndef CMD_PAGE_H
#define CMD_PAGE_H

#include "cmd/assessment.h"

#include <sqlite3.h>

/*
 * Renders templates/NAME.md over the assessment's store and creates `file` in a folder with the HTML. Its queries run
 * behind the guard, on what is committed. False after reporting.
 */
bool page_write(struct command *command, const struct assessment *assessment, const char *name, const char *folder,
                const char *file);
/* Creates a file of a staging folder with a text; a text that ran out of memory is reported. */
bool page_create(struct command *command, const char *folder, const char *name, const struct buffer *text);
/*
 * Creates a file of a staging folder with what a writer of write/csv_table.h makes of a query; `key` is its ?1, or NULL
 * where it has none. False after reporting.
 */
struct page_table {
    const char *file;
    bool (*write)(sqlite3 *store, const char *name, const char *sql, const char *key, struct buffer *out,
                  struct diagnostics *diagnostics);
    const char *name; /* of the query */
    const char *sql;
};
bool page_table(struct command *command, sqlite3 *store, const char *folder, const struct page_table *table,
                const char *key);
/* Creates notice.txt in a folder of tables, which cannot say themselves whose they are. */
bool page_notice(struct command *command, const char *folder);

#endif
