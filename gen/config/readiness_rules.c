#include "config/readiness_rules.h"

#include <string.h>

#define COUNT(array)          (sizeof(array) / sizeof((array)[0]))
#define READINESS_MOST_POINTS 1000
#define READINESS_MOST_WEEKS  52
#define READINESS_MOST_MONTHS 36
#define READINESS_MOST_DAYS   366

const char *const readiness_rules_states[] = {"exception", "insufficient", "pending", NULL};
const char *const readiness_rules_asks[READINESS_ASKS] = {
    "missing_snapshot", "missing_event", "late",         "invalid",  "empty",       "to_come",
    "unsourced",        "pending",       "undetermined", "untested", "uncontrolled"};

/* What stands in the file and is taken apart afterwards. */
struct readiness_draft {
    struct readiness_rules rules;
    const struct yaml_node *priority;
    const struct yaml_node *asks;
};
struct readiness_priority {
    const struct yaml_node *severity;
    const struct yaml_node *state;
    const struct yaml_node *criteria;
};

static const struct decode_field due_fields[] = {
    {"within", DECODE_INTEGER, offsetof(struct readiness_due, within), true, NULL},
    {"points", DECODE_INTEGER, offsetof(struct readiness_due, points), true, NULL},
};
static const struct decode_field level_fields[] = {
    {"name", DECODE_TEXT, offsetof(struct readiness_level, name), true, NULL},
    {"from", DECODE_INTEGER, offsetof(struct readiness_level, from), true, NULL},
};
static const struct decode_field fault_fields[] = {
    {"like", DECODE_TEXT, offsetof(struct readiness_fault, like), true, NULL},
    {"ask", DECODE_TEXT, offsetof(struct readiness_fault, ask), true, NULL},
};
static const struct decode_field week_fields[] = {
    {"id", DECODE_NAME, offsetof(struct readiness_week, id), true, NULL},
    {"title", DECODE_TEXT, offsetof(struct readiness_week, title), true, NULL},
    {"first_week", DECODE_INTEGER, offsetof(struct readiness_week, first), true, NULL},
    {"last_week", DECODE_INTEGER, offsetof(struct readiness_week, last), true, NULL},
    {"auditor", DECODE_TEXT, offsetof(struct readiness_week, auditor), true, NULL},
    {"management", DECODE_TEXT, offsetof(struct readiness_week, management), true, NULL},
    {"produces", DECODE_TEXT, offsetof(struct readiness_week, produces), true, NULL},
};
static const struct decode_field phase_fields[] = {
    {"id", DECODE_NAME, offsetof(struct readiness_phase, id), true, NULL},
    {"title", DECODE_TEXT, offsetof(struct readiness_phase, title), true, NULL},
    {"text", DECODE_TEXT, offsetof(struct readiness_phase, text), true, NULL},
    {"first_month", DECODE_INTEGER, offsetof(struct readiness_phase, first_month), true, NULL},
    {"last_month", DECODE_INTEGER, offsetof(struct readiness_phase, last_month), true, NULL},
    {"steps", DECODE_NODE, offsetof(struct readiness_phase, steps_node), true, NULL},
};
static const struct decode_field step_fields[] = {
    {"title", DECODE_TEXT, offsetof(struct readiness_step, title), true, NULL},
    {"query", DECODE_NODE, offsetof(struct readiness_step, query), true, NULL},
};

#define READINESS_LIST(the_key, the_what, type, holder, items, the_count, the_fields)                                  \
    {                                                                                                                  \
        .key = the_key, .what = the_what, .fields = the_fields, .field_count = COUNT(the_fields),                      \
        .size = sizeof(struct type), .place_offset = offsetof(struct type, place),                                     \
        .items_offset = offsetof(struct holder, items), .count_offset = offsetof(struct holder, the_count)             \
    }
static const struct decode_list due_list =
    READINESS_LIST("due", "due date", readiness_due, readiness_rules, dues, due_count, due_fields);
static const struct decode_list level_list =
    READINESS_LIST("levels", "level", readiness_level, readiness_rules, levels, level_count, level_fields);
static const struct decode_list step_list =
    READINESS_LIST("steps", "step", readiness_step, readiness_phase, steps, step_count, step_fields);
