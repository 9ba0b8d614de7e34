#ifndef ASSESS_METRIC_SOURCES_H
#define ASSESS_METRIC_SOURCES_H

#include "base/buffer.h"
#include "base/diagnostics.h"

#include <sqlite3.h>
#include <stdbool.h>

/*
 * Which evidence is all there: of each type and source, whether every export that any control asks for came in time and
 * with sound records. Read once for all metrics.
 */
struct metric_sources;

/* NULL after reporting. */
struct metric_sources *metric_sources_open(sqlite3 *connection, struct diagnostics *diagnostics);
void metric_sources_free(struct metric_sources *sources);

enum metric_evidence {
    METRIC_EVIDENCE_WHOLE,
    METRIC_EVIDENCE_PART, /* some sources lack something */
    METRIC_EVIDENCE_NONE  /* no source of the type is complete, or none was due */
};
/* What there is of a type; where it is not all, what is missing is appended to `note` (after "; " where it has text).
 */
enum metric_evidence metric_sources_look(const struct metric_sources *sources, const char *type, struct buffer *note);

#endif
