#include "assess/readiness.h"

#include "store_fixture.h"

#include <string.h>

/*
 * A store whose judgement is written by hand: what readiness must make of it follows from the rules below, by head.
 * The assessment is of 2025-12-31, the submission on 2026-01-14: 14 days.
 */
static const char judged[] =
    "INSERT INTO tm_control (id, title, owner, narrative, frequency, effective_from, superseded, applicable,"
    "                        not_applicable_reason, position) VALUES"
    " ('A', 'Finds exceptions', 'Ann', 'Text', NULL, NULL, NULL, 1, NULL, 0),"
    " ('B', 'Lacks exports', 'Bob', 'Text', NULL, NULL, NULL, 1, NULL, 1),"
    " ('C', 'Awaits a statement', NULL, 'Text', NULL, NULL, NULL, 1, NULL, 2),"
    " ('D', 'In order', 'Ann', 'Text', NULL, NULL, NULL, 1, NULL, 3),"
    " ('E', 'Has no test', 'Ann', 'Text', NULL, NULL, NULL, 1, NULL, 4),"
    " ('F', 'Does not apply', 'Ann', 'Text', NULL, NULL, NULL, 0, 'no', 5),"
    " ('G', 'Lacks the same exports', 'Ann', 'Text', NULL, NULL, NULL, 1, NULL, 6),"
    " ('H', 'Exceptions, and open items', 'Ann', 'Text', NULL, NULL, NULL, 1, NULL, 7);"
    "UPDATE tm_criterion SET in_scope = 1;"
    "INSERT INTO tm_control_criterion (control, criterion) VALUES ('A', 'A1.1'), ('A', 'CC6.1'), ('B', 'CC6.1'),"
    " ('C', 'CC6.1'), ('D', 'CC6.1'), ('E', 'CC6.1'), ('F', 'A1.1'), ('G', 'CC6.1'), ('H', 'A1.1');"
    "INSERT INTO tm_requirement (id, control, type, cadence, grace, automated, produced_by) VALUES"
    " (1, 'B', 'account', 'monthly', 86400, 1, 'a job'), (2, 'G', 'account', 'quarterly', 0, 1, 'a job'),"
    " (3, 'G', 'sign_in', 'monthly', 0, 1, 'a job'), (4, 'F', 'sign_in', 'monthly', 0, 1, 'a job');"
    "INSERT INTO tm_test (id, control, title, method, query, manual, manual_by, manual_document, manual_each, "
    "tolerable,"
    "                     severity, remediation, latest_reason, position) VALUES"
    " ('A.1', 'A', 'A one', 'inspection', 'q', NULL, NULL, NULL, NULL, 0, 'high', NULL, NULL, 0),"
    " ('A.2', 'A', 'A two', 'inspection', 'q', NULL, NULL, NULL, NULL, 0, 'critical', NULL, NULL, 1),"
    " ('B.1', 'B', 'B one', 'inspection', 'q', NULL, NULL, NULL, NULL, 0, 'medium', NULL, NULL, 2),"
    " ('C.1', 'C', 'C one', 'inspection', NULL, 'm', 'Owner', 'the log', 'quarterly', 0, 'low', NULL, NULL, 3),"
    " ('D.1', 'D', 'D one', 'inspection', 'q', NULL, NULL, NULL, NULL, 0, 'critical', NULL, NULL, 4),"
    " ('F.1', 'F', 'F one', 'inspection', 'q', NULL, NULL, NULL, NULL, 0, 'critical', NULL, NULL, 5),"
    " ('G.1', 'G', 'G one', 'inspection', 'q', NULL, NULL, NULL, NULL, 0, 'high', NULL, NULL, 6),"
    " ('H.1', 'H', 'H one', 'inspection', 'q', NULL, NULL, NULL, NULL, 0, 'low', NULL, NULL, 7),"
    " ('H.2', 'H', 'H two', 'inspection', 'q', NULL, NULL, NULL, NULL, 0, 'low', NULL, NULL, 8);"
    "INSERT INTO tm_test_result (test, verdict, printed, population, exceptions, undetermined, population_digest) "
    "VALUES"
    " ('A.1', 'exception', '2 exceptions of 9', 9, 2, 0, ''), ('A.2', 'effective', 'none', 9, 0, 0, ''),"
    " ('B.1', 'insufficient', 'x', 0, 0, 0, ''), ('C.1', 'pending', 'x', 1, 0, 0, ''), ('D.1', 'effective', 'x', 1, 0, "
    "0, ''),"
    " ('F.1', 'not applicable', 'x', 0, 0, 0, ''), ('G.1', 'insufficient', 'x', 0, 0, 0, ''),"
    " ('H.1', 'exception', 'x', 4, 1, 0, ''), ('H.2', 'insufficient', 'x', 4, 0, 2, '');"
    "INSERT INTO tm_test_state (test, number, verdict, reason) VALUES"
    " ('A.1', 1, 'exception', '2 of 9 items'),"
    " ('B.1', 1, 'insufficient', 'dir: 1 of 3 monthly exports of account missing (due from 2025-11-01)'),"
    " ('B.1', 2, 'insufficient', 'account.kind is unknown in 2 records'),"
    " ('C.1', 1, 'pending', '2025-10-01 to 2025-12-31: awaited from the Owner, on the log'),"
    " ('D.1', 1, 'effective', 'the only item was tested'),"
    " ('G.1', 1, 'insufficient', 'no source is declared for sign_in'),"
    " ('H.1', 1, 'exception', '1 of 4 items'), ('H.2', 1, 'insufficient', '2 of 4 items could not be determined');"
    "INSERT INTO tm_test_type (test, type) VALUES ('B.1', 'account'), ('G.1', 'sign_in'), ('H.2', 'account');"
    "INSERT INTO tm_exception (id, test, item, subject, state, text, waiver) VALUES (1, 'A.1', 'eve', 'eve', "
    "'exception', 'old', 'W1'),"
    " (2, 'A.1', 'mallory', 'mallory', 'exception', 'old', NULL), (3, 'H.2', 'x', 'x', 'undetermined', 'unknown', "
    "NULL),"
    " (4, 'H.2', 'y', 'y', 'undetermined', 'unknown', NULL), (5, 'H.1', 'z', 'z', 'exception', 'old', NULL);"
    "INSERT INTO tm_finding (id, control, test, item, severity, state, text, exception, response, origin, reason,"
    " occurrences, first_period, found, age_days, overdue) VALUES"
    " ('F1', 'A', 'A.1', 'eve', 'high', 'accepted', 'old', 1, NULL, 'test', 'found', 1, '2025-Q4', 0, 0, 0),"
    " ('F2', 'A', 'A.1', 'mallory', 'high', 'open', 'old', 2, 'Closed', 'test', 'found', 1, '2025-Q4', 0, 0, 0),"
    " ('F3', 'H', 'H.1', 'z', 'low', 'open', 'old', 5, NULL, 'test', 'found', 1, '2025-Q4', 0, 0, 0);"
    "INSERT INTO tm_control_result (control, verdict, printed, tests, exceptions, undetermined) VALUES"
    " ('A', 'exception', 'exceptions noted', 2, 2, 0), ('B', 'insufficient', 'insufficient evidence', 1, 0, 0),"
    " ('C', 'pending', 'manual evidence awaited', 1, 0, 0), ('D', 'effective', 'no exceptions noted', 1, 0, 0),"
    " ('E', 'insufficient', 'insufficient evidence', 0, 0, 0), ('F', 'not applicable', 'not applicable', 1, 0, 0),"
    " ('G', 'insufficient', 'insufficient evidence', 1, 0, 0), ('H', 'exception', 'exceptions noted', 2, 1, 2);"
    "INSERT INTO tm_control_state (control, verdict, tests) SELECT t.control, s.verdict, count(DISTINCT s.test)"
    "  FROM tm_test t JOIN tm_test_state s ON s.test = t.id GROUP BY 1, 2;"
    "INSERT INTO occurrence (requirement, control, type, source, due_from, due_until, grace, status) VALUES"
    " (1, 'B', 'account', 'dir', 1759276800, 1761955200, 86400, 'met'),"     /* October */
    " (1, 'B', 'account', 'dir', 1761955200, 1764547200, 86400, 'missing')," /* November */
    " (2, 'G', 'account', 'dir', 1759276800, 1767225600, 0, 'missing'),"     /* the quarter */
    " (1, 'B', 'account', 'dir', 1764547200, 1767225600, 86400, 'future'),"
    " (4, 'F', 'sign_in', 'log', 1759276800, 1761955200, 0, 'missing');";

