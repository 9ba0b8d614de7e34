#include "write/pdf_file.h"

#include "base/datetime.h"
#include "base/digest.h"
#include "write/pdf_contents.h"
#include "write/pdf_deflate.h"
#include "write/pdf_embed.h"
#include "write/pdf_furniture.h"
#include "write/pdf_object.h"

#include <errno.h>
#include <hpdf_doc.h>
#include <hpdf_objects.h>
#include <stdlib.h>
#include <string.h>

#define IDENTIFIER_BYTES 16
#define LANGUAGE         "en-GB"
#define ANNOTATIONS_MOST 32000 /* of a page: libharu's arrays end at 32,767 */

/* Where an anchor leads. */
struct destination {
    const char *anchor;
    const struct pdf_entry *entry;
};

struct making {
    struct pdf_writer writer;
    struct digest *digest; /* of what the pages show, for the file's identifier */
    struct buffer **texts; /* of the pages, in their order */
    size_t text_count;
    HPDF_Page *pages;
    size_t first_body;
    struct destination *anchors; /* sorted */
    size_t anchor_count;
    struct pdf_layout *body;
};

static const char *section_title(const struct pdf_layout *layout, const struct pdf_layout *contents, size_t section) {
    if (layout == contents) {
        return "Contents";
    }
    return section == SIZE_MAX ? NULL : layout->entries[section].title;
}

/* Finishes the pages of a stretch, each with its content in `under`. */
static bool finish_pages(struct making *making, struct pdf_layout *layout, const struct pdf_layout *contents,
                         size_t total) {
    for (size_t i = 0; i < layout->page_count; i++) {
        struct pdf_page *page = &layout->pages[i];
        if (!page->bare) {
            pdf_furniture_page(layout, page, section_title(layout, contents, page->section), making->text_count + 1,
                               total);
        }
        buffer_append(&page->under, page->over.data, page->over.length);
        if (page->under.failed || page->over.failed || !pdf_layout_ok(layout) ||
            !digest_update(making->digest, page->under.data, page->under.length)) {
            making->writer.memory_out = true;
            return false;
        }
        buffer_free(&page->over);
        making->texts[making->text_count++] = &page->under;
    }
    return true;
}

/* Hands the pages' content to libharu, deflated. */
static bool add_pages(struct making *making) {
    if (!pdf_deflate(making->texts, making->text_count)) {
        making->writer.memory_out = true;
        return false;
    }
    for (size_t i = 0; i < making->text_count; i++) {
        making->pages[i] = pdf_object_page(&making->writer, PDF_PAGE_WIDTH, PDF_PAGE_HEIGHT, making->texts[i]);
        if (making->pages[i] == NULL) {
            return false;
        }
        buffer_free(making->texts[i]);
    }
    return true;
}

static int compare_anchors(const void *a, const void *b) {
    const struct destination *left = a;
    const struct destination *right = b;
    int order = strcmp(left->anchor, right->anchor);
    return order != 0 ? order : (left->entry > right->entry) - (left->entry < right->entry);
}

static bool sort_anchors(struct making *making) {
    const struct pdf_layout *body = making->body;
    making->anchors = calloc(body->entry_count + body->aside_count + 1, sizeof *making->anchors);
    if (making->anchors == NULL) {
        making->writer.memory_out = true;
        return false;
    }
    for (size_t i = 0; i < body->entry_count; i++) {
        if (body->entries[i].anchor != NULL) {
            making->anchors[making->anchor_count++] = (struct destination){body->entries[i].anchor, &body->entries[i]};
        }
    }
    for (size_t i = 0; i < body->aside_count; i++) {
        if (body->asides[i].anchor != NULL) {
            making->anchors[making->anchor_count++] =
                (struct destination){body->asides[i].anchor, &body->entries[body->asides[i].entry]};
        }
    }
    qsort(making->anchors, making->anchor_count, sizeof *making->anchors, compare_anchors);
    return true;
}

