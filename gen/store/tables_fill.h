#ifndef STORE_TABLES_FILL_H
#define STORE_TABLES_FILL_H

#include "base/buffer.h"
#include "base/diagnostics.h"
#include "config/schema.h"
#include "store/query.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Statements about tables that only the schema knows: a .sql file holds them with placeholders in braces. Within double
 * quotes a placeholder stands for a name; anywhere else for SQL that was filled before, such as a list of columns.
 */
struct tables_part {
    const char *placeholder; /* without the braces */
    const char *name;        /* put between the template's double quotes, its own doubled; or */
    const char *text;        /* put in as it is */
};

/*
 * Appends the template with its parts put in. A line break of the template becomes one space, so that the SQL that a
 * database keeps does not show how the file is laid out; parts stay as they are. A placeholder without a part, a part
 * that no placeholder asks for, and a name outside quotes or text within them are errors of the program: reported as
 * STORE_FAILED. False after a report; `out` then holds nothing of use.
 */
bool tables_fill(struct buffer *out, const char *template, const struct tables_part *parts, size_t count,
                 struct diagnostics *diagnostics);
/* Fills a template and opens the statement, so called in reports. query_close is due in any case. */
bool tables_fill_open(struct query *query, sqlite3 *connection, const char *name, const char *template,
                      const struct tables_part *parts, size_t count, struct diagnostics *diagnostics);
/* As tables_fill, for a template that asks for one name and nothing else. */
bool tables_fill_name(struct buffer *out, const char *template, const char *placeholder, const char *name,
                      struct diagnostics *diagnostics);
/* The template once for each of the type's columns at `columns`, as `column`, with `between` between them. */
bool tables_fill_columns(struct buffer *out, const char *template, const struct evidence_type *type,
                         const size_t *columns, size_t count, const char *between, struct diagnostics *diagnostics);

#endif
