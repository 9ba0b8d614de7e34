#include "config/request_words.h"

#include "base/text.h"

#include <string.h>

const char *const request_column_names[] = {
    [REQUEST_ID] = "id",
    [REQUEST_CONTROL] = "control",
    [REQUEST_CRITERION] = "criterion",
    [REQUEST_DESCRIPTION] = "description",
    [REQUEST_SUBJECT] = "subject",
    [REQUEST_ASKS] = "asks",
    [REQUEST_DUE] = "due",
    [REQUEST_STATUS] = "status",
    [REQUEST_PRIORITY] = "priority",
    [REQUEST_OWNER] = "owner",
    [REQUEST_NOTE] = "note",
    [REQUEST_COLUMNS] = NULL,
};
const char *const request_asks_names[] = {[REQUEST_POPULATION] = "population",
                                          [REQUEST_SAMPLE] = "sample",
                                          [REQUEST_DOCUMENT] = "document",
                                          [REQUEST_ASKS_COUNT] = NULL};
const char *const request_status_names[] = {[REQUEST_OPEN] = "open",
                                            [REQUEST_PROVIDED] = "provided",
                                            [REQUEST_CLOSED] = "closed",
                                            [REQUEST_WITHDRAWN] = "withdrawn",
                                            [REQUEST_STATUS_COUNT] = NULL};
const char *const request_priority_names[] = {
    [REQUEST_HIGH] = "high", [REQUEST_MEDIUM] = "medium", [REQUEST_LOW] = "low", [REQUEST_PRIORITY_COUNT] = NULL};

#define NO_BREAK_SPACE "\xc2\xa0"

void request_words_plain(struct buffer *out, const char *text) {
    bool between = false;
    bool begun = false;

    for (const char *c = text; *c != '\0'; c++) {
        char letter = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
        bool blank = strncmp(c, NO_BREAK_SPACE, 2) == 0;
        bool word = (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '#' ||
                    ((unsigned char)letter >= 0x80 && !blank);
        if (!word) {
            between = true;
            c += blank;
            continue;
        }
        if (between && begun) {
            buffer_append_byte(out, ' ');
        }
        between = false;
        begun = true;
        buffer_append_byte(out, letter);
    }
}

size_t request_words_find(const struct text_list *lists, size_t count, const char *text, const char **near) {
    struct buffer wanted = {0};
    struct buffer word = {0};
    size_t found = count;

    request_words_plain(&wanted, text);
    const char *plain = buffer_text(&wanted);
    for (size_t list = 0; plain != NULL && *plain != '\0' && found == count && list < count; list++) {
        for (size_t i = 0; i < lists[list].count && found == count; i++) {
            buffer_clear(&word);
            request_words_plain(&word, lists[list].items[i]);
            const char *candidate = buffer_text(&word);
            found = candidate != NULL && strcmp(candidate, plain) == 0 ? list : count;
        }
    }
    if (near != NULL) {
        *near = NULL;
        for (size_t list = 0; plain != NULL && found == count && *near == NULL && list < count; list++) {
            *near = text_nearest(plain, lists[list].items, lists[list].count, sizeof *lists[list].items);
        }
    }
    buffer_free(&wanted);
    buffer_free(&word);
    return found;
}

static size_t word_length(const char *text) {
    return strcspn(text, " ");
}

/* Whether two words are the same but for the s of a plural. */
static bool same_word(const char *a, size_t a_length, const char *b, size_t b_length) {
    a_length -= a_length > 3 && a[a_length - 1] == 's';
    b_length -= b_length > 3 && b[b_length - 1] == 's';
    return a_length == b_length && memcmp(a, b, a_length) == 0;
}

static bool begins_with(const char *text, const char *phrase) {
    while (*phrase != '\0') {
        size_t text_length = word_length(text);
        size_t phrase_length = word_length(phrase);
        if (text_length == 0 || !same_word(text, text_length, phrase, phrase_length)) {
            return false;
        }
        text += text_length + (text[text_length] == ' ');
        phrase += phrase_length + (phrase[phrase_length] == ' ');
    }
    return true;
}

bool request_words_hold_plain(const char *plain_text, const char *plain_phrase) {
    const char *text = plain_text;

    if (*plain_phrase == '\0') {
        return false;
    }
    while (*text != '\0') {
        if (begins_with(text, plain_phrase)) {
            return true;
        }
        size_t length = word_length(text);
        text += length + (text[length] == ' ');
    }
    return false;
}

bool request_words_hold(const char *text, const char *phrase) {
    struct buffer plain_text = {0};
    struct buffer plain_phrase = {0};

    request_words_plain(&plain_text, text);
    request_words_plain(&plain_phrase, phrase);
    bool held = buffer_text(&plain_text) != NULL && buffer_text(&plain_phrase) != NULL &&
                request_words_hold_plain(buffer_text(&plain_text), buffer_text(&plain_phrase));
    buffer_free(&plain_text);
    buffer_free(&plain_phrase);
    return held;
}