/* The first entry with this anchor, or NULL. */
static const struct pdf_entry *find_anchor(const struct making *making, const char *anchor) {
    size_t low = 0;
    size_t high = making->anchor_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(making->anchors[middle].anchor, anchor) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool found = low < making->anchor_count && strcmp(making->anchors[low].anchor, anchor) == 0;
    return found ? making->anchors[low].entry : NULL;
}

/* A link out of the report leads to the web or to mail, or to a file beside it; nothing else is made active. */
static bool is_safe_uri(const char *uri) {
    static const char *const schemes[] = {"https://", "http://", "mailto:"};
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        if (strncmp(uri, schemes[i], strlen(schemes[i])) == 0) {
            return true;
        }
    }
    size_t before_path = strcspn(uri, "/?#");
    return uri[0] != '\0' && uri[0] != '/' && uri[0] != '\\' && memchr(uri, ':', before_path) == NULL;
}

static bool add_link(struct making *making, HPDF_Array annotations, const struct pdf_link *link) {
    const struct pdf_entry *entry = NULL;
    bool uri = false;
    if (link->target == NULL) {
        entry = &making->body->entries[link->entry];
    } else if (link->target[0] == '#') {
        entry = find_anchor(making, link->target + 1);
    } else {
        uri = is_safe_uri(link->target);
    }
    if ((entry == NULL || !entry->placed) && !uri) {
        return true;
    }
    struct buffer *body;
    HPDF_Dict annotation = pdf_object_new(&making->writer, &body);
    if (annotation == NULL) {
        return false;
    }
    buffer_append_text(body, "/Type/Annot/Subtype/Link/F 4/Border[0 0 0]/Rect[");
    pdf_object_real(body, link->left);
    pdf_object_real(body, link->bottom);
    pdf_object_real(body, link->right);
    pdf_object_real(body, link->top);
    if (uri) {
        buffer_append_text(body, "]/A<</S/URI/URI");
        pdf_object_uri(body, link->target);
        buffer_append_text(body, ">>\n");
    } else {
        buffer_append_text(body, "]/Dest");
        pdf_contents_destination(body, entry, making->pages + making->first_body);
    }
    return HPDF_Array_Add(annotations, annotation) == HPDF_OK;
}

static bool add_links(struct making *making, const struct pdf_layout *layout, size_t first) {
    for (size_t i = 0; i < layout->page_count; i++) {
        const struct pdf_page *page = &layout->pages[i];
        if (page->link_count == 0) {
            continue;
        }
        HPDF_Array annotations = HPDF_Array_New(making->writer.document->mmgr);
        if (annotations == NULL || HPDF_Dict_Add(making->pages[first + i], "Annots", annotations) != HPDF_OK) {
            return false;
        }
        for (size_t j = 0; j < page->link_count && j < ANNOTATIONS_MOST; j++) {
            if (!add_link(making, annotations, &page->links[j])) {
                return false;
            }
        }
    }
    return true;
}

/* One resource dictionary serves all pages. */
static bool add_resources(struct making *making) {
    struct buffer *body;
    HPDF_Dict resources = pdf_object_new(&making->writer, &body);
    if (resources == NULL) {
        return false;
    }
    buffer_append_text(body, "/ProcSet[/PDF/Text]/Font<<");
    if (!pdf_embed_fonts(&making->writer, making->body->fonts, body)) {
        return false;
    }
    buffer_append_text(body, ">>\n");
    for (size_t i = 0; i < making->text_count; i++) {
        if (HPDF_Dict_Add(making->pages[i], "Resources", resources) != HPDF_OK) {
            return false;
        }
    }
    return true;
}

static void add_information(struct buffer *out, const char *key, const char *value) {
    if (value != NULL && value[0] != '\0') {
        buffer_format(out, "/%s", key);
        pdf_object_text(out, value);
    }
}

