#ifndef READ_JSON_H
#define READ_JSON_H

#include "base/byte_source.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A strict, resumable pull parser for JSON (RFC 8259): depth LIMIT_JSON_DEPTH, full UTF-8 checks, surrogate pairs,
 * number lexemes kept as text, byte offset and line of every token. Also NDJSON and several documents in one file.
 * Subtrees can be skipped without decoding, still fully checked. Memory is one block plus the longest record asked for.
 */
enum json_event {
    JSON_OBJECT_BEGIN,
    JSON_OBJECT_END,
    JSON_ARRAY_BEGIN,
    JSON_ARRAY_END,
    JSON_KEY,    /* text: decoded */
    JSON_STRING, /* text: decoded */
    JSON_NUMBER, /* text: the lexeme */
    JSON_TRUE,
    JSON_FALSE,
    JSON_NULL,
    JSON_DOCUMENT_END, /* one top-level value is complete; the next event begins another or is JSON_END */
    JSON_END,
    JSON_ERROR,      /* `json_error`, at json_line and json_column; json_resynchronise may find the next document */
    JSON_TRUNCATED,  /* the input ended inside a document */
    JSON_READ_FAILED /* the byte source failed: errno in json_system_error */
};

struct json;

struct json *json_open(struct byte_source *bytes);
void json_close(struct json *json);
enum json_event json_next(struct json *json);
/* Text of the last key, string or number, until the next call. Not NUL-terminated. */
const char *json_text(const struct json *json, size_t *length);
/* Where the last event's token begins, and the first byte behind it. Lines and columns count from 1. */
uint64_t json_offset(const struct json *json);
uint64_t json_end_offset(const struct json *json);
uint64_t json_line(const struct json *json);
uint64_t json_column(const struct json *json);
unsigned json_depth(const struct json *json);
/* After a value's BEGIN event or a key: passes over the rest of that value without decoding it, fully checked. */
bool json_skip(struct json *json);
/*
 * Keeps the input from the last event's token on, until json_release, so that json_held can show a part of it (offsets
 * of the input; NULL when it is not all held). A hold longer than LIMIT_RECORD_BYTES is an error.
 */
void json_hold(struct json *json);
void json_release(struct json *json);
const char *json_held(const struct json *json, uint64_t offset, uint64_t length);
/*
 * Where the next element of the list at hand, or the next document in lines, is an object: its first byte, of which
 * `*held` bytes are there, and zeros behind them; it is the last token then. Else NULL, and parsing goes on as ever.
 */
const char *json_ahead(struct json *json, size_t *held);
/* Goes behind that object, of `length` bytes and good; see nest.h. */
void json_ahead_pass(struct json *json, size_t length, uint64_t lines, size_t last_line);
/* What was read, as far as it is still there; else NULL. */
const char *json_ahead_read(const struct json *json, uint64_t offset, uint64_t length);
/*
 * Strings that are no text: malformed UTF-8, or half a surrogate pair. Their ends are clear all the same, so parsing
 * goes on and these are counted; whoever used the string asks. `line` is the line of the last one.
 */
uint64_t json_bad_strings(const struct json *json, uint64_t *line);
/*
 * Before the first event: what programs put around JSON is passed over: before the document an assignment of a script
 * ("name =", and ";" behind it) or a guard against scripts (")]}'"); in lines, control sequences of a terminal. A list
 * of lists is what puts the pages of an API together: each list in it is a document.
 */
void json_expect_wrapping(struct json *json);
/* The bytes of such an assignment or guard at the beginning of a text; 0 when there is none. */
size_t json_wrapping(const char *bytes, size_t length, bool *assignment);
/* Before the first event: documents begin on their own lines, so that an error costs one line only. */
void json_expect_lines(struct json *json);
/* What sort of thing is wrong, after JSON_ERROR. */
enum json_problem { JSON_PROBLEM_SYNTAX, JSON_PROBLEM_DEPTH, JSON_PROBLEM_LENGTH, JSON_PROBLEM_ENCODING };
enum json_problem json_problem(const struct json *json);
/* What is wrong, after JSON_ERROR: a fixed text such as "a comma is missing". */
const char *json_error(const struct json *json);
int json_system_error(const struct json *json);
/*
 * After JSON_ERROR in line-delimited input: goes on behind the line in which the document began. False at the end of
 * the input, or when reading failed (the next event says so).
 */
bool json_resynchronise(struct json *json);

#endif
