#include "scratch.h"

#include "base/limits.h"
#include "read/cedar.h"

static void show_text(const struct cedar *cedar, const char *name, const struct cedar_text *text, struct buffer *out) {
    if (text->there) {
        buffer_format(out, " %s<", name);
        buffer_append(out, cedar_bytes(cedar, text), text->length);
        buffer_append_byte(out, '>');
    }
}

static void show_policy(const struct cedar *cedar, const struct cedar_policy *policy, struct buffer *out) {
    buffer_format(out, "%s@%d", policy->permit ? "permit" : "forbid", (int)cedar_line(cedar));
    for (size_t i = 0; i < policy->annotation_count; i++) {
        show_text(cedar, "note", &policy->annotations[i].name, out);
        show_text(cedar, "=", &policy->annotations[i].value, out);
    }
    buffer_format(out, " %s", policy->principal_operator);
    show_text(cedar, "principal", &policy->principal.whole, out);
    show_text(cedar, "type", &policy->principal.type, out);
    show_text(cedar, "id", &policy->principal.id, out);
    buffer_format(out, " %s", policy->action_operator);
    show_text(cedar, "action", &policy->action, out);
    for (size_t i = 0; i < policy->action_count; i++) {
        show_text(cedar, "id", &policy->actions[i].id, out);
    }
    buffer_format(out, " %s", policy->resource_operator);
    show_text(cedar, "resource", &policy->resource.whole, out);
    show_text(cedar, "type", &policy->resource.type, out);
    show_text(cedar, "if", &policy->conditions, out);
    buffer_append_byte(out, '\n');
}

static void show(const char *text, size_t length, size_t most, struct buffer *out) {
    static const char *const ends[] = {[CEDAR_READ_END] = "", [CEDAR_READ_TRUNCATED] = "cut\n"};
    struct byte_source_memory memory;
    const struct cedar_policy *policy;
    enum cedar_event event;

    byte_source_memory(&memory, text, length);
    memory.most = most;
    struct cedar *cedar = cedar_open(&memory.source);
    assert_non_null(cedar);
    while ((event = cedar_next(cedar, &policy)) == CEDAR_READ_POLICY || event == CEDAR_READ_ERROR) {
        assert_true(cedar_offset(cedar) + cedar_length(cedar) <= length);
        if (event == CEDAR_READ_ERROR) {
            buffer_format(out, "!%d:%d %s\n", (int)cedar_error_line(cedar), (int)cedar_error_column(cedar),
                          cedar_error(cedar));
            continue;
        }
        assert_int_equal(text[cedar_offset(cedar) + cedar_length(cedar) - 1], ';');
        show_policy(cedar, policy, out);
    }
    assert_int_not_equal(event, CEDAR_READ_FAILED);
    buffer_append_text(out, ends[event]);
    cedar_close(cedar);
}

static void expect(const char *text, const char *expected) {
    struct buffer shown = {0};

    for (size_t most = 0; most < 4; most++) {
        buffer_clear(&shown);
        show(text, strlen(text), most, &shown);
        assert_string_equal(buffer_text(&shown), expected);
    }
    buffer_free(&shown);
}

#define ANY "any principal<*> any action<*> any resource<*>"

static void scopes(void **state) {
    (void)state;
    expect("", "");
    expect("// nothing\n", "");
    expect("permit(principal,action,resource);", "permit@1 " ANY "\n");
    expect("\xEF\xBB\xBF\n forbid ( principal , action , resource , ) ;\n", "forbid@2 " ANY "\n");
    expect("permit(principal == App::User::\"a\\\"n\\u{e9}\", action == Action::\"view\", resource in Folder::\"f\");",
           "permit@1 == principal<App::User::\"a\\\"n\\u{e9}\"> type<App::User> id<a\"n\xC3\xA9> == "
           "action<Action::\"view\"> id<view> in resource<Folder::\"f\"> type<Folder>\n");
    expect("permit(principal in ?principal, action in [Action::\"a\", // the first\n Action :: \"b\"], resource == "
           "?resource);",
           "permit@1 in principal<?principal> in action<[Action::\"a\", Action::\"b\"]> id<a> id<b> == "
           "resource<?resource>\n");
    expect("permit(principal is User in Group::\"g\", action in Action::\"all\", resource is Doc);",
           "permit@1 is in principal<Group::\"g\"> type<User> id<g> in action<Action::\"all\"> id<all> is resource<*> "
           "type<Doc>\n");
    expect("permit(principal,action in [],resource);", "permit@1 any principal<*> in action<[]> any resource<*>\n");
}

