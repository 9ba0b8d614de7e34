#ifndef BASE_RECORD_SOURCE_H
#define BASE_RECORD_SOURCE_H

#include "base/value.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where a record stands in its evidence file, after unpacking. */
struct locator {
    uint64_t record; /* ordinal of the record in the file and all its members, from 1; the rows of one share it */
    uint64_t line;   /* line of its first byte, from 1; in its member, where the file is an archive */
    uint64_t offset; /* byte offset of its first byte, in the same */
    uint64_t length; /* bytes; a row of a nested list has the place of its own element */
};

/* A file in an archive, or compressed, that records were read from. */
struct record_member {
    const char *name;      /* NULL: the one content of a compressed file */
    uint64_t first_record; /* the ordinal of its first record, or of the next one's where it has none */
    uint64_t records;
    uint64_t bytes; /* unpacked */
};

/*
 * One typed row for one table. `rule` is the index of the kind's row rule that made it; `values` are the columns of the
 * rule's evidence type in their order (base columns that the rule does not map are VALUE_NULL), followed by the rule's
 * expression inputs in their order. `invalid` counts the columns that are required but absent, or whose text could not
 * be converted or stands outside its list of values; such a row is loaded with NULLs and marked. All pointers live
 * until the next call.
 */
struct record {
    size_t rule;
    struct locator locator;
    const struct value *values;
    size_t value_count;
    uint32_t invalid;
    bool fits; /* each column's value is NULL or of the column's kind, and no text holds a NUL: it is known */
    struct value_run texts; /* where most texts of the values stand, if the format knows */
};

enum record_status {
    RECORD_ROW,   /* *out is filled */
    RECORD_END,   /* the input was read to its end; look at `tally` for whether it was complete */
    RECORD_FAILED /* the system failed (read error, memory); a diagnostic says how */
};

/* What became of the records of one file: records == loaded + passed_over + rejected. */
struct record_tally {
    uint64_t records;        /* records the file holds */
    uint64_t loaded;         /* records that gave at least one row */
    uint64_t passed_over;    /* records that no row rule's `when` wanted */
    uint64_t rejected;       /* records that could not be read; each has a diagnostic */
    uint64_t rows;           /* rows yielded */
    uint64_t invalid;        /* rows yielded with `invalid` > 0 */
    uint64_t unknown_values; /* values outside an enumeration or a `values:` table */
    bool truncated;          /* the input ended inside a record or document */
    bool wrong_shape;        /* not what the kind describes: columns or the record list absent */
    bool list_seen;          /* the record list (or header row) was there, if empty */
};

/* A value of the document around the records, known only when the whole file was read ("$.x"). */
struct envelope_value {
    size_t rule;
    size_t column; /* into the rule's values */
    struct value value;
};

/*
 * Pulled by the store. Embedded as the first member of the implementation, which lives in read/. After RECORD_END,
 * `envelope` lists the values that must be set on every row of this file, NULL when there are none; and `members` what
 * was read out of it, in order, none where the file is packed in nothing.
 */
struct record_source {
    enum record_status (*next)(struct record_source *source, struct record *out);
    struct record_tally tally;
    const struct envelope_value *envelope;
    size_t envelope_count;
    const struct record_member *members;
    size_t member_count;
};

#endif
