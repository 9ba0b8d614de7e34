#include "base/path.h"

#include "base/arena.h"
#include "base/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static void hostile_names(void **state) {
    (void)state;
    static const char *const good[] = {
        "okta/users.json", "a", "a/b/c", "Br\xC3\xBC\xC3\xA7ke.csv", ".hidden", "a..b", "...", "x y.json", "a:b",
    };
    static const struct {
        const char *name;
        const char *reason;
    } bad[] = {
        {"", "the name is empty"},
        {"/etc/passwd", "the name is absolute"},
        {"../x", "the name has a \".\" or \"..\" part"},
        {"a/../x", "the name has a \".\" or \"..\" part"},
        {"a/..", "the name has a \".\" or \"..\" part"},
        {"./a", "the name has a \".\" or \"..\" part"},
        {"a//b", "the name has an empty part"},
        {"a/", "the name has an empty part"},
        {"a\nb", "the name holds a control character"},
        {"a\x7f", "the name holds a control character"},
        {"a\x1b[2J", "the name holds a control character"},
        {"a\xC2\x85", "the name holds a control character"},
        {"fdp.\xE2\x80\xAE"
         "nosj",
         "the name holds a control character"},
        {"\xEF\xBB\xBF"
         "a",
         "the name holds a control character"},
        {"a\\b", "the name holds a backslash"},
        {"a%0Ab", "the name holds a '%'"},
        {"a\xFF", "the name is not UTF-8"},
        {"a\xC0\xAF"
         "b",
         "the name is not UTF-8"},
    };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_true(path_is_safe(good[i], NULL));
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const char *reason = NULL;
        assert_false(path_is_safe(bad[i].name, &reason));
        assert_string_equal(reason, bad[i].reason);
        assert_false(path_is_safe(bad[i].name, NULL));
    }
    char name[LIMIT_PACKAGE_NAME_BYTES + 2];
    memset(name, 'a', sizeof name);
    name[LIMIT_PACKAGE_NAME_BYTES] = '\0';
    assert_true(path_is_safe(name, NULL));
    name[LIMIT_PACKAGE_NAME_BYTES] = 'a';
    name[LIMIT_PACKAGE_NAME_BYTES + 1] = '\0';
    assert_false(path_is_safe(name, NULL));
}

static void joins_and_parts(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    assert_string_equal(path_join(arena, "a", "b"), "a/b");
    assert_string_equal(path_join(arena, "a/", "b"), "a/b");
    assert_string_equal(path_join(arena, ".", "b"), "b");
    assert_string_equal(path_join(arena, "", "b"), "b");
    assert_string_equal(path_join(arena, NULL, "b"), "b");
    assert_string_equal(path_join(arena, "a", "/b"), "/b");
    assert_string_equal(path_join(arena, "/", "b"), "/b");
    assert_string_equal(path_name("a/b/c"), "c");
    assert_string_equal(path_name("c"), "c");
    assert_string_equal(path_parent(arena, "a/b/c"), "a/b");
    assert_string_equal(path_parent(arena, "c"), ".");
    assert_string_equal(path_parent(arena, "/c"), "/");
    arena_free(arena);
}

static void assert_part(const struct path_match *match, size_t index, const char *name, const char *text) {
    const struct path_part *part = &match->parts[index];
    assert_true(index < match->part_count);
    assert_int_equal(part->name_length, strlen(name));
    assert_memory_equal(part->name, name, part->name_length);
    assert_int_equal(part->text_length, strlen(text));
    assert_memory_equal(part->text, text, part->text_length);
}

static void matches_dates_and_names(void **state) {
    (void)state;
    struct path_match match;
    assert_true(path_match("okta/users-{date}.json", "okta/users-2025-10-06.json", &match));
    assert_int_equal(match.part_count, 1);
    assert_part(&match, 0, "date", "2025-10-06");
    assert_true(match.dated);
    assert_true(match.span.from == 1759708800 && match.span.until == 1759795200);

    assert_true(path_match("{period}/{system}-{date}.csv", "2025-Q4/git-hub-2025-W40.csv", &match));
    assert_int_equal(match.part_count, 3);
    assert_part(&match, 0, "period", "2025-Q4");
    assert_part(&match, 1, "system", "git-hub");
    assert_part(&match, 2, "date", "2025-W40");
    assert_true(match.span.from == 1759104000); /* the narrower of both */

    assert_true(path_match("x-*{date}.json", "x-2025-10-06..2025-10-08.json", &match));
    assert_part(&match, 0, "date", "2025-10-06..2025-10-08");
    assert_true(path_match("*.json", ".json", &match));
    assert_false(match.dated);
    assert_true(path_match("{date}*.json", "2025-10-06-page-2.json", &match));
    assert_part(&match, 0, "date", "2025-10-06");
    assert_true(path_match("plain.csv", "plain.csv", &match));
    assert_int_equal(match.part_count, 0);
}

static void does_not_match(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"okta/users-{date}.json", "okta/users-2025-13-06.json"},
        {"okta/users-{date}.json", "okta/users-.json"},
        {"okta/*.json", "okta/a/b.json"},
        {"okta/{name}.json", "okta/.json"},
        {"okta/{name}.json", "okta/a/b.json"},
        {"a.json", "a.json2"},
        {"a.json", "a.jso"},
        {"*", "a/b"},
        {"{date}", "2025-10-06x"},
        {"a{", "a{"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct path_match match;
        assert_false(path_match(cases[i][0], cases[i][1], &match));
    }
}

/* Without memory of failed attempts this would take longer than the universe has. */
static void many_wildcards_end(void **state) {
    (void)state;
    char path[LIMIT_PACKAGE_NAME_BYTES + 1];
    memset(path, 'a', sizeof path);
    path[LIMIT_PACKAGE_NAME_BYTES] = '\0';
    struct path_match match;
    assert_false(path_match("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b", path, &match));
    assert_true(path_match("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a", path, &match));
}

static void patterns(void **state) {
    (void)state;
    static const struct {
        const char *pattern;
        const char *reason;
    } bad[] = {
        {"a{date", "a brace is not part of a {name}"},
        {"a}b", "a brace is not part of a {name}"},
        {"{}", "a brace is not part of a {name}"},
        {"{Date}", "a brace is not part of a {name}"},
        {"{a}{b}", "two named parts stand side by side"},
        {"{a}-{b}-{c}-{d}-{e}-{f}-{g}-{h}-{i}", "it has too many named parts"},
        {"*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*", "it has too many wildcards"},
        {"../{date}.json", "the name has a \".\" or \"..\" part"},
        {"", "the name is empty"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const char *reason = NULL;
        assert_false(path_pattern_valid(bad[i].pattern, &reason));
        assert_string_equal(reason, bad[i].reason);
    }
    assert_true(path_pattern_valid("{period}/{date}*.json", NULL));
    assert_true(path_pattern_valid("{a}-{b}-{c}-{d}-{e}-{f}-{g}-{h}", NULL));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_names),           cmocka_unit_test(joins_and_parts),
        cmocka_unit_test(matches_dates_and_names), cmocka_unit_test(does_not_match),
        cmocka_unit_test(many_wildcards_end),      cmocka_unit_test(patterns),
    };
    return cmocka_run_group_tests_name("path", tests, NULL, NULL);
}
