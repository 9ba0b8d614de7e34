#ifndef CMD_READOUT_H
#define CMD_READOUT_H

#include "base/arena.h"
#include "base/record_source.h"
#include "config/schema.h"

/*
 * The rows that a kind makes of an export, as JSON of the form that tests/kinds/README.md describes. What `fold:` and
 * the values around the records make of them is the store's work.
 */
struct readout {
    const struct schema *schema;
    const struct kind *kind;
    struct buffer *rows; /* by rule; those of a type that an earlier rule has stay empty */
    uint64_t count;
    uint64_t most; /* rows that are shown; the others are counted */
    bool computed; /* rows have the columns that SQL makes (`expr:`), and those are shown too */
};

/* False when memory is out. */
bool readout_begin(struct arena *arena, const struct schema *schema, const struct kind *kind, uint64_t most,
                   struct readout *out);
void readout_add(struct readout *readout, const struct record *record);
/* Appends the object. `remark`, when not NULL, becomes its first key, "unchecked". */
void readout_print(const struct readout *readout, const struct record_tally *tally, const char *remark,
                   struct buffer *out);
void readout_free(struct readout *readout);

#endif
