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

/* One account export with these logins, a letter each. */
static void load_accounts(struct loading *l, const char *path, const char *span, const char *logins, uint8_t digest) {
    static const char *const names[] = {"a", "b", "c", "d", "e"};
    struct records records;
    records_open(&records);
    for (const char *c = logins; *c != '\0'; c++) {
        records_account(&records, names[*c - 'a'], 1);
    }
    struct store_evidence evidence = loading_evidence(l, FIXTURE_ACCOUNTS_KIND, path, span);
    loading_load(l, &evidence, &records, digest);
}

static void times_come_from_content_sidecar_name_and_period(void **state) {
    struct loading *l = *state;
    loading_create(l);
    static const struct {
        const char *span;
        const char *sidecar;
        const char *content;
        const char *expected;
    } cases[] = {
        {"2025-10-06", NULL, NULL, "2025-10-06T00:00:00Z name"},
        {"2025-W41", NULL, NULL, "2025-10-12T23:59:59Z name"},
        {"2025-10", NULL, NULL, "2025-10-31T23:59:59Z name"},
        {NULL, NULL, NULL, "2025-12-31T23:59:59Z period"},
        {"2025-10-06", "2025-10-06T08:00:00Z", NULL, "2025-10-06T08:00:00Z sidecar"},
        {"2025-10-06", "2025-10-06T08:00:00Z", "2025-10-06T09:00:00Z", "2025-10-06T09:00:00Z content"},
        {"2025-10-06", NULL, "2025-10-07T23:59:59Z", "2025-10-07T23:59:59Z content"}, /* a day beyond: no conflict */
    };
    char paths[16][8];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct records records;
        records_open(&records);
        records_account(&records, "a", 1);
        snprintf(paths[i], sizeof paths[i], "%zu.csv", i);
        struct store_evidence evidence = loading_evidence(l, FIXTURE_ACCOUNTS_KIND, paths[i], cases[i].span);
        struct store_evidence_end end = {.sha256 = {(uint8_t)i}};
        if (cases[i].sidecar != NULL) {
            evidence.sidecar_effective = true;
            assert_int_equal(
                datetime_parse(cases[i].sidecar, strlen(cases[i].sidecar), DATETIME_ISO, 0, &evidence.effective),
                DATETIME_OK);
        }
        if (cases[i].content != NULL) {
            end.has_effective = true;
            assert_int_equal(
                datetime_parse(cases[i].content, strlen(cases[i].content), DATETIME_ISO, 0, &end.effective),
                DATETIME_OK);
        }
        assert_true(store_load(l->store, &evidence, &records.source));
        assert_true(store_load_end(l->store, &evidence, &records.source, &end));
    }
    loading_finish(l);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char sql[256];
        snprintf(sql, sizeof sql,
                 "SELECT iso(s.effective_at) || ' ' || e.effective_by FROM tm_evidence e "
                 "JOIN tm_snapshot s ON s.evidence = e.id WHERE e.id = %zu AND s.effective_at = e.effective_at",
                 i + 1);
        fixture_ask(l->guard, sql, cases[i].expected);
    }
    scratch_expect(&l->scratch, "");
}

static void a_date_that_contradicts_the_name_is_said(void **state) {
    struct loading *l = *state;
    loading_create(l);
    struct records records;
    records_open(&records);
    records_account(&records, "a", 1);
    struct store_evidence evidence = loading_evidence(l, FIXTURE_ACCOUNTS_KIND, "okta/a.csv", "2025-10-06");
    evidence.shown_path = "inputs/evidence/okta/a.csv";
    struct store_evidence_end end = {.has_effective = true, .effective = FIXTURE_PERIOD_FROM}; /* five days before */
    assert_true(store_load(l->store, &evidence, &records.source));
    assert_true(store_load_end(l->store, &evidence, &records.source, &end));
    loading_finish(l);
    fixture_ask(l->guard, "SELECT iso(at) FROM account", "2025-10-01T00:00:00Z");
    scratch_expect(&l->scratch, "inputs/evidence/okta/a.csv: error: the export says 2025-10-01T00:00:00Z, but the "
                                "file's name says 2025-10-06 to 2025-10-06; the former counts: rename the file "
                                "[date-conflict]\n");
}

