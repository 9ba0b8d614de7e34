#include "write/pdf_font.h"

#include "write/pdf_object.h"
#include "write/pdf_shape.h"

#include <errno.h>
#include <harfbuzz/hb-ot.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define CODE_BUCKETS 4096 /* a power of two */

static const struct font_package {
    const char *prefix; /* of the file's name */
    const char *package;
} font_packages[] = {
    {"OpenSans", "fonts-open-sans"},   {"JetBrainsMono", "fonts-jetbrains-mono"},
    {"NotoSansCJK", "fonts-noto-cjk"}, {"NotoSerifCJK", "fonts-noto-cjk"},
    {"Noto", "fonts-noto-core"},
};

static const char *package_of(const char *path) {
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;
    for (size_t i = 0; i < sizeof font_packages / sizeof *font_packages; i++) {
        if (strncmp(name, font_packages[i].prefix, strlen(font_packages[i].prefix)) == 0) {
            return font_packages[i].package;
        }
    }
    return NULL;
}

/* Only TrueType outlines: a CFF font has no CIDToGIDMap, so that a glyph could stand for one text alone. */
static bool has_outlines(hb_face_t *face) {
    hb_blob_t *outlines = hb_face_reference_table(face, HB_TAG('g', 'l', 'y', 'f'));
    bool has = hb_blob_get_length(outlines) > 0;
    hb_blob_destroy(outlines);
    return has && hb_face_get_upem(face) > 0 && hb_face_get_glyph_count(face) > 0;
}

/* True when the font is open; a font that cannot be used stays closed and is not tried again. */
static bool open_font(struct pdf_font *font) {
    if (font->tried) {
        return font->font != NULL;
    }
    font->tried = true;
    hb_blob_t *blob = hb_blob_create_from_file_or_fail(font->path);
    if (blob == NULL) {
        font->memory_out = errno == ENOMEM;
        return false;
    }
    font->face = hb_face_create(blob, 0);
    hb_blob_destroy(blob);
    if (!has_outlines(font->face)) {
        font->memory_out = errno == ENOMEM;
        return false;
    }
    font->upem = (int)hb_face_get_upem(font->face);
    font->font = hb_font_create(font->face);
    hb_font_set_scale(font->font, font->upem, font->upem);
    font->memory_out = errno == ENOMEM;
    return true;
}

/* Code 0 is .notdef in every font. */
static bool prepare_codes(struct pdf_font *font) {
    if (font->buckets != NULL) {
        return true;
    }
    font->buckets = calloc(CODE_BUCKETS, sizeof *font->buckets);
    font->codes = pdf_object_room(NULL, &font->code_capacity, 1, sizeof *font->codes);
    if (font->buckets == NULL || font->codes == NULL) {
        return false;
    }
    font->codes[0] = (struct pdf_code){.text = ""};
    font->code_count = 1;
    return true;
}

struct pdf_fonts *pdf_font_open(const struct theme *theme, struct diagnostics *diagnostics) {
    struct pdf_fonts *fonts = calloc(1, sizeof *fonts);
    if (fonts == NULL) {
        diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "cannot hold the report's fonts");
        return NULL;
    }
    fonts->arena = arena_new();
    fonts->shapes = fonts->arena == NULL ? NULL : pdf_shape_open();
    if (fonts->shapes == NULL) {
        diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "cannot hold the report's fonts");
        pdf_font_close(fonts);
        return NULL;
    }
    const char *const faces[PDF_FACE_COUNT] = {theme->body, theme->body_bold, theme->body_italic, theme->mono};
    bool complete = true;
    for (size_t i = 0; i < PDF_FACE_COUNT; i++) {
        fonts->fonts[fonts->count++].path = faces[i];
        errno = 0;
        if (open_font(&fonts->fonts[i]) && !fonts->fonts[i].memory_out) {
            continue;
        }
        complete = false;
        if (fonts->fonts[i].memory_out) {
            diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "cannot hold the report's fonts");
            continue;
        }
        const char *package = package_of(faces[i]);
        struct place place = {.path = faces[i]};
        if (package != NULL) {
            diagnostics_report(diagnostics, DIAGNOSTIC_PDF_FONT, &place,
                               "the font cannot be read as TrueType, install the Debian package %s", package);
        } else {
            diagnostics_report(diagnostics, DIAGNOSTIC_PDF_FONT, &place,
                               "the font cannot be read as TrueType, name another font file in the theme");
        }
    }
    for (size_t i = 0; i < theme->fallback_count && fonts->count < PDF_FONTS_MAX; i++) {
        fonts->fonts[fonts->count++].path = theme->fallback[i];
    }
    if (!complete) {
        pdf_font_close(fonts);
        return NULL;
    }
    return fonts;
}

