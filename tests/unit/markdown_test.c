#include "document/markdown.h"

#include "report_fixture.h"

/* What Markdown becomes; expected trees are read off CommonMark 0.31 and the GFM specification by hand. */

static const struct insets none;

static struct document *read_markdown(struct arena *arena, const char *text, struct diagnostics *diagnostics) {
    struct document *document = tree_new(arena);
    assert_non_null(document);
    return markdown_read(document, &none, text, strlen(text), "x.md", diagnostics) ? document : NULL;
}

static void expect(const char *text, const char *tree) {
    struct diagnostics *diagnostics = diagnostics_new();
    struct arena *arena = arena_new();
    struct document *document = read_markdown(arena, text, diagnostics);
    assert_non_null(document);
    report_fixture_expect(document, tree);
    arena_free(arena);
    diagnostics_free(diagnostics);
}

static void headings_open_sections_by_level(void **state) {
    (void)state;
    expect("# A\n\n## B\n\ntext\n\n## C\n\n# D\n",
           "S1#a(H(\"A\")S2#b(H(\"B\")P(\"text\"))S2#c(H(\"C\")))S1#d(H(\"D\"))");
    /* A level that is missing is no section; levels past the fourth count as the fourth. */
    expect("### A\n\n# B\n\n#### C\n\n##### D\n", "S3#a(H(\"A\"))S1#b(H(\"B\")S4#c(H(\"C\"))S4#d(H(\"D\")))");
    expect("before\n\n# A\n", "P(\"before\")S1#a(H(\"A\"))");
}

static void headings_take_their_anchor_from_their_end(void **state) {
    (void)state;
    expect("# A title {#the-one}\n", "S1#the-one(H(\"A title\"))");
    expect("# A **b** {#x.Y_z}  \n", "S1#x.y_z(H(\"A \"B(\"b\")))");
    expect("# {#only}\n", "S1#only(H())");
    expect("# A {#a .screen}\n\n## B {#b.screen}\n", "S1#a!(H(\"A\")S2#b.screen(H(\"B\")))");
    expect("# Not {#one} here\n", "S1#not-one-here(H(\"Not {#one} here\"))");
    expect("# A\n\n# A\n\n# A {#a}\n", "S1#a(H(\"A\"))S1#a-2(H(\"A\"))S1#a-3(H(\"A\"))");
    expect("# !\n", "S1#section(H(\"!\"))");
}

static void inline_marks(void **state) {
    (void)state;
    expect("a *b* **c *d*** `e  f` g\nh  \ni\\\nj",
           "P(\"a \"E(\"b\")\" \"B(\"c \"E(\"d\"))\" \"`e  f`\" g h\"/\"i\"/\"j\")");
    expect("[a *b*](https://example.com/x?y=1&amp;z) <https://example.com>",
           "P(A<https://example.com/x?y=1&z>(\"a \"E(\"b\"))\" \"A<https://example.com>(\"https://example.com\"))");
    expect("[to](#Some%20Place) ![an *image*](x.png)", "P(A<#some-20place>(\"to\")\" an \"E(\"image\"))");
    expect("[no **exceptions**](badge:no-occurrence)!", "P([no-occurrence:no exceptions]\"!\")");
    expect("&amp; &lt; &#65; &#x42; &hellip; &unknown; &#0; &#xfdd0; \\* 1\\.",
           "P(\"& < A B \xe2\x80\xa6 &unknown; \xef\xbf\xbd \xef\xbf\xbd * 1.\")");
}

static void raw_html_is_text(void **state) {
    (void)state;
    expect("a <b>c</b> <!-- d -->\n\n<script>\nalert(1)\n</script>\n",
           "P(\"a <b>c</b> <!-- d -->\")P(\"<script> alert(1) </script>\")");
}

static void blocks(void **state) {
    (void)state;
    expect("- a\n- b\n  - c\n\n3. d\n4. e\n", "L(I(P(\"a\"))I(P(\"b\")L(I(P(\"c\")))))O3(I(P(\"d\"))I(P(\"e\")))");
    expect("- a\n\n  b\n", "L(I(P(\"a\")P(\"b\")))");
    expect("- **a** b\n  > c\n", "L(I(P(B(\"a\")\" b\")Q(P(\"c\"))))");
    expect("> a\n>\n> # b\n\n---\n", "Q(P(\"a\")P(B(\"b\")))---");
    expect("```sql\nSELECT 1\n  FROM x;\n```\n\n    not code\n", "K\"SELECT 1\n  FROM x;\n\"P(\"not code\")");
}

static void tables(void **state) {
    (void)state;
    expect("| a | b | c |\n|---|:-:|--:|\n| 1 \\| | *2* |\n| [x](badge:yes) | `3` | 4 |\n",
           "Tlcr(RH(C(\"a\")C(\"b\")C(\"c\"))R(C(\"1 |\")C(E(\"2\"))C())R(C([yes:x])C(`3`)C(\"4\")))");
}

static void nesting_has_a_limit(void **state) {
    (void)state;
    struct diagnostics *diagnostics = diagnostics_new();
    struct arena *arena = arena_new();
    char text[64];
    memset(text, '>', sizeof text);
    strcpy(text + sizeof text - 3, " x");
    assert_null(read_markdown(arena, text, diagnostics));
    assert_int_equal(diagnostics_count_id(diagnostics, DIAGNOSTIC_TEMPLATE_LIMIT), 1);
    arena_free(arena);
    diagnostics_free(diagnostics);
}

/* Any cut of a text is a text: it is read, and with the same bytes it gives the same tree. */
static void every_cut_is_read(void **state) {
    (void)state;
    static const char text[] = "# A {#a}\n\n> - *b* `c` [d](badge:e)\n\n| f | g |\n|--:|---|\n| &amp; | ![h](i) |\n\n"
                               "```\n<j>\n```\n\n1. \\k\n   - l\n***\n\xe2\x82\xac";
    for (size_t length = 0; length < sizeof text; length++) {
        struct diagnostics *diagnostics = diagnostics_new();
        struct arena *arena = arena_new();
        struct buffer trees[2] = {{0}, {0}};
        for (int i = 0; i < 2; i++) {
            struct document *document = tree_new(arena);
            assert_true(markdown_read(document, &none, text, length, "x.md", diagnostics));
            report_fixture_tree(document->root, &trees[i]);
        }
        assert_string_equal(buffer_text(&trees[0]), buffer_text(&trees[1]));
        buffer_free(&trees[0]);
        buffer_free(&trees[1]);
        arena_free(arena);
        diagnostics_free(diagnostics);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headings_open_sections_by_level),
        cmocka_unit_test(headings_take_their_anchor_from_their_end),
        cmocka_unit_test(inline_marks),
        cmocka_unit_test(raw_html_is_text),
        cmocka_unit_test(blocks),
        cmocka_unit_test(tables),
        cmocka_unit_test(nesting_has_a_limit),
        cmocka_unit_test(every_cut_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
