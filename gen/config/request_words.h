#ifndef CONFIG_REQUEST_WORDS_H
#define CONFIG_REQUEST_WORDS_H

#include "base/buffer.h"
#include "config/decode.h"

/*
 * What auditors call the columns and values of their lists of requests (schema/requests.yaml). Words are compared
 * without regard to case and to what stands between them: "Request #", "request  #" and "REQUEST_#" are the same.
 */

enum request_column {
    REQUEST_ID,
    REQUEST_CONTROL,
    REQUEST_CRITERION,
    REQUEST_DESCRIPTION,
    REQUEST_SUBJECT, /* which population or evidence */
    REQUEST_ASKS,    /* whether a population, a sample or a document is asked for */
    REQUEST_DUE,
    REQUEST_STATUS,
    REQUEST_PRIORITY,
    REQUEST_OWNER,
    REQUEST_NOTE,
    REQUEST_COLUMNS
};
extern const char *const request_column_names[]; /* NULL-terminated: "id", "control", ... */

enum request_asks { REQUEST_POPULATION, REQUEST_SAMPLE, REQUEST_DOCUMENT, REQUEST_ASKS_COUNT };
extern const char *const request_asks_names[]; /* NULL-terminated: "population", "sample", "document" */

enum request_status {
    REQUEST_OPEN,
    REQUEST_PROVIDED, /* management has handed something over; nobody has accepted it */
    REQUEST_CLOSED,   /* the auditor wants nothing more */
    REQUEST_WITHDRAWN,
    REQUEST_STATUS_COUNT
};
extern const char *const request_status_names[]; /* NULL-terminated: "open", "provided", "closed", "withdrawn" */

enum request_priority { REQUEST_HIGH, REQUEST_MEDIUM, REQUEST_LOW, REQUEST_PRIORITY_COUNT };
extern const char *const request_priority_names[]; /* NULL-terminated: "high", "medium", "low" */

struct request_words {
    bool given; /* the schema has them */
    struct text_list columns[REQUEST_COLUMNS];
    struct text_list either; /* headers of the id where no other column is it, and else of the description: "request" */
    struct text_list asks[REQUEST_ASKS_COUNT];
    struct text_list statuses[REQUEST_STATUS_COUNT];
    struct text_list priorities[REQUEST_PRIORITY_COUNT];
    struct text_list fillers; /* words that tell nothing: "the", "list" */
};

/*
 * Appends the words of a text: small letters (of ASCII), digits, '#' and everything beyond ASCII, with one space
 * between words and none around them.
 */
void request_words_plain(struct buffer *out, const char *text);
/*
 * Which of `count` lists has the text as a word, in any spelling; `count` when none has it. `*near` (may be NULL) then
 * is the word of the lists that comes nearest, or NULL.
 */
size_t request_words_find(const struct text_list *lists, size_t count, const char *text, const char **near);
/* Whether the words of `text` hold those of `phrase` one behind the other; a plural is the same word. */
bool request_words_hold(const char *text, const char *phrase);
/* The same for texts that request_words_plain has made already. */
bool request_words_hold_plain(const char *plain_text, const char *plain_phrase);

#endif
