#include "cmd/explain_page.h"

#include "base/text.h"
#include "write/terminal_table.h"
#include "write/width.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define INDENT      2
#define LABEL_CELLS 19 /* of a label and the blanks after it */
#define NARROWEST   40 /* that values are put into, however deep they stand */

static void indent(struct explain_page *page, size_t cells) {
    for (size_t i = 0; i < cells; i++) {
        buffer_append_byte(page->out, ' ');
    }
}

/* What stands before a member of JSON: the comma, the new line, and the key unless it is an item of an array. */
static void begin_member(struct explain_page *page, const char *key) {
    buffer_append_text(page->out, page->follows[page->depth] ? ",\n" : "\n");
    page->follows[page->depth] = true;
    indent(page, (page->depth + 1) * INDENT);
    if (!page->list[page->depth]) {
        text_json_string(page->out, key, strlen(key));
        buffer_append_text(page->out, ": ");
    }
}

static void push(struct explain_page *page, bool list, size_t further) {
    page->depth++;
    page->inset[page->depth] = page->inset[page->depth - 1] + further;
    page->list[page->depth] = list;
    page->follows[page->depth] = false;
}

/* Closes what push opened: a bracket under its beginning, or at once where nothing came. */
static void pop(struct explain_page *page) {
    bool list = page->list[page->depth];

    if (page->follows[page->depth]) {
        buffer_append_byte(page->out, '\n');
        indent(page, page->depth * INDENT);
    }
    buffer_append_byte(page->out, list ? ']' : '}');
    page->depth--;
}

void explain_page_begin(struct explain_page *page, struct buffer *out, bool json) {
    *page = (struct explain_page){.out = out, .json = json};
    if (json) {
        buffer_append_byte(out, '{');
    }
}

void explain_page_end(struct explain_page *page) {
    if (page->json) {
        buffer_append_text(page->out, "\n}\n");
    }
}

/*
 * How many bytes of `text` go on a line of `cells`: whole words, or a first word that is longer, which is cut only
 * where `cut` says so.
 */
static size_t line_end(const char *text, size_t cells, bool cut) {
    size_t length = strlen(text);
    size_t blank = SIZE_MAX;
    size_t used = 0;

    for (size_t i = 0; i < length;) {
        size_t at = i;
        if (text[i] == ' ') {
            if (used > cells) {
                return blank != SIZE_MAX ? blank : at;
            }
            blank = i;
        }
        used += (size_t)width_of(text_utf8_next(text, length, &i));
        if (cut && used > cells && blank == SIZE_MAX) {
            return at;
        }
    }
    return used <= cells || blank == SIZE_MAX ? length : blank;
}

static void put(struct explain_page *page, const char *text, size_t length) {
    struct buffer line = {0};

    buffer_append(&line, text, length);
    const char *whole = buffer_text(&line);
    if (whole != NULL) {
        terminal_table_text(page->out, whole, SIZE_MAX);
    } else {
        page->out->failed = true;
    }
    buffer_free(&line);
}

/* Words in lines of the page's width; all but the first begin at `hang`, where the first one is already. */
static void wrap(struct explain_page *page, const char *text, size_t hang, bool cut) {
    size_t cells = hang + NARROWEST < EXPLAIN_PAGE_WIDTH ? EXPLAIN_PAGE_WIDTH - hang : NARROWEST;

    for (bool first = true; first || *text != '\0'; first = false) {
        size_t end = line_end(text, cells, cut);
        indent(page, first ? 0 : hang);
        put(page, text, end);
        buffer_append_byte(page->out, '\n');
        text += end;
        text += strspn(text, " ");
    }
}

/* Lines as they are; one that is too long goes on below itself, a little further in. */
static void block(struct explain_page *page, const char *text, size_t hang) {
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        size_t blanks = strspn(text, " ");
        struct buffer line = {0};

        if (blanks < length) {
            buffer_append(&line, text + blanks, length - blanks);
            indent(page, hang + blanks);
            wrap(page, buffer_text(&line) != NULL ? buffer_text(&line) : "", hang + blanks + INDENT, true);
        } else {
            buffer_append_byte(page->out, '\n');
        }
        page->out->failed = page->out->failed || line.failed;
        buffer_free(&line);
        text += length + (text[length] == '\n');
    }
}

