#include "store/plain_private.h"

#include "base/bytes.h"

#include <stdlib.h>
#include <string.h>

/* What AND, OR and NOT make of a value: -1 is NULL. False for a text, whose truth is that of a number in it. */
static bool truth(const struct value *value, int *out) {
    *out = value->kind == VALUE_NULL ? -1 : value->integer != 0;
    return value->kind == VALUE_NULL || value->kind == VALUE_INTEGER;
}

static struct value of_truth(int truth) {
    return truth < 0 ? (struct value){.kind = VALUE_NULL} : (struct value){.kind = VALUE_INTEGER, .integer = truth};
}

/* Whether two values are equal: -1 where one is NULL. False where one is a text and the other is none. */
static bool equal(const struct value *a, const struct value *b, int *out) {
    *out = -1;
    if (a->kind == VALUE_NULL || b->kind == VALUE_NULL) {
        return true;
    }
    if (a->kind != b->kind) {
        return false;
    }
    *out = a->kind == VALUE_INTEGER
               ? a->integer == b->integer
               : a->text.length == b->text.length && memcmp(a->text.bytes, b->text.bytes, a->text.length) == 0;
    return true;
}

static bool evaluate(struct plain *plain, size_t index, const struct value *inputs, struct value *out);

/* The same of an operand, of which most are inputs and literals. */
static inline bool operand(struct plain *plain, const struct plain_node *node, size_t index, const struct value *inputs,
                           struct value *out) {
    const struct plain_node *of = &plain->nodes[node->operands[index]];

    if (of->kind == PLAIN_INPUT) {
        *out = inputs[of->input];
        return true;
    }
    return evaluate(plain, node->operands[index], inputs, out);
}

/* Room for so many bytes of a text that is being made; NULL when there is none. */
static char *scratch(struct plain *plain, size_t length) {
    if (length > PLAIN_TEXT - plain->used) {
        return NULL;
    }
    char *room = plain->text + plain->used;
    plain->used += length;
    return room;
}

static bool concatenate(struct plain *plain, const struct plain_node *node, const struct value *inputs,
                        struct value *out) {
    struct value parts[PLAIN_OPERANDS];
    size_t length = 0;

    for (size_t i = 0; i < node->count; i++) {
        if (!operand(plain, node, i, inputs, &parts[i]) || parts[i].kind == VALUE_INTEGER) {
            return false;
        }
        if (parts[i].kind == VALUE_NULL) {
            *out = parts[i];
            return true;
        }
        length += parts[i].text.length;
    }
    char *text = scratch(plain, length);
    if (text == NULL) {
        return false;
    }
    *out = (struct value){.kind = VALUE_TEXT, .text = {text, length}};
    for (size_t i = 0; i < node->count; i++) {
        bytes_copy(text, parts[i].text.bytes, parts[i].text.length);
        text += parts[i].text.length;
    }
    return true;
}

/* Of ASCII alone, as in SQLite. */
static bool change_case(struct plain *plain, bool upper, struct value *value) {
    char *text = scratch(plain, value->text.length);

    if (text == NULL) {
        return false;
    }
    for (size_t i = 0; i < value->text.length; i++) {
        char byte = value->text.bytes[i];
        bool changes = upper ? byte >= 'a' && byte <= 'z' : byte >= 'A' && byte <= 'Z';
        text[i] = changes ? (char)(byte ^ 0x20) : byte;
    }
    value->text.bytes = text;
    return true;
}

static void trim(struct value *value) {
    while (value->text.length > 0 && value->text.bytes[0] == ' ') {
        value->text.bytes++;
        value->text.length--;
    }
    while (value->text.length > 0 && value->text.bytes[value->text.length - 1] == ' ') {
        value->text.length--;
    }
}

static bool of_text(struct plain *plain, const struct plain_node *node, const struct value *inputs, struct value *out) {
    if (!operand(plain, node, 0, inputs, out) || out->kind == VALUE_INTEGER) {
        return false;
    }
    if (out->kind == VALUE_NULL) {
        return true;
    }
    if (node->kind == PLAIN_TRIM) {
        trim(out);
        return true;
    }
    return change_case(plain, node->kind == PLAIN_UPPER, out);
}

static bool coalesce(struct plain *plain, const struct plain_node *node, const struct value *inputs,
                     struct value *out) {
    bool good = true;

    out->kind = VALUE_NULL;
    for (size_t i = 0; good && out->kind == VALUE_NULL && i < node->count; i++) {
        good = operand(plain, node, i, inputs, out);
    }
    return good;
}

