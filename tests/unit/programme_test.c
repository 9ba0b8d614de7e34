#include "config_fixture.h"

static const struct programme *load(struct arena *arena, const struct scratch *scratch) {
    char folder[256];
    snprintf(folder, sizeof folder, "%s/schema", scratch->folder);
    const struct schema *schema = schema_load(arena, folder, scratch->diagnostics);
    assert_non_null(schema);
    return programme_load(arena, scratch->folder, schema, scratch->diagnostics);
}

/* Seconds are those of `date -u -d DATE +%s`. */
static void good_programme(void **state) {
    (void)state;
    struct scratch scratch;
    struct arena *arena = arena_new();
    struct span span;
    scratch_begin(&scratch);
    config_write(&scratch);
    const struct programme *programme = load(arena, &scratch);
    scratch_expect(&scratch, "");
    assert_non_null(programme);
    assert_string_equal(programme->organisation, "Example & Söhne AG");
    assert_string_equal(programme->organisation_slug, "example-s-hne-ag");
    assert_false(programme->type_one);
    assert_int_equal(programme->categories.count, 2);

    /* The last day belongs to the period. */
    assert_true(programme_period(programme, "2025-Q4", &span));
    assert_int_equal(span.from, 1759276800);
    assert_int_equal(span.until, 1767225600);
    assert_true(programme_period(programme, "2025-10", &span));
    assert_int_equal(span.until, 1761955200);
    assert_true(programme_period(programme, "2025-10-01..2025-10-02", &span));
    assert_int_equal(span.until, 1759449600);
    assert_false(programme_period(programme, "last quarter", &span));

    const struct programme_source *source = &programme->sources[0];
    assert_string_equal(source->id, "okta-users");
    assert_int_equal(source->zone, 7200);
    assert_true(source->from == INT64_MIN);
    assert_int_equal(source->until, 1767139200);
    assert_true(source->tolerated_invalid > 0.0099 && source->tolerated_invalid < 0.0101);
    assert_string_equal(source->tolerance_reason, "old rows");
    assert_null(source->empty_reason);
    assert_int_equal(programme->people[0].logins.count, 2);
    assert_string_equal(programme->people[1].logins.items[0], "bob");
    assert_int_equal(programme->overrides[0].converted.integer, 3600);
    assert_string_equal(programme->overrides[0].text, "1 hour");
    assert_string_equal(programme->scope[0].kind, "service");
    assert_string_equal(programme->waivers[0].item, "eve");
    assert_null(programme->responses[0].item);
    assert_true(programme->responses[0].due == INT64_MIN);
    assert_int_equal(programme->dispositions[0].record, 3);
    assert_string_equal(programme->signing_anchors.items[0], "keys/ca.pem");
    assert_true(programme->signing_development);
    arena_free(arena);
    scratch_end(&scratch);
}

/* What is not said of a command has its default; a list alone is its words. */
static void commands_of_sources(void **state) {
    (void)state;
    struct scratch scratch;
    struct arena *arena = arena_new();
    scratch_begin(&scratch);
    config_write(&scratch);
    scratch_write(
        &scratch, "inputs/programme.yaml",
        "organisation: O\nsystem: S\ncategories: security\nsources:\n"
        "  - {id: a, kind: users, path: \"a/{date}.csv\", command: [list, \"{date}\"]}\n"
        "  - {id: b, kind: users, path: \"b/{date}.csv\", query: all, command: {argv: [list], timeout: 2 hours, "
        "environment: HOME, version: [list, -V], most_bytes: 7}}\n"
        "  - {id: c, kind: users, path: \"c/*.csv\"}\n");
    const struct programme *programme = load(arena, &scratch);
    scratch_expect(&scratch, "");
    assert_non_null(programme);
    const struct programme_command *command = programme->sources[0].command;
    assert_int_equal(command->argv.count, 2);
    assert_string_equal(command->argv.items[1], "{date}");
    assert_int_equal(command->environment.count, 0);
    assert_int_equal(command->version.count, 0);
    assert_int_equal(command->timeout, 600);
    assert_int_equal(command->most_bytes, 1 << 30);
    assert_int_equal(command->covers, PROGRAMME_COVERS_MOMENT);
    assert_int_equal(command->place.line, 5);
    /* How an export was made is shown to the auditor, also where only the command says it. */
    assert_string_equal(programme->sources[0].query, "list {date}");
    command = programme->sources[1].command;
    assert_string_equal(programme->sources[1].query, "all");
    assert_string_equal(command->environment.items[0], "HOME");
    assert_string_equal(command->version.items[1], "-V");
    assert_int_equal(command->timeout, 7200);
    assert_int_equal(command->most_bytes, 7);
    assert_null(programme->sources[2].command);
    arena_free(arena);
    scratch_end(&scratch);
}

