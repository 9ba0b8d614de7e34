#include "write/summary.h"

#include "report_fixture.h"

#include <jansson.h>

/* jansson reads what was written; figures are those of report_fixture.sql. */

static json_t *write_summary(struct scratch *scratch, const char *more, const struct summary_package *package) {
    struct buffer inside = {0};
    struct buffer out = {0};
    size_t package_at = 0;
    sqlite3 *store = report_fixture_open(scratch, more);
    assert_true(summary_write(store, &inside, &package_at, scratch->diagnostics));
    assert_int_equal(sqlite3_close(store), SQLITE_OK);
    if (package != NULL)
        summary_name(&inside, package_at, package, &out);
    else
        buffer_append(&out, inside.data, inside.length);
    buffer_free(&inside);
    json_error_t error;
    json_t *root = json_loads(buffer_text(&out), JSON_REJECT_DUPLICATES, &error);
    if (root == NULL)
        fail_msg("line %d: %s", error.line, error.text);
    assert_int_equal(out.data[out.length - 1], '\n');
    buffer_free(&out);
    return root;
}

/* The object whose "id" (or "path") is this. */
static json_t *find(json_t *list, const char *id) {
    size_t index;
    json_t *item;
    assert_true(json_is_array(list));
    json_array_foreach(list, index, item) {
        const char *name = json_string_value(json_object_get(item, "id"));
        if (name == NULL)
            name = json_string_value(json_object_get(item, "path"));
        if (strcmp(name, id) == 0)
            return item;
    }
    fail_msg("there is no %s", id);
    return NULL;
}

static void text_is(json_t *object, const char *key, const char *expected) {
    json_t *value = json_object_get(object, key);
    assert_non_null(value);
    if (expected == NULL)
        assert_true(json_is_null(value));
    else
        assert_string_equal(json_string_value(value), expected);
}

static void number_is(json_t *object, const char *key, json_int_t expected) {
    assert_true(json_is_integer(json_object_get(object, key)));
    assert_int_equal(json_integer_value(json_object_get(object, key)), expected);
}

/* Exactly these keys, in this order: jansson keeps the order of the text. */
static void keys_are(json_t *object, const char *expected) {
    struct buffer keys = {0};
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value) buffer_format(&keys, "%s ", key);
    assert_string_equal(buffer_text(&keys), expected);
    buffer_free(&keys);
}

static void every_list_has_its_keys(void **state) {
    (void)state;
    struct scratch scratch;
    scratch_begin(&scratch);
    json_t *root = write_summary(&scratch, NULL, NULL);
    keys_are(root,
             "period organisation profile package controls criteria coverage evidence metrics metric_inputs trends roi "
             "findings waivers prior continuity subsequent_events diagnostics ");
    keys_are(json_object_get(root, "period"), "id from to as_of through ");
    json_t *control = json_array_get(json_object_get(root, "controls"), 0);
    keys_are(control, "id title verdict printed states criteria tests ");
    keys_are(json_array_get(json_object_get(control, "tests"), 0),
             "id title verdict population exceptions undetermined population_digest reasons ");
    keys_are(json_array_get(json_object_get(root, "criteria"), 0),
             "id category in_scope controls with_exceptions printed ");
    keys_are(json_array_get(json_object_get(root, "coverage"), 0),
             "control type cadence source expected met late missing unusable longest_gap_days awaited ");
    keys_are(json_array_get(json_object_get(root, "evidence"), 0),
             "path source kind sha256 bytes records loaded passed_over rejected invalid duplicates accepted problem ");
    keys_are(json_array_get(json_object_get(root, "metrics"), 0),
             "id title value printed unit formula section state note better target on_target test ");
    keys_are(json_array_get(json_object_get(root, "findings"), 0),
             "id control test item severity state text ref waiver owner due origin reason prior_state occurrences "
             "first_period found closed closed_period age_days overdue due_by cause extent response action completed "
             "evidence ");
    keys_are(json_array_get(json_object_get(root, "waivers"), 0),
             "id test item reason approver approved expires expired matched ");
    json_decref(root);
    scratch_end(&scratch);
}

