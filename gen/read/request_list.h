#ifndef READ_REQUEST_LIST_H
#define READ_REQUEST_LIST_H

#include "config/request.h"

#include <stddef.h>

/* An auditor's list of requests, CSV or a workbook: bytes in, requests out. */
struct request_list_source {
    const char *path; /* for diagnostics */
    const char *bytes;
    size_t length;
    const struct request_words *words;
    const struct request_sidecar *sidecar; /* what management says of it; NULL: nothing */
};

/*
 * The header is the first row, within LIMIT_REQUEST_HEAD rows, with a cell that is called like a request's id and one
 * that is called like another part of a request; what stands above it is passed over. Whatever could lose a request or
 * change its meaning (an unreadable row, two columns of one meaning, an id that is missing or stands twice, a day that
 * may be two) is reported and makes the result false: nothing is guessed. Texts live in the arena.
 */
bool request_list_read(struct arena *arena, const struct request_list_source *source, struct request_list *out,
                       struct diagnostics *diagnostics);

/*
 * A due day: "2026-01-31", "31 Jan 2026", "31-Jan-2026" and "January 31, 2026" say which day they are; of "01/02/2026"
 * it must be declared. `text` is trimmed.
 */
enum request_list_day { REQUEST_LIST_DAY, REQUEST_LIST_NO_DAY, REQUEST_LIST_TWO_DAYS };
enum request_list_day request_list_day(const char *text, enum request_dates order, int64_t *out);

#endif