/* What a programme need not say. */
static void least_programme(void **state) {
    (void)state;
    struct scratch scratch;
    struct arena *arena = arena_new();
    scratch_begin(&scratch);
    config_write(&scratch);
    scratch_write(&scratch, "inputs/programme.yaml",
                  "organisation: ÄÖ\nslug: a-1\nsystem: S\nreport_type: 1\ncategories: security\nsources: []\n");
    const struct programme *programme = load(arena, &scratch);
    scratch_expect(&scratch, "");
    assert_non_null(programme);
    assert_true(programme->type_one);
    assert_string_equal(programme->organisation_slug, "a-1");
    assert_int_equal(programme->period_count, 0);
    assert_null(programme->signing_key);
    arena_free(arena);
    scratch_end(&scratch);
}

#define PROGRAMME "inputs/programme.yaml"

static const struct config_change changes[] = {
    {PROGRAMME, "organisation:", "organization:", "organization", "unknown-key", "did you mean 'organisation'?", 2},
    {PROGRAMME, "report_type: 2", "report_type: 3", "3\n", "wrong-value", "must be 1 (design at a date) or 2", 1},
    {PROGRAMME, "report_type: 2", "slug: Big Name", "Big Name", "wrong-value", "a-z, 0-9 and '-'", 1},
    {PROGRAMME, "[security, availability]", "[security, avilability]", "[security", "unknown-reference",
     "did you mean 'availability'?", 1},
    {PROGRAMME, "[security, availability]", "[]", "[]", "wrong-value", "name at least security", 1},
    {PROGRAMME, "to: 2025-12-31", "to: 2025-09-30", "2025-09-30", "wrong-value", "ends before it begins", 1},
    {PROGRAMME, "to: 2025-12-31}", "to: 2025-12-31}\n  - {id: 2025-Q4, from: 2025-01-01, to: 2025-12-31}",
     "{id: 2025-Q4, from: 2025-01", "duplicate-id", "the period '2025-Q4' stands already in line 6", 1},
    {PROGRAMME, "kind: service", "kind: servce", "servce", "wrong-value", "did you mean 'service'?", 1},
    {PROGRAMME, "kind: users", "kind: usres", "usres", "unknown-reference", "did you mean 'users'?", 1},
    {PROGRAMME, "path: okta/users-{date}.csv", "path: ../users-{date}.csv", "../users", "bad-path", "is not usable", 1},
    {PROGRAMME, "path: okta/users-{date}.csv", "path: okta/users-{date.csv", "okta/users-", "bad-path", "is not usable",
     1},
    {PROGRAMME, "zone: \"+02:00\"", "zone: CEST", "CEST", "wrong-value", "UTC or an offset", 1},
    {PROGRAMME, "invalid: 1%", "invalid: one", "one,", "wrong-value", "a percentage", 1},
    {PROGRAMME, "    until: 2025-12-31", "    from: 2026-01-01\n    until: 2025-12-31", "id: okta", "wrong-value",
     "not after its 'from'", 1},
    {PROGRAMME, "logins: bob", "logins: ann", "ann}", "duplicate-id", "the login 'ann' stands already in line 19", 1},
    {PROGRAMME, "id: E2", "id: E1", "{id: E1, logins: bob", "duplicate-id", "the person 'E1'", 1},
    {PROGRAMME, "control: AC-01,", "control: AC-10,", "AC-10", "unknown-reference", "there is no control 'AC-10'", 1},
    {PROGRAMME, "parameter: limit", "parameter: limits", "limits", "unknown-reference", "did you mean 'limit'?", 1},
    {PROGRAMME, "value: 1 hour", "value: 1 our", "1 our", "wrong-value", "must be a duration", 1},
    {PROGRAMME, "parameter: limit, value: 1 hour", "parameter: stale_days, value: x", "x,", "wrong-value",
     "a whole number as its declaration", 1},
    {PROGRAMME, "date: 2025-09-01, reason: agreed}",
     "date: 2025-09-01, reason: agreed}\n  - {control: AC-01, parameter: limit, value: 2 hours, approver: Ann, date: "
     "2025-09-02, reason: b}",
     "{control: AC-01, parameter: limit, value: 2", "duplicate-id", "the override 'AC-01 / limit'", 1},
    {PROGRAMME, "control: AC-02, reason", "control: AC-2, reason", "AC-2", "unknown-reference", "did you mean 'AC-0",
     1},
    {PROGRAMME, "test: AC-01.1, item", "test: AC-01.2, item", "AC-01.2", "unknown-reference", "did you mean", 1},
    {PROGRAMME, "expires: 2025-11-01", "expires: 2025-09-01", "2025-09-01}", "wrong-value", "before it was approved",
     1},
    {PROGRAMME, "approver: Ann, approved", "approved", "{id: W1", "missing-key", "this waiver has no 'approver'", 1},
    {PROGRAMME, "{test: AC-01.1, response", "{test: AC-91.1, response", "AC-91.1", "unknown-reference", "no test", 1},
    {PROGRAMME, "source: okta-users", "source: okta-user", "okta-user,", "unknown-reference",
     "did you mean 'okta-users'?", 1},
    {PROGRAMME, "record: 3", "record: 0", "0, reason", "wrong-value", "from 1", 1},
    {PROGRAMME, "key: keys/key.pem, ", "", "{certificate", "missing-key", "this signing has no 'key'", 1},
};

