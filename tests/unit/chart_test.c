#include "document/chart.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Where charts put what they show. Heights are compared as shares of each other, so that no test repeats a constant. */

#define SHAPES_MOST 64

struct drawn {
    struct chart_shape shapes[SHAPES_MOST];
    size_t count;
};

static void keep(void *context, const struct chart_shape *shape) {
    struct drawn *drawn = context;
    assert_true(drawn->count < SHAPES_MOST);
    drawn->shapes[drawn->count++] = *shape;
}

static bool close_to(double a, double b) {
    return fabs(a - b) < 1e-6;
}

static void add(struct arena *arena, struct chart *chart, const struct chart_panel *panel, const char *label,
                const char *printed, double value) {
    struct chart_panel whole = *panel;
    whole.by = panel->by == NULL ? "one" : panel->by;
    whole.title = whole.note = "";
    struct chart_point point = {label, printed, value, printed[0] != '\0'};
    assert_true(chart_add(arena, chart, &whole, &point));
}

static void draw(const struct chart *chart, size_t panel, struct drawn *drawn) {
    *drawn = (struct drawn){0};
    chart_draw(chart, &chart->panels[panel], chart_panel_width(chart, CHART_WIDTH), 0, chart->panels[panel].point_count,
               keep, drawn);
}

/* The n-th shape of a kind and tone, from 0. */
static const struct chart_shape *shape(const struct drawn *drawn, enum chart_shape_kind kind, enum chart_tone tone,
                                       size_t n) {
    for (size_t i = 0; i < drawn->count; i++) {
        if (drawn->shapes[i].kind == kind && drawn->shapes[i].tone == tone && n-- == 0)
            return &drawn->shapes[i];
    }
    return NULL;
}

/* 95 beside 99 must look like 95 beside 99, whatever the axis could be cut to. */
static void columns_begin_at_zero(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct chart chart = {.kind = CHART_COLUMNS};
    struct chart_panel panel = {.full = 100};
    struct drawn drawn;
    add(arena, &chart, &panel, "Q1", "99 %", 99);
    add(arena, &chart, &panel, "Q2", "95 %", 95);
    chart_settle(&chart, 2);
    draw(&chart, 0, &drawn);
    const struct chart_shape *before = shape(&drawn, CHART_SHAPE_BAR, CHART_TONE_BEFORE, 0);
    const struct chart_shape *now = shape(&drawn, CHART_SHAPE_BAR, CHART_TONE_NOW, 0);
    const struct chart_shape *axis = shape(&drawn, CHART_SHAPE_LINE, CHART_TONE_AXIS, 0);
    assert_true(close_to(before->height / now->height, 99.0 / 95.0));
    assert_true(close_to(before->top + before->height, axis->top) && close_to(now->top + now->height, axis->top));
    assert_true(before->left + before->width < now->left);
    assert_string_equal(shape(&drawn, CHART_SHAPE_TEXT, CHART_TONE_VALUE, 1)->text, "95 %");
    assert_string_equal(shape(&drawn, CHART_SHAPE_TEXT, CHART_TONE_LABEL, 1)->text, "Q2");
    assert_null(shape(&drawn, CHART_SHAPE_LINE, CHART_TONE_TARGET, 0));
    for (size_t i = 0; i < drawn.count; i++)
        assert_true(drawn.shapes[i].top >= 0 && drawn.shapes[i].top <= chart_height(&chart, 2));
    arena_free(arena);
}

static void the_whole_bounds_the_axis(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct chart chart = {.kind = CHART_COLUMNS};
    struct drawn of_whole, of_values;
    struct chart_panel panel = {.full = 100};
    add(arena, &chart, &panel, "Q1", "10 %", 10);
    add(arena, &chart, &panel, "Q2", "20 %", 20);
    struct chart_panel bare = {.by = "two"};
    add(arena, &chart, &bare, "Q1", "10", 10);
    add(arena, &chart, &bare, "Q2", "20", 20);
    chart_settle(&chart, 2);
    assert_int_equal(chart.panel_count, 2);
    draw(&chart, 0, &of_whole);
    draw(&chart, 1, &of_values);
    double whole = shape(&of_whole, CHART_SHAPE_BAR, CHART_TONE_NOW, 0)->height;
    double values = shape(&of_values, CHART_SHAPE_BAR, CHART_TONE_NOW, 0)->height;
    assert_true(close_to(values / whole, 5));
    arena_free(arena);
}

