#include "config/schema_private.h"

#include "base/limits.h"
#include "base/text.h"
#include "base/value.h"

#include <string.h>

#define CHECKS_STALE_MOST INT64_C(3660)
static const char checks_stale_suffix[] = "_days_stale";

struct check_draft {
    struct check check;
    const struct yaml_node *tests;
    const struct yaml_node *controls;
    const struct yaml_node *alerts;
    const struct yaml_node *insufficient;
};
struct alert_draft {
    struct check_alert alert;
    const struct yaml_node *when;
};
struct threshold_draft {
    const char *id;
    const char *title;
    const struct yaml_node *parameters;
    const struct yaml_node *query;
    const struct yaml_node *challenges;
    struct place place;
};
struct checks_draft {
    struct check_draft *checks;
    size_t check_count;
    struct alert_draft *alerts;
    size_t alert_count;
    struct threshold_draft *thresholds;
    size_t threshold_count;
    const struct yaml_node *channels;
    const struct yaml_node *insufficient;
    const struct yaml_node *threshold_nodes;
    const struct yaml_node *check_nodes;
};

/* An id or group that stands in JSON, in the state and on the command line. */
static bool schema_checks_word(struct schema_loader *loader, const struct place *place, const char *what,
                               const char *word) {
    if (word == NULL)
        return false;
    if (text_is_name(word, true) && strlen(word) <= LIMIT_NAME_BYTES)
        return true;
    diagnostics_report(loader->diagnostics, DIAGNOSTIC_WRONG_VALUE, place,
                       "'%.80s' cannot be %s; use a-z, 0-9, '_', '-' and '.', a letter first, at most %d characters",
                       word, what, LIMIT_NAME_BYTES);
    return false;
}

/* Who is told, for each severity: a severity without anybody would be an alert to nobody. */
static bool schema_checks_channels(struct schema_loader *loader, const struct yaml_node *node) {
    struct text_list *channels = loader->schema->checks.channels;
    struct decode_field fields[CHECK_SEVERITIES];

    for (size_t i = 0; i < CHECK_SEVERITIES; i++)
        fields[i] =
            (struct decode_field){schema_severity_names[i], DECODE_TEXTS, i * sizeof(struct text_list), true, NULL};
    return node == NULL || decode_mapping(loader->arena, node, "list of channels", fields, CHECK_SEVERITIES, channels,
                                          loader->diagnostics);
}

static bool schema_checks_insufficient(struct schema_loader *loader, const struct yaml_node *node,
                                       struct check_insufficient *out) {
    static const struct decode_field fields[] = {
        {"severity", DECODE_CHOICE, offsetof(struct check_insufficient, severity), true, schema_severity_names},
        {"message", DECODE_TEXT, offsetof(struct check_insufficient, message), true, NULL},
        {"action", DECODE_TEXT, offsetof(struct check_insufficient, action), true, NULL},
    };
    if (node == NULL)
        return true;
    out->place = node->place;
    return decode_mapping(loader->arena, node, "alert on insufficient evidence", fields,
                          sizeof(fields) / sizeof(fields[0]), out, loader->diagnostics);
}

static size_t schema_checks_find(const struct checks *checks, const char *id) {
    for (size_t i = 0; i < checks->threshold_count; i++) {
        if (strcmp(checks->thresholds[i].id, id) == 0)
            return i;
    }
    return SIZE_MAX;
}

/* A threshold is kept as a control with one test, so that its parameters and challenges are those of any test. */
static bool schema_checks_threshold(struct schema_loader *loader, const struct threshold_draft *draft,
                                    struct control *control) {
    struct test *test = arena_allocate(loader->arena, sizeof(*test));
    const char *title = draft->title != NULL ? draft->title : "";

    if (test == NULL)
        return decode_out_of_memory(loader->diagnostics);
    *control = (struct control){.id = draft->id != NULL ? draft->id : "",
                                .title = title,
                                .owner = "",
                                .narrative = "",
                                .effective_from = INT64_MIN,
                                .superseded = INT64_MAX,
                                .tests = test,
                                .test_count = 1,
                                .place = draft->place};
    *test = (struct test){.id = control->id, .title = title, .remediation = "", .place = draft->place};
    if (!schema_checks_word(loader, &draft->place, "the id of a threshold", draft->id) || draft->query == NULL ||
        !decode_is(draft->query, YAML_SCALAR, "'query'", loader->diagnostics))
        return false;
    if (draft->query->length > LIMIT_SQL_BYTES) {
        diagnostics_report(loader->diagnostics, DIAGNOSTIC_BAD_TEST, &draft->query->place,
                           "the threshold '%s' has SQL longer than the store takes; shorten it", draft->id);
        return false;
    }
    test->query = draft->query->text;
    test->query_place = draft->query->text_place;
    bool good = schema_controls_parameters(loader, draft->parameters, control);
    return schema_challenges_load(loader, draft->challenges, control, test) && good;
}

