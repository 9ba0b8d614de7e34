#include "read/infer_private.h"

#include <string.h>

static bool infer_words_lower(char c) {
    return c >= 'a' && c <= 'z';
}

static bool infer_words_upper(char c) {
    return c >= 'A' && c <= 'Z';
}

static bool infer_words_part(char c) {
    return infer_words_lower(c) || infer_words_upper(c) || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

/* Whether a word begins at text[at], inside a run of letters: userName, MFAStatus. */
static bool infer_words_begin(const char *text, size_t length, size_t at) {
    return infer_words_upper(text[at]) &&
           (infer_words_lower(text[at - 1]) ||
            (infer_words_upper(text[at - 1]) && at + 1 < length && infer_words_lower(text[at + 1])));
}

void infer_words(const char *text, size_t length, char out[INFER_NAME_BYTES]) {
    size_t written = 0;
    bool gap = false;

    for (size_t i = 0; i < length && written + 2 < INFER_NAME_BYTES; i++) {
        if (!infer_words_part(text[i])) {
            gap = true;
            continue;
        }
        if (written > 0 && (gap || infer_words_begin(text, length, i))) {
            out[written++] = ' ';
        }
        gap = false;
        out[written++] = infer_words_upper(text[i]) ? (char)(text[i] - 'A' + 'a') : text[i];
    }
    out[written] = '\0';
}

/* The word at *at, and moves past it and the blank behind it. */
static const char *infer_words_next(const char **at, size_t *length) {
    const char *word = *at;

    *length = strcspn(word, " ");
    *at = word + *length + (word[*length] == ' ');
    return word;
}

void infer_words_without(const char *words, const struct text_list *fillers, char out[INFER_NAME_BYTES]) {
    size_t written = 0;
    size_t length;

    for (const char *at = words; *at != '\0';) {
        const char *word = infer_words_next(&at, &length);
        bool filler = false;
        for (size_t i = 0; i < fillers->count && !filler; i++) {
            filler = strlen(fillers->items[i]) == length && memcmp(fillers->items[i], word, length) == 0;
        }
        if (filler) {
            continue;
        }
        if (written > 0) {
            out[written++] = ' ';
        }
        memcpy(out + written, word, length);
        written += length;
    }
    out[written] = '\0';
    if (written == 0) {
        strcpy(out, words);
    }
}

bool infer_words_hold(const char *words, const char *run) {
    size_t length = strlen(run);

    for (const char *at = words; length > 0 && (at = strstr(at, run)) != NULL; at++) {
        if ((at == words || at[-1] == ' ') && (at[length] == '\0' || at[length] == ' ')) {
            return true;
        }
    }
    return false;
}

bool infer_words_trim(const char *words, const char *run, char out[INFER_NAME_BYTES]) {
    size_t length = strlen(run);
    size_t whole = strlen(words);

    if (length == 0 || whole <= length + 1) {
        return false;
    }
    if (strncmp(words, run, length) == 0 && words[length] == ' ') {
        strcpy(out, words + length + 1);
        return true;
    }
    if (strcmp(words + whole - length, run) == 0 && words[whole - length - 1] == ' ') {
        memcpy(out, words, whole - length - 1);
        out[whole - length - 1] = '\0';
        return true;
    }
    return false;
}

bool infer_words_listed(const struct text_list *list, const char *words) {
    char other[INFER_NAME_BYTES];

    for (size_t i = 0; i < list->count; i++) {
        infer_words(list->items[i], strlen(list->items[i]), other);
        if (strcmp(other, words) == 0) {
            return true;
        }
    }
    return false;
}
