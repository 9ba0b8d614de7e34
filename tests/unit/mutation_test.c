#include "assess/mutation_given.h"
#include "assess/mutation_value.h"

#include "scratch.h"

#include "config/yaml.h"

#include <string.h>

static const struct control plain = {.id = "X"};

/* The values for a column, with a blank between; "-" is none. */
static void expect_values(const struct control *control, const struct column *column, const char *now,
                          const struct text_list *beside, const char *expected) {
    struct arena *arena = arena_new();
    struct mutation_values values;
    struct buffer text = {0};

    assert_non_null(arena);
    assert_true(mutation_values(arena, control, column, now, beside, &values));
    for (size_t i = 0; i < values.count; i++) {
        buffer_format(&text, "%s%s", i > 0 ? " " : "", values.texts[i] != NULL ? values.texts[i] : "-");
    }
    assert_string_equal(buffer_text(&text), expected);
    buffer_free(&text);
    arena_free(arena);
}

static void flags_turn(void **state) {
    const struct text_list none = {0};
    const struct column flag = {.name = "active", .kind = COLUMN_BOOLEAN};
    const struct column open = {.name = "active", .kind = COLUMN_BOOLEAN, .null_meaning = "not said"};
    (void)state;

    expect_values(&plain, &flag, "true", &none, "false");
    expect_values(&plain, &flag, "no", &none, "true");
    expect_values(&plain, &flag, NULL, &none, "true false");
    expect_values(&plain, &open, "true", &none, "false -");
}

static void words_become_the_others(void **state) {
    static const char *words[] = {"low", "high", "none"};
    const struct text_list none = {0};
    const struct column column = {.name = "risk", .kind = COLUMN_ENUMERATION, .values = {words, 3}};
    (void)state;

    expect_values(&plain, &column, "high", &none, "low none");
    expect_values(&plain, &column, NULL, &none, "low high none");
}

static void texts_become_those_beside_them(void **state) {
    static const char *texts[] = {"ann", "2025-10-06", "bob", "cyd", "dee"};
    const struct text_list beside = {texts, 5};
    const struct column column = {.name = "author", .kind = COLUMN_TEXT, .null_meaning = "nobody"};
    const struct column required = {.name = "author", .kind = COLUMN_TEXT, .required = true, .null_meaning = "nobody"};
    (void)state;

    /* Times are no texts, and no more than three are taken. */
    expect_values(&plain, &column, "ann", &beside, "nobody-else@example.com bob cyd -");
    expect_values(&plain, &required, "eve", &beside, "nobody-else@example.com ann bob cyd");
}

static void times_move_past_every_duration(void **state) {
    static const char *texts[] = {"ann", "2025-10-06T08:00:00Z"};
    const struct text_list none = {0};
    const struct text_list beside = {texts, 2};
    struct parameter parameters[] = {
        {.name = "within", .value = {.kind = VALUE_INTEGER, .integer = 86400}, .duration = true},
        {.name = "most", .value = {.kind = VALUE_INTEGER, .integer = 5}},
    };
    const struct control control = {.id = "X", .parameters = parameters, .parameter_count = 2};
    const struct column column = {.name = "at", .kind = COLUMN_TIME};
    (void)state;

    expect_values(&control, &column, "2025-10-07", &none,
                  "2024-05-25T00:00:00Z 2027-02-19T00:00:00Z 2025-10-05T23:00:00Z 2025-10-08T01:00:00Z "
                  "2025-10-06T23:00:00Z 2025-10-07T01:00:00Z");
    expect_values(&plain, &column, "2025-10-07", &beside,
                  "2024-05-25T00:00:00Z 2027-02-19T00:00:00Z 2025-10-06T07:00:00Z 2025-10-06T09:00:00Z "
                  "2025-10-06T23:00:00Z 2025-10-07T01:00:00Z");
    /* Where there was none, one in the middle of the period comes first. */
    expect_values(&plain, &column, NULL, &none,
                  "2025-11-13T12:00:00Z 2024-07-01T12:00:00Z 2027-03-28T12:00:00Z 2025-11-13T11:00:00Z "
                  "2025-11-13T13:00:00Z");
}

