#include "write/pdf_embed.h"

#include "base/digest.h"

#include <errno.h>
#include <harfbuzz/hb-ot.h>
#include <harfbuzz/hb-subset.h>
#include <string.h>

#define TAG_LETTERS     6   /* ISO 32000-1, 9.6.4 */
#define BFCHAR_ENTRIES  100 /* of one section of a CMap */
#define WIDTHS_GROUP    256 /* of one array in /W: readers limit arrays */
#define NAME_BYTES      64
#define FLAG_SYMBOLIC   4 /* ISO 32000-1, table 123 */
#define STEM_WIDTH      80
#define HEAD_BOX_OFFSET 36 /* of xMin in the table head */

/* Tables that only shaping, or a system's font list, would need. */
static const hb_tag_t dropped_tables[] = {
    HB_TAG('G', 'S', 'U', 'B'), HB_TAG('G', 'P', 'O', 'S'), HB_TAG('G', 'D', 'E', 'F'), HB_TAG('k', 'e', 'r', 'n'),
    HB_TAG('n', 'a', 'm', 'e'), HB_TAG('p', 'o', 's', 't'), HB_TAG('O', 'S', '/', '2'), HB_TAG('D', 'S', 'I', 'G'),
    HB_TAG('m', 'e', 't', 'a'), HB_TAG('S', 'T', 'A', 'T'), HB_TAG('c', 'm', 'a', 'p'),
};

struct embedding {
    const struct pdf_font *font;
    char name[TAG_LETTERS + 1 + NAME_BYTES]; /* "ABCDEF+OpenSans" */
    unsigned file;
    unsigned glyph_map;
    unsigned descriptor;
    unsigned descendant;
    unsigned to_unicode;
};

static void postscript_name(hb_face_t *face, char out[NAME_BYTES]) {
    char name[NAME_BYTES];
    unsigned size = sizeof name;
    hb_ot_name_get_utf8(face, HB_OT_NAME_ID_POSTSCRIPT_NAME, HB_LANGUAGE_INVALID, &size, name);
    size_t length = 0;
    for (unsigned i = 0; i < size; i++) {
        char c = name[i];
        if ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-') {
            out[length++] = c;
        }
    }
    out[length] = '\0';
    if (length == 0) {
        strcpy(out, "Font");
    }
}

static void make_name(struct embedding *embedding, const uint8_t digest[DIGEST_BYTES]) {
    for (size_t i = 0; i < TAG_LETTERS; i++) {
        embedding->name[i] = (char)('A' + digest[i] % 26);
    }
    embedding->name[TAG_LETTERS] = '+';
    postscript_name(embedding->font->face, embedding->name + TAG_LETTERS + 1);
}

/* The stream that maps our codes to the glyphs of the subset. */
static bool write_glyph_map(struct pdf_writer *writer, struct embedding *embedding, const hb_map_t *renumbered) {
    struct buffer map = {0};
    for (size_t i = 0; i < embedding->font->code_count; i++) {
        hb_codepoint_t glyph = hb_map_get(renumbered, embedding->font->codes[i].glyph);
        glyph = glyph == HB_MAP_VALUE_INVALID ? 0 : glyph;
        buffer_append_byte(&map, (char)(glyph >> 8 & 0xFF));
        buffer_append_byte(&map, (char)(glyph & 0xFF));
    }
    embedding->glyph_map = map.failed ? 0 : pdf_object_number(pdf_object_stream(writer, map.data, map.length, NULL));
    buffer_free(&map);
    return embedding->glyph_map != 0;
}

static bool write_subset(struct pdf_writer *writer, struct embedding *embedding) {
    bool written = false;
    hb_face_t *subset = NULL;
    hb_blob_t *bytes = NULL;
    hb_subset_plan_t *plan = NULL;
    hb_subset_input_t *input = hb_subset_input_create_or_fail();
    if (input == NULL) {
        return false;
    }
    hb_set_t *glyphs = hb_subset_input_glyph_set(input);
    for (size_t i = 0; i < embedding->font->code_count; i++) {
        hb_set_add(glyphs, embedding->font->codes[i].glyph);
    }
    hb_set_t *dropped = hb_subset_input_set(input, HB_SUBSET_SETS_DROP_TABLE_TAG);
    for (size_t i = 0; i < sizeof dropped_tables / sizeof *dropped_tables; i++) {
        hb_set_add(dropped, dropped_tables[i]);
    }
    hb_subset_input_set_flags(input, HB_SUBSET_FLAGS_NO_HINTING);
    plan = hb_subset_plan_create_or_fail(embedding->font->face, input);
    if (plan == NULL) {
        goto done;
    }
    subset = hb_subset_plan_execute_or_fail(plan);
    if (subset == NULL) {
        goto done;
    }
    bytes = hb_face_reference_blob(subset);
    unsigned length = 0;
    const char *data = hb_blob_get_data(bytes, &length);
    uint8_t digest[DIGEST_BYTES];
    if (length == 0 || !digest_bytes(data, length, digest)) {
        goto done;
    }
    make_name(embedding, digest);
    struct buffer entries = {0};
    buffer_format(&entries, "/Length1 %u", length);
    const char *text = buffer_text(&entries);
    embedding->file = text == NULL ? 0 : pdf_object_number(pdf_object_stream(writer, data, length, text));
    buffer_free(&entries);
    written = embedding->file != 0 && write_glyph_map(writer, embedding, hb_subset_plan_old_to_new_glyph_mapping(plan));
done:
    hb_blob_destroy(bytes);
    hb_face_destroy(subset);
    hb_subset_plan_destroy(plan);
    hb_subset_input_destroy(input);
    return written;
}

