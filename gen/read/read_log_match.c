#include "read/log_pairs.h"
#include "read/read_log.h"

#include <string.h>

/* The index of a path's name, which is added when it is new; SIZE_MAX for paths outside the record. */
static bool read_log_name(struct reader *reader, const struct value_path *path, size_t *index) {
    struct read_log *state = reader->state;

    *index = SIZE_MAX;
    if (path->base != PATH_ROW || path->key_count != 1) {
        return true;
    }
    for (size_t i = 0; i < state->name_count; i++) {
        if (strcmp(state->names[i].name, path->keys[0]) == 0) {
            *index = i;
            return true;
        }
    }
    struct read_log_name *name = arena_push(reader->arena, &state->names, &state->name_count, sizeof *state->names);
    if (name == NULL) {
        return false;
    }
    name->name = path->keys[0];
    *index = state->name_count - 1;
    return true;
}

static bool read_log_rule_names(struct reader *reader, const struct row_rule *rule, struct read_log_rule *out) {
    const size_t counts[] = {rule->mapping_count, rule->input_count, rule->when_count};
    bool good = true;

    for (size_t part = 0; part <= ROWS_CONDITION; part++) {
        out->fields[part] = arena_array(reader->arena, counts[part] + 1, sizeof(size_t));
        if (out->fields[part] == NULL) {
            return false;
        }
    }
    for (size_t i = 0; i < rule->mapping_count; i++) {
        out->fields[ROWS_MAPPING][i] = SIZE_MAX;
        good = good && (!rule->mappings[i].has_from ||
                        read_log_name(reader, &rule->mappings[i].from, &out->fields[ROWS_MAPPING][i]));
    }
    for (size_t i = 0; i < rule->input_count; i++) {
        good = good && read_log_name(reader, &rule->inputs[i].from, &out->fields[ROWS_INPUT][i]);
    }
    for (size_t i = 0; i < rule->when_count; i++) {
        good = good && read_log_name(reader, &rule->when[i].path, &out->fields[ROWS_CONDITION][i]);
    }
    return good;
}

static struct pattern **read_log_compile(struct reader *reader, const struct text_list *texts,
                                         enum pattern_reach reach) {
    struct pattern **patterns = arena_array(reader->arena, texts->count + 1, sizeof *patterns);
    struct pattern_fault fault;

    /* The schema was refused if one of them is wrong: what can fail here is memory. */
    for (size_t i = 0; patterns != NULL && i < texts->count; i++) {
        patterns[i] = pattern_new(texts->items[i], reach, &fault);
        if (patterns[i] == NULL) {
            for (size_t j = 0; j < i; j++) {
                pattern_free(patterns[j]);
            }
            return NULL;
        }
    }
    return patterns;
}

bool read_log_prepare(struct reader *reader) {
    const struct kind *kind = reader->request.kind;
    struct read_log *state = reader->state;
    struct pattern_fault fault;
    size_t cells;

    state->rules = arena_array(reader->arena, kind->rule_count + 1, sizeof *state->rules);
    for (size_t i = 0; i < kind->rule_count; i++) {
        if (state->rules == NULL || !read_log_rule_names(reader, &kind->rules[i], &state->rules[i])) {
            return false;
        }
    }
    state->patterns = read_log_compile(reader, &kind->log_patterns, PATTERN_WHOLE);
    state->skips = read_log_compile(reader, &kind->log_skips, PATTERN_BEGINNING);
    if (kind->log_continue != NULL) {
        state->continues = pattern_new(kind->log_continue, PATTERN_BEGINNING, &fault);
    }
    if (state->rules == NULL || state->patterns == NULL || state->skips == NULL ||
        (kind->log_continue != NULL && state->continues == NULL) ||
        __builtin_mul_overflow(kind->log_patterns.count, state->name_count, &cells)) {
        return false;
    }
    state->groups = arena_array(reader->arena, cells + 1, sizeof *state->groups);
    state->parts = arena_array(reader->arena, state->name_count + 1, sizeof *state->parts);
    for (size_t i = 0; state->groups != NULL && i < cells; i++) {
        state->groups[i] =
            pattern_find(state->patterns[i / state->name_count], state->names[i % state->name_count].name);
    }
    return state->groups != NULL && state->parts != NULL;
}

void read_log_forget(struct reader *reader) {
    const struct kind *kind = reader->request.kind;
    struct read_log *state = reader->state;

    for (size_t i = 0; state->patterns != NULL && i < kind->log_patterns.count; i++) {
        pattern_free(state->patterns[i]);
    }
    for (size_t i = 0; state->skips != NULL && i < kind->log_skips.count; i++) {
        pattern_free(state->skips[i]);
    }
    pattern_free(state->continues);
    buffer_free(&state->unescaped);
}

/* Takes what the groups of pattern `index` matched. */
static void read_log_take(struct read_log *state, size_t index, const char *text) {
    const struct pattern_part *parts = state->parts;

    pattern_parts(state->patterns[index], state->groups + index * state->name_count, state->name_count, state->parts);
    for (size_t i = 0; i < state->name_count; i++) {
        state->names[i].raw = parts[i].from == SIZE_MAX ? (struct raw){.kind = RAW_ABSENT}
                                                        : (struct raw){RAW_TEXT, text + parts[i].from, parts[i].length};
    }
}

