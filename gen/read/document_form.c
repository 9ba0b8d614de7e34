#include "read/document_form.h"

#include <string.h>
#include <strings.h>

/* Forms that begin with a mark of their own. */
struct document_mark {
    const char *ending;
    const char *mark;
    size_t length;
    const char *problem;
};
static const struct document_mark document_marks[] = {
    {".pdf", "%PDF-", 5, "it does not begin as a PDF does"},
    {".png", "\x89PNG\r\n", 6, "it does not begin as a PNG picture does"},
    {".jpg", "\xff\xd8\xff", 3, "it does not begin as a JPEG picture does"},
    {".jpeg", "\xff\xd8\xff", 3, "it does not begin as a JPEG picture does"},
    {".docx", "PK\x03\x04", 4, "it does not begin as an office document does"},
    {".xlsx", "PK\x03\x04", 4, "it does not begin as an office document does"},
    {".pptx", "PK\x03\x04", 4, "it does not begin as an office document does"},
    {".odt", "PK\x03\x04", 4, "it does not begin as an office document does"},
    {".ods", "PK\x03\x04", 4, "it does not begin as an office document does"},
};
static const char *const document_texts[] = {".md", ".txt", ".rst", ".adoc"};
/* What no text that somebody wrote begins with, and an answer of a server does. */
static const char *const document_answers[] = {"<!doctype", "<html", "<?xml", "http/1.", "http/2", "{", "[]"};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static bool is_blank(char byte) {
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n' || byte == '\f';
}

void document_form_take(struct document_form *form, const char *bytes, size_t length) {
    size_t at = 0;
    if (form->length == 0 && form->blanks == 0 && length >= 2 &&
        (memcmp(bytes, "\xff\xfe", 2) == 0 || memcmp(bytes, "\xfe\xff", 2) == 0)) {
        form->wide = true;
    }
    if (form->length == 0 && form->blanks == 0 && length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
        at = 3;
    }
    for (size_t i = at; i < length; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        form->control = form->control || (byte < ' ' && !is_blank(bytes[i])) || byte == 0x7f;
        if (form->length == 0 && is_blank(bytes[i])) {
            form->blanks++;
        } else if (form->length < sizeof form->head) {
            form->head[form->length++] = bytes[i];
        }
    }
}

static bool ends_with(const char *path, const char *ending) {
    size_t length = strlen(path);
    size_t wanted = strlen(ending);
    return length > wanted && strcasecmp(path + (length - wanted), ending) == 0;
}

static const char *text_problem(const struct document_form *form) {
    if (form->length == 0) {
        return "there is nothing in it but blanks";
    }
    if (form->wide) {
        return NULL;
    }
    for (size_t i = 0; i < COUNT(document_answers); i++) {
        size_t length = strlen(document_answers[i]);
        if (form->length >= length && strncasecmp(form->head, document_answers[i], length) == 0) {
            return "it begins as a page or an answer of a server does, and not as a text";
        }
    }
    return form->control ? "it holds bytes that stand in no text" : NULL;
}

const char *document_form_problem(const struct document_form *form, const char *path) {
    for (size_t i = 0; i < COUNT(document_marks); i++) {
        const struct document_mark *mark = &document_marks[i];
        if (ends_with(path, mark->ending)) {
            bool begins =
                form->blanks == 0 && form->length >= mark->length && memcmp(form->head, mark->mark, mark->length) == 0;
            return begins ? NULL : mark->problem;
        }
    }
    for (size_t i = 0; i < COUNT(document_texts); i++) {
        if (ends_with(path, document_texts[i])) {
            return text_problem(form);
        }
    }
    return NULL;
}
