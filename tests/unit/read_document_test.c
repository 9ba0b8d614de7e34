#include "read_fixture.h"

#include <errno.h>

static const char kind[] = "kind: paper\n"
                           "format: document\n"
                           "rows:\n"
                           "  - type: thing\n"
                           "    map:\n"
                           "      id: title\n"
                           "      made: {from: approved_at, time: iso, optional: true}\n"
                           "      note: {from: approved_by, optional: true}\n"
                           "      n: {from: facts.pages, optional: true}\n"
                           "      r: {from: '@file.share', optional: true}\n";
static const char *const kinds[] = {kind, NULL};

static void sidecar(struct fixture *f, const char *yaml) {
    f->sidecar = yaml_parse(f->arena, "evidence.meta.yaml", yaml, strlen(yaml), f->scratch.diagnostics);
    assert_non_null(f->sidecar);
}

static void test_row_from_the_sidecar(void **state) {
    (void)state;
    struct fixture f;
    fixture_begin(&f, kinds);
    sidecar(&f, "title: Policy\napproved_at: 2025-10-01\napproved_by: ann\nfacts: {pages: 12}\n");
    f.match = (struct path_match){.parts = {{"share", 5, "0.5", 3}}, .part_count = 1};
    f.approved_by = "bob"; /* the sidecar outweighs it */
    fixture_expect(&f, "%PDF-1.7 \xFF not text at all",
                   "thing 1 line 1 id=Policy n=12 r=0.5 made=1759276800 note=ann\n1 of 1\n", "");
    sidecar(&f, "title: Policy\napproved_by:\n");
    fixture_expect(&f, "x", "thing 1 line 1 id=Policy r=0.5 note=bob\n1 of 1\n", "");
    fixture_end(&f);
}

static void test_without_a_sidecar(void **state) {
    (void)state;
    struct fixture f;
    fixture_begin(&f, kinds);
    fixture_expect(&f, "x", "thing 1 line 1 (1 invalid)\n1 of 1\n",
                   "evidence:1: record 1: error: the record has no id, which thing requires; complete it at its source "
                   "and export again [required-missing]\n");
    fixture_end(&f);
}

static void test_values_that_do_not_fit(void **state) {
    (void)state;
    struct fixture f;
    fixture_begin(&f, kinds);
    sidecar(&f, "title: [a, b]\nfacts: {pages: many}\n");
    fixture_expect(
        &f, "x", "thing 1 line 1 (2 invalid)\n1 of 1\n",
        "evidence:1: record 1: error: \"many\" is not a whole number of 64 bits, as the column n wants; correct "
        "the export, or how the kind maps facts.pages [value-conversion]\n"
        "evidence:1: record 1: error: a list or object is not a text of at most 1 MiB without NUL characters, "
        "as the column id wants; correct the export, or how the kind maps title [value-conversion]\n");
    fixture_end(&f);
}

static void test_empty_document(void **state) {
    (void)state;
    struct fixture f;
    fixture_begin(&f, kinds);
    sidecar(&f, "title: Policy\n");
    fixture_expect(&f, "", "0 of 0, no list, wrong shape\n",
                   "evidence: error: the document is empty; put the approved document in its place [document-empty]\n");
    fixture_end(&f);
}

static ssize_t give_error(struct byte_source *source, void *into, size_t capacity) {
    (void)source;
    (void)into;
    (void)capacity;
    errno = EIO;
    return -1;
}

static bool refuse(struct byte_sink *sink, const void *bytes, size_t length) {
    (void)sink;
    (void)bytes;
    (void)length;
    return false;
}

/* The system's failures end reading in every format; a sink has said its own reason. */
static void test_failures(void **state) {
    (void)state;
    static const char *const formats[] = {
        kind, "kind: table\nformat: csv\ndetect: {columns: [a]}\nrows: [{type: thing, map: {id: a}}]\n",
        "kind: tree\nformat: json\ndetect: {paths: [a]}\nrows: [{type: thing, at: \"[*]\", map: {id: a}}]\n",
        "kind: within\nformat: json\ndetect: {paths: [a]}\ninside: {path: a, format: csv}\n"
        "rows: [{type: thing, map: {id: a}}]\n",
        NULL};
    struct fixture f;
    struct record record;
    fixture_begin(&f, formats);
    for (size_t i = 0; i < f.schema->kind_count; i++) {
        struct byte_source broken = {.read = give_error};
        struct byte_source_memory memory;
        struct byte_sink full = {.write = refuse};
        struct read_request request = {.schema = f.schema,
                                       .kind = &f.schema->kinds[i],
                                       .path = "evidence",
                                       .bytes = &broken,
                                       .diagnostics = f.scratch.diagnostics};
        uint64_t before = fixture_count(&f, DIAGNOSTIC_FILE_READ);
        struct record_source *source = read_open(&request);
        assert_int_equal(source->next(source, &record), RECORD_FAILED);
        assert_int_equal(source->next(source, &record), RECORD_FAILED);
        assert_int_equal(fixture_count(&f, DIAGNOSTIC_FILE_READ), before + 1);
        read_close(source);
        byte_source_memory(&memory, "[1]", 3);
        request.bytes = &memory.source;
        request.sink = &full;
        source = read_open(&request);
        assert_int_equal(source->next(source, &record), RECORD_FAILED);
        assert_int_equal(fixture_count(&f, DIAGNOSTIC_FILE_READ), before + 1);
        read_close(source);
    }
    read_close(NULL);
    fixture_end(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_row_from_the_sidecar),
        cmocka_unit_test(test_without_a_sidecar),
        cmocka_unit_test(test_values_that_do_not_fit),
        cmocka_unit_test(test_empty_document),
        cmocka_unit_test(test_failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
