#include "base/text.h"
#include "read/cedar_private.h"

#include <string.h>

const char *cedar_token_bytes(const struct cedar *cedar, uint64_t offset) {
    return (const char *)cedar->window.data + (offset - cedar->window.base);
}

int cedar_token_peek(struct cedar *cedar, uint64_t ahead) {
    while (cedar->at + ahead >= cedar->window.base + cedar->window.end) {
        size_t shift;
        enum window_result result = window_more(&cedar->window, (size_t)(cedar->start - cedar->window.base), &shift);
        cedar->failed = cedar->failed || result == WINDOW_FAILED;
        if (result != WINDOW_MORE) {
            return -1;
        }
    }
    return (unsigned char)*cedar_token_bytes(cedar, cedar->at + ahead);
}

void cedar_token_count(struct cedar *cedar, uint64_t offset) {
    uint64_t held = cedar->window.base + cedar->window.end;

    for (; cedar->counted < offset; cedar->counted++) {
        const char *byte = cedar_token_bytes(cedar, cedar->counted);
        if (*byte == '\n' || (*byte == '\r' && (cedar->counted + 1 >= held || byte[1] != '\n'))) {
            cedar->line++;
            cedar->column = 1;
        } else {
            cedar->column += ((unsigned char)*byte & 0xC0) != 0x80;
        }
    }
}

bool cedar_token_fail_at(struct cedar *cedar, enum cedar_problem problem, const char *error, uint64_t offset) {
    cedar->problem = problem;
    cedar->error = error;
    cedar_token_count(cedar, offset);
    cedar->error_line = cedar->line;
    cedar->error_column = cedar->column;
    cedar->token.kind = CEDAR_TOKEN_BAD;
    return false;
}

bool cedar_token_fail(struct cedar *cedar, enum cedar_problem problem, const char *error) {
    if (cedar->token.kind == CEDAR_TOKEN_BAD) {
        return false; /* said already */
    }
    if (cedar->token.kind == CEDAR_TOKEN_END) {
        return false; /* the input is truncated, which is what there is to say */
    }
    return cedar_token_fail_at(cedar, problem, error, cedar->token.from);
}

void cedar_token_blanks(struct cedar *cedar) {
    for (;;) {
        int byte = cedar_token_peek(cedar, 0);
        if (byte == ' ' || (byte >= '\t' && byte <= '\r')) {
            cedar->at++;
        } else if (byte == '/' && cedar_token_peek(cedar, 1) == '/') {
            while ((byte = cedar_token_peek(cedar, 0)) >= 0 && byte != '\n' && byte != '\r') {
                cedar->at++;
                if (cedar->at - cedar->start > LIMIT_RECORD_BYTES) {
                    return;
                }
            }
        } else {
            return;
        }
        if (cedar->at - cedar->start > LIMIT_RECORD_BYTES) {
            return;
        }
    }
}

static bool cedar_token_name_byte(int byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_';
}

static bool cedar_token_digit(int byte) {
    return byte >= '0' && byte <= '9';
}

/* Moves over a run of letters, digits and '_'. */
static void cedar_token_run(struct cedar *cedar) {
    int byte;

    while (cedar_token_name_byte(byte = cedar_token_peek(cedar, 0)) || cedar_token_digit(byte)) {
        cedar->at++;
        if (cedar->at - cedar->start > LIMIT_RECORD_BYTES) {
            return;
        }
    }
}

/* From an opening quote to behind the closing one. */
static bool cedar_token_quoted(struct cedar *cedar) {
    cedar->token.kind = CEDAR_TOKEN_STRING;
    cedar->at++;
    for (;;) {
        int byte = cedar_token_peek(cedar, 0);
        if (cedar->at - cedar->start > LIMIT_RECORD_BYTES) {
            return true; /* the caller says so */
        }
        if (byte < 0) {
            /* The quote may be one too many, and the policies behind it good ones. */
            cedar->at = cedar->token.from + 1;
            cedar->unclosed++;
            return cedar_token_fail_at(cedar, CEDAR_PROBLEM_SYNTAX, "a text has no closing quote", cedar->token.from);
        }
        cedar->at++;
        if (byte == '"') {
            return true;
        }
        if (byte == '\\' && cedar_token_peek(cedar, 0) >= 0) {
            cedar->at++;
        }
    }
}

