#include "store/store.h"

#include "store_records.h"

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

static void rows_lead_back_to_their_record(void **state) {
    struct loading *l = *state;
    loading_create(l);
    assert_non_null(l->store);
    struct records records;
    records_open(&records);
    records_account(&records, "ann", 1);
    records_account(&records, "bob", 0);
    records.rows[1].locator = (struct locator){.record = 7, .line = 9, .offset = 120, .length = 33};
    struct store_evidence evidence = loading_evidence(l, FIXTURE_ACCOUNTS_KIND, "okta/2025-10-06.csv", "2025-10-06");
    loading_load(l, &evidence, &records, 1);
    loading_finish(l);
    fixture_ask(l->guard, "SELECT group_concat(login || '@' || ref_text(ref) || ' ' || active, ', ') FROM account",
                "ann@E1.1 1, bob@E1.2 0");
    fixture_ask(l->guard,
                "SELECT record || ' ' || line || ' ' || offset || ' ' || length FROM tm_row_account "
                "WHERE login = 'bob'",
                "7 9 120 33");
    fixture_ask(l->guard, "SELECT iso(at) || ' ' || source || ' ' || evidence FROM account LIMIT 1",
                "2025-10-06T00:00:00Z okta 1");
    fixture_ask(l->guard, "SELECT group_concat(login) FROM active_account", "ann");
    fixture_ask(l->guard, "SELECT sha256 || ' ' || bytes || ' ' || accepted || ' ' || effective_by FROM tm_evidence",
                "0101010101010101010101010101010101010101010101010101010101010101 100 1 name");
    scratch_expect(&l->scratch, "");
}

static void bad_values_become_null_and_invalid(void **state) {
    struct loading *l = *state;
    loading_create(l);
    struct records records;
    records_open(&records);
    records_account(&records, "ann", 1);
    records_account(&records, "two", 2); /* no boolean */
    records_account(&records, "text", 1);
    records.values[2][FIXTURE_SCORE] = records_text("high"); /* no number */
    records_account(&records, "nul", 1);
    records.values[3][FIXTURE_KIND] = (struct value){.kind = VALUE_TEXT, .text = {"a\0b", 3}};
    records_account(&records, "ill", 1);
    records.rows[4].invalid = 2; /* said by the reader */
    records_account(&records, "whole", 1);
    records.values[5][FIXTURE_SCORE] = records_integer(3); /* an integer is a real, too */
    struct store_evidence evidence = loading_evidence(l, FIXTURE_ACCOUNTS_KIND, "a.csv", "2025-10-06");
    loading_load(l, &evidence, &records, 1);
    loading_finish(l);
    fixture_ask(l->guard, "SELECT group_concat(login) FROM tm_row_account WHERE invalid = 1", "two,text,nul,ill");
    fixture_ask(l->guard, "SELECT group_concat(login) FROM tm_row_account WHERE active IS NULL OR kind IS NULL",
                "two,nul");
    fixture_ask(l->guard, "SELECT score FROM account WHERE login = 'whole'", "3.0");
    fixture_ask(l->guard, "SELECT invalid || ' ' || row_count FROM tm_evidence_type", "4 6");
    fixture_ask(l->guard, "SELECT invalid || ' ' || accepted FROM tm_evidence", "4 1");
}

static void a_failing_reader_fails_the_load(void **state) {
    struct loading *l = *state;
    loading_create(l);
    struct records records;
    records_open(&records);
    records_account(&records, "ann", 1);
    records.fails = true;
    struct store_evidence evidence = loading_evidence(l, FIXTURE_ACCOUNTS_KIND, "a.csv", "2025-10-06");
    assert_false(store_load(l->store, &evidence, &records.source));
}