static const struct decode_list root_lists[] = {
    READINESS_LIST("faults", "fault", readiness_fault, readiness_rules, faults, fault_count, fault_fields),
    READINESS_LIST("timeline", "part of the timeline", readiness_week, readiness_rules, weeks, week_count, week_fields),
    READINESS_LIST("roadmap", "phase", readiness_phase, readiness_rules, phases, phase_count, phase_fields),
};

static const struct decode_field root_fields[] = {
    {"submission_after", DECODE_INTEGER, offsetof(struct readiness_draft, rules.submission_after), true, NULL},
    {"priority", DECODE_NODE, offsetof(struct readiness_draft, priority), true, NULL},
    {"asks", DECODE_NODE, offsetof(struct readiness_draft, asks), true, NULL},
    {"faults", DECODE_PLACE_ONLY, 0, true, NULL},
    {"timeline", DECODE_PLACE_ONLY, 0, true, NULL},
    {"roadmap", DECODE_PLACE_ONLY, 0, true, NULL},
};
static const struct decode_field priority_fields[] = {
    {"severity", DECODE_NODE, offsetof(struct readiness_priority, severity), true, NULL},
    {"state", DECODE_NODE, offsetof(struct readiness_priority, state), true, NULL},
    {"criteria", DECODE_NODE, offsetof(struct readiness_priority, criteria), true, NULL},
    {"due", DECODE_PLACE_ONLY, 0, true, NULL},
    {"levels", DECODE_PLACE_ONLY, 0, true, NULL},
};
static const struct decode_field criteria_fields[] = {
    {"each", DECODE_INTEGER, offsetof(struct readiness_rules, each_criterion), true, NULL},
    {"most", DECODE_INTEGER, offsetof(struct readiness_rules, most_criteria), true, NULL},
};

static void readiness_range(const struct yaml_node *node, const char *key, int64_t value, int64_t least, int64_t most,
                            struct diagnostics *diagnostics) {
    const struct yaml_node *item = node != NULL && node->kind == YAML_MAPPING ? yaml_get(node, key) : NULL;
    if (item != NULL && (value < least || value > most))
        diagnostics_report(diagnostics, DIAGNOSTIC_WRONG_VALUE, &item->place,
                           "'%s' is %lld, and must be from %lld to %lld", key, (long long)value, (long long)least,
                           (long long)most);
}

/* A mapping whose keys are all of `names`, each a whole number of points (`integers`) or a text (`texts`). */
static void readiness_keys(struct arena *arena, const struct yaml_node *node, const char *what,
                           const char *const *names, size_t count, int64_t *integers, const char **texts,
                           struct diagnostics *diagnostics) {
    struct decode_field *fields = arena_array(arena, count, sizeof(*fields));
    if (fields == NULL) {
        decode_out_of_memory(diagnostics);
        return;
    }
    for (size_t i = 0; i < count; i++)
        fields[i] = (struct decode_field){names[i], integers != NULL ? DECODE_INTEGER : DECODE_TEXT,
                                          i * (integers != NULL ? sizeof(*integers) : sizeof(*texts)), true, NULL};
    decode_mapping(arena, node, what, fields, count, integers != NULL ? (void *)integers : (void *)texts, diagnostics);
    for (size_t i = 0; integers != NULL && i < count; i++)
        readiness_range(node, names[i], integers[i], 0, READINESS_MOST_POINTS, diagnostics);
}

