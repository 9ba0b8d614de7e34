#include "scratch.h"

#include "base/limits.h"
#include "read/log.h"

/* Reads all of `text` and shows it: a record as [text]line, an error as !problem@line. */
static void show(const char *text, size_t length, const char *continues, size_t most, struct buffer *out) {
    struct byte_source_memory memory;
    struct pattern_fault fault;
    struct pattern *pattern = continues == NULL ? NULL : pattern_new(continues, PATTERN_BEGINNING, &fault);
    const char *record;
    size_t record_length;
    enum log_event event;

    byte_source_memory(&memory, text, length);
    memory.most = most;
    struct log *log = log_open(&memory.source, pattern);
    assert_non_null(log);
    while ((event = log_next(log, &record, &record_length)) == LOG_RECORD || event == LOG_ERROR) {
        assert_true(log_offset(log) + log_length(log) <= length);
        if (event == LOG_ERROR) {
            buffer_format(out, "!%d@%d", (int)log_problem(log), (int)log_line(log));
            continue;
        }
        buffer_append_byte(out, '[');
        buffer_append(out, record, record_length);
        buffer_format(out, "]%d", (int)log_line(log));
    }
    assert_int_equal(event, LOG_END);
    log_close(log);
    pattern_free(pattern);
}

static void expect_bytes(const char *text, size_t length, const char *continues, const char *expected) {
    struct buffer shown = {0};

    for (size_t most = 0; most < 4; most++) {
        buffer_clear(&shown);
        show(text, length, continues, most, &shown);
        assert_string_equal(buffer_text(&shown), expected);
    }
    buffer_free(&shown);
}

static void expect(const char *text, const char *continues, const char *expected) {
    expect_bytes(text, strlen(text), continues, expected);
}

static void lines(void **state) {
    (void)state;
    expect("", NULL, "");
    expect("\n\r\n \t\n", NULL, "");
    expect("a\nb\r\nc\rd", NULL, "[a]1[b]2[c]3[d]4");
    expect("a\n\n\nb\n", NULL, "[a]1[b]4");
    expect("\xEF\xBB\xBF"
           "a\n",
           NULL, "[a]1");
    expect(" a \n", NULL, "[ a ]1");
}

static void records_of_several_lines(void **state) {
    (void)state;
    expect("a\n b\n\tc\nd\n", "\\s", "[a\n b\n\tc]1[d]4");
    expect(" a\nb\n", "\\s", "[ a]1[b]2");
    expect("a\r\n\r\n b\r\nc", "\\s", "[a\n b]1[c]4");
    expect("a\n\x1B[1m b\x1B[0m\nc", "\\s", "[a\n b]1[c]3");
}

/* Quirk 13: what a progress display wrote stands before the line that was meant. */
static void terminal_output(void **state) {
    (void)state;
    expect("10%\r\x1B[2K20%\r\x1B[2K{}\n", NULL, "[10%]1[20%]2[{}]3");
    expect("\x1B[2K\n", NULL, "");
    expect("\x1B[1;31mred\x1B[0m x\x1B(By\n", NULL, "[red xy]1");
    expect("\x1B]0;title\aa\x1B]8;;http://example.com\x1B\\b\n", NULL, "[ab]1");
    /* Only what is a whole sequence goes. */
    expect("a\x1B]0;no end", NULL, "[a]0;no end]1");
    expect("a\x1B[12\n", NULL, "[a[12]1");
    expect("a\x1B\n", NULL, "[a]1");
}

static void unreadable_records_cost_themselves(void **state) {
    (void)state;
    expect("a\nb\xFF\nc\n", NULL, "[a]1!1@2[c]3");
    expect("a\n\xC3\xA9\n", NULL, "[a]1[\xC3\xA9]2");
    expect("a\nb\xFF\n c\nd", "\\s", "[a]1!1@2[d]4");
    expect_bytes("a\nb\0c\nd\0", 8, NULL, "[a]1!2@2!2@3");
    expect("a\naaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\nb", "(?:a+)+$", "[a]1!3@2[b]3");
    expect_bytes("\xFF\xFE"
                 "a\0",
                 4, NULL, "!4@0");
    expect_bytes("a\0b\0", 4, NULL, "!4@0");
}

static void long_lines_are_passed_over(void **state) {
    (void)state;
    size_t length = (size_t)LIMIT_RECORD_BYTES + 1;
    char *text = malloc(length + 4);
    struct buffer shown = {0};

    assert_non_null(text);
    memset(text, 'x', length);
    memcpy(text + length, "\na\n", 4);
    show(text, length + 3, NULL, 0, &shown);
    assert_string_equal(buffer_text(&shown), "!0@1[a]2");
    buffer_clear(&shown);
    show(text + 1, length + 2, NULL, 0, &shown);
    assert_int_equal(shown.length, length - 1 + strlen("[]1[a]2"));
    buffer_free(&shown);
    free(text);
}

/* Wherever the input is cut: what was whole before is read the same, and nothing else appears but the cut line. */
static void cut_anywhere(void **state) {
    (void)state;
    static const char text[] = "\xEF\xBB\xBF"
                               "first\r\n  \x1B[1mmore\x1B[0m\r\n\xC3\xA9t\xC3\xA9\n10%\r20%\n\n  last\n";
    struct buffer whole = {0};
    struct buffer cut = {0};

    show(text, sizeof text - 1, "\\s", 0, &whole);
    assert_string_equal(buffer_text(&whole), "[first\n  more]1[\xC3\xA9t\xC3\xA9]3[10%]4[20%\n  last]5");
    for (size_t length = 0; length < sizeof text; length++) {
        /* In memory of its own, so that a read past its end is seen. */
        char *exact = malloc(length + 1);
        assert_non_null(exact);
        memcpy(exact, text, length);
        for (size_t most = 0; most < 3; most++) {
            buffer_clear(&cut);
            show(exact, length, "\\s", most, &cut);
            size_t closed = 0;
            const char *last = strrchr(buffer_text(&cut), '[');
            closed = last == NULL ? 0 : (size_t)(last - buffer_text(&cut));
            assert_memory_equal(buffer_text(&cut), buffer_text(&whole), closed);
        }
        free(exact);
    }
    buffer_free(&whole);
    buffer_free(&cut);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines),
        cmocka_unit_test(records_of_several_lines),
        cmocka_unit_test(terminal_output),
        cmocka_unit_test(unreadable_records_cost_themselves),
        cmocka_unit_test(long_lines_are_passed_over),
        cmocka_unit_test(cut_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