static bool schema_checks_thresholds(struct schema_loader *loader, struct checks_draft *draft) {
    static const struct decode_field fields[] = {
        {"id", DECODE_TEXT, offsetof(struct threshold_draft, id), true, NULL},
        {"title", DECODE_TEXT, offsetof(struct threshold_draft, title), true, NULL},
        {"parameters", DECODE_NODE, offsetof(struct threshold_draft, parameters), false, NULL},
        {"query", DECODE_NODE, offsetof(struct threshold_draft, query), true, NULL},
        {"challenges", DECODE_NODE, offsetof(struct threshold_draft, challenges), true, NULL},
    };
    static const struct decode_list list = {
        .key = "thresholds",
        .what = "threshold",
        .fields = fields,
        .field_count = sizeof(fields) / sizeof(fields[0]),
        .size = sizeof(struct threshold_draft),
        .place_offset = offsetof(struct threshold_draft, place),
        .items_offset = offsetof(struct checks_draft, thresholds),
        .count_offset = offsetof(struct checks_draft, threshold_count),
    };
    struct checks *checks = &loader->schema->checks;
    bool good = decode_sequence(loader->arena, draft->threshold_nodes, &list, draft, loader->diagnostics);

    checks->thresholds = arena_array(loader->arena, draft->threshold_count, sizeof(*checks->thresholds));
    if (checks->thresholds == NULL && draft->threshold_count > 0)
        return decode_out_of_memory(loader->diagnostics);
    for (size_t i = 0; i < draft->threshold_count; i++) {
        struct threshold_draft *item = &draft->thresholds[i];
        if (item->id != NULL && schema_checks_find(checks, item->id) != SIZE_MAX) {
            diagnostics_report(loader->diagnostics, DIAGNOSTIC_DUPLICATE_ID, &item->place,
                               "the threshold '%s' is declared already; rename or remove one of them", item->id);
            good = false;
        }
        good = schema_checks_threshold(loader, item, &checks->thresholds[checks->threshold_count]) && good;
        checks->threshold_count++;
    }
    return good;
}

/* "any_violations", "<N>_days_stale", or the id of a threshold. */
static bool schema_checks_when(struct schema_loader *loader, const struct yaml_node *node, struct check_alert *alert) {
    const struct checks *checks = &loader->schema->checks;
    if (node == NULL || !decode_is(node, YAML_SCALAR, "'when'", loader->diagnostics))
        return false;
    const char *text = node->text;
    size_t length = strlen(text);
    size_t suffix = sizeof(checks_stale_suffix) - 1;

    alert->when_text = text;
    if (strcmp(text, "any_violations") == 0) {
        alert->when = CHECK_ANY_VIOLATIONS;
        return true;
    }
    if (length > suffix && strcmp(text + length - suffix, checks_stale_suffix) == 0) {
        alert->when = CHECK_STALE;
        if (value_integer(text, length - suffix, &alert->days) && alert->days >= 1 && alert->days <= CHECKS_STALE_MOST)
            return true;
        diagnostics_report(loader->diagnostics, DIAGNOSTIC_WRONG_VALUE, &node->place,
                           "'when' of an alert must be a number of days from 1 to %lld before _days_stale, and here is "
                           "'%.80s'",
                           (long long)CHECKS_STALE_MOST, text);
        return false;
    }
    alert->when = CHECK_QUERY;
    alert->threshold = schema_checks_find(checks, text);
    if (alert->threshold != SIZE_MAX)
        return true;
    const char **names = arena_array(loader->arena, checks->threshold_count + 2, sizeof(*names));
    if (names == NULL)
        return decode_out_of_memory(loader->diagnostics);
    names[0] = "any_violations";
    names[1] = "30_days_stale";
    for (size_t i = 0; i < checks->threshold_count; i++)
        names[i + 2] = checks->thresholds[i].id;
    return decode_unknown(&node->place, "threshold", text, names, checks->threshold_count + 2, sizeof(*names),
                          loader->diagnostics);
}