static bool add_metadata(struct making *making) {
    struct pdf_writer *writer = &making->writer;
    const struct document *document = making->body->document;
    struct buffer *information = pdf_object_extend(writer, writer->document->info);
    struct buffer *catalog = pdf_object_extend(writer, writer->document->catalog);
    struct buffer *trailer = pdf_object_extend(writer, writer->document->trailer);
    if (information == NULL || catalog == NULL || trailer == NULL) {
        return false;
    }
    add_information(information, "Title", document->title);
    add_information(information, "Subject", document->subtitle);
    add_information(information, "Author", document->organisation);
    add_information(information, "Creator", "tickmark");
    struct civil civil = datetime_to_civil(document->date);
    if (civil.year >= 0 && civil.year <= 9999) {
        struct buffer date = {0};
        buffer_format(&date, "(D:%04d%02d%02d%02d%02d%02dZ)", (int)civil.year, civil.month, civil.day, civil.hour,
                      civil.minute, civil.second);
        const char *text = buffer_text(&date);
        information->failed = information->failed || date.failed;
        buffer_format(information, "/CreationDate%s/ModDate%s", text == NULL ? "()" : text, text == NULL ? "()" : text);
        buffer_free(&date);
    }
    buffer_append_text(catalog, "/Lang(" LANGUAGE ")/ViewerPreferences<</DisplayDocTitle true>>\n");
    unsigned outline;
    if (!pdf_contents_outline(writer, making->body, making->pages + making->first_body, &outline)) {
        return false;
    }
    if (outline != 0) {
        buffer_format(catalog, "/Outlines %u 0 R/PageMode/UseOutlines\n", outline);
    }
    uint8_t digest[DIGEST_BYTES];
    if (!digest_update(making->digest, information->data, information->length) ||
        !digest_finish(making->digest, digest)) {
        writer->memory_out = true;
        return false;
    }
    char hex[DIGEST_HEX_BYTES];
    digest_hex(digest, hex);
    hex[2 * IDENTIFIER_BYTES] = '\0';
    buffer_format(trailer, "/ID[<%s><%s>]\n", hex, hex);
    return true;
}

static bool make(struct making *making, struct pdf_layout *cover, struct pdf_layout *contents, struct buffer *out) {
    size_t total = cover->page_count + contents->page_count + making->body->page_count;
    making->digest = digest_new();
    making->texts = calloc(total + 1, sizeof *making->texts);
    making->pages = calloc(total + 1, sizeof(HPDF_Page));
    if (making->digest == NULL || making->texts == NULL || making->pages == NULL) {
        making->writer.memory_out = true;
        return false;
    }
    making->first_body = cover->page_count + contents->page_count;
    return finish_pages(making, cover, contents, total) && finish_pages(making, contents, contents, total) &&
           finish_pages(making, making->body, contents, total) && add_pages(making) && sort_anchors(making) &&
           add_links(making, contents, cover->page_count) && add_links(making, making->body, making->first_body) &&
           add_resources(making) && add_metadata(making) && pdf_object_save(&making->writer, out);
}

bool pdf_file_make(struct pdf_layout *cover, struct pdf_layout *contents, struct pdf_layout *body, struct buffer *out,
                   struct diagnostics *diagnostics) {
    struct making making = {.body = body};
    errno = 0;
    bool made = pdf_object_open(&making.writer) && make(&making, cover, contents, out);
    if (!made) {
        /* What fails without libharu's saying why is an allocation, its own or ours; or it says what came of one. */
        bool memory = making.writer.memory_out || errno == ENOMEM || making.writer.status == HPDF_FAILD_TO_ALLOC_MEM ||
                      making.writer.status == HPDF_OK;
        if (memory) {
            diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "the report does not fit into memory");
        } else {
            diagnostics_report(diagnostics, DIAGNOSTIC_PDF_FAILED, NULL,
                               "libharu could not make the file (error 0x%04lX, %lu), report this as a bug",
                               (unsigned long)making.writer.status, (unsigned long)making.writer.detail);
        }
    }
    pdf_object_close(&making.writer);
    digest_free(making.digest);
    free(making.texts);
    free(making.pages);
    free(making.anchors);
    return made;
}