/* `*matched` is the one that matched last: most lines are like the one before. */
static enum read_log_match read_log_patterns(struct pattern **patterns, size_t count, const char *text, size_t length,
                                             size_t *matched) {
    for (size_t i = 0; i < count; i++) {
        if (i != *matched && !pattern_may_match(patterns[i], text, length)) {
            continue;
        }
        switch (pattern_match(patterns[i], text, length)) {
        case PATTERN_MATCHED:
            *matched = i;
            return READ_LOG_MATCHED;
        case PATTERN_UNMATCHED:
            break;
        case PATTERN_LIMIT:
            return READ_LOG_LIMIT;
        case PATTERN_FAILED:
            return READ_LOG_FAILED;
        }
    }
    return READ_LOG_UNKNOWN_LINE;
}

/* Remembers a key that nobody asked for, to be named once. False when memory is out. */
static bool read_log_note(struct reader *reader, const struct log_pair *pair) {
    struct read_log *state = reader->state;
    const struct text_list *ignore = &reader->request.kind->ignore;

    if (state->unknown_more) {
        return true;
    }
    for (size_t i = 0; i < ignore->count; i++) {
        if (strlen(ignore->items[i]) == pair->key_length &&
            memcmp(ignore->items[i], pair->key, pair->key_length) == 0) {
            return true;
        }
    }
    for (size_t i = 0; i < state->unknown_count; i++) {
        if (strlen(state->unknown[i]) == pair->key_length &&
            memcmp(state->unknown[i], pair->key, pair->key_length) == 0) {
            return true;
        }
    }
    if (state->unknown_count == READ_LOG_UNKNOWN) {
        state->unknown_more = true;
        return true;
    }
    char *copy = arena_copy(reader->arena, pair->key, pair->key_length);
    state->unknown[state->unknown_count] = copy;
    state->unknown_count += copy != NULL;
    return copy != NULL;
}

static enum read_log_match read_log_pair(struct reader *reader, const struct log_pair *pair, const char **fault) {
    struct read_log *state = reader->state;

    for (size_t i = 0; i < state->name_count; i++) {
        struct read_log_name *name = &state->names[i];
        if (strlen(name->name) != pair->key_length || memcmp(name->name, pair->key, pair->key_length) != 0) {
            continue;
        }
        if (name->raw.kind != RAW_ABSENT) {
            *fault = name->name;
            return READ_LOG_TWICE;
        }
        name->raw = (struct raw){RAW_TEXT, pair->value, pair->value_length};
        name->seen = true;
        name->unescape = SIZE_MAX;
        if (pair->escaped) {
            name->unescape = state->unescaped.length;
            log_pairs_unescape(pair, &state->unescaped);
            name->raw.length = state->unescaped.length - name->unescape;
        }
        return READ_LOG_MATCHED;
    }
    return read_log_note(reader, pair) ? READ_LOG_MATCHED : READ_LOG_FAILED;
}

static enum read_log_match read_log_pairs(struct reader *reader, const char *text, size_t length, const char **fault) {
    struct read_log *state = reader->state;
    struct log_pairs pairs = {.text = text, .length = length};
    struct log_pair pair;
    enum log_pairs_event event;
    size_t count = 0;

    buffer_clear(&state->unescaped);
    for (size_t i = 0; i < state->name_count; i++) {
        state->names[i].raw = (struct raw){.kind = RAW_ABSENT};
        state->names[i].unescape = SIZE_MAX;
    }
    while ((event = log_pairs_next(&pairs, &pair)) == LOG_PAIRS_PAIR) {
        enum read_log_match result = read_log_pair(reader, &pair, fault);
        if (result != READ_LOG_MATCHED) {
            return result;
        }
        count++;
    }
    if (event == LOG_PAIRS_UNCLOSED) {
        return READ_LOG_UNCLOSED;
    }
    if (state->unescaped.failed) {
        return READ_LOG_FAILED;
    }
    /* Only now does the buffer stay where it is. */
    for (size_t i = 0; i < state->name_count; i++) {
        if (state->names[i].unescape != SIZE_MAX) {
            state->names[i].raw.bytes =
                state->unescaped.data == NULL ? "" : state->unescaped.data + state->names[i].unescape;
        }
    }
    return count > 0 ? READ_LOG_MATCHED : READ_LOG_UNKNOWN_LINE;
}

enum read_log_match read_log_match(struct reader *reader, const char *text, size_t length, const char **fault) {
    const struct kind *kind = reader->request.kind;
    struct read_log *state = reader->state;
    enum read_log_match result;

    if (kind->log_pairs) {
        result = read_log_pairs(reader, text, length, fault);
    } else {
        result = read_log_patterns(state->patterns, kind->log_patterns.count, text, length, &state->matched);
        if (result == READ_LOG_MATCHED) {
            read_log_take(state, state->matched, text);
        }
    }
    if (result == READ_LOG_MATCHED || result == READ_LOG_LIMIT || result == READ_LOG_FAILED) {
        return result;
    }
    enum read_log_match skip = read_log_patterns(state->skips, kind->log_skips.count, text, length, &state->skipped);
    return skip == READ_LOG_MATCHED ? READ_LOG_SKIPPED : skip == READ_LOG_UNKNOWN_LINE ? result : skip;
}
