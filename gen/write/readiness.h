#ifndef WRITE_READINESS_H
#define WRITE_READINESS_H

#include "base/buffer.h"
#include "base/diagnostics.h"

#include <sqlite3.h>
#include <stdbool.h>

/* The readiness of a programme (assess/readiness.h) as JSON: each list whole. */
bool readiness_json(sqlite3 *store, struct buffer *out, struct diagnostics *diagnostics);
/* And for a person at a terminal `width` cells wide (0: 100): gaps and requests, the rest counted. */
bool readiness_text(sqlite3 *store, int width, bool colour, struct buffer *out, struct diagnostics *diagnostics);

#endif
