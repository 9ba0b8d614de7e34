#include "document/template.h"

#include "report_fixture.h"

#include "store/store.h"

/* Templates over the fixture's store, and over a table of hostile texts. */

struct bench {
    struct scratch scratch;
    struct guard *guard;
};

static const char hostile_table[] =
    "CREATE TABLE point (number INTEGER PRIMARY KEY, key TEXT, period TEXT, value REAL, aim REAL);"
    "INSERT INTO point (key, period, value, aim) VALUES ('a', 'Q1', 1, 9.5), ('a', 'Q2', NULL, 9.5), ('a', 'Q3', -2.5, "
    "9.5),"
    "('b', 'Q1', 4, NULL), ('b', 'Q2', 1e20, NULL), ('b', 'Q3', -9e999, NULL), ('b', 'Q4', 5, NULL);"
    "CREATE TABLE hostile (number INTEGER PRIMARY KEY, text TEXT);"
    "INSERT INTO hostile (text) VALUES ('plain'), ('# heading'), ('## h {#anchor}'), ('x {#anchor}'), ('- item'),"
    "('+ item'), ('* item'), ('1. item'), ('12) item'), ('> quote'), ('```'), ('~~~ table'), ('    code'), ('| a | b "
    "|'),"
    "('a | b'), ('---'), ('==='), ('***'), ('[a](b)'), ('[a](badge:effective)'), ('![a](b)'), ('<b>bold</b>'),"
    "('<https://example.com>'), ('https://example.com'), ('www.example.com'), ('ann@example.com'), ('&amp;'), "
    "('&#42;'),"
    "('*a*'), ('**a**'), ('_a_'), ('~~a~~'), ('`a`'), ('``'), ('\\'), ('\\*'), ('a\\'), ('{{title}}'), ('{{{x}}}'),"
    "('{{#hostile}}'), ('](x)'), (')'), ('('), ('\"'), (''''), (' leading'), ('trailing '), ('two  spaces'), ('a' || "
    "char(9) || 'b'),"
    "('<!-- -->'), ('<script>alert(1)</script>'), ('[x]: y'), ('[ ] task'), (':---:'), ('$x$'), ('a' || char(10) || '# "
    "b'),"
    "('a' || char(13, 10, 13, 10) || '```table' || char(10) || 'query: hostile'), (char(10) || '> a'), ('a  ' || "
    "char(10) || 'b'),"
    "(char(64976) || char(64992) || char(64977)), (char(8238) || 'abc'), (char(127)), (char(128169)), ('#'), ('=');";

static int bench_open(void **state) {
    struct bench *bench = calloc(1, sizeof *bench);
    assert_non_null(bench);
    scratch_begin(&bench->scratch);
    assert_int_equal(sqlite3_close(report_fixture_open(&bench->scratch, hostile_table)), SQLITE_OK);
    bench->guard = guard_open(scratch_path(&bench->scratch, "store.sqlite"), REPORT_AS_OF, bench->scratch.diagnostics);
    assert_non_null(bench->guard);
    *state = bench;
    return 0;
}

static int bench_close(void **state) {
    struct bench *bench = *state;
    guard_free(bench->guard);
    scratch_end(&bench->scratch);
    free(bench);
    return 0;
}

#define HEAD                                                                                                           \
    "---\n"                                                                                                            \
    "title: T {{one}}\n"                                                                                               \
    "statement: S\n"                                                                                                   \
    "queries:\n"                                                                                                       \
    "  report: SELECT 1 AS one, 0 AS zero, '' AS empty, NULL AS unset, '0' AS nought, 'a *b*' AS stars, "              \
    "'**c**' || char(10, 10) || '# d' AS marks, 2.5 AS real\n"                                                         \
    "  controls: SELECT id AS control, title FROM tm_control WHERE position < 2 ORDER BY position\n"                   \
    "  tests: SELECT id AS test, title FROM tm_test WHERE control = :control ORDER BY position\n"                      \
    "  nobody: SELECT 1 AS x WHERE 0\n"                                                                                \
    "  points: SELECT * FROM point ORDER BY number\n"                                                                  \
    "  hostile: SELECT text FROM hostile ORDER BY number\n"                                                            \
    "---\n"

