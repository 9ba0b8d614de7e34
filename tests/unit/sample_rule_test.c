/* Sizes by the rules that tickmark ships, worked out by hand from what they say; and what is refused of a rules file.
 */
#include "assess/sample_rule.h"

#include "base/file.h"
#include "config_fixture.h"

#define SHIPPED "schema/sampling.yaml" /* the tests run at the root */

struct loaded {
    struct scratch scratch;
    struct arena *arena;
    const struct schema *schema;
};

/* Loads a small schema with rules. */
static void load(struct loaded *loaded, const char *rules) {
    char folder[256];

    scratch_begin(&loaded->scratch);
    loaded->arena = arena_new();
    config_write(&loaded->scratch);
    scratch_write(&loaded->scratch, "schema/sampling.yaml", rules);
    snprintf(folder, sizeof folder, "%s/schema", loaded->scratch.folder);
    loaded->schema = schema_load(loaded->arena, folder, loaded->scratch.diagnostics);
}

static void unload(struct loaded *loaded) {
    arena_free(loaded->arena);
    scratch_end(&loaded->scratch);
}

static void load_shipped(struct loaded *loaded) {
    struct buffer rules = {0};
    struct diagnostics *diagnostics = diagnostics_new();

    assert_true(file_read(SHIPPED, 1 << 16, &rules, diagnostics));
    load(loaded, buffer_text(&rules));
    assert_non_null(loaded->schema);
    scratch_expect(&loaded->scratch, "");
    buffer_free(&rules);
    diagnostics_free(diagnostics);
}

static void check_size(const struct loaded *loaded, const char *rule, enum sampling_risk risk, const char *frequency,
                       uint64_t population, uint64_t expected, const char *why_expected) {
    const struct control control = {.id = "AC-01", .frequency = frequency};
    struct buffer why = {0};
    uint64_t size = 0;

    assert_true(sample_rule_size(schema_sampling_rule(loaded->schema, rule), risk, &control, population, &size, &why));
    assert_int_equal(size, expected);
    if (why_expected != NULL) {
        assert_string_equal(buffer_text(&why), why_expected);
    }
    buffer_free(&why);
}

static void by_population(void **state) {
    static const struct {
        uint64_t population;
        uint64_t size;  /* fewer than 5 all, to 50 five, to 250 a tenth rounded up, above 25 */
        uint64_t tenth; /* a tenth rounded up, at least 3, at most 30 */
    } sizes[] = {{1, 1, 1},     {2, 2, 2},       {3, 3, 3},           {4, 4, 3},     {5, 5, 3},     {6, 5, 3},
                 {30, 5, 3},    {31, 5, 4},      {50, 5, 5},          {51, 6, 6},    {60, 6, 6},    {61, 7, 7},
                 {70, 7, 7},    {250, 25, 25},   {251, 25, 26},       {290, 25, 29}, {291, 25, 30}, {300, 25, 30},
                 {301, 25, 30}, {10000, 25, 30}, {UINT32_MAX, 25, 30}};
    struct loaded loaded;
    (void)state;

    load_shipped(&loaded);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        check_size(&loaded, "population", SAMPLING_RISK_LOWER, NULL, sizes[i].population, sizes[i].size, NULL);
        check_size(&loaded, "tenth", SAMPLING_RISK_HIGHER, NULL, sizes[i].population, sizes[i].tenth, NULL);
    }
    check_size(&loaded, "population", SAMPLING_RISK_LOWER, NULL, 4, 4, "a population of up to 4: all items");
    check_size(&loaded, "population", SAMPLING_RISK_LOWER, NULL, 51, 6,
               "a population of up to 250: 10 % of the items, rounded up");
    check_size(&loaded, "population", SAMPLING_RISK_LOWER, NULL, 900, 25, "a population of more than 250: 25 items");
    check_size(&loaded, "tenth", SAMPLING_RISK_LOWER, NULL, 2, 2,
               "10 % of the items, rounded up, at least 3, at most 30; there are fewer, so all are taken");
    assert_string_equal(loaded.schema->sampling.rule, "population");
    assert_int_equal(loaded.schema->sampling.confidence, 900);
    assert_int_equal(loaded.schema->sampling.conclude_from, 20);
    unload(&loaded);
}

static void by_frequency(void **state) {
    static const struct {
        const char *frequency;
        uint64_t lower;
        uint64_t higher;
    } sizes[] = {
        {"annual", 1, 1},
        {"Yearly", 1, 1},
        {"quarterly for each repository", 2, 2},
        {"at least twice a year for each key", 2, 2},
        {"monthly", 2, 4},
        {"weekly; monthly off site", 5, 10}, /* the more frequent of the two */
        {"daily", 20, 40},
        {"at every change; compared monthly", 25, 60},
        {"yearly, and at every change", 25, 60},
        {"after every urgent incident", 25, 60},
        {"continuously; gone through quarterly", 25, 60},
    };
    struct loaded loaded;
    const struct control control = {.id = "AC-01", .frequency = "bimonthly, as the dailyness allows"};
    const struct control none = {.id = "AC-01"};
    struct buffer why = {0};
    uint64_t size = 0;
    (void)state;

    load_shipped(&loaded);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        check_size(&loaded, "frequency", SAMPLING_RISK_LOWER, sizes[i].frequency, 1000, sizes[i].lower, NULL);
        check_size(&loaded, "frequency", SAMPLING_RISK_HIGHER, sizes[i].frequency, 1000, sizes[i].higher, NULL);
    }
    check_size(&loaded, "frequency", SAMPLING_RISK_HIGHER, "every month", 1000, 4,
               "the control's frequency (\"every month\") counts as monthly: 2 to 4 items, higher risk");
    check_size(&loaded, "frequency", SAMPLING_RISK_LOWER, "annually", 1000, 1,
               "the control's frequency (\"annually\") counts as annual: 1 item");
    const struct sampling_rule *rule = schema_sampling_rule(loaded.schema, "frequency");
    assert_false(
        sample_rule_size(rule, SAMPLING_RISK_LOWER, &control, 9, &size, &why)); /* parts of words say nothing */
    assert_false(sample_rule_size(rule, SAMPLING_RISK_LOWER, &none, 9, &size, &why));
    assert_int_equal(why.length, 0);
    buffer_free(&why);
    unload(&loaded);
}

