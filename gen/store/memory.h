#ifndef STORE_MEMORY_H
#define STORE_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

/*
 * SQLite's allocator, counting. SQLite's own soft heap limit counts nothing when its memory statistics are off (which
 * is what makes it fast), so a guarded connection keeps an account: between memory_enter and memory_leave, what SQLite
 * allocates on this thread is charged to it and refused past its limit, and what it frees is credited. Every call on
 * a guarded connection stands between the two, so that the account balances; all other threads and connections are
 * neither charged nor slowed by a shared counter.
 */
struct memory_account {
    int64_t used;
    int64_t limit;  /* bytes */
    bool exhausted; /* the system, not the limit, refused an allocation */
};

/* Makes SQLite use this allocator. Once, before any other SQLite call. */
bool memory_start(void);
/* Charges this thread to `account`; returns the account charged until now, for memory_leave. */
struct memory_account *memory_enter(struct memory_account *account);
void memory_leave(struct memory_account *before);

#endif
