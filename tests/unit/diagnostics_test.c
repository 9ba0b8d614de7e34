#include "scratch.h"

#include "base/limits.h"

#include <errno.h>
#include <pthread.h>

static struct diagnostics *fresh(void) {
    struct diagnostics *diagnostics = diagnostics_new();
    assert_non_null(diagnostics);
    return diagnostics;
}

static void assert_printed(struct diagnostics *diagnostics, enum diagnostic_level least, bool colour,
                           const char *expected) {
    struct buffer out = {0};
    diagnostics_print(diagnostics, least, colour, &out);
    assert_string_equal(buffer_text(&out), expected);
    buffer_free(&out);
}

static void prints_sorted_and_complete(void **state) {
    (void)state;
    struct diagnostics *diagnostics = fresh();
    diagnostics_report(diagnostics, DIAGNOSTIC_SANDBOX, NULL, "no Landlock, run on a later kernel");
    diagnostics_report(diagnostics, DIAGNOSTIC_FILE_NAME, &(struct place){.path = "b.csv", .line = 2, .record = 1},
                       "name %d", 3);
    diagnostics_report(diagnostics, DIAGNOSTIC_FILE_NAME, &(struct place){.path = "b.csv", .line = 2}, "second");
    diagnostics_report(diagnostics, DIAGNOSTIC_XML_REFUSED, &(struct place){.path = "a.xml", .line = 10, .column = 4},
                       "later line");
    diagnostics_report(diagnostics, DIAGNOSTIC_XML_REFUSED, &(struct place){.path = "a.xml", .line = 9, .column = 40},
                       "later column");
    diagnostics_report(diagnostics, DIAGNOSTIC_XML_REFUSED, &(struct place){.path = "a.xml", .line = 9, .column = 5},
                       "early column");
    diagnostics_report(diagnostics, DIAGNOSTIC_FILE_KIND, &(struct place){.path = "c", .record = 7}, "no line");
    diagnostics_report_errno(diagnostics, DIAGNOSTIC_FILE_WRITE, &(struct place){.path = "out"}, ENOSPC,
                             "cannot be written, free space");
    static const char all[] = "note: no Landlock, run on a later kernel [sandbox]\n"
                              "a.xml:9:5: error: early column [xml-refused]\n"
                              "a.xml:9:40: error: later column [xml-refused]\n"
                              "a.xml:10:4: error: later line [xml-refused]\n"
                              "b.csv:2: error: second [file-name]\n"
                              "b.csv:2: record 1: error: name 3 [file-name]\n"
                              "c: record 7: error: no line [file-kind]\n"
                              "out: failure: cannot be written, free space: No space left on device [file-write]\n";
    assert_printed(diagnostics, DIAGNOSTIC_NOTE, false, all);
    assert_printed(diagnostics, DIAGNOSTIC_NOTE, false, all);
    assert_printed(diagnostics, DIAGNOSTIC_FAILURE, false,
                   "out: failure: cannot be written, free space: No space left on device [file-write]\n");
    assert_printed(diagnostics, DIAGNOSTIC_FAILURE, true,
                   "\033[1mout:\033[0m \033[31mfailure:\033[0m cannot be written, free space: No space left on device "
                   "[file-write]\n");
    diagnostics_free(diagnostics);
    diagnostics_free(NULL);
}

static void hostile_text_cannot_steer_a_terminal(void **state) {
    (void)state;
    struct diagnostics *diagnostics = fresh();
    diagnostics_report(diagnostics, DIAGNOSTIC_FILE_NAME, &(struct place){.path = "a\x1b[2J\nb"}, "%s",
                       "x\xC2\x9By\xFFz\xE2\x80\xAE\xC3\xBC");
    assert_printed(diagnostics, DIAGNOSTIC_NOTE, false,
                   "a\\x1b[2J\\x0ab: error: x\\xc2\\x9by\\xffz\\xe2\\x80\\xae\xC3\xBC [file-name]\n");
    diagnostics_free(diagnostics);
}

static void caps_by_id_and_file(void **state) {
    (void)state;
    struct diagnostics *diagnostics = fresh();
    for (unsigned i = 1; i <= LIMIT_DIAGNOSTICS_EACH; i++) {
        diagnostics_report(diagnostics, DIAGNOSTIC_FILE_NAME, &(struct place){.path = "a", .line = i}, "x");
    }
    for (unsigned i = 1; i <= LIMIT_DIAGNOSTICS_KEPT + 50; i++) {
        diagnostics_report(diagnostics, DIAGNOSTIC_FILE_NAME, &(struct place){.path = "b", .line = i}, "y");
    }
    diagnostics_report(diagnostics, DIAGNOSTIC_FILE_KIND, &(struct place){.path = "b", .line = 1}, "z");
    struct buffer expected = {0};
    for (unsigned i = 1; i <= LIMIT_DIAGNOSTICS_EACH; i++) {
        buffer_format(&expected, "a:%u: error: x [file-name]\n", i);
    }
    for (unsigned i = 1; i <= LIMIT_DIAGNOSTICS_EACH; i++) {
        buffer_format(&expected, "b:%u: error: y [file-name]\n", i);
        if (i == 1) {
            buffer_append_text(&expected, "b:1: error: z [file-kind]\n");
        }
    }
    buffer_format(&expected, "b: error: %d more [file-name]\n", LIMIT_DIAGNOSTICS_KEPT + 50 - LIMIT_DIAGNOSTICS_EACH);
    assert_printed(diagnostics, DIAGNOSTIC_NOTE, false, buffer_text(&expected));
    assert_int_equal(diagnostics_count_id(diagnostics, DIAGNOSTIC_FILE_NAME),
                     LIMIT_DIAGNOSTICS_EACH + LIMIT_DIAGNOSTICS_KEPT + 50);
    buffer_free(&expected);
    diagnostics_free(diagnostics);
}