static void expressions_see_their_inputs_only(void **state) {
    struct loading *l = *state;
    struct expression expressions[] = {
        {.sql = "CASE raw WHEN 'X' THEN 'person' WHEN 'Y' THEN 'service' ELSE raw END", .column = FIXTURE_KIND},
        {.sql = "substr(raw_time, 7, 4) || '-' || substr(raw_time, 4, 2) || '-' || substr(raw_time, 1, 2)",
         .column = FIXTURE_CREATED},
        {.sql = "length(raw) / 2.0", .column = FIXTURE_SCORE},
    };
    struct expression_input inputs[] = {{.name = "raw"}, {.name = "raw_time"}};
    l->fixture.account_rule[0].expressions = expressions;
    l->fixture.account_rule[0].expression_count = 3;
    l->fixture.account_rule[0].inputs = inputs;
    l->fixture.account_rule[0].input_count = 2;
    l->sources[FIXTURE_ACCOUNTS_KIND].zone = 3600;
    loading_create(l);
    struct records records;
    records_open(&records);
    static const char *const raws[] = {"X", "Y", "other"};
    for (size_t i = 0; i < 3; i++) {
        struct value *values = records_row(&records, 0);
        values[FIXTURE_LOGIN] = records_text(raws[i]);
        values[FIXTURE_ACCOUNT_COLUMNS] = records_text(raws[i]);
        values[FIXTURE_ACCOUNT_COLUMNS + 1] = records_text("05.10.2025");
    }
    struct store_evidence evidence = loading_evidence(l, FIXTURE_ACCOUNTS_KIND, "a.csv", "2025-10-06");
    loading_load(l, &evidence, &records, 1);
    loading_finish(l);
    fixture_ask(l->guard,
                "SELECT group_concat(login || ':' || ifnull(kind, '-') || ':' || invalid) FROM tm_row_account",
                "X:person:0,Y:service:0,other:-:1");
    /* Midnight one hour east of Greenwich. */
    fixture_ask(l->guard, "SELECT iso(created_at) || ' ' || score FROM account WHERE login = 'X'",
                "2025-10-04T23:00:00Z 0.5");
    fixture_ask(l->guard, "SELECT unknown_values FROM tm_evidence", "1");
    scratch_expect(
        &l->scratch,
        "a.csv: record 3: error: the value \"other\" of kind is none that the kind accounts knows; add it to "
        "the expression in the kind, or correct the export [unknown-value]\n");
}

static void hostile_expressions_are_refused_where_they_stand(void **state) {
    struct loading *l = *state;
    static const char *const hostile[] = {
        "(SELECT count(*) FROM tm_evidence)",
        "1) FROM x; DROP TABLE tm_evidence; SELECT (2",
        "random()",
        "printf('%.*c', 500000000, 'x')",
        "nothing_known",
    };
    struct expression expression = {.column = FIXTURE_SCORE, .place = {.path = "kinds/a.yaml", .line = 4}};
    struct expression_input input = {.name = "raw"};
    l->fixture.account_rule[0].expressions = &expression;
    l->fixture.account_rule[0].expression_count = 1;
    l->fixture.account_rule[0].inputs = &input;
    l->fixture.account_rule[0].input_count = 1;
    for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++) {
        expression.sql = hostile[i];
        strcpy(l->path, scratch_path(&l->scratch, "x.sqlite"));
        loading_create(l);
        struct records records;
        records_open(&records);
        records_account(&records, "ann", 1);
        struct store_evidence evidence = loading_evidence(l, FIXTURE_ACCOUNTS_KIND, "a.csv", "2025-10-06");
        assert_false(store_load(l->store, &evidence, &records.source));
        assert_int_equal(diagnostics_count(l->scratch.diagnostics, DIAGNOSTIC_SETUP), i + 1);
        store_free(l->store);
        l->store = NULL;
        assert_int_equal(remove(l->path), 0);
    }
}

