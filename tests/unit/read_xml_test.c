#include "read_fixture.h"

#include "base/limits.h"
#include "base/xml.h"

/* Elements that repeat, attributes, values around the records. */
static const char suites[] = "kind: suites\n"
                             "format: xml\n"
                             "detect: {paths: ['@name', suites.owner]}\n"
                             "rows:\n"
                             "  - type: thing\n"
                             "    at: \"suites.suite[*]\"\n"
                             "    map: {id: '@name', n: {from: count, optional: true}, note: $.suites.owner.@team}\n"
                             "  - type: part\n"
                             "    at: \"suites.suite[*].case[*]\"\n"
                             "    may_be_empty: true\n"
                             "    map: {thing: ../@name, name: ., place: '@index'}\n"
                             "ignore: ['@time']\n";
static const char *const suites_kinds[] = {suites, NULL};

static const char suites_text[] = "<?xml version=\"1.0\"?>\n"
                                  "<!DOCTYPE suites SYSTEM \"suites.dtd\">\n"
                                  "<suites xmlns:x=\"urn:x\"><!-- <suite> -->\n"
                                  "  <suite name='a &amp; &lt;b&gt; &#38;amp; \xC3\xA4'\n"
                                  "         time=\"1\">\n"
                                  "    <case> one <![CDATA[<&]]>&amp;<b>two</b>\n </case><count>\n7\n</count><case/>\n"
                                  "  </suite>\n"
                                  "  <owner team=\"T\"/>\n"
                                  "  <x:suite name=\"c\"></x:suite>\n"
                                  "</suites>\n";
static const char suites_rows[] = "thing 1 line 4 id=a & <b> &amp; \xC3\xA4 n=7\n"
                                  "part 1 line 6 thing=a & <b> &amp; \xC3\xA4 name=one <&&two place=0\n"
                                  "part 1 line 9 thing=a & <b> &amp; \xC3\xA4 place=1 (1 invalid)\n"
                                  "thing 2 line 12 id=c\n"
                                  "all of thing: note=T\n"
                                  "2 of 2\n";

static void test_elements(void **state) {
    (void)state;
    struct fixture f;
    fixture_begin(&f, suites_kinds);
    fixture_expect_text(&f, suites_text, suites_rows);
    assert_int_equal(fixture_count(&f, DIAGNOSTIC_REQUIRED_MISSING), 1);
    assert_int_equal(diagnostics_count(f.scratch.diagnostics, DIAGNOSTIC_EVIDENCE), 1);
    fixture_end(&f);
}

/* The same text in other encodings: `head` is its declaration, `unit` the bytes of an ASCII character. */
static size_t encode(const char *head, const char *text, bool wide, bool little, char *out) {
    size_t length = 0;
    const char *const parts[] = {head, text};

    for (size_t part = 0; part < 2; part++) {
        for (const unsigned char *at = (const unsigned char *)parts[part]; *at != '\0'; at++) {
            unsigned unit = *at;
            if (*at >= 0x80) {
                unit = (at[0] & 0x1Fu) << 6 | (at[1] & 0x3Fu);
                at++;
            }
            if (!wide || !little) {
                out[length++] = (char)(wide ? unit >> 8 : unit);
            }
            if (wide) {
                out[length++] = (char)(unit & 0xFF);
            }
            if (wide && little) {
                out[length++] = (char)(unit >> 8);
            }
        }
    }
    return length;
}

static void test_encodings(void **state) {
    (void)state;
    char text[2 * sizeof suites_text + 200];
    const char *body = strchr(suites_text, '\n');
    struct fixture f;
    fixture_begin(&f, suites_kinds);
    /* 0xE4 is the same letter in both. */
    size_t length = encode("<?xml version=\"1.0\" encoding=\"windows-1250\"?>", body, false, false, text);
    fixture_expect_rows(&f, text, length, suites_rows);
    length = encode("<?xml version='1.0' encoding='ISO-8859-1'?>", body, false, false, text);
    fixture_expect_rows(&f, text, length, suites_rows);
    for (int little = 0; little < 2; little++) {
        length = 2 + encode("<?xml version='1.0' encoding='UTF-16'?>", body, true, little == 1, text + 2);
        memcpy(text, little == 1 ? "\xFF\xFE" : "\xFE\xFF", 2);
        fixture_expect_rows(&f, text, length, suites_rows);
    }
    snprintf(text, sizeof text, "\xEF\xBB\xBF%s", suites_text);
    fixture_expect_text(&f, text, suites_rows);
    fixture_expect_text(&f, "<suites><suite name='\xFF'/></suites>", "0 of 0, wrong shape\n");
    assert_int_equal(fixture_count(&f, DIAGNOSTIC_ENCODING), 1);
    fixture_expect_text(&f, "<?xml version='1.0' encoding='no-such'?><suites/>", "0 of 0, no list, wrong shape\n");
    assert_int_equal(fixture_count(&f, DIAGNOSTIC_ENCODING), 1);
    fixture_end(&f);
}

