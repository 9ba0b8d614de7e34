#include "base/csv_cell.h"

#include <string.h>

/* What a formula may begin with: U+FF1D, U+FF0B, U+FF0D and U+FF20 are the wide forms, which some programs take too. */
static const char *const formula_marks[] = {
    "=", "+", "-", "@", "\t", "\r", "\n", "\v", "\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0"};

bool csv_cell_runs(const char *text, size_t length) {
    while (length > 0 && *text == ' ') {
        text++;
        length--;
    }
    for (size_t i = 0; i < sizeof formula_marks / sizeof formula_marks[0]; i++) {
        size_t mark = strlen(formula_marks[i]);
        if (length >= mark && memcmp(text, formula_marks[i], mark) == 0) {
            return true;
        }
    }
    return false;
}

bool csv_cell_text(struct buffer *out, const char *text, size_t length) {
    bool defused = csv_cell_runs(text, length);
    bool quoted = length > 0 && (text[0] == ' ' || text[length - 1] == ' ');

    for (size_t i = 0; i < length && !quoted; i++) {
        quoted = strchr("\",\r\n", text[i]) != NULL && text[i] != '\0';
    }
    if (quoted) {
        buffer_append_byte(out, '"');
    }
    if (defused) {
        buffer_append_byte(out, '\'');
    }
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '"') {
            buffer_append_byte(out, '"');
        }
        buffer_append_byte(out, text[i]);
    }
    if (quoted) {
        buffer_append_byte(out, '"');
    }
    return defused;
}

void csv_cell_number(struct buffer *out, const char *text) {
    buffer_append_text(out, text);
}
