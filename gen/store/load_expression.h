#ifndef STORE_LOAD_EXPRESSION_H
#define STORE_LOAD_EXPRESSION_H

#include "base/diagnostics.h"
#include "config/schema.h"

/*
 * Prepares every `expr:` of every kind, as loading would: what SQLite or the guard refuses is reported at its place,
 * before an export of the kind comes in. False after a report.
 */
bool load_expression_check(const struct schema *schema, struct diagnostics *diagnostics);

#endif
