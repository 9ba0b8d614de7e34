#include "read/read_tree.h"

#include "base/quote.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void read_tree_report_stop(struct reader *reader, const struct walk *walk, uint64_t record) {
    const struct nest *nest = walk->nest;
    struct place place = reader_place(reader, nest->line, nest->column, record);
    char text[QUOTE_BYTES + 64];

    if (walk->stop == NEST_TRUNCATED) {
        diagnostics_report(reader->request.diagnostics, DIAGNOSTIC_TRUNCATED, &place,
                           "the file ends inside %s; export it again", nest->format->document);
        return;
    }
    enum diagnostic id = nest->format->problems[nest->problem];
    if (nest->problem == NEST_PROBLEM_ENCODING) {
        bool utf16 = strstr(nest->error, "UTF-16") != NULL;
        diagnostics_report(reader->request.diagnostics, id, &place, "%s; %s", nest->error,
                           nest->format == &xml_nest_format ? "export it as UTF-8"
                           : utf16                          ? READER_UTF16_ADVICE
                                                            : READER_ENCODING_ADVICE);
    } else if (nest->problem == NEST_PROBLEM_SYNTAX && reader->source.tally.wrong_shape && record == 0) {
        snprintf(text, sizeof text, "this is not %s (line %" PRIu64 ": %s)", nest->format->name, nest->line,
                 nest->error);
        reader_wrong_shape(reader, text);
    } else {
        diagnostics_report(reader->request.diagnostics, id, &place, "%s; correct the export, or export it again",
                           nest->error);
    }
}

static void read_tree_report_flaw(struct reader *reader, const struct nest_format *format, enum nest_flaw flaw,
                                  const struct place *place, const char *what) {
    static const char *const reasons[] = {
        [NEST_FLAW_REFERENCE] = "a reference to what is said elsewhere",
        [NEST_FLAW_BINARY] = "a binary value",
        [NEST_FLAW_KEY] = "a list or object as a key",
    };

    if (flaw == NEST_FLAW_NOT_TEXT) {
        diagnostics_report(reader->request.diagnostics, DIAGNOSTIC_ENCODING, place,
                           "%s has a string that is not UTF-8; " READER_ENCODING_ADVICE, what);
    } else {
        diagnostics_report(reader->request.diagnostics, format->reference, place,
                           "%s has %s, which is not read; export it written out", what, reasons[flaw]);
    }
}

void read_tree_report_fault(struct reader *reader, const struct nest *nest, const struct walk_state *state,
                            uint64_t record) {
    struct place place = reader_place(reader, state->fault_line, 0, record);
    const char *what = record > 0 ? "the record" : "the document around the records";
    char quoted[QUOTE_BYTES];

    const struct nest_format *format = nest->format;

    switch (state->fault) {
    case WALK_NO_FAULT:
        break;
    case WALK_DUPLICATE:
        diagnostics_report(reader->request.diagnostics, format->duplicate, &place,
                           "%s has the %s %s twice, and which one is meant is unclear; correct the export%s", what,
                           format->repeats ? "element or attribute" : "key",
                           quote(quoted, state->fault_node->key, state->fault_node->key_length),
                           format->repeats ? ", or map the elements as a list, by [*] behind the name" : "");
        break;
    case WALK_FLAW:
        read_tree_report_flaw(reader, format, state->flaw, &place, what);
        break;
    case WALK_TOO_LONG:
        diagnostics_report(reader->request.diagnostics, DIAGNOSTIC_RECORD_TOO_LONG, &place,
                           "%s is longer than %u MiB, or holds too many values; correct the export", what,
                           LIMIT_RECORD_BYTES >> 20);
        break;
    case WALK_NOT_OBJECT:
        diagnostics_report(reader->request.diagnostics, DIAGNOSTIC_RECORD_SHAPE, &place,
                           "%s is no %s; correct the export, or `at` in the kind %s", what, format->object,
                           reader->request.kind->id);
        break;
    }
}

static void read_tree_note_unknown(struct reader *reader) {
    const struct read_tree *state = reader->state;
    const struct walk *walk = &state->walk;
    struct place place = reader_place(reader, 0, 0, 0);
    struct buffer list = {0};
    struct buffer path = {0};
    char quoted[QUOTE_BYTES];

    for (size_t i = 0; i < walk->unknown_count; i++) {
        const struct walk_unknown *unknown = &walk->unknown[i];
        buffer_clear(&path);
        outline_print(unknown->node, &path);
        buffer_append_text(&path, path.length > 0 ? "." : "");
        buffer_append(&path, unknown->key, unknown->length);
        buffer_append_text(&list, i > 0 ? ", " : "");
        buffer_append_text(&list, path.failed ? "" : quote(quoted, path.data, path.length));
    }
    if (walk->unknown_count > 0 && buffer_text(&list) != NULL) {
        diagnostics_report(reader->request.diagnostics, DIAGNOSTIC_UNKNOWN_PATH, &place,
                           "the values %s%s are neither mapped nor ignored by the kind %s; map them, or list them "
                           "under `ignore:`",
                           buffer_text(&list), walk->unknown_more ? " and more" : "", reader->request.kind->id);
    }
    buffer_free(&list);
    buffer_free(&path);
}

static void read_tree_never_seen(struct reader *reader, const struct outline_node *node) {
    struct place place = reader_place(reader, 0, 0, 0);
    struct buffer path = {0};

    reader->source.tally.wrong_shape = true;
    outline_print(node, &path);
    diagnostics_report(reader->request.diagnostics, DIAGNOSTIC_PATH_NEVER_SEEN, &place,
                       "%s stands nowhere in the file; export it with this value, or mark it `optional` (a list: its "
                       "rule `may_be_empty`) in the kind %s",
                       buffer_text(&path) != NULL ? buffer_text(&path) : "a value", reader->request.kind->id);
    buffer_free(&path);
}

