#include "config_fixture.h"

static const struct schema *load(struct arena *arena, const struct scratch *scratch) {
    char folder[256];
    snprintf(folder, sizeof folder, "%s/schema", scratch->folder);
    return schema_load(arena, folder, scratch->diagnostics);
}

static void good_types(const struct schema *schema) {
    assert_int_equal(schema->criterion_count, 61);
    assert_string_equal(schema->criteria[0].id, "CC1.1");
    assert_string_equal(schema->criteria[60].id, "P8.1");
    assert_string_equal(schema_criterion(schema, "PI1.5")->category, "processing-integrity");
    assert_null(schema_criterion(schema, "CC6.9"));

    assert_int_equal(schema->type_count, 2);
    const struct evidence_type *account = &schema->types[schema_type(schema, "account")];
    assert_int_equal(account->shape, TYPE_SNAPSHOT);
    assert_false(account->high_volume);
    assert_int_equal(account->time_column, SIZE_MAX);
    assert_int_equal(account->key_count, 1);
    assert_int_equal(account->key[0], 0);
    const struct column *kind = &account->columns[schema_column(account, "kind")];
    assert_int_equal(kind->kind, COLUMN_ENUMERATION);
    assert_int_equal(kind->values.count, 2);
    assert_string_equal(kind->default_value->text, "person");
    assert_string_equal(account->columns[3].null_meaning, "never");
    assert_int_equal(schema_column(account, "logn"), SIZE_MAX);
    const struct evidence_type *change = &schema->types[schema_type(schema, "change")];
    assert_int_equal(change->shape, TYPE_EVENT);
    assert_true(change->high_volume);
    assert_int_equal(change->time_column, 2);
    assert_int_equal(schema_type(schema, "chance"), SIZE_MAX);

    assert_int_equal(schema->view_count, 1);
    assert_string_equal(schema->views[0].id, "active_account");
    assert_string_equal(schema->views[0].sql, "-- Accounts that work.\nSELECT * FROM account WHERE active");
}

static void good_users(const struct schema *schema) {
    const struct kind *users = &schema->kinds[schema_kind(schema, "users")];
    assert_string_equal(users->title, "users");
    assert_int_equal(users->format, FORMAT_CSV);
    assert_int_equal(users->delimiter, '\t');
    assert_int_equal(users->nulls.count, 2);
    assert_string_equal(users->nulls.items[1], "N/A");
    assert_string_equal(users->detect_columns.items[0], "user.name");
    assert_string_equal(users->ignore.items[0], "id");
    const struct row_rule *rule = &users->rules[0];
    assert_int_equal(rule->type, schema_type(schema, "account"));
    assert_int_equal(rule->when_count, 3);
    assert_int_equal(rule->when[0].kind, CONDITION_IN);
    assert_int_equal(rule->when[0].texts.count, 2);
    assert_int_equal(rule->when[1].kind, CONDITION_NOT_IN);
    assert_string_equal(rule->when[1].texts.items[0], "yes");
    assert_int_equal(rule->when[2].kind, CONDITION_PRESENT);
    /* A csv column's name may hold dots. */
    assert_int_equal(rule->mappings[0].from.key_count, 1);
    assert_string_equal(rule->mappings[0].from.keys[0], "user.name");
    assert_int_equal(rule->mappings[1].constant_value.kind, VALUE_INTEGER);
    assert_int_equal(rule->mappings[1].constant_value.integer, 1);
    assert_int_equal(rule->mappings[2].value_count, 3);
    assert_string_equal(rule->mappings[2].value_from[1], "robot");
    assert_string_equal(rule->mappings[2].value_to[1].text.bytes, "service");
    assert_int_equal(rule->mappings[2].value_to[2].kind, VALUE_NULL);
    assert_string_equal(rule->mappings[2].nulls.items[0], "none");
    assert_true(rule->mappings[3].has_time && rule->mappings[3].optional);
    assert_int_equal(rule->mappings[3].time, DATETIME_EPOCH_MS);
    assert_int_equal(rule->mappings[3].expression, SIZE_MAX);
}

