#ifndef READ_RECORDING_H
#define READ_RECORDING_H

#include "base/byte_source.h"

#include <stdbool.h>

/*
 * The answer in a recorded call. Recorders around the AWS client libraries store {"status_code": 200, "data": ANSWER},
 * and each time in the answer as an object ({"__class__": "datetime", "year": 2025, ...}). What is given is the answer,
 * as the API says it: blanks stand in place of what was put around it, and a time is a text
 * (2025-12-05T08:00:00.000000, without a zone, for the recorder leaves it out and it need not be UTC) with blanks
 * behind it, so that every value keeps its line, its column and its offset. Whatever begins otherwise passes as it is,
 * and so does a call that failed (a status that is no 2xx): what it answered is no evidence.
 */
#define RECORDING_BYTES 4096 /* held at a time */

enum recording_state { RECORDING_BEGINS, RECORDING_ANSWER, RECORDING_PASSES };

struct recording {
    struct byte_source source; /* first */
    struct byte_source *from;
    enum recording_state state;
    unsigned depth;   /* of the answer's lists and objects */
    bool text;        /* inside a string */
    bool ended;       /* all was read */
    size_t given;     /* the next held byte to be given */
    size_t looked_at; /* those before it may be given */
    size_t length;    /* bytes held */
    unsigned char held[RECORDING_BYTES];
};

/* Returns what to read instead of `from`; the recording must stay where it is meanwhile. Nothing is to be closed. */
struct byte_source *recording_open(struct recording *recording, struct byte_source *from);

#endif
