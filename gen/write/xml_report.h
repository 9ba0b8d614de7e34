#ifndef WRITE_XML_REPORT_H
#define WRITE_XML_REPORT_H

#include "base/buffer.h"
#include "base/diagnostics.h"

#include <sqlite3.h>
#include <stdbool.h>

/*
 * portfolio.xml: the assessment as data, in the namespace of schema/portfolio.xsd. Appends to `out` and validates
 * against the XSD; false after reporting when it does not validate, and then it must not be published.
 */
bool xml_report_write(sqlite3 *store, const char *xsd_path, struct buffer *out, struct diagnostics *diagnostics);

#endif
