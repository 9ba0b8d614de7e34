#include "write/xml_report.h"

#include "report_fixture.h"

#include "base/xml.h"

#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>

#define XSD "schema/portfolio.xsd"

static double number(const struct buffer *text, const char *path) {
    xmlDoc *document = xmlReadMemory(text->data, (int)text->length, "x", NULL, XML_PARSE_NONET);
    assert_non_null(document);
    xmlXPathContext *context = xmlXPathNewContext(document);
    assert_int_equal(xmlXPathRegisterNs(context, (const xmlChar *)"t", (const xmlChar *)"urn:tickmark:portfolio:1"), 0);
    xmlXPathObject *result = xmlXPathEvalExpression((const xmlChar *)path, context);
    assert_non_null(result);
    double value = xmlXPathCastToNumber(result);
    xmlXPathFreeObject(result);
    xmlXPathFreeContext(context);
    xmlFreeDoc(document);
    return value;
}

static bool write_valid(sqlite3 *store, struct buffer *out, struct diagnostics *diagnostics) {
    return xml_report_write(store, out, diagnostics) && xml_report_valid(out, XSD, diagnostics);
}

static void it_validates_and_holds_the_figures(void **state) {
    (void)state;
    struct scratch scratch;
    struct buffer out = {0};
    scratch_begin(&scratch);
    sqlite3 *store = report_fixture_open(&scratch, NULL);
    assert_true(write_valid(store, &out, scratch.diagnostics));
    scratch_expect(&scratch, "");
    assert_true(number(&out, "count(//t:control)") == 6);
    assert_true(number(&out, "count(//t:control[@id='AC-02'][@verdict='exception']/t:criterion)") == 2);
    assert_true(number(&out, "number(//t:test[@id='AC-02.1']/@population)") == 77);
    assert_true(number(&out, "count(//t:test[@id='AC-02.1']/t:item[@state='exception'])") == 2);
    assert_true(number(&out, "count(//t:item[@ref='E2.2'][@evidence='2'][@waiver='W-1'])") == 1);
    assert_true(number(&out, "count(//t:item[t:name='2025-11-02'][not(@ref)])") == 1);
    assert_true(number(&out, "sum(//t:file/@records)") == 40 + 41 + 92 + 120);
    assert_true(number(&out, "count(//t:period[@asOf='2025-12-31'][not(@through)])") == 1);
    assert_true(number(&out, "count(//t:metric[@id='uptime'][not(@value)])") == 1);
    assert_int_equal(sqlite3_close(store), SQLITE_OK);
    buffer_free(&out);
    scratch_end(&scratch);
}

static void hostile_texts_are_content(void **state) {
    (void)state;
    struct scratch scratch;
    struct buffer out = {0};
    scratch_begin(&scratch);
    sqlite3 *store = report_fixture_open(
        &scratch,
        "UPDATE tm_exception SET item = ']]></item><x a=\"''\">&amp;' || char(1) || '<!--', text = '' WHERE id = 1;"
        "UPDATE tm_meta SET value = '0' WHERE key = 'complete';"
        "UPDATE tm_evidence SET path = 'a\"b.csv' WHERE id = 5;");
    assert_true(write_valid(store, &out, scratch.diagnostics));
    assert_true(number(&out, "count(//t:item[starts-with(t:name, ']]></item><x a=')][contains(t:name, '&amp;')])") ==
                1);
    assert_true(number(&out, "count(//t:period[@through='2025-12-31'])") == 1);
    assert_int_equal(sqlite3_close(store), SQLITE_OK);
    buffer_free(&out);
    scratch_end(&scratch);
}

static void gaps_in_numbers_stand_with_their_source(void **state) {
    (void)state;
    struct scratch scratch;
    struct buffer out = {0};
    scratch_begin(&scratch);
    sqlite3 *store = report_fixture_open(
        &scratch, "INSERT INTO tm_sequence SELECT id, 'account.login', 9, 1, 1, 5, 2, 1, 1, 'A-2 to A-3', 'x', 0, 0"
                  " FROM tm_source WHERE position = 0;"
                  "INSERT INTO tm_sequence_run SELECT 1, id, 'A-1', 'A-8', 5, 2, 1 FROM tm_source WHERE position = 0;"
                  "INSERT INTO tm_sequence_gap SELECT 1, id, 'A-2', 'A-3', 2, 4294967297, 8589934594, NULL"
                  " FROM tm_source WHERE position = 0;"
                  "INSERT INTO tm_sequence_gap SELECT 2, id, 'A-5', 'A-5', 1, 4294967297, 8589934594, 'torn <up>'"
                  " FROM tm_source WHERE position = 0;");
    assert_true(write_valid(store, &out, scratch.diagnostics));
    assert_true(number(&out, "count(//t:source/t:sequence)") == 1);
    assert_true(number(&out, "count(//t:source[1]/t:sequence[@column='account.login'][@missing='2'][@known='1']"
                             "[@complete='false'])") == 1);
    assert_true(number(&out, "count(//t:sequence/t:run[@first='A-1'][@last='A-8'])") == 1);
    assert_true(number(&out, "count(//t:gap[@first='A-2'][@after='E1.1'][@before='E2.2'][not(t:reason)])") == 1);
    assert_true(number(&out, "count(//t:gap[@first='A-5'][t:reason='torn <up>'])") == 1);
    assert_int_equal(sqlite3_close(store), SQLITE_OK);
    buffer_free(&out);
    scratch_end(&scratch);
}

static void what_does_not_fit_is_refused(void **state) {
    (void)state;
    static const char *const faults[] = {
        "UPDATE tm_control_result SET verdict = 'fine' WHERE control = 'AC-02'",
        "UPDATE tm_evidence SET sha256 = upper(sha256) WHERE id = 1",
        "UPDATE tm_evidence SET records = -1 WHERE id = 1",
        "UPDATE tm_evidence SET source = 'unheard-of' WHERE id = 1",
        "INSERT INTO tm_control_criterion VALUES ('AC-02', 'CC9.9')",
        "UPDATE tm_exception SET ref = 429496729600 WHERE id = 1",
        "UPDATE tm_exception SET waiver = 'W-9' WHERE id = 1",
        "UPDATE tm_finding SET state = 'fine' WHERE control = 'AC-02'",
        "UPDATE tm_test SET severity = 'dire' WHERE id = 'AC-02.1'",
        "UPDATE tm_meta SET value = 'soon' WHERE key = 'period_from'",
        "DELETE FROM tm_meta WHERE key = 'organisation'",
        "UPDATE tm_source SET tolerated_invalid = 1.5 WHERE position = 0",
    };
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        struct scratch scratch;
        struct buffer out = {0};
        scratch_begin(&scratch);
        sqlite3 *store = report_fixture_open(&scratch, faults[i]);
        if (write_valid(store, &out, scratch.diagnostics) ||
            diagnostics_count_id(scratch.diagnostics, DIAGNOSTIC_XML_INVALID) == 0)
            fail_msg("taken as it is: %s", faults[i]);
        assert_int_equal(sqlite3_close(store), SQLITE_OK);
        buffer_free(&out);
        scratch_end(&scratch);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_validates_and_holds_the_figures),
        cmocka_unit_test(hostile_texts_are_content),
        cmocka_unit_test(gaps_in_numbers_stand_with_their_source),
        cmocka_unit_test(what_does_not_fit_is_refused),
    };
    if (!xml_start())
        return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    xml_stop();
    return failed;
}