struct readiness_fixture {
    struct scratch scratch;
    struct fixture schema;
    struct programme programme;
    struct programme_source source;
    struct programme_target targets[3];
    struct readiness_due dues[2];
    struct readiness_level levels[2];
    struct readiness_fault faults[1];
    struct readiness_week weeks[1];
    struct readiness_phase phases[1];
    struct readiness_step steps[1];
    struct yaml_node query;
    struct readiness_rules rules;
    struct readiness_input input;
    struct store *store;
    const char *path;
    struct guard *guard;
};

static int64_t day_of(const char *text) {
    struct span span;

    assert_true(datetime_span(text, strlen(text), &span));
    return span.from;
}

static void begin(struct readiness_fixture *f) {
    memset(f, 0, sizeof *f);
    scratch_begin(&f->scratch);
    fixture_open(&f->schema);
    f->schema.types[FIXTURE_ACCOUNT].title = "Account";
    f->source = (struct programme_source){.id = "dir",
                                          .kind = FIXTURE_ACCOUNTS_KIND,
                                          .path = "dir/{date}.csv",
                                          .query = "get users",
                                          .collected_by = "a job",
                                          .from = INT64_MIN,
                                          .until = INT64_MAX};
    f->programme = (struct programme){.organisation = "Org",
                                      .organisation_slug = "org",
                                      .system = "System",
                                      .sources = &f->source,
                                      .source_count = 1,
                                      .targets = f->targets,
                                      .target_count = 3};
    f->targets[0] = (struct programme_target){
        .kind = PROGRAMME_TARGET_CATEGORY, .subject = "security", .state = "evidenced", .date = day_of("2026-03-31")};
    f->targets[1] = (struct programme_target){
        .kind = PROGRAMME_TARGET_CONTROL, .subject = "A", .state = "evidenced", .date = INT64_MIN, .owner = "Eve"};
    f->targets[2] = (struct programme_target){
        .kind = PROGRAMME_TARGET_CRITERION, .subject = "A1.1", .state = "evidenced", .date = day_of("2025-12-01")};
    f->dues[0] = (struct readiness_due){.within = 30, .points = 7};
    f->dues[1] = (struct readiness_due){.within = 0, .points = 11};
    f->levels[0] = (struct readiness_level){.name = "low", .from = 0};
    f->levels[1] = (struct readiness_level){.name = "high", .from = 60};
    f->faults[0] = (struct readiness_fault){.like = "% is unknown in %", .ask = "Export the field"};
    f->weeks[0] = (struct readiness_week){.id = "review",
                                          .title = "Review",
                                          .first = 2,
                                          .last = 4,
                                          .auditor = "a",
                                          .management = "m",
                                          .produces = "out/{period}/{package}"};
    f->query =
        (struct yaml_node){.kind = YAML_SCALAR,
                           .text = "SELECT control AS subject, gap AS text, owner FROM tm_readiness_gap WHERE NOT "
                                   "reached ORDER BY position",
                           .place = {.path = "r.yaml", .line = 1},
                           .text_place = {.path = "r.yaml", .line = 1}};
    f->steps[0] = (struct readiness_step){.title = "Close", .query = &f->query};
    f->phases[0] = (struct readiness_phase){
        .id = "p", .title = "P", .text = "t", .first_month = 3, .last_month = 4, .steps = f->steps, .step_count = 1};
    f->rules = (struct readiness_rules){.submission_after = 10,
                                        .severity = {1, 2, 3, 4},
                                        .state = {50, 40, 30},
                                        .each_criterion = 5,
                                        .most_criteria = 8,
                                        .dues = f->dues,
                                        .due_count = 2,
                                        .levels = f->levels,
                                        .level_count = 2,
                                        .faults = f->faults,
                                        .fault_count = 1,
                                        .weeks = f->weeks,
                                        .week_count = 1,
                                        .phases = f->phases,
                                        .phase_count = 1};
    for (size_t i = 0; i < READINESS_ASKS; i++) {
        f->rules.asks[i] = readiness_rules_asks[i];
    }
    f->input = (struct readiness_input){.rules = &f->rules,
                                        .programme = &f->programme,
                                        .known = &f->schema.schema,
                                        .submission = day_of("2026-01-14"),
                                        .start = day_of("2026-01-01"),
                                        .package = "org.zip",
                                        .diagnostics = f->scratch.diagnostics};
    const struct store_options options = {.period = "2025-Q4",
                                          .span = fixture_period(),
                                          .as_of = FIXTURE_PERIOD_UNTIL - 1,
                                          .profile = "portfolio",
                                          .version = "1"};
    f->path = scratch_path(&f->scratch, "store.sqlite");
    f->store = store_create(f->path, &f->schema.schema, &f->programme, &options, f->scratch.diagnostics);
    assert_non_null(f->store);
    char *message = NULL;
    if (sqlite3_exec(store_connection(f->store), judged, NULL, NULL, &message) != SQLITE_OK) {
        fail_msg("%s", message);
    }
}

