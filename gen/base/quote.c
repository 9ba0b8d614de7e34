#include "base/quote.h"

#include "base/text.h"

#include <string.h>

#define QUOTE_MOST 60

const char *quote(char out[QUOTE_BYTES], const char *bytes, size_t length) {
    size_t at = 0;
    size_t written = 0;

    out[written++] = '"';
    while (at < length && at < QUOTE_MOST) {
        size_t from = at;
        uint32_t code_point = text_utf8_next(bytes, length, &at);
        if (code_point < ' ' || (code_point >= 0x7F && code_point < 0xA0) || code_point == 0xFFFD) {
            out[written++] = code_point == '\n' || code_point == '\t' || code_point == '\r' ? ' ' : '?';
        } else {
            memcpy(out + written, bytes + from, at - from);
            written += at - from;
        }
    }
    memcpy(out + written, at < length ? "...\"" : "\"", at < length ? 5 : 2);
    return out;
}
