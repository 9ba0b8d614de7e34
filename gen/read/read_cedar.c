#include "config/cedar_path.h"
#include "read/cedar.h"
#include "read/reader.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* What each mapping, input and condition of a rule reads. */
struct read_cedar_rule {
    bool actions; /* a row an action */
    enum cedar_value *fields[ROWS_CONDITION + 1];
};
struct read_cedar {
    struct cedar *cedar;
    struct read_cedar_rule *rules; /* arena */
    const struct cedar_policy *policy;
    struct locator locator;
    size_t next_rule;   /* of the policy */
    size_t next_action; /* of the rule, where it has a row an action */
    size_t action;      /* of the row that is being made */
    bool wanted;        /* some rule took the policy */
    char name[32];      /* policy0, policy1, ... */
    char index[24];
};

static enum cedar_value read_cedar_value(const struct row_rule *rule, const struct value_path *path) {
    enum cedar_value value;

    return cedar_path_find(rule, path, &value) ? value : CEDAR_NONE;
}

static bool read_cedar_rule(struct reader *reader, const struct row_rule *rule, struct read_cedar_rule *out) {
    const size_t counts[] = {rule->mapping_count, rule->input_count, rule->when_count};
    bool known;

    out->actions = cedar_path_actions(rule, &known);
    for (size_t part = 0; part <= ROWS_CONDITION; part++) {
        out->fields[part] = arena_array(reader->arena, counts[part] + 1, sizeof(enum cedar_value));
        if (out->fields[part] == NULL) {
            return false;
        }
    }
    for (size_t i = 0; i < rule->mapping_count; i++) {
        const struct mapping *mapping = &rule->mappings[i];
        out->fields[ROWS_MAPPING][i] = mapping->has_from ? read_cedar_value(rule, &mapping->from) : CEDAR_NONE;
    }
    for (size_t i = 0; i < rule->input_count; i++) {
        out->fields[ROWS_INPUT][i] = read_cedar_value(rule, &rule->inputs[i].from);
    }
    for (size_t i = 0; i < rule->when_count; i++) {
        out->fields[ROWS_CONDITION][i] = read_cedar_value(rule, &rule->when[i].path);
    }
    return true;
}

static bool read_cedar_open(struct reader *reader) {
    const struct kind *kind = reader->request.kind;
    struct read_cedar *state = arena_allocate(reader->arena, sizeof *state);

    if (state == NULL) {
        return false;
    }
    reader->state = state;
    state->next_rule = kind->rule_count;
    state->rules = arena_array(reader->arena, kind->rule_count + 1, sizeof *state->rules);
    for (size_t i = 0; i < kind->rule_count; i++) {
        if (state->rules == NULL || !read_cedar_rule(reader, &kind->rules[i], &state->rules[i])) {
            return false;
        }
    }
    state->cedar = cedar_open(reader->bytes);
    return state->rules != NULL && state->cedar != NULL;
}

static void read_cedar_close(struct reader *reader) {
    struct read_cedar *state = reader->state;

    cedar_close(state->cedar);
}

static struct raw read_cedar_raw(const struct read_cedar *state, const struct cedar_text *text) {
    return text->there ? (struct raw){RAW_TEXT, cedar_bytes(state->cedar, text), text->length}
                       : (struct raw){.kind = RAW_ABSENT};
}

static struct raw read_cedar_plain(const char *text) {
    return (struct raw){RAW_TEXT, text, strlen(text)};
}

static struct raw read_cedar_annotation(const struct read_cedar *state, const char *name) {
    for (size_t i = 0; i < state->policy->annotation_count; i++) {
        const struct cedar_annotation *annotation = &state->policy->annotations[i];
        if (annotation->name.length == strlen(name) &&
            memcmp(cedar_bytes(state->cedar, &annotation->name), name, annotation->name.length) == 0) {
            return read_cedar_raw(state, &annotation->value);
        }
    }
    return (struct raw){.kind = RAW_ABSENT};
}

