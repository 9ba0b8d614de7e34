#include "write/pdf_contents.h"

#include "write/pdf_block.h"
#include "write/pdf_break.h"

#include <stdlib.h>
#include <string.h>

#define DEPTH_MOST    2    /* of what contents list; bookmarks have all */
#define INDENT        14.0 /* a level */
#define NUMBER_ROOM   34.0
#define LEADING       1.55
#define DOTS_GAP      6.0
#define TITLE_SIZE    2.0 /* of the body's */
#define TITLE_LEADING 1.25
#define TOP_MARGIN    6.0 /* above a heading that a destination shows */
#define NO_ENTRY      SIZE_MAX

static void draw_title(struct pdf_layout *contents) {
    static const char title[] = "Contents";
    struct pdf_held *held = pdf_layout_hold(contents);
    if (held == NULL) {
        return;
    }
    struct pdf_style style = {
        .face = PDF_FACE_BOLD, .size = contents->theme->body_size * TITLE_SIZE, .ink = contents->theme->accent};
    pdf_text_add(&held->paragraph, contents->fonts, title, sizeof title - 1, &style);
    pdf_text_shape(&held->paragraph, contents->fonts);
    pdf_break_lines(&held->paragraph, contents->fonts, PDF_RIGHT - PDF_LEFT);
    held->size = style.size;
    held->line_height = style.size * TITLE_LEADING;
    held->after = 14;
}

static void draw_entry(struct pdf_layout *contents, const struct pdf_entry *entry, size_t index, size_t number) {
    struct pdf_style style = {.face = entry->depth == 1 ? PDF_FACE_BOLD : PDF_FACE_BODY,
                              .size = contents->theme->body_size,
                              .ink = entry->depth == 1 ? contents->theme->accent : contents->theme->ink,
                              .tabular = true};
    double line_height = style.size * LEADING;
    double left = PDF_LEFT + INDENT * (entry->depth - 1);
    struct pdf_frame frame = {left, PDF_RIGHT - NUMBER_ROOM - left};
    struct pdf_paragraph *paragraph = &contents->paragraph;
    pdf_text_clear(paragraph);
    pdf_text_add(paragraph, contents->fonts, entry->title, strlen(entry->title), &style);
    pdf_text_shape(paragraph, contents->fonts);
    pdf_break_lines(paragraph, contents->fonts, frame.width);
    pdf_layout_gap(contents, entry->depth == 1 ? style.size * 0.5 : 0);
    pdf_layout_lines(contents, paragraph, frame, line_height, style.size, ALIGN_LEFT);
    struct pdf_page *page = pdf_layout_page(contents);
    if (page == NULL || paragraph->line_count == 0) {
        return;
    }
    /* The number stands on the last line, which is where layout has stopped. */
    double top = contents->y + line_height;
    double baseline = pdf_layout_baseline(top, line_height, style.size);
    double end = left + paragraph->lines[paragraph->line_count - 1].width;
    char digits[24];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    style.face = PDF_FACE_BODY;
    pdf_text_clear(&contents->marker);
    pdf_text_add(&contents->marker, contents->fonts, digits + at, sizeof digits - at, &style);
    pdf_text_shape(&contents->marker, contents->fonts);
    pdf_break_lines(&contents->marker, contents->fonts, NUMBER_ROOM);
    if (!pdf_layout_ok(contents)) {
        return;
    }
    pdf_page_line(page, contents->fonts, &contents->marker, 0, PDF_RIGHT - NUMBER_ROOM, baseline, NUMBER_ROOM,
                  ALIGN_RIGHT);
    pdf_page_dots(&page->over, end + DOTS_GAP, PDF_RIGHT - contents->marker.natural - DOTS_GAP, baseline,
                  contents->theme->muted);
    double height = line_height * (double)paragraph->line_count;
    double link_top = contents->y + height > PDF_TOP ? PDF_TOP : contents->y + height;
    struct pdf_link link = {.left = left, .bottom = contents->y, .right = PDF_RIGHT, .top = link_top, .entry = index};
    pdf_page_link(page, &link);
}

static void draw(struct pdf_layout *contents, const struct pdf_layout *body, size_t before) {
    draw_title(contents);
    for (size_t i = 0; i < body->entry_count && pdf_layout_ok(contents); i++) {
        const struct pdf_entry *entry = &body->entries[i];
        if (entry->depth <= DEPTH_MOST && entry->placed) {
            draw_entry(contents, entry, i, before + entry->page + 1);
        }
    }
    pdf_layout_release(contents);
    pdf_layout_break(contents);
}

