#include "read/infer_private.h"
#include "read/log.h"
#include "read/log_pairs.h"

#include <string.h>

#define LOOK_LINES 50
#define LOOK_PAIRS 3 /* pairs of a line that make it one of key=value pairs */

/* How many pairs a line has; `visit` may be NULL, and stops by false. */
static size_t infer_lines_pairs(const char *text, size_t length,
                                bool (*visit)(void *context, const struct log_pair *pair), void *context) {
    struct log_pairs pairs = {.text = text, .length = length};
    struct log_pair pair;
    size_t count = 0;

    while (log_pairs_next(&pairs, &pair) == LOG_PAIRS_PAIR) {
        count++;
        if (visit != NULL && !visit(context, &pair)) {
            return SIZE_MAX;
        }
    }
    return count;
}

bool infer_lines_looks(const char *bytes, size_t length) {
    struct byte_source_memory memory;
    const char *text;
    size_t text_length;
    size_t lines = 0;
    size_t paired = 0;

    byte_source_memory(&memory, bytes, length);
    struct log *log = log_open(&memory.source, NULL);
    for (bool more = log != NULL; more && lines < LOOK_LINES;) {
        enum log_event event = log_next(log, &text, &text_length);
        more = event == LOG_RECORD || event == LOG_ERROR;
        lines += more;
        paired += event == LOG_RECORD && infer_lines_pairs(text, text_length, NULL, NULL) >= LOOK_PAIRS;
    }
    log_close(log);
    return lines > 0 && paired * 5 >= lines * 4;
}

struct infer_lines {
    struct arena *arena;
    const struct synonyms *synonyms;
    struct infer_sample *sample;
    struct infer_place *place;
    struct buffer value;
};

static struct infer_field *infer_lines_field(struct infer_lines *lines, const struct log_pair *pair) {
    struct infer_place *place = lines->place;

    for (size_t i = 0; i < place->field_count; i++) {
        struct infer_field *field = place->fields[i];
        if (strlen(field->path) == pair->key_length && memcmp(field->path, pair->key, pair->key_length) == 0) {
            return field;
        }
    }
    lines->sample->overflow = lines->sample->overflow || place->field_count == LIMIT_INFER_FIELDS;
    struct infer_field *field = arena_allocate(lines->arena, sizeof *field);
    const char *key = arena_copy(lines->arena, pair->key, pair->key_length);
    if (field == NULL || key == NULL || place->field_count == LIMIT_INFER_FIELDS) {
        return field; /* one that nobody sees, past the limit */
    }
    field->path = field->known = field->top = key;
    field->twice = key[0] == '$' || key[0] == '@' || key[0] == '\0';
    infer_field_name(field, lines->synonyms, &key, 1);
    place->fields[place->field_count++] = field;
    return field;
}

static bool infer_lines_pair(void *context, const struct log_pair *pair) {
    struct infer_lines *lines = context;
    struct infer_field *field = infer_lines_field(lines, pair);

    if (field == NULL) {
        return false;
    }
    field->present++;
    buffer_clear(&lines->value);
    if (pair->escaped) {
        log_pairs_unescape(pair, &lines->value);
    } else {
        buffer_append(&lines->value, pair->value, pair->value_length);
    }
    return buffer_text(&lines->value) != NULL &&
           infer_field_add(lines->arena, lines->synonyms, field, buffer_text(&lines->value), lines->value.length);
}

bool infer_lines(struct arena *arena, const struct infer_request *request, struct infer_sample *out) {
    struct infer_lines lines = {.arena = arena, .synonyms = &request->schema->synonyms, .sample = out};
    struct byte_source_memory memory;
    const char *text;
    size_t length;
    enum log_event event = LOG_RECORD;
    bool good = true;

    out->format = FORMAT_LOG;
    if (!infer_lines_looks(request->bytes, request->length)) {
        out->refusal = "this is a log of free text, whose fields only a regular expression can name; write the kind by "
                       "hand, with `format: log` and a `pattern:` with named groups, after the model of "
                       "schema/kinds/sudo-log.yaml";
        return true;
    }
    lines.place = arena_allocate(arena, sizeof *lines.place);
    if (lines.place == NULL) {
        return false;
    }
    lines.place->words = "";
    lines.place->fields = arena_array(arena, LIMIT_INFER_FIELDS, sizeof *lines.place->fields);
    byte_source_memory(&memory, request->bytes, request->length);
    struct log *log = log_open(&memory.source, NULL);
    good = log != NULL && lines.place->fields != NULL;
    while (good && ((event = log_next(log, &text, &length)) == LOG_RECORD || event == LOG_ERROR)) {
        out->unread = out->unread || event == LOG_ERROR;
        if (event == LOG_RECORD) {
            lines.place->records++;
            good = infer_lines_pairs(text, length, infer_lines_pair, &lines) != SIZE_MAX;
        }
    }
    log_close(log);
    buffer_free(&lines.value);
    out->places = lines.place;
    out->place_count = 1;
    return good && event != LOG_READ_FAILED;
}
