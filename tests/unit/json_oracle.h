#ifndef JSON_ORACLE_H
#define JSON_ORACLE_H

/* jansson as a second opinion on what is JSON. Some of its constants have the names of ours. */
#define JSON_STRING ORACLE_STRING
#define JSON_TRUE   ORACLE_TRUE
#define JSON_FALSE  ORACLE_FALSE
#define JSON_NULL   ORACLE_NULL
#include <jansson.h>
#undef JSON_STRING
#undef JSON_TRUE
#undef JSON_FALSE
#undef JSON_NULL

#include <stdbool.h>
#include <string.h>

/*
 * JSON_ORACLE_ABSTAINS where jansson's limits, and not the grammar, decide: numbers beyond double and int64_t, U+0000
 * in a key, nesting beyond 2048.
 */
enum json_oracle { JSON_ORACLE_REJECTS, JSON_ORACLE_ACCEPTS, JSON_ORACLE_ABSTAINS };

static inline enum json_oracle json_oracle(const char *text, size_t length) {
    json_error_t error;

    if (length > 0 && memchr(text, '\0', length) != NULL) {
        return JSON_ORACLE_REJECTS;
    }
    json_t *value = json_loadb(text, length, JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);

    if (value != NULL) {
        json_decref(value);
        return JSON_ORACLE_ACCEPTS;
    }
    switch (json_error_code(&error)) {
    case json_error_numeric_overflow:
    case json_error_null_byte_in_key:
    case json_error_stack_overflow:
    case json_error_out_of_memory:
        return JSON_ORACLE_ABSTAINS;
    default:
        return JSON_ORACLE_REJECTS;
    }
}

#endif
