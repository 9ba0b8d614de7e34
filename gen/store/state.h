#ifndef STORE_STATE_H
#define STORE_STATE_H

#include "base/hash_set.h"
#include "store/clock.h"
#include "store/guard.h"
#include "store/plain.h"
#include "store/query.h"
#include "store/store.h"

/* A store's insides, for the files that make it up. */

/* What the file being loaded did to one type; added to tm_evidence_type when it ends. */
struct state_count {
    bool used; /* the kind has a rule for it */
    int64_t rows;
    int64_t invalid;
    int64_t folded;
    int64_t timed;  /* rows with a time in the type's time column */
    int64_t before; /* of them: more than a day before what the file's name covers */
    int64_t after;  /* of them: more than a day after it */
    int64_t first_at;
    int64_t last_at;
};

/* The hours of the file being loaded in which something happened. */
struct state_silence {
    int64_t from;
    size_t hours; /* that the file covers; 0: not looked at */
    uint64_t *marks;
    size_t capacity; /* words */
    bool any;        /* some row has a time */
};

/* The keys of a type's rows, as they were inserted: where none came twice the table need not be asked. */
struct state_keys {
    struct hash_set *hashes; /* made with the first row */
    bool unsure;             /* keys were changed after that, or could not be kept */
};

struct load_expressions; /* load_expression.h */
struct load_rows;        /* load_rows.h */
struct load_kept;        /* load_write.h */

struct store {
    sqlite3 *connection;
    struct clock *clock;
    const struct schema *schema;
    const struct programme *programme;
    struct store_options options;
    struct diagnostics *diagnostics;
    char *path;
    struct load_expressions *expressions;
    struct query insert_evidence;
    struct query insert_evidence_type;
    struct query insert_snapshot;
    struct load_rows *rows;     /* on their way into the tables; made with the first file */
    struct load_kept *kept;     /* files that have ended and are not written yet; made with the first of them */
    struct state_count *counts; /* by type; of the file being loaded */
    struct state_silence silence;
    struct state_keys *keys; /* by type; of all files */
    uint64_t *lacking;       /* by type, of all files: STATE_COLUMN of every column that some row has no value in */
    char *folder;            /* that the store stands in */
    int64_t unknown_values;  /* that expressions made, of the file being loaded */
    char *shown_prefix;      /* what stands before an evidence path in diagnostics, or NULL */
    bool loading;            /* the loading transaction is open */
};

/* The bit of a column; those from the 64th on share the last. */
#define STATE_COLUMN(column) (UINT64_C(1) << ((column) < 63 ? (column) : 63))

/* The snapshot that the rows of one evidence file and type belong to: fixed by both, whatever the order of loading. */
#define STATE_SNAPSHOT(evidence, type) ((int64_t)(evidence) << 16 | (int64_t)(type))

#endif
