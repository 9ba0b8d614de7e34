#include "read/recording.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#define ROOM 8192
#define TIME                                                                                                           \
    "{\"__class__\": \"datetime\", \"year\": 2025, \"month\": 12, \"day\": 5, \"hour\": 8, \"minute\": 0, "            \
    "\"second\": 7, \"microsecond\": 250}"
/* Keys in any order, lines in between. */
#define TIME_IN_LINES                                                                                                  \
    "{\n  \"second\": 7,\r\n \"year\": 2025,\n \"__class__\":\"datetime\", \"month\": 12, \"day\": 5,\n \"hour\": 8, " \
    "\"minute\": 0, "                                                                                                  \
    "\"microsecond\": 250\n  }"
#define TIME_TEXT "\"2025-12-05T08:00:07.000250\""

/* Reads all, at most `most` bytes at a time from below and `capacity` at a time above. */
static size_t read_all(const char *bytes, size_t length, size_t most, size_t capacity, char out[ROOM]) {
    struct byte_source_memory memory;
    struct recording recording;
    size_t got = 0;

    byte_source_memory(&memory, bytes, length);
    memory.most = most;
    struct byte_source *source = recording_open(&recording, &memory.source);
    for (;;) {
        assert_true(ROOM - got > capacity);
        ssize_t part = source->read(source, out + got, capacity);
        assert_true(part >= 0 && (size_t)part <= capacity);
        if (part == 0) {
            return got;
        }
        got += (size_t)part;
    }
}

static size_t lines_in(const char *bytes, size_t length) {
    size_t lines = 0;

    for (size_t i = 0; i < length; i++) {
        lines += bytes[i] == '\n';
    }
    return lines;
}

/* Checks what comes of it however it is read; `answer` NULL: the same bytes. */
static void expect(const char *text, const char *answer) {
    size_t length = strlen(text);
    char out[ROOM];
    json_error_t error;

    for (size_t most = 0; most < 40; most++) {
        size_t got = read_all(text, length, most, most % 7 == 0 ? ROOM / 2 : most, out);
        assert_int_equal(got, length);
        if (answer == NULL) {
            assert_memory_equal(out, text, length);
            continue;
        }
        assert_int_equal(lines_in(out, length), lines_in(text, length));
        json_t *there = json_loadb(out, got, 0, &error);
        json_t *wanted = json_loads(answer, 0, &error);
        assert_non_null(there);
        assert_non_null(wanted);
        assert_true(json_equal(there, wanted));
        json_decref(there);
        json_decref(wanted);
    }
}

static void an_answer_is_unwrapped(void **state) {
    (void)state;
    expect("{\"status_code\": 200, \"data\": {\"Users\": []}}", "{\"Users\": []}");
    expect("\xEF\xBB\xBF{\n  \"status_code\":204,\n\t\"data\"\r\n:[{\"a\": 1}, {}]\n}\n", "[{\"a\": 1}, {}]");
    expect("{\"status_code\": 200, \"data\": {\"a\": \"}\\\"}\\\\\", \"b\": [\"{\", {\"c\": {}}]}} \n",
           "{\"a\": \"}\\\"}\\\\\", \"b\": [\"{\", {\"c\": {}}]}");
}

static void a_time_becomes_a_text(void **state) {
    (void)state;
    expect("{\"status_code\": 200, \"data\": {\"at\": " TIME ", \"then\": [" TIME_IN_LINES "]}}",
           "{\"at\": " TIME_TEXT ", \"then\": [" TIME_TEXT "]}");
    /* One that lacks a part, has one twice, or has another beside is an object like others, and so is one in a text. */
    expect("{\"status_code\": 200, \"data\": {\"at\": {\"__class__\": \"datetime\", \"year\": 2025}}}",
           "{\"at\": {\"__class__\": \"datetime\", \"year\": 2025}}");
    expect("{\"status_code\": 200, \"data\": {\"at\": {\"__class__\": \"bytes\", \"value\": \"x\"}, \"b\": {}}}",
           "{\"at\": {\"__class__\": \"bytes\", \"value\": \"x\"}, \"b\": {}}");
    expect("{\"status_code\": 200, \"data\": {\"at\": \"{\\\"__class__\\\": \\\"datetime\\\"}\"}}",
           "{\"at\": \"{\\\"__class__\\\": \\\"datetime\\\"}\"}");
}

/* What follows a value keeps its line, column and offset. */
static void places_are_kept(void **state) {
    static const char text[] = "\n{\"status_code\": 200, \"data\": [" TIME ", \"x\",\n" TIME_IN_LINES ", \"y\"]}";
    char out[ROOM];

    (void)state;
    size_t got = read_all(text, strlen(text), 0, ROOM / 2, out);
    assert_int_equal(got, strlen(text));
    for (const char *mark = "xy"; *mark != '\0'; mark++) {
        char quoted[] = {'"', *mark, '"', '\0'};
        const char *before = strstr(text, quoted);
        const char *after = memmem(out, got, quoted, strlen(quoted));
        assert_non_null(before);
        assert_non_null(after);
        assert_int_equal(after - out, before - text);
        assert_int_equal(lines_in(out, (size_t)(after - out)), lines_in(text, (size_t)(before - text)));
        assert_int_equal((const char *)memrchr(out, '\n', (size_t)(after - out)) - out,
                         (const char *)memrchr(text, '\n', (size_t)(before - text)) - text);
    }
}

static void all_else_passes(void **state) {
    char large[3000];

    (void)state;
    expect("", NULL);
    expect("{}", NULL);
    expect("{\"status_code\": 404, \"data\": {\"Error\": {}}}", NULL);
    expect("{\"status_code\": 200, \"data\": null}", NULL);
    expect("{\"status_code\": 200, \"data\"", NULL);
    expect("{\"status\": 200, \"data\": {}}", NULL);
    expect("[{\"status_code\": 200, \"data\": {}}]", NULL);
    memset(large, ' ', sizeof large);
    memcpy(large, "{\"data\": [", 10);
    memcpy(large + sizeof large - 3, "]}", 3);
    expect(large, NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_is_unwrapped),
        cmocka_unit_test(a_time_becomes_a_text),
        cmocka_unit_test(places_are_kept),
        cmocka_unit_test(all_else_passes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
