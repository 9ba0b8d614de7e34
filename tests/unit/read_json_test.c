#include "read_fixture.h"

#include "base/limits.h"

/* Nested rows, values around the records before and behind them, names and places. */
static const char nested[] = "kind: things\n"
                             "format: json\n"
                             "detect: {paths: [id, n]}\n"
                             "effective: {from: $.made, time: iso}\n"
                             "rows:\n"
                             "  - type: thing\n"
                             "    at: \"data.things[*]\"\n"
                             "    when: {state: {not: [gone]}}\n"
                             "    map: {id: id, n: {from: n, optional: true}, note: $.team.name}\n"
                             "  - type: part\n"
                             "    at: \"data.things[*].parts[*]\"\n"
                             "    map: {thing: ../id, name: name, place: '@index'}\n"
                             "ignore: [$.page]\n";
static const char *const nested_kinds[] = {nested, NULL};

#define AROUND(list)                                                                                                   \
    "{\"made\":\"2025-10-01T00:00:00Z\",\"data\":{\"things\":" list "},\"team\":{\"name\":\"T\"},\"page\":1}"

static void test_nested_rows(void **state) {
    (void)state;
    struct fixture f;
    fixture_begin(&f, nested_kinds);
    fixture_expect(
        &f,
        AROUND("[\n{\"parts\":[{\"name\":\"x\"},\n{\"name\":\"y\"}],\"id\":\"a\",\"n\":1,\"state\":\"on\"},\n"
               "{\"id\":\"b\",\"parts\":[],\"state\":\"gone\"},\n{\"id\":\"c\",\"state\":null}]"),
        "thing 1 line 2 id=a n=1\n"
        "part 1 line 2 thing=a name=x place=0\n"
        "part 1 line 3 thing=a name=y place=1\n"
        "thing 3 line 5 id=c\n"
        "all of thing: note=T\n"
        "2 of 3, 1 passed over\n",
        "");
    assert_true(f.facts.has_effective);
    assert_int_equal(f.facts.effective, 1759276800);
    fixture_end(&f);
}

/* The place of a row is that of its own element. */
static void test_places(void **state) {
    (void)state;
    static const char text[] = AROUND("[{\"id\":\"a\",\"parts\":[{\"name\":\"x\"}],\"n\":7,\"state\":\"\"}]");
    struct fixture f;
    struct byte_source_memory memory;
    struct record record;
    fixture_begin(&f, nested_kinds);
    byte_source_memory(&memory, text, sizeof text - 1);
    memory.most = 1;
    const struct read_request request = {.schema = f.schema,
                                         .kind = &f.schema->kinds[0],
                                         .path = "evidence",
                                         .bytes = &memory.source,
                                         .diagnostics = f.scratch.diagnostics};
    struct record_source *source = read_open(&request);
    const char *thing = strstr(text, "{\"id\"");
    const char *part = strstr(text, "{\"name\":\"x\"");
    assert_int_equal(source->next(source, &record), RECORD_ROW);
    assert_int_equal(record.locator.offset, thing - text);
    assert_int_equal(record.locator.length,
                     strlen("{\"id\":\"a\",\"parts\":[{\"name\":\"x\"}],\"n\":7,\"state\":\"\"}"));
    assert_int_equal(source->next(source, &record), RECORD_ROW);
    assert_int_equal(record.locator.offset, part - text);
    assert_int_equal(record.locator.length, strlen("{\"name\":\"x\"}"));
    assert_int_equal(source->next(source, &record), RECORD_END);
    read_close(source);
    fixture_end(&f);
}

static void test_shapes(void **state) {
    (void)state;
    struct fixture f;
    fixture_begin(&f, nested_kinds);
    fixture_expect(&f, AROUND("[]"), "all of thing: note=T\n0 of 0\n", "");
    fixture_expect(&f, "{\"message\": \"Bad credentials\"}", "all of thing: note=\n0 of 0, no list, wrong shape\n",
                   "evidence: error: the list \"data.things\" is not there; the file begins with \"{\"message\": \"Bad "
                   "credentials\"}\"; export it again as 'things' [wrong-shape]\n");
    fixture_expect(&f, AROUND("null"), "all of thing: note=T\n0 of 0, no list, wrong shape\n",
                   "evidence: error: the list \"data.things\" is not there; the file begins with "
                   "\"{\"made\":\"2025-10-01T00:00:00Z\",\"data\":{\"things\":null},\"team\"...\"; export it again as "
                   "'things' [wrong-shape]\n");
    fixture_expect(&f, "", "0 of 0, no list, wrong shape\n",
                   "evidence: error: the file is empty; export it again as 'things' [wrong-shape]\n");
    fixture_expect(&f, "<!DOCTYPE html>", "0 of 0, no list, wrong shape\n",
                   "evidence: error: this is not JSON (line 1: a value is missing); the file begins with \"<!DOCTYPE "
                   "html>\"; export it again as 'things' [wrong-shape]\n");
    fixture_expect_bytes(&f, "\0{\0}", 4, "0 of 0, no list, wrong shape\n",
                         "evidence:1:1: error: the text is UTF-16; export it with a byte order mark or as UTF-8, "
                         "or declare `encoding: utf-16le` [encoding]\n");
    fixture_expect(&f, "{\"data\":{\"things\":[{\"id\":\"a\",\"state\":\"\",\"parts\":[]}]}}",
                   "thing 1 line 1 id=a\nall of thing: note=\n1 of 1, wrong shape\n",
                   "evidence: error: made stands nowhere in the file; export it with this value, or mark it `optional` "
                   "(a list: its rule `may_be_empty`) in the kind things [path-never-seen]\n"
                   "evidence: error: team.name stands nowhere in the file; export it with this value, or mark it "
                   "`optional` (a list: its rule `may_be_empty`) in the kind things [path-never-seen]\n");
    fixture_expect(&f, AROUND("[{\"ID\":\"a\",\"state\":\"\",\"Parts\":[]}]"),
                   "thing 1 line 1 (1 invalid)\nall of thing: note=T\n1 of 1, wrong shape\n",
                   "evidence: error: data.things[*].id stands nowhere in the file; export it with this value, or mark "
                   "it `optional` (a list: its rule `may_be_empty`) in the kind things [path-never-seen]\n"
                   "evidence: error: data.things[*].parts stands nowhere in the file; export it with this value, or "
                   "mark it `optional` (a list: its rule `may_be_empty`) in the kind things [path-never-seen]\n"
                   "evidence: note: the values \"data.things[*].ID\", \"data.things[*].Parts\" are neither mapped nor "
                   "ignored by the kind things; map them, or list them under `ignore:` [unknown-path]\n"
                   "evidence:1: record 1: error: the record has no id, which thing requires; complete it at its source "
                   "and export again [required-missing]\n");
    fixture_end(&f);
}

