#include "write/html.h"

#include "report_fixture.h"

#include "document/chart.h"
#include "document/template.h"
#include "store/store.h"

#include <libxml/parser.h>
#include <libxml/xpath.h>

/* The HTML report. Its own syntax is chosen so that, void elements aside, it is XML too: libxml2 is the judge. */

static const struct theme_badge badges[] = {{"exception", 0x7f1d1d, 0xfbdfdd}};
static const struct theme theme = {
    .ink = 0x010203, .badges = (struct theme_badge *)badges, .badge_count = 1, .style = "p { margin: 0 }\n"};

/* The page as an XML document: the DOCTYPE goes, and void elements are closed. */
static xmlDoc *parse_page(const char *page) {
    static const char *const voids[] = {"<meta ", "<col ", "<br", "<hr"};
    struct buffer xml = {0};
    assert_memory_equal(page, "<!DOCTYPE html>\n", 16);
    for (const char *at = page + 16; *at != '\0'; at++) {
        buffer_append_byte(&xml, *at);
        for (size_t i = 0; *at == '<' && i < sizeof voids / sizeof voids[0]; i++) {
            if (strncmp(at, voids[i], strlen(voids[i])) != 0)
                continue;
            const char *end = strchr(at, '>');
            assert_non_null(end);
            buffer_append(&xml, at + 1, (size_t)(end - at - 1));
            buffer_append_text(&xml, "/>");
            at = end;
            break;
        }
    }
    xmlDoc *document = xmlReadMemory(buffer_text(&xml), (int)xml.length, "page", NULL, XML_PARSE_NONET);
    assert_non_null(document);
    buffer_free(&xml);
    return document;
}

static double number(xmlDoc *page, const char *path) {
    xmlXPathContext *context = xmlXPathNewContext(page);
    xmlXPathObject *result = xmlXPathEvalExpression((const xmlChar *)path, context);
    assert_non_null(result);
    double value = xmlXPathCastToNumber(result);
    xmlXPathFreeObject(result);
    xmlXPathFreeContext(context);
    return value;
}

static void string_is(xmlDoc *page, const char *path, const char *expected) {
    xmlXPathContext *context = xmlXPathNewContext(page);
    xmlXPathObject *result = xmlXPathEvalExpression((const xmlChar *)path, context);
    assert_non_null(result);
    xmlChar *text = xmlXPathCastToString(result);
    assert_string_equal((const char *)text, expected);
    xmlFree(text);
    xmlXPathFreeObject(result);
    xmlXPathFreeContext(context);
}

static struct node *add(struct document *document, struct node *parent, enum node_kind kind, const char *text) {
    struct node *node = tree_append(document, parent, kind);
    assert_non_null(node);
    node->text = text;
    node->length = text == NULL ? 0 : strlen(text);
    return node;
}

static struct document *small_document(struct arena *arena) {
    struct document *document = tree_new(arena);
    assert_non_null(document);
    document->title = "A <title> & \"more\"";
    document->organisation = "O'Neill & sons";
    document->statement = "No <opinion>";
    struct node *section = add(document, document->root, NODE_SECTION, NULL);
    section->level = 1;
    section->target = "one";
    add(document, add(document, section, NODE_HEADING, NULL), NODE_TEXT, "One <&>");
    return document;
}

static void write_page(const struct document *document, struct buffer *out) {
    struct diagnostics *diagnostics = diagnostics_new();
    assert_true(html_write(document, &theme, out, diagnostics));
    diagnostics_free(diagnostics);
}

