#include "read/log_pairs.h"

static bool log_pairs_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n';
}

/* From an opening quote to behind the closing one; false when there is none. */
static bool log_pairs_quoted(struct log_pairs *pairs, struct log_pair *out) {
    char quote = pairs->text[pairs->at++];

    out->value = pairs->text + pairs->at;
    for (; pairs->at < pairs->length && pairs->text[pairs->at] != quote; pairs->at++) {
        if (pairs->text[pairs->at] == '\\' && pairs->at + 1 < pairs->length) {
            out->escaped = true;
            pairs->at++;
        }
    }
    out->value_length = (size_t)(pairs->text + pairs->at - out->value);
    return pairs->at++ < pairs->length;
}

static void log_pairs_bare(struct log_pairs *pairs, struct log_pair *out) {
    out->value = pairs->text + pairs->at;
    while (pairs->at < pairs->length && !log_pairs_blank(pairs->text[pairs->at])) {
        pairs->at++;
    }
    out->value_length = (size_t)(pairs->text + pairs->at - out->value);
    out->value_length -= out->value_length > 0 && out->value[out->value_length - 1] == ',';
}

enum log_pairs_event log_pairs_next(struct log_pairs *pairs, struct log_pair *out) {
    while (pairs->at < pairs->length) {
        *out = (struct log_pair){.key = pairs->text + pairs->at};
        if (log_pairs_blank(*out->key)) {
            pairs->at++;
            continue;
        }
        if (*out->key == '"') {
            if (!log_pairs_quoted(pairs, out)) {
                return LOG_PAIRS_UNCLOSED;
            }
            continue;
        }
        while (pairs->at < pairs->length && pairs->text[pairs->at] != '=' && !log_pairs_blank(pairs->text[pairs->at])) {
            pairs->at++;
        }
        out->key_length = (size_t)(pairs->text + pairs->at - out->key);
        if (pairs->at == pairs->length || pairs->text[pairs->at] != '=') {
            continue;
        }
        pairs->at++;
        bool quoted = pairs->at < pairs->length && (pairs->text[pairs->at] == '"' || pairs->text[pairs->at] == '\'');
        if (quoted && !log_pairs_quoted(pairs, out)) {
            return LOG_PAIRS_UNCLOSED;
        }
        if (!quoted) {
            log_pairs_bare(pairs, out);
        }
        if (out->key_length > 0) {
            return LOG_PAIRS_PAIR;
        }
    }
    return LOG_PAIRS_END;
}

void log_pairs_unescape(const struct log_pair *pair, struct buffer *out) {
    for (size_t i = 0; i < pair->value_length; i++) {
        char c = pair->value[i];
        if (c == '\\' && i + 1 < pair->value_length) {
            c = pair->value[++i];
            c = c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : c;
        }
        buffer_append_byte(out, c);
    }
}
