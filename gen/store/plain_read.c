#include "store/plain_private.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define NESTED 32 /* deeper than that nobody writes */
#define NONE   SIZE_MAX
#define DIGITS 15 /* of a number that is read */

enum token_kind { TOKEN_END, TOKEN_WORD, TOKEN_TEXT, TOKEN_NUMBER, TOKEN_SIGN, TOKEN_OTHER };

struct token {
    enum token_kind kind;
    const char *from; /* of a text: behind the quote */
    size_t length;    /* of a text: up to the closing quote, quotes within it being doubled */
};

struct reading {
    const char *at;
    struct token token; /* the one that is next */
    struct plain *plain;
    const char *const *names;
    size_t name_count;
    unsigned depth;
};

static bool is_letter(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_';
}

static void read_text(struct reading *reading) {
    const char *at = reading->at + 1;

    reading->token = (struct token){.kind = TOKEN_TEXT, .from = at};
    for (; *at != '\0' && (*at != '\'' || at[1] == '\''); at += *at == '\'' ? 2 : 1) {
    }
    reading->token.length = (size_t)(at - reading->token.from);
    if (*at == '\0') {
        reading->token.kind = TOKEN_OTHER;
        return;
    }
    reading->at = at + 1;
}

static void advance(struct reading *reading) {
    static const char *const signs[] = {"||", "==", "<>", "!=", "=", "(", ")", ","};

    while (*reading->at == ' ' || *reading->at == '\n' || *reading->at == '\t' || *reading->at == '\r') {
        reading->at++;
    }
    const char *at = reading->at;
    reading->token = (struct token){.kind = TOKEN_OTHER, .from = at};
    if (*at == '\0') {
        reading->token.kind = TOKEN_END;
    } else if (*at == '\'') {
        read_text(reading);
    } else if (is_letter(*at) || text_is_digit(*at)) {
        bool word = is_letter(*at);
        while (text_is_digit(*at) || is_letter(*at)) {
            at++;
        }
        reading->token.length = (size_t)(at - reading->at);
        bool number = !word && strspn(reading->at, "0123456789") == reading->token.length &&
                      reading->token.length <= DIGITS && *at != '.';
        reading->token.kind = word ? TOKEN_WORD : number ? TOKEN_NUMBER : TOKEN_OTHER;
        reading->at = at;
    } else {
        for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
            size_t length = strlen(signs[i]);
            if (strncmp(at, signs[i], length) == 0) {
                reading->token = (struct token){.kind = TOKEN_SIGN, .from = at, .length = length};
                reading->at = at + length;
                break;
            }
        }
    }
}

static bool is_next(const struct reading *reading, enum token_kind kind, const char *text) {
    const struct token *token = &reading->token;

    return token->kind == kind && token->length == strlen(text) && strncasecmp(token->from, text, token->length) == 0;
}

static bool take(struct reading *reading, enum token_kind kind, const char *text) {
    bool there = is_next(reading, kind, text);

    if (there) {
        advance(reading);
    }
    return there;
}

static bool take_word(struct reading *reading, const char *word) {
    return take(reading, TOKEN_WORD, word);
}

static bool take_sign(struct reading *reading, const char *sign) {
    return take(reading, TOKEN_SIGN, sign);
}

static size_t add_node(struct reading *reading, enum plain_kind kind) {
    struct plain *plain = reading->plain;

    if (plain->node_count == PLAIN_NODES) {
        return NONE;
    }
    plain->nodes[plain->node_count] = (struct plain_node){.kind = kind};
    return plain->node_count++;
}

static bool add_operand(struct reading *reading, size_t node, size_t operand) {
    if (node == NONE || operand == NONE || reading->plain->nodes[node].count == PLAIN_OPERANDS) {
        return false;
    }
    struct plain_node *to = &reading->plain->nodes[node];
    to->operands[to->count++] = (unsigned char)operand;
    return true;
}

/* A node with operands; NONE where one of them is. */
static size_t combine(struct reading *reading, enum plain_kind kind, size_t a, size_t b) {
    size_t node = add_node(reading, kind);

    return add_operand(reading, node, a) && add_operand(reading, node, b) ? node : NONE;
}

static size_t combine_one(struct reading *reading, enum plain_kind kind, size_t a) {
    size_t node = add_node(reading, kind);

    return add_operand(reading, node, a) ? node : NONE;
}