static void snapshots_follow_one_another(void **state) {
    struct loading *l = *state;
    loading_create(l);
    load_accounts(l, "1.csv", "2025-10-06", "a", 1);
    load_accounts(l, "2.csv", "2025-10-13", "ab", 2);
    load_accounts(l, "3.csv", "2025-10-20", "b", 3);
    loading_finish(l);
    fixture_ask(
        l->guard,
        "SELECT group_concat(date_of(effective_at) || '-' || ifnull(date_of(until), '') || ' ' || latest, ', ') "
        "FROM tm_snapshot ORDER BY id",
        "2025-10-06-2025-10-13 0, 2025-10-13-2025-10-20 0, 2025-10-20- 1");
    fixture_ask(l->guard, "SELECT group_concat(login) FROM account_latest", "b");
    fixture_ask(l->guard, "SELECT group_concat(login || date_of(at)) FROM account",
                "a2025-10-06,a2025-10-13,b2025-10-13,b2025-10-20");
}

static void pages_of_one_export_are_one_snapshot(void **state) {
    struct loading *l = *state;
    loading_create(l);
    load_accounts(l, "1.csv", "2025-10-06", "a", 1);
    load_accounts(l, "2-1.csv", "2025-10-13", "b", 2);
    load_accounts(l, "2-2.csv", "2025-10-13", "c", 3);
    loading_finish(l);
    fixture_ask(l->guard, "SELECT group_concat(login) FROM account_latest", "b,c");
    fixture_ask(l->guard, "SELECT count(*) FROM tm_snapshot WHERE until IS NULL", "2");
}

static void latest_never_passes_a_failed_export(void **state) {
    struct loading *l = *state;
    loading_create(l);
    load_accounts(l, "1.csv", "2025-10-06", "a", 1);
    struct records records;
    records_open(&records);
    records_account(&records, "b", 1);
    records.source.tally.truncated = true;
    struct store_evidence evidence = loading_evidence(l, FIXTURE_ACCOUNTS_KIND, "2.csv", "2025-10-13");
    loading_load(l, &evidence, &records, 2);
    loading_finish(l);
    fixture_ask(l->guard, "SELECT count(*) FROM account_latest", "0");
    fixture_ask(l->guard, "SELECT group_concat(login) FROM account", "a");
    fixture_ask(l->guard, "SELECT problem FROM tm_evidence WHERE accepted = 0", "truncated");
    /* The failed one does not take over either. */
    fixture_ask(l->guard, "SELECT count(*) FROM tm_snapshot WHERE until IS NULL", "2");
}

static void wrong_shapes_and_wrong_counts_are_not_accepted(void **state) {
    struct loading *l = *state;
    loading_create(l);
    struct records records;
    records_open(&records);
    records.source.tally.wrong_shape = true;
    struct store_evidence evidence = loading_evidence(l, FIXTURE_ACCOUNTS_KIND, "1.csv", "2025-10-06");
    loading_load(l, &evidence, &records, 1);
    records_open(&records);
    records_account(&records, "a", 1);
    evidence = loading_evidence(l, FIXTURE_ACCOUNTS_KIND, "2.csv", "2025-10-13");
    evidence.claimed_records = 2;
    loading_load(l, &evidence, &records, 2);
    evidence = loading_evidence(l, FIXTURE_ACCOUNTS_KIND, "3.csv", "2025-10-20");
    evidence.claimed_records = 1;
    records.position = 0;
    loading_load(l, &evidence, &records, 3);
    loading_finish(l);
    fixture_ask(l->guard, "SELECT group_concat(accepted || ifnull(problem, '')) FROM tm_evidence",
                "0wrong shape,0record count,1");
    scratch_expect(&l->scratch, "2.csv: error: it holds 1 record, but its source counted 2; it does not count: export "
                                "again [record-count]\n");
}

static void an_empty_export_needs_a_reason(void **state) {
    struct loading *l = *state;
    loading_create(l);
    load_accounts(l, "1.csv", "2025-10-06", "", 1);
    l->sources[FIXTURE_ACCOUNTS_KIND].empty_reason = "nobody uses it";
    load_accounts(l, "2.csv", "2025-10-13", "", 1); /* the same digest: nothing looks like nothing */
    /* In a mixed export the sign-ins may be absent, the accounts may not. */
    struct records records;
    records_open(&records);
    records_account(&records, "a", 1);
    struct store_evidence evidence = loading_evidence(l, FIXTURE_MIXED_KIND, "3.json", "2025-10-06");
    loading_load(l, &evidence, &records, 3);
    loading_finish(l);
    fixture_ask(l->guard, "SELECT group_concat(accepted || ifnull(problem, '')) FROM tm_evidence", "0empty,1,1");
    fixture_ask(l->guard, "SELECT count(*) FROM tm_snapshot WHERE evidence = 3 AND accepted", "2");
    scratch_expect(&l->scratch, "1.csv: error: the export gives no account, so it does not count; export again, or "
                                "declare 'empty:' with a reason for source 'okta' if that is right [empty-export]\n");
}

