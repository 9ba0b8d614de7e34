#include "document/tree.h"

#include "report_fixture.h"

static void nodes_stand_in_the_order_they_came(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct document *document = tree_new(arena);
    assert_non_null(document);
    struct node *section = tree_append(document, document->root, NODE_SECTION);
    section->target = "one";
    section->level = 1;
    assert_non_null(tree_append(document, section, NODE_PARAGRAPH));
    assert_non_null(tree_append(document, section, NODE_RULE));
    report_fixture_expect(document, "S1#one(P()---)");
    assert_int_equal(document->node_count, 4);
    arena_free(arena);
}

static void children_move_to_the_end_of_another_parent(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct document *document = tree_new(arena);
    struct node *loose = tree_append(document, NULL, NODE_QUOTE);
    assert_non_null(tree_append(document, loose, NODE_RULE));
    assert_non_null(tree_append(document, loose, NODE_PAGE_BREAK));
    struct node *item = tree_append(document, document->root, NODE_ITEM);
    assert_non_null(tree_append(document, item, NODE_PARAGRAPH));
    tree_adopt(item, loose);
    tree_adopt(item, loose); /* nothing is left to move */
    assert_null(loose->first_child);
    assert_non_null(tree_append(document, item, NODE_PARAGRAPH));
    report_fixture_expect(document, "I(P()---===P())");
    tree_attach(document->root, loose);
    report_fixture_expect(document, "I(P()---===P())Q()");
    arena_free(arena);
}

static void sections_are_found_at_any_depth(void **state) {
    (void)state;
    static const char *const names[] = {"a", "b", "c"};
    struct arena *arena = arena_new();
    struct document *document = tree_new(arena);
    struct node *parent = document->root;
    for (int i = 0; i < 3; i++) {
        parent = tree_append(document, parent, NODE_SECTION);
        parent->level = i + 1;
        parent->target = names[i];
    }
    assert_ptr_equal(tree_find(document, "c"), parent);
    assert_ptr_equal(tree_find(document, "a"), document->root->first_child);
    assert_null(tree_find(document, "d"));
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nodes_stand_in_the_order_they_came),
        cmocka_unit_test(children_move_to_the_end_of_another_parent),
        cmocka_unit_test(sections_are_found_at_any_depth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
