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
    int64_t budget;                    /* virtual-machine operations that one run of a statement may take ... */
    int64_t seconds;                   /* ... and of the processor's time */
    int pace;                          /* operations between two looks at both */
    const char *subject;               /* whose SQL it is, or NULL */
    const atomic_bool *stop;           /* what ends a statement when it is set, or NULL */
    struct guard_query *running;       /* the statement being stepped */
    struct span period;                /* of a challenge database */
    int64_t given;                     /* snapshots put in by guard_give */
    struct guard_challenge *challenge; /* of a challenge database; else NULL */
};

/* Operations of SQLite's virtual machine that one second is taken for: a budget in operations is the same everywhere.
 */
#define GUARD_OPERATIONS_PER_SECOND INT64_C(20000000)
/* A read-only guard on a file, or a writable one in memory when `path` is NULL. NULL after reporting. */
struct guard *guard_state_open(const char *path, int64_t as_of, int64_t budget_seconds,
                               struct diagnostics *diagnostics);
/* The tighter bounds of a database that holds a handful of rows: what loops is stopped within a second. */
void guard_state_tighten(struct guard *guard);
/* Frees the statements that put rows into a challenge database; may be NULL. */
void guard_challenge_free(struct guard_challenge *challenge);
/* Reports the connection's last error at `place`; `skip` bytes of `sql` stand before what the user wrote. */
void guard_state_report(sqlite3 *connection, const char *sql, size_t skip, const struct place *place,
                        struct diagnostics *diagnostics);

#endif