static void refused_changes(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++)
        config_check_change(&changes[i]);
}

/* Every wrong thing of the file is said at once, and items that are no mappings do not stop the others. */
static void all_in_one_go(void **state) {
    (void)state;
    struct scratch scratch;
    struct arena *arena = arena_new();
    scratch_begin(&scratch);
    config_write(&scratch);
    scratch_write(&scratch, "inputs/programme.yaml",
                  "organisation: Example\n"
                  "system: [S]\n"
                  "categories: security\n"
                  "sources: none\n"
                  "periods: [2025, {id: a, from: 2025-01-01, to: 2025-12-31}]\n"
                  "waivers: [{id: W1, tset: AC-01.1}]\n"
                  "overrides: [~]\n"
                  "scope: [x]\n"
                  "responses: [{test: [AC-01.1]}]\n"
                  "people: [{id: E1}]\n");
    assert_null(load(arena, &scratch));
    config_expect(&scratch, "inputs/programme.yaml:2:9", "'system' of a programme must be a single value",
                  "wrong-kind");
    config_expect(&scratch, "inputs/programme.yaml:4:10", "'sources' must be a list", "wrong-kind");
    config_expect(&scratch, "inputs/programme.yaml:5:11", "a period must be a mapping", "wrong-kind");
    config_expect(&scratch, "inputs/programme.yaml:6:20", "did you mean 'test'?", "unknown-key");
    config_expect(&scratch, "inputs/programme.yaml:7:13", "an override must be a mapping", "wrong-kind");
    config_expect(&scratch, "inputs/programme.yaml:8:9", "a part of the scope must be a mapping", "wrong-kind");
    config_expect(&scratch, "inputs/programme.yaml:9:20", "'test' of a response must be a single value", "wrong-kind");
    config_expect(&scratch, "inputs/programme.yaml:10:10", "this person has no 'logins'", "missing-key");
    arena_free(arena);
    scratch_end(&scratch);
}

static void no_mapping(void **state) {
    (void)state;
    static const char *const texts[] = {"", "- a\n", "text\n"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct scratch scratch;
        struct arena *arena = arena_new();
        scratch_begin(&scratch);
        config_write(&scratch);
        scratch_write(&scratch, "inputs/programme.yaml", texts[i]);
        assert_null(load(arena, &scratch));
        assert_int_equal(diagnostics_count_id(scratch.diagnostics, DIAGNOSTIC_WRONG_KIND), 1);
        assert_int_equal(diagnostics_count(scratch.diagnostics, DIAGNOSTIC_NOTE), 1);
        arena_free(arena);
        scratch_end(&scratch);
    }
}

/* Whatever a hurried editor leaves out, the loader survives and says something: each line removed in turn. */
static void every_line_removed(void **state) {
    (void)state;
    const char *content = config_content("inputs/programme.yaml");
    for (const char *line = content; *line != '\0'; line = strchr(line, '\n') + 1) {
        struct scratch scratch;
        struct arena *arena = arena_new();
        struct buffer changed = {0};
        buffer_append(&changed, content, (size_t)(line - content));
        buffer_append_text(&changed, strchr(line, '\n') + 1);
        scratch_begin(&scratch);
        config_write(&scratch);
        scratch_write(&scratch, "inputs/programme.yaml", buffer_text(&changed));
        const struct programme *programme = load(arena, &scratch);
        assert_int_equal(programme == NULL, diagnostics_count(scratch.diagnostics, DIAGNOSTIC_EVIDENCE) > 0);
        buffer_free(&changed);
        arena_free(arena);
        scratch_end(&scratch);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_programme),     cmocka_unit_test(commands_of_sources), cmocka_unit_test(least_programme),
        cmocka_unit_test(refused_changes),    cmocka_unit_test(all_in_one_go),       cmocka_unit_test(no_mapping),
        cmocka_unit_test(every_line_removed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
