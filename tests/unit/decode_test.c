#include "scratch.h"

#include "base/arena.h"
#include "config/decode.h"

static const char *const colours[] = {"red", "green", "blue", NULL};

struct target {
    const char *text;
    const char *name;
    bool boolean;
    int64_t integer;
    double real;
    double percent;
    int64_t duration;
    int64_t date;
    int choice;
    struct text_list texts;
    const struct yaml_node *node;
    struct place place;
};
struct holder {
    struct target *items;
    size_t count;
};

static const struct decode_field fields[] = {
    {"text", DECODE_TEXT, offsetof(struct target, text), true, NULL},
    {"name", DECODE_NAME, offsetof(struct target, name), false, NULL},
    {"boolean", DECODE_BOOLEAN, offsetof(struct target, boolean), false, NULL},
    {"integer", DECODE_INTEGER, offsetof(struct target, integer), false, NULL},
    {"real", DECODE_REAL, offsetof(struct target, real), false, NULL},
    {"percent", DECODE_PERCENT, offsetof(struct target, percent), false, NULL},
    {"duration", DECODE_DURATION, offsetof(struct target, duration), false, NULL},
    {"date", DECODE_DATE, offsetof(struct target, date), false, NULL},
    {"choice", DECODE_CHOICE, offsetof(struct target, choice), false, colours},
    {"texts", DECODE_TEXTS, offsetof(struct target, texts), false, NULL},
    {"node", DECODE_NODE, offsetof(struct target, node), false, NULL},
    {"place", DECODE_PLACE_ONLY, 0, false, NULL},
};
#define FIELDS (sizeof fields / sizeof fields[0])

static struct scratch scratch;
static struct arena *arena;

static int begin(void **state) {
    (void)state;
    scratch_begin(&scratch);
    arena = arena_new();
    return arena == NULL;
}

static int end(void **state) {
    (void)state;
    arena_free(arena);
    scratch_end(&scratch);
    return 0;
}

static const struct yaml_node *parse(const char *text) {
    const struct yaml_node *root = yaml_parse(arena, "a.yaml", text, strlen(text), scratch.diagnostics);
    assert_non_null(root);
    return root;
}

static bool decode(const char *text, struct target *target) {
    return decode_mapping(arena, parse(text), "thing", fields, FIELDS, target, scratch.diagnostics);
}

static void every_kind(void **state) {
    (void)state;
    struct target target = {.choice = -1};
    assert_true(decode("text: 'a b'\nname: a-b.c\nboolean: true\ninteger: -7\nreal: 0.5\npercent: 2.5%\n"
                       "duration: 15 minutes\ndate: 1970-01-02\nchoice: blue\ntexts: [a, 1]\nnode: {x: y}\nplace: ~\n",
                       &target));
    assert_string_equal(target.text, "a b");
    assert_string_equal(target.name, "a-b.c");
    assert_true(target.boolean);
    assert_int_equal(target.integer, -7);
    assert_true(target.real == 0.5);
    assert_true(target.percent == 0.025);
    assert_int_equal(target.duration, 900);
    assert_int_equal(target.date, 86400);
    assert_int_equal(target.choice, 2);
    assert_int_equal(target.texts.count, 2);
    assert_string_equal(target.texts.items[1], "1");
    assert_int_equal(target.node->kind, YAML_MAPPING);
    scratch_expect(&scratch, "");
}

static void absent_fields_stay(void **state) {
    (void)state;
    struct target target = {.integer = 42, .choice = 1};
    assert_true(decode("text: x\n", &target));
    assert_int_equal(target.integer, 42);
    assert_int_equal(target.choice, 1);
    assert_null(target.texts.items);
}

static void durations(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int64_t seconds;
    } good[] = {{"0", 0},         {"1 second", 1},      {"15 minutes", 900}, {"2 hours", 7200},
                {"1 day", 86400}, {"30 days", 2592000}, {"1 week", 604800},  {"2weeks", 1209600}};
    static const char *const bad[] = {"",
                                      "5",
                                      "days",
                                      "1 month",
                                      "-1 days",
                                      "1.5 hours",
                                      "1 dayss",
                                      "1 days ",
                                      "1 Day",
                                      "1 s",
                                      "99999999999999999999 days",
                                      "9223372036854775807 weeks"};
    int64_t seconds;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_true(decode_duration(good[i].text, &seconds));
        assert_int_equal(seconds, good[i].seconds);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(decode_duration(bad[i], &seconds));
}

