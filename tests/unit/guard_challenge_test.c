#include "store/guard.h"

#include "store_fixture.h"

struct bench {
    struct scratch scratch;
    struct fixture fixture;
    struct arena *arena;
    struct guard *guard;
};

static int bench_open(void **state) {
    struct bench *bench = calloc(1, sizeof *bench);
    assert_non_null(bench);
    scratch_begin(&bench->scratch);
    fixture_open(&bench->fixture);
    bench->arena = arena_new();
    assert_non_null(bench->arena);
    struct span period = fixture_period();
    bench->guard =
        guard_open_challenge(&bench->fixture.schema, &period, FIXTURE_PERIOD_UNTIL - 1, bench->scratch.diagnostics);
    assert_non_null(bench->guard);
    *state = bench;
    return 0;
}

static int bench_close(void **state) {
    struct bench *bench = *state;
    guard_free(bench->guard);
    arena_free(bench->arena);
    scratch_expect(&bench->scratch, "");
    scratch_end(&bench->scratch);
    free(bench);
    return 0;
}

static void give(struct bench *bench, const char *yaml) {
    struct yaml_node *given =
        yaml_parse(bench->arena, "challenge.yaml", yaml, strlen(yaml), bench->scratch.diagnostics);
    assert_non_null(given);
    assert_true(guard_give(bench->guard, &bench->fixture.schema, given));
}

static void rows_are_completed_from_defaults(void **state) {
    struct bench *bench = *state;
    give(bench, "account:\n"
                "  - {login: eve, active: false, kind: service, created_at: 2025-10-02T08:00:00Z, score: 2}\n"
                "  - {login: ann}\n"
                "  - {login: bob, kind: null}\n");
    fixture_ask(bench->guard,
                "SELECT group_concat(login || ' ' || active || ' ' || ifnull(kind, '-') || ' ' || "
                "ifnull(iso(created_at), '-') || ' ' || ifnull(score, '-'), ', ') FROM account",
                "eve 0 service 2025-10-02T08:00:00Z 2.0, ann 1 person - -, bob 1 - - -");
    fixture_ask(bench->guard, "SELECT source || ' ' || iso(at) FROM account LIMIT 1", "challenge 2025-12-31T00:00:00Z");
    fixture_ask(bench->guard, "SELECT count(*) FROM tm_snapshot", "1");
    fixture_ask(bench->guard, "SELECT count(*) FROM tm_evidence WHERE accepted", "1");
    assert_true(guard_take_back(bench->guard));
}

static void times_and_sources_make_snapshots(void **state) {
    struct bench *bench = *state;
    give(bench, "account:\n"
                "  - {login: eve, at: 2025-10-06}\n"
                "  - {login: ann, at: 2025-10-06}\n"
                "  - {login: eve, at: 2025-10-13}\n"
                "  - {login: vera, at: 2025-10-06, source: vpn}\n");
    fixture_ask(bench->guard,
                "SELECT group_concat(source || ' ' || date_of(effective_at) || ' ' || ifnull(date_of(until), '-') || "
                "' ' || latest, ', ') FROM tm_snapshot",
                "challenge 2025-10-06 2025-10-13 0, challenge 2025-10-13 - 1, vpn 2025-10-06 - 1");
    fixture_ask(bench->guard, "SELECT group_concat(login) FROM (SELECT login FROM account_latest ORDER BY login)",
                "eve,vera");
    fixture_ask(bench->guard, "SELECT count(DISTINCT ref) FROM account", "4");
    assert_true(guard_take_back(bench->guard));
}

static void logins_belong_to_the_persons_that_are_given(void **state) {
    struct bench *bench = *state;
    give(bench, "identity:\n"
                "  - {login: Ann-Two, person: E1}\n"
                "  - {login: ann, person: E1}\n");
    fixture_ask(bench->guard,
                "SELECT group_concat(login || ' ' || person) FROM (SELECT * FROM identity ORDER BY login)",
                "ann E1,ann-two E1");
    assert_true(guard_take_back(bench->guard));
    fixture_ask(bench->guard, "SELECT count(*) FROM identity", "0");
}

