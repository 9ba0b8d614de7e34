#include "scratch.h"

#include "base/xml.h"

#include <libxml/tree.h>

static int start(void **state) {
    (void)state;
    return xml_start() ? 0 : -1;
}

static int stop(void **state) {
    (void)state;
    xml_stop();
    return 0;
}

static xmlDoc *parse(struct scratch *scratch, const char *text) {
    return xml_parse(text, strlen(text), "a.xml", scratch->diagnostics);
}

static void accepts_plain_documents(void **state) {
    (void)state;
    static const char *const good[] = {
        "<a/>",
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a b=\"&lt;&#65;\">x &amp; <![CDATA[<y>]]></a>",
        "<!DOCTYPE nmaprun>\n<nmaprun/>",
        "<!DOCTYPE html SYSTEM \"http://example.com/absent.dtd\"><html>text</html>",
    };
    struct scratch scratch;
    scratch_begin(&scratch);
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        xmlDoc *document = parse(&scratch, good[i]);
        assert_non_null(document);
        xmlFreeDoc(document);
    }
    scratch_expect(&scratch, "");
    xmlDoc *document = parse(&scratch, good[1]);
    xmlChar *content = xmlNodeGetContent(xmlDocGetRootElement(document));
    assert_string_equal((const char *)content, "x & <y>");
    xmlFree(content);
    xmlFreeDoc(document);
    scratch_end(&scratch);
}

static void assert_refused(const char *text, const char *expected) {
    struct scratch scratch;
    scratch_begin(&scratch);
    assert_null(parse(&scratch, text));
    scratch_expect(&scratch, expected);
    scratch_end(&scratch);
}

static void refuses_entities(void **state) {
    (void)state;
    static const char subset[] = "a.xml:1: error: the DOCTYPE declares entities or elements of its own, remove its "
                                 "internal subset [xml-refused]\n";
    /* Ten entities of ten references each would grow to ten thousand million. */
    assert_refused("<!DOCTYPE lolz [<!ENTITY a \"lol\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">"
                   "<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\">]><lolz>&c;</lolz>",
                   subset);
    assert_refused("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>", subset);
    assert_refused("<!DOCTYPE a [<!ENTITY % x SYSTEM \"http://example.com/x\"> %x;]><a/>", subset);
    assert_refused("<!DOCTYPE a []><a/>", subset);
    assert_refused("<!DOCTYPE a SYSTEM \"a.dtd\" [<!ELEMENT a ANY>]><a/>", subset);
    assert_refused("<!DOCTYPE a SYSTEM \"a.dtd\">\n<a>\n&x;</a>",
                   "a.xml:3:4: error: Entity 'x' not defined, correct the document [xml-refused]\n");
}

static void refuses_malformed_documents(void **state) {
    (void)state;
    assert_refused("", "a.xml: error: the document is empty, write it again [xml-refused]\n");
    static const char *const bad[] = {"<a>",         "<a></b>",    "text",         "<a/><b/>",   "<a b=1/>",
                                      "<a>\x01</a>", "<a>&x;</a>", "<a b='&x;'/>", "<a>\xFF</a>"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct scratch scratch;
        scratch_begin(&scratch);
        assert_null(parse(&scratch, bad[i]));
        assert_true(diagnostics_count_id(scratch.diagnostics, DIAGNOSTIC_XML_REFUSED) > 0);
        scratch_end(&scratch);
    }
}

static void refuses_bottomless_documents(void **state) {
    (void)state;
    struct scratch scratch;
    scratch_begin(&scratch);
    struct buffer text = {0};
    for (int i = 0; i < 100000; i++) {
        buffer_append_text(&text, "<a>");
    }
    assert_null(xml_parse(text.data, text.length, "a.xml", scratch.diagnostics));
    assert_true(diagnostics_count_id(scratch.diagnostics, DIAGNOSTIC_XML_REFUSED) > 0);
    buffer_free(&text);
    scratch_end(&scratch);
}

static void cut_anywhere(void **state) {
    (void)state;
    static const char whole[] = "<?xml version=\"1.0\"?><!DOCTYPE a><a b=\"c\"><!-- d --><e>&amp;</e></a>";
    for (size_t length = 0; length < sizeof whole - 1; length++) {
        struct scratch scratch;
        scratch_begin(&scratch);
        assert_null(xml_parse(whole, length, "a.xml", scratch.diagnostics));
        assert_true(diagnostics_count(scratch.diagnostics, DIAGNOSTIC_SETUP) > 0);
        scratch_end(&scratch);
    }
}

static const char schema[] = "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\"><xs:element name=\"report\">"
                             "<xs:complexType><xs:sequence><xs:element name=\"count\" type=\"xs:integer\"/>"
                             "</xs:sequence></xs:complexType></xs:element></xs:schema>";

static bool valid(struct scratch *scratch, const char *text, const char *schema_path) {
    return xml_validate(text, strlen(text), schema_path, "a.xml", DIAGNOSTIC_FILE_NAME, scratch->diagnostics);
}