/* Pages that were joined into one file: an error page among them is no page. */
static void test_error_among_pages(void **state) {
    (void)state;
    static const char kind[] = "kind: things\n"
                               "format: json\n"
                               "detect: {paths: [id]}\n"
                               "rows: [{type: thing, at: \"[*]\", map: {id: id}}]\n"
                               "ignore: [message]\n";
    static const char *const kinds[] = {kind, NULL};
    struct fixture f;
    fixture_begin(&f, kinds);
    fixture_expect(&f, "[{\"id\":1}][{\"id\":2}]\n[]", "thing 1 line 1 id=1\nthing 2 line 1 id=2\n2 of 2\n", "");
    fixture_expect(
        &f, "[{\"id\":1}]\n{\"message\":\"slow down\"}", "thing 1 line 1 id=1\n1 of 1, wrong shape\n",
        "evidence: error: the file holds several documents, and some are not lists of records; the file "
        "begins with \"[{\"id\":1}] {\"message\":\"slow down\"}\"; export it again as 'things' [wrong-shape]\n");
    fixture_end(&f);
}

static void test_unreadable_records(void **state) {
    (void)state;
    struct fixture f;
    fixture_begin(&f, nested_kinds);
    fixture_expect(
        &f,
        AROUND("[{\"id\":\"a\",\"state\":\"\",\"id\":\"b\",\"parts\":[]},\n"
               "{\"id\":\"\xFF\",\"state\":\"\"},\n"
               "{\"id\":\"c\",\"state\":\"\",\"junk\":\"\\ud800\"},\n"
               "7,\n"
               "{\"id\":\"e\",\"state\":\"\"}]"),
        "thing 5 line 5 id=e\n"
        "all of thing: note=T\n"
        "1 of 5, 4 rejected\n",
        "evidence: note: the values \"data.things[*].junk\" are neither mapped nor ignored by the kind "
        "things; map them, or list them under `ignore:` [unknown-path]\n"
        "evidence:1: record 1: error: the record has the key \"id\" twice, and which one is meant is unclear; "
        "correct the export [json-duplicate-key]\n"
        "evidence:2: record 2: error: the record has a string that is not UTF-8; export it as UTF-8, or "
        "declare what it really is, such as `encoding: windows-1252` [encoding]\n"
        "evidence:3: record 3: error: the record has a string that is not UTF-8; export it as UTF-8, or "
        "declare what it really is, such as `encoding: windows-1252` [encoding]\n"
        "evidence:4: record 4: error: the record is no JSON object; correct the export, or `at` in the kind "
        "things [record-shape]\n");
    fixture_expect(&f, AROUND("[{\"id\":\"a\",\"state\":\"\"},\n{\"id\":\"b\" \"state\":1}]"),
                   "thing 1 line 1 id=a\n1 of 2, 1 rejected, truncated\n",
                   "evidence:2:11: record 2: error: a ',' or '}' is missing; correct the export, or export it again "
                   "[json-syntax]\n");
    fixture_expect(&f, "{\"data\":{\"things\":[],\"things\":[]},\"made\":\"2025-10-01\",\"team\":{\"name\":\"\"}}",
                   "all of thing: note=\n0 of 0, wrong shape\n",
                   "evidence:1: error: the document around the records has the key \"things\" twice, and which one is "
                   "meant is unclear; correct the export [json-duplicate-key]\n");
    fixture_end(&f);
}

static void test_depth_is_told(void **state) {
    (void)state;
    struct fixture f;
    struct buffer text = {0};
    fixture_begin(&f, nested_kinds);
    buffer_append_text(&text, "{\"data\":{\"things\":[{\"id\":");
    for (size_t i = 0; i < LIMIT_JSON_DEPTH; i++) {
        buffer_append_byte(&text, '[');
    }
    fixture_expect(
        &f, buffer_text(&text), "0 of 1, 1 rejected, truncated\n",
        "evidence:1:86: record 1: error: lists and objects are nested more than 64 deep; correct the export, "
        "or export it again [json-depth]\n");
    buffer_free(&text);
    fixture_end(&f);
}