/* Renders HEAD and a body; NULL after a report. */
static struct document *render(struct bench *bench, struct arena *arena, const char *body) {
    struct buffer text = {0};
    buffer_append_text(&text, HEAD);
    buffer_append_text(&text, body);
    scratch_write(&bench->scratch, "t.md", buffer_text(&text));
    buffer_free(&text);
    struct template *template =
        template_load(scratch_path(&bench->scratch, "t.md"), bench->guard, bench->scratch.diagnostics);
    struct document *document =
        template == NULL ? NULL : template_render(template, arena, REPORT_AS_OF, bench->scratch.diagnostics);
    template_free(template);
    return document;
}

static void expect(struct bench *bench, const char *body, const char *tree) {
    struct arena *arena = arena_new();
    struct document *document = render(bench, arena, body);
    if (document == NULL)
        scratch_expect(&bench->scratch, "");
    assert_non_null(document);
    report_fixture_expect(document, tree);
    arena_free(arena);
}

static void expect_refusal(struct bench *bench, const char *body, const char *diagnostics) {
    struct arena *arena = arena_new();
    assert_null(render(bench, arena, body));
    scratch_expect(&bench->scratch, diagnostics);
    arena_free(arena);
}

static void values_and_conditions(void **state) {
    struct bench *bench = *state;
    expect(bench, "{{one}} {{ stars }} [{{unset}}{{empty}}] {{real}}\n", "P(\"1 a *b* [] 2.5\")");
    expect(bench,
           "{{#one}}a{{/one}}{{#zero}}b{{/zero}}{{#empty}}c{{/empty}}{{#unset}}d{{/unset}}"
           "{{#nought}}e{{/nought}}{{#stars}}f{{/stars}}{{#real}}g{{/real}}\n",
           "P(\"afg\")");
    expect(bench,
           "{{^one}}a{{/one}}{{^zero}}b{{/zero}}{{^empty}}c{{/empty}}{{^unset}}d{{/unset}}"
           "{{^nought}}e{{/nought}}{{^stars}}f{{/stars}}\n",
           "P(\"bcde\")");
    expect(bench, "{{empty}}\n\n{{! a\ncomment }}\n\nx{{! y }}z\n", "P(\"xz\")");
}

static void sections_repeat_over_rows(void **state) {
    struct bench *bench = *state;
    expect(bench,
           "{{#controls}}\n# {{control}} {{title}} {#c-{{control}}}\n\n{{#tests}}\n- {{test}} of {{control}}\n"
           "{{/tests}}\n{{^tests}}\nnone\n{{/tests}}\n\n{{/controls}}\n",
           "S1#c-ac-02(H(\"AC-02 Multi-factor authentication\")L(I(P(\"AC-02.1 of AC-02\"))))"
           "S1#c-cm-01(H(\"CM-01 Change approval\")L(I(P(\"CM-01.1 of CM-01\"))))");
    expect(bench, "{{#nobody}}x{{/nobody}}{{^nobody}}nobody{{/nobody}}\n", "P(\"nobody\")");
    expect(bench, "| a | b |\n|---|--:|\n{{#controls}}\n| {{control}} | {{title}} |\n{{/controls}}\n\nend\n",
           "Tlr(RH(C(\"a\")C(\"b\"))R(C(\"AC-02\")C(\"Multi-factor authentication\"))"
           "R(C(\"CM-01\")C(\"Change approval\")))P(\"end\")");
}

static void markdown_values_stay_in_their_place(void **state) {
    struct bench *bench = *state;
    expect(bench, "# A\n\n{{{marks}}}\n\n## B\n", "S1#a(H(\"A\")P(B(\"c\"))P(B(\"d\"))S2#b(H(\"B\")))");
    expect(bench, "- x\n- {{{marks}}}\n", "L(I(P(\"x\"))I(P(B(\"c\"))P(B(\"d\"))))");
    expect(bench, "a {{{marks}}} b\n", "P(\"a \"\" \"B(\"c\")\" \"B(\"d\")\" b\")");
    expect(bench, "```\n{{{marks}}}\n{{stars}}\n```\n", "K\"**c**\n\n# d\na *b*\n\"");
    expect(bench, "`{{stars}}` [{{stars}}](#{{stars}}) [{{stars}}](badge:{{stars}})\n",
           "P(`a *b*`\" \"A<#a-b>(\"a *b*\")\" \"[a-b:a *b*])");
}