/* The lists on the way to a rule's rows, below its outermost one: each must have been a list where it could be. */
static void read_tree_check_lists(struct reader *reader, const struct outline_rule *rule) {
    const struct outline_node *top = rule->list;

    for (const struct outline_node *node = rule->node; node != top && node->parent != NULL; node = node->parent) {
        const struct outline_node *above = node->parent;
        if (node->step == STEP_KEY || above->entered) {
            continue;
        }
        while (above->step == STEP_KEY && above->parent != NULL) {
            above = above->parent;
        }
        if (above->seen) {
            read_tree_never_seen(reader, node->parent);
        }
    }
}

static void read_tree_check_path(struct reader *reader, const struct outline_path *path) {
    bool inside_row = path->base_kind == PATH_ROW || path->base_kind == PATH_PARENT;

    if (inside_row && path->target != NULL && !path->target->seen) {
        path->target->seen = 1; /* said once, however many columns it fills */
        read_tree_never_seen(reader, path->target);
    }
}

static void read_tree_check_rule(struct reader *reader, size_t index) {
    const struct read_tree *state = reader->state;
    const struct row_rule *rule = &reader->request.kind->rules[index];
    const struct outline_rule *outline = &state->outline->rules[index];

    if (!rule->may_be_empty) {
        read_tree_check_lists(reader, outline);
    }
    if (reader->rows.rules[index].rows == 0) {
        for (size_t i = 0; i < rule->when_count && outline->node->seen && !rule->may_be_empty; i++) {
            if (rule->when[i].kind == CONDITION_IN) {
                read_tree_check_path(reader, &outline->paths[ROWS_CONDITION][i]);
            }
        }
        return;
    }
    for (size_t i = 0; i < rule->mapping_count; i++) {
        const struct mapping *mapping = &rule->mappings[i];
        if (mapping->has_from && !mapping->optional) {
            read_tree_check_path(reader, &outline->paths[ROWS_MAPPING][i]);
        }
    }
    for (size_t i = 0; i < rule->input_count; i++) {
        if (rule->inputs[i].needed) {
            read_tree_check_path(reader, &outline->paths[ROWS_INPUT][i]);
        }
    }
}

/* Whether the lists that hold the records were there; reports if not. */
static bool read_tree_check_records(struct reader *reader) {
    const struct read_tree *state = reader->state;
    const struct kind *kind = reader->request.kind;
    struct record_tally *tally = &reader->source.tally;
    const struct outline_node *first_missing = NULL;
    const struct outline_node *first_list = NULL;
    struct buffer path = {0};
    char text[QUOTE_BYTES + 64];
    char quoted[QUOTE_BYTES];

    tally->list_seen = state->outline->document_record && state->documents > 0;
    for (size_t i = 0; i < kind->rule_count; i++) {
        const struct outline_node *list = state->outline->rules[i].list;
        first_list = first_list == NULL ? list : first_list;
        tally->list_seen = tally->list_seen || (list != NULL && list->parent->entered);
        if (list != NULL && !list->parent->entered && first_missing == NULL) {
            first_missing = list->parent;
        }
    }
    if (state->stopped || tally->truncated) {
        return false;
    }
    if (!tally->list_seen && tally->records > 0) {
        tally->wrong_shape = true; /* lines that are all malformed: each is reported */
        return false;
    }
    if (!tally->list_seen && (first_missing == NULL || first_missing->parent == NULL)) {
        reader_wrong_shape(reader,
                           first_missing == NULL ? "there is no document" : "the document is not the list of records");
        return false;
    }
    if (!tally->list_seen) {
        outline_print(first_missing, &path);
        snprintf(text, sizeof text, "the list %s is not there",
                 buffer_text(&path) != NULL ? quote(quoted, path.data, path.length) : "of records");
        reader_wrong_shape(reader, text);
        buffer_free(&path);
        return false;
    }
    if (first_list != NULL && state->listless > 0 && state->listless < state->documents) {
        reader_wrong_shape(reader, "the file holds several documents, and some are not lists of records");
    }
    for (size_t i = 0; i < kind->rule_count; i++) {
        struct outline_node *list = state->outline->rules[i].list;
        if (list != NULL && !list->parent->entered && !kind->rules[i].may_be_empty) {
            list->parent->entered = true; /* said once, however many rules want it */
            read_tree_never_seen(reader, list->parent);
        }
    }
    return true;
}

void read_tree_finish(struct reader *reader) {
    const struct kind *kind = reader->request.kind;
    struct read_tree *state = reader->state;
    const struct outline_path *effective = &state->outline->effective;

    if (!read_tree_check_records(reader)) {
        return;
    }
    for (size_t i = 0; i < kind->rule_count; i++) {
        read_tree_check_rule(reader, i);
    }
    if (kind->has_effective && effective->target != NULL && !effective->target->seen) {
        read_tree_never_seen(reader, effective->target);
    }
    for (size_t i = 0; i < kind->rule_count; i++) {
        const struct outline_rule *rule = &state->outline->rules[i];
        for (size_t j = 0; j < kind->rules[i].mapping_count && rule->list != NULL; j++) {
            const struct outline_path *path = &rule->paths[ROWS_MAPPING][j];
            if (path->base_kind == PATH_ENVELOPE && path->target != NULL && !path->target->seen &&
                !kind->rules[i].mappings[j].optional) {
                path->target->seen = 1;
                read_tree_never_seen(reader, path->target);
            }
        }
    }
    read_tree_note_unknown(reader);
}
