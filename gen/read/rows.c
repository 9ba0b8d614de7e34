#include "read/rows.h"

#include "base/limits.h"
#include "base/quote.h"
#include "read/reader.h"

#include <string.h>

/* Whether what is converted comes again and again, and outlives the row. */
static bool rows_repeats(const struct column *column) {
    return column->kind == COLUMN_TIME || column->kind == COLUMN_ENUMERATION || column->kind == COLUMN_BOOLEAN;
}

static struct rows_plan rows_plan(const struct rows *rows, const struct rows_rule *rule,
                                  const struct evidence_type *type, const struct row_rule *row_rule, size_t index) {
    const struct mapping *mapping = &row_rule->mappings[index];
    const struct column *column = &type->columns[mapping->column];
    bool own = mapping->has_from && mapping->from.base != PATH_FILE && mapping->from.base != PATH_ENVELOPE;
    bool as_it_is = mapping->value_count == 0 && mapping->nulls.count == 0 && rows->empty_is_null;
    struct rows_plan plan = {
        .mapping = index, .column = mapping->column, .may_lack = rows->empty_is_null && !column->required};

    if (own && rows_repeats(column)) {
        plan.way = ROWS_KNOWN;
        plan.known = &rule->known[mapping->column];
    } else if (own && as_it_is && (column->kind == COLUMN_TEXT || column->kind == COLUMN_INTEGER)) {
        plan.way = column->kind == COLUMN_TEXT ? ROWS_TEXT : ROWS_INTEGER;
    }
    return plan;
}

/* What expressions give is not known here; what is the same in all rows is there from the beginning. */
static void rows_make_plans(const struct rows *rows, struct rows_rule *rule, const struct evidence_type *type,
                            const struct row_rule *row_rule) {
    for (size_t i = 0; i < row_rule->mapping_count; i++) {
        const struct mapping *mapping = &row_rule->mappings[i];
        bool constant =
            mapping->expression == SIZE_MAX && !mapping->has_from && mapping->constant_value.kind != VALUE_NULL;
        if (constant) {
            rule->values[mapping->column] = mapping->constant_value;
        } else if (mapping->expression == SIZE_MAX) {
            rule->plans[rule->plan_count++] = rows_plan(rows, rule, type, row_rule, i);
        }
    }
}

bool rows_open(struct rows *rows, struct arena *arena, const struct read_request *request, struct record_tally *tally) {
    const struct kind *kind = request->kind;

    *rows = (struct rows){.request = request, .kind = kind, .tally = tally};
    if (request->match != NULL && request->match->dated) {
        rows->covered = request->match->span;
        rows->has_covered = true;
    }
    rows->empty_is_null = kind->nulls.count == 0 || (kind->nulls.count == 1 && kind->nulls.items[0][0] == '\0');
    rows->rules = arena_array(arena, kind->rule_count, sizeof *rows->rules);
    if (rows->rules == NULL && kind->rule_count > 0) {
        return false;
    }
    for (size_t i = 0; i < kind->rule_count; i++) {
        const struct row_rule *row_rule = &kind->rules[i];
        const struct evidence_type *type = &request->schema->types[row_rule->type];
        size_t columns = type->column_count;
        struct rows_rule *rule = &rows->rules[i];
        rule->plans = arena_array(arena, row_rule->mapping_count + 1, sizeof *rule->plans);
        rule->inputs = arena_array(arena, row_rule->input_count + 1, sizeof *rule->inputs);
        rule->conditions = arena_array(arena, row_rule->when_count + 1, sizeof *rule->conditions);
        rule->held = arena_array(arena, row_rule->when_count + 1, sizeof *rule->held);
        rule->value_count = columns + kind->rules[i].input_count;
        rule->values = arena_array(arena, rule->value_count, sizeof *rule->values);
        rule->known = arena_array(arena, columns, sizeof *rule->known);
        rule->no_zone = arena_array(arena, columns, sizeof *rule->no_zone);
        rule->no_year = arena_array(arena, columns, sizeof *rule->no_year);
        rule->no_part = arena_array(arena, columns, sizeof *rule->no_part);
        if (rule->plans == NULL || rule->inputs == NULL || rule->conditions == NULL || rule->held == NULL ||
            (rule->value_count > 0 && (rule->values == NULL || rule->known == NULL || rule->no_zone == NULL ||
                                       rule->no_year == NULL || rule->no_part == NULL))) {
            return false;
        }
        rows_make_plans(rows, rule, type, row_rule);
    }
    return true;
}

