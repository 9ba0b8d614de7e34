/* How much a table that a query makes for itself keeps in memory, before its pages go to a file. */
#include "base/limits.h"
#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sqlite3.h>

#define ROW_BYTES 1000

static void execute(sqlite3 *connection, const char *sql) {
    assert_int_equal(sqlite3_exec(connection, sql, NULL, NULL, NULL), SQLITE_OK);
}

/* How many pages were written to make room, when a temporary table of so many bytes was filled. */
static int spilled(int bytes) {
    sqlite3 *connection = NULL;
    sqlite3_stmt *insert = NULL;
    int pages = 0;
    int most = 0;

    assert_int_equal(sqlite3_open_v2(":memory:", &connection, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL),
                     SQLITE_OK);
    execute(connection, "PRAGMA temp_store = FILE; CREATE TEMP TABLE held (value BLOB); BEGIN");
    assert_int_equal(sqlite3_prepare_v2(connection, "INSERT INTO held VALUES (zeroblob(?))", -1, &insert, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_bind_int(insert, 1, ROW_BYTES), SQLITE_OK);
    for (int i = 0; i < bytes / ROW_BYTES; i++) {
        assert_int_equal(sqlite3_step(insert), SQLITE_DONE);
        assert_int_equal(sqlite3_reset(insert), SQLITE_OK);
    }
    assert_int_equal(sqlite3_finalize(insert), SQLITE_OK);
    assert_int_equal(sqlite3_db_status(connection, SQLITE_DBSTATUS_CACHE_SPILL, &pages, &most, 0), SQLITE_OK);
    assert_int_equal(sqlite3_close(connection), SQLITE_OK);
    return pages;
}

static void keeps_what_fits(void **state) {
    (void)state;
    assert_int_equal(spilled(LIMIT_SQL_CACHE_BYTES / 2), 0);
}

static void is_bounded(void **state) {
    (void)state;
    assert_true(spilled(LIMIT_SQL_CACHE_BYTES * 2) > 0);
}

static int start(void **state) {
    (void)state;
    return store_start() ? 0 : 1;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_what_fits),
        cmocka_unit_test(is_bounded),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
