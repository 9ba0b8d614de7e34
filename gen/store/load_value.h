#ifndef STORE_LOAD_VALUE_H
#define STORE_LOAD_VALUE_H

#include "base/value.h"
#include "config/schema.h"
#include "store/guard.h"

#include <sqlite3.h>
#include <stdbool.h>

/* Values on their way into a column. */

/* Whether the value can stand in the column as it is; NULL always can. Text with a NUL inside cannot. */
bool load_value_fits(const struct column *column, const struct value *value);
/* Binds without copying text: it must live until the statement was stepped. */
int load_value_bind(sqlite3_stmt *statement, int index, const struct value *value);
/*
 * Turns what an expression gave (the query's current row, first column) into the column's kind. False where that is
 * impossible; `*unknown` is set where it is a text outside the column's enumeration. `zone` is what a time without a
 * zone means. Text lives until the query's next step.
 */
bool load_value_convert(const struct column *column, struct guard_query *query, int32_t zone, struct value *out,
                        bool *unknown);

#endif
