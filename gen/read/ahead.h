#ifndef READ_AHEAD_H
#define READ_AHEAD_H

#include "base/diagnostics.h"
#include "base/record_source.h"

/*
 * Reads records on a thread of its own, some blocks ahead of who takes them, so that one processor reads (hashes,
 * parses, converts) while another loads. Several sources are read one after the other. Rows come in the order and with
 * the values of the source; tally, envelope and members are there with RECORD_END. Memory is bounded by the blocks, and
 * by the largest record.
 */
#define AHEAD_SOURCES 64 /* under way at most */

struct ahead;

/* NULL when memory is out or no thread can be had, which is no error: sources can be read as they are. */
struct ahead *ahead_new(void);
/*
 * Has `inner` read after those that were added before, and returns what to take its rows from: in the order in which
 * they were added, each to its end. Until then `inner` and all that it reads and writes to (the sink, the diagnostics)
 * belong to the thread. What is returned stays until as many as may be under way were added behind it. Not more than
 * AHEAD_SOURCES may be added that have not ended.
 */
struct record_source *ahead_add(struct ahead *ahead, struct record_source *inner, const char *path,
                                struct diagnostics *diagnostics);
/* Stops the thread and frees, also where not all was taken; the sources stay the caller's. NULL is nothing. */
void ahead_free(struct ahead *ahead);

#endif
