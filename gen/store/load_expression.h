#ifndef STORE_LOAD_EXPRESSION_H
#define STORE_LOAD_EXPRESSION_H

#include "base/diagnostics.h"
#include "base/record_source.h"
#include "config/schema.h"

/* The `expr:` of a schema's kinds, prepared kind by kind. Of one thread at a time. */
struct load_expressions;

/* NULL after a report. `as_of` is the moment that expressions take for now. */
struct load_expressions *load_expression_new(const struct schema *schema, int64_t as_of,
                                             struct diagnostics *diagnostics);
void load_expression_free(struct load_expressions *expressions);
/* Prepares all expressions of a kind, once. False after a report. */
bool load_expression_prepare(struct load_expressions *expressions, const struct kind *kind);

/* Whose rows are filled. */
struct load_expression_file {
    const struct kind *kind; /* prepared */
    const char *path;        /* in diagnostics */
    int32_t zone;            /* of its source: what a time without a zone means, if the kind does not say it itself */
    uint64_t unknown;        /* counts texts outside the enumeration of their column */
};
/*
 * Fills the expression columns of the record's rule in `columns` (the type's, in order) from its inputs. What cannot be
 * computed or converted, and what is required and not there, is NULL, is reported, and counts in `*bad`. Text lives
 * until the next call.
 */
void load_expression_fill(struct load_expressions *expressions, struct load_expression_file *file,
                          const struct record *record, struct value *columns, uint32_t *bad);
/*
 * Prepares every `expr:` of every kind, as loading would: what SQLite or the guard refuses is reported at its place,
 * before an export of the kind comes in. False after a report.
 */
bool load_expression_check(const struct schema *schema, struct diagnostics *diagnostics);

#endif
