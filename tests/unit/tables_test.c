#include "store/tables.h"

#include "store_records.h"

/* What store_create makes of a schema: tables, views, and what configuration says. */

static int open_loading(void **state) {
    struct loading *loading = calloc(1, sizeof *loading);
    assert_non_null(loading);
    loading_begin(loading);
    *state = loading;
    return 0;
}

static int close_loading(void **state) {
    loading_end(*state);
    free(*state);
    return 0;
}

static void create(struct loading *l) {
    loading_create(l);
    assert_non_null(l->store);
    loading_finish(l);
}

static void names_are_quoted(void **state) {
    struct loading *l = *state;
    l->fixture.types[FIXTURE_SIGN_IN].id = "sign\"in; order";
    l->fixture.sign_in_columns[FIXTURE_OUTCOME].name = "select\"";
    create(l);
    fixture_ask(l->guard, "SELECT count(\"select\"\"\") FROM \"sign\"\"in; order\"", "0");
}

static void views_of_newest_snapshots_are_there_where_they_are_named(void **state) {
    static const char views[] =
        "SELECT group_concat(name) FROM (SELECT name FROM sqlite_schema WHERE name LIKE '%_latest' ORDER BY name)";
    struct loading *l = *state;
    create(l);
    struct query query;
    assert_true(query_open(&query, store_connection(l->store), "views", views, l->scratch.diagnostics));
    assert_true(query_step(&query));
    assert_string_equal(query_column_text(&query, 0), "account_latest"); /* by the view newest_account */
    assert_true(query_close(&query));
    fixture_ask(l->guard, "SELECT count(*) FROM newest_account", "0");
    assert_true(store_settle(l->store));
    assert_true(query_open(&query, store_connection(l->store), "views", views, l->scratch.diagnostics));
    assert_true(query_step(&query));
    assert_string_equal(query_column_text(&query, 0), "account_latest,sign_in_latest");
    assert_true(query_close(&query));
}

static void what_ends_a_view_is_cut_off(void **state) {
    struct loading *l = *state;
    l->fixture.views[0].sql = "SELECT ref FROM account -- all\n ;\n -- and nothing else\n";
    create(l);
    struct query query;
    assert_true(query_open(&query, store_connection(l->store), "view",
                           "SELECT sql FROM sqlite_schema WHERE name = 'active_account'", l->scratch.diagnostics));
    assert_true(query_step(&query));
    assert_string_equal(query_column_text(&query, 0),
                        "CREATE VIEW \"active_account\" AS SELECT ref FROM account -- all");
    assert_true(query_close(&query));
    fixture_ask(l->guard, "SELECT count(*) FROM active_account", "0");
}

static void tables_are_strict_and_typed(void **state) {
    struct loading *l = *state;
    create(l);
    sqlite3 *connection = store_connection(l->store);
    struct query query;
    assert_true(query_open(&query, connection, "columns",
                           "SELECT group_concat(name || ' ' || type, ', ') FROM pragma_table_info('tm_row_account')",
                           l->scratch.diagnostics));
    assert_true(query_step(&query));
    assert_string_equal(query_column_text(&query, 0),
                        "ref INTEGER, snapshot INTEGER, record INTEGER, line INTEGER, offset INTEGER, length INTEGER, "
                        "invalid INTEGER, row_rule INTEGER, excluded TEXT, login TEXT, active INTEGER, kind TEXT, "
                        "created_at INTEGER, score REAL");
    assert_true(query_close(&query));
    assert_true(query_open(&query, connection, "strict",
                           "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND NOT "
                           "strict AND name NOT LIKE 'sqlite_%'",
                           l->scratch.diagnostics));
    assert_true(query_step(&query));
    assert_int_equal(query_column_integer(&query, 0), 0);
    assert_true(query_close(&query));
}

static void a_types_own_column_displaces_the_engines(void **state) {
    struct loading *l = *state;
    l->fixture.sign_in_columns[FIXTURE_OUTCOME].name = "source";
    l->fixture.sign_in_columns[FIXTURE_HAPPENED].name = "at";
    create(l);
    fixture_ask(l->guard, "SELECT count(source) + count(at) + count(evidence) FROM sign_in", "0");
    struct guard_query *query =
        guard_prepare(l->guard, "SELECT * FROM sign_in", &(struct place){.path = "x", .line = 1});
    assert_non_null(query);
    assert_int_equal(guard_column_count(query), 6); /* ref, evidence and four of its own */
    guard_query_free(query);
}

