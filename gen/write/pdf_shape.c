#include "write/pdf_shape.h"

#include "base/text.h"
#include "write/pdf_object.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_BUCKETS 4096 /* a power of two */

struct shape {
    struct pdf_word word;
    enum pdf_face face;
    bool tabular;
    uint32_t hash;
    struct shape *next;
};

struct pdf_shapes {
    struct shape **buckets;
    size_t bucket_count;
    size_t count;
    hb_buffer_t *buffer;
    struct pdf_glyph *glyphs; /* of the word at hand */
    size_t glyph_count;
    size_t glyph_capacity;
    struct buffer drawn;
};

struct pdf_shapes *pdf_shape_open(void) {
    struct pdf_shapes *shapes = calloc(1, sizeof *shapes);
    if (shapes == NULL) {
        return NULL;
    }
    shapes->bucket_count = FIRST_BUCKETS;
    shapes->buckets = calloc(shapes->bucket_count, sizeof(struct shape *));
    shapes->buffer = hb_buffer_create();
    if (shapes->buckets == NULL || !hb_buffer_allocation_successful(shapes->buffer)) {
        pdf_shape_close(shapes);
        return NULL;
    }
    return shapes;
}

void pdf_shape_close(struct pdf_shapes *shapes) {
    if (shapes == NULL) {
        return;
    }
    free(shapes->buckets);
    free(shapes->glyphs);
    buffer_free(&shapes->drawn);
    hb_buffer_destroy(shapes->buffer);
    free(shapes);
}

static uint32_t word_hash(enum pdf_face face, bool tabular, const char *text, size_t length) {
    uint32_t hash = 2166136261u ^ ((uint32_t)face << 1 | tabular); /* FNV-1a */
    for (size_t i = 0; i < length; i++) {
        hash = (hash ^ (unsigned char)text[i]) * 16777619u;
    }
    return hash ^ hash >> 15;
}

/* A larger table is only faster: without the memory for it the small one goes on. */
static void widen(struct pdf_shapes *shapes) {
    size_t count = shapes->bucket_count * 4;
    struct shape **buckets = calloc(count, sizeof *buckets);
    if (buckets == NULL) {
        return;
    }
    for (size_t i = 0; i < shapes->bucket_count; i++) {
        for (struct shape *shape = shapes->buckets[i]; shape != NULL;) {
            struct shape *next = shape->next;
            struct shape **bucket = &buckets[shape->hash & (count - 1)];
            shape->next = *bucket;
            *bucket = shape;
            shape = next;
        }
    }
    free(shapes->buckets);
    shapes->buckets = buckets;
    shapes->bucket_count = count;
}