/* Cut anywhere, the document is not complete, and says so; the records before the cut are the same. */
static void test_cut_everywhere(void **state) {
    (void)state;
    static const char text[] = AROUND("[{\"id\":\"a\",\"parts\":[{\"name\":\"x\"}],\"n\":1,\"state\":\"on\"},"
                                      "{\"id\":\"b\xC3\xA9\",\"parts\":[],\"state\":\"\\u00e9\"}]");
    struct fixture f;
    struct buffer whole = {0};
    struct buffer cut = {0};
    fixture_begin(&f, nested_kinds);
    fixture_read_by(&f, 0, text, sizeof text - 1, 0, &whole);
    assert_int_equal(f.tally.loaded, 2);
    for (size_t length = 0; length < sizeof text - 1; length++) {
        for (size_t most = 0; most < 2; most++) {
            buffer_clear(&cut);
            fixture_read_by(&f, 0, text, length, most, &cut);
            assert_true(f.tally.truncated || f.tally.wrong_shape);
            assert_true(length == 0 || f.tally.truncated);
            size_t same = 0;
            for (uint64_t row = 0; row < f.tally.rows; row++) {
                same += strcspn(cut.data + same, "\n") + 1;
            }
            assert_memory_equal(cut.data, whole.data, same);
        }
    }
    buffer_free(&whole);
    buffer_free(&cut);
    fixture_end(&f);
}

static void test_values_of_each_kind(void **state) {
    (void)state;
    static const char kind[] = "kind: things\n"
                               "format: json\n"
                               "detect: {paths: [id]}\n"
                               "null: ['', none]\n"
                               "rows:\n"
                               "  - type: thing\n"
                               "    at: \"[*]\"\n"
                               "    map:\n"
                               "      id: id\n"
                               "      n: n\n"
                               "      r: {from: r, optional: true}\n"
                               "      ok: {from: ok, optional: true}\n"
                               "      made: {from: made, time: epoch, null: ['0'], optional: true}\n"
                               "      sort: {from: sort, optional: true}\n"
                               "      note: {from: note, optional: true}\n";
    static const char *const kinds[] = {kind, NULL};
    struct fixture f;
    fixture_begin(&f, kinds);
    fixture_expect(
        &f,
        "[{\"id\":\"a\",\"n\":1.0,\"r\":1,\"ok\":true,\"made\":1.5E9,\"sort\":\"red\",\"note\":{\"x\": [1, "
        "\"\\\"\"]}},\n"
        "{\"id\":7,\"n\":1e3,\"r\":\"0.25\",\"ok\":\"no\",\"made\":1500000000.75,\"note\":false},\n"
        "{\"id\":\"c\",\"n\":-9223372036854775808,\"r\":-0,\"ok\":0,\"made\":0,\"sort\":null,\"note\":\"none\"},\n"
        "{\"id\":\"d\",\"n\":12345e-2},\n"
        "{\"id\":\"e\",\"n\":9223372036854775808},\n"
        "{\"id\":\"f\",\"n\":[1]},\n"
        "{\"id\":\"g\",\"n\":true},\n"
        "{\"id\":\"h\\u0000\",\"n\":100e-2,\"sort\":\"green\"},\n"
        "{\"id\":\"i\",\"n\":1e999999999999}]",
        "thing 1 line 1 id=a n=1 r=1 ok=1 made=1500000000 sort=red note={\"x\": [1, \"\\\"\"]}\n"
        "thing 2 line 2 id=7 n=1000 r=0.25 ok=0 made=1500000000 note=false\n"
        "thing 3 line 3 id=c n=-9223372036854775808 r=-0 ok=0\n"
        "thing 4 line 4 id=d (1 invalid)\n"
        "thing 5 line 5 id=e (1 invalid)\n"
        "thing 6 line 6 id=f (1 invalid)\n"
        "thing 7 line 7 id=g (1 invalid)\n"
        "thing 8 line 8 n=1 (2 invalid)\n"
        "thing 9 line 9 id=i (1 invalid)\n"
        "9 of 9, 1 unknown\n",
        "evidence:4: record 4: error: \"12345e-2\" is not a whole number of 64 bits, as the column n wants; correct "
        "the "
        "export, or how the kind maps n [value-conversion]\n"
        "evidence:5: record 5: error: \"9223372036854775808\" is not a whole number of 64 bits, as the column n wants; "
        "correct the export, or how the kind maps n [value-conversion]\n"
        "evidence:6: record 6: error: \"[1]\" is not a whole number of 64 bits, as the column n wants; correct the "
        "export, or how the kind maps n [value-conversion]\n"
        "evidence:7: record 7: error: \"true\" is not a whole number of 64 bits, as the column n wants; correct the "
        "export, or how the kind maps n [value-conversion]\n"
        "evidence:8: record 8: error: \"h?\" is not a text of at most 1 MiB without NUL characters, as the column id "
        "wants; correct the export, or how the kind maps id [value-conversion]\n"
        "evidence:8: record 8: error: the value \"green\" of sort is none that the kind things knows; add it to the "
        "kind's values, or correct the export [unknown-value]\n"
        "evidence:9: record 9: error: \"1e999999999999\" is not a whole number of 64 bits, as the column n wants; "
        "correct the export, or how the kind maps n [value-conversion]\n");
    fixture_end(&f);
}

/* What one expression may go without, another may need. */
static void test_inputs_of_expressions(void **state) {
    (void)state;
    static const char kind[] = "kind: made\n"
                               "format: json\n"
                               "detect: {paths: [id]}\n"
                               "rows:\n"
                               "  - type: thing\n"
                               "    at: \"[*]\"\n"
                               "    map:\n"
                               "      id: id\n"
                               "      note: {expr: 'a || b', from: {a: a, b: b}, optional: true}\n"
                               "      sort: {expr: 'b || c', from: {b: b, c: c}}\n";
    static const char *const made[] = {kind, NULL};
    struct fixture f;
    fixture_begin(&f, made);
    fixture_expect(&f, "[{\"id\":\"x\",\"b\":2},{\"id\":\"y\",\"c\":3}]",
                   "thing 1 line 1 id=x :b=2\nthing 2 line 1 id=y :c=3\n2 of 2\n", "");
    fixture_expect(
        &f, "[{\"id\":\"x\",\"a\":1,\"b\":2}]", "thing 1 line 1 id=x :a=1 :b=2\n1 of 1, wrong shape\n",
        "evidence: error: [*].c stands nowhere in the file; export it with this value, or mark it `optional` (a "
        "list: its rule `may_be_empty`) in the kind made [path-never-seen]\n");
    fixture_end(&f);
}