static void run(struct readiness_fixture *f, struct readiness_counts *counts) {
    if (!readiness_run(f->store, f->path, &f->input, counts)) {
        struct buffer said = {0};
        diagnostics_print(f->scratch.diagnostics, DIAGNOSTIC_NOTE, false, &said);
        fail_msg("%s", buffer_text(&said));
    }
    f->guard = guard_open(f->path, FIXTURE_PERIOD_UNTIL - 1, f->scratch.diagnostics);
    assert_non_null(f->guard);
}

static void end(struct readiness_fixture *f) {
    guard_free(f->guard);
    store_free(f->store);
    scratch_end(&f->scratch);
}

static void gaps_are_weighed_by_the_rules(void **state) {
    (void)state;
    struct readiness_fixture f;
    struct readiness_counts counts;

    begin(&f);
    run(&f, &counts);
    /* The target for A itself outweighs those of its criterion and category; its tests lack nothing. */
    fixture_ask(f.guard,
                "SELECT target || reached || gap || points || priority || owner FROM tm_readiness_gap WHERE "
                "control = 'A'",
                "evidenced1none0noneEve");
    /* B: medium 2, insufficient 40, due in 90 days 0, one criterion 5. */
    fixture_ask(
        f.guard, "SELECT formula || '|' || priority FROM tm_readiness_gap WHERE control = 'B'",
        "2 (severity medium) + 40 (state insufficient) + 0 (due in 90 days) + 5 (1 criterion in scope) = 47|low");
    fixture_ask(f.guard, "SELECT gap FROM tm_readiness_gap WHERE control = 'B'",
                "1 export missing, late or unusable; 1 fault of the evidence");
    fixture_ask(f.guard, "SELECT gap FROM tm_readiness_gap WHERE control = 'C'",
                "1 attestation awaited; no owner, narrative or test");
    fixture_ask(f.guard, "SELECT reached FROM tm_readiness_gap WHERE control = 'D'", "1");
    fixture_ask(f.guard, "SELECT reached || gap FROM tm_readiness_gap WHERE control = 'E'",
                "0no owner, narrative or test");
    fixture_ask(f.guard, "SELECT count(*) FROM tm_readiness_gap WHERE control = 'F'", "0");
    fixture_ask(f.guard, "SELECT gap FROM tm_readiness_gap WHERE control = 'G'",
                "1 type of evidence without a source; 1 export missing, late or unusable");
    /* H: its heaviest verdict is an exception, but a test lacks evidence, so that "evidenced" is not reached; overdue.
     */
    fixture_ask(f.guard,
                "SELECT set_for || '|' || points || priority || '|' || gap FROM tm_readiness_gap WHERE control = "
                "'H'",
                "criterion A1.1|67high|1 exception, 1 without a response; 2 items undetermined");
    end(&f);
}

