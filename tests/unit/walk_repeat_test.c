/* Records that are like one before are read at one go: which must show nowhere. */
#include "read_fixture.h"

#include "read/json_shape.h"
#include "read/window.h"

#define ROUNDS  150
#define RECORDS 60
#define PIECE   5 /* bytes a read: no record is ever there whole, so that each is walked */

#define MAP                                                                                                            \
    "    map:\n"                                                                                                       \
    "      id: id\n"                                                                                                   \
    "      n: {from: n, optional: true}\n"                                                                             \
    "      r: {from: r, optional: true}\n"                                                                             \
    "      ok: {from: ok, optional: true}\n"                                                                           \
    "      made: {from: made, time: iso, optional: true}\n"                                                            \
    "      sort: {from: sort, optional: true}\n"                                                                       \
    "      note: {from: whole, optional: true}\n"

static const char in_list[] = "kind: in-list\n"
                              "format: json\n"
                              "detect: {paths: [id, n]}\n"
                              "rows:\n"
                              "  - type: thing\n"
                              "    at: \"data.things[*]\"\n"
                              "    when: {state: {not: [gone]}}\n" MAP "  - type: part\n"
                              "    at: \"data.things[*].parts[*]\"\n"
                              "    map: {thing: ../id, name: name, place: {from: x, optional: true}}\n";
static const char in_lines[] = "kind: in-lines\n"
                               "format: ndjson\n"
                               "detect: {paths: [id, n]}\n"
                               "rows:\n"
                               "  - type: thing\n"
                               "    at: .\n"
                               "    when: {state: {not: [gone]}}\n" MAP;
static const char in_both[] = "kind: in-both\n"
                              "format: ndjson\n"
                              "detect: {paths: [id, n]}\n"
                              "rows:\n"
                              "  - type: thing\n"
                              "    at: .\n" MAP "  - type: part\n"
                              "    at: \"parts[*]\"\n"
                              "    map: {thing: ../id, name: name, place: '@index'}\n";
static const char *const kinds[] = {in_both, in_lines, in_list, NULL};

/* A value stands for each '?'. */
static const char *const shapes[] = {
    "{\"id\":?,\"n\":?,\"note\":?,\"junk\":{\"a\":?,\"b\":[?,?]}}",
    "{\"id\":?, \"n\":?,\"ok\" : ?, \"state\":?}",
    "{\"n\":?,\"id\":?,\"parts\":[{\"name\":?,\"x\":?},{\"name\":?}],\"whole\":{\"q\":?, \"p\":[]}}",
    "{\"id\":?,\"n\":?,\"id\":?}",
    "{\"\\u0069d\":?,\"n\":?,\"r\":?,\"sort\":?,\"made\":?,\"whole\":?}",
    "{\"cl\xC3\xA9\":?,\"id\":?,\"parts\":[]}",
    "{\"id\":?,\"parts\":[{\"name\":?}],\"whole\":[?,?]}",
    "{\n  \"id\": ?,\n  \"r\": ?,\n  \"whole\": {\n    \"q\": ?\n  }\n}",
    "{}",
};
static const char *const plain[] = {
    "\"a\"",
    "\"bb ccc\"",
    "\"\"",
    "1",
    "-2.5e3",
    "0",
    "true",
    "false",
    "null",
    "12",
    "\"gone\"",
    "\"red\"",
    "\"2025-01-02T03:04:05Z\"",
    "\"a text that is longer than two vectors of sixteen bytes each\"",
};
static const char *const odd[] = {
    "\"\\u00e9\"", "\"\xC3\xA9\"", "\"\\ud800\"", "\"\xFF\"", "{}", "{\"a\":1}", "[1,2]", "01",       "1.",
    "tru",         "\"a\tb\"",     " 7 ",         "\"x\"\n",  "-",  "",          "\"",    "\"\\\"\"", "nulls",
};

static uint32_t next_random(uint32_t *state, size_t below) {
    *state = *state * 1664525u + 1013904223u;
    return (*state >> 8) % (uint32_t)below;
}

#define PICK(from, random) (from)[next_random(random, sizeof(from) / sizeof *(from))]

static void add_record(struct buffer *out, const char *shape, uint32_t *random) {
    for (const char *at = shape; *at != '\0'; at++) {
        if (*at != '?') {
            buffer_append_byte(out, *at);
        } else {
            buffer_append_text(out, next_random(random, 150) == 0 ? PICK(odd, random) : PICK(plain, random));
        }
    }
}

static void add_records(struct buffer *out, const char *const *between, size_t between_count, uint32_t *random) {
    const char *shape = PICK(shapes, random);

    for (size_t i = 0; i < RECORDS; i++) {
        shape = next_random(random, 6) == 0 ? PICK(shapes, random) : shape;
        buffer_append_text(out, i == 0 ? "" : between[next_random(random, between_count)]);
        add_record(out, shape, random);
    }
}