static void blocks_of_our_own(void **state) {
    struct bench *bench = *state;
    expect(bench, "a\n```page\n```\nb\n", "P(\"a\")===P(\"b\")");
    expect(bench,
           "```table\nquery: controls\ncaption: '{{one}} of'\ncolumns:\n"
           "  - {title: 'Id *', value: '{{control}}', link: '#{{control}}', badge: '{{control}}', width: 1}\n"
           "  - {title: B, value: '{{title}}/{{one}}', align: right, code: true, width: 2}\n"
           "  - {title: C, value: '{{#unset}}x{{/unset}}'}\n```\n",
           "Tlrl(RH(C(\"Id *\")C(\"B\")C(\"C\"))R(C(A<#ac-02>([ac-02:AC-02]))C(`Multi-factor authentication/1`)C())"
           "R(C(A<#cm-01>([cm-01:CM-01]))C(`Change approval/1`)C()))");
    expect(bench, "```table\nquery: nobody\nempty: 'No {{stars}}.'\ncolumns: [{title: A, value: '{{x}}'}]\n```\n",
           "P(\"No a *b*.\")");
    expect(bench, "```table\nquery: nobody\ncolumns: [{title: A, value: '{{x}}'}]\n```\n", "");
    /* An example of a table in another block is only an example. */
    expect(bench, "````\n```table\nx\n```\n````\n", "K\"```table\nx\n```\n\"");
}

static void optional_columns_go_when_they_are_empty(void **state) {
    struct bench *bench = *state;
    expect(bench,
           "```table\nquery: controls\ncolumns:\n  - {title: A, value: '{{unset}}', optional: true}\n"
           "  - {title: '{{one}}', value: '{{control}}', optional: true, align: right}\n"
           "  - {title: C, value: '{{empty}}', optional: true}\n  - {title: D, value: '{{empty}}'}\n```\n",
           "Trl(RH(C(\"1\")C(\"D\"))R(C(\"AC-02\")C())R(C(\"CM-01\")C()))");
    expect(bench,
           "```table\nquery: controls\ncolumns:\n  - {title: A, value: '{{unset}}', optional: true}\n"
           "  - {title: B, value: '{{unset}}', optional: true, align: right}\n```\n",
           "Tr(RH(C(\"B\"))R(C())R(C()))");
}

static void charts(void **state) {
    struct bench *bench = *state;
    expect(bench,
           "```chart\nquery: points\nkind: columns\ncaption: 'of {{one}}'\nby: '{{key}}'\npanel: '{{key}}!'\n"
           "note: '{{stars}}'\nlabel: '{{period}}'\nvalue: '{{value}}'\nprinted: '{{value}} %'\ntarget: '{{aim}}'\n"
           "full: 100\n```\n",
           "COLUMNS<of 1>({a!|a *b*|100|9.5|Q1:1.0 %=1|Q2: %|Q3:-2.5 %=-2.5}"
           "{b!|a *b*|100||Q1:4.0 %=4|Q2:1.0e+20 %|Q3:-Inf %|Q4:5.0 %=5})");
    /* No panel where there are too few values, and no chart without a panel. */
    expect(bench,
           "```chart\nquery: points\nkind: bars\nleast: 3\nlabel: '{{period}}'\nvalue: '{{aim}}'\n"
           "printed: x\nby: '{{key}}'\n```\n",
           "BARS<>({||0||Q1:x=9.5|Q2:x=9.5|Q3:x=9.5})");
    expect(bench,
           "a\n\n```chart\nquery: points\nkind: bars\nleast: 4\nlabel: '{{period}}'\nvalue: '{{aim}}'\n"
           "printed: x\nby: '{{key}}'\n```\n",
           "P(\"a\")");
    expect(bench, "a\n\n```chart\nquery: nobody\nkind: bars\nlabel: a\nvalue: '{{x}}'\nprinted: b\n```\n", "P(\"a\")");
}

