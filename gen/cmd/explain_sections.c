#include "cmd/explain_private.h"

#include "cmd/explain.sql.h"

/* What is said of each sort of thing: tables, in the order in which it is followed by hand. */

#define Q(query) .name = #query, .sql = sql_##query
#define END                                                                                                            \
    { .key = NULL }

static bool run_again(struct explain *explain, struct query *row) {
    return explain_population(explain, explain_column(row, "_key"), false);
}

static bool list_items(struct explain *explain, struct query *row) {
    return explain_population(explain, explain_column(row, "_key"), true);
}

static bool figure_sql(struct explain *explain, struct query *row) {
    const char *id = explain_column(row, "id");

    explain_page_text(&explain->page, "sql", id != NULL ? explain_figure_sql(explain->command->arena, id) : NULL);
    return true;
}

static const struct explain_section references[] = {
    {.key = "beside", .heading = NULL, Q(explain_references), .layout = EXPLAIN_LIST, .more = explain_record}, END};

static const struct explain_section occurrences[] = {
    {.key = "occurrences", Q(explain_occurrences), .layout = EXPLAIN_LIST, .shown = " sha256 problem ", .most = 4},
    END};
static const struct explain_section coverage[] = {
    {.key = "coverage", Q(explain_coverage), .layout = EXPLAIN_LIST, .parts = occurrences}, END};
static const struct explain_section items[] = {{.key = "items", Q(explain_items), .layout = EXPLAIN_LIST, .most = 5},
                                               END};

static const struct explain_section control[] = {
    {.key = "control", .heading = "Control", Q(explain_control)},
    {.key = "states",
     .heading = "Its verdict is the weightiest of what its tests show",
     Q(explain_control_states),
     .layout = EXPLAIN_LIST,
     .none = "no test: nothing shows that it operates"},
    {.key = "reasons", .heading = "Why", Q(explain_control_reasons), .layout = EXPLAIN_LIST, .most = 30},
    {.key = "requirements",
     .heading = "Evidence that it requires, and what was there",
     Q(explain_requirements),
     .layout = EXPLAIN_LIST,
     .none = "none",
     .parts = coverage},
    {.key = "tests",
     .heading = "Its tests (`tickmark explain TEST` for each)",
     Q(explain_control_tests),
     .layout = EXPLAIN_LIST,
     .shown = " population exceptions undetermined population_digest ",
     .none = "none",
     .parts = items},
    END};

static const struct explain_section exports[] = {
    {.key = "exports", Q(explain_exports), .layout = EXPLAIN_LIST, .shown = " sha256 ", .most = 4}, END};
static const struct explain_section type_sources[] = {
    {.key = "sources", Q(explain_type_sources), .layout = EXPLAIN_LIST, .shown = " query ", .parts = exports}, END};

#define TEST_HEAD                                                                                                      \
    {.key = "test", .heading = "Test", Q(explain_test)},                                                               \
        {.key = "reasons", .heading = "Why", Q(explain_reasons), .layout = EXPLAIN_LIST, .most = 30},                  \
        {.key = "query", .heading = "Its query, over the whole population", Q(explain_sql)},                           \
        {.key = "parameters",                                                                                          \
         .heading = "Parameters, as they were bound",                                                                  \
         Q(explain_parameters),                                                                                        \
         .layout = EXPLAIN_LIST,                                                                                       \
         .shown = " default set_by "},                                                                                 \
        {.key = "views", .heading = "Views that the query reads through", Q(explain_views), .layout = EXPLAIN_LIST}, { \
        .key = "types", .heading = "Evidence types, the columns that are read, and the exports behind them",           \
        Q(explain_types), .layout = EXPLAIN_LIST, .parts = type_sources                                                \
    }

