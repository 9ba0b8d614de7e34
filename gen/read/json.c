#include "read/json_private.h"

#include "base/limits.h"

#include <stdlib.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

_Static_assert(LIMIT_JSON_DEPTH <= 64, "the kinds of the open containers are the bits of one number");

struct json *json_open(struct byte_source *bytes) {
    struct json *json = calloc(1, sizeof *json);

    if (json == NULL || !window_open(&json->window, bytes)) {
        free(json);
        return NULL;
    }
    json->token = JSON_NO_POSITION;
    json->hold = JSON_NO_POSITION;
    json->document = JSON_NO_POSITION;
    json->line = 1;
    return json;
}

void json_close(struct json *json) {
    if (json == NULL) {
        return;
    }
    window_close(&json->window);
    buffer_free(&json->decoded);
    free(json);
}

static void json_stop(struct json *json, enum json_event event) {
    json->event = event;
    json->stopped = true;
}

static void json_shift(size_t *position, size_t shift) {
    if (*position != JSON_NO_POSITION) {
        *position -= shift;
    }
}

bool json_more(struct json *json, size_t *from) {
    size_t keep = *from < json->token ? *from : json->token;
    size_t shift;

    keep = keep < json->hold ? keep : json->hold;
    keep = keep < json->document ? keep : json->document;
    enum window_result result = window_more(&json->window, keep, &shift);
    json_shift(&json->token, shift);
    json_shift(&json->hold, shift);
    json_shift(&json->document, shift);
    /* A scan is ahead of `at`, which it sets when it is done. */
    if (from != &json->at) {
        json->at = json->at > shift ? json->at - shift : 0;
    }
    *from -= shift;
    if (result == WINDOW_FAILED) {
        json_stop(json, JSON_READ_FAILED);
    }
    size_t first = json->hold < json->document ? json->hold : json->document;
    if (result == WINDOW_MORE && first != JSON_NO_POSITION && *from - first > LIMIT_RECORD_BYTES) {
        json_fail(json, first, JSON_PROBLEM_LENGTH, "a record is longer than 16 MiB");
        return false;
    }
    return result == WINDOW_MORE;
}

bool json_need(struct json *json, size_t *from, size_t count) {
    while (json->window.end - *from < count) {
        if (!json_more(json, from)) {
            return false;
        }
    }
    return true;
}

void json_place(struct json *json, size_t at) {
    json->token_offset = json->window.base + at;
    json->token_line = json->line;
    json->token_column = json->token_offset < json->line_start ? 1 : json->token_offset - json->line_start + 1;
}

enum json_event json_fail(struct json *json, size_t at, enum json_problem problem, const char *error) {
    json->problem = problem;
    json->error = error;
    json->at = at;
    json_place(json, at);
    json_stop(json, JSON_ERROR);
    return JSON_ERROR;
}

enum json_event json_cut_off(struct json *json) {
    if (!json->stopped) {
        json_place(json, json->window.end);
        json_stop(json, JSON_TRUNCATED);
    }
    return json->event;
}

/* Passes over a run of spaces, which indented documents have in every line. */
static size_t json_spaces(const unsigned char *data, size_t at) {
#ifdef __SSE2__
    for (;; at += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(data + at));
        int mask = _mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(' ')));
        if (mask != 0xFFFF) {
            return at + (size_t)__builtin_ctz(~(unsigned)mask);
        }
    }
#else
    while (data[at] == ' ') {
        at++;
    }
    return at;
#endif
}

int json_peek_slowly(struct json *json) {
    json->token = JSON_NO_POSITION;
    for (;;) {
        unsigned char byte = json->window.data[json->at];
        if (byte == ' ') {
            json->at = json_spaces(json->window.data, json->at);
        } else if (byte == '\n') {
            json->at++;
            json->line++;
            json->line_start = json->window.base + json->at;
        } else if (byte == '\r' || byte == '\t') {
            json->at++;
        } else if (json->at < json->window.end) {
            return byte;
        } else if (!json_more(json, &json->at)) {
            return JSON_INPUT_END;
        }
    }
}

static inline void json_value_done(struct json *json) {
    json->expect = json->depth == 0 ? JSON_EXPECT_DOCUMENT_END : JSON_EXPECT_MORE;
}

static inline enum json_event json_begin(struct json *json, bool object) {
    if (json->depth == LIMIT_JSON_DEPTH) {
        return json_fail(json, json->at, JSON_PROBLEM_DEPTH, "lists and objects are nested more than 64 deep");
    }
    uint64_t bit = (uint64_t)1 << json->depth;
    json->containers = object ? json->containers | bit : json->containers & ~bit;
    json->depth++;
    json->at++;
    json->expect = object ? JSON_EXPECT_FIRST_KEY : JSON_EXPECT_FIRST_ITEM;
    return object ? JSON_OBJECT_BEGIN : JSON_ARRAY_BEGIN;
}