void pdf_font_close(struct pdf_fonts *fonts) {
    if (fonts == NULL) {
        return;
    }
    for (size_t i = 0; i < fonts->count; i++) {
        hb_font_destroy(fonts->fonts[i].font);
        hb_face_destroy(fonts->fonts[i].face);
        free(fonts->fonts[i].codes);
        free(fonts->fonts[i].buckets);
    }
    pdf_shape_close(fonts->shapes);
    arena_free(fonts->arena);
    free(fonts);
}

static bool font_has(struct pdf_font *font, uint32_t code_point) {
    hb_codepoint_t glyph;
    return open_font(font) && hb_font_get_nominal_glyph(font->font, code_point, &glyph) && glyph != 0;
}

size_t pdf_font_for(struct pdf_fonts *fonts, enum pdf_face face, uint32_t code_point) {
    if (font_has(&fonts->fonts[face], code_point)) {
        return face;
    }
    if (face != PDF_FACE_BODY && font_has(&fonts->fonts[PDF_FACE_BODY], code_point)) {
        return PDF_FACE_BODY;
    }
    for (size_t i = PDF_FACE_COUNT; i < fonts->count; i++) {
        if (font_has(&fonts->fonts[i], code_point)) {
            return i;
        }
    }
    return PDF_FONTS_MAX;
}

bool pdf_font_usable(struct pdf_fonts *fonts, size_t font) {
    return font < fonts->count && open_font(&fonts->fonts[font]);
}

static size_t code_hash(hb_codepoint_t glyph, const char *text, size_t length) {
    uint32_t hash = 2166136261u ^ glyph; /* FNV-1a */
    for (size_t i = 0; i < length; i++) {
        hash = (hash ^ (unsigned char)text[i]) * 16777619u;
    }
    return (hash ^ hash >> 16) & (CODE_BUCKETS - 1);
}

bool pdf_font_code(struct pdf_fonts *fonts, size_t font_index, hb_codepoint_t glyph, const char *text, size_t length,
                   uint16_t *code) {
    struct pdf_font *font = &fonts->fonts[font_index];
    if (!prepare_codes(font)) {
        return false;
    }
    uint32_t *bucket = &font->buckets[code_hash(glyph, text, length)];
    for (uint32_t i = *bucket; i != 0; i = font->codes[i].next) {
        const struct pdf_code *known = &font->codes[i];
        if (known->glyph == glyph && known->text_length == length && memcmp(known->text, text, length) == 0) {
            *code = (uint16_t)i;
            return true;
        }
    }
    if (font->code_count >= PDF_CODES_MAX) {
        *code = 0;
        return true;
    }
    char *copy = arena_copy(fonts->arena, text, length);
    struct pdf_code *codes =
        pdf_object_room(font->codes, &font->code_capacity, font->code_count + 1, sizeof *font->codes);
    if (codes != NULL) {
        font->codes = codes;
    }
    if (copy == NULL || codes == NULL) {
        return false;
    }
    double advance = hb_font_get_glyph_h_advance(font->font, glyph);
    font->codes[font->code_count] = (struct pdf_code){
        .glyph = glyph,
        .text = copy,
        .text_length = (uint32_t)length,
        .width = (int32_t)lround(advance * 1000 / font->upem),
        .next = *bucket,
    };
    *bucket = (uint32_t)font->code_count;
    *code = (uint16_t)font->code_count;
    font->code_count++;
    return true;
}

void pdf_font_lost(struct pdf_fonts *fonts, uint32_t code_point) {
    fonts->lost_count++;
    for (size_t i = 0; i < fonts->lost_kept; i++) {
        if (fonts->lost[i] == code_point) {
            return;
        }
    }
    if (fonts->lost_kept < PDF_LOST_KEPT) {
        fonts->lost[fonts->lost_kept++] = code_point;
    }
}
