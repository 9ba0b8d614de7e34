#include "store/share.h"
#include "store/share_choice.h"
#include "store_records.h"

#include <pthread.h>
#include <unistd.h>

/* Views that several tests read: which are chosen, what a guard that joins sees, and what it is said to read. */

static const struct place place = {.path = "controls/x.yaml", .line = 1};

/* holder is read by two tests, by way of active and by name; endless by two; lone by one; apart reads none of them. */
enum { VIEW_HOLDER, VIEW_ACTIVE, VIEW_ENDLESS, VIEW_LONE, VIEW_APART, VIEWS };
static const char *const view_ids[VIEWS] = {"holder", "active", "endless", "lone", "apart"};
static const char *const view_texts[VIEWS] = {
    "SELECT ref, source, at, login, kind FROM account -- lone",
    "SELECT ref, login FROM Holder WHERE kind = 'person'",
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n",
    "SELECT login FROM active WHERE login > 'b'",
    "SELECT id FROM sign_in",
};

enum { TEST_QUOTED, TEST_CASES, TEST_PLAIN, TEST_COMMENTS, TEST_APART, TESTS };
static const char *const test_ids[TESTS] = {"X-1.1", "X-1.2", "X-1.3", "X-1.4", "X-1.5"};
static const char *const test_queries[TESTS] = {
    "SELECT * FROM \"active\"",      "SELECT * FROM lone JOIN ACTIVE /* apart */",
    "SELECT * FROM holder, endless", "SELECT i FROM endless LIMIT 1 -- holder",
    "SELECT id FROM apart",
};

struct bench {
    struct loading loading;
    struct view views[VIEWS];
    struct test tests[TESTS];
    struct control control;
};

static int bench_open(void **state) {
    struct bench *bench = calloc(1, sizeof *bench);
    struct fixture *fixture = &bench->loading.fixture;
    loading_begin(&bench->loading);
    for (size_t i = 0; i < VIEWS; i++) {
        bench->views[i] =
            (struct view){.id = view_ids[i], .sql = view_texts[i], .place = {.path = view_ids[i], .line = 1}};
    }
    fixture->schema.views = bench->views;
    fixture->schema.view_count = VIEWS;
    for (size_t i = 0; i < TESTS; i++) {
        bench->tests[i] =
            (struct test){.id = test_ids[i], .title = "A test", .query = test_queries[i], .remediation = "-"};
    }
    bench->control = (struct control){.id = "X-1", .title = "A control", .tests = bench->tests, .test_count = TESTS};
    fixture->schema.controls = &bench->control;
    fixture->schema.control_count = 1;
    *state = bench;
    return 0;
}

static int bench_close(void **state) {
    struct bench *bench = *state;
    loading_end(&bench->loading);
    free(bench);
    return 0;
}

static void load_accounts(struct bench *bench) {
    struct loading *loading = &bench->loading;
    struct records records;
    loading_create(loading);
    assert_non_null(loading->store);
    records_open(&records);
    records_account(&records, "ann", 1);
    records_account(&records, "bob", 1);
    struct store_evidence evidence = loading_evidence(loading, FIXTURE_ACCOUNTS_KIND, "okta/a.csv", "2025-12-30");
    loading_load(loading, &evidence, &records, 1);
    loading_finish(loading);
}

static void chooses_what_two_tests_read(void **state) {
    struct bench *bench = *state;
    struct schema *schema = &bench->loading.fixture.schema;
    struct share_choice choice;
    assert_true(share_choice_make(schema, &choice, bench->loading.scratch.diagnostics));
    assert_int_equal(choice.count, 3);
    size_t at[VIEWS] = {SIZE_MAX, SIZE_MAX, SIZE_MAX, SIZE_MAX, SIZE_MAX};
    for (size_t i = 0; i < choice.count; i++) {
        at[choice.order[i]] = i;
    }
    assert_true(at[VIEW_HOLDER] < at[VIEW_ACTIVE] && at[VIEW_ACTIVE] != SIZE_MAX && at[VIEW_ENDLESS] != SIZE_MAX);
    assert_true(choice.concerned[VIEW_LONE]); /* it reads one that is made */
    assert_false(choice.concerned[VIEW_APART]);
    assert_true(share_choice_concerns(&choice, schema, "SELECT 1 FROM [Lone]"));
    assert_false(share_choice_concerns(&choice, schema, "SELECT lonely, 1 FROM apart -- lone"));
    share_choice_free(&choice);
}

static void counts_metrics_among_the_readers(void **state) {
    struct bench *bench = *state;
    struct schema *schema = &bench->loading.fixture.schema;
    struct metric metrics[] = {{.id = "of_a_test"}, {.id = "of_a_query", .query = "SELECT ref FROM Lone"}};
    struct share_choice choice;
    schema->metrics = metrics;
    schema->metric_count = 2;
    assert_true(share_choice_make(schema, &choice, bench->loading.scratch.diagnostics));
    assert_int_equal(choice.count, 4);
    bool made = false;
    for (size_t i = 0; i < choice.count; i++) {
        made = made || choice.order[i] == VIEW_LONE;
    }
    assert_true(made);
    share_choice_free(&choice);
    schema->metrics = NULL;
    schema->metric_count = 0;
}

