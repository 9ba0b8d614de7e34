#include "config/programme_private.h"

#include <string.h>

/* What a target may be set for, in the order in which one outweighs the other. */
static const char *const programme_target_subjects[] = {"control", "criterion", "category", NULL};

const char *const programme_target_states[] = {"designed", "evidenced", "operating", NULL};

static bool programme_has_category(const struct schema *schema, const char *category) {
    for (size_t i = 0; i < schema->criterion_count; i++) {
        if (strcmp(schema->criteria[i].category, category) == 0)
            return true;
    }
    return false;
}

/* The categories that the criteria name, each once. False when memory is out, after reporting. */
static bool programme_list_categories(struct arena *arena, const struct schema *schema, const char ***list,
                                      size_t *count, struct diagnostics *diagnostics) {
    for (size_t i = 0; i < schema->criterion_count; i++) {
        bool known = false;
        for (size_t k = 0; k < *count && !known; k++)
            known = strcmp((*list)[k], schema->criteria[i].category) == 0;
        if (known)
            continue;
        const char **slot = arena_push(arena, list, count, sizeof(**list));
        if (slot == NULL)
            return decode_out_of_memory(diagnostics);
        *slot = schema->criteria[i].category;
    }
    return true;
}

/* Whether what a target is set for is there; the criteria and controls are the schema's. */
static void programme_check_subject(struct arena *arena, const struct schema *schema,
                                    const struct programme_target *target, const struct place *place,
                                    struct diagnostics *diagnostics) {
    switch (target->kind) {
    case PROGRAMME_TARGET_CONTROL:
        if (schema_control(schema, target->subject) == NULL)
            decode_unknown(place, "control", target->subject, schema->controls, schema->control_count,
                           sizeof(*schema->controls), diagnostics);
        break;
    case PROGRAMME_TARGET_CRITERION:
        if (schema_criterion(schema, target->subject) == NULL)
            decode_unknown(place, "criterion", target->subject, schema->criteria, schema->criterion_count,
                           sizeof(*schema->criteria), diagnostics);
        break;
    case PROGRAMME_TARGET_CATEGORY:
        if (!programme_has_category(schema, target->subject)) {
            const char **categories = NULL;
            size_t count = 0;
            if (programme_list_categories(arena, schema, &categories, &count, diagnostics))
                decode_unknown(place, "category", target->subject, categories, count, sizeof(*categories), diagnostics);
        }
        break;
    }
}

/* A target is for one control, one criterion or one category. */
static void programme_check_target(struct arena *arena, const struct yaml_node *node, const struct schema *schema,
                                   struct programme_target *target, struct diagnostics *diagnostics) {
    static const struct decode_field state = {"state", DECODE_CHOICE, 0, true, programme_target_states};
    const char *const given[] = {target->control, target->criterion, target->category};
    const struct yaml_node *state_node = yaml_get(node, "state");
    int choice = 0;
    size_t count = 0;
    for (size_t i = 0; i < sizeof(given) / sizeof(given[0]); i++) {
        if (given[i] == NULL)
            continue;
        count++;
        target->kind = (enum programme_target_kind)i;
        target->subject = given[i];
    }
    if (state_node != NULL && decode_scalar(arena, state_node, "target", &state, &choice, diagnostics))
        target->state = programme_target_states[choice];
    if (count != 1) {
        diagnostics_report(diagnostics, DIAGNOSTIC_MISSING_KEY, &node->place,
                           "a target is set for one control, criterion or category; write one of these keys");
        return;
    }
    const struct yaml_node *subject = yaml_get(node, programme_target_subjects[target->kind]);
    programme_check_subject(arena, schema, target, subject != NULL ? &subject->place : &node->place, diagnostics);
}

/* Two targets for one thing would leave open which counts. */
static void programme_check_targets_apart(const struct programme *programme, struct diagnostics *diagnostics) {
    for (size_t i = 0; i < programme->target_count; i++) {
        const struct programme_target *target = &programme->targets[i];
        for (size_t k = 0; k < i && target->subject != NULL; k++) {
            const struct programme_target *other = &programme->targets[k];
            if (other->subject == NULL || other->kind != target->kind || strcmp(other->subject, target->subject) != 0)
                continue;
            diagnostics_report(diagnostics, DIAGNOSTIC_DUPLICATE_ID, &target->place,
                               "the target of %s '%.80s' stands already in line %llu; remove one of them",
                               programme_target_subjects[target->kind], target->subject,
                               (unsigned long long)other->place.line);
            break;
        }
    }
}

void programme_readiness_check(struct arena *arena, const struct yaml_node *root, const struct schema *schema,
                               struct programme *programme, struct diagnostics *diagnostics) {
    static const struct decode_field fields[] = {
        {"submission", DECODE_DATE, offsetof(struct programme, submission), false, NULL},
        {"start", DECODE_DATE, offsetof(struct programme, start), false, NULL},
    };
    const struct yaml_node *targets = yaml_get(root, "targets");
    const struct yaml_node *readiness = yaml_get(root, "readiness");

    for (size_t i = 0; i < programme->target_count; i++)
        programme_check_target(arena, targets->items[i], schema, &programme->targets[i], diagnostics);
    programme_check_targets_apart(programme, diagnostics);
    if (readiness == NULL)
        return;
    decode_mapping(arena, readiness, "readiness", fields, sizeof(fields) / sizeof(fields[0]), programme, diagnostics);
}