struct visits {
    unsigned count;
    unsigned stop_after;
    uint64_t more;
};

static bool visit(void *context, const struct diagnostic_view *view) {
    struct visits *visits = context;
    visits->more += view->more;
    return ++visits->count != visits->stop_after;
}

static void visits_what_is_kept(void **state) {
    (void)state;
    struct diagnostics *diagnostics = fresh();
    for (unsigned i = 0; i < LIMIT_DIAGNOSTICS_KEPT + 7; i++) {
        diagnostics_report(diagnostics, DIAGNOSTIC_FILE_NAME, &(struct place){.path = "b"}, "y");
    }
    struct visits visits = {0};
    assert_true(diagnostics_visit(diagnostics, visit, &visits));
    assert_int_equal(visits.count, LIMIT_DIAGNOSTICS_KEPT);
    assert_int_equal(visits.more, 7);
    visits = (struct visits){.stop_after = 3};
    assert_false(diagnostics_visit(diagnostics, visit, &visits));
    assert_int_equal(visits.count, 3);
    diagnostics_free(diagnostics);
}

static void many_files(void **state) {
    (void)state;
    struct diagnostics *diagnostics = fresh();
    char path[32];
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 3000; i++) {
            snprintf(path, sizeof path, "file-%d", i);
            diagnostics_report(diagnostics, DIAGNOSTIC_FILE_NAME, &(struct place){.path = path}, "x");
        }
    }
    struct visits visits = {0};
    assert_true(diagnostics_visit(diagnostics, visit, &visits));
    assert_int_equal(visits.count, 6000);
    assert_int_equal(visits.more, 0);
    diagnostics_free(diagnostics);
}

static void heaviest_decides(void **state) {
    (void)state;
    struct diagnostics *diagnostics = fresh();
    assert_int_equal(diagnostics_exit_status(diagnostics), 0);
    diagnostics_report(diagnostics, DIAGNOSTIC_SANDBOX, NULL, "note");
    assert_int_equal(diagnostics_exit_status(diagnostics), 0);
    diagnostics_report(diagnostics, DIAGNOSTIC_FILE_NAME, NULL, "evidence");
    assert_int_equal(diagnostics_exit_status(diagnostics), 1);
    diagnostics_report(diagnostics, DIAGNOSTIC_FILE_READ, NULL, "setup");
    assert_int_equal(diagnostics_exit_status(diagnostics), 2);
    diagnostics_report(diagnostics, DIAGNOSTIC_FILE_WRITE, NULL, "failure");
    assert_int_equal(diagnostics_exit_status(diagnostics), 3);
    assert_int_equal(diagnostics_count(diagnostics, DIAGNOSTIC_NOTE), 4);
    assert_int_equal(diagnostics_count(diagnostics, DIAGNOSTIC_EVIDENCE), 3);
    assert_int_equal(diagnostics_count(diagnostics, DIAGNOSTIC_SETUP), 2);
    assert_int_equal(diagnostics_count(diagnostics, DIAGNOSTIC_FAILURE), 1);
    diagnostics_free(diagnostics);
}

static void long_text_is_cut_between_characters(void **state) {
    (void)state;
    struct diagnostics *diagnostics = fresh();
    struct buffer text = {0};
    buffer_append_byte(&text, 'a');
    while (text.length < LIMIT_DIAGNOSTIC_BYTES + 10) {
        buffer_append_text(&text, "\xC3\xBC");
    }
    diagnostics_report(diagnostics, DIAGNOSTIC_FILE_NAME, NULL, "%s", buffer_text(&text));
    struct buffer expected = {0};
    buffer_append_text(&expected, "error: ");
    buffer_append(&expected, text.data, LIMIT_DIAGNOSTIC_BYTES - 1); /* the limit falls inside a character */
    buffer_append_text(&expected, "... [file-name]\n");
    assert_printed(diagnostics, DIAGNOSTIC_NOTE, false, buffer_text(&expected));
    buffer_free(&text);
    buffer_free(&expected);
    diagnostics_free(diagnostics);
}

