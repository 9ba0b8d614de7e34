#include "read_fixture.h"

static const char *const kinds[] = {
    "kind: a-table\nformat: csv\ndetect: {columns: [id, name]}\nrows: [{type: thing, map: {id: id}}]\n",
    "kind: b-list\nformat: json\ndetect: {paths: [id, user.login]}\nrows: [{type: thing, at: \"[*]\", map: {id: "
    "id}}]\n",
    "kind: c-lines\nformat: ndjson\ndetect: {paths: [kind, ts]}\nrows: [{type: thing, map: {id: kind}}]\n",
    "kind: d-within\nformat: json\ndetect: {paths: [Content, Made]}\ninside: {path: Content, format: csv}\n"
    "rows: [{type: thing, map: {id: id}}]\n",
    "kind: e-paper\nformat: document\nrows: [{type: thing, map: {id: title}}]\n",
    "kind: f-wide\nformat: csv\ndetect: {columns: [id, name, more]}\nrows: [{type: thing, map: {id: id}}]\n",
    "kind: g-page\nformat: json\ndetect: {paths: [total, \"items[*].tag\"]}\n"
    "rows: [{type: thing, at: \"items[*]\", map: {id: id}}]\n",
    "kind: h-less\nformat: json\ndetect: {paths: [number], without: [reviews]}\n"
    "rows: [{type: thing, at: \"[*]\", map: {id: number}}]\n",
    "kind: i-more\nformat: json\ndetect: {paths: [number, reviews]}\n"
    "rows: [{type: thing, at: \"[*]\", map: {id: number}}]\n",
    "kind: j-whole\nformat: json\ndetect: {paths: [one, two, three], without: [group]}\n"
    "rows: [{type: thing, at: \"[*]\", map: {id: one}}]\n",
    NULL};

/* Which kinds claim the text, by the first letters of their names. */
static void expect(const struct fixture *f, const char *text, const char *letters) {
    size_t found[8];
    char shown[9] = "";
    size_t count = read_detect(f->schema, text, strlen(text), found, 8);
    for (size_t i = 0; i < count && i < 8; i++) {
        shown[i] = f->schema->kinds[found[i]].id[0];
    }
    assert_string_equal(shown, letters);
}

static void test_detection(void **state) {
    (void)state;
    struct fixture f;
    fixture_begin(&f, kinds);
    expect(&f, "id,name\n1,x\n", "a");
    expect(&f, "\xEF\xBB\xBF\"name\";other;id\r\n", "a");
    expect(&f, "id,name,more\n", "af");
    expect(&f, "id,Name\n", "");
    expect(&f, "[{\"id\":1},{\"id\":2,\"user\":{\"login\":\"x\"}}]", "b");
    expect(&f, "[{\"id\":1},{\"id\":2,\"user\":{\"login\":\"x\"}},", "b");
    expect(&f, "[{\"id\":1,\"user\":\"x\"}]", "");
    expect(&f, "[]", "");
    expect(&f, "junk\n{\"kind\":1,\"ts\":null}\n", "c");
    expect(&f, "{\"Content\":\"id\\n\",\"Made\":\"\"}", "d");
    expect(&f, "{\"total\":1,\"items\":[{\"id\":1,\"tag\":2}]}", "g");
    expect(&f, "[{\"number\":1}]", "h");
    expect(&f, "[{\"number\":1,\"reviews\":[]}]", "i");
    expect(&f, "{\"message\":\"Bad credentials\"}", "");
    expect(&f, "", "");
    expect(&f, "<html>", "");
    size_t only;
    assert_int_equal(read_detect(f.schema, "id,name,more\n", 13, &only, 1), 2);
    assert_int_equal(f.schema->kinds[only].id[0], 'a');
    fixture_end(&f);
}

/* The kind that comes nearest, by the first letter of its name, and what it misses. */
static void expect_nearest(const struct fixture *f, const char *text, char letter, const char *missing) {
    struct buffer names = {0};
    const struct kind *kind = read_nearest(f->schema, text, strlen(text), &names);

    assert_int_equal(kind == NULL ? '-' : kind->id[0], letter);
    if (kind != NULL) {
        assert_string_equal(buffer_text(&names), missing);
    }
    buffer_free(&names);
}

static void test_nearest(void **state) {
    (void)state;
    struct fixture f;
    fixture_begin(&f, kinds);
    expect_nearest(&f, "id,more,Name\n", 'f', "name");
    expect_nearest(&f, "id,Name\n", '-', "");
    expect_nearest(&f, "other\n", '-', "");
    expect_nearest(&f, "[{\"id\":1}]", '-', "");
    expect_nearest(&f, "[{\"one\":1,\"two\":1,\"four\":1}]", 'j', "three");
    expect_nearest(&f, "[{\"one\":1,\"two\":1,\"three\":1,\"group\":1}]", '-', "");
    expect_nearest(&f, "", '-', "");
    fixture_end(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_detection),
        cmocka_unit_test(test_nearest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