static void test_lines(void **state) {
    (void)state;
    static const char kind[] = "kind: things\n"
                               "format: ndjson\n"
                               "detect: {paths: [id]}\n"
                               "rows:\n"
                               "  - {type: thing, map: {id: id}}\n"
                               "  - {type: part, at: \"parts[*]\", may_be_empty: true, map: {thing: ../id, name: .}}\n";
    static const char *const kinds[] = {kind, NULL};
    struct fixture f;
    fixture_begin(&f, kinds);
    fixture_expect(&f,
                   "\xEF\xBB\xBF{\"id\":\"a\",\"parts\":[\"x\",\"y\"]}\r\n"
                   "\x1b]2K{\"id\":\"b\"}\n"
                   "{\"id\":\n"
                   "{\"id\":\"d\"}{\"id\":\"e\"}\n"
                   "\n"
                   "[1]\n"
                   "{\"id\":\"f\",\n \"parts\":[]}",
                   "thing 1 line 1 id=a\n"
                   "part 1 line 1 thing=a name=x\n"
                   "part 1 line 1 thing=a name=y\n"
                   "thing 4 line 4 id=d\n"
                   "thing 5 line 4 id=e\n"
                   "thing 7 line 7 id=f\n"
                   "4 of 7, 3 rejected\n",
                   "evidence:2:1: record 2: error: a value is missing; correct the export, or export it again "
                   "[json-syntax]\n"
                   "evidence:4:11: record 3: error: a ',' or '}' is missing; correct the export, or export it again "
                   "[json-syntax]\n"
                   "evidence:6: record 6: error: the record is no JSON object; correct the export, or `at` in the kind "
                   "things [record-shape]\n");
    fixture_expect(&f, "\r\x1b[2K{\"id\":\"a\"}\n\x1b[1;32m\x1b[0m\r{\"id\":\"b\"}",
                   "thing 1 line 1 id=a\nthing 2 line 2 id=b\n2 of 2\n", "");
    fixture_expect(
        &f, "{\"id\":\"a\"}\n{\"id\":\"b", "thing 1 line 1 id=a\n1 of 2, 1 rejected, truncated\n",
        "evidence:2:9: record 2: error: the file ends inside a JSON document; export it again [truncated]\n");
    fixture_expect(&f, "", "0 of 0, no list, wrong shape\n",
                   "evidence: error: the file is empty; export it again as 'things' [wrong-shape]\n");
    fixture_end(&f);
}

/* Lists of records in a list are the pages of an API, and only where every one of them is a list. */
static void test_gathered_pages(void **state) {
    (void)state;
    static const char kind[] = "kind: things\n"
                               "format: json\n"
                               "detect: {paths: [id]}\n"
                               "rows: [{type: thing, at: \"[*]\", map: {id: id}}]\n";
    static const char *const kinds[] = {kind, NULL};
    static const char *const good[] = {
        "[[{\"id\":\"a\"}],[{\"id\":\"b\"}]]",
        "[ \t\r[{\"id\":\"a\"} , {\"id\":\"b\"}] ] ",
        "\xEF\xBB\xBFthings = [[{\"id\":\"a\"}],[],[{\"id\":\"b\"}]];",
        "[[],[{\"id\":\"a\"}]][{\"id\":\"b\"}]",
    };
    struct fixture f;
    fixture_begin(&f, kinds);
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        fixture_expect(&f, good[i], "thing 1 line 1 id=a\nthing 2 line 1 id=b\n2 of 2\n", "");
    }
    fixture_expect(&f, "[\n\n[\n{\"id\":\"a\"}\n],\n[\n{\"id\":\"b\"}]]\n",
                   "thing 1 line 4 id=a\nthing 2 line 7 id=b\n2 of 2\n", "");
    fixture_expect_text(&f, "[[{\"id\":\"a\"}],{\"message\":\"try later\"}]",
                        "thing 1 line 1 id=a\n1 of 1, truncated\n");
    fixture_expect_text(&f, "[[{\"id\":\"a\"}],]", "thing 1 line 1 id=a\n1 of 1, truncated\n");
    fixture_expect_text(&f, "[[{\"id\":\"a\"}][{\"id\":\"b\"}]]", "thing 1 line 1 id=a\n1 of 1, truncated\n");
    fixture_expect(&f, "[[{\"id\":\"a\"}]", "thing 1 line 1 id=a\n1 of 1, truncated\n",
                   "evidence:1:14: error: the file ends inside a JSON document; export it again [truncated]\n");
    /* Lists of other things are no pages, and a list among records is none of them. */
    fixture_expect_text(&f, "[[1],[{\"id\":\"b\"}]]", "0 of 2, 2 rejected\n");
    fixture_expect_text(&f, "[[[{\"id\":\"a\"}]]]", "0 of 1, 1 rejected\n");
    fixture_expect_text(&f, "[{\"id\":\"a\"},[{\"id\":\"b\"}]]", "thing 1 line 1 id=a\n1 of 2, 1 rejected\n");
    fixture_end(&f);
}

