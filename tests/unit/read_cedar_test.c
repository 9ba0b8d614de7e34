#include "read_fixture.h"

static const char kind[] = "kind: policies\n"
                           "format: cedar\n"
                           "detect: {paths: [effect, annotation.owner]}\n"
                           "rows:\n"
                           "  - type: thing\n"
                           "    when: {effect: [permit]}\n"
                           "    map: {id: id, note: {from: conditions}, sort: {from: annotation.colour}}\n"
                           "  - type: part\n"
                           "    at: 'actions[*]'\n"
                           "    when: {../resource_operator: {not: is}}\n"
                           "    map: {thing: ../principal, name: '.', place: '@index'}\n";
static const char *const kinds[] = {kind, NULL};

static void policies_and_actions(void **state) {
    (void)state;
    struct fixture f;

    fixture_begin(&f, kinds);
    fixture_expect(
        &f,
        "@id(\"first\") @colour(\"red\")\n"
        "permit(principal == User::\"ann\", action in [Action::\"a\", Action::\"b\"], resource) when { true };\n"
        "// another\n"
        "permit(principal, action, resource == Doc::\"d\");\n"
        "forbid(principal, action == Action::\"c\", resource is Doc);\n"
        "forbid(principal in ?principal, action, resource);\n",
        "thing 1 line 1 id=first sort=red note=when { true }\n"
        "part 1 line 1 thing=User::\"ann\" name=Action::\"a\" place=0\n"
        "part 1 line 1 thing=User::\"ann\" name=Action::\"b\" place=1\n"
        "thing 2 line 4 id=policy1\n"
        "part 2 line 4 thing=* name=* place=0\n"
        "part 4 line 6 thing=?principal name=* place=0\n"
        "3 of 4, 1 passed over\n",
        "");
    fixture_end(&f);
}

static void every_path(void **state) {
    (void)state;
    static const char *const paths[] = {
        "effect=forbid",
        "id=policy0",
        "principal=U::\"p\"",
        "principal_type=U",
        "principal_id=p",
        "principal_operator===",
        "action=A::\"a\"",
        "action_operator===",
        "resource=R::\"r\"",
        "resource_type=T",
        "resource_id=r",
        "resource_operator=is in",
        "conditions=when{1}unless{2}",
        "annotation.owner=ann",
    };
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        char one[300];
        char rows[200];
        const char *const one_kind[] = {one, NULL};
        int length = (int)strcspn(paths[i], "=");
        struct fixture f;
        snprintf(one, sizeof one, "kind: one\nformat: cedar\nrows:\n  - {type: thing, map: {id: %.*s}}\n", length,
                 paths[i]);
        snprintf(rows, sizeof rows, "thing 1 line 1 id=%s\n1 of 1\n", paths[i] + length + 1);
        fixture_begin(&f, one_kind);
        fixture_expect(
            &f,
            "@owner(\"ann\")forbid(principal==U::\"p\",action==A::\"a\",resource is T in R::\"r\")when{1}unless{2};",
            rows, "");
        fixture_end(&f);
    }
}

static void of_an_action(void **state) {
    (void)state;
    static const char *const one_kind[] = {
        "kind: one\nformat: cedar\nrows:\n  - {type: part, at: 'actions[*]', map: {thing: type, name: id}}\n", NULL};
    struct fixture f;

    fixture_begin(&f, one_kind);
    fixture_expect(&f,
                   "permit(principal,action in [N::Action::\"a b\",Action::\"c\"],resource);permit(principal,action in "
                   "[],resource);",
                   "part 1 line 1 thing=N::Action name=a b\npart 1 line 1 thing=Action name=c\n1 of 2, 1 passed over\n",
                   "");
    fixture_end(&f);
}

static void wrong_files(void **state) {
    (void)state;
    struct fixture f;

    fixture_begin(&f, kinds);
    fixture_expect(&f, "", "0 of 0, no list, wrong shape\n",
                   "evidence: error: the file is empty; export it again as 'policies' [wrong-shape]\n");
    fixture_expect(
        &f, "// nothing\n", "0 of 0, no list, wrong shape\n",
        "evidence: error: there is no Cedar policy; the file begins with \"// nothing \"; export it again as "
        "'policies' [wrong-shape]\n");
    fixture_expect(&f,
                   "permit(principal, action, resource);\n"
                   "permit(principal, action, resource)\n  when { 1 + };\n"
                   "permit(principal, action, resource) when { \"",
                   "thing 1 line 1 id=policy0\npart 1 line 1 thing=* name=* place=0\n1 of 3, 2 rejected, truncated\n",
                   "evidence:3:14: record 2: error: a value is expected; correct the policy [cedar-syntax]\n"
                   "evidence:4: record 3: error: the file ends inside this policy; complete it, or close its last text "
                   "[truncated]\n");
    fixture_expect(
        &f, "{\"a\": 1}", "0 of 1, 1 rejected, no list, wrong shape\n",
        "evidence:1:1: record 1: error: a policy begins with permit or forbid, behind annotations; correct the "
        "policy [cedar-syntax]\n");
    fixture_end(&f);
}

static void detection(void **state) {
    (void)state;
    static const char yes[] = "permit;permit(principal,action,resource);@owner forbid(principal,action,resource);";
    struct fixture f;
    size_t found = 0;

    fixture_begin(&f, kinds);
    assert_int_equal(read_detect(f.schema, yes, sizeof yes - 1, &found, 1), 1);
    assert_int_equal(read_detect(f.schema, yes, 45, &found, 1), 0);
    fixture_end(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(policies_and_actions), cmocka_unit_test(every_path), cmocka_unit_test(of_an_action),
        cmocka_unit_test(wrong_files),          cmocka_unit_test(detection),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