/* All that reading gives, by pieces of `most` bytes. */
static void read_all(struct fixture *f, size_t kind, const struct buffer *text, size_t most, struct buffer *out) {
    struct byte_source_memory memory;
    struct record record;

    diagnostics_free(f->scratch.diagnostics);
    f->scratch.diagnostics = diagnostics_new();
    fixture_read_by(f, kind, text->data, text->length, most, out);
    diagnostics_print(f->scratch.diagnostics, DIAGNOSTIC_NOTE, false, out);
    byte_source_memory(&memory, text->data, text->length);
    memory.most = most;
    const struct read_request request = {.schema = f->schema,
                                         .kind = &f->schema->kinds[kind],
                                         .path = "evidence",
                                         .bytes = &memory.source,
                                         .zone = 0,
                                         .diagnostics = f->scratch.diagnostics};
    struct record_source *source = read_open(&request);
    assert_non_null(source);
    while (source->next(source, &record) == RECORD_ROW) {
        buffer_format(out, "%" PRIu64 " line %" PRIu64 " at %" PRIu64 " length %" PRIu64 "\n", record.locator.record,
                      record.locator.line, record.locator.offset, record.locator.length);
    }
    read_close(source);
}

static void shows_nowhere(void **state) {
    (void)state;
    static const char *const in_line[] = {"\n", "\n", "\n", "\r\n", "\n\n"};
    static const char *const listed[] = {",", ",\n", " ,  ", ",\n  "};
    struct fixture f;
    struct buffer text = {0};
    struct buffer fast = {0};
    struct buffer slow = {0};
    uint32_t random = 7;
    size_t rows = 0;

    fixture_begin(&f, kinds);
    for (size_t round = 0; round < ROUNDS; round++) {
        size_t kind = round % 3;
        bool list = strcmp(f.schema->kinds[kind].id, "in-list") == 0;
        buffer_clear(&text);
        buffer_clear(&fast);
        buffer_clear(&slow);
        buffer_append_text(&text, list ? "{\"data\":{\"things\":[" : "");
        add_records(&text, list ? listed : in_line, list ? 4 : 5, &random);
        buffer_append_text(&text, list ? "],\"more\":1}}\n" : "\n");
        if (round % 5 == 4) {
            text.data[next_random(&random, text.length)] = "\"{}[]:,x\\\n\xC3 1"[next_random(&random, 13)];
        }
        if (round % 7 == 6) {
            text.length = next_random(&random, text.length);
        }
        read_all(&f, kind, &text, 0, &fast);
        rows += (size_t)f.tally.rows;
        read_all(&f, kind, &text, PIECE, &slow);
        assert_string_equal(buffer_text(&fast), buffer_text(&slow));
    }
    assert_true(rows > (size_t)ROUNDS * RECORDS / 4);
    buffer_free(&text);
    buffer_free(&fast);
    buffer_free(&slow);
    fixture_end(&f);
}

/* Whether the second has the shape of the first, which is good JSON. */
static bool alike(const char *first, const char *second) {
    char padded[256 + WINDOW_PADDING] = {0};
    struct json_shape shape = {0};
    struct json_shape_text text;

    assert_true(strlen(first) < 256 && strlen(second) < 256);
    memcpy(padded, first, strlen(first));
    assert_true(json_shape_take(&shape, padded, strlen(first), &text));
    assert_true(json_shape_equals(&shape, &shape));
    memset(padded, 0, sizeof padded);
    memcpy(padded, second, strlen(second));
    bool matches = json_shape_matches(&shape, padded, strlen(second), &text);
    json_shape_free(&shape);
    return matches;
}

static void tells_shapes(void **state) {
    (void)state;
    static const char record[] = "{\"a\":1, \"b\" : [\"x\",null],\"c\":{}}";
    assert_true(alike(record, record));
    assert_true(alike(record, "{\"a\":\"\", \"b\" : [-1.5e-7,true],\"c\":{}}"));
    assert_true(alike(record, "{\"a\":false, \"b\" : [\"]\",\",\"],\"c\":{}} and what follows"));
    static const char *const others[] = {
        "{\"a\":1, \"b\" : [\"x\",null],\"c\":{}",
        "{\"a\":1,\"b\" : [\"x\",null],\"c\":{}}",
        "{\"A\":1, \"b\" : [\"x\",null],\"c\":{}}",
        "{\"a\":01, \"b\" : [\"x\",null],\"c\":{}}",
        "{\"a\":1., \"b\" : [\"x\",null],\"c\":{}}",
        "{\"a\":[], \"b\" : [\"x\",null],\"c\":{}}",
        "{\"a\":1, \"b\" : [\"x\\n\",null],\"c\":{}}",
        "{\"a\":1, \"b\" : [\"\xC3\xA9\",null],\"c\":{}}",
        "{\"a\":1, \"b\" : [\"x\n\",null],\"c\":{}}",
        "{\"a\":1, \"b\" : [\"x\",null,1],\"c\":{}}",
        "{\"a\":1, \"b\" : [\"x\",nul],\"c\":{}}",
        "{\"a\":1, \"b\" : [\"x\",nulll],\"c\":{}}",
        "{\"a\":1, \"b\" : [\"x\",null],\"c\":{\"d\":1}}",
        "",
        "{",
        "{\"a\":",
    };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        assert_false(alike(record, others[i]));
    }
    /* A string may hold what else tells tokens apart; one before a colon is a key. */
    assert_true(alike("{\"a\\\"b\":\"x\\\\\",\"c\"  :\"{:}\"}", "{\"a\\\"b\":\"y\",\"c\"  :2}"));
    assert_false(alike("{\"a\\\"b\":\"x\\\\\",\"c\"  :\"{:}\"}", "{\"a\\\"c\":\"y\",\"c\"  :2}"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shows_nowhere),
        cmocka_unit_test(tells_shapes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
