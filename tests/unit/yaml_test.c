#include "scratch.h"

#include "base/arena.h"
#include "base/limits.h"
#include "config/yaml.h"

static struct scratch scratch;
static struct arena *arena;

static int begin(void **state) {
    (void)state;
    scratch_begin(&scratch);
    arena = arena_new();
    return arena == NULL;
}

static int end(void **state) {
    (void)state;
    arena_free(arena);
    scratch_end(&scratch);
    return 0;
}

static struct yaml_node *parse(const char *text) {
    return yaml_parse(arena, "a.yaml", text, strlen(text), scratch.diagnostics);
}

static void assert_place(const struct place *place, uint64_t line, uint64_t column) {
    assert_string_equal(place->path, "a.yaml");
    assert_int_equal(place->line, line);
    assert_int_equal(place->column, column);
}

static void positions(void **state) {
    (void)state;
    const struct yaml_node *root = parse("one: 1\n"
                                         "zwölf: {é: [a, \"b c\"], x: 'y'}\n"
                                         "query: |\n"
                                         "\n"
                                         "    SELECT 1\n"
                                         "      FROM t\n"
                                         "folded: >-\n"
                                         "  a\n"
                                         "  b\n"
                                         "nothing:\n"
                                         "tilde: ~\n"
                                         "quoted: 'null'\n");
    assert_non_null(root);
    assert_int_equal(root->kind, YAML_MAPPING);
    assert_int_equal(root->count, 7);
    assert_place(&root->pairs[0].place, 1, 1);
    assert_place(&root->pairs[0].value->place, 1, 6);
    assert_false(root->pairs[0].value->quoted);

    const struct yaml_node *flow = yaml_get(root, "zwölf");
    assert_place(&flow->place, 2, 8);
    const struct yaml_node *list = yaml_get(flow, "é");
    assert_place(&list->place, 2, 12);
    assert_int_equal(list->count, 2);
    assert_place(&list->items[1]->place, 2, 16);
    assert_place(&list->items[1]->text_place, 2, 17);
    assert_string_equal(list->items[1]->text, "b c");
    assert_true(list->items[1]->quoted);
    assert_null(yaml_get(flow, "z"));
    assert_null(yaml_get(list, "z"));

    const struct yaml_node *query = yaml_get(root, "query");
    assert_string_equal(query->text, "\nSELECT 1\n  FROM t\n");
    assert_int_equal(query->length, strlen(query->text));
    assert_place(&query->place, 3, 8);
    assert_place(&query->text_place, 4, 5);
    assert_string_equal(yaml_get(root, "folded")->text, "a b");
    assert_int_equal(yaml_get(root, "nothing")->kind, YAML_NULL);
    assert_int_equal(yaml_get(root, "tilde")->kind, YAML_NULL);
    assert_string_equal(yaml_get(root, "tilde")->text, "~");
    assert_int_equal(yaml_get(root, "quoted")->kind, YAML_SCALAR);
    scratch_expect(&scratch, "");
}

static void empty_files(void **state) {
    (void)state;
    static const char *const texts[] = {"", "\n\n", "# only a comment\n", "---\n", "\xEF\xBB\xBF"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        const struct yaml_node *root = parse(texts[i]);
        assert_non_null(root);
        assert_int_equal(root->kind, YAML_NULL);
    }
    const struct yaml_node *marked = parse("\xEF\xBB\xBFkey: value\n");
    assert_string_equal(marked->pairs[0].key, "key");
    assert_place(&marked->pairs[0].place, 1, 1);
    scratch_expect(&scratch, "");
}

