#ifndef WRITE_XML_REPORT_H
#define WRITE_XML_REPORT_H

#include "base/buffer.h"
#include "base/diagnostics.h"

#include <sqlite3.h>
#include <stdbool.h>

/* portfolio.xml: the assessment as data, in the namespace of schema/portfolio.xsd. Appends to `out`; false after
 * reporting. */
bool xml_report_write(sqlite3 *store, struct buffer *out, struct diagnostics *diagnostics);
/* Validates what was written against the XSD; false after reporting, and then it must not be published. */
bool xml_report_valid(const struct buffer *text, const char *xsd_path, struct diagnostics *diagnostics);

#endif
