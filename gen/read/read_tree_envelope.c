#include "read/read_tree.h"

#include "base/quote.h"
#include "base/value.h"

#include <string.h>

/* Values that stand around the records: known when the document is complete, the same for every row of the file. */

static bool read_tree_same(const struct value *a, const struct value *b) {
    if (a->kind != b->kind) {
        return false;
    }
    switch (a->kind) {
    case VALUE_NULL:
        return true;
    case VALUE_INTEGER:
        return a->integer == b->integer;
    case VALUE_REAL:
        return memcmp(&a->real, &b->real, sizeof a->real) == 0;
    case VALUE_TEXT:
        return a->text.length == b->text.length && memcmp(a->text.bytes, b->text.bytes, a->text.length) == 0;
    }
    return false;
}

/* Adds a value, or compares it with what an earlier document of the file said. False when memory is out. */
static bool read_tree_envelope_set(struct reader *reader, size_t *index, size_t rule, size_t column,
                                   struct value value) {
    if (reader->envelope_known) {
        if (!read_tree_same(&reader->envelope[*index].value, &value) && !reader->envelope_differs) {
            reader->envelope_differs = true;
            reader_wrong_shape(reader, "the file holds several documents that say different things of their records; "
                                       "keep each in a file of its own");
        }
        ++*index;
        return true;
    }
    if (value.kind == VALUE_TEXT) {
        value.text.bytes = arena_copy(reader->whole, value.text.bytes, value.text.length);
        if (value.text.bytes == NULL) {
            return false;
        }
    }
    struct envelope_value *slot =
        arena_push(reader->whole, &reader->envelope, &reader->source.envelope_count, sizeof *reader->envelope);
    if (slot == NULL) {
        return false;
    }
    *slot = (struct envelope_value){.rule = rule, .column = column, .value = value};
    return true;
}

static bool read_tree_envelope_rule(struct reader *reader, const struct outline_rule *outline, size_t rule_index,
                                    const struct walk *walk, size_t *index) {
    const struct row_rule *rule = &reader->request.kind->rules[rule_index];
    const struct evidence_type *type = &reader->request.schema->types[rule->type];
    const struct locator locator = {.line = walk->document.line};

    for (size_t i = 0; i < rule->mapping_count; i++) {
        const struct mapping *mapping = &rule->mappings[i];
        const struct outline_path *path = &outline->paths[ROWS_MAPPING][i];
        if (!mapping->has_from || path->base_kind != PATH_ENVELOPE) {
            continue;
        }
        struct raw raw = capture_find(&walk->capture, 0, path);
        struct value value;
        bool good = rows_convert(&reader->rows, rule_index, mapping, &raw, &locator, &value);
        const struct column *column = &type->columns[mapping->column];
        if (!good || (column->required && value.kind == VALUE_NULL && raw.kind != RAW_ABSENT)) {
            reader->source.tally.wrong_shape = true;
        }
        if (column->required && value.kind == VALUE_NULL && raw.kind != RAW_ABSENT && good) {
            struct place place = reader_place(reader, locator.line, 0, 0);
            diagnostics_report(reader->request.diagnostics, DIAGNOSTIC_REQUIRED_MISSING, &place,
                               "the document says no %s, which %s requires of every row; export it again", column->name,
                               type->id);
        }
        if (!read_tree_envelope_set(reader, index, rule_index, mapping->column, value)) {
            return false;
        }
    }
    for (size_t i = 0; i < rule->input_count; i++) {
        const struct outline_path *path = &outline->paths[ROWS_INPUT][i];
        if (path->base_kind != PATH_ENVELOPE) {
            continue;
        }
        struct raw raw = capture_find(&walk->capture, 0, path);
        if (!read_tree_envelope_set(reader, index, rule_index, type->column_count + i, rows_raw_value(&raw))) {
            return false;
        }
    }
    return true;
}

