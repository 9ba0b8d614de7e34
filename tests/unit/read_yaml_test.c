#include "read_fixture.h"

#include "base/limits.h"

/* Nested rows, values around the records, a mapping as text. */
static const char groups[] = "kind: groups\n"
                             "format: yaml\n"
                             "detect: {paths: [name, kind]}\n"
                             "rows:\n"
                             "  - type: thing\n"
                             "    at: \"spec.groups[*]\"\n"
                             "    map: {id: name, note: {from: labels, optional: true}}\n"
                             "  - type: part\n"
                             "    at: \"spec.groups[*].rules[*]\"\n"
                             "    may_be_empty: true\n"
                             "    map: {thing: ../name, name: alert, place: '@index'}\n"
                             "ignore: [kind]\n";
static const char *const groups_kinds[] = {groups, NULL};

static const char groups_text[] = "# what comes before\n"
                                  "kind: Rules\n"
                                  "spec:\n"
                                  "  groups:\n"
                                  "  - name: \xC3\xA4\xC3\xA4\n"
                                  "    labels: {a: [1, 'x\"y', true, ~, 01], \"b\": {}}\n"
                                  "    rules:\n"
                                  "    - alert: Down\n"
                                  "    - alert: |\n"
                                  "        Slow\n"
                                  "  - {name: two, rules: []}\n";
static const char groups_rows[] =
    "thing 1 line 5 id=\xC3\xA4\xC3\xA4 note={\"a\":[1,\"x\\\"y\",true,null,\"01\"],\"b\":{}}\n"
    "part 1 line 8 thing=\xC3\xA4\xC3\xA4 name=Down place=0\n"
    "part 1 line 9 thing=\xC3\xA4\xC3\xA4 name=Slow\n place=1\n"
    "thing 2 line 11 id=two\n"
    "2 of 2\n";

static void test_nested_rows(void **state) {
    (void)state;
    struct fixture f;
    fixture_begin(&f, groups_kinds);
    fixture_expect(&f, groups_text, groups_rows, "");
    fixture_end(&f);
}

/* Each character of the basic plane as one unit. */
static size_t as_utf16(const char *text, bool little, char *out) {
    size_t length = 0;
    const unsigned char *at = (const unsigned char *)text;

    for (bool mark = true; mark || *at != '\0'; mark = false) {
        unsigned unit = 0xFEFF;
        if (!mark && *at < 0x80) {
            unit = *at++;
        } else if (!mark) {
            unit = (at[0] & 0x1Fu) << 6 | (at[1] & 0x3Fu);
            at += 2;
        }
        out[length++] = (char)(little ? unit & 0xFF : unit >> 8);
        out[length++] = (char)(little ? unit >> 8 : unit & 0xFF);
    }
    return length;
}

static void test_encodings(void **state) {
    (void)state;
    char text[2 * sizeof groups_text + 2];
    struct fixture f;
    fixture_begin(&f, groups_kinds);
    for (int little = 0; little < 2; little++) {
        size_t length = as_utf16(groups_text, little == 1, text);
        fixture_expect_bytes(&f, text, length, groups_rows, "");
    }
    snprintf(text, sizeof text, "\xEF\xBB\xBF%s", groups_text);
    fixture_expect(&f, text, groups_rows, "");
    fixture_expect_rows(&f, "s\0p\0:\0", 6, "0 of 0, no list, wrong shape\n");
    assert_int_equal(fixture_count(&f, DIAGNOSTIC_ENCODING), 1);
    fixture_expect_text(&f, "spec: {groups: [{name: a\xFF}]}\n", "0 of 0, no list, wrong shape\n");
    assert_int_equal(fixture_count(&f, DIAGNOSTIC_ENCODING), 1);
    fixture_end(&f);
}