static inline enum json_event json_finish(struct json *json, bool object) {
    json->at++;
    json->depth--;
    json_value_done(json);
    return object ? JSON_OBJECT_END : JSON_ARRAY_END;
}

/* A value by itself is a document only where white space or the end stands behind it: 12"a" is none. */
static bool json_stands_alone(struct json *json) {
    if (json->depth > 0) {
        return true;
    }
    if (!json_need(json, &json->at, 1)) {
        return !json->stopped;
    }
    if (json->window.data[json->at] > ' ') {
        json_fail(json, json->at, JSON_PROBLEM_SYNTAX, "something stands right behind a value");
        return false;
    }
    return true;
}

static inline enum json_event json_value(struct json *json, int byte, bool keep) {
    enum json_event event;

    switch (byte) {
    case '{':
        return json_begin(json, true);
    case '[':
        return json_begin(json, false);
    case '"':
        event = json_scan_string(json, JSON_STRING, keep);
        break;
    case 't':
        event = json_scan_literal(json, "true", JSON_TRUE);
        break;
    case 'f':
        event = json_scan_literal(json, "false", JSON_FALSE);
        break;
    case 'n':
        event = json_scan_literal(json, "null", JSON_NULL);
        break;
    case JSON_INPUT_END:
        return json_cut_off(json);
    default:
        if (byte != '-' && (byte < '0' || byte > '9')) {
            return json_fail(json, json->at, JSON_PROBLEM_SYNTAX, "a value is missing");
        }
        event = json_scan_number(json);
    }
    if (!json->stopped) {
        json->token_end = json->window.base + json->at;
        if (json->depth == 0) {
            /* The text must survive looking at the byte behind it. */
            size_t text = json->text == buffer_text(&json->decoded) ? JSON_NO_POSITION : json->token;
            if (!json_stands_alone(json)) {
                return json->event;
            }
            if (text != JSON_NO_POSITION && keep && (event == JSON_STRING || event == JSON_NUMBER)) {
                json->text = (const char *)json->window.data + json->token + (event == JSON_STRING ? 1 : 0);
            }
        }
        json_value_done(json);
    }
    return event;
}

/* A byte order mark is passed over; UTF-16 is told from a mere mess. False when parsing has stopped. */
static bool json_start(struct json *json) {
    json->started = true;
    json_need(json, &json->at, 3);
    if (json->stopped) {
        return false;
    }
    const unsigned char *data = json->window.data;
    size_t there = json->window.end;
    bool mark = there >= 2 && ((data[0] == 0xFF && data[1] == 0xFE) || (data[0] == 0xFE && data[1] == 0xFF));
    bool ascii = there >= 2 && (data[0] == 0) != (data[1] == 0);
    if (mark || ascii) {
        json_fail(json, 0, JSON_PROBLEM_ENCODING, "the text is UTF-16");
        return false;
    }
    if (there >= 3 && memcmp(data, "\xEF\xBB\xBF", 3) == 0) {
        json->at = 3;
        json->line_start = 3;
    }
    if (json->wrapped && !json->lines) {
        json_wrapping_begin(json);
    }
    return !json->stopped;
}

static inline enum json_event json_step(struct json *json, bool keep) {
    if (json->expect == JSON_EXPECT_DOCUMENT_END) {
        json->expect = JSON_EXPECT_DOCUMENT;
        json->document = JSON_NO_POSITION;
        return JSON_DOCUMENT_END;
    }
    for (;;) {
        int byte = json_peek(json);
        if (byte == ',' && json->expect == JSON_EXPECT_MORE) {
            json->at++;
            json->expect = json_in_object(json) ? JSON_EXPECT_KEY : JSON_EXPECT_VALUE;
            continue;
        }
        if (byte == ':' && json->expect == JSON_EXPECT_COLON) {
            json->at++;
            json->expect = JSON_EXPECT_VALUE;
            continue;
        }
        if (byte != JSON_INPUT_END) {
            json_place(json, json->at);
        } else if (json->stopped) {
            return json->event;
        }
        switch (json->expect) {
        case JSON_EXPECT_DOCUMENT:
            if (json->pages != JSON_PAGES_NONE) {
                if (json_wrapping_page(json, byte)) {
                    continue;
                }
                if (json->stopped) {
                    return json->event;
                }
            }
            if (byte == JSON_INPUT_END) {
                json_place(json, json->at);
                json_stop(json, JSON_END);
                return JSON_END;
            }
            if (json->wrapped && byte == (json->lines ? 0x1B : ';') &&
                (json->lines ? json_wrapping_sequence(json) : json->assignment)) {
                json->at += json->assignment; /* the ';' */
                json->assignment = false;
                continue;
            }
            if (json->lines) {
                json->document = json->at;
                json->document_line = json->line;
            }
            return json_value(json, byte, keep);
        case JSON_EXPECT_MORE:
            if (byte == (json_in_object(json) ? '}' : ']')) {
                return json_finish(json, byte == '}');
            }
            if (byte == JSON_INPUT_END) {
                return json_cut_off(json);
            }
            return json_fail(json, json->at, JSON_PROBLEM_SYNTAX,
                             json_in_object(json) ? "a ',' or '}' is missing" : "a ',' or ']' is missing");
        case JSON_EXPECT_FIRST_KEY:
            if (byte == '}') {
                return json_finish(json, true);
            }
            /* fall through */
        case JSON_EXPECT_KEY:
            if (byte != '"') {
                return byte == JSON_INPUT_END
                           ? json_cut_off(json)
                           : json_fail(json, json->at, JSON_PROBLEM_SYNTAX, "a key in double quotes is missing");
            }
            json->expect = JSON_EXPECT_COLON;
            return json_scan_string(json, JSON_KEY, keep);
        case JSON_EXPECT_COLON:
            return byte == JSON_INPUT_END ? json_cut_off(json)
                                          : json_fail(json, json->at, JSON_PROBLEM_SYNTAX, "a ':' is missing");
        case JSON_EXPECT_FIRST_ITEM:
            if (byte == ']') {
                return json_finish(json, false);
            }
            return json_value(json, byte, keep);
        case JSON_EXPECT_VALUE:
            return json_value(json, byte, keep);
        case JSON_EXPECT_DOCUMENT_END:
            break;
        }
    }
}

