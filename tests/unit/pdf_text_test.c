#include "scratch.h"

#include "pdf_fixture.h"
#include "write/pdf_break.h"
#include "write/pdf_opportunity.h"
#include "write/pdf_table.h"
#include "write/pdf_text.h"

#include <linebreak.h>

static const struct pdf_style body = {.face = PDF_FACE_BODY, .size = 10};
static const struct pdf_style code = {.face = PDF_FACE_MONO, .size = 10, .verbatim = true};

struct setting {
    struct scratch scratch;
    struct pdf_fonts *fonts;
    struct pdf_paragraph paragraph;
};

static void begin(struct setting *setting) {
    memset(setting, 0, sizeof *setting);
    scratch_begin(&setting->scratch);
    setting->fonts = pdf_font_open(&test_theme, setting->scratch.diagnostics);
    assert_non_null(setting->fonts);
    init_linebreak();
}

static void end(struct setting *setting) {
    assert_false(setting->paragraph.failed);
    pdf_text_free(&setting->paragraph);
    pdf_font_close(setting->fonts);
    scratch_end(&setting->scratch);
}

static void set_text(struct setting *setting, const char *text, const struct pdf_style *style) {
    pdf_text_clear(&setting->paragraph);
    pdf_text_add(&setting->paragraph, setting->fonts, text, strlen(text), style);
    pdf_text_shape(&setting->paragraph, setting->fonts);
}

/* The text of a line as it would be extracted, with its inner spaces. */
static const char *line_text(const struct setting *setting, size_t index) {
    static char text[65536];
    size_t length = 0;
    const struct pdf_line *line = &setting->paragraph.lines[index];
    for (size_t i = line->first; i < line->first + line->count; i++) {
        const struct pdf_piece *piece = &setting->paragraph.placed[i];
        if (piece->word != NULL) {
            memcpy(text + length, piece->word->text, piece->word->length);
            length += piece->word->length;
        }
        for (unsigned s = 0; s < piece->spaces && i + 1 < line->first + line->count; s++) {
            text[length++] = ' ';
        }
    }
    text[length] = '\0';
    return text;
}

/* Puts together texts of letters, spaces, signs and what Unicode has special rules for. */
static size_t some_text(unsigned *state, char *out) {
    static const char *const parts[] = {"a",
                                        "Zb",
                                        "9",
                                        "37x",
                                        " ",
                                        "  ",
                                        " ",
                                        ".",
                                        ",",
                                        "-",
                                        "/",
                                        "(",
                                        ")",
                                        "\"",
                                        "'",
                                        ":",
                                        "%",
                                        "$",
                                        "[",
                                        "_",
                                        "{",
                                        "=",
                                        "\xC2\xAD",
                                        "\xE2\x80\x94",
                                        "\xC3\xA9",
                                        "\xE2\x80\xA8",
                                        "\xC2\xA0",
                                        "\xE2\x80\x8B",
                                        "\xE4\xB8\xAD",
                                        "\xCC\x81",
                                        "\xE2\x80\x9C",
                                        "\xD7\x90",
                                        "\xE2\x80\x8D",
                                        "\xE2\x80\xA6"};
    size_t length = 0;
    for (unsigned left = 1 + *state % 13; left > 0; left--) {
        *state = *state * 1103515245u + 12345u;
        const char *part = parts[(*state >> 16) % (sizeof parts / sizeof *parts)];
        memcpy(out + length, part, strlen(part));
        length += strlen(part);
    }
    return length;
}

/* What is found stretch by stretch is what libunibreak finds in the whole. */
static void test_opportunities(void **state) {
    (void)state;
    unsigned seed = 2025;
    init_linebreak();
    for (int i = 0; i < 20000; i++) {
        char text[64];
        char whole[64];
        char found[64];
        size_t length = some_text(&seed, text);
        set_linebreaks_utf8((const utf8_t *)text, length, "en", whole);
        whole[length - 1] = LINEBREAK_ALLOWBREAK;
        assert_true(pdf_opportunity_find(text, length, found));
        assert_memory_equal(found, whole, length);
    }
}

