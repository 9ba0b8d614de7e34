#include "write/pdf_caption.h"

#include "write/pdf_block.h"
#include "write/pdf_break.h"

#include <string.h>

#define CAPTION_AFTER 5.0

void pdf_caption_hold(struct pdf_layout *layout, const char *caption) {
    struct pdf_held *held = pdf_layout_hold(layout);
    if (held == NULL) {
        return;
    }
    struct pdf_style style = {
        .face = PDF_FACE_BOLD, .size = layout->theme->body_size * PDF_TABLE_SIZE, .ink = layout->theme->muted};
    pdf_text_add(&held->paragraph, layout->fonts, caption, strlen(caption), &style);
    pdf_text_shape(&held->paragraph, layout->fonts);
    pdf_break_lines(&held->paragraph, layout->fonts, PDF_RIGHT - PDF_LEFT);
    held->before = layout->theme->body_size * 1.2;
    held->after = CAPTION_AFTER;
    held->size = style.size;
    held->line_height = style.size * PDF_TABLE_LEADING;
}
