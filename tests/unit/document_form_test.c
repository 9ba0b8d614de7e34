#include "read/document_form.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* A form is the same however its bytes come. */
static const char *problem_of(const char *path, const char *bytes, size_t length) {
    struct document_form whole = {0};
    struct document_form single = {0};

    document_form_take(&whole, bytes, length);
    for (size_t i = 0; i < length; i++) {
        document_form_take(&single, bytes + i, 1);
    }
    const char *problem = document_form_problem(&whole, path);
    /* A byte order mark alone is told by bytes that come together. */
    bool marked = length > 0 && ((unsigned char)bytes[0] == 0xef || (unsigned char)bytes[0] >= 0xfe);
    assert_true(marked || document_form_problem(&single, path) == problem);
    return problem;
}

#define GOOD(path, bytes) assert_null(problem_of(path, bytes, sizeof(bytes) - 1))
#define WRONG(path, bytes, text)                                                                                       \
    do {                                                                                                               \
        const char *found = problem_of(path, bytes, sizeof(bytes) - 1);                                                \
        assert_non_null(found);                                                                                        \
        assert_string_equal(found, text);                                                                              \
    } while (0)

static void a_mark_belongs_to_an_ending(void **state) {
    (void)state;

    GOOD("a.pdf", "%PDF-1.7\nx");
    GOOD("A.PDF", "%PDF-");
    GOOD("a.png", "\x89PNG\r\n\x1a\n");
    GOOD("a.jpg", "\xff\xd8\xff\xe0");
    GOOD("a.jpeg", "\xff\xd8\xff\xe1");
    GOOD("a.docx", "PK\x03\x04rest");
    GOOD("a.xlsx", "PK\x03\x04rest");
    GOOD("a.pptx", "PK\x03\x04rest");
    GOOD("a.odt", "PK\x03\x04rest");
    GOOD("a.ods", "PK\x03\x04rest");
    WRONG("a.pdf", "<!DOCTYPE html><title>Sign in</title>", "it does not begin as a PDF does");
    WRONG("a.pdf", " %PDF-1.7", "it does not begin as a PDF does"); /* not even a blank stands before it */
    WRONG("a.pdf", "%PDF", "it does not begin as a PDF does");
    WRONG("a.pdf", "", "it does not begin as a PDF does");
    WRONG("a.png", "\xff\xd8\xff\xe0", "it does not begin as a PNG picture does");
    WRONG("a.jpg", "\x89PNG\r\n", "it does not begin as a JPEG picture does");
    WRONG("a.docx", "%PDF-1.7", "it does not begin as an office document does");
    WRONG("a.ods", "PK\x05\x06", "it does not begin as an office document does");
}

static void a_text_is_no_answer_of_a_server(void **state) {
    static const char answer[] = "it begins as a page or an answer of a server does, and not as a text";
    (void)state;

    GOOD("policy.md", "# Access policy\n\nEverybody signs in.\n");
    GOOD("policy.txt", "\r\n\t Gr\xc3\xbc\xc3\x9f"
                       "e\f\n");
    GOOD("policy.rst", "html is what this is about\n");
    GOOD("policy.adoc", "[abstract]\nText");
    WRONG("policy.md", "\n\n  <!DOCTYPE HTML>\n", answer);
    WRONG("policy.md", "<Html lang=\"en\">", answer);
    WRONG("policy.txt", "<?xml version=\"1.0\"?>", answer);
    WRONG("policy.txt", "HTTP/1.1 401 Unauthorized\r\n", answer);
    WRONG("policy.txt", "HTTP/2 500\r\n", answer);
    WRONG("policy.rst", "{\"error\": \"expired\"}", answer);
    WRONG("policy.adoc", "[]", answer);
    /* Behind the mark of UTF-8 as well. */
    GOOD("policy.md", "\xef\xbb\xbf# Access policy");
    WRONG("policy.md", "\xef\xbb\xbf<html>", answer);
}

static void a_text_holds_text(void **state) {
    (void)state;

    WRONG("a.md", "", "there is nothing in it but blanks");
    WRONG("a.md", " \t\r\n\f", "there is nothing in it but blanks");
    WRONG("a.md", "text with \x01", "it holds bytes that stand in no text");
    WRONG("a.md", "text with \0 a zero", "it holds bytes that stand in no text");
    WRONG("a.md", "text with \x7f", "it holds bytes that stand in no text");
    /* Far behind the bytes that are kept. */
    char far[4 * DOCUMENT_FORM_HEAD];
    memset(far, 'a', sizeof far);
    assert_null(problem_of("a.md", far, sizeof far));
    far[sizeof far - 1] = 0x02;
    assert_string_equal(problem_of("a.md", far, sizeof far), "it holds bytes that stand in no text");
    /* Every second byte of UTF-16 may be zero. */
    GOOD("a.txt", "\xff\xfe"
                  "a\0b\0");
    GOOD("a.txt", "\xfe\xff"
                  "\0a\0b");
}

static void other_names_promise_nothing(void **state) {
    (void)state;

    GOOD("a.csv", "<html>");
    GOOD("a.eml", "\x01\x02");
    GOOD("a", "");
    GOOD(".pdf", "<html>"); /* an ending without a name before it */
    GOOD("report.pdf.bak", "<html>");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mark_belongs_to_an_ending),
        cmocka_unit_test(a_text_is_no_answer_of_a_server),
        cmocka_unit_test(a_text_holds_text),
        cmocka_unit_test(other_names_promise_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