/* Offsets are bytes, whatever libyaml counts; windows and lone returns end lines too. */
static void test_places(void **state) {
    (void)state;
    static const char text[] = "# \xF0\x9F\x98\x80\r\nspec:\r  groups:\r\n  - name: \xE2\x82\xAC\n    x: 1\n\n  # end\n"
                               "  - {name: b}  \n";
    struct fixture f;
    struct byte_source_memory memory;
    struct record record;
    fixture_begin(&f, groups_kinds);
    byte_source_memory(&memory, text, sizeof text - 1);
    memory.most = 1;
    const struct read_request request = {.schema = f.schema,
                                         .kind = &f.schema->kinds[0],
                                         .path = "evidence",
                                         .bytes = &memory.source,
                                         .diagnostics = f.scratch.diagnostics};
    struct record_source *source = read_open(&request);
    assert_int_equal(source->next(source, &record), RECORD_ROW);
    assert_int_equal(record.locator.offset, strstr(text, "name: \xE2") - text);
    assert_int_equal(record.locator.length, strlen("name: \xE2\x82\xAC\n    x: 1"));
    assert_int_equal(record.locator.line, 4);
    assert_int_equal(source->next(source, &record), RECORD_ROW);
    assert_int_equal(record.locator.offset, strstr(text, "{name") - text);
    assert_int_equal(record.locator.length, strlen("{name: b}"));
    assert_int_equal(record.locator.line, 8);
    assert_int_equal(source->next(source, &record), RECORD_END);
    read_close(source);
    fixture_end(&f);
}

static const char scalars[] =
    "kind: scalars\n"
    "format: yaml\n"
    "rows:\n"
    "  - {type: thing, at: ., map: {id: id, n: {from: n, optional: true}, r: {from: r, optional: "
    "true}, ok: {from: ok, optional: true}, note: {from: note, optional: true}}}\n";
static const char *const scalars_kinds[] = {scalars, NULL};

/* A column of text gets what is written; only null is nothing. Each document is a record; an empty one is none. */
static void test_scalars(void **state) {
    (void)state;
    struct fixture f;
    fixture_begin(&f, scalars_kinds);
    fixture_expect(&f,
                   "--- {id: no, note: on}\n"
                   "--- {id: 012, n: 012, note: 2025-10-01}\n"
                   "--- {id: 1e3, n: 1e3, r: -.5, note: null}\n"
                   "--- {id: 'null', n: '7', note: ~, ok: True}\n"
                   "--- {id: True, ok: 'false', note: NULL}\n"
                   "---\n"
                   "--- {id: !!str 5, n: !other 5, note: 0x1F}\n"
                   "---\nid: >-\n  a\n  b\nnote: \"\\u263A\\t\"\n"
                   "...\n",
                   "thing 1 line 1 id=no note=on\n"
                   "thing 2 line 2 id=012 n=12 note=2025-10-01\n"
                   "thing 3 line 3 id=1e3 n=1000 r=-0.5\n"
                   "thing 4 line 4 id=null n=7 ok=1\n"
                   "thing 5 line 5 id=True ok=0\n"
                   "thing 6 line 7 id=5 n=5 note=0x1F\n"
                   "thing 7 line 9 id=a b note=\xE2\x98\xBA\t\n"
                   "7 of 7\n",
                   "");
    fixture_expect_text(&f, "# nothing\n---\n# at all\n", "0 of 0, no list, wrong shape\n");
    assert_int_equal(fixture_count(&f, DIAGNOSTIC_WRONG_SHAPE), 1);
    fixture_end(&f);
}

/* A list goes on in the next document; each has its own envelope. */
static void test_documents(void **state) {
    (void)state;
    struct fixture f;
    fixture_begin(&f, groups_kinds);
    fixture_expect(
        &f, "spec: {groups: [{name: a, rules: [{alert: x}]}]}\n---\nspec:\n  groups:\n  - name: b\n    rules: []\n",
        "thing 1 line 1 id=a\npart 1 line 1 thing=a name=x place=0\nthing 2 line 5 id=b\n2 of 2\n", "");
    fixture_end(&f);
}

