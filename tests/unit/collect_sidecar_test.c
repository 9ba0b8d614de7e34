#include "scratch.h"

#include "cmd/collect_sidecar.h"
#include "config/yaml.h"

/* Whatever stands in a command or a tool's version, the sidecar is read back as it was. */
static void odd_texts_are_read_back(void **state) {
    (void)state;
    static const char odd[] =
        "a \"b\" \\ : # {x} \t\n\x01\x7f \xc2\x85 \xe2\x80\xa8 \xef\xbb\xbf \xf0\x9f\x98\x80 caf\xc3\xa9";
    static const char *const argv[] = {"list", odd, "- no", NULL};
    static const struct collect_variable variables[] = {{"TOKEN", "not-to-be-seen", true}};
    const struct programme_command command = {.covers = PROGRAMME_COVERS_MONTH};
    const struct programme_source source = {.id = "okta", .collected_by = odd, .command = &command};
    const struct collect_environment environment = {.variables = variables, .count = 1};
    const struct collect_words words = {"2025-10", "2025-10-01", "2025-10-31", "2025-11-01"};
    const struct process_result result = {.out_bytes = 7, .err_bytes = 3};
    const struct record_tally tally = {.records = 5, .rejected = 1, .rows = 4, .invalid = 2};
    const struct collect_sidecar sidecar = {.source = &source,
                                            .environment = &environment,
                                            .words = &words,
                                            .argv = argv,
                                            .program = "/usr/bin/list",
                                            .version = odd,
                                            .started_at = 1761955200,
                                            .ended_at = 1761955261,
                                            .result = &result,
                                            .sha256 = "00",
                                            .tally = &tally};
    static const char *const expected[][2] = {
        {"source", "okta"},
        {"program", "/usr/bin/list"},
        {"collected_at", "2025-11-01T00:00:00Z"},
        {"ended_at", "2025-11-01T00:01:01Z"},
        {"collected_by", odd},
        {"tool_version", odd},
        {"covers_from", "2025-10-01"},
        {"covers_to", "2025-10-31"},
        {"exit_status", "0"},
        {"bytes", "7"},
        {"stderr_bytes", "3"},
        {"read_records", "5"},
        {"read_rejected", "1"},
        {"rows", "4"},
        {"invalid_rows", "2"},
    };
    struct scratch scratch;
    struct buffer out = {0};
    struct arena *arena = arena_new();
    scratch_begin(&scratch);
    collect_sidecar_write(&sidecar, &out);
    assert_non_null(buffer_text(&out));
    const struct yaml_node *root = yaml_parse(arena, "sidecar", out.data, out.length, scratch.diagnostics);
    scratch_expect(&scratch, "");
    assert_non_null(root);
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        assert_string_equal(yaml_get(root, expected[i][0])->text, expected[i][1]);
    }
    assert_int_equal(yaml_get(root, "command")->count, 3);
    assert_string_equal(yaml_get(root, "command")->items[1]->text, odd);
    assert_string_equal(yaml_get(root, "environment")->items[0]->text, "TOKEN");
    assert_int_equal(yaml_get(root, "program_sha256")->kind, YAML_NULL);
    assert_null(strstr(buffer_text(&out), "not-to-be-seen"));
    /* Both would be taken for what somebody else has said. */
    assert_null(yaml_get(root, "records"));
    assert_null(yaml_get(root, "effective_at"));
    buffer_free(&out);
    arena_free(arena);
    scratch_end(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(odd_texts_are_read_back)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
