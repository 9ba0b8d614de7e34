#include "store/describe.h"

#include "store/describe.sql.h"
#include "store/query.h"

#include <string.h>

/* The statements for controls and what hangs on them. */
struct control_queries {
    struct query control;
    struct query criterion;
    struct query alias;
    struct query compensating;
    struct query parameter;
    struct query requirement;
    struct query test;
    int64_t requirements; /* described so far */
    int64_t tests;
};

static bool describe_criteria(const struct describe *describe) {
    const struct schema *schema = describe->schema;
    struct query insert;
    bool done =
        query_open(&insert, describe->connection, "insert_criterion", sql_insert_criterion, describe->diagnostics);
    for (size_t i = 0; done && i < schema->criterion_count; i++) {
        query_text(&insert, 1, schema->criteria[i].id);
        query_text(&insert, 2, schema->criteria[i].category);
        query_text(&insert, 3, schema->criteria[i].title);
        query_integer(&insert, 4, programme_in_scope(describe->programme, schema->criteria[i].category));
        query_integer(&insert, 5, (int64_t)i);
        done = query_run(&insert);
    }
    return query_close(&insert);
}

static bool describe_types(const struct describe *describe) {
    const struct schema *schema = describe->schema;
    struct query insert;
    bool done = query_open(&insert, describe->connection, "insert_type", sql_insert_type, describe->diagnostics);
    for (size_t i = 0; done && i < schema->type_count; i++) {
        query_text(&insert, 1, schema->types[i].id);
        query_text(&insert, 2, schema->types[i].title);
        query_text(&insert, 3, schema->types[i].meaning);
        query_text(&insert, 4, schema->types[i].shape == TYPE_SNAPSHOT ? "snapshot" : "event");
        query_integer(&insert, 5, schema->types[i].high_volume);
        query_integer(&insert, 6, schema->types[i].may_shrink);
        query_integer(&insert, 7, schema->types[i].stands);
        done = query_run(&insert);
    }
    return query_close(&insert);
}

static void bind_value(struct query *insert, int index, const struct value *value, const char *text) {
    switch (value->kind) {
    case VALUE_INTEGER:
        query_integer(insert, index, value->integer);
        break;
    case VALUE_REAL:
        query_real(insert, index, value->real);
        break;
    case VALUE_TEXT: /* is `text`, which is NUL-terminated */
    case VALUE_NULL:
        query_text(insert, index, text);
        break;
    }
}

static bool describe_parameter(const struct describe *describe, struct query *insert, const char *control,
                               const struct parameter *parameter) {
    const struct programme_override *override =
        programme_find_override(describe->programme, control, parameter->name, describe->options->as_of);
    const struct value *value = override == NULL ? &parameter->value : &override->converted;
    const char *text = override == NULL ? parameter->text : override->text;
    query_text(insert, 1, control);
    query_text(insert, 2, parameter->name);
    bind_value(insert, 3, value, text);
    query_text(insert, 4, text);
    query_text(insert, 5, parameter->meaning);
    query_text(insert, 6, parameter->text);
    query_integer(insert, 7, override != NULL);
    if (override != NULL) {
        query_text(insert, 8, override->approver);
        query_integer_or_null(insert, 9, override->date, override->date != INT64_MIN);
        query_text(insert, 10, override->reason);
    }
    return query_run(insert);
}

static bool describe_list(struct query *insert, const char *control, const struct text_list *list) {
    for (size_t i = 0; i < list->count; i++) {
        query_text(insert, 1, control);
        query_text(insert, 2, list->items[i]);
        if (!query_run(insert)) {
            return false;
        }
    }
    return true;
}

static bool describe_requirement(const struct describe *describe, struct control_queries *queries,
                                 const struct control *control, const struct requirement *requirement) {
    struct query *insert = &queries->requirement;
    query_integer(insert, 1, ++queries->requirements);
    query_text(insert, 2, control->id);
    query_text(insert, 3, describe->schema->types[requirement->type].id);
    query_text(insert, 4, schema_cadence_names[requirement->cadence]);
    query_integer(insert, 5, requirement->grace);
    query_integer(insert, 6, requirement->automated);
    query_text(insert, 7, requirement->produced_by);
    return query_run(insert);
}