static void without_targets_all_are_to_operate(void **state) {
    (void)state;
    struct readiness_fixture f;
    struct readiness_counts counts;

    begin(&f);
    f.programme.target_count = 0;
    run(&f, &counts);
    fixture_ask(f.guard,
                "SELECT group_concat(control || reached, ' ') FROM tm_readiness_gap WHERE target = 'operating' "
                "ORDER BY position",
                "A0 B0 C0 D1 E0 G0 H0");
    /* A: high 3, exception 50, due in 14 days 7, two criteria 10 but at most 8. The test of A that is in order is
     * critical. */
    fixture_ask(f.guard, "SELECT points || '|' || gap FROM tm_readiness_gap WHERE control = 'A'",
                "68|2 exceptions, 1 accepted by a waiver, 1 without a response");
    fixture_ask(f.guard, "SELECT printed || '|' || operating FROM tm_readiness_share WHERE id = 'CC6.1'",
                "1 of 6, 16.7 %|1");
    fixture_ask(f.guard, "SELECT printed FROM tm_readiness_share WHERE id = 'availability'", "0 of 2, 0.0 %");
    fixture_ask(f.guard, "SELECT printed || '|' || share FROM tm_readiness_share WHERE kind = 'whole'",
                "1 of 7, 14.3 %|0.142857142857143");
    end(&f);
}

