#include "read/cedar_private.h"

/*
 * Conditions are kept as text; they are parsed all the same, so that a policy that Cedar would refuse is not taken for
 * one in force. Expressions nest through cedar_expression_parse alone, which bounds the depth.
 */

static bool cedar_expression_one_of(const struct cedar *cedar, const char *const *words) {
    for (; *words != NULL; words++) {
        if (cedar_token_is(cedar, *words)) {
            return true;
        }
    }
    return false;
}

/* Expressions separated by commas, up to the closing symbol, which is passed. */
static bool cedar_expression_list(struct cedar *cedar, const char *close) {
    while (!cedar_token_is(cedar, close)) {
        if (!cedar_expression_parse(cedar)) {
            return false;
        }
        if (!cedar_token_is(cedar, ",")) {
            break;
        }
        if (!cedar_token_advance(cedar)) {
            return false;
        }
    }
    return cedar_token_expect(cedar, close, "a list goes on without a comma, or is not closed");
}

/* {key: value, ...}, from behind the '{'. */
static bool cedar_expression_record(struct cedar *cedar) {
    while (!cedar_token_is(cedar, "}")) {
        if (cedar->token.kind != CEDAR_TOKEN_NAME && cedar->token.kind != CEDAR_TOKEN_STRING) {
            return cedar_token_fail(cedar, CEDAR_PROBLEM_SYNTAX, "the name of an attribute is expected");
        }
        if (!cedar_token_advance(cedar) || !cedar_token_expect(cedar, ":", "a ':' is expected behind an attribute") ||
            !cedar_expression_parse(cedar)) {
            return false;
        }
        if (!cedar_token_is(cedar, ",")) {
            break;
        }
        if (!cedar_token_advance(cedar)) {
            return false;
        }
    }
    return cedar_token_expect(cedar, "}", "a record goes on without a comma, or is not closed");
}

/* An entity or the call of a function; a variable or truth value stands for itself. */
static bool cedar_expression_name(struct cedar *cedar) {
    static const char *const alone[] = {"true", "false", "principal", "action", "resource", "context", NULL};
    size_t pool = cedar->pool.length;
    bool itself = cedar_expression_one_of(cedar, alone);
    bool entity = false;
    uint64_t from = cedar->token.from;

    if (!cedar_parse_path(cedar, &entity)) {
        return false;
    }
    /* Only what is kept of a policy belongs in the pool. */
    cedar->pool.length = pool;
    if (entity) {
        return cedar_token_advance(cedar);
    }
    if (cedar_token_is(cedar, "(")) {
        return cedar_token_advance(cedar) && cedar_expression_list(cedar, ")");
    }
    return itself || cedar->token.kind == CEDAR_TOKEN_END ||
           cedar_token_fail_at(cedar, CEDAR_PROBLEM_SYNTAX,
                               "a name stands here that is no variable, entity or function", from);
}

static bool cedar_expression_primary(struct cedar *cedar) {
    static const char *const reserved[] = {"if", "then", "else", "in", "like", "has", "is", NULL};

    if (cedar->token.kind == CEDAR_TOKEN_NUMBER || cedar->token.kind == CEDAR_TOKEN_STRING) {
        return cedar_token_advance(cedar);
    }
    if (cedar->token.kind == CEDAR_TOKEN_NAME && !cedar_expression_one_of(cedar, reserved)) {
        return cedar_expression_name(cedar);
    }
    if (cedar_token_is(cedar, "(")) {
        return cedar_token_advance(cedar) && cedar_expression_parse(cedar) &&
               cedar_token_expect(cedar, ")", "a ')' is expected");
    }
    if (cedar_token_is(cedar, "[")) {
        return cedar_token_advance(cedar) && cedar_expression_list(cedar, "]");
    }
    if (cedar_token_is(cedar, "{")) {
        return cedar_token_advance(cedar) && cedar_expression_record(cedar);
    }
    return cedar_token_fail(cedar, CEDAR_PROBLEM_SYNTAX, "a value is expected");
}

/* A value with what is taken of it: .attribute, .method(...), ["attribute"]. */
static bool cedar_expression_member(struct cedar *cedar) {
    bool good = cedar_expression_primary(cedar);

    while (good) {
        if (cedar_token_is(cedar, ".")) {
            good = cedar_token_advance(cedar);
            if (good && cedar->token.kind != CEDAR_TOKEN_NAME) {
                return cedar_token_fail(cedar, CEDAR_PROBLEM_SYNTAX, "the name of an attribute is expected");
            }
            good = good && cedar_token_advance(cedar);
            if (good && cedar_token_is(cedar, "(")) {
                good = cedar_token_advance(cedar) && cedar_expression_list(cedar, ")");
            }
        } else if (cedar_token_is(cedar, "[")) {
            good = cedar_token_advance(cedar);
            if (good && cedar->token.kind != CEDAR_TOKEN_STRING) {
                return cedar_token_fail(cedar, CEDAR_PROBLEM_SYNTAX, "an attribute in quotes is expected");
            }
            good = good && cedar_token_advance(cedar) && cedar_token_expect(cedar, "]", "a ']' is expected");
        } else {
            return true;
        }
    }
    return false;
}