static void values_below_zero_hang_from_the_axis(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct chart chart = {.kind = CHART_COLUMNS};
    struct chart_panel panel = {0};
    struct drawn drawn;
    add(arena, &chart, &panel, "Q1", "-1", -1);
    add(arena, &chart, &panel, "Q2", "3", 3);
    chart_settle(&chart, 2);
    draw(&chart, 0, &drawn);
    const struct chart_shape *below = shape(&drawn, CHART_SHAPE_BAR, CHART_TONE_BEFORE, 0);
    const struct chart_shape *above = shape(&drawn, CHART_SHAPE_BAR, CHART_TONE_NOW, 0);
    const struct chart_shape *axis = shape(&drawn, CHART_SHAPE_LINE, CHART_TONE_AXIS, 0);
    assert_true(close_to(below->top, axis->top) && close_to(above->top + above->height, axis->top));
    assert_true(close_to(above->height / below->height, 3));
    arena_free(arena);
}

/* What is not known has its word and no bar; a zero has neither bar nor height. */
static void a_point_without_a_value_has_no_bar(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct chart chart = {.kind = CHART_COLUMNS};
    struct chart_panel panel = {.by = "one", .title = "", .note = ""};
    struct drawn drawn;
    add(arena, &chart, &panel, "Q1", "7", 7);
    struct chart_point open = {"Q2", "not determined", 0, false};
    assert_true(chart_add(arena, &chart, &panel, &open));
    add(arena, &chart, &panel, "Q3", "0", 0);
    chart_settle(&chart, 2);
    draw(&chart, 0, &drawn);
    assert_non_null(shape(&drawn, CHART_SHAPE_BAR, CHART_TONE_BEFORE, 0));
    assert_null(shape(&drawn, CHART_SHAPE_BAR, CHART_TONE_BEFORE, 1));
    assert_null(shape(&drawn, CHART_SHAPE_BAR, CHART_TONE_NOW, 0));
    assert_string_equal(shape(&drawn, CHART_SHAPE_TEXT, CHART_TONE_VALUE, 1)->text, "not determined");
    arena_free(arena);
}

static void too_few_values_make_no_chart(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct chart chart = {.kind = CHART_COLUMNS};
    struct chart_panel first = {.by = "first", .title = "", .note = ""}, second = {.by = "second"};
    add(arena, &chart, &first, "Q1", "7", 7);
    struct chart_point open = {"Q2", "none", 0, false};
    assert_true(chart_add(arena, &chart, &first, &open));
    add(arena, &chart, &second, "Q1", "7", 7);
    add(arena, &chart, &second, "Q2", "8", 8);
    chart_settle(&chart, 2);
    assert_int_equal(chart.panel_count, 1);
    assert_string_equal(chart.panels[0].by, "second");
    chart_settle(&chart, 3);
    assert_int_equal(chart.panel_count, 0);
    arena_free(arena);
}

static void columns_are_the_newest(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct chart chart = {.kind = CHART_COLUMNS};
    struct chart_panel panel = {0};
    struct drawn drawn;
    static const char *const labels[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n"};
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++)
        add(arena, &chart, &panel, labels[i], "1234567 things", 1 + (double)i);
    chart_settle(&chart, 2);
    assert_int_equal(chart.panels[0].point_count, CHART_COLUMNS_MOST);
    assert_string_equal(chart.panels[0].points[0].label, "c");
    assert_int_equal(chart_across(&chart, CHART_WIDTH), 1);
    /* Values that have no room side by side stand at the ends only; the labels have room. */
    draw(&chart, 0, &drawn);
    assert_non_null(shape(&drawn, CHART_SHAPE_TEXT, CHART_TONE_VALUE, 1));
    assert_null(shape(&drawn, CHART_SHAPE_TEXT, CHART_TONE_VALUE, 2));
    assert_non_null(shape(&drawn, CHART_SHAPE_TEXT, CHART_TONE_LABEL, CHART_COLUMNS_MOST - 1));
    arena_free(arena);
}

static void panels_stand_as_close_as_their_words_allow(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct chart chart = {.kind = CHART_COLUMNS};
    struct chart_panel panel = {0};
    add(arena, &chart, &panel, "Q1", "1", 1);
    add(arena, &chart, &panel, "Q2", "2", 2);
    assert_int_equal(chart_across(&chart, CHART_WIDTH), 3);
    assert_true(close_to(3 * chart_panel_width(&chart, CHART_WIDTH) + 2 * CHART_GAP, CHART_WIDTH));
    add(arena, &chart, &panel, "Q3", "12 days 13 hours", 3);
    assert_int_equal(chart_across(&chart, CHART_WIDTH), 1);
    chart.kind = CHART_BARS;
    assert_int_equal(chart_across(&chart, CHART_WIDTH), 1);
    arena_free(arena);
}

