#include "store/tables_fill.h"

#include "scratch.h"

/* Filling the templates of statements, and the errors that a template or its caller can make. */

static int begin(void **state) {
    struct scratch *scratch = calloc(1, sizeof *scratch);
    assert_non_null(scratch);
    scratch_begin(scratch);
    *state = scratch;
    return 0;
}

static int end(void **state) {
    scratch_end(*state);
    free(*state);
    return 0;
}

static const struct tables_part parts[] = {
    {.placeholder = "type", .name = "a\"; DROP TABLE x; --"},
    {.placeholder = "columns", .text = ", \"b\"\n, '{type}'"},
};

static void expect(struct scratch *scratch, const char *template, size_t count, const char *sql) {
    struct buffer out = {0};
    assert_true(tables_fill(&out, template, parts, count, scratch->diagnostics));
    assert_string_equal(buffer_text(&out), sql);
    buffer_free(&out);
}

static void refuse(const char *template, const struct tables_part *given, size_t count, const char *phrase) {
    struct diagnostics *diagnostics = diagnostics_new();
    assert_non_null(diagnostics);
    struct buffer out = {0};
    struct buffer said = {0};
    assert_false(tables_fill(&out, template, given, count, diagnostics));
    diagnostics_print(diagnostics, DIAGNOSTIC_NOTE, false, &said);
    assert_non_null(strstr(buffer_text(&said), phrase));
    assert_non_null(strstr(buffer_text(&said), "store-failed"));
    buffer_free(&out);
    buffer_free(&said);
    diagnostics_free(diagnostics);
}

static void names_and_texts_are_put_in(void **state) {
    expect(*state, "SELECT r{columns} FROM \"tm_row_{type}\"", 2,
           "SELECT r, \"b\"\n, '{type}' FROM \"tm_row_a\"\"; DROP TABLE x; --\"");
    expect(*state, "\"{type}\" = k.\"{type}\"", 1, "\"a\"\"; DROP TABLE x; --\" = k.\"a\"\"; DROP TABLE x; --\"");
}

static void line_breaks_become_spaces(void **state) {
    expect(*state, "SELECT 1\n    FROM x\n\nWHERE y\n", 0, "SELECT 1 FROM x WHERE y");
    expect(*state, "", 0, "");
}

static void errors_of_the_program_are_reported(void **state) {
    (void)state;
    refuse("SELECT {other}", parts, 0, "has no part for {other}");
    refuse("SELECT \"{typ}\", \"{type}\"", parts, 1, "has no part for {typ}");
    refuse("SELECT {", parts, 0, "has no part for {}");
    refuse("SELECT \"{type", parts, 1, "does not ask for {type}");
    refuse("SELECT \"{type}\"", parts, 2, "does not ask for {columns}");
    refuse("SELECT {type}", parts, 1, "puts no quotes around the name {type}");
    refuse("SELECT \"a\"{type}", parts, 1, "puts no quotes around the name {type}");
    refuse("SELECT \"{columns}\"", parts + 1, 1, "puts quotes around the text {columns}");
    const struct tables_part empty = {.placeholder = "columns"};
    refuse("SELECT {columns}", &empty, 1, "has neither a name nor a text for {columns}");
}

static void columns_are_listed(void **state) {
    struct scratch *scratch = *state;
    struct column columns[] = {{.name = "first"}, {.name = "second"}, {.name = "third\""}};
    const struct evidence_type type = {.id = "t", .columns = columns, .column_count = 3};
    const size_t key[] = {2, 0};
    struct buffer out = {0};
    assert_true(tables_fill_columns(&out, "k.\"{column}\"\n", &type, key, 2, " AND ", scratch->diagnostics));
    assert_string_equal(buffer_text(&out), "k.\"third\"\"\" AND k.\"first\"");
    buffer_clear(&out);
    assert_true(tables_fill_columns(&out, "\"{column}\"", &type, key, 0, ", ", scratch->diagnostics));
    assert_string_equal(buffer_text(&out), "");
    assert_false(tables_fill_columns(&out, "{column}", &type, key, 1, ", ", scratch->diagnostics));
    buffer_free(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(names_and_texts_are_put_in, begin, end),
        cmocka_unit_test_setup_teardown(line_breaks_become_spaces, begin, end),
        cmocka_unit_test_setup_teardown(errors_of_the_program_are_reported, begin, end),
        cmocka_unit_test_setup_teardown(columns_are_listed, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