static size_t negate(struct reading *reading, size_t node, bool negated) {
    if (node != NONE) {
        reading->plain->nodes[node].negated = negated;
    }
    return node;
}

static size_t read_expression(struct reading *reading);

static size_t read_literal(struct reading *reading) {
    struct plain *plain = reading->plain;
    const struct token token = reading->token;
    size_t node = add_node(reading, PLAIN_LITERAL);

    if (node == NONE) {
        return NONE;
    }
    struct value *value = &plain->nodes[node].literal;
    if (token.kind == TOKEN_NUMBER) {
        *value = (struct value){.kind = VALUE_INTEGER};
        for (size_t i = 0; i < token.length; i++) {
            value->integer = value->integer * 10 + (token.from[i] - '0');
        }
    } else if (token.kind == TOKEN_TEXT) {
        char *text = plain->literals + plain->literal_length;
        *value = (struct value){.kind = VALUE_TEXT, .text.bytes = text};
        for (size_t i = 0; i < token.length; i += token.from[i] == '\'' ? 2 : 1) {
            text[value->text.length++] = token.from[i];
        }
        plain->literal_length += value->text.length;
    }
    advance(reading);
    return node;
}

/* The input of that name, in any case; NONE also where there are several. */
static size_t find_input(const struct reading *reading, const struct token *name) {
    size_t found = NONE;

    for (size_t i = 0; i < reading->name_count; i++) {
        if (strlen(reading->names[i]) == name->length &&
            strncasecmp(reading->names[i], name->from, name->length) == 0) {
            if (found != NONE) {
                return NONE;
            }
            found = i;
        }
    }
    return found;
}

static size_t read_name(struct reading *reading, const struct token *name) {
    size_t input = find_input(reading, name);
    size_t node = input == NONE ? NONE : add_node(reading, PLAIN_INPUT);

    if (node != NONE) {
        reading->plain->nodes[node].input = input;
    }
    return node;
}

/* Behind "(": expressions with commas between them, and ")". */
static bool read_list(struct reading *reading, size_t node) {
    do {
        if (!add_operand(reading, node, read_expression(reading))) {
            return false;
        }
    } while (take_sign(reading, ","));
    return take_sign(reading, ")");
}

static size_t read_call(struct reading *reading, const struct token *name) {
    static const struct {
        const char *name;
        enum plain_kind kind;
        size_t least;
        size_t most;
    } functions[] = {
        {"coalesce", PLAIN_COALESCE, 2, PLAIN_OPERANDS},
        {"ifnull", PLAIN_COALESCE, 2, 2},
        {"iif", PLAIN_CASE, 3, 3},
        {"nullif", PLAIN_NULLIF, 2, 2},
        {"lower", PLAIN_LOWER, 1, 1},
        {"upper", PLAIN_UPPER, 1, 1},
        {"trim", PLAIN_TRIM, 1, 1},
    };

    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        if (strlen(functions[i].name) == name->length &&
            strncasecmp(functions[i].name, name->from, name->length) == 0) {
            size_t node = add_node(reading, functions[i].kind);
            if (!read_list(reading, node) || reading->plain->nodes[node].count < functions[i].least ||
                reading->plain->nodes[node].count > functions[i].most) {
                return NONE;
            }
            return node;
        }
    }
    return NONE;
}

/* Behind CASE. */
static size_t read_case(struct reading *reading) {
    bool simple = !is_next(reading, TOKEN_WORD, "when");
    size_t node = add_node(reading, simple ? PLAIN_CASE_OF : PLAIN_CASE);
    bool good = node != NONE && (!simple || add_operand(reading, node, read_expression(reading)));
    size_t cases = 0;

    for (; good && take_word(reading, "when"); cases++) {
        good = add_operand(reading, node, read_expression(reading)) && take_word(reading, "then") &&
               add_operand(reading, node, read_expression(reading));
    }
    if (!good || cases == 0) {
        return NONE;
    }
    size_t left = take_word(reading, "else") ? read_expression(reading) : add_node(reading, PLAIN_LITERAL);
    return add_operand(reading, node, left) && take_word(reading, "end") ? node : NONE;
}

