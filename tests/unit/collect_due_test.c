#include "cmd/collect_due.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* A schema of one type and one control, and a programme of one source and one quarter. */
struct scene {
    struct arena *arena;
    struct evidence_type type;
    struct row_rule rule;
    struct kind kind;
    struct requirement requirement;
    struct control control;
    struct schema schema;
    struct programme_command command;
    struct programme_source source;
    struct programme_period periods[2];
    struct programme programme;
    struct collect_export exports[8];
    size_t export_count;
    struct collect_plan plan;
};

/* Noon UTC of a day. */
static int64_t noon(int64_t year, int month, int date) {
    return datetime_from_civil(&(struct civil){.year = year, .month = month, .day = date, .hour = 12});
}

static int begin(void **state) {
    struct scene *scene = test_calloc(1, sizeof *scene);
    scene->arena = arena_new();
    assert_non_null(scene->arena);
    scene->type = (struct evidence_type){.id = "account"};
    scene->kind = (struct kind){.id = "accounts", .rules = &scene->rule, .rule_count = 1};
    scene->requirement = (struct requirement){.cadence = CADENCE_WEEKLY, .grace = 2 * 86400};
    scene->control = (struct control){.id = "AC-01",
                                      .effective_from = INT64_MIN,
                                      .superseded = INT64_MAX,
                                      .requirements = &scene->requirement,
                                      .requirement_count = 1};
    scene->schema = (struct schema){.types = &scene->type,
                                    .type_count = 1,
                                    .kinds = &scene->kind,
                                    .kind_count = 1,
                                    .controls = &scene->control,
                                    .control_count = 1};
    static const char *criterion[] = {"CC6.1"}; /* not in the schema, so that the control applies */
    scene->control.criteria = (struct text_list){criterion, 1};
    scene->source = (struct programme_source){.id = "okta",
                                              .path = "okta/users-{date}.json",
                                              .from = INT64_MIN,
                                              .until = INT64_MAX,
                                              .command = &scene->command};
    assert_true(datetime_span("2025-Q4", 7, &scene->periods[0].span));
    scene->programme =
        (struct programme){.sources = &scene->source, .source_count = 1, .periods = scene->periods, .period_count = 1};
    *state = scene;
    return 0;
}

static int end(void **state) {
    struct scene *scene = *state;
    arena_free(scene->arena);
    test_free(scene);
    return 0;
}

static void have(struct scene *scene, const char *span) {
    struct collect_export *export = &scene->exports[scene->export_count++];
    export->usable = true;
    assert_true(datetime_span(span, strlen(span), &export->span));
}

static void plan(struct scene *scene, int64_t now) {
    assert_true(collect_due_plan(scene->arena, &scene->schema, &scene->programme, &scene->source, scene->exports,
                                 scene->export_count, now, &scene->plan));
}

static void assert_due(const struct scene *scene, size_t index, const char *span, const char *why) {
    struct span expected;
    assert_true(datetime_span(span, strlen(span), &expected));
    assert_true(scene->plan.count > index);
    assert_int_equal(scene->plan.items[index].span.from, expected.from);
    assert_int_equal(scene->plan.items[index].span.until, expected.until);
    assert_string_equal(scene->plan.items[index].why, why);
}

static void assert_idle(const struct scene *scene, const char *why) {
    assert_int_equal(scene->plan.count, 0);
    assert_string_equal(scene->plan.idle, why);
}

static void a_week_without_an_export(void **state) {
    struct scene *scene = *state;
    have(scene, "2025-10-03"); /* week 40, clipped to the quarter: 1 to 5 October */
    plan(scene, noon(2025, 10, 4));
    assert_idle(scene, "not before 2025-10-06");
    plan(scene, noon(2025, 10, 6));
    assert_int_equal(scene->plan.count, 1);
    assert_due(scene, 0, "2025-10-06", "account, weekly: none from 2025-10-06 to 2025-10-12");
}