/* A record is its element, from '<' to '>', also where chunks of the parser meet and in other encodings. */
static void test_places(void **state) {
    (void)state;
    struct buffer text = {0};
    char wide[200000];
    struct fixture f;
    fixture_begin(&f, suites_kinds);
    buffer_append_text(&text, "<suites>\n");
    for (int i = 0; i < 900; i++) {
        buffer_format(&text, "<suite\n name='%d \xC3\xA4' time='%*s'>%*s</suite >\n", i, i % 40, "", i % 7, "");
    }
    buffer_append_text(&text, "<owner team='T'/></suites>");
    for (int form = 0; form < 3; form++) {
        static const char *const heads[] = {"<?xml version='1.0'?>", "<?xml version='1.0' encoding='windows-1250'?>",
                                            "<?xml version='1.0' encoding='UTF-16'?>"};
        struct byte_source_memory memory;
        struct record record;
        size_t length = 0;
        if (form == 0) {
            length = (size_t)snprintf(wide, sizeof wide, "%s%s", heads[0], buffer_text(&text));
        } else {
            length = (form == 2 ? 2 : 0) +
                     encode(heads[form], buffer_text(&text), form == 2, true, wide + (form == 2 ? 2 : 0));
            memcpy(wide, form == 2 ? "\xFF\xFE" : "<?", 2);
        }
        byte_source_memory(&memory, wide, length);
        const struct read_request request = {.schema = f.schema,
                                             .kind = &f.schema->kinds[0],
                                             .path = "evidence",
                                             .bytes = &memory.source,
                                             .diagnostics = f.scratch.diagnostics};
        struct record_source *source = read_open(&request);
        size_t unit = form == 2 ? 2 : 1;
        uint64_t after = 0;
        for (uint64_t i = 0; i < 900; i++) {
            assert_int_equal(source->next(source, &record), RECORD_ROW);
            const char *at = wide + record.locator.offset;
            assert_true(at[0] == '<' && at[unit] == 's');
            assert_true(at[record.locator.length - unit] == '>');
            assert_int_equal(record.locator.line, 2 + 2 * i);
            if (i > 0) {
                assert_int_equal(record.locator.offset, after + unit); /* a line's end between them */
            }
            after = record.locator.offset + record.locator.length;
        }
        assert_int_equal(source->next(source, &record), RECORD_END);
        read_close(source);
    }
    buffer_free(&text);
    fixture_end(&f);
}

/* An attribute called as a step that means something else; an empty element that is there all the same. */
static const char *const flat_kinds[] = {"kind: flat\n"
                                         "format: xml\n"
                                         "rows:\n"
                                         "  - {type: thing, at: \"r.e[*]\", when: {gone: {present: false}}, map: {id: "
                                         "\"['@key']\", n: {from: n.@index, optional: true}, note: {from: note, "
                                         "optional: true}}}\n"
                                         "  - {type: part, at: \"r.e[*].*\", may_be_empty: true, when: {.: {present: "
                                         "true}}, map: {thing: \"../['@key']\", name: '@key'}}\n",
                                         NULL};

static void test_paths(void **state) {
    (void)state;
    struct fixture f;
    fixture_begin(&f, flat_kinds);
    fixture_expect_text(
        &f,
        "<r>\n<e key='a'><n index='3'/></e>\n<e key='b'><gone/></e>\n<e key='c'><note> x\ny </note><z/></e>\n"
        "</r>",
        "thing 1 line 2 id=a n=3\n"
        "thing 3 line 4 id=c note=x\ny\n"
        "part 3 line 5 thing=c name=z\n"
        "2 of 3, 1 passed over\n");
    fixture_end(&f);
}

