#ifndef STORE_GUARD_RULES_H
#define STORE_GUARD_RULES_H

#include "base/arena.h"
#include "store/guard.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>

/* The name under which a database of kept views stands on a connection. */
#define GUARD_RULES_SHARED "shared"

/* A table of it that stands for a view, and what that view reads. */
struct guard_stand_in {
    const char *table;
    const struct guard_read *reads;
    size_t read_count;
};

/* What SQL from outside may do: the authorizer of a guarded connection, and what it saw while a statement was prepared.
 */
struct guard_rules {
    bool engine;         /* the engine's own statement is being prepared: everything is allowed */
    struct arena *arena; /* of the statement being prepared: where reads are noted; NULL: they are not */
    struct guard_read *reads;
    size_t read_count;
    const struct guard_stand_in *stand_ins;
    size_t stand_in_count;
    bool memory;       /* noting a read ran out of memory */
    char refusal[160]; /* why the statement was refused, or "" */
};

/* Closes the connection's switches, sets its limits, and installs the authorizer with `rules`, which must outlive it.
 */
bool guard_rules_apply(struct guard_rules *rules, sqlite3 *connection);
/* Begins a statement: forgets what was noted. */
void guard_rules_begin(struct guard_rules *rules, struct arena *arena);
/*
 * Keeps of the reads those of base tables, sorted and without repetition. Of a type's table they name the columns that
 * were asked of the type's own views, and "" where none was. New names are in `arena`. False when memory is out.
 */
bool guard_rules_finish(struct guard_rules *rules, sqlite3 *connection, struct arena *arena);

#endif