/* Table by table and column by column. */
static void assert_same_reads(struct guard *guard, struct guard *other, const char *sql) {
    struct guard_query *query = guard_prepare(guard, sql, &place);
    struct guard_query *same = guard_prepare(other, sql, &place);
    size_t count;
    size_t expected;
    assert_non_null(query);
    assert_non_null(same);
    const struct guard_read *reads = guard_reads(query, &count);
    const struct guard_read *wanted = guard_reads(same, &expected);
    assert_true(expected > 0);
    assert_int_equal(count, expected);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(reads[i].table, wanted[i].table);
        assert_string_equal(reads[i].column, wanted[i].column);
    }
    guard_query_free(query);
    guard_query_free(same);
}

static void shows_tables_and_tells_what_is_behind_them(void **state) {
    struct bench *bench = *state;
    struct loading *loading = &bench->loading;
    struct diagnostics *diagnostics = loading->scratch.diagnostics;
    char path[200];
    load_accounts(bench);
    struct share *share = share_new(&loading->fixture.schema, diagnostics);
    assert_non_null(share);
    assert_true(share_concerns(share, test_queries[TEST_CASES]));
    assert_false(share_concerns(share, test_queries[TEST_APART]));
    assert_true(share_make(share, loading->path, FIXTURE_PERIOD_UNTIL - 1, NULL, diagnostics));
    snprintf(path, sizeof path, "%s.shared", loading->path);
    assert_int_equal(access(path, F_OK), 0);
    struct guard *guard = guard_open(loading->path, FIXTURE_PERIOD_UNTIL - 1, diagnostics);
    assert_true(share_join(share, guard));

    static const char *const queries[] = {
        "SELECT login FROM active",
        "SELECT count(*) FROM active",
        "SELECT login FROM lone",
        "SELECT h.at FROM holder AS h JOIN account AS a ON a.ref = h.ref WHERE a.active",
        "SELECT EXISTS (SELECT 1 FROM holder)",
        "SELECT id FROM apart",
    };
    for (size_t i = 0; i < sizeof queries / sizeof queries[0]; i++) {
        assert_same_reads(guard, loading->guard, queries[i]);
    }
    fixture_ask(guard, "SELECT group_concat(login) FROM (SELECT login FROM active ORDER BY 1)", "ann,bob");
    fixture_ask(guard, "SELECT group_concat(login) FROM lone", "bob");
    fixture_ask(guard, "SELECT count(*) FROM shared.holder", "2");
    /* Beyond the bounds of a query it is not kept, and can be read as before. */
    fixture_ask(guard, "SELECT i FROM (SELECT i FROM endless LIMIT 1)", "1");
    assert_int_equal(diagnostics_count_id(diagnostics, DIAGNOSTIC_SQL_LIMIT), 0);

    assert_null(guard_prepare(guard, "INSERT INTO shared.holder (login) VALUES ('eve')", &place));
    assert_null(guard_prepare(guard, "SELECT * FROM shared.sqlite_schema", &place));
    guard_free(guard);
    share_free(share);
    assert_int_equal(access(path, F_OK), -1);
    share_free(NULL);
}

#define OPENINGS 400

struct opener {
    const char *path;
    struct diagnostics *diagnostics; /* its own: another thread's */
    size_t refused;
};

static void *open_again_and_again(void *context) {
    struct opener *opener = context;
    for (int i = 0; i < OPENINGS; i++) {
        struct guard *guard = guard_open(opener->path, FIXTURE_PERIOD_UNTIL - 1, opener->diagnostics);
        opener->refused += guard == NULL;
        guard_free(guard);
    }
    return NULL;
}

/* Who closes the store, having written beside it, keeps it from others for a moment: they wait. */
static void guards_open_while_others_close(void **state) {
    struct bench *bench = *state;
    struct loading *loading = &bench->loading;
    load_accounts(bench);
    bench->control.test_count = 2; /* without the endless one */
    struct opener opener = {.path = loading->path, .diagnostics = diagnostics_new()};
    assert_non_null(opener.diagnostics);
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, open_again_and_again, &opener), 0);
    for (int i = 0; i < OPENINGS / 4; i++) {
        struct share *share = share_new(&loading->fixture.schema, loading->scratch.diagnostics);
        assert_non_null(share);
        assert_true(share_make(share, loading->path, FIXTURE_PERIOD_UNTIL - 1, NULL, loading->scratch.diagnostics));
        share_free(share);
    }
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(opener.refused, 0);
    diagnostics_free(opener.diagnostics);
}

int main(void) {
    if (!store_start()) {
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(chooses_what_two_tests_read, bench_open, bench_close),
        cmocka_unit_test_setup_teardown(counts_metrics_among_the_readers, bench_open, bench_close),
        cmocka_unit_test_setup_teardown(shows_tables_and_tells_what_is_behind_them, bench_open, bench_close),
        cmocka_unit_test_setup_teardown(guards_open_while_others_close, bench_open, bench_close),
    };
    return cmocka_run_group_tests_name("share", tests, NULL, NULL);
}
