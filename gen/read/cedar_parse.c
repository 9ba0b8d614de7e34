#include "read/cedar_private.h"

#include <stdlib.h>
#include <string.h>

static struct cedar_text cedar_parse_since(const struct cedar *cedar, size_t from) {
    return (struct cedar_text){true, from, cedar->pool.length - from};
}

static struct cedar_text cedar_parse_keep(struct cedar *cedar, const char *text) {
    size_t from = cedar->pool.length;

    buffer_append_text(&cedar->pool, text);
    return cedar_parse_since(cedar, from);
}

static void cedar_parse_append(struct cedar *cedar, uint64_t from, uint64_t until) {
    buffer_append(&cedar->pool, cedar_token_bytes(cedar, from), (size_t)(until - from));
}

/* Makes room for one more; false when memory is out. */
static bool cedar_parse_grow(struct cedar *cedar, void **items, size_t count, size_t *capacity, size_t size) {
    if (count < *capacity) {
        return true;
    }
    size_t more = *capacity == 0 ? 8 : *capacity * 2;
    void *grown = reallocarray(*items, more, size);
    if (grown == NULL) {
        cedar->pool.failed = true;
        cedar->token.kind = CEDAR_TOKEN_BAD;
        return false;
    }
    *items = grown;
    *capacity = more;
    return true;
}

bool cedar_parse_path(struct cedar *cedar, bool *entity) {
    *entity = false;
    for (;;) {
        if (cedar->token.kind != CEDAR_TOKEN_NAME) {
            return cedar_token_fail(cedar, CEDAR_PROBLEM_SYNTAX, "a name is expected");
        }
        cedar_parse_append(cedar, cedar->token.from, cedar->token.until);
        if (!cedar_token_advance(cedar)) {
            return false;
        }
        if (!cedar_token_is(cedar, "::")) {
            return true;
        }
        if (!cedar_token_advance(cedar)) {
            return false;
        }
        if (cedar->token.kind == CEDAR_TOKEN_STRING) {
            *entity = true;
            return true;
        }
        buffer_append_text(&cedar->pool, "::");
    }
}

/* Type::"id" */
static bool cedar_parse_entity(struct cedar *cedar, struct cedar_entity *out) {
    size_t from = cedar->pool.length;
    bool entity;

    if (!cedar_parse_path(cedar, &entity)) {
        return false;
    }
    if (!entity) {
        return cedar_token_fail(cedar, CEDAR_PROBLEM_SYNTAX, "an entity such as User::\"ann\" is expected");
    }
    out->type = cedar_parse_since(cedar, from);
    buffer_append_text(&cedar->pool, "::");
    cedar_parse_append(cedar, cedar->token.from, cedar->token.until);
    out->whole = cedar_parse_since(cedar, from);
    from = cedar->pool.length;
    if (!cedar_token_string(cedar, false)) {
        return false;
    }
    out->id = cedar_parse_since(cedar, from);
    return cedar_token_advance(cedar);
}

static bool cedar_parse_entity_or_slot(struct cedar *cedar, const char *slot, struct cedar_entity *out) {
    if (!cedar_token_is(cedar, slot)) {
        return cedar_parse_entity(cedar, out);
    }
    out->whole = cedar_parse_keep(cedar, slot);
    return cedar_token_advance(cedar);
}

/* What stands behind `principal` or `resource`. */
static bool cedar_parse_scope(struct cedar *cedar, const char *slot, struct cedar_entity *out, const char **relation) {
    size_t from = cedar->pool.length;
    bool entity = false;

    *relation = "any";
    if (cedar_token_is(cedar, "==") || cedar_token_is(cedar, "in")) {
        *relation = cedar_token_is(cedar, "==") ? "==" : "in";
        return cedar_token_advance(cedar) && cedar_parse_entity_or_slot(cedar, slot, out);
    }
    if (!cedar_token_is(cedar, "is")) {
        out->whole = cedar_parse_keep(cedar, "*");
        return true;
    }
    *relation = "is";
    if (!cedar_token_advance(cedar) || !cedar_parse_path(cedar, &entity)) {
        return false;
    }
    if (entity) {
        return cedar_token_fail(cedar, CEDAR_PROBLEM_SYNTAX, "'is' asks for a type, without an id");
    }
    struct cedar_text type = cedar_parse_since(cedar, from);
    if (!cedar_token_is(cedar, "in")) {
        out->whole = cedar_parse_keep(cedar, "*");
        out->type = type;
        return true;
    }
    *relation = "is in";
    bool good = cedar_token_advance(cedar) && cedar_parse_entity_or_slot(cedar, slot, out);
    out->type = type;
    return good;
}