static void test_refused_records(void **state) {
    (void)state;
    struct fixture f;
    fixture_begin(&f, flat_kinds);
    fixture_expect_text(&f,
                        "<!DOCTYPE r SYSTEM 'r.dtd'><r xmlns:a='urn:a' xmlns:b='urn:b'>\n"
                        "<e key='a'><note>1</note><note>2</note></e>\n"
                        "<e key='b'><note>&unknown;</note></e>\n"
                        "<e key='c'><other at='&unknown;'/></e>\n"
                        "<e a:key='d' b:key='e'/>\n"
                        "<e key='f'/></r>",
                        "thing 5 line 6 id=f\n1 of 5, 4 rejected\n");
    assert_int_equal(fixture_count(&f, DIAGNOSTIC_XML_REPEATED), 2);
    assert_int_equal(fixture_count(&f, DIAGNOSTIC_XML_ENTITIES), 2);
    fixture_end(&f);
}

/* Nothing is declared, fetched or multiplied. */
static void test_entities(void **state) {
    (void)state;
    static const char *const texts[] = {
        "<!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><r><e key='a'><note>&x;</note></e></r>",
        "<!DOCTYPE r [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]><r><e key='&b;'/></r>",
        "<!DOCTYPE r SYSTEM 'http://127.0.0.1/x.dtd' [<!ENTITY % p SYSTEM 'file:///etc/passwd'> %p;]><r/>",
        "<!DOCTYPE r []><r/>",
        "<r><e key='&x;'/></r>",
    };
    struct fixture f;
    fixture_begin(&f, flat_kinds);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct buffer shown = {0};
        diagnostics_free(f.scratch.diagnostics);
        f.scratch.diagnostics = diagnostics_new();
        fixture_read_by(&f, 0, texts[i], strlen(texts[i]), 0, &shown);
        assert_int_equal(f.tally.loaded, 0);
        assert_true(f.tally.wrong_shape || f.tally.truncated);
        assert_int_equal(fixture_count(&f, DIAGNOSTIC_XML_ENTITIES), 1);
        assert_null(strstr(buffer_text(&shown), "root:"));
        buffer_free(&shown);
    }
    fixture_end(&f);
}

static void test_depth(void **state) {
    (void)state;
    struct buffer deep = {0};
    struct buffer shown = {0};
    struct fixture f;
    fixture_begin(&f, flat_kinds);
    buffer_append_text(&deep, "<r><e key='a'>");
    for (size_t i = 0; i < 1000000; i++) {
        buffer_append_text(&deep, "<a>");
    }
    fixture_read_by(&f, 0, deep.data, deep.length, 0, &shown);
    assert_int_equal(f.tally.rejected, 1);
    assert_int_equal(fixture_count(&f, DIAGNOSTIC_XML_MALFORMED), 1);
    /* The document, r, e and 61 more are 64; one more is not. */
    for (int over = 0; over < 2; over++) {
        buffer_clear(&deep);
        buffer_clear(&shown);
        buffer_append_text(&deep, "<r><e key='a'>");
        for (int i = 0; i < LIMIT_JSON_DEPTH - 3 + over; i++) {
            buffer_append_text(&deep, "<a>");
        }
        for (int i = 0; i < LIMIT_JSON_DEPTH - 3 + over; i++) {
            buffer_append_text(&deep, "</a>");
        }
        buffer_append_text(&deep, "</e></r>");
        fixture_read_by(&f, 0, deep.data, deep.length, 0, &shown);
        assert_int_equal(f.tally.loaded, 1 - over);
    }
    buffer_free(&deep);
    buffer_free(&shown);
    fixture_end(&f);
}

