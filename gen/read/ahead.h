#ifndef READ_AHEAD_H
#define READ_AHEAD_H

#include "base/diagnostics.h"
#include "base/record_source.h"

/*
 * Reads records on a thread of its own, a few blocks ahead of who takes them, so that one processor reads (hashes,
 * parses, converts) while another loads. Rows come in the order and with the values of `inner`; tally, envelope and
 * members are there with RECORD_END. Until the returned source is closed, `inner` and all that it reads and writes to
 * (the sink, the diagnostics) belong to that thread; diagnostics may be given by several at once. Memory is bounded by
 * the blocks, and by the largest record.
 */

/* NULL when memory is out or no thread can be had, which is no error: `inner` can be read as it is. */
struct record_source *ahead_open(struct record_source *inner, const char *path, struct diagnostics *diagnostics);
/* Stops the thread and frees; `inner` stays the caller's. NULL is nothing. */
void ahead_close(struct record_source *source);

#endif