static void what_one_export_settles_is_one_request(void **state) {
    (void)state;
    struct readiness_fixture f;
    struct readiness_counts counts;

    begin(&f);
    run(&f, &counts);
    assert_int_equal(counts.missing, 7);
    assert_int_equal(counts.overdue, 6);
    /* November and the quarter are two intervals of one source, for two controls; F does not apply. */
    fixture_ask(f.guard,
                "SELECT kind || '|' || intervals || '|' || occurrences || '|' || unblocks || '|' || who || '|' || "
                "how || '|' || ask || '|' || date(until, 'unixepoch') FROM tm_readiness_request WHERE subject = "
                "'dir' AND state = 'missing'",
                "export|2|2|B, G|a job|get users|missing_snapshot|2026-01-14");
    /* December may come until a day after its end. */
    fixture_ask(f.guard,
                "SELECT overdue || date(until, 'unixepoch') || ask FROM tm_readiness_request WHERE state = 'to "
                "come'",
                "02026-01-01to_come");
    fixture_ask(f.guard, "SELECT how || '|' || unblocks FROM tm_readiness_request WHERE kind = 'source'",
                "directory, sign-ins|G");
    fixture_ask(f.guard,
                "SELECT subject || '|' || who || '|' || unblocks FROM tm_readiness_request WHERE kind = "
                "'attestation'",
                "Owner, on the log|Owner|C");
    fixture_ask(f.guard,
                "SELECT subject || '|' || occurrences || '|' || what FROM tm_readiness_request WHERE kind = "
                "'items'",
                "H.2|2|H two: x: unknown, and 1 more");
    fixture_ask(f.guard, "SELECT subject || '|' || ask FROM tm_readiness_request WHERE kind = 'fault'",
                "account.kind is unknown in 2 records|Export the field");
    fixture_ask(f.guard, "SELECT unblocks FROM tm_readiness_request WHERE kind = 'test'", "E");
    /* Overdue ones by the weight of their control; H weighs most, and what is to come stands last. */
    fixture_ask(f.guard, "SELECT subject FROM tm_readiness_request WHERE number = 1", "H.2");
    fixture_ask(f.guard, "SELECT state FROM tm_readiness_request WHERE number = 7", "to come");
    fixture_ask(f.guard,
                "SELECT count(*) FROM tm_readiness_request a JOIN tm_readiness_request b ON b.number = a.number + "
                "1 WHERE a.overdue = b.overdue AND a.points < b.points",
                "0");
    end(&f);
}