static void good_changes(const struct schema *schema) {
    const struct kind *changes = &schema->kinds[schema_kind(schema, "changes")];
    assert_true(changes->has_effective);
    assert_int_equal(changes->effective.base, PATH_ENVELOPE);
    assert_int_equal(changes->effective.key_count, 2);
    assert_int_equal(changes->nulls.count, 1);
    assert_string_equal(changes->nulls.items[0], "");
    const struct row_rule *rule = &changes->rules[0];
    assert_int_equal(rule->at_count, 4);
    assert_int_equal(rule->at[0].kind, STEP_KEY);
    assert_string_equal(rule->at[0].key, "items");
    assert_int_equal(rule->at[1].kind, STEP_ITEMS);
    assert_string_equal(rule->at[2].key, "pulls");
    assert_int_equal(rule->at[3].kind, STEP_MEMBERS);
    assert_int_equal(rule->mappings[0].expression, 0);
    assert_int_equal(rule->expressions[0].column, 0);
    assert_string_equal(rule->expressions[0].sql, "CAST(raw AS INTEGER)");
    assert_string_equal(rule->inputs[0].name, "raw");
    assert_int_equal(rule->inputs[0].from.base, PATH_KEY);
    assert_int_equal(rule->mappings[1].from.base, PATH_PARENT);
    assert_int_equal(rule->mappings[1].from.climbs, 1);
    assert_int_equal(rule->mappings[1].from.key_count, 1);
    assert_string_equal(rule->mappings[1].from.keys[0], "owner.name");
    assert_int_equal(rule->mappings[2].from.key_count, 2);
    assert_true(rule->fold.used);
    assert_int_equal(rule->fold.by, 2);
    assert_int_equal(rule->fold.take_count, 2);
    assert_int_equal(rule->fold.takes[1], FOLD_MAXIMUM);
}

static void good_controls(const struct schema *schema) {
    assert_int_equal(schema->control_count, 2);
    const struct control *control = schema_control(schema, "AC-01");
    assert_int_equal(control->effective_from, 1735689600); /* date -u -d 2025-01-01 +%s */
    assert_true(control->superseded == INT64_MAX);
    assert_string_equal(control->narrative, "Once a week.\n");
    assert_int_equal(control->criteria.count, 2);
    assert_int_equal(control->requirements[0].cadence, CADENCE_WEEKLY);
    assert_int_equal(control->requirements[0].grace, 172800);
    assert_true(control->requirements[0].automated);
    assert_int_equal(control->parameters[0].value.kind, VALUE_INTEGER);
    assert_int_equal(control->parameters[0].value.integer, 30);
    assert_int_equal(control->parameters[1].value.integer, 900);
    assert_string_equal(control->parameters[1].text, "15 minutes");
    const struct test *test = &control->tests[0];
    assert_string_equal(test->id, "AC-01.1");
    assert_int_equal(test->method, METHOD_INSPECTION);
    assert_int_equal(test->severity, SEVERITY_HIGH);
    assert_true(test->tolerable > 0.0249 && test->tolerable < 0.0251);
    /* The block's first line of SQL, behind its ten blanks. */
    assert_int_equal(test->query_place.line, 22);
    assert_int_equal(test->query_place.column, 11);
    assert_int_equal(test->challenge_count, 2);
    assert_int_equal(test->challenges[0].expect, EXPECT_EXCEPTION);
    assert_string_equal(test->challenges[1].expect_text, "effective");
    const struct test *manual = &schema_control(schema, "AC-02")->tests[0];
    assert_null(manual->query);
    assert_string_equal(manual->manual.attest, "It was seen.");
    assert_string_equal(manual->manual.by, "Owner");
    assert_string_equal(manual->manual.document, "the log");
    assert_int_equal(manual->manual.each, CADENCE_PERIOD);
    assert_int_equal(schema_control(schema, "AC-02")->criteria.count, 1);
}

static void good_schema(void **state) {
    (void)state;
    struct scratch scratch;
    struct arena *arena = arena_new();
    scratch_begin(&scratch);
    config_write(&scratch);
    scratch_write(&scratch, "schema/README.md", "Not for the loader.\n");
    const struct schema *schema = load(arena, &scratch);
    scratch_expect(&scratch, "");
    assert_non_null(schema);
    good_types(schema);
    good_users(schema);
    good_changes(schema);
    good_controls(schema);
    static const char *const files[] = {"controls/access.yaml", "criteria.yaml",     "kinds/changes.yaml",
                                        "kinds/users.yaml",     "types/access.yaml", "views/active_account.sql"};
    assert_int_equal(schema->files.count, sizeof files / sizeof files[0]);
    for (size_t i = 0; i < schema->files.count; i++)
        assert_string_equal(schema->files.items[i], files[i]);
    arena_free(arena);
    scratch_end(&scratch);
}