static void validates(void **state) {
    (void)state;
    struct scratch scratch;
    scratch_begin(&scratch);
    scratch_write(&scratch, "report.xsd", schema);
    const char *path = scratch_path(&scratch, "report.xsd");
    assert_true(valid(&scratch, "<report><count>3</count></report>", path));
    assert_true(
        valid(&scratch, "<!DOCTYPE report><report><count><!-- ten -->&#49;<![CDATA[0]]></count></report>", path));
    scratch_expect(&scratch, "");
    assert_false(valid(&scratch, "<report>\n<count>three</count>\n<more/></report>", path));
    assert_int_equal(diagnostics_count_id(scratch.diagnostics, DIAGNOSTIC_FILE_NAME), 2);
    scratch_expect(&scratch, "a.xml:2: error: Element 'count': 'three' is not a valid value of the atomic type "
                             "'xs:integer', correct the document [file-name]\n"
                             "a.xml:3: error: Element 'more': This element is not expected, correct the document "
                             "[file-name]\n");
    scratch_end(&scratch);
}

/* It is given to the parser in pieces: what lies across their edges must be seen as it is. */
static void validates_documents_of_many_pieces(void **state) {
    (void)state;
    static const char item[] = "  <item number=\"1234567\"/>\n";
    struct scratch scratch;
    struct buffer text = {0};
    scratch_begin(&scratch);
    scratch_write(&scratch, "list.xsd",
                  "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\"><xs:element name=\"list\"><xs:complexType>"
                  "<xs:sequence><xs:element name=\"item\" maxOccurs=\"unbounded\"><xs:complexType>"
                  "<xs:attribute name=\"number\" type=\"xs:integer\" use=\"required\"/></xs:complexType></xs:element>"
                  "</xs:sequence></xs:complexType></xs:element></xs:schema>");
    const char *path = scratch_path(&scratch, "list.xsd");
    buffer_append_text(&text, "<list>\n");
    for (int i = 0; i < 10000; i++) {
        buffer_append_text(&text, item);
    }
    buffer_append_text(&text, "</list>\n");
    assert_true(valid(&scratch, buffer_text(&text), path));
    scratch_expect(&scratch, "");
    size_t at = strlen("<list>\n") + 9000 * strlen(item) + strlen("  <item number=\"");
    text.data[at] = 'x';
    assert_false(valid(&scratch, buffer_text(&text), path));
    text.data[at] = '<';
    assert_false(valid(&scratch, buffer_text(&text), path));
    struct buffer said = {0};
    diagnostics_print(scratch.diagnostics, DIAGNOSTIC_NOTE, false, &said);
    assert_non_null(strstr(buffer_text(&said), "a.xml:9002: error: Element 'item', attribute 'number': 'x234567'"));
    buffer_free(&said);
    buffer_free(&text);
    scratch_end(&scratch);
}

static void validates_only_what_is_well_formed(void **state) {
    (void)state;
    static const char *const bad[] = {"", "<report><count>3</count>", "<report><count>3</count></report><report/>",
                                      "<report><count>&x;</count></report>",
                                      "<!DOCTYPE report [<!ENTITY x \"3\">]><report><count>&x;</count></report>"};
    struct scratch scratch;
    scratch_begin(&scratch);
    scratch_write(&scratch, "report.xsd", schema);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        uint64_t before = diagnostics_count(scratch.diagnostics, DIAGNOSTIC_SETUP);
        assert_false(valid(&scratch, bad[i], scratch_path(&scratch, "report.xsd")));
        assert_true(diagnostics_count(scratch.diagnostics, DIAGNOSTIC_SETUP) > before);
    }
    scratch_end(&scratch);
}

static void refuses_schemas_that_reach_out(void **state) {
    (void)state;
    static const char *const bad[] = {
        "not xml",
        "",
        "<a/>",
        "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\"><xs:include schemaLocation=\"other.xsd\"/>"
        "</xs:schema>",
        "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><xs:schema "
        "xmlns:xs=\"http://www.w3.org/2001/XMLSchema\">&e;</xs:schema>",
    };
    struct scratch scratch;
    static const char document[] = "<report><count>3</count></report>";
    scratch_begin(&scratch);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        scratch_write(&scratch, "bad.xsd", bad[i]);
        uint64_t before = diagnostics_count_id(scratch.diagnostics, DIAGNOSTIC_XML_REFUSED);
        assert_false(valid(&scratch, document, scratch_path(&scratch, "bad.xsd")));
        assert_true(diagnostics_count_id(scratch.diagnostics, DIAGNOSTIC_XML_REFUSED) > before);
    }
    assert_false(valid(&scratch, document, scratch_path(&scratch, "absent.xsd")));
    assert_int_equal(diagnostics_count_id(scratch.diagnostics, DIAGNOSTIC_FILE_READ), 1);
    scratch_end(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accepts_plain_documents),
        cmocka_unit_test(refuses_entities),
        cmocka_unit_test(refuses_malformed_documents),
        cmocka_unit_test(refuses_bottomless_documents),
        cmocka_unit_test(cut_anywhere),
        cmocka_unit_test(validates),
        cmocka_unit_test(validates_documents_of_many_pieces),
        cmocka_unit_test(validates_only_what_is_well_formed),
        cmocka_unit_test(refuses_schemas_that_reach_out),
    };
    return cmocka_run_group_tests_name("xml", tests, start, stop);
}