void explain_page_open(struct explain_page *page, const char *key, const char *heading, bool list) {
    if (page->depth >= EXPLAIN_PAGE_DEPTH) {
        page->out->failed = true; /* the sections are our own: this cannot happen */
        return;
    }
    if (page->json) {
        begin_member(page, key);
        buffer_append_byte(page->out, list ? '[' : '{');
        push(page, list, 0);
        return;
    }
    if (heading != NULL) {
        if (page->depth == 0) {
            buffer_append_byte(page->out, '\n');
        }
        indent(page, page->inset[page->depth]);
        wrap(page, heading, page->inset[page->depth], false);
    }
    push(page, list, heading != NULL ? INDENT : 0);
}

void explain_page_close(struct explain_page *page) {
    if (page->json) {
        pop(page);
    } else if (page->depth > 0) {
        page->depth--;
    }
}

void explain_page_item(struct explain_page *page, const char *line) {
    if (page->json) {
        begin_member(page, "");
        buffer_append_byte(page->out, '{');
        push(page, false, 0);
        return;
    }
    if (line != NULL) {
        indent(page, page->inset[page->depth]);
        wrap(page, line, page->inset[page->depth] + INDENT, false);
    }
    push(page, false, line != NULL ? INDENT : 0);
}

void explain_page_item_end(struct explain_page *page) {
    explain_page_close(page);
}

/* The key in words, "population_digest" is "Population digest"; its cells. */
static size_t put_label(struct explain_page *page, const char *key) {
    static const char *const written[][2] = {{"sha256", "SHA-256"}, {"sql", "SQL"}};
    size_t length = strlen(key);

    indent(page, page->inset[page->depth]);
    for (size_t i = 0; i < sizeof written / sizeof written[0]; i++) {
        if (strcmp(key, written[i][0]) == 0) {
            buffer_append_text(page->out, written[i][1]);
            return strlen(written[i][1]);
        }
    }
    for (size_t i = 0; i < length; i++) {
        char c = key[i] == '_' ? ' ' : key[i];
        buffer_append_byte(page->out, i == 0 && c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c);
    }
    return length;
}

void explain_page_text(struct explain_page *page, const char *key, const char *value) {
    if (page->json) {
        explain_page_silent(page, key, value);
        return;
    }
    if (value == NULL || *value == '\0') {
        return;
    }
    size_t written = put_label(page, key);
    if (strchr(value, '\n') != NULL) {
        buffer_append_byte(page->out, '\n');
        block(page, value, page->inset[page->depth] + INDENT);
        return;
    }
    size_t cells = written + 1 < LABEL_CELLS ? LABEL_CELLS : written + 2;
    indent(page, cells - written);
    wrap(page, value, page->inset[page->depth] + cells, false);
}

void explain_page_integer(struct explain_page *page, const char *key, int64_t value) {
    char text[32];

    if (page->json) {
        begin_member(page, key);
        buffer_append_integer(page->out, value);
        return;
    }
    snprintf(text, sizeof text, "%" PRId64, value);
    explain_page_text(page, key, text);
}

void explain_page_real(struct explain_page *page, const char *key, double value) {
    char text[64];

    snprintf(text, sizeof text, "%.15g", value);
    if (page->json) {
        begin_member(page, key);
        buffer_append_text(page->out, text);
        return;
    }
    explain_page_text(page, key, text);
}

void explain_page_say(struct explain_page *page, const char *text) {
    if (!page->json) {
        indent(page, page->inset[page->depth]);
        wrap(page, text, page->inset[page->depth], false);
    }
}

void explain_page_silent(struct explain_page *page, const char *key, const char *value) {
    if (page->json) {
        begin_member(page, key);
        if (value == NULL) {
            buffer_append_text(page->out, "null");
        } else {
            text_json_string(page->out, value, strlen(value));
        }
    }
}
