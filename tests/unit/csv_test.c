#include "scratch.h"

#include "base/limits.h"
#include "read/csv.h"

#include <errno.h>

/* Reads all of `text` and shows it: a row as [cell|cell] with its line, an error as !line. */
static void show(const char *text, size_t length, char delimiter, size_t most, struct buffer *out) {
    static const char *const ends[] = {[CSV_END] = "", [CSV_TRUNCATED] = "cut", [CSV_READ_FAILED] = "failed"};
    struct byte_source_memory memory;
    const struct csv_cell *cells;
    size_t count;
    enum csv_event event;

    byte_source_memory(&memory, text, length);
    memory.most = most;
    struct csv *csv = csv_open(&memory.source, delimiter);
    assert_non_null(csv);
    while ((event = csv_next(csv, &cells, &count)) == CSV_ROW || event == CSV_ERROR) {
        if (event == CSV_ERROR) {
            buffer_format(out, "!%d", (int)csv_line(csv));
            assert_non_null(csv_error(csv));
            continue;
        }
        buffer_append_byte(out, '[');
        for (size_t i = 0; i < count; i++) {
            buffer_append_text(out, i > 0 ? "|" : "");
            buffer_append(out, cells[i].bytes, cells[i].length);
        }
        buffer_format(out, "]%d", (int)csv_line(csv));
        if (event == CSV_ROW) {
            assert_true(csv_offset(csv) + csv_length(csv) <= length);
        }
    }
    buffer_append_text(out, ends[event]);
    csv_close(csv);
}

static void expect(const char *text, const char *expected) {
    struct buffer shown = {0};

    for (size_t most = 0; most < 4; most++) {
        buffer_clear(&shown);
        show(text, strlen(text), '\0', most, &shown);
        assert_string_equal(buffer_text(&shown), expected);
    }
    buffer_free(&shown);
}

static void test_rfc_4180(void **state) {
    (void)state;
    expect("aaa,bbb,ccc\r\nzzz,yyy,xxx\r\n", "[aaa|bbb|ccc]1[zzz|yyy|xxx]2");
    expect("aaa,bbb,ccc\r\nzzz,yyy,xxx", "[aaa|bbb|ccc]1[zzz|yyy|xxx]2");
    expect("\"aaa\",\"b\r\nbb\",\"ccc\"\r\nzzz,yyy,xxx", "[aaa|b\r\nbb|ccc]1[zzz|yyy|xxx]3");
    expect("\"aaa\",\"b\"\"bb\",\"ccc\"", "[aaa|b\"bb|ccc]1");
    expect("a, b ,c\n", "[a| b |c]1");
    expect("a,,\n,,\n", "[a||]1[||]2");
    expect("\"\",\"\"\"\",x\n", "[|\"|x]1");
    expect("\"a,b\",\"c\nd\ne\"\nf,g\n", "[a,b|c\nd\ne]1[f|g]4");
}

static void test_line_ends(void **state) {
    (void)state;
    expect("a,b\rc,d\re,f", "[a|b]1[c|d]2[e|f]3");
    expect("a,b\nc,d\r\ne,f\rg,h\n", "[a|b]1[c|d]2[e|f]3[g|h]4");
    expect("\n\na,b\n\n\nc,d\n\n", "[a|b]3[c|d]6");
    expect("\xEF\xBB\xBF"
           "a,b\n1,2\n",
           "[a|b]1[1|2]2");
    expect("\xEF\xBB\xBF\"a\",b\n", "[a|b]1");
    expect("", "");
    expect("\n", "");
}

static void test_delimiters(void **state) {
    (void)state;
    expect("a;b;c\n1,5;2;3\n", "[a|b|c]1[1,5|2|3]2");
    expect("a\tb\n1\t2,3\n", "[a|b]1[1|2,3]2");
    expect("a|b\n1|2\n", "[a|b]1[1|2]2");
    expect("\"a;b;c\",d\n", "[a;b;c|d]1");
    expect("single\nvalue\n", "[single]1[value]2");
    struct buffer shown = {0};
    show("a;b,c\n", 6, ';', 0, &shown);
    assert_string_equal(buffer_text(&shown), "[a|b,c]1");
    buffer_free(&shown);
}

static void test_line_before_the_header(void **state) {
    (void)state;
    expect("#TYPE System.Object\r\n\"a\",\"b\"\r\n1,2\r\n", "[a|b]2[1|2]3");
    expect("\xEF\xBB\xBF"
           "#TYPE a\na;b\n",
           "[a|b]2");
    expect("#TYPE a\n\n\na|b", "[a|b]4");
    expect("#TYPE a", "[#TYPE a]1");
    expect("#TYPED,b\n", "[#TYPED|b]1");
    expect("sep=;\na;b,c,d\n", "[a|b,c,d]2");
    expect("sep=\t\r\na,b\tc\r\n", "[a,b|c]2");
    expect("sep=x,b\n", "[sep=x|b]1");
    expect("sep=;", "[sep=|]1");
    expect("sep=,b\n", "[sep=|b]1");
    expect("a,b\nsep=;\n#TYPE x\n", "[a|b]1[sep=;]2[#TYPE x]3");
}

static void test_errors_cost_one_line(void **state) {
    (void)state;
    expect("a,b\nx\"y,2\n3,4\n", "[a|b]1!2[3|4]3");
    expect("a,b\n\"x\"y,2\n3,4\n", "[a|b]1!2[3|4]3");
    /* The stray quote opens a cell that swallows the next line: that line is read all the same. */
    expect("a,b\n1,\"x\n2,\"y\"\n3,z\n", "[a|b]1!2[2|y]3[3|z]4");
    expect("a,b\n1,\xFF\n3,4\n", "[a|b]1!2[3|4]3");
    expect("a,b\n1,\xC0\xAF\n\xC3\xA9,4\n", "[a|b]1!2[\xC3\xA9|4]3");
    expect("a,b\n1,\"x\n2,y\n", "[a|b]1cut");
    expect("a,b\n1,\"", "[a|b]1cut");
    expect("\xFF\xFE"
           "a",
           "!0");
    assert_int_equal(LIMIT_CSV_COLUMNS, 4096);
}

