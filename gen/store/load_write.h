#ifndef STORE_LOAD_WRITE_H
#define STORE_LOAD_WRITE_H

#include "base/record_source.h"
#include "store/state.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What the store says of an evidence file that has ended: its own row, and its counts and snapshot of each type. While
 * rows go past SQLite (load_rows.h) it is kept, and written for many files at a time.
 */

/* Of one type. */
struct load_write_type {
    size_t type;
    struct state_count count;
    int64_t effective_at;
    int64_t stands_at; /* when the tests are to see the snapshot */
};

struct load_write_file {
    int64_t id;
    const char *path;
    const char *source; /* its id and the kind's, which outlive the store; NULL: no source claims the file */
    const char *kind;
    uint8_t sha256[DIGEST_BYTES];
    int64_t bytes;
    struct record_tally tally;
    int64_t unknown_values; /* the reader's, and those that expressions made: each of its types may have them */
    bool dated;             /* the name says what it covers: */
    struct span span;
    int64_t effective_at;
    const char *effective_by; /* a constant; NULL: nothing says */
    bool timed;               /* it holds events with times: */
    int64_t silent_from;
    int64_t silent_for;
    const char *collected_by;
    int64_t collected_at;
    int64_t claimed_records;
    const char *problem; /* a constant; NULL: accepted */
    bool before_period;
    const struct load_write_type *types;
    size_t type_count;
};

/* Writes it, with its members, or keeps a copy that load_write_kept writes. False after a report. */
bool load_write_add(struct store *store, const struct load_write_file *file, const struct record_member *members,
                    size_t member_count);
/* Writes what is kept; with the loading transaction. False after a report. */
bool load_write_kept(struct store *store);
/* NULL is nothing. */
void load_write_free(struct load_kept *kept);

#endif