static bool cedar_token_symbol(struct cedar *cedar, int byte) {
    static const char *const pairs[] = {"::", "==", "!=", "<=", ">=", "&&", "||"};
    int next = cedar_token_peek(cedar, 1);

    cedar->token.kind = CEDAR_TOKEN_SYMBOL;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        if (byte == pairs[i][0] && next == pairs[i][1]) {
            cedar->at += 2;
            return true;
        }
    }
    if (byte == '?') {
        cedar->token.kind = CEDAR_TOKEN_SLOT;
        cedar->at++;
        cedar_token_run(cedar);
        return true;
    }
    if (byte == 0 || strchr("(){}[],;:.@<>!+-*=", byte) == NULL) {
        return cedar_token_fail_at(cedar, CEDAR_PROBLEM_SYNTAX, "a character stands here that Cedar does not use",
                                   cedar->at);
    }
    cedar->at++;
    return true;
}

bool cedar_token_advance(struct cedar *cedar) {
    bool good = true;

    cedar->token_end = cedar->token.until;
    cedar_token_blanks(cedar);
    cedar->token = (struct cedar_token){.from = cedar->at};
    int byte = cedar_token_peek(cedar, 0);
    if (byte < 0) {
        cedar->token.kind = CEDAR_TOKEN_END;
        cedar->token.until = cedar->at;
        return true;
    }
    if (cedar_token_name_byte(byte)) {
        cedar->token.kind = CEDAR_TOKEN_NAME;
        cedar_token_run(cedar);
    } else if (cedar_token_digit(byte)) {
        cedar->token.kind = CEDAR_TOKEN_NUMBER;
        cedar_token_run(cedar);
    } else if (byte == '"') {
        good = cedar_token_quoted(cedar);
    } else {
        good = cedar_token_symbol(cedar, byte);
    }
    if (good && cedar->at - cedar->start > LIMIT_RECORD_BYTES) {
        return cedar_token_fail_at(cedar, CEDAR_PROBLEM_LENGTH, "a policy is longer than 16 MiB", cedar->start);
    }
    cedar->token.until = cedar->at;
    return good;
}

bool cedar_token_is(const struct cedar *cedar, const char *text) {
    size_t length = strlen(text);

    return (cedar->token.kind == CEDAR_TOKEN_SYMBOL || cedar->token.kind == CEDAR_TOKEN_NAME ||
            cedar->token.kind == CEDAR_TOKEN_SLOT) &&
           cedar->token.until - cedar->token.from == length &&
           memcmp(cedar_token_bytes(cedar, cedar->token.from), text, length) == 0;
}

bool cedar_token_expect(struct cedar *cedar, const char *text, const char *error) {
    return cedar_token_is(cedar, text) ? cedar_token_advance(cedar)
                                       : cedar_token_fail(cedar, CEDAR_PROBLEM_SYNTAX, error);
}

static int cedar_token_hex(char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* \x41 and \u{1F600}, from behind the letter; the bytes taken, or 0. */
static size_t cedar_token_code(const char *bytes, size_t length, bool braces, uint32_t *code) {
    size_t at = braces ? 1 : 0;
    size_t most = braces ? 7 : 2;

    *code = 0;
    if (braces && (length == 0 || bytes[0] != '{')) {
        return 0;
    }
    for (; at < length && at < most && cedar_token_hex(bytes[at]) >= 0; at++) {
        *code = *code * 16 + (uint32_t)cedar_token_hex(bytes[at]);
    }
    if (!braces) {
        return at == 2 && *code < 0x80 ? 2 : 0;
    }
    bool valid = *code <= 0x10FFFF && (*code < 0xD800 || *code > 0xDFFF);
    return at > 1 && at < length && bytes[at] == '}' && valid ? at + 1 : 0;
}

bool cedar_token_string(struct cedar *cedar, bool stars) {
    static const char letters[] = "nrt0\\'\"";
    static const char meant[] = "\n\r\t\0\\'\"";
    const char *bytes = cedar_token_bytes(cedar, cedar->token.from) + 1;
    size_t length = (size_t)(cedar->token.until - cedar->token.from) - 2;

    for (size_t i = 0; i < length; i++) {
        if (bytes[i] != '\\') {
            buffer_append_byte(&cedar->pool, bytes[i]);
            continue;
        }
        /* The closing quote is none that is escaped: a character follows. */
        const char *letter = strchr(letters, bytes[++i]);
        uint32_t code;
        size_t taken;
        if (bytes[i] != '\0' && letter != NULL) {
            buffer_append_byte(&cedar->pool, meant[letter - letters]);
        } else if (bytes[i] == '*' && stars) {
            buffer_append_byte(&cedar->pool, '*');
        } else if ((bytes[i] == 'x' || bytes[i] == 'u') &&
                   (taken = cedar_token_code(bytes + i + 1, length - i - 1, bytes[i] == 'u', &code)) > 0) {
            text_utf8_append(&cedar->pool, code);
            i += taken;
        } else {
            return cedar_token_fail_at(cedar, CEDAR_PROBLEM_SYNTAX, "a text has an escape that Cedar does not know",
                                       cedar->token.from + i);
        }
    }
    return true;
}
