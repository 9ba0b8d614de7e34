#ifndef STORE_MEMORY_CACHE_H
#define STORE_MEMORY_CACHE_H

#include <stdbool.h>

/*
 * The pages that SQLite holds of a table which a query makes for itself, such as an index for one join, before it
 * writes them to a temporary file and reads them back one by one. It has 2 MiB of its own, and no setting for more;
 * from here on every cache may have LIMIT_SQL_CACHE_BYTES. Before SQLite is started. False when it does not let itself
 * be set up.
 */
bool memory_cache_start(void);

#endif
