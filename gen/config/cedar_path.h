#ifndef CONFIG_CEDAR_PATH_H
#define CONFIG_CEDAR_PATH_H

#include "config/schema.h"

/*
 * What a row of a Cedar policy can say. A scope that constrains nothing is "*", with the operator "any"; other
 * operators are as Cedar writes them, "==", "in", "is" and "is in". A type and an id are those of the entity named, or
 * for "is" the type asked for; a slot (?principal) has none.
 */
enum cedar_value {
    CEDAR_EFFECT, /* permit or forbid */
    CEDAR_ID,     /* the annotation id, or policy0, policy1, ... by place, as Cedar itself calls them */
    CEDAR_PRINCIPAL,
    CEDAR_PRINCIPAL_TYPE,
    CEDAR_PRINCIPAL_ID,
    CEDAR_PRINCIPAL_OPERATOR,
    CEDAR_ACTION, /* as written */
    CEDAR_ACTION_OPERATOR,
    CEDAR_RESOURCE,
    CEDAR_RESOURCE_TYPE,
    CEDAR_RESOURCE_ID,
    CEDAR_RESOURCE_OPERATOR,
    CEDAR_CONDITIONS, /* all when and unless clauses as written, without comments; absent where there are none */
    CEDAR_POLICY_COUNT,
    CEDAR_ANNOTATION = CEDAR_POLICY_COUNT, /* annotation.NAME; without a value it is the empty text */
    /* At actions[*], a row an action; an unconstrained action is one row. */
    CEDAR_ITEM,      /* "." */
    CEDAR_ITEM_TYPE, /* "type" */
    CEDAR_ITEM_ID,   /* "id" */
    CEDAR_INDEX,     /* "@index" */
    CEDAR_NONE       /* elsewhere, such as @file.NAME */
};

/* The paths of a policy but annotations, by enum cedar_value. */
extern const char *const cedar_path_names[CEDAR_POLICY_COUNT];
/* What a path of a rule means; false when it means nothing. */
bool cedar_path_find(const struct row_rule *rule, const struct value_path *path, enum cedar_value *out);
/* Whether the rule makes a row an action; *good: its `at` is one that policies have. */
bool cedar_path_actions(const struct row_rule *rule, bool *good);

#endif