static void plans_are_dated_in_business_days(void **state) {
    (void)state;
    struct readiness_fixture f;
    struct readiness_counts counts;
    int64_t holidays[] = {day_of("2026-01-21")};

    begin(&f);
    f.input.days = (struct datetime_days){holidays, 1};
    run(&f, &counts);
    /* Week 2 begins five business days after Wednesday the 14th: the 21st, a holiday, hence the 22nd; it ends on the
     * 15th business day after that day less one. */
    fixture_ask(f.guard,
                "SELECT weeks || ' ' || date(from_at, 'unixepoch') || ' ' || date(until_at, 'unixepoch') || ' ' || "
                "produces FROM tm_readiness_week",
                "2-4 2026-01-22 2026-02-11 out/2025-Q4/org.zip");
    /* March and April of 2026; the 1st of March is a Sunday. */
    fixture_ask(f.guard,
                "SELECT months || ' ' || date(from_at, 'unixepoch') || ' ' || date(until_at, 'unixepoch') FROM "
                "tm_readiness_phase",
                "3-4 2026-03-02 2026-04-30");
    fixture_ask(f.guard, "SELECT tasks FROM tm_readiness_step", "5");
    fixture_ask(f.guard, "SELECT subject || text FROM tm_readiness_task WHERE number = 1",
                "B1 export missing, late or unusable; 1 fault of the evidence");
    end(&f);
}

static void a_submission_follows_the_period(void **state) {
    (void)state;
    const struct readiness_rules rules = {.submission_after = 10};
    const struct datetime_days days = {NULL, 0};

    assert_int_equal(readiness_submission(&rules, &days, fixture_period()), day_of("2026-01-14"));
}

static void the_shipped_rules_are_read(void **state) {
    (void)state;
    struct scratch scratch;

    scratch_begin(&scratch);
    struct arena *arena = arena_new();
    const struct readiness_rules *rules = readiness_rules_load(arena, "templates/readiness.yaml", scratch.diagnostics);
    assert_non_null(rules);
    assert_true(rules->severity[SEVERITY_CRITICAL] > rules->severity[SEVERITY_LOW]);
    assert_true(rules->state[READINESS_EXCEPTION] > rules->state[READINESS_PENDING]);
    assert_int_equal(rules->weeks[rules->week_count - 1].last, 7);
    assert_int_equal(rules->phases[rules->phase_count - 1].last_month, 6);
    assert_string_equal(rules->faults[rules->fault_count - 1].like, "%"); /* no reason is left without advice */
    arena_free(arena);
    scratch_end(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gaps_are_weighed_by_the_rules),          cmocka_unit_test(without_targets_all_are_to_operate),
        cmocka_unit_test(what_one_export_settles_is_one_request), cmocka_unit_test(plans_are_dated_in_business_days),
        cmocka_unit_test(a_submission_follows_the_period),        cmocka_unit_test(the_shipped_rules_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
