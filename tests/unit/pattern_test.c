#include "base/file.h"
#include "base/pattern.h"
#include "base/pattern_literal.h"
#include "config/schema.h"
#include "scratch.h"

#define KINDS_FOLDER "tests/kinds"
#define EXPRESSIONS  3000
#define TEXTS        30  /* tried on each */
#define CHANGES      200 /* of each line of an export */

/* What a generator of random numbers has to be here: the same at every run. */
static unsigned draw(uint64_t *seed, unsigned below) {
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(*seed >> 33) % below;
}

static void needed_texts(void **state) {
    (void)state;
    static const struct {
        const char *expression;
        const char *literal;
    } cases[] = {
        {"abc", "abc"},
        {"ab", ""},
        {"abc?d", ""},
        {"abcd?e", "abc"},
        {"abcd{0,2}ef", "abc"},
        {"abcd+ef", "abcd"},
        {"abcd+?", "abcd"},
        {"(abc)?defg", "defg"},
        {"(abcd){0}efg", "efg"},
        {"((abc))+", "abc"},
        {"(?<a>abc)(?:de|fgh)", "abc"},
        {"abc|defg", ""},
        {"(?:abcd|efgh)ijk", "ijk"},
        {"(?!abcd)", ""},
        {"(?=abcd)efg", "efg"},
        {"(?<=abcd)efg", "efg"},
        {"(?>abc)", "abc"},
        {"(?|abc|(d))efg", "efg"},
        {"a\\.b\\ c[x\\]]de", "a.b c"},
        {"a[^x]bcd", "bcd"},
        {"[]abc]def", ""},
        {"[[:alpha:]]def", ""},
        {"\\d+abc\\S", "abc"},
        {"\\x{61}bcd", "bcd"},
        {"\\x61bcd(e{2})fgh", ""},
        {"\\Qabc\\Edef", ""},
        {"(?i)abc", ""},
        {"x(?i)abc", ""},
        {"(?x) ab c d ? e\\ f g", "e fg"},
        {"(?x)abc#d", ""},
        {"abc#d", "abc#d"},
        {"(?J)(?<a>\\d)abc(?<a>\\d)", "abc"},
        {"(*UCP)abc", ""},
        {"abc(?#no)", ""},
        {"abc\\K", ""},
        {".(?<*a)(?:bcd|x>defg)", ""},
        {"[\\c]abc]def", ""},
        {"a{b}cdef", ""},
        {"0123456789012345678901234567890123456789", "01234567890123456789012345678901"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct pattern_literal literal;
        char found[PATTERN_LITERAL_BYTES + 1] = "";
        pattern_literal_find(cases[i].expression, &literal);
        memcpy(found, literal.bytes, literal.length);
        if (strcmp(found, cases[i].literal) != 0) {
            fail_msg("%s needs '%s', not '%s'", cases[i].expression, cases[i].literal, found);
        }
    }
}

/* What is not compiled just in time is matched all the same. */
static void interpreted(void **state) {
    (void)state;
    struct pattern_fault fault;
    struct pattern *pattern = pattern_new("(*NO_JIT)(?<number>\\d+)x", PATTERN_WHOLE, &fault);
    struct pattern_part number;

    assert_non_null(pattern);
    const size_t index = pattern_find(pattern, "number");
    assert_int_not_equal(index, SIZE_MAX);
    assert_int_equal(pattern_match(pattern, "120x", 4), PATTERN_MATCHED);
    pattern_parts(pattern, &index, 1, &number);
    assert_int_equal(number.from, 0);
    assert_int_equal(number.length, 3);
    assert_int_equal(pattern_match(pattern, "x", 1), PATTERN_UNMATCHED);
    pattern_free(pattern);
}

/* Groups that share a name, took nothing, or are no groups: one by one and all at once. */
static void groups(void **state) {
    (void)state;
    static const char *const names[] = {"none", "who", "x", "empty", "no"};
    struct pattern_fault fault;
    struct pattern *pattern =
        pattern_new("(?J)(?:a(?<x>\\d)|b(?<x>\\d\\d))(?<empty>)(?<who>\\w+)?(?<none>!)?", PATTERN_WHOLE, &fault);
    static const struct {
        const char *text;
        const char *expected;
    } cases[] = {{"a1", "- - 1+1 2+0 - "},
                 {"b12", "- - 1+2 3+0 - "},
                 {"a1xy", "- 2+2 1+1 2+0 - "},
                 {"b12c!", "4+1 3+1 1+2 3+0 - "}};

    assert_non_null(pattern);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t indices[5];
        struct pattern_part parts[5];
        struct buffer shown = {0};
        for (size_t j = 0; j < 5; j++) {
            indices[j] = pattern_find(pattern, names[j]);
        }
        assert_int_equal(pattern_match(pattern, cases[i].text, strlen(cases[i].text)), PATTERN_MATCHED);
        pattern_parts(pattern, indices, 5, parts);
        for (size_t j = 0; j < 5; j++) {
            struct pattern_part alone;
            pattern_parts(pattern, &indices[j], 1, &alone);
            assert_int_equal(alone.from, parts[j].from);
            assert_int_equal(alone.length, parts[j].length);
            if (alone.from == SIZE_MAX) {
                assert_int_equal(alone.length, 0);
                buffer_append_text(&shown, "- ");
            } else {
                buffer_format(&shown, "%zu+%zu ", alone.from, alone.length);
            }
        }
        assert_string_equal(buffer_text(&shown), cases[i].expected);
        buffer_free(&shown);
    }
    pattern_free(pattern);
}