static void copies_of_an_export_do_not_count(void **state) {
    struct loading *l = *state;
    loading_create(l);
    /* Where the records tell of moments, the same bytes twice are a copy. */
    l->fixture.types[FIXTURE_ACCOUNT].time_column = FIXTURE_CREATED;
    load_accounts(l, "1.csv", "2025-10-06", "a", 7);
    load_accounts(l, "2.csv", "2025-10-13", "a", 7);
    /* With a collection time of its own it may be the same and still fresh. */
    struct records records;
    records_open(&records);
    records_account(&records, "a", 1);
    struct store_evidence evidence = loading_evidence(l, FIXTURE_ACCOUNTS_KIND, "3.csv", "2025-10-20");
    evidence.collected_at = FIXTURE_PERIOD_FROM + 19 * FIXTURE_DAY;
    loading_load(l, &evidence, &records, 7);
    /* A document may stay as it is. */
    l->fixture.kinds[FIXTURE_MIXED_KIND].format = FORMAT_DOCUMENT;
    evidence = loading_evidence(l, FIXTURE_MIXED_KIND, "4.md", "2025-10-06");
    records.position = 0;
    loading_load(l, &evidence, &records, 8);
    evidence = loading_evidence(l, FIXTURE_MIXED_KIND, "5.md", "2025-10-13");
    records.position = 0;
    loading_load(l, &evidence, &records, 8);
    loading_finish(l);
    fixture_ask(l->guard, "SELECT group_concat(accepted || ifnull(problem, '')) FROM tm_evidence", "1,0copied,1,1,1");
    fixture_ask(l->guard, "SELECT count(*) FROM account", "4");
    scratch_expect(&l->scratch,
                   "2.csv: error: it is byte for byte 1.csv under another date, down to the last sign-ins, so "
                   "it does not count; export again, or say in a sidecar when it was collected "
                   "[copied-export]\n");
}

static void an_unchanged_export_is_only_said(void **state) {
    struct loading *l = *state;
    loading_create(l);
    l->fixture.types[FIXTURE_ACCOUNT].time_column = SIZE_MAX;
    load_accounts(l, "1.csv", "2025-10-06", "a", 7);
    load_accounts(l, "2.csv", "2025-10-13", "a", 7);
    loading_finish(l);
    fixture_ask(l->guard, "SELECT group_concat(accepted || ifnull(problem, '')) FROM tm_evidence", "1,1");
    scratch_expect(&l->scratch,
                   "2.csv: note: it is byte for byte 1.csv under another date; if nothing changed in between "
                   "that is fine, and a sidecar with collected_at says so [unchanged-export]\n");
}

static void repeated_keys_of_a_file_are_set_aside(void **state) {
    struct loading *l = *state;
    loading_create(l);
    load_accounts(l, "1.csv", "2025-10-06", "abacb", 1);
    load_accounts(l, "2.csv", "2025-10-13", "ab", 2); /* in another snapshot the same keys are no repetition */
    struct records records;
    records_open(&records);
    records_account(&records, "x", 1);
    records_account(&records, "y", 1);
    records.values[0][FIXTURE_LOGIN].kind = VALUE_NULL; /* without a key nothing repeats */
    records.values[1][FIXTURE_LOGIN].kind = VALUE_NULL;
    struct store_evidence evidence = loading_evidence(l, FIXTURE_ACCOUNTS_KIND, "3.csv", "2025-10-20");
    loading_load(l, &evidence, &records, 3);
    loading_finish(l);
    fixture_ask(l->guard, "SELECT group_concat(login || ref_text(ref)) FROM account WHERE evidence = 1",
                "aE1.1,bE1.2,cE1.4");
    fixture_ask(l->guard, "SELECT group_concat(duplicates || '/' || row_count) FROM tm_evidence", "2/5,0/2,0/2");
    fixture_ask(l->guard, "SELECT group_concat(duplicates || '/' || row_count) FROM tm_evidence_type", "2/5,0/2,0/2");
    scratch_expect(&l->scratch, "1.csv: error: 2 rows of account repeat the key of an earlier one (first: a, records 1 "
                                "and 3); correct the export, or look at them and write dispositions "
                                "[duplicate-records]\n");
}