static void test_malformed(void **state) {
    (void)state;
    static const char nul[] = "<r><e key='a'/>\0<e key='b'/></r>";
    struct fixture f;
    fixture_begin(&f, flat_kinds);
    fixture_expect_text(&f, "<r><e key='a'/><e key='b'></r>", "thing 1 line 1 id=a\n1 of 2, 1 rejected, truncated\n");
    assert_int_equal(fixture_count(&f, DIAGNOSTIC_XML_MALFORMED), 1);
    fixture_expect_text(&f, "<r><e key='a'/><e key='b'>", "thing 1 line 1 id=a\n1 of 2, 1 rejected, truncated\n");
    assert_int_equal(fixture_count(&f, DIAGNOSTIC_TRUNCATED), 1);
    fixture_expect_text(&f, "<r><e key='a'/></r><r/>", "thing 1 line 1 id=a\n1 of 1, truncated\n");
    fixture_expect_rows(&f, nul, sizeof nul - 1, "thing 1 line 1 id=a\n1 of 1, truncated\n");
    fixture_expect_text(&f, "{\"r\": []}", "0 of 0, no list, wrong shape\n");
    assert_int_equal(fixture_count(&f, DIAGNOSTIC_WRONG_SHAPE), 1);
    fixture_expect_text(&f, "x", "0 of 0, no list, wrong shape\n");
    fixture_expect_text(&f, "", "0 of 0, no list, wrong shape\n");
    fixture_expect_text(&f, "<other/>", "0 of 0, no list, wrong shape\n");
    fixture_expect_text(&f, "<r/>", "0 of 0\n");
    fixture_end(&f);
}

static void test_cut_everywhere(void **state) {
    (void)state;
    struct fixture f;
    fixture_begin(&f, suites_kinds);
    for (size_t cut = 0; cut < sizeof suites_text - 1; cut++) {
        struct buffer shown = {0};
        struct buffer again = {0};
        bool whole = cut >= (size_t)(strstr(suites_text, "</suites>") - suites_text) + strlen("</suites>");
        diagnostics_free(f.scratch.diagnostics);
        f.scratch.diagnostics = diagnostics_new();
        fixture_read_by(&f, 0, suites_text, cut, 0, &shown);
        fixture_read_by(&f, 0, suites_text, cut, 1, &again);
        assert_string_equal(buffer_text(&shown), buffer_text(&again));
        assert_int_equal(f.tally.truncated, !whole && cut > 0);
        assert_int_equal(f.tally.wrong_shape, cut == 0);
        buffer_free(&shown);
        buffer_free(&again);
    }
    fixture_end(&f);
}

static void test_inside(void **state) {
    (void)state;
    static const char *const in_xml[] = {"kind: wrapped\nformat: xml\ninside: {path: envelope.body, format: json}\n"
                                         "rows: [{type: thing, at: \"[*]\", map: {id: id, note: $.envelope.@by}}]\n",
                                         NULL};
    static const char *const in_yaml[] = {"kind: held\nformat: yaml\ninside: {path: body, format: xml}\n"
                                          "rows: [{type: thing, at: \"r.e[*]\", map: {id: '@id'}}]\n",
                                          NULL};
    struct fixture f;
    fixture_begin(&f, in_xml);
    fixture_expect(&f, "<envelope by='us'><body><![CDATA[[{\"id\": \"a\"}]]]></body></envelope>",
                   "thing 1 line 1 id=a note=us\n1 of 1\n", "");
    fixture_end(&f);
    fixture_begin(&f, in_yaml);
    fixture_expect(&f, "body: |\n  <r>\n  <e id='a'/>\n  </r>\n", "thing 1 line 2 id=a\n1 of 1\n", "");
    fixture_end(&f);
}

static void test_detection(void **state) {
    (void)state;
    size_t found[2];
    struct fixture f;
    fixture_begin(&f, suites_kinds);
    assert_int_equal(read_detect(f.schema, suites_text, sizeof suites_text - 1, found, 2), 1);
    assert_int_equal(read_detect(f.schema, "{\"name\": [", 10, found, 2), 0);
    assert_int_equal(read_detect(f.schema, "", 0, found, 2), 0);
    fixture_end(&f);
}

static int start(void **state) {
    (void)state;
    return xml_start() ? 0 : -1;
}

static int stop(void **state) {
    (void)state;
    xml_stop();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_elements), cmocka_unit_test(test_encodings),       cmocka_unit_test(test_places),
        cmocka_unit_test(test_paths),    cmocka_unit_test(test_refused_records), cmocka_unit_test(test_entities),
        cmocka_unit_test(test_depth),    cmocka_unit_test(test_malformed),       cmocka_unit_test(test_cut_everywhere),
        cmocka_unit_test(test_inside),   cmocka_unit_test(test_detection),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
