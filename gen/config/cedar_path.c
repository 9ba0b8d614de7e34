#include "config/cedar_path.h"

#include <string.h>

const char *const cedar_path_names[CEDAR_POLICY_COUNT] = {
    [CEDAR_EFFECT] = "effect",
    [CEDAR_ID] = "id",
    [CEDAR_PRINCIPAL] = "principal",
    [CEDAR_PRINCIPAL_TYPE] = "principal_type",
    [CEDAR_PRINCIPAL_ID] = "principal_id",
    [CEDAR_PRINCIPAL_OPERATOR] = "principal_operator",
    [CEDAR_ACTION] = "action",
    [CEDAR_ACTION_OPERATOR] = "action_operator",
    [CEDAR_RESOURCE] = "resource",
    [CEDAR_RESOURCE_TYPE] = "resource_type",
    [CEDAR_RESOURCE_ID] = "resource_id",
    [CEDAR_RESOURCE_OPERATOR] = "resource_operator",
    [CEDAR_CONDITIONS] = "conditions",
};

static bool cedar_path_policy(const struct value_path *path, enum cedar_value *out) {
    if (path->key_count == 2 && strcmp(path->keys[0], "annotation") == 0) {
        *out = CEDAR_ANNOTATION;
        return true;
    }
    for (int i = 0; path->key_count == 1 && i < CEDAR_POLICY_COUNT; i++) {
        if (strcmp(path->keys[0], cedar_path_names[i]) == 0) {
            *out = (enum cedar_value)i;
            return true;
        }
    }
    return false;
}

static bool cedar_path_item(const struct value_path *path, enum cedar_value *out) {
    *out = path->key_count == 0 ? CEDAR_ITEM : strcmp(path->keys[0], "type") == 0 ? CEDAR_ITEM_TYPE : CEDAR_ITEM_ID;
    return path->key_count == 0 ||
           (path->key_count == 1 && (*out == CEDAR_ITEM_TYPE || strcmp(path->keys[0], "id") == 0));
}

bool cedar_path_find(const struct row_rule *rule, const struct value_path *path, enum cedar_value *out) {
    *out = CEDAR_NONE;
    switch (path->base) {
    case PATH_ROW:
        return rule->at_count == 0 ? cedar_path_policy(path, out) : cedar_path_item(path, out);
    case PATH_PARENT:
        return path->climbs == 1 && cedar_path_policy(path, out);
    case PATH_INDEX:
        *out = CEDAR_INDEX;
        return path->climbs == 0;
    case PATH_FILE:
        return true;
    case PATH_ENVELOPE:
    case PATH_KEY:
        break;
    }
    return false;
}

bool cedar_path_actions(const struct row_rule *rule, bool *good) {
    bool actions = rule->at_count == 2 && rule->at[0].kind == STEP_KEY && strcmp(rule->at[0].key, "actions") == 0 &&
                   rule->at[1].kind == STEP_ITEMS;

    *good = actions || rule->at_count == 0;
    return actions;
}