static const struct value_path *read_cedar_path(const struct row_rule *rule, enum rows_part part, size_t index) {
    return part == ROWS_MAPPING ? &rule->mappings[index].from
           : part == ROWS_INPUT ? &rule->inputs[index].from
                                : &rule->when[index].path;
}

static struct raw read_cedar_find(const struct read_cedar *state, const struct value_path *path,
                                  enum cedar_value value) {
    const struct cedar_policy *policy = state->policy;
    struct raw named;

    switch (value) {
    case CEDAR_EFFECT:
        return read_cedar_plain(policy->permit ? "permit" : "forbid");
    case CEDAR_ID:
        named = read_cedar_annotation(state, "id");
        return named.kind == RAW_ABSENT ? read_cedar_plain(state->name) : named;
    case CEDAR_PRINCIPAL:
        return read_cedar_raw(state, &policy->principal.whole);
    case CEDAR_PRINCIPAL_TYPE:
        return read_cedar_raw(state, &policy->principal.type);
    case CEDAR_PRINCIPAL_ID:
        return read_cedar_raw(state, &policy->principal.id);
    case CEDAR_PRINCIPAL_OPERATOR:
        return read_cedar_plain(policy->principal_operator);
    case CEDAR_ACTION:
        return read_cedar_raw(state, &policy->action);
    case CEDAR_ACTION_OPERATOR:
        return read_cedar_plain(policy->action_operator);
    case CEDAR_RESOURCE:
        return read_cedar_raw(state, &policy->resource.whole);
    case CEDAR_RESOURCE_TYPE:
        return read_cedar_raw(state, &policy->resource.type);
    case CEDAR_RESOURCE_ID:
        return read_cedar_raw(state, &policy->resource.id);
    case CEDAR_RESOURCE_OPERATOR:
        return read_cedar_plain(policy->resource_operator);
    case CEDAR_CONDITIONS:
        return read_cedar_raw(state, &policy->conditions);
    case CEDAR_ANNOTATION:
        return read_cedar_annotation(state, path->keys[1]);
    case CEDAR_ITEM:
        return read_cedar_raw(state, &policy->actions[state->action].whole);
    case CEDAR_ITEM_TYPE:
        return read_cedar_raw(state, &policy->actions[state->action].type);
    case CEDAR_ITEM_ID:
        return read_cedar_raw(state, &policy->actions[state->action].id);
    case CEDAR_INDEX:
        return (struct raw){RAW_NUMBER, state->index, strlen(state->index)};
    case CEDAR_NONE:
        break;
    }
    return (struct raw){.kind = RAW_ABSENT};
}

/* What rows_make gets its values through. */
struct read_cedar_context {
    const struct read_cedar *state;
    const struct kind *kind;
};

static struct raw read_cedar_fetch(void *context, size_t rule, enum rows_part part, size_t index) {
    const struct read_cedar_context *from = context;

    return read_cedar_find(from->state, read_cedar_path(&from->kind->rules[rule], part, index),
                           from->state->rules[rule].fields[part][index]);
}

static void read_cedar_report(struct reader *reader, const struct read_cedar *state, uint64_t record) {
    static const struct {
        enum diagnostic id;
        const char *advice;
    } problems[] = {
        [CEDAR_PROBLEM_SYNTAX] = {DIAGNOSTIC_CEDAR_SYNTAX, "correct the policy"},
        [CEDAR_PROBLEM_DEPTH] = {DIAGNOSTIC_CEDAR_SYNTAX, "write a simpler condition, or several policies"},
        [CEDAR_PROBLEM_LENGTH] = {DIAGNOSTIC_RECORD_TOO_LONG, "correct the policy"},
        [CEDAR_PROBLEM_ENCODING] = {DIAGNOSTIC_ENCODING, READER_ENCODING_ADVICE},
        [CEDAR_PROBLEM_UTF16] = {DIAGNOSTIC_ENCODING, READER_UTF16_ADVICE},
    };
    enum cedar_problem problem = cedar_problem(state->cedar);
    struct place place = reader_place(reader, cedar_error_line(state->cedar), cedar_error_column(state->cedar), record);

    diagnostics_report(reader->request.diagnostics, problems[problem].id, &place, "%s; %s", cedar_error(state->cedar),
                       problems[problem].advice);
}