static void numbers_stand_on_either_side_of_limits(void **state) {
    const struct text_list none = {0};
    struct parameter parameters[] = {{.name = "most", .value = {.kind = VALUE_INTEGER, .integer = 5}}};
    const struct control control = {.id = "X", .parameters = parameters, .parameter_count = 1};
    const struct column whole = {.name = "count", .kind = COLUMN_INTEGER};
    const struct column real = {.name = "share", .kind = COLUMN_REAL};
    (void)state;

    expect_values(&control, &whole, "3", &none, "0 4 2 1000003 -1000000 6");
    expect_values(&plain, &real, "0.5", &none, "0 1.5 -0.5 1e+06 -1e+06");
}

/* ---- copies of what is given ---- */

static void write_node(struct buffer *out, const struct yaml_node *node) {
    switch (node->kind) {
    case YAML_NULL:
        buffer_append_text(out, "-");
        break;
    case YAML_SCALAR:
        buffer_append_text(out, node->text);
        break;
    case YAML_SEQUENCE:
        for (size_t i = 0; i < node->count; i++) {
            buffer_append_text(out, "[");
            write_node(out, node->items[i]);
            buffer_append_text(out, "]");
        }
        break;
    case YAML_MAPPING:
        for (size_t i = 0; i < node->count; i++) {
            buffer_format(out, "%s%s:", i > 0 ? " " : "", node->pairs[i].key);
            write_node(out, node->pairs[i].value);
        }
        break;
    }
}

static void expect_given(const struct yaml_node *given, const char *expected) {
    struct buffer text = {0};

    assert_non_null(given);
    write_node(&text, given);
    assert_string_equal(buffer_text(&text), expected);
    buffer_free(&text);
}

static void one_thing_is_different_in_a_copy(void **state) {
    static const char yaml[] = "account: [{login: ann}, {login: bob, active: true}]\nreview: [{number: 7}]\n";
    struct scratch scratch;
    struct arena *arena = arena_new();
    struct column columns[] = {{.name = "login", .kind = COLUMN_TEXT}, {.name = "active", .kind = COLUMN_BOOLEAN}};
    struct column numbers[] = {{.name = "number", .kind = COLUMN_INTEGER}};
    size_t first[] = {0};
    const struct evidence_type account = {
        .id = "account", .columns = columns, .column_count = 2, .key = first, .key_count = 1};
    const struct evidence_type review = {
        .id = "review", .columns = numbers, .column_count = 1, .key = first, .key_count = 1};
    (void)state;

    scratch_begin(&scratch);
    assert_non_null(arena);
    const struct yaml_node *given = yaml_parse(arena, "given.yaml", yaml, strlen(yaml), scratch.diagnostics);
    assert_non_null(given);
    static const char before[] = "account:[login:ann][login:bob active:true] review:[number:7]";
    expect_given(given, before);
    expect_given(mutation_given_value(arena, given, 0, 1, "login", "eve"),
                 "account:[login:ann][login:eve active:true] review:[number:7]");
    expect_given(mutation_given_value(arena, given, 0, 0, "active", "false"),
                 "account:[login:ann active:false][login:bob active:true] review:[number:7]");
    expect_given(mutation_given_value(arena, given, 0, 1, "active", NULL),
                 "account:[login:ann][login:bob active:-] review:[number:7]");
    expect_given(mutation_given_without(arena, given, 0, 0), "account:[login:bob active:true] review:[number:7]");
    expect_given(mutation_given_without(arena, given, 1, 0), "account:[login:ann][login:bob active:true] review:");
    expect_given(mutation_given_again(arena, given, 0, 1, &account),
                 "account:[login:ann][login:bob active:true][login:bob-2 active:true] review:[number:7]");
    expect_given(mutation_given_again(arena, given, 1, 0, &review),
                 "account:[login:ann][login:bob active:true] review:[number:7][number:1007]");
    expect_given(given, before);
    arena_free(arena);
    scratch_expect(&scratch, "");
    scratch_end(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flags_turn),
        cmocka_unit_test(words_become_the_others),
        cmocka_unit_test(texts_become_those_beside_them),
        cmocka_unit_test(times_move_past_every_duration),
        cmocka_unit_test(numbers_stand_on_either_side_of_limits),
        cmocka_unit_test(one_thing_is_different_in_a_copy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