static void test_nul_is_a_character(void **state) {
    (void)state;
    struct buffer shown = {0};
    static const char text[] = "a,b\n1\0,\"2\0\"\n";
    show(text, sizeof text - 1, '\0', 0, &shown);
    assert_int_equal(shown.length, strlen("[a|b]1[1*|2*]2"));
    assert_memory_equal(shown.data, "[a|b]1[1\0|2\0]2", shown.length);
    buffer_free(&shown);
}

static void test_too_many_columns(void **state) {
    (void)state;
    struct buffer text = {0};
    struct buffer shown = {0};
    for (size_t i = 0; i < LIMIT_CSV_COLUMNS; i++) {
        buffer_append_byte(&text, ',');
    }
    buffer_append_text(&text, "\nx\n");
    show(text.data, text.length, ',', 0, &shown);
    assert_string_equal(buffer_text(&shown), "!1[x]2");
    buffer_clear(&shown);
    show(text.data + 1, text.length - 1, ',', 0, &shown);
    assert_non_null(strstr(buffer_text(&shown), "]1[x]2"));
    buffer_free(&text);
    buffer_free(&shown);
}

static void test_row_longer_than_the_limit(void **state) {
    (void)state;
    struct buffer text = {0};
    struct buffer shown = {0};
    buffer_append_text(&text, "a,b\n1,\"x\n");
    while (text.length < (size_t)LIMIT_RECORD_BYTES + 100) {
        buffer_append_text(&text, "................................................................");
    }
    buffer_append_text(&text, "\n2,y\n");
    show(text.data, text.length, ',', 0, &shown);
    /* The quote that was never closed costs its line; the long line behind it is too long by itself. */
    assert_string_equal(buffer_text(&shown), "[a|b]1!2!3[2|y]4");
    buffer_free(&text);
    buffer_free(&shown);
}

/* What stands before a cut reads as before, and a cut inside quotes is told. */
static void test_cut_everywhere(void **state) {
    (void)state;
    static const char text[] =
        "\xEF\xBB\xBFid,name\r\n1,\"A \"\"quoted\"\" \xC3\xA9 cell\"\r\n2,\"two\nlines\"\n3,plain\n";
    for (size_t cut = 0; cut < sizeof text; cut++) {
        struct buffer whole = {0};
        struct buffer small = {0};
        char *copy = malloc(cut + 1); /* of its exact size, so that reading past it is found */
        assert_non_null(copy);
        memcpy(copy, text, cut);
        show(copy, cut, '\0', 0, &whole);
        show(copy, cut, '\0', 1, &small);
        assert_string_equal(whole.length > 0 ? buffer_text(&whole) : "", small.length > 0 ? buffer_text(&small) : "");
        size_t quotes = 0;
        for (size_t i = 0; i < cut; i++) {
            quotes += text[i] == '"';
        }
        bool told = whole.length >= 3 && strcmp(whole.data + whole.length - 3, "cut") == 0;
        assert_int_equal(told, quotes % 2 == 1);
        free(copy);
        buffer_free(&whole);
        buffer_free(&small);
    }
}

/* Where a row stands is where its bytes are. */
static void test_places(void **state) {
    (void)state;
    static const char text[] = "a,b\r\n\"x\ny\",2\r\n\r\n3,4";
    static const struct {
        size_t line;
        const char *bytes;
    } rows[] = {{1, "a,b"}, {2, "\"x\ny\",2"}, {5, "3,4"}};
    struct byte_source_memory memory;
    const struct csv_cell *cells;
    size_t count;

    byte_source_memory(&memory, text, sizeof text - 1);
    struct csv *csv = csv_open(&memory.source, '\0');
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(csv_next(csv, &cells, &count), CSV_ROW);
        assert_int_equal(csv_line(csv), rows[i].line);
        assert_int_equal(csv_length(csv), strlen(rows[i].bytes));
        assert_memory_equal(text + csv_offset(csv), rows[i].bytes, strlen(rows[i].bytes));
        assert_int_equal(csv_final_newline(csv), i < 2);
    }
    assert_int_equal(csv_next(csv, &cells, &count), CSV_END);
    assert_int_equal(csv_next(csv, &cells, &count), CSV_END);
    csv_close(csv);
    csv_close(NULL);
}

static ssize_t give_error(struct byte_source *source, void *into, size_t capacity) {
    (void)source;
    (void)into;
    (void)capacity;
    errno = EIO;
    return -1;
}

static void test_failing_source(void **state) {
    (void)state;
    struct byte_source source = {.read = give_error};
    const struct csv_cell *cells;
    size_t count;
    struct csv *csv = csv_open(&source, '\0');
    assert_int_equal(csv_next(csv, &cells, &count), CSV_READ_FAILED);
    assert_int_equal(csv_system_error(csv), EIO);
    csv_close(csv);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rfc_4180),
        cmocka_unit_test(test_line_ends),
        cmocka_unit_test(test_delimiters),
        cmocka_unit_test(test_line_before_the_header),
        cmocka_unit_test(test_errors_cost_one_line),
        cmocka_unit_test(test_nul_is_a_character),
        cmocka_unit_test(test_too_many_columns),
        cmocka_unit_test(test_row_longer_than_the_limit),
        cmocka_unit_test(test_cut_everywhere),
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_failing_source),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
