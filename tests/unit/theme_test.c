#include "write/theme.h"

#include "scratch.h"

#include "base/arena.h"

#define COLOURS "ink = 010203\nmuted = A0b0C0\naccent=000000\nrule = 000000\nband = ffffff\nlink = 000000\n"
#define FONTS                                                                                                          \
    "body = A.ttf from fonts-a\nbody_bold = A.ttf from fonts-a\nbody_italic = A.ttf from fonts-a\n"                    \
    "mono = A.ttf from fonts-a\nbody_size = 9.5\n"

static void the_shipped_theme_loads(void **state) {
    (void)state;
    struct scratch scratch;
    scratch_begin(&scratch);
    struct arena *arena = arena_new();
    const struct theme *theme = theme_load(arena, "templates", scratch.diagnostics);
    scratch_expect(&scratch, "");
    assert_non_null(theme);
    static const char *const classes[] = {"effective",     "exception",      "insufficient", "pending",
                                          "no-occurrence", "not-applicable", "undetermined"};
    for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++)
        assert_non_null(theme_badge(theme, classes[i]));
    assert_null(theme_badge(theme, "unheard-of"));
    arena_free(arena);
    scratch_end(&scratch);
}

static void values_are_read(void **state) {
    (void)state;
    struct scratch scratch;
    scratch_begin(&scratch);
    scratch_write(&scratch, "A.ttf", "");
    scratch_write(&scratch, "theme.css", "p {}\n");
    struct buffer text = {0};
    buffer_format(&text,
                  "# a comment\n\n  folder = /nowhere\r\nfolder = %s\n" COLOURS FONTS
                  "fallback = A.ttf from fonts-a\nfallback = A.ttf from fonts-a\nbadge.a-b = 000001 on FFFFFF",
                  scratch.folder);
    scratch_write(&scratch, "theme.conf", buffer_text(&text));
    struct arena *arena = arena_new();
    const struct theme *theme = theme_load(arena, scratch.folder, scratch.diagnostics);
    scratch_expect(&scratch, "");
    assert_non_null(theme);
    assert_int_equal(theme->ink, 0x010203);
    assert_int_equal(theme->muted, 0xa0b0c0);
    assert_true(theme->body_size > 9.49 && theme->body_size < 9.51);
    assert_string_equal(theme->mono, scratch_path(&scratch, "A.ttf"));
    assert_int_equal(theme->fallback_count, 2);
    assert_int_equal(theme->badge_count, 1);
    assert_int_equal(theme_badge(theme, "a-b")->ink, 1);
    assert_int_equal(theme_badge(theme, "a-b")->paper, 0xffffff);
    assert_string_equal(theme->style, "p {}\n");
    buffer_free(&text);
    arena_free(arena);
    scratch_end(&scratch);
}

static void every_fault_is_said_with_its_line(void **state) {
    (void)state;
    struct scratch scratch;
    scratch_begin(&scratch);
    scratch_write(&scratch, "theme.css", "p {} </STYLE>\n");
    scratch_write(&scratch, "theme.conf",
                  "ink = 12345g\nmutd = 000000\nband 000000\nbody_size = 90\nbody = A.ttf\nmono = A.ttf from fonts-a\n"
                  "badge.x = 000000\nbadge. = 000000 on 000000\nink = 000000\n");
    struct arena *arena = arena_new();
    assert_null(theme_load(arena, scratch.folder, scratch.diagnostics));
    scratch_expect(&scratch,
                   "@/theme.conf: error: 'accent' is missing; add a line for it [theme]\n"
                   "@/theme.conf: error: 'band' is missing; add a line for it [theme]\n"
                   "@/theme.conf: error: 'body_bold' is missing; add a line for it [theme]\n"
                   "@/theme.conf: error: 'body_italic' is missing; add a line for it [theme]\n"
                   "@/theme.conf: error: 'folder' is missing; add a line for it [theme]\n"
                   "@/theme.conf: error: 'link' is missing; add a line for it [theme]\n"
                   "@/theme.conf: error: 'muted' is missing; add a line for it [theme]\n"
                   "@/theme.conf: error: 'rule' is missing; add a line for it [theme]\n"
                   "@/theme.conf:1: error: 'ink' is a colour; write six hexadecimal digits, as in '1f2933' [theme]\n"
                   "@/theme.conf:2: error: 'mutd' is not part of a theme; did you mean 'muted'? [theme]\n"
                   "@/theme.conf:3: error: 'band 000000' is not understood; write 'key = value' [theme]\n"
                   "@/theme.conf:4: error: 'body_size' is a size in points; write a number from 6 to 20 [theme]\n"
                   "@/theme.conf:5: error: 'body' names a font; write the name of a font file and its package, as in "
                   "'Example-Regular.ttf from fonts-example' [theme]\n"
                   "@/theme.conf:6: error: the font 'A.ttf' is in none of the folders above this line; install the "
                   "package fonts-a, "
                   "or name another font [theme-font]\n"
                   "@/theme.conf:7: error: 'badge.x' is a badge; write two colours, as in '202020 on f0f0f0' [theme]\n"
                   "@/theme.conf:8: error: 'badge.' does not name a badge; write 'badge.' and its class [theme]\n"
                   "@/theme.conf:9: error: 'ink' stands twice; take one of the lines out [theme]\n"
                   "@/theme.css: error: '</style' would end the style sheet inside the report; take it out [theme]\n");
    arena_free(arena);
    scratch_end(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shipped_theme_loads),
        cmocka_unit_test(values_are_read),
        cmocka_unit_test(every_fault_is_said_with_its_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
