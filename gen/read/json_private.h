#ifndef READ_JSON_PRIVATE_H
#define READ_JSON_PRIVATE_H

#include "base/buffer.h"
#include "read/json.h"
#include "read/window.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* What may stand next. */
enum json_expect {
    JSON_EXPECT_DOCUMENT,
    JSON_EXPECT_VALUE,
    JSON_EXPECT_FIRST_ITEM, /* or the end of the array */
    JSON_EXPECT_FIRST_KEY,  /* or the end of the object */
    JSON_EXPECT_KEY,
    JSON_EXPECT_COLON,
    JSON_EXPECT_MORE, /* a comma, or the end of the container */
    JSON_EXPECT_DOCUMENT_END
};

/* Of lists of records that stand in a list, as pages that were gathered. */
enum json_pages {
    JSON_PAGES_NONE,
    JSON_PAGES_LIST, /* a list has to follow */
    JSON_PAGES_MORE  /* a comma, or the end of the list around them */
};

#define JSON_NO_POSITION SIZE_MAX

struct json {
    struct window window;
    size_t at;       /* next byte to be looked at */
    size_t token;    /* first byte of the token that is being read, or JSON_NO_POSITION when it need not stay */
    size_t hold;     /* first byte that json_held may ask for, or JSON_NO_POSITION */
    size_t document; /* line-delimited: first byte of the document, or JSON_NO_POSITION */
    uint64_t document_line;
    bool lines;
    bool wrapped;    /* what programs put around JSON is passed over */
    bool assignment; /* the document is assigned to a name, and a ';' may end it */
    bool started;
    enum json_pages pages;
    enum json_expect expect;
    uint64_t containers; /* a bit a level: 1 is an object */
    unsigned depth;
    uint64_t line;
    uint64_t line_start; /* offset of the line's first byte */

    enum json_event event; /* the last one */
    bool stopped;          /* `event` is an error, or the end: it stays */
    uint64_t token_offset;
    uint64_t token_line;
    uint64_t token_column;
    uint64_t token_end;
    const char *text;
    size_t text_length;
    struct buffer decoded;

    uint64_t bad_strings;
    uint64_t bad_line;
    enum json_problem problem;
    const char *error;
};

/* Reads more input, keeping `*from` and what must stay; positions are moved. False at the end of the input and on
 * failure. */
bool json_more(struct json *json, size_t *from);
/* Makes sure of `count` bytes from `*from` on, unless the input ends. False when it does, or reading failed. */
bool json_need(struct json *json, size_t *from, size_t count);
/* Notes position `at` as the place of the token at hand. */
void json_place(struct json *json, size_t at);
static inline bool json_in_object(const struct json *json) {
    return json->depth > 0 && (json->containers >> (json->depth - 1) & 1) != 0;
}
#define JSON_INPUT_END (-1)
int json_peek_slowly(struct json *json);
/* The next byte that is no white space, or JSON_INPUT_END also when reading failed (`stopped`). */
static inline int json_peek(struct json *json) {
    unsigned char byte = json->window.data[json->at];
    return byte > ' ' ? byte : json_peek_slowly(json);
}
/* Ends parsing with an error at position `at`, or with the event that the end of the input or a failure means here. */
enum json_event json_fail(struct json *json, size_t at, enum json_problem problem, const char *error);
enum json_event json_cut_off(struct json *json);

/* json_wrapping.c: moves over what stands before the document. */
void json_wrapping_begin(struct json *json);
/* Between pages: moves over a byte of the list around them; false where a page begins, or reading has stopped. */
bool json_wrapping_page(struct json *json, int byte);
/* Moves over a control sequence of a terminal; false when there is none. */
bool json_wrapping_sequence(struct json *json);

/*
 * Scan one token that begins at `json->at` and move behind it. `keep` says that the text is wanted: json->text is set.
 * They return `event`, or what went wrong.
 */
enum json_event json_scan_string(struct json *json, enum json_event event, bool keep);
enum json_event json_scan_number(struct json *json);
enum json_event json_scan_literal(struct json *json, const char *literal, enum json_event event);
/* The end of the scalar at `at` if it is plain, and which it is; 0 when it needs a closer look. */
size_t json_scan_scalar(const unsigned char *data, size_t at, size_t held, enum json_event *event);
/*
 * Passes over tokens within a value until it is complete, which leaves `depth` containers open. False, behind the last
 * token that it could pass over, where one needs a closer look: at what is escaped, no ASCII, wrong, or not held whole.
 */
bool json_scan_plain(struct json *json, unsigned depth);

/* The first byte from `at` on that is no plain character of a string: a quote, '\', a control, or not ASCII. */
static inline size_t json_plain(const unsigned char *data, size_t at) {
#ifdef __SSE2__
    for (;; at += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(data + at));
        __m128i quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
        __m128i slash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
        /* As signed numbers, controls and bytes past 127 are both below the space. */
        __m128i other = _mm_cmplt_epi8(bytes, _mm_set1_epi8(' '));
        int mask = _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(quote, slash), other));
        if (mask != 0) {
            return at + (size_t)__builtin_ctz((unsigned)mask);
        }
    }
#else
    while (data[at] >= ' ' && data[at] < 0x80 && data[at] != '"' && data[at] != '\\') {
        at++;
    }
    return at;
#endif
}

#endif