static void refused_names_are_reported_at_the_type(void **state) {
    struct loading *l = *state;
    l->fixture.sign_in_columns[FIXTURE_OUTCOME].name = "line";
    loading_create(l);
    assert_null(l->store);
    scratch_expect(&l->scratch, "types.yaml:9: error: SQLite refuses the table of evidence type 'sign_in': duplicate "
                                "column name: line; rename the type or the column [sql-error]\n");
}

static void bad_views_are_reported_at_their_line(void **state) {
    struct loading *l = *state;
    static const struct {
        const char *sql;
        const char *expected;
    } cases[] = {
        {"-- A mistake.\nSELECT ref,\n  logn FROM account", "views/v.sql:3: error: no such column: logn"},
        {"SELECT ref FROM account\nWHERE (active", "views/v.sql: error: incomplete input"},
        {"SELECT 1;\nDROP TABLE tm_meta", "a second statement follows the first"},
        {"SELECT random() AS r", "it calls the function random"},
        {"SELECT sql FROM sqlite_schema", "it reads sqlite_master"},
        {"VALUES (1) RETURNING", "near \"RETURNING\": syntax error"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        l->fixture.views[0] =
            (struct view){.id = "v", .sql = cases[i].sql, .place = {.path = "views/v.sql", .line = i == 1 ? 0 : 1}};
        diagnostics_free(l->scratch.diagnostics);
        l->scratch.diagnostics = diagnostics_new();
        const struct span period = fixture_period();
        assert_null(guard_open_challenge(&l->fixture.schema, &period, period.until - 1, l->scratch.diagnostics));
        struct buffer printed = {0};
        diagnostics_print(l->scratch.diagnostics, DIAGNOSTIC_NOTE, false, &printed);
        if (strstr(buffer_text(&printed), cases[i].expected) == NULL) {
            fail_msg("%s\n%s", cases[i].sql, buffer_text(&printed));
        }
        buffer_free(&printed);
    }
}

static void views_may_read_later_ones(void **state) {
    struct loading *l = *state;
    struct view views[] = {
        {.id = "a_first", .sql = "SELECT * FROM b_second", .place = {.path = "views/a_first.sql", .line = 1}},
        {.id = "b_second", .sql = "SELECT ref FROM account", .place = {.path = "views/b_second.sql", .line = 1}},
    };
    l->fixture.schema.views = views;
    l->fixture.schema.view_count = 2;
    create(l);
    fixture_ask(l->guard, "SELECT count(*) FROM a_first", "0");
}

static void configuration_is_described(void **state) {
    struct loading *l = *state;
    const char *criteria[] = {"CC6.1"};
    const char *categories[] = {"availability"};
    const char *logins[] = {"ann", "ann@example.com"};
    struct parameter parameters[] = {
        {.name = "days", .value = {.kind = VALUE_INTEGER, .integer = 90}, .text = "90"},
        {.name = "word", .value = {.kind = VALUE_TEXT, .text = {"x", 1}}, .text = "x"},
    };
    struct requirement requirements[] = {{.type = FIXTURE_ACCOUNT, .cadence = CADENCE_WEEKLY, .grace = 86400}};
    struct test tests[] = {
        {.id = "AC-02.1", .title = "Enrolled", .query = "SELECT 1", .tolerable = 0.05, .severity = SEVERITY_HIGH}};
    struct control controls[] = {{.id = "AC-02",
                                  .title = "Accounts",
                                  .criteria = {criteria, 1},
                                  .effective_from = INT64_MIN,
                                  .superseded = INT64_MAX,
                                  .requirements = requirements,
                                  .requirement_count = 1,
                                  .parameters = parameters,
                                  .parameter_count = 2,
                                  .tests = tests,
                                  .test_count = 1}};
    struct programme_override overrides[] = {{.control = "AC-02",
                                              .parameter = "days",
                                              .converted = {.kind = VALUE_INTEGER, .integer = 60},
                                              .text = "60",
                                              .approver = "cso",
                                              .date = 86400,
                                              .reason = "stricter"}};
    struct programme_person people[] = {{.id = "E1", .logins = {logins, 2}}};
    struct programme_exclusion exclusions[] = {{.control = "AC-02", .reason = "no accounts"}};
    /* Through 31 December: as_of is that day's last second; and through the day before. */
    struct programme_waiver waivers[] = {
        {.id = "W1", .test = "AC-02.1", .reason = "r", .approver = "a", .expires = FIXTURE_PERIOD_UNTIL - 86400},
        {.id = "W2", .test = "AC-02.1", .reason = "r", .approver = "a", .expires = FIXTURE_PERIOD_UNTIL - 2 * 86400},
    };
    l->fixture.schema.controls = controls;
    l->fixture.schema.control_count = 1;
    l->programme.categories = (struct text_list){categories, 1};
    l->programme.overrides = overrides;
    l->programme.override_count = 1;
    l->programme.people = people;
    l->programme.person_count = 1;
    l->programme.exclusions = exclusions;
    l->programme.exclusion_count = 1;
    l->programme.waivers = waivers;
    l->programme.waiver_count = 2;
    create(l);
    fixture_ask(l->guard, "SELECT group_concat(id || in_scope) FROM tm_criterion", "A1.11,CC6.11");
    fixture_ask(l->guard,
                "SELECT id || applicable || not_applicable_reason || ifnull(effective_from, '-') || "
                "ifnull(superseded, '-') FROM tm_control",
                "AC-020no accounts--");
    fixture_ask(l->guard,
                "SELECT group_concat(name || ' ' || value || ' ' || typeof(value) || ' ' || default_text || ' ' || "
                "overridden || ifnull(approver, ''), ', ') FROM tm_parameter",
                "days 60 integer 90 1cso, word x text x 0");
    fixture_ask(l->guard, "SELECT id || type || cadence || grace FROM tm_requirement", "1accountweekly86400");
    fixture_ask(l->guard, "SELECT id || severity || tolerable FROM tm_test", "AC-02.1high0.05");
    fixture_ask(l->guard, "SELECT group_concat(login || ' ' || person) FROM tm_identity", "ann E1,ann@example.com E1");
    fixture_ask(l->guard, "SELECT group_concat(id || expired) FROM tm_waiver", "W10,W21");
    fixture_ask(l->guard, "SELECT group_concat(source || type || may_be_empty) FROM tm_source_type",
                "directoryaccount0,directorysign_in1,oktaaccount0,vpnsign_in0");
    fixture_ask(l->guard,
                "SELECT group_concat(value, ' ') FROM (SELECT value FROM tm_meta WHERE key IN ('period', "
                "'period_from', 'period_until', 'through', 'complete', 'report_type') ORDER BY key)",
                "1 2025-Q4 2025-10-01 2025-12-31 II 2025-12-31");
    fixture_ask(l->guard, "SELECT count(*) FROM calendar", "92");
}

int main(void) {
    if (!store_start()) {
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(names_are_quoted, open_loading, close_loading),
        cmocka_unit_test_setup_teardown(views_of_newest_snapshots_are_there_where_they_are_named, open_loading,
                                        close_loading),
        cmocka_unit_test_setup_teardown(what_ends_a_view_is_cut_off, open_loading, close_loading),
        cmocka_unit_test_setup_teardown(tables_are_strict_and_typed, open_loading, close_loading),
        cmocka_unit_test_setup_teardown(a_types_own_column_displaces_the_engines, open_loading, close_loading),
        cmocka_unit_test_setup_teardown(refused_names_are_reported_at_the_type, open_loading, close_loading),
        cmocka_unit_test_setup_teardown(bad_views_are_reported_at_their_line, open_loading, close_loading),
        cmocka_unit_test_setup_teardown(views_may_read_later_ones, open_loading, close_loading),
        cmocka_unit_test_setup_teardown(configuration_is_described, open_loading, close_loading),
    };
    return cmocka_run_group_tests_name("tables", tests, NULL, NULL);
}