/* What stands around a document is passed over where it is an assignment or a guard, and nothing else is. */
static void test_wrappings(void **state) {
    (void)state;
    static const char kind[] = "kind: things\n"
                               "format: json\n"
                               "detect: {paths: [id]}\n"
                               "rows: [{type: thing, at: \"[*]\", map: {id: id}}]\n";
    static const char *const kinds[] = {kind, NULL};
    static const char *const good[] = {
        "results =\n[{\"id\":\"a\"}]\n",
        "var app.results=[{\"id\":\"a\"}];\n",
        "$x = [{\"id\":\"a\"}] ;",
        ")]}'\n[{\"id\":\"a\"}]",
        ")]}',[{\"id\":\"a\"}]",
        "while(1);[{\"id\":\"a\"}]",
        "\xEF\xBB\xBF_ = [{\"id\":\"a\"}]",
        "for(;;);[{\"id\":\"a\"}]",
    };
    static const char *const bad[] = {
        "a = b = [{\"id\":\"a\"}]",
        "a == [{\"id\":\"a\"}]",
        "a [{\"id\":\"a\"}]",
        "= [{\"id\":\"a\"}]",
    };
    struct fixture f;
    fixture_begin(&f, kinds);
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        bool second = strchr(good[i], '\n') != NULL && strchr(good[i], '\n') < strchr(good[i], '[');
        fixture_expect(&f, good[i], second ? "thing 1 line 2 id=a\n1 of 1\n" : "thing 1 line 1 id=a\n1 of 1\n", "");
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        fixture_expect_text(&f, bad[i], "0 of 0, no list, wrong shape\n");
    }
    fixture_expect_text(&f, "a = ", "0 of 0, no list, wrong shape\n");
    fixture_expect_text(&f, "1 = [{\"id\":\"a\"}]", "0 of 0, no list, truncated\n");
    /* A ';' behind what was not assigned, or twice, is none of it. */
    fixture_expect_text(&f, "[{\"id\":\"a\"}];", "thing 1 line 1 id=a\n1 of 1, truncated\n");
    fixture_expect_text(&f, "a=[{\"id\":\"a\"}];;", "thing 1 line 1 id=a\n1 of 1, truncated\n");
    fixture_end(&f);
}

static void test_members_and_documents(void **state) {
    (void)state;
    static const char kind[] = "kind: things\n"
                               "format: json\n"
                               "detect: {paths: [users]}\n"
                               "rows:\n"
                               "  - {type: thing, at: users.*, map: {id: '@key', n: age}}\n"
                               "  - {type: part, at: \"users.*.keys[*]\", may_be_empty: true, map: {thing: '../@key', "
                               "name: ., place: '@index'}}\n"
                               "  - {type: part, at: ., map: {thing: name, name: {value: whole}}}\n";
    static const char *const kinds[] = {kind, NULL};
    struct fixture f;
    fixture_begin(&f, kinds);
    fixture_expect(
        &f, "{\"users\":{\"an\\u006e\":{\"age\":3,\"keys\":[\"k\",\"l\"]},\n\"bob\":{\"age\":4}},\"name\":\"N\"}",
        "thing 1 line 1 id=ann n=3\n"
        "part 1 line 1 thing=ann name=k place=0\n"
        "part 1 line 1 thing=ann name=l place=1\n"
        "thing 2 line 2 id=bob n=4\n"
        "part 3 line 1 thing=N name=whole\n"
        "3 of 3\n",
        "");
    /* Two pages in one file are two documents. */
    fixture_expect(&f, "{\"users\":{\"a\":{\"age\":3}},\"name\":\"N\"}\n{\"users\":{\"b\":{\"age\":4}},\"name\":\"M\"}",
                   "thing 1 line 1 id=a n=3\n"
                   "part 2 line 1 thing=N name=whole\n"
                   "thing 3 line 2 id=b n=4\n"
                   "part 4 line 2 thing=M name=whole\n"
                   "4 of 4\n",
                   "");
    fixture_end(&f);
}

static void test_envelope_of_several_documents(void **state) {
    (void)state;
    static const char kind[] =
        "kind: things\n"
        "format: json\n"
        "detect: {paths: [id]}\n"
        "rows:\n"
        "  - {type: thing, at: \"list[*]\", when: {$.state: [ok]}, map: {id: id, note: $.name}}\n";
    static const char *const kinds[] = {kind, NULL};
    struct fixture f;
    fixture_begin(&f, kinds);
    fixture_expect(&f,
                   "{\"state\":\"ok\",\"list\":[{\"id\":1}],\"name\":\"N\"} "
                   "{\"name\":\"N\",\"state\":\"no\",\"list\":[{\"id\":2}]}",
                   "thing 1 line 1 id=1\nall of thing: note=N\n1 of 2, 1 passed over\n", "");
    fixture_expect(
        &f, "{\"state\":\"ok\",\"list\":[{\"id\":1}],\"name\":\"N\"}\n{\"name\":\"M\",\"list\":[]}",
        "thing 1 line 1 id=1\nall of thing: note=N\n1 of 1, wrong shape\n",
        "evidence: error: the file holds several documents that say different things of their records; keep "
        "each in a file of its own; the file begins with "
        "\"{\"state\":\"ok\",\"list\":[{\"id\":1}],\"name\":\"N\"} {\"name\":\"M\",\"lis...\"; export it again as "
        "'things' [wrong-shape]\n");
    fixture_expect(
        &f, "{\"list\":[{\"id\":1}],\"state\":\"ok\",\"name\":\"N\"}",
        "all of thing: note=N\n0 of 1, 1 passed over, wrong shape\n",
        "evidence: error: a value of the document that `when` asks for stands behind the records, where it "
        "comes too late; the file begins with \"{\"list\":[{\"id\":1}],\"state\":\"ok\",\"name\":\"N\"}\"; export "
        "it again as 'things' [wrong-shape]\n");
    fixture_end(&f);
}

