#include "read/read_tree.h"

#include <errno.h>

/* Makes `answered` for the rules of the document's own rows that ask about elements. False when memory is out. */
static bool read_tree_open_answers(struct reader *reader) {
    const struct kind *kind = reader->request.kind;
    struct read_tree *state = reader->state;

    state->answered = arena_array(reader->arena, kind->rule_count + 1, sizeof *state->answered);
    for (size_t i = 0; state->answered != NULL && i < kind->rule_count; i++) {
        bool some = false;
        for (size_t j = 0; j < kind->rules[i].when_count && state->outline->rules[i].list == NULL; j++) {
            some = some || kind->rules[i].when[j].path.some;
        }
        state->answered[i] = NULL;
        if (some) {
            state->answered[i] = arena_array(reader->arena, kind->rules[i].when_count, sizeof *state->answered[i]);
            if (state->answered[i] == NULL) {
                return false;
            }
        }
    }
    return state->answered != NULL;
}

static bool read_tree_open(struct reader *reader) {
    const struct kind *kind = reader->request.kind;
    struct read_tree *state = arena_allocate(reader->arena, sizeof *state);

    if (state == NULL) {
        return false;
    }
    reader->state = state;
    state->outline = outline_new(reader->arena, kind, kind->has_inside ? OUTLINE_INSIDE : OUTLINE_WHOLE);
    state->late = arena_array(reader->arena, kind->rule_count + 1, sizeof *state->late);
    return state->outline != NULL && state->late != NULL && read_tree_open_answers(reader) &&
           walk_open(&state->walk, state->outline, reader->bytes);
}

static void read_tree_close(struct reader *reader) {
    struct read_tree *state = reader->state;

    walk_close(&state->walk);
}

static bool read_tree_below(const struct capture *capture, uint32_t item, uint32_t row) {
    while (item != CAPTURE_NONE && item != row) {
        item = capture->items[item].parent;
    }
    return item == row;
}

/* Whether the condition is answered by an element below the row, of those captured from `first` on. */
static bool read_tree_some(const struct reader *reader, size_t rule, size_t index, uint32_t first, uint32_t row) {
    const struct read_tree *state = reader->state;
    const struct capture *capture = &state->walk.capture;
    const struct outline_node *target = state->outline->rules[rule].paths[ROWS_CONDITION][index].target;
    const struct condition *condition = &reader->request.kind->rules[rule].when[index];

    for (uint32_t i = first; i < capture->count; i++) {
        struct raw raw = capture_value(capture, i);
        if (capture->items[i].node == target && rows_condition_answered(&reader->rows, condition, &raw) &&
            read_tree_below(capture, i, row)) {
            return true;
        }
    }
    return false;
}

/* Notes what a record answers of the conditions of the document's own rows: when those are due, it is gone. */
static void read_tree_answer(struct reader *reader) {
    struct read_tree *state = reader->state;

    for (size_t i = 0; i < state->outline->rule_count; i++) {
        for (size_t j = 0; state->answered[i] != NULL && j < reader->request.kind->rules[i].when_count; j++) {
            if (state->outline->rules[i].paths[ROWS_CONDITION][j].some &&
                read_tree_some(reader, i, j, walk_first(&state->walk), 0)) {
                state->answered[i][j] = state->documents + 1;
            }
        }
    }
}

static struct raw read_tree_fetch(void *context, size_t rule, enum rows_part part, size_t index) {
    const struct reader *reader = context;
    struct read_tree *state = reader->state;
    const struct outline_path *path = &state->outline->rules[rule].paths[part][index];
    bool awaited = path->base_kind == PATH_ENVELOPE && state->outline->rules[rule].list != NULL;

    if (awaited && part != ROWS_CONDITION) {
        return (struct raw){.kind = RAW_AWAITED};
    }
    if (path->some) {
        bool before = state->answered[rule] != NULL && state->answered[rule][index] == state->documents;
        bool some = before || read_tree_some(reader, rule, index, state->item, state->item);
        return (struct raw){.kind = some ? RAW_SOME : RAW_ABSENT};
    }
    struct raw raw = capture_find(&state->walk.capture, state->item, path);
    state->late[rule] = state->late[rule] || (awaited && raw.kind == RAW_ABSENT);
    return raw;
}

static void read_tree_reject(struct reader *reader, const struct walk_state *fault) {
    const struct read_tree *state = reader->state;
    struct record_tally *tally = &reader->source.tally;

    tally->rejected++;
    read_tree_report_fault(reader, state->walk.nest, fault, tally->records);
}

static void read_tree_project(struct read_tree *state, uint32_t first) {
    state->projecting = true;
    state->wanted = false;
    state->item = first;
    state->item_rule = 0;
}