/* Where the raw value stands that a path of the row itself names. */
static const struct raw *rows_standing(const struct value_path *path, rows_stand stand, void *context, size_t rule,
                                       enum rows_part part, size_t index) {
    return path->base == PATH_FILE || path->base == PATH_ENVELOPE ? NULL : stand(context, rule, part, index);
}

void rows_stand_at(struct rows *rows, rows_stand stand, void *context) {
    for (size_t i = 0; i < rows->kind->rule_count; i++) {
        const struct row_rule *rule = &rows->kind->rules[i];
        struct rows_rule *state = &rows->rules[i];
        for (size_t p = 0; p < state->plan_count; p++) {
            size_t index = state->plans[p].mapping;
            const struct mapping *mapping = &rule->mappings[index];
            state->plans[p].raw =
                mapping->has_from ? rows_standing(&mapping->from, stand, context, i, ROWS_MAPPING, index) : NULL;
        }
        for (size_t j = 0; j < rule->input_count; j++) {
            state->inputs[j] = rows_standing(&rule->inputs[j].from, stand, context, i, ROWS_INPUT, j);
        }
        for (size_t j = 0; j < rule->when_count; j++) {
            state->conditions[j] = rows_standing(&rule->when[j].path, stand, context, i, ROWS_CONDITION, j);
        }
    }
}

static const struct evidence_type *rows_type(const struct rows *rows, size_t rule) {
    return &rows->request->schema->types[rows->kind->rules[rule].type];
}

static struct place rows_place(const struct rows *rows, const struct locator *locator) {
    return (struct place){
        .path = rows->request->path, .member = rows->member, .line = locator->line, .record = locator->record};
}

/* An element of XML that stands there empty says something by that ("skipped"). */
static bool rows_is_present(const struct rows *rows, const struct condition *condition, const struct raw *raw) {
    const struct kind *kind = rows->kind;
    const struct value_path *path = &condition->path;
    const char *last = path->key_count > 0 ? path->keys[path->key_count - 1] : NULL;
    bool attribute = last != NULL && last[0] == '@';
    bool xml = (kind->has_inside && path->base != PATH_ENVELOPE ? kind->inside_format : kind->format) == FORMAT_XML;

    return !convert_is_null(kind, raw) || (xml && !attribute && raw->kind == RAW_TEXT && raw->length == 0);
}

bool rows_condition_answered(const struct rows *rows, const struct condition *condition, const struct raw *raw) {
    bool texts = condition->kind == CONDITION_IN || condition->kind == CONDITION_NOT_IN;

    return texts ? convert_is_listed(&condition->texts, raw) : rows_is_present(rows, condition, raw);
}

bool rows_condition_holds(const struct rows *rows, const struct condition *condition, const struct raw *raw) {
    bool wanted = condition->kind == CONDITION_IN || condition->kind == CONDITION_PRESENT;
    bool answered = condition->path.some ? raw->kind == RAW_SOME : rows_condition_answered(rows, condition, raw);

    return answered == wanted;
}

static struct raw rows_raw(const struct rows *rows, const struct value_path *path, rows_fetch fetch, void *context,
                           size_t rule, enum rows_part part, size_t index) {
    if (path->base == PATH_ENVELOPE && rows->around != NULL) {
        return rows->around(rows->around_context, rule, part, index);
    }
    return path->base == PATH_FILE ? reader_file_part(rows->request, path) : fetch(context, rule, part, index);
}

static void rows_report_conversion(struct rows *rows, const struct column *column, const struct mapping *mapping,
                                   const struct raw *raw, const struct place *place) {
    static const char *const kinds[] = {
        [COLUMN_TEXT] = "a text of at most 1 MiB without NUL characters",
        [COLUMN_INTEGER] = "a whole number of 64 bits",
        [COLUMN_REAL] = "a number",
        [COLUMN_BOOLEAN] = "true or false",
        [COLUMN_TIME] = "a time",
        [COLUMN_ENUMERATION] = "one of its values",
    };
    char quoted[QUOTE_BYTES];
    bool time = column->kind == COLUMN_TIME;

    diagnostics_report(rows->request->diagnostics, DIAGNOSTIC_VALUE_CONVERSION, place,
                       "%s is not %s%s%s%s, as the column %s wants; correct the export, or how the kind maps %s",
                       raw->bytes == NULL ? raw->kind == RAW_COMPOUND ? "a list or object" : "a longer text"
                                          : quote(quoted, raw->bytes, raw->length),
                       kinds[column->kind], time ? " written as '" : "",
                       time ? datetime_format_name(mapping->has_time ? mapping->time : DATETIME_ISO) : "",
                       time ? "'" : "", column->name, mapping->has_from ? mapping->from.text : "it");
}

