#ifndef STORE_STATE_H
#define STORE_STATE_H

#include "store/clock.h"
#include "store/guard.h"
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

/* The prepared expressions of one kind, rule by rule. */
struct state_expressions {
    struct guard_query ***rules; /* [rule][expression] */
};

struct store {
    sqlite3 *connection;
    struct clock *clock;
    const struct schema *schema;
    const struct programme *programme;
    struct store_options options;
    struct diagnostics *diagnostics;
    char *path;
    struct guard *expression_guard;        /* in memory and empty: `expr:` sees its inputs and nothing else */
    struct state_expressions *expressions; /* by kind */
    struct query insert_evidence;
    struct query insert_evidence_type;
    struct query insert_snapshot;
    struct query set_snapshot;
    struct query *inserts;      /* by type; opened when a file first gives one */
    struct state_count *counts; /* by type; of the file being loaded */
    int64_t unknown_values;     /* that expressions made, of the file being loaded */
    char *shown_prefix;         /* what stands before an evidence path in diagnostics, or NULL */
    bool loading;               /* the loading transaction is open */
};

/* The snapshot that the rows of one evidence file and type belong to: fixed by both, whatever the order of loading. */
#define STATE_SNAPSHOT(evidence, type) ((int64_t)(evidence) << 16 | (int64_t)(type))

#endif