enum json_event json_next(struct json *json) {
    if (json->stopped || (!json->started && !json_start(json))) {
        return json->event;
    }
    json->text = NULL;
    json->text_length = 0;
    enum json_event event = json_step(json, true);
    if (!json->stopped) {
        json->event = event;
        json->token_end = json->window.base + json->at;
    }
    return json->event;
}

bool json_skip(struct json *json) {
    unsigned depth = json->depth;

    if (json->stopped) {
        return false;
    }
    if (json->event == JSON_OBJECT_BEGIN || json->event == JSON_ARRAY_BEGIN) {
        depth--;
    } else if (json->event != JSON_KEY) {
        return true;
    }
    while (!json_scan_plain(json, depth)) {
        json->event = json_step(json, false);
        if (json->stopped) {
            return false;
        }
        if (json->depth <= depth) {
            break;
        }
    }
    json->token_end = json->window.base + json->at;
    return true;
}

bool json_resynchronise(struct json *json) {
    if (json->event != JSON_ERROR) {
        return false;
    }
    size_t at = json->at;
    if (json->document != JSON_NO_POSITION && json->document_line < json->line) {
        at = json->document;
        json->line = json->document_line;
    }
    json->stopped = false;
    json->depth = 0;
    json->expect = JSON_EXPECT_DOCUMENT;
    json->token = json->hold = json->document = JSON_NO_POSITION;
    for (;;) {
        const unsigned char *end = memchr(json->window.data + at, '\n', json->window.end - at);
        if (end != NULL) {
            json->at = (size_t)(end - json->window.data) + 1;
            json->line++;
            json->line_start = json->window.base + json->at;
            return true;
        }
        at = json->window.end;
        if (!json_more(json, &at)) {
            json->at = at;
            return false;
        }
    }
}

void json_expect_wrapping(struct json *json) {
    json->wrapped = true;
}

void json_expect_lines(struct json *json) {
    json->lines = true;
}

void json_hold(struct json *json) {
    json->hold = (size_t)(json->token_offset - json->window.base);
}

void json_release(struct json *json) {
    json->hold = JSON_NO_POSITION;
}

const char *json_held(const struct json *json, uint64_t offset, uint64_t length) {
    if (json->hold == JSON_NO_POSITION || offset < json->window.base + json->hold ||
        offset - json->window.base > json->window.end || length > json->window.end - (offset - json->window.base)) {
        return NULL;
    }
    return (const char *)json->window.data + (offset - json->window.base);
}

const char *json_text(const struct json *json, size_t *length) {
    *length = json->text_length;
    return json->text;
}

uint64_t json_offset(const struct json *json) {
    return json->token_offset;
}

uint64_t json_end_offset(const struct json *json) {
    return json->token_end;
}

uint64_t json_line(const struct json *json) {
    return json->token_line;
}

uint64_t json_column(const struct json *json) {
    return json->token_column;
}

unsigned json_depth(const struct json *json) {
    return json->depth;
}

uint64_t json_bad_strings(const struct json *json, uint64_t *line) {
    if (line != NULL) {
        *line = json->bad_line;
    }
    return json->bad_strings;
}

enum json_problem json_problem(const struct json *json) {
    return json->problem;
}

const char *json_error(const struct json *json) {
    return json->error;
}

int json_system_error(const struct json *json) {
    return json->window.error;
}
