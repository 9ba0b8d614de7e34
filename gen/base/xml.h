#ifndef BASE_XML_H
#define BASE_XML_H

#include "base/diagnostics.h"

#include <libxml/tree.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * libxml2 with every door shut: no network, no external entities, no DTD loading, no entity substitution, no huge
 * documents. A DOCTYPE with an internal subset is refused outright.
 */

/* Once, before the first use and before the sandbox. */
bool xml_start(void);
void xml_stop(void);
/* Parses a document; reports XML_REFUSED at its line and returns NULL. The caller frees with xmlFreeDoc. */
xmlDoc *xml_parse(const char *bytes, size_t length, const char *name, struct diagnostics *diagnostics);
/*
 * Validates a document against an XSD file that needs no imports; each violation is reported under `id`, at its line.
 * What is not well-formed is refused as well. No tree is built, so that memory does not grow with the document; no
 * entity that a DOCTYPE declares is known.
 */
bool xml_validate(const char *bytes, size_t length, const char *schema_path, const char *name, enum diagnostic id,
                  struct diagnostics *diagnostics);

#endif