static void load_sign_ins(struct loading *l, const char *path, const char *span, const char *const *ids, size_t count,
                          int64_t at, bool truncated) {
    struct records records;
    records_open(&records);
    for (size_t i = 0; i < count; i++) {
        records_sign_in(&records, ids[i], path, at + (int64_t)i);
    }
    records.source.tally.truncated = truncated;
    struct store_evidence evidence = loading_evidence(l, FIXTURE_SIGN_INS_KIND, path, span);
    loading_load(l, &evidence, &records, (uint8_t)l->evidence);
}

static void later_files_supersede_events(void **state) {
    struct loading *l = *state;
    loading_create(l);
    static const char *const first[] = {"e1", "e2"};
    static const char *const second[] = {"e2", "e3"};
    static const char *const third[] = {"e1", "e3"};
    load_sign_ins(l, "1.csv", "2025-10", first, 2, FIXTURE_PERIOD_FROM, false);
    load_sign_ins(l, "2.csv", "2025-11", second, 2, FIXTURE_PERIOD_FROM + 31 * FIXTURE_DAY, false);
    load_sign_ins(l, "3.csv", "2025-12", third, 2, FIXTURE_PERIOD_FROM + 61 * FIXTURE_DAY, true); /* not accepted */
    loading_finish(l);
    fixture_ask(l->guard, "SELECT group_concat(id || ':' || login) FROM sign_in", "e1:1.csv,e2:2.csv,e3:2.csv");
    fixture_ask(l->guard, "SELECT group_concat(superseded) FROM tm_evidence", "1,0,0");
    fixture_ask(l->guard, "SELECT excluded FROM tm_row_sign_in WHERE ref = (1 << 32) + 2", "superseded");
    scratch_expect(&l->scratch, "");
}

static void events_outside_the_span_of_the_name_are_said(void **state) {
    struct loading *l = *state;
    loading_create(l);
    static const char *const some[] = {"s1", "s2"};
    static const char *const all[] = {"a1", "a2"};
    static const char *const near[] = {"n1", "n2"};
    struct records records;
    records_open(&records);
    records_sign_in(&records, some[0], "x", FIXTURE_PERIOD_FROM);
    records_sign_in(&records, some[1], "x", FIXTURE_PERIOD_FROM + 32 * FIXTURE_DAY); /* a day past October's end */
    struct store_evidence evidence = loading_evidence(l, FIXTURE_SIGN_INS_KIND, "1.csv", "2025-10");
    loading_load(l, &evidence, &records, 1);
    load_sign_ins(l, "2.csv", "2025-11", all, 2, FIXTURE_PERIOD_FROM + 70 * FIXTURE_DAY, false);
    load_sign_ins(l, "3.csv", "2025-12", near, 2, FIXTURE_PERIOD_FROM + 60 * FIXTURE_DAY, false); /* 30 November */
    load_sign_ins(l, "4.csv", NULL, (const char *const[]){"u"}, 1, 0, false); /* says nothing of what it covers */
    loading_finish(l);
    fixture_ask(l->guard, "SELECT group_concat(accepted || ifnull(problem, '')) FROM tm_evidence",
                "1,0records outside,1,1");
    fixture_ask(l->guard, "SELECT iso(first_at) || ' ' || iso(last_at) FROM tm_evidence WHERE id = 1",
                "2025-10-01T00:00:00Z 2025-11-02T00:00:00Z");
    scratch_expect(&l->scratch,
                   "1.csv: error: 1 of 2 rows of sign_in (from 2025-10-01T00:00:00Z to 2025-11-02T00:00:00Z) lie "
                   "outside what the file's name says it covers; check the export's time range and zone "
                   "[records-outside]\n"
                   "2.csv: error: every sign_in in it (2025-12-10T00:00:00Z to 2025-12-10T00:00:01Z) lies outside what "
                   "the file's name says it covers; it does not count: export the right span or rename the file "
                   "[records-outside]\n");
}