/* Reads the next policy and counts it. RECORD_ROW also for one that was rejected: then no rule is due. */
static enum record_status read_cedar_record(struct reader *reader) {
    struct read_cedar *state = reader->state;
    struct record_tally *tally = &reader->source.tally;
    enum cedar_event event = cedar_next(state->cedar, &state->policy);

    if (event == CEDAR_READ_FAILED) {
        return reader_failed(reader, cedar_system_error(state->cedar));
    }
    if (event == CEDAR_READ_END) {
        if (tally->records == 0 && !tally->wrong_shape) {
            reader_wrong_shape(reader, "there is no Cedar policy");
        } else if (tally->rejected == tally->records && !tally->truncated) {
            tally->wrong_shape = true; /* each is reported */
        }
        tally->list_seen = tally->records > tally->rejected;
        return RECORD_END;
    }
    if (event == CEDAR_READ_ERROR && cedar_problem(state->cedar) == CEDAR_PROBLEM_UTF16) {
        tally->wrong_shape = true;
        read_cedar_report(reader, state, 0);
        return RECORD_END;
    }
    /* Cedar numbers them from 0. */
    snprintf(state->name, sizeof state->name, "policy%" PRIu64, tally->records);
    tally->records++;
    state->locator = (struct locator){.record = tally->records,
                                      .line = cedar_line(state->cedar),
                                      .offset = cedar_offset(state->cedar),
                                      .length = cedar_length(state->cedar)};
    if (event == CEDAR_READ_POLICY) {
        state->next_rule = 0;
        state->next_action = 0;
        state->wanted = false;
        return RECORD_ROW;
    }
    tally->rejected++;
    if (event == CEDAR_READ_ERROR) {
        read_cedar_report(reader, state, tally->records);
    } else {
        struct place place = reader_place(reader, state->locator.line, 0, tally->records);
        tally->truncated = true;
        diagnostics_report(reader->request.diagnostics, DIAGNOSTIC_TRUNCATED, &place,
                           "the file ends inside this policy; complete it, or close its last text");
    }
    return RECORD_ROW;
}

/* Makes the next row that is due of the policy; false when there is none left. */
static bool read_cedar_row(struct reader *reader, struct record *out) {
    struct read_cedar *state = reader->state;
    struct record_tally *tally = &reader->source.tally;
    const struct kind *kind = reader->request.kind;
    struct read_cedar_context context = {state, kind};

    while (state->next_rule < kind->rule_count) {
        size_t rule = state->next_rule;
        bool actions = state->rules[rule].actions;
        bool made = false;
        if (!actions || state->next_action < state->policy->action_count) {
            state->action = state->next_action++;
            snprintf(state->index, sizeof state->index, "%zu", state->action);
            made = rows_make(&reader->rows, rule, &state->locator, read_cedar_fetch, &context, out);
        }
        if (!actions || state->next_action >= state->policy->action_count) {
            state->next_rule++;
            state->next_action = 0;
        }
        tally->loaded += made && !state->wanted;
        state->wanted = state->wanted || made;
        tally->passed_over += state->next_rule == kind->rule_count && !state->wanted;
        if (made) {
            return true;
        }
    }
    return false;
}

static enum record_status read_cedar_next(struct reader *reader, struct record *out) {
    enum record_status status = RECORD_ROW;

    while (status == RECORD_ROW) {
        if (read_cedar_row(reader, out)) {
            return RECORD_ROW;
        }
        status = read_cedar_record(reader);
    }
    return status;
}

const struct reader_format read_cedar_format = {read_cedar_open, read_cedar_next, read_cedar_close, NULL, NULL};