static void texts_are_escaped(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct buffer out = {0};
    struct document *document = small_document(arena);
    struct node *paragraph = add(document, document->root->first_child, NODE_PARAGRAPH, NULL);
    add(document, paragraph, NODE_TEXT, "</p><script>alert('1')</script>\001");
    add(document, paragraph, NODE_CODE, "a<b");
    write_page(document, &out);
    xmlDoc *page = parse_page(buffer_text(&out));
    string_is(page, "//main//p/text()", "</p><script>alert('1')</script>\xef\xbf\xbd");
    string_is(page, "//main//p/code", "a<b");
    string_is(page, "//h1", "A <title> & \"more\"");
    string_is(page, "substring-after(//body/*[1]/@href, '#')", "main-text");
    string_is(page, "//main/@id", "main-text");
    string_is(page, "//title", "A <title> & \"more\" \xe2\x80\x93 O'Neill & sons");
    string_is(page, "//nav//a", "One <&>");
    string_is(page, "//nav//a/@href", "#one");
    string_is(page, "//section/@id", "one");
    assert_true(number(page, "count(//script)") == 0);
    string_is(page, "//footer/p", "No <opinion>");
    assert_non_null(strstr(buffer_text(&out), "@bottom-left{content:\"No \\00003copinion\\00003e\"}"));
    string_is(page, "//header/p[@class='statement']", "No <opinion>");
    xmlFreeDoc(page);
    buffer_free(&out);
    arena_free(arena);
}

