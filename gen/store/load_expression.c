#include "store/load_expression.h"

#include "base/limits.h"
#include "store/guard_state.h"
#include "store/load.h"
#include "store/load_expression.sql.h"
#include "store/load_value.h"
#include "store/tables_fill.h"

#include <stdlib.h>

/*
 * Expressions run on a guarded connection of their own, in memory and without any table: they see their inputs and
 * nothing else, and what they make is inserted by the engine's own statement. The plain ones are computed without it.
 */

static bool fill_inputs(struct buffer *out, const struct row_rule *rule, struct diagnostics *diagnostics) {
    bool filled = true;
    for (size_t i = 0; filled && i < rule->input_count; i++) {
        const char *name = rule->inputs[i].name; /* an identifier: reading the schema saw to it */
        const struct tables_part parts[] = {{.placeholder = "parameter", .text = name},
                                            {.placeholder = "input", .name = name}};
        filled = tables_fill(out, sql_expression_input, parts, sizeof parts / sizeof parts[0], diagnostics);
    }
    return filled;
}

static struct guard_query *prepare(struct guard *guard, const struct row_rule *rule,
                                   const struct expression *expression, struct diagnostics *diagnostics) {
    struct buffer inputs = {0};
    struct buffer text = {0};
    struct buffer sql = {0};
    struct guard_query *query = NULL;
    if (!fill_inputs(&inputs, rule, diagnostics)) {
        goto done;
    }
    buffer_append_text(&text, expression->sql);
    buffer_append_byte(&text, '\n'); /* ends a comment */
    if (buffer_text(&text) == NULL) {
        diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "memory ran out while preparing an expression");
        goto done;
    }
    const struct tables_part parts[] = {{.placeholder = "expression", .text = buffer_text(&text)},
                                        {.placeholder = "inputs", .text = buffer_text(&inputs)}};
    if (tables_fill(&sql, sql_expression, parts, sizeof parts / sizeof parts[0], diagnostics)) {
        query = guard_prepare(guard, buffer_text(&sql), &expression->place);
    }

done:
    buffer_free(&sql);
    buffer_free(&text);
    buffer_free(&inputs);
    return query;
}

/* The expression without SQLite, which has accepted it; NULL where it needs SQLite. */
static struct plain *simplify(const struct row_rule *rule, const struct expression *expression) {
    const char **names = reallocarray(NULL, rule->input_count + 1, sizeof *names);
    struct plain *plain = NULL;
    if (names != NULL) {
        for (size_t i = 0; i < rule->input_count; i++) {
            names[i] = rule->inputs[i].name;
        }
        plain = plain_new(expression->sql, names, rule->input_count);
    }
    free(names);
    return plain;
}

static bool prepare_rule(struct store *store, const struct row_rule *rule, struct state_expression **out) {
    if (rule->expression_count == 0) {
        return true;
    }
    *out = calloc(rule->expression_count, sizeof **out);
    if (*out == NULL) {
        diagnostics_report(store->diagnostics, DIAGNOSTIC_MEMORY, NULL, "memory ran out while loading evidence");
        return false;
    }
    bool prepared = true;
    for (size_t i = 0; i < rule->expression_count; i++) {
        struct state_expression *expression = &(*out)[i];
        expression->query = prepare(store->expression_guard, rule, &rule->expressions[i], store->diagnostics);
        expression->plain = expression->query != NULL ? simplify(rule, &rule->expressions[i]) : NULL;
        prepared = expression->query != NULL && prepared;
    }
    return prepared;
}

bool load_expression_prepare(struct store *store, const struct kind *kind) {
    struct state_expressions *expressions = &store->expressions[kind - store->schema->kinds];
    if (expressions->rules != NULL) {
        return true;
    }
    if (store->expression_guard == NULL) {
        store->expression_guard =
            guard_state_open(GUARD_IN_MEMORY, NULL, store->options.as_of, LIMIT_CHALLENGE_STEPS, store->diagnostics);
        if (store->expression_guard == NULL) {
            return false;
        }
    }
    expressions->rules = calloc(kind->rule_count + 1, sizeof *expressions->rules);
    if (expressions->rules == NULL) {
        diagnostics_report(store->diagnostics, DIAGNOSTIC_MEMORY, NULL, "memory ran out while loading evidence");
        return false;
    }
    bool prepared = true;
    for (size_t i = 0; i < kind->rule_count; i++) {
        prepared = prepare_rule(store, &kind->rules[i], &expressions->rules[i]) && prepared;
    }
    return prepared;
}

bool load_expression_check(const struct schema *schema, struct diagnostics *diagnostics) {
    struct guard *guard = guard_state_open(GUARD_IN_MEMORY, NULL, 0, LIMIT_CHALLENGE_STEPS, diagnostics);
    bool sound = guard != NULL;
    for (size_t k = 0; guard != NULL && k < schema->kind_count; k++) {
        for (size_t r = 0; r < schema->kinds[k].rule_count; r++) {
            const struct row_rule *rule = &schema->kinds[k].rules[r];
            for (size_t i = 0; i < rule->expression_count; i++) {
                struct guard_query *query = prepare(guard, rule, &rule->expressions[i], diagnostics);
                sound = query != NULL && sound;
                guard_query_free(query);
            }
        }
    }
    guard_free(guard);
    return sound;
}

/* What SQLite makes of the expression; false where it fails. */
static bool ask(const struct row_rule *rule, struct guard_query *query, const struct column *column,
                const struct value *inputs, struct value *given) {
    guard_reset(query);
    for (size_t i = 0; i < rule->input_count; i++) {
        if (!guard_lend(query, rule->inputs[i].name, &inputs[i])) {
            return false;
        }
    }
    if (guard_step(query) != GUARD_ROW) {
        return false;
    }
    *given = load_value_given(column, query);
    return true;
}

/* The expression's value for a column; false where there is none that fits. */
static bool compute(struct store *store, const struct store_evidence *evidence, const struct row_rule *rule,
                    const struct state_expression *expression, const struct column *column, const struct value *inputs,
                    struct value *out) {
    struct value given;
    bool known = expression->plain != NULL && plain_evaluate(expression->plain, inputs, &given) &&
                 !load_value_wants_text(column, &given);
    if (!known && !ask(rule, expression->query, column, inputs, &given)) {
        return false;
    }
    bool unknown = false;
    bool converted = load_value_convert(column, given, evidence->source->zone, out, &unknown);
    store->unknown_values += unknown;
    return converted && !unknown;
}

void load_expression_fill(struct store *store, const struct store_evidence *evidence, const struct record *record,
                          struct value *columns, uint32_t *bad) {
    const struct kind *kind = evidence->kind;
    const struct row_rule *rule = &kind->rules[record->rule];
    const struct evidence_type *type = &store->schema->types[rule->type];
    const struct state_expression *expressions = store->expressions[kind - store->schema->kinds].rules[record->rule];
    const struct value *inputs = record->values + type->column_count;
    for (size_t i = 0; i < rule->expression_count; i++) {
        size_t column = rule->expressions[i].column;
        struct value value = {.kind = VALUE_NULL};
        if (!compute(store, evidence, rule, &expressions[i], &type->columns[column], inputs, &value)) {
            value.kind = VALUE_NULL;
            (*bad)++;
        } else if (value.kind == VALUE_NULL && type->columns[column].required) {
            (*bad)++;
        }
        columns[column] = value;
    }
}