static void annotations(void **state) {
    (void)state;
    expect("@id(\"p;1\")@advice @note(\"two\nlines // no comment\") permit(principal,action,resource);",
           "permit@1 note<id> =<p;1> note<advice> =<> note<note> =<two\nlines // no comment> " ANY "\n");
    expect("@a(\"\\x41\\n\\0\") permit(principal,action,resource);", "permit@1 note<a> =<A\n");
    expect("@a(\"1\")@a(\"2\")permit(principal,action,resource);", "!1:9 an annotation stands twice\n");
    expect("@a(\"\\q\")permit(principal,action,resource);", "!1:5 a text has an escape that Cedar does not know\n");
    expect("@a(1)permit(principal,action,resource);", "!1:4 the value of an annotation is a text in quotes\n");
}

static void conditions(void **state) {
    (void)state;
    expect(
        "permit(principal,action,resource)\nwhen { a::b(1) && resource has x.y || !principal.z[\"k\"].in(1,2) }\n"
        "unless { if 1 + 2 * -3 < 4 then [1, {a: 1, \"b\": \"}\"}] == x(\"//\") else context.n like \"a\\*;*\" };",
        "permit@1 " ANY " if<when { a::b(1) && resource has x.y || !principal.z[\"k\"].in(1,2) }\n"
        "unless { if 1 + 2 * -3 < 4 then [1, {a: 1, \"b\": \"}\"}] == x(\"//\") else context.n like \"a\\*;*\" }>\n");
    expect("permit(principal,action,resource) when { // why\n  // a whole line\n  true // this\n} // end\n;",
           "permit@1 " ANY " if<when {\n  true\n}>\n");
    expect("permit(principal,action,resource)when{principal is A::B in resource.g}when{action in [Action::\"x\"]};",
           "permit@1 " ANY " if<when{principal is A::B in resource.g}when{action in [Action::\"x\"]}>\n");
}

