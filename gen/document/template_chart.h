#ifndef DOCUMENT_TEMPLATE_CHART_H
#define DOCUMENT_TEMPLATE_CHART_H

#include "document/template_scope.h"

/* Reads the YAML of a ```chart block and looks up its names. False after reporting. */
bool template_chart_read(struct template_scope *scope, struct template_part *part);

#endif
