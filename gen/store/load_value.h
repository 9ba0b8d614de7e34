#ifndef STORE_LOAD_VALUE_H
#define STORE_LOAD_VALUE_H

#include "base/value.h"
#include "config/schema.h"
#include "store/guard.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <string.h>

/* Values on their way into a column. */

/* As load_value_fits, for what seldom comes. */
bool load_value_fits_otherwise(const struct column *column, const struct value *value);
/* Whether the value can stand in the column as it is; NULL always can. Text with a NUL inside cannot. */
static inline bool load_value_fits(const struct column *column, const struct value *value) {
    if (value->kind == VALUE_TEXT && (column->kind == COLUMN_TEXT || column->kind == COLUMN_ENUMERATION)) {
        return value->text.length == 0 || memchr(value->text.bytes, '\0', value->text.length) == NULL;
    }
    bool whole = column->kind == COLUMN_INTEGER || column->kind == COLUMN_TIME;
    return value->kind == VALUE_NULL || (whole && value->kind == VALUE_INTEGER) ||
           load_value_fits_otherwise(column, value);
}
/* Where the text stands in the values of an enumeration; SIZE_MAX: nowhere. */
size_t load_value_place(const struct text_list *list, const char *text, size_t length);
/* Binds without copying text: it must live until the statement was stepped. */
int load_value_bind(sqlite3_stmt *statement, int index, const struct value *value);
/* Whether a number that an expression gave has to become a text for the column. */
static inline bool load_value_wants_text(const struct column *column, const struct value *given) {
    return (column->kind == COLUMN_TEXT || column->kind == COLUMN_ENUMERATION) &&
           (given->kind == VALUE_INTEGER || given->kind == VALUE_REAL);
}
/* What an expression gave (the query's current row, first column) for the column. Text lives until its next step. */
struct value load_value_given(const struct column *column, struct guard_query *query);
/*
 * Turns what an expression gave, none that wants to be a text, into the column's kind. False where that is impossible;
 * `*unknown` is set where it is a text outside the column's enumeration. `zone` is what a time without a zone means.
 * An empty text is NULL, as it is where a column is mapped without an expression.
 */
bool load_value_convert(const struct column *column, struct value given, int32_t zone, struct value *out,
                        bool *unknown);

#endif