static void links_lead_only_where_they_may(void **state) {
    (void)state;
    static const struct {
        const char *target;
        const char *href; /* NULL: no link is made */
    } cases[] = {
        {"#one", "#one"},
        {"https://example.com/?a=1&b=2", "https://example.com/?a=1&b=2"},
        {"HTTP://example.com", "HTTP://example.com"},
        {"mailto:ann@example.com", "mailto:ann@example.com"},
        {"../evidence/a b|c.csv", "../evidence/a%20b%7Cc.csv"},
        {"../evidence/\xc3\xa9.csv", "../evidence/%C3%A9.csv"},
        {"a/b:c", "a/b:c"},
        {"x\"onclick=\"y", "x%22onclick=%22y"},
        {"javascript:alert(1)", NULL},
        {"data:text/html,x", NULL},
        {" javascript:alert(1)", NULL},
        {"//example.com/x", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena *arena = arena_new();
        struct buffer out = {0};
        struct document *document = small_document(arena);
        struct node *link =
            add(document, add(document, document->root->first_child, NODE_PARAGRAPH, NULL), NODE_LINK, NULL);
        link->target = cases[i].target;
        add(document, link, NODE_TEXT, "text");
        write_page(document, &out);
        xmlDoc *page = parse_page(buffer_text(&out));
        string_is(page, "//main//p", "text");
        string_is(page, "//main//p/a/@href", cases[i].href == NULL ? "" : cases[i].href);
        xmlFreeDoc(page);
        buffer_free(&out);
        arena_free(arena);
    }
}

static void tables_have_captions_and_scopes(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct buffer out = {0};
    struct document *document = small_document(arena);
    struct table_column columns[] = {{ALIGN_LEFT, 1}, {ALIGN_RIGHT, 3}};
    struct table table = {columns, 2, "All & some"};
    struct node *node = add(document, document->root->first_child, NODE_TABLE, NULL);
    node->table = &table;
    for (int i = 0; i < 2; i++) {
        struct node *row = add(document, node, NODE_ROW, NULL);
        row->header = i == 0;
        add(document, add(document, row, NODE_CELL, NULL), NODE_TEXT, "a");
        struct node *badge = add(document, add(document, row, NODE_CELL, NULL), NODE_BADGE, "b");
        badge->target = i == 0 ? "exception" : "unheard-of";
    }
    write_page(document, &out);
    xmlDoc *page = parse_page(buffer_text(&out));
    string_is(page, "//table/caption", "All & some");
    string_is(page, "//col[1]/@style", "width:25%");
    string_is(page, "//col[2]/@style", "width:75%");
    assert_true(number(page, "count(//thead/tr/th[@scope='col'])") == 2);
    string_is(page, "//thead/tr/th[2]/@class", "right");
    assert_true(number(page, "count(//tbody/tr/th[@scope='row'])") == 1);
    assert_true(number(page, "count(//tbody/tr/td)") == 1);
    string_is(page, "//thead//span/@class", "badge badge-exception");
    string_is(page, "//tbody//span/@class", "badge");
    xmlFreeDoc(page);
    buffer_free(&out);
    arena_free(arena);
}

/* A short cell is not broken; a table of many columns says so. */
static void short_cells_stay_whole(void **state) {
    (void)state;
    static const char *const cells[][5] = {{"A", "B", "C", "D", "E"},
                                           {"2025-10-01", "1 of 2", "no", "95.2 %", "F-1"},
                                           {"2025-10-02", "x", "x y z", "1", "a much longer text"}};
    struct arena *arena = arena_new();
    struct buffer out = {0};
    struct document *document = small_document(arena);
    struct table_column columns[] = {
        {ALIGN_LEFT, 1}, {ALIGN_LEFT, 1}, {ALIGN_CENTRE, 1}, {ALIGN_RIGHT, 1}, {ALIGN_LEFT, 1}};
    struct table table = {columns, 5, NULL};
    struct node *node = add(document, document->root->first_child, NODE_TABLE, NULL);
    node->table = &table;
    for (int i = 0; i < 3; i++) {
        struct node *row = add(document, node, NODE_ROW, NULL);
        row->header = i == 0;
        for (int c = 0; c < 5; c++)
            add(document, add(document, row, NODE_CELL, NULL), NODE_TEXT, cells[i][c]);
    }
    write_page(document, &out);
    xmlDoc *page = parse_page(buffer_text(&out));
    string_is(page, "//table/@class", "wide");
    string_is(page, "//tbody/tr[1]/th/@class", "short");
    assert_true(number(page, "count(//tbody/tr/td[1][@class])") == 0); /* words */
    string_is(page, "//tbody/tr[1]/td[2]/@class", "centre");
    string_is(page, "//tbody/tr[1]/td[3]/@class", "right short"); /* a number with its unit */
    assert_true(number(page, "count(//tbody/tr/td[4][@class])") == 0);
    assert_true(number(page, "count(//thead//th[contains(@class, 'short')])") == 0);
    xmlFreeDoc(page);
    buffer_free(&out);
    arena_free(arena);
}

static void charts_say_what_they_show(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct buffer out = {0};
    struct document *document = small_document(arena);
    struct chart chart = {.kind = CHART_COLUMNS, .caption = "Some & others"};
    struct chart_panel panel = {
        .by = "x", .title = "Score <1>", .note = "Dashed: target 90 %", .aimed = true, .target = 90};
    struct chart_point points[] = {
        {"2025-Q3", "80 %", 80, true}, {"2025-Q4", "95 %", 95, true}, {"2026-Q1", "", 0, false}};
    for (size_t i = 0; i < 3; i++)
        assert_true(chart_add(arena, &chart, &panel, &points[i]));
    add(document, document->root->first_child, NODE_CHART, NULL)->chart = &chart;
    add(document, document->root->first_child, NODE_CHART, NULL)->chart = &chart;
    write_page(document, &out);
    xmlDoc *page = parse_page(buffer_text(&out));
    string_is(page, "//figure[1]/figcaption", "Some & others");
    assert_true(number(page, "count(//figure[1]//svg[@role='img']/rect)") == 2);
    assert_true(number(page, "count(//figure[1]//line[@class='target'])") == 1);
    string_is(page, "//figure[1]//svg/title", "Score <1>");
    string_is(page, "//figure[1]//svg/desc", "2025-Q3: 80 %; 2025-Q4: 95 %; 2026-Q1: no value. Dashed: target 90 %.");
    string_is(page, "concat(//figure[2]//title/@id, ' ', //figure[2]//desc/@id)", "chart-2-1-title chart-2-1-text");
    string_is(page, "//figure[2]//svg/@aria-labelledby", "chart-2-1-title chart-2-1-text");
    assert_true(number(page, "count(//figure[1]//text[@class='value'])") == 2);
    assert_true(number(page, "count(//script | //figure//@style)") == 0);
    xmlFreeDoc(page);
    buffer_free(&out);
    arena_free(arena);
}

static void blocks_become_their_elements(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct buffer out = {0};
    struct document *document = small_document(arena);
    struct node *section = document->root->first_child;
    struct node *list = add(document, section, NODE_LIST, NULL);
    list->ordered = true;
    list->start = 4;
    struct node *item = add(document, list, NODE_ITEM, NULL);
    add(document, add(document, item, NODE_QUOTE, NULL), NODE_RULE, NULL);
    add(document, section, NODE_CODE_BLOCK, "a\n <b>\n");
    add(document, section, NODE_PAGE_BREAK, NULL);
    struct node *paragraph = add(document, section, NODE_PARAGRAPH, NULL);
    add(document, add(document, paragraph, NODE_STRONG, NULL), NODE_TEXT, "s");
    add(document, paragraph, NODE_LINE_BREAK, NULL);
    add(document, add(document, paragraph, NODE_EMPHASIS, NULL), NODE_TEXT, "e");
    struct node *inner = add(document, section, NODE_SECTION, NULL);
    inner->level = 3;
    inner->target = "inner";
    add(document, add(document, inner, NODE_HEADING, NULL), NODE_TEXT, "Inner");
    write_page(document, &out);
    xmlDoc *page = parse_page(buffer_text(&out));
    assert_true(number(page, "count(//section[@id='one']/ol[@start='4']/li/blockquote/hr)") == 1);
    string_is(page, "//pre/code", "a\n <b>\n");
    assert_true(number(page, "count(//p[strong='s']/br/following-sibling::em[.='e'])") == 1);
    assert_true(number(page, "count(//section[@id='one']/section[@id='inner']/h4)") == 1);
    assert_true(number(page, "count(//nav//li)") == 1);
    xmlFreeDoc(page);
    buffer_free(&out);
    arena_free(arena);
}

/* The shipped report and theme: well-formed, ids unique, links inside it lead somewhere, nothing comes from outside. */
static void the_portfolio_is_sound(void **state) {
    (void)state;
    struct scratch scratch;
    scratch_begin(&scratch);
    assert_int_equal(sqlite3_close(report_fixture_open(&scratch, NULL)), SQLITE_OK);
    struct guard *guard = guard_open(scratch_path(&scratch, "store.sqlite"), REPORT_AS_OF, scratch.diagnostics);
    struct arena *arena = arena_new();
    struct theme *shipped = theme_load(arena, "templates", scratch.diagnostics);
    assert_non_null(shipped);
    struct template *template = template_load("templates/portfolio.md", guard, scratch.diagnostics);
    assert_non_null(template);
    struct document *document = template_render(template, arena, REPORT_AS_OF, scratch.diagnostics);
    assert_non_null(document);
    struct buffer out = {0};
    struct buffer again = {0};
    assert_true(html_write(document, shipped, &out, scratch.diagnostics));
    assert_true(html_write(document, shipped, &again, scratch.diagnostics));
    assert_string_equal(buffer_text(&out), buffer_text(&again));
    xmlDoc *page = parse_page(buffer_text(&out));
    assert_true(number(page, "count(//@id[. = preceding::*/@id or . = ancestor::*[position() > 1]/@id])") == 0);
    assert_true(number(page, "count(//a[starts-with(@href, '#')])") > 50);
    assert_true(number(page, "count(//a[starts-with(@href, '#') and not(//@id = substring(@href, 2))])") == 0);
    assert_true(number(page, "count(//@src | //link | //script | //img)") == 0);
    assert_true(number(page, "count(//a[@href='../evidence/notes/read%20me%20%7C%20first.txt'])") == 1);
    assert_null(strstr(shipped->style, "url("));
    string_is(page, "//section[@id='control-ac-02']/p[1]/span", "exceptions noted");
    assert_true(number(page, "count(//section[@id='test-ac-02.1']//tbody/tr)") == 3);
    xmlFreeDoc(page);
    buffer_free(&out);
    buffer_free(&again);
    template_free(template);
    arena_free(arena);
    guard_free(guard);
    scratch_end(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_escaped),
        cmocka_unit_test(links_lead_only_where_they_may),
        cmocka_unit_test(tables_have_captions_and_scopes),
        cmocka_unit_test(short_cells_stay_whole),
        cmocka_unit_test(charts_say_what_they_show),
        cmocka_unit_test(blocks_become_their_elements),
        cmocka_unit_test(the_portfolio_is_sound),
    };
    if (!store_start())
        return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    xmlCleanupParser();
    return failed;
}
