#include "scratch.h"

#include "pdf_fixture.h"
#include "write/pdf_font.h"
#include "write/pdf_shape.h"

static struct pdf_fonts *open_fonts(struct scratch *scratch) {
    scratch_begin(scratch);
    struct pdf_fonts *fonts = pdf_font_open(&test_theme, scratch->diagnostics);
    assert_non_null(fonts);
    return fonts;
}

static const struct pdf_word *shape(struct pdf_fonts *fonts, enum pdf_face face, const char *text) {
    const struct pdf_word *word = pdf_shape_word(fonts, face, false, text, strlen(text));
    assert_non_null(word);
    return word;
}

/* What extraction gives for a word that reads from left to right. */
static const char *extracted(const struct pdf_fonts *fonts, const struct pdf_word *word) {
    static char text[4096];
    text[0] = '\0';
    for (size_t i = 0; i < word->glyph_count; i++) {
        const struct pdf_glyph *glyph = &word->glyphs[i];
        strcat(text, fonts->fonts[glyph->font].codes[glyph->code].text);
    }
    return text;
}

static void test_words(void **state) {
    (void)state;
    struct scratch scratch;
    struct pdf_fonts *fonts = open_fonts(&scratch);
    const struct pdf_word *word = shape(fonts, PDF_FACE_BODY, "difficult");
    assert_ptr_equal(word, shape(fonts, PDF_FACE_BODY, "difficult")); /* shaped once */
    assert_ptr_not_equal(word, shape(fonts, PDF_FACE_BOLD, "difficult"));
    assert_string_equal(extracted(fonts, word), "difficult");
    assert_true(word->glyph_count < strlen("difficult")); /* Open Sans has the ligature ffi */
    assert_string_equal(extracted(fonts, shape(fonts, PDF_FACE_MONO, "a->b!=c")), "a->b!=c");
    assert_int_equal(shape(fonts, PDF_FACE_MONO, "a->b!=c")->glyph_count, 7);
    assert_int_equal(shape(fonts, PDF_FACE_BODY, "")->glyph_count, 0);
    int64_t ones = pdf_shape_word(fonts, PDF_FACE_BODY, true, "1111", 4)->width;
    assert_int_equal(ones, pdf_shape_word(fonts, PDF_FACE_BODY, true, "8080", 4)->width); /* tabular */
    pdf_font_close(fonts);
    scratch_end(&scratch);
}

static void test_codes(void **state) {
    (void)state;
    struct scratch scratch;
    struct pdf_fonts *fonts = open_fonts(&scratch);
    uint16_t first;
    uint16_t again;
    uint16_t other;
    assert_true(pdf_font_code(fonts, PDF_FACE_BODY, 36, "A", 1, &first));
    assert_true(pdf_font_code(fonts, PDF_FACE_BODY, 36, "A", 1, &again));
    assert_true(pdf_font_code(fonts, PDF_FACE_BODY, 36, "B", 1, &other));
    assert_int_equal(first, again);
    assert_int_not_equal(first, other); /* one glyph, two texts */
    assert_int_not_equal(first, 0);
    for (unsigned i = 0; i < 70000; i++) { /* codes run out, and the last ones are .notdef */
        char text[16];
        snprintf(text, sizeof text, "%u", i);
        assert_true(pdf_font_code(fonts, PDF_FACE_BOLD, 36, text, strlen(text), &other));
    }
    assert_int_equal(other, 0);
    pdf_font_close(fonts);
    scratch_end(&scratch);
}

static void test_fallback(void **state) {
    (void)state;
    struct scratch scratch;
    struct pdf_fonts *fonts = open_fonts(&scratch);
    const struct pdf_word *word = shape(fonts, PDF_FACE_MONO, "ab\xE0\xA4\x95\xE2\x9C\x93");
    assert_int_equal(word->glyphs[0].font, PDF_FACE_MONO);
    assert_string_equal(extracted(fonts, word), "ab\xE0\xA4\x95\xE2\x9C\x93");
    assert_int_equal(fonts->lost_count, 0);
    /* a mark stays with its letter, composed or in a font that has both */
    word = shape(fonts, PDF_FACE_BODY, "o\xCC\x88");
    assert_string_equal(extracted(fonts, word), "o\xCC\x88");
    for (size_t i = 1; i < word->glyph_count; i++) {
        assert_int_equal(word->glyphs[i].font, word->glyphs[0].font);
    }
    word = shape(fonts, PDF_FACE_BODY,
                 "a\xE4\xB8\xAD"
                 "b"); /* no font of the test has Chinese */
    assert_string_equal(extracted(fonts, word), "a\xEF\xBF\xBD"
                                                "b");
    assert_int_equal(fonts->lost_kept, 1);
    assert_int_equal(fonts->lost[0], 0x4E2D);
    assert_true(word->glyphs[1].advance > 0);
    pdf_font_close(fonts);
    scratch_end(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_codes),
        cmocka_unit_test(test_fallback),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