/* An API answers IsTruncated behind its list: where the answer is the same as without it, the rows are right. */
static void test_late_condition(void **state) {
    (void)state;
    static const char kind[] = "kind: things\n"
                               "format: json\n"
                               "detect: {paths: [list]}\n"
                               "rows:\n"
                               "  - {type: thing, at: \"list[*]\", when: {$.more: [\"\", \"false\"], $.next: [\"\"]}, "
                               "map: {id: id}}\n";
    static const char *const kinds[] = {kind, NULL};
    struct fixture f;
    fixture_begin(&f, kinds);
    fixture_expect(&f, "{\"list\":[{\"id\":1}],\"more\":false,\"next\":null}", "thing 1 line 1 id=1\n1 of 1\n", "");
    fixture_expect(&f, "{\"list\":[{\"id\":1}],\"more\":true,\"next\":\"x\"}",
                   "thing 1 line 1 id=1\n1 of 1, wrong shape\n",
                   "evidence: error: a value of the document that `when` asks for stands behind the records, where it "
                   "comes too late; the file begins with \"{\"list\":[{\"id\":1}],\"more\":true,\"next\":\"x\"}\"; "
                   "export it again as 'things' [wrong-shape]\n");
    fixture_end(&f);
}

/* A condition with [*] asks about elements below its row: of the document's own row also about those that are records.
 */
static void test_some_element(void **state) {
    (void)state;
    static const char kind[] = "kind: things\n"
                               "format: json\n"
                               "detect: {paths: [id]}\n"
                               "rows:\n"
                               "  - {type: thing, at: ., when: {\"list[*].sort\": [os, lang]}, map: {id: name, note: "
                               "{value: some}}}\n"
                               "  - {type: thing, at: ., when: {\"list[*].sort\": {not: [os, lang]}}, map: {id: name, "
                               "note: {value: none}}}\n"
                               "  - {type: part, at: \"list[*]\", when: {\"parts[*].ok\": {present: true}}, "
                               "map: {thing: sort, name: {value: present}}}\n"
                               "  - {type: part, at: \"list[*]\", when: {\"parts[*].ok\": {present: false}}, "
                               "map: {thing: sort, name: {value: absent}}}\n";
    static const char *const kinds[] = {kind, NULL};
    struct fixture f;
    fixture_begin(&f, kinds);
    fixture_expect(&f,
                   "{\"name\":\"a\",\"list\":[\n{\"sort\":\"x\",\"parts\":[{\"no\":1},{\"ok\":0}]},\n"
                   "{\"sort\":\"os\",\"parts\":[]},\n{\"sort\":\"y\",\"parts\":[{\"ok\":null}]}]}",
                   "part 1 line 2 thing=x name=present\n"
                   "part 2 line 3 thing=os name=absent\n"
                   "part 3 line 4 thing=y name=absent\n"
                   "thing 4 line 1 id=a note=some\n"
                   "4 of 4\n",
                   "evidence: note: the values \"list[*].parts[*].no\" are neither mapped nor ignored by the kind "
                   "things; map them, "
                   "or list them under `ignore:` [unknown-path]\n");
    /* What a document answered is no answer of the next, and what stands elsewhere is none. */
    fixture_expect_text(&f,
                        "{\"name\":\"a\",\"list\":[{\"sort\":\"lang\",\"parts\":[]}]}"
                        "{\"name\":\"b\",\"sort\":\"os\",\"list\":[{\"sort\":\"z\",\"parts\":[]}]}"
                        "{\"name\":\"c\",\"list\":[]}",
                        "part 1 line 1 thing=lang name=absent\n"
                        "thing 2 line 1 id=a note=some\n"
                        "part 3 line 1 thing=z name=absent\n"
                        "thing 4 line 1 id=b note=none\n"
                        "thing 5 line 1 id=c note=none\n"
                        "5 of 5\n");
    fixture_end(&f);
}

/* What is asked for by its number comes alone, without the list around it; an answer that reports an error does so,
 * too. */
static void test_one_alone(void **state) {
    (void)state;
    static const char kind[] = "kind: things\n"
                               "format: json\n"
                               "detect: {paths: [id, n]}\n"
                               "rows:\n"
                               "  - {type: thing, at: \"[*]\", map: {id: id, n: n}}\n"
                               "  - {type: part, at: \"[*].parts[*]\", may_be_empty: true, "
                               "map: {thing: ../id, name: name}}\n";
    static const char *const kinds[] = {kind, NULL};
    struct fixture f;
    fixture_begin(&f, kinds);
    fixture_expect(&f, "{\"id\":\"a\",\"parts\":[\n{\"name\":\"x\"}],\"n\":1}",
                   "thing 1 line 1 id=a n=1\npart 1 line 2 thing=a name=x\n1 of 1\n", "");
    fixture_expect(&f, "{\"id\":\"a\",\"n\":1}\n{\"id\":\"b\",\"n\":2}\n[{\"id\":\"c\",\"n\":3}]",
                   "thing 1 line 1 id=a n=1\nthing 2 line 2 id=b n=2\nthing 3 line 3 id=c n=3\n3 of 3\n", "");
    fixture_expect(&f, "{\"message\":\"no\",\"id\":\"a\"}", "0 of 0, no list, wrong shape\n",
                   "evidence: error: the document is not the list of records; the file begins with "
                   "\"{\"message\":\"no\",\"id\":\"a\"}\"; export it again as 'things' [wrong-shape]\n");
    fixture_end(&f);
}