/* All problems of a mapping, each at its own place, in the words the user sees. */
static void all_in_one_go(void **state) {
    (void)state;
    struct target target = {0};
    assert_false(decode("nmae: x\n"
                        "name: Big\n"
                        "boolean: \"true\"\n"
                        "integer: 1.5\n"
                        "real: x\n"
                        "percent: 101%\n"
                        "duration: soon\n"
                        "date: 2025-1-1\n"
                        "choice: blu\n"
                        "texts: [a, ~, [b]]\n",
                        &target));
    assert_int_equal(target.texts.count, 1);
    scratch_expect(
        &scratch,
        "a.yaml:1:1: error: a thing has no key 'nmae'; did you mean 'name'? [unknown-key]\n"
        "a.yaml:1:1: error: this thing has no 'text'; add it [missing-key]\n"
        "a.yaml:2:7: error: 'name' of a thing must be a name of a-z, 0-9, '_', '-' and '.', a letter first, and here "
        "is "
        "'Big' [wrong-value]\n"
        "a.yaml:3:10: error: 'boolean' of a thing must be true or false, without quotes, and here is 'true' "
        "[wrong-value]\n"
        "a.yaml:4:10: error: 'integer' of a thing must be a whole number, and here is '1.5' [wrong-value]\n"
        "a.yaml:5:7: error: 'real' of a thing must be a number, and here is 'x' [wrong-value]\n"
        "a.yaml:6:10: error: 'percent' of a thing must be a percentage such as 0% or 2.5%, and here is '101%' "
        "[wrong-value]\n"
        "a.yaml:7:11: error: 'duration' of a thing must be a duration such as '15 minutes', '2 days' or 0, and here is "
        "'soon' [wrong-value]\n"
        "a.yaml:8:7: error: 'date' of a thing must be a date such as 2025-10-06, and here is '2025-1-1' "
        "[wrong-value]\n"
        "a.yaml:9:9: error: 'choice' of a thing cannot be 'blu'; did you mean 'blue'? [wrong-value]\n"
        "a.yaml:10:12: error: 'texts' of a thing takes texts, and here is nothing; write the text, in quotes if it is "
        "\"\" or \"null\" [wrong-kind]\n"
        "a.yaml:10:15: error: 'texts' of a thing takes texts, and here is a list; write the text [wrong-kind]\n");
}

static void wrong_kinds(void **state) {
    (void)state;
    struct target target = {0};
    assert_false(decode("- text: x\n", &target));
    assert_false(decode("text:\ninteger: [1]\n", &target));
    scratch_expect(&scratch,
                   "a.yaml:1:1: error: a thing must be a mapping of 'key: value' lines, and here is a list "
                   "[wrong-kind]\n"
                   "a.yaml:1:6: error: 'text' of a thing must be a single value, and here is nothing [wrong-kind]\n"
                   "a.yaml:2:10: error: 'integer' of a thing must be a single value, and here is a list "
                   "[wrong-kind]\n");
}

static void no_near_name(void **state) {
    (void)state;
    static const char *const names[] = {"one", "two"};
    const struct place place = {.path = "a.yaml", .line = 1, .column = 1};
    assert_false(decode_unknown(&place, "number", "forty", names, 2, sizeof names[0], scratch.diagnostics));
    assert_false(decode_unknown(&place, "number", "five", names, 0, sizeof names[0], scratch.diagnostics));
    scratch_expect(&scratch, "a.yaml:1:1: error: there is no number 'five'; check the spelling [unknown-reference]\n"
                             "a.yaml:1:1: error: there is no number 'forty'; use one of one, two "
                             "[unknown-reference]\n");
}

/* Item i of the list is struct i, also where it is no mapping; the blank shows through. */
static void sequences(void **state) {
    (void)state;
    static const struct target blank = {.integer = 9};
    static const struct decode_list list = {
        .key = "things",
        .what = "thing",
        .fields = fields,
        .field_count = FIELDS,
        .size = sizeof(struct target),
        .blank = &blank,
        .place_offset = offsetof(struct target, place),
        .items_offset = offsetof(struct holder, items),
        .count_offset = offsetof(struct holder, count),
    };
    struct holder holder = {0};
    assert_true(decode_sequence(arena, NULL, &list, &holder, scratch.diagnostics));
    assert_int_equal(holder.count, 0);
    assert_true(decode_sequence(arena, parse("[]"), &list, &holder, scratch.diagnostics));
    assert_int_equal(holder.count, 0);
    assert_false(decode_sequence(arena, parse("- {text: a, integer: 1}\n- b\n- {text: c}\n"), &list, &holder,
                                 scratch.diagnostics));
    assert_int_equal(holder.count, 3);
    assert_int_equal(holder.items[0].integer, 1);
    assert_null(holder.items[1].text);
    assert_int_equal(holder.items[1].place.line, 2);
    assert_string_equal(holder.items[2].text, "c");
    assert_int_equal(holder.items[2].integer, 9);
    assert_false(decode_sequence(arena, parse("text: a\n"), &list, &holder, scratch.diagnostics));
    scratch_expect(&scratch,
                   "a.yaml:1:1: error: 'things' must be a list, each thing beginning with '- ', and here is a mapping "
                   "[wrong-kind]\n"
                   "a.yaml:2:3: error: a thing must be a mapping of 'key: value' lines, and here is a single value "
                   "[wrong-kind]\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_kind, begin, end),
        cmocka_unit_test_setup_teardown(absent_fields_stay, begin, end),
        cmocka_unit_test_setup_teardown(durations, begin, end),
        cmocka_unit_test_setup_teardown(all_in_one_go, begin, end),
        cmocka_unit_test_setup_teardown(wrong_kinds, begin, end),
        cmocka_unit_test_setup_teardown(no_near_name, begin, end),
        cmocka_unit_test_setup_teardown(sequences, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