static void readiness_priority_read(struct arena *arena, const struct yaml_node *node, struct readiness_rules *rules,
                                    struct diagnostics *diagnostics) {
    struct readiness_priority priority = {0};
    decode_mapping(arena, node, "priority", priority_fields, COUNT(priority_fields), &priority, diagnostics);
    if (node->kind != YAML_MAPPING)
        return;
    if (priority.severity != NULL)
        readiness_keys(arena, priority.severity, "severity", schema_severity_names, COUNT(rules->severity),
                       rules->severity, NULL, diagnostics);
    if (priority.state != NULL)
        readiness_keys(arena, priority.state, "state", readiness_rules_states, READINESS_STATES, rules->state, NULL,
                       diagnostics);
    if (priority.criteria != NULL) {
        decode_mapping(arena, priority.criteria, "criteria", criteria_fields, COUNT(criteria_fields), rules,
                       diagnostics);
        readiness_range(priority.criteria, "each", rules->each_criterion, 0, READINESS_MOST_POINTS, diagnostics);
        readiness_range(priority.criteria, "most", rules->most_criteria, 0, READINESS_MOST_POINTS, diagnostics);
    }
    const struct yaml_node *due = yaml_get(node, "due");
    const struct yaml_node *levels = yaml_get(node, "levels");
    decode_sequence(arena, due, &due_list, rules, diagnostics);
    decode_sequence(arena, levels, &level_list, rules, diagnostics);
    for (size_t i = 0; i < rules->due_count; i++)
        readiness_range(due->items[i], "points", rules->dues[i].points, 0, READINESS_MOST_POINTS, diagnostics);
    bool lowest = false;
    for (size_t i = 0; i < rules->level_count; i++)
        lowest = lowest || rules->levels[i].from == 0;
    if (levels != NULL && !lowest)
        diagnostics_report(diagnostics, DIAGNOSTIC_WRONG_VALUE, &levels->place,
                           "no level begins at 0 points, so that a gap may have none; add one with `from: 0`");
}

static void readiness_plans_check(struct arena *arena, const struct yaml_node *root, struct readiness_rules *rules,
                                  struct diagnostics *diagnostics) {
    for (size_t i = 0; i < rules->week_count; i++) {
        const struct readiness_week *week = &rules->weeks[i];
        const struct yaml_node *node = yaml_get(root, "timeline")->items[i];
        readiness_range(node, "first_week", week->first, 1, READINESS_MOST_WEEKS, diagnostics);
        readiness_range(node, "last_week", week->last, week->first, READINESS_MOST_WEEKS, diagnostics);
    }
    for (size_t i = 0; i < rules->phase_count; i++) {
        struct readiness_phase *phase = &rules->phases[i];
        const struct yaml_node *node = yaml_get(root, "roadmap")->items[i];
        readiness_range(node, "first_month", phase->first_month, 1, READINESS_MOST_MONTHS, diagnostics);
        readiness_range(node, "last_month", phase->last_month, phase->first_month, READINESS_MOST_MONTHS, diagnostics);
        decode_sequence(arena, phase->steps_node, &step_list, phase, diagnostics);
        for (size_t s = 0; s < phase->step_count; s++) {
            if (phase->steps[s].query != NULL)
                decode_is(phase->steps[s].query, YAML_SCALAR, "'query'", diagnostics);
        }
    }
}

struct readiness_rules *readiness_rules_load(struct arena *arena, const char *path, struct diagnostics *diagnostics) {
    uint64_t before = diagnostics_count(diagnostics, DIAGNOSTIC_EVIDENCE);
    struct readiness_draft *draft = arena_allocate(arena, sizeof(*draft));
    const struct yaml_node *root = yaml_load(arena, path, diagnostics);

    if (draft == NULL) {
        decode_out_of_memory(diagnostics);
        return NULL;
    }
    if (root == NULL)
        return NULL;
    struct readiness_rules *rules = &draft->rules;
    rules->place = root->place;
    decode_mapping(arena, root, "readiness", root_fields, COUNT(root_fields), draft, diagnostics);
    if (root->kind != YAML_MAPPING)
        return NULL;
    readiness_range(root, "submission_after", rules->submission_after, 1, READINESS_MOST_DAYS, diagnostics);
    if (draft->priority != NULL)
        readiness_priority_read(arena, draft->priority, rules, diagnostics);
    if (draft->asks != NULL)
        readiness_keys(arena, draft->asks, "list of asks", readiness_rules_asks, READINESS_ASKS, NULL, rules->asks,
                       diagnostics);
    for (size_t i = 0; i < COUNT(root_lists); i++)
        decode_sequence(arena, yaml_get(root, root_lists[i].key), &root_lists[i], rules, diagnostics);
    readiness_plans_check(arena, root, rules, diagnostics);
    return diagnostics_count(diagnostics, DIAGNOSTIC_EVIDENCE) == before ? rules : NULL;
}