static void test_pages(void **state) {
    (void)state;
    static const char kind[] = "kind: things\n"
                               "title: Things\n"
                               "format: json\n"
                               "detect: {paths: [list]}\n"
                               "complete: {$.next: [\"\"], $.last: [\"\", \"true\"]}\n"
                               "count: $.total\n"
                               "rows:\n"
                               "  - {type: thing, at: \"list[*]\", map: {id: id}}\n";
    static const char *const kinds[] = {kind, NULL};
    struct fixture f;
    fixture_begin(&f, kinds);
    fixture_expect(&f, "{\"list\":[{\"id\":1}],\"last\":true,\"next\":null,\"total\":1}",
                   "thing 1 line 1 id=1\n1 of 1\n", "");
    fixture_expect(
        &f, "{\"next\":\"x\",\n\"list\":[{\"id\":1}]}", "thing 1 line 2 id=1\n1 of 1, truncated\n",
        "evidence:1: error: $.next is \"x\", so that it is not all there is, or does not say so; export all pages of "
        "'Things' into one file, the last of them last [incomplete-export]\n");
    fixture_expect(
        &f, "{\"list\":[],\"last\":false}", "0 of 0, truncated\n",
        "evidence:1: error: $.last is \"false\", so that it is not all there is, or does not say so; export all pages "
        "of 'Things' into one file, the last of them last [incomplete-export]\n");
    /* Pages one behind the other: the last document tells, and the counts of each are of all of them. */
    fixture_expect(&f, "{\"next\":\"x\",\"list\":[{\"id\":1}],\"total\":2} {\"list\":[{\"id\":2}],\"total\":\"2\"}",
                   "thing 1 line 1 id=1\nthing 2 line 1 id=2\n2 of 2\n", "");
    fixture_expect(
        &f, "{\"list\":[{\"id\":1}],\"total\":3} {\"list\":[{\"id\":2}],\"total\":3}",
        "thing 1 line 1 id=1\nthing 2 line 1 id=2\n2 of 2, truncated\n",
        "evidence: error: it holds 2 of 3 records, as $.total counts them; export all pages of 'Things' into "
        "one file [incomplete-export]\n");
    /* A whole list beside one that lacks a record makes up for nothing. */
    fixture_expect_text(&f, "{\"list\":[{\"id\":1},{\"id\":2}],\"total\":2} {\"list\":[{\"id\":3}],\"total\":2}",
                        "thing 1 line 1 id=1\nthing 2 line 1 id=2\nthing 3 line 1 id=3\n3 of 3, truncated\n");
    fixture_expect_text(&f, "{\"list\":[{\"id\":1}],\"total\":\"many\"}", "thing 1 line 1 id=1\n1 of 1, wrong shape\n");
    fixture_end(&f);
}

/* A vendor that always writes UTC without saying so is no reason to ask; a source that says otherwise knows its export.
 */
static void test_zone_of_the_kind(void **state) {
    (void)state;
    static const char kind[] = "kind: things\n"
                               "format: json\n"
                               "detect: {paths: [id]}\n"
                               "effective: {from: $.taken, time: iso}\n"
                               "zone: \"-01:00\"\n"
                               "rows:\n"
                               "  - {type: thing, at: \"list[*]\", map: {id: id, made: {from: at, time: iso}}}\n";
    static const char *const kinds[] = {kind, NULL};
    static const char export[] = "{\"taken\": \"2025-10-01T09:00:00\", \"list\": [{\"id\": 1, \"at\": "
                                 "\"2025-10-01T08:00:00\"}, {\"id\": 2, \"at\": \"2025-10-01T08:00:00Z\"}]}";
    struct fixture f;
    fixture_begin(&f, kinds);
    /* 1759305600 by date -u -d 2025-10-01T08:00:00Z +%s */
    fixture_expect(&f, export, "thing 1 line 1 id=1 made=1759309200\nthing 2 line 1 id=2 made=1759305600\n2 of 2\n",
                   "");
    assert_int_equal(f.facts.effective, 1759305600 + 7200);
    f.zone = 7200;
    fixture_expect(&f, export, "thing 1 line 1 id=1 made=1759298400\nthing 2 line 1 id=2 made=1759305600\n2 of 2\n",
                   "");
    assert_int_equal(f.facts.effective, 1759305600 + 3600 - 7200);
    fixture_end(&f);
}