/* Found wherever it stands, and nowhere else. */
static void looking(void **state) {
    (void)state;
    uint64_t seed = 1;
    size_t held = 0;

    for (size_t round = 0; round < 20000; round++) {
        struct pattern_literal literal = {.length = 3 + draw(&seed, 4)};
        size_t length = draw(&seed, 60);
        char *text = malloc(length + 1); /* exactly as long, so that reading past its end is noticed */
        assert_non_null(text);
        for (size_t i = 0; i < literal.length; i++) {
            literal.bytes[i] = (char)('a' + draw(&seed, 2));
        }
        for (size_t i = 0; i < length; i++) {
            text[i] = (char)('a' + draw(&seed, 2));
        }
        char *exact = realloc(text, length == 0 ? 1 : length);
        assert_non_null(exact);
        bool holds = length > 0 && memmem(exact, length, literal.bytes, literal.length) != NULL;
        assert_int_equal(pattern_literal_holds(&literal, exact, length), holds);
        held += holds;
        free(exact);
    }
    assert_true(held > 1000);
}

/* Appends some expression, of which a part comes again in groups. */
static void compose(uint64_t *seed, unsigned depth, struct buffer *out) {
    static const char *const atoms[] = {"a", "b", "abc", "bca", "cab", ".", "[ab]", "[^c]", "\\w", "\\.", "ab"};
    static const char *const quantifiers[] = {"?", "*", "+", "{2}", "{0,2}", "+?", "*+", "??"};
    static const char *const groups[] = {"(", "(?:", "(?=", "(?!", "(?>"};
    unsigned parts = 1 + draw(seed, 4);

    for (unsigned i = 0; i < parts; i++) {
        bool around = false;
        if (depth > 0 && draw(seed, 3) == 0) {
            unsigned group = draw(seed, 5);
            around = group == 2 || group == 3;
            buffer_append_text(out, groups[group]);
            compose(seed, depth - 1, out);
            buffer_append_text(out, ")");
        } else {
            buffer_append_text(out, atoms[draw(seed, sizeof atoms / sizeof atoms[0])]);
        }
        if (!around && draw(seed, 4) == 0) {
            buffer_append_text(out, quantifiers[draw(seed, sizeof quantifiers / sizeof quantifiers[0])]);
        }
        if (draw(seed, 6) == 0) {
            buffer_append_text(out, "|");
        }
    }
}