static bool schema_checks_alerts(struct schema_loader *loader, struct checks_draft *draft,
                                 const struct check_draft *item, struct check *check) {
    static const struct decode_field fields[] = {
        {"when", DECODE_NODE, offsetof(struct alert_draft, when), true, NULL},
        {"severity", DECODE_CHOICE, offsetof(struct alert_draft, alert.severity), false, schema_severity_names},
        {"message", DECODE_TEXT, offsetof(struct alert_draft, alert.message), true, NULL},
        {"action", DECODE_TEXT, offsetof(struct alert_draft, alert.action), true, NULL},
    };
    static const struct alert_draft blank = {.alert = {.severity = CHECK_BY_TESTS, .message = "", .action = ""}};
    static const struct decode_list list = {
        .key = "alerts",
        .what = "alert",
        .fields = fields,
        .field_count = sizeof(fields) / sizeof(fields[0]),
        .size = sizeof(struct alert_draft),
        .blank = &blank,
        .place_offset = offsetof(struct alert_draft, alert.place),
        .items_offset = offsetof(struct checks_draft, alerts),
        .count_offset = offsetof(struct checks_draft, alert_count),
    };
    draft->alerts = NULL;
    draft->alert_count = 0;
    bool good = decode_sequence(loader->arena, item->alerts, &list, draft, loader->diagnostics);

    check->alerts = arena_array(loader->arena, draft->alert_count, sizeof(*check->alerts));
    if (check->alerts == NULL && draft->alert_count > 0)
        return decode_out_of_memory(loader->diagnostics);
    for (size_t i = 0; i < draft->alert_count; i++) {
        struct check_alert *alert = &check->alerts[check->alert_count];
        *alert = draft->alerts[i].alert;
        if (!schema_checks_when(loader, draft->alerts[i].when, alert)) {
            good = false;
            continue;
        }
        if (alert->when != CHECK_ANY_VIOLATIONS && alert->severity == CHECK_BY_TESTS) {
            diagnostics_report(loader->diagnostics, DIAGNOSTIC_MISSING_KEY, &alert->place,
                               "an alert on '%s' needs 'severity', since no test gives it one; add it",
                               alert->when_text);
            good = false;
        }
        for (size_t earlier = 0; earlier < check->alert_count; earlier++) {
            if (strcmp(check->alerts[earlier].when_text, alert->when_text) == 0) {
                diagnostics_report(loader->diagnostics, DIAGNOSTIC_DUPLICATE_ID, &alert->place,
                                   "the check '%s' alerts on '%s' already; remove one of them", check->id,
                                   alert->when_text);
                good = false;
            }
        }
        check->alert_count++;
    }
    if (good && check->alert_count == 0) {
        diagnostics_report(loader->diagnostics, DIAGNOSTIC_MISSING_KEY, &check->place,
                           "the check '%s' never alerts; add to 'alerts' when it does", check->id);
        good = false;
    }
    return good;
}

static bool schema_checks_add_test(struct schema_loader *loader, struct check *check, const char *id) {
    for (size_t i = 0; i < check->tests.count; i++) {
        if (strcmp(check->tests.items[i], id) == 0)
            return true;
    }
    const char **slot =
        arena_push(loader->arena, &check->tests.items, &check->tests.count, sizeof(*check->tests.items));
    if (slot == NULL)
        return decode_out_of_memory(loader->diagnostics);
    *slot = id;
    return true;
}

/* Calls `add` on each text of a scalar or a sequence; whether all of them were good. */
static bool schema_checks_each(struct schema_loader *loader, const struct yaml_node *node, struct check *check,
                               bool (*add)(struct schema_loader *, const struct yaml_node *, struct check *)) {
    bool good = true;
    if (node == NULL)
        return true;
    if (node->kind == YAML_SCALAR)
        return add(loader, node, check);
    if (!decode_is(node, YAML_SEQUENCE, "a list of tests or controls", loader->diagnostics))
        return false;
    for (size_t i = 0; i < node->count; i++)
        good = decode_is(node->items[i], YAML_SCALAR, "the id of a test or control", loader->diagnostics) &&
               add(loader, node->items[i], check) && good;
    return good;
}

static bool schema_checks_name_test(struct schema_loader *loader, const struct yaml_node *item, struct check *check) {
    const struct test *test = schema_test(loader->schema, item->text, NULL);
    return test != NULL ? schema_checks_add_test(loader, check, test->id)
                        : schema_no_test(loader->schema, loader->arena, &item->place, item->text, loader->diagnostics);
}

static bool schema_checks_name_control(struct schema_loader *loader, const struct yaml_node *item,
                                       struct check *check) {
    const struct schema *schema = loader->schema;
    const struct control *control = schema_control(schema, item->text);
    bool good = true;

    if (control == NULL)
        return decode_unknown(&item->place, "control", item->text, schema->controls, schema->control_count,
                              sizeof(*schema->controls), loader->diagnostics);
    for (size_t t = 0; t < control->test_count; t++)
        good = schema_checks_add_test(loader, check, control->tests[t].id) && good;
    return good;
}

