#include "scratch.h"

#include "base/limits.h"
#include "document/chart.h"
#include "pdf_narrative.h"
#include "write/pdf.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

/* The oracles are qpdf and poppler: what they read, and what they complain of. */

struct output {
    struct scratch scratch;
    char path[256];
    char *text; /* of the whole file, as pdftotext gives it, or of the last command */
};

/* What a command prints that is given a file. */
static char *run(const char *before, const char *path, const char *after, int *status) {
    char command[1024];
    assert_true(snprintf(command, sizeof command, "%s %s%s", before, path, after) < (int)sizeof command);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    struct buffer output = {0};
    char block[65536];
    for (size_t length; (length = fread(block, 1, sizeof block, pipe)) > 0;) {
        buffer_append(&output, block, length);
    }
    *status = pclose(pipe);
    buffer_append_byte(&output, '\0');
    char *text = buffer_take(&output);
    assert_non_null(text);
    return text;
}

static void write_output(struct output *output, const struct document *document) {
    scratch_begin(&output->scratch);
    strcpy(output->path, scratch_path(&output->scratch, "report.pdf"));
    assert_true(pdf_write(document, &test_theme, output->path, output->scratch.diagnostics));
    int status;
    char *complaints = run("qpdf --check", output->path, " 2>&1 >/dev/null", &status);
    assert_string_equal(complaints, "");
    assert_int_equal(status, 0);
    free(complaints);
    complaints = run("pdftotext", output->path, " - 2>&1 >/dev/null", &status);
    assert_string_equal(complaints, "");
    free(complaints);
    output->text = run("pdftotext -raw", output->path, " -", &status);
    assert_int_equal(status, 0);
}

static void end_output(struct output *output) {
    free(output->text);
    scratch_end(&output->scratch);
}

static int page_count(const struct output *output) {
    int status;
    char *information = run("pdfinfo", output->path, "", &status);
    const char *pages = strstr(information, "Pages:");
    assert_non_null(pages);
    int count = atoi(pages + strlen("Pages:"));
    free(information);
    return count;
}

static size_t occurrences(const char *text, const char *part) {
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, part)) != NULL; at += strlen(part)) {
        count++;
    }
    return count;
}

static bool is_space(char c) {
    return c == ' ' || c == '\n' || c == '\f';
}

/* The text without its spaces, so that it does not matter where lines break. */
static char *squeezed(const char *text) {
    char *result = malloc(strlen(text) + 1);
    assert_non_null(result);
    size_t length = 0;
    for (; *text != '\0'; text++) {
        if (!is_space(*text)) {
            result[length++] = *text;
        }
    }
    result[length] = '\0';
    return result;
}

static void assert_has(const struct output *output, const char *text) {
    char *page = squeezed(output->text);
    char *wanted = squeezed(text);
    if (strstr(page, wanted) == NULL) {
        fail_msg("not in the PDF: %s", text);
    }
    free(wanted);
    free(page);
}

/* Every text of the tree is in the file. */
static void assert_has_tree(const struct output *output, const char *page, const struct node *node) {
    if (node->text != NULL) {
        char *wanted = squeezed(node->text);
        if (strstr(page, wanted) == NULL) {
            fail_msg("not in the PDF: %s", node->text);
        }
        free(wanted);
    }
    for (const struct node *child = node->first_child; child != NULL; child = child->next) {
        assert_has_tree(output, page, child);
    }
}

struct box {
    double left, top, right, bottom;
};

