#ifndef STORE_CLOCK_H
#define STORE_CLOCK_H

#include <sqlite3.h>
#include <stdint.h>

/*
 * A VFS of one connection: the operating system's files, read ahead (file_ahead.h), but the only time that SQL can see
 * is as_of ('now' gives it), and temporary files (sorting more than fits in memory) are made in the store's own folder
 * and not where the environment says.
 */
struct clock;

/* Registers it for the database at `path`; NULL: one in memory, without temporary files. NULL when memory is out. */
struct clock *clock_open(int64_t as_of, const char *path);
/* For sqlite3_open_v2. */
const char *clock_name(const struct clock *clock);
/* After the connection that uses it was closed. */
void clock_free(struct clock *clock);

#endif
