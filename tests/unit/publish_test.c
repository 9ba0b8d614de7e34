#include "store/store.h"

#include "store_records.h"

#include "base/buffer.h"
#include "base/file.h"

#include <unistd.h>

#define FILES 6
#define ROWS  40

/* Loads the same files in an order of the caller's choosing and publishes them under `name`. */
static void publish(struct loading *l, const unsigned *order, const char *pragma, const char *name) {
    static const char *const paths[FILES] = {"a/1.csv", "a/2.csv", "a/3.csv", "b/1.csv", "b/2.csv", "b/3.csv"};
    static const char *const spans[FILES] = {"2025-10-06", "2025-10-13", "2025-10-20", "2025-10", "2025-11", "2025-12"};
    char logins[ROWS][8];
    loading_create(l);
    assert_non_null(l->store);
    if (pragma != NULL) {
        assert_true(query_execute(store_connection(l->store), "pragma", pragma, l->scratch.diagnostics));
    }
    for (size_t i = 0; i < FILES; i++) {
        unsigned file = order[i];
        size_t kind = file < 3 ? FIXTURE_ACCOUNTS_KIND : FIXTURE_SIGN_INS_KIND;
        struct store_evidence evidence = loading_evidence(l, kind, paths[file], spans[file]);
        evidence.id = file + 1;
        struct records records;
        records_open(&records);
        for (int k = 0; k < ROWS; k++) {
            snprintf(logins[k], sizeof logins[k], "u%02d", k % 37); /* some repeat */
            if (kind == FIXTURE_ACCOUNTS_KIND) {
                records_account(&records, logins[k], k % 3 == 0);
            } else {
                records_sign_in(&records, logins[k], logins[k], evidence.span.from + k);
            }
        }
        loading_load(l, &evidence, &records, (uint8_t)(file + 1));
    }
    loading_finish(l);
    guard_free(l->guard);
    l->guard = NULL;
    assert_true(store_note_diagnostics(l->store, l->scratch.diagnostics, "."));
    assert_true(store_settle(l->store));
    assert_true(store_publish(l->store, scratch_path(&l->scratch, name)));
}

static void read_all(const char *path, struct buffer *out) {
    struct diagnostics *diagnostics = diagnostics_new();
    assert_true(file_read(path, 1 << 24, out, diagnostics));
    diagnostics_free(diagnostics);
}

static void the_same_content_gives_the_same_bytes(void **state) {
    (void)state;
    static const struct {
        unsigned order[FILES];
        const char *pragma;
    } ways[] = {
        {{0, 1, 2, 3, 4, 5}, NULL},
        {{5, 3, 1, 0, 4, 2}, "PRAGMA cache_size = 10"},
        {{2, 1, 0, 5, 4, 3}, "PRAGMA cache_size = -20000; PRAGMA synchronous = FULL"},
    };
    struct buffer first = {0};
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        struct loading loading;
        loading_begin(&loading);
        publish(&loading, ways[i].order, ways[i].pragma, "final.sqlite");
        struct buffer bytes = {0};
        read_all(scratch_path(&loading.scratch, "final.sqlite"), &bytes);
        assert_true(bytes.length > 0);
        if (i == 0) {
            first = bytes;
        } else {
            assert_int_equal(bytes.length, first.length);
            assert_memory_equal(bytes.data, first.data, first.length);
            buffer_free(&bytes);
        }
        loading_end(&loading);
    }
    buffer_free(&first);
}

/* Runs the sqlite3 command on a published file and gives what it prints. */
static void ask_sqlite3(const char *path, const char *sql, const char *expected) {
    char command[1024];
    char printed[1024];
    assert_true(snprintf(command, sizeof command, "sqlite3 -readonly '%s' \"%s\" 2>&1", path, sql) <
                (int)sizeof command);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    size_t length = fread(printed, 1, sizeof printed - 1, pipe);
    printed[length] = '\0';
    assert_int_equal(pclose(pipe) == 0, strncmp(expected, "Error", 5) != 0);
    if (strncmp(printed, expected, strlen(expected)) != 0) {
        fail_msg("%s: %s", sql, printed);
    }
}