#define CHART "```chart\nquery: controls\nkind: bars\nlabel: a\nprinted: b\n"

static void refuses_what_no_chart_draws(void **state) {
    expect_refusal(*state, CHART "value: '{{title}}'\n```\n",
                   "@/t.md:12:1: error: a chart draws numbers, and the query 'controls' gives it 'Multi-factor "
                   "authentication'; return a number or NULL [template-query]\n");
}

static void refuses_a_malformed_chart(void **state) {
    expect_refusal(*state,
                   CHART "value: 1\nleast: 0\n```\n\n" CHART "value: '{{nothing}}'\n```\n\n"
                         "```chart\nquery: controls\nkind: pie\nlabel: a\nprinted: b\nvalue: 1\n```\n",
                   "@/t.md:13:1: error: 'least' is how many values a chart needs, from 1 to 2000; write such a number "
                   "[template-syntax]\n"
                   "@/t.md:26:9: error: there is no 'nothing' here; let an enclosing query or 'report' return a column "
                   "of that name [template-name]\n"
                   "@/t.md:31:7: error: 'kind' of a chart cannot be 'pie'; use one of columns, bars [wrong-value]\n");
}

/* Text that is alone in a tree: its node, or NULL. */
static const struct node *only_text(const struct node *node) {
    while (node != NULL && node->kind != NODE_TEXT) {
        if (node->first_child == NULL || node->first_child != node->last_child)
            return NULL;
        node = node->first_child;
    }
    return node;
}

static void expect_exactly(const struct node *node, const char *text) {
    char expected[256];
    size_t length = 0;
    for (const char *at = text; *at != '\0'; at++) {
        if (at[0] == '\r' && at[1] == '\n')
            continue;
        expected[length++] = *at == '\n' || *at == '\r' ? ' ' : *at;
    }
    expected[length] = '\0';
    if (node == NULL || node->length != length || memcmp(node->text, expected, length) != 0)
        fail_msg("not one text: %s", text);
}

static void no_value_makes_structure(void **state) {
    struct bench *bench = *state;
    struct arena *arena = arena_new();
    struct document *document =
        render(bench, arena,
               "{{#hostile}}\n{{text}}\n\n{{/hostile}}\n"
               "{{#hostile}}\n# {{text}}\n\n- {{text}}\n\n> {{text}}\n\n[{{text}}](x)\n\n"
               "**{{text}}**\n\n| a |\n|---|\n| {{text}} |\n\n{{/hostile}}\n"
               "# end\n\n```table\nquery: hostile\ncolumns: [{title: A, value: '{{text}}'}]\n```\n");
    assert_non_null(document);
    sqlite3 *store = NULL;
    sqlite3_stmt *texts = NULL;
    assert_int_equal(sqlite3_open(scratch_path(&bench->scratch, "store.sqlite"), &store), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(store, "SELECT text FROM hostile ORDER BY number", -1, &texts, NULL),
                     SQLITE_OK);
    const struct node *paragraph = document->root->first_child;
    for (; sqlite3_step(texts) == SQLITE_ROW; paragraph = paragraph->next) {
        assert_int_equal(paragraph->kind, NODE_PARAGRAPH);
        expect_exactly(only_text(paragraph), (const char *)sqlite3_column_text(texts, 0));
    }
    assert_int_equal(sqlite3_reset(texts), SQLITE_OK);
    const struct node *section = paragraph;
    for (; sqlite3_step(texts) == SQLITE_ROW; section = section->next) {
        static const enum node_kind kinds[] = {NODE_HEADING,   NODE_LIST,      NODE_QUOTE,
                                               NODE_PARAGRAPH, NODE_PARAGRAPH, NODE_TABLE};
        const char *text = (const char *)sqlite3_column_text(texts, 0);
        assert_int_equal(section->kind, NODE_SECTION);
        const struct node *block = section->first_child;
        for (size_t i = 0; i < 6; i++, block = block->next) {
            assert_int_equal(block->kind, kinds[i]);
            expect_exactly(only_text(kinds[i] == NODE_TABLE ? block->last_child : block), text);
        }
        assert_null(block);
    }
    assert_int_equal(sqlite3_reset(texts), SQLITE_OK);
    const struct node *row = section->last_child->first_child->next;
    for (; sqlite3_step(texts) == SQLITE_ROW; row = row->next)
        expect_exactly(only_text(row), (const char *)sqlite3_column_text(texts, 0));
    assert_null(row);
    assert_int_equal(sqlite3_finalize(texts), SQLITE_OK);
    assert_int_equal(sqlite3_close(store), SQLITE_OK);
    arena_free(arena);
}