/* No word past the margins, and none printed over another. */
static void assert_tidy(const struct output *output) {
    int status;
    char *places = run("pdftotext -bbox", output->path, " -", &status);
    struct box boxes[8192];
    size_t count = 0;
    int page = 0;
    for (char *line = strtok(places, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        if (strstr(line, "<page") != NULL) {
            count = 0;
            page++;
        }
        struct box box;
        const char *word = strstr(line, "<word");
        if (word == NULL) {
            continue;
        }
        assert_int_equal(sscanf(word, "<word xMin=\"%lf\" yMin=\"%lf\" xMax=\"%lf\" yMax=\"%lf\"", &box.left, &box.top,
                                &box.right, &box.bottom),
                         4);
        if (box.left < 63.9 || box.right > 595.276 - 63.9 || box.top < 20 || box.bottom > 842 - 12) {
            fail_msg("page %d, past the margins: %s", page, word);
        }
        for (size_t i = 0; i < count; i++) {
            double across = (box.right < boxes[i].right ? box.right : boxes[i].right) -
                            (box.left > boxes[i].left ? box.left : boxes[i].left);
            double down = (box.bottom < boxes[i].bottom ? box.bottom : boxes[i].bottom) -
                          (box.top > boxes[i].top ? box.top : boxes[i].top);
            double height = box.bottom - box.top;
            if (across > 1 && down > height * 0.4) {
                fail_msg("page %d, over another word: %s", page, word);
            }
        }
        if (count < sizeof boxes / sizeof *boxes) {
            boxes[count++] = box;
        }
    }
    free(places);
}

static void test_narrative(void **state) {
    (void)state;
    struct document *document = new_narrative();
    struct output output;
    write_output(&output, document);
    assert_int_equal(diagnostics_count(output.scratch.diagnostics, DIAGNOSTIC_NOTE), 0);
    char *page = squeezed(output.text);
    assert_has_tree(&output, page, document->root);
    free(page);
    assert_tidy(&output);
    int pages = page_count(&output);
    for (int i = 2; i <= pages; i++) { /* all but the cover */
        char number[32];
        snprintf(number, sizeof number, "Page %d of %d\n", i, pages);
        assert_int_equal(occurrences(output.text, number), 1);
    }
    assert_int_equal(occurrences(output.text, "Page 1 of"), 0);
    assert_int_equal(occurrences(output.text, document->statement), (size_t)pages);
    assert_non_null(strstr(output.text, "official list of offices and affiliates")); /* ligatures */
    end_output(&output);
    free_document(document);
}

static void test_navigation(void **state) {
    (void)state;
    struct document *document = new_narrative();
    struct output output;
    write_output(&output, document);
    int status;
    free(output.text);
    output.text = run("qpdf --qdf --object-streams=disable", output.path, " - | tr -d '\\0'", &status);
    assert_int_equal(occurrences(output.text, "/URI (https://example.com/trust)"), 2); /* it breaks over two lines */
    /* six rows of the summary and one link in its text; entries of the contents: two top sections, six controls */
    assert_int_equal(occurrences(output.text, "/Subtype /Link"), 7 + 8 + 2);
    /* bookmarks: two top sections, six controls with tests, query and evidence */
    assert_int_equal(occurrences(output.text, "/Title <feff"), 2 + 6 * 4 + 1); /* and the document's own title */
    assert_int_equal(occurrences(output.text, "/Type /Outlines"), 1);
    assert_non_null(strstr(output.text, "/DisplayDocTitle true"));
    assert_non_null(strstr(output.text, "/Lang (en-GB)"));
    assert_non_null(strstr(output.text, "(D:20251231000000Z)"));
    end_output(&output);
    free_document(document);
}

/* What is for screens is left out, and a link to it leads to the section around it. */
static void test_screen_sections(void **state) {
    (void)state;
    struct document *document = new_document();
    add_paragraph(document, add_section(document, document->root, "before", "Before"), "Printed before.");
    struct node *around = add_section(document, document->root, "around", "Around");
    add_link(document, add_paragraph(document, around, "See "), "#inner", "the inner one");
    struct node *aside = add_section(document, around, "aside", "Aside");
    aside->screen = true;
    add_paragraph(document, aside, "Shown on screens.");
    add_paragraph(document, add_section(document, aside, "inner", "Inner"), "Shown too.");
    add_paragraph(document, add_section(document, document->root, "after", "After"), "Printed after.");
    add_paragraph(document, add_section(document, document->root, "then", "Then"), "Printed then.");
    add_paragraph(document, add_section(document, document->root, "last", "Last"), "Printed last.");
    struct output output;
    write_output(&output, document);
    assert_has(&output, "Printed before.");
    assert_has(&output, "Printed after.");
    assert_null(strstr(output.text, "Shown"));
    assert_null(strstr(output.text, "Aside"));
    int status;
    free(output.text);
    output.text = run("qpdf --qdf --object-streams=disable", output.path, " - | tr -d '\\0'", &status);
    assert_int_equal(occurrences(output.text, "/Subtype /Link"), 5 + 1); /* contents, and the one in the text */
    assert_int_equal(occurrences(output.text, "/Title <feff"), 5 + 1);
    end_output(&output);
    free_document(document);
}

/* A report of a few pages, such as a letter, has bookmarks and no list of contents. */
static void test_short(void **state) {
    (void)state;
    struct document *document = new_document();
    add_paragraph(document, add_section(document, document->root, "one", "One"), "First.");
    add_paragraph(document, add_section(document, document->root, "two", "Two"), "Second.");
    struct output output;
    write_output(&output, document);
    assert_int_equal(page_count(&output), 1 + 2);
    assert_null(strstr(output.text, "Contents"));
    assert_has(&output, "Page 3 of 3");
    int status;
    free(output.text);
    output.text = run("qpdf --qdf --object-streams=disable", output.path, " - | tr -d '\\0'", &status);
    assert_int_equal(occurrences(output.text, "/Title <feff"), 2 + 1);
    end_output(&output);
    free_document(document);
}

static char *file_bytes(const char *path, size_t *length) {
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char *bytes = malloc(1u << 24);
    assert_non_null(bytes);
    *length = fread(bytes, 1, 1u << 24, file);
    fclose(file);
    return bytes;
}

static void test_same_bytes(void **state) {
    (void)state;
    char *bytes[2];
    size_t lengths[2];
    for (int i = 0; i < 2; i++) {
        struct document *document = new_narrative();
        struct output output;
        write_output(&output, document);
        bytes[i] = file_bytes(output.path, &lengths[i]);
        end_output(&output);
        free_document(document);
    }
    assert_int_equal(lengths[0], lengths[1]);
    assert_memory_equal(bytes[0], bytes[1], lengths[0]);
    free(bytes[0]);
    free(bytes[1]);
}

static void test_one_page(void **state) {
    (void)state;
    struct document *document = new_document();
    add_paragraph(document, document->root, "Nothing but this line.");
    struct output output;
    write_output(&output, document);
    assert_int_equal(page_count(&output), 2); /* the cover; no contents without sections */
    assert_non_null(strstr(output.text, "Nothing but this line."));
    end_output(&output);
    free_document(document);
}

static void test_empty_document(void **state) {
    (void)state;
    struct document *document = new_document();
    struct output output;
    write_output(&output, document);
    assert_int_equal(page_count(&output), 1);
    end_output(&output);
    free_document(document);
}

static void test_many_pages(void **state) {
    (void)state;
    enum { ROWS = 11000 };
    struct document *document = new_document();
    struct node *section = add_section(document, document->root, "all", "All accounts");
    struct node *table = add_table(document, section, 4, "Accounts");
    const char *const titles[] = {"Account", "Name", "Since", "State"};
    add_row(document, table, true, titles, 4);
    for (int i = 0; i < ROWS; i++) {
        char account[32];
        snprintf(account, sizeof account, "row%05d", i);
        const char *const cells[] = {account, "Ottoline Example", i % 3 == 0 ? "" : "2025-10-01", "active"};
        add_row(document, table, false, cells, 4);
    }
    struct output output;
    write_output(&output, document);
    int pages = page_count(&output);
    assert_true(pages > 300);
    const char *at = output.text;
    for (int i = 0; i < ROWS; i++) { /* no row is lost, and they come in order */
        char account[32];
        snprintf(account, sizeof account, "row%05d", i);
        at = strstr(at, account);
        if (at == NULL) {
            fail_msg("%s is lost or out of order", account);
        }
    }
    assert_int_equal(occurrences(output.text, "Since"), (size_t)pages - 2); /* the header stands on each page */
    end_output(&output);
    free_document(document);
}

static void add_letters(struct buffer *out, size_t count) {
    for (size_t i = 0; i < count; i++) {
        buffer_append_byte(out, (char)('a' + i * 7 % 26));
    }
}

static void test_long_words(void **state) {
    (void)state;
    struct document *document = new_document();
    struct node *section = add_section(document, document->root, NULL, "Words that no line can hold");
    struct buffer word = {0};
    add_letters(&word, 10000);
    const char *text = buffer_text(&word);
    add_paragraph(document, section, text);
    struct node *table = add_table(document, section, 3, NULL);
    const char *const titles[] = {"One", "Two", "Three"};
    const char *const tall[] = {"before", text, ""}; /* a row taller than a page */
    const char *const after[] = {"after", "the row", "last"};
    add_row(document, table, true, titles, 3);
    add_row(document, table, false, tall, 3);
    add_row(document, table, false, after, 3);
    add_text(document, section, NODE_CODE_BLOCK, text);
    struct node *badge = add(document, section, NODE_PARAGRAPH);
    add_badge(document, badge, "exception", text);
    struct output output;
    write_output(&output, document);
    assert_tidy(&output);
    size_t letters = 0;
    for (const char *c = output.text; *c != '\0'; c++) {
        letters += *c == 'q'; /* none of the other texts has this letter */
    }
    size_t expected = 0;
    for (size_t i = 0; i < word.length; i++) {
        expected += word.data[i] == 'q';
    }
    assert_int_equal(letters, 4 * expected);
    assert_non_null(strstr(output.text, "the row"));
    buffer_free(&word);
    end_output(&output);
    free_document(document);
}

static void test_wide_tables(void **state) {
    (void)state;
    struct document *document = new_document();
    struct node *section = add_section(document, document->root, NULL, "Wide tables");
    for (size_t columns = 1; columns <= 24; columns += columns < 12 ? 1 : 4) {
        struct node *table = add_table(document, section, columns, "A caption");
        const char *cells[24];
        for (size_t i = 0; i < columns; i++) {
            cells[i] = i % 5 == 3 ? "" : "infrastructure 2025-10-01";
        }
        add_row(document, table, true, cells, columns);
        for (int i = 0; i < 20; i++) {
            add_row(document, table, false, cells, columns);
        }
    }
    struct output output;
    write_output(&output, document);
    assert_tidy(&output);
    end_output(&output);
    free_document(document);
}

static void test_nesting(void **state) {
    (void)state;
    struct document *document = new_document();
    struct node *parent = add_section(document, document->root, NULL, "Lists");
    for (int i = 0; i < 30; i++) {
        struct node *list = add(document, parent, NODE_LIST);
        list->ordered = i % 2 == 1;
        list->start = 100000 * i;
        parent = add(document, list, NODE_ITEM);
        if (i % 7 != 3) {
            add_paragraph(document, parent, "an item with enough words in it to go over the end of its line somewhere");
        }
        if (i % 5 == 4) {
            parent = add(document, parent, NODE_QUOTE);
        }
    }
    struct output output;
    write_output(&output, document);
    assert_tidy(&output);
    assert_has(&output, "2500000.");
    end_output(&output);
    free_document(document);
}

static void test_scripts(void **state) {
    (void)state;
    struct document *document = new_document();
    struct node *section = add_section(document, document->root, NULL, "Scripts");
    add_paragraph(document, section, "Ελληνικά Кириллица é e\xCC\x81 naïve \xE2\x9C\x93 10\xC2\xA0% ﬁ");
    add_paragraph(document, section, "שלום العربية नमस्ते สวัสดี");
    add_paragraph(document, section, "soft\xC2\xADhyphen zero\xE2\x80\x8Bwidth");
    struct output output;
    write_output(&output, document);
    assert_int_equal(diagnostics_count(output.scratch.diagnostics, DIAGNOSTIC_NOTE), 0);
    assert_has(&output, "Ελληνικά");
    assert_has(&output, "Кириллица");
    assert_has(&output, "naïve \xE2\x9C\x93");
    assert_has(&output, "नमस्ते");
    assert_has(&output, "softhyphen");
    end_output(&output);
    free_document(document);
}

static void test_lost_characters(void **state) {
    (void)state;
    struct document *document = new_document();
    struct node *section = add_section(document, document->root, NULL, "Without a font");
    add_paragraph(document, section, "CJK[\xE4\xB8\xAD\xE6\x96\x87] emoji[\xF0\x9F\x98\x80] control[\x01\x1B] end");
    add_paragraph(document, section, "again \xE4\xB8\xAD");
    struct node *bad = add_paragraph(document, section, "");
    add_bytes(document, bad, NODE_TEXT, "bytes[\xFF\xC3] NUL[\0] tail", 21);
    struct output output;
    write_output(&output, document);
    assert_int_equal(diagnostics_count_id(output.scratch.diagnostics, DIAGNOSTIC_PDF_GLYPH), 1);
    struct buffer printed = {0};
    diagnostics_print(output.scratch.diagnostics, DIAGNOSTIC_NOTE, false, &printed);
    assert_non_null(strstr(buffer_text(&printed), "U+4E2D"));
    assert_non_null(strstr(buffer_text(&printed), "U+001B"));
    buffer_free(&printed);
    assert_has(&output, "CJK[\xEF\xBF\xBD\xEF\xBF\xBD] emoji[\xEF\xBF\xBD] control[\xEF\xBF\xBD\xEF\xBF\xBD] end");
    assert_has(&output, "bytes[\xEF\xBF\xBD\xEF\xBF\xBD] NUL[\xEF\xBF\xBD] tail");
    end_output(&output);
    free_document(document);
}

/* Words of both kinds can be read, panels do not stand across pages, and bars go on over them. */
static void test_charts(void **state) {
    (void)state;
    struct document *document = new_document();
    struct chart columns = {.kind = CHART_COLUMNS, .caption = "Over the periods"};
    struct chart bars = {.kind = CHART_BARS, .caption = "By criterion"};
    for (int i = 0; i < 40; i++) {
        struct chart_panel panel = {.by = arena_format(document->arena, "figure %d", i),
                                    .note = "Dashed: target 3",
                                    .target = 3,
                                    .aimed = true};
        panel.title = panel.by;
        struct chart_point before = {"2025-Q3", arena_format(document->arena, "%d before", i), i, true};
        struct chart_point now = {"2025-Q4", arena_format(document->arena, "%d now", i), i + 1, true};
        assert_true(chart_add(document->arena, &columns, &panel, &before));
        assert_true(chart_add(document->arena, &columns, &panel, &now));
    }
    for (int i = 0; i < 120; i++) {
        struct chart_panel panel = {.by = "", .title = "", .note = "", .full = 120};
        struct chart_point point = {arena_format(document->arena, "criterion %d", i),
                                    arena_format(document->arena, "%d of 120", i), i, true};
        assert_true(chart_add(document->arena, &bars, &panel, &point));
    }
    add(document, document->root, NODE_CHART)->chart = &columns;
    add(document, document->root, NODE_CHART)->chart = &bars;
    struct output output;
    write_output(&output, document);
    assert_has(&output, "Over the periods");
    assert_has(&output, "By criterion");
    for (int i = 0; i < 40; i++) {
        assert_has(&output, columns.panels[i].title);
        assert_has(&output, columns.panels[i].points[0].printed);
        assert_has(&output, columns.panels[i].points[1].printed);
    }
    for (int i = 0; i < 120; i++) {
        assert_has(&output, bars.panels[0].points[i].label);
        assert_has(&output, bars.panels[0].points[i].printed);
    }
    assert_tidy(&output);
    end_output(&output);
    free_document(document);
}

static void test_fonts(void **state) {
    (void)state;
    struct document *document = new_document();
    struct scratch scratch;
    scratch_begin(&scratch);
    scratch_write(&scratch, "broken.ttf", "this is no font");
    struct theme theme = test_theme;
    theme.body = "/nowhere/OpenSans-Regular.ttf";
    theme.mono = scratch_path(&scratch, "broken.ttf");
    assert_false(pdf_write(document, &theme, scratch_path(&scratch, "report.pdf"), scratch.diagnostics));
    assert_int_equal(diagnostics_count_id(scratch.diagnostics, DIAGNOSTIC_PDF_FONT), 2);
    struct buffer printed = {0};
    diagnostics_print(scratch.diagnostics, DIAGNOSTIC_NOTE, false, &printed);
    assert_non_null(strstr(buffer_text(&printed), "fonts-open-sans"));
    buffer_free(&printed);
    scratch_end(&scratch);
    free_document(document);
}

static void test_limits(void **state) {
    (void)state;
    struct scratch scratch;
    scratch_begin(&scratch);
    struct document *document = new_document();
    for (int i = 0; i <= LIMIT_REPORT_PAGES; i++) {
        add_paragraph(document, document->root, "x");
        add(document, document->root, NODE_PAGE_BREAK);
    }
    assert_false(pdf_write(document, &test_theme, scratch_path(&scratch, "long.pdf"), scratch.diagnostics));
    assert_int_equal(diagnostics_count_id(scratch.diagnostics, DIAGNOSTIC_PDF_FAILED), 1);
    free_document(document);
    document = new_document();
    struct node *deep = document->root;
    for (int i = 0; i < 100000; i++) {
        deep = add(document, deep, NODE_QUOTE);
    }
    assert_false(pdf_write(document, &test_theme, scratch_path(&scratch, "deep.pdf"), scratch.diagnostics));
    assert_int_equal(diagnostics_count_id(scratch.diagnostics, DIAGNOSTIC_PDF_FAILED), 2);
    free_document(document);
    scratch_end(&scratch);
}

/* In a child process, since the limit holds for all files it writes. */
static void test_full_disk(void **state) {
    (void)state;
    struct scratch scratch;
    scratch_begin(&scratch);
    struct document *document = new_document();
    const char *path = scratch_path(&scratch, "report.pdf");
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        signal(SIGXFSZ, SIG_IGN);
        struct rlimit limit = {4096, 4096};
        setrlimit(RLIMIT_FSIZE, &limit);
        bool written = pdf_write(document, &test_theme, path, scratch.diagnostics);
        _exit(!written && diagnostics_count_id(scratch.diagnostics, DIAGNOSTIC_FILE_WRITE) == 1 ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_false(pdf_write(document, &test_theme, "/dev/full", scratch.diagnostics));
    assert_int_equal(diagnostics_count_id(scratch.diagnostics, DIAGNOSTIC_FILE_WRITE), 1);
    free_document(document);
    scratch_end(&scratch);
}

static void test_long_furniture(void **state) {
    (void)state;
    struct document *document = new_document();
    struct buffer words = {0};
    for (int i = 0; i < 400; i++) {
        buffer_append_text(&words, "statement ");
    }
    const char *text = buffer_text(&words);
    document->title = document->subtitle = document->statement = text;
    document->system = document->organisation = document->confidentiality = text;
    document->notice = "one\n\ntwo";
    struct node *section = add_section(document, document->root, NULL, text);
    add_paragraph(document, section, "The body.");
    struct output output;
    write_output(&output, document);
    assert_tidy(&output);
    end_output(&output);
    buffer_free(&words);
    free_document(document);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_narrative),  cmocka_unit_test(test_navigation), cmocka_unit_test(test_screen_sections),
        cmocka_unit_test(test_same_bytes), cmocka_unit_test(test_one_page),   cmocka_unit_test(test_empty_document),
        cmocka_unit_test(test_many_pages), cmocka_unit_test(test_long_words), cmocka_unit_test(test_wide_tables),
        cmocka_unit_test(test_nesting),    cmocka_unit_test(test_scripts),    cmocka_unit_test(test_lost_characters),
        cmocka_unit_test(test_short),      cmocka_unit_test(test_charts),     cmocka_unit_test(test_fonts),
        cmocka_unit_test(test_limits),     cmocka_unit_test(test_full_disk),  cmocka_unit_test(test_long_furniture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