/* The next row of the record that is captured. False when there is none left. */
static bool read_tree_row(struct reader *reader, struct record *out) {
    struct read_tree *state = reader->state;
    struct record_tally *tally = &reader->source.tally;

    for (; state->item < state->walk.capture.count; state->item++, state->item_rule = 0) {
        const struct capture_item *item = &state->walk.capture.items[state->item];
        const struct locator locator = {
            .record = tally->records, .line = item->line, .offset = item->offset, .length = item->length};
        while (state->item_rule < item->node->rule_count) {
            size_t rule = item->node->rules[state->item_rule++];
            if (rows_make(&reader->rows, rule, &locator, read_tree_fetch, reader, out)) {
                tally->loaded += !state->wanted;
                state->wanted = true;
                return true;
            }
        }
    }
    tally->passed_over += !state->wanted;
    state->projecting = false;
    return false;
}

/* Whether an object in the place of a list of records is one of them; an answer that reports an error is none. */
static bool read_tree_alone(struct reader *reader) {
    struct read_tree *state = reader->state;
    const struct text_list *paths = &reader->request.kind->detect_paths;
    bool known = true;

    for (size_t i = 0; i < paths->count && known; i++) {
        known = outline_detected(state->outline, paths->items[i], state->walk.number);
    }
    state->outline->root->entered = state->outline->root->entered || known;
    state->walk.list_entered = known;
    return known;
}

static bool read_tree_document(struct reader *reader) {
    struct read_tree *state = reader->state;
    struct record_tally *tally = &reader->source.tally;
    const struct walk_state *document = &state->walk.document;

    state->documents++;
    state->listless += !state->walk.list_entered;
    if (state->outline->document_record) {
        tally->records++;
        if (document->fault != WALK_NO_FAULT) {
            read_tree_reject(reader, document);
        } else {
            read_tree_project(state, 0);
        }
    } else if (document->fault != WALK_NO_FAULT) {
        tally->wrong_shape = true;
        read_tree_report_fault(reader, state->walk.nest, document, 0);
    }
    return read_tree_envelope(reader, state->outline, &state->walk);
}

/* After an error: whether reading goes on with the next line. */
static bool read_tree_stopped(struct reader *reader) {
    struct read_tree *state = reader->state;
    struct record_tally *tally = &reader->source.tally;
    const struct walk *walk = &state->walk;
    bool encoding = walk->stop == NEST_ERROR && walk->nest->problem == NEST_PROBLEM_ENCODING;
    bool truncated = walk->stop == NEST_TRUNCATED;

    if (state->outline->lines && !encoding) {
        tally->records++;
        tally->rejected++;
        tally->truncated = tally->truncated || truncated;
        read_tree_report_stop(reader, walk, tally->records);
        if (!truncated) {
            walk_resume(&state->walk);
        }
        return !truncated;
    }
    uint64_t lost = (uint64_t)walk->in_record + (walk->in_document && state->outline->document_record);
    tally->records += lost;
    tally->rejected += lost;
    tally->truncated = true;
    state->stopped = true;
    if (encoding || (!walk->in_document && state->documents == 0 && !truncated)) {
        tally->truncated = false;
        tally->wrong_shape = true;
    }
    read_tree_report_stop(reader, walk, lost > 0 ? tally->records : 0);
    return false;
}

static enum record_status read_tree_next(struct reader *reader, struct record *out) {
    struct read_tree *state = reader->state;
    struct record_tally *tally = &reader->source.tally;

    for (;;) {
        if (state->projecting && read_tree_row(reader, out)) {
            return RECORD_ROW;
        }
        switch (walk_next(&state->walk)) {
        case WALK_RECORD:
            if (state->walk.alone && !read_tree_alone(reader)) {
                break;
            }
            tally->records++;
            if (state->walk.record.fault != WALK_NO_FAULT) {
                read_tree_reject(reader, &state->walk.record);
            } else {
                read_tree_answer(reader);
                read_tree_project(state, walk_first(&state->walk));
            }
            break;
        case WALK_DOCUMENT:
            if (!read_tree_document(reader)) {
                return reader_out_of_memory(reader);
            }
            break;
        case WALK_STOPPED:
            if (state->walk.capture.failed) {
                return reader_out_of_memory(reader);
            }
            if (state->walk.stop == NEST_READ_FAILED) {
                return reader_failed(reader, state->walk.nest->system_error);
            }
            if (read_tree_stopped(reader)) {
                break;
            }
            /* fall through */
        case WALK_END:
            return RECORD_END;
        }
    }
}

static bool read_tree_again(struct reader *reader) {
    struct read_tree *state = reader->state;

    state->projecting = false;
    return walk_again(&state->walk, reader->bytes);
}

const struct reader_format read_tree_format = {read_tree_open, read_tree_next, read_tree_close, read_tree_again,
                                               read_tree_finish};