/* Characters that are never drawn, so that no font needs to have them (DerivedCoreProperties, the common ones). */
static bool is_ignorable(uint32_t c) {
    return c == PDF_SOFT_HYPHEN || c == 0x34F || c == 0x61C || (c >= 0x200B && c <= 0x200F) ||
           (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || (c >= 0xFE00 && c <= 0xFE0F) ||
           c == 0xFEFF || (c >= 0xE0000 && c <= 0xE0FFF);
}

static bool add_glyph(struct pdf_shapes *shapes, struct pdf_glyph glyph) {
    struct pdf_glyph *glyphs =
        pdf_object_room(shapes->glyphs, &shapes->glyph_capacity, shapes->glyph_count + 1, sizeof *shapes->glyphs);
    if (glyphs == NULL) {
        return false;
    }
    shapes->glyphs = glyphs;
    shapes->glyphs[shapes->glyph_count++] = glyph;
    return true;
}

/* A run of one font and one script. */
struct run {
    const char *text; /* of the word */
    size_t length;
    size_t from;
    size_t until;
    size_t font;
    hb_script_t script;
};

static hb_codepoint_t first_box(struct pdf_fonts *fonts, size_t *font) {
    static const uint32_t boxes[] = {PDF_REPLACEMENT, 0x25A1, 0x25A0};
    for (size_t i = 0; i < sizeof boxes / sizeof *boxes; i++) {
        hb_codepoint_t glyph = 0;
        *font = pdf_font_for(fonts, PDF_FACE_BODY, boxes[i]);
        if (*font < PDF_FONTS_MAX && hb_font_get_nominal_glyph(fonts->fonts[*font].font, boxes[i], &glyph)) {
            return glyph;
        }
    }
    *font = PDF_FACE_BODY;
    return 0; /* .notdef, a box in every font worth the name */
}

static bool add_boxes(struct pdf_fonts *fonts, const struct run *run) {
    static const char replacement[] = "\xEF\xBF\xBD";
    for (size_t at = run->from; at < run->until;) {
        size_t cluster = at;
        uint32_t code_point = text_utf8_next(run->text, run->length, &at);
        if (is_ignorable(code_point)) {
            continue;
        }
        pdf_font_lost(fonts, code_point);
        size_t font;
        hb_codepoint_t box = first_box(fonts, &font);
        uint16_t code;
        if (!pdf_font_code(fonts, font, box, replacement, sizeof replacement - 1, &code)) {
            return false;
        }
        struct pdf_glyph glyph = {.font = (uint16_t)font,
                                  .code = code,
                                  .advance = fonts->fonts[font].codes[code].width,
                                  .cluster = (uint32_t)cluster};
        if (!add_glyph(fonts->shapes, glyph)) {
            return false;
        }
    }
    return true;
}

static int32_t thousandths(hb_position_t value, int upem) {
    return (int32_t)lround((double)value * 1000 / upem);
}

/* Takes over what HarfBuzz made of a run: the first glyph of a cluster, in reading order, carries its text. */
static bool add_shaped(struct pdf_fonts *fonts, const struct run *run, bool backward) {
    unsigned count = 0;
    unsigned position_count = 0;
    const hb_glyph_info_t *infos = hb_buffer_get_glyph_infos(fonts->shapes->buffer, &count);
    const hb_glyph_position_t *positions = hb_buffer_get_glyph_positions(fonts->shapes->buffer, &position_count);
    int upem = fonts->fonts[run->font].upem;
    for (unsigned i = 0; i < count && i < position_count; i++) {
        size_t cluster = infos[i].cluster;
        size_t end = run->until;
        bool first = true;
        if (backward) {
            first = i + 1 == count || infos[i + 1].cluster != cluster;
            for (unsigned j = i; j > 0 && end == run->until; j--) {
                end = infos[j - 1].cluster != cluster ? infos[j - 1].cluster : end;
            }
        } else {
            first = i == 0 || infos[i - 1].cluster != cluster;
            for (unsigned j = i + 1; j < count && end == run->until; j++) {
                end = infos[j].cluster != cluster ? infos[j].cluster : end;
            }
        }
        if (infos[i].codepoint == 0) { /* .notdef: shaping wanted a glyph that the font lacks after all */
            struct run lost = {.text = run->text, .length = run->length, .from = cluster, .until = end};
            if (first && !add_boxes(fonts, &lost)) {
                return false;
            }
            continue;
        }
        uint16_t code;
        if (!pdf_font_code(fonts, run->font, infos[i].codepoint, run->text + cluster, first ? end - cluster : 0,
                           &code)) {
            return false;
        }
        struct pdf_glyph glyph = {.font = (uint16_t)run->font,
                                  .code = code,
                                  .advance = thousandths(positions[i].x_advance, upem),
                                  .x = thousandths(positions[i].x_offset, upem),
                                  .y = thousandths(positions[i].y_offset, upem),
                                  .cluster = (uint32_t)cluster};
        if (!add_glyph(fonts->shapes, glyph)) {
            return false;
        }
    }
    return true;
}

static bool shape_run(struct pdf_fonts *fonts, const struct run *run, enum pdf_face face, bool tabular) {
    if (run->font >= PDF_FONTS_MAX) {
        return add_boxes(fonts, run);
    }
    hb_buffer_t *buffer = fonts->shapes->buffer;
    hb_buffer_clear_contents(buffer);
    hb_buffer_set_cluster_level(buffer, HB_BUFFER_CLUSTER_LEVEL_MONOTONE_GRAPHEMES);
    hb_buffer_add_utf8(buffer, run->text, (int)run->length, (unsigned)run->from, (int)(run->until - run->from));
    hb_buffer_set_script(buffer, run->script);
    hb_direction_t direction = hb_script_get_horizontal_direction(run->script);
    bool backward = direction == HB_DIRECTION_RTL;
    hb_buffer_set_direction(buffer, backward ? HB_DIRECTION_RTL : HB_DIRECTION_LTR);
    hb_buffer_set_language(buffer, hb_language_from_string("en", -1));
    hb_feature_t features[2];
    unsigned feature_count = 0;
    if (tabular) {
        features[feature_count++] =
            (hb_feature_t){HB_TAG('t', 'n', 'u', 'm'), 1, HB_FEATURE_GLOBAL_START, HB_FEATURE_GLOBAL_END};
    }
    if (face == PDF_FACE_MONO) { /* evidence is shown as it is: no arrow made of "->" */
        features[feature_count++] =
            (hb_feature_t){HB_TAG('c', 'a', 'l', 't'), 0, HB_FEATURE_GLOBAL_START, HB_FEATURE_GLOBAL_END};
    }
    hb_shape(fonts->fonts[run->font].font, buffer, features, feature_count);
    return hb_buffer_allocation_successful(buffer) && add_shaped(fonts, run, backward);
}

static bool add_hyphen(struct pdf_fonts *fonts, enum pdf_face face) {
    hb_codepoint_t glyph = 0;
    hb_font_get_nominal_glyph(fonts->fonts[face].font, '-', &glyph);
    uint16_t code;
    if (!pdf_font_code(fonts, face, glyph, PDF_HYPHEN, sizeof PDF_HYPHEN - 1, &code)) {
        return false;
    }
    return add_glyph(
        fonts->shapes,
        (struct pdf_glyph){.font = (uint16_t)face, .code = code, .advance = fonts->fonts[face].codes[code].width});
}

static bool font_draws(struct pdf_fonts *fonts, size_t font, const char *text, size_t from, size_t until) {
    hb_unicode_funcs_t *unicode = hb_unicode_funcs_get_default();
    uint32_t base = 0;
    for (size_t at = from; at < until;) {
        uint32_t code_point = text_utf8_next(text, until, &at);
        uint32_t composed;
        hb_codepoint_t glyph;
        if (is_ignorable(code_point)) {
            continue;
        }
        if (!hb_font_get_nominal_glyph(fonts->fonts[font].font, code_point, &glyph) || glyph == 0) {
            if (!hb_unicode_compose(unicode, base, code_point, &composed) ||
                !hb_font_get_nominal_glyph(fonts->fonts[font].font, composed, &glyph) || glyph == 0) {
                return false;
            }
            code_point = composed;
        }
        base = code_point;
    }
    return true;
}

static bool is_mark(uint32_t code_point) {
    hb_unicode_general_category_t category = hb_unicode_general_category(hb_unicode_funcs_get_default(), code_point);
    return is_ignorable(code_point) || category == HB_UNICODE_GENERAL_CATEGORY_NON_SPACING_MARK ||
           category == HB_UNICODE_GENERAL_CATEGORY_SPACING_MARK ||
           category == HB_UNICODE_GENERAL_CATEGORY_ENCLOSING_MARK;
}

/*
 * The next stretch that one font should draw: a character with its marks where some font has them all, else the
 * character alone. Moves `*at` past it.
 */
static size_t next_font(struct pdf_fonts *fonts, enum pdf_face face, const char *text, size_t length, size_t *at) {
    size_t from = *at;
    uint32_t first = text_utf8_next(text, length, at);
    size_t alone = *at;
    for (size_t next = *at; next < length && is_mark(text_utf8_next(text, length, &next));) {
        *at = next;
    }
    size_t font = is_ignorable(first) ? face : pdf_font_for(fonts, face, first);
    if (*at == alone || font >= PDF_FONTS_MAX || font_draws(fonts, font, text, from, *at)) {
        *at = font >= PDF_FONTS_MAX ? alone : *at;
        return font;
    }
    for (size_t other = 0; other < fonts->count; other++) {
        if (pdf_font_usable(fonts, other) && font_draws(fonts, other, text, from, *at)) {
            return other;
        }
    }
    *at = alone;
    return font;
}

/* Cuts the word where the font or the script changes; signs without a script stay with what they follow. */
static bool shape_runs(struct pdf_fonts *fonts, enum pdf_face face, bool tabular, const char *text, size_t length) {
    struct run run = {.text = text, .length = length, .font = face, .script = HB_SCRIPT_COMMON};
    for (size_t at = 0; at < length;) {
        size_t here = at;
        size_t font = next_font(fonts, face, text, length, &at);
        size_t first = here;
        hb_script_t script = hb_unicode_script(hb_unicode_funcs_get_default(), text_utf8_next(text, length, &first));
        bool neutral = script == HB_SCRIPT_COMMON || script == HB_SCRIPT_INHERITED || script == HB_SCRIPT_UNKNOWN;
        bool other_script = !neutral && run.script != HB_SCRIPT_COMMON && run.script != script;
        if (here > 0 && (font != run.font || other_script)) {
            run.until = here;
            if (!shape_run(fonts, &run, face, tabular)) {
                return false;
            }
            run.from = here;
            run.script = HB_SCRIPT_COMMON;
        }
        run.script = neutral ? run.script : script;
        run.font = font;
    }
    run.until = length;
    return length == 0 || shape_run(fonts, &run, face, tabular);
}

static void append_escaped(struct buffer *out, char byte) {
    /* An end of line would be read as a line feed, whichever it is. */
    if (byte == '(' || byte == ')' || byte == '\\' || byte == '\r') {
        buffer_append_byte(out, '\\');
    }
    buffer_append_byte(out, byte == '\r' ? 'r' : byte);
}

void pdf_shape_code(struct buffer *out, uint16_t code) {
    append_escaped(out, (char)(code >> 8));
    append_escaped(out, (char)(code & 0xFF));
}

void pdf_shape_move(struct buffer *out, int32_t thousandths) {
    if (thousandths != 0) {
        buffer_append_byte(out, ')');
        buffer_append_integer(out, thousandths);
        buffer_append_byte(out, '(');
    }
}

/* Makes `drawn`; false when memory is out. */
static bool draw(struct pdf_fonts *fonts, struct pdf_word *word) {
    struct buffer *out = &fonts->shapes->drawn;
    buffer_clear(out);
    for (size_t i = 0; i < word->glyph_count; i++) {
        const struct pdf_glyph *glyph = &word->glyphs[i];
        if (glyph->y != 0 || glyph->font != word->glyphs[0].font) {
            return true;
        }
        if (i > 0) {
            pdf_shape_move(out, word->owed - glyph->x);
        }
        pdf_shape_code(out, glyph->code);
        word->owed = glyph->x + fonts->fonts[glyph->font].codes[glyph->code].width - glyph->advance;
    }
    word->drawn = out->failed ? NULL : arena_copy(fonts->arena, buffer_text(out), out->length);
    word->drawn_length = out->length;
    return word->drawn != NULL;
}

const struct pdf_word *pdf_shape_word(struct pdf_fonts *fonts, enum pdf_face face, bool tabular, const char *text,
                                      size_t length) {
    struct pdf_shapes *shapes = fonts->shapes;
    uint32_t hash = word_hash(face, tabular, text, length);
    for (struct shape *shape = shapes->buckets[hash & (shapes->bucket_count - 1)]; shape != NULL; shape = shape->next) {
        if (shape->hash == hash && shape->face == face && shape->tabular == tabular && shape->word.length == length &&
            memcmp(shape->word.text, text, length) == 0) {
            return &shape->word;
        }
    }
    shapes->glyph_count = 0;
    errno = 0;
    bool hyphen = length == sizeof PDF_HYPHEN - 1 && memcmp(text, PDF_HYPHEN, length) == 0;
    if (length > INT32_MAX || !(hyphen ? add_hyphen(fonts, face) : shape_runs(fonts, face, tabular, text, length)) ||
        errno == ENOMEM) {
        return NULL;
    }
    struct shape *shape = arena_allocate(fonts->arena, sizeof *shape);
    char *copy = arena_copy(fonts->arena, text, length);
    struct pdf_glyph *glyphs = arena_array(fonts->arena, shapes->glyph_count + 1, sizeof *glyphs);
    if (shape == NULL || copy == NULL || glyphs == NULL) {
        return NULL;
    }
    if (shapes->glyph_count > 0) {
        memcpy(glyphs, shapes->glyphs, shapes->glyph_count * sizeof *glyphs);
    }
    *shape = (struct shape){
        .word = {.text = copy, .length = length, .glyphs = glyphs, .glyph_count = shapes->glyph_count},
        .face = face,
        .tabular = tabular,
        .hash = hash,
    };
    for (size_t i = 0; i < shapes->glyph_count; i++) {
        shape->word.width += glyphs[i].advance;
    }
    if (!draw(fonts, &shape->word)) {
        return NULL;
    }
    if (++shapes->count > shapes->bucket_count) {
        widen(shapes);
    }
    struct shape **bucket = &shapes->buckets[hash & (shapes->bucket_count - 1)];
    shape->next = *bucket;
    *bucket = shape;
    return &shape->word;
}
