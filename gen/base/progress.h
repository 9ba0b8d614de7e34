#ifndef BASE_PROGRESS_H
#define BASE_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/*
 * A one-line progress bar on a terminal; silent elsewhere. Redrawn at most ten times a second; erased by
 * progress_close, so that it never mixes with what follows. A zeroed struct is silent.
 */
struct progress {
    FILE *terminal; /* NULL: silent */
    const char *stage;
    uint64_t done;
    uint64_t total;
    uint64_t records;
    bool bytes;         /* what is counted: bytes, else steps */
    int64_t drawn_at;   /* monotonic milliseconds */
    int64_t started_at; /* monotonic milliseconds */
};

/* Uses `stream` when it is a terminal and `quiet` is false. */
void progress_open(struct progress *progress, FILE *stream, bool quiet);
/* Begins a stage ("Testing controls") of `total` steps. */
void progress_stage(struct progress *progress, const char *stage, uint64_t total);
/* Begins a stage ("Reading evidence") of `total` bytes, which are shown with their rate. */
void progress_stage_bytes(struct progress *progress, const char *stage, uint64_t total);
void progress_add(struct progress *progress, uint64_t done, uint64_t records);
void progress_close(struct progress *progress);

#endif