static void refuses_malformed_marks(void **state) {
    expect_refusal(*state, "a\n {{one\n", "@/t.md:13:2: error: '{{' is never closed; add '}}' [template-syntax]\n");
}

static void refuses_sections_that_do_not_match(void **state) {
    expect_refusal(
        *state, "{{#one}}\n{{#controls}}\n{{/one}}\n",
        "@/t.md:14:1: error: '{{/one}}' stands where 'controls', opened on line 13, is still open; close that "
        "first [template-syntax]\n");
}

static void refuses_an_unclosed_section(void **state) {
    expect_refusal(*state, "x {{^one}} y\n",
                   "@/t.md:12:3: error: the section 'one' is never closed; add '{{/one}}' [template-syntax]\n");
}

static void refuses_marks_of_other_dialects(void **state) {
    expect_refusal(*state, "{{> part}}\n",
                   "@/t.md:12:1: error: '{{> part}}' is a kind of mark that templates do not have; use '{{name}}', "
                   "'{{{name}}}', '{{#name}}', '{{^name}}', '{{/name}}' or '{{! }}' [template-syntax]\n");
}

static void refuses_unknown_names(void **state) {
    expect_refusal(*state, "{{star}} {{controls}}\n{{#controls}}{{contrl}}{{/controls}}\n",
                   "@/t.md:12:1: error: there is no 'star' here; did you mean 'stars'? [template-name]\n"
                   "@/t.md:12:10: error: 'controls' is a query and no value; go through its rows with '{{#controls}}' "
                   "[template-name]\n"
                   "@/t.md:13:14: error: there is no 'contrl' here; did you mean 'control'? [template-name]\n");
}

static void refuses_queries_out_of_place(void **state) {
    expect_refusal(
        *state, "{{#tests}}{{/tests}}\n{{#controls}}{{#controls}}{{/controls}}{{/controls}}\n",
        "@/t.md:12:1: error: the query 'tests' needs ':control', and no row around it has that column; use it "
        "inside a section whose query returns 'control' [template-query]\n"
        "@/t.md:13:14: error: the rows of 'controls' are being read already; give the inner one a query of its "
        "own [template-query]\n");
}

static void refuses_a_malformed_table(void **state) {
    expect_refusal(
        *state, "\n```table\nquery: control\ncolumns: []\n```\n\n```table\nquery: controls\ncolumns: []\n```\n",
        "@/t.md:14:1: error: there is no query 'control'; did you mean 'controls'?; the head names the queries "
        "[template-name]\n"
        "@/t.md:20:10: error: a table without columns; list at least one [template-syntax]\n");
}

static void refuses_a_block_without_end(void **state) {
    expect_refusal(*state, "```table\nquery: controls\n",
                   "@/t.md:12:1: error: a 'table' block that is not closed; end it with a line of the same 3 marks "
                   "[template-syntax]\n");
}

static void refuses_deep_sections(void **state) {
    struct buffer body = {0};
    for (int i = 0; i < 9; i++)
        buffer_append_text(&body, "{{#one}}");
    expect_refusal(
        *state, buffer_text(&body),
        "@/t.md:12:65: error: sections nest more than 8 deep; let a query join what an inner section looks up "
        "[template-limit]\n");
    buffer_free(&body);
}

