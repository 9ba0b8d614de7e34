#ifndef STORE_GUARD_STATE_H
#define STORE_GUARD_STATE_H

#include "store/clock.h"
#include "store/guard.h"
#include "store/guard_rules.h"
#include "store/memory.h"

/* A guard's insides, for the parts of the store that build one. */
struct guard {
    sqlite3 *connection;
    struct clock *clock;
    struct memory_account account;
    struct guard_rules rules;
    struct diagnostics *diagnostics;
    int64_t budget;                    /* steps of SQLite's machine that one run of a statement may take ... */
    int64_t rows;                      /* ... of which so many rows of evidence are the reason; 0: none is */
    int64_t seconds;                   /* of the processor's time that it may take */
    int pace;                          /* steps between two looks at both */
    const char *subject;               /* whose SQL it is, or NULL */
    const atomic_bool *stop;           /* what ends a statement when it is set, or NULL */
    struct guard_query *running;       /* the statement being stepped */
    struct span period;                /* of a challenge database */
    struct guard_challenge *challenge; /* of a challenge database; else NULL */
};

/* A guard's database: on a file to read it, on a file to add others to it, or in memory, without a path. */
enum guard_base { GUARD_READS, GUARD_ADDS, GUARD_IN_MEMORY };
/* `steps`: what one run of a statement may take. NULL after reporting. */
struct guard *guard_state_open(enum guard_base base, const char *path, int64_t as_of, int64_t steps,
                               struct diagnostics *diagnostics);
/* Gives a guard on a store more steps, for the rows of evidence that are in it. */
void guard_state_measure(struct guard *guard);
/* The tighter bounds of a database that holds a handful of rows: what loops is stopped within a second. */
void guard_state_tighten(struct guard *guard);
/* Frees the statements that put rows into a challenge database; may be NULL. */
void guard_challenge_free(struct guard_challenge *challenge);
/* Reports the connection's last error at `place`; `skip` bytes of `sql` stand before what the user wrote. */
void guard_state_report(sqlite3 *connection, const char *sql, size_t skip, const struct place *place,
                        struct diagnostics *diagnostics);

#endif