/* Reports what became of a value that counts as invalid. */
static void rows_report(struct rows *rows, size_t rule, const struct mapping *mapping, const struct raw *raw,
                        const struct locator *locator, enum convert_result result) {
    const struct column *column = &rows_type(rows, rule)->columns[mapping->column];
    struct diagnostics *diagnostics = rows->request->diagnostics;
    struct place place = rows_place(rows, locator);
    char quoted[QUOTE_BYTES];

    switch (result) {
    case CONVERT_OK:
        return;
    case CONVERT_FAILED:
        rows_report_conversion(rows, column, mapping, raw, &place);
        return;
    case CONVERT_UNKNOWN:
        rows->tally->unknown_values++;
        diagnostics_report(diagnostics, DIAGNOSTIC_UNKNOWN_VALUE, &place,
                           "the value %s of %s is none that the kind %s knows; add it to the kind's values, or correct "
                           "the export",
                           quote(quoted, raw->bytes, raw->length), column->name, rows->kind->id);
        return;
    case CONVERT_NO_ZONE:
        if (!rows->rules[rule].no_zone[mapping->column]) {
            rows->rules[rule].no_zone[mapping->column] = true;
            diagnostics_report(diagnostics, DIAGNOSTIC_TIME_ZONE, &place,
                               "the times of %s have no zone (%s); declare `zone:` for the source", column->name,
                               quote(quoted, raw->bytes, raw->length));
        }
        return;
    case CONVERT_NO_YEAR:
        if (!rows->rules[rule].no_year[mapping->column]) {
            rows->rules[rule].no_year[mapping->column] = true;
            diagnostics_report(diagnostics, DIAGNOSTIC_TIME_YEAR, &place,
                               "the times of %s have no year (%s), and the file's path does not say it; put {period} "
                               "or {date} into the source's path",
                               column->name, quote(quoted, raw->bytes, raw->length));
        }
        return;
    }
}

static void rows_keep_known(struct rows_known *known, const struct raw *raw, const struct value *value) {
    known->length = 0;
    if (value->kind != VALUE_NULL && raw->bytes != NULL && raw->length <= sizeof known->text) {
        memcpy(known->text, raw->bytes, raw->length);
        known->length = (unsigned char)raw->length;
        known->kind = raw->kind;
        known->value = *value;
    }
}

bool rows_convert(struct rows *rows, size_t rule, const struct mapping *mapping, const struct raw *raw,
                  const struct locator *locator, struct value *out) {
    const struct column *column = &rows_type(rows, rule)->columns[mapping->column];
    struct rows_known *known = rows_repeats(column) ? &rows->rules[rule].known[mapping->column] : NULL;
    struct mapping ordered;

    if (known != NULL && rows_is_known(known, raw, out)) {
        return true;
    }
    if (rows->request->day_order != NULL && mapping->has_time &&
        (mapping->time == DATETIME_DAY_FIRST || mapping->time == DATETIME_MONTH_FIRST)) {
        ordered = *mapping;
        ordered.time = *rows->request->day_order;
        mapping = &ordered;
    }
    enum convert_result result = convert_value(rows->kind, column, mapping, rows->request->zone,
                                               rows->has_covered ? &rows->covered : NULL, raw, out);
    if (result != CONVERT_OK) {
        rows_report(rows, rule, mapping, raw, locator, result);
    } else if (known != NULL) {
        rows_keep_known(known, raw, out);
    }
    return result == CONVERT_OK;
}

/* A part that the path does not say is missing in every record of the type alike: said once. */
static void rows_report_missing(struct rows *rows, size_t rule, const struct mapping *mapping,
                                const struct locator *locator) {
    const struct evidence_type *type = rows_type(rows, rule);
    const char *column = type->columns[mapping->column].name;
    struct place place = rows_place(rows, locator);
    bool said = false;

    for (size_t i = 0; i < rows->kind->rule_count; i++) {
        said = said || (rows_type(rows, i) == type && rows->rules[i].no_part[mapping->column]);
    }
    if (!mapping->has_from || mapping->from.base != PATH_FILE) {
        diagnostics_report(rows->request->diagnostics, DIAGNOSTIC_REQUIRED_MISSING, &place,
                           "the record has no %s, which %s requires; complete it at its source and export again",
                           column, type->id);
    } else if (!said) {
        rows->rules[rule].no_part[mapping->column] = true;
        diagnostics_report(rows->request->diagnostics, DIAGNOSTIC_REQUIRED_MISSING, &place,
                           "the records do not say their %s, which %s requires: the kind %s takes it from the file's "
                           "path; write {%s} where it stands in the `path` of a source",
                           column, type->id, rows->kind->id, mapping->from.keys[0]);
    }
}