static void an_empty_text_of_an_expression_is_no_value(void **state) {
    struct loading *l = *state;
    struct expression expressions[] = {
        {.sql = "trim(raw)", .column = FIXTURE_KIND},
        {.sql = "raw", .column = FIXTURE_CREATED},
    };
    struct expression_input input = {.name = "raw"};
    l->fixture.account_rule[0].expressions = expressions;
    l->fixture.account_rule[0].expression_count = 2;
    l->fixture.account_rule[0].inputs = &input;
    l->fixture.account_rule[0].input_count = 1;
    loading_create(l);
    struct records records;
    records_open(&records);
    records_account(&records, "ann", 1);
    records.values[0][FIXTURE_ACCOUNT_COLUMNS] = records_text("");
    struct store_evidence evidence = loading_evidence(l, FIXTURE_ACCOUNTS_KIND, "a.csv", "2025-10-06");
    loading_load(l, &evidence, &records, 1);
    loading_finish(l);
    fixture_ask(l->guard, "SELECT count(*) FROM account WHERE kind IS NULL AND created_at IS NULL", "1");
    fixture_ask(l->guard, "SELECT unknown_values FROM tm_evidence", "0");
    scratch_expect(&l->scratch, "");
}

static void an_expression_that_fails_on_a_row_is_said(void **state) {
    struct loading *l = *state;
    struct expression expression = {
        .sql = "json_extract(raw, '$.n')", .column = FIXTURE_SCORE, .place = {.path = "kinds/a.yaml", .line = 4}};
    struct expression_input input = {.name = "raw"};
    l->fixture.account_rule[0].expressions = &expression;
    l->fixture.account_rule[0].expression_count = 1;
    l->fixture.account_rule[0].inputs = &input;
    l->fixture.account_rule[0].input_count = 1;
    loading_create(l);
    struct records records;
    records_open(&records);
    records_account(&records, "ann", 1);
    records_account(&records, "bob", 1);
    records.values[0][FIXTURE_ACCOUNT_COLUMNS] = records_text("{\"n\": 2.5}");
    records.values[1][FIXTURE_ACCOUNT_COLUMNS] = records_text("{broken");
    struct store_evidence evidence = loading_evidence(l, FIXTURE_ACCOUNTS_KIND, "a.csv", "2025-10-06");
    loading_load(l, &evidence, &records, 1);
    loading_finish(l);
    fixture_ask(l->guard, "SELECT score FROM account WHERE login = 'ann'", "2.5");
    fixture_ask(l->guard, "SELECT score FROM account WHERE login = 'bob'", "NULL");
    fixture_ask(l->guard, "SELECT invalid FROM tm_row_account WHERE login = 'bob'", "1");
    scratch_expect(&l->scratch,
                   "a.csv: record 2: error: the expression of the column score fails; correct the export, or "
                   "the expression in the kind accounts [value-conversion]\n"
                   "kinds/a.yaml:4: error: malformed JSON; correct the SQL [sql-error]\n");
}

static void envelope_values_reach_every_row_of_their_rule(void **state) {
    struct loading *l = *state;
    l->fixture.types[FIXTURE_SIGN_IN].time_column = SIZE_MAX;
    loading_create(l);
    struct records records;
    records_open(&records);
    for (size_t i = 0; i < 4; i++) {
        struct value *values = records_row(&records, i % 2);
        values[0] = records_text(i == 0 ? "a" : i == 1 ? "b" : i == 2 ? "c" : "d");
    }
    struct envelope_value envelope[] = {
        {.rule = 0, .column = FIXTURE_SCORE, .value = {.kind = VALUE_REAL, .real = 1.5}},
        {.rule = 1, .column = FIXTURE_WHO, .value = {.kind = VALUE_NULL}}, /* required: the rows become invalid */
        {.rule = 1, .column = FIXTURE_OUTCOME, .value = records_text("ok")},
    };
    records.source.envelope = envelope;
    records.source.envelope_count = 3;
    struct store_evidence evidence = loading_evidence(l, FIXTURE_MIXED_KIND, "a.json", "2025-10-06");
    loading_load(l, &evidence, &records, 1);
    loading_finish(l);
    fixture_ask(l->guard,
                "SELECT group_concat(login || score || (SELECT invalid FROM tm_row_account r WHERE r.ref = "
                "account.ref)) FROM account",
                "a1.50,c1.50");
    fixture_ask(l->guard, "SELECT group_concat(id || outcome || ifnull(login, '-')) FROM sign_in", "bok-,dok-");
    fixture_ask(l->guard, "SELECT group_concat(type || invalid) FROM tm_evidence_type", "account0,sign_in2");
}

