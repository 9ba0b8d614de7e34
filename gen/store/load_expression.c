#include "store/load_expression.h"

#include "base/limits.h"
#include "base/quote.h"
#include "store/guard_state.h"
#include "store/load_expression.sql.h"
#include "store/load_value.h"
#include "store/plain.h"
#include "store/tables_fill.h"

#include <stdlib.h>

/*
 * Expressions run on a guarded connection of their own, in memory and without any table: they see their inputs and
 * nothing else, and what they make is inserted by the engine's own statement. The plain ones are computed without it.
 */

/* One that is prepared, and the same without SQLite where that is possible. */
struct prepared {
    struct guard_query *query;
    struct plain *plain; /* or NULL */
};

struct load_expressions {
    const struct schema *schema;
    int64_t as_of;
    struct diagnostics *diagnostics;
    struct guard *guard;      /* made with the first kind */
    struct prepared ***kinds; /* [kind][rule][expression]; NULL: not prepared, or none */
};

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

static bool prepare_rule(const struct load_expressions *expressions, const struct row_rule *rule,
                         struct prepared **out) {
    if (rule->expression_count == 0) {
        return true;
    }
    *out = calloc(rule->expression_count, sizeof **out);
    if (*out == NULL) {
        diagnostics_report(expressions->diagnostics, DIAGNOSTIC_MEMORY, NULL, "memory ran out while loading evidence");
        return false;
    }
    bool done = true;
    for (size_t i = 0; i < rule->expression_count; i++) {
        struct prepared *prepared = &(*out)[i];
        prepared->query = prepare(expressions->guard, rule, &rule->expressions[i], expressions->diagnostics);
        prepared->plain = prepared->query != NULL ? simplify(rule, &rule->expressions[i]) : NULL;
        done = prepared->query != NULL && done;
    }
    return done;
}

static void free_kind(const struct kind *kind, struct prepared **rules) {
    for (size_t rule = 0; rules != NULL && rule < kind->rule_count; rule++) {
        for (size_t i = 0; rules[rule] != NULL && i < kind->rules[rule].expression_count; i++) {
            guard_query_free(rules[rule][i].query);
            plain_free(rules[rule][i].plain);
        }
        free(rules[rule]);
    }
    free(rules);
}

bool load_expression_prepare(struct load_expressions *expressions, const struct kind *kind) {
    struct prepared ***rules = &expressions->kinds[kind - expressions->schema->kinds];
    if (*rules != NULL) {
        return true;
    }
    if (expressions->guard == NULL) {
        expressions->guard = guard_state_open(GUARD_IN_MEMORY, NULL, expressions->as_of, LIMIT_CHALLENGE_STEPS,
                                              expressions->diagnostics);
        if (expressions->guard == NULL) {
            return false;
        }
    }
    *rules = calloc(kind->rule_count + 1, sizeof **rules);
    if (*rules == NULL) {
        diagnostics_report(expressions->diagnostics, DIAGNOSTIC_MEMORY, NULL, "memory ran out while loading evidence");
        return false;
    }
    bool done = true;
    for (size_t i = 0; i < kind->rule_count; i++) {
        done = prepare_rule(expressions, &kind->rules[i], &(*rules)[i]) && done;
    }
    if (!done) { /* what is half prepared must not be taken for prepared by the next file of the kind */
        free_kind(kind, *rules);
        *rules = NULL;
    }
    return done;
}

struct load_expressions *load_expression_new(const struct schema *schema, int64_t as_of,
                                             struct diagnostics *diagnostics) {
    struct load_expressions *expressions = calloc(1, sizeof *expressions);
    if (expressions != NULL) {
        *expressions = (struct load_expressions){.schema = schema, .as_of = as_of, .diagnostics = diagnostics};
        expressions->kinds = calloc(schema->kind_count + 1, sizeof *expressions->kinds);
    }
    if (expressions == NULL || expressions->kinds == NULL) {
        diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "memory ran out while loading evidence");
        load_expression_free(expressions);
        return NULL;
    }
    return expressions;
}