static void figures_are_the_stores(void **state) {
    (void)state;
    struct scratch scratch;
    scratch_begin(&scratch);
    json_t *root = write_summary(&scratch, NULL, NULL);
    json_t *period = json_object_get(root, "period");
    text_is(period, "id", "2025-Q4");
    text_is(period, "from", "2025-10-01");
    text_is(period, "to", "2025-12-31");
    text_is(period, "as_of", "2025-12-31");
    assert_true(json_is_false(json_object_get(period, "through")));
    text_is(root, "organisation", "Examplar Cloud Ltd");
    text_is(root, "package", NULL);
    json_t *control = find(json_object_get(root, "controls"), "AC-02");
    text_is(control, "verdict", "exception");
    assert_string_equal(json_string_value(json_array_get(json_object_get(control, "states"), 0)), "exception");
    assert_string_equal(json_string_value(json_array_get(json_object_get(control, "states"), 1)), "insufficient");
    assert_int_equal(json_array_size(json_object_get(control, "criteria")), 2);
    json_t *test = find(json_object_get(control, "tests"), "AC-02.1");
    number_is(test, "population", 77);
    number_is(test, "exceptions", 2);
    number_is(test, "undetermined", 1);
    assert_int_equal(json_array_size(json_object_get(test, "reasons")), 2);
    assert_int_equal(json_array_size(json_object_get(find(json_object_get(root, "controls"), "PE-09"), "tests")), 0);
    number_is(json_array_get(json_object_get(root, "coverage"), 2), "longest_gap_days", 62);
    json_t *file = find(json_object_get(root, "evidence"), "notes/read me | first.txt");
    text_is(file, "source", NULL);
    assert_true(json_is_false(json_object_get(file, "accepted")));
    text_is(find(json_object_get(root, "findings"), "F-1a2b3c"), "ref", "E1.7");
    text_is(find(json_object_get(root, "findings"), "F-1a2b3c"), "due", "2026-01-31");
    text_is(find(json_object_get(root, "findings"), "F-4d5e6f"), "waiver", "W-1");
    json_t *metric = find(json_object_get(root, "metrics"), "compliance_score");
    assert_true(json_number_value(json_object_get(metric, "value")) == 40.0);
    text_is(find(json_object_get(root, "metrics"), "uptime"), "value", NULL);
    number_is(json_object_get(root, "diagnostics"), "errors", 3);
    number_is(json_object_get(root, "diagnostics"), "warnings", 1);
    json_decref(root);
    scratch_end(&scratch);
}

static void hostile_texts_and_numbers_come_back(void **state) {
    (void)state;
    struct scratch scratch;
    scratch_begin(&scratch);
    json_t *root = write_summary(
        &scratch,
        "UPDATE tm_meta SET value = 'a\"b\\c' || char(10, 1, 8232) || '</script>' WHERE key = 'organisation';"
        "UPDATE tm_meta SET value = '0' WHERE key = 'complete';"
        "UPDATE tm_metric SET value = 0.1 + 0.2 WHERE id = 'compliance_score';"
        "UPDATE tm_metric SET value = -1e300 WHERE id = 'controls';"
        "UPDATE tm_metric SET value = 9e999 WHERE id = 'uptime';",
        &(struct summary_package){"out/p.zip", "ab", INT64_C(9007199254740993)});
    text_is(root, "organisation", "a\"b\\c\n\001\xe2\x80\xa8</script>");
    assert_true(json_is_true(json_object_get(json_object_get(root, "period"), "through")));
    json_t *metrics = json_object_get(root, "metrics");
    assert_true(json_real_value(json_object_get(find(metrics, "compliance_score"), "value")) == 0.1 + 0.2);
    assert_true(json_real_value(json_object_get(find(metrics, "controls"), "value")) == -1e300);
    text_is(find(metrics, "uptime"), "value", NULL);
    text_is(json_object_get(root, "package"), "path", "out/p.zip");
    number_is(json_object_get(root, "package"), "bytes", INT64_C(9007199254740993));
    json_decref(root);
    scratch_end(&scratch);
}

static void a_broken_store_is_reported(void **state) {
    (void)state;
    struct scratch scratch;
    struct buffer out = {0};
    size_t package_at = 0;
    scratch_begin(&scratch);
    sqlite3 *store = report_fixture_open(&scratch, "DROP TABLE tm_test_state");
    assert_false(summary_write(store, &out, &package_at, scratch.diagnostics));
    assert_int_equal(diagnostics_count_id(scratch.diagnostics, DIAGNOSTIC_STORE_FAILED), 1);
    assert_int_equal(sqlite3_close(store), SQLITE_OK);
    buffer_free(&out);
    scratch_end(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_list_has_its_keys),
        cmocka_unit_test(figures_are_the_stores),
        cmocka_unit_test(hostile_texts_and_numbers_come_back),
        cmocka_unit_test(a_broken_store_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