/* A value that the line would cross goes above it; one far from it stays at its column. */
static void the_target_crosses_no_value(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct chart chart = {.kind = CHART_COLUMNS};
    struct chart_panel panel = {.aimed = true, .target = 100, .full = 100};
    struct drawn drawn;
    add(arena, &chart, &panel, "Q1", "96 %", 96);
    add(arena, &chart, &panel, "Q2", "20 %", 20);
    chart_settle(&chart, 2);
    draw(&chart, 0, &drawn);
    const struct chart_shape *target = shape(&drawn, CHART_SHAPE_LINE, CHART_TONE_TARGET, 0);
    const struct chart_shape *near = shape(&drawn, CHART_SHAPE_TEXT, CHART_TONE_VALUE, 0);
    const struct chart_shape *far = shape(&drawn, CHART_SHAPE_TEXT, CHART_TONE_VALUE, 1);
    assert_true(near->top < target->top);
    assert_true(far->top - CHART_TEXT > target->top);
    assert_true(far->top < shape(&drawn, CHART_SHAPE_BAR, CHART_TONE_NOW, 0)->top);
    arena_free(arena);
}

static void bars_are_shares_of_the_whole(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct chart chart = {.kind = CHART_BARS};
    struct chart_panel panel = {.full = 105};
    struct drawn drawn;
    add(arena, &chart, &panel, "no exceptions noted", "85", 85);
    add(arena, &chart, &panel, "exceptions noted", "20", 20);
    chart_settle(&chart, 2);
    draw(&chart, 0, &drawn);
    const struct chart_shape *track = shape(&drawn, CHART_SHAPE_BAR, CHART_TONE_TRACK, 0);
    const struct chart_shape *first = shape(&drawn, CHART_SHAPE_BAR, CHART_TONE_NOW, 0);
    const struct chart_shape *second = shape(&drawn, CHART_SHAPE_BAR, CHART_TONE_NOW, 1);
    assert_true(close_to(first->width / track->width, 85.0 / 105.0));
    assert_true(close_to(second->width / track->width, 20.0 / 105.0));
    assert_true(close_to(first->left, second->left) && second->top >= first->top + first->height);
    assert_true(track->left + track->width < CHART_WIDTH);
    assert_true(close_to(chart_height(&chart, 4), 2 * chart_height(&chart, 2)));
    /* The second bar by itself, as at the top of a page: of the same length. */
    struct drawn alone = {0};
    chart_draw(&chart, &chart.panels[0], CHART_WIDTH, 1, 1, keep, &alone);
    assert_true(close_to(shape(&alone, CHART_SHAPE_BAR, CHART_TONE_NOW, 0)->width, second->width));
    assert_string_equal(shape(&alone, CHART_SHAPE_TEXT, CHART_TONE_LABEL, 0)->text, "exceptions noted");
    arena_free(arena);
}

/* Zeros alone, and numbers past all reason, give finite places. */
static void every_number_has_a_place(void **state) {
    (void)state;
    static const double values[] = {0, 0, -1e300, 1e300, 1e14, -1e14, 1e-300};
    struct arena *arena = arena_new();
    for (size_t from = 0; from + 2 <= sizeof values / sizeof values[0]; from++) {
        for (int kind = CHART_COLUMNS; kind <= CHART_BARS; kind++) {
            struct chart chart = {.kind = (enum chart_kind)kind};
            struct chart_panel panel = {.full = values[from], .target = values[from + 1], .aimed = true};
            struct drawn drawn;
            add(arena, &chart, &panel, "Q1", "x", values[from]);
            add(arena, &chart, &panel, "Q2", "y", values[from + 1]);
            add(arena, &chart, &panel, "Q3", "z", 1);
            chart_settle(&chart, 1);
            draw(&chart, 0, &drawn);
            for (size_t i = 0; i < drawn.count; i++) {
                const struct chart_shape *one = &drawn.shapes[i];
                assert_true(one->left >= -1e-6 && one->left + one->width <= CHART_WIDTH + 1e-6);
                assert_true(one->top >= -1e-6 && one->top + one->height <= chart_height(&chart, 3) + 1e-6);
            }
        }
    }
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_begin_at_zero),
        cmocka_unit_test(the_whole_bounds_the_axis),
        cmocka_unit_test(values_below_zero_hang_from_the_axis),
        cmocka_unit_test(a_point_without_a_value_has_no_bar),
        cmocka_unit_test(too_few_values_make_no_chart),
        cmocka_unit_test(columns_are_the_newest),
        cmocka_unit_test(panels_stand_as_close_as_their_words_allow),
        cmocka_unit_test(the_target_crosses_no_value),
        cmocka_unit_test(bars_are_shares_of_the_whole),
        cmocka_unit_test(every_number_has_a_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
