#ifndef DOCUMENT_TEMPLATE_PARSE_H
#define DOCUMENT_TEMPLATE_PARSE_H

#include "document/template_parts.h"

/*
 * Splits a text into parts by its Mustache marks; names are not looked up yet. `place` is where the text begins. With
 * `blocks`, the text is a template's body: fenced blocks `table` and `page` become parts of their own. Parts point into
 * `text`, which must live as long as the arena. False after reporting.
 */
bool template_parse(struct arena *arena, const char *text, size_t length, const struct place *place, bool blocks,
                    struct template_parts *parts, struct diagnostics *diagnostics);

#endif
