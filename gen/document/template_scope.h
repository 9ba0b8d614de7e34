#ifndef DOCUMENT_TEMPLATE_SCOPE_H
#define DOCUMENT_TEMPLATE_SCOPE_H

#include "document/template_parts.h"

/*
 * Looks up every name: what each query's columns are is known once it is prepared, so a name that leads nowhere is
 * found before anything is rendered.
 */
struct template_scope {
    struct template *template;
    struct diagnostics *diagnostics;
    size_t frames[TEMPLATE_FRAMES]; /* the queries whose rows are around, outermost first; 0 is `report` */
    size_t depth;                   /* how many of them, `report` included */
};

void template_scope_begin(struct template_scope *scope, struct template *template, struct diagnostics *diagnostics);
/* Sections become rows or conditions, names references, tables what they draw. False after reporting all of it. */
bool template_scope_resolve(struct template_scope *scope, struct template_parts *parts);
/* The query with this name as it is used here; false after reporting. */
bool template_scope_use(struct template_scope *scope, const char *name, const struct place *place,
                        struct template_use *use);
/* Rows of a query that is used here become the innermost ones, and are left again. */
void template_scope_enter(struct template_scope *scope, const struct template_use *use);
void template_scope_leave(struct template_scope *scope);
/* The query, or TEMPLATE_NONE. */
size_t template_scope_query(const struct template *template, const char *name);

#endif