static void refuses_a_missing_head(void **state) {
    struct bench *bench = *state;
    scratch_write(&bench->scratch, "t.md", "# A\n");
    assert_null(template_load(scratch_path(&bench->scratch, "t.md"), bench->guard, bench->scratch.diagnostics));
    scratch_expect(&bench->scratch, "@/t.md:1: error: a template begins with a head between two lines of '---'; add it "
                                    "[template-syntax]\n");
}

/* Every cut of a template is either refused with a reason or rendered; nothing else happens. */
static void every_cut_is_read(void **state) {
    struct bench *bench = *state;
    static const char text[] =
        "---\ntitle: T\nstatement: S\nqueries:\n  q: SELECT 1 AS a\n---\n# A {#b}\n{{#q}}\n{{a}} {{{a}}}\n{{/q}}\n"
        "```table\nquery: q\ncolumns: [{title: A, value: '{{a}}'}]\n```\n";
    for (size_t length = 0; length < sizeof text; length++) {
        char cut[sizeof text];
        memcpy(cut, text, length);
        cut[length] = '\0';
        scratch_write(&bench->scratch, "t.md", cut);
        struct diagnostics *diagnostics = diagnostics_new();
        struct arena *arena = arena_new();
        struct template *template = template_load(scratch_path(&bench->scratch, "t.md"), bench->guard, diagnostics);
        bool rendered = template != NULL && template_render(template, arena, 0, diagnostics) != NULL;
        assert_int_equal(rendered, diagnostics_count(diagnostics, DIAGNOSTIC_SETUP) == 0);
        template_free(template);
        arena_free(arena);
        diagnostics_free(diagnostics);
    }
}

/* The report we ship: whole, and every link inside it leads somewhere. */
static void check_links(const struct document *document, const struct node *parent) {
    for (const struct node *node = parent->first_child; node != NULL; node = node->next) {
        if (node->kind == NODE_LINK && node->target[0] == '#' && tree_find(document, node->target + 1) == NULL)
            fail_msg("%s leads nowhere", node->target);
        check_links(document, node);
    }
}

static void the_portfolio_renders(void **state) {
    struct bench *bench = *state;
    struct arena *arena = arena_new();
    struct template *template = template_load("templates/portfolio.md", bench->guard, bench->scratch.diagnostics);
    scratch_expect(&bench->scratch, "");
    assert_non_null(template);
    const struct document *document = template_render(template, arena, REPORT_AS_OF, bench->scratch.diagnostics);
    assert_non_null(document);
    assert_string_equal(document->title, "Control evidence portfolio");
    assert_string_equal(document->subtitle, "1 October 2025 to 31 December 2025");
    assert_string_equal(document->statement,
                        "Prepared by management; not a SOC 2 examination report; no opinion or assurance");
    assert_non_null(strstr(document->notice, "development key"));
    check_links(document, document->root);
    assert_non_null(tree_find(document, "control-ac-02"));
    assert_non_null(tree_find(document, "source-idp-accounts"));
    template_free(template);
    arena_free(arena);
}

int main(void) {
#define TEST(test) cmocka_unit_test_setup_teardown(test, bench_open, bench_close)
    const struct CMUnitTest tests[] = {
        TEST(values_and_conditions),
        TEST(sections_repeat_over_rows),
        TEST(markdown_values_stay_in_their_place),
        TEST(blocks_of_our_own),
        TEST(optional_columns_go_when_they_are_empty),
        TEST(charts),
        TEST(refuses_what_no_chart_draws),
        TEST(refuses_a_malformed_chart),
        TEST(no_value_makes_structure),
        TEST(refuses_malformed_marks),
        TEST(refuses_sections_that_do_not_match),
        TEST(refuses_an_unclosed_section),
        TEST(refuses_marks_of_other_dialects),
        TEST(refuses_unknown_names),
        TEST(refuses_queries_out_of_place),
        TEST(refuses_a_malformed_table),
        TEST(refuses_a_block_without_end),
        TEST(refuses_deep_sections),
        TEST(refuses_a_missing_head),
        TEST(every_cut_is_read),
        TEST(the_portfolio_renders),
    };
    return store_start() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