/* A good file: line 1 to 4 are the defaults, the rules follow. */
#define HEAD  "rule: r\nrisk: lower\nconfidence: 90%\nconclude_from: 20\nrules:\n"
#define RULE  "  - id: r\n    title: R\n    by: population\n    sizes:\n"
#define OFTEN "  - id: r\n    title: R\n    by: frequency\n    sizes:\n"

static void faults(void **state) {
    static const struct {
        const char *rules;
        const char *place;
        const char *phrase;
        const char *id;
    } cases[] = {
        {HEAD RULE "      - {itms: 5}\n", "10:10", "did you mean 'items'", "unknown-key"},
        {HEAD RULE "      - {items: 0}\n", "10:9", "at least 1 item", "wrong-value"},
        {HEAD RULE "      - {items: 5, share: 10%}\n", "10:9", "write one of", "wrong-value"},
        {HEAD RULE "      - {up_to: 5}\n", "10:9", "write one of", "wrong-value"},
        {HEAD RULE "      - {lower: 5}\n", "10:9", "write one of", "wrong-value"},
        {HEAD RULE "      - {lower: 5, higher: 4}\n", "10:9", "not above", "wrong-value"},
        {HEAD RULE "      - {items: 5, most: 9}\n", "10:9", "bound a 'share'", "wrong-value"},
        {HEAD RULE "      - {share: 0%}\n", "10:9", "at most two decimals", "wrong-value"},
        {HEAD RULE "      - {share: 1.005%}\n", "10:9", "at most two decimals", "wrong-value"},
        {HEAD RULE "      - {share: 10%, least: 9, most: 3}\n", "10:9", "not below it", "wrong-value"},
        {HEAD RULE "      - {up_to: 9, items: 5}\n", "10:9", "leave out its 'up_to'", "wrong-value"},
        {HEAD RULE "      - {items: 5}\n      - {items: 6}\n", "10:9", "has an 'up_to'", "wrong-value"},
        {HEAD RULE "      - {up_to: 9, items: 5}\n      - {up_to: 9, items: 6}\n      - {items: 7}\n", "11:9",
         "larger than the one before", "wrong-value"},
        {HEAD RULE "      - {items: 5, words: [daily]}\n", "10:9", "for rules by frequency", "wrong-value"},
        {HEAD OFTEN "      - {items: 5}\n", "10:9", "the 'words' that say so", "wrong-value"},
        {HEAD OFTEN "      - {operates: daily, words: [daily], up_to: 9, items: 5}\n", "10:9", "no 'up_to'",
         "wrong-value"},
        {HEAD RULE "      []\n", "6:5", "no sizes", "wrong-value"},
        {HEAD RULE "      - {items: 5}\n" RULE "      - {items: 5}\n", "11:5", "declared already", "duplicate-id"},
        {HEAD "  - {id: r, title: R, by: populaton, sizes: [{items: 5}]}\n", "6:27", "population", "wrong-value"},
        {HEAD "  - {id: s, title: R, by: population, sizes: [{items: 5}]}\n", "1:7", "no sampling rule 'r'",
         "unknown-reference"},
        {"rule: r\nrisk: high\nconfidence: 90%\nconclude_from: 20\nrules:\n" RULE "      - {items: 5}\n", "2:7",
         "higher", "wrong-value"},
        {"rule: r\nrisk: lower\nconfidence: 100%\nconclude_from: 20\nrules:\n" RULE "      - {items: 5}\n", "3:13",
         "from 50% to 99.9%", "wrong-value"},
        {"rule: r\nrisk: lower\nconfidence: 90%\nconclude_from: 0\nrules:\n" RULE "      - {items: 5}\n", "4:16",
         "at least 1 item", "wrong-value"},
        {"rule: r\nrisk: lower\nconfidence: 90%\nrules:\n" RULE "      - {items: 5}\n", "1:1", "conclude_from",
         "missing-key"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct loaded loaded;
        char place[64];
        load(&loaded, cases[i].rules);
        assert_null(loaded.schema);
        snprintf(place, sizeof place, "schema/sampling.yaml:%s", cases[i].place);
        config_expect(&loaded.scratch, place, cases[i].phrase, cases[i].id);
        unload(&loaded);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_population),
        cmocka_unit_test(by_frequency),
        cmocka_unit_test(faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