static bool write_to_unicode(struct pdf_writer *writer, struct embedding *embedding) {
    const struct pdf_font *font = embedding->font;
    struct buffer map = {0};
    buffer_append_text(&map, "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
                             "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n"
                             "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
                             "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n");
    struct buffer section = {0};
    size_t entries = 0;
    for (size_t i = 1; i < font->code_count; i++) {
        if (font->codes[i].text_length > 0) {
            buffer_format(&section, "<%04X> <", (unsigned)i);
            pdf_object_utf16(&section, font->codes[i].text, font->codes[i].text_length);
            buffer_append_text(&section, ">\n");
            entries++;
        }
        if (entries > 0 && (entries == BFCHAR_ENTRIES || i + 1 == font->code_count)) {
            buffer_format(&map, "%zu beginbfchar\n", entries);
            buffer_append(&map, section.data, section.length);
            buffer_append_text(&map, "endbfchar\n");
            map.failed = map.failed || section.failed;
            buffer_clear(&section);
            entries = 0;
        }
    }
    buffer_free(&section);
    buffer_append_text(&map, "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n");
    embedding->to_unicode = map.failed ? 0 : pdf_object_number(pdf_object_stream(writer, map.data, map.length, NULL));
    buffer_free(&map);
    return embedding->to_unicode != 0;
}

static int scaled(const struct pdf_font *font, long value) {
    return (int)(value * 1000 / font->upem);
}

static int metric(const struct pdf_font *font, hb_ot_metrics_tag_t tag) {
    hb_position_t value = 0;
    hb_ot_metrics_get_position(font->font, tag, &value);
    return scaled(font, value);
}

static bool write_descriptor(struct pdf_writer *writer, struct embedding *embedding) {
    const struct pdf_font *font = embedding->font;
    struct buffer *body;
    HPDF_Dict descriptor = pdf_object_new(writer, &body);
    if (descriptor == NULL) {
        return false;
    }
    buffer_format(body, "/Type/FontDescriptor/FontName/%s/Flags %d/ItalicAngle 0/StemV %d", embedding->name,
                  FLAG_SYMBOLIC, STEM_WIDTH);
    buffer_format(body, "/Ascent %d/Descent %d/CapHeight %d", metric(font, HB_OT_METRICS_TAG_HORIZONTAL_ASCENDER),
                  metric(font, HB_OT_METRICS_TAG_HORIZONTAL_DESCENDER), metric(font, HB_OT_METRICS_TAG_CAP_HEIGHT));
    hb_blob_t *head = hb_face_reference_table(font->face, HB_TAG('h', 'e', 'a', 'd'));
    unsigned length = 0;
    const unsigned char *bytes = (const unsigned char *)hb_blob_get_data(head, &length);
    buffer_append_text(body, "/FontBBox[");
    for (unsigned i = 0; i < 4; i++) {
        unsigned at = HEAD_BOX_OFFSET + 2 * i;
        long value = at + 1 < length ? (int16_t)(bytes[at] << 8 | bytes[at + 1]) : 0;
        buffer_format(body, "%d ", scaled(font, value));
    }
    hb_blob_destroy(head);
    buffer_format(body, "]/FontFile2 %u 0 R\n", embedding->file);
    embedding->descriptor = pdf_object_number(descriptor);
    return true;
}

static bool write_descendant(struct pdf_writer *writer, struct embedding *embedding) {
    struct buffer *body;
    HPDF_Dict descendant = pdf_object_new(writer, &body);
    if (descendant == NULL) {
        return false;
    }
    buffer_format(body,
                  "/Type/Font/Subtype/CIDFontType2/BaseFont/%s"
                  "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
                  "/FontDescriptor %u 0 R/CIDToGIDMap %u 0 R/DW 0/W[0[",
                  embedding->name, embedding->descriptor, embedding->glyph_map);
    for (size_t i = 0; i < embedding->font->code_count; i++) {
        if (i > 0 && i % WIDTHS_GROUP == 0) {
            buffer_format(body, "]%zu[", i);
        }
        buffer_format(body, "%d ", (int)embedding->font->codes[i].width);
    }
    buffer_append_text(body, "]]\n");
    embedding->descendant = pdf_object_number(descendant);
    return true;
}

/* The Type 0 font's object number, or 0. */
static unsigned embed(struct pdf_writer *writer, const struct pdf_font *font) {
    struct embedding embedding = {.font = font};
    if (!write_subset(writer, &embedding) || !write_to_unicode(writer, &embedding) ||
        !write_descriptor(writer, &embedding) || !write_descendant(writer, &embedding)) {
        return 0;
    }
    struct buffer *body;
    HPDF_Dict composite = pdf_object_new(writer, &body);
    if (composite == NULL) {
        return 0;
    }
    buffer_format(body,
                  "/Type/Font/Subtype/Type0/BaseFont/%s/Encoding/Identity-H/DescendantFonts[%u 0 R]/ToUnicode %u 0 R\n",
                  embedding.name, embedding.descendant, embedding.to_unicode);
    return pdf_object_number(composite);
}

bool pdf_embed_fonts(struct pdf_writer *writer, const struct pdf_fonts *fonts, struct buffer *resources) {
    for (size_t i = 0; i < fonts->count; i++) {
        if (fonts->fonts[i].code_count == 0) {
            continue;
        }
        errno = 0;
        unsigned number = embed(writer, &fonts->fonts[i]);
        writer->memory_out = writer->memory_out || errno == ENOMEM;
        if (number == 0 || writer->memory_out) {
            return false;
        }
        buffer_format(resources, "/F%zu %u 0 R", i, number);
    }
    return true;
}
