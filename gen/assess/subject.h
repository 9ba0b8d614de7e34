#ifndef ASSESS_SUBJECT_H
#define ASSESS_SUBJECT_H

#include "base/buffer.h"
#include "base/datetime.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * What an item of a population is about. Populations list one thing at many times ("okta/eve @ 2025-11-07",
 * "backup of main on 2025-11-07", "Quillpost in 2025-Q3"); a problem of that thing is one problem, however often it was
 * seen, and a next period sees it at other times. So a time at the end of an item, with " @ ", " on ", " in ", " of "
 * or " at " before it, does not belong to the subject. A time is a date, a moment, a week, a month, a quarter or a
 * year.
 */

/* How many bytes of the item are its subject; all of them where no time stands at its end. */
size_t subject_length(const char *item);
/* The time at the end of the item, or that it is: the first second and the one behind the last. False: it has none. */
bool subject_time(const char *item, struct span *time);
/* The subject as a text, in `out` or the item itself; NULL when memory is out. */
const char *subject_of(const char *item, struct buffer *out);

#endif
