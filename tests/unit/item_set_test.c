#include "assess/item_set.h"

#include "base/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static void add_numbered(struct item_set *set, size_t from, size_t until) {
    char item[32];

    for (size_t i = from; i < until; i++) {
        snprintf(item, sizeof item, "item %zu", i);
        item_set_add(set, item);
    }
}

static void different_items_do_not_repeat(void **state) {
    struct item_set set = {0};
    (void)state;

    assert_false(item_set_may_repeat(&set));
    add_numbered(&set, 0, 100000);
    assert_false(item_set_may_repeat(&set));
    item_set_free(&set);
}

static void one_repetition_is_seen_wherever_it_stands(void **state) {
    static const char *const again[] = {"item 0", "item 499", "item 999"};
    (void)state;

    for (size_t i = 0; i < 3; i++) {
        struct item_set set = {0};
        add_numbered(&set, 0, 1000);
        item_set_add(&set, again[i]);
        assert_true(item_set_may_repeat(&set));
        item_set_free(&set);
    }
}

static void past_the_limit_nothing_is_ruled_out(void **state) {
    struct item_set set = {0};
    (void)state;

    add_numbered(&set, 0, LIMIT_ITEM_HASHES + 1);
    assert_true(set.full);
    assert_true(item_set_may_repeat(&set));
    item_set_free(&set);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(different_items_do_not_repeat),
        cmocka_unit_test(one_repetition_is_seen_wherever_it_stands),
        cmocka_unit_test(past_the_limit_nothing_is_ruled_out),
    };
    return cmocka_run_group_tests_name("item_set", tests, NULL, NULL);
}