#define CRITERIA "schema/criteria.yaml"
#define TYPES    "schema/types/access.yaml"
#define USERS    "schema/kinds/users.yaml"
#define CHANGES  "schema/kinds/changes.yaml"
#define VIEW     "schema/views/active_account.sql"
#define CONTROLS "schema/controls/access.yaml"

static const struct config_change changes[] = {
    /* Evidence types. */
    {TYPES, "title: Account", "titel: Account", "titel", "unknown-key", "did you mean 'title'?", 2},
    {TYPES, "    title: Account\n", "", "type: account", "missing-key", "this type has no 'title'", 1},
    {TYPES, "title: Account", "title: \"\"", "\"\"", "wrong-value", "a text that says something", 1},
    {TYPES, "shape: snapshot", "shape: snapshto", "snapshto", "wrong-value", "did you mean 'snapshot'?", 1},
    {TYPES, "volume: high", "volume: low", "low", "wrong-value", "use one of high", 1},
    {TYPES, "key: [login]", "key: [logn]", "logn", "unknown-reference", "did you mean 'login'?", 1},
    {TYPES, "    time: merged_at\n", "", "type: change", "missing-key", "which column tells when", 1},
    {TYPES, "time: merged_at", "time: author", "author\n", "wrong-value", "is no time", 1},
    {TYPES, "author: {", "source: {", "source", "wrong-value", "a name that tickmark gives itself", 3},
    {TYPES, "author: {", "tm_author: {", "tm_author", "wrong-value", "kept for the store", 3},
    {TYPES, "author: {", "Author: {", "Author", "wrong-value", "cannot name a column", 3},
    {TYPES, "type: boolean, default: true", "type: boolean, default: maybe", "maybe", "wrong-value",
     "'active' must be true or false", 1},
    {TYPES, "default: person", "default: persn", "persn", "unknown-reference", "did you mean 'person'?", 1},
    {TYPES, "values: [person, service], ", "", "kind: {", "wrong-value", "has no values", 1},
    {TYPES, "values: [person, service]", "values: [person, person, service]", "kind: {", "duplicate-id", "stands twice",
     1},
    {TYPES, "required: true, meaning: The name", "required: \"true\", meaning: The name", "\"true\"", "wrong-value",
     "true or false, without quotes", 1},
    {TYPES, "- type: change", "- type: account", "type: account\n    title: Change", "duplicate-id",
     "is declared already at", 2},
    /* Evidence kinds. */
    {USERS, "format: csv", "format: cvs", "cvs", "wrong-value", "did you mean 'csv'?", 1},
    {USERS, "delimiter: tab", "delimiter: tabs", "tabs", "wrong-value", "one character or the word tab", 1},
    {USERS, "type: account", "type: acount", "acount", "unknown-reference", "did you mean 'account'?", 1},
    {USERS, "      login: user.name\n", "", "active: {value", "bad-mapping", "needs the column 'login'", 1},
    {USERS, "login: user.name", "login: user.name\n      logn: x", "logn", "unknown-reference",
     "column of the type 'account' called 'logn'; did you mean 'login'?", 1},
    {USERS, "active: {value: true}", "active: {value: true, from: x}", "{value: true", "bad-mapping", "exactly one of",
     1},
    {USERS, "active: {value: true}", "active: {value: perhaps}", "perhaps", "wrong-value", "must be true or false", 1},
    {USERS, "robot: service", "robot: servic", "servic,", "unknown-reference", "did you mean 'service'?", 1},
    {USERS, "seen, time: epoch-ms,", "seen,", "last_login", "bad-mapping", "say how the export writes it", 1},
    {USERS, "time: epoch-ms", "time: epoch_ms", "epoch_ms", "unknown-reference", "did you mean 'epoch-ms'?", 1},
    {USERS, "login: user.name", "login: {from: user.name, time: iso}", "iso", "bad-mapping", "is no time", 1},
    {USERS, "login: user.name", "login: $.name", "$.name", "bad-path", "this format has none", 1},
    {USERS, "login: user.name", "login: \"@kez\"", "\"@kez\"", "bad-path", "use @key, @index or @file.NAME", 1},
    {USERS, "login: user.name", "login: \"@key\"", "\"@key\"", "bad-path", "no member to name", 1},
    {USERS, "- type: account", "- type: account\n    at: \"[*]\"", "\"[*]\"", "bad-path", "no meaning for csv", 1},
    {USERS, "{present: true}", "{presnt: true}", "presnt", "unknown-key", "did you mean 'present'?", 1},
    {USERS, "{present: true}", "{present: true, not: x}", "{present", "wrong-value", "write one of them", 1},
    {USERS, "null: [\"\", N/A]", "null: [null]", "null]", "wrong-kind", "in quotes", 1},
    {CHANGES, "    at: items[*].pulls.*\n", "", "type: change", "missing-key", "where its records stand", 1},
    {CHANGES, "at: items[*]", "at: $.items[*]", "$.items", "bad-path", "leave '$' out", 1},
    {CHANGES, "at: items[*].pulls.*", "at: items[*].pulls[0]", "items[*]", "bad-path", "otherwise than by [*]", 1},
    {CHANGES, "at: items[*].pulls.*", "at: items..*", "items..", "bad-path", "a key is empty", 1},
    {CHANGES, "../['owner.name']", "../../owner", "../../", "bad-path", "climbs past the record", 1},
    {CHANGES, "../['owner.name']", "../['owner.name", "../['", "bad-path", "is not closed", 1},
    {CHANGES, "../['owner.name']", "owners[0].name", "owners[0]", "bad-path", "a list is entered", 1},
    {CHANGES, "at: items[*]", "when: {\"$.items[*].x\": [y]}\n    at: items[*]", "\"$.items", "bad-path",
     "elsewhere than below the row", 1},
    {CHANGES, "rows:", "complete: {next: [\"\"]}\nrows:", "next: [", "bad-path", "here $.next", 1},
    {USERS, "rows:", "zone: CET\nrows:", "CET", "wrong-value", "must be UTC or an offset", 1},
    {CHANGES, "rows:", "page_sizes: [100, all]\nrows:", "[100, all", "wrong-value", "whole numbers from 2 on", 1},
    {CHANGES, "rows:", "page_sizes: 1\nrows:", "1\n", "wrong-value", "here is '1'", 1},
    {CHANGES, "rows:", "count: $.total\npage_sizes: 100\nrows:", "100", "wrong-value", "leave it out", 1},
    {USERS, "rows:", "page_sizes: 100\nrows:", "100", "wrong-value", "leave it out", 1},
    {CHANGES, "rows:", "count: total\nrows:", "total\n", "bad-path", "here $.total", 1},
    {USERS, "{columns: [user.name]}", "{columns: [user.name], without: [x]}", "[x]", "wrong-value", "leave it out", 1},
    {USERS, "rows:", "count: $.total\nrows:", "$.total\n", "bad-path", "this format has none", 1},
    {CHANGES, "../['owner.name']", "../@key", "../@key", "bad-path", "no member to name", 1},
    {CHANGES, "../['owner.name']", "\"@index\"", "\"@index\"", "bad-path", "no list to count in", 1},
    {CHANGES, "merged.at, time: iso}", "merged.at, time: iso, nul: x}", "nul:", "unknown-key", "'null'?", 1},
    {CHANGES, "from: $.meta.taken", "from: meta.taken", "meta.taken", "bad-path", "said once for the whole export", 1},
    {CHANGES, "by: merged_at", "by: merged", "merged,", "unknown-reference", "use one of number, author, merged_at", 1},
    {CHANGES, "author: first", "author: frist", "frist", "wrong-value", "did you mean 'first'?", 1},
    /* Controls and tests. */
    {CONTROLS, "CC6.2]", "CC6.9]", "CC6.9", "unknown-reference", "there is no criterion 'CC6.9'", 1},
    {CONTROLS, "compensating: [AC-02]", "compensating: [AC-03]", "AC-03", "unknown-reference", "no control 'AC-03'", 1},
    {CONTROLS, "{type: account, cadence", "{type: acount, cadence", "acount", "unknown-reference",
     "did you mean 'account'?", 1},
    {CONTROLS, "cadence: weekly", "cadence: weakly", "weakly", "wrong-value", "did you mean 'weekly'?", 1},
    {CONTROLS, "grace: 2 days", "grace: 2 fortnights", "2 fortnights", "wrong-value", "a duration such as", 1},
    {CONTROLS, "effective_from: 2025-01-01", "effective_from: 2025-02-30", "2025-02-30", "wrong-value",
     "a date such as", 1},
    {CONTROLS, "effective_from: 2025-01-01", "effective_from: 2025-01-02\n    superseded: 2025-01-01", "id: AC-01",
     "wrong-value", "superseded before it is effective", 1},
    {CONTROLS, "value: 30,", "value: true,", "true, meaning", "wrong-value", "write 1 or 0", 1},
    {CONTROLS, "value: 15 minutes", "value: 15 parsecs", "15 parsecs", "wrong-value", "must be a duration", 1},
    {CONTROLS, "id: AC-01.1", "id: AC-02.1", "id: AC-02.1", "wrong-value", "call it AC-01.1 or the like", 2},
    {CONTROLS, "- id: AC-02\n", "- id: AC-01\n", "id: AC-01\n    title: Somebody", "duplicate-id",
     "is declared already at", 3},
    {CONTROLS, "tolerable: 2.5%", "tolerable: 2.5", "2.5\n", "wrong-value", "a percentage such as", 1},
    {CONTROLS, "FROM account\n", "FROM account_latest\n", "|\n          SELECT", "bad-test", "only the latest", 1},
    {CONTROLS,
     "        query: |\n          SELECT ref, login AS item,\n                 NULL AS exception, NULL AS "
     "undetermined\n          FROM account\n",
     "", "id: AC-01.1", "bad-test", "neither asks nor attests", 1},
    {CONTROLS, "method: observation", "method: inquiry", "{id: AC-02.1", "bad-test", "inquiry alone", 1},
    {CONTROLS, "        tolerable: 2.5%",
     "        manual: {attest: Seen., by: Owner, document: log}\n        tolerable: 2.5%", "|\n          SELECT",
     "bad-test", "make it two tests", 2},
    {CONTROLS, ", document: the log", "", "{attest: It was seen.", "missing-key", "'document'", 1},
    {CONTROLS, ", document: the log", ", document: the log, each: weakly", "weakly", "wrong-value",
     "did you mean 'weekly'?", 1},
    {CONTROLS, "witness: [account]", "witness: [acount]", "acount", "unknown-reference", "did you mean 'account'?", 1},
    {CONTROLS, "expect: effective", "expect: exception", "id: AC-01.1", "bad-challenge", "expects 'effective'", 1},
    {CONTROLS, "expect: exception", "expect: effective", "id: AC-01.1", "bad-challenge", "expects 'exception'", 1},
    {CONTROLS, "given: {account: [{login: eve", "given: {acount: [{login: eve", "acount", "unknown-reference",
     "did you mean 'account'?", 1},
    {CONTROLS, "login: eve, last_login", "login: eve, last_logn", "last_logn", "unknown-reference",
     "did you mean 'last_login'?", 1},
    {CONTROLS, "last_login: 2025-01-01,", "last_login: yesterday,", "yesterday", "wrong-value", "a time such as", 1},
    {CONTROLS, "at: 2025-10-06", "at: [2025-10-06]", "[2025-10-06]", "wrong-value", "a list or mapping", 1},
    {CONTROLS, "{limit: 1 hour}", "{limits: 1 hour}", "limits", "unknown-reference", "did you mean 'limit'?", 1},
    {CONTROLS, "{limit: 1 hour}", "{limit: soon}", "soon", "wrong-value", "must be a duration", 1},
    {CONTROLS, "{limit: 1 hour}", "{stale_days: many}", "many", "wrong-value", "a whole number as its declaration", 1},
    /* Views. */
    {VIEW, "-- Accounts that work.\nSELECT * FROM account WHERE active;\n", ";\n", ";", "wrong-value", "is empty", 1},
};