static struct cedar_entity *cedar_parse_add_action(struct cedar *cedar) {
    struct cedar_policy *policy = &cedar->policy;
    void *actions = policy->actions;

    if (!cedar_parse_grow(cedar, &actions, policy->action_count, &policy->action_capacity, sizeof *policy->actions)) {
        return NULL;
    }
    policy->actions = actions;
    policy->actions[policy->action_count] = (struct cedar_entity){0};
    return &policy->actions[policy->action_count++];
}

static bool cedar_parse_one_action(struct cedar *cedar) {
    struct cedar_entity *action = cedar_parse_add_action(cedar);

    return action != NULL && cedar_parse_entity(cedar, action);
}

/* [entity, ...], from behind the '['. */
static bool cedar_parse_action_list(struct cedar *cedar) {
    while (!cedar_token_is(cedar, "]")) {
        if (!cedar_parse_one_action(cedar)) {
            return false;
        }
        if (!cedar_token_is(cedar, ",")) {
            break;
        }
        if (!cedar_token_advance(cedar)) {
            return false;
        }
    }
    return cedar_token_expect(cedar, "]", "the list of actions goes on without a comma, or is not closed");
}

/* The actions as one text. */
static void cedar_parse_join_actions(struct cedar *cedar, bool list) {
    struct cedar_policy *policy = &cedar->policy;
    size_t from = cedar->pool.length;

    buffer_append_text(&cedar->pool, list ? "[" : "");
    for (size_t i = 0; i < policy->action_count && !cedar->pool.failed; i++) {
        struct cedar_text whole = policy->actions[i].whole;
        buffer_append_text(&cedar->pool, i > 0 ? ", " : "");
        /* The pool may move as it grows, from which it is copied. */
        if (buffer_reserve(&cedar->pool, whole.length + 1)) {
            buffer_append(&cedar->pool, cedar->pool.data + whole.from, whole.length);
        }
    }
    buffer_append_text(&cedar->pool, list ? "]" : "");
    policy->action = cedar_parse_since(cedar, from);
}

static bool cedar_parse_action(struct cedar *cedar) {
    struct cedar_policy *policy = &cedar->policy;
    bool list = false;
    bool good;

    policy->action_operator = cedar_token_is(cedar, "==") ? "==" : cedar_token_is(cedar, "in") ? "in" : "any";
    if (strcmp(policy->action_operator, "any") == 0) {
        struct cedar_entity *action = cedar_parse_add_action(cedar);
        if (action != NULL) {
            action->whole = cedar_parse_keep(cedar, "*");
        }
        good = action != NULL;
    } else {
        good = cedar_token_advance(cedar);
        list = good && strcmp(policy->action_operator, "in") == 0 && cedar_token_is(cedar, "[");
        good = good &&
               (list ? cedar_token_advance(cedar) && cedar_parse_action_list(cedar) : cedar_parse_one_action(cedar));
    }
    if (good) {
        cedar_parse_join_actions(cedar, list);
    }
    return good;
}

/* @name or @name("value") */
static bool cedar_parse_annotation(struct cedar *cedar) {
    struct cedar_policy *policy = &cedar->policy;
    void *annotations = policy->annotations;

    if (!cedar_token_advance(cedar)) {
        return false;
    }
    if (cedar->token.kind != CEDAR_TOKEN_NAME) {
        return cedar_token_fail(cedar, CEDAR_PROBLEM_SYNTAX, "the name of an annotation is expected");
    }
    if (policy->annotation_count == LIMIT_CEDAR_NOTES) {
        return cedar_token_fail(cedar, CEDAR_PROBLEM_LENGTH, "a policy has more than 256 annotations");
    }
    if (!cedar_parse_grow(cedar, &annotations, policy->annotation_count, &policy->annotation_capacity,
                          sizeof *policy->annotations)) {
        return false;
    }
    policy->annotations = annotations;
    struct cedar_annotation *annotation = &policy->annotations[policy->annotation_count];
    size_t from = cedar->pool.length;
    cedar_parse_append(cedar, cedar->token.from, cedar->token.until);
    *annotation = (struct cedar_annotation){.name = cedar_parse_since(cedar, from)};
    for (size_t i = 0; i < policy->annotation_count && !cedar->pool.failed; i++) {
        const struct cedar_text *other = &policy->annotations[i].name;
        if (other->length == annotation->name.length &&
            memcmp(cedar_bytes(cedar, other), cedar_bytes(cedar, &annotation->name), other->length) == 0) {
            return cedar_token_fail(cedar, CEDAR_PROBLEM_SYNTAX, "an annotation stands twice");
        }
    }
    policy->annotation_count++;
    from = cedar->pool.length;
    annotation->value = cedar_parse_since(cedar, from);
    if (!cedar_token_advance(cedar) || !cedar_token_is(cedar, "(")) {
        return cedar->token.kind != CEDAR_TOKEN_BAD;
    }
    if (!cedar_token_advance(cedar)) {
        return false;
    }
    if (cedar->token.kind != CEDAR_TOKEN_STRING) {
        return cedar_token_fail(cedar, CEDAR_PROBLEM_SYNTAX, "the value of an annotation is a text in quotes");
    }
    if (!cedar_token_string(cedar, false) || !cedar_token_advance(cedar)) {
        return false;
    }
    annotation->value = cedar_parse_since(cedar, from);
    return cedar_token_expect(cedar, ")", "a ')' is expected behind the value of an annotation");
}