static void json_form(void **state) {
    (void)state;
    struct diagnostics *diagnostics = fresh();
    struct buffer out = {0};
    diagnostics_json(diagnostics, &out);
    assert_string_equal(buffer_text(&out), "[]");
    buffer_clear(&out);
    diagnostics_report(diagnostics, DIAGNOSTIC_FILE_NAME,
                       &(struct place){.path = "a\"b", .line = 3, .column = 4, .record = 5}, "tab\there");
    diagnostics_report(diagnostics, DIAGNOSTIC_SANDBOX, NULL, "plain");
    diagnostics_json(diagnostics, &out);
    assert_string_equal(buffer_text(&out),
                        "[\n  {\"path\": null, \"level\": \"note\", \"id\": \"sandbox\", \"text\": \"plain\"},\n"
                        "  {\"path\": \"a\\\"b\", \"line\": 3, \"column\": 4, \"record\": 5, \"level\": \"error\", "
                        "\"id\": \"file-name\", \"text\": \"tab\\there\"}\n]");
    buffer_free(&out);
    diagnostics_free(diagnostics);
}

static void every_id_is_documented(void **state) {
    (void)state;
    for (int a = 0; a < DIAGNOSTIC_COUNT; a++) {
        assert_true(strlen(diagnostic_meaning((enum diagnostic)a)) > 0);
        for (int b = a + 1; b < DIAGNOSTIC_COUNT; b++) {
            assert_string_not_equal(diagnostic_name((enum diagnostic)a), diagnostic_name((enum diagnostic)b));
        }
    }
    assert_string_equal(diagnostic_level_name(DIAGNOSTIC_WARNING), "warning");
    assert_string_equal(diagnostic_level_name(DIAGNOSTIC_UNVERIFIED), "error");
    assert_int_equal(diagnostic_level(DIAGNOSTIC_MEMORY), DIAGNOSTIC_FAILURE);
}

static void *report_many(void *context) {
    for (int i = 0; i < 1000; i++) {
        diagnostics_report(context, DIAGNOSTIC_FILE_NAME, &(struct place){.path = "shared"}, "x");
    }
    return NULL;
}

static void threads_may_report(void **state) {
    (void)state;
    struct diagnostics *diagnostics = fresh();
    pthread_t threads[4];
    for (int i = 0; i < 4; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, report_many, diagnostics), 0);
    }
    for (int i = 0; i < 4; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    assert_int_equal(diagnostics_count_id(diagnostics, DIAGNOSTIC_FILE_NAME), 4000);
    diagnostics_free(diagnostics);
}

static void what_is_joined_adds_up(void **state) {
    (void)state;
    enum { FIRST = 30, SECOND = LIMIT_DIAGNOSTICS_KEPT + 9 };
    struct diagnostics *diagnostics = fresh();
    struct diagnostics *other = fresh();
    for (unsigned i = 1; i <= FIRST; i++) {
        diagnostics_report(diagnostics, DIAGNOSTIC_FILE_NAME, &(struct place){.path = "a", .line = 2 * i}, "x");
    }
    for (unsigned i = 1; i <= SECOND; i++) {
        diagnostics_report(other, DIAGNOSTIC_FILE_NAME, &(struct place){.path = "a", .line = 2 * i + 1}, "y");
    }
    diagnostics_report(other, DIAGNOSTIC_FILE_KIND, NULL, "z");
    diagnostics_join(diagnostics, other);
    diagnostics_free(other);
    assert_int_equal(diagnostics_count_id(diagnostics, DIAGNOSTIC_FILE_NAME), FIRST + SECOND);
    assert_int_equal(diagnostics_count_id(diagnostics, DIAGNOSTIC_FILE_KIND), 1);
    struct buffer expected = {0};
    buffer_append_text(&expected, "error: z [file-kind]\n");
    for (unsigned i = 1; i <= LIMIT_DIAGNOSTICS_EACH; i++) {
        buffer_format(&expected, "a:%u: error: %s [file-name]\n", i + 1, i % 2 == 0 ? "y" : "x");
    }
    buffer_format(&expected, "a: error: %d more [file-name]\n", FIRST + SECOND - LIMIT_DIAGNOSTICS_EACH);
    assert_printed(diagnostics, DIAGNOSTIC_NOTE, false, buffer_text(&expected));
    buffer_free(&expected);
    diagnostics_free(diagnostics);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prints_sorted_and_complete),
        cmocka_unit_test(hostile_text_cannot_steer_a_terminal),
        cmocka_unit_test(caps_by_id_and_file),
        cmocka_unit_test(visits_what_is_kept),
        cmocka_unit_test(many_files),
        cmocka_unit_test(heaviest_decides),
        cmocka_unit_test(long_text_is_cut_between_characters),
        cmocka_unit_test(json_form),
        cmocka_unit_test(every_id_is_documented),
        cmocka_unit_test(threads_may_report),
        cmocka_unit_test(what_is_joined_adds_up),
    };
    return cmocka_run_group_tests_name("diagnostics", tests, NULL, NULL);
}