/* An export within the grace serves the week before, as `run` counts it; the week needs another one then. */
static void a_week_in_grace(void **state) {
    struct scene *scene = *state;
    have(scene, "2025-10-03");
    plan(scene, noon(2025, 10, 14));
    assert_due(scene, 0, "2025-10-14", "account, weekly: none from 2025-10-06 to 2025-10-12");
    have(scene, "2025-10-14");
    plan(scene, noon(2025, 10, 14));
    assert_idle(scene, "not before 2025-10-15");
    plan(scene, noon(2025, 10, 15));
    assert_due(scene, 0, "2025-10-15", "account, weekly: none from 2025-10-13 to 2025-10-19");
    have(scene, "2025-10-15");
    plan(scene, noon(2025, 10, 16));
    assert_idle(scene, "not before 2025-10-20");
}

/* Once its grace is over a week is lost, and nothing that is collected later can mend it. */
static void a_lost_week(void **state) {
    struct scene *scene = *state;
    have(scene, "2025-10-03");
    have(scene, "2025-10-15");
    plan(scene, noon(2025, 10, 16));
    assert_idle(scene, "not before 2025-10-20");
}

static void an_unusable_export_serves_nothing(void **state) {
    struct scene *scene = *state;
    have(scene, "2025-10-07");
    scene->exports[0].usable = false;
    plan(scene, noon(2025, 10, 8));
    assert_due(scene, 0, "2025-10-08", "account, weekly: none from 2025-10-06 to 2025-10-12");
    /* Its name is taken on its own day. */
    plan(scene, noon(2025, 10, 7));
    assert_idle(scene, "not before 2025-10-08");
}

static void monthly_and_once_a_period(void **state) {
    struct scene *scene = *state;
    scene->requirement.cadence = CADENCE_MONTHLY;
    have(scene, "2025-11-28");
    plan(scene, noon(2025, 11, 30));
    assert_idle(scene, "not before 2025-12-01");
    plan(scene, noon(2025, 12, 1));
    assert_due(scene, 0, "2025-12-01", "account, monthly: none from 2025-12-01 to 2025-12-31");
    scene->requirement.cadence = CADENCE_PERIOD;
    plan(scene, noon(2025, 12, 1));
    assert_idle(scene, "all that was due is there");
    scene->export_count = 0;
    plan(scene, noon(2025, 12, 1));
    assert_due(scene, 0, "2025-12-01", "account, period: none from 2025-10-01 to 2025-12-31");
}

/* The quarter is over; its last month is not lost until the grace of five days is. */
static void around_the_periods_end(void **state) {
    struct scene *scene = *state;
    scene->requirement.cadence = CADENCE_MONTHLY;
    scene->requirement.grace = 5 * 86400;
    have(scene, "2025-10-31");
    have(scene, "2025-11-28");
    plan(scene, noon(2026, 1, 3));
    assert_due(scene, 0, "2026-01-03", "account, monthly: none from 2025-12-01 to 2025-12-31");
    /* No declared period holds the day, so the calendar's quarter does. */
    plan(scene, noon(2026, 1, 8));
    assert_due(scene, 0, "2026-01-08", "account, monthly: none from 2026-01-01 to 2026-01-31");
    have(scene, "2026-01-08");
    plan(scene, noon(2026, 1, 9));
    assert_idle(scene, "not before 2026-02-01");
}

static void who_needs_it(void **state) {
    struct scene *scene = *state;
    scene->control.superseded = noon(2025, 10, 2) - 43200;
    plan(scene, noon(2025, 11, 5));
    assert_idle(scene, "all that was due is there");
    scene->control.superseded = INT64_MAX;
    scene->source.from = noon(2025, 11, 20) - 43200;
    plan(scene, noon(2025, 11, 5));
    assert_idle(scene, "not before 2025-11-20");
    scene->requirement.type = 1;
    plan(scene, noon(2025, 11, 5));
    assert_idle(scene, "no control that applies asks for it");
    scene->requirement.type = 0;
    struct programme_exclusion exclusion = {.control = "AC-01", .reason = "none"};
    scene->programme.exclusions = &exclusion;
    scene->programme.exclusion_count = 1;
    plan(scene, noon(2025, 11, 5));
    assert_idle(scene, "no control that applies asks for it");
}