/* Copies the conditions without their comments, and without the blanks and the line that a comment leaves empty. */
static void cedar_parse_copy(struct cedar *cedar, uint64_t from, uint64_t until) {
    const char *bytes = cedar_token_bytes(cedar, from);
    size_t length = (size_t)(until - from);
    struct buffer *pool = &cedar->pool;
    size_t start = pool->length;
    bool quoted = false;

    for (size_t i = 0; i < length && !pool->failed; i++) {
        if (quoted || bytes[i] != '/' || i + 1 == length || bytes[i + 1] != '/') {
            quoted = quoted != (bytes[i] == '"');
            buffer_append_byte(pool, bytes[i]);
            if (quoted && bytes[i] == '\\' && i + 1 < length) {
                buffer_append_byte(pool, bytes[++i]);
            }
            continue;
        }
        while (i < length && bytes[i] != '\n' && bytes[i] != '\r') {
            i++;
        }
        while (pool->length > start && (pool->data[pool->length - 1] == ' ' || pool->data[pool->length - 1] == '\t')) {
            pool->length--;
        }
        bool whole_line = pool->length > start && pool->data[pool->length - 1] == '\n';
        /* The line end goes with a comment that was all of its line, and stays with another. */
        i = whole_line || i == length ? i : i - 1;
        i += whole_line && i + 1 < length && bytes[i] == '\r' && bytes[i + 1] == '\n';
    }
    cedar->policy.conditions = cedar_parse_since(cedar, start);
}

/* when {...} unless {...} */
static bool cedar_parse_conditions(struct cedar *cedar) {
    uint64_t from = cedar->token.from;

    if (!cedar_token_is(cedar, "when") && !cedar_token_is(cedar, "unless")) {
        return true;
    }
    while (cedar_token_is(cedar, "when") || cedar_token_is(cedar, "unless")) {
        cedar->depth = 0;
        if (!cedar_token_advance(cedar) || !cedar_token_expect(cedar, "{", "a '{' is expected") ||
            !cedar_expression_parse(cedar) ||
            !cedar_token_expect(cedar, "}", "the condition is over, and a '}' is expected")) {
            return false;
        }
    }
    cedar_parse_copy(cedar, from, cedar->token_end);
    return true;
}

bool cedar_parse_policy(struct cedar *cedar) {
    struct cedar_policy *policy = &cedar->policy;

    while (cedar_token_is(cedar, "@")) {
        if (!cedar_parse_annotation(cedar)) {
            return false;
        }
    }
    policy->permit = cedar_token_is(cedar, "permit");
    if (!policy->permit && !cedar_token_is(cedar, "forbid")) {
        return cedar_token_fail(cedar, CEDAR_PROBLEM_SYNTAX,
                                "a policy begins with permit or forbid, behind annotations");
    }
    if (!cedar_token_advance(cedar) || !cedar_token_expect(cedar, "(", "a '(' is expected") ||
        !cedar_token_expect(cedar, "principal", "the scope begins with principal") ||
        !cedar_parse_scope(cedar, "?principal", &policy->principal, &policy->principal_operator) ||
        !cedar_token_expect(cedar, ",", "a ',' is expected behind the principal") ||
        !cedar_token_expect(cedar, "action", "the scope goes on with action") || !cedar_parse_action(cedar) ||
        !cedar_token_expect(cedar, ",", "a ',' is expected behind the action") ||
        !cedar_token_expect(cedar, "resource", "the scope ends with resource") ||
        !cedar_parse_scope(cedar, "?resource", &policy->resource, &policy->resource_operator)) {
        return false;
    }
    if (cedar_token_is(cedar, ",") && !cedar_token_advance(cedar)) {
        return false;
    }
    if (!cedar_token_expect(cedar, ")", "a ')' is expected behind the resource") || !cedar_parse_conditions(cedar)) {
        return false;
    }
    /* Nothing is read behind the ';': that belongs to the next policy. */
    return cedar_token_is(cedar, ";") ||
           cedar_token_fail(cedar, CEDAR_PROBLEM_SYNTAX, "a condition or the ';' is expected");
}
