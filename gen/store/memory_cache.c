#include "store/memory_cache.h"

#include "base/limits.h"

#include <sqlite3.h>

#define PAGE_BYTES 4096

/* SQLite's cache interface passes no context to it. */
static void (*cache_size_given)(sqlite3_pcache *cache, int pages);

static void size_cache(sqlite3_pcache *cache, int pages) {
    int least = LIMIT_SQL_CACHE_BYTES / PAGE_BYTES;
    cache_size_given(cache, pages < least ? least : pages);
}

bool memory_cache_start(void) {
    sqlite3_pcache_methods2 methods;
    if (sqlite3_config(SQLITE_CONFIG_GETPCACHE2, &methods) != SQLITE_OK) {
        return false;
    }
    cache_size_given = methods.xCachesize;
    methods.xCachesize = size_cache;
    return sqlite3_config(SQLITE_CONFIG_PCACHE2, &methods) == SQLITE_OK;
}