static void refused_changes(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++)
        config_check_change(&changes[i]);
}

/* Things of one id in two files: both places are named. */
static void duplicates_across_files(void **state) {
    (void)state;
    struct scratch scratch;
    struct arena *arena = arena_new();
    scratch_begin(&scratch);
    config_write(&scratch);
    scratch_write(&scratch, "schema/kinds/again.yaml",
                  "kind: users\nformat: csv\nrows:\n  - {type: account, map: {login: user}}\n");
    scratch_write(&scratch, "schema/types/again.yaml",
                  "types:\n  - {type: account, title: A, meaning: A, shape: snapshot, columns: {login: {type: text, "
                  "meaning: A}}}\n");
    scratch_write(&scratch, "schema/views/account_latest.sql", "SELECT 1");
    scratch_write(&scratch, "schema/views/account_readable.sql", "SELECT 1");
    assert_null(load(arena, &scratch));
    char phrase[256];
    snprintf(phrase, sizeof phrase, "the kind 'users' is declared already at %s/schema/kinds/again.yaml:1:1",
             scratch.folder);
    config_expect(&scratch, "schema/kinds/users.yaml:1:1", phrase, "duplicate-id");
    snprintf(phrase, sizeof phrase, "the type 'account' is declared already at %s/schema/types/access.yaml:2:5",
             scratch.folder);
    config_expect(&scratch, "schema/types/again.yaml:2:5", phrase, "duplicate-id");
    config_expect(&scratch, "schema/views/account_latest.sql:1:1", "that the type 'account' at", "duplicate-id");
    config_expect(&scratch, "schema/views/account_readable.sql:1:1", "that the type 'account' at", "duplicate-id");
    assert_int_equal(diagnostics_count_id(scratch.diagnostics, DIAGNOSTIC_DUPLICATE_ID), 6);
    arena_free(arena);
    scratch_end(&scratch);
}