/* What spoils one record leaves the others alone. */
static void test_refused_records(void **state) {
    (void)state;
    struct fixture f;
    fixture_begin(&f, scalars_kinds);
    fixture_expect_text(&f,
                        "--- {id: a, note: &x long}\n"
                        "--- {id: &y b, note: *y}\n"
                        "--- {id: c, id: d}\n"
                        "--- {id: e, ? [1, {f: g}] : h}\n"
                        "--- {id: i, note: !!binary aGk=}\n"
                        "--- {id: j, ? *y : k}\n"
                        "--- {id: k, other: {deep: [*y]}}\n"
                        "--- {id: l}\n",
                        "thing 1 line 1 id=a note=long\nthing 8 line 8 id=l\n2 of 8, 6 rejected\n");
    assert_int_equal(fixture_count(&f, DIAGNOSTIC_YAML_UNREAD), 5);
    assert_int_equal(fixture_count(&f, DIAGNOSTIC_YAML_DUPLICATE), 1);
    fixture_end(&f);
}

static void test_alias_bomb(void **state) {
    (void)state;
    struct buffer bomb = {0};
    struct fixture f;
    fixture_begin(&f, scalars_kinds);
    buffer_append_text(&bomb, "id: bomb\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 40; i++) {
        buffer_format(&bomb, "a%d: &a%d [*a%d, *a%d, *a%d, *a%d, *a%d]\n", i, i, i - 1, i - 1, i - 1, i - 1, i - 1);
    }
    buffer_append_text(&bomb, "---\nid: fine\n");
    fixture_expect_text(&f, buffer_text(&bomb), "thing 2 line 43 id=fine\n1 of 2, 1 rejected\n");
    buffer_free(&bomb);
    fixture_end(&f);
}

static void test_depth(void **state) {
    (void)state;
    static const char *const openings[] = {"[", "{a: ", "- ", "? ", "{[", "[? "};
    struct fixture f;
    fixture_begin(&f, scalars_kinds);
    for (size_t i = 0; i < sizeof openings / sizeof openings[0]; i++) {
        struct buffer deep = {0};
        struct buffer shown = {0};
        diagnostics_free(f.scratch.diagnostics);
        f.scratch.diagnostics = diagnostics_new();
        buffer_append_text(&deep, "id: a\nx:\n ");
        for (size_t j = 0; j < 1000000 / strlen(openings[i]); j++) {
            buffer_append_text(&deep, openings[i]);
        }
        fixture_read_by(&f, 0, deep.data, deep.length, 0, &shown);
        assert_int_equal(f.tally.rejected, 1);
        assert_int_equal(fixture_count(&f, DIAGNOSTIC_YAML_MALFORMED), 1);
        buffer_free(&deep);
        buffer_free(&shown);
    }
    fixture_end(&f);
}

static void test_malformed(void **state) {
    (void)state;
    struct fixture f;
    fixture_begin(&f, groups_kinds);
    fixture_expect_text(&f, "spec:\n  groups:\n  - name: a\n  - name: b\n  x]: [\n  - name: c\n",
                        "thing 1 line 3 id=a\nthing 2 line 4 id=b\n2 of 2, truncated\n");
    assert_int_equal(fixture_count(&f, DIAGNOSTIC_YAML_MALFORMED), 1);
    fixture_expect_text(&f, "spec:\n  groups:\n  - name: a\n  - name: \"b\n",
                        "thing 1 line 3 id=a\n1 of 2, 1 rejected, truncated\n");
    assert_int_equal(fixture_count(&f, DIAGNOSTIC_TRUNCATED), 1);
    fixture_expect_text(&f, "spec: {groups: [{name: a}]}\nb: \x01\n", "0 of 0, no list, wrong shape\n");
    fixture_expect_text(&f, "", "0 of 0, no list, wrong shape\n");
    fixture_expect_text(&f, "}", "0 of 0, no list, wrong shape\n");
    fixture_end(&f);
}

