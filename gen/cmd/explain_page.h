#ifndef CMD_EXPLAIN_PAGE_H
#define CMD_EXPLAIN_PAGE_H

#include "base/buffer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What `explain` prints, as text that a person reads in 100 columns or as one JSON object: the same calls make either.
 * Text that comes from evidence does nothing to a terminal.
 */

#define EXPLAIN_PAGE_WIDTH 100
#define EXPLAIN_PAGE_DEPTH 12

struct explain_page {
    struct buffer *out;
    bool json;
    size_t depth;                         /* of sections */
    size_t inset[EXPLAIN_PAGE_DEPTH + 1]; /* text: blanks before each line at this depth */
    bool list[EXPLAIN_PAGE_DEPTH + 1];    /* JSON: an array is open at this depth, not an object */
    bool follows[EXPLAIN_PAGE_DEPTH + 1]; /* JSON: a member stands before the next one */
};

void explain_page_begin(struct explain_page *page, struct buffer *out, bool json);
void explain_page_end(struct explain_page *page);

/*
 * A section with a heading of its own (text), an object or an array of objects (JSON). Without a heading, NULL, its
 * lines stand where those before them do.
 */
void explain_page_open(struct explain_page *page, const char *key, const char *heading, bool list);
void explain_page_close(struct explain_page *page);
/* One object of a list; in text its first line, which may be NULL. */
void explain_page_item(struct explain_page *page, const char *line);
void explain_page_item_end(struct explain_page *page);

/*
 * A value under its key; in text the key is the label, in words, and a long value goes on below itself. A text of
 * several lines stands as a block of its own, and is not broken. NULL: null in JSON, nothing in text.
 */
void explain_page_text(struct explain_page *page, const char *key, const char *value);
void explain_page_integer(struct explain_page *page, const char *key, int64_t value);
void explain_page_real(struct explain_page *page, const char *key, double value);
/* A sentence; text only. */
void explain_page_say(struct explain_page *page, const char *text);
/* Members of JSON that text does not show. */
void explain_page_silent(struct explain_page *page, const char *key, const char *value);

#endif
