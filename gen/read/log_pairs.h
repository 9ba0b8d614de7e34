#ifndef READ_LOG_PAIRS_H
#define READ_LOG_PAIRS_H

#include "base/buffer.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * The key=value pairs of a line. A value is bare, up to the next blank and without a comma at its end, or stands in
 * " or ', where a backslash takes the next character as it is (\n, \r and \t as what they name). Other words, and texts
 * in ", are passed over.
 */
struct log_pairs {
    const char *text;
    size_t length;
    size_t at; /* 0 at first */
};
struct log_pair {
    const char *key;
    size_t key_length;
    const char *value; /* as written, between its quotes */
    size_t value_length;
    bool escaped; /* it holds a backslash that log_pairs_unescape takes out */
};

enum log_pairs_event { LOG_PAIRS_PAIR, LOG_PAIRS_END, LOG_PAIRS_UNCLOSED /* a quote has no end */ };

enum log_pairs_event log_pairs_next(struct log_pairs *pairs, struct log_pair *out);
/* Appends a value without its backslashes. */
void log_pairs_unescape(const struct log_pair *pair, struct buffer *out);

#endif