static void an_empty_list_is_an_export_without_rows(void **state) {
    struct bench *bench = *state;
    give(bench, "account: []\n");
    fixture_ask(bench->guard, "SELECT group_concat(type) FROM tm_snapshot", "account");
    fixture_ask(bench->guard, "SELECT count(*) FROM account", "0");
    assert_true(guard_take_back(bench->guard));
    assert_true(guard_give(bench->guard, &bench->fixture.schema, NULL));
    fixture_ask(bench->guard, "SELECT count(*) FROM tm_snapshot", "0");
    assert_true(guard_take_back(bench->guard));
}

static void a_required_column_left_out_is_invalid(void **state) {
    struct bench *bench = *state;
    give(bench, "sign_in:\n  - {id: s1}\n  - {id: s2, login: ann}\n");
    fixture_ask(bench->guard, "SELECT group_concat(id || invalid) FROM tm_row_sign_in", "s11,s20");
    assert_true(guard_take_back(bench->guard));
}

static void one_query_serves_many_challenges(void **state) {
    struct bench *bench = *state;
    struct guard_query *query = guard_prepare(bench->guard, "SELECT count(*) FROM active_account",
                                              &(struct place){.path = "controls/x.yaml", .line = 1});
    assert_non_null(query);
    for (int i = 0; i < 300; i++) {
        give(bench, i % 2 == 0 ? "account: [{login: a}, {login: b, active: no}]" : "sign_in: [{id: x, login: y}]");
        assert_int_equal(guard_step(query), GUARD_ROW);
        assert_int_equal(guard_integer(query, 0), i % 2 == 0);
        guard_reset(query);
        assert_true(guard_take_back(bench->guard));
    }
    guard_query_free(query);
    fixture_ask(bench->guard, "SELECT count(*) FROM tm_row_account", "0");
    fixture_ask(bench->guard, "SELECT count(*) FROM tm_evidence", "0");
}

static void the_calendar_covers_the_period(void **state) {
    struct bench *bench = *state;
    fixture_ask(bench->guard, "SELECT count(*) || ' ' || sum(business_day) FROM calendar", "92 66");
    fixture_ask(bench->guard,
                "SELECT day || ' ' || weekday || ' ' || business_day || ' ' || week || ' ' || month || ' ' || quarter "
                "FROM calendar WHERE date = '2025-10-01'",
                "1759276800 2 1 2025-W40 2025-10 2025-Q4");
    /* Wednesday 31 December 2025 lies in the first ISO week of 2026. */
    fixture_ask(bench->guard, "SELECT week || business_day FROM calendar WHERE date = '2025-12-31'", "2026-W011");
    fixture_ask(bench->guard, "SELECT week || business_day FROM calendar WHERE date = '2025-12-28'", "2025-W520");
}

int main(void) {
    if (!store_start()) {
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(rows_are_completed_from_defaults, bench_open, bench_close),
        cmocka_unit_test_setup_teardown(times_and_sources_make_snapshots, bench_open, bench_close),
        cmocka_unit_test_setup_teardown(logins_belong_to_the_persons_that_are_given, bench_open, bench_close),
        cmocka_unit_test_setup_teardown(an_empty_list_is_an_export_without_rows, bench_open, bench_close),
        cmocka_unit_test_setup_teardown(a_required_column_left_out_is_invalid, bench_open, bench_close),
        cmocka_unit_test_setup_teardown(one_query_serves_many_challenges, bench_open, bench_close),
        cmocka_unit_test_setup_teardown(the_calendar_covers_the_period, bench_open, bench_close),
    };
    return cmocka_run_group_tests_name("guard_challenge", tests, NULL, NULL);
}