static bool describe_test(struct control_queries *queries, const struct control *control, const struct test *test) {
    struct query *insert = &queries->test;
    query_text(insert, 1, test->id);
    query_text(insert, 2, control->id);
    query_text(insert, 3, test->title);
    query_text(insert, 4, schema_method_names[test->method]);
    query_text(insert, 5, test->query);
    query_text(insert, 6, test->manual.attest);
    query_real(insert, 7, test->tolerable);
    query_text(insert, 8, schema_severity_names[test->severity]);
    query_text(insert, 9, test->remediation);
    query_text(insert, 10, test->latest_reason);
    query_integer(insert, 11, queries->tests++);
    query_text(insert, 12, test->manual.by);
    query_text(insert, 13, test->manual.document);
    query_text(insert, 15, test->standing);
    query_text(insert, 14, test->manual.attest != NULL ? schema_cadence_names[test->manual.each] : NULL);
    return query_run(insert);
}

static bool describe_control(const struct describe *describe, struct control_queries *queries, size_t position) {
    const struct control *control = &describe->schema->controls[position];
    const char *reason = programme_not_applicable(describe->programme, describe->schema, control);
    struct query *insert = &queries->control;
    query_text(insert, 1, control->id);
    query_text(insert, 2, control->title);
    query_text(insert, 3, control->owner);
    query_text(insert, 4, control->narrative);
    query_text(insert, 5, control->frequency);
    query_integer_or_null(insert, 6, control->effective_from, control->effective_from != INT64_MIN);
    query_integer_or_null(insert, 7, control->superseded, control->superseded != INT64_MAX);
    query_integer(insert, 8, reason == NULL);
    query_text(insert, 9, reason);
    query_integer(insert, 10, (int64_t)position);
    bool done = query_run(insert) && describe_list(&queries->criterion, control->id, &control->criteria) &&
                describe_list(&queries->alias, control->id, &control->alias) &&
                describe_list(&queries->compensating, control->id, &control->compensating);
    for (size_t i = 0; done && i < control->parameter_count; i++) {
        done = describe_parameter(describe, &queries->parameter, control->id, &control->parameters[i]);
    }
    for (size_t i = 0; done && i < control->requirement_count; i++) {
        done = describe_requirement(describe, queries, control, &control->requirements[i]);
    }
    for (size_t i = 0; done && i < control->test_count; i++) {
        done = describe_test(queries, control, &control->tests[i]);
    }
    return done;
}

static bool describe_controls(const struct describe *describe) {
    struct control_queries queries = {0};
    const struct query_statement statements[] = {
        {&queries.control, "insert_control", sql_insert_control},
        {&queries.criterion, "insert_control_criterion", sql_insert_control_criterion},
        {&queries.alias, "insert_control_alias", sql_insert_control_alias},
        {&queries.compensating, "insert_control_compensating", sql_insert_control_compensating},
        {&queries.parameter, "insert_parameter", sql_insert_parameter},
        {&queries.requirement, "insert_requirement", sql_insert_requirement},
        {&queries.test, "insert_test", sql_insert_test},
    };
    const size_t statement_count = sizeof statements / sizeof statements[0];
    bool done = query_open_all(statements, statement_count, describe->connection, describe->diagnostics);
    for (size_t i = 0; done && i < describe->schema->control_count; i++) {
        done = describe_control(describe, &queries, i);
    }
    for (size_t i = 0; i < statement_count; i++) {
        done = query_close(statements[i].query) && done;
    }
    return done;
}

/* A threshold that was loosened afterwards is not the one that the control operated by. */
static void report_late_overrides(const struct describe *describe) {
    for (size_t i = 0; i < describe->programme->override_count; i++) {
        const struct programme_override *override = &describe->programme->overrides[i];
        char date[DATETIME_ISO_BYTES];
        if (override->date <= describe->options->as_of) {
            continue;
        }
        datetime_date(override->date, date);
        diagnostics_report(
            describe->diagnostics, DIAGNOSTIC_OVERRIDE_LATE, &override->place,
            "the override of %s of control %s is dated %s, after the date of the assessment, and counts for "
            "nothing; it can count from then on",
            override->parameter, override->control, date);
    }
}

bool describe_schema(const struct describe *describe) {
    report_late_overrides(describe);
    return describe_criteria(describe) && describe_types(describe) && describe_controls(describe);
}
