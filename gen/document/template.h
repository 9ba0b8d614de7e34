#ifndef DOCUMENT_TEMPLATE_H
#define DOCUMENT_TEMPLATE_H

#include "base/diagnostics.h"
#include "document/tree.h"
#include "store/guard.h"

/*
 * A report template: a YAML head between two lines of "---" (title, subtitle, organisation, system, statement, notice,
 * confidentiality: texts with Mustache; queries: name -> SQL), then Markdown with Mustache. `{{name}}` prints a value,
 * which can never become Markdown itself, wherever it stands; `{{{name}}}` prints a value that is Markdown, read apart
 * from what surrounds it (its headings are bold paragraphs); `{{#name}}..{{/name}}` repeats over the rows of the query
 * `name`, or stands once for a true value (not NULL, "", "0" or 0); `{{^name}}..{{/name}}` stands when there is no row
 * or the value is false; `{{! comment }}`. Names are looked up in the rows of the enclosing sections, innermost first,
 * then among the columns of the query `report` (one row). A query may use columns of the enclosing rows as :name.
 * Markdown is GFM as md4c reads it, without raw HTML, with three additions: `## Title {#anchor}`, `[text](badge:class)`
 * for a NODE_BADGE, and fenced blocks at the start of a line. ```page is a page break; ```table draws a query as a
 * table, by a YAML spec: query, caption, empty (what stands in place of a table without rows), columns: [{title, value,
 * align (left, centre, right), width, link, badge (its class), code (true: as code)}], the texts with Mustache over the
 * row.
 */
struct template;

/*
 * Parses and checks a template: head, sections, tables, names; the SQL is prepared on `guard`, which must outlive the
 * template. NULL after reporting all that is wrong.
 */
struct template *template_load(const char *path, struct guard *guard, struct diagnostics *diagnostics);
void template_free(struct template *template);
/* Fills the template from the store. The document's memory is in `arena`. NULL after reporting. */
struct document *template_render(struct template *template, struct arena *arena, int64_t date,
                                 struct diagnostics *diagnostics);

#endif
