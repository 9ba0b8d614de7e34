#include "base/text.h"
#include "read/json_private.h"

#include <string.h>

/* What programs put around JSON: a script's assignment, a guard against scripts, control sequences of a terminal. */

#define JSON_WRAPPING_MOST 256 /* bytes of an assignment's left side */

static bool json_wrapping_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' ||
           c == '.';
}

static size_t json_wrapping_word(const char *bytes, size_t length) {
    size_t at = 0;

    while (at < length && json_wrapping_letter(bytes[at])) {
        at++;
    }
    return at;
}

static size_t json_wrapping_spaces(const char *bytes, size_t length) {
    size_t at = 0;

    while (at < length && (bytes[at] == ' ' || bytes[at] == '\t')) {
        at++;
    }
    return at;
}

/* "name =", "window.name =", "var name =". */
static size_t json_wrapping_assignment(const char *bytes, size_t length) {
    static const char *const declarations[] = {"var", "let", "const"};
    size_t at = json_wrapping_word(bytes, length);

    for (size_t i = 0; i < sizeof declarations / sizeof declarations[0]; i++) {
        size_t word = strlen(declarations[i]);
        if (at == word && memcmp(bytes, declarations[i], word) == 0) {
            at += json_wrapping_spaces(bytes + at, length - at);
            at += json_wrapping_word(bytes + at, length - at);
            break;
        }
    }
    if (at == 0 || (bytes[0] >= '0' && bytes[0] <= '9')) {
        return 0;
    }
    at += json_wrapping_spaces(bytes + at, length - at);
    return at + 1 < length && bytes[at] == '=' && bytes[at + 1] != '=' ? at + 1 : 0;
}

size_t json_wrapping(const char *bytes, size_t length, bool *assignment) {
    static const char *const guards[] = {")]}',", ")]}'", "while(1);", "for(;;);"};

    *assignment = false;
    for (size_t i = 0; i < sizeof guards / sizeof guards[0]; i++) {
        size_t guard = strlen(guards[i]);
        if (length >= guard && memcmp(bytes, guards[i], guard) == 0) {
            return guard;
        }
    }
    size_t at = json_wrapping_assignment(bytes, length < JSON_WRAPPING_MOST ? length : JSON_WRAPPING_MOST);
    *assignment = at > 0;
    return at;
}

/* The next byte from `*at` on that is no white space, moving `*at` to it; 0 where none is there. */
static unsigned char json_wrapping_next(const unsigned char *bytes, size_t length, size_t *at) {
    while (*at < length && text_is_blank((char)bytes[*at])) {
        ++*at;
    }
    return *at < length ? bytes[*at] : 0;
}

/* A list that begins with a list of objects, or with an empty one: the pages of an API, gathered. */
static void json_wrapping_pages(struct json *json) {
    int byte = json_peek(json);
    size_t at = 1;

    json_need(json, &json->at, JSON_WRAPPING_MOST);
    if (byte != '[' || json->stopped) {
        return;
    }
    const unsigned char *bytes = json->window.data + json->at;
    size_t there = json->window.end - json->at;
    if (json_wrapping_next(bytes, there, &at) != '[') {
        return;
    }
    at++;
    unsigned char inner = json_wrapping_next(bytes, there, &at);
    if (inner == '{' || inner == ']') {
        json->at++;
        json->pages = JSON_PAGES_LIST;
    }
}

void json_wrapping_begin(struct json *json) {
    json_need(json, &json->at, JSON_WRAPPING_MOST);
    if (!json->stopped) {
        json->at +=
            json_wrapping((const char *)json->window.data + json->at, json->window.end - json->at, &json->assignment);
        json_wrapping_pages(json);
    }
}

bool json_wrapping_page(struct json *json, int byte) {
    bool list = json->pages == JSON_PAGES_LIST;

    if (byte == JSON_INPUT_END) {
        json_cut_off(json);
    } else if (list && byte == '[') {
        json->pages = JSON_PAGES_MORE;
    } else if (!list && (byte == ',' || byte == ']')) {
        json->at++;
        json->pages = byte == ',' ? JSON_PAGES_LIST : JSON_PAGES_NONE;
        return true;
    } else {
        json_fail(json, json->at, JSON_PROBLEM_SYNTAX,
                  list ? "a list is missing, as the others in the list around them are" : "a ',' or ']' is missing");
    }
    return false;
}

bool json_wrapping_sequence(struct json *json) {
    size_t at = 1;

    json_need(json, &json->at, JSON_WRAPPING_MOST);
    const unsigned char *bytes = json->window.data + json->at;
    size_t there = json->window.end - json->at;
    there = there < JSON_WRAPPING_MOST ? there : JSON_WRAPPING_MOST;
    if (json->stopped || there < 3 || bytes[0] != 0x1B || bytes[1] != '[') {
        return false;
    }
    do { /* ECMA-48, 5.4: parameters and intermediate bytes, then a final one */
        at++;
    } while (at < there && bytes[at] >= 0x20 && bytes[at] <= 0x3F);
    if (at == there || bytes[at] < 0x40 || bytes[at] > 0x7E) {
        return false;
    }
    json->at += at + 1;
    return true;
}