void pdf_contents_draw(struct pdf_layout *contents, const struct pdf_layout *body, size_t before) {
    if (body->entry_count == 0) {
        return;
    }
    /* How many pages the contents take does not depend on the numbers in them: the second pass has the right ones. */
    for (size_t pass = 0, pages = 0; pass < 2 && pdf_layout_ok(contents); pass++) {
        for (size_t i = 0; i < contents->page_count; i++) {
            pdf_page_free(&contents->pages[i]);
        }
        contents->page_count = 0;
        draw(contents, body, before + pages);
        pages = contents->page_count;
    }
}

void pdf_contents_destination(struct buffer *out, const struct pdf_entry *entry, const HPDF_Page *pages) {
    double top = entry->top + TOP_MARGIN;
    buffer_format(out, "[%u 0 R/XYZ 0 ", pdf_object_number(pages[entry->page]));
    pdf_object_real(out, top);
    buffer_append_text(out, "null]");
}

/* An entry among the bookmarks: neighbours are indices of entries. */
struct bookmark {
    size_t parent, first, last, previous, next;
    long children;
    unsigned number;
};

static void link_bookmarks(struct bookmark *marks, struct bookmark *root, const struct pdf_layout *body) {
    size_t newest = NO_ENTRY; /* and its ancestors are the open branch */
    for (size_t i = 0; i < body->entry_count; i++) {
        struct bookmark *mark = &marks[i];
        mark->first = mark->last = mark->next = NO_ENTRY;
        size_t parent = newest;
        while (parent != NO_ENTRY && body->entries[parent].depth >= body->entries[i].depth) {
            parent = marks[parent].parent;
        }
        struct bookmark *above = parent == NO_ENTRY ? root : &marks[parent];
        mark->parent = parent;
        mark->previous = above->last;
        if (above->last == NO_ENTRY) {
            above->first = i;
        } else {
            marks[above->last].next = i;
        }
        above->last = i;
        above->children++;
        newest = i;
    }
}

static void append_reference(struct buffer *out, const char *key, const struct bookmark *marks, size_t index) {
    if (index != NO_ENTRY) {
        buffer_format(out, "/%s %u 0 R", key, marks[index].number);
    }
}

bool pdf_contents_outline(struct pdf_writer *writer, const struct pdf_layout *body, const HPDF_Page *pages,
                          unsigned *number) {
    *number = 0;
    if (body->entry_count == 0) {
        return true;
    }
    bool written = false;
    struct bookmark root = {.first = NO_ENTRY, .last = NO_ENTRY};
    struct bookmark *marks = calloc(body->entry_count, sizeof *marks);
    struct buffer **bodies = calloc(body->entry_count, sizeof *bodies);
    struct buffer *root_body;
    HPDF_Dict outline = pdf_object_new(writer, &root_body);
    if (marks == NULL || bodies == NULL || outline == NULL) {
        writer->memory_out = writer->memory_out || marks == NULL || bodies == NULL;
        goto done;
    }
    link_bookmarks(marks, &root, body);
    for (size_t i = 0; i < body->entry_count; i++) {
        HPDF_Dict item = pdf_object_new(writer, &bodies[i]);
        if (item == NULL) {
            goto done;
        }
        marks[i].number = pdf_object_number(item);
    }
    buffer_format(root_body, "/Type/Outlines/Count %ld", root.children);
    append_reference(root_body, "First", marks, root.first);
    append_reference(root_body, "Last", marks, root.last);
    *number = pdf_object_number(outline);
    for (size_t i = 0; i < body->entry_count; i++) {
        struct buffer *out = bodies[i];
        buffer_append_text(out, "/Title");
        pdf_object_text(out, body->entries[i].title);
        if (marks[i].parent == NO_ENTRY) {
            buffer_format(out, "/Parent %u 0 R", *number);
        }
        append_reference(out, "Parent", marks, marks[i].parent);
        append_reference(out, "Prev", marks, marks[i].previous);
        append_reference(out, "Next", marks, marks[i].next);
        append_reference(out, "First", marks, marks[i].first);
        append_reference(out, "Last", marks, marks[i].last);
        if (marks[i].children > 0) {
            buffer_format(out, "/Count %ld", -marks[i].children); /* closed */
        }
        buffer_append_text(out, "/Dest");
        pdf_contents_destination(out, &body->entries[i], pages);
    }
    written = true;
done:
    free(marks);
    free(bodies);
    return written;
}