static bool compare(struct plain *plain, const struct plain_node *node, const struct value *inputs, struct value *out) {
    struct value a;
    struct value b;
    int same;

    if (!operand(plain, node, 0, inputs, &a) || !operand(plain, node, 1, inputs, &b) || !equal(&a, &b, &same)) {
        return false;
    }
    if (node->kind == PLAIN_NULLIF) {
        *out = same == 1 ? (struct value){.kind = VALUE_NULL} : a;
    } else {
        *out = of_truth(same >= 0 && node->negated ? !same : same);
    }
    return true;
}

static bool is_null(struct plain *plain, const struct plain_node *node, const struct value *inputs, struct value *out) {
    if (!operand(plain, node, 0, inputs, out)) {
        return false;
    }
    *out = of_truth((out->kind == VALUE_NULL) != node->negated);
    return true;
}

/* Where nothing is equal but something is NULL, nobody knows. */
static bool is_in(struct plain *plain, const struct plain_node *node, const struct value *inputs, struct value *out) {
    struct value value;
    int found = 0;

    if (!operand(plain, node, 0, inputs, &value)) {
        return false;
    }
    for (size_t i = 1; found != 1 && i < node->count; i++) {
        struct value item;
        int same;
        if (!operand(plain, node, i, inputs, &item) || !equal(&value, &item, &same)) {
            return false;
        }
        found = same == 0 ? found : same;
    }
    *out = of_truth(found >= 0 && node->negated ? !found : found);
    return true;
}

static bool logic(struct plain *plain, const struct plain_node *node, const struct value *inputs, struct value *out) {
    int a;
    int b = -1;

    if (!operand(plain, node, 0, inputs, out) || !truth(out, &a)) {
        return false;
    }
    if (node->kind == PLAIN_NOT) {
        *out = of_truth(a < 0 ? a : !a);
        return true;
    }
    int decisive = node->kind == PLAIN_OR;
    if (a != decisive && (!operand(plain, node, 1, inputs, out) || !truth(out, &b))) {
        return false;
    }
    *out = of_truth(a == decisive || b == decisive ? decisive : a < 0 || b < 0 ? -1 : !decisive);
    return true;
}

/* Operands: what is compared, or none; pairs of WHEN and THEN; the value that is left. */
static bool choose(struct plain *plain, const struct plain_node *node, const struct value *inputs, struct value *out) {
    bool simple = node->kind == PLAIN_CASE_OF;
    struct value base = {.kind = VALUE_NULL};

    if (simple && !operand(plain, node, 0, inputs, &base)) {
        return false;
    }
    for (size_t i = simple; i + 1 < node->count; i += 2) {
        struct value when;
        int holds;
        if (!operand(plain, node, i, inputs, &when) || !(simple ? equal(&base, &when, &holds) : truth(&when, &holds))) {
            return false;
        }
        if (holds == 1) {
            return operand(plain, node, i + 1, inputs, out);
        }
    }
    return operand(plain, node, node->count - 1, inputs, out);
}

static bool evaluate(struct plain *plain, size_t index, const struct value *inputs, struct value *out) {
    const struct plain_node *node = &plain->nodes[index];

    switch (node->kind) {
    case PLAIN_LITERAL:
        *out = node->literal;
        return true;
    case PLAIN_INPUT:
        *out = inputs[node->input];
        return true;
    case PLAIN_CONCATENATE:
        return concatenate(plain, node, inputs, out);
    case PLAIN_COALESCE:
        return coalesce(plain, node, inputs, out);
    case PLAIN_NULLIF:
    case PLAIN_EQUAL:
        return compare(plain, node, inputs, out);
    case PLAIN_IS_NULL:
        return is_null(plain, node, inputs, out);
    case PLAIN_IN:
        return is_in(plain, node, inputs, out);
    case PLAIN_AND:
    case PLAIN_OR:
    case PLAIN_NOT:
        return logic(plain, node, inputs, out);
    case PLAIN_CASE:
    case PLAIN_CASE_OF:
        return choose(plain, node, inputs, out);
    case PLAIN_LOWER:
    case PLAIN_UPPER:
    case PLAIN_TRIM:
        return of_text(plain, node, inputs, out);
    }
    return false;
}

bool plain_evaluate(struct plain *plain, const struct value *inputs, struct value *out) {
    for (size_t i = 0; i < plain->input_count; i++) {
        if (inputs[i].kind != VALUE_NULL && (inputs[i].kind != VALUE_TEXT || inputs[i].text.length > PLAIN_TEXT)) {
            return false;
        }
    }
    plain->used = 0;
    return evaluate(plain, plain->root, inputs, out);
}

void plain_free(struct plain *plain) {
    if (plain != NULL) {
        free(plain->nodes);
        free(plain->literals);
        free(plain);
    }
}
