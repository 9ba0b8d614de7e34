#include "config/schema_private.h"

#include "base/limits.h"

#include <string.h>

const char *const schema_method_names[] = {
    [METHOD_INSPECTION] = "inspection",
    [METHOD_OBSERVATION] = "observation",
    [METHOD_REPERFORMANCE] = "reperformance",
    [METHOD_INQUIRY] = "inquiry",
    NULL,
};

const char *const schema_severity_names[] = {
    [SEVERITY_LOW] = "low",
    [SEVERITY_MEDIUM] = "medium",
    [SEVERITY_HIGH] = "high",
    [SEVERITY_CRITICAL] = "critical",
    NULL,
};

struct test_draft {
    struct test test;
    int method;
    int severity;
    const struct yaml_node *query;
    const struct yaml_node *manual;
    const struct yaml_node *challenges;
};
struct manual_draft {
    struct manual manual;
    int each;
};
struct tests_draft {
    struct test_draft *items;
    size_t count;
};

static bool schema_tests_bad(struct schema_loader *loader, const struct place *place, const char *id, const char *why) {
    diagnostics_report(loader->diagnostics, DIAGNOSTIC_BAD_TEST, place, "the test '%s' %s", id, why);
    return false;
}

/* Whether SQL has a name that ends in "_latest". */
static bool schema_tests_reads_latest(const char *sql) {
    static const char suffix[] = SCHEMA_LATEST;
    static const char name[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    for (const char *at = strstr(sql, suffix); at != NULL; at = strstr(at + 1, suffix)) {
        if (strspn(at + strlen(suffix), name) == 0)
            return true;
    }
    return false;
}

static bool schema_tests_id(struct schema_loader *loader, const struct control *control, const struct test *test) {
    size_t length = strlen(control->id);
    if (strncmp(test->id, control->id, length) != 0 || test->id[length] != '.') {
        diagnostics_report(loader->diagnostics, DIAGNOSTIC_WRONG_VALUE, &test->place,
                           "the test '%.80s' does not begin with its control's id; call it %s.1 or the like", test->id,
                           control->id);
        return false;
    }
    return schema_check_id(loader, &test->place, "test", test->id);
}

/* What the test asks: a query over records, or a person who attests. */
static bool schema_tests_query(struct schema_loader *loader, const struct test_draft *draft, struct test *test) {
    if (test->method == METHOD_INQUIRY)
        return schema_tests_bad(loader, &test->place, test->id,
                                "rests on inquiry alone, which is never enough; inspect, observe or re-perform");
    if (draft->query == NULL) {
        if (test->manual.attest == NULL)
            return schema_tests_bad(loader, &test->place, test->id,
                                    "neither asks nor attests; add 'query' (SQL) or 'manual' (who attests what)");
        if (test->detail != NULL || test->latest_reason != NULL)
            return schema_tests_bad(loader, &test->place, test->id,
                                    "has 'detail' or 'latest' but no query; leave them out");
        return true;
    }
    if (!decode_is(draft->query, YAML_SCALAR, "'query'", loader->diagnostics))
        return false;
    if (test->manual.attest != NULL)
        return schema_tests_bad(loader, &draft->query->place, test->id, "has a query and is manual; make it two tests");
    if (draft->query->length > LIMIT_SQL_BYTES || (test->detail != NULL && strlen(test->detail) > LIMIT_SQL_BYTES))
        return schema_tests_bad(loader, &draft->query->place, test->id,
                                "has SQL longer than the store takes; shorten it");
    test->query = draft->query->text;
    test->query_place = draft->query->text_place;
    if (test->latest_reason == NULL && schema_tests_reads_latest(test->query))
        return schema_tests_bad(
            loader, &draft->query->place, test->id,
            "reads only the latest snapshots; say why that is enough in 'latest', or read them all");
    return true;
}

static bool schema_tests_witness(struct schema_loader *loader, const struct yaml_node *node) {
    const struct schema *schema = loader->schema;
    bool good = true;
    const struct yaml_node *const *items = &node;
    size_t count = 1;
    if (node == NULL)
        return true;
    if (node->kind == YAML_SEQUENCE) {
        items = (const struct yaml_node *const *)node->items;
        count = node->count;
    }
    for (size_t i = 0; i < count; i++) {
        if (items[i]->kind == YAML_SCALAR && schema_type(schema, items[i]->text) == SIZE_MAX)
            good = decode_unknown(&items[i]->place, "evidence type", items[i]->text, schema->types, schema->type_count,
                                  sizeof(*schema->types), loader->diagnostics);
    }
    return good;
}

static bool schema_tests_manual(struct schema_loader *loader, const struct yaml_node *node, struct manual *manual) {
    static const struct decode_field fields[] = {
        {"attest", DECODE_TEXT, offsetof(struct manual_draft, manual.attest), true, NULL},
        {"by", DECODE_TEXT, offsetof(struct manual_draft, manual.by), true, NULL},
        {"document", DECODE_TEXT, offsetof(struct manual_draft, manual.document), true, NULL},
        {"each", DECODE_CHOICE, offsetof(struct manual_draft, each), false, schema_cadence_names},
    };
    struct manual_draft draft = {.each = CADENCE_PERIOD};
    if (node == NULL)
        return true;
    bool good = decode_mapping(loader->arena, node, "manual test", fields, sizeof(fields) / sizeof(fields[0]), &draft,
                               loader->diagnostics);
    *manual = draft.manual;
    manual->each = (enum cadence)draft.each;
    /* What was wrong has been said: it must not seem as if the test had no way of being made. */
    if (manual->attest == NULL)
        manual->attest = "";
    return good;
}

static bool schema_tests_fill(struct schema_loader *loader, const struct yaml_node *node,
                              const struct test_draft *draft, const struct control *control, struct test *test) {
    *test = draft->test;
    test->method = (enum test_method)draft->method;
    test->severity = (enum severity)draft->severity;
    if (test->id == NULL) {
        test->id = "";
        return false;
    }
    bool good = schema_tests_id(loader, control, test);
    good = schema_tests_manual(loader, draft->manual, &test->manual) && good;
    good = schema_tests_query(loader, draft, test) && good;
    good = schema_tests_witness(loader, yaml_get(node, "witness")) && good;
    return schema_challenges_load(loader, draft->challenges, control, test) && good;
}

bool schema_tests_load(struct schema_loader *loader, const struct yaml_node *tests, struct control *control) {
    static const struct decode_field fields[] = {
        {"id", DECODE_TEXT, offsetof(struct test_draft, test.id), true, NULL},
        {"title", DECODE_TEXT, offsetof(struct test_draft, test.title), true, NULL},
        {"method", DECODE_CHOICE, offsetof(struct test_draft, method), true, schema_method_names},
        {"query", DECODE_NODE, offsetof(struct test_draft, query), false, NULL},
        {"detail", DECODE_TEXT, offsetof(struct test_draft, test.detail), false, NULL},
        {"witness", DECODE_TEXTS, offsetof(struct test_draft, test.witness), false, NULL},
        {"latest", DECODE_TEXT, offsetof(struct test_draft, test.latest_reason), false, NULL},
        {"manual", DECODE_NODE, offsetof(struct test_draft, manual), false, NULL},
        {"tolerable", DECODE_PERCENT, offsetof(struct test_draft, test.tolerable), false, NULL},
        {"severity", DECODE_CHOICE, offsetof(struct test_draft, severity), false, schema_severity_names},
        {"remediation", DECODE_TEXT, offsetof(struct test_draft, test.remediation), false, NULL},
        {"sampling", DECODE_TEXT, offsetof(struct test_draft, test.sampling), false, NULL},
        {"challenges", DECODE_NODE, offsetof(struct test_draft, challenges), false, NULL},
    };
    static const struct test_draft blank = {.severity = SEVERITY_MEDIUM, .test = {.title = "", .remediation = ""}};
    static const struct decode_list list = {
        .key = "tests",
        .what = "test",
        .fields = fields,
        .field_count = sizeof(fields) / sizeof(fields[0]),
        .size = sizeof(struct test_draft),
        .blank = &blank,
        .place_offset = offsetof(struct test_draft, test.place),
        .items_offset = offsetof(struct tests_draft, items),
        .count_offset = offsetof(struct tests_draft, count),
    };
    struct tests_draft draft = {0};
    bool good = decode_sequence(loader->arena, tests, &list, &draft, loader->diagnostics);

    control->tests = arena_array(loader->arena, draft.count, sizeof(*control->tests));
    if (control->tests == NULL && draft.count > 0)
        return decode_out_of_memory(loader->diagnostics);
    control->test_count = draft.count;
    for (size_t i = 0; i < draft.count; i++)
        good = schema_tests_fill(loader, tests->items[i], &draft.items[i], control, &control->tests[i]) && good;
    return good;
}
