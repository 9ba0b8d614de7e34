#ifndef STORE_VIEWS_H
#define STORE_VIEWS_H

#include "base/diagnostics.h"
#include "config/schema.h"
#include "store/guard.h"
#include "store/tables.h"

#include <sqlite3.h>
#include <stdbool.h>

/*
 * Creates the views of evidence types (see tables_views), and those that the schema's authors wrote: what SQLite
 * refuses of these, or is more than one SELECT, is reported at its file and line. In a transaction that the caller has
 * begun.
 */
bool views_create(sqlite3 *connection, const struct schema *schema, const struct tables_scope *scope,
                  struct diagnostics *diagnostics);
/* Prepares every view's SELECT behind the guard, so that bad names and denied functions are reported where they stand.
 */
bool views_check(struct guard *guard, const struct schema *schema);
/* Drops the schema's views that no longer work because a table of high volume was dropped. */
bool views_drop_broken(sqlite3 *connection, const struct schema *schema, struct diagnostics *diagnostics);

#endif