static void the_sqlite3_command_reads_it(void **state) {
    (void)state;
    struct loading loading;
    loading_begin(&loading);
    publish(&loading, (const unsigned[]){0, 1, 2, 3, 4, 5}, NULL, "final.sqlite");
    const char *path = scratch_path(&loading.scratch, "final.sqlite");
    ask_sqlite3(path, "PRAGMA integrity_check", "ok\n");
    ask_sqlite3(path, "PRAGMA journal_mode", "delete\n");
    ask_sqlite3(path, "PRAGMA page_size", "4096\n");
    /* 40 rows of which three repeat a key; three snapshots. */
    ask_sqlite3(path, "SELECT count(*) FROM account", "111\n");
    ask_sqlite3(path, "SELECT count(*) FROM account_latest", "37\n");
    ask_sqlite3(path, "SELECT at, evidence FROM account_readable LIMIT 1", "2025-10-06T00:00:00Z|a/1.csv\n");
    ask_sqlite3(path, "SELECT count(*) FROM active_account", "39\n");
    ask_sqlite3(path, "SELECT count(*), min(id) FROM tm_diagnostic WHERE level = 'error'", "6|duplicate-records\n");
    loading_end(&loading);
}

/* Publishes a store with views over a type of high volume; `sql` is run on the store while it is empty. */
static void publish_high_volume(struct loading *loading, const char *sql) {
    static struct view views[] = {
        {.id = "a_outer", .sql = "SELECT * FROM b_inner", .place = {.path = "views/a_outer.sql", .line = 1}},
        {.id = "b_inner", .sql = "SELECT id FROM Sign_In", .place = {.path = "views/b_inner.sql", .line = 1}},
        {.id = "c_other", .sql = "SELECT login FROM account", .place = {.path = "views/c_other.sql", .line = 1}},
    };
    loading_begin(loading);
    loading->fixture.schema.views = views;
    loading->fixture.schema.view_count = 3;
    loading->fixture.types[FIXTURE_SIGN_IN].high_volume = true;
    publish(loading, (const unsigned[]){0, 1, 2, 3, 4, 5}, sql, "final.sqlite");
}

static void tables_of_high_volume_stay_out(void **state) {
    (void)state;
    struct loading loading;
    publish_high_volume(&loading, NULL);
    const char *path = scratch_path(&loading.scratch, "final.sqlite");
    ask_sqlite3(path,
                "SELECT group_concat(name) FROM (SELECT name FROM sqlite_schema WHERE name LIKE '%sign_in%' OR type = "
                "'view' ORDER BY name)",
                "account,account_latest,account_readable,c_other,identity,source_system\n");
    ask_sqlite3(path, "SELECT count(*) FROM c_other", "111\n");
    ask_sqlite3(path, "SELECT sum(row_count) FROM tm_evidence_type WHERE type = 'sign_in'", "120\n");
    ask_sqlite3(path, "PRAGMA integrity_check", "ok\n");
    loading_end(&loading);
}

static void a_large_store_is_published_as_a_small_one_is(void **state) {
    (void)state;
    static const char fill[] =
        "CREATE TABLE fill (bytes); INSERT INTO fill VALUES (zeroblob(80000000)); DROP TABLE fill";
    struct loading loading;
    struct buffer small = {0};
    struct buffer large = {0};
    publish_high_volume(&loading, NULL);
    read_all(scratch_path(&loading.scratch, "final.sqlite"), &small);
    loading_end(&loading);
    publish_high_volume(&loading, fill);
    read_all(scratch_path(&loading.scratch, "final.sqlite"), &large);
    loading_end(&loading);
    assert_int_equal(small.length, large.length);
    assert_memory_equal(small.data, large.data, small.length);
    buffer_free(&small);
    buffer_free(&large);
}

static void an_output_that_cannot_be_written_is_said(void **state) {
    (void)state;
    struct loading loading;
    loading_begin(&loading);
    loading_create(&loading);
    assert_true(store_load_finish(loading.store));
    assert_false(store_publish(loading.store, scratch_path(&loading.scratch, "no/such/folder.sqlite")));
    assert_int_equal(diagnostics_count_id(loading.scratch.diagnostics, DIAGNOSTIC_STORE_FAILED), 1);
    loading_end(&loading);
}

int main(void) {
    if (!store_start()) {
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_content_gives_the_same_bytes),
        cmocka_unit_test(the_sqlite3_command_reads_it),
        cmocka_unit_test(tables_of_high_volume_stay_out),
        cmocka_unit_test(a_large_store_is_published_as_a_small_one_is),
        cmocka_unit_test(an_output_that_cannot_be_written_is_said),
    };
    return cmocka_run_group_tests_name("publish", tests, NULL, NULL);
}