static size_t read_operand(struct reading *reading) {
    const struct token token = reading->token;

    switch (token.kind) {
    case TOKEN_TEXT:
    case TOKEN_NUMBER:
        return read_literal(reading);
    case TOKEN_SIGN:
        if (take_sign(reading, "(")) {
            size_t node = read_expression(reading);
            return take_sign(reading, ")") ? node : NONE;
        }
        return NONE;
    case TOKEN_WORD:
        if (is_next(reading, TOKEN_WORD, "null")) {
            return read_literal(reading);
        }
        advance(reading);
        if (take_sign(reading, "(")) {
            return read_call(reading, &token);
        }
        if (token.length == strlen("case") && strncasecmp(token.from, "case", token.length) == 0) {
            return read_case(reading);
        }
        return read_name(reading, &token);
    case TOKEN_END:
    case TOKEN_OTHER:
        break;
    }
    return NONE;
}

static size_t read_concatenation(struct reading *reading) {
    size_t first = read_operand(reading);
    size_t node = NONE;

    while (first != NONE && take_sign(reading, "||")) {
        if (node == NONE) {
            node = add_node(reading, PLAIN_CONCATENATE);
            if (!add_operand(reading, node, first)) {
                return NONE;
            }
        }
        if (!add_operand(reading, node, read_operand(reading))) {
            return NONE;
        }
    }
    return node == NONE ? first : node;
}

/* Behind [NOT] IN. */
static size_t read_in(struct reading *reading, size_t value, bool negated) {
    size_t node = combine_one(reading, PLAIN_IN, value);

    return node != NONE && take_sign(reading, "(") && read_list(reading, node) ? negate(reading, node, negated) : NONE;
}

/* Comparisons have one rank, and go from left to right. */
static size_t read_comparison(struct reading *reading) {
    size_t node = read_concatenation(reading);

    while (node != NONE) {
        if (take_sign(reading, "=") || take_sign(reading, "==")) {
            node = combine(reading, PLAIN_EQUAL, node, read_concatenation(reading));
        } else if (take_sign(reading, "<>") || take_sign(reading, "!=")) {
            node = negate(reading, combine(reading, PLAIN_EQUAL, node, read_concatenation(reading)), true);
        } else if (take_word(reading, "is")) {
            bool negated = take_word(reading, "not");
            node =
                take_word(reading, "null") ? negate(reading, combine_one(reading, PLAIN_IS_NULL, node), negated) : NONE;
        } else if (take_word(reading, "in")) {
            node = read_in(reading, node, false);
        } else if (take_word(reading, "not")) {
            node = take_word(reading, "in") ? read_in(reading, node, true) : NONE;
        } else {
            break;
        }
    }
    return node;
}

static size_t read_negation(struct reading *reading) {
    unsigned times = 0;

    while (take_word(reading, "not")) {
        times++;
    }
    size_t node = read_comparison(reading);
    for (; node != NONE && times > 0; times--) {
        node = combine_one(reading, PLAIN_NOT, node);
    }
    return node;
}

static size_t read_conjunction(struct reading *reading) {
    size_t node = read_negation(reading);

    while (node != NONE && take_word(reading, "and")) {
        node = combine(reading, PLAIN_AND, node, read_negation(reading));
    }
    return node;
}

static size_t read_expression(struct reading *reading) {
    if (reading->depth == NESTED) {
        return NONE;
    }
    reading->depth++;
    size_t node = read_conjunction(reading);
    while (node != NONE && take_word(reading, "or")) {
        node = combine(reading, PLAIN_OR, node, read_conjunction(reading));
    }
    reading->depth--;
    return node;
}

struct plain *plain_new(const char *sql, const char *const *names, size_t count) {
    struct plain *plain = calloc(1, sizeof *plain);
    struct reading reading = {.at = sql, .plain = plain, .names = names, .name_count = count};

    if (plain == NULL) {
        return NULL;
    }
    plain->input_count = count;
    plain->nodes = calloc(PLAIN_NODES, sizeof *plain->nodes);
    plain->literals = malloc(strlen(sql) + 1);
    if (plain->nodes == NULL || plain->literals == NULL) {
        goto failed;
    }
    advance(&reading);
    plain->root = read_expression(&reading);
    if (plain->root == NONE || reading.token.kind != TOKEN_END) {
        goto failed;
    }
    struct plain_node *fitted = reallocarray(plain->nodes, plain->node_count, sizeof *plain->nodes);
    plain->nodes = fitted == NULL ? plain->nodes : fitted;
    return plain;

failed:
    plain_free(plain);
    return NULL;
}
