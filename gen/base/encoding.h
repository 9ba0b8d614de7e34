#ifndef BASE_ENCODING_H
#define BASE_ENCODING_H

#include "base/buffer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Encodings of text other than UTF-8 that an export may be in, by the names of the IANA registry (`encoding:`). */
struct encoding;

/* In any case; also "cp1252" and "latin1". NULL when there is none of that name. */
const struct encoding *encoding_find(const char *name);
const char *encoding_name(const struct encoding *encoding);
/* The one whose byte order mark stands there: UTF-16LE or UTF-16BE; NULL without one. */
const struct encoding *encoding_of_mark(const char *bytes, size_t length);
bool encoding_is_utf8(const struct encoding *encoding);

#define ENCODING_MALFORMED 0xFF /* stands for what is no character; it is never a part of UTF-8 */

/* Turns text into UTF-8, a character at a time. */
struct encoding_decoder {
    const struct encoding *encoding;
    uint16_t table[256]; /* of encodings with a byte a character; 0xFFFF: none */
};
/* False when the system's library lacks the encoding. */
bool encoding_decoder_open(struct encoding_decoder *decoder, const struct encoding *encoding);
/*
 * The bytes of the next character, and what it is in UTF-8 (or the one byte ENCODING_MALFORMED). 0 when it is not
 * whole; `last` says that nothing follows.
 */
size_t encoding_step(const struct encoding_decoder *decoder, const unsigned char *bytes, size_t length, bool last,
                     char out[4], size_t *out_length);
/* Appends all of a text, '?' for what is no character. */
void encoding_text(const struct encoding_decoder *decoder, const char *bytes, size_t length, struct buffer *out);

#endif
