#include "read/json_shape.h"

#include "base/text.h"
#include "read/json_private.h"

#include <string.h>

#define RUN_PADDING 16 /* bytes that may be read behind a run */
_Static_assert(RUN_PADDING <= WINDOW_PADDING, "and behind what is held");

/* Behind the string that begins at `at`. */
static size_t string_end(const char *bytes, size_t at) {
    for (at++; bytes[at] != '"'; at++) {
        at += bytes[at] == '\\';
    }
    return at + 1;
}

/* Whether a string that ends at `at` is a key. */
static bool before_colon(const char *bytes, size_t at) {
    while (text_is_blank(bytes[at])) {
        at++;
    }
    return bytes[at] == ':';
}

/* Behind the token that begins at `at`; whether it is a scalar. */
static size_t token_end(const char *bytes, size_t at, bool *scalar) {
    size_t end = at + 1;

    if (bytes[at] == '"') {
        end = string_end(bytes, at);
        *scalar = !before_colon(bytes, end);
        return end;
    }
    *scalar = !text_is_blank(bytes[at]) && strchr("{}[],:", bytes[at]) == NULL;
    while (*scalar && !text_is_blank(bytes[end]) && strchr("}],", bytes[end]) == NULL) {
        end++;
    }
    return end;
}

bool json_shape_take(struct json_shape *shape, const char *bytes, size_t length, struct json_shape_text *text) {
    size_t run = 0;
    bool scalar;

    shape->scalar_count = 0;
    buffer_clear(&shape->between);
    if (length > JSON_SHAPE_BYTES || bytes[0] != '{') {
        return false;
    }
    for (size_t at = 0; at < length;) {
        size_t end = token_end(bytes, at, &scalar);
        if (scalar) {
            if (shape->scalar_count == JSON_SHAPE_SCALARS) {
                return false;
            }
            text->starts[shape->scalar_count] = (uint32_t)run;
            shape->lengths[shape->scalar_count++] = (uint32_t)(at - run);
            buffer_append(&shape->between, bytes + run, at - run);
            run = end;
        }
        at = end;
    }
    text->starts[shape->scalar_count] = (uint32_t)run;
    text->starts[shape->scalar_count + 1] = (uint32_t)length;
    shape->lengths[shape->scalar_count] = (uint32_t)(length - run);
    buffer_append(&shape->between, bytes + run, length - run);
    return buffer_reserve(&shape->between, RUN_PADDING);
}

bool json_shape_equals(const struct json_shape *a, const struct json_shape *b) {
    return a->scalar_count == b->scalar_count && a->between.length == b->between.length &&
           memcmp(a->lengths, b->lengths, (a->scalar_count + 1) * sizeof *a->lengths) == 0 &&
           memcmp(a->between.data, b->between.data, a->between.length) == 0;
}

/* Whether the run stands there. Behind both, bytes of a whole vector may be read. */
static inline bool run_stands(const char *bytes, const char *run, size_t length) {
#ifdef __SSE2__
    for (size_t at = 0; at < length; at += RUN_PADDING) {
        __m128i here = _mm_loadu_si128((const __m128i *)(const void *)(bytes + at));
        __m128i wanted = _mm_loadu_si128((const __m128i *)(const void *)(run + at));
        unsigned other = ~(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(here, wanted));
        size_t left = length - at < RUN_PADDING ? length - at : RUN_PADDING;
        if ((other & ((1u << left) - 1)) != 0) {
            return false;
        }
    }
    return true;
#else
    return memcmp(bytes, run, length) == 0;
#endif
}

/* Behind the scalar at `at`, as json_scan_scalar says. */
static inline size_t scalar_end(const unsigned char *data, size_t at, size_t held, enum json_event *event) {
    if (data[at] != '"') {
        return json_scan_scalar(data, at, held, event);
    }
    *event = JSON_STRING;
    at = json_plain(data, at + 1);
    return data[at] == '"' ? at + 1 : 0;
}

bool json_shape_matches(const struct json_shape *shape, const char *bytes, size_t held, struct json_shape_text *text) {
    const char *run = shape->between.data;
    size_t most = held < JSON_SHAPE_BYTES ? held : JSON_SHAPE_BYTES;
    size_t at = 0;

    for (size_t i = 0;; i++) {
        size_t length = shape->lengths[i];
        if (length > most - at || !run_stands(bytes + at, run, length)) {
            return false;
        }
        text->starts[i] = (uint32_t)at;
        run += length;
        at += length;
        if (i == shape->scalar_count) {
            text->starts[i + 1] = (uint32_t)at;
            return true;
        }
        at = scalar_end((const unsigned char *)bytes, at, held, &text->events[i]);
        if (at == 0 || at > most) {
            return false;
        }
    }
}

void json_shape_free(struct json_shape *shape) {
    buffer_free(&shape->between);
}