/* Events: every month that is over and not covered, whoever put it there and under which name. */
static void months_of_events(void **state) {
    struct scene *scene = *state;
    scene->type.shape = TYPE_EVENT;
    scene->command.covers = PROGRAMME_COVERS_MONTH;
    plan(scene, noon(2025, 10, 20));
    assert_idle(scene, "not before 2025-11-01");
    plan(scene, noon(2025, 12, 2));
    assert_int_equal(scene->plan.count, 2);
    assert_due(scene, 0, "2025-10", "nothing covers 2025-10-01 to 2025-10-31");
    assert_due(scene, 1, "2025-11", "nothing covers 2025-11-01 to 2025-11-30");
    have(scene, "2025-10-01..2025-10-20");
    have(scene, "2025-10-21..2025-11-15");
    plan(scene, noon(2025, 12, 2));
    assert_int_equal(scene->plan.count, 1);
    assert_due(scene, 0, "2025-11", "nothing covers 2025-11-01 to 2025-11-30");
    have(scene, "2025-11");
    plan(scene, noon(2025, 12, 2));
    assert_idle(scene, "not before 2026-01-01");
    plan(scene, noon(2026, 1, 1));
    assert_due(scene, 0, "2025-12", "nothing covers 2025-12-01 to 2025-12-31");
}

/* The first week that reaches into the quarter is needed whole. */
static void weeks_of_events(void **state) {
    struct scene *scene = *state;
    scene->type.shape = TYPE_EVENT;
    scene->command.covers = PROGRAMME_COVERS_WEEK;
    plan(scene, noon(2025, 10, 7));
    assert_int_equal(scene->plan.count, 1);
    assert_due(scene, 0, "2025-W40", "nothing covers 2025-09-29 to 2025-10-05");
}

static void names_of_spans(void **state) {
    struct scene *scene = *state;
    static const struct {
        int covers;
        int64_t year;
        int month;
        int day;
        const char *name;
    } rows[] = {
        {PROGRAMME_COVERS_MOMENT, 2025, 10, 6, "2025-10-06"}, {PROGRAMME_COVERS_DAY, 2024, 2, 29, "2024-02-29"},
        {PROGRAMME_COVERS_WEEK, 2025, 10, 5, "2025-W40"},     {PROGRAMME_COVERS_WEEK, 2024, 12, 30, "2025-W01"},
        {PROGRAMME_COVERS_WEEK, 2021, 1, 3, "2020-W53"},      {PROGRAMME_COVERS_WEEK, 2026, 12, 31, "2026-W53"},
        {PROGRAMME_COVERS_MONTH, 2025, 2, 28, "2025-02"},     {PROGRAMME_COVERS_QUARTER, 2025, 12, 31, "2025-Q4"},
        {PROGRAMME_COVERS_QUARTER, 2025, 3, 31, "2025-Q1"},   {PROGRAMME_COVERS_YEAR, 2025, 7, 1, "2025"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t at = noon(rows[i].year, rows[i].month, rows[i].day);
        struct span span = collect_due_span(rows[i].covers, at);
        struct span read;
        assert_string_equal(collect_due_name(scene->arena, rows[i].covers, span), rows[i].name);
        assert_true(span.from <= at && at < span.until);
        /* What the name says when it is read is the span. */
        assert_true(datetime_span(rows[i].name, strlen(rows[i].name), &read));
        assert_int_equal(read.from, span.from);
        assert_int_equal(read.until, span.until);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_week_without_an_export, begin, end),
        cmocka_unit_test_setup_teardown(a_week_in_grace, begin, end),
        cmocka_unit_test_setup_teardown(a_lost_week, begin, end),
        cmocka_unit_test_setup_teardown(an_unusable_export_serves_nothing, begin, end),
        cmocka_unit_test_setup_teardown(monthly_and_once_a_period, begin, end),
        cmocka_unit_test_setup_teardown(around_the_periods_end, begin, end),
        cmocka_unit_test_setup_teardown(who_needs_it, begin, end),
        cmocka_unit_test_setup_teardown(months_of_events, begin, end),
        cmocka_unit_test_setup_teardown(weeks_of_events, begin, end),
        cmocka_unit_test_setup_teardown(names_of_spans, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