/* One broken file does not hide what is wrong in the others. */
static void all_in_one_go(void **state) {
    (void)state;
    struct scratch scratch;
    struct arena *arena = arena_new();
    scratch_begin(&scratch);
    config_write(&scratch);
    scratch_write(&scratch, CRITERIA,
                  "criteria:\n  - {id: CC1.1, category: privacy, title: A}\n"
                  "  - {id: CC1.1, category: security, title: A}\n"
                  "  - {id: XX1.1, category: security, title: A}\n");
    scratch_write(&scratch, USERS, "kind: users\nformat: [\n");
    scratch_write(&scratch, "schema/kinds/x.yml", "kind: x\n");
    scratch_write(&scratch, VIEW, "SELECT \xFF");
    scratch_write(&scratch, "schema/views/Bad.sql", "SELECT 1");
    assert_null(load(arena, &scratch));
    config_expect(&scratch, "schema/criteria.yaml:2:5", "belongs to the category security", "wrong-value");
    config_expect(&scratch, "schema/criteria.yaml:3:5", "is declared already", "duplicate-id");
    config_expect(&scratch, "schema/criteria.yaml:4:5", "there is no criterion 'XX1.1'", "unknown-reference");
    config_expect(&scratch, "schema/criteria.yaml:1:1", "the criterion A1.1 (availability) is not in the list",
                  "missing-key");
    assert_int_equal(diagnostics_count_id(scratch.diagnostics, DIAGNOSTIC_MISSING_KEY), 60);
    config_expect(&scratch, "schema/kinds/users.yaml:3:1", "(", "yaml-syntax");
    config_expect(&scratch, "schema/views/active_account.sql:1:1", "not a text in UTF-8", "wrong-value");
    config_expect(&scratch, "schema/views/Bad.sql:1:1", "cannot name a view", "wrong-value");
    assert_int_equal(diagnostics_count_id(scratch.diagnostics, DIAGNOSTIC_SCHEMA_FILE), 1);
    assert_int_equal(diagnostics_exit_status(scratch.diagnostics), 2);
    arena_free(arena);
    scratch_end(&scratch);
}

