#ifndef DOCUMENT_TEMPLATE_TABLE_H
#define DOCUMENT_TEMPLATE_TABLE_H

#include "document/template_scope.h"

/*
 * The YAML of a block, with as many empty lines before it as bring its lines to where they stand in the template. NULL
 * after reporting.
 */
const struct yaml_node *template_table_yaml(struct template_scope *scope, const struct template_part *part);
/* Reads the YAML of a ```table block and looks up its names. False after reporting. */
bool template_table_read(struct template_scope *scope, struct template_part *part);
/* A scalar's text as parts, looked up in `scope`. An absent node is no parts. False after reporting. */
bool template_table_text(struct template_scope *scope, const struct yaml_node *node, const char *what,
                         struct template_parts *parts);

#endif
