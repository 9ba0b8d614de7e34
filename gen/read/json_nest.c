#include "base/diagnostics.h"
#include "read/json_private.h"
#include "read/nest.h"

#include <stdlib.h>

/* JSON and NDJSON as a nest: the parser's own events. */

_Static_assert((int)JSON_OBJECT_BEGIN == NEST_OBJECT_BEGIN && (int)JSON_OBJECT_END == NEST_OBJECT_END &&
                   (int)JSON_ARRAY_BEGIN == NEST_LIST_BEGIN && (int)JSON_ARRAY_END == NEST_LIST_END &&
                   (int)JSON_KEY == NEST_KEY && (int)JSON_STRING == NEST_STRING && (int)JSON_NUMBER == NEST_NUMBER &&
                   (int)JSON_TRUE == NEST_TRUE && (int)JSON_FALSE == NEST_FALSE && (int)JSON_NULL == NEST_NULL &&
                   (int)JSON_DOCUMENT_END == NEST_DOCUMENT_END && (int)JSON_END == NEST_END &&
                   (int)JSON_ERROR == NEST_ERROR && (int)JSON_TRUNCATED == NEST_TRUNCATED &&
                   (int)JSON_READ_FAILED == NEST_READ_FAILED,
               "an event of the parser is the nest's of the same number");
_Static_assert((int)JSON_PROBLEM_SYNTAX == NEST_PROBLEM_SYNTAX && (int)JSON_PROBLEM_DEPTH == NEST_PROBLEM_DEPTH &&
                   (int)JSON_PROBLEM_LENGTH == NEST_PROBLEM_LENGTH &&
                   (int)JSON_PROBLEM_ENCODING == NEST_PROBLEM_ENCODING,
               "a problem of the parser is the nest's of the same number");

struct json_nest {
    struct nest nest; /* first */
    struct json *json;
};

static struct nest *json_nest_open(struct byte_source *bytes, bool lines) {
    struct json_nest *nest = calloc(1, sizeof *nest);

    if (nest == NULL || (nest->json = json_open(bytes)) == NULL) {
        free(nest);
        return NULL;
    }
    nest->nest.format = &json_nest_format;
    json_expect_wrapping(nest->json);
    if (lines) {
        json_expect_lines(nest->json);
    }
    return &nest->nest;
}

static void json_nest_close(struct nest *base) {
    struct json_nest *nest = (struct json_nest *)base;

    json_close(nest->json);
    free(nest);
}

static inline void json_nest_show(struct nest *nest, const struct json *json) {
    nest->offset = json->token_offset;
    nest->end = json->token_end;
    nest->line = json->token_line;
    nest->flaws = json->bad_strings;
    nest->flaw_line = json->bad_line;
}

static enum nest_event json_nest_next(struct nest *nest) {
    struct json *json = ((struct json_nest *)nest)->json;
    enum json_event event = json_next(json);

    json_nest_show(nest, json);
    nest->text = json->text;
    nest->text_length = json->text_length;
    if (event > JSON_END) {
        nest->column = json->token_column;
        nest->problem = (enum nest_problem)json_problem(json);
        nest->error = json_error(json);
        nest->system_error = json_system_error(json);
    }
    return (enum nest_event)event;
}

static bool json_nest_skip(struct nest *nest) {
    struct json *json = ((struct json_nest *)nest)->json;
    bool good = json_skip(json);

    json_nest_show(nest, json);
    return good;
}

static uint64_t json_nest_hold(struct nest *nest) {
    struct json *json = ((struct json_nest *)nest)->json;

    if (json->hold == JSON_NO_POSITION) {
        json_hold(json);
    }
    return nest->offset;
}

static const char *json_nest_held(struct nest *nest, uint64_t mark, size_t *length) {
    uint64_t held = nest->end - mark;

    *length = (size_t)held;
    return json_held(((struct json_nest *)nest)->json, mark, held);
}

static void json_nest_release(struct nest *nest) {
    json_release(((struct json_nest *)nest)->json);
}

static const char *json_nest_ahead(struct nest *nest, size_t *held) {
    struct json *json = ((struct json_nest *)nest)->json;
    const char *bytes = json_ahead(json, held);

    if (bytes != NULL) {
        json_nest_show(nest, json);
    }
    return bytes;
}

static void json_nest_pass(struct nest *nest, size_t length, uint64_t lines, size_t last_line) {
    struct json *json = ((struct json_nest *)nest)->json;

    json_ahead_pass(json, length, lines, last_line);
    json_nest_show(nest, json);
}

static const char *json_nest_behind(struct nest *nest, uint64_t offset, uint64_t length) {
    return json_ahead_read(((struct json_nest *)nest)->json, offset, length);
}

static bool json_nest_resynchronise(struct nest *nest) {
    return json_resynchronise(((struct json_nest *)nest)->json);
}

const struct nest_format json_nest_format = {
    .name = "JSON",
    .document = "a JSON document",
    .object = "JSON object",
    .problems = {[NEST_PROBLEM_SYNTAX] = DIAGNOSTIC_JSON_SYNTAX,
                 [NEST_PROBLEM_DEPTH] = DIAGNOSTIC_JSON_DEPTH,
                 [NEST_PROBLEM_LENGTH] = DIAGNOSTIC_RECORD_TOO_LONG,
                 [NEST_PROBLEM_ENCODING] = DIAGNOSTIC_ENCODING},
    .duplicate = DIAGNOSTIC_JSON_DUPLICATE_KEY,
    .open = json_nest_open,
    .close = json_nest_close,
    .next = json_nest_next,
    .skip = json_nest_skip,
    .hold = json_nest_hold,
    .held = json_nest_held,
    .release = json_nest_release,
    .ahead = json_nest_ahead,
    .pass = json_nest_pass,
    .behind = json_nest_behind,
    .resynchronise = json_nest_resynchronise,
};