static void folding_keeps_one_row_an_entity(void **state) {
    struct loading *l = *state;
    size_t key[] = {FIXTURE_ID};
    size_t columns[] = {FIXTURE_OUTCOME};
    enum fold_take takes[] = {FOLD_FIRST};
    l->fixture.sign_in_rule[0].fold = (struct fold){.used = true,
                                                    .key = key,
                                                    .key_count = 1,
                                                    .by = FIXTURE_HAPPENED,
                                                    .columns = columns,
                                                    .takes = takes,
                                                    .take_count = 1};
    loading_create(l);
    struct records records;
    records_open(&records);
    /* In the order of time: e1 opened, named, closed; the file has them otherwise. */
    records_sign_in(&records, "e1", "late", FIXTURE_PERIOD_FROM + 300);
    records_sign_in(&records, "e2", "only", FIXTURE_PERIOD_FROM + 50);
    records_sign_in(&records, "e1", "x", FIXTURE_PERIOD_FROM + 100);
    records.values[2][FIXTURE_WHO].kind = VALUE_NULL;
    records.rows[2].invalid = 1;
    records.values[2][FIXTURE_OUTCOME] = records_text("opened");
    records_sign_in(&records, "e1", "middle", FIXTURE_PERIOD_FROM + 200);
    records.values[3][FIXTURE_OUTCOME] = records_text("named");
    records_sign_in(&records, "x", "unkeyed", FIXTURE_PERIOD_FROM + 1);
    records.values[4][FIXTURE_ID].kind = VALUE_NULL;
    struct store_evidence evidence = loading_evidence(l, FIXTURE_SIGN_INS_KIND, "v.csv", "2025-Q4");
    loading_load(l, &evidence, &records, 1);
    loading_finish(l);
    fixture_ask(l->guard,
                "SELECT group_concat(ref_text(ref) || ' ' || ifnull(id, '-') || ' ' || login || ' ' || "
                "ifnull(outcome, '-') || ' ' || (happened_at - 1759276800), ', ') FROM sign_in",
                "E1.1 e1 late opened 300, E1.2 e2 only - 50, E1.5 - unkeyed - 1");
    fixture_ask(l->guard, "SELECT folded || ' ' || invalid || ' ' || row_count FROM tm_evidence", "2 0 5");
    fixture_ask(l->guard,
                "SELECT group_concat(excluded || ref_text(ref)) FROM tm_row_sign_in WHERE excluded IS NOT NULL",
                "foldedE1.3,foldedE1.4");
}

int main(void) {
    if (!store_start()) {
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(rows_lead_back_to_their_record, open_loading, close_loading),
        cmocka_unit_test_setup_teardown(bad_values_become_null_and_invalid, open_loading, close_loading),
        cmocka_unit_test_setup_teardown(a_failing_reader_fails_the_load, open_loading, close_loading),
        cmocka_unit_test_setup_teardown(expressions_see_their_inputs_only, open_loading, close_loading),
        cmocka_unit_test_setup_teardown(hostile_expressions_are_refused_where_they_stand, open_loading, close_loading),
        cmocka_unit_test_setup_teardown(an_empty_text_of_an_expression_is_no_value, open_loading, close_loading),
        cmocka_unit_test_setup_teardown(an_expression_that_fails_on_a_row_is_said, open_loading, close_loading),
        cmocka_unit_test_setup_teardown(envelope_values_reach_every_row_of_their_rule, open_loading, close_loading),
        cmocka_unit_test_setup_teardown(folding_keeps_one_row_an_entity, open_loading, close_loading),
    };
    return cmocka_run_group_tests_name("load", tests, NULL, NULL);
}
