#ifndef DOCUMENT_TEMPLATE_HEAD_H
#define DOCUMENT_TEMPLATE_HEAD_H

#include "document/template_parts.h"

/*
 * Reads the YAML head at the beginning of `text` into the template: its queries are prepared, its texts parsed and
 * looked up in `report`. `*body` is where the Markdown begins and `*line` its line. False after reporting.
 */
bool template_head_read(struct template *template, const char *text, size_t length, size_t *body, uint64_t *line,
                        struct diagnostics *diagnostics);

#endif
