#include "write/terminal.h"

#include "report_fixture.h"

#include "write/width.h"

static void characters_take_their_cells(void **state) {
    (void)state;
    static const struct {
        const char *text;
        size_t width;
    } cases[] = {
        {"", 0},
        {"abc", 3},
        {"\xc3\xa9", 1},                 /* e acute */
        {"e\xcc\x81", 1},                /* e and a combining acute */
        {"\xe6\xbc\xa2\xe5\xad\x97", 4}, /* two ideographs */
        {"\xef\xbc\xa1", 2},             /* fullwidth A */
        {"\xea\xb0\x80", 2},             /* a Hangul syllable */
        {"\xe1\x84\x80\xe1\x85\xa1", 2}, /* the same as joining letters */
        {"\xe2\x80\x8b", 0},             /* zero width space */
        {"\xf0\x9f\x98\x80", 2},         /* an emoji */
        {"\xd7\xa9\xd6\xb8", 1},         /* a Hebrew letter and its vowel */
        {"\xe2\x82\xac", 1},             /* the euro sign */
        {"\xff", 1},                     /* malformed: U+FFFD */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(width_text(cases[i].text, strlen(cases[i].text)), cases[i].width);
}

static void expect_table(const char *const *cells, size_t rows, int width, bool colour, const char *expected) {
    static const struct terminal_column columns[] = {{"Id", false}, {"N", true}, {"Text", false}};
    struct buffer out = {0};
    assert_true(terminal_table(columns, 3, cells, rows, width, colour, &out));
    assert_string_equal(buffer_text(&out), expected);
    buffer_free(&out);
}

static void tables_line_up(void **state) {
    (void)state;
    static const char *const cells[] = {"a", "1", "one", "\xe6\xbc\xa2", "100", "", "", "7", "e\xcc\x81t"};
    expect_table(cells, 3, 0, false, "Id    N  Text\na     1  one\n\xe6\xbc\xa2  100\n      7  e\xcc\x81t\n");
    expect_table(cells, 1, 0, true, "\033[1mId\033[0m  \033[1mN\033[0m  \033[1mText\033[0m\na   1  one\n");
    expect_table(NULL, 0, 0, false, "Id  N  Text\n");
}

static void long_texts_are_cut_with_an_ellipsis(void **state) {
    (void)state;
    static const char *const cells[] = {"abc", "12345", "a very long text",
                                        "d",   "1",     "\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2"};
    /* 3 + 2 + 5 + 2 leave 7 of 19 cells; an ideograph that would stand astride the edge is left out. */
    expect_table(cells, 2, 19, false,
                 "Id       N  Text\nabc  12345  a very\xe2\x80\xa6\nd        1  "
                 "\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\xe2\x80\xa6\n");
}

static void texts_cannot_drive_the_terminal(void **state) {
    (void)state;
    static const char *const cells[] = {"\033[31m", "\r", "a\nb\x7f\xc2\x9b\xe2\x80\xae"};
    expect_table(cells, 1, 0, false,
                 "Id     N  Text\n\xef\xbf\xbd[31m  \xef\xbf\xbd  a\xef\xbf\xbd"
                 "b\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\n");
}

static void write_overview(struct scratch *scratch, const char *more, int width, bool colour, struct buffer *out) {
    sqlite3 *store = report_fixture_open(scratch, more);
    assert_true(terminal_write(store, width, colour, out, scratch->diagnostics));
    assert_int_equal(sqlite3_close(store), SQLITE_OK);
}

static void holds(const struct buffer *out, const char *text) {
    if (strstr(buffer_text(out), text) == NULL)
        fail_msg("no \"%s\" in\n%s", text, buffer_text(out));
}

static void the_overview_tells_all(void **state) {
    (void)state;
    struct scratch scratch;
    struct buffer out = {0};
    scratch_begin(&scratch);
    write_overview(&scratch, NULL, 100, false, &out);
    holds(&out, "Examplar Cloud Ltd, Examplar Ledger\nPeriod 2025-Q4, 2025-10-01 to 2025-12-31\n"
                "Prepared by management; not a SOC 2 examination report; no opinion or assurance\n");
    holds(&out, "  1 exception, 1 insufficient, 1 pending, 1 no occurrence, 1 effective, 1 not applicable\n");
    holds(&out, "  A1.3       Recovery plans are tested                   no control\n");
    holds(&out, "  3 expected series of exports are complete and in time\n");
    holds(&out, "  BC-03    backup_run  backups  monthly         3    1     1        1         0\n");
    holds(&out, "waived W-1  E2.2\n");
    assert_null(strstr(buffer_text(&out), "P1.1"));
    assert_null(strchr(buffer_text(&out), '\033'));
    for (const char *line = buffer_text(&out); *line != '\0'; line = strchr(line, '\n') + 1) {
        size_t length = strcspn(line, "\n");
        assert_true(width_text(line, length) <= 100);
        assert_true(length == 0 || line[length - 1] != ' ');
    }
    buffer_free(&out);
    scratch_end(&scratch);
}

static void colour_is_only_where_it_is_asked_for(void **state) {
    (void)state;
    struct scratch scratch;
    struct buffer out = {0};
    scratch_begin(&scratch);
    write_overview(&scratch, "UPDATE tm_meta SET value = '0' WHERE key = 'complete'", 0, true, &out);
    holds(&out, "\033[31mexceptions noted\033[0m");
    holds(&out, "\033[32m1 effective\033[0m");
    holds(&out, "2025-10-01 to 2025-12-31, through 2025-12-31\n");
    buffer_free(&out);
    scratch_end(&scratch);
}

static void long_lists_are_counted(void **state) {
    (void)state;
    struct scratch scratch;
    struct buffer out = {0};
    scratch_begin(&scratch);
    write_overview(&scratch,
                   "WITH RECURSIVE n (i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 199) "
                   "INSERT INTO tm_exception SELECT i, 'AC-02.1', 'item ' || i, 'exception', 'item ' || i, 'x', NULL, "
                   "NULL, NULL FROM n",
                   0, false, &out);
    holds(&out, "  and 63 more, in the report\n"); /* 103 in all, 40 shown */
    buffer_free(&out);
    scratch_end(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(characters_take_their_cells),
        cmocka_unit_test(tables_line_up),
        cmocka_unit_test(long_texts_are_cut_with_an_ellipsis),
        cmocka_unit_test(texts_cannot_drive_the_terminal),
        cmocka_unit_test(the_overview_tells_all),
        cmocka_unit_test(colour_is_only_where_it_is_asked_for),
        cmocka_unit_test(long_lists_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