static void errors_name_their_place(void **state) {
    (void)state;
    static const struct {
        const char *text;
        const char *expected;
    } cases[] = {
        {"permit;", "!1:7 a '(' is expected\n"},
        {";", "!1:1 a policy begins with permit or forbid, behind annotations\n"},
        {"allow(principal,action,resource);", "!1:1 a policy begins with permit or forbid, behind annotations\n"},
        {"permit(principal,\n  action = Action::\"a\",resource);", "!2:10 a ',' is expected behind the action\n"},
        {"permit(principal == User::ann,action,resource);", "!1:30 an entity such as User::\"ann\" is expected\n"},
        {"permit(principal == ?resource,action,resource);", "!1:21 a name is expected\n"},
        {"permit(principal,action,resource) when { };", "!1:42 a value is expected\n"},
        {"permit(principal,action,resource) when { \xC3\xA9 };",
         "!1:42 a character stands here that Cedar does not use\n"},
        {"permit(principal,action,resource) when { \"\xC3\xA9\" == };", "!1:49 a value is expected\n"},
        {"permit(principal,action,resource) when { 1 == 2 == 3 };",
         "!1:49 the condition is over, and a '}' is expected\n"},
        {"permit(principal,action,resource) when { foo };",
         "!1:42 a name stands here that is no variable, entity or function\n"},
        {"permit(principal,action,resource) when { ?principal == 1 };", "!1:42 a value is expected\n"},
        {"permit(principal,action,resource) when { 1 } else { 2 };", "!1:46 a condition or the ';' is expected\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        expect(cases[i].text, cases[i].expected);
    }
    struct buffer shown = {0};
    static const char invalid[] =
        "permit(principal,action,resource)when{\"\xFF\" == \"\"};permit(principal,action,resource);";
    show(invalid, sizeof invalid - 1, 1, &shown);
    assert_string_equal(buffer_text(&shown), "!1:40 the policy is not UTF-8\npermit@1 " ANY "\n");
    buffer_free(&shown);
}

/* An error costs its policy, and a text without an end the policies up to the ';' behind it. */
static void goes_on_behind_errors(void **state) {
    (void)state;
#define GOOD "permit(principal,action,resource);"
    expect("permit;\n" GOOD, "!1:7 a '(' is expected\npermit@2 " ANY "\n");
    expect("permit(principal) \"; no\" when ;\n" GOOD,
           "!1:17 a ',' is expected behind the principal\n"
           "!1:22 a policy begins with permit or forbid, behind annotations\n"
           "permit@2 " ANY "\n");
    expect(GOOD "\n@id(\"one) " GOOD "\n@id(\"two\") " GOOD "\n" GOOD,
           "permit@1 " ANY "\n!3:6 a ')' is expected behind the value of an annotation\npermit@4 " ANY "\n");
    expect("@id(\"one) permit(principal,action,resource);\n" GOOD,
           "!1:5 a text has no closing quote\npermit@2 " ANY "\n");
    expect(GOOD "permit(principal,action,resource)", "permit@1 " ANY "\ncut\n");
    expect("@id(\"one) ", "cut\n");
    expect("x\"; \\\"; \\\"; ", "!1:1 a policy begins with permit or forbid, behind annotations\n"
                                "!1:5 a character stands here that Cedar does not use\n"
                                "!1:9 a character stands here that Cedar does not use\n");
}

/* What is hostile ends soon, and says so. */
static void hostile(void **state) {
    (void)state;
    size_t length = 1u << 20;
    char *text = malloc(length + 1);
    struct buffer shown = {0};
    static const char *const repeated[] = {"(", "[", "{a:", "!", "if ", "\"", "\\\"", "@a", "a::", ";", "\";", "//"};

    assert_non_null(text);
    for (size_t i = 0; i < sizeof repeated / sizeof repeated[0]; i++) {
        static const char start[] = "permit(principal,action,resource)when{";
        size_t at = strlen(start);
        memcpy(text, start, at);
        for (; at + strlen(repeated[i]) < length; at += strlen(repeated[i])) {
            memcpy(text + at, repeated[i], strlen(repeated[i]));
        }
        buffer_clear(&shown);
        show(text, at, 0, &shown);
        if (i < 3) {
            assert_string_equal(buffer_text(&shown), i < 2 ? "!1:103 a condition is nested deeper than 64 levels\n"
                                                           : "!1:231 a condition is nested deeper than 64 levels\n");
        }
    }
    memset(text, ' ', length);
    for (size_t at = 0; at + 4 < length; at += 4) {
        memcpy(text + at, "\\\";\"", 4);
    }
    buffer_clear(&shown);
    show(text, length, 0, &shown);
    free(text);
    buffer_free(&shown);
}

static void long_policies_are_passed_over(void **state) {
    (void)state;
    static const char end[] = ";permit(principal,action,resource);";
    size_t length = (size_t)LIMIT_RECORD_BYTES + 100;
    char *text = malloc(length + sizeof end);
    struct buffer shown = {0};

    assert_non_null(text);
    memset(text, 'x', length);
    memcpy(text + length, end, sizeof end);
    show(text, length + sizeof end - 1, 0, &shown);
    assert_string_equal(buffer_text(&shown), "!1:1 a policy is longer than 16 MiB\npermit@1 " ANY "\n");
    buffer_free(&shown);
    free(text);
}

/* Wherever the input is cut: the policies that were whole before are read the same, and the cut one is none. */
static void cut_anywhere(void **state) {
    (void)state;
    static const char text[] = "// first\n@id(\"a;\")\npermit(principal in Team::\"x\", action, resource)\n"
                               "when { context.n == \"//;\" // comment;\n};\nforbid(principal,action,resource);\n";
    struct buffer whole = {0};
    struct buffer cut = {0};

    show(text, sizeof text - 1, 0, &whole);
    for (size_t length = 0; length < sizeof text; length++) {
        char *exact = malloc(length + 1);
        assert_non_null(exact);
        memcpy(exact, text, length);
        for (size_t most = 0; most < 3; most++) {
            buffer_clear(&cut);
            show(exact, length, most, &cut);
            const char *shown = buffer_text(&cut);
            const char *stop = strstr(shown, "cut\n");
            const char *error = strchr(shown, '!');
            size_t same = stop != NULL ? (size_t)(stop - shown) : cut.length;
            same = error != NULL && (size_t)(error - shown) < same ? (size_t)(error - shown) : same;
            assert_memory_equal(shown, buffer_text(&whole), same);
        }
        free(exact);
    }
    buffer_free(&whole);
    buffer_free(&cut);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scopes),
        cmocka_unit_test(annotations),
        cmocka_unit_test(conditions),
        cmocka_unit_test(errors_name_their_place),
        cmocka_unit_test(goes_on_behind_errors),
        cmocka_unit_test(hostile),
        cmocka_unit_test(long_policies_are_passed_over),
        cmocka_unit_test(cut_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
