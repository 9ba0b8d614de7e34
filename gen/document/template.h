#ifndef DOCUMENT_TEMPLATE_H
#define DOCUMENT_TEMPLATE_H

#include "base/diagnostics.h"
#include "document/tree.h"
#include "store/guard.h"

/*
 * A report template: a YAML head between two lines of "---" (title, subtitle, statement, notice, confidentiality: texts
 * with Mustache; queries: name -> SQL), then Markdown with Mustache. `{{name}}` prints a value escaped for Markdown,
 * `{{{name}}}` as Markdown; `{{#name}}..{{/name}}` repeats over the rows of the query `name`, or stands once for a true
 * value; `{{^name}}..{{/name}}` stands when there is no row or the value is false. Names are looked up in the rows of the
 * enclosing sections, innermost first, then among the columns of the query `report` (one row). A query may use columns
 * of the enclosing rows as :name. Markdown is GFM as md4c reads it, with three additions: `## Title {#anchor}`,
 * `[text](badge:class)` for a NODE_BADGE, and fenced blocks: ```table (a YAML spec: query, caption, columns: [{title,
 * value, align, width, link, badge}]) draws a query as a table, and ```page is a page break.
 */
struct template;

/* Parses and checks a template: head, sections, names of queries; the SQL is prepared on `guard`. NULL after reporting. */
struct template *template_load(const char *path, struct guard *guard, struct diagnostics *diagnostics);
void template_free(struct template *template);
/* Fills the template from the store. The document's memory is in `arena`. NULL after reporting. */
struct document *template_render(struct template *template, struct arena *arena, int64_t date,
                                 struct diagnostics *diagnostics);

#endif
