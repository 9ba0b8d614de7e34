#include "write/pdf_opportunity.h"

#include "base/text.h"

#include <linebreak.h>
#include <stdlib.h>
#include <string.h>

#define IDENTIFIER_MOST 16 /* bytes of an identifier that is not cut */

/* Between two of these no line breaks (LB23, LB25 and LB28), unless spaces stand there. */
static bool is_alphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* What a word may end with so that the line may break after the spaces behind it, before a letter or a digit (LB18). */
static bool ends_word(char c) {
    return is_alphanumeric(c) || (c != '\0' && strchr(".,;:!?%)]}/-_", c) != NULL);
}

/*
 * The end of the stretch that begins at `from`: where a letter or a digit stands after spaces that the line may break
 * behind, or the end of the text. Nothing before such a place bears on what comes after it. `*plain` is whether the
 * stretch is one word of letters and digits.
 */
static size_t stretch_end(const char *text, size_t length, size_t from, bool *plain) {
    *plain = true;
    for (size_t at = from;;) {
        while (at < length && text[at] != ' ') {
            *plain = *plain && is_alphanumeric(text[at]);
            at++;
        }
        bool ended = at > from && ends_word(text[at - 1]);
        while (at < length && text[at] == ' ') {
            at++;
        }
        if (at == length || (ended && is_alphanumeric(text[at]))) {
            *plain = *plain && ended;
            return at;
        }
        *plain = false;
    }
}

/* Characters that libunibreak 1.1 stops the program at, and what stands for them: no line breaks at either. */
static const struct {
    const char *bytes; /* that they begin with */
    const char *instead;
} feared[] = {
    {"\xF0\x9F\x87", "\xF0\x9D\x90\x80"}, /* regional indicators, of which flags are made: U+1D400, a letter */
    {"\xEF\xBF\xBF", "\xEF\xBF\xBD"},     /* U+FFFF: U+FFFD */
};

/* Which of `feared` the text has at `at`, or their number. */
static size_t find_feared(const char *text, size_t length) {
    size_t i = 0;
    while (i < sizeof feared / sizeof feared[0] &&
           (length < strlen(feared[i].instead) || memcmp(text, feared[i].bytes, strlen(feared[i].bytes)) != 0)) {
        i++;
    }
    return i;
}

/* The text as libunibreak may see it: itself, or a copy in `*copy`, which the caller frees. NULL when memory is out. */
static const char *without_feared(const char *text, size_t length, char **copy) {
    const size_t none = sizeof feared / sizeof feared[0];
    for (size_t at = 0; at < length; at++) {
        size_t found = (unsigned char)text[at] < 0xEF ? none : find_feared(text + at, length - at);
        if (found == none) {
            continue;
        }
        if (*copy == NULL) {
            *copy = malloc(length);
            if (*copy == NULL) {
                return NULL;
            }
            memcpy(*copy, text, length);
        }
        memcpy(*copy + at, feared[found].instead, strlen(feared[found].instead));
    }
    return *copy != NULL ? *copy : text;
}

static bool ask_library(const char *text, size_t length, char *breaks) {
    char *copy = NULL;
    const char *safe = without_feared(text, length, &copy);
    if (safe != NULL) {
        set_linebreaks_utf8((const utf8_t *)safe, length, "en", breaks);
    }
    free(copy);
    return safe != NULL;
}

bool pdf_opportunity_find(const char *text, size_t length, char *breaks) {
    for (size_t from = 0; from < length;) {
        bool plain = false;
        size_t end = stretch_end(text, length, from, &plain);
        if (plain) {
            memset(breaks + from, LINEBREAK_NOBREAK, end - from);
        } else if (!ask_library(text + from, end - from, breaks + from)) {
            return false;
        }
        breaks[end - 1] = LINEBREAK_ALLOWBREAK;
        from = end;
    }
    return true;
}

void pdf_opportunity_keep(const char *text, size_t length, char *breaks) {
    for (size_t from = 0; from < length;) {
        bool digit = false;
        size_t end = from;
        for (; end < length && (is_alphanumeric(text[end]) || text[end] == '-' || text[end] == '.'); end++) {
            digit = digit || text_is_digit(text[end]);
        }
        if (digit && end - from <= IDENTIFIER_MOST) {
            memset(breaks + from, LINEBREAK_NOBREAK, end - from - 1);
        }
        if (end > from && text_is_digit(text[end - 1]) && length - end >= 2 && text[end] == ' ' &&
            text[end + 1] == '%') {
            breaks[end] = LINEBREAK_NOBREAK;
        }
        from = end > from ? end : end + 1;
    }
}

static bool is_letter(char c) {
    return is_alphanumeric(c) && !text_is_digit(c);
}

void pdf_opportunity_list(const char *text, size_t length, char *breaks) {
    for (size_t at = 1; at + 1 < length; at++) {
        if (text[at] == ',' && is_letter(text[at - 1]) && is_letter(text[at + 1])) {
            breaks[at] = LINEBREAK_ALLOWBREAK;
        }
    }
}