static void a_few_events_inside_the_span_do_not_make_an_export_of_it(void **state) {
    struct loading *l = *state;
    loading_create(l);
    struct records records;
    records_open(&records);
    records_sign_in(&records, "s1", "x", FIXTURE_PERIOD_FROM);
    records_sign_in(&records, "s2", "x", FIXTURE_PERIOD_FROM + 40 * FIXTURE_DAY); /* 10 November */
    records_sign_in(&records, "s3", "x", FIXTURE_PERIOD_FROM + 41 * FIXTURE_DAY);
    struct store_evidence evidence = loading_evidence(l, FIXTURE_SIGN_INS_KIND, "1.csv", "2025-10");
    loading_load(l, &evidence, &records, 1);
    loading_finish(l);
    fixture_ask(l->guard, "SELECT accepted || problem FROM tm_evidence", "0records outside");
    scratch_expect(&l->scratch,
                   "1.csv: error: 2 of 3 rows of sign_in (from 2025-10-01T00:00:00Z to 2025-11-11T00:00:00Z) lie "
                   "outside what the file's name says it covers; it does not count: export the right span or rename "
                   "the file [records-outside]\n");
}

/* Three weeks of accounts: nine, then as many as said, then nine. */
static void load_three_weeks(struct loading *l, size_t second, int64_t claimed) {
    static const char *const logins[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i"};
    static const char *const days[] = {"2025-10-06", "2025-10-13", "2025-10-20"};
    static const char *const paths[] = {"1.csv", "2.csv", "3.csv"};
    for (size_t week = 0; week < 3; week++) {
        struct records records;
        records_open(&records);
        for (size_t i = 0; i < (week == 1 ? second : 9); i++) {
            records_account(&records, logins[i], 1);
        }
        struct store_evidence evidence = loading_evidence(l, FIXTURE_ACCOUNTS_KIND, paths[week], days[week]);
        if (week == 1) {
            evidence.claimed_records = claimed;
        }
        loading_load(l, &evidence, &records, (uint8_t)(week + 1));
    }
    loading_finish(l);
}

static void a_snapshot_that_lost_most_rows_does_not_count(void **state) {
    struct loading *l = *state;
    loading_create(l);
    load_three_weeks(l, 5, -1);
    fixture_ask(l->guard, "SELECT group_concat(accepted || ifnull(problem, '')) FROM tm_evidence", "1,0shrunken,1");
    scratch_expect(&l->scratch,
                   "2.csv: error: it gives 5 rows of account, where 1.csv gives 9; it does not count: export again, or "
                   "say in a sidecar how many records its source counted [shrunken-export]\n");
}

static void a_snapshot_that_lost_some_rows_counts(void **state) {
    struct loading *l = *state;
    loading_create(l);
    load_three_weeks(l, 6, -1);
    fixture_ask(l->guard, "SELECT group_concat(accepted) FROM tm_evidence", "1,1,1");
    scratch_expect(&l->scratch, "");
}

static void a_source_may_have_lost_its_rows(void **state) {
    struct loading *l = *state;
    loading_create(l);
    load_three_weeks(l, 3, 3);
    fixture_ask(l->guard, "SELECT group_concat(accepted) FROM tm_evidence", "1,1,1");
    scratch_expect(&l->scratch, "");
}

static void a_snapshot_cannot_know_the_future(void **state) {
    struct loading *l = *state;
    loading_create(l);
    struct records records;
    records_open(&records);
    records_account(&records, "a", 1);
    records.values[0][FIXTURE_CREATED] = records_integer(FIXTURE_PERIOD_FROM + 8 * FIXTURE_DAY);
    struct store_evidence evidence = loading_evidence(l, FIXTURE_ACCOUNTS_KIND, "1.csv", "2025-10-06");
    loading_load(l, &evidence, &records, 1);
    evidence = loading_evidence(l, FIXTURE_ACCOUNTS_KIND, "2.csv", "2025-10-08"); /* within a day: zones */
    records.position = 0;
    loading_load(l, &evidence, &records, 2);
    loading_finish(l);
    fixture_ask(l->guard, "SELECT group_concat(accepted || ifnull(problem, '')) FROM tm_evidence",
                "0records outside,1");
    scratch_expect(&l->scratch,
                   "1.csv: error: a row of account has created_at 2025-10-09T00:00:00Z, which is after the "
                   "export was taken (2025-10-06T00:00:00Z); it does not count: give the file the date of "
                   "its export [records-outside]\n");
}

static void dispositions_count_what_they_meet(void **state) {
    struct loading *l = *state;
    struct programme_disposition dispositions[] = {
        {.source = "okta", .path = "1.csv", .record = 3, .reason = "merged twin", .approver = "cso", .date = 86400},
        {.source = "okta", .path = "1.csv", .record = 3, .reason = "said twice", .approver = "cso", .date = 86400},
        {.source = "okta", .path = "1.csv", .record = 2, .reason = "nothing is wrong with it", .date = INT64_MIN},
        {.source = "okta", .path = "1.csv", .record = 4, .reason = "unreadable footer", .date = INT64_MIN},
        {.source = "okta", .path = "2.csv", .record = 1, .reason = "no such file", .date = INT64_MIN},
        {.source = "okta", .path = "1.csv", .record = 9, .reason = "no such record", .date = INT64_MIN},
    };
    l->programme.dispositions = dispositions;
    l->programme.disposition_count = 6;
    loading_create(l);
    struct records records;
    records_open(&records);
    records_account(&records, "a", 1);
    records_account(&records, "b", 1);
    records_account(&records, "a", 1);
    records.source.tally.records = 4;
    records.source.tally.rejected = 1;
    struct store_evidence evidence = loading_evidence(l, FIXTURE_ACCOUNTS_KIND, "1.csv", "2025-10-06");
    loading_load(l, &evidence, &records, 1);
    loading_finish(l);
    fixture_ask(l->guard, "SELECT group_concat(found || ifnull(evidence, '-')) FROM tm_disposition", "11,0-,01,11,0-,01");
    fixture_ask(l->guard, "SELECT dispositioned FROM tm_evidence", "2");
    fixture_ask(l->guard, "SELECT dispositioned FROM tm_evidence_type", "2");
}

static void unclaimed_files_are_noted(void **state) {
    struct loading *l = *state;
    loading_create(l);
    const struct store_evidence evidence = {
        .id = 1, .path = "notes.txt", .collected_at = INT64_MIN, .claimed_records = -1};
    const struct store_evidence_end end = {.bytes = 5};
    assert_true(store_note_evidence(l->store, &evidence, &end));
    loading_finish(l);
    fixture_ask(l->guard, "SELECT path || ' ' || accepted || ' ' || problem FROM tm_evidence WHERE source IS NULL",
                "notes.txt 0 unclaimed");
    scratch_expect(&l->scratch,
                   "notes.txt: warning: no source claims this file; it is kept and not tested: correct its "
                   "name, declare a source for it, or remove it [unclaimed-file]\n");
}

int main(void) {
    if (!store_start()) {
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(times_come_from_content_sidecar_name_and_period, open_loading, close_loading),
        cmocka_unit_test_setup_teardown(a_date_that_contradicts_the_name_is_said, open_loading, close_loading),
        cmocka_unit_test_setup_teardown(snapshots_follow_one_another, open_loading, close_loading),
        cmocka_unit_test_setup_teardown(pages_of_one_export_are_one_snapshot, open_loading, close_loading),
        cmocka_unit_test_setup_teardown(latest_never_passes_a_failed_export, open_loading, close_loading),
        cmocka_unit_test_setup_teardown(wrong_shapes_and_wrong_counts_are_not_accepted, open_loading, close_loading),
        cmocka_unit_test_setup_teardown(an_empty_export_needs_a_reason, open_loading, close_loading),
        cmocka_unit_test_setup_teardown(copies_of_an_export_do_not_count, open_loading, close_loading),
        cmocka_unit_test_setup_teardown(an_unchanged_export_is_only_said, open_loading, close_loading),
        cmocka_unit_test_setup_teardown(repeated_keys_of_a_file_are_set_aside, open_loading, close_loading),
        cmocka_unit_test_setup_teardown(later_files_supersede_events, open_loading, close_loading),
        cmocka_unit_test_setup_teardown(events_outside_the_span_of_the_name_are_said, open_loading, close_loading),
        cmocka_unit_test_setup_teardown(a_few_events_inside_the_span_do_not_make_an_export_of_it, open_loading,
                                        close_loading),
        cmocka_unit_test_setup_teardown(a_snapshot_that_lost_most_rows_does_not_count, open_loading, close_loading),
        cmocka_unit_test_setup_teardown(a_snapshot_that_lost_some_rows_counts, open_loading, close_loading),
        cmocka_unit_test_setup_teardown(a_source_may_have_lost_its_rows, open_loading, close_loading),
        cmocka_unit_test_setup_teardown(a_snapshot_cannot_know_the_future, open_loading, close_loading),
        cmocka_unit_test_setup_teardown(dispositions_count_what_they_meet, open_loading, close_loading),
        cmocka_unit_test_setup_teardown(unclaimed_files_are_noted, open_loading, close_loading),
    };
    return cmocka_run_group_tests_name("load_finish", tests, NULL, NULL);
}
