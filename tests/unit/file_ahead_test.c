/* A store that is read ahead while another connection writes it: every query sees one state of it, and the newest. */
#include "store/clock.h"
#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include <sqlite3.h>

#define ROWS 3000 /* of a thousand bytes: more than is read ahead at once, many times over */
#define PATH 64

struct fixture {
    char folder[PATH];
    char path[PATH + 16];
    struct clock *clock;
    sqlite3 *writer;
    sqlite3 *reader;
};

static void execute(sqlite3 *connection, const char *sql) {
    assert_int_equal(sqlite3_exec(connection, sql, NULL, NULL, NULL), SQLITE_OK);
}

static void begin(struct fixture *f, const char *mode) {
    char sql[400];
    *f = (struct fixture){.folder = "/tmp/tickmark-ahead-XXXXXX"};
    assert_non_null(mkdtemp(f->folder));
    snprintf(f->path, sizeof f->path, "%s/store.sqlite", f->folder);
    assert_int_equal(
        sqlite3_open_v2(f->path, &f->writer, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL),
        SQLITE_OK);
    snprintf(sql, sizeof sql,
             "PRAGMA journal_mode = %s; PRAGMA synchronous = OFF;"
             "CREATE TABLE t (id INTEGER PRIMARY KEY, version INTEGER, filler BLOB);"
             "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
             "INSERT INTO t SELECT i, 0, zeroblob(1000) FROM n",
             mode, ROWS);
    execute(f->writer, sql);
    f->clock = clock_open(0, f->path);
    assert_non_null(f->clock);
    assert_int_equal(
        sqlite3_open_v2(f->path, &f->reader, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, clock_name(f->clock)),
        SQLITE_OK);
}

static void end(struct fixture *f) {
    assert_int_equal(sqlite3_close(f->reader), SQLITE_OK);
    clock_free(f->clock);
    assert_int_equal(sqlite3_close(f->writer), SQLITE_OK);
    assert_int_equal(unlink(f->path), 0);
    assert_int_equal(rmdir(f->folder), 0);
}

static sqlite3_stmt *scan(struct fixture *f) {
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_prepare_v2(f->reader, "SELECT version, length(filler) FROM t", -1, &statement, NULL),
                     SQLITE_OK);
    return statement;
}

/* Goes on through so many rows, which are all of one version. */
static void see(sqlite3_stmt *statement, int rows, int version) {
    for (int i = 0; i < rows; i++) {
        assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
        assert_int_equal(sqlite3_column_int(statement, 0), version);
        assert_int_equal(sqlite3_column_int(statement, 1), 1000);
    }
}

static void see_all(struct fixture *f, int version) {
    sqlite3_stmt *statement = scan(f);
    see(statement, ROWS, version);
    assert_int_equal(sqlite3_step(statement), SQLITE_DONE);
    assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
}

static void sees_what_was_written(void **state) {
    (void)state;
    static const char *const modes[] = {"DELETE", "WAL"};
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        struct fixture f;
        begin(&f, modes[i]);
        see_all(&f, 0);
        execute(f.writer, "UPDATE t SET version = 1");
        see_all(&f, 1);
        execute(f.writer, "UPDATE t SET version = 2; PRAGMA wal_checkpoint(TRUNCATE)");
        see_all(&f, 2);
        end(&f);
    }
}

static void stays_with_what_it_began_with(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, "WAL");
    execute(f.writer, "PRAGMA wal_checkpoint(TRUNCATE)");
    for (int version = 0; version < 3; version++) {
        sqlite3_stmt *statement = scan(&f);
        see(statement, ROWS / 3, version);
        execute(f.writer, "UPDATE t SET version = version + 1");
        execute(f.writer, "PRAGMA wal_checkpoint(PASSIVE)");
        see(statement, ROWS - ROWS / 3, version);
        assert_int_equal(sqlite3_step(statement), SQLITE_DONE);
        assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
        execute(f.writer, "PRAGMA wal_checkpoint(PASSIVE)");
    }
    see_all(&f, 3);
    end(&f);
}

/* Its last pages are fewer than are read ahead. */
static void reads_to_the_end(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, "DELETE");
    for (int rows = ROWS - 1; rows > ROWS - 80; rows--) {
        char sql[80];
        sqlite3_stmt *statement = NULL;
        snprintf(sql, sizeof sql, "DELETE FROM t WHERE id > %d; VACUUM", rows);
        execute(f.writer, sql);
        statement = scan(&f);
        see(statement, rows, 0);
        assert_int_equal(sqlite3_step(statement), SQLITE_DONE);
        assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
    }
    end(&f);
}

static int start(void **state) {
    (void)state;
    return store_start() ? 0 : 1;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sees_what_was_written),
        cmocka_unit_test(stays_with_what_it_began_with),
        cmocka_unit_test(reads_to_the_end),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