/* Cut anywhere, nothing is lost in silence: what was whole is read, and the counts add up. */
static void test_cut_everywhere(void **state) {
    (void)state;
    struct fixture f;
    fixture_begin(&f, groups_kinds);
    for (size_t cut = 0; cut < sizeof groups_text - 1; cut++) {
        struct buffer shown = {0};
        struct buffer again = {0};
        diagnostics_free(f.scratch.diagnostics);
        f.scratch.diagnostics = diagnostics_new();
        fixture_read_by(&f, 0, groups_text, cut, 0, &shown);
        fixture_read_by(&f, 0, groups_text, cut, 1, &again);
        assert_string_equal(buffer_text(&shown), buffer_text(&again));
        assert_true(f.tally.loaded <= 2);
        assert_true(f.tally.list_seen || f.tally.wrong_shape || f.tally.truncated);
        buffer_free(&shown);
        buffer_free(&again);
    }
    fixture_end(&f);
}

static void test_inside(void **state) {
    (void)state;
    static const char *const in_yaml[] = {
        "kind: rules\nformat: yaml\ninside: {path: \"data['rules.yaml']\", format: yaml}\n"
        "rows: [{type: thing, at: \"groups[*]\", map: {id: name, note: $.metadata.name}}]\n",
        NULL};
    static const char *const csv[] = {"kind: table\nformat: yaml\ninside: {path: data.table, format: csv}\n"
                                      "rows: [{type: thing, map: {id: id, n: n}}]\n",
                                      NULL};
    static const char *const in_json[] = {"kind: wrapped\nformat: json\ninside: {path: body, format: yaml}\n"
                                          "rows: [{type: thing, at: \"[*]\", map: {id: id}}]\n",
                                          NULL};
    struct fixture f;
    fixture_begin(&f, in_yaml);
    fixture_expect(&f, "metadata: {name: M}\ndata:\n  rules.yaml: |\n    groups:\n    - name: a\n    - name: b\n",
                   "thing 1 line 2 id=a note=M\nthing 2 line 3 id=b note=M\n2 of 2\n", "");
    fixture_end(&f);
    fixture_begin(&f, csv);
    fixture_expect(&f, "data:\n  table: |\n    id,n\n    a,1\n    b,2\n",
                   "thing 1 line 2 id=a n=1\nthing 2 line 3 id=b n=2\n2 of 2\n", "");
    fixture_end(&f);
    fixture_begin(&f, in_json);
    fixture_expect(&f, "{\"body\": \"- id: a\\n- id: b\\n\"}", "thing 1 line 1 id=a\nthing 2 line 2 id=b\n2 of 2\n",
                   "");
    fixture_end(&f);
}

/* No value may be longer than a record, however little of it is wanted. */
static void test_long_value(void **state) {
    (void)state;
    struct buffer text = {0};
    struct buffer shown = {0};
    struct fixture f;
    fixture_begin(&f, scalars_kinds);
    buffer_append_text(&text, "id: a\nother: \"");
    for (size_t i = 0; i < LIMIT_RECORD_BYTES / 16 + 4096; i++) {
        buffer_append_text(&text, "0123456789abcdef");
    }
    buffer_append_text(&text, "\"\n");
    fixture_read_by(&f, 0, text.data, text.length, 0, &shown);
    assert_int_equal(f.tally.rejected, 1);
    assert_int_equal(fixture_count(&f, DIAGNOSTIC_RECORD_TOO_LONG), 1);
    buffer_free(&text);
    buffer_free(&shown);
    fixture_end(&f);
}

static void test_detection(void **state) {
    (void)state;
    size_t found[2];
    struct fixture f;
    fixture_begin(&f, groups_kinds);
    assert_int_equal(read_detect(f.schema, groups_text, sizeof groups_text - 1, found, 2), 1);
    assert_int_equal(read_detect(f.schema, "{\"name\": [", 10, found, 2), 0);
    assert_int_equal(read_detect(f.schema, "", 0, found, 2), 0);
    fixture_end(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nested_rows),    cmocka_unit_test(test_encodings), cmocka_unit_test(test_places),
        cmocka_unit_test(test_scalars),        cmocka_unit_test(test_documents), cmocka_unit_test(test_refused_records),
        cmocka_unit_test(test_alias_bomb),     cmocka_unit_test(test_depth),     cmocka_unit_test(test_malformed),
        cmocka_unit_test(test_cut_everywhere), cmocka_unit_test(test_inside),    cmocka_unit_test(test_detection),
        cmocka_unit_test(test_long_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