static bool schema_checks_check(struct schema_loader *loader, struct checks_draft *draft,
                                const struct check_draft *item, const struct check_insufficient *usual) {
    struct checks *checks = &loader->schema->checks;
    struct check *check = &checks->items[checks->count];
    bool good = true;

    *check = item->check;
    check->insufficient = *usual;
    check->tests = (struct text_list){0};
    good = schema_checks_word(loader, &check->place, "the id of a check", check->id);
    good = schema_checks_word(loader, &check->place, "a group of checks", check->group) && good;
    if (check->id == NULL || check->group == NULL)
        return false;
    if (strcmp(check->group, "all") == 0) {
        diagnostics_report(loader->diagnostics, DIAGNOSTIC_WRONG_VALUE, &check->place,
                           "the group of the check '%s' cannot be 'all', which means every group; name another",
                           check->id);
        good = false;
    }
    for (size_t i = 0; i < checks->count; i++) {
        if (strcmp(checks->items[i].id, check->id) == 0) {
            diagnostics_report(loader->diagnostics, DIAGNOSTIC_DUPLICATE_ID, &check->place,
                               "the check '%s' is declared already at line %llu; rename or remove one of them",
                               check->id, (unsigned long long)checks->items[i].place.line);
            good = false;
        }
    }
    good = schema_checks_insufficient(loader, item->insufficient, &check->insufficient) && good;
    bool named = schema_checks_each(loader, item->tests, check, schema_checks_name_test);
    named = schema_checks_each(loader, item->controls, check, schema_checks_name_control) && named;
    good = schema_checks_alerts(loader, draft, item, check) && good && named;
    bool queries = false;
    for (size_t i = 0; i < check->alert_count; i++)
        queries = queries || check->alerts[i].when == CHECK_QUERY;
    if (named && check->tests.count == 0 && !queries) {
        diagnostics_report(loader->diagnostics, DIAGNOSTIC_MISSING_KEY, &check->place,
                           "the check '%s' looks at nothing; add 'tests' or 'controls'", check->id);
        good = false;
    }
    checks->count++;
    return good;
}

bool schema_checks_load(struct schema_loader *loader, const struct yaml_node *root) {
    static const struct decode_field fields[] = {
        {"id", DECODE_TEXT, offsetof(struct check_draft, check.id), true, NULL},
        {"group", DECODE_TEXT, offsetof(struct check_draft, check.group), true, NULL},
        {"title", DECODE_TEXT, offsetof(struct check_draft, check.title), true, NULL},
        {"frequency", DECODE_CHOICE, offsetof(struct check_draft, check.frequency), true, schema_cadence_names},
        {"window", DECODE_CHOICE, offsetof(struct check_draft, check.window), false, schema_cadence_names},
        {"tests", DECODE_NODE, offsetof(struct check_draft, tests), false, NULL},
        {"controls", DECODE_NODE, offsetof(struct check_draft, controls), false, NULL},
        {"insufficient", DECODE_NODE, offsetof(struct check_draft, insufficient), false, NULL},
        {"alerts", DECODE_NODE, offsetof(struct check_draft, alerts), true, NULL},
    };
    static const struct check_draft blank = {.check = {.window = -1, .title = ""}};
    static const struct decode_list list = {
        .key = "checks",
        .what = "check",
        .fields = fields,
        .field_count = sizeof(fields) / sizeof(fields[0]),
        .size = sizeof(struct check_draft),
        .blank = &blank,
        .place_offset = offsetof(struct check_draft, check.place),
        .items_offset = offsetof(struct checks_draft, checks),
        .count_offset = offsetof(struct checks_draft, check_count),
    };
    static const struct decode_field file_fields[] = {
        {"channels", DECODE_NODE, offsetof(struct checks_draft, channels), true, NULL},
        {"insufficient", DECODE_NODE, offsetof(struct checks_draft, insufficient), true, NULL},
        {"thresholds", DECODE_NODE, offsetof(struct checks_draft, threshold_nodes), false, NULL},
        {"checks", DECODE_NODE, offsetof(struct checks_draft, check_nodes), true, NULL},
    };
    struct checks_draft draft = {0};
    struct check_insufficient usual = {.severity = 0, .message = "", .action = ""};
    bool good = decode_mapping(loader->arena, root, "file of checks", file_fields,
                               sizeof(file_fields) / sizeof(file_fields[0]), &draft, loader->diagnostics);

    good = schema_checks_channels(loader, draft.channels) && good;
    good = schema_checks_insufficient(loader, draft.insufficient, &usual) && good;
    good = schema_checks_thresholds(loader, &draft) && good;
    good = decode_sequence(loader->arena, draft.check_nodes, &list, &draft, loader->diagnostics) && good;
    struct checks *checks = &loader->schema->checks;
    checks->items = arena_array(loader->arena, draft.check_count, sizeof(*checks->items));
    if (checks->items == NULL && draft.check_count > 0)
        return decode_out_of_memory(loader->diagnostics);
    for (size_t i = 0; i < draft.check_count; i++)
        good = schema_checks_check(loader, &draft, &draft.checks[i], &usual) && good;
    return good;
}