/* Ids, dates and percentages are read as one; what is longer may be cut as before, and a list at its commas. */
static void test_kept_together(void **state) {
    (void)state;
    static const struct {
        const char *text;
        const char *breaks; /* where a line may break, besides at the end */
    } cases[] = {
        {"F-677d074fdf of 2025-Q4, 95.2 % met", "             |  |        |      |  "},
        {"on 2025-12-31", "   |         "},
        {"well-known 5 %x", "     |     |   "},
        {"marlowquay-2025-Q4-portfolio.zip", "                |  |            "},
        {"a % b", "  | |"},
        {"jobs,data-uses, 1,000 x,9", "     |    |     |     |   "},
    };
    init_linebreak();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t length = strlen(cases[i].text);
        char found[64];
        assert_true(pdf_opportunity_find(cases[i].text, length, found));
        pdf_opportunity_keep(cases[i].text, length, found);
        pdf_opportunity_list(cases[i].text, length, found);
        for (size_t at = 0; at + 1 < length; at++) {
            assert_int_equal(found[at] == LINEBREAK_ALLOWBREAK, cases[i].breaks[at + 1] == '|');
        }
    }
}

/* libunibreak 1.1 stops the program at a regional indicator and at U+FFFF. */
static void test_flags(void **state) {
    (void)state;
    struct setting setting;
    begin(&setting);
    set_text(&setting, "office \xF0\x9F\x87\xA9\xF0\x9F\x87\xAA Berlin \xEF\xBF\xBF.", &body);
    pdf_break_lines(&setting.paragraph, setting.fonts, 40);
    assert_string_equal(line_text(&setting, 0), "office");
    assert_string_equal(line_text(&setting, 1), "\xF0\x9F\x87\xA9\xF0\x9F\x87\xAA");
    assert_string_equal(line_text(&setting, 2), "Berlin");
    end(&setting);
}

/* What draws a word: codes of two bytes in a literal string, with what stands apart in it escaped. */
static void test_strings(void **state) {
    (void)state;
    struct buffer out = {0};
    pdf_shape_code(&out, 0x0041);
    pdf_shape_code(&out, 0x2829); /* () */
    pdf_shape_code(&out, 0x5C0D); /* a backslash and a carriage return */
    pdf_shape_move(&out, 0);
    pdf_shape_move(&out, -12);
    pdf_shape_move(&out, 205);
    static const char expected[] = "\0A\\(\\)\\\\\\r)-12()205(";
    assert_int_equal(out.length, sizeof expected - 1);
    assert_memory_equal(out.data, expected, out.length);
    buffer_free(&out);
}

static void test_lines(void **state) {
    (void)state;
    struct setting setting;
    begin(&setting);
    set_text(&setting, "one  two\nthree", &body); /* runs of white space are one space */
    pdf_break_lines(&setting.paragraph, setting.fonts, 1000);
    assert_int_equal(setting.paragraph.line_count, 1);
    assert_string_equal(line_text(&setting, 0), "one two three");
    double width = setting.paragraph.lines[0].width;
    assert_true(width > setting.paragraph.natural - 0.001 && width < setting.paragraph.natural + 0.001);
    pdf_break_lines(&setting.paragraph, setting.fonts, setting.paragraph.natural - 1);
    assert_int_equal(setting.paragraph.line_count, 2);
    assert_string_equal(line_text(&setting, 0), "one two");
    assert_string_equal(line_text(&setting, 1), "three");
    set_text(&setting, "  if a:\n", &code);
    pdf_break_lines(&setting.paragraph, setting.fonts, 1000);
    assert_string_equal(line_text(&setting, 0), "  if a:"); /* verbatim text keeps its indentation */
    set_text(&setting, "10\xC2\xA0%", &body);
    pdf_break_lines(&setting.paragraph, setting.fonts, 1);
    assert_string_equal(line_text(&setting, 0), "1"); /* cut where it must be, at least a character a line */
    end(&setting);
}

static void test_soft_hyphen(void **state) {
    (void)state;
    struct setting setting;
    begin(&setting);
    set_text(&setting, "under\xC2\xADstanding", &body);
    pdf_break_lines(&setting.paragraph, setting.fonts, 1000);
    assert_string_equal(line_text(&setting, 0), "understanding");
    pdf_break_lines(&setting.paragraph, setting.fonts, setting.paragraph.natural - 1);
    assert_int_equal(setting.paragraph.line_count, 2);
    assert_string_equal(line_text(&setting, 0), "under\xC2\xAD");
    assert_string_equal(line_text(&setting, 1), "standing");
    end(&setting);
}