void load_expression_free(struct load_expressions *expressions) {
    if (expressions == NULL) {
        return;
    }
    for (size_t i = 0; expressions->kinds != NULL && i < expressions->schema->kind_count; i++) {
        free_kind(&expressions->schema->kinds[i], expressions->kinds[i]);
    }
    free(expressions->kinds);
    guard_free(expressions->guard);
    free(expressions);
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

/* What became of a column. */
enum outcome { OUTCOME_GOOD, OUTCOME_FAILED, OUTCOME_UNFIT, OUTCOME_UNKNOWN, OUTCOME_MISSING };

/* The expression's value for a column; `*given` is what it was made of. */
static enum outcome compute(const struct row_rule *rule, const struct prepared *prepared, const struct column *column,
                            const struct value *inputs, int32_t zone, struct value *given, struct value *out) {
    bool known = prepared->plain != NULL && plain_evaluate(prepared->plain, inputs, given) &&
                 !load_value_wants_text(column, given);
    if (!known && !ask(rule, prepared->query, column, inputs, given)) {
        return OUTCOME_FAILED;
    }
    bool unknown = false;
    if (!load_value_convert(column, *given, zone, out, &unknown)) {
        return unknown ? OUTCOME_UNKNOWN : OUTCOME_UNFIT;
    }
    return out->kind == VALUE_NULL && column->required ? OUTCOME_MISSING : OUTCOME_GOOD;
}

/* In words as the reader has them for values that are mapped as they stand. */
static void report(const struct load_expressions *expressions, const struct load_expression_file *file,
                   const struct record *record, const struct column *column, const struct value *given,
                   enum outcome outcome) {
    struct diagnostics *diagnostics = expressions->diagnostics;
    const struct place place = {.path = file->path, .record = record->locator.record};
    const struct row_rule *rule = &file->kind->rules[record->rule];
    char quoted[QUOTE_BYTES];
    const char *what =
        given->kind == VALUE_TEXT ? quote(quoted, given->text.bytes, given->text.length) : "what it makes";

    switch (outcome) {
    case OUTCOME_GOOD:
        return;
    case OUTCOME_FAILED:
        diagnostics_report(
            diagnostics, DIAGNOSTIC_VALUE_CONVERSION, &place,
            "the expression of the column %s fails; correct the export, or the expression in the kind %s", column->name,
            file->kind->id);
        return;
    case OUTCOME_UNFIT:
        diagnostics_report(diagnostics, DIAGNOSTIC_VALUE_CONVERSION, &place,
                           "the expression of the column %s gives %s, which cannot stand in it; correct the export, or "
                           "the expression in the kind %s",
                           column->name, what, file->kind->id);
        return;
    case OUTCOME_UNKNOWN:
        diagnostics_report(
            diagnostics, DIAGNOSTIC_UNKNOWN_VALUE, &place,
            "the value %s of %s is none that the kind %s knows; add it to the expression in the kind, or "
            "correct the export",
            what, column->name, file->kind->id);
        return;
    case OUTCOME_MISSING:
        if (rule->fold.used) { /* another row of the same entity may have it */
            return;
        }
        diagnostics_report(diagnostics, DIAGNOSTIC_REQUIRED_MISSING, &place,
                           "the expression of the kind %s finds no %s, which %s requires; complete the record at its "
                           "source and export again",
                           file->kind->id, column->name, expressions->schema->types[rule->type].id);
        return;
    }
}

void load_expression_fill(struct load_expressions *expressions, struct load_expression_file *file,
                          const struct record *record, struct value *columns, uint32_t *bad) {
    const struct kind *kind = file->kind;
    const struct row_rule *rule = &kind->rules[record->rule];
    const struct evidence_type *type = &expressions->schema->types[rule->type];
    const struct prepared *prepared = expressions->kinds[kind - expressions->schema->kinds][record->rule];
    const struct value *inputs = record->values + type->column_count;
    int32_t zone = file->zone == DATETIME_ZONE_UNDECLARED && kind->zone_text != NULL ? kind->zone : file->zone;
    for (size_t i = 0; i < rule->expression_count; i++) {
        size_t column = rule->expressions[i].column;
        struct value given = {.kind = VALUE_NULL};
        struct value value = {.kind = VALUE_NULL};
        enum outcome outcome = compute(rule, &prepared[i], &type->columns[column], inputs, zone, &given, &value);
        if (outcome != OUTCOME_GOOD) {
            value.kind = VALUE_NULL;
            (*bad)++;
            file->unknown += outcome == OUTCOME_UNKNOWN;
            report(expressions, file, record, &type->columns[column], &given, outcome);
        }
        columns[column] = value;
    }
}
