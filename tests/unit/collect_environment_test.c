#include "scratch.h"

#include "cmd/collect_environment.h"

#include <stdlib.h>

/* Keeps what passes. */
struct keeping_sink {
    struct byte_sink sink;
    struct buffer text;
};

static bool keep(struct byte_sink *sink, const void *bytes, size_t length) {
    buffer_append(&((struct keeping_sink *)sink)->text, bytes, length);
    return true;
}

/* One source with a command, and a command line that has it run. */
struct scene {
    struct scratch scratch;
    struct command command;
    const char *argv[2];
    const char *names[4];
    struct programme_command source_command;
    struct programme_source source;
    struct collect_environment environment;
};

static const struct collect_words words = {"2025-10", "2025-10-01", "2025-10-31", "2025-11-01"};

static int begin(void **state) {
    struct scene *scene = calloc(1, sizeof *scene);
    assert_non_null(scene);
    scratch_begin(&scene->scratch);
    scene->command.arena = arena_new();
    assert_non_null(scene->command.arena);
    scene->command.diagnostics = scene->scratch.diagnostics;
    scene->argv[0] = "list";
    scene->source_command = (struct programme_command){
        .argv = {scene->argv, 2}, .environment = {scene->names, 0}, .place = {.path = "programme.yaml", .line = 7}};
    scene->argv[1] = "--all";
    scene->source = (struct programme_source){.id = "okta", .command = &scene->source_command};
    assert_int_equal(setenv("PATH", "/usr/bin", 1), 0);
    assert_int_equal(setenv("OKTA_TOKEN", "00abcdefgh", 1), 0);
    assert_int_equal(setenv("OKTA_ORG", "example-org", 1), 0);
    assert_int_equal(setenv("SHORT_TOKEN", "abc", 1), 0);
    assert_int_equal(setenv("KEY_FILE", "/dev/null", 1), 0);
    assert_int_equal(unsetenv("NOT_SET"), 0);
    *state = scene;
    return 0;
}

static int end(void **state) {
    struct scene *scene = *state;
    arena_free(scene->command.arena);
    scratch_end(&scene->scratch);
    free(scene);
    return 0;
}

static bool give(struct scene *scene, const char *first, const char *second) {
    scene->names[0] = first;
    scene->names[1] = second;
    scene->source_command.environment.count = second == NULL ? 1 : 2;
    return collect_environment_open(&scene->command, &scene->source, &words, &scene->environment);
}

static void what_a_command_is_given(void **state) {
    struct scene *scene = *state;
    static const char *const expected[] = {
        "PATH=/usr/bin",
        "LC_ALL=C.UTF-8",
        "TZ=UTC",
        "TICKMARK_SOURCE=okta",
        "TICKMARK_DATE=2025-10",
        "TICKMARK_FROM=2025-10-01",
        "TICKMARK_TO=2025-10-31",
        "TICKMARK_UNTIL=2025-11-01",
        "OKTA_TOKEN=00abcdefgh",
    };
    assert_true(give(scene, "OKTA_TOKEN", NULL));
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        assert_string_equal(scene->environment.entries[i], expected[i]);
    }
    assert_null(scene->environment.entries[sizeof expected / sizeof expected[0]]);
    assert_string_equal(scene->environment.path, "/usr/bin");
    scratch_expect(&scene->scratch, "");
}

static void all_that_is_missing_is_said(void **state) {
    struct scene *scene = *state;
    assert_int_equal(unsetenv("OKTA_ORG"), 0);
    assert_false(give(scene, "NOT_SET", "OKTA_ORG"));
    assert_int_equal(diagnostics_count_id(scene->scratch.diagnostics, DIAGNOSTIC_COLLECT_VARIABLE), 2);
}

static void a_secret_in_the_command(void **state) {
    struct scene *scene = *state;
    scene->argv[1] = "--header=SSWS 00abcdefgh";
    assert_false(give(scene, "OKTA_TOKEN", NULL));
    scratch_expect(&scene->scratch,
                   "programme.yaml:7: error: word 2 of this command holds the value of OKTA_TOKEN; let "
                   "the command take it from its environment, and change the secret, which was "
                   "written down here [collect-variable]\n");
    /* An organisation's name is none, and may well stand there. */
    scene->argv[1] = "https://example-org.example.com";
    assert_true(give(scene, "OKTA_ORG", NULL));
}

static void assert_masked(const struct scene *scene, const char *text, const char *expected) {
    struct buffer out = {0};
    collect_environment_mask(&scene->environment, text, strlen(text), &out);
    assert_string_equal(buffer_text(&out), expected);
    buffer_free(&out);
}

static void texts_are_masked(void **state) {
    struct scene *scene = *state;
    assert_true(give(scene, "OKTA_TOKEN", "OKTA_ORG"));
    assert_masked(scene, "GET example-org: 00abcdefgh00abcdefgh", "GET [OKTA_ORG]: [OKTA_TOKEN][OKTA_TOKEN]");
    assert_masked(scene, "one\r\ntwo\n\nthree\n", "one | two | three");
    assert_masked(scene, "00abcdefg", "00abcdefg");
    assert_masked(scene, "caf\xc3\xa9 \xff", "caf\xc3\xa9 \xef\xbf\xbd");
    assert_true(give(scene, "SHORT_TOKEN", "KEY_FILE"));
    assert_masked(scene, "abc /dev/null", "abc /dev/null");
}

/* Written in pieces of every size: a secret is found wherever it is cut, and everything passes. */
static void secrets_are_found_across_edges(void **state) {
    struct scene *scene = *state;
    static const char text[] = "login,token\nann,00abcdefgh\nbob,\n";
    assert_true(give(scene, "OKTA_TOKEN", "OKTA_ORG"));
    for (size_t piece = 1; piece < sizeof text; piece++) {
        struct keeping_sink kept = {.sink.write = keep};
        struct collect_environment_sink watch;
        collect_environment_watch(&watch, &scene->environment, &kept.sink);
        for (size_t at = 0; at < sizeof text - 1; at += piece) {
            size_t length = sizeof text - 1 - at < piece ? sizeof text - 1 - at : piece;
            assert_true(watch.sink.write(&watch.sink, text + at, length));
        }
        assert_string_equal(watch.found, "OKTA_TOKEN");
        assert_string_equal(buffer_text(&kept.text), text);
        buffer_free(&watch.carry);
        buffer_free(&kept.text);
    }
}

/* What is no secret by its name, a path and a short value do not make an export suspicious. */
static void what_is_no_secret_passes(void **state) {
    struct scene *scene = *state;
    static const char text[] = "example-org,/dev/null,abc,00abcdef";
    static const char *const names[][2] = {{"OKTA_ORG", "KEY_FILE"}, {"SHORT_TOKEN", "OKTA_TOKEN"}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct keeping_sink kept = {.sink.write = keep};
        struct collect_environment_sink watch;
        assert_true(give(scene, names[i][0], names[i][1]));
        collect_environment_watch(&watch, &scene->environment, &kept.sink);
        assert_true(watch.sink.write(&watch.sink, text, sizeof text - 1));
        assert_null(watch.found);
        buffer_free(&watch.carry);
        buffer_free(&kept.text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_a_command_is_given, begin, end),
        cmocka_unit_test_setup_teardown(all_that_is_missing_is_said, begin, end),
        cmocka_unit_test_setup_teardown(a_secret_in_the_command, begin, end),
        cmocka_unit_test_setup_teardown(texts_are_masked, begin, end),
        cmocka_unit_test_setup_teardown(secrets_are_found_across_edges, begin, end),
        cmocka_unit_test_setup_teardown(what_is_no_secret_passes, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
