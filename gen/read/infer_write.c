#include "base/text.h"
#include "read/infer_private.h"

#include <stdarg.h>
#include <string.h>

#define COMMENT_WIDTH 120
#define QUOTED_MOST   40

/* Whether YAML and a terminal take the character as it is, also in a comment: neither control, line end nor invisible.
 */
static bool infer_write_visible(uint32_t c) {
    return (c >= ' ' && c < 0x7F) ||
           (c >= 0xA1 && c != 0xAD && !(c >= 0x200B && c <= 0x200F) && !(c >= 0x2028 && c <= 0x202E) &&
            !(c >= 0x2060 && c <= 0x206F) && !(c >= 0xD800 && c <= 0xF8FF) && c != 0xFEFF && c < 0xFFF0) ||
           (c >= 0x10000 && c < 0xE0000);
}

static void infer_write_character(struct buffer *out, uint32_t c) {
    if (c == '"' || c == '\\') {
        buffer_append_byte(out, '\\');
        buffer_append_byte(out, (char)c);
    } else if (infer_write_visible(c)) {
        text_utf8_append(out, c);
    } else if (c == '\n' || c == '\t' || c == '\r') {
        buffer_append_text(out, c == '\n' ? "\\n" : c == '\t' ? "\\t" : "\\r");
    } else {
        buffer_format(out, c > 0xFFFF ? "\\U%08lX" : "\\u%04lX", (unsigned long)c);
    }
}

/* A word that YAML or this program would take for something else than a text. */
static bool infer_write_reserved(const char *text, size_t length) {
    static const char *const words[] = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"};
    char lower[INFER_NAME_BYTES];

    infer_words(text, length, lower);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(words[i], lower) == 0) {
            return true;
        }
    }
    return false;
}

static bool infer_write_plain(const char *text, size_t length) {
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    if (length == 0 || memchr(letters, text[0], sizeof letters - 1) == NULL || text[length - 1] == ' ' ||
        infer_write_reserved(text, length)) {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        if (memchr(letters, text[i], sizeof letters - 1) == NULL && memchr("0123456789_-. /@", text[i], 16) == NULL) {
            return false;
        }
    }
    return true;
}

void infer_write_scalar(struct buffer *out, const char *text, size_t length) {
    if (infer_write_plain(text, length)) {
        buffer_append(out, text, length);
        return;
    }
    buffer_append_byte(out, '"');
    for (size_t at = 0; at < length;) {
        infer_write_character(out, text_utf8_next(text, length, &at));
    }
    buffer_append_byte(out, '"');
}

void infer_write_quoted(struct buffer *out, const char *text, size_t length) {
    buffer_append_byte(out, '"');
    size_t at = 0;
    while (at < length && at < QUOTED_MOST) {
        infer_write_character(out, text_utf8_next(text, length, &at));
    }
    buffer_append_text(out, at < length ? "...\"" : "\"");
}

/* Without what would end a comment, or hide in it. */
static void infer_write_clean(struct buffer *out, const char *text) {
    size_t length = strlen(text);

    for (size_t at = 0; at < length;) {
        uint32_t c = text_utf8_next(text, length, &at);
        text_utf8_append(out, infer_write_visible(c) ? c : c < ' ' ? ' ' : '?');
    }
}

void infer_write_comment(struct buffer *out, int indent, const char *text) {
    struct buffer clean = {0};
    size_t room = COMMENT_WIDTH - (size_t)indent - 2;

    infer_write_clean(&clean, text);
    const char *rest = buffer_text(&clean);
    out->failed = out->failed || rest == NULL;
    while (rest != NULL && *rest != '\0') {
        size_t length = strlen(rest);
        if (length > room) {
            length = room;
            while (length > 0 && rest[length] != ' ') {
                length--;
            }
            length = length == 0 ? strcspn(rest, " ") : length;
        }
        buffer_format(out, "%*s# ", indent, "");
        buffer_append(out, rest, length);
        buffer_append_byte(out, '\n');
        rest += length;
        rest += strspn(rest, " ");
    }
    buffer_free(&clean);
}

void infer_write_note(struct infer_writer *writer, int indent, bool open, const char *format, ...) {
    struct buffer text = {0};
    va_list arguments;

    buffer_append_text(&text, open ? INFER_OPEN ": " : "");
    va_start(arguments, format);
    buffer_format_list(&text, format, arguments);
    va_end(arguments);
    if (buffer_text(&text) != NULL) {
        infer_write_comment(writer->yaml, indent, buffer_text(&text));
    }
    writer->yaml->failed = writer->yaml->failed || text.failed;
    writer->open += open;
    buffer_free(&text);
}