/* Whatever PCRE2 matches holds what the expression is said to need. */
static void composed(void **state) {
    (void)state;
    uint64_t seed = 7;
    size_t matched = 0;
    size_t known = 0;

    for (size_t round = 0; round < EXPRESSIONS; round++) {
        struct buffer expression = {0};
        struct pattern_literal literal;
        struct pattern_fault fault;
        compose(&seed, 3, &expression);
        struct pattern *pattern = pattern_new(buffer_text(&expression), PATTERN_BEGINNING, &fault);
        assert_non_null(pattern);
        pattern_literal_find(buffer_text(&expression), &literal);
        known += literal.length > 0;
        for (size_t i = 0; i < TEXTS; i++) {
            char text[24];
            size_t length = draw(&seed, sizeof text);
            for (size_t j = 0; j < length; j++) {
                text[j] = "abc.abcabcabc"[draw(&seed, 13)];
            }
            if (pattern_match(pattern, text, length) == PATTERN_MATCHED) {
                matched++;
                if (!pattern_may_match(pattern, text, length)) {
                    fail_msg("%s matches %.*s", buffer_text(&expression), (int)length, text);
                }
            }
        }
        pattern_free(pattern);
        buffer_free(&expression);
    }
    assert_true(matched > 1000);
    assert_true(known > 500);
}

static size_t try_lines(const struct text_list *expressions, enum pattern_reach reach, const char *text,
                        size_t length) {
    size_t matched = 0;

    for (size_t i = 0; i < expressions->count; i++) {
        struct pattern_fault fault;
        struct pattern *pattern = pattern_new(expressions->items[i], reach, &fault);
        uint64_t seed = 3;
        assert_non_null(pattern);
        for (const char *line = text; line < text + length;) {
            const char *end = memchr(line, '\n', (size_t)(text + length - line));
            size_t bytes = (size_t)((end == NULL ? text + length : end) - line);
            char changed[4096];
            assert_true(bytes < sizeof changed);
            for (size_t change = 0; change < CHANGES; change++) {
                memcpy(changed, line, bytes);
                for (unsigned j = draw(&seed, 4); change > 0 && bytes > 0 && j > 0; j--) {
                    char *one = &changed[draw(&seed, (unsigned)bytes)];
                    *one = (unsigned char)*one < 0x80 ? (char)(' ' + draw(&seed, 95)) : *one; /* it stays UTF-8 */
                }
                bool matches = pattern_match(pattern, changed, bytes) == PATTERN_MATCHED;
                matched += matches;
                assert_true(!matches || pattern_may_match(pattern, changed, bytes));
            }
            line += bytes + 1;
        }
        pattern_free(pattern);
    }
    return matched;
}

/* The same of the shipped kinds, on the lines of their exports and on such lines with some characters changed. */
static void shipped(void **state) {
    (void)state;
    struct scratch scratch;
    struct arena *arena = arena_new();
    size_t matched = 0;

    scratch_begin(&scratch);
    const struct schema *schema = schema_load(arena, "schema", scratch.diagnostics);
    assert_non_null(schema);
    for (size_t i = 0; i < schema->kind_count; i++) {
        const struct kind *kind = &schema->kinds[i];
        char path[256];
        struct buffer text = {0};
        snprintf(path, sizeof path, KINDS_FOLDER "/%s/export.log", kind->id);
        if (kind->format != FORMAT_LOG || !file_exists(path)) {
            continue;
        }
        assert_true(file_read(path, SIZE_MAX, &text, scratch.diagnostics));
        matched += try_lines(&kind->log_patterns, PATTERN_WHOLE, text.data, text.length) +
                   try_lines(&kind->log_skips, PATTERN_BEGINNING, text.data, text.length) +
                   try_lines(&kind->detect_lines, PATTERN_BEGINNING, text.data, text.length);
        buffer_free(&text);
    }
    assert_true(matched > 1000);
    arena_free(arena);
    scratch_end(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(needed_texts), cmocka_unit_test(interpreted), cmocka_unit_test(groups),
        cmocka_unit_test(looking),      cmocka_unit_test(composed),    cmocka_unit_test(shipped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