static void unread_file_is_a_warning(void **state) {
    (void)state;
    struct scratch scratch;
    struct arena *arena = arena_new();
    scratch_begin(&scratch);
    config_write(&scratch);
    scratch_write(&scratch, "schema/kinds/x.yml", "kind: x\n");
    assert_non_null(load(arena, &scratch));
    assert_int_equal(diagnostics_count(scratch.diagnostics, DIAGNOSTIC_WARNING), 1);
    assert_int_equal(diagnostics_count_id(scratch.diagnostics, DIAGNOSTIC_SCHEMA_FILE), 1);
    arena_free(arena);
    scratch_end(&scratch);
}

static void no_schema(void **state) {
    (void)state;
    struct scratch scratch;
    struct arena *arena = arena_new();
    scratch_begin(&scratch);
    assert_null(load(arena, &scratch));
    assert_int_equal(diagnostics_count_id(scratch.diagnostics, DIAGNOSTIC_FILE_READ), 1);
    config_make_folders(&scratch);
    assert_null(load(arena, &scratch));
    assert_int_equal(diagnostics_count_id(scratch.diagnostics, DIAGNOSTIC_FILE_READ), 2);
    arena_free(arena);
    scratch_end(&scratch);
}

/* Every path form that a JSON, ndjson, document or inner csv may use. */
static void more_paths(void **state) {
    (void)state;
    struct scratch scratch;
    struct arena *arena = arena_new();
    scratch_begin(&scratch);
    config_write(&scratch);
    scratch_write(
        &scratch, "schema/kinds/lines.yaml",
        "kind: lines\nformat: ndjson\nrows:\n"
        "  - {type: account, at: \"users[*]\", map: {login: ., active: ../on, last_login: {from: ../at, time: "
        "epoch}}}\n"
        "  - {type: account, map: {login: a.b}}\n");
    scratch_write(&scratch, "schema/kinds/inner.yaml",
                  "kind: inner\nformat: json\ninside: {path: data.Content, format: csv}\n"
                  "effective: {from: \"@file.date\", time: iso}\n"
                  "rows:\n  - {type: account, map: {login: a.b, active: $.on}}\n");
    scratch_write(&scratch, "schema/kinds/paper.yaml",
                  "kind: paper\nformat: document\nrows:\n  - {type: account, map: {login: \"@file.name\", active: "
                  "$.on}}\n");
    scratch_write(&scratch, "schema/kinds/tree.yaml",
                  "kind: tree\nformat: json\nrows:\n"
                  "  - {type: account, at: \"*.list[*].*\", map: {login: \"../../@key\", active: \"../@index\"}}\n"
                  "  - {type: account, at: ., map: {login: \"['a.b'].c['[x]']\"}}\n");
    const struct schema *schema = load(arena, &scratch);
    scratch_expect(&scratch, "");
    assert_non_null(schema);
    const struct kind *lines = &schema->kinds[schema_kind(schema, "lines")];
    assert_int_equal(lines->rules[0].mappings[0].from.base, PATH_ROW);
    assert_int_equal(lines->rules[0].mappings[0].from.key_count, 0);
    assert_int_equal(lines->rules[0].mappings[1].from.base, PATH_PARENT);
    assert_int_equal(lines->rules[1].at_count, 0);
    assert_int_equal(lines->rules[1].mappings[0].from.key_count, 2);
    const struct kind *inner = &schema->kinds[schema_kind(schema, "inner")];
    assert_true(inner->has_inside);
    assert_int_equal(inner->inside.key_count, 2);
    assert_int_equal(inner->effective.base, PATH_FILE);
    assert_string_equal(inner->effective.keys[0], "date");
    assert_int_equal(inner->rules[0].mappings[0].from.key_count, 1);
    assert_int_equal(inner->rules[0].mappings[1].from.base, PATH_ENVELOPE);
    const struct kind *tree = &schema->kinds[schema_kind(schema, "tree")];
    assert_int_equal(tree->rules[0].at[0].kind, STEP_MEMBERS);
    assert_int_equal(tree->rules[0].mappings[0].from.base, PATH_KEY);
    assert_int_equal(tree->rules[0].mappings[0].from.climbs, 2);
    assert_int_equal(tree->rules[0].mappings[1].from.base, PATH_INDEX);
    const struct value_path *quoted = &tree->rules[1].mappings[0].from;
    assert_int_equal(quoted->key_count, 3);
    assert_string_equal(quoted->keys[0], "a.b");
    assert_string_equal(quoted->keys[1], "c");
    assert_string_equal(quoted->keys[2], "[x]");
    arena_free(arena);
    scratch_end(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_schema),
        cmocka_unit_test(refused_changes),
        cmocka_unit_test(all_in_one_go),
        cmocka_unit_test(duplicates_across_files),
        cmocka_unit_test(more_paths),
        cmocka_unit_test(no_schema),
        cmocka_unit_test(unread_file_is_a_warning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
