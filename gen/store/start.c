#include "store/store.h"

#include "store/memory.h"
#include "store/memory_cache.h"

bool store_start(void) {
    /*
     * Connections are not shared between threads, so that none needs a mutex of its own. 'localtime' in a date function
     * would ask the machine for its time zone: it is an error instead.
     */
    if (!memory_start() || !memory_cache_start() || sqlite3_config(SQLITE_CONFIG_MULTITHREAD) != SQLITE_OK ||
        sqlite3_initialize() != SQLITE_OK) {
        return false;
    }
    (void)sqlite3_test_control(SQLITE_TESTCTRL_LOCALTIME_FAULT, 1);
    return true;
}