static inline struct value rows_input(const struct raw *raw, bool no_zeros) {
    bool there = raw->kind != RAW_ABSENT && raw->kind != RAW_NULL && raw->kind != RAW_AWAITED;

    return there && rows_is_text(raw, no_zeros) ? (struct value){.kind = VALUE_TEXT, .text = {raw->bytes, raw->length}}
                                                : (struct value){.kind = VALUE_NULL};
}

struct value rows_raw_value(const struct raw *raw) {
    return rows_input(raw, false);
}

/*
 * One column; false when it is invalid. `*awaited` says that its value comes later, if at all; what the row before had
 * there is gone then.
 */
static bool rows_column(struct rows *rows, size_t rule, size_t index, const struct locator *locator, rows_fetch fetch,
                        void *context, bool *awaited) {
    const struct mapping *mapping = &rows->kind->rules[rule].mappings[index];
    struct value *value = &rows->rules[rule].values[mapping->column];

    *awaited = false;
    if (!mapping->has_from) {
        *value = mapping->constant_value; /* NULL: any other is there from the beginning */
        return true;
    }
    struct raw raw = rows_raw(rows, &mapping->from, fetch, context, rule, ROWS_MAPPING, index);
    *awaited = raw.kind == RAW_AWAITED;
    if (*awaited) {
        value->kind = VALUE_NULL;
        return true;
    }
    return rows_convert(rows, rule, mapping, &raw, locator, value);
}

/* Whether all conditions hold. */
static inline bool rows_is_wanted(const struct rows *rows, size_t rule_index, rows_fetch fetch, void *context) {
    const struct row_rule *rule = &rows->kind->rules[rule_index];
    const struct rows_rule *state = &rows->rules[rule_index];
    struct value held = {.kind = VALUE_INTEGER, .integer = true};

    for (size_t i = 0; i < rule->when_count; i++) {
        const struct raw *raw = state->conditions[i];
        struct raw fetched;
        if (raw == NULL) {
            fetched = rows_raw(rows, &rule->when[i].path, fetch, context, rule_index, ROWS_CONDITION, i);
            raw = &fetched;
        }
        if (rows_is_known(&state->held[i], raw, &held)) {
            continue;
        }
        if (!rows_condition_holds(rows, &rule->when[i], raw)) {
            return false;
        }
        rows_keep_known(&state->held[i], raw, &held);
    }
    return true;
}

bool rows_begin(struct rows *rows, size_t rule, const struct locator *locator, rows_fetch fetch, void *context,
                struct record *out) {
    const struct rows_rule *state = &rows->rules[rule];
    _Static_assert(VALUE_NULL == 0, "a zeroed value is NULL");

    if (!rows_is_wanted(rows, rule, fetch, context)) {
        return false;
    }
    *out = (struct record){
        .rule = rule, .locator = *locator, .values = state->values, .value_count = state->value_count, .fits = true};
    return true;
}

void rows_look(struct rows *rows, size_t index, rows_fetch fetch, void *context, struct record *out) {
    const struct mapping *mapping = &rows->kind->rules[out->rule].mappings[index];
    bool awaited;
    bool good = rows_column(rows, out->rule, index, &out->locator, fetch, context, &awaited);
    bool missing = good && !awaited && rows_type(rows, out->rule)->columns[mapping->column].required &&
                   out->values[mapping->column].kind == VALUE_NULL;

    out->invalid += !good || missing;
    if (missing) {
        rows_report_missing(rows, out->rule, mapping, &out->locator);
    }
}

void rows_end(struct rows *rows, rows_fetch fetch, void *context, const struct record *out) {
    const struct row_rule *rule = &rows->kind->rules[out->rule];
    struct rows_rule *state = &rows->rules[out->rule];
    struct value *inputs = state->values + rows_type(rows, out->rule)->column_count;

    for (size_t i = 0; i < rule->input_count; i++) {
        const struct raw *raw = state->inputs[i];
        struct raw fetched;
        if (raw == NULL) {
            fetched = rows_raw(rows, &rule->inputs[i].from, fetch, context, out->rule, ROWS_INPUT, i);
            raw = &fetched;
        }
        inputs[i] = rows_input(raw, rows->no_zeros && raw != &fetched); /* what is around the rows may hold one */
    }
    state->rows++;
    rows->tally->rows++;
    rows->tally->invalid += out->invalid > 0;
}