/* What must be refused, where, and what the message begins with. */
static void refusals(void **state) {
    (void)state;
    static const struct {
        const char *text;
        const char *start;
    } cases[] = {
        {"a: &x 1\nb: 2\n", "a.yaml:1:4: error: the anchor &x is not read"},
        {"a: *x\n", "a.yaml:1:4: error: the alias *x is not read"},
        {"a: !!int 1\n", "a.yaml:1:4: error: the tag tag:yaml.org,2002:int is not read"},
        {"a: !x {b: 1}\n", "a.yaml:1:4: error: the tag !x is not read"},
        {"a: &x [b]\n", "a.yaml:1:4: error: the anchor &x is not read"},
        {"a: 1\n---\nb: 2\n", "a.yaml:2:1: error: a second document in one file"},
        {"a: 1\nb: 2\na: 3\n", "a.yaml:3:1: error: the key 'a' stands already in line 1"},
        {"? [a]\n: 1\n", "a.yaml:1:3: error: a list or mapping as a key"},
        {"a: \"x\\0y\"\n", "a.yaml:1:4: error: a text with a NUL character"},
        {"a:\n\tb: 1\n", "a.yaml:2:1: error: a tab in the indentation"},
        {"a:\n  b: 1\n \tc: 1\n", "a.yaml:3:2: error: a tab in the indentation"},
        {"a: b: c\n", "a.yaml:1:5: error: a ': ' where none can stand"},
        {"a: [1, 2\nb: 3\n", "a.yaml:2:2: error: "},
        {"a: \"never closed\n", "a.yaml:2:1: error: a quoted text that is not closed"},
        {"a: {b: 1\n", "a.yaml:2:1: error: a mapping in braces that is not closed"},
        {"a: 1\n  b: 2\n", "a.yaml:2:4: error: "},
        {"a: @x\n", "a.yaml:1:4: error: a character that cannot begin a value"},
        {"ok: é\nbad: \xE9\n", "a.yaml:2:6: error: byte 0xE9 is not UTF-8"},
        {"a: \x01\n", "a.yaml:1: error: a control character"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct diagnostics *diagnostics = diagnostics_new();
        struct buffer printed = {0};
        assert_null(yaml_parse(arena, "a.yaml", cases[i].text, strlen(cases[i].text), diagnostics));
        diagnostics_print(diagnostics, DIAGNOSTIC_NOTE, false, &printed);
        if (strncmp(buffer_text(&printed), cases[i].start, strlen(cases[i].start)) != 0)
            fail_msg("expected %s\ngot %s", cases[i].start, buffer_text(&printed));
        assert_int_equal(diagnostics_count(diagnostics, DIAGNOSTIC_SETUP), 1);
        buffer_free(&printed);
        diagnostics_free(diagnostics);
    }
}

static void nul_byte(void **state) {
    (void)state;
    assert_null(yaml_parse(arena, "a.yaml", "a: b\nc: \0d\n", 11, scratch.diagnostics));
    scratch_expect(&scratch, "a.yaml:2:4: error: a NUL byte; this is not a text file, or it is not saved as UTF-8 "
                             "[yaml-syntax]\n");
}

/* Every duplicate key and every anchor of a file is reported in one go. */
static void all_in_one_go(void **state) {
    (void)state;
    assert_null(parse("a: &x 1\nb: {c: 1, c: 2}\na: !t 3\n"));
    scratch_expect(&scratch,
                   "a.yaml:1:4: error: the anchor &x is not read; remove it, or quote a text that begins with '&' "
                   "[yaml-refused]\n"
                   "a.yaml:2:11: error: the key 'c' stands already in line 2; keep one of them [duplicate-key]\n"
                   "a.yaml:3:1: error: the key 'a' stands already in line 1; keep one of them [duplicate-key]\n"
                   "a.yaml:3:4: error: the tag !t is not read; remove it, or quote a text that begins with '!' "
                   "[yaml-refused]\n");
}

static void alias_bomb(void **state) {
    (void)state;
    struct buffer text = {0};
    buffer_append_text(&text, "a0: &a0 [x, x]\n");
    for (int i = 1; i < 100; i++)
        buffer_format(&text, "a%d: &a%d [*a%d, *a%d, *a%d, *a%d]\n", i, i, i - 1, i - 1, i - 1, i - 1);
    assert_null(yaml_parse(arena, "a.yaml", text.data, text.length, scratch.diagnostics));
    /* One anchor a line, four aliases in all lines but the first. */
    assert_int_equal(diagnostics_count_id(scratch.diagnostics, DIAGNOSTIC_YAML_REFUSED), 100 + 99 * 4);
    buffer_free(&text);
}

static const struct yaml_node *nested(size_t depth, char open, char close) {
    struct buffer text = {0};
    for (size_t i = 0; i < depth; i++) {
        buffer_append_byte(&text, open);
        if (open == '{')
            buffer_append_text(&text, "k: ");
    }
    for (size_t i = 0; i < depth; i++)
        buffer_append_byte(&text, close);
    const struct yaml_node *root = yaml_parse(arena, "a.yaml", text.data, text.length, scratch.diagnostics);
    buffer_free(&text);
    return root;
}

static void depth(void **state) {
    (void)state;
    /* The innermost empty list stands at the limit itself. */
    assert_non_null(nested(LIMIT_YAML_DEPTH, '[', ']'));
    assert_int_equal(diagnostics_count(scratch.diagnostics, DIAGNOSTIC_NOTE), 0);
    assert_null(nested(LIMIT_YAML_DEPTH + 1, '[', ']'));
    assert_null(nested(LIMIT_YAML_DEPTH + 1, '{', '}'));
    assert_null(nested(100000, '[', ']'));
    assert_int_equal(diagnostics_count_id(scratch.diagnostics, DIAGNOSTIC_YAML_REFUSED), 3);
}

static void sizes(void **state) {
    (void)state;
    struct buffer text = {0};
    assert_true(buffer_reserve(&text, LIMIT_YAML_BYTES + 16));
    buffer_append_text(&text, "a: ");
    while (text.length < LIMIT_YAML_BYTES)
        buffer_append_byte(&text, 'x');
    assert_non_null(yaml_parse(arena, "a.yaml", text.data, text.length, scratch.diagnostics));
    buffer_append_byte(&text, 'x');
    assert_null(yaml_parse(arena, "a.yaml", text.data, text.length, scratch.diagnostics));
    assert_int_equal(diagnostics_count_id(scratch.diagnostics, DIAGNOSTIC_FILE_TOO_LARGE), 1);
    scratch_write(&scratch, "large.yaml", buffer_text(&text));
    assert_null(yaml_load(arena, scratch_path(&scratch, "large.yaml"), scratch.diagnostics));
    assert_int_equal(diagnostics_count_id(scratch.diagnostics, DIAGNOSTIC_FILE_TOO_LARGE), 2);

    buffer_clear(&text);
    buffer_append_byte(&text, '[');
    for (size_t i = 0; i < LIMIT_YAML_NODES; i++)
        buffer_append_text(&text, i % 64 == 63 ? "1,\n" : "1,");
    buffer_append_byte(&text, ']');
    assert_null(yaml_parse(arena, "a.yaml", text.data, text.length, scratch.diagnostics));
    assert_int_equal(diagnostics_count_id(scratch.diagnostics, DIAGNOSTIC_YAML_REFUSED), 1);
    buffer_free(&text);
}

/* Cut anywhere, a file is either read or refused with something said; never both, never silence. */
static void every_cut(void **state) {
    (void)state;
    static const char text[] =
        "types:\n  - type: a\n    k: [x, 'y', \"z\\n\"]\n    q: |\n      SELECT ü\n    m: {n: ~}\n";
    for (size_t length = 0; length < sizeof text; length++) {
        struct diagnostics *diagnostics = diagnostics_new();
        char *copy = malloc(length + 1);
        memcpy(copy, text, length);
        const struct yaml_node *root = yaml_parse(arena, "a.yaml", copy, length, diagnostics);
        assert_int_equal(root == NULL, diagnostics_count(diagnostics, DIAGNOSTIC_NOTE) > 0);
        free(copy);
        diagnostics_free(diagnostics);
    }
}

static void missing_file(void **state) {
    (void)state;
    assert_null(yaml_load(arena, scratch_path(&scratch, "absent.yaml"), scratch.diagnostics));
    assert_int_equal(diagnostics_count_id(scratch.diagnostics, DIAGNOSTIC_FILE_READ), 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(positions, begin, end),
        cmocka_unit_test_setup_teardown(empty_files, begin, end),
        cmocka_unit_test_setup_teardown(refusals, begin, end),
        cmocka_unit_test_setup_teardown(nul_byte, begin, end),
        cmocka_unit_test_setup_teardown(all_in_one_go, begin, end),
        cmocka_unit_test_setup_teardown(alias_bomb, begin, end),
        cmocka_unit_test_setup_teardown(depth, begin, end),
        cmocka_unit_test_setup_teardown(sizes, begin, end),
        cmocka_unit_test_setup_teardown(every_cut, begin, end),
        cmocka_unit_test_setup_teardown(missing_file, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