static const struct explain_section test[] = {
    TEST_HEAD,
    {.key = "result", .heading = "Population and result", Q(explain_result), .more = run_again},
    {.key = "exceptions",
     .heading = "Exceptions and undetermined items",
     Q(explain_exceptions),
     .layout = EXPLAIN_LIST,
     .shown = " state text finding waiver detail ",
     .none = "none",
     .most = 10,
     .parts = references,
     .more = explain_record},
    {.key = "challenges",
     .heading = "Challenges: planted records that it had to find, or to pass",
     Q(explain_challenges),
     .layout = EXPLAIN_LIST},
    {.key = "mutation", .heading = "Mutants: its challenges, altered by one value at a time", Q(explain_mutation)},
    {.key = "waivers", .heading = "Waivers: none changes a verdict", Q(explain_waivers), .layout = EXPLAIN_LIST},
    END};

static const struct explain_section population[] = {
    TEST_HEAD, {.key = "result", .heading = "Population", Q(explain_result), .more = list_items}, END};

#define ITEMS_OF(id, title, which)                                                                                     \
    {                                                                                                                  \
        TEST_HEAD, {.key = "result", .heading = "Population and result", Q(explain_result), .more = run_again},        \
            {.key = id,                                                                                                \
             .heading = title,                                                                                         \
             Q(explain_exceptions),                                                                                    \
             .layout = EXPLAIN_LIST,                                                                                   \
             .shown = " text finding waiver detail ",                                                                  \
             .none = "none",                                                                                           \
             .second = which,                                                                                          \
             .most = 40,                                                                                               \
             .parts = references,                                                                                      \
             .more = explain_record},                                                                                  \
            END                                                                                                        \
    }
static const struct explain_section exceptions[] = ITEMS_OF("exceptions", "Exceptions", "exception");
static const struct explain_section undetermined[] =
    ITEMS_OF("undetermined", "Items that could not be determined", "undetermined");

static const struct explain_section finding[] = {
    {.key = "finding", .heading = "Finding", Q(explain_finding)},
    {.key = "exceptions",
     .heading = "Its exceptions in this period",
     Q(explain_finding_exceptions),
     .layout = EXPLAIN_LIST,
     .shown = " text waiver detail ",
     .none = "none in this period",
     .most = 20,
     .parts = references,
     .more = explain_record},
    {.key = "test",
     .heading = "The test that found it (`tickmark explain TEST` for all of it)",
     Q(explain_finding_test)},
    {.key = "waiver", .heading = "Waiver", Q(explain_finding_waiver)},
    END};

static const struct explain_section figure[] = {
    {.key = "figure", .heading = "Figure", Q(explain_metric), .more = figure_sql},
    {.key = "parameters", .heading = "Parameters", Q(explain_metric_parameters), .layout = EXPLAIN_LIST},
    {.key = "inputs", .heading = "What it is made of", Q(explain_inputs), .layout = EXPLAIN_LIST, .most = 40},
    {.key = "items", .heading = "Records that spoil it", Q(explain_metric_items), .layout = EXPLAIN_LIST, .most = 40},
    {.key = "periods", .heading = "In each period", Q(explain_metric_trend), .layout = EXPLAIN_LIST},
    END};

static const struct explain_section returns[] = {
    {.key = "figure", .heading = "Figure of the return on investment", Q(explain_return)},
    {.key = "inputs",
     .heading = "Inputs, of which its formula names some: `roi:` in inputs/programme.yaml, and what was measured",
     Q(explain_return_inputs),
     .layout = EXPLAIN_LIST},
    {.key = "figures",
     .heading = "Figures before it (low, middle, high), of which its formula may name some",
     Q(explain_return_figures),
     .layout = EXPLAIN_LIST,
     .none = "none"},
    END};

static const struct explain_section criterion[] = {
    {.key = "criterion", .heading = "Criterion", Q(explain_criterion)},
    {.key = "controls",
     .heading = "Controls that are mapped to it (`tickmark explain CONTROL` for each)",
     Q(explain_criterion_controls),
     .layout = EXPLAIN_LIST,
     .none = "no control"},
    END};

const struct explain_sort explain_sorts[] = {
    {"control", control},
    {"test", test},
    {"finding", finding},
    {"figure", figure},
    {"return", returns},
    {"criterion", criterion},
    {"population", population},
    {"exceptions", exceptions},
    {"undetermined", undetermined},
    {NULL, NULL},
};

const struct explain_section explain_head[] = {{.key = "assessment", .heading = NULL, Q(explain_assessment)}, END};