static void test_full_pages(void **state) {
    (void)state;
    static const char kind[] = "kind: things\n"
                               "title: Things\n"
                               "format: json\n"
                               "detect: {paths: [id]}\n"
                               "page_sizes: [2, 4]\n"
                               "rows:\n"
                               "  - {type: thing, at: \"[*]\", map: {id: id}}\n";
    static const char *const kinds[] = {kind, NULL};
    static const char two[] = "[{\"id\":1},{\"id\":2}]";
    static const char rows[] = "thing 1 line 1 id=1\nthing 2 line 1 id=2\n";
    char text[1024];
    char expected[1024];
    struct fixture f;
    fixture_begin(&f, kinds);
    snprintf(expected, sizeof expected, "%s2 of 2, truncated\n", rows);
    fixture_expect(&f, two, expected,
                   "evidence: error: it holds 2 records, which is a full page of 'Things', and does not say that no "
                   "other follows; it does not count: export all pages into one file, or say in a sidecar how many "
                   "records its source counted (records) [full-page]\n");
    fixture_expect(&f, "[{\"id\":1}]", "thing 1 line 1 id=1\n1 of 1\n", "");
    fixture_expect_text(&f, "[]", "0 of 0\n");
    /* Pages one behind the other: one that is not full is the last, and a small one is not full behind a large one. */
    snprintf(text, sizeof text, "%s[{\"id\":3}]", two);
    snprintf(expected, sizeof expected, "%sthing 3 line 1 id=3\n3 of 3\n", rows);
    fixture_expect(&f, text, expected, "");
    snprintf(text, sizeof text, "%s[]", two);
    snprintf(expected, sizeof expected, "%s2 of 2\n", rows);
    fixture_expect(&f, text, expected, "");
    snprintf(text, sizeof text, "[{\"id\":1},{\"id\":2},{\"id\":3},{\"id\":4}]%s", two);
    snprintf(expected, sizeof expected,
             "%sthing 3 line 1 id=3\nthing 4 line 1 id=4\nthing 5 line 1 id=1\nthing 6 line 1 id=2\n6 of 6\n", rows);
    fixture_expect(&f, text, expected, "");
    snprintf(text, sizeof text, "%s%s", two, two);
    snprintf(expected, sizeof expected, "%sthing 3 line 1 id=1\nthing 4 line 1 id=2\n4 of 4, truncated\n", rows);
    fixture_expect(&f, text, expected,
                   "evidence: error: its last list holds 2 records, which is a full page of 'Things', and does not say "
                   "that no other follows; it does not count: export all pages into one file, or say in a sidecar how "
                   "many records its source counted (records) [full-page]\n");
    /* Records by themselves are as many as they are together. */
    fixture_expect_text(&f, "{\"id\":1}\n{\"id\":2}", "thing 1 line 1 id=1\nthing 2 line 2 id=2\n2 of 2, truncated\n");
    fixture_expect_text(&f, "{\"id\":1}\n{\"id\":2}\n{\"id\":3}",
                        "thing 1 line 1 id=1\nthing 2 line 2 id=2\nthing 3 line 3 id=3\n3 of 3\n");
    fixture_end(&f);
}

static void test_text_inside(void **state) {
    (void)state;
    static const char kind[] = "kind: things\n"
                               "format: json\n"
                               "detect: {paths: [Content, Made]}\n"
                               "effective: {from: $.Made, time: iso}\n"
                               "inside: {path: Content, format: csv}\n"
                               "rows:\n"
                               "  - {type: thing, map: {id: ID, n: N, note: $.Team}}\n";
    static const char *const kinds[] = {kind, NULL};
    struct fixture f;
    fixture_begin(&f, kinds);
    fixture_expect(&f, "{\"Content\":\"ID,N\\na,1\\n\\\"b\\\",2\\n\",\"Made\":\"2025-10-01T08:00:00Z\",\"Team\":\"T\"}",
                   "thing 1 line 2 id=a n=1 note=T\n"
                   "thing 2 line 3 id=b n=2 note=T\n"
                   "2 of 2\n",
                   "");
    assert_int_equal(f.facts.effective, 1759305600);
    /* printf 'ID,N\na,1\n' | base64 */
    fixture_expect(&f, "{\"Content\":\"SUQsTgphLDEK\",\"Made\":\"2025-10-01T08:00:00Z\"}",
                   "thing 1 line 2 id=a n=1\n1 of 1\n", "");
    fixture_expect(&f, "{\"Made\":\"2025-10-01T08:00:00Z\"}", "0 of 0, no list, wrong shape\n",
                   "evidence: error: there is no text at Content; the file begins with "
                   "\"{\"Made\":\"2025-10-01T08:00:00Z\"}\"; export it again as 'things' [wrong-shape]\n");
    fixture_expect(&f, "{\"Content\":\"ID,N\\na,1\\n", "0 of 0, no list, truncated\n",
                   "evidence:1:24: error: the file ends inside a JSON document; export it again [truncated]\n");
    fixture_end(&f);
}

static void test_record_longer_than_the_limit(void **state) {
    (void)state;
    static const char kind[] = "kind: things\n"
                               "format: json\n"
                               "detect: {paths: [id]}\n"
                               "rows:\n"
                               "  - {type: thing, at: \"[*]\", map: {id: id}}\n"
                               "ignore: [junk]\n";
    static const char *const kinds[] = {kind, NULL};
    struct fixture f;
    struct buffer text = {0};
    struct buffer shown = {0};
    fixture_begin(&f, kinds);
    buffer_append_text(&text, "[{\"id\":\"a\",\"junk\":\"");
    while (text.length <= LIMIT_RECORD_BYTES) {
        buffer_append_text(&text, "................................................................");
    }
    buffer_append_text(&text, "\"},{\"id\":\"b\"}]");
    fixture_read_by(&f, 0, text.data, text.length, 0, &shown);
    assert_string_equal(buffer_text(&shown), "thing 2 line 1 id=b\n1 of 2, 1 rejected\n");
    scratch_expect(&f.scratch,
                   "evidence:1: record 1: error: the record is longer than 16 MiB, or holds too many values; "
                   "correct the export [record-too-long]\n");
    buffer_free(&text);
    buffer_free(&shown);
    fixture_end(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nested_rows),
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_shapes),
        cmocka_unit_test(test_error_among_pages),
        cmocka_unit_test(test_unreadable_records),
        cmocka_unit_test(test_depth_is_told),
        cmocka_unit_test(test_cut_everywhere),
        cmocka_unit_test(test_values_of_each_kind),
        cmocka_unit_test(test_inputs_of_expressions),
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_gathered_pages),
        cmocka_unit_test(test_wrappings),
        cmocka_unit_test(test_members_and_documents),
        cmocka_unit_test(test_envelope_of_several_documents),
        cmocka_unit_test(test_late_condition),
        cmocka_unit_test(test_some_element),
        cmocka_unit_test(test_one_alone),
        cmocka_unit_test(test_pages),
        cmocka_unit_test(test_zone_of_the_kind),
        cmocka_unit_test(test_full_pages),
        cmocka_unit_test(test_text_inside),
        cmocka_unit_test(test_record_longer_than_the_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