/* Whatever the width: no line is wider, unless it is one character; and all the text is there. */
static void test_all_widths(void **state) {
    (void)state;
    static const char *const texts[] = {
        "Every person who can reach production signs in through the identity provider (official affiliates).",
        "arn:aws:iam::123456789012:role/deployment-of-things and john.smith@example.com, e3b0c44298fc1c149afbf4c8996fb",
        "a \xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D "
        "\xD7\xA2\xD7\x95\xD7\x9C\xD7\x9D\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D\xD7\xA2\xD7\x95\xD7\x9C z",
        "\xE4\xB8\xAD\xE6\x96\x87\xE4\xB8\xAD\xE6\x96\x87 e\xCC\x81"
        "e\xCC\x81"
        "e\xCC\x81"
        "e\xCC\x81"
        "e\xCC\x81 \xE0\xA4\xA8\xE0\xA4\xAE\xE0\xA4\xB8\xE0\xA5\x8D\xE0\xA4\xA4\xE0\xA5\x87",
    };
    struct setting setting;
    begin(&setting);
    for (size_t t = 0; t < 2 * sizeof texts / sizeof *texts; t++) {
        const char *text = texts[t / 2];
        set_text(&setting, text, t % 2 == 0 ? &body : &code);
        for (double width = 3; width < 300; width += 1.7) {
            pdf_break_lines(&setting.paragraph, setting.fonts, width);
            const char *at = text;
            for (size_t i = 0; i < setting.paragraph.line_count; i++) {
                const struct pdf_line *line = &setting.paragraph.lines[i];
                const char *part = line_text(&setting, i);
                if (line->width > width + 0.02) {
                    assert_int_equal(line->count, 1);
                    size_t glyphs = setting.paragraph.placed[line->first].word->glyph_count;
                    assert_true(glyphs <= 3); /* one cluster */
                }
                while (*at == ' ') {
                    at++;
                }
                assert_memory_equal(at, part, strlen(part));
                at += strlen(part);
            }
            assert_int_equal(*at, '\0');
        }
    }
    end(&setting);
}

static void test_spans(void **state) {
    (void)state;
    struct setting setting;
    begin(&setting);
    struct document *document = new_document();
    struct node *paragraph = add_paragraph(document, document->root, "(");
    add_badge(document, paragraph, "exception", "one exception");
    add_text(document, paragraph, NODE_TEXT, ") and ");
    add_text(document, add(document, paragraph, NODE_STRONG), NODE_TEXT, "bold");
    add_text(document, paragraph, NODE_TEXT, "ly");
    add(document, paragraph, NODE_LINE_BREAK);
    add_link(document, paragraph, "#here", "a link");
    pdf_text_add_nodes(&setting.paragraph, setting.fonts, &test_theme, paragraph->first_child, NULL, &body);
    pdf_text_shape(&setting.paragraph, setting.fonts);
    pdf_break_lines(&setting.paragraph, setting.fonts, 1000);
    assert_int_equal(setting.paragraph.line_count, 2); /* the line break */
    assert_string_equal(line_text(&setting, 0), "(one exception) and boldly");
    assert_string_equal(line_text(&setting, 1), "a link");
    const struct pdf_piece *last = &setting.paragraph.placed[setting.paragraph.placed_count - 1];
    assert_string_equal(setting.paragraph.spans[last->span].link, "#here");
    /* Neither the badge nor a word of two styles is broken while a line can hold it. */
    pdf_break_lines(&setting.paragraph, setting.fonts, setting.paragraph.least);
    assert_string_equal(line_text(&setting, 0), "(one exception)");
    for (size_t i = 0; i < setting.paragraph.line_count; i++) {
        assert_string_not_equal(line_text(&setting, i), "bold");
    }
    free_document(document);
    end(&setting);
}

static void test_column_widths(void **state) {
    (void)state;
    double widths[3];
    /* room for all: in proportion */
    pdf_table_widths((double[]){10, 20, 30}, (double[]){5, 5, 5}, 3, 120, widths);
    assert_true(widths[0] == 20 && widths[1] == 40 && widths[2] == 60);
    /* a share below the least width is raised, at the cost of the others */
    pdf_table_widths((double[]){10, 20, 70}, (double[]){25, 5, 5}, 3, 100, widths);
    assert_true(widths[0] == 25);
    assert_true(widths[1] > 16.6 && widths[1] < 16.7 && widths[2] > 58.3 && widths[2] < 58.4);
    /* no room for all: the widest give way */
    pdf_table_widths((double[]){10, 80, 90}, (double[]){10, 80, 90}, 3, 100, widths);
    assert_true(widths[0] == 10 && widths[1] == 45 && widths[2] == 45);
    pdf_table_widths((double[]){0, 0, 0}, (double[]){0, 0, 0}, 3, 30, widths);
    assert_true(widths[0] + widths[1] + widths[2] <= 30);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_opportunities), cmocka_unit_test(test_kept_together),
        cmocka_unit_test(test_flags),         cmocka_unit_test(test_strings),
        cmocka_unit_test(test_lines),         cmocka_unit_test(test_soft_hyphen),
        cmocka_unit_test(test_all_widths),    cmocka_unit_test(test_spans),
        cmocka_unit_test(test_column_widths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