static bool cedar_expression_unary(struct cedar *cedar) {
    static const char *const signs[] = {"!", "-", NULL};

    for (int i = 0; i < 4 && cedar_expression_one_of(cedar, signs); i++) {
        if (!cedar_token_advance(cedar)) {
            return false;
        }
    }
    return cedar_expression_member(cedar);
}

/* Sums and products: which binds closer does not matter where nothing is computed. */
static bool cedar_expression_add(struct cedar *cedar) {
    static const char *const signs[] = {"+", "-", "*", NULL};
    bool good = cedar_expression_unary(cedar);

    while (good && cedar_expression_one_of(cedar, signs)) {
        good = cedar_token_advance(cedar) && cedar_expression_unary(cedar);
    }
    return good;
}

/* has name{.name}, has "name" */
static bool cedar_expression_has(struct cedar *cedar) {
    if (cedar->token.kind == CEDAR_TOKEN_STRING) {
        return cedar_token_advance(cedar);
    }
    for (;;) {
        if (cedar->token.kind != CEDAR_TOKEN_NAME) {
            return cedar_token_fail(cedar, CEDAR_PROBLEM_SYNTAX, "the name of an attribute is expected");
        }
        if (!cedar_token_advance(cedar)) {
            return false;
        }
        if (!cedar_token_is(cedar, ".")) {
            return true;
        }
        if (!cedar_token_advance(cedar)) {
            return false;
        }
    }
}

static bool cedar_expression_is(struct cedar *cedar) {
    size_t pool = cedar->pool.length;
    bool entity = false;

    if (!cedar_parse_path(cedar, &entity)) {
        return false;
    }
    cedar->pool.length = pool;
    if (entity) {
        return cedar_token_fail(cedar, CEDAR_PROBLEM_SYNTAX, "'is' asks for a type, without an id");
    }
    return !cedar_token_is(cedar, "in") || (cedar_token_advance(cedar) && cedar_expression_add(cedar));
}

static bool cedar_expression_relation(struct cedar *cedar) {
    static const char *const relations[] = {"==", "!=", "<", "<=", ">", ">=", "in", NULL};

    if (!cedar_expression_add(cedar)) {
        return false;
    }
    if (cedar_expression_one_of(cedar, relations)) {
        return cedar_token_advance(cedar) && cedar_expression_add(cedar);
    }
    if (cedar_token_is(cedar, "has")) {
        return cedar_token_advance(cedar) && cedar_expression_has(cedar);
    }
    if (cedar_token_is(cedar, "is")) {
        return cedar_token_advance(cedar) && cedar_expression_is(cedar);
    }
    if (!cedar_token_is(cedar, "like")) {
        return true;
    }
    if (!cedar_token_advance(cedar)) {
        return false;
    }
    return cedar->token.kind == CEDAR_TOKEN_STRING
               ? cedar_token_advance(cedar)
               : cedar_token_fail(cedar, CEDAR_PROBLEM_SYNTAX, "'like' needs a pattern in quotes");
}

static bool cedar_expression_or(struct cedar *cedar) {
    static const char *const joins[] = {"&&", "||", NULL};
    bool good = cedar_expression_relation(cedar);

    while (good && cedar_expression_one_of(cedar, joins)) {
        good = cedar_token_advance(cedar) && cedar_expression_relation(cedar);
    }
    return good;
}

bool cedar_expression_parse(struct cedar *cedar) {
    bool good;

    if (cedar->depth == LIMIT_CEDAR_DEPTH) {
        return cedar_token_fail(cedar, CEDAR_PROBLEM_DEPTH, "a condition is nested deeper than 64 levels");
    }
    cedar->depth++;
    if (cedar_token_is(cedar, "if")) {
        good = cedar_token_advance(cedar) && cedar_expression_parse(cedar) &&
               cedar_token_expect(cedar, "then", "'then' is expected") && cedar_expression_parse(cedar) &&
               cedar_token_expect(cedar, "else", "'else' is expected") && cedar_expression_parse(cedar);
    } else {
        good = cedar_expression_or(cedar);
    }
    cedar->depth--;
    return good;
}