static bool read_tree_envelope_turns(const struct reader *reader, const struct condition *condition,
                                     const struct walk *walk, const struct outline_path *path) {
    const struct raw absent = {.kind = RAW_ABSENT};
    struct raw late = capture_find(&walk->capture, 0, path);

    return rows_condition_holds(&reader->rows, condition, &late) !=
           rows_condition_holds(&reader->rows, condition, &absent);
}

/* A `when` that asked for a value before the document had said it was answered as if there were none: wrongly, where
 * the value is answered otherwise. */
static void read_tree_envelope_late(struct reader *reader, const struct outline *outline, const struct walk *walk) {
    struct read_tree *state = reader->state;

    for (size_t i = 0; i < outline->rule_count; i++) {
        const struct row_rule *rule = &reader->request.kind->rules[i];
        for (size_t j = 0; j < rule->when_count && state->late[i]; j++) {
            const struct outline_path *path = &outline->rules[i].paths[ROWS_CONDITION][j];
            if (path->base_kind == PATH_ENVELOPE && read_tree_envelope_turns(reader, &rule->when[j], walk, path)) {
                reader_wrong_shape(reader, "a value of the document that `when` asks for stands behind the records, "
                                           "where it comes too late");
                break;
            }
        }
        state->late[i] = false;
    }
}

/* Takes what the document says of whether another one follows, and of how many records there are. */
static void read_tree_envelope_pages(struct reader *reader, const struct outline *outline, const struct walk *walk) {
    static const char *const nothing = "not there";
    const struct kind *kind = reader->request.kind;
    struct reader_pages *pages = &reader->pages;
    uint64_t records = reader->source.tally.records - pages->before;
    int64_t counted = 0;

    pages->before = reader->source.tally.records;
    pages->last = walk->alone ? pages->last + records : records;
    pages->largest = pages->last > pages->largest ? pages->last : pages->largest;
    pages->open = NULL;
    for (size_t i = 0; i < kind->complete_count && outline->complete != NULL && pages->open == NULL; i++) {
        struct raw raw = capture_find(&walk->capture, 0, &outline->complete[i]);
        if (!rows_condition_holds(&reader->rows, &kind->complete[i], &raw)) {
            pages->open = &kind->complete[i];
            pages->open_line = walk->document.line;
            if (raw.kind == RAW_ABSENT || raw.bytes == NULL) {
                memcpy(pages->said, nothing, strlen(nothing) + 1);
            } else {
                quote(pages->said, raw.bytes, raw.length);
            }
        }
    }
    struct raw raw =
        kind->has_count ? capture_find(&walk->capture, 0, &outline->count) : (struct raw){.kind = RAW_ABSENT};
    if (raw.kind == RAW_ABSENT || raw.kind == RAW_NULL) {
        return;
    }
    if (raw.bytes == NULL || !value_integer(raw.bytes, raw.length, &counted) || counted < 0) {
        reader_wrong_shape(reader, "what counts its records is no whole number");
    } else if (records < (uint64_t)counted) {
        pages->partial += records;
        pages->counted = (uint64_t)counted > pages->counted ? (uint64_t)counted : pages->counted;
    }
}

bool read_tree_envelope(struct reader *reader, const struct outline *outline, const struct walk *walk) {
    const struct kind *kind = reader->request.kind;
    size_t index = 0;

    if (kind->has_effective && outline->effective.target != NULL) {
        struct raw raw = capture_find(&walk->capture, 0, &outline->effective);
        reader_effective(reader, &raw, walk->document.line);
    }
    if (outline->complete != NULL) {
        read_tree_envelope_pages(reader, outline, walk);
    }
    if (kind->has_inside) {
        return true;
    }
    for (size_t i = 0; i < outline->rule_count; i++) {
        if (outline->rules[i].list != NULL && !read_tree_envelope_rule(reader, &outline->rules[i], i, walk, &index)) {
            return false;
        }
    }
    reader->envelope_known = true;
    read_tree_envelope_late(reader, outline, walk);
    return true;
}
